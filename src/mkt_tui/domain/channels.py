"""Sales channels: a shop's account at a marketplace (C1-C4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mkt_tui.domain.text import clean_line


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as configured; `secret` is a reference such as env:NAME, never the secret itself.

    Attributes:
        options: The adapter's own settings by name, such as a shop id.
        zone: IANA name of the zone its deadlines are computed in.
    """

    id: int
    name: str
    adapter: str
    country: str
    base_url: str
    secret: str
    zone: str
    enabled: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """A code of up to five letters for narrow screens (T13): CARR, LEROY, VIAVA."""
        return short_name(self.name)


def short_name(name: str) -> str:
    """Return the first five letters or digits of `name` in capitals, blanks left out."""
    return "".join(char for char in clean_line(name) if char.isalnum())[:5].upper()
