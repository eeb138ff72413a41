"""Finding by any number or words (J3): what was meant, what was found, what to open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from mkt_tui.cache import order_records, queries, searching
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.queries import QueueRow
from mkt_tui.cache.searching import EXACT, OrderHit, Wanted
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.listing import as_json as ticket_json
from mkt_tui.desk.listing import instant
from mkt_tui.domain import words
from mkt_tui.i18n import _

# Longer texts are pasted by mistake.
_LONGEST: Final = 400
# A number of several orders at once shows the tickets of so many of them.
_ORDERS: Final = 20
# The longest name of a marketplace, in words.
_NAME: Final = 3
_CPF: Final = 11
_CNPJ: Final = 14
_ISBN_10: Final = 10
_ISBN_13: Final = 13
_PHONES: Final = (10, 11)
_COUNTRY: Final = "55"
# Shorter ones are part of an address, a date or a name.
_LONG: Final = 5
_BESIDE: Final = re.compile(r"[^\W\d_]+\s*[:=#º°]+|[#º°]")


class Hit(NamedTuple):
    """A ticket or an order that was found; exactly one of them is given."""

    rank: int
    ticket: QueueRow | None
    order: OrderHit | None

    @property
    def id(self) -> tuple[str, int]:
        """What tells it from other hits."""
        if self.ticket:
            return "ticket", self.ticket.id
        assert self.order
        return "order", self.order.id

    @property
    def target(self) -> tuple[int, str, bool]:
        """What a number leads to: channel, number, whether that is an order."""
        if self.order:
            return self.order.channel_id, self.order.number, True
        assert self.ticket
        order = self.ticket.order_number
        return self.ticket.channel_id, order or self.ticket.code, order is not None


@dataclass(frozen=True, slots=True)
class Found:
    """What a text found.

    Attributes:
        only: The one hit that Enter opens at once, if there is but one thing to open.
        note: What to tell the agent about the text itself: the stock of a SKU (M13), a wrong check
            digit.
    """

    text: str
    hits: tuple[Hit, ...] = ()
    only: Hit | None = None
    note: str = ""


def find(desk: Desk, text: str) -> Found:
    """Return what the text finds: whole numbers first, then what begins so, then words.

    A channel's name at its beginning or end, also one it had before (T49), looks there alone.
    """
    text = text[:_LONGEST].strip()
    rest, channels = _in_channels(desk, text)
    tickets, orders = searching.search(desk.database, replace(wanted(rest), channels=channels))
    if channels and not tickets and not orders:
        tickets, orders = searching.search(desk.database, wanted(text))
    number = _number_in(text)
    if number and not tickets and not orders:
        rest, (tickets, orders) = number, searching.search(desk.database, wanted(number))
    hits = [Hit(rank, row, None) for rank, row in tickets]
    hits += _protocols(desk, orders)
    listed = {(hit.ticket.channel_id, hit.ticket.order_number) for hit in hits if hit.ticket}
    hits += [
        Hit(rank, None, row) for rank, row in orders if (row.channel_id, row.number) not in listed
    ]
    best: dict[tuple[str, int], Hit] = {}
    for hit in sorted(hits, key=lambda each: each.rank):
        best.setdefault(hit.id, hit)
    found = tuple(best.values())
    exact = any(hit.rank == EXACT for hit in found)
    # Rich and Babel are behind it, which a command line can do without.
    from mkt_tui.desk import items

    note = items.stock_line(desk, rest) or ("" if exact else wrong_digits(rest))
    return Found(text, found, _only(found), note)


def _in_channels(desk: Desk, text: str) -> tuple[str, frozenset[int]]:
    """Return a text without the channel that it names, and the ids of that; none = all of it."""
    said = text.split()
    if not any(char.isalpha() for char in text) or len(said) < 2:
        return text, frozenset()
    called = desk.called()
    for count in range(min(len(said) - 1, _NAME), 0, -1):
        for name, rest in ((said[:count], said[count:]), (said[-count:], said[:-count])):
            if found := called.get(words.number("".join(name))):
                return " ".join(rest), found
    return text, frozenset()


def _number_in(text: str) -> str:
    """Return the number of a text that says what it is, as people paste them: CPF: 529.982.247-25."""
    said = [each for each in _BESIDE.sub(" ", text).split() if any(map(str.isdigit, each))]
    number = " ".join(said)
    return number if number != text and sum(map(str.isdigit, number)) >= _LONG else ""


def wanted(text: str) -> Wanted:
    """Return what to look for; a text that is one number in groups is looked for as that, too."""
    numbers: tuple[str, ...] = ()
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    is_one = len(text.split()) == 1 or digits > letters
    if is_one and any(char.isdigit() for char in text):
        whole = words.number(text)
        numbers = tuple(dict.fromkeys((whole, *_spellings(whole))))
    return Wanted(numbers, tuple(dict.fromkeys(words.words(text))))


def wrong_digits(text: str) -> str:
    """Return what is wrong with a CPF, CNPJ or ISBN whose check digits do not fit."""
    number = words.number(text)
    if not number.isdigit() or not _is_number(text):
        return ""
    from stdnum import isbn
    from stdnum.br import cnpj, cpf

    kinds = {_CPF: ("CPF", cpf), _CNPJ: ("CNPJ", cnpj)}
    if number.startswith(("978", "979")):
        kinds[_ISBN_13] = ("ISBN", isbn)
    kind = kinds.get(len(number))
    if kind is None or kind[1].is_valid(number):
        return ""
    told = _("If {number} is meant as a {kind}: its check digits are wrong, a digit was mistyped.")
    return told.format(number=number, kind=kind[0])


def order_of(desk: Desk, hit: Hit) -> OrderRecord | None:
    """Return the order a hit is, or belongs to; None when the cache does not hold it."""
    channel_id, number, is_order = hit.target
    found = order_records.orders(desk.database, number, channel_id) if is_order else []
    return next((each for each in found if each.number == number), None)


def as_json(desk: Desk, found: Found) -> Iterator[dict[str, Any]]:
    """Yield the hits under their public keys; to these keys others may only be added."""
    channels, now = desk.channels(), desk.clock()
    for hit in found.hits:
        if hit.ticket and hit.ticket.channel_id in channels:
            yield {"found": "ticket", "exact": hit.rank == EXACT} | ticket_json(
                desk, hit.ticket, channels, now
            )
        elif hit.order and hit.order.channel_id in channels:
            channel = channels[hit.order.channel_id]
            yield {
                "found": "order",
                "exact": hit.rank == EXACT,
                "channel": channel.name,
                "marketplace": channel.adapter,
                "order": hit.order.number,
                "site_order": hit.order.site_number,
                "customer": hit.order.customer,
                "status": hit.order.status,
                "created_at": instant(from_cache(hit.order.created_at)),
            }


def _protocols(desk: Desk, orders: list[tuple[int, OrderHit]]) -> list[Hit]:
    """Return all tickets of the orders that a number found, open and answered (T35, T46)."""
    whole = [order for rank, order in orders if rank == EXACT]
    return [
        Hit(EXACT, row, None)
        for order in whole[:_ORDERS]
        for row in queries.tickets_of_order(desk.database, order.channel_id, order.number)
    ]


def _only(hits: tuple[Hit, ...]) -> Hit | None:
    """Return the hit to open at once: the only one, or the one order that a number belongs to."""
    exact = [hit for hit in hits if hit.rank == EXACT] or list(hits)
    targets = {hit.target for hit in exact}
    return exact[0] if len(targets) == 1 and (exact[0].rank == EXACT or len(exact) == 1) else None


def _is_number(text: str) -> bool:
    return not any(char.isalpha() for char in text)


def _spellings(number: str) -> Iterator[str]:
    """Yield other forms under which a number may be kept: ISBN of 10 and 13, phone abroad."""
    if len(number) in _PHONES and number.isdigit():
        yield _COUNTRY + number
    if len(number) not in (_ISBN_10, _ISBN_13) or not number[:-1].isdigit():
        return
    from stdnum import isbn

    if not isbn.is_valid(number):
        return
    if len(number) == _ISBN_10:
        yield isbn.to_isbn13(number)
    elif number.startswith("978"):
        yield isbn.to_isbn10(number).lower()
