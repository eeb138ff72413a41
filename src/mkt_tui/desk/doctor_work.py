"""Is the work going on: replies on their way, leases, clocks, keys?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from mkt_tui.cache import backlog, indexing, leases, settling
from mkt_tui.cache.audit import Act
from mkt_tui.desk import doctor_programs
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.findings import Finding, followed
from mkt_tui.desk.listing import instant
from mkt_tui.domain.errors import Doubtful, SecretMissing
from mkt_tui.i18n import N_, _, ngettext
from mkt_tui.secret_references import read_secret

CLOCKS_APART: Final = timedelta(minutes=5)


def findings(desk: Desk) -> Iterator[Finding]:
    """Find what does not move, and why that may be; every repair leaves a row in the audit log."""
    return (followed(each, partial(record, desk, each.check)) for each in _all(desk))


def record(desk: Desk, check: str) -> None:
    """Write into the audit log that what `check` found has been repaired."""
    desk.record(Act("doctor.repaired", detail=check))


def _all(desk: Desk) -> Iterator[Finding]:
    yield from _stuck(desk)
    yield from _dead_leases(desk)
    yield from _clock(desk)
    yield from _keys(desk)
    yield from _words(desk)
    yield from doctor_programs.findings(desk)


def _stuck(desk: Desk) -> Iterator[Finding]:
    found = backlog.stuck(desk.database, desk.clock())
    if found.sending:
        yield _sending(desk, found.sending)
    if found.queued:
        yield _queued(found.queued)
    if found.unknown:
        yield _unknown(found.unknown)


def _sending(desk: Desk, count: int) -> Finding:
    what = ngettext(
        "{count} reply was being sent by a process that is gone.",
        "{count} replies were being sent by a process that is gone.",
        count,
    ).format(count=count)
    remedy = _("Mark as doubtful, to be looked for at the marketplace: mkt-tui doctor --fix")
    return Finding("sending", what, remedy, lambda: _doubt(desk))


def _queued(count: int) -> Finding:
    what = ngettext(
        "{count} reply has been due to leave for more than 15 minutes.",
        "{count} replies have been due to leave for more than 15 minutes.",
        count,
    ).format(count=count)
    return Finding("queued", what, _("See that a sync service or a desk runs: mkt-tui status"))


def _unknown(count: int) -> Finding:
    what = ngettext(
        "{count} reply has been in doubt for more than an hour.",
        "{count} replies have been in doubt for more than an hour.",
        count,
    ).format(count=count)
    remedy = _("Open the desk and decide: it shows the marketplace's thread beside the reply.")
    return Finding("unknown", what, remedy)


def _doubt(desk: Desk) -> str:
    error = Doubtful(channel="-", detail=N_("the program ended while sending"))
    now = desk.clock()
    settling.doubt_expired(desk.database, now, error, now)
    return _("Marked as doubtful; the next sync looks for them at the marketplace.")


def _dead_leases(desk: Desk) -> Iterator[Finding]:
    now = desk.clock()
    names = {each.id: each.name for each in desk.channels().values()}
    for channel_id, lease in leases.all_leases(desk.database).items():
        if not lease.is_held(now):
            yield Finding(
                "lease",
                _("{channel} is still marked as read by {holder}, which is gone.").format(
                    channel=names.get(channel_id, "-"), holder=lease.name
                ),
                _("Release it: mkt-tui doctor --fix"),
                _release(desk, channel_id, lease.holder),
            )


def _release(desk: Desk, channel_id: int, holder: str) -> Callable[[], str]:
    def release() -> str:
        leases.release(desk.database, channel_id, holder)
        return _("Released.")

    return release


def _clock(desk: Desk) -> Iterator[Finding]:
    newest = backlog.newest_date(desk.database)
    if newest and newest > desk.clock() + CLOCKS_APART:
        yield Finding(
            "clock",
            _("The newest date of a marketplace is {date}, which has not come yet.").format(
                date=instant(newest)
            ),
            _("Check the clock of this machine, then the marketplace's: timedatectl"),
        )


def _keys(desk: Desk) -> Iterator[Finding]:
    """Find keys that cannot be read, where no service that may have its own reads the channel."""
    now = desk.clock()
    held = leases.all_leases(desk.database)
    for channel in desk.channels().values():
        lease = held.get(channel.id)
        if not channel.enabled or channel.by_hand or (lease and lease.is_held(now)):
            continue
        try:
            read_secret(channel.secret, channel.name)
        except SecretMissing as error:
            yield Finding(
                "secret",
                str(error),
                _("Put the key there, or run the sync service as a user who can read it."),
            )


def _words(desk: Desk) -> Iterator[Finding]:
    if not indexing.is_whole(desk.database):
        yield Finding(
            "search",
            _("The search index does not match what the cache holds."),
            _("Make it anew, which takes a minute for a million tickets: mkt-tui doctor --fix"),
            lambda: _index(desk),
        )


def _index(desk: Desk) -> str:
    indexing.rebuild(desk.database)
    return _("The search index was made anew.")
