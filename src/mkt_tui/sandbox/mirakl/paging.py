"""Seek paging of Mirakl M11: opaque tokens that name a place between two threads.

A token holds the last thread the client saw, not a page number, so that threads which move while
a client pages neither hide others nor show them twice.
"""

import base64
import hmac
import json
from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass, replace
from operator import itemgetter
from typing import Final, Self

from mkt_tui.sandbox.errors import bad_parameter
from mkt_tui.sandbox.world import Key

_BEHIND_ALL: Final[Key] = (2**63, "")


@dataclass(frozen=True, slots=True)
class Search:
    """What M11 was asked for; every token carries it.

    Attributes:
        since: `updated_since` in milliseconds.
        entity_ids: None = all.
        after: Start right after this place.
        before: End right before this place.
    """

    limit: int
    since: int | None
    entity_type: str | None
    entity_ids: tuple[str, ...] | None
    with_messages: bool
    after: Key | None = None
    before: Key | None = None

    def token(self, secret: str) -> str:
        """Return the search as an opaque text, signed so that only our own tokens are taken."""
        text = json.dumps(asdict(self), separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(text + b"." + _signature(text, secret)).decode()

    @classmethod
    def from_token(cls, token: str, secret: str) -> Self:
        """Return the search of a token of ours; any other is a bad parameter."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii"))
        except ValueError:
            raise bad_parameter("page_token") from None
        text, _, signature = raw.rpartition(b".")
        if not hmac.compare_digest(signature, _signature(text, secret)):
            raise bad_parameter("page_token")
        fields = json.loads(text)
        for name in ("entity_ids", "after", "before"):
            fields[name] = fields[name] if fields[name] is None else tuple(fields[name])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of places, with the searches for its neighbours."""

    keys: list[Key]
    following: Search | None
    previous: Search | None


def page_of(keys: list[Key], search: Search) -> Page:
    """Return the page of `keys` (in M11's order) that `search` asks for."""
    end = len(keys) if search.since is None else _end_of(keys, search.since)
    if search.before is not None:
        stop = min(bisect_left(keys, search.before), end)
        start = max(0, stop - search.limit)
    else:
        start = 0 if search.after is None else min(bisect_right(keys, search.after), end)
        stop = min(start + search.limit, end)
    shown = keys[start:stop]
    first, last = (shown[0], shown[-1]) if shown else (search.after, search.before)
    return Page(
        shown,
        replace(search, after=last, before=None) if stop < end else None,
        replace(search, after=None, before=first) if start > 0 else None,
    )


def backward_page_of(keys: list[Key], search: Search) -> Page:
    """Return the page of a walk that begins at the last one; what follows is what went before."""
    if search.after is None and search.before is None:
        search = replace(search, before=_BEHIND_ALL)
    page = page_of(keys, search)
    return Page(page.keys, page.previous, page.following)


def _end_of(keys: list[Key], since: int) -> int:
    return bisect_right(keys, -since, key=itemgetter(0))


def _signature(text: bytes, secret: str) -> bytes:
    return base64.b16encode(hmac.digest(secret.encode(), text, "sha256")[:12])
