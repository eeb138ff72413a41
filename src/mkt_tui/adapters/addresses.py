"""Brazilian addresses as marketplaces tell them: the same parts under names of their own."""

from collections.abc import Iterable

from mkt_tui.adapters.fields import Json, line
from mkt_tui.domain.orders import Address


def read_address(
    data: Json,
    more: Iterable[str],
    *,
    name: str | None,
    phone: str | None = None,
    street: str = "street",
    zip_code: str = "zip_code",
    state: str = "state",
    country: str = "country",
) -> Address:
    """Return the address; street and `number` are one line, `more` are the line below it.

    Args:
        more: The keys of complement, quarter and the like.
        street: What the marketplace calls the street; likewise the others.

    Raises:
        Misread: A field of a wrong kind.
    """
    return Address(
        name=name,
        street=_joined(data, (street, "number")),
        complement=_joined(data, more),
        zip_code=line(data, zip_code),
        city=line(data, "city"),
        state=line(data, state),
        country=line(data, country),
        phone=phone,
    )


def _joined(data: Json, keys: Iterable[str]) -> str | None:
    told = (line(data, key) for key in keys)
    return ", ".join(each for each in told if each) or None
