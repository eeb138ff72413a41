"""Request rates that a channel's options may name."""

from typing import Final

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _

_SECONDS: Final = 60.0
# A marketplace counts in any span of a minute, and a bucket lets its burst through besides.
_MARGIN: Final = 0.9


def per_minute(channel: Channel, option: str, allowed: float) -> float:
    """Return how many requests a second keep `allowed` a minute, or what the option says.

    Raises:
        SettingsWrong: The option is no such number.
    """
    text = channel.options.get(option) or str(allowed)
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if 0.5 <= rate <= 60_000.0:
        return rate / _SECONDS * _MARGIN
    raise SettingsWrong(
        what=_("Channel {channel} cannot make {rate} requests a minute").format(
            channel=channel.name, rate=text
        ),
        remedy=_("Set {option} to a number such as {example}.").format(
            option=option, example=f"{allowed:g}"
        ),
    )
