"""The policy check of a reply: what its marketplace would not take, in words and with its place."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from mkt_tui.desk import own_files
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.policy import rules
from mkt_tui.domain.policy.contacts import Matter
from mkt_tui.domain.policy.rules import Breach, Policy
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _

FILE: Final = "policies.toml"
_NUMBERS: Final = re.compile(r"\S*\d\S*")


class Stopped(NotAllowed):
    """The reply cannot be sent as it is; `breach` is the first thing that stands against it."""

    sentence = N_("{what}. {remedy}")

    def __init__(self, breach: Breach | None = None, **parameters: object) -> None:
        super().__init__(**parameters)
        self.breach = breach


def in_force(desk: Desk) -> tuple[Policy, ...]:
    """Return the rules of the package with the shop's own over them.

    Raises:
        SettingsWrong: The shop's file cannot be used.
    """
    path = desk.home.settings / FILE
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[Policy, ...]:
    del changed  # only so that a changed file is read again
    figures = own_files.of_package(FILE)
    return own_files.of_shop(path, lambda own: rules.policies(figures, own))


def breaches(desk: Desk, conversation: Conversation, text: str, audience: Audience) -> list[Breach]:
    """Return what of the text cannot be sent on that ticket or is warned of, from left to right.

    Raises:
        SettingsWrong: The shop's file of rules cannot be used.
    """
    channel, today = conversation.channel, desk.clock().date()
    holding = [each for each in in_force(desk) if each.holds(channel, audience, today)]
    return rules.breaches(holding, text, channel.country, set(_known(conversation)))


def check(desk: Desk, conversation: Conversation, text: str, audience: Audience) -> None:
    """See whether the text may be sent.

    Raises:
        Stopped: Something in it stands against it.
    """
    for each in breaches(desk, conversation, text, audience):
        if each.stops:
            raise Stopped(
                each, what=in_words(each, text, conversation), remedy=_("Change it before you send")
            )


def in_words(breach: Breach, text: str, conversation: Conversation) -> str:
    """Return what stands against the text, and where: phone number, col 41 (Amazon)."""
    line = text.count("\n", 0, breach.start) + 1
    column = breach.start - text.rfind("\n", 0, breach.start)
    where = _("col {column}").format(column=column)
    if line > 1:
        where = _("line {line}, {column}").format(line=line, column=where)
    what = _matter(breach, text)
    return f"{what}, {where}" + (f" ({conversation.channel.name})" if breach.rule else "")


def _matter(breach: Breach, text: str) -> str:
    part = text[breach.start : breach.end]
    return {
        Matter.MAIL: _("e-mail address"),
        Matter.LINK: _("link"),
        Matter.DOCUMENT: _("CPF or CNPJ"),
        Matter.PHONE: _("phone number"),
        rules.VARIABLE: _("nothing known for {variable}").format(variable=part),
        rules.WORD: _("the words “{words}”").format(words=part),
        rules.ENCODING: _("the sign {sign}, which is not taken").format(sign=part),
        rules.LONGEST: _("{count} of {limit} characters").format(
            count=len(text.rstrip()), limit=breach.limit
        ),
        rules.SHORTEST: _("fewer than {limit} characters").format(limit=breach.limit),
    }[breach.matter]


def longest(desk: Desk, conversation: Conversation, audience: Audience) -> int | None:
    """Return how many characters the marketplace takes at most; None = no rule tells."""
    channel, today = conversation.channel, desk.clock().date()
    limits = [
        each.longest
        for each in in_force(desk)
        if each.longest is not None and each.holds(channel, audience, today)
    ]
    return min(limits, default=None)


def _known(conversation: Conversation) -> Iterator[str]:
    """Yield the numbers and links of ticket and order, which are nobody's telephone."""
    ticket, order = conversation.ticket, conversation.order
    tickets = (ticket, *conversation.siblings)
    for each in tickets:
        yield each.code
        yield from (number for number in (each.order_number, each.site_number) if number)
    if order is not None:
        yield from _NUMBERS.findall(f"{order.number} {order.site_number or ''}")
        for name in ("number", "url"):
            if told := order.tracking.get(name):
                yield str(told)
