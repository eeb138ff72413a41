"""Channels that need several secrets: one reference whose value is a JSON object of texts.

Such as {"client_id": "...", "client_secret": "...", "refresh_token": "..."}. It is read anew for
every use, so a secret changed on disk works at once, and never kept. An adapter names what it
needs in a class attribute `SECRETS`, a tuple of those names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SecretMissing
from mkt_tui.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Secrets:
    """The named secrets of one channel; `read` gives the text that its reference leads to."""

    channel: Channel
    read: Callable[[], str] = field(repr=False)

    def __call__(self, name: str) -> str:
        """Return the secret called `name`.

        Raises:
            SecretMissing: The reference leads nowhere, to no JSON object, or to one without it.
        """
        try:
            values = orjson.loads(self.read())
        except orjson.JSONDecodeError:
            # Not chained: the text of the error would quote what was read.
            raise self._missing(N_("it is not a JSON object")) from None
        if not isinstance(values, dict):
            raise self._missing(N_("it is not a JSON object"))
        value = values.get(name)
        if isinstance(value, str) and value:
            return value
        raise self._missing(_("it holds no text {name}").format(name=name))

    def _missing(self, detail: str) -> SecretMissing:
        return SecretMissing(
            reference=self.channel.secret, channel=self.channel.name, detail=detail
        )
