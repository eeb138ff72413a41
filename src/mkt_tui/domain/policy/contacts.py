"""Where a text holds what lets people meet outside the marketplace, in whatever form."""

import re
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from mkt_tui.domain.policy.plain import Plain, plain


class Matter(StrEnum):
    """What a rule may forbid; the values are what the rules' files take."""

    MAIL = "mail"
    LINK = "link"
    DOCUMENT = "document"
    PHONE = "phone"


class Found(NamedTuple):
    """Signs `start` to before `end` of the text."""

    matter: Matter
    start: int
    end: int


_ENDINGS: Final = "com|net|org|br|it|io|shop|store|app|link|info|biz|site|online|xyz|club|live|tech|blog|dev|page|pt"
_MAIL: Final = re.compile(
    rf"[\w.+-]+\s{{0,2}}@\s{{0,2}}[\w-]+(?:\.[\w-]+|\s?\.\s?(?:{_ENDINGS})\b)+", re.IGNORECASE
)
_SHORT: Final = "ly|me|co|gl|eu|gd|to|cc|us"
_LINK: Final = re.compile(
    rf"\bhttps?://[^\s<>]+|\bwww\.[^\s<>]+|(?<![@\w.-])(?:[\w-]+\.)+"
    rf"(?:(?:{_ENDINGS})\b(?:[/?#][^\s<>]*)?|(?:{_SHORT})/[^\s<>]*)",
    re.IGNORECASE,
)
_AFTER_A_LINK: Final = ".,;:!?)]}\"'»"
_NUMBER: Final = re.compile(r"(?<![\w])\d[\d./-]{9,16}\d(?![\w])")
# A Brazilian mobile number as it is given to neighbours; libraries want its area.
_LOCAL: Final = {"BR": re.compile(r"(?<![\w-])9\s?\d{4}[-. ]\d{4}(?![\w-])")}
# What stands before a number that is a telephone's, of whatever country and however short.
_CALLED: Final = re.compile(
    r"\b(?:zap|whats\w*|wpp|tel|telefon\w*|fone|cel|celular|ligue|ligar|chiam\w*|call|phone)\b"
    r"[^\d\n]{0,20}(?P<number>(?<!\d)\d(?:[ .()-]{0,2}\d){7,11}(?!\d))",
    re.IGNORECASE,
)
# What stands before a number that is no telephone's.
_NO_PHONE: Final = re.compile(
    r"(?:pedidos?|orders?|ordin[ei]|protocolos?|protocollo|tickets?|chamados?|rastre\w*|tracking"
    r"|tracciamento|spedizione|nf-?e?|nota(?: fiscal)?|fattura|invoice|c[óo]digo|codice|code|sku"
    r"|ean|isbn|entrega|remessa|parcel|cpf|cnpj|documento?|cep|iva)"
    r"(?: (?:n|n[ºo°]|nr|no|number|n[úu]mero|numero|de|di|of|da))*[ .:#ºo°]*$",
    re.IGNORECASE,
)
_CUE: Final = 40
_SHORTEST_PHONE: Final = 7


def find(
    text: str, matters: Collection[Matter], country: str = "", known: Collection[str] = ()
) -> list[Found]:
    """Return what the text holds of `matters`, from left to right.

    Args:
        country: Where a telephone number without a country code would be of: BR, IT ...
        known: Numbers and links of the order and the ticket, which are none of it.
    """
    read = plain(text)
    taken = [span for each in known if len(each) > 3 for span in _all(text, each)]
    found = []
    for matter in (each for each in Matter if each in matters):
        for place in _FINDERS[matter](read, country):
            if not any(_overlap(place, each) for each in taken):
                found.append(Found(matter, *place))
                taken.append(place)
    return sorted(found, key=lambda each: each.start)


def _all(text: str, part: str) -> Iterator[tuple[int, int]]:
    return (each.span() for each in re.finditer(re.escape(part), text, re.IGNORECASE))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _links(read: Plain, country: str) -> Iterator[tuple[int, int]]:
    del country
    for each in _LINK.finditer(read.text):
        yield read.span(each.start(), each.start() + len(each.group().rstrip(_AFTER_A_LINK)))


def _mails(read: Plain, country: str) -> Iterator[tuple[int, int]]:
    del country
    return (read.span(*each.span()) for each in _MAIL.finditer(read.text))


def _phones(read: Plain, country: str) -> Iterator[tuple[int, int]]:
    if sum(map(str.isdigit, read.text)) < _SHORTEST_PHONE:
        return
    # A tenth of a second once, and only for who writes numbers.
    from phonenumbers import Leniency, PhoneNumberMatcher

    spans = [
        (each.start, each.end)
        for each in PhoneNumberMatcher(read.text, country or None, Leniency.VALID)
    ]
    if local := _LOCAL.get(country):
        spans += (each.span() for each in local.finditer(read.text))
    spans += (each.span("number") for each in _CALLED.finditer(read.text))
    for start, end in spans:
        if not _NO_PHONE.search(read.text[max(start - _CUE, 0) : start]):
            yield read.span(start, end)
    yield from read.spelled


def _documents(read: Plain, country: str) -> Iterator[tuple[int, int]]:
    del country
    numbers = list(_NUMBER.finditer(read.text))
    if numbers:
        from stdnum.br import cnpj, cpf

        for each in numbers:
            if cpf.is_valid(each.group()) or cnpj.is_valid(each.group()):
                yield read.span(*each.span())


_FINDERS: Final[dict[Matter, Callable[[Plain, str], Iterator[tuple[int, int]]]]] = {
    Matter.LINK: _links,
    Matter.MAIL: _mails,
    Matter.PHONE: _phones,
    Matter.DOCUMENT: _documents,
}
