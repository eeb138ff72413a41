"""Cold start: from exec to the first ticket row, beside a bare Textual app in turns.

python -m bench.startup --tickets 1000000
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench import homes, programs
from bench.report import Budget, Line, command_line, publish
from bench.session import Session

_MILLION: Final = 1_000_000


def first_frame(argv: Sequence[str], words: str) -> float:
    """Return ms from exec to words on the screen."""
    with Session(argv) as session:
        return session.wait_for(words)


def run_through(argv: Sequence[str], more: Mapping[str, str] | None = None) -> float:
    """Return ms from exec to the end of a command."""
    environment = programs.environment() | dict(more or {})
    began = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=environment)
    return (time.perf_counter() - began) * 1000


def in_turns(
    runs: int, reference: Callable[[], float], ours: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Run both in turns after a run of each that does not count."""
    pairs = [(reference(), ours()) for _ in range(runs + 1)][1:]
    return [each[0] for each in pairs], [each[1] for each in pairs]


def compared(
    what: str,
    budget: Budget | None,
    runs: int,
    reference: Callable[[], float],
    ours: Callable[[], float],
) -> Line:
    """Return the line of a comparison in turns."""
    theirs, mine = in_turns(runs, reference, ours)
    pairs = tuple(b / a for a, b in zip(theirs, mine, strict=True))
    return Line(what, "ms", statistics.median(mine), budget, statistics.median(theirs), pairs)


def measure(home: Path, tickets: int, runs: int) -> list[Line]:
    """Measure all starts; only verbs that need no database have a budget."""
    verbs: dict[str, Budget | None] = {
        "--version": Budget(150),
        "--help": Budget(150),
        "channel list": None,
    }
    python = sys.executable
    ours = [python, "-m", "mkt_tui"]

    def verb(words: str) -> float:
        return run_through([*ours, *words.split()], {"MKT_TUI_HOME": str(home)})

    return [
        compared(
            f"first ticket row, {tickets:,} tickets (bare Textual)",
            Budget(2.0, relative=True),
            runs,
            lambda: first_frame(programs.bare_textual(), programs.FLOOR_READY),
            lambda: first_frame(programs.desk(home), programs.FIRST_ROW),
        ),
        *(
            compared(
                f"mkt-tui {words} (python -c pass)",
                budget,
                runs,
                lambda: run_through([python, "-c", "pass"]),
                partial(verb, words),
            )
            for words, budget in verbs.items()
        ),
    ]


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure cold starts.")
    cli.add_argument("--tickets", type=int, help="default: a million where seeded, else 10,000")
    cli.add_argument("--runs", type=int, default=10)
    args = cli.parse_args()
    tickets = args.tickets or (_MILLION if homes.is_there(_MILLION) else 10_000)
    publish(measure(homes.home(tickets), tickets, args.runs), args.json)


if __name__ == "__main__":
    main()
