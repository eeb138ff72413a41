"""A new channel: name, country, kind, address, credentials; what can be known is filled in (C1-C3)."""

from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus
from textual.widgets import Input, Static

from mkt_tui.desk import channel_options, channel_setup
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import PORTAL
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.modal import Modal
from mkt_tui.widgets.secret_fields import SecretFields, SecretInput

_FIELDS: Final = {
    "name": (N_("Name"), N_("such as Amazon IT, Casas Bahia")),
    "country": (N_("Country"), N_("of sale: BR, IT, PT …")),
    "adapter": (N_("Kind"), ""),
    "address": (N_("Address"), N_("of its API: https://…")),
    "options": (N_("Options"), N_("key=value key=value; most channels need none")),
}


class ChannelEntry(Modal[str | None]):
    """Ends with the new channel's name; None when left."""

    DEFAULT_CSS = """
    ChannelEntry { align: center middle; }
    ChannelEntry > Vertical {
        width: 78; max-width: 98%; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    ChannelEntry Horizontal { height: 1; }
    ChannelEntry .name { width: 14; color: $text-muted; }
    ChannelEntry Input { width: 1fr; background: $boost; }
    ChannelEntry #title { text-style: bold; }
    ChannelEntry #whose { color: $text-muted; height: auto; }
    ChannelEntry #hint { height: 2; }
    ChannelEntry #trouble { color: $text-error; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "keep", N_("Add the channel"), priority=True),
        Binding("enter", "onwards", N_("Next field"), priority=True),
        # With priority, so that what is typed right after them goes to the next field.
        Binding("down,tab", "app.focus_next", N_("Next field"), priority=True, show=False),
        Binding(
            "up,shift+tab", "app.focus_previous", N_("Previous field"), priority=True, show=False
        ),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._adapters = channel_setup.adapters()
        # What was filled in here may be filled in otherwise; what somebody typed is theirs.
        self._ours: dict[str, str] = {"adapter": "", "address": "", "options": ""}

    def compose(self) -> ComposeResult:
        """One line a field; the credentials follow the kind."""
        with Vertical():
            yield Static(_("New channel"), id="title", markup=False)
            for name, (title, hint) in _FIELDS.items():
                with Horizontal():
                    yield Static(_(title), classes="name", markup=False)
                    placeholder = ", ".join(self._adapters) if name == "adapter" else _(hint)
                    yield Input(placeholder=placeholder, id=name, compact=True)
            yield Static(id="whose", markup=False)
            yield SecretFields(())
            yield Static(id="hint", markup=False)
            yield Static(id="trouble", markup=False)

    def on_mount(self) -> None:
        """Begin with the name, which tells most of the rest."""
        self.query_one("#name", Input).focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say what is wanted now."""
        if isinstance(event.widget, SecretInput):
            told = _("Credentials are not shown. Paste them one by one, or all as a JSON object.")
        else:
            told = _("Enter goes on and at the end adds it, Esc leaves.")
        self.query_one("#hint", Static).update(told)

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    @on(Input.Changed, "#name")
    @on(Input.Changed, "#country")
    def _guess(self) -> None:
        whose = channel_setup.meant(self._desk, self._field("name").value)
        country = self._field("country").value.strip().upper()
        self._fill("adapter", whose.adapter if whose else "")
        self._fill("address", whose.address(country) if whose and country else "")
        options = whose.options if whose else {}
        self._fill("options", " ".join(f"{key}={value}" for key, value in options.items()))
        told = ""
        if whose:
            others = ", ".join(whose.aliases)
            told = _("{name} (also {others})") if others else "{name}"
            told = told.format(name=whose.name, others=others)
        self.query_one("#whose", Static).update(Text(told))

    def _fill(self, name: str, value: str) -> None:
        field = self._field(name)
        if field.value in ("", self._ours[name]):
            self._ours[name] = field.value = value

    @on(Input.Changed, "#adapter")
    async def _kind_changed(self, event: Input.Changed) -> None:
        adapter = event.value.strip()
        if adapter and adapter not in self._adapters:
            return
        try:
            names = channel_setup.key_names(adapter) if adapter not in ("", PORTAL) else ()
        except UserError as error:
            self._complain(error)
            return
        fields = self.query_one(SecretFields)
        if adapter == PORTAL or tuple(fields.values) != (names or ("",)) or not fields.display:
            await fields.remove()
            fresh = SecretFields(names)
            fresh.display = adapter != PORTAL
            await self.query_one(Vertical).mount(fresh, after="#whose")

    def action_onwards(self) -> None:
        """Go to what still is to be told, and add the channel when nothing is."""
        focused = self.focused
        if isinstance(focused, SecretInput) and self._key_is_whole(focused):
            self.action_keep()
            return
        fields = [*(self._field(each) for each in _FIELDS), *self.query(SecretInput)]
        shown = [each for each in fields if each.display and each.id != "options"]
        later = shown[shown.index(focused) + 1 :] if focused in shown else shown
        following = next((each for each in later if not each.value), None)
        if following is not None:
            following.focus()
        else:
            self.action_keep()

    def _key_is_whole(self, field: SecretInput) -> bool:
        """Whether all was pasted at once: a JSON object, or one reference to it."""
        fields = self.query_one(SecretFields)
        fields.fill(field.value.strip())
        told = [each for each in fields.values.values() if each]
        return len(told) > 1 and field is self.query(SecretInput).first()

    def action_keep(self) -> None:
        """Add it, or say why not."""
        try:
            wanted = NewChannel(
                self._field("name").value,
                self._field("adapter").value.strip(),
                self._field("country").value,
                self._field("address").value,
                "",
                channel_options.read(channel_options.split(self._field("options").value)),
            )
            added = channel_setup.add(self._desk, wanted, self.query_one(SecretFields).values)
        except UserError as error:
            self._complain(error)
        else:
            self.dismiss(added.name)

    def _complain(self, error: UserError) -> None:
        self.query_one("#trouble", Static).update(Text(str(error)))
