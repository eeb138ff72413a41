"""A protocol as a person or a spreadsheet tells it, made a ticket; every doubt has a remedy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from mkt_tui.domain import reasons
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.money import Money
from mkt_tui.domain.publishing import Complaint, Source, Stage, defect_of, isbn13
from mkt_tui.domain.reasons import Kind
from mkt_tui.domain.text import clean, clean_line
from mkt_tui.domain.tickets import Instance, MessageSnapshot, Role, TicketSnapshot
from mkt_tui.domain.words import fold, number
from mkt_tui.i18n import N_, _

FIELDS: Final = (
    "code", "order", "customer", "subject", "message", "opened", "due", "reason", "kind", "party",
    "state", "protocol", "amount", "isbn", "shop", "title", "author",
)  # fmt: skip
"""What can be told of a protocol; only its code must be, or what a publisher's one is about."""

TITLES: Final = {
    "code": N_("Protocol"),
    "order": N_("Order"),
    "customer": N_("Customer"),
    "subject": N_("Subject"),
    "message": N_("Message"),
    "opened": N_("Opened"),
    "due": N_("Deadline"),
    "reason": N_("Reason"),
    "kind": N_("Kind"),
    "party": N_("Opened by"),
    "protocol": N_("Its protocol"),
    "amount": N_("Amount"),
}
"""What those fields are called that people fill in."""

_LONGEST: Final = {"code": 100, "order": 100, "customer": 200, "subject": 500, "message": 20_000}
_FORMATS: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_CLOCKS: Final = ("", " %H:%M", " %H:%M:%S")
_AHEAD: Final = timedelta(days=1)
_QUOTED: Final = re.compile(r'="(.*)"', re.S)
_AMOUNT: Final = re.compile(
    r"(?:[A-Z]{3}|R\$|US\$|[€$£])?\s*(\d{1,3}(?:[.,\s]\d{3})+|\d{1,12})(?:[.,](\d{1,2}))?(?:\s*[€$£])?"
)
_FORMULA: Final = re.compile(r"[=@]|[+\-](?![\d(\s])")
_OPERATORS: Final = frozenset(["operator", "operador", "operadora", "operatore", "marketplace"])
_CUSTOMERS: Final = frozenset(["customer", "cliente"])
_CLOSED: Final = frozenset(
    [
        "closed",
        "fechado",
        "fechada",
        "encerrado",
        "encerrada",
        "finalizado",
        "finalizada",
        "concluido",
        "concluida",
        "respondido",
        "respondida",
        "answered",
        "chiuso",
        "chiusa",
        "risposto",
    ]
)
_OPEN: Final = frozenset(
    [
        "open",
        "aberto",
        "aberta",
        "pendente",
        "pending",
        "aguardando",
        "em_andamento",
        "em_aberto",
        "novo",
        "new",
        "aperto",
        "aperta",
        "reaberto",
        "in_attesa",
        "prioridade",
    ]
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What an entry is read by: the instant, the portal's zone, the sides that hear us there.

    `marketplaces` are their names as `domain.words.number` folds them; one of them is the operator.
    Amounts are of `currency`.
    """

    now: datetime
    zone: ZoneInfo
    parties: tuple[Role, ...]
    marketplaces: frozenset[str] = frozenset()
    currency: str = "BRL"


def snapshot(told: Mapping[str, str], setting: Setting) -> TicketSnapshot:
    """Return the ticket that was entered.

    Args:
        told: Values of FIELDS; what is left out or empty is unknown.

    Raises:
        NotAllowed: A value cannot be meant so; says which and what to do.
    """
    values = {name: _safe(name, told.get(name) or "") for name in FIELDS}
    isbn = _isbn(values["isbn"])
    code = _number("code", values["code"]) or (complaint_code(isbn, values) if isbn else "")
    if not code:
        raise _wrong(_("the protocol has no number"), _("Give it one."))
    opened = read_instant("opened", values["opened"], setting) or setting.now
    if opened > setting.now + _AHEAD:
        raise _wrong(
            _("it was opened in the future: {value}").format(value=values["opened"]),
            _("Dates are day/month/year."),
        )
    author = _party(values["party"], setting)
    kind = Kind.MESSAGE if isbn else _kind(values["kind"])
    waits = not _is_closed(values["state"])
    body = values["message"]
    return TicketSnapshot(
        code=code,
        order_number=_number("order", values["order"]) or None,
        customer=values["customer"] or values["shop"] or None,
        subject=values["subject"] or clean_line(body, 80) or reasons.title(kind),
        waiting_since=opened if waits else None,
        waiting=author if waits else None,
        created_at=opened,
        updated_at=opened,
        participants=setting.parties,
        messages=(_message(code, author, values["customer"], body, opened),) if body else (),
        kind=kind,
        reason=_reason(values["reason"]),
        due_at=read_instant("due", values["due"], setting),
        instance=_instance(values, setting),
        complaint=_complaint(isbn, values, waits=waits) if isbn else None,
    )


def complaint_code(isbn: str, values: Mapping[str, str]) -> str:
    """Return the code of a ticket that has none: one per title, shop and issue (P4)."""
    issue = "\n".join(fold(values[name]) for name in ("shop", "kind", "subject", "message"))
    return f"{isbn}-{sha256(issue.encode()).hexdigest()[:8]}"


def _complaint(isbn: str, values: Mapping[str, str], *, waits: bool) -> Complaint:
    return Complaint(
        isbn=isbn,
        shop=values["shop"] or values["customer"],
        defect=defect_of(fold(values["kind"]), values["subject"], values["message"]),
        stage=Stage.OPEN if waits else Stage.CLOSED,
        source=Source.SHOP,
    )


def _isbn(text: str) -> str:
    if not text:
        return ""
    if found := isbn13(text):
        return found
    raise _wrong(
        _("the ISBN's check digit is wrong: {value}").format(value=text),
        _("Correct it; spreadsheets cut long numbers: store the column as text."),
    )


def safe(text: str) -> str:
    """Return a spreadsheet's text as what it shows: no formula is ever passed on as one."""
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[1].replace('""', '"')
    return f"'{text}" if _FORMULA.match(text) else text


def _safe(name: str, text: str) -> str:
    found = clean(safe(text.strip())) if name == "message" else clean_line(safe(text.strip()))
    most = _LONGEST.get(name, 100)
    if len(found) > most:
        raise _wrong(
            _("{field} is longer than {most} characters").format(field=_title(name), most=most),
            _("Look at the columns: see --map."),
        )
    return found


def _title(name: str) -> str:
    return _(TITLES[name]) if name in TITLES else name


def _number(name: str, text: str) -> str:
    """Return a protocol or order number; a pasted one may have blanks around and in it (T47)."""
    if text.startswith("'"):
        raise _wrong(
            _("{field} is a formula: {value}").format(field=_title(name), value=text),
            _("Store the column as text."),
        )
    return text


def read_instant(name: str, text: str, setting: Setting) -> datetime | None:
    """Return a day, or a day with its time, in the portal's zone; None where it is not told.

    Raises:
        NotAllowed: It is none.
    """
    if not text:
        return None
    found = _iso(text) or _day_first(text)
    if found is None or not 2000 <= found.year <= 2100:
        raise _wrong(
            _("{field} is no date: {value}").format(field=_title(name), value=text),
            _("Write 2026-03-11, 2026-03-11 14:30, 11/03/2026 or 11/03/2026 14:30."),
        )
    return found if found.tzinfo else found.replace(tzinfo=setting.zone)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if re.match(r"\d{4}-", text) else None
    except ValueError:
        return None


def _day_first(text: str) -> datetime | None:
    for day in _FORMATS:
        for clock in _CLOCKS:
            try:
                return datetime.strptime(text, day + clock)  # noqa: DTZ007 - the zone comes after
            except ValueError:
                continue
    return None


def _instance(values: Mapping[str, str], setting: Setting) -> Instance | None:
    protocol, amount = _number("protocol", values["protocol"]), values["amount"]
    if not (protocol or amount):
        return None
    minor = read_amount(amount, setting.currency) if amount else None
    return Instance(protocol or None, minor, setting.currency if amount else None)


def read_amount(text: str, currency: str, name: str = "amount") -> int:
    """Return an amount as people of any of our countries write it: 1.234,56 and 1,234.56.

    Raises:
        NotAllowed: It is none.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise _wrong(
            _("{field} is no amount: {value}").format(field=_title(name), value=text),
            _("Write it like 129,90."),
        )
    major, decimals = re.sub(r"\D", "", found[1]), found[2] or "0"
    return Money.of(f"{major}.{decimals}", currency).minor


def _party(text: str, setting: Setting) -> Role:
    word = _word(text)
    if word in _OPERATORS or number(text) in setting.marketplaces:
        return Role.OPERATOR
    if text and word not in _CUSTOMERS:
        raise _wrong(
            _("{field} is neither customer nor operator: {value}").format(
                field=_title("party"), value=text
            ),
            _("Write one of them, or leave it out."),
        )
    return Role.CUSTOMER if text or Role.CUSTOMER in setting.parties else setting.parties[0]


def _kind(text: str) -> Kind:
    if not text:
        return Kind.MESSAGE
    if found := reasons.kind_of(text):
        return found
    raise _wrong(
        _("kind is not known: {value}").format(value=text),
        _("Write one of: {words}.").format(words=", ".join(Kind)),
    )


def _reason(text: str) -> str | None:
    if not text:
        return None
    if found := reasons.reason_of(text):
        return found
    raise _wrong(
        _("reason is none of the six: {value}").format(value=text),
        _("Write one of: {words}.").format(words=", ".join(reasons.Reason)),
    )


def _is_closed(text: str) -> bool:
    word = _word(text)
    if word and word not in _CLOSED | _OPEN:
        raise _wrong(
            _("state is neither open nor closed: {value}").format(value=text),
            _("Write one of them, or leave it out."),
        )
    return word in _CLOSED


def _word(text: str) -> str:
    return "_".join(fold(text).split())


def _message(
    code: str, author: Role, customer: str, body: str, opened: datetime
) -> MessageSnapshot:
    # The same words entered twice are one message.
    mark = sha256(f"{author}\n{body}".encode()).hexdigest()[:16]
    name = customer if author is Role.CUSTOMER else ""
    return MessageSnapshot(f"{code}-{mark}", author, name, (Role.SHOP,), body, opened)


def _wrong(what: str, remedy: str) -> NotAllowed:
    return NotAllowed(what=what, remedy=remedy)
