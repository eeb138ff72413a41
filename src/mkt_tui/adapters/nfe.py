"""The Brazilian electronic invoice: its access key, as it stands in its XML file (NF-e, layout 4.00)."""

import re
from typing import Final

from mkt_tui.domain.errors import NotAllowed
from mkt_tui.i18n import N_

_KEY: Final = re.compile(rb"""<chNFe>\s*(\d{44})\s*</chNFe>|\bId=["']NFe(\d{44})["']""")


def access_key(content: bytes) -> str:
    """Return the 44 digits of the invoice in `content`.

    Raises:
        NotAllowed: It is no XML file of an NF-e.
    """
    found = _KEY.search(content)
    if found is None:
        raise NotAllowed(
            what=N_("This channel takes the XML file of an NF-e only"),
            remedy=N_("Choose the XML file that the tax office has authorised."),
        )
    return (found[1] or found[2]).decode()
