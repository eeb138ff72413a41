"""The account that opens customers' personal data, and the modules matched with it (C5-C7)."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, SelectionList, Static
from textual.widgets.selection_list import Selection

from mkt_tui.domain.channels import PersonalData
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal


def module_name(module: str) -> str:
    """Return what a module opens, in the agent's language."""
    names = {
        "orders": _("orders: buyer and recipient"),
        "invoices": _("invoices: tax registrations"),
    }
    return names.get(module, module)


class PersonalDataScreen(Modal[tuple[str, tuple[str, ...]] | None]):
    """Ends with the account ("" = none) and the matched modules; None when left."""

    DEFAULT_CSS = """
    PersonalDataScreen { align: center middle; }
    PersonalDataScreen > Vertical {
        width: 70; max-width: 98%; height: auto;
        border: round $primary; background: $surface; padding: 0 1;
    }
    PersonalDataScreen #title { text-style: bold; }
    PersonalDataScreen Static { height: auto; }
    PersonalDataScreen Input { background: $boost; }
    PersonalDataScreen SelectionList { height: auto; max-height: 8; border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onwards", N_("Go"), priority=True),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, data: PersonalData, known: Sequence[str]) -> None:
        super().__init__()
        self._data, self._known = data, known

    def compose(self) -> ComposeResult:
        """Ask for the account, then for its modules; new ones come matched."""
        account = self._data.account or ""
        hint = ", ".join(self._known) or _("its name; a new one is made")
        # Where there was no account nothing was matched on purpose either.
        with Vertical():
            yield Static(_("Account for personal data"), id="title", markup=False)
            yield Input(
                account, placeholder=hint, compact=True, suggester=SuggestFromList(self._known)
            )
            yield Static(_("Empty = none: personal data stays masked."), markup=False)
            yield Static(_("Modules (Space matches, Enter goes on)"), markup=False)
            yield SelectionList[str](
                *(
                    Selection(module_name(each), each, not account or each in self._data.matched)
                    for each in self._data.modules
                )
            )

    def on_mount(self) -> None:
        """Begin with the account."""
        self.query_one(Input).focus()

    def action_onwards(self) -> None:
        """Go from the account to the modules, and from there back with both."""
        account, modules = self.query_one(Input).value.strip(), self.query_one(SelectionList)
        if self.focused is not modules and account:
            modules.focus()
        else:
            matched = [each for each in self._data.modules if each in modules.selected]
            self.dismiss((account, tuple(matched) if account else ()))
