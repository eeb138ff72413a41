"""What each marketplace takes no message with, as dated data with its sources.

The rules are in `policies.toml` of the package and in the shop's own file of that name
(features.md, section 2 #11); the closest files are those of the deadlines.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, NamedTuple

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.policy.contacts import Matter, find
from mkt_tui.domain.tickets import Audience

VARIABLE: Final = "variable"
WORD: Final = "word"
LONGEST: Final = "longest"
SHORTEST: Final = "shortest"
ENCODING: Final = "encoding"
_LISTS: Final = ("marketplaces", "channels", "to", "forbids", "words", "allowed", "extensions")
_NUMBERS: Final = ("longest", "shortest", "files", "megabytes")
# What a macro could not fill in stays as it is written in the macro.
_UNFILLED: Final = re.compile(r"\{\{[^{}\n]{1,60}\}\}")


class Breach(NamedTuple):
    """Signs `start` to before `end` that a rule is against.

    Attributes:
        matter: A `Matter`, or one of the words above.
        rule: The rule's name; None where no marketplace would take it.
        stops: Whether the message cannot be sent with it; else it is a warning.
        limit: The rule's figure, of LONGEST and SHORTEST.
    """

    matter: str
    start: int
    end: int
    rule: str | None = None
    stops: bool = True
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule; fields that are empty or None leave nothing out.

    Attributes:
        source: Where it is written.
        marketplaces: Adapters whose channels it holds for.
        channels: Beginnings of the names of the channels it holds for.
        to: Audiences it holds for.
        forbids: What may not be in the text.
        words: Words that may not, in any case.
        allowed: Hosts that may be linked to all the same; `tracking` = the order's own tracking.
        longest: Most characters.
        shortest: Fewest characters.
        encoding: Signs outside this encoding are not taken.
        files: So many files may go with a message; where no rule says how many, none may.
        megabytes: How much they may have together; one is a million bytes.
        extensions: How their names may end; none = in any way.
        warns: Whether it warns only.
        valid_from: The first day on which it holds.
        valid_to: The last such day.
    """

    name: str
    source: str
    marketplaces: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    forbids: tuple[Matter, ...] = ()
    words: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    longest: int | None = None
    shortest: int | None = None
    encoding: str | None = None
    files: int | None = None
    megabytes: int | None = None
    extensions: tuple[str, ...] = ()
    warns: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, channel: Channel, audience: Audience, day: date) -> bool:
        """Tell whether a message to `audience` on that channel must keep it on that day."""
        name = channel.name.casefold()
        return (
            (not self.marketplaces or channel.adapter in self.marketplaces)
            and (not self.channels or any(name.startswith(i.casefold()) for i in self.channels))
            and (not self.to or audience in self.to)
            and (self.valid_from or day) <= day <= (self.valid_to or day)
        )

    def breaches(self, text: str, country: str, known: Collection[str]) -> Iterator[Breach]:
        """Yield what of the text is against it."""
        if self.forbids:
            for matter, start, end in find(text, self.forbids, country, known):
                if not (matter is Matter.LINK and self._allows(text[start:end])):
                    yield self._breach(matter, start, end)
        for word in self.words:
            for each in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
                yield self._breach(WORD, *each.span())
        if self.encoding:
            for place, sign in enumerate(text):
                if not _fits(sign, self.encoding):
                    yield self._breach(ENCODING, place, place + 1)
        yield from self._too_much_or_little(text)

    def _too_much_or_little(self, text: str) -> Iterator[Breach]:
        end = len(text.rstrip())
        if self.longest is not None and end > self.longest:
            yield self._breach(LONGEST, self.longest, end, self.longest)
        elif self.shortest is not None and len(text.strip()) < self.shortest:
            yield self._breach(SHORTEST, 0, len(text), self.shortest)

    def _allows(self, link: str) -> bool:
        host = re.split(r"[/?#:]", link.split("//", 1)[-1].lower(), maxsplit=1)[0]
        return any(host == each or host.endswith(f".{each}") for each in self.allowed)

    def _breach(self, matter: str, start: int, end: int, limit: int = 0) -> Breach:
        return Breach(matter, start, end, self.name, not self.warns, limit)


def breaches(
    policies: Iterable[Policy], text: str, country: str = "", known: Collection[str] = ()
) -> list[Breach]:
    """Return what of the text cannot be sent or is warned of, from left to right.

    Args:
        country: See `contacts.find`.
        known: See `contacts.find`.
    """
    found = [Breach(VARIABLE, *each.span()) for each in _UNFILLED.finditer(text)]
    for policy in policies:
        found += policy.breaches(text, country, known)
    first: dict[tuple[str, int, int], Breach] = {}
    for each in sorted(found, key=lambda each: (each.start, each.end, not each.stops)):
        first.setdefault((each.matter, each.start, each.end), each)
    return list(first.values())


def policies(figures: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[Policy, ...]:
    """Return the rules of the package with the shop's own over them.

    Raises:
        ValueError: A rule that means nothing.
    """
    names = dict.fromkeys([*figures, *own])
    found = {name: own.get(name, figures.get(name)) for name in names}
    return tuple(_policy(name, each) for name, each in found.items() if not _is_off(each))


def _is_off(values: Any) -> bool:
    return isinstance(values, dict) and values.get("off") is True


def _policy(name: str, values: Any) -> Policy:
    if not isinstance(values, dict):
        raise ValueError(name)  # noqa: TRY004 - as it is said of whatever else is wrong
    unknown = values.keys() - {each.name for each in fields(Policy)}
    if unknown:
        raise ValueError(f"{name}: {', '.join(sorted(unknown))}")
    try:
        given = {key: _value(key, value) for key, value in values.items()}
        return Policy(**{"name": name, "source": "", **given})
    except (TypeError, ValueError, LookupError) as error:
        raise ValueError(f"{name}: {error}") from error


def _value(key: str, value: Any) -> Any:
    if key in _LISTS:
        words = tuple(str(each) for each in ([value] if isinstance(value, str) else value))
        kinds = {"forbids": Matter, "to": Audience}
        return tuple(kinds[key](each) for each in words) if key in kinds else words
    if key in _NUMBERS:
        return int(value)
    if key == "encoding":
        "".encode(value)
    return value


def _fits(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
