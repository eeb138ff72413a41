"""How a check is told of: how far it is, and what it found."""

from mkt_tui.epub.progress import Progress, Step
from mkt_tui.i18n import _


def progress_line(progress: Progress) -> str:
    """Return how far a check is: EPUBCheck reads the book: 12 s."""
    if progress.step is Step.EPUBCHECK:
        return _("EPUBCheck reads the book: {seconds} s").format(seconds=progress.done)
    if progress.step is Step.RULES:
        return _("The shops' rules: picture {done} of {all}").format(
            done=progress.done + 1, all=progress.total
        )
    percent = 100 * progress.done // max(progress.total, 1)
    return _("The archive is examined: {percent} %").format(percent=percent)
