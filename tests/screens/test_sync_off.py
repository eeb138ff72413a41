"""A reply to a channel that is switched off says what it waits for, in the queue and in its thread."""

from mkt_tui.cache import queries
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import channels, conversation, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.tickets import Audience
from mkt_tui.screens import conversation_words, queue_words
from mkt_tui.screens.queue_columns import QueueCells
from mkt_tui.screens.thread import thread
from tests.worlds import NOW, channel, read, ticket

WHY = "waiting: the sync of Carrefour is off (g c)"


def shown(desk: Desk) -> tuple[str, str, str, str]:
    (row,) = queries.tickets_by_code(desk.database, "t1")
    talk = conversation.load(desk, row.id)
    cells = QueueCells(desk, desk.channels(), set())
    situation = next(each for each in cells.columns() if each.name == "situation")
    return (
        situation.text(row),
        queue_words.detail(row, talk.channel)[0],
        conversation_words.title(desk, talk).plain,
        thread(talk, NOW, desk.settings.zone).plain,
    )


def test_it_says_so_until_the_channel_is_on_again(desk: Desk) -> None:
    made = channel(desk.database)
    read(desk.database, made, ticket("t1", 2))
    talk = conversation.load(desk, queries.tickets_by_code(desk.database, "t1")[0].id)
    replying.send(desk, talk, Draft("Pronto.", Audience.BOTH, talk.newest))
    assert shown(desk)[0] == "sending"
    channels.set_enabled(desk, "Carrefour", enabled=False)
    situation, detail, title, words = shown(desk)
    assert situation == "sync off"
    assert "sync off" in title
    assert WHY in detail
    assert WHY in words
    channels.set_enabled(desk, "Carrefour", enabled=True)
    assert shown(desk)[0] == "sending"
    assert WHY not in shown(desk)[3]
