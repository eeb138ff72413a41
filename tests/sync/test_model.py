"""Whatever happens in whatever order, nothing is lost or doubled: replies, acts on orders, tickets.

Hypothesis makes up the days; see `model_replies` and `model_acts` for what may happen and who judges.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mkt_tui.desk.desk import Desk
from tests.sync import model_acts
from tests.sync.model_acts import ActDays
from tests.sync.model_replies import Days

_STEPS = 30


def play(machine: type[RuleBasedStateMachine], days: int) -> None:
    """Make up so many days."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=days,
            stateful_step_count=_STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_no_reply_is_lost_or_doubled_and_no_customer_waits_unseen(desk: Desk) -> None:
    Days.desk = desk
    play(Days, 50 if isinstance(desk.database.place, Path) else 10)


@pytest.mark.timeout(300)
def test_no_act_on_an_order_is_lost_or_done_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_acts.speaking(monkeypatch)
    ActDays.desk = desk
    play(ActDays, 40 if isinstance(desk.database.place, Path) else 10)
