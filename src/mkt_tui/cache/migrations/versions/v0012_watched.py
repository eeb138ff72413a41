"""What each order is watched for, and the indexes by which the monitor of the present counts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEXES = (
    ("order_to_ship", ["ship_by", "channel_id", "number", "watched"], "watched = 'ship'"),
    (
        "order_in_transit",
        ["promised_at", "channel_id", "number", "shipped_at", "moved_at", "watched"],
        "watched = 'transit'",
    ),
    ("order_technical", ["watched", "channel_id"], "watched NOT IN ('ship', 'transit')"),
    ("order_approved", ["approved_at"], "watched IS NOT NULL"),
    ("order_shipped", ["shipped_at"], "watched IS NOT NULL"),
)
_FOREVER = 2**62
_GRACE = 30 * 60 * 1000
# A boolean in a new PostgreSQL database, a number in one that an older version has adapted.
_FLAG = "CAST(l.diverged AS INTEGER)"
_COPIES = "erp_order e WHERE e.channel_id = o.channel_id AND e.number = o.number"
_DIVERGED = (
    "EXISTS (SELECT 1 FROM order_link l WHERE l.channel_id = o.channel_id"
    f" AND l.number = o.number AND {_FLAG} = 1)"
)
_READ_AT = "(SELECT r.read_at FROM erp_read r WHERE r.channel_id = o.channel_id)"
_SYSTEM = "(SELECT r.system FROM erp_read r WHERE r.channel_id = o.channel_id)"
_THEN = (
    "CASE WHEN o.status IN ('cancelled', 'refused') THEN 'gone'"
    f" WHEN o.approved_at IS NULL OR o.approved_at > {_READ_AT} THEN 'waiting'"
    f" WHEN o.delivered_at <= {_READ_AT} THEN 'delivered'"
    f" WHEN o.shipped_at <= {_READ_AT} THEN 'shipped' ELSE 'to_ship' END"
)
_CONTRADICTED = (
    f"{_READ_AT} IS NOT NULL AND EXISTS (SELECT 1 FROM {_COPIES} AND e.stage <> 'other'"
    f" AND e.stage <> {_THEN} AND NOT (e.stage = 'shipped' AND {_THEN} = 'delivered')"
    " AND NOT EXISTS (SELECT 1 FROM order_link l WHERE l.channel_id = o.channel_id"
    f" AND l.number = o.number AND {_FLAG} = 0 AND l.erp_id = e.erp_id"
    f" AND l.erp_stage = e.stage AND l.stage = {_THEN}))"
)
_OPEN = (
    "UPDATE sales_order SET watched = CASE WHEN shipped_at IS NULL THEN 'ship' ELSE 'transit' END"
    f" WHERE open_until = {_FOREVER}"
)
_LINKED = f"""
UPDATE sales_order AS o SET watched = CASE
    WHEN o.open_until = {_FOREVER} AND {_SYSTEM} = 'magento'
        AND (SELECT COUNT(*) FROM {_COPIES}) > 1 THEN 'erp_duplicates'
    WHEN {_CONTRADICTED} THEN 'desynchronised'
    WHEN o.open_until = {_FOREVER} AND o.approved_at + {_GRACE} <= {_READ_AT}
        AND NOT EXISTS (SELECT 1 FROM {_COPIES}) THEN 'not_transmitted'
    WHEN {_DIVERGED} THEN 'desynchronised'
    ELSE o.watched END
WHERE o.channel_id IN (SELECT channel_id FROM erp_read UNION SELECT channel_id FROM order_link)
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("sales_order", sa.Column("watched", sa.String(), nullable=True))
    op.execute(_OPEN)
    op.execute(_LINKED)
    for name, columns, rows in _INDEXES:
        where = sa.text(rows)
        op.create_index(name, "sales_order", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take back."""
    for name, _columns, _rows in _INDEXES:
        op.drop_index(name, "sales_order")
    op.drop_column("sales_order", "watched")
