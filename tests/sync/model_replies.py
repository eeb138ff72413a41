"""Replies and tickets as a state machine: agents, customers, a moody marketplace, dying processes.

Two agents write (often the same words), take back, settle doubts, put tickets off, mark them as
needing no reply, open them again, forward them; customers write; the marketplace refuses, is busy,
takes a reply without confirming it; processes die while sending; the desk's clock is set, by an hour
or a day. The marketplace's own threads are the judge.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mkt_tui.cache import drafts, waking
from mkt_tui.cache.agents import Agent
from mkt_tui.cache.drafts import Draft
from mkt_tui.desk import conversation, doubts, replying, sharing, snoozing
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.replying import Held
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import ChannelError, Doubtful, NotAllowed, Refused, Unavailable
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply
from mkt_tui.domain.tickets import Audience, MessageSnapshot, Role, TicketSnapshot
from mkt_tui.sync import outbox
from tests.conftest import Clock
from tests.sync.fakes import FakeAdapter
from tests.worlds import NOW, channel, read

# Few tickets, few words: what goes wrong goes wrong between replies that are alike.
CODES = ("t1", "t1", "t1", "t2")
AGENTS = ("ana", "bea")
TABLES = (
    "audit",
    "handover",
    "claim",
    "draft",
    "operation",
    "message",
    "ticket",
    "sync",
    "channel",
)
SNOOZED = 2
UNDER_WAY = "('queued', 'sending', 'unknown')"


Act: TypeAlias = Callable[[Desk, Sequence[int]], list[sharing.Result]]


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Shop:
    """The marketplace's truth: its threads by its own clock."""

    now: datetime = NOW
    threads: dict[str, list[MessageSnapshot]] = field(default_factory=dict)

    def add(self, code: str, author: Role, text: str, to: tuple[Role, ...]) -> str:
        """Put a message into a thread and return its number."""
        self.now += timedelta(seconds=1)
        thread = self.threads.setdefault(code, [])
        number = f"{code}-{len(thread)}"
        thread.append(MessageSnapshot(number, author, author, to, text, self.now))
        return number

    def waiting_since(self, code: str) -> datetime | None:
        """Since when the customer waits for an answer."""
        since = None
        for message in self.threads[code]:
            if message.author is Role.CUSTOMER:
                since = since or message.sent_at
            elif Role.CUSTOMER in message.recipients:
                since = None
        return since

    def ticket(self, code: str) -> TicketSnapshot:
        """Return the ticket as the marketplace shows it."""
        thread, since = self.threads[code], self.waiting_since(code)
        return TicketSnapshot(
            code=code,
            order_number=None,
            customer="Maria Silva",
            subject="Onde está?",
            waiting_since=since,
            waiting=Role.CUSTOMER if since else None,
            created_at=thread[0].sent_at,
            updated_at=thread[-1].sent_at,
            participants=(Role.CUSTOMER, Role.OPERATOR),
            messages=tuple(thread),
        )

    def copies(self, code: str, text: str, audience: Audience) -> int:
        """Count the messages of ours with these words to these sides."""
        return sum(
            each.author is Role.SHOP and (each.body, each.recipients) == (text, audience.roles)
            for each in self.threads[code]
        )


class Moody(FakeAdapter):
    """Speaks to the shop; `moods` say what becomes of the next replies."""

    def __init__(self, shop: Shop, channel: Channel, moods: list[str]) -> None:
        super().__init__(channel, str)
        self.shop = shop
        self.moods = moods

    async def reply(self, reply: Reply) -> Delivery:
        mood = self.moods.pop(0) if self.moods else "takes it"
        number = ""
        if mood.startswith("takes it"):
            to = reply.audience.roles
            number = self.shop.add(reply.ticket_code, Role.SHOP, reply.text, to)
        if mood.endswith("dies"):
            raise Killed
        if mood != "takes it":
            raise TROUBLE[mood]
        return Delivery(number)

    async def find_sent(self, reply: Reply) -> Delivery | None:
        if self.moods and self.moods[-1] == "is blind":
            raise Unavailable(channel="c", status=503)
        found = (
            each.code
            for each in self.shop.threads[reply.ticket_code]
            if each.body == reply.text and reply.can_be(each)
        )
        return next((Delivery(code) for code in found), None)


TROUBLE: dict[str, ChannelError] = {
    "refuses": Refused(channel="c", status=400, detail="no"),
    "is busy": Unavailable(channel="c", status=503),
    "is blind": Unavailable(channel="c", status=503),
    "takes it and says nothing": Doubtful(channel="c", detail="time-out"),
    "says nothing": Doubtful(channel="c", detail="time-out"),
}
MOODS = ("takes it", "takes it and dies", "dies", *TROUBLE)


class Days(RuleBasedStateMachine):
    """What may happen."""

    desk: ClassVar[Desk]

    @initialize()
    def begin(self) -> None:
        """An empty cache, two tickets of customers who wait."""
        for table in TABLES:
            self.desk.database.execute(f"DELETE FROM {table}")
        self.clock, self.shop = Clock(NOW), Shop()
        self.put_away, self.reopened = dict[str, object](), set[str]()
        self.channel = channel(self.desk.database)
        for code in sorted(set(CODES)):
            self.shop.add(code, Role.CUSTOMER, "Onde está?", (Role.SHOP,))
            self.read_again(code)

    def desk_of(self, agent: str) -> Desk:
        """Return an agent's desk."""
        return replace(self.desk, agent=agent, clock=self.clock)

    def id_of(self, code: str) -> int:
        """Return a ticket's number in the cache."""
        database = self.desk.database
        return int(database.value("SELECT id FROM ticket WHERE code = :code", {"code": code}))

    @rule(
        agent=st.sampled_from(AGENTS),
        code=st.sampled_from(CODES),
        text=st.sampled_from(["Chega amanhã.", "Chega amanhã.", "Chega amanhã.", "Já saiu."]),
        audience=st.sampled_from([Audience.BOTH, Audience.BOTH, Audience.OPERATOR]),
        hold=st.sampled_from([0, 0, 60]),
    )
    def write(self, agent: str, code: str, text: str, audience: Audience, hold: int) -> None:
        """An agent answers, and sends even when others wrote meanwhile."""
        desk, known = self.desk_of(agent), set[str]()
        talk = conversation.load(desk, self.id_of(code))
        for _try in range(2):
            try:
                replying.send(
                    desk, talk, Draft(text, audience), known=known, hold=timedelta(seconds=hold)
                )
            except Held as held:
                known = {each.mark for each in held.news}
            except NotAllowed:
                return

    @rule(agent=st.sampled_from(AGENTS))
    def take_back(self, agent: str) -> None:
        """An agent takes the newest reply back; its words are a draft."""
        desk = self.desk_of(agent)
        recalled = replying.recall(desk)
        if recalled:
            assert recalled.ticket_id
            assert drafts.find(desk.database, recalled.ticket_id, agent)

    @rule(moods=st.lists(st.sampled_from(MOODS), min_size=1, max_size=3))
    def deliver(self, moods: list[str]) -> None:
        """A process delivers what is due, and may die at it."""
        adapter = Moody(self.shop, self.channel, list(moods))
        waking.in_time(self.desk.database, self.clock())
        try:
            asyncio.run(
                outbox.Outbox(self.desk.database, self.clock, "worker").deliver(
                    self.channel, adapter
                )
            )
        except Killed:
            return

    @rule(
        agent=st.sampled_from(AGENTS),
        code=st.sampled_from(CODES),
        act=st.sampled_from([snoozing.no_reply, sharing.reopen, sharing.take, sharing.let_go]),
    )
    def share(self, agent: str, code: str, act: Act) -> None:
        """An agent marks a ticket as needing no reply, opens it again, takes it, lets it go."""
        desk = self.desk_of(agent)
        (result,) = act(desk, [self.id_of(code)])
        if result.done and act is snoozing.no_reply:
            assert self.state_of(code) == 1
            self.put_away[code] = self.standing(code)
        elif result.done and act is sharing.reopen:
            assert self.state_of(code) == 0
            self.reopened.add(code)

    @rule(agent=st.sampled_from(AGENTS), code=st.sampled_from(CODES))
    def forward(self, agent: str, code: str) -> None:
        """An agent hands a ticket to the other one; everybody's drafts stay where they are."""
        before = self.drafts()
        other = Agent(AGENTS[agent == AGENTS[0]], away=False, present=True, open=0)
        sharing.forward(self.desk_of(agent), [self.id_of(code)], [other])
        assert self.drafts() == before

    @rule(
        agent=st.sampled_from(AGENTS),
        code=st.sampled_from(CODES),
        minutes=st.sampled_from([1, 60]),
    )
    def snooze(self, agent: str, code: str, minutes: int) -> None:
        """An agent puts a ticket off."""
        until = self.clock() + timedelta(minutes=minutes)
        (result,) = snoozing.snooze(self.desk_of(agent), [self.id_of(code)], until)
        if result.done:
            self.put_away[code] = self.standing(code)

    @rule(code=st.sampled_from(CODES))
    def wake(self, code: str) -> None:
        """An agent brings a ticket back."""
        (result,) = snoozing.wake(self.desk_of(AGENTS[0]), [self.id_of(code)])
        assert not result.done or self.state_of(code) == 0

    @rule(agent=st.sampled_from(AGENTS), code=st.sampled_from(CODES))
    def draft(self, agent: str, code: str) -> None:
        """An agent begins to write."""
        words = Draft("Bom dia", Audience.BOTH)
        replying.keep(self.desk_of(agent), self.id_of(code), words)

    def drafts(self) -> list[tuple[object, ...]]:
        """Return everybody's drafts."""
        return self.desk.database.rows("SELECT ticket_id, agent, text FROM draft ORDER BY 1, 2")

    def standing(self, code: str) -> object:
        """Return what a person has seen who put a ticket away: its wait, and what went wrong."""
        database, id_ = self.desk.database, self.id_of(code)
        since = database.value("SELECT received_at FROM ticket WHERE id = :id", {"id": id_})
        troubles = (
            "SELECT id, state FROM operation WHERE ticket_id = :id"
            " AND state IN ('failed', 'unknown') ORDER BY id"
        )
        return since, database.rows(troubles, {"id": id_})

    def is_put_away(self, code: str) -> bool:
        """Tell whether a person put it away, and nothing has happened since."""
        return code in self.put_away and self.put_away[code] == self.standing(code)

    def state_of(self, code: str) -> int:
        """Return the state of a ticket."""
        database = self.desk.database
        return int(database.value("SELECT state FROM ticket WHERE code = :code", {"code": code}))

    @rule(code=st.sampled_from(CODES))
    def customer_writes(self, code: str) -> None:
        """A customer writes again."""
        self.shop.add(code, Role.CUSTOMER, "E agora?", (Role.SHOP,))

    @rule(code=st.sampled_from(CODES))
    def read_again(self, code: str) -> None:
        """The ticket is read from the marketplace; news brings back what was put off."""
        before = self._heard(code)
        read(self.desk.database, self.channel, self.shop.ticket(code))

        assert self._heard(code) == before or self.state_of(code) != SNOOZED

    def _heard(self, code: str) -> int:
        return int(
            self.desk.database.value(
                "SELECT COUNT(*) FROM message JOIN ticket ON ticket.id = ticket_id"
                " WHERE ticket.code = :code AND author = 'customer'",
                {"code": code},
            )
        )

    @rule(seconds=st.sampled_from([1, 70, 700]))
    def time_passes(self, seconds: int) -> None:
        """For the desk and for the marketplace."""
        self.clock.go(seconds=seconds)
        self.shop.now += timedelta(seconds=seconds)

    @rule(hours=st.sampled_from([-24, -1, 1, 24]))
    def the_desk_clock_is_set(self, hours: int) -> None:
        """By somebody, or by the network."""
        self.clock.go(hours=hours)

    @rule(agent=st.sampled_from(AGENTS), again=st.booleans())
    def a_person_settles(self, agent: str, again: bool) -> None:
        """An agent looks at a doubtful reply beside its thread, read anew, and decides."""
        desk = self.desk_of(agent)
        for code in CODES:
            self.read_again(code)
        doubt = doubts.first(desk)
        if doubt is None:
            return
        if doubt.found:
            doubts.it_arrived(desk, doubt)
        elif again:
            doubts.send_again(desk, doubt)
        else:
            doubts.give_up(desk, doubt)
            assert doubt.place.ticket_id
            assert drafts.find(desk.database, doubt.place.ticket_id, doubt.agent)

    @invariant()
    def nothing_is_doubled(self) -> None:
        """Of no reply there are more copies than were sent."""
        for (code, text, audience), (sent, open_ones) in self._counted().items():
            copies = self.shop.copies(code, text, audience)
            assert sent <= copies <= sent + open_ones, (code, text, audience)

    @invariant()
    def nobody_waits_unseen(self) -> None:
        """A ticket that is told to wait is in the queue, unless a reply for it is on its way."""
        hidden = self.desk.database.rows(
            "SELECT code FROM ticket WHERE state <> 0 AND due_at IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM operation WHERE ticket_id = ticket.id"
            " AND answered = ticket.received_at AND state IN ('queued', 'sending', 'sent'))"
        )
        assert [code for (code,) in hidden if not self.is_put_away(code)] == []

    @invariant()
    def what_needs_a_person_is_in_the_queue(self) -> None:
        """A ticket whose reply was refused or is in doubt is open."""
        hidden = self.desk.database.rows(
            "SELECT code FROM ticket WHERE state <> 0 AND delivery IN ('failed', 'unknown')"
        )
        assert [code for (code,) in hidden if not self.is_put_away(code)] == []

    @invariant()
    def what_is_put_off_comes_back(self) -> None:
        """A ticket sleeps no longer than until its last hours."""
        late = self.desk.database.rows(
            "SELECT code FROM ticket WHERE state = 2 AND sort_at > due_at"
        )
        assert late == []

    def _counted(self) -> dict[tuple[str, str, Audience], tuple[int, int]]:
        rows = self.desk.database.rows(
            "SELECT ticket.code, text, audience,"
            " SUM(CASE WHEN operation.state = 'sent' THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN operation.state IN ('sending', 'unknown') THEN 1 ELSE 0 END)"
            " FROM operation JOIN ticket ON ticket.id = ticket_id"
            " GROUP BY ticket.code, text, audience"
        )
        return {(row[0], row[1], Audience(row[2])): (int(row[3]), int(row[4])) for row in rows}

    def teardown(self) -> None:
        """In the end the marketplace is polite again, and everything comes to rest."""
        if not hasattr(self, "shop"):
            return
        for seconds in (1900, 1900, 1900, 1900, 1900, 200_000):
            self.time_passes(seconds)
            self.deliver([])
        waiting = self.desk.database.value(
            f"SELECT COUNT(*) FROM operation WHERE state IN {UNDER_WAY}"
        )
        assert waiting == 0
        self.nothing_is_doubled()
        for code in CODES:
            self.read_again(code)
            state, delivery = self.desk.database.row(
                "SELECT state, delivery FROM ticket WHERE code = :code", {"code": code}
            ) or (None, None)
            if self.is_put_away(code):
                assert state in (0, 1), code
            elif self.shop.waiting_since(code) or delivery == "failed":
                assert state == 0, code
            elif code not in self.reopened:
                assert state == 1, code
