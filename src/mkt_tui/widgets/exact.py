"""A screen that is laid out once, and sends the cells that changed and no others.

Textual sends a widget's line from its left edge, and all of the widget that touches the changed
cells from the right. A cursor that moves over half of a row pays for the whole row twice.

Textual has no public way to do better, so its private methods are overridden here; Textual is pinned,
and a test (`test_textual_inside.py`) tells when a newer one has changed any of them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor
from textual.await_remove import AwaitRemove
from textual.events import ScreenResume
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

Result = TypeVar("Result")
Chops: TypeAlias = "dict[int, Strip | None]"
"""The pieces of a line, each at the cell where it begins."""


class ExactScreen(Screen[Result]):
    """The base of the desk's screens: what one event changes goes out in one frame."""

    def __init__(
        self,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(name, id, classes)
        self._compositor = ExactCompositor()
        self._held = self._owed = False
        self._styled: str | None = None

    def _screen_resized(self, size: Size) -> None:
        # Its first layout sends a new screen a resize to the size it has, and one to those below.
        if size != self._size:
            super()._screen_resized(size)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        event.prevent_default()
        # Shown a second time it has its styles already, but for a theme that was changed meanwhile.
        event.refresh_styles = event.refresh_styles and self._styled != self.app.theme
        self._styled = self.app.theme
        self._held = True
        super()._on_screen_resume(event)
        self._held = False

    def remove(self) -> AwaitRemove:
        """Take it away; what it lay over is painted, but not laid out again: nothing there moved."""
        return self.app._prune(self, parent=None)  # noqa: SLF001 - as the rest here

    def _on_timer_update(self) -> None:
        # Textual paints after the layout, and again what asked to be painted.
        self._held = True
        super()._on_timer_update()
        self._held = False
        if self._owed:
            self._compositor_refresh()

    def paint_whole(self, *changed: Widget) -> None:
        """Lay the screen out and paint it, with what these widgets hold now: not once more after it."""
        for each in changed:
            each._layout_required = each._repaint_required = False  # noqa: SLF001 - as the rest here
            # Or it keeps the height that its last words had.
            for above in each.ancestors:
                if not isinstance(above, Widget):
                    break
                above._layout_updates += 1  # noqa: SLF001
                above._clear_arrangement_cache()  # noqa: SLF001
                if not above.styles.auto_dimensions:
                    break
        self.refresh(layout=True)

    def _compositor_refresh(self) -> None:
        self._owed = self._held
        if not self._held and not self._covered:
            super()._compositor_refresh()

    @property
    def _covered(self) -> bool:
        """Whether none of it can be seen; Textual has the screen above painted in its stead."""
        above = self.app.screen
        return above is not self and above.styles.background.a == 1


class ExactCompositor(Compositor):
    """A compositor whose partial updates are exact, and that draws nothing that is covered.

    Textual has every widget draw all its lines, the screen below them too, and then cuts each line
    at every edge there is: half of what a page costs.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """Render what changed."""
        update = super().render_partial_update()
        return update and ExactUpdate(update.chops, update.spans, update.chop_ends)

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        chops: list[Chops] = [dict.fromkeys(each[:-1]) for each in self.cuts]
        lacking = {y: len(chops[y]) for y in crop.line_range if is_rendered_line(y)}
        for widget, (region, clip) in self.visible_widgets.items():  # the foremost first
            shown = region.intersection(clip)
            lines = [y for y in shown.line_range if lacking.get(y)]
            if lines and shown.width:
                first, height = lines[0], lines[-1] - lines[0] + 1
                part = Region(shown.x, first, shown.width, height).translate(-region.offset)
                strips = widget.render_lines(part)
                for y in lines:
                    lacking[y] -= _fill(chops[y], self.cuts[y], strips[y - first], shown)
        return chops  # type: ignore[return-value]  # what none of them covers stays None, as ever


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


def _fill(chops: Chops, cuts: Sequence[int], strip: Strip, shown: Region) -> int:
    """Put a widget's line where nothing is yet; return in how many pieces."""
    filled = 0
    for left, right in pairwise(cuts):
        if shown.x <= left and right <= shown.right and chops[left] is None:
            chops[left] = strip.crop(left - shown.x, right - shown.x)
            filled += 1
    return filled
