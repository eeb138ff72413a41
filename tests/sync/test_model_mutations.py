"""The models are sensitive: each rule of the road, broken on purpose, is noticed within a few days.

A model that nothing can upset would prove nothing. Each mutation takes one rule away, as a careless
change could; the model must fail then. Made-up days are the same in every run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mkt_tui.adapters import acts
from mkt_tui.cache import operations, settling, waking
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.config import Settings
from mkt_tui.desk import queuing, refunding
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.domain.operations import Delivery
from mkt_tui.home import Home
from tests.sync import model_acts
from tests.sync.model_acts import ActDays
from tests.sync.model_replies import Days

_DAYS: Final = 150
Patch = pytest.MonkeyPatch


def retries_after_a_time_out(patch: Patch) -> None:
    """What may have arrived is queued again at once."""

    def again(database: Database, operation: str, error: UserError, now: Any, _at: Any) -> None:
        settling.queue_again(database, operation, error, now)

    patch.setattr(settling, "settle_unknown", again)


def takes_what_it_cannot_find_for_absent(patch: Patch) -> None:
    """A doubtful operation that arrived is looked for, and not found."""

    async def blind(_adapter: object, _wanted: object) -> None:
        return None

    patch.setattr(acts, "look_for", blind)


def takes_what_it_cannot_find_for_sent(patch: Patch) -> None:
    """A doubtful operation that never arrived is believed to be there."""

    async def sees_all(_adapter: object, _wanted: object) -> Any:
        return Delivery("believed")

    patch.setattr(acts, "look_for", sees_all)


def claims_without_a_trace(patch: Patch) -> None:
    """A claimed operation stays queued until its end is known."""

    def win(database: Database, parameters: Any) -> Any:
        row = database.row(
            f"SELECT {operations._RECORD}{operations._FROM}{operations._DUE}", parameters
        )
        if row:
            database.execute(
                "UPDATE operation SET tries = tries + 1, claim_expires_at = :expires"
                " WHERE id = :id",
                {**parameters, "id": row[0]},
            )
        return row

    patch.setattr(operations, "_win", win)
    patch.setattr(settling, "_UNDER_WAY", "('queued', 'sending', 'unknown')")


def takes_a_death_for_nothing_done(patch: Patch) -> None:
    """What a process was sending when it died is queued again."""

    def queue(database: Database, now: Any, *_: Any) -> None:
        database.execute(
            "UPDATE operation SET state = 'queued', claim_expires_at = NULL, next_try_at = :now"
            " WHERE state = 'sending'",
            {"now": to_cache(now)},
        )

    patch.setattr(settling, "doubt_expired", queue)


def takes_a_refusal_for_a_delivery(patch: Patch) -> None:
    """A definite no ends as sent."""

    def sent(database: Database, operation: str, _error: UserError, now: Any) -> None:
        settling.settle_sent(database, operation, "", "ana", now)

    patch.setattr(settling, "settle_failed", sent)


def leaves_refused_tickets_answered(patch: Patch) -> None:
    """A ticket whose reply failed or is in doubt stays out of the queue."""
    patch.setattr(settling, "_reopen", lambda *_: None)


def lets_snoozed_tickets_sleep(patch: Patch) -> None:
    """News does not bring back what was put off."""
    patch.setattr(waking, "of_news", lambda *_: None)


def lets_two_acts_go_at_once(patch: Patch) -> None:
    """A second act on an order does not wait for the first."""
    patch.setattr(queuing, "one_at_a_time", lambda *_: None)


def pays_without_counting(patch: Patch) -> None:
    """A refund does not look at what was paid back already."""
    patch.setattr(refunding, "_ours", lambda *_: iter(()))
    patch.setattr(refunding, "_told", lambda *_: iter(()))


Mutation = Callable[[Patch], None]
OF_REPLIES: Final[tuple[Mutation, ...]] = (
    retries_after_a_time_out,
    takes_what_it_cannot_find_for_absent,
    takes_what_it_cannot_find_for_sent,
    claims_without_a_trace,
    takes_a_death_for_nothing_done,
    takes_a_refusal_for_a_delivery,
    leaves_refused_tickets_answered,
    lets_snoozed_tickets_sleep,
)
OF_ACTS: Final[tuple[Mutation, ...]] = (
    retries_after_a_time_out,
    takes_what_it_cannot_find_for_absent,
    takes_what_it_cannot_find_for_sent,
    claims_without_a_trace,
    takes_a_death_for_nothing_done,
    takes_a_refusal_for_a_delivery,
    lets_two_acts_go_at_once,
    pays_without_counting,
)


class Sending(Days):
    """Days on which agents only write and marketplaces only answer: most rules are about that."""

    share = forward = snooze = wake = draft = None  # type: ignore[assignment]


@pytest.fixture
def quick(home: Home) -> Iterator[Desk]:
    database = Database(home.cache_file, durable=False)
    yield Desk(database, Settings(), home, "ana")
    database.close()


@contextmanager
def noticed() -> Iterator[None]:
    """See that the model fails, by whatever it noticed first."""
    try:
        yield
    except AssertionError:
        return
    pytest.fail("the model did not notice")


def play(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=_DAYS,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutation", OF_REPLIES, ids=lambda each: each.__name__)
def test_a_broken_rule_for_replies_is_noticed(
    quick: Desk, mutation: Mutation, monkeypatch: Patch
) -> None:
    machine = Days if mutation is lets_snoozed_tickets_sleep else Sending
    machine.desk = quick
    mutation(monkeypatch)
    with noticed():
        play(machine)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutation", OF_ACTS, ids=lambda each: each.__name__)
def test_a_broken_rule_for_acts_is_noticed(
    quick: Desk, mutation: Mutation, monkeypatch: Patch
) -> None:
    model_acts.speaking(monkeypatch)
    ActDays.desk = quick
    mutation(monkeypatch)
    with noticed():
        play(ActDays)
