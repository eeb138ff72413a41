"""The conformance kit: what every adapter proves against a practice marketplace of its own.

Subclass `Conformance` in a test module, give it a `Practice`, and run it with pytest: no plugin,
no network and no waiting is needed, for everything runs in one process on a clock that jumps. How
to write an adapter and its practice marketplace: docs/writing-an-adapter.md.
"""

from mkt_tui.adapters.testing.checks import check_list, check_texts, texts_of
from mkt_tui.adapters.testing.conformance import Conformance
from mkt_tui.adapters.testing.practice import Practice, Received
from mkt_tui.adapters.testing.virtual_time import clock, run
from mkt_tui.adapters.testing.wire import Wire

__all__ = [
    "Conformance",
    "Practice",
    "Received",
    "Wire",
    "check_list",
    "check_texts",
    "clock",
    "run",
    "texts_of",
]
