"""Who waits for a place at a pick-up; thanks to those who prepared a crate."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pickup_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickup.id"], name=op.f("fk_waiting_pickup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("pickup_id", "email", name=op.f("uq_waiting_pickup_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_waiting_token_hash")),
    )
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("let_through", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (let_through IS NULL)", name=op.f("ck_thanks_decided")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_thanks_order_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_thanks_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("order_id", name=op.f("uq_thanks_order_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "thanks_read",
        sa.Column("thanks_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["thanks_id"], ["thanks.id"], name=op.f("fk_thanks_read_thanks_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_thanks_read_person_id")),
        sa.PrimaryKeyConstraint("thanks_id", "person_id", name=op.f("pk_thanks_read")),
    )


def downgrade() -> None:
    op.drop_table("thanks_read")
    op.drop_table("thanks")
    op.drop_table("waiting")
