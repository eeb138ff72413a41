"""What else the words of the filter language are called, in all three languages; folded."""

import re
from collections.abc import Mapping
from typing import Final

# Also the words that the queue's columns are called by.
FIELDS: Final[Mapping[str, str]] = {
    "is": "state situacao situation situazione stato",
    "has": "tem ha",
    "channel": "shop loja negozio canal canale marketplace mktplace",
    "subject": "assunto oggetto",
    "customer": "cliente name nome",
    "text": "texto testo",
    "number": "numero order pedido ordine ticket codigo codice site delivery entrega consegna cpf cnpj"
    " document documento nf nfe invoice fattura tracking rastreio tracciamento isbn sku ean phone"
    " telefone telefono email",
    "user": "assignee usuario utente",
    "from": "de da",
    "waiting": "espera attesa",
    "kind": "tipo",
    "reason": "motivo",
    "holder": "there la",
    "return": "devolucao reso",
    "status": "andamento spedizione",
    "item": "product produto prodotto title titulo titolo",
    "note": "nota",
    "age": "idade eta days dias giorni",
    "due": "prazo scadenza",
    "house": "casa interno",
    "until": "ate fino",
    "received": "recebido ricevuto",
    "registered": "data date",
    "created": "criado creato",
    "changed": "alterado modificato",
}
STATES: Final[Mapping[str, str]] = {
    "open": "aberto aberta abertos aperto aperti",
    "answered": "respondido respondidos risposto risposti",
    "snoozed": "adiado adiados rimandato rimandati",
    "all": "todos tutti",
    "late": "atrasado atrasados atraso vencido vencidos overdue ritardo scaduto scaduti",
    "today": "hoje oggi",
    "pending": "pendente pendentes pendenti",
    "priority": "prioridade priorita",
    "mine": "meu meus mio miei",
    "unassigned": "livre livres libero liberi",
    "failed": "falhou fallito falliti",
    "doubt": "unknown duvida dubbio",
    "sent": "enviado enviados inviato inviati",
    "mediation": "mediacao mediazione",
}
DAYS: Final[Mapping[str, str]] = {
    "yesterday": "ontem ieri",
    "today": "hoje oggi",
    "tomorrow": "amanha domani",
}
UNITS: Final[Mapping[str, str]] = {
    "m": "min minuto minutos minuti minute minutes",
    "h": "hora horas ora ore hour hours",
    "d": "dia dias giorno giorni day days",
    "w": "semana semanas settimana settimane week weeks",
}
# Where an order stands, as its sheet says it.
STATUSES: Final[Mapping[str, str]] = {
    "waiting": "aguardando attesa",
    "to_ship": "enviar spedire",
    "shipped": "enviado spedito",
    "delivered": "entregue consegnato",
    "refused": "recusado rifiutato",
    "cancelled": "cancelado canceled annullato",
    "other": "outro altro",
}
# Where a return stands.
RETURNS: Final[Mapping[str, str]] = {
    "any": "qualquer qualsiasi",
    "open": STATES["open"],
    "waiting": STATUSES["waiting"],
    "coming": "chegando arrivo",
    "received": "recebido recebida ricevuto",
    "missing": "faltando mancante",
    "refused": "recusado recusada rifiutato",
    "closed": "encerrado encerrada chiuso",
    "cancelled": "cancelado cancelada canceled annullato",
    "other": STATUSES["other"],
}
_SPAN: Final = re.compile(r"(\d{1,5})([a-z]*)")


def meant(said: str, others: Mapping[str, str]) -> str:
    """Return the word that a folded one stands for, itself where it is known as nothing else."""
    return next((word for word, names in others.items() if said in names.split()), said)


def near(said: str, others: Mapping[str, str]) -> list[str]:
    """Return the words that a misspelled one may stand for, the likeliest first."""
    from difflib import get_close_matches  # only where something is misspelled

    called = {name: word for word, names in others.items() for name in (word, *names.split())}
    return list(dict.fromkeys(called[each] for each in get_close_matches(said, called, 3)))


def time_meant(said: str, unit: str = "") -> str:
    """Return a span or a day as it is kept, 2d for 2dias; `unit` is that of a bare number."""
    if span := _SPAN.fullmatch(said):
        return span[1] + (meant(span[2], UNITS) or unit)
    return meant(said, DAYS)
