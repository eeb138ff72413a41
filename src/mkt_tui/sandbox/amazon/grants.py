"""Login with Amazon: a refresh token for an access token of one hour."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from mkt_tui.sandbox.world import Shop

_LASTS = timedelta(hours=1)


class Grants:
    """The tokens that were given out, and until when each is good."""

    def __init__(self, shop: Shop, clock: Callable[[], datetime]) -> None:
        self._shop = shop
        self._clock = clock
        self._ends: dict[str, datetime] = {}

    @staticmethod
    def secrets(shop: Shop) -> dict[str, str]:
        """Return what the seller's application must know."""
        key = shop.identity.api_key
        return {
            "client_id": f"amzn1.application-oa2-client.{shop.identity.number}",
            "client_secret": f"amzn1.oa2-cs.{key}",
            "refresh_token": f"Atzr|{key}",
        }

    def exchange(self, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        """Return status and answer of the token endpoint."""
        wanted = self.secrets(self._shop)
        if form.get("grant_type") != "refresh_token":
            return 400, _refusal("unsupported_grant_type", "grant_type")
        if not _same(form, wanted, "client_id", "client_secret"):
            return 401, _refusal("invalid_client", "client_id")
        if not _same(form, wanted, "refresh_token"):
            return 400, _refusal("invalid_grant", "refresh_token")
        token = f"Atza|{len(self._ends)}.{self._shop.identity.api_key}"
        self._ends[token] = self._clock() + _LASTS
        return 200, {
            "access_token": token,
            "refresh_token": wanted["refresh_token"],
            "token_type": "bearer",
            "expires_in": int(_LASTS.total_seconds()),
        }

    def holds(self, token: str) -> bool:
        """Tell whether an access token is good now."""
        return token in self._ends and self._clock() < self._ends[token]


def _same(form: Mapping[str, str], wanted: Mapping[str, str], *names: str) -> bool:
    return all(
        hmac.compare_digest(form.get(each, "").encode(), wanted[each].encode()) for each in names
    )


def _refusal(error: str, parameter: str) -> dict[str, object]:
    words = f"The request has an invalid parameter : {parameter}"
    return {"error": error, "error_description": words}
