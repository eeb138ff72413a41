"""The words of a check's screens: verdicts, the columns of the messages, one message in full."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from rich.style import Style
from rich.text import Text

from mkt_tui.epub.report import Kind, Message, Report, Severity, Verdict, severity_name
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.virtual_table import Column

_LOOKS: Final = {
    Severity.FATAL: ("X", Style(color="#ffffff", bgcolor="#af0000", bold=True)),
    Severity.ERROR: ("x", Style(color="magenta", bold=True)),
    Severity.WARNING: ("!", Style(color="bright_yellow", bold=True)),
}
_CALM: Final = ("i", Style(color="cyan"))
_TYPO: Final = ("~", Style(color="cyan"))


def look(message: Message) -> tuple[str, Style]:
    """Return glyph and colour of a message."""
    return _TYPO if message.kind is Kind.TYPO else _LOOKS.get(message.severity, _CALM)


def columns() -> tuple[Column[Message], ...]:
    """Return the columns of the messages."""
    return (
        Column("", lambda each: look(each)[0], 1, 1, 0, lead=True),
        Column(N_("Rule"), lambda each: each.id, 7, 15, 1, lead=True),
        Column(N_("Place"), lambda each: each.place, 12, 26, 2, short=short_place),
        Column(N_("Message"), lambda each: each.text, 20, 60, 3),
    )


def short_place(message: Message) -> str:
    """Return the file without its folders, and the line."""
    name = PurePosixPath(message.path).name or "-"
    return name if message.line is None else f"{name}:{message.line}"


def tabs(verdicts: Sequence[Verdict], typos: int | None, chosen: int) -> Text:
    """Return the verdicts side by side, the chosen one turned round."""
    words = Text(no_wrap=True, end="")
    for place, each in enumerate(verdicts):
        glyph, style = ("✓", "green") if each.passed else ("x", "bold magenta")
        count = each.count(Severity.FATAL, Severity.ERROR) or ""
        told = f" {glyph} {each.title} {count}".rstrip() + " "
        words.append(told, f"{style} reverse" if place == chosen else style)
    if typos is not None:
        told = " ~ " + _("Spelling") + f" {typos} "
        words.append(told, "cyan reverse" if chosen == len(verdicts) else "cyan")
    return words


def head(name: str, report: Report | None) -> str:
    """Return the title: which file, which book, checked by what."""
    if report is None:
        return _("Check of {name}").format(name=name)
    version = f"EPUBCheck {report.checker.version}" if report.checker else "—"
    return _("Check of {name}  {title}  {version}").format(
        name=name, title=report.title, version=version
    )


def in_full(message: Message | None) -> Text:
    """Return a message with what to do about it, and whose rule it is."""
    words = Text()
    if message is None:
        return words
    glyph, style = look(message)
    words.append(f"{glyph} {severity_name(message.severity)} {message.id}", style)
    words.append(f"  {message.place}\n", "dim")
    words.append(message.text)
    if message.advice:
        words.append(f"\n→ {message.advice}", "green")
    words.append(f"\n{message.source}", "dim")
    return words


def complaint(told: str) -> Text:
    """Return the ticket's text under its title."""
    words = Text(_("The ticket says:") + "\n", "bold")
    return words.append(told, "not bold")


def empty(verdict: Verdict | None) -> str:
    """Return what stands where there is no message."""
    if verdict is None:
        return _("Every word is in the dictionary.")
    return _("{shop} would take this file: nothing to complain of.").format(shop=verdict.title)
