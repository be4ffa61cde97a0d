"""Names of places in English; numbers that are given once: the last crate of a pick-up, the ids of lines on SQLite."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place_name_en", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("crates_given", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_pickup_crates_given"), "crates_given BETWEEN 0 AND 60")
    _give_numbers()
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("order_line", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def _give_numbers() -> None:
    """The highest number of each pick-up: of its orders, and of those that the journal knows to have moved away."""
    order = sa.table("order", sa.column("crate", sa.Integer), sa.column("pickup_id", sa.Integer))
    entry = sa.table("journal", sa.column("action", sa.String), sa.column("data", sa.JSON))
    pickup = sa.table("pickup", sa.column("id", sa.Integer), sa.column("crates_given", sa.Integer))
    bind, highest = op.get_bind(), Counter[int]()
    for crate, pickup_id in bind.execute(sa.select(order.c.crate, order.c.pickup_id).where(order.c.crate.is_not(None))):
        highest[pickup_id] = max(highest[pickup_id], crate)
    for (data,) in bind.execute(sa.select(entry.c.data).where(entry.c.action == "order.changed")):
        before = data.get("before") or {}
        if before.get("crate"):
            highest[before["pickup"]] = max(highest[before["pickup"]], before["crate"])
    for pickup_id, crate in sorted(highest.items()):
        op.execute(sa.update(pickup).where(pickup.c.id == pickup_id).values(crates_given=crate))


def downgrade() -> None:
    """Lines keep ids that are given once: that does no harm."""
    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_pickup_crates_given"), type_="check")
        batch_op.drop_column("crates_given")
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.drop_column("place_name_en")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_column("name_en")
