"""The order sheet on the screen, driven by keys at 80x24."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static

from mkt_tui.cache.audit import Act
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import CacheFull
from mkt_tui.domain.orders import Address, Event, OrderItem, OrderSnapshot, Personal
from mkt_tui.screens import order as order_module
from mkt_tui.screens.order import OrderScreen
from mkt_tui.screens.print_dialog import PrintDialog
from tests.desk.orders import EMPTY, FULL, acts, make_desk, put

SIZE = (80, 24)
HOSTILE = ("[/x]", "[@click=app.quit]x[/]", "[bold red]y", "[link=http://e]z[/link]", "\\[a]")


class _Desk(App[None]):
    def __init__(self, screen: OrderScreen) -> None:
        super().__init__()
        self._first = screen

    def on_mount(self) -> None:
        self.push_screen(self._first)


def _app(desk: Desk, snapshot: OrderSnapshot = FULL) -> _Desk:
    return _Desk(OrderScreen(desk, put(desk, snapshot)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def _seen(app: App[None]) -> str:
    """Return what stands on the terminal, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def _sheet(app: App[None]) -> str:
    screen = app.screen_stack[1]
    return "\n".join(str(screen.query_one(each, Static).visual) for each in ("#head", "#sheet"))


def _said(app: App[None]) -> list[str]:
    return [each.message for each in app._notifications]


async def _settled(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_head_and_first_sections_are_seen_at_once(desk: Desk) -> None:
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        seen = _seen(app)
    for each in (FULL.number, "site S-99812", "Carrefour", "Shipped", "as of 6/12/24, 9:30 AM"):
        assert each in seen
    assert "personal data masked" in seen
    assert "Order tracking ───" in seen
    assert "Mariana" not in seen


async def test_all_seven_sections_of_an_empty_order_say_so(desk: Desk) -> None:
    app = _app(desk, EMPTY)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        text = _sheet(app)
        assert text.count("No data") == 7
        assert "no site order linked" in text


async def test_the_keys_move_the_page(desk: Desk) -> None:
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        page = app.screen.query_one("#page", VerticalScroll)
        for key, line in (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("home", 0)):
            await pilot.press(key)
            await pilot.pause()
            assert page.scroll_offset.y == line
        await pilot.press("end")
        await pilot.pause()
        assert page.scroll_offset.y == page.max_scroll_y > 0
        assert "Shipped: QB123456789BR" in _seen(app)
        await pilot.press("pageup")
        await pilot.pause()
        assert page.scroll_offset.y < page.max_scroll_y
        await pilot.press("home", "pagedown")
        await pilot.pause()
        assert page.scroll_offset.y > 10


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_back(desk: Desk, key: str) -> None:
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(app.screen, OrderScreen)


async def test_personal_data_is_shown_and_hidden_and_the_audit_knows(desk: Desk) -> None:
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await _settled(pilot)
        assert "529.982.247-25" in _sheet(app)
        assert "personal data shown" in _seen(app)
        assert acts(desk) == [("ana", "order.revealed", "Carrefour", FULL.number, None)]
        assert "audit" in _said(app)[0]
        await pilot.press("v")
        await _settled(pilot)
        assert "529.982.247-25" not in _sheet(app)
        assert len(acts(desk)) == 1


async def test_personal_data_hides_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_module, "REVEAL_SECONDS", 0.05)
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await _settled(pilot)
        while len(_said(app)) < 2:
            await pilot.pause()
        assert "529.982.247-25" not in _sheet(app)
        assert "masked again" in _said(app)[1]


async def test_nothing_is_shown_that_the_audit_did_not_take(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _app(desk)

    def fail(_self: Desk, _act: Act) -> None:
        raise CacheFull(path="[/x]")

    monkeypatch.setattr(Desk, "record", fail)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await _settled(pilot)
        assert "529.982.247-25" not in _sheet(app)
        assert "The disk of [/x] is full" in _said(app)[0]


async def test_print_to_a_file(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("P")
        await pilot.pause()
        assert isinstance(app.screen, PrintDialog)
        seen = _seen(app)
        assert f"Print Order {FULL.number} (Carrefour)" in seen
        assert "Personal data will be masked." in seen
        await pilot.press("f")
        await _settled(pilot)
        path = tmp_path / f"order-{FULL.number}.txt"
        assert "Mariana" not in path.read_text(encoding="utf-8")
        assert _said(app) == [f"Written to {path}"]


async def test_print_prints_what_is_shown_now(tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    desk = make_desk(
        tmp_path, print_command=("sh", "-c", 'cat > "$0"', str(paper)), print_as="text"
    )
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await _settled(pilot)
        await pilot.press("P")
        await pilot.pause()
        assert "Personal data will be readable." in _seen(app)
        await pilot.press("p")
        await _settled(pilot)
        assert "Mariana" in paper.read_text(encoding="utf-8")
        assert acts(desk)[-1][4] == "to=printer revealed=yes"


async def test_a_missing_printer_is_one_sentence(tmp_path: Path) -> None:
    app = _app(make_desk(tmp_path, print_command=("no-such-lp",)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("P", "p")
        await _settled(pilot)
        (said,) = _said(app)
        assert said.startswith("There is no printer command no-such-lp.")
        assert isinstance(app.screen, OrderScreen)


async def test_the_clipboard_is_never_claimed_as_certain(desk: Desk) -> None:
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("P", "c")
        await _settled(pilot)
        assert app.clipboard.startswith("=====")
        assert "Mariana" not in app.clipboard
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == FULL.number
        assert all("sent to the terminal's clipboard" in each for each in _said(app))


async def test_print_may_be_called_off(desk: Desk) -> None:
    app = _app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("P", "escape")
        await _settled(pilot)
        assert isinstance(app.screen, OrderScreen)
        assert acts(desk) == []


@pytest.mark.parametrize("evil", HOSTILE)
async def test_markup_in_outside_text_is_shown_literally(desk: Desk, evil: str) -> None:
    hostile = replace(
        EMPTY,
        number=evil,
        site_number=evil,
        marketplace_status=evil,
        personal=Personal(name=evil, language=evil, address=Address(city=evil)),
        items=(OrderItem("1", evil, evil, 1, None, None, None, evil),),
        history=(Event(EMPTY.created_at, evil, evil),),
    )
    app = _app(desk, hostile)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await _settled(pilot)
        assert _sheet(app).count(evil) == 11
        assert evil in _seen(app)
        await pilot.press("P")
        await pilot.pause()
        assert evil in _seen(app)


@pytest.mark.parametrize("size", [(200, 60), (40, 10), (10, 4), (1, 1)])
async def test_any_size_is_drawn(desk: Desk, size: tuple[int, int]) -> None:
    app = _app(desk)
    async with app.run_test(size=size) as pilot:
        await pilot.press("end", "P", "escape")
        await _settled(pilot)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "Order tracking ───" in _sheet(app)
