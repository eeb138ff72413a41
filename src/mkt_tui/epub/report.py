"""What a check found: messages with their place, and a verdict per shop (features.md, P1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from mkt_tui.i18n import N_, _


class Severity(StrEnum):
    """EPUBCheck's severities, the gravest first."""

    FATAL = "FATAL"
    ERROR = "ERROR"
    WARNING = "WARNING"
    INFO = "INFO"
    USAGE = "USAGE"
    SUPPRESSED = "SUPPRESSED"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return _RANKS[self]


_RANKS = {each: place for place, each in enumerate(Severity)}


class Kind(StrEnum):
    """The defect's class, as shops' tickets tell them apart (features.md, P3)."""

    TOC = "toc"
    TECHNICAL = "technical"
    TYPO = "typo"


_NAMES: Mapping[Severity, str] = {
    Severity.FATAL: N_("fatal"),
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.INFO: N_("information"),
    Severity.USAGE: N_("usage"),
    Severity.SUPPRESSED: N_("suppressed"),
}


def severity_name(severity: Severity) -> str:
    """Return the severity in the current language."""
    return _(_NAMES[severity])


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a check has to say.

    Attributes:
        id: EPUBCheck's, such as RSC-012, or one of `rules`, such as COVER-SMALL.
        path: The file inside the EPUB; "" = the EPUB as a whole.
        line: From 1; None = the whole file.
        column: From 1; None = the whole line.
        text: What is wrong, cleaned, in the language the check was run in.
        advice: What to do about it, "" where nothing general can be said.
        source: Whose rule it is, with its version: "EPUBCheck 5.3.0", "Kobo 2015-06".
    """

    id: str
    severity: Severity
    path: str
    line: int | None
    column: int | None
    text: str
    advice: str = ""
    kind: Kind = Kind.TECHNICAL
    source: str = ""

    @property
    def place(self) -> str:
        """Where it is: EPUB/nav.xhtml:12:3."""
        parts = (self.path or "-", self.line, self.column)
        return ":".join(str(each) for each in parts if each is not None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one shop would say.

    Attributes:
        profile: The profile's name.
        title: The shop's name.
        version: Of the shop's rules: the date they were taken down at.
        source: Where the shop's rules are written.
        passed: Whether it would take the file.
        messages: The gravest first.
    """

    profile: str
    title: str
    version: str
    source: str
    passed: bool
    messages: tuple[Message, ...]

    def count(self, *severities: Severity) -> int:
        """Return how many messages are of these severities."""
        return sum(each.severity in severities for each in self.messages)


@dataclass(frozen=True, slots=True)
class Checker:
    """What EPUBCheck itself said, before any shop's rules.

    Attributes:
        version: EPUBCheck's.
        counts: Messages per severity, locations counted one by one.
    """

    version: str
    counts: Mapping[Severity, int]

    @property
    def passed(self) -> bool:
        """Tell whether EPUBCheck calls the file valid."""
        return not (self.counts.get(Severity.FATAL) or self.counts.get(Severity.ERROR))


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one check of one file.

    Attributes:
        name: The file's name.
        size: In bytes.
        sha256: Of the file, in hex: the file that was checked is the one that is sent.
        checked_at: In UTC.
        language: The language of the texts.
        title: The book's, "" where it could not be read.
        identifier: The book's own, an ISBN as a rule.
        checker: What EPUBCheck said; None = the archive was refused before.
        verdicts: One per profile asked for.
    """

    name: str
    size: int
    sha256: str
    checked_at: datetime
    language: str
    title: str
    identifier: str
    checker: Checker | None
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every shop asked would take the file."""
        return all(each.passed for each in self.verdicts)

    def to_json(self) -> str:
        """Return the report as JSON that `from_json` understands."""
        return msgspec.json.format(msgspec.json.encode(self)).decode()

    @staticmethod
    def from_json(text: str) -> "Report":
        """Return the report that `to_json` wrote.

        Raises:
            ValueError: It is none.
        """
        return msgspec.json.decode(text, type=Report)


def ordered(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return the messages, the gravest first, then by their place."""
    return tuple(
        sorted(messages, key=lambda m: (m.severity.rank, m.path, m.line or 0, m.column or 0, m.id))
    )


def as_text(report: Report) -> str:
    """Return the report as plain text in the current language, to be read or attached."""
    lines = [report.name, f"SHA-256 {report.sha256}", report.checked_at.isoformat()]
    if report.title:
        lines.append(f"{report.title} ({report.identifier})")
    for verdict in report.verdicts:
        lines += ["", verdict_line(verdict), f"  {verdict.source}"]
        for each in verdict.messages:
            lines.append(f"  {severity_name(each.severity)} {each.id} {each.place}")
            lines.append(f"    {each.text}")
            if each.advice:
                lines.append(f"    {each.advice}")
    return "\n".join(lines) + "\n"


def verdict_line(verdict: Verdict) -> str:
    """Return the verdict on one line: ✓ Kobo (2015-06): would be taken; 2 warnings."""
    sentence = (
        _("{shop} ({version}): would be taken (errors: {errors}, warnings: {warnings})")
        if verdict.passed
        else _("{shop} ({version}): would be refused (errors: {errors}, warnings: {warnings})")
    )
    return ("✓ " if verdict.passed else "x ") + sentence.format(
        shop=verdict.title,
        version=verdict.version,
        errors=verdict.count(Severity.FATAL, Severity.ERROR),
        warnings=verdict.count(Severity.WARNING),
    )
