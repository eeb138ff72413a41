"""A terminal of any size: the windows of tiling managers are dragged through one column."""

from mkt_tui.app import DeskApp
from mkt_tui.desk.desk import Desk
from tests.worlds import channel, order, read, read_orders, ticket

OPENING = ["g", "m", "V", "C", "F", "f", "A", "S", "N", "question_mark", "ctrl+p", "enter", "P"]


async def test_what_a_key_opens_lives_through_the_smallest_terminals(desk: Desk) -> None:
    shop = channel(desk.database)
    read(desk.database, shop, ticket("t1", 9), ticket("t2", 2))
    read_orders(desk.database, shop, order())
    app = DeskApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in OPENING:
            await pilot.press(key)
            assert len(app.screen_stack) == 2, key
            for size in ((1, 1), (40, 10), (1, 10), (80, 24)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
            await pilot.press("escape")
            assert len(app.screen_stack) == 1, key
