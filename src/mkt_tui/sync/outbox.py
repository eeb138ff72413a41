"""From the cache to a marketplace: carry out the operations that are due, each once.

An operation is claimed and committed as *sending* before the request leaves, so a process that
dies leaves a trace. What certainly did not arrive is queued again; what may have arrived is
*unknown* and settled by asking the marketplace, never by sending again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mkt_tui.adapters import acts
from mkt_tui.adapters.acts import FindsDone, TellsProgress
from mkt_tui.adapters.base import Adapter, FindsSent
from mkt_tui.cache import operations, settling, uploads
from mkt_tui.cache.database import Database
from mkt_tui.cache.operations import Claimed
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import (
    Doubtful,
    NotAllowed,
    RateLimited,
    SecretMissing,
    Unavailable,
    Unreachable,
    UserError,
)
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.i18n import N_

CLAIM: Final = timedelta(minutes=2)
# A reply that is not in the thread yet may still be on its way inside the marketplace.
SETTLES_IN: Final = timedelta(minutes=1)
_FIRST_WAIT: Final = 5.0
_TELL_EVERY: Final = timedelta(seconds=1)
_LONGEST_WAIT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Outbox:
    """Carries operations out; `worker` names this process in the claims."""

    database: Database
    clock: Callable[[], datetime]
    worker: str

    async def deliver(self, channel: Channel, adapter: Adapter) -> int:
        """Carry out the channel's due operations; return how many the marketplace took."""
        died = Doubtful(channel=channel.name, detail=N_("the program ended while sending"))
        now = self.clock()
        settling.doubt_expired(self.database, now, died, now + SETTLES_IN)
        await self._settle_doubtful(channel, adapter)
        sent = 0
        # One by one: a claim must not run out while its operation waits behind slow ones.
        while claimed := self._claim(channel, operations.claim):
            sent += await self._send(claimed, adapter)
        return sent

    def _claim(self, channel: Channel, take: Callable[..., Claimed | None]) -> Claimed | None:
        return take(self.database, channel.id, self.worker, self.clock(), CLAIM)

    async def _send(self, claimed: Claimed, adapter: Adapter) -> bool:
        operation = claimed.wanted.operation
        if isinstance(adapter, TellsProgress):
            adapter.progress = self._progress(operation)
        try:
            self._check_before(claimed)
            delivery = await acts.carry_out(adapter, claimed.wanted)
        except (Unreachable, RateLimited, Unavailable, SecretMissing) as error:
            self._later(claimed, error)
        except Doubtful as error:
            now = self.clock()
            settling.settle_unknown(self.database, operation, error, now, now + SETTLES_IN)
        except UserError as error:
            settling.settle_failed(self.database, operation, error, self.clock())
        else:
            settling.settle_sent(
                self.database, operation, delivery.remote_code, claimed.agent, self.clock()
            )
            return True
        return False

    def _check_before(self, claimed: Claimed) -> None:
        """Let what goes along with another operation wait for it, and fail with it.

        Raises:
            Unavailable: The other one is still on its way.
            NotAllowed: It will never arrive.
        """
        along = getattr(claimed.wanted, "along", "")
        before = operations.outcome(self.database, along) if along else None
        if not along or (before and before.state is OperationState.SENT):
            return
        if before and before.state not in (OperationState.FAILED, OperationState.RECALLED):
            raise Unavailable(channel="-", detail=N_("the file it goes along with is on its way"))
        raise NotAllowed(
            what=N_("The file that it goes along with was not sent"),
            remedy=N_("Declare the title corrected once more."),
        )

    async def _settle_doubtful(self, channel: Channel, adapter: Adapter) -> None:
        if not isinstance(adapter, FindsSent | FindsDone):
            return
        while claimed := self._claim(channel, operations.claim_doubtful):
            operation = claimed.wanted.operation
            try:
                found = await acts.look_for(adapter, claimed.wanted)
            except UserError:
                # The claim runs out by itself and the question is asked again then.
                continue
            if found:
                settling.settle_found(
                    self.database, operation, found.remote_code, claimed.agent, self.clock()
                )
            else:
                settling.queue_again(self.database, operation, None, self.clock())

    def _progress(self, operation: str) -> Callable[[int, int], None]:
        """Return what notes how much of a file has left, and keeps the claim from running out."""
        noted: datetime | None = None

        def tell(sent: int, size: int) -> None:
            nonlocal noted
            now = self.clock()
            if noted is None or now - noted >= _TELL_EVERY or sent >= size:
                noted = now
                uploads.note(self.database, operation, self.worker, (sent, size), now, CLAIM)

        return tell

    def _later(self, claimed: Claimed, error: UserError) -> None:
        wait = getattr(error, "retry_after", None) or min(
            _FIRST_WAIT * 2 ** (claimed.tries - 1), _LONGEST_WAIT
        )
        next_try = self.clock() + min(timedelta(seconds=wait), operations.LONGEST_WAIT)
        settling.queue_again(self.database, claimed.wanted.operation, error, next_try)
