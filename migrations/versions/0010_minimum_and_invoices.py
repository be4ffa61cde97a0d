"""The smallest order that a place takes, and who asks for an invoice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minimum", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "invoice_request",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tax_code", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("recipient_code", sa.String(), nullable=False),
        sa.Column("pec", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_invoice_request_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_invoice_request")),
    )


def downgrade() -> None:
    op.drop_table("invoice_request")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_column("minimum")
