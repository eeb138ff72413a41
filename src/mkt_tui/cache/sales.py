"""What was sold of a publisher's titles, added up by the database (P14)."""

from typing import Any, Final, NamedTuple

from mkt_tui.cache.database import Database

_DAY: Final = 86_400_000


class Sold(NamedTuple):
    """What one title sold at one shop on one day; `day` counts from 1970 in the zone asked for.

    `units` is None where the portal does not tell it, `amount` in minor units of `currency`.
    """

    day: int
    isbn: str | None
    shop: str | None
    currency: str
    units: int | None
    amount: int
    title: str | None


def sold(
    database: Database,
    first: int,
    last: int,
    offset: int,
    shop: str | None = None,
    isbn: str | None = None,
) -> list[Sold]:
    """Return what was sold between two instants, `last` not included.

    Args:
        offset: What the zone is ahead of UTC, in milliseconds, so that days are its days.
        shop: Folded beginning of a shop's name.
        isbn: Beginning of an ISBN.
    """
    conditions = ["sale.at >= :first", "sale.at < :last"]
    values: dict[str, Any] = {"first": first, "last": last, "offset": offset}
    if shop:
        conditions.append("LOWER(COALESCE(sale.shop, '')) LIKE :shop")
        values["shop"] = f"{shop}%"
    if isbn:
        conditions.append("sale.isbn LIKE :isbn")
        values["isbn"] = f"{isbn}%"
    rows = database.rows(
        f"SELECT (sale.at + :offset) / {_DAY} AS day, sale.isbn, sale.shop, sale.currency,"
        " SUM(sale.units), SUM(sale.amount), MAX(title.name) FROM sale"
        " LEFT JOIN title ON title.channel_id = sale.channel_id AND title.isbn = sale.isbn"
        f" WHERE {' AND '.join(conditions)}"
        " GROUP BY 1, sale.isbn, sale.shop, sale.currency ORDER BY 1, sale.isbn, sale.shop",
        values,
    )
    return [
        Sold(day, isbn, shop, currency, _whole(units), int(amount), title)
        for day, isbn, shop, currency, units, amount, title in rows
    ]


def _whole(number: Any) -> int | None:
    return None if number is None else int(number)
