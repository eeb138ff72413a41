"""A reply whose file did not arrive: the agent reads so, and the words are not offered to go again."""

from mkt_tui.cache import queries, settling
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation, doubts, replying
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import FileLost
from mkt_tui.domain.tickets import Audience
from mkt_tui.screens.doubt import DoubtScreen, words
from mkt_tui.screens.thread import thread
from tests.worlds import HOUR, NOW, channel, read, ticket


def test_it_says_which_file_and_sends_no_words_twice(desk: Desk) -> None:
    read(desk.database, channel(desk.database), ticket("t1", 2))
    talk = conversation.load(desk, queries.tickets_by_code(desk.database, "t1")[0].id)
    sent = replying.send(desk, talk, Draft("Segue a foto.", Audience.BOTH, talk.newest))
    desk.database.execute("UPDATE operation SET state = 'sending' WHERE id = :id", {"id": sent})
    lost = FileLost(channel="Magalu", name="foto.png")
    settling.settle_unknown(desk.database, sent, lost, NOW, NOW + HOUR)
    doubt = doubts.first(desk)
    assert doubt is not None
    told = "has the words of the reply, but not its file: foto.png"
    assert told in words(doubt, desk).plain
    assert "Segue a foto." in words(doubt, desk).plain
    assert told in thread(conversation.load(desk, talk.ticket.id), NOW, desk.settings.zone).plain
    screen = DoubtScreen(desk, doubt)
    assert not screen.check_action("again", ())
    assert screen.check_action("give_up", ())
