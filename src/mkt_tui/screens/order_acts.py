"""Acts on an order: which there are, what they need, what they change, and the agent's yes (C16)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Static

from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.desk import formats, order_acts, order_questions, refunding, shipments, shipping
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.sheet_sections import act_word
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Operation
from mkt_tui.domain.order_operations import Parcel
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import N_, _
from mkt_tui.screens.act_dialogs import FRAME, ActForm, AskScreen
from mkt_tui.widgets.modal import Modal

_FIELDS: Final = {
    Kind.TRACK: (N_("Carrier"), N_("Tracking number"), N_("Tracking page")),
    Kind.SHIP: (N_("Carrier"), N_("Tracking number"), N_("Tracking page")),
    Kind.CANCEL: (N_("The marketplace's reason code, if it asks for one"),),
    Kind.REFUND: (
        N_("Item=amount, shipping included: all that is left of each"),
        N_("The marketplace's reason code, if it asks for one"),
    ),
    Kind.INCIDENT: (N_("The marketplace's reason code, if it asks for one"),),
    Kind.EXCHANGE: (
        N_("Which items, with their pieces, such as 1 or 2x3; empty = all"),
        N_("Tracking number, where a parcel is on its way"),
        N_("Carrier"),
    ),
    Kind.DOCUMENT: (N_("File"), N_("The marketplace's code of the document's kind")),
}


_REASONED: Final = frozenset({Kind.CANCEL, Kind.REFUND, Kind.INCIDENT})


class Choice(NamedTuple):
    """A line of the menu: an act, and for a decision which way."""

    key: str
    kind: Kind
    name: str
    accepts: bool = True


PARCELS: Final = N_("Tracking number; several parcels with their items: AA1:1,2x3 AA2:2x1")
ONE_PARCEL: Final = Choice("p", Kind.TRACK, N_("One of several parcels"), accepts=False)
_CHOICES: Final = (
    Choice("a", Kind.DECIDE, N_("Accept")),
    Choice("f", Kind.DECIDE, N_("Refuse"), accepts=False),
    Choice("t", Kind.TRACK, N_("Enter tracking")),
    Choice("s", Kind.SHIP, N_("Ship")),
    ONE_PARCEL,
    Choice("c", Kind.CANCEL, N_("Cancel order")),
    Choice("r", Kind.REFUND, N_("Refund")),
    Choice("d", Kind.DOCUMENT, N_("Send document")),
    Choice("D", Kind.DELETE_DOCUMENT, N_("Delete document")),
    Choice("i", Kind.INCIDENT, N_("End incident")),
    Choice("v", Kind.RETURN, N_("Handle return")),
    Choice("e", Kind.DELIVER, N_("Declare delivered")),
    Choice("w", Kind.EXCHANGE, N_("Exchange items")),
    Choice("b", Kind.EXCHANGE, N_("Items came back"), accepts=False),
)


async def act_on(app: App[None], desk: Desk, record: OrderRecord) -> bool:
    """Let the agent choose an act, fill it in and confirm it; call from a worker.

    Returns:
        Whether an act was put into the outbox.
    """
    chosen = await app.push_screen_wait(ActMenu(desk, record))
    if chosen is None:
        return False
    return await take(app, desk, record, lambda: _filled(app, desk, record, chosen))


async def take(
    app: App[None],
    desk: Desk,
    record: OrderRecord,
    fill: Callable[[], Awaitable[Operation | None]],
) -> bool:
    """Let the agent fill an act in with `fill` and confirm it; see `act_on`."""
    try:
        act = await fill()
        if act is None or not await _confirmed(app, desk, record, act):
            return False
        await asyncio.to_thread(order_acts.perform, desk, record, act, again=True)
    except UserError as error:
        app.notify(str(error), severity="error", markup=False)
        return False
    app.notify(_("Queued: it leaves with the next look of the sync."), markup=False)
    return True


async def _filled(
    app: App[None], desk: Desk, record: OrderRecord, chosen: Choice
) -> Operation | None:
    if chosen.kind is Kind.DECIDE:
        return order_acts.decide(desk, record, accept=chosen.accepts)
    if chosen.kind is Kind.DELIVER:
        return order_acts.deliver(desk, record)
    if chosen.kind is Kind.RETURN:
        from mkt_tui.screens.return_acts import fill

        return await fill(app, desk, record)
    if chosen.kind is Kind.DELETE_DOCUMENT:
        from mkt_tui.screens.documents import choose

        unwanted = await choose(app, desk, record)
        return order_acts.delete_document(desk, record, unwanted) if unwanted else None
    if chosen == ONE_PARCEL:
        from mkt_tui.screens.parcel_acts import fill as fill_parcel

        return await fill_parcel(app, desk, record)
    form = ActForm(_title(chosen, record), _labels(desk, record, chosen.kind))
    form.known = _known(desk, record, chosen.kind)
    form.about = _about(desk, record, chosen.kind)
    if chosen.kind in _REASONED:
        form.about += await asyncio.to_thread(order_acts.reasons, desk, record, chosen.kind)
    told = await app.push_screen_wait(form)
    return None if told is None else _made(desk, record, chosen, told)


def _known(desk: Desk, record: OrderRecord, kind: Kind) -> str:
    """Return what the first field holds to begin with."""
    if kind is Kind.REFUND:
        return refunding.proposal(order_acts.refund(desk, record, None).lines, record)
    return str(record.tracking.get("carrier") or "") if kind in (Kind.TRACK, Kind.SHIP) else ""


def _title(chosen: Choice, record: OrderRecord) -> str:
    return f"{_(chosen.name)}: {clean_line(record.number)}"


def _labels(desk: Desk, record: OrderRecord, kind: Kind) -> list[str]:
    labels = [_(each) for each in _FIELDS[kind]]
    if kind is Kind.SHIP and order_acts.takes_parcels(desk, record):
        labels[1] = _(PARCELS)
    return labels


def _about(desk: Desk, record: OrderRecord, kind: Kind) -> list[str]:
    """Return the items by their places, with what the act may take of each."""
    if kind is Kind.REFUND:
        return list(refunding.places(refunding.left(desk, record), record))
    return list(shipping.places(record)) if kind in (Kind.SHIP, Kind.EXCHANGE) else []


def _made(desk: Desk, record: OrderRecord, chosen: Choice, told: Sequence[str]) -> Operation:
    match chosen.kind:
        case Kind.EXCHANGE:
            parcel = Parcel(told[2], told[1], shares=shipping.pieces(record, told[0]))
            return order_acts.exchange(desk, record, parcel, returned=not chosen.accepts)
        case Kind.TRACK:
            return order_acts.track(desk, record, Parcel(told[0], told[1], url=told[2] or None))
        case Kind.SHIP:
            parcels = shipping.chosen(record, told[0], told[1], told[2] or None)
            return order_acts.ship(desk, record, *parcels)
        case Kind.CANCEL:
            return order_acts.cancel(desk, record, told[0])
        case Kind.INCIDENT:
            return order_acts.end_incident(desk, record, told[0])
        case Kind.REFUND:
            return order_acts.refund(desk, record, told[1], told[0])
    return order_acts.document(desk, record, Path(told[0]), told[1])


async def _confirmed(app: App[None], desk: Desk, record: OrderRecord, act: Operation) -> bool:
    """Ask once; once more where somebody has acted on the order before (C17)."""
    if not await app.push_screen_wait(AskScreen(order_questions.question(desk, record, act))):
        return False
    if order_questions.touch(desk, record) is None:
        return True
    again = [_("Somebody has acted on this order before."), _("Act on it once more?")]
    answer: bool = await app.push_screen_wait(AskScreen(again))
    return answer


class ActMenu(Modal[Choice | None]):
    """Lists every act, those that cannot be done with the reason."""

    DEFAULT_CSS = FRAME.replace("NAME", "ActMenu")

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,x", "dismiss(None)", N_("Back"))]

    def __init__(self, desk: Desk, record: OrderRecord) -> None:
        super().__init__()
        self._desk = desk
        self._record = record
        parcels = shipments.are_told(desk, record)
        self._choices = [each for each in _CHOICES if parcels or each != ONE_PARCEL]
        self._obstacles = {each.kind: each.obstacle for each in order_acts.offers(desk, record)}

    def compose(self) -> ComposeResult:
        """Lay out the acts."""
        with Vertical(id="dialog"):
            yield Static(self._words(), markup=False)

    def on_key(self, event: Key) -> None:
        """Take the letter of an act that can be done."""
        for each in self._choices:
            if event.character == each.key and self._obstacles[each.kind] is None:
                event.stop()
                self.dismiss(each)

    def action_choose(self, place: int) -> None:
        """Take the act that was clicked."""
        self.dismiss(self._choices[place])

    def _words(self) -> Text:
        title = _("Act on order {number}").format(number=clean_line(self._record.number))
        text = Text(f"{title}\n", "bold")
        text.append(_("At the marketplace only; your own system learns nothing of it.") + "\n")
        if known := order_questions.touch(self._desk, self._record):
            told = _("! {act} by {agent}, {instant}").format(
                act=act_word(known.act),
                agent=clean_line(known.agent),
                instant=formats.instant(known.at, self._desk.settings.zone),
            )
            text.append(f"{told}\n", "bold red")
        text.stylize("not bold", len(title))
        # What can be done first: a page of refusals would hide it.
        for each in sorted(self._choices, key=lambda each: self._obstacles[each.kind] is not None):
            self._add(text, each)
        return text

    def _add(self, text: Text, choice: Choice) -> None:
        obstacle = self._obstacles[choice.kind]
        name = _(choice.name)
        if obstacle is None:
            click = {"@click": f"screen.choose({self._choices.index(choice)})"}
            text.append("\n")
            text.append(f" {choice.key}", Style(bold=True, meta=click))
            text.append(f"  {name}", Style(bold=False, meta=click))
        else:
            text.append(f"\n -  {name}: {obstacle}", "dim not bold")
