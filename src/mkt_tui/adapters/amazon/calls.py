"""Calls to the Selling Partner API within the rates that each operation publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from aiolimiter import AsyncLimiter

from mkt_tui.adapters.amazon.tokens import SECRETS, Tokens
from mkt_tui.adapters.http import Answer, Http, Query
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, RateLimited, Refused

# Slower operations do not keep a read waiting: it goes on later from its cursor.
_LONGEST_WAIT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of `burst` requests, refilled by so many a second."""

    a_second: float
    burst: int


SEARCH_ORDERS: Final = Rate(0.0056, 20)
GET_ORDER: Final = Rate(0.5, 30)
CONFIRM_SHIPMENT: Final = Rate(2, 10)
NOTICES: Final = Rate(1, 5)
PARTICIPATIONS: Final = Rate(0.016, 15)


class Calls:
    """One seller's access, an async context manager; `http` is for tests."""

    def __init__(self, channel: Channel, secrets: Secrets, **http: Any) -> None:
        self._channel = channel
        self._secrets = secrets
        self.tokens = Tokens(channel, secrets, **http)
        # The buckets below pace each operation by itself.
        self._http = Http(channel, self.tokens.headers, rate=1_000.0, **http)
        self._buckets: dict[tuple[Rate, str], AsyncLimiter] = {}

    async def __aenter__(self) -> Self:
        await self.tokens.__aenter__()
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()
        await self.tokens.__aexit__()

    async def get(self, rate: Rate, operation: str, path: str, query: Query) -> Answer:
        """Read a JSON object; a token that was refused is fetched anew, once.

        Raises:
            RateLimited: The operation's bucket is empty for longer than is worth waiting.
            ChannelError: Why it could not be read.
        """
        for last in (False, True):
            await self._turn(rate, operation)
            await self.tokens.prepare()
            try:
                return await self._http.get(path, query)
            except AccessRefused:
                self.tokens.forget()
                if last:
                    raise
            except Refused as error:
                raise self._untold(error) from None
        raise AssertionError

    async def send(
        self, rate: Rate, operation: str, path: str, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Post JSON, once, and return what confirms it.

        Raises:
            ChannelError: See `Http.send`.
        """
        await self._turn(rate, operation)
        await self.tokens.prepare()
        try:
            return await self._http.send("POST", path, content)
        except AccessRefused:
            self.tokens.forget()
            raise
        except Refused as error:
            raise self._untold(error) from None

    def _untold(self, error: Refused) -> Refused:
        """Return the refusal without any secret that its server repeats."""
        words = error.parameters.get("detail", "")
        for secret in (*self.tokens.headers().values(), *map(self._secrets, SECRETS)):
            words = words.replace(secret, "…")
        return type(error)(**{**error.parameters, "detail": words})

    async def _turn(self, rate: Rate, operation: str) -> None:
        bucket = self._buckets.setdefault(
            (rate, operation), AsyncLimiter(rate.burst, rate.burst / rate.a_second)
        )
        wait = 1.0 / rate.a_second
        if wait > _LONGEST_WAIT and not bucket.has_capacity():
            error = RateLimited(channel=self._channel.name, status=429)
            error.retry_after = wait
            raise error
        await bucket.acquire()
