"""The columns of the queue (T6, T7, T11-T20, T22) and the colour of its urgency."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.style import Style

from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.queries import QueueOrder, QueueRow
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.formats import short_day
from mkt_tui.domain import deadlines, reasons
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines import Urgency
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.tickets import STATES, Situation, TicketState
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.columns import Column

URGENCIES: Final[Mapping[Urgency, Style]] = {
    Urgency.CALM: Style(color="green"),
    Urgency.SOON: Style(color="yellow"),
    Urgency.URGENT: Style(color="bright_yellow", bold=True),
    Urgency.LATE: Style(color="#ffffff", bgcolor="#af0000", bold=True),
}
_DELIVERY: Final = {"failed": "x", "unknown": "?", "queued": "↑", "sending": "↑"}
TROUBLE: Final = Style(color="magenta", bold=True)
_SNOOZED: Final = STATES.index(TicketState.SNOOZED)
_DAY: Final = 24
USUAL: Final = (
    "situation", "due", "date", "mktplace", "name", "subject", "ticket", "mkt_order", "site_order",
    "user", "from",
)  # fmt: skip
_UNIT_CHANGE: Final = 48


class QueueCells:
    """Turns a ticket into the words of its row, at one instant and for one desk."""

    def __init__(self, desk: Desk, channels: Mapping[int, Channel], marked: set[int]) -> None:
        self._zone = desk.settings.zone
        self._rules = desk.settings.rules
        self._clock = desk.clock
        self.channels = channels
        self._marked = marked
        self._desk = desk
        self._also: dict[int, tuple[str, ...]] = {}
        self.mentioned: frozenset[int] = frozenset()

    def renew(self, channels: Mapping[int, Channel], mentioned: frozenset[int]) -> None:
        """Draw with what is known now."""
        self.channels, self.mentioned = channels, mentioned

    def chosen(self, names: Sequence[str] | None) -> tuple[Column[QueueRow], ...]:
        """Return the columns of these names in their order behind the coloured ones."""
        found = {each.name: each for each in self.columns()}
        wanted = USUAL if names is None else [name for name in names if name in found]
        lead = [each for each in found.values() if each.lead]
        return (*lead, *(found[name] for name in wanted if not found[name].lead))

    def columns(self) -> tuple[Column[QueueRow], ...]:
        """Return the columns in the order of the screen."""
        day: Callable[[QueueRow], str] = lambda row: short_day(row.registered_at, self._zone)  # noqa: E731
        changed: Callable[[QueueRow], str] = lambda row: short_day(row.updated_at, self._zone)  # noqa: E731
        return (
            Column("", self._glyph, 3, 3, 0, lead=True),
            Column(
                N_("Days"), self._days, 4, 4, 1, lead=True, right=True, sort=QueueOrder.REGISTERED
            ),
            Column(N_("Situation"), self._situation, 10, 10, 2),
            Column(N_("Due"), self._due, 6, 6, 5, right=True, sort=QueueOrder.DUE),
            Column(N_("Date"), day, 5, 5, 7, sort=QueueOrder.REGISTERED),
            Column(N_("Changed"), changed, 8, 8, 13, sort=QueueOrder.CHANGED),
            Column(N_("MktPlace"), self._channel, 5, 12, 3, short=self._short_channel),
            Column(N_("Once called"), self._once, 6, 16, 14),
            Column(N_("Name"), lambda row: row.customer or "", 12, 22, 4),
            Column(N_("Subject"), lambda row: reasons.subject(row.subject), 24, 50, 6),
            Column(N_("Ticket"), lambda row: row.code, 11, 36, 9),
            Column(N_("Mkt order"), lambda row: row.order_number or "—", 10, 34, 10),
            Column(N_("Site order"), lambda row: row.site_number or _("none"), 9, 12, 11),
            Column(N_("User"), lambda row: row.assignee or "—", 7, 10, 8),
            Column(N_("From"), lambda row: row.received_from or "—", 9, 10, 12),
            Column(N_("Held by"), self._held_by, 9, 16, 15),
        )

    def colour(self, row: QueueRow) -> Style | None:
        """Return the colour of the row's first cells: trouble first, then the hard deadline."""
        if row.delivery in ("failed", "unknown"):
            return TROUBLE
        urgency = self.urgency(row)
        return URGENCIES[urgency] if urgency else None

    def urgency(self, row: QueueRow) -> Urgency | None:
        """Return how urgent an open ticket is, None for one that waits for nobody."""
        if row.state or row.due_at is None:
            return None
        return deadlines.urgency(from_cache(row.due_at), self._clock(), self._rules)

    def _glyph(self, row: QueueRow) -> str:
        urgency = self.urgency(row)
        asleep = "z" if row.state == _SNOOZED else ""
        sign = _DELIVERY.get(row.delivery or "", urgency.value if urgency else asleep)
        before = "@" if row.id in self.mentioned else " "
        return ("*" if row.id in self._marked else before) + sign

    def _days(self, row: QueueRow) -> str:
        if row.state:
            return ""
        registered = from_cache(row.registered_at)
        return str(deadlines.days_pending(registered, self._clock(), self._zone))

    def _situation(self, row: QueueRow) -> str:
        if waits_for_sync(row, self.channels.get(row.channel_id)):
            return _("sync off")
        return situation_word(row, self._clock(), self._rules, self._zone)

    def _due(self, row: QueueRow) -> str:
        if row.state == _SNOOZED:
            return "z" + time_left(from_cache(row.sort_at), self._clock())
        if row.state or row.due_at is None:
            return ""
        return time_left(from_cache(row.due_at), self._clock())

    def _channel(self, row: QueueRow) -> str:
        return self._badged(row, lambda channel: channel.name)

    def _short_channel(self, row: QueueRow) -> str:
        return self._badged(row, lambda channel: channel.short[: 4 if channel.by_hand else 5])

    def _once(self, row: QueueRow) -> str:
        if row.channel_id not in self._also:
            self._also = dict.fromkeys((*self.channels, row.channel_id), ())
            with suppress(UserError):
                self._also |= self._desk.also_called()
        return next(iter(self._also[row.channel_id]), "—")

    def _held_by(self, row: QueueRow) -> str:
        return row.held_team or row.held_person or "—"

    def _badged(self, row: QueueRow, name: Callable[[Channel], str]) -> str:
        """Return the name of the ticket's channel, a portal's with its sign."""
        channel = self.channels.get(row.channel_id)
        if channel is None:
            return "?"
        return f"⌂{name(channel)}" if channel.by_hand else name(channel)


def waits_for_sync(row: QueueRow, channel: Channel | None) -> bool:
    """Tell whether what was sent on a ticket waits because its channel is switched off."""
    return row.delivery == "queued" and channel is not None and not channel.enabled


def situation_word(
    row: QueueRow, now: datetime, rules: deadlines.HouseRules, zone: ZoneInfo
) -> str:
    """Return Situação in words (T19, T20); what became of our reply goes before it."""
    told = {
        "failed": _("NOT SENT"),
        "unknown": _("DOUBTFUL"),
        "queued": _("sending"),
        "sending": _("sending"),
    }.get(row.delivery or "")
    if told:
        return told
    if row.state == _SNOOZED:
        return _("Snoozed")
    if row.state:
        return _("Answered")
    found = deadlines.situation(from_cache(row.registered_at), now, rules, zone)
    return _("PRIORITY") if found is Situation.PRIORITY else _("Pending")


def time_left(due: datetime, now: datetime) -> str:
    """Return the time to a deadline in one short word, minus when it has passed: 45m, 5h, -3d."""
    seconds = int((due - now).total_seconds())
    sign, minutes = ("-" if seconds < 0 else ""), abs(seconds) // 60
    hours = minutes // 60
    if hours >= _UNIT_CHANGE:
        return sign + _("{days}d").format(days=hours // _DAY)
    return f"{sign}{hours}h" if hours else f"{sign}{minutes}m"
