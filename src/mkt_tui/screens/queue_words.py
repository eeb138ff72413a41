"""The words around the queue: its head, its channels, its banner, its empty state."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.style import Style
from rich.text import Text

from mkt_tui.cache.queries import QueueRow, QueueState
from mkt_tui.desk import views as built_in
from mkt_tui.desk.overview import WORRYING_LAG, ChannelOverview, Overview
from mkt_tui.desk.queue import View
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.reasons import Kind, subject, title
from mkt_tui.i18n import _, ngettext
from mkt_tui.screens.queue_columns import time_left, waits_for_sync
from mkt_tui.screens.thread import sync_is_off

_SEPARATOR = "  ·  "


def head(
    overview: Overview, total: int, marked: int, now: datetime, zone: ZoneInfo, width: int
) -> Text:
    """Return the first line: where we are (T1), how much there is, since when it is true."""
    parts = [
        ngettext("{count} ticket", "{count} tickets", total).format(count=total),
        late_count(overview.late),
    ]
    if marked:
        # First: what the next act is done to must be seen on a narrow line too.
        parts.insert(0, ngettext("{count} marked", "{count} marked", marked).format(count=marked))
    told = Text(freshness(overview, now, zone), "bold reverse" if _lags(overview, now) else "")
    # That it may all be old must be seen on any line; when all is well it may be cut.
    whole = [told, *map(Text, parts)] if _lags(overview, now) else [*map(Text, parts), told]
    line = Text("   ").append_text(Text(_SEPARATOR).join(whole))
    path = _path(_("Service"))
    return (path if path.cell_len + line.cell_len <= width else _path()).append_text(line)


def _path(*between: str) -> Text:
    """Return where in the back office's menu the list stands; what is between gives way first."""
    words = Text(" › ".join((" SAC", *between, "")), no_wrap=True, overflow="ellipsis")
    return words.append(_("Tickets Marketplace"), "bold")


def _lags(overview: Overview, now: datetime) -> bool:
    return overview.synced_at is not None and now - overview.synced_at > WORRYING_LAG


def freshness(overview: Overview, now: datetime, zone: ZoneInfo) -> str:
    """Return when all channels were last up to date, or why they are not."""
    enabled = [each for each in overview.channels if each.is_read]
    if not enabled and any(each.by_hand for each in overview.channels):
        return _("tickets by hand only")
    if not enabled:
        return _("no channel is switched on")
    if any(each.reading for each in enabled):
        return _("first sync under way")
    if overview.synced_at is None:
        return _("not synced yet")
    if _lags(overview, now):
        return _("! not synced for {time}").format(time=time_left(now, overview.synced_at))
    return _("synced {time}").format(time=f"{overview.synced_at.astimezone(zone):%H:%M}")


def channels(overview: Overview, view: View) -> Text:
    """Return the second line: every channel with its counts, the one in force set off; a click chooses it."""
    words = Text(" ", no_wrap=True, overflow="ellipsis")
    # First, for the names of many channels fill any line.
    if filters := _filters(view):
        words.append(f"[{filters}]", "bold yellow")
        words.append("  ")
    everything = _("All {count}").format(count=overview.open)
    words.append(everything, _choice("channel(0)", chosen=view.channel_id is None))
    # The one in force first: it must be seen on any line.
    for each in sorted(overview.channels, key=lambda each: each.id != view.channel_id):
        words.append("  ")
        chosen = view.channel_id == each.id
        words.append(_counts(each), _choice(f"channel({each.id})", chosen=chosen))
    return words


def views(counts: Mapping[str, int | None], overview: Overview, chosen: str | None) -> Text:
    """Return every view that holds something with its key and count; a click chooses it."""
    words = Text(" ", no_wrap=True, overflow="ellipsis")
    for key, name, count in _views(counts, overview):
        if count or key == chosen:
            many = count is not None and count > built_in.MOST
            told = "?" if count is None else f"{built_in.MOST}+" if many else str(count)
            click = _choice(f"view('{key}')", chosen=key == chosen)
            words.append(f"{key} ", Style(bold=True, meta=click.meta))
            words.append(f"{name} {told}", click)
            words.append("  ")
    return words


def _views(
    counts: Mapping[str, int | None], overview: Overview
) -> Iterator[tuple[str, str, int | None]]:
    yield "0", _("Everything open"), overview.open
    for key, (name, _text) in built_in.BUILT_IN.items():
        yield key, _(name), counts.get(key, 0)


def _choice(shows: str, *, chosen: bool) -> Style:
    return Style(reverse=chosen, bold=chosen, meta={"@click": f"screen.show_{shows}"})


def _counts(channel: ChannelOverview) -> str:
    if not channel.enabled:
        off = _("off")
        return f"{channel.name} ({off})"
    late = f" ({late_count(channel.late)})" if channel.late else ""
    badge = "⌂" if channel.by_hand else ""
    return f"{badge}{channel.name} {channel.open}{late}"


def late_count(count: int) -> str:
    """Return so many late tickets in words."""
    return ngettext("{count} late", "{count} late", count).format(count=count)


def _filters(view: View) -> str:
    parts = []
    if view.late:
        parts.append(_("late"))
    if view.mine:
        parts.append(_("mine"))
    if view.mentioned:
        parts.append(_("mentions me"))
    if view.terms.terms:
        parts.append(built_in.name_of(str(view.terms)))
    if view.undelivered:
        parts.append(_("not sent"))
    elif view.state is QueueState.ANSWERED:
        parts.append(_("answered"))
    elif view.state is QueueState.SNOOZED:
        parts.append(_("snoozed"))
    elif view.state is QueueState.ALL:
        parts.append(_("open and answered"))
    return ", ".join(parts)


def banner(overview: Overview) -> Text:
    """Return what needs an agent's attention, a click leads there; empty when nothing does."""
    lines = [
        (
            overview.failed,
            "undelivered",
            ngettext(
                "{count} reply was refused: press 3 to see it.",
                "{count} replies were refused: press 3 to see them.",
                overview.failed,
            ),
        ),
        (
            overview.unknown,
            "doubt",
            ngettext(
                "{count} reply is in doubt: press u to look at it.",
                "{count} replies are in doubt: press u to look at them.",
                overview.unknown,
            ),
        ),
        (
            overview.acts,
            "doubt",
            ngettext(
                "{count} act on an order failed or is in doubt: press u to look at it.",
                "{count} acts on orders failed or are in doubt: press u to look at them.",
                overview.acts,
            ),
        ),
        (
            len(overview.drafts),
            "draft",
            ngettext(
                "{count} draft is waiting: press d to go on.",
                "{count} drafts are waiting: press d to go on.",
                len(overview.drafts),
            ),
        ),
        (
            len(overview.mentioned),
            "mentioned",
            ngettext(
                "A note on {count} ticket names you: press @ to see it.",
                "Notes on {count} tickets name you: press @ to see them.",
                len(overview.mentioned),
            ),
        ),
    ]
    told = [
        Text(words.format(count=count), Style(meta={"@click": f"screen.{act}"}))
        for count, act, words in lines
        if count
    ]
    return Text("\n").join([*told, *_errors(overview)])


def _errors(overview: Overview) -> list[Text]:
    """Return why a channel cannot be read; of many only one, or no room were left for the list."""
    told = [Text(str(each.error)) for each in overview.channels if each.error]
    if (more := len(told) - 1) < 1:
        return told
    words = ngettext(
        "{count} more channel cannot be read: g c shows why.",
        "{count} more channels cannot be read: g c shows why.",
        more,
    )
    return [told[0], Text(words.format(count=more))]


def detail(row: QueueRow, channel: Channel | None = None) -> list[str]:
    """Return the ticket under the cursor in full (T14-T18): whole subject, whole numbers."""
    order = row.order_number or _("no order")
    by_hand = channel is not None and channel.by_hand
    other = _("l shows how, c copies, W: answered there") if by_hand else _("no site order")
    numbers = (row.code, order, row.site_number or other)
    badge = ["⌂ " + _("portal")] if by_hand else []
    kind = [title(row.kind)] if badge and row.kind != Kind.MESSAGE else []
    reason = [title(row.reason)] if row.reason else []
    off = [sync_is_off(channel)] if channel and waits_for_sync(row, channel) else []
    words = _SEPARATOR.join(
        [*off, *badge, *_owner(row), *dict.fromkeys([*kind, *reason]), subject(row.subject)]
    )
    return [f" {words}", f" {_SEPARATOR.join(numbers)}"]


def _owner(row: QueueRow) -> list[str]:
    """Whose it is, and from whom (T11, T22)."""
    if row.assignee is None:
        return []
    if row.received_from is None:
        return [row.assignee]
    return [_("{agent}, from {giver}").format(agent=row.assignee, giver=row.received_from)]


def no_order(row: QueueRow, channel: Channel) -> str:
    """Return why a ticket's order cannot be shown."""
    if row.order_number is None:
        return _("This ticket is tied to no order.")
    if channel.by_hand:
        words = _("Order {number} is not known here yet: E enters it.")
    else:
        words = _("Order {number} has not been read from the marketplace yet.")
    return words.format(number=row.order_number)


def empty(overview: Overview, view: View, now: datetime, zone: ZoneInfo) -> Text:
    """Return the empty list in words (T5): what is missing, and since when that is known."""
    if not overview.channels:
        return Text(
            _("There is no channel yet. Add the first one:") + "\n\n"
            "  mkt-tui channel add Carrefour --adapter mirakl --country BR"
            " --base-url URL --secret env:NAME\n  mkt-tui channel enable Carrefour"
        )
    if not any(each.enabled for each in overview.channels):
        return Text(
            _("Every channel is switched off. Switch one on:") + "\n\n"
            f"  mkt-tui channel enable '{overview.channels[0].name}'"
        )
    if view == View().sorted_like(view):
        words = _("No open tickets: nobody waits for an answer.")
    else:
        words = _("No ticket matches what you chose. Press 0 to see everything open.")
    return Text(f"{words}\n\n{freshness(overview, now, zone)}")
