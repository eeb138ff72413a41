"""Orders in a list, the changes of their status, and their parcels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TOUCHED = sa.text("touched_at IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.add_column("sales_order", sa.Column("touched", sa.String(), nullable=True))
    op.add_column("sales_order", sa.Column("touched_at", sa.BigInteger(), nullable=True))
    op.add_column("sales_order", sa.Column("touched_by", sa.String(), nullable=True))
    op.create_index("order_created", "sales_order", ["created_at", "id"])
    op.create_index("order_channel_created", "sales_order", ["channel_id", "created_at", "id"])
    op.create_index("order_status_created", "sales_order", ["status", "created_at", "id"])
    op.create_index(
        "order_touched",
        "sales_order",
        ["created_at", "id"],
        sqlite_where=_TOUCHED,
        postgresql_where=_TOUCHED,
    )
    op.create_index("audit_order", "audit", ["order_number"])
    op.create_table(
        "order_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("order_status_order", "order_status", ["channel_id", "number"])
    op.create_table(
        "parcel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("first_number", sa.String(), nullable=True),
        sa.Column("corrected_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("events", sa.String(), nullable=False),
        sa.Column("promised_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("next_look_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("parcel_order", "parcel", ["channel_id", "order_number"])
    op.create_index("parcel_number", "parcel", ["number"])
    op.create_index("parcel_first_number", "parcel", ["first_number"])
    op.create_index("parcel_due", "parcel", ["channel_id", "next_look_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("parcel")
    op.drop_table("order_status")
    op.drop_index("audit_order", "audit")
    for name in ("order_touched", "order_status_created", "order_channel_created", "order_created"):
        op.drop_index(name, "sales_order")
    for column in ("touched_by", "touched_at", "touched"):
        op.drop_column("sales_order", column)
