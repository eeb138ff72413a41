"""Why a customer writes: the closed list of six (T34), and the kinds of what people enter.

Portals and spreadsheets write them in words of several languages; here is what they mean.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

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
}


def reason_of(words: str) -> Reason | None:
    """Return the reason that `words` mean, in any of the languages; None = none of the six."""
    return _found(_REASONS, words)


def kind_of(words: str) -> Kind | None:
    """Return the kind that `words` mean, in any of the languages."""
    return _found(_KINDS, words)


def title(word: str) -> str:
    """Return a reason or kind in the current language; a marketplace's own word as it is."""
    return _(_TITLES[word]) if word in _TITLES else word


def _found(known: Mapping[Word, str], words: str) -> Word | None:
    wanted = "_".join(fold(words).replace("_", " ").split())
    return next((each for each, names in known.items() if wanted in names.split()), None)
