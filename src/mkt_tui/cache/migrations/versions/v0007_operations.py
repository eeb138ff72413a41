"""Operations of every kind: about a ticket or an order, with whatever their kind needs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("operation") as batch_op:
        batch_op.alter_column("ticket_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("audience", existing_type=sa.String(), nullable=True)
        batch_op.alter_column("text", existing_type=sa.String(), nullable=True)
        batch_op.add_column(sa.Column("order_number", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("payload", sa.String(), nullable=False, server_default="{}"))
        batch_op.drop_index("operation_due")
        batch_op.create_index(
            "operation_due", ["state", "channel_id", "queued_at", "id"], unique=False
        )
        batch_op.create_index("operation_order", ["channel_id", "order_number"], unique=False)


def downgrade() -> None:
    """Take back; operations without a ticket have no place in the older table."""
    op.execute("DELETE FROM operation WHERE ticket_id IS NULL OR text IS NULL")
    with op.batch_alter_table("operation") as batch_op:
        batch_op.drop_index("operation_order")
        batch_op.drop_index("operation_due")
        batch_op.create_index("operation_due", ["state", "next_try_at"], unique=False)
        batch_op.drop_column("payload")
        batch_op.drop_column("order_number")
        batch_op.alter_column("text", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("audience", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("ticket_id", existing_type=sa.Integer(), nullable=False)
