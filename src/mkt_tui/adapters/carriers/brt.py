"""BRT by REST (contracts/brt: reconstructed from public clients, confidence high)."""

from collections.abc import Callable
from typing import Final, Self
from urllib.parse import quote

import httpx

from mkt_tui.adapters.carriers.brt_reading import NOT_FOUND, read_shipment
from mkt_tui.adapters.fields import Json, Misread, line, part, whole
from mkt_tui.adapters.http import TIMEOUT, Http
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, BadAnswer, Refused
from mkt_tui.domain.parcels import Parcel, ParcelReport

PAGE: Final = "https://vas.brt.it/vas/sped_det_show.hsm?nspediz={number}"
# 18,000 requests an hour, less what others of the same account may use.
RATE: Final = 2.0
_LOGIN_FAILED: Final = -7


class BrtRest:
    """One BRT account; its secret is a JSON object of `user` and `password`.

    BRT's REST service looks shipments up by the parcel's number only, the 15 characters that come
    back when a shipment is made. The shipment's own number, with which its pages are opened, is
    told once BRT has it: minutes or hours later (C13).
    """

    SECRETS = ("user", "password")
    NAMES: tuple[str, ...] = ("brt", "bartolini")
    BASE_URL: str = "https://api.brt.it/rest/v1"

    def __init__(
        self,
        account: Channel,
        secret: Callable[[], str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._account = account
        secrets = Secrets(account, secret)
        self._http = Http(
            account,
            lambda: {"userID": secrets("user"), "password": secrets("password")},
            rate=RATE,
            timeout=timeout,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    def page(self, number: str) -> str:
        """Return the address of BRT's page on the shipment."""
        return PAGE.format(number=quote(number, safe=""))

    async def track(self, parcel: Parcel) -> ParcelReport | None:
        """Ask for the parcel by the number it was made with."""
        number = parcel.first_number or parcel.number
        answer = await self._http.get(f"/tracking/parcelID/{quote(number, safe='')}", {})
        try:
            told = part(answer.data, "ttParcelIdResponse")
            return read_shipment(told) if self._is_found(told) else None
        except Misread as error:
            raise BadAnswer(channel=self._account.name, detail=str(error)) from error

    def _is_found(self, told: Json) -> bool:
        """Tell whether the answer holds a shipment; business errors come with HTTP 200."""
        message = part(told, "executionMessage")
        code = whole(message, "code")
        if code is None:
            raise Misread("executionMessage.code")
        if code >= 0:
            return True
        # Which code REST uses for "not found" is not documented; SOAP's is the only one seen.
        if NOT_FOUND in (code, whole(told, "esito")):
            return False
        if code == _LOGIN_FAILED:
            raise AccessRefused(channel=self._account.name, status=200, secret=self._account.secret)
        detail = line(message, "message") or line(message, "codeDesc") or str(code)
        raise Refused(channel=self._account.name, status=200, detail=detail)
