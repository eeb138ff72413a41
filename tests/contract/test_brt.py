"""The practice BRT and our two ways of asking it, held against what is known of the real one."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

from mkt_tui.adapters.carriers.brt import BrtRest
from mkt_tui.adapters.carriers.brt_reading import read_shipment
from mkt_tui.adapters.carriers.brt_soap import BrtSoap
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import AccessRefused, BadAnswer, Refused, SettingsWrong
from mkt_tui.domain.parcels import Parcel, ParcelState
from mkt_tui.sandbox.brt.api import application, offers
from mkt_tui.sandbox.brt.depot import Depot, Shipment
from tests.contract.openapi import shared_dir

MADE = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


class Clock:
    """Says what time it is; the test moves it."""

    now = MADE

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    made = Clock()
    yield made
    made.now = MADE


@pytest.fixture
def depot(clock: Clock) -> Depot:
    return Depot(clock)


@pytest.fixture
async def web(depot: Depot) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(depot))
    async with httpx.AsyncClient(transport=transport, base_url="http://brt.test") as client:
        yield client


def account(adapter: str, **options: str) -> Channel:
    offer = next(each for each in offers("http://brt.test") if each["adapter"] == adapter)
    url = str(offer["base_url"])
    return Channel(0, "BRT", adapter, "", url, "env:BRT", "UTC", options=options)


def rest(depot: Depot, secret: str | None = None) -> BrtRest:
    told = secret or json.dumps({"user": depot.user, "password": depot.password})
    transport = httpx.ASGITransport(application(depot))
    return BrtRest(account("brt"), lambda: told, transport=transport)


def soap(depot: Depot, **options: str) -> BrtSoap:
    options = options or {"customer_id": depot.customer}
    transport = httpx.ASGITransport(application(depot))
    return BrtSoap(account("brt-soap", **options), lambda: "", transport=transport)


def parcel(shipment: Shipment, **changes: Any) -> Parcel:
    values = {"number": shipment.parcel, "reference": str(shipment.reference)} | changes
    return Parcel(1, "100-A", values.pop("number"), "BRT", values.pop("reference"), MADE, **values)


def _checker(path: str, method: str) -> Draft202012Validator:
    document = yaml.safe_load(
        (shared_dir() / "contracts/brt/brt-rest-reconstructed.openapi.yaml").read_text()
    )
    operation = document["paths"][path][method]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator(schema | {"components": document["components"]})


async def test_the_rest_service_keeps_the_contract(
    web: httpx.AsyncClient, depot: Depot, clock: Clock
) -> None:
    body = {
        "account": {"userID": depot.user, "password": depot.password},
        "createData": {"numericSenderReference": 1001, "numberOfParcels": 1, "weightKG": 2.5},
    }
    made = (await web.post("/rest/v1/shipments/shipment", json=body)).json()
    _checker("/shipments/shipment", "post").validate(made)
    number = made["createResponse"]["labels"]["label"][0]["trackingByParcelID"]
    assert len(number) == 15
    checker = _checker("/tracking/parcelID/{parcelID}", "get")
    key = {"userID": depot.user, "password": depot.password}
    for hours in (0, 1, 7, 30):
        clock.now = MADE + timedelta(hours=hours)
        for headers in (key, {}):
            answer = await web.get(f"/rest/v1/tracking/parcelID/{number}", headers=headers)
            checker.validate(answer.json())


async def test_the_soap_services_are_called_as_the_contract_says(
    depot: Depot, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = json.loads((shared_dir() / "contracts/brt/soap-tracking.json").read_text())
    inputs = {
        each["service"]: {name.split()[0] for name in each["input"]["arg0"]}
        for each in contract["services"]
    }
    seen: set[str] = set()

    async def watch(request: httpx.Request) -> httpx.Response:
        service = request.url.path.removeprefix("/web/")
        call = ElementTree.fromstring(request.content).find(".//arg0")
        assert call is not None
        assert {each.tag for each in call} == inputs[service]
        seen.add(service)
        return await httpx.ASGITransport(application(depot)).handle_async_request(request)

    first, second = depot.make(1001, "", 1), depot.make(1002, "SP-1002", 1)
    clock.now += timedelta(hours=1)
    told = account("brt-soap", customer_id=depot.customer)
    async with BrtSoap(told, lambda: "", transport=httpx.MockTransport(watch)) as carrier:
        for asked in (
            parcel(first),
            parcel(first, number="unknown"),
            parcel(second, number="unknown", reference="SP-1002"),
        ):
            assert await carrier.track(asked) is not None
    assert {each.partition("/")[2] for each in seen} == {
        *("BRT_TrackingByBRTshipmentID", "GetIdSpedizioneByRMN"),
        *("GetIdSpedizioneByRMA", "GetIdSpedizioneByIdCollo"),
    }


@pytest.mark.parametrize(
    ("name", "state", "events"),
    [
        ("delivered", ParcelState.DELIVERED, 5),
        ("in-delivery", ParcelState.OUT_FOR_DELIVERY, 4),
    ],
)
def test_the_documented_answers_are_read(name: str, state: ParcelState, events: int) -> None:
    path = shared_dir() / f"contracts/brt/examples-synthetic/tracking.{name}.200.json"
    report = read_shipment(json.loads(path.read_text())["ttParcelIdResponse"])
    assert (report.state, len(report.events)) == (state, events)
    assert report.number == "000000000001"
    assert [each.at for each in report.events] == sorted(each.at for each in report.events)


def test_every_documented_event_means_what_the_contract_suggests() -> None:
    document = json.loads((shared_dir() / "contracts/brt/events.json").read_text())
    for event in document["events"]:
        told = {"id": event["id"], "data": "03.06.2026", "ora": "08.10", "descrizione": "X"}
        report = read_shipment({"lista_eventi": [{"evento": told}]})
        assert report.state.value == event["state"], event["id"]
    unknown = {"id": "ZMP", "data": "03.06.2026", "ora": "08.10", "descrizione": "NUOVO"}
    report = read_shipment({"lista_eventi": [{"evento": unknown}]})
    assert (report.state, report.events[0].text) == (ParcelState.IN_TRANSIT, "NUOVO")


@pytest.mark.parametrize("way", [rest, soap])
async def test_a_shipment_is_unknown_first_and_then_has_its_own_number(
    depot: Depot, clock: Clock, way: Any
) -> None:
    made = depot.make(1001, "", 2.5)
    async with way(depot) as carrier:
        assert await carrier.track(parcel(made)) is None
        clock.now += timedelta(hours=1)
        report = await carrier.track(parcel(made))
        assert report is not None
        assert (report.number, report.state) == (made.number, ParcelState.ANNOUNCED)
        # Once corrected it is found again, by the first number or by the new one.
        corrected = parcel(made, number=made.number, first_number=made.parcel)
        clock.now += timedelta(hours=40)
        report = await carrier.track(corrected)
        assert report is not None
        assert report.state is ParcelState.DELIVERED
        assert report.delivered_at == made.promised
        assert len(report.events) == 6


async def test_a_wrong_login_names_the_secret_never_its_words(depot: Depot) -> None:
    async with rest(depot, '{"user": "x", "password": "hunter2"}') as carrier:
        with pytest.raises(AccessRefused) as caught:
            await carrier.track(parcel(depot.make(1, "", 1)))
    assert "hunter2" not in str(caught.value)
    assert "env:BRT" in str(caught.value)


async def test_a_reference_of_two_shipments_is_refused(depot: Depot, clock: Clock) -> None:
    made = depot.make(7, "", 1)
    depot.make(7, "", 1)
    clock.now += timedelta(hours=1)
    async with soap(depot) as carrier:
        with pytest.raises(Refused, match="several shipments"):
            await carrier.track(parcel(made, number="unknown"))


async def test_a_look_up_needs_the_customer_number(depot: Depot) -> None:
    async with soap(depot, names="brt") as carrier:
        with pytest.raises(SettingsWrong, match="customer_id"):
            await carrier.track(parcel(depot.make(7, "", 1)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        b"<Envelope><Body><Fault/></Body></Envelope>",
        b"<Envelope><Body><return><ESITO>x</ESITO></return></Body></Envelope>",
    ],
)
async def test_what_is_no_answer_is_one_sentence(body: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    told = account("brt-soap", customer_id="1")
    async with BrtSoap(told, lambda: "", transport=transport) as carrier:
        with pytest.raises(BadAnswer):
            await carrier.track(Parcel(1, "100-A", "156", "BRT", "7", MADE))
    rest_way = BrtRest(
        account("brt"), lambda: '{"user": "a", "password": "b"}', transport=transport
    )
    async with rest_way as carrier:
        with pytest.raises(BadAnswer):
            await carrier.track(Parcel(1, "100-A", "156", "BRT", "7", MADE))
