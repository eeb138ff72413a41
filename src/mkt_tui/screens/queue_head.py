"""The lines above the queue: where we are, channels and views with their counts, what went wrong."""

from typing import Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mkt_tui.domain.errors import UserError
from mkt_tui.widgets.steady import put

_WIDE: Final = 110
_HIGH: Final = 30


class QueueHead(Vertical):
    """Three or four lines; one whose words have not changed sends no byte."""

    DEFAULT_CSS = """
    QueueHead { height: auto; }
    QueueHead #head, QueueHead #channels, QueueHead #views {
        height: 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    QueueHead #head { background: $primary-darken-2; color: $text; }
    QueueHead #channels, QueueHead #views { background: $surface; }
    QueueHead Static { link-style: none; link-color: $foreground; }
    QueueHead #views { display: none; }
    QueueHead #views.shown { display: block; }
    QueueHead #banner {
        height: auto; max-height: 33vh; padding: 0 1; background: $error-darken-2;
        color: $text; display: none; link-color: $text;
    }
    QueueHead #banner.shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._head = Static(id="head", markup=False)
        self._channels = Static(id="channels", markup=False)
        self._views = Static(id="views", markup=False)
        self._banner = Static(id="banner", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out the lines; the banner shows only when it has something to say."""
        yield self._head
        yield self._channels
        yield self._views
        yield self._banner

    @property
    def has_room(self) -> bool:
        """Whether the terminal has a line to spare for the views."""
        return self.screen.size.width >= _WIDE and self.screen.size.height >= _HIGH

    def show_views(self, words: Text) -> None:
        """Show the views with their counts, where there is room."""
        self._views.set_class(self.has_room, "shown")
        if self.has_room:
            self._put(self._views, words)

    def show(self, head: Text, channels: Text, banner: Text) -> None:
        """Show the words of the three lines."""
        self._put(self._head, head)
        self._put(self._channels, channels)
        self._put(self._banner, banner)
        self._banner.set_class(bool(banner.plain), "shown")

    def complain(self, error: UserError) -> None:
        """Put an error into the banner."""
        self._put(self._banner, Text(str(error)))
        self._banner.add_class("shown")

    def _put(self, line: Static, words: Text) -> None:
        # The banner's height follows its words; the other lines must not cost a layout.
        put(line, words, layout=line is self._banner)
