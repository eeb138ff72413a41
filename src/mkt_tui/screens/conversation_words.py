"""The words around a conversation: title, recipient, order pane, the question before sending."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from rich.text import Text

from mkt_tui.cache.claims import Claim
from mkt_tui.cache.instants import from_cache
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import deadlines, policies
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.formats import instant, money, size, time_left
from mkt_tui.desk.replying import audience_name
from mkt_tui.domain import reasons
from mkt_tui.domain.money import NO_CURRENCY
from mkt_tui.domain.policy.rules import Breach
from mkt_tui.domain.reasons import Kind
from mkt_tui.domain.ticket_operations import File
from mkt_tui.domain.tickets import Audience, Holder, Instance, Role
from mkt_tui.i18n import _, ngettext
from mkt_tui.screens import queue_words
from mkt_tui.screens.queue_columns import situation_word, waits_for_sync

# So many misspelled words are named before sending.
_NAMED: Final = 5
_AUDIENCE_STYLES = {
    Audience.BOTH: "black on green",
    Audience.OPERATOR: "black on yellow",
    Audience.CUSTOMER: "black on cyan",
}


def title(desk: Desk, conversation: Conversation) -> Text:
    """Return the title line: channel, ticket, subject, how urgent."""
    ticket, now = conversation.ticket, desk.clock()
    words = Text(no_wrap=True, overflow="ellipsis")
    # Before the subject, which may be longer than a narrow terminal's line.
    if writer := conversation.writer:
        words.append(f" {writing(writer, now)} ", "black on yellow")
    words.append(f" {conversation.channel.name} ")
    if conversation.channel.by_hand:
        words.append(" ⌂ " + _("portal") + " ", "black on cyan")
    if conversation.ticket.holder:
        # Never to be taken for who has it here, which the queue shows (T11).
        words.append(
            _("there: {name}").format(name=_team(conversation.ticket.holder)) + " ", "yellow"
        )
    words.append(f"› {ticket.customer or '—'}: ", "bold")
    words.append(reasons.subject(ticket.subject))
    if kind := sort(ticket):
        words.append(f"  [{kind}]", "bold yellow" if ticket.waiting == Role.OPERATOR else "")
    if told := conversation.instances.get(ticket.id):
        words.append(f"  {instance(told)}", "bold")
    situation = situation_word(ticket, now, desk.settings.rules, desk.settings.zone)
    if waits_for_sync(ticket, conversation.channel):
        situation = _("sync off")
    words.append(f"  {situation}", "bold")
    if not ticket.state and ticket.due_at is not None:
        words.append(f" {time_left(from_cache(ticket.due_at), now)}")
    words.append(f"  {ticket.code}", "dim")
    return words


def sort(ticket: QueueRow) -> str:
    """Return what a ticket is and why the customer wrote: exchange, delivery (T34, T39, T44)."""
    told = [] if ticket.kind == Kind.MESSAGE else [reasons.title(ticket.kind)]
    if ticket.reason:
        told.append(reasons.title(ticket.reason))
    if ticket.waiting == Role.OPERATOR:
        told.append(_("the marketplace asks"))
    return ", ".join(dict.fromkeys(told))


def instance(told: Instance) -> str:
    """Return what an exchange or a refund is about: its amount, its protocol (T41, T46)."""
    amount = money(told.amount, told.currency or NO_CURRENCY) if told.amount is not None else ""
    protocol = _("protocol {code}").format(code=told.protocol) if told.protocol else ""
    return ", ".join(each for each in (amount, protocol) if each)


def holder(told: Holder) -> str:
    """Return who has the ticket at the marketplace, in the marketplace's own words."""
    names = " · ".join(each for each in (told.team, told.person) if each)
    return _("At the marketplace it is with: {name}").format(name=names)


def _team(told: Holder) -> str:
    return told.team or told.person or "?"


def writing(claim: Claim, now: datetime) -> str:
    """Return who is writing, and for how long."""
    seconds = max(int((now - claim.since).total_seconds()), 0)
    return _("{agent} is writing, {seconds} s").format(agent=claim.agent, seconds=seconds)


def audience(
    chosen: Audience | None,
    possible: tuple[Audience, ...],
    attached: Iterable[File] = (),
    *,
    saved: bool = True,
) -> Text:
    """Return the recipient line beside Send (T28): the choice in its colour, then the others.

    Args:
        saved: Whether the words below are kept, as far as is known.
    """
    words = Text(no_wrap=True, overflow="ellipsis")
    if not saved:
        words.append(" ! " + _("NOT SAVED") + " ", "bold white on red")
        words.append(" ")
    words.append(_("To: "))
    if chosen is not None:
        words.append(f" {audience_name(chosen)} ", _AUDIENCE_STYLES[chosen])
    words.append_text(files(attached))
    others = [audience_name(each) for each in possible if each is not chosen]
    if others:
        words.append(("  " if attached else "") + "Tab: " + " / ".join(others), "dim")
    return words


def confirmation(conversation: Conversation, chosen: Audience) -> Text:
    """Return the question before the last key: recipient, channel and order by name."""
    ticket = conversation.ticket
    words = Text(_("Send to "))
    words.append(f" {audience_name(chosen)} ", _AUDIENCE_STYLES[chosen])
    order = ticket.order_number
    place = _("order {number}").format(number=order) if order else _("no order")
    words.append(f" {ticket.customer or '—'}, {conversation.channel.name}, {place}?")
    if conversation.order is None:
        words.append(" " + _("The order was NOT seen."), "bold")
    return words


def files(found: Iterable[File]) -> Text:
    """Return what goes with the reply."""
    named = [f"{each.name} ({size(each.size)})" for each in found]
    return Text("  " + _("With: {files}").format(files=", ".join(named)) if named else "", "bold")


def warnings(found: Iterable[Breach], text: str, conversation: Conversation) -> Text:
    """Return what is warned of before the last key."""
    told = [policies.in_words(each, text, conversation) for each in found]
    words = Text()
    if told:
        words.append(" " + _("Look again: {warnings}.").format(warnings="; ".join(told)), "bold")
    return words


def misspelled(found: Sequence[str]) -> Text:
    """Return the words that no dictionary has, for the last question."""
    words = Text()
    if found:
        named = ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
        words.append(" " + _("Misspelled? {words}.").format(words=named), "bold")
    return words


def nobody(conversation: Conversation) -> str:
    """Return why no reply can be written."""
    if conversation.channel.by_hand:
        return _("Answer on the portal (l shows how), then press a.")
    return _("The marketplace takes no messages in this ticket.")


def no_order(conversation: Conversation) -> str:
    """Return why there is no order beside the thread."""
    return queue_words.no_order(conversation.ticket, conversation.channel)


def clocks(desk: Desk, conversation: Conversation) -> Text:
    """Return both deadlines on one line: the marketplace's, which is hard, and the house's."""
    words = Text(" ", no_wrap=True, overflow="ellipsis")
    found = deadlines.of_ticket(desk, conversation.ticket)
    for number, each in enumerate(found):
        words.append("  ·  " if number else "")
        words.append(f"{deadlines.clock_name(each.clock)}: ")
        words.append(time_left(each.due, desk.clock()), "dim" if number else "bold")
        words.append(f" ({each.rule})", "dim")
    for each in found:
        if each.missed:
            words.append("  ·  " + _("If missed: {effect}").format(effect=each.missed), "dim")
    if conversation.reminder:
        time = instant(conversation.reminder, desk.settings.zone)
        words.append(_("Needs no reply, and comes back {time}.").format(time=time), "bold")
    return words


def _sources(desk: Desk, conversation: Conversation) -> Text:
    """Return until when each clock runs, by which rule, from which source."""
    words, zone = Text(), desk.settings.zone
    found = deadlines.of_ticket(desk, conversation.ticket)
    if found:
        words.append("\n" + _("Deadlines") + "\n", "bold underline")
    for each in found:
        words.append(f"{deadlines.clock_name(each.clock)}: ", "dim")
        words.append(f"{instant(each.due, zone)}\n")
        words.append(f"{each.rule}: {each.source}\n", "dim")
        if each.missed:
            words.append(_("If missed: {effect}").format(effect=each.missed) + "\n")
    return words


def siblings(conversation: Conversation) -> Text:
    """Return how many other protocols the order has (T35), and how many tickets are linked."""
    words = Text()
    if conversation.siblings:
        count = len(conversation.siblings)
        words.append(
            ngettext(
                "{count} other protocol of this order",
                "{count} other protocols of this order",
                count,
            ).format(count=count)
            + "\n",
            "bold yellow",
        )
    if conversation.linked:
        count = len(conversation.linked)
        words.append(
            ngettext("{count} linked ticket", "{count} linked tickets", count).format(count=count)
            + "\n",
            "bold yellow",
        )
    return words


def order(desk: Desk, conversation: Conversation) -> Text:
    """Return the order pane: the print view's sections in short."""
    words = Text()
    page = conversation.sheet
    if page is None:
        words.append(no_order(conversation) + "\n", "dim")
        return words.append_text(_sources(desk, conversation))
    words.append(f"{page.title}\n", "bold")
    for section in page.sections:
        words.append(f"\n{section.title}\n", "bold underline")
        if not section.lines:
            words.append(_("No data") + "\n", "dim")
        for line in section.lines:
            if line.label:
                words.append(f"{line.label}: ", "dim")
            words.append(f"{line.value}\n")
    words.append_text(_sources(desk, conversation))
    words.rstrip()
    return words
