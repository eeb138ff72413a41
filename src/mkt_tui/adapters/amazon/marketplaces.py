"""Amazon's marketplaces by country: the ids that every call names."""

from typing import Final

from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import SettingsWrong
from mkt_tui.i18n import _

_IDS: Final = {
    "AU": "A39IBJ37TRP1C6",
    "BE": "AMEN7PMS3EDWL",
    "BR": "A2Q3Y263D00KWC",
    "CA": "A2EUQ1WTGCTBG2",
    "DE": "A1PA6795UKMFR9",
    "ES": "A1RKKUPIHCS9HS",
    "FR": "A13V1IB3VIYZZH",
    "GB": "A1F83G8C2ARO7P",
    "IE": "A28R8C7NBKEWEA",
    "IT": "APJ6JRA9NG5V4",
    "JP": "A1VC38T7YXB528",
    "MX": "A1AM78C64UM0Y8",
    "NL": "A1805IZSGTT6HS",
    "PL": "A1C3SOZRARQ6R3",
    "SE": "A2NODRKZP88ZB9",
    "US": "ATVPDKIKX0DER",
}


def marketplace_of(channel: Channel) -> str:
    """Return the id of the channel's marketplace.

    Raises:
        SettingsWrong: Its country has none that is known.
    """
    found = channel.options.get("marketplace_id") or _IDS.get(channel.country)
    if found:
        return found
    raise SettingsWrong(
        what=_("The option {name} of channel {channel} lacks or cannot be used").format(
            name="marketplace_id", channel=channel.name
        ),
        remedy=_("Set it to something like {example}.").format(example=_IDS["US"]),
    )
