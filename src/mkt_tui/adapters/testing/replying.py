"""What an adapter promises of replies."""

from dataclasses import replace
from unittest import SkipTest

from mkt_tui.adapters.base import FindsSent, ReadsThread, Replies
from mkt_tui.adapters.testing import wire
from mkt_tui.adapters.testing.checks import check_texts, hold
from mkt_tui.adapters.testing.player import Player
from mkt_tui.adapters.testing.stage import Stage
from mkt_tui.domain.errors import (
    AccessRefused,
    Doubtful,
    NotAllowed,
    RateLimited,
    Refused,
    Unavailable,
    Unreachable,
    UserError,
)
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.ticket_operations import Reply


class Replying(Player):
    """Audiences, doubts, refusals."""

    def test_a_reply_reaches_exactly_its_audience(self) -> None:
        """Whoever was chosen can read it, nobody else can, and it is there once."""

        async def story(stage: Stage) -> None:
            for reply in await _one_for_each_audience(stage):
                delivery = await _deliver(stage, reply)
                copies = [
                    each
                    for each in stage.practice.received(reply.ticket_code)
                    if each.text == reply.text
                ]
                hold(len(copies) == 1, "The marketplace holds the reply once.")
                wanted = frozenset(reply.audience.roles)
                hold(copies[0].readers == wanted, f"It is read by {wanted}, and nobody else.")
                await _check_thread(stage, reply, delivery)

        self.play(3, story)

    def test_a_reply_whose_answer_is_lost_is_settled(self) -> None:
        """It is in doubt, was sent once, and is found again or handed to a person."""

        async def story(stage: Stage) -> None:
            for reply in await _one_for_each_audience(stage):
                stage.wire.writes = wire.lost_after
                error = await stage.reply_fails(reply)
                stage.wire.writes = None
                hold(isinstance(error, Doubtful), f"A lost answer is Doubtful, not {error!r}.")
                texts = [each.text for each in stage.practice.received(reply.ticket_code)]
                hold(texts.count(reply.text) == 1, "It was sent once.")
                async with stage.adapter() as adapter:
                    hold(
                        await _looked(adapter, reply) is not None, "A reply that arrived is found."
                    )

        self.play(3, story)

    def test_a_reply_that_never_left_may_be_sent_again(self) -> None:
        """Without a connection nothing arrived, and the adapter says so."""

        async def story(stage: Stage) -> None:
            reply = (await _one_for_each_audience(stage))[0]
            stage.wire.writes = wire.lost_before
            error = await stage.reply_fails(reply)
            stage.wire.writes = None
            hold(isinstance(error, Unreachable), f"No connection is Unreachable, not {error!r}.")
            async with stage.adapter() as adapter:
                found = await _looked(adapter, reply)
                hold(not isinstance(found, Delivery), "What never left is not found.")
            await _deliver(stage, reply)
            texts = [each.text for each in stage.practice.received(reply.ticket_code)]
            hold(texts.count(reply.text) == 1, "Sent again, it is there once.")

        self.play(1, story)

    def test_the_same_words_twice_are_two_replies(self) -> None:
        """An older reply in the same words is not taken for the new one."""

        async def story(stage: Stage) -> None:
            first = (await _one_for_each_audience(stage))[0]
            sent = await _deliver(stage, first)
            stage.practice.customer_writes(first.ticket_code, "E agora?")
            await stage.pass_time(600)
            again = stage.reply(first.ticket_code, first.audience, first.text)
            # As the outbox hands it over: with what its thread held when it was queued.
            again = replace(again, known=(sent.remote_code,))
            async with stage.adapter() as adapter:
                found = await _looked(adapter, again)
                hold(not isinstance(found, Delivery), "The older one is another reply.")

        self.play(1, story)

    def test_refusals_of_a_reply_are_told(self) -> None:
        """A definite no is one, a passing fault may be tried again, the rest is in doubt."""
        told: dict[int, tuple[type[Exception], ...]] = {
            400: (Refused,),
            401: (AccessRefused,),
            403: (AccessRefused,),
            404: (Refused, NotAllowed),
            409: (Refused, NotAllowed),
            422: (Refused, NotAllowed),
            429: (RateLimited,),
            500: (Doubtful,),
            502: (Doubtful,),
            503: (Doubtful, Unavailable),
        }

        async def story(stage: Stage) -> None:
            reply = (await _one_for_each_audience(stage))[0]
            for status, kinds in told.items():
                stage.refuse(write=status)
                error = await stage.reply_fails(reply)
                hold(isinstance(error, kinds), f"{status} is {kinds[0].__name__}, not {error!r}.")
            texts = [each.text for each in stage.practice.received(reply.ticket_code)]
            hold(reply.text not in texts, "Nothing of it arrived.")

        self.play(1, story)


async def _one_for_each_audience(stage: Stage) -> list[Reply]:
    async with stage.adapter() as adapter:
        if not isinstance(adapter, Replies):
            raise SkipTest("it sends no replies")
    if not stage.practice.tickets():
        raise SkipTest("its tickets come another way than by this marketplace")
    replies = [
        stage.reply(ticket.code, audience)
        for ticket in (await stage.all_tickets()).values()
        for audience in ticket.audiences
    ]
    hold(bool(replies), "At least one ticket can be answered.")
    return replies


async def _deliver(stage: Stage, reply: Reply) -> Delivery:
    async with stage.adapter() as adapter:
        assert isinstance(adapter, Replies)
        found = await _looked(adapter, reply)
        hold(not isinstance(found, Delivery), "What was not sent is not found.")
        delivery = await adapter.reply(reply)
        if isinstance(adapter, FindsSent):
            hold(await adapter.find_sent(reply) == delivery, "What was sent is found again.")
        return delivery


async def _looked(adapter: object, reply: Reply) -> Delivery | UserError | None:
    """Return what `find_sent` says; an error hands the question to a person."""
    if not isinstance(adapter, FindsSent):
        return NotAllowed()
    try:
        return await adapter.find_sent(reply)
    except UserError as error:
        return error


async def _check_thread(stage: Stage, reply: Reply, delivery: Delivery) -> None:
    async with stage.adapter() as adapter:
        if not isinstance(adapter, ReadsThread):
            return
        ticket = await adapter.thread(reply.ticket_code)
    check_texts(ticket)
    copies = [each for each in ticket.messages if each.code == delivery.remote_code]
    hold(len(copies) == 1, "The thread holds the reply once, under the number it was given.")
    hold(set(reply.audience.roles) <= set(copies[0].recipients), "The thread tells its audience.")
