"""Page tokens of the contract's smaller lists: they name the last row of the page before."""

import base64
import binascii
from collections.abc import Sequence

from mkt_tui.sandbox.errors import bad_parameter


def start(token: str | None, names: Sequence[str]) -> int:
    """Return where the page behind the row named by a token begins."""
    if token is None:
        return 0
    try:
        last = base64.urlsafe_b64decode(token.encode("ascii")).decode("ascii")
    except (ValueError, binascii.Error):
        raise bad_parameter("page_token") from None
    if last not in names:
        raise bad_parameter("page_token")
    return names.index(last) + 1


def links(names: Sequence[str], first: int, limit: int) -> dict[str, str]:
    """Return the tokens of the pages beside the one that begins at `first`, where there are any."""
    told = {}
    if first + limit < len(names):
        told["next_page_token"] = _token(names[first + limit - 1])
    if first:
        told["previous_page_token"] = _token(names[max(first - limit - 1, 0)])
    return told


def _token(last: str) -> str:
    return base64.urlsafe_b64encode(last.encode()).decode()
