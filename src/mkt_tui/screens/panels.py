"""What stands beside a thread: tickets of the order and the customer, notes, what happened."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import history, sheet
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.formats import instant, time_left
from mkt_tui.domain import reasons
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.tickets import Instance
from mkt_tui.i18n import N_, _
from mkt_tui.screens import conversation_words
from mkt_tui.screens.queue_columns import situation_word
from mkt_tui.screens.thread import note_words
from mkt_tui.widgets.modal import Modal

ORDER: Final = "order"
PORTAL: Final = "portal"


def panel(name: str, desk: Desk, conversation: Conversation) -> Text:
    """Return a panel's words."""
    return PANELS[name](desk, conversation)


def tickets(desk: Desk, conversation: Conversation) -> Text:
    """Return the case: the order's state, its protocols, its instances (T10, T35, T40, T46).

    Behind them stand the tickets of the customer's document, and of the name.
    """
    words = _order_state(desk, conversation)
    if conversation.ticket.holder:
        words.append(conversation_words.holder(conversation.ticket.holder) + "\n\n", "yellow")
    rows = [conversation.ticket, *conversation.siblings]
    instances = [each for each in rows if reasons.is_instance(each.kind)]
    words.append_text(_heading(_("Protocols of this order")))
    _list(words, desk, [each for each in rows if each not in instances])
    words.append_text(_heading("\n" + _("Instances of this order")))
    _list(words, desk, instances, conversation.instances)
    if conversation.linked:
        words.append_text(_heading("\n" + _("Linked tickets")))
        _list(words, desk, conversation.linked)
    known = {each.id for each in (*conversation.siblings, *conversation.linked)}
    same = history.of_document(desk, conversation.order, conversation.ticket)
    if conversation.order is not None and conversation.order.personal.get("document"):
        words.append_text(_heading("\n" + _("Tickets with the same CPF or CNPJ")))
        _list(words, desk, [each for each in same if each.id not in known])
    known |= {each.id for each in same}
    words.append_text(_heading("\n" + _("Tickets under the same name (who may be another)")))
    others = history.of_customer(desk, conversation.ticket)
    _list(words, desk, [each for each in others if each.id not in known])
    return words


def notes(desk: Desk, conversation: Conversation) -> Text:
    """Return the internal notes, the oldest first."""
    words = _heading(_("Internal notes (never sent)"))
    for each in conversation.notes:
        words.append_text(note_words(each, instant(each.at, desk.settings.zone)))
    if not conversation.notes:
        words.append(_("No note yet. N writes one."), "dim")
    return words


def events(desk: Desk, conversation: Conversation) -> Text:
    """Return through whose hands the ticket went (T22), who did what, and the order's occurrences."""
    zone, row = desk.settings.zone, conversation.ticket
    words = _heading(_("Through whose hands"))
    links = history.hands(desk, row.id)
    for link in links:
        before, after = link.before or _("nobody"), link.after or _("nobody")
        words.append(f"{instant(link.at, zone)}  ", "dim")
        words.append(_("{before} → {after}, by {agent}").format(
            before=before, after=after, agent=link.agent
        ))  # fmt: skip
        words.append(f"  {link.note or ''}\n", "italic")
    if not links:
        words.append(_("Nobody has handed it on.") + "\n", "dim")
    words.append_text(_heading("\n" + _("What happened")))
    happened = history.of_ticket(desk, row)
    if not happened:
        words.append(_("Nothing yet.") + "\n", "dim")
    for each in happened:
        words.append(f"{instant(each.at, zone)}  ", "dim")
        words.append(f"{each.agent}: {each.act}")
        words.append(f"  {each.detail}\n", "dim")
    if conversation.order is not None:
        words.append_text(_heading("\n" + _("Occurrences of the order")))
        for line in sheet.occurrences(desk, conversation.order):
            words.append(f"{line.label}  ", "dim")
            words.append(f"{line.value}\n")
    return words


def order(desk: Desk, conversation: Conversation) -> Text:
    """Return the order pane; beside a portal's ticket with how to answer there (T30, T37, T45)."""
    others = conversation_words.siblings(conversation)
    words = conversation_words.order(desk, conversation)
    if not conversation.channel.by_hand:
        return others.append_text(words)
    guide = portal(desk, conversation)
    parts = (guide, words) if conversation.order is None else (words, guide)
    return others.append_text(Text("\n\n").join(parts))


def portal(desk: Desk, conversation: Conversation) -> Text:
    """Return how to answer on the portal, or why the runbook cannot be shown."""
    from mkt_tui.desk import portals  # only for portals
    from mkt_tui.screens.portal import words

    try:
        found = words(portals.guide(desk, conversation.ticket))
    except UserError as error:
        return Text(str(error))
    found.rstrip()
    return found


PANELS: Final[Mapping[str, Callable[[Desk, Conversation], Text]]] = {
    ORDER: order,
    "tickets": tickets,
    PORTAL: portal,
    "notes": notes,
    "history": events,
}


def _heading(title: str) -> Text:
    return Text.assemble((f"{title}\n", "bold underline"))


def _order_state(desk: Desk, conversation: Conversation) -> Text:
    """Return the order's number and state, as of when it was told (T42)."""
    number, order = conversation.ticket.order_number, conversation.order
    if number is None:
        return Text()
    words = _heading(_("Order {number}").format(number=number))
    if order is None:
        return words.append(conversation_words.no_order(conversation) + "\n\n", "dim")
    at = instant(order.updated_at, desk.settings.zone)
    told = _("{status}, as of {instant}").format(status=order.marketplace_status, instant=at)
    return words.append(f"{told}\n\n")


def _list(
    words: Text,
    desk: Desk,
    rows: Iterable[QueueRow],
    instances: Mapping[int, Instance] = MappingProxyType({}),
) -> None:
    now, channels, none = desk.clock(), desk.channels(), True
    for row in rows:
        none = False
        state = situation_word(row, now, desk.settings.rules, desk.settings.zone)
        words.append(f"{instant(row.received_at, desk.settings.zone)}  {state}  ", "dim")
        words.append(f"{channels[row.channel_id].name} {row.code}", "bold")
        if sort := conversation_words.sort(row):
            words.append(f"  {sort}", "yellow")
        if each := instances.get(row.id):
            words.append("  " + conversation_words.instance(each), "bold")
        if row.due_at is not None and not row.state:
            words.append("  " + time_left(from_cache(row.due_at), now), "dim")
        words.append("\n")
        words.append(f"  {reasons.subject(row.subject)}\n")
    if none:
        words.append(_("None.") + "\n", "dim")


class PanelScreen(Modal[bool]):
    """A panel as a page of its own, where there is no room beside the thread.

    Ends with True when a note is to be written. The panels' keys go from one to the next; its own
    goes back.
    """

    DEFAULT_CSS = """
    PanelScreen VerticalScroll { padding: 0 1; background: $surface; }
    PanelScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", N_("Back")),
        Binding("i,f2", f"panel('{ORDER}')", N_("Order")),
        Binding("t,f3", "panel('tickets')", N_("Tickets")),
        Binding("n,f4", "panel('notes')", N_("Notes")),
        Binding("h,f5", "panel('history')", N_("History")),
        Binding("N", "dismiss(True)", N_("Internal note")),
    ]

    def __init__(self, shown: str, words: Callable[[str], Text]) -> None:
        super().__init__()
        self._shown, self._words = shown, words

    def compose(self) -> ComposeResult:
        """Show the words; they scroll."""
        with VerticalScroll():
            yield Static(self._words(self._shown), markup=False)

    def action_panel(self, name: str) -> None:
        """Show another panel, or go back from this one."""
        if name == self._shown:
            self.dismiss(None)
            return
        self._shown = name
        self.query_one(Static).update(self._words(name))
        self.query_one(VerticalScroll).scroll_home(animate=False)
