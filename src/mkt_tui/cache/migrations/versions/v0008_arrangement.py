"""How agents arrange their queue: their columns, and orders with an index each."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FILTERED = ["channel_id", "assignee", "sort_at"]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "preference",
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "name"),
    )
    op.create_index(
        "ticket_registered_queue", "ticket", ["state", "registered_at", "id", *_FILTERED]
    )
    op.create_index("ticket_changed_queue", "ticket", ["state", "updated_at", "id", *_FILTERED])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ticket_changed_queue", "ticket")
    op.drop_index("ticket_registered_queue", "ticket")
    op.drop_table("preference")
