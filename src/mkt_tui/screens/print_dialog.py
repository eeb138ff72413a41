"""Asks where order sheets go, and sends them there (T9)."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import printing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.printing import Form
from mkt_tui.desk.sheet import channel_name
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.widgets.modal import Modal

PRINTER = "printer"
CLIPBOARD = "clipboard"


async def print_orders(
    app: App[None], desk: Desk, records: Sequence[OrderRecord], *, revealed: bool
) -> bool:
    """Ask where to, print, and tell what became of it; call from a worker.

    Returns:
        Whether anything was printed.
    """
    target = await app.push_screen_wait(PrintDialog(desk, records, revealed=revealed))
    if target is None:
        return False
    try:
        told = await _sent(app, desk, records, target, revealed=revealed)
    except UserError as error:
        app.notify(str(error), severity="error", markup=False)
        return False
    app.notify(told, markup=False)
    return True


async def _sent(
    app: App[None], desk: Desk, records: Sequence[OrderRecord], target: str, *, revealed: bool
) -> str:
    if target == PRINTER:
        await asyncio.to_thread(printing.to_printer, desk, records, revealed=revealed)
        return _("Sent to the printer.")
    if target == CLIPBOARD:
        text = await asyncio.to_thread(printing.for_clipboard, desk, records, revealed=revealed)
        app.copy_to_clipboard(text)
        return _("The order was sent to the terminal's clipboard.")
    path = await asyncio.to_thread(printing.to_file, desk, records, Form(target), revealed=revealed)
    return _("Written to {path}").format(path=path)


class PrintDialog(Modal[str | None]):
    """Asks where sheets go, and says what of them will be readable there."""

    DEFAULT_CSS = """
    PrintDialog {
        align: center middle;
    }
    PrintDialog #dialog {
        width: 60;
        max-width: 100%;
        height: auto;
        padding: 1 2;
        border: round $primary;
        background: $surface;
    }
    PrintDialog Static {
        height: auto;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "choose('printer')", N_("Printer")),
        Binding("d", "choose('pdf')", N_("PDF")),
        Binding("8", "choose('receipt')", N_("Receipt")),
        Binding("f", "choose('text')", N_("File")),
        Binding("h", "choose('html')", N_("HTML")),
        Binding("c", "choose('clipboard')", N_("Clipboard")),
        Binding("escape,q", "dismiss", N_("Cancel")),
    ]

    def __init__(self, desk: Desk, records: Sequence[OrderRecord], *, revealed: bool) -> None:
        super().__init__()
        self._desk = desk
        self._records = records
        self._revealed = revealed

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="dialog"):
            yield Static(self._question(), markup=False)

    def action_choose(self, target: str) -> None:
        """Answer with the target."""
        self.dismiss(target)

    def _what(self) -> str:
        first, number = self._records[0], len(self._records)
        if number > 1:
            return ngettext("Print {number} order", "Print {number} orders", number).format(
                number=number
            )
        return _("Print {title} ({channel})").format(
            title=_("Order {number}").format(number=clean_line(first.number)),
            channel=clean_line(channel_name(self._desk, first)),
        )

    def _question(self) -> Text:
        privacy = (
            _("Personal data will be readable.")
            if self._revealed
            else _("Personal data will be masked.")
        )
        text = Text(f"{self._what()}\n", "bold")
        text.append(f"{privacy}\n\n", "not bold")
        for key, name in (
            ("p", _("to the printer")),
            ("d", _("to a PDF file (A4) in your home folder")),
            ("8", _("to a PDF file for an 80 mm receipt printer")),
            ("f", _("to a text file")),
            ("h", _("to an HTML file")),
            ("c", _("to the terminal's clipboard")),
            ("Esc", _("do not print")),
        ):
            text.append(f"{key:>4}", "bold")
            text.append(f"  {name}\n", "not bold")
        text.right_crop(1)
        return text
