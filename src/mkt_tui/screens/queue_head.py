"""The lines above the queue: where we are, the channels with their counts, what went wrong."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mkt_tui.domain.errors import UserError


class QueueHead(Vertical):
    """Three lines; one whose words have not changed sends no byte."""

    DEFAULT_CSS = """
    QueueHead { height: auto; }
    QueueHead #head, QueueHead #channels {
        height: 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    QueueHead #head { background: $primary-darken-2; color: $text; }
    QueueHead #channels { background: $surface; }
    QueueHead #banner { height: auto; background: $error-darken-2; color: $text; display: none; }
    QueueHead #banner.shown { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the lines; the banner shows only when it has something to say."""
        yield Static(id="head", markup=False)
        yield Static(id="channels", markup=False)
        yield Static(id="banner", markup=False)

    def show(self, head: Text, channels: Text, banner: Text) -> None:
        """Show the words of the three lines."""
        self._put("head", head)
        self._put("channels", channels)
        self._put("banner", banner)
        self.query_one("#banner").set_class(bool(banner.plain), "shown")

    def complain(self, error: UserError) -> None:
        """Put an error into the banner."""
        self._put("banner", Text(f" {error}"))
        self.query_one("#banner").add_class("shown")

    def _put(self, name: str, words: Text) -> None:
        line = self.query_one(f"#{name}", Static)
        if line.content != words:
            # The banner's height follows its words; the other lines must not cost a layout.
            line.update(words, layout=name == "banner")
