"""What people do on portals, kept here: protocols entered, numbers to look for, answers given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from mkt_tui.cache import marking, queries, ticket_upserts
from mkt_tui.cache.audit import Act
from mkt_tui.cache.queries import QueueRow
from mkt_tui.config import marketplaces, rule_book
from mkt_tui.desk import runbooks
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.entries import Setting
from mkt_tui.desk.runbooks import Runbook
from mkt_tui.desk.sharing import Result, on_each
from mkt_tui.domain import portals
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.clocks import Clocks
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.money import currency_of
from mkt_tui.domain.text import clean
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role, TicketSnapshot, audiences_in
from mkt_tui.i18n import _

IMPORTED: Final = frozenset({"bookwire-sftp"})
"""Adapters that deliver and read nothing: their tickets are imported as a portal's are."""


@dataclass(frozen=True, slots=True)
class Guide:
    """How to answer a ticket on its portal; `number` is what is looked for there."""

    runbook: Runbook
    number: str
    link: str


def guide(desk: Desk, row: QueueRow) -> Guide:
    """Return how to answer a ticket on its portal.

    Raises:
        NotAllowed: Its channel is no portal.
        SettingsWrong: The runbook cannot be used.
    """
    channel = desk.channels()[row.channel_id]
    check(channel)
    book = runbooks.of_channel(desk.home, channel)
    number = row.order_number or row.code
    return Guide(book, number, portals.link(channel, row.order_number, row.code))


def check(channel: Channel) -> None:
    """See that the channel is a portal.

    Raises:
        NotAllowed: It is not.
    """
    if not channel.by_hand and channel.adapter not in IMPORTED:
        raise NotAllowed(
            what=_("{channel} is no portal").format(channel=channel.name),
            remedy=_("Its tickets come and are answered through its API."),
        )


def setting(desk: Desk, channel: Channel) -> Setting:
    """Return what entries for a channel are read by."""
    parties = runbooks.of_channel(desk.home, channel).parties
    called = frozenset(name for each in marketplaces(desk.home) for name in each.called)
    return Setting(
        desk.clock(), ZoneInfo(channel.zone), parties, called, currency_of(channel.country)
    )


def write(desk: Desk, channel: Channel, entered: Sequence[TicketSnapshot]) -> None:
    """Write what was entered; a portal's first tickets count from when they were opened there."""
    clocks = Clocks(rule_book(desk.settings), channel)
    registered = desk.clock() if queries.has_tickets(desk.database, channel.id) else None
    ticket_upserts.write_entered(desk.database, entered, registered, clocks)


def audiences(desk: Desk, row: QueueRow) -> tuple[Audience, ...]:
    """Return whom an answer on the portal may have gone to, the widest first."""
    check(desk.channels()[row.channel_id])
    return audiences_in(row.participants)


def answered(
    desk: Desk, tickets: Sequence[int], text: str = "", to: Audience | None = None
) -> list[Result]:
    """Note that tickets were answered on their portals: the clock stops (T29, J8).

    What was told to another side than the one that waits is kept in the thread, and the clock runs on.

    Args:
        text: What was written there, if it is to be kept.
        to: Whom it went to; None = everybody who hears us there.
    """
    words = clean(text.strip())

    def one(row: QueueRow) -> str:
        channel = desk.channels()[row.channel_id]
        check(channel)
        heard = to or next(iter(audiences_in(row.participants)), Audience.CUSTOMER)
        waits = row.waiting is not None and Role(row.waiting) not in heard.roles
        if waits and not words:
            raise NotAllowed(
                what=_("The side that waits would not hear it"),
                remedy=_("Choose another recipient, or keep here what you told this one."),
            )
        if not waits and not marking.close(desk.database, row.id, desk.clock()):
            raise NotAllowed(what=_("It is not open"), remedy="")
        message = MessageSnapshot(
            f"{portals.ANSWER}{uuid4()}", Role.SHOP, desk.agent, heard.roles, words, desk.clock()
        )
        ticket_upserts.write_message(desk.database, row.channel_id, row.code, message)
        name = "portal.told" if waits else "portal.answered"
        desk.record(Act(name, channel.name, row.code, row.order_number, f"to={heard}"))
        return _("kept; who waits still waits") if waits else _("answered on the portal")

    return on_each(desk, tickets, one)
