"""What channels offer with the pieces they have, and how often a missing order was asked for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "order_notice", sa.Column("tries", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("order_notice", sa.Column("last_try_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "stock",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel_id", "sku"),
    )
    op.create_index("stock_sku", "stock", ["sku"])
    op.create_index("stock_left", "stock", ["channel_id", "quantity"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("stock")
    for name in ("last_try_at", "tries"):
        op.drop_column("order_notice", name)
