"""A message to the customer of an order in a report, prepared from a template (M16).

It becomes a draft on the order's conversation: the agent reads it, changes it and sends it like
any reply, so every check of a reply holds for it. Where there is no conversation yet it opens one,
if the channel can.
"""

import re
import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.cache import order_records, queries
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.order_records import OrderRecord
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import acting, conversation, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.monitor import Case
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.monitor import Report
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.ticket_operations import StartThread
from mkt_tui.domain.tickets import Audience, Role, audiences_in
from mkt_tui.i18n import _

_TEMPLATES: Final = {
    Report.SHIP_LATE: "ship",
    Report.SHIP_AT_RISK: "ship",
    Report.TRANSIT_DUE: "transit",
    Report.TRANSIT_AT_RISK: "transit",
    Report.TRANSIT_LATE: "transit_late",
}
_LANGUAGES: Final = {"BR": "pt_BR", "PT": "pt_BR", "IT": "it"}
_DAYS: Final = {"pt_BR": "%d/%m/%Y", "it": "%d/%m/%Y", "en": "%Y-%m-%d"}
_FIELD: Final = re.compile(r"\{(\w+)\}")


def prepare(desk: Desk, case: Case) -> int:
    """Put the prepared message where the agent writes to this customer; return the ticket.

    Words the agent has begun on that ticket stay as they are.

    Raises:
        NotAllowed: The order has no conversation, or none with its customer.
    """
    found = conversation.load(desk, _ticket(desk, case).id)
    if found.draft is None:
        draft = Draft(message(case, found.order), _audience(found), found.newest)
        replying.keep(desk, found.ticket.id, draft)
    return found.ticket.id


def begin(desk: Desk, case: Case) -> StartThread | None:
    """Return the prepared first message to a customer who has no conversation yet.

    None where there is a conversation already: then `prepare` is the way.

    Raises:
        NotAllowed: The channel opens none from here.
    """
    if tickets(desk, case.channel, case.order):
        return None
    order = next(iter(order_records.orders(desk.database, case.order, case.channel.id)), None)
    return _first(desk, case.channel, case.order, message(case, order))


def greeting(desk: Desk, channel: Channel, order: OrderRecord) -> StartThread:
    """Return a first message to an order's customer with no more than a greeting in it.

    Raises:
        NotAllowed: The channel opens no conversation from here.
    """
    return _first(desk, channel, order.number, _greeting(channel, order))


def greet(desk: Desk, channel: Channel, order: OrderRecord) -> int | None:
    """Begin a reply to an order's customer with a greeting; return its ticket.

    Words the agent has begun there stay as they are. None = the order has no such conversation.
    """
    for row in tickets(desk, channel, order.number)[:1]:
        found = conversation.load(desk, row.id)
        if found.draft is None:
            draft = Draft(_greeting(channel, order), _audience(found), found.newest)
            replying.keep(desk, row.id, draft)
        return row.id
    return None


def _greeting(channel: Channel, order: OrderRecord) -> str:
    language = _LANGUAGES.get(channel.country, "en")
    name = (order.customer or "").split(" ")[0]
    words = fill(_texts()["greeting"][language].strip(), {"name": name})
    return f"{words}\n\n" if words else ""


def _first(desk: Desk, channel: Channel, number: str, words: str) -> StartThread:
    if Kind.THREAD not in acting.abilities(channel):
        raise _no_conversation(channel, number)
    language = _LANGUAGES.get(channel.country, "en")
    subject = _texts()["subject"][language].format(order=number)
    topic = acting.first_topic(channel) or subject
    return StartThread(acting.new_id(), number, words, Audience.CUSTOMER, topic, desk.clock())


def message(case: Case, order: OrderRecord | None) -> str:
    """Return the words for the customer, in the language of the channel's country."""
    language = _LANGUAGES.get(case.channel.country, "en")
    template = _texts()[_TEMPLATES.get(case.report, "other")][language]
    return fill(template.strip(), _values(case, order, language))


def fill(template: str, values: dict[str, str]) -> str:
    """Fill a template once; a line with a value that is not known is left out.

    What is filled in is never looked at again, so a customer called {order} stays one.
    """
    lines = [
        _FIELD.sub(lambda found: values[found[1]], line)
        for line in template.splitlines()
        if all(values.get(name) for name in _FIELD.findall(line))
    ]
    return "\n".join(lines).strip()


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("mkt_tui.desk").joinpath("notices.toml").read_text("utf-8"))


def _values(case: Case, order: OrderRecord | None, language: str) -> dict[str, str]:
    tracking = order.tracking if order else {}
    promised = tracking.get("promised_until")
    customer = (order.customer if order else None) or ""
    day = ""
    if promised:
        local = datetime.fromisoformat(promised).astimezone(ZoneInfo(case.channel.zone))
        day = local.strftime(_DAYS[language])
    return {
        "name": customer.split(" ")[0],
        "order": case.order,
        "promised": day,
        "tracking": tracking.get("number") or "",
    }


def _ticket(desk: Desk, case: Case) -> QueueRow:
    if with_customer := tickets(desk, case.channel, case.order):
        # The open one that presses most, else the one answered last.
        return with_customer[0]
    raise _no_conversation(case.channel, case.order)


def tickets(desk: Desk, channel: Channel, number: str) -> list[QueueRow]:
    """Return the order's tickets in which its customer can be written to, the most urgent first."""
    found = queries.tickets_of_order(desk.database, channel.id, number)
    return [each for each in found if _reaches_customer(each)]


def _reaches_customer(row: QueueRow) -> bool:
    return any(Role.CUSTOMER in each.roles for each in audiences_in(row.participants))


def _no_conversation(channel: Channel, number: str) -> NotAllowed:
    return NotAllowed(
        what=_(
            "Order {number} has no conversation with its customer, and {channel} opens none from here"
        ).format(number=number, channel=channel.name),
        remedy=_("Write to the customer in the marketplace's own portal."),
    )


def _audience(found: Conversation) -> Audience:
    wanted = (Audience.CUSTOMER, Audience.BOTH)
    return next(each for each in wanted if each in found.audiences)
