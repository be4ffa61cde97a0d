"""Vouchers: what they hold for orders, and what they have paid."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_amount")),
        sa.CheckConstraint("balance BETWEEN 0 AND amount", name=op.f("ck_voucher_balance")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_voucher_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_voucher_code_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "voucher_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_move_voucher_id")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_voucher_move_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_move")),
    )
    op.create_index(op.f("ix_voucher_move_voucher_id"), "voucher_move", ["voucher_id"])
    op.create_index(op.f("ix_voucher_move_order_id"), "voucher_move", ["order_id"])
    op.create_table(
        "voucher_hold",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_hold_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_voucher_hold_order_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_hold_voucher_id")),
        sa.PrimaryKeyConstraint("order_id", "voucher_id", name=op.f("pk_voucher_hold")),
    )
    with op.batch_alter_table("order") as batch:
        batch.add_column(sa.Column("held", sa.Integer(), server_default="0", nullable=False))
        batch.create_check_constraint(op.f("ck_order_held"), "held >= 0")
    with op.batch_alter_table("payment") as batch:
        batch.add_column(sa.Column("voucher_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_payment_voucher_id"), "voucher", ["voucher_id"], ["id"])
        batch.create_check_constraint(op.f("ck_payment_voucher"), "(kind = 'voucher') = (voucher_id IS NOT NULL)")
    with op.batch_alter_table("refund") as batch:
        batch.drop_constraint(op.f("ck_refund_how"), type_="check")
        batch.create_check_constraint(
            op.f("ck_refund_how"), "how IN ('cash', 'card_terminal', 'card', 'voucher', 'credit')"
        )


def downgrade() -> None:
    """An older shop has no word for what vouchers have paid: where they have, nothing is touched."""
    paid = "SELECT 1 FROM payment WHERE voucher_id IS NOT NULL UNION ALL SELECT 1 FROM refund WHERE how = 'voucher'"
    if op.get_bind().execute(sa.text(paid)).first():
        raise RuntimeError("Vouchers have paid for orders: this database cannot go back before them.")
    with op.batch_alter_table("refund") as batch:
        batch.drop_constraint(op.f("ck_refund_how"), type_="check")
        batch.create_check_constraint(op.f("ck_refund_how"), "how IN ('cash', 'card_terminal', 'card', 'credit')")
    with op.batch_alter_table("payment") as batch:
        batch.drop_constraint(op.f("ck_payment_voucher"), type_="check")
        batch.drop_constraint(op.f("fk_payment_voucher_id"), type_="foreignkey")
        batch.drop_column("voucher_id")
    with op.batch_alter_table("order") as batch:
        batch.drop_constraint(op.f("ck_order_held"), type_="check")
        batch.drop_column("held")
    op.drop_table("voucher_hold")
    op.drop_table("voucher_move")
    op.drop_table("voucher")
