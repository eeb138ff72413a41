"""Dates of SkyHub: blank for none, and without a zone in what concerns tickets."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mkt_tui.adapters.fields import Json, Misread


def moment(data: Json, key: str, zone: ZoneInfo) -> datetime | None:
    """Return an instant in UTC.

    Args:
        zone: In which a time is read that names none; which one is meant is not documented.
    """
    value = data.get(key)
    if value is None or value == "":
        return None
    try:
        told = datetime.fromisoformat(value)
        return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise Misread(key) from None
