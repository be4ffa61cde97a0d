"""The desk: cash boxes, asking to come in, proposals, a guide for each task, a tutor's voice, shelves, practice."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_drawer_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawer")),
        sa.UniqueConstraint("place_id", "practice", name=op.f("uq_drawer_place_id_practice")),
    )
    op.create_table(
        "drawer_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("drawer_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("why IN ('counted', 'paid', 'undone')", name=op.f("ck_drawer_move_why")),
        sa.ForeignKeyConstraint(["drawer_id"], ["drawer.id"], name=op.f("fk_drawer_move_drawer_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_drawer_move_payment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_drawer_move_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawer_move")),
    )
    with op.batch_alter_table("drawer_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drawer_move_drawer_id"), ["drawer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drawer_move_payment_id"), ["payment_id"], unique=False)
    op.create_table(
        "entry_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_request_person_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_entry_request_device_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_entry_request_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_request")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('open', 'yes', 'no', 'taken_back')", name=op.f("ck_proposal_answer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_proposal_device_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_proposal_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "support_setting",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 2", name=op.f("ck_support_setting_level")),
        sa.CheckConstraint("task IN ('harvest', 'prepare', 'hand_over')", name=op.f("ck_support_setting_task")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_support_setting_person_id")),
        sa.PrimaryKeyConstraint("person_id", "task", name=op.f("pk_support_setting")),
    )
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_recording_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("words", name=op.f("uq_recording_words")),
    )
    for table, column in (
        ("entry_request", "person_id"),
        ("entry_request", "device_id"),
        ("proposal", "answer"),
        ("proposal", "person_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.add_column("person", sa.Column("large_pictures", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("device", sa.Column("scale", sa.String(), nullable=False, server_default=""))
    op.add_column("product", sa.Column("shelf_place", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("practice_for_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_pickup_practice_for_id"), "person", ["practice_for_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_pickup_practice_for_id"), ["practice_for_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pickup_practice_for_id"))
        batch_op.drop_constraint(batch_op.f("fk_pickup_practice_for_id"), type_="foreignkey")
        batch_op.drop_column("practice_for_id")
    for table, column in (("product", "shelf_place"), ("device", "scale"), ("person", "large_pictures")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    for table in ("recording", "support_setting", "proposal", "entry_request"):
        op.drop_table(table)
    op.drop_table("drawer_move")
    op.drop_table("drawer")
