"""Send the cells that changed and no others.

Textual sends a widget's line from its left edge, and all of the widget that touches the changed
cells from the right. A cursor that moves over half of a row pays for the whole row twice.
"""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor


class ExactCompositor(Compositor):
    """A compositor whose partial updates are exact."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Render what changed."""
        update = super().render_partial_update()
        return update and ExactUpdate(update.chops, update.spans, update.chop_ends)


class ExactUpdate(ChopsUpdate):
    """Spans of cells, each with its own place."""

    def render_segments(self, console: Console) -> str:
        """Return what a terminal is sent."""
        sent: list[str] = []
        for y, left, right in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is not None and x < right and end > left:
                    first = max(left, x)
                    sent.append(Control.move_to(first, y).segment.text)
                    sent.append(strip.crop(first - x, min(end, right) - x).render(console))
        return "".join(sent)
