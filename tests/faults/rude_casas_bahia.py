"""What a practice Casas Bahia truly holds, read page by page through its seller API."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.faults.rude_shop import Messages, RudeShop

_PAGE = 50


class CasasBahia(RudeShop):
    """The shop, seen by somebody who is never rude."""

    slug: ClassVar = "casasbahia"

    def copies(self, code: str, text: str) -> int:
        """Count the messages of a ticket that hold exactly this text."""
        return sum(each["body"] == text for each in self._rows(f"tickets/{code}/messages"))

    def messages(self) -> Messages:
        """Return the numbers of all messages by ticket, in order."""
        codes = sorted(each["code"] for each in self._rows("tickets"))
        return {
            code: sorted(each["id"] for each in self._rows(f"tickets/{code}/messages"))
            for code in codes
        }

    def orders(self) -> list[str]:
        """Return the numbers of all orders."""
        return sorted(each["id"] for each in self._rows("orders"))

    def shipments(self, number: str, parcel: str) -> int:
        """Count the parcels of this number that an order went out with."""
        told = self._get(f"orders/{number}")["trackings"]
        return sum((each["controlPoint"], each["number"]) == ("ETR", parcel) for each in told)

    def _rows(self, path: str) -> Iterator[Any]:
        name, offset = path.rpartition("/")[2], 0
        while True:
            page = self._get(path, _offset=offset, _limit=_PAGE)
            yield from page[name]
            offset += _PAGE
            if len(page[name]) < _PAGE:
                return

    def _get(self, path: str, **query: Any) -> Any:
        where = f"{self.offered['base_url']}/{path}"
        answer = self.http.get(where, params=query, headers=json.loads(self.offered["secret"]))
        assert answer.status_code == 200, answer.text
        return answer.json()
