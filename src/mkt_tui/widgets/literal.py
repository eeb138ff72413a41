"""The last wall before the terminal: no control byte from outside gets past it.

Adapters clean what they read; this filter cleans what is drawn, whatever widget drew it. It uses
a hook that Textual documents as internal, so a pty test holds it (terminal.md, trap 1).
"""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from mkt_tui.domain.text import clean


class Literal(LineFilter):
    """Turns control and bidirectional codes in drawn text into visible marks."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments with their text made safe."""
        return [_safe(each) for each in segments]


def _safe(segment: Segment) -> Segment:
    text = clean(segment.text)
    if text is segment.text:
        return segment
    return Segment(text.replace("\n", "␊"), segment.style, segment.control)
