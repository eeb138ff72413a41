"""Lists with page tokens, read by what changed since: threads (M11) and returns (RT11)."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from mkt_tui.adapters.base import Page
from mkt_tui.adapters.fields import Json, Misread
from mkt_tui.adapters.http import Answer, Query
from mkt_tui.adapters.mirakl.connected import Connected
from mkt_tui.adapters.mirakl.cursors import Cursor, moment
from mkt_tui.domain.errors import BadAnswer, Refused
from mkt_tui.i18n import N_, _

PAGE: Final = 100
MOST_PAGES: Final = 100_000
_LONGEST_TOKEN: Final = 8_000


class _Updated(Protocol):
    @property
    def updated_at(self) -> datetime: ...


Item = TypeVar("Item", bound=_Updated)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """A list that is read so.

    Attributes:
        query: What is asked for besides.
        since: The parameter of the instant from which on changes are told.
        read: Makes an item of a row.
        back: Asked for again from before the last change seen, where the list tells later ones only.
    """

    path: str
    query: Mapping[str, str | int]
    since: str
    read: Callable[[Json], Item]
    back: timedelta = timedelta(0)


class Seeking(Connected):
    """Reads lists page by page."""

    async def _seek(self, listed: Listed[Item], cursor: str | None) -> AsyncIterator[Page[Item]]:
        """Yield the items that changed since `cursor`; see `ListsTickets.tickets`."""
        place = Cursor.from_text(cursor)
        stored = place.token
        met: set[str | None] = set()
        while True:
            forgiving = place.token == stored
            answer, place = await self._seek_page(listed, place, forgiving=forgiving)
            if place.is_ahead_of(answer.at):
                place = Cursor()
                continue
            met.add(place.token)
            items = self._read_all(self._rows(answer, "data"), listed.read, "id")
            place = place.after_page((item.updated_at for item in items), answer.at)
            token = self._next_token(answer)
            if token is None:
                yield Page(items, place.finished().to_text(), complete=True)
                return
            if token in met or place.pages >= MOST_PAGES:
                yield Page(items, place.anew().to_text(), complete=False)
                raise self._bad(N_("the same page comes again"))
            place = replace(place, token=token)
            yield Page(items, place.to_text(), complete=False)

    async def _seek_page(
        self, listed: Listed[Item], place: Cursor, *, forgiving: bool
    ) -> tuple[Answer, Cursor]:
        """Return a page and the place it belongs to.

        A token that was kept over a pause may have expired (HTTP 400); `forgiving` starts the
        read again then.
        """
        query = {**listed.query, "limit": PAGE, **self._shop}
        if place.since:
            query[listed.since] = moment(place.since - listed.back)
        if place.token is None:
            return await self._http.get(listed.path, query), place
        try:
            return await self._http.get(listed.path, {**query, "page_token": place.token}), place
        except Refused as refusal:
            if not forgiving or refusal.parameters.get("status") != "400":
                raise
        return await self._http.get(listed.path, query), place.anew()

    async def _every_row(self, path: str, query: Query) -> list[Json]:
        """Return the rows of a list that is read whole, page by page."""
        rows: list[Json] = []
        met: set[str] = set()
        asked = query
        while True:
            answer = await self._http.get(path, asked)
            rows += self._rows(answer, "data")
            token = self._next_token(answer)
            if token is None:
                return rows
            if token in met:
                raise self._bad(N_("the same page comes again"))
            met.add(token)
            asked = {**query, "page_token": token}

    def _rows(self, answer: Answer, key: str) -> list[Json]:
        rows = answer.data.get(key)
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._bad(_("no list {name}").format(name=key))

    def _read_all(
        self, rows: list[Json], read: Callable[[Json], Item], key: str
    ) -> tuple[Item, ...]:
        items = []
        for row in rows:
            try:
                items.append(read(row))
            except Misread as error:
                raise self._bad(f"{key} {_shown(row, key)}: {error}") from error
        return tuple(items)

    def _next_token(self, answer: Answer) -> str | None:
        token = answer.data.get("next_page_token")
        if token is None or token == "":
            return None
        # Longer or stranger ones could not be put into an address again.
        if isinstance(token, str) and token.isprintable() and len(token) <= _LONGEST_TOKEN:
            return token
        raise self._bad("next_page_token")

    def _bad(self, detail: str) -> BadAnswer:
        return BadAnswer(channel=self._channel.name, detail=detail)


def _shown(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else "?"
