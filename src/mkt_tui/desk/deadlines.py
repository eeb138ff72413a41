"""Both deadlines of a ticket in words: until when, by which rule, and from which source."""

from datetime import datetime
from typing import NamedTuple

from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.queries import QueueRow
from mkt_tui.config import rule_book
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.deadlines.rules import DELIVER, SHIP, TOLD, Clock, Rule, RuleBook, Start, Unit
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _, language, ngettext


class Deadline(NamedTuple):
    """One clock of a ticket.

    Attributes:
        rule: The rule in words.
        source: Where its figure comes from.
        missed: What a missed one does to the seller's standing; empty = nothing is known.
    """

    clock: Clock
    due: datetime
    rule: str
    source: str
    missed: str = ""


def of_ticket(desk: Desk, ticket: QueueRow) -> list[Deadline]:
    """Return the marketplace's clock, then the house's; none where nobody waits."""
    if ticket.state == 1 or ticket.due_at is None:
        return []
    book = _book(desk)
    hard = _deadline(book, Clock.MARKETPLACE, ticket.due_at, ticket.due_rule)
    found = [hard._replace(missed=_if_missed_there(desk, book, ticket))]
    if ticket.house_due_at is not None:
        found.append(_deadline(book, Clock.HOUSE, ticket.house_due_at, ticket.house_rule))
    return found


def _book(desk: Desk) -> RuleBook:
    """Return the rules; none where the shop's file cannot be used, which is no reason not to read."""
    try:
        return rule_book(desk.settings)
    except SettingsWrong:
        return RuleBook(())


def _deadline(book: RuleBook, clock: Clock, due: int, name: str | None) -> Deadline:
    if name == TOLD:
        return Deadline(clock, from_cache(due), _("told with the ticket"), _("the marketplace"))
    rule = book.find(name or "")
    if rule is None:
        return Deadline(clock, from_cache(due), name or "-", "-")
    return Deadline(clock, from_cache(due), in_words(rule), _(rule.source))


def _if_missed_there(desk: Desk, book: RuleBook, ticket: QueueRow) -> str:
    """Return what the closest rule says, also where the marketplace told the deadline itself."""
    where, received = desk.channels()[ticket.channel_id], from_cache(ticket.received_at)
    rules = book.choose(Clock.MARKETPLACE, where, ticket.kind, received)
    return next((if_missed(each) for each in rules), "")


def if_missed(rule: Rule) -> str:
    """Return what a missed deadline does to the seller's standing, in the agent's language."""
    return rule.missed.get(language()) or rule.missed.get("en", "")


def of_rule(desk: Desk, name: str) -> str:
    """Return the rule that gave an order its deadline, in words, with the source of its figure."""
    rule = _book(desk).find(name)
    if rule is None:
        return name
    return _("{rule} (source: {source})").format(rule=in_words(rule), source=_(rule.source))


def clock_name(clock: Clock) -> str:
    """Return whose deadline it is, in words."""
    return _("Marketplace") if clock is Clock.MARKETPLACE else _("House")


def in_words(rule: Rule) -> str:
    """Return a rule in words: 24 running hours from receipt."""
    start = _("from receipt") if rule.start is Start.RECEIVED else _("from registration here")
    if {SHIP, DELIVER} & set(rule.kinds):
        start = _("from the order's approval")
    return f"{amount(rule)} {start}"


def amount(rule: Rule) -> str:
    """Return how much time a rule gives, in words."""
    number = int(rule.amount) if rule.amount == int(rule.amount) else rule.amount
    if rule.unit is Unit.BUSINESS_DAYS:
        words = ngettext("{count} business day", "{count} business days", int(number))
    elif rule.unit is Unit.BUSINESS_HOURS:
        words = ngettext("{count} business hour", "{count} business hours", int(number))
    else:
        words = ngettext("{count} running hour", "{count} running hours", int(number))
    return words.format(count=number)
