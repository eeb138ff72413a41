"""Columns that many tables have."""

from sqlalchemy import BigInteger, Column


def instant(*, nullable: bool = False) -> Column[int]:
    """Return a column of cache milliseconds, or of any other number past 32 bits."""
    return Column(BigInteger, nullable=nullable)
