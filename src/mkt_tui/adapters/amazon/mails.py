"""Amazon's mails of buyers: the alias they come from, and the order they are about.

The address pattern is the one of the official examples (buyerEmail of Orders 2026-01-01). What
subjects look like in each language is not documented [unknown]; only the order number, which is
3-7-7 digits everywhere, is looked for.
"""

import re
from collections.abc import Sequence
from typing import Final

from mkt_tui.adapters.mail.reading import Mail

_ALIAS: Final = re.compile(r"[^@\s]+@marketplace\.amazon\.[a-z.]{2,12}")
_ORDER: Final = re.compile(r"(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])")
_LONGEST_TEXT: Final = 100_000


class BuyerMails:
    """One ticket per order; a buyer whose mails name none has one by the alias."""

    def ticket(self, mail: Mail) -> str | None:
        """Return the order number, else the buyer's alias; None for mails of nobody's alias."""
        if _ALIAS.fullmatch(mail.origin) is None:
            return None
        return self.order(mail) or mail.origin

    def ticket_of_ours(self, mail: Mail) -> str | None:
        """Return the ticket that an answer to a buyer's alias belongs to."""
        aliases = [each for each in mail.recipients if _ALIAS.fullmatch(each)]
        return (self.order(mail) or aliases[0]) if aliases else None

    def order(self, mail: Mail) -> str | None:
        """Return the order number in the subject, else in the text, quoted lines included."""
        found = _ORDER.search(mail.subject) or _ORDER.search(mail.whole[:_LONGEST_TEXT])
        return found[0] if found else None

    def search(self, ticket: str) -> Sequence[object]:
        """Return what every mail of the ticket fits."""
        if _ORDER.fullmatch(ticket):
            return ("FROM", "@marketplace.amazon.", "TEXT", ticket)
        return ("FROM", ticket)
