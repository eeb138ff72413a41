"""The words around the list of returns: its lists with their counts, what narrows it, its empty state."""

from collections.abc import Mapping
from typing import Final

from rich.text import Text

from mkt_tui.cache.returns import ReturnFilter
from mkt_tui.desk.return_list import OPEN
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.returns import ENDED, ReturnState
from mkt_tui.i18n import N_, _, ngettext

LISTS: Final = (
    (N_("To decide"), (ReturnState.WAITING,)),
    (N_("Open returns"), OPEN),
    (N_("Ended"), ENDED),
)


def head(wanted: ReturnFilter, counts: Mapping[str, int] | None, marked: int) -> Text:
    """Return the first line: the lists with their counts, those not known yet as "…"."""
    text = Text(" ")
    for number, (name, states) in enumerate(LISTS, 1):
        count = "…" if counts is None else str(sum(counts.get(each, 0) for each in states))
        style = "reverse" if states == wanted.states else ""
        text.append(f" {number} {_(name)}: {count} ", style)
        text.append(" ")
    if marked:
        told = ngettext("{count} marked", "{count} marked", marked).format(count=marked)
        text.append(f" {told}", "bold")
    return text


def narrowed(wanted: ReturnFilter, channels: Mapping[int, Channel]) -> Text:
    """Return the second line: what the list is narrowed to."""
    parts = []
    if wanted.channel_id is not None:
        found = channels.get(wanted.channel_id)
        parts.append(found.name if found else "?")
    if wanted.number is not None:
        parts.append(_("number {number}…").format(number=wanted.number))
    if not parts:
        return Text(" " + _("What moved longest ago comes first"))
    return Text(f" [{', '.join(parts)}]", "bold yellow")


def empty(wanted: ReturnFilter, counts: Mapping[str, int]) -> str:
    """Return what to say where the list has no return."""
    if wanted.number is not None or wanted.channel_id is not None:
        if sum(counts.values()):
            return _("No return of this list fits; {count} in the others.").format(
                count=sum(counts.values())
            )
        return _("No return fits. 0 shows all of them.")
    return _("No return is in this list.")
