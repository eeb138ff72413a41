"""BRT by SOAP (contracts/brt/soap-tracking.json): the only way to find a shipment by reference."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Self
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import httpx
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mkt_tui.adapters.carriers.brt import PAGE, RATE
from mkt_tui.adapters.carriers.brt_reading import NOT_FOUND, read_shipment
from mkt_tui.adapters.fields import Misread, line
from mkt_tui.adapters.http import TIMEOUT, Http
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import BadAnswer, Refused, SettingsWrong
from mkt_tui.domain.parcels import Parcel, ParcelReport
from mkt_tui.i18n import N_, _

_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_SHIPMENT_DIGITS: Final = 12
_ERRORS: Final = {
    -1: N_("BRT reports an error of its own"),
    -3: N_("BRT reports an error of its database"),
    -21: N_("BRT does not know the customer number; correct customer_id of the carrier"),
    -22: N_("several shipments have this reference"),
}


class BrtSoap:
    """BRT's web services; no login, but look-ups by parcel or reference need `customer_id`."""

    NAMES: tuple[str, ...] = ("brt", "bartolini")
    BASE_URL: str = "https://wsr.brt.it:10052/web"

    def __init__(
        self,
        account: Channel,
        _secret: Callable[[], str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._account = account
        self._http = Http(account, dict, rate=RATE, timeout=timeout, transport=transport)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    def page(self, number: str) -> str:
        """Return the address of BRT's page on the shipment."""
        return PAGE.format(number=number)

    async def track(self, parcel: Parcel) -> ParcelReport | None:
        """Find the shipment by its own number, by the parcel's, or by the sender's reference."""
        shipment = await self._shipment_of(parcel)
        if shipment is None:
            return None
        told = await self._call(
            "BRT_TrackingByBRTshipmentID",
            LINGUA_ISO639_ALPHA2="it",
            SPEDIZIONE_ANNO="0",
            SPEDIZIONE_BRT_ID=shipment,
        )
        if told is None:
            return None
        try:
            return read_shipment(told)
        except Misread as error:
            raise self._bad(str(error)) from error

    async def _shipment_of(self, parcel: Parcel) -> str | None:
        number = parcel.number
        if number.isdigit() and len(number) == _SHIPMENT_DIGITS:
            return number
        by_parcel = await self._call(
            "GetIdSpedizioneByIdCollo", CLIENTE_ID=self._customer(), COLLO_ID=number
        )
        return _id(by_parcel) or _id(await self._by_reference(parcel.reference))

    async def _by_reference(self, reference: str) -> Mapping[str, Any] | None:
        if reference.isdigit():
            return await self._call(
                "GetIdSpedizioneByRMN",
                CLIENTE_ID=self._customer(),
                RIFERIMENTO_MITTENTE_NUMERICO=reference,
            )
        return await self._call(
            "GetIdSpedizioneByRMA",
            CLIENTE_ID=self._customer(),
            RIFERIMENTO_MITTENTE_ALFABETICO=reference,
        )

    async def _call(self, service: str, **values: str) -> Mapping[str, Any] | None:
        """Return what a service answers, None when there is no such shipment."""
        content = await self._http.call(
            f"/{service}Service/{service}",
            _envelope(service, values),
            "text/xml; charset=utf-8",
        )
        told = self._read(content)
        outcome = line(told, "esito")
        if outcome is None or not outcome.lstrip("-").isdigit():
            raise self._bad("ESITO")
        code = int(outcome)
        if code >= 0:
            return told
        if code == NOT_FOUND:
            return None
        detail = _ERRORS.get(code) or _("BRT answers {code}").format(code=code)
        raise Refused(channel=self._account.name, status=200, detail=detail)

    def _read(self, content: bytes) -> Mapping[str, Any]:
        try:
            root = fromstring(content, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError) as error:
            raise self._bad(N_("it is no XML")) from error
        for element in root.iter():
            if _name(element) == "fault":
                raise self._bad(N_("a SOAP fault"))
            if _name(element) == "return":
                found = _plain(element)
                if isinstance(found, dict):
                    return found
        raise self._bad("return")

    def _customer(self) -> str:
        if customer := self._account.options.get("customer_id"):
            return customer
        raise SettingsWrong(
            what=_("The carrier {name} has no customer_id").format(name=self._account.name),
            remedy=_("Set it in the carrier's section of settings.toml."),
        )

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._account.name, detail=detail)


def _id(told: Mapping[str, Any] | None) -> str | None:
    return line(told, "spedizione_id") if told else None


def _envelope(service: str, values: Mapping[str, str]) -> bytes:
    name = service.lower()
    envelope = Element(f"{{{_ENVELOPE}}}Envelope")
    body = SubElement(envelope, f"{{{_ENVELOPE}}}Body")
    call = SubElement(body, f"{{http://{name}.wsbeans.iseries/}}{name}")
    argument = SubElement(call, "arg0")
    for key, value in values.items():
        SubElement(argument, key).text = value
    return bytes(tostring(envelope, encoding="utf-8", xml_declaration=True))


# A group that is repeated is a list, named as the answer's own counters name it.
_LISTS: Final = {"lista_eventi", "lista_note"}


def _plain(element: Element) -> Any:
    """Return the element as the JSON of the REST service would hold it."""
    children = list(element)
    if not children:
        return element.text or ""
    if _name(element) in _LISTS:
        return [{_name(each): _plain(each)} for each in children]
    # A list may also come as one LISTA_EVENTI element for each event.
    result: dict[str, Any] = {}
    for each in children:
        name, value = _name(each), _plain(each)
        if name in _LISTS:
            result.setdefault(name, []).extend(value if isinstance(value, list) else [])
        else:
            result[name] = value
    return result


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()
