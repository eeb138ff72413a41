"""Rudeness on demand: how it is asked for, and what a client gets to see over a real connection."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from mkt_tui.sandbox.errors import SandboxError
from mkt_tui.sandbox.faults import NAMES, Fault, parse
from mkt_tui.sandbox.server import SandboxOptions, serve
from tests.cli.program import end, start
from tests.sandbox.conftest import Marketplace

NEW = "Chega amanhã."


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("500", (Fault("500"),)),
        ("429-retry-after", (Fault("429-retry-after", 1.0),)),
        ("429-retry-after:7", (Fault("429-retry-after", 7.0),)),
        ("stall", (Fault("stall", 30.0),)),
        ("stall:0.5@read", (Fault("stall", 0.5, "read"),)),
        ("clock:-86400", (Fault("clock", -86400.0),)),
        ("clock:+3600", (Fault("clock", 3600.0),)),
        ("reset-after-accept@write x1", (Fault("reset-after-accept", 0.0, "write", 1),)),
        (" 503 x2 , truncated@read ", (Fault("503", times=2), Fault("truncated", side="read"))),
    ],
)
def test_a_fault_is_understood(text: str, faults: tuple[Fault, ...]) -> None:
    assert parse([text]) == faults


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_can_be_asked_for_by_its_name(name: str) -> None:
    assert parse([f"{name}@read x3"]) == parse([f"{name}@read  x3"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cannot be understood"),
        ("500,", "cannot be understood"),
        ("500@both", "cannot be understood"),
        ("500 x0", "cannot be understood"),
        ("500x2", "There is no fault '500x2'"),
        ("418", "There is no fault '418'. There are: 400, 429, "),
        ("500:3", "The fault '500' takes no seconds."),
        ("stall:-3", "The fault 'stall' cannot take -3 seconds."),
    ],
)
def test_a_fault_that_means_nothing_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SandboxError) as caught:
        parse([text])
    assert sentence in str(caught.value)


def test_the_sandbox_does_not_start_with_a_fault_that_means_nothing() -> None:
    with pytest.raises(SandboxError, match="There is no fault 'teapot'"):
        serve(SandboxOptions(faults=("teapot",)))
    done = end(start("--lang", "en", "sandbox", "--faults", "teapot"))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("mkt-tui: There is no fault 'teapot'.")


async def test_tests_are_told_what_they_asked_wrongly(market: Marketplace) -> None:
    for wrong in ({"faults": ["teapot"]}, {"faults": "500"}, {"faults": [5]}, {}):
        answer = await market.http.post("/control/faults", json=wrong)
        assert answer.status_code == 400
    assert (await market.get("orders")).status_code == 200


async def test_faults_come_in_their_order_and_as_often_as_asked(market: Marketplace) -> None:
    specs = ["429-retry-after:7@read x2", "500@read x1"]
    assert (await market.http.post("/control/faults", json={"faults": specs})).status_code == 200
    answers = [await market.get("orders") for _ in range(4)]
    assert [each.status_code for each in answers] == [429, 429, 500, 200]
    assert [each.headers.get("Retry-After") for each in answers] == ["7", "7", None, None]


async def test_polite_again(market: Marketplace) -> None:
    await market.http.post("/control/faults", json={"faults": ["500"]})
    assert (await market.get("orders")).status_code == 500
    assert (await market.http.delete("/control/faults")).status_code == 200
    assert (await market.get("orders")).status_code == 200


@dataclass
class Rude:
    """A client of a sandbox that runs as a process of its own."""

    channel: dict[str, str]
    http: httpx.Client
    control: str

    def be(self, *faults: str) -> None:
        assert self.http.post(self.control, json={"faults": faults}).status_code == 200

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(self._url(path), params=query, headers=self._key())

    def reply(self, code: str) -> httpx.Response:
        message = json.dumps({"body": NEW, "to": [{"type": "CUSTOMER"}]}).encode()
        return self.http.post(
            self._url(f"inbox/threads/{code}/message"),
            files={"message_input": (None, message, "application/json")},
            headers=self._key(),
        )

    def threads(self, **query: Any) -> list[str]:
        """Walk all pages of threads."""
        seen = []
        while True:
            answer = self.get("inbox/threads", **query).json()
            seen += [each["id"] for each in answer["data"]]
            if "next_page_token" not in answer:
                return seen
            query["page_token"] = answer["next_page_token"]

    def customers_thread(self) -> str:
        rows = self.get("inbox/threads").json()["data"]
        codes: list[str] = [each["id"] for each in rows if "CUSTOMER" in json.dumps(each)]
        return codes[0]

    def replies(self, code: str) -> int:
        self.be()
        found = self.get(f"inbox/threads/{code}").json()["messages"]
        return sum(each["body"] == NEW for each in found)

    def _url(self, path: str) -> str:
        return f"{self.channel['base_url']}/api/{path}"

    def _key(self) -> dict[str, str]:
        return {"Authorization": self.channel["secret"]}


@pytest.fixture
def rude() -> Iterator[Rude]:
    with start("sandbox", "--tickets", "60", "--while-open") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        with httpx.Client(timeout=5) as http:
            yield Rude(told["channels"][0], http, f"{told['url']}/control/faults")
        process.terminate()
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("fault", "wanted", "carried_out"),
    [
        # A reset that comes while the client still writes can look like an end to it.
        ("reset-before", httpx.TransportError, 0),
        ("reset-after-read", httpx.ReadError, 0),
        ("reset-after-accept", httpx.ReadError, 1),
        ("stall:9", httpx.ReadTimeout, 0),
        ("stall-after-accept:9", httpx.ReadTimeout, 1),
    ],
)
def test_a_connection_that_is_cut_and_one_that_falls_silent(
    rude: Rude, fault: str, wanted: type[Exception], carried_out: int
) -> None:
    code = rude.customers_thread()
    rude.be(fault)
    rude.http.timeout = 0.3
    with pytest.raises(wanted):
        rude.reply(code)
    with pytest.raises(wanted):
        rude.get("orders")
    rude.http.timeout = 5
    assert rude.replies(code) == carried_out


def test_who_waits_long_enough_is_answered(rude: Rude) -> None:
    code = rude.customers_thread()
    rude.be("stall:0.1")
    assert rude.get("orders").status_code == 200
    assert rude.reply(code).status_code == 504
    rude.be("stall-after-accept:0.1")
    assert rude.reply(code).status_code == 201
    assert rude.replies(code) == 1


def test_json_that_is_cut_off_or_in_another_charset(rude: Rude) -> None:
    rude.be("truncated")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(rude.get("orders").content)
    rude.be("charset")
    with pytest.raises(UnicodeDecodeError):
        json.loads(rude.get("orders").content)


def test_pages_that_repeat_themselves(rude: Rude) -> None:
    sound = rude.threads(limit=10)
    orders = rude.get("orders", max=100).json()
    rude.be("duplicated")
    assert sorted(rude.threads(limit=10)) == sorted([*sound, *sound])
    answer = rude.get("orders", max=10).json()
    assert len(answer["orders"]) == 10
    assert len({each["order_id"] for each in answer["orders"]}) == 5
    assert answer["total_count"] == 2 * orders["total_count"]


def test_pages_in_another_order(rude: Rude) -> None:
    sound = rude.threads(limit=7)
    orders = rude.get("orders", max=100, order="asc").json()["orders"]
    rude.be("reordered")
    assert rude.threads(limit=7) == sound[::-1]
    assert rude.get("orders", max=100, order="asc").json()["orders"] == orders[::-1]


@pytest.mark.parametrize("seconds", [86400, -86400])
def test_a_clock_that_is_a_day_off(rude: Rude, seconds: int) -> None:
    sound = rude.get("inbox/threads", limit=100).json()["data"]
    rude.be(f"clock:{seconds:+}")
    answer = rude.get("inbox/threads", limit=100)
    moved = answer.json()["data"]
    assert [each["id"] for each in moved] == [each["id"] for each in sound]
    apart = _seconds(moved[0]["date_updated"]) - _seconds(sound[0]["date_updated"])
    assert apart == seconds
    newest = rude.get("inbox/threads", updated_since=moved[4]["date_updated"]).json()["data"]
    assert [each["id"] for each in newest] == [each["id"] for each in sound[:5]]
    rude.be()
    now = rude.get("orders").headers["Date"]
    assert abs(_http_seconds(answer.headers["Date"]) - _http_seconds(now) - seconds) < 60


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _http_seconds(text: str) -> float:
    return parsedate_to_datetime(text).timestamp()
