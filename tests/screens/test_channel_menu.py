"""The channel menu tells the names that agents learned before a company changed its own (T49)."""

from textual.widgets import OptionList

from mkt_tui.app import DeskApp
from mkt_tui.cache import queries
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.overview import look
from mkt_tui.screens.channel_menu import ChannelMenu
from mkt_tui.screens.queue_columns import QueueCells
from tests.screens.settling import settle
from tests.worlds import channel, read, ticket


def test_a_line_tells_the_other_names(desk: Desk) -> None:
    bahia = channel(desk.database, "Casas Bahia", adapter="cnova")
    channel(desk.database, "Loja própria", adapter="bridge")
    menu = ChannelMenu(desk.channels(), look(desk), desk.also_called())
    assert menu._line(bahia.id).plain.startswith(" c  Casas Bahia  0  Via, Via Varejo, CNOVA, ")
    assert menu._line(2).plain.strip() == "l  Loja própria  0"


async def test_each_channel_has_one_line(desk: Desk) -> None:
    channel(desk.database, "Casas Bahia", adapter="cnova")
    channel(desk.database, "B2W", adapter="americanas")
    async with DeskApp(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("m")
        listed = pilot.app.screen.query_one(OptionList)
        assert listed.virtual_size.height == listed.option_count == 3


def test_a_column_tells_what_its_marketplace_was_called(desk: Desk) -> None:
    b2w = channel(desk.database, "B2W", adapter="americanas")
    read(desk.database, b2w, ticket("t1", 2))
    (row,) = queries.tickets_by_code(desk.database, "t1")
    cells = QueueCells(desk, desk.channels(), set())
    (once,) = cells.chosen(["once_called"])[2:]
    assert once.text(row) == "Americanas"
