"""The channels' screens: how they look, and what their keys do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from mkt_tui import i18n
from mkt_tui.app import DeskApp
from mkt_tui.cache import channels
from mkt_tui.desk import channel_setup
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import SecretMissing, Unreachable
from mkt_tui.screens.channel import ChannelScreen
from mkt_tui.screens.channels import ChannelsScreen
from mkt_tui.secret_references import read_secret
from tests.desk.test_portals import portal
from tests.screens.settling import settle
from tests.screens.test_looks import LANGUAGES, SIZES, Compare
from tests.worlds import HOUR, NOW, channel

KEY = "s3cr3t-of-the-shop"


@pytest.fixture
def shops(desk: Desk) -> Desk:
    """A channel that is well, one that fails, one that is off, and a portal."""
    carrefour = channel(desk.database, base_url="https://carrefour.example")
    casas = channel(desk.database, "Casas Bahia", "https://casasbahia.example", "cnova")
    for stream in ("tickets", "orders"):
        channels.mark_success(desk.database, carrefour.id, stream, NOW - HOUR / 12, NOW + HOUR / 60)
        channels.mark_success(desk.database, casas.id, stream, NOW - 5 * HOUR, NOW)
    broken = Unreachable(channel="Casas Bahia", url=casas.base_url, detail="no route")
    for _each in range(4):
        channels.mark_failure(desk.database, casas.id, "tickets", NOW, NOW + HOUR / 30, broken)
    portal(desk)
    wanted = NewChannel("Amazon IT", "amazon", "IT", "https://spapi.example", "")
    channel_setup.add(desk, wanted, {"client_id": "a", "client_secret": "b", "refresh_token": KEY})
    return desk


def on(*keys: str) -> Callable[[Pilot[Any]], Any]:
    async def press(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("g", "c")
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)

    return press


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["down down", "enter", "n", "enter p", "enter o"])
def test_looks(
    shops: Desk,
    snap_compare: Callable[..., bool],
    language: str,
    size: tuple[int, int],
    keys: str,
) -> None:
    i18n.set_language(language)
    compare: Compare = snap_compare
    assert compare(DeskApp(shops), terminal_size=size, run_before=on(*keys.split()))


async def test_a_new_channel_keeps_its_key_out_of_sight(desk: Desk) -> None:
    app = DeskApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await on("n", *"Carrefour", "tab", *"br", "enter")(pilot)
        await pilot.press(*"https", "colon", "slash", "slash", "x", "full_stop", "y", "enter")
        await pilot.press(*"abc", "enter")
        await settle(pilot)
        assert isinstance(app.screen, ChannelScreen)
    made = desk.channel("Carrefour")
    assert (made.adapter, made.country, made.base_url) == ("mirakl", "BR", "https://x.y")
    assert not made.enabled
    assert made.secret.startswith("store:")
    assert read_secret(made.secret, made.name) == "abc"


async def test_a_form_that_is_wrong_stays_and_keeps_nothing(desk: Desk) -> None:
    app = DeskApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await on("n", *"Carrefour", "tab", *"XX", "ctrl+d")(pilot)
        assert not isinstance(app.screen, ChannelsScreen)
        assert desk.channels() == {}
    assert not desk.home.secrets.exists() or len(list(desk.home.secrets.iterdir())) == 1


async def test_what_is_planned_is_asked_for_before_it_is_left(shops: Desk) -> None:
    app = DeskApp(shops)
    async with app.run_test(size=(80, 24)) as pilot:
        await on("enter", "space", "enter", "escape", "n")(pilot)
        assert type(app.screen) is ChannelScreen
        await pilot.press("w", "y")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert type(app.screen).__name__ == "ChannelsScreen"
    assert shops.channel("Amazon IT").enabled


async def test_another_key_and_another_name(shops: Desk) -> None:
    before = shops.channel("Amazon IT").secret
    app = DeskApp(shops)
    async with app.run_test(size=(80, 24)) as pilot:
        await on("enter", "k", *"env", "colon", *"NEW", "ctrl+d")(pilot)
        await pilot.press("R", *"Amazonas", "enter")
        await settle(pilot)
    renamed = shops.channel("Amazonas")
    assert renamed.secret == "env:NEW"
    assert renamed.options["marketplace"] == "amazon"
    with pytest.raises(SecretMissing):
        read_secret(before, renamed.name)


async def test_an_account_for_personal_data_is_matched(shops: Desk) -> None:
    app = DeskApp(shops)
    async with app.run_test(size=(80, 24)) as pilot:
        await on("enter", "p", *"conta", "enter", "space", "enter", "w", "y")(pilot)
    data = shops.channel("Amazon IT").personal_data
    assert (data.account, data.unmatched) == ("conta", ("orders",))
    assert not shops.channel("Amazon IT").ready
    assert channel_setup.personal_accounts(shops) == ["conta"]
    done = channel_setup.apply(shops, "Amazon IT", Changes(modules=("orders", "invoices")))
    assert done.ready
    assert replace(done, options={}).ready


def test_a_channel_whose_tokens_change_has_a_place_for_them(desk: Desk) -> None:
    wanted = NewChannel("Magalu", "magalu", "BR", "https://api.magalu.com", "")
    made = channel_setup.add(desk, wanted, {"client_id": "a", "client_secret": "b"})
    place = Path(made.options["token_file"])
    assert place.parent == desk.home.secrets
    assert not place.exists(), "mkt-tui channel consent makes it"


async def test_options_are_set_otherwise_later(shops: Desk) -> None:
    app = DeskApp(shops)
    async with app.run_test(size=(80, 24)) as pilot:
        await on("enter", "o", *"imap")(pilot)
        await pilot.press("ctrl+d")
        assert "key=value" in str(app.screen.query_one("#trouble", Static).content)
        app.screen.query_one(TextArea).text = "imap=imaps://m.x\nsmtp=smtps://m.x\nmail_from=a@m.x"
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert type(app.screen) is ChannelScreen
        await pilot.press("w", "y")
        await settle(pilot)
    assert shops.channel("Amazon IT").options["mail_from"] == "a@m.x"
