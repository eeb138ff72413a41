"""The words of the channels' screens: how each stands, what it can do, what is to change."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rich.style import Style
from rich.table import Table
from rich.text import Text

from mkt_tui.desk import channel_options
from mkt_tui.desk.capabilities import Capability, Place, place_name
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.desk.channel_sight import Sight
from mkt_tui.desk.formats import instant
from mkt_tui.desk.status import worries
from mkt_tui.domain.channels import Channel, PersonalData
from mkt_tui.i18n import N_, _
from mkt_tui.widgets.virtual_table import Column

_GOOD: Final = Style(color="green")
_WORRY: Final = Style(color="#ffffff", bgcolor="#af0000", bold=True)
_OFF: Final = Style(dim=True)
_PORTAL: Final = Style(color="cyan")
_PLACES: Final = {Place.HERE: "●", Place.PORTAL: "⌂", Place.INTEGRATOR: "→"}


def columns() -> tuple[Column[Sight], ...]:
    """Return the columns of the list."""
    return (
        Column("", _sign, 1, 1, 0, lead=True),
        Column(N_("Sync"), sync, 7, 9, 1, lead=True),
        Column(N_("Channel"), lambda each: each.channel.name, 10, 20, 0),
        Column(N_("Kind"), lambda each: each.channel.adapter, 10, 10, 4),
        Column(N_("Country"), lambda each: each.channel.country, 7, 7, 6),
        Column(N_("Last read"), _last, 12, 14, 2),
        Column(N_("To send"), _waiting, 8, 8, 5, right=True),
        Column(N_("Errors"), _errors, 6, 7, 3, right=True),
    )  # fmt: skip


def colour(sight: Sight) -> Style:
    """Return the colour of a channel's first cells."""
    if sight.channel.by_hand:
        return _PORTAL
    if not sight.channel.enabled:
        return _OFF
    return _WORRY if any(worries(sight.status)) else _GOOD


def _sign(sight: Sight) -> str:
    if sight.channel.by_hand:
        return "⌂"
    if not sight.channel.enabled:
        return "○"
    return "!" if any(worries(sight.status)) else "●"


def sync(sight: Sight) -> str:
    """Return whether the channel is read, in one word."""
    if sight.channel.by_hand:
        return _("portal")
    return _("on") if sight.channel.enabled else _("OFF")


def _last(sight: Sight) -> str:
    return "—" if sight.status.lag is None else _("{time} ago").format(time=span(sight.status.lag))


def _waiting(sight: Sight) -> str:
    return str(sight.status.backlog.waiting or "")


def _errors(sight: Sight) -> str:
    return str(sight.status.error_streak or "")


def span(time: timedelta) -> str:
    """Return a time in its largest unit: 45s, 12m, 5h, 3d."""
    seconds = int(time.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * length or (seconds >= length and unit != "m"):
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def head(sights: Iterable[Sight]) -> str:
    """Return the title of the list: how many channels, how many are on, how many worry."""
    known = list(sights)
    on = sum(each.channel.enabled and not each.channel.by_hand for each in known)
    troubled = sum(any(worries(each.status)) for each in known)
    told = _("Channels: {count}   on: {on}   to look at: {troubled}")
    return " " + told.format(count=len(known), on=on, troubled=troubled)


def detail(sight: Sight | None, zone: ZoneInfo) -> list[str]:
    """Return the channel under the cursor in three lines."""
    if sight is None:
        return []
    whose, url = called(sight), sight.channel.base_url
    told = [
        f" {sight.channel.name}   {whose}   {url}" if whose else f" {sight.channel.name}   {url}"
    ]
    facts = health(sight, zone)
    told.append(" " + "   ".join(facts[:2]))
    told.append(" " + ("  ".join(problems(sight)) or "   ".join(facts[2:])))
    return told


def called(sight: Sight) -> str:
    """Return what the marketplace is called now and was called before (T49)."""
    if sight.marketplace is None:
        return ""
    others = ", ".join(sight.marketplace.aliases)
    name = sight.marketplace.name
    return _("{name} (also {others})").format(name=name, others=others) if others else name


def health(sight: Sight, zone: ZoneInfo) -> list[str]:
    """Return how the channel's reads and sends stand, a fact each."""
    status = sight.status
    if status.by_hand:
        return [_("read by people: nothing is asked of it")]
    facts = [
        _("last read to its end: {instant}").format(instant=_instant(status.last_success_at, zone)),
        _("next try: {instant}").format(instant=_instant(status.next_try_at, zone)),
        _("to send: {waiting}, refused: {failed}, in doubt: {unknown}").format(
            waiting=status.backlog.waiting,
            failed=status.backlog.failed,
            unknown=status.backlog.unknown,
        ),
        _("errors in a row: {count}").format(count=status.error_streak),
    ]
    if status.lease:
        facts.append(_("read by: {name}").format(name=status.lease.name))
    if status.key_expires_at:
        told = _("key expires: {instant}")
        facts.append(told.format(instant=_instant(status.key_expires_at, zone)))
    return facts


def problems(sight: Sight) -> list[str]:
    """Return, in sentences, what a person should look after."""
    found = [off(sight.channel)] if not sight.channel.enabled else []
    found += worries(sight.status)
    if sight.status.error and sight.channel.enabled:
        found.append(str(sight.status.error))
    if sight.status.offers and sight.channel.enabled:
        found.append(
            _("Offers and stock are not read: {reason}").format(reason=sight.status.offers)
        )
    if not sight.channel.ready:
        found.append(unmatched(sight.channel.personal_data))
    return found


def off(channel: Channel) -> str:
    """Return that nothing is asked of the channel's marketplace yet (C3)."""
    return _("Order sync is OFF: nothing is read from {channel}.").format(channel=channel.name)


def unmatched(data: PersonalData) -> str:
    """Return what is missing for personal data (C5, C7)."""
    names = ", ".join(data.unmatched)
    if data.account is None:
        return _("No account for personal data: it stays masked ({names}).").format(names=names)
    return _("Not ready, modules not matched: {names}.").format(names=names)


def personal(data: PersonalData) -> list[str]:
    """Return how personal data stands; nothing where the marketplace wants no such account."""
    if not data.modules:
        return [_("no account of its own is needed for them")]
    told = [_("account: {name}").format(name=data.account or "—")]
    for each in data.modules:
        sign = "☑" if data.account and each in data.matched else "☐"
        told.append(f"{sign} {each}")
    return told + ([unmatched(data)] if data.unmatched else [])


def matrix(capabilities: Iterable[Capability]) -> Table:
    """Return the matrix, a function a line, with the reason of what is not done here."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    for each in capabilities:
        place = Text(f"  {_PLACES[each.place]} {place_name(each.place)}", _look(each.place))
        table.add_row(place, Text(each.title), Text(each.reason, "dim"))
    return table


def _look(place: Place) -> str:
    return "green" if place is Place.HERE else "cyan"


def changes(wanted: Changes) -> list[str]:
    """Return what is to change when it is saved, a sentence each."""
    told = []
    if wanted.account is not None:
        name = wanted.account or "—"
        told.append(_("account for personal data: {name}").format(name=name))
    if wanted.modules is not None:
        names = ", ".join(wanted.modules) or "—"
        told.append(_("matched modules: {names}").format(names=names))
    if wanted.address is not None:
        told.append(_("address: {url}").format(url=wanted.address))
    if wanted.options is not None:
        names = "  ".join(channel_options.written(wanted.options)) or "—"
        told.append(_("options: {names}").format(names=names))
    if wanted.since is not None:
        told.append(_("orders from {date} on").format(date=wanted.since.isoformat()))
    if wanted.enabled is not None:
        told.append(_("order sync ON") if wanted.enabled else _("order sync OFF"))
    return told


def _instant(at: datetime | None, zone: ZoneInfo) -> str:
    return instant(at, zone) if at else "—"
