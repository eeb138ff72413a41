"""Filters of the filter language as conditions on tickets, alike on both engines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from mkt_tui.cache.engines.base import Dialect
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.returns import IS_OPEN
from mkt_tui.domain import words
from mkt_tui.domain.filters import AHEAD, DAYS, ME, NOBODY, Field, Filter, Term
from mkt_tui.domain.reasons import kind_of, reason_of
from mkt_tui.domain.tickets import Role

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# The marketplace's operator waits for us, or the channel says that it decides the matter (T43, T44).
MEDIATION: Final = (
    "(COALESCE(ticket.waiting, '') = 'operator' OR COALESCE(ticket.kind, '') = 'mediation')"
)
_STATES: Final = {
    "open": "ticket.state = 0",
    "answered": "ticket.state = 1",
    "snoozed": "ticket.state = 2",
    "all": "1 = 1",
    "late": "(ticket.state = 0 AND ticket.sort_at <= :f_now)",
    "priority": "(ticket.state = 0 AND ticket.registered_at <= :f_priority)",
    "pending": "(ticket.state = 0 AND ticket.registered_at > :f_priority)",
    "today": "(ticket.state = 0 AND ticket.sort_at > :f_now AND ticket.sort_at < :f_midnight)",
    "mine": "(ticket.assignee IS NOT NULL AND ticket.assignee = :f_agent)",
    "unassigned": "ticket.assignee IS NULL",
    "assigned": "ticket.assignee IS NOT NULL",
    "failed": "(ticket.delivery IS NOT NULL AND ticket.delivery = 'failed')",
    "doubt": "(ticket.delivery IS NOT NULL AND ticket.delivery = 'unknown')",
    "sent": "(ticket.delivery IS NOT NULL AND ticket.delivery = 'sent')",
    "sending": "COALESCE(ticket.delivery, '') IN ('queued', 'sending')",
    # As the index `ticket_mediation` has it.
    "mediation": MEDIATION,
}
_ITS_ORDER: Final = (
    "ticket.id IN (SELECT its.id FROM sales_order{through} JOIN ticket AS its"
    " ON its.channel_id = sales_order.channel_id AND its.order_number = sales_order.number"
    " WHERE {which})"
)
_ITS_RETURN: Final = (
    "ticket.id IN (SELECT its.id FROM order_return JOIN ticket AS its"
    " ON its.channel_id = order_return.channel_id AND its.order_number = order_return.order_number"
    " WHERE {which})"
)
_HAVING: Final = {
    "draft": "EXISTS (SELECT 1 FROM draft WHERE draft.ticket_id = ticket.id)",
    "failed": _STATES["failed"],
    "order": _ITS_ORDER.format(through="", which="1 = 1"),
    "link": "EXISTS (SELECT 1 FROM ticket_link WHERE ticket_link.ticket_id = ticket.id)",
    "note": "EXISTS (SELECT 1 FROM note WHERE note.ticket_id = ticket.id)",
    "mention": "EXISTS (SELECT 1 FROM mention WHERE mention.ticket_id = ticket.id"
    " AND mention.agent = :f_agent AND mention.seen_at IS NULL)",
    "reminder": "(ticket.state = 1 AND EXISTS (SELECT 1 FROM reminder"
    " WHERE reminder.ticket_id = ticket.id AND reminder.received_at = ticket.answered_until))",
    "attachment": "EXISTS (SELECT 1 FROM message WHERE message.ticket_id = ticket.id"
    " AND message.attachments <> '[]')",
}
_HELD: Final = "{have} (SELECT 1 FROM holder WHERE holder.ticket_id = ticket.id AND {which})"
# Whose turn it is there, in any of our languages.
_SIDES: Final = {
    "marketplace": Role.OPERATOR,
    **dict.fromkeys(("shop", "lojista", "loja", "negozio"), Role.SHOP),
}


class Condition(NamedTuple):
    """A condition on `ticket` with its parameters; may be a key, so these are pairs."""

    sql: str
    parameters: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when and where, and which channels there are by their names.

    `aliases` are the other names of marketplaces, folded, with the channels they mean (T49); waits
    registered at `priority_until` or before have PRIORIDADE (T20).
    """

    agent: str
    now: datetime
    zone: ZoneInfo
    channels: Mapping[str, int]
    dialect: Dialect
    priority_until: datetime
    aliases: Mapping[str, frozenset[int]] = field(default_factory=dict)


def condition(wanted: Filter, asking: Asking) -> Condition:
    """Return what a ticket must fulfil to pass the filter."""
    maker = _Maker(asking)
    parts = [maker.term(term) for term in wanted.terms]
    return Condition(" AND ".join(parts) or "1 = 1", tuple(sorted(maker.parameters.items())))


class _Maker:
    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.parameters: dict[str, object] = {}

    def term(self, term: Term) -> str:
        make = self._times if term.sign != ":" else _MAKERS[term.field]
        parts = [make(self, term, each) for each in term.values]
        return f"{'NOT ' if term.negated else ''}({' OR '.join(parts)})"

    def state(self, _term: Term, value: str) -> str:
        if ":f_now" in _STATES[value]:
            self.parameters["f_now"] = to_cache(self._asking.now)
        if ":f_midnight" in _STATES[value]:
            self.parameters["f_midnight"] = to_cache(self._day("tomorrow"))
        if ":f_priority" in _STATES[value]:
            self.parameters["f_priority"] = to_cache(self._asking.priority_until)
        return self._mine(_STATES[value])

    def having(self, _term: Term, value: str) -> str:
        return self._mine(_HAVING[value])

    def _mine(self, sql: str) -> str:
        if ":f_agent" in sql:
            self.parameters["f_agent"] = self._asking.agent
        return sql

    def channel(self, _term: Term, value: str) -> str:
        folded = words.fold(value)
        names = {words.fold(name): key for name, key in self._asking.channels.items()}
        found = {names[folded]} if folded in names else {
            key for name, key in names.items() if name.startswith(folded)
        } | self._asking.aliases.get(words.number(value), frozenset())  # fmt: skip
        return f"ticket.channel_id IN ({', '.join(map(str, sorted(found))) or '-1'})"

    def text(self, term: Term, value: str) -> str:
        tag = {Field.SUBJECT: words.SUBJECT, Field.CUSTOMER: words.CUSTOMER}.get(term.field, "")
        dialect = self._asking.dialect
        asked = [dialect.prefix.format(tag + each) for each in dict.fromkeys(words.words(value))]
        if not asked:
            return "1 = 0"
        query = self._keep(dialect.both.join(asked))
        told = f"ticket.id IN ({dialect.matching.format(table='ticket', query=query)})"
        if term.field is Field.CUSTOMER:
            told += " OR " + self._of_order(query)
        return told

    def number(self, _term: Term, value: str) -> str:
        folded = words.number(value)
        if not folded:
            return "1 = 0"
        query = self._keep(self._asking.dialect.word.format(words.NUMBER + folded))
        told = self._asking.dialect.matching.format(table="ticket", query=query)
        return f"ticket.id IN ({told}) OR {self._of_order(query)}"

    def person(self, term: Term, value: str) -> str:
        column = "ticket.assignee" if term.field is Field.USER else "ticket.received_from"
        if value == NOBODY:
            return f"{column} IS NULL"
        name = self._keep(self._asking.agent if value == ME else value)
        return f"COALESCE({column}, '') = :{name}"

    def holder(self, _term: Term, value: str) -> str:
        if value == NOBODY:
            return _HELD.format(have="NOT EXISTS", which="1 = 1")
        side, word = _SIDES.get(words.fold(value)), self._keep(value)
        which = f"holder.side = '{side}'" if side else "1 = 0"
        told = f"COALESCE(holder.team, '') = :{word} OR COALESCE(holder.person, '') = :{word}"
        return _HELD.format(have="EXISTS", which=f"({which} OR {told})")

    def waiting(self, _term: Term, value: str) -> str:
        name = self._keep("" if value == "nobody" else value)
        return f"COALESCE(ticket.waiting, '') = :{name}"

    def kind(self, term: Term, value: str) -> str:
        column = "ticket.kind" if term.field is Field.KIND else "ticket.reason"
        # Both are said in any of the languages where they are of the closed lists.
        meaning = (kind_of if term.field is Field.KIND else reason_of)(value)
        own, said = self._keep(words.fold(value)), self._keep(str(meaning or words.fold(value)))
        return f"COALESCE({column}, '') IN (:{own}, :{said})"

    def returned(self, _term: Term, value: str) -> str:
        which = {"any": "1 = 1", "open": IS_OPEN}.get(value)
        # One of the closed list of states.
        return _ITS_RETURN.format(which=which or f"order_return.state = '{value}'")

    def status(self, _term: Term, value: str) -> str:
        # One of the closed list of statuses.
        return _ITS_ORDER.format(through="", which=f"sales_order.status = '{value}'")

    def item(self, _term: Term, value: str) -> str:
        """Find what was bought by its words or its number: an order's words but for its people's."""
        dialect = self._asking.dialect
        asked = dict.fromkeys(words.words(value))
        if not asked:
            return "1 = 0"
        titled, named = (
            self._keep(dialect.both.join(dialect.prefix.format(tag + each) for each in asked))
            for tag in ("", words.CUSTOMER)
        )
        numbered = self._keep(dialect.word.format(words.NUMBER + words.number(value)))
        found = {
            name: dialect.matching.format(table="order", query=query)
            for name, query in (("titled", titled), ("named", named), ("numbered", numbered))
        }
        which = (
            f"(sales_order.id IN ({found['titled']}) AND sales_order.id NOT IN ({found['named']}))"
            f" OR sales_order.id IN ({found['numbered']})"
        )
        return _ITS_ORDER.format(through="", which=which)

    def note(self, _term: Term, value: str) -> str:
        text = value.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
        return (
            "ticket.id IN (SELECT note.ticket_id FROM note"
            f" WHERE LOWER(note.text) LIKE :{self._keep(f'%{text}%')} ESCAPE '!')"
        )

    def day(self, term: Term, value: str) -> str:
        first = self._day(value)
        after = self._midnight(first.date() + timedelta(days=1))
        column = _instant(term.field)
        low, high = self._keep(to_cache(first)), self._keep(to_cache(after))
        return f"(COALESCE({column}, -1) >= :{low} AND COALESCE({column}, -1) < :{high})"

    def _times(self, _maker: "_Maker", term: Term, value: str) -> str:
        column, sign = _instant(term.field), term.sign
        if value in DAYS or value[-1].isdigit():
            at = self._day(value)
            # After a day and up to a day mean all of that day.
            if sign in (">", "<="):
                at = self._midnight(at.date() + timedelta(days=1))
                sign = ">=" if sign == ">" else "<"
        else:
            span = timedelta(**{_UNITS[value[-1]]: int(value[:-1])})
            at = self._asking.now + (span if term.field in AHEAD else -span)
            if term.field not in AHEAD:
                # What is older than two days came before.
                sign = sign.translate(str.maketrans("<>", "><"))
        return f"({column} IS NOT NULL AND {column} {sign} :{self._keep(to_cache(at))})"

    def _of_order(self, query: str) -> str:
        found = self._asking.dialect.matching.format(table="order", query=query)
        # A row of an order is wide: a hundred thousand of them by their ids are all over the file.
        through = self._asking.dialect.through.format(index="order_place")
        return _ITS_ORDER.format(through=through, which=f"sales_order.id IN ({found})")

    def _day(self, value: str) -> datetime:
        if value in DAYS:
            today = self._asking.now.astimezone(self._asking.zone).date()
            return self._midnight(today + timedelta(days=DAYS.index(value) - 1))
        return self._midnight(date.fromisoformat(value))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._asking.zone)

    def _keep(self, value: object) -> str:
        name = f"f{len(self.parameters)}"
        self.parameters[name] = value
        return name


def _instant(field: Field) -> str:
    return {
        Field.DUE: "(CASE ticket.state WHEN 1 THEN NULL ELSE ticket.due_at END)",
        Field.HOUSE: "(CASE ticket.state WHEN 1 THEN NULL ELSE ticket.house_due_at END)",
        Field.UNTIL: "(CASE ticket.state WHEN 2 THEN ticket.sort_at END)",
        Field.CREATED: "ticket.created_at",
        Field.RECEIVED: "ticket.received_at",
        Field.CHANGED: "ticket.updated_at",
    }.get(field, "ticket.registered_at")


_MAKERS: Final[Mapping[Field, Callable[[_Maker, Term, str], str]]] = {
    Field.IS: _Maker.state,
    Field.HAS: _Maker.having,
    Field.CHANNEL: _Maker.channel,
    Field.SUBJECT: _Maker.text,
    Field.CUSTOMER: _Maker.text,
    Field.TEXT: _Maker.text,
    Field.NUMBER: _Maker.number,
    Field.USER: _Maker.person,
    Field.FROM: _Maker.person,
    Field.WAITING: _Maker.waiting,
    Field.KIND: _Maker.kind,
    Field.REASON: _Maker.kind,
    Field.HOLDER: _Maker.holder,
    Field.RETURN: _Maker.returned,
    Field.STATUS: _Maker.status,
    Field.ITEM: _Maker.item,
    Field.NOTE: _Maker.note,
    Field.DUE: _Maker.day,
    Field.HOUSE: _Maker.day,
    Field.UNTIL: _Maker.day,
    Field.CREATED: _Maker.day,
    Field.RECEIVED: _Maker.day,
    Field.REGISTERED: _Maker.day,
    Field.CHANGED: _Maker.day,
}
