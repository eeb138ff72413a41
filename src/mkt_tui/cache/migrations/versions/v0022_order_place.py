"""An index holds the channel and the number of an order beside its id."""

from collections.abc import Sequence

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_index("order_place", "sales_order", ["id", "channel_id", "number"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("order_place", "sales_order")
