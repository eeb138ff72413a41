"""Why a customer writes: the closed list of six (T34), and the kinds of what people enter.

Portals and spreadsheets write them in words of several languages; here is what they mean.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from mkt_tui.domain.publishing import Defect
from mkt_tui.domain.words import fold
from mkt_tui.i18n import N_, _

Word = TypeVar("Word", bound=StrEnum)


class Reason(StrEnum):
    """A contact reason; the value is what the cache and `reason:` of the filters know."""

    CANCELLATION = "cancellation"
    QUESTION = "question"
    EXCHANGE = "exchange"
    DELIVERY = "delivery"
    PAYMENT = "payment"
    COMPLAINT = "complaint"


class Kind(StrEnum):
    """What was entered: a protocol or a chat with somebody, or an instance (T38, T39, T41)."""

    MESSAGE = "message"
    CHAT = "chat"
    EXCHANGE = "exchange"
    REFUND = "refund"
    MEDIATION = "mediation"


INSTANCES: Final = frozenset({Kind.EXCHANGE, Kind.REFUND})

_REASONS: Final[Mapping[Reason, str]] = {
    Reason.CANCELLATION: "cancelamento cancellation cancel annullamento",
    Reason.QUESTION: "duvida duvidas duvidas_gerais question general_question domanda informazioni",
    Reason.EXCHANGE: "troca exchange cambio sostituzione",
    Reason.DELIVERY: "entrega entrega_produto entrega_do_produto delivery consegna",
    Reason.PAYMENT: "pagamento payment",
    Reason.COMPLAINT: "reclamacao complaint reclamo",
}
_KINDS: Final[Mapping[Kind, str]] = {
    Kind.MESSAGE: "message protocolo protocol protocollo atendimento atendimento_ao_cliente"
    " customer_service servizio_clienti mensagem messaggio",
    Kind.CHAT: "chat chat_offline offline_chat",
    Kind.EXCHANGE: "exchange troca instancia_de_troca sostituzione",
    Kind.REFUND: "refund return reembolso devolucao instancia_de_reembolso rimborso reso",
    Kind.MEDIATION: "mediation mediacao em_mediacao mediazione",
}
_TITLES: Final[Mapping[str, str]] = {
    Reason.CANCELLATION: N_("cancellation"),
    Reason.QUESTION: N_("general question"),
    Reason.EXCHANGE: N_("exchange"),
    Reason.DELIVERY: N_("delivery"),
    Reason.PAYMENT: N_("payment"),
    Reason.COMPLAINT: N_("complaint"),
    Kind.MESSAGE: N_("protocol"),
    Kind.CHAT: N_("chat"),
    Kind.REFUND: N_("refund"),
    Kind.MEDIATION: N_("mediation"),
    Defect.TYPO: N_("typos"),
    Defect.TOC: N_("contents"),
    Defect.TECHNICAL: N_("technical"),
    Defect.METADATA: N_("metadata"),
    Defect.COVER: N_("cover"),
    "ombudsman": N_("ombudsman"),
    "sac": N_("marketplace's own service"),
}


# What Magalu calls the types and reasons of its tickets (sac.openapi.yaml, AllTicketType and
# AllTicketCancellationReason); its API tells these codes and no words.
_CODES: Final[Mapping[str, str]] = {
    "shipping": N_("delivery"),
    "cancellation": N_("cancellation"),
    "payment": N_("payment"),
    "general": N_("general question"),
    "exchange": N_("exchange"),
    "product_question": N_("question about the product"),
    "feedback": N_("feedback"),
    "shipping_notification": N_("notice about the delivery"),
    "price_discrepancy": N_("wrong price"),
    "incorrect_product": N_("wrong product"),
    "duplicated_order": N_("ordered twice"),
    "payment_issue": N_("problem with the payment"),
    "unavailability": N_("out of stock"),
    "chargeback": N_("chargeback"),
    "shipping_delay": N_("sent late"),
    "delivery_delay": N_("delivered late"),
    "damaged_parts": N_("damaged parts"),
    "missing_parts": N_("missing parts"),
    "missing_damaged_parts": N_("missing or damaged parts"),
    "defective_product": N_("defective product"),
    "shipped_but_lost": N_("lost on the way"),
    "held_at_customs": N_("held at customs"),
    "better_price": N_("found cheaper"),
    "freight_discrepancy": N_("wrong freight"),
    "not_received": N_("not received"),
    "shipping_address_issues": N_("problem with the address"),
    "quality_concern": N_("doubts about the quality"),
    "change_of_mind": N_("changed their mind"),
    "customer_error": N_("ordered by mistake"),
    "unexpected_circumstances": N_("unexpected circumstances"),
}
_BETWEEN: Final = ": "


def reason_of(words: str) -> Reason | None:
    """Return the reason that `words` mean, in any of the languages; None = none of the six."""
    return _found(_REASONS, words)


def kind_of(words: str) -> Kind | None:
    """Return the kind that `words` mean, in any of the languages."""
    return _found(_KINDS, words)


def is_instance(kind: str) -> bool:
    """Tell whether a ticket is an instance: an exchange or a refund, with a number of its own."""
    return kind in INSTANCES


def title(word: str) -> str:
    """Return a reason or kind in the current language; a marketplace's own word as it is."""
    return _(_TITLES[word]) if word in _TITLES else word


def subject(text: str) -> str:
    """Return a subject as people read it: codes of a marketplace in words, all else as it is."""
    parts = text.split(_BETWEEN)
    if all(each in _CODES for each in parts):
        return _BETWEEN.join(_(_CODES[each]) for each in parts)
    return text


def _found(known: Mapping[Word, str], words: str) -> Word | None:
    wanted = "_".join(fold(words).replace("_", " ").split())
    return next((each for each, names in known.items() if wanted in names.split()), None)
