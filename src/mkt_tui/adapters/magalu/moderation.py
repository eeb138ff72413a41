"""What Magalu's moderation stops, found before it is sent: the API would not even tell of it."""

import re
from typing import Final

from stdnum.br import cnpj, cpf

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _

_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?55\s?)?\(?\d{2}\)?\s?9?\d{4}[-\s]\d{4}(?!\d)")
_PIX: Final = re.compile(r"\bpix\b", re.IGNORECASE)
_DIGITS: Final = re.compile(r"(?<![\d])[\d][\d./-]{9,16}[\d](?![\d])")


def check(text: str) -> None:
    """Refuse what would be stopped.

    Raises:
        NotAllowed: The text holds one of those; says which.
    """
    found = _found(text)
    if found:
        raise NotAllowed(
            what=_("Magalu stops messages with {what}").format(what=found),
            remedy=N_("Take it out and send the reply again."),
        )


def _found(text: str) -> str | None:
    numbers = _DIGITS.findall(text)
    if any(cpf.is_valid(each) for each in numbers):
        return _("a CPF")
    if any(cnpj.is_valid(each) for each in numbers):
        return _("a CNPJ")
    if _MAIL.search(text):
        return _("an e-mail address")
    if _PHONE.search(text):
        return _("a telephone number")
    return _("a mention of Pix") if _PIX.search(text) else None
