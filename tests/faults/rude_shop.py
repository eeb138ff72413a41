"""A practice marketplace that is rude on demand, a desk's cache beside it, and what it truly holds."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx

from mkt_tui.cache import channels
from mkt_tui.cache.database import Database
from mkt_tui.domain.channels import Channel
from tests.cli.program import start
from tests.worlds import NOW

REPORT = "MKT_TUI_REPORT"
Messages = dict[str, list[str]]


@dataclass
class RudeShop:
    """The shop of a sandbox process, seen by somebody who is never rude; here one of Mirakl."""

    slug: ClassVar = "carrefour"

    offered: dict[str, Any]
    url: str
    http: httpx.Client

    def be(self, *faults: str) -> None:
        """Show these faults from now on; none = polite."""
        answer = self.http.post(f"{self.url}/control/faults", json={"faults": faults})
        assert answer.status_code == 200, answer.text

    def customer_writes(self, code: str, text: str) -> None:
        """Let a customer write to a thread."""
        where = f"{self.url}/control/{self.slug}/customer-message"
        answer = self.http.post(where, json={"thread_id": code, "body": text})
        assert answer.status_code == 201, answer.text

    def copies(self, code: str, text: str) -> int:
        """Count the messages of a thread that hold exactly this text (Mirakl M10)."""
        thread = self._get(f"inbox/threads/{code}")
        return sum(each["body"] == text for each in thread["messages"])

    def messages(self) -> Messages:
        """Return the numbers of all messages by thread (Mirakl M11), in order."""
        found: Messages = {}
        query: dict[str, Any] = {"limit": 100, "with_messages": "true"}
        while True:
            page = self._get("inbox/threads", **query)
            found |= {each["id"]: [one["id"] for one in each["messages"]] for each in page["data"]}
            if "next_page_token" not in page:
                return {code: sorted(found[code]) for code in sorted(found)}
            query["page_token"] = page["next_page_token"]

    def orders(self) -> list[str]:
        """Return the numbers of all orders (Mirakl OR11)."""
        found: list[str] = []
        while True:
            page = self._get("orders", max=100, offset=len(found))
            found += [each["order_id"] for each in page["orders"]]
            if len(found) >= page["total_count"]:
                return sorted(found)

    def one_in(self, state: str) -> str:
        """Return the number of an order in that state (Mirakl OR11)."""
        page = self._get("orders", max=1, order_state_codes=state)
        assert page["orders"], f"no order is {state}"
        return str(page["orders"][0]["order_id"])

    def order(self, number: str) -> Any:
        """Return an order as the marketplace holds it (Mirakl OR11)."""
        (found,) = self._get("orders", order_ids=number)["orders"]
        return found

    def shipments(self, number: str, parcel: str) -> int:
        """Count the parcels of this number that an order went out with."""
        held = self.order(number)
        return int((held["order_state"], held["shipping_tracking"]) == ("SHIPPED", parcel))

    def decide(self, number: str, *, accepted: bool) -> None:
        """Accept or refuse an order as somebody in the portal would (Mirakl OR21)."""
        lines = self.order(number)["order_lines"]
        decisions = [{"id": each["order_line_id"], "accepted": accepted} for each in lines]
        where = f"{self.offered['base_url']}/api/orders/{number}/accept"
        key = {"Authorization": self.offered["secret"]}
        answer = self.http.put(where, json={"order_lines": decisions}, headers=key)
        assert answer.status_code == 204, answer.text

    def _get(self, path: str, **query: Any) -> Any:
        key = {"Authorization": self.offered["secret"]}
        where = f"{self.offered['base_url']}/api/{path}"
        answer = self.http.get(where, params=query, headers=key)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def rude_shop(tickets: int, kind: type[RudeShop] = RudeShop) -> Iterator[RudeShop]:
    """Run a sandbox of one shop as a process of its own."""
    words = ("--shop", kind.slug, "--tickets", str(tickets))
    with start("sandbox", *words, "--while-open") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        with httpx.Client(timeout=30) as http:
            yield kind(told["channels"][0], told["url"], http)
        process.terminate()


def add_channel(database: Database, shop: RudeShop, key: Path) -> Channel:
    """Put the shop into a cache, its key into a private file."""
    key.touch(mode=0o600)
    key.write_text(shop.offered["secret"], encoding="utf-8")
    wanted = Channel(
        id=0,
        name=shop.offered["name"],
        adapter=shop.offered["adapter"],
        country="BR",
        base_url=shop.offered["base_url"],
        secret=f"file:{key}",
        zone="America/Sao_Paulo",
        enabled=True,
        options={"requests_per_second": "1000", **shop.offered["options"]},
    )
    channels.add_channel(database, wanted, NOW, "ana")
    found = channels.find_channel(database, wanted.name)
    assert found is not None
    return found


def held_messages(database: Database) -> Messages:
    """Return what the cache holds, as `RudeShop.messages` tells the truth."""
    found: Messages = {code: [] for (code,) in database.rows("SELECT code FROM ticket")}
    for code, number in database.rows(
        "SELECT ticket.code, message.code FROM message JOIN ticket ON ticket.id = ticket_id"
    ):
        found[code].append(number)
    return {code: sorted(found[code]) for code in sorted(found)}


def report(direction: str, faults: str, passed_through: str, final: str) -> None:
    """Add a combination's outcome to the file that MKT_TUI_REPORT names: one JSON object a line."""
    if place := os.environ.get(REPORT):
        row = {
            "direction": direction,
            "faults": faults,
            "passed_through": passed_through,
            "final": final,
        }
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
