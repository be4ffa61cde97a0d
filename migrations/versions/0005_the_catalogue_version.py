"""The catalogue's version: what a kept page is checked against."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    catalogue = op.create_table(
        "catalogue",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("about", name=op.f("pk_catalogue")),
    )
    parts = ("goods", "stock", "pickups", "house")
    op.bulk_insert(catalogue, [{"about": part, "version": secrets.token_hex(8)} for part in parts])


def downgrade() -> None:
    op.drop_table("catalogue")
