"""The conformance kit while every row comes twice and backwards, and the server's clock is wrong.

The suite runs what is quick of it; MKT_TUI_WHOLE_KIT=1 runs all of it (some minutes).
"""

import os
from collections.abc import Iterator

import pytest

from mkt_tui.adapters.testing import Conformance, Practice
from tests.adapters.practice import SandboxPractice
from tests.adapters.test_distorted import PRACTICES

FAULTS = ("duplicated@read", "reordered@read", "clock:7200@read")
QUICK = (
    "test_a_single_ticket_is_read",
    "test_only_what_happened_is_new",
    "test_a_reply_reaches_exactly_its_audience",
    "test_a_reply_whose_answer_is_lost_is_settled",
    "test_the_same_words_twice_are_two_replies",
)
WHOLE = os.environ.get("MKT_TUI_WHOLE_KIT") == "1"


def promises() -> Iterator[str]:
    return (
        each for each in dir(Conformance) if each.startswith("test_") and (WHOLE or each in QUICK)
    )


@pytest.mark.parametrize("promise", promises())
@pytest.mark.parametrize("kind", PRACTICES, ids=lambda kind: kind.slug)
def test_the_kit_holds_under_distorted_faults(kind: type[SandboxPractice], promise: str) -> None:
    rude: type[SandboxPractice] = type("Rude", (kind,), {"faults": FAULTS})

    class Kit(Conformance):
        def practice(self, tickets: int) -> Practice:
            return rude(tickets)

    getattr(Kit(), promise)()
