"""The filter language, one line: `carrefour late >2d subject:troca -user:ana`.

A filter is words with blanks between; a ticket passes when all of them say so. A word is a state
(`late`), a channel's name or its beginning (`carrefour`), an age (`>2d`), `field:value` with
several values between commas, any of which will do, or else text. A minus before it turns it
round. Quotes keep blanks together; between quotes a doubled quote is a quote.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from mkt_tui.domain import filter_words
from mkt_tui.domain.errors import FilterWrong
from mkt_tui.domain.filter_words import meant, time_meant
from mkt_tui.domain.orders import OrderStatus
from mkt_tui.domain.reasons import Kind, Reason
from mkt_tui.domain.returns import ReturnState
from mkt_tui.domain.words import fold
from mkt_tui.i18n import N_, _


class Field(StrEnum):
    """What a word of a filter looks at; the value is how it is written."""

    IS = "is"
    HAS = "has"
    CHANNEL = "channel"
    SUBJECT = "subject"
    CUSTOMER = "customer"
    TEXT = "text"
    NUMBER = "number"
    USER = "user"
    FROM = "from"
    WAITING = "waiting"
    KIND = "kind"
    REASON = "reason"
    HOLDER = "holder"
    RETURN = "return"
    STATUS = "status"
    ITEM = "item"
    NOTE = "note"
    AGE = "age"
    DUE = "due"
    HOUSE = "house"
    UNTIL = "until"
    RECEIVED = "received"
    REGISTERED = "registered"
    CREATED = "created"
    CHANGED = "changed"


QUOTE: Final = '"'
ME: Final = "me"
NOBODY: Final = "none"
STATES: Final = (
    "open", "answered", "snoozed", "all", "late", "today", "pending", "priority", "mine",
    "unassigned", "assigned", "failed", "doubt", "sending", "sent", "mediation",
)  # fmt: skip
HAVING: Final = ("draft", "failed", "order", "attachment", "link", "note", "mention", "reminder")
RETURNS: Final = ("any", "open", *map(str, ReturnState))
PARTIES: Final = ("customer", "operator", "nobody")
HOLDERS: Final = ("marketplace", "shop", NOBODY)
# States that say themselves whether answered tickets are meant.
_OF_ALL: Final = frozenset(
    {"open", "answered", "snoozed", "all", "failed", "doubt", "sending", "sent"}
)

_OTHERS: Final = {
    Field.IS: filter_words.STATES,
    Field.STATUS: filter_words.STATUSES,
    Field.RETURN: filter_words.RETURNS,
    Field.WAITING: {"operator": "marketplace"},
}
_CLOSED: Final = {
    Field.IS: STATES, Field.HAS: HAVING, Field.WAITING: PARTIES, Field.RETURN: RETURNS,
    Field.STATUS: tuple(map(str, OrderStatus)),
}  # fmt: skip
AHEAD: Final = frozenset({Field.DUE, Field.HOUSE, Field.UNTIL})
TIMES: Final = (
    Field.AGE, Field.DUE, Field.HOUSE, Field.UNTIL, Field.RECEIVED, Field.REGISTERED, Field.CREATED,
    Field.CHANGED,
)  # fmt: skip

_DURATION: Final = re.compile(r"\d{1,5}[mhdw]")
_DATE: Final = re.compile(r"(?:19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
DAYS: Final = ("yesterday", "today", "tomorrow")
_WORD: Final = re.compile(r'(?:[^\s"]|"(?:[^"]|"")*(?:"|$))+')
_TERM: Final = re.compile(
    r"(?P<minus>-?)(?:(?P<field>[^\W\d_]*)(?P<sign>:?[<>]=?|:))?(?P<rest>.*)", re.S
)
_VALUE: Final = re.compile(r'"(?:[^"]|"")*(?:"|$)|[^",]+')
# Longer ones are pasted by mistake, and a database has its limits.
_LONGEST: Final = 1_000
_SHORTEST_CHANNEL: Final = 3


class Term(NamedTuple):
    """One word of a filter; `sign` is ":" or a comparison, `values` any of which will do."""

    field: Field
    values: tuple[str, ...]
    sign: str = ":"
    negated: bool = False

    def __str__(self) -> str:
        written = ",".join(map(_quoted, self.values))
        return f"{'-' if self.negated else ''}{self.field}{self.sign}{written}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets pass: those that all terms let through."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    @property
    def tells_state(self) -> bool:
        """Whether it says itself which states are meant; open tickets are else."""
        return any(
            _OF_ALL & {*term.values}
            if term.field is Field.IS
            # One is set on a ticket that was told to need no reply; the other is of snoozed ones.
            else (term.field is Field.HAS and "reminder" in term.values)
            or term.field is Field.UNTIL
            for term in self.terms
        )


EVERYTHING: Final = Filter()


def parse(text: str, channels: Collection[str] = ()) -> Filter:
    """Return the filter that a line says.

    Args:
        channels: What channels are called; a word that is the beginning of such a name means it.

    Raises:
        FilterWrong: A word is not understood; the error says which one, where, and what could be.
    """
    if len(text) > _LONGEST:
        raise _wrong(text, 0, _LONGEST, N_("it is too long"), "")
    return Filter(tuple(_term(found, channels) for found in _WORD.finditer(text)))


def complete(text: str, channels: Collection[str] = (), agents: Collection[str] = ()) -> list[str]:
    """Return what the last word of a line could become, the line's beginning kept."""
    start = max(text.rfind(" "), text.rfind(",")) + 1
    if ":" in text[start:] and text.rfind(" ") < start:
        start = text.rindex(":") + 1
    word = fold(text[start:].lstrip("-"))
    before = text[: len(text) - len(text[start:].lstrip("-"))]
    field = re.search(r"(\w+):[^ ]*$", before)
    if field:
        choice = [*_choices(_field(field[1]), channels, agents)]
    else:
        if not word:
            # Of nothing typed nothing can be meant; after a field it is one of its values.
            return []
        fields = (f"{each}{'>' if each is Field.AGE else ':'}" for each in Field)
        own = [each for each in (*STATES, *fields) if each.startswith(word)]
        return [before + each for each in (*own, *map(_as_channel, _beginning(word, channels)))]
    return [before + each for each in choice if fold(each).lstrip(QUOTE).startswith(word)]


def _term(found: re.Match[str], channels: Collection[str]) -> Term:
    text, start = found[0], found.start()
    parts = _TERM.fullmatch(text)
    assert parts
    negated, rest = bool(parts["minus"]), parts["rest"]
    if parts["sign"] is None or '"' in text[: parts.start("rest")]:
        word = _unquoted(text.removeprefix("-"))
        if not word.strip():
            raise _wrong(text, start, len(text), N_("a value is missing"), "")
        quoted = text.lstrip("-").startswith('"')
        term = Term(Field.TEXT, (word,)) if quoted else _bare(word, channels)
        return term._replace(negated=negated)
    sign = parts["sign"]
    field = _field(parts["field"]) if parts["field"] else Field.AGE if sign != ":" else None
    if field is None:
        likely = filter_words.near(fold(parts["field"]), filter_words.FIELDS) or Field
        raise _wrong(text, start, len(text), N_("there is no such field"), ", ".join(likely))
    sign = sign if sign == ":" else sign.lstrip(":")
    values = tuple(_values(rest))
    if not values:
        raise _wrong(text, start, len(text), N_("a value is missing"), _example(field))
    return Term(field, tuple(_checked(field, sign, each, found) for each in values), sign, negated)


def _bare(word: str, channels: Collection[str]) -> Term:
    folded = fold(word)
    state = meant(folded, filter_words.STATES)
    if state in STATES:
        return Term(Field.IS, (state,))
    names = [fold(each) for each in channels]
    if folded in names or (
        len(folded) >= _SHORTEST_CHANNEL and any(each.startswith(folded) for each in names)
    ):
        return Term(Field.CHANNEL, (folded,))
    return Term(Field.TEXT, (word,))


def _checked(field: Field, sign: str, value: str, found: re.Match[str]) -> str:
    text, start = found[0], found.start()
    if field in TIMES:
        return _time(field, sign, fold(value), found)
    if sign != ":":
        raise _wrong(text, start, len(text), N_("only times can be compared"), ", ".join(TIMES))
    if field in _CLOSED:
        folded = fold(value)
        folded = meant(folded, _OTHERS.get(field, {}))
        if folded not in _CLOSED[field]:
            raise _wrong(
                text, start, len(text), N_("there is no such value"), ", ".join(_CLOSED[field])
            )
        return folded
    return value


def _time(field: Field, sign: str, value: str, found: re.Match[str]) -> str:
    value = time_meant(value, "d" if field is Field.AGE else "")
    is_date = value in DAYS or _is_date(value)
    fits = _DURATION.fullmatch(value) and sign != ":"
    if not fits and (field is Field.AGE or not is_date):
        remedy = _example(field)
        raise _wrong(found[0], found.start(), len(found[0]), N_("that is no time"), remedy)
    return value


def _is_date(value: str) -> bool:
    try:
        return bool(_DATE.fullmatch(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _example(field: Field) -> str:
    examples = {
        Field.AGE: "age>2d, >36h",
        Field.DUE: "due<4h, due:today, due<2026-03-10",
    }
    if field in TIMES:
        return examples.get(field, f"{field}<2h, {field}:yesterday, {field}>2026-03-01")
    if field in _CLOSED:
        return ", ".join(_CLOSED[field])
    return f"{field}:…"


def _field(name: str) -> Field | None:
    folded = fold(name)
    named = folded if folded in {*Field} else meant(folded, filter_words.FIELDS)
    return Field(named) if named in {*Field} else None


def _choices(
    field: Field | None, channels: Collection[str], agents: Collection[str]
) -> tuple[str, ...]:
    if field is None:
        return ()
    if field in TIMES:
        return () if field is Field.AGE else DAYS
    offered: dict[Field, tuple[str, ...]] = {
        Field.CHANNEL: tuple(map(_quoted, channels)),
        Field.USER: (ME, NOBODY, *map(_quoted, agents)),
        Field.FROM: (ME, NOBODY, *map(_quoted, agents)),
        Field.HOLDER: HOLDERS,
        Field.REASON: tuple(Reason),
        Field.KIND: tuple(Kind),
    }
    return offered.get(field, _CLOSED.get(field, ()))


def _beginning(word: str, names: Collection[str]) -> Iterator[str]:
    return (each for each in names if fold(each).startswith(word))


def _as_channel(name: str) -> str:
    # Between quotes alone a name would be looked for in the tickets' texts.
    return name if _quoted(name) == name else f"{Field.CHANNEL}:{_quoted(name)}"


def _values(text: str) -> list[str]:
    return [value for value in map(_unquoted, _VALUE.findall(text)) if value.strip()]


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return inner.replace('""', '"')


def _quoted(text: str) -> str:
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if re.search(r'[\s",<>=]', text) else text


def _wrong(text: str, start: int, length: int, what: str, remedy: str) -> FilterWrong:
    told = _("possible: {choice}").format(choice=remedy) if remedy else ""
    error = FilterWrong(word=text[:60], what=what, remedy=told)
    error.start, error.end = start, start + length
    return error
