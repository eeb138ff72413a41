"""Returns have ids, and the numbers that they are found by have columns of their own."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBERS = sa.text(
    "UPDATE order_return SET id = :id, rma = :rma, tracking = :tracking"
    " WHERE channel_id = :channel_id AND code = :code"
)


def upgrade() -> None:
    """Apply."""
    op.add_column("order_return", sa.Column("id", sa.Integer(), nullable=True))
    op.add_column("order_return", sa.Column("rma", sa.String(), nullable=True))
    op.add_column("order_return", sa.Column("tracking", sa.String(), nullable=True))
    found = op.get_bind().execute(
        sa.text("SELECT channel_id, code, details FROM order_return ORDER BY channel_id, code")
    )
    for number, (channel_id, code, details) in enumerate(found.fetchall(), 1):
        told = json.loads(details)
        values = {"id": number, "rma": told.get("rma"), "tracking": told.get("tracking")}
        op.get_bind().execute(_NUMBERS, values | {"channel_id": channel_id, "code": code})
    op.create_index("order_return_id", "order_return", ["id"], unique=True)


def downgrade() -> None:
    """Take back."""
    op.drop_index("order_return_id", "order_return")
    for column in ("tracking", "rma", "id"):
        op.drop_column("order_return", column)
