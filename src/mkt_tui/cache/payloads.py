"""Operations as rows: what statements must see is a column, the rest of a record is JSON."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import orjson

from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import OPERATIONS, Operation

# The columns of a row, its ticket's code among them; `operation` is the row's id.
COLUMNS: Final = ("operation", "ticket_code", "order_number", "text", "audience", "queued_at")


def pack(operation: Operation) -> str:
    """Return as JSON what of the operation has no column of its own."""
    own = [each.name for each in fields(operation) if each.name not in COLUMNS]
    return orjson.dumps({name: getattr(operation, name) for name in own}).decode()


def unpack(kind: str, columns: Mapping[str, Any], payload: str) -> Operation:
    """Return the operation of a row.

    Raises:
        ValueError: The row does not hold what its kind needs.
    """
    # Not needed for a first paint, and a desk that only writes operations never needs it.
    import msgspec

    record = OPERATIONS[Kind(kind)]
    wanted = {each.name for each in fields(record)}
    told = {name: value for name, value in columns.items() if name in wanted}
    rest = orjson.loads(payload)
    if not isinstance(rest, dict):
        raise ValueError(kind)  # noqa: TRY004 - as msgspec says it of whatever else is wrong
    return msgspec.convert(told | rest, record)
