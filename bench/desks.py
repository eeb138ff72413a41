"""A room of desks on one server: memory and CPU of all of them, idle and each typing.

python -m bench.desks --desks 50 --tickets 100000
"""

import time
from contextlib import ExitStack
from typing import Final

from bench import homes, measures, programs
from bench.report import Budget, Line, command_line, publish
from bench.session import Session

_KEYS: Final = ("down", "down", "pagedown", "up")


def measure(desks: int, tickets: int, seconds: int) -> list[Line]:
    """Open all desks on one home, then let all be idle, then let each press a key a second."""
    with ExitStack() as room:
        sessions = []
        for _ in range(desks):
            sessions.append(room.enter_context(Session(programs.desk(homes.home(tickets)))))
            sessions[-1].wait_for(programs.FIRST_ROW)
        for each in sessions:
            each.settle(1.0, 5.0)
        memory = sum(measures.memory(each) for each in sessions) / 1000
        idle = _cores(sessions, seconds, keys=False)
        typing = _cores(sessions, seconds, keys=True)
    name = f"{desks} desks, {tickets:,} tickets"
    return [
        Line(f"{name}: memory (PSS)", "GB", memory, Budget(3.5)),
        Line(f"{name}: idle", "cores", idle, Budget(0.3)),
        Line(f"{name}: each a key a second", "cores", typing, Budget(1.2)),
    ]


def _cores(sessions: list[Session], seconds: int, *, keys: bool) -> float:
    """Return how many cores all desks keep busy."""
    spent = sum(measures.cpu_seconds(each) for each in sessions)
    began = time.perf_counter()
    for second in range(seconds):
        for number, each in enumerate(sessions):
            if keys:
                each.press(_KEYS[(second + number) % len(_KEYS)])
            until = began + second + (number + 1) / len(sessions)
            each.pump_for(max(until - time.perf_counter(), 0.0))
            _drain(each)
    took = time.perf_counter() - began
    return (sum(measures.cpu_seconds(each) for each in sessions) - spent) / took


def _drain(session: Session) -> None:
    while session.pump(0):
        pass
    session.feed()


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure a room of desks.")
    cli.add_argument("--desks", type=int, default=50)
    cli.add_argument("--tickets", type=int, default=100_000)
    cli.add_argument("--seconds", type=int, default=20)
    args = cli.parse_args()
    publish(measure(args.desks, args.tickets, args.seconds), args.json)


if __name__ == "__main__":
    main()
