"""A nota fiscal (NF-e, XML) in the fields that marketplaces ask for.

Source: the layout of the NF-e of the Brazilian tax authorities, version 4.00.
"""

import re
from datetime import datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_, _

_SPACE: Final = "{http://www.portalfiscal.inf.br/nfe}"
_KEY: Final = re.compile(r"NFe([0-9]{44})")


def read_nota(data: bytes, zone: ZoneInfo) -> dict[str, Any]:
    """Return what Hub2b calls an Invoice; its time is in `zone`, without naming it.

    Raises:
        NotAllowed: The file is no NF-e.
    """
    try:
        note = next(fromstring(data).iter(f"{_SPACE}infNFe"))
        key = _KEY.fullmatch(note.get("Id", ""))
        if key is None:
            raise _wrong("infNFe Id")
        issued = datetime.fromisoformat(_text(note, "ide", "dhEmi")).astimezone(zone)
        return {
            "xml": data.decode("utf-8"),
            "key": key[1],
            "number": _text(note, "ide", "nNF"),
            "series": _text(note, "ide", "serie"),
            "cfop": _text(note, "det", "prod", "CFOP"),
            "totalAmount": float(_text(note, "total", "ICMSTot", "vNF")),
            "issueDate": issued.replace(tzinfo=None).isoformat(timespec="seconds"),
        }
    except (ParseError, DefusedXmlException, StopIteration, ValueError):
        raise _wrong("NF-e") from None


def _text(note: Element, *path: str) -> str:
    found = note.findtext("/".join(f"{_SPACE}{each}" for each in path))
    if not found or not found.strip():
        raise _wrong(path[-1])
    return found.strip()


def _wrong(detail: str) -> NotAllowed:
    return NotAllowed(
        what=_("The file is no nota fiscal that can be read ({detail})").format(detail=detail),
        remedy=N_("Choose the XML file of the NF-e."),
    )
