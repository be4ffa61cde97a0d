"""Other names, a recipe idea, when a product comes back; what the law wants told of packs, mixed boxes and short chains."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = (
    "other_names",
    "recipe",
    "recipe_en",
    "contents",
    "contents_en",
    "variety",
    "caliber",
    "ingredients_en",
    "storage_en",
)


def upgrade() -> None:
    for name in WORDS:
        op.add_column("product", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("product", sa.Column("prepacked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("product", sa.Column("drained", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("resellers", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("back_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        for name in ("back_on", "resellers", "drained", "prepacked", *reversed(WORDS)):
            batch_op.drop_column(name)
