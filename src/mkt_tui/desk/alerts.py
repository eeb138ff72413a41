"""What is worth a bell: a ticket became overdue, a new one arrived."""

from mkt_tui.desk.overview import Overview
from mkt_tui.i18n import ngettext


def news(before: Overview, now: Overview) -> str | None:
    """Return in a sentence what came between two looks, None when nothing that calls for one.

    Only counts, never a word from outside: the sentence goes to the terminal itself.
    """
    if not before.channels:
        return None
    parts = []
    if (late := now.late - before.late) > 0:
        parts.append(
            ngettext("{count} ticket became late", "{count} tickets became late", late).format(
                count=late
            )
        )
    if (more := now.open - before.open) > 0:
        parts.append(ngettext("{count} new ticket", "{count} new tickets", more).format(count=more))
    return ", ".join(parts) or None
