"""A reply held back: what others wrote meanwhile, and what to do about it (J7)."""

from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.cache.threads import News
from mkt_tui.i18n import N_, _
from mkt_tui.screens.thread import header
from mkt_tui.widgets.modal import Modal

SEND: Final = "send"
EDIT: Final = "edit"
DROP: Final = "drop"


class HeldScreen(Modal[str]):
    """Shows the news; ends with SEND, EDIT or DROP."""

    DEFAULT_CSS = """
    HeldScreen { align: center middle; }
    HeldScreen VerticalScroll {
        width: 76; max-width: 98%; height: auto; max-height: 80%;
        border: round $warning; padding: 0 1; background: $surface;
    }
    HeldScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e,escape", f"dismiss('{EDIT}')", N_("Edit the reply")),
        Binding("s", f"dismiss('{SEND}')", N_("Send anyway")),
        Binding("x", f"dismiss('{DROP}')", N_("Drop the reply")),
    ]

    def __init__(self, news: tuple[News, ...], when: dict[str, str]) -> None:
        super().__init__()
        self._words = words(news, when)

    def compose(self) -> ComposeResult:
        """Show what is new above the keys."""
        with VerticalScroll():
            yield Static(self._words, markup=False)


def words(news: tuple[News, ...], when: dict[str, str]) -> Text:
    """Return what was written meanwhile; `when` holds the instants in words by mark."""
    text = Text(_("Your reply is held: this was written after you began.") + "\n\n", "bold")
    for each in news:
        text.append_text(header(each.author, each.author_name, when[each.mark]))
        text.append(f"\n{each.body.rstrip()}\n\n", "not bold")
    text.append(_("e edit   s send anyway   x drop"), "bold")
    return text
