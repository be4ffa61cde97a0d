"""Arrivals, refunds, credit, papers, the look through the books; rules and moved pick-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RULES = {
    "weekday": "weekday BETWEEN 0 AND 6",
    "times": "from_minute >= 0 AND from_minute < to_minute AND to_minute < 1440",
    "cutoff": "cutoff_days_before BETWEEN 0 AND 7 AND cutoff_minute BETWEEN 0 AND 1439",
    "capacity": "capacity BETWEEN 1 AND 60",
}


def upgrade() -> None:
    op.create_table(
        "books_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_check")),
    )
    with op.batch_alter_table("books_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_books_check_at"), ["at"], unique=False)

    op.create_table(
        "container",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("tare_grams", sa.Integer(), nullable=False),
        sa.CheckConstraint("tare_grams BETWEEN 1 AND 20000", name=op.f("ck_container_tare")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container")),
        sa.UniqueConstraint("name", name=op.f("uq_container_name")),
    )
    op.create_table(
        "credit",
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_credit_not_below_zero")),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_credit")),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("pickup_id", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("arrived >= 0", name=op.f("ck_arrival_arrived")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_arrival_by_id")),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickup.id"], name=op.f("fk_arrival_pickup_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_arrival_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("product_id", "pickup_id", name=op.f("uq_arrival_product_id_pickup_id")),
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arrival_pickup_id"), ["pickup_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pickup_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('harvest', 'crates', 'round', 'labels')", name=op.f("ck_paper_kind")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_paper_asked_by_id")),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickup.id"], name=op.f("fk_paper_pickup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index("ix_paper_pickup", ["pickup_id", "kind"], unique=False)

    op.create_table(
        "credit_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["holder"], ["credit.holder"], name=op.f("fk_credit_move_holder")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_credit_move_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_move")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_credit_move_payment_id")),
    )
    with op.batch_alter_table("credit_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_move_holder"), ["holder"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("counters_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("how IN ('cash', 'card_terminal', 'card', 'credit')", name=op.f("ck_refund_how")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_refund_amount")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_refund_by_id")),
        sa.ForeignKeyConstraint(["counters_id"], ["refund.id"], name=op.f("fk_refund_counters_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_refund_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_refund_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("counters_id", name=op.f("uq_refund_counters_id")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("shortfall", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shortfall_pickup_id"))

    op.drop_table("shortfall")
    with op.batch_alter_table("distance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_distance_confirmed_by_id"), "person", ["confirmed_by_id"], ["id"])

    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("discount_percent", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reminded_for", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_order_crates"), "crates BETWEEN 1 AND 5")
        batch_op.create_check_constraint(batch_op.f("ck_order_discount"), "discount_percent BETWEEN 0 AND 50")

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tare_grams", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_order_line_substitutes_id"), ["substitutes_id"])

    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_why", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f("uq_pickup_rule_id_day"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_pickup_rule_id_planned_day"), ["rule_id", "planned_day"])

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("processed_at_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("container_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_product_processed_at_id"), "field", ["processed_at_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_product_container_id"), "container", ["container_id"], ["id"])

    with op.batch_alter_table("pickup_rule", schema=None) as batch_op:
        for name, rule in RULES.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_pickup_rule_{name}"), rule)


def downgrade() -> None:
    with op.batch_alter_table("pickup_rule", schema=None) as batch_op:
        for name in RULES:
            batch_op.drop_constraint(batch_op.f(f"ck_pickup_rule_{name}"), type_="check")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_product_container_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_product_processed_at_id"), type_="foreignkey")
        batch_op.drop_column("container_id")
        batch_op.drop_column("processed_at_id")

    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_pickup_rule_id_planned_day"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_pickup_rule_id_day"), ["rule_id", "day"])
        batch_op.drop_column("cancelled_why")
        batch_op.drop_column("moved_at")
        batch_op.drop_column("planned_day")

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_order_line_substitutes_id"), type_="unique")
        batch_op.drop_column("tare_grams")

    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_order_crates"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_order_discount"), type_="check")
        batch_op.drop_column("version")
        batch_op.drop_column("reminded_for")
        batch_op.drop_column("discount_percent")

    with op.batch_alter_table("distance", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_distance_confirmed_by_id"), type_="foreignkey")
        batch_op.drop_column("confirmed_by_id")

    op.create_table(
        "shortfall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("pickup_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickup.id"], name=op.f("fk_shortfall_pickup_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_shortfall_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortfall")),
        sa.UniqueConstraint("product_id", "pickup_id", name=op.f("uq_shortfall_product_id_pickup_id")),
    )
    with op.batch_alter_table("shortfall", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shortfall_pickup_id"), ["pickup_id"], unique=False)

    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_order_id"))
        batch_op.drop_index(batch_op.f("ix_refund_at"))

    op.drop_table("refund")
    with op.batch_alter_table("credit_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_move_holder"))

    op.drop_table("credit_move")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_pickup")

    op.drop_table("paper")
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrival_pickup_id"))

    op.drop_table("arrival")
    op.drop_table("credit")
    op.drop_table("container")
    with op.batch_alter_table("books_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_books_check_at"))

    op.drop_table("books_check")
