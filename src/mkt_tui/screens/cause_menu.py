"""Choose with one digit which party must be set in motion (M15)."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mkt_tui.desk.monitor import cause_name
from mkt_tui.domain.monitor import Cause
from mkt_tui.i18n import N_
from mkt_tui.widgets.modal import Modal


class CauseMenu(Modal[Cause | None]):
    """Ends with a cause, or None."""

    DEFAULT_CSS = """
    CauseMenu { align: center middle; }
    CauseMenu OptionList { width: 50; max-width: 90%; height: auto; max-height: 80%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,w", "dismiss(None)", N_("Back"))]

    def compose(self) -> ComposeResult:
        """List the causes, each with its digit."""
        yield OptionList(
            *(
                Option(Text(f" {number}  {cause_name(cause)}"), cause.value)
                for number, cause in enumerate(Cause, 1)
            )
        )

    def on_key(self, event: Key) -> None:
        """Take the digit of a cause."""
        for number, cause in enumerate(Cause, 1):
            if event.character == str(number):
                event.stop()
                self.dismiss(cause)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Cause(event.option_id or Cause.OTHER))
