"""From the cache to a marketplace: deliver the replies that are due, each once.

A reply is claimed and committed as *sending* before the request leaves, so a process that dies
leaves a trace. What certainly did not arrive is queued again; what may have arrived is *unknown*
and settled by reading the thread back, never by sending again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mkt_tui.adapters.base import Adapter, FindsSent, Replies
from mkt_tui.cache import operations, settling
from mkt_tui.cache.database import Database
from mkt_tui.cache.operations import Claimed
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    ChannelError,
    Doubtful,
    NotAllowed,
    RateLimited,
    SecretMissing,
    Unavailable,
    Unreachable,
    UserError,
)
from mkt_tui.i18n import N_

CLAIM: Final = timedelta(minutes=2)
# A reply that is not in the thread yet may still be on its way inside the marketplace.
SETTLES_IN: Final = timedelta(minutes=1)
_FIRST_WAIT: Final = 5.0
_LONGEST_WAIT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Outbox:
    """Delivers replies; `worker` names this process in the claims."""

    database: Database
    clock: Callable[[], datetime]
    worker: str

    async def deliver(self, channel: Channel, adapter: Adapter) -> int:
        """Deliver the channel's due replies; return how many the marketplace took."""
        settling.doubt_expired(
            self.database,
            self.clock(),
            Doubtful(channel=channel.name, detail=N_("the program ended while sending")),
        )
        await self._settle_doubtful(channel, adapter)
        sent = 0
        # One by one: a claim must not run out while its reply waits behind slow ones.
        while claimed := self._claim(channel, operations.claim):
            sent += await self._send(claimed, adapter)
        return sent

    def _claim(self, channel: Channel, take: Callable[..., Claimed | None]) -> Claimed | None:
        return take(self.database, channel.id, self.worker, self.clock(), CLAIM)

    async def _send(self, claimed: Claimed, adapter: Adapter) -> bool:
        operation = claimed.reply.operation
        if not isinstance(adapter, Replies):
            self._fail(operation, _cannot_reply())
            return False
        try:
            delivery = await adapter.reply(claimed.reply)
        except (Unreachable, RateLimited, Unavailable, SecretMissing) as error:
            self._later(claimed, error)
        except Doubtful as error:
            now = self.clock()
            settling.settle_unknown(self.database, operation, error, now, now + SETTLES_IN)
        except UserError as error:
            self._fail(operation, error)
        else:
            self._sent(claimed, delivery.remote_code)
            return True
        return False

    async def _settle_doubtful(self, channel: Channel, adapter: Adapter) -> None:
        if not isinstance(adapter, FindsSent):
            return
        while claimed := self._claim(channel, operations.claim_doubtful):
            try:
                found = await adapter.find_sent(claimed.reply)
            except ChannelError:
                # The claim runs out by itself and the question is asked again then.
                continue
            if found:
                self._sent(claimed, found.remote_code)
            else:
                operation = claimed.reply.operation
                settling.queue_again(self.database, operation, None, self.clock())

    def _sent(self, claimed: Claimed, remote_code: str) -> None:
        settling.settle_sent(
            self.database, claimed.reply.operation, remote_code, claimed.agent, self.clock()
        )

    def _fail(self, operation: str, error: UserError) -> None:
        settling.settle_failed(self.database, operation, error, self.clock())

    def _later(self, claimed: Claimed, error: UserError) -> None:
        wait = getattr(error, "retry_after", None) or min(
            _FIRST_WAIT * 2 ** (claimed.tries - 1), _LONGEST_WAIT
        )
        next_try = self.clock() + timedelta(seconds=wait)
        settling.queue_again(self.database, claimed.reply.operation, error, next_try)


def _cannot_reply() -> NotAllowed:
    return NotAllowed(
        what=N_("This channel takes no replies from here"),
        remedy=N_("Answer in the marketplace's own portal."),
    )
