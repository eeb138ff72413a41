"""Keys, bytes, memory and idleness of the queue at several sizes, beside a bare virtual list.

python -m bench.keys --tickets 10000 100000 1000000
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench import homes, measures, programs
from bench.measures import Held, Presses
from bench.report import Budget, Line, command_line, publish
from bench.session import Session

_THOUSAND: Final = 1_000
_WINDOW: Final = 1.5


@dataclass(frozen=True, slots=True)
class Seen:
    """What one program showed."""

    down: Presses
    up: Presses
    page: Presses
    end: Presses
    held: Held
    cpu: float
    bytes: float
    memory: float


def look(session: Session, count: int, seconds: float) -> Seen:
    """Measure a list that shows its first rows."""
    session.settle(_WINDOW)
    down, up = measures.press(session, ["down", "up"], count)
    (page,) = measures.press(session, ["pagedown"], count)
    end, _home = measures.press(session, ["end", "home"], max(count // 3, 10))
    held = measures.hold(session, "pagedown", seconds)
    cpu, flow = measures.idle(session, seconds)
    return Seen(down, up, page, end, held, cpu, flow, measures.memory(session))


def of_desk(tickets: int, count: int, seconds: float) -> Seen:
    """Measure the desk on so many tickets."""
    with Session(programs.desk(homes.home(tickets))) as session:
        session.wait_for(programs.FIRST_ROW)
        return look(session, count, seconds)


def of_list(rows: int, count: int, seconds: float) -> Seen:
    """Measure the bare list of so many rows."""
    with Session(programs.bare_list(rows)) as session:
        session.wait_for(programs.FLOOR_ROW)
        return look(session, count, seconds)


def lines(size: int, ours: Seen, floor: Seen) -> list[Line]:
    """Return the figures of a size."""

    def latency(name: str, mine: Presses, theirs: Presses, budget: float) -> list[Line]:
        return [
            Line(f"{size:,}: {name}, p50", "ms", mine.median, None, theirs.median),
            Line(f"{size:,}: {name}, p95", "ms", mine.slow, Budget(budget), theirs.slow),
        ]

    return [
        *latency("Down", ours.down, floor.down, 6),
        *latency("Up", ours.up, floor.up, 6),
        *latency("Page Down", ours.page, floor.page, 10),
        *latency("last row", ours.end, floor.end, 30),
        Line(f"{size:,}: bytes of Down", "B", ours.down.bytes, Budget(500), floor.down.bytes),
        Line(f"{size:,}: bytes of Page Down", "B", ours.page.bytes, Budget(8_000), floor.page.bytes),
        Line(f"{size:,}: Page Down held, lag", "ms", ours.held.lag, Budget(10), floor.held.lag),
        Line(f"{size:,}: Page Down held, CPU a key", "ms", ours.held.cpu, None, floor.held.cpu),
        Line(f"{size:,}: idle", "% core", ours.cpu, Budget(0.3), floor.cpu),
        Line(f"{size:,}: idle", "B/s", ours.bytes, Budget(0), floor.bytes),
        Line(f"{size:,}: memory (PSS)", "MB", ours.memory, Budget(75), floor.memory),
    ]  # fmt: skip


def other_keys(tickets: int, count: int) -> list[Line]:
    """Measure what opens or changes more than the list."""
    with Session(programs.desk(homes.home(tickets))) as session:
        session.wait_for(programs.FIRST_ROW)
        session.settle(_WINDOW)
        # The first press of each also loads its code, which a day of work does once.
        first = measures.press(session, ["enter", "escape", "m", "escape"], 1, _WINDOW)
        opened, closed = measures.press(session, ["enter", "escape"], count, _WINDOW)
        menu, _closed = measures.press(session, ["m", "escape"], count)
        (filtered,) = measures.press(session, ["1"], count, _WINDOW)
    return [
        Line(f"{tickets:,}: open ticket, first time", "ms", first[0].slow),
        Line(f"{tickets:,}: open ticket, p95", "ms", opened.slow, Budget(30)),
        Line(f"{tickets:,}: back to the queue, p95", "ms", closed.slow),
        Line(f"{tickets:,}: change filter, p95", "ms", filtered.slow, Budget(50)),
        Line(f"{tickets:,}: channel menu, p95", "ms", menu.slow),
    ]


def measure(sizes: Sequence[int], count: int, seconds: float) -> list[Line]:
    """Measure all sizes, the largest one in full."""
    largest = max(sizes)
    found = []
    least = of_desk(_THOUSAND, count, seconds).memory
    for size in sizes:
        ours, floor = of_desk(size, count, seconds), of_list(size, count, seconds)
        found += lines(size, ours, floor)
        if size == largest:
            grown = ours.memory - least
            found.append(Line(f"{size:,}: memory more than at 1,000", "MB", grown, Budget(12)))
    return found + other_keys(largest, max(count // 3, 10))


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure keys in the queue.")
    cli.add_argument("--tickets", type=int, nargs="+", default=[10_000])
    cli.add_argument("--count", type=int, default=50, help="presses of each key (50)")
    cli.add_argument("--seconds", type=float, default=10.0, help="of holding and idleness (10)")
    args = cli.parse_args()
    publish(measure(args.tickets, args.count, args.seconds), args.json)


if __name__ == "__main__":
    main()
