"""Personal data: what it is, and how it looks while it is hidden.

Enough stays visible to compare it with what a customer says on the phone: the first letter of a
name or an e-mail address, the last two digits of a document or a telephone number.
"""

from collections.abc import Callable, Mapping
from typing import Final

from mkt_tui.domain.text import mask

_SHORTEST_NAME: Final = 4
_SHORTEST_NUMBER: Final = 5
_LAST_SHOWN: Final = 2


def shown(field: str, value: str, *, revealed: bool) -> str:
    """Return `value` as a reader may see it: hidden if `field` is personal and not revealed.

    Args:
        field: The field's name in the records of `domain.orders`.
        value: What the field holds.
        revealed: Whether the agent has asked to see personal data.
    """
    rule = _RULES.get(field)
    return value if rule is None or revealed else rule(value)


def document(value: str) -> str:
    """Return a valid CPF or CNPJ with its punctuation, anything else as it came."""
    from stdnum.br import cnpj, cpf

    for kind in (cpf, cnpj):
        if kind.is_valid(value):
            return str(kind.format(value))
    return value


def _words(text: str) -> str:
    return " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    # The first letter of a short word would give most of it away, a digit is a house number.
    return mask(word, int(len(word) >= _SHORTEST_NAME and word[0].isalpha()))


def _number(text: str) -> str:
    signs = sum(map(str.isalnum, text))
    hidden = signs - (_LAST_SHOWN if signs >= _SHORTEST_NUMBER else 0)
    result = []
    for char in text:
        counts = char.isalnum()
        result.append("•" if counts and hidden > 0 else char)
        hidden -= counts
    return "".join(result)


def _email(text: str) -> str:
    name, at, host = text.rpartition("@")
    stem, dot, suffix = host.rpartition(".")
    if not at or not dot:
        return _words(text)
    return f"{_words(name)}@{_words(stem)}.{suffix}"


def _all(text: str) -> str:
    return mask(text, 0)


_RULES: Final[Mapping[str, Callable[[str], str]]] = {
    "customer": _words,
    "name": _words,
    "company": _words,
    "street": _words,
    "complement": _words,
    "zip_code": _all,
    "phone": _number,
    "email": _email,
    "document": _number,
    "tax_number": _number,
    "customer_code": _number,
}
