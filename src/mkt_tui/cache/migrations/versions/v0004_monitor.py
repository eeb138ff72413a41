"""What the order monitor asks for: instants of orders, notices, care, the ERP's copies and links."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANTS = ("approved_at", "ship_by", "shipped_at", "moved_at", "promised_at", "delivered_at")
_FOREVER = 2**62
_AT_ONCE = 1000


def _of_channel() -> tuple[Any, Any]:
    return (
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
    )


def _text(name: str, **options: Any) -> Any:
    return sa.Column(name, sa.String(), **({"nullable": False} | options))


def _instant(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    for name in (*_INSTANTS, "open_until"):
        op.add_column("sales_order", _instant(name, nullable=True))
    _fill()
    op.create_index(
        "order_monitor",
        "sales_order",
        [
            *("open_until", "approved_at", "shipped_at", "ship_by", "promised_at", "moved_at"),
            "channel_id",
        ],
    )
    op.create_table(
        "order_notice",
        *_of_channel(),
        _text("number"),
        _instant("notified_at"),
        _text("error", nullable=True),
        sa.PrimaryKeyConstraint("channel_id", "number"),
    )
    op.create_table(
        "order_care",
        *_of_channel(),
        _text("number"),
        _text("cause", nullable=True),
        _text("owner", nullable=True),
        _text("note"),
        _instant("changed_at"),
        _text("changed_by"),
        sa.PrimaryKeyConstraint("channel_id", "number"),
    )
    op.create_table(
        "erp_read",
        *_of_channel(),
        _text("system"),
        _instant("read_at"),
        _text("read_by"),
        sa.PrimaryKeyConstraint("channel_id"),
    )
    op.create_table(
        "erp_order",
        *_of_channel(),
        _text("erp_id"),
        _text("number"),
        _text("status"),
        _text("stage"),
        sa.PrimaryKeyConstraint("channel_id", "erp_id"),
    )
    op.create_index("erp_order_number", "erp_order", ["channel_id", "number"])
    op.create_table(
        "order_link",
        *_of_channel(),
        _text("number"),
        sa.Column("diverged", sa.Boolean(), nullable=False),
        _text("erp_id", nullable=True),
        _text("erp_stage", nullable=True),
        _text("stage", nullable=True),
        _instant("at"),
        _text("agent"),
        sa.PrimaryKeyConstraint("channel_id", "number"),
    )


def _fill() -> None:
    """Give the orders that are here already their instants, out of their sections.

    An order that is over is not read again by itself, so nothing else would bring them.
    """
    connection = op.get_bind()
    columns = ", ".join(f"{name} = :{name}" for name in (*_INSTANTS, "open_until"))
    change = sa.text(f"UPDATE sales_order SET {columns} WHERE id = :id")
    for rows in _orders(connection):
        connection.execute(change, [_known(*row) for row in rows])


def _orders(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    last = 0
    query = sa.text(
        "SELECT id, status, created_at, tracking, billing, transport, history FROM sales_order"
        " WHERE id > :last ORDER BY id LIMIT :most"
    )
    while rows := connection.execute(query, {"last": last, "most": _AT_ONCE}).fetchall():
        yield rows
        last = rows[-1][0]


def _known(
    order: int, status: str, created: int, tracking: str, billing: str, transport: str, history: str
) -> dict[str, int | None]:
    told, paid, way = json.loads(tracking), json.loads(billing), json.loads(transport)
    first: dict[str, str] = {}
    for event in json.loads(history):
        first.setdefault(event["what"], event["at"])
    approved = _ms(paid.get("paid_at") or first.get("paid"))
    if approved is None and status in ("to_ship", "shipped", "delivered"):
        approved = _ms(first.get("accepted")) or created
    shipped = _ms(told.get("shipped_at") or first.get("shipped"))
    delivered = _ms(told.get("delivered_at"))
    is_watched = approved is not None and status not in ("cancelled", "refused")
    return {
        "id": order,
        "approved_at": approved,
        "ship_by": _ms(way.get("ship_by")),
        "shipped_at": shipped,
        "moved_at": shipped,
        "promised_at": _ms(told.get("promised_until")),
        "delivered_at": delivered,
        "open_until": (_FOREVER if delivered is None else delivered) if is_watched else None,
    }


def _ms(text: str | None) -> int | None:
    if text is None:
        return None
    span = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return span.days * 86_400_000 + span.seconds * 1000 + span.microseconds // 1000


def downgrade() -> None:
    """Take back."""
    for table in ("order_link", "erp_order", "erp_read", "order_care", "order_notice"):
        op.drop_table(table)
    op.drop_index("order_monitor", "sales_order")
    for name in ("open_until", *reversed(_INSTANTS)):
        op.drop_column("sales_order", name)
