"""A screen's look at the cache: has it changed, and what stands in the way, said once."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from mkt_tui.cache.database import Database
from mkt_tui.domain.errors import UserError

# A cache that cannot be read is looked at ever less often: each look may wait for a server.
_FIRST_REST: Final = 1.0
_LONGEST_REST: Final = 30.0


class Watch:
    """Tells when to read anew; the first look finds a change.

    Args:
        complain: Hears why the cache cannot be read, once for each reason until it can be again.
    """

    def __init__(self, database: Database, complain: Callable[[UserError], None]) -> None:
        self._database = database
        self._complain = complain
        self._version: int | None = None
        self._trouble = ""
        self._rest = 0.0
        self._rest_until = 0.0

    def changed(self) -> bool:
        """Tell whether others changed the cache since the last look, or it can be read again."""
        if monotonic() < self._rest_until:
            return False
        try:
            version = self._database.version()
        except UserError as error:
            self._fail(error)
            return False
        changed = version != self._version or bool(self._trouble)
        self._version, self._trouble, self._rest = version, "", 0.0
        return changed

    def _fail(self, error: UserError) -> None:
        self._rest = min(self._rest * 2, _LONGEST_REST) or _FIRST_REST
        self._rest_until = monotonic() + self._rest
        if str(error) != self._trouble:
            self._trouble = str(error)
            self._complain(error)
