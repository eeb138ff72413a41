"""Rules that give orders a deadline, and every movement of a parcel with its instant."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_RULES = ("ship_rule", "promised_rule")
_AT_ONCE = 1000


def upgrade() -> None:
    """Apply."""
    for name in _RULES:
        op.add_column("sales_order", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "order_move",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel_id", "number", "at"),
    )
    op.create_index("order_move_at", "order_move", ["at"])
    _fill()


def _fill() -> None:
    """Keep the movements that carriers have told of already: they are not told again."""
    connection = op.get_bind()
    insert = sa.text(
        "INSERT INTO order_move (channel_id, number, at) VALUES (:channel, :number, :at)"
        " ON CONFLICT DO NOTHING"
    )
    for rows in _parcels(connection):
        moves = [
            {"channel": channel, "number": number, "at": _ms(event["at"])}
            for _id, channel, number, events in rows
            for event in json.loads(events)
        ]
        if moves:
            connection.execute(insert, moves)


def _parcels(connection: sa.Connection) -> Iterator[Sequence[tuple[int, int, str, str]]]:
    last = 0
    query = sa.text(
        "SELECT id, channel_id, order_number, events FROM parcel WHERE id > :last"
        " AND events <> '[]' ORDER BY id LIMIT :most"
    )
    while rows := connection.execute(query, {"last": last, "most": _AT_ONCE}).fetchall():
        yield [(row[0], row[1], row[2], row[3]) for row in rows]
        last = rows[-1][0]


def _ms(text: str) -> int:
    span = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return span.days * 86_400_000 + span.seconds * 1000 + span.microseconds // 1000


def downgrade() -> None:
    """Take back."""
    op.drop_table("order_move")
    for name in reversed(_RULES):
        op.drop_column("sales_order", name)
