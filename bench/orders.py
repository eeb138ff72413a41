"""The list of orders and the sheet on paper, beside a bare virtual list and a bare PDF.

python -m bench.orders --tickets 10000
"""

import time
from collections.abc import Callable
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bench import homes, programs
from bench.queue import Seen, look
from bench.report import Budget, Line, command_line, percentile, publish
from bench.session import Session
from mkt_tui.cache import order_list
from mkt_tui.cache.database import Database
from mkt_tui.cache.order_list import OrderFilter
from mkt_tui.config import Settings, agent_name
from mkt_tui.desk import orders, sheet, sheet_pdf
from mkt_tui.desk.desk import Desk
from mkt_tui.home import find_home

_LIST = "All orders"


def of_list(tickets: int, count: int, seconds: float) -> Seen:
    """Measure the list of orders on a desk with so many tickets."""
    with Session(programs.desk(homes.home(tickets))) as session:
        session.wait_for(programs.FIRST_ROW)
        session.press("O")
        session.wait_for(_LIST)
        return look(session, count, seconds)


def of_floor(rows: int, count: int, seconds: float) -> Seen:
    """Measure the bare list of as many rows."""
    with Session(programs.bare_list(rows)) as session:
        session.wait_for(programs.FLOOR_ROW)
        return look(session, count, seconds)


def lines(size: int, ours: Seen, floor: Seen) -> list[Line]:
    """Return the figures of the list."""
    return [
        Line(f"{size:,} orders: Down, p50", "ms", ours.down.median, None, floor.down.median),
        Line(f"{size:,} orders: Down, p95", "ms", ours.down.slow, Budget(6), floor.down.slow),
        Line(f"{size:,} orders: Page Down, p95", "ms", ours.page.slow, Budget(10), floor.page.slow),
        Line(f"{size:,} orders: last row, p95", "ms", ours.end.slow, Budget(30), floor.end.slow),
        Line(
            f"{size:,} orders: Page Down held, CPU a key", "ms", ours.held.cpu, None, floor.held.cpu
        ),
        Line(f"{size:,} orders: idle", "% core", ours.cpu, Budget(0.3), floor.cpu),
    ]


def timed(work: Callable[[], object], count: int) -> float:
    """Return the CPU ms of half the calls; other programs' share of the cores does not count."""
    work()
    spent = []
    for _time in range(count):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return percentile(spent, 50)


def on_paper(desk: Desk, count: int) -> list[Line]:
    """Measure the sheet of the newest order as a PDF, and its pages of the list."""
    (row,) = order_list.page(desk.database, OrderFilter(), None, 0, 1)
    record = orders.record(desk, row)
    paper = sheet.paper(desk, record, revealed=False)
    text = sheet.as_text(desk, record, revealed=False).splitlines()
    made = timed(lambda: sheet.paper(desk, record, revealed=False), count)
    ours = timed(lambda: sheet_pdf.as_pdf([paper]), count)
    floor = timed(lambda: bare_pdf(text), count)
    many = timed(lambda: sheet_pdf.as_pdf([paper] * 50), max(count // 10, 3)) / 50
    first = timed(lambda: orders.pages(desk, OrderFilter()), count)
    whole = timed(lambda: orders.measured(desk.database, OrderFilter(), row.id), count)
    return [
        Line("sheet of an order, CPU", "ms", made),
        Line("its PDF, CPU", "ms", ours, Budget(50), floor),
        Line("its PDF, one of fifty in a file, CPU", "ms", many, None, floor),
        Line("first page of the list, CPU", "ms", first, Budget(10)),
        Line("the whole list measured, in a thread, CPU", "ms", whole),
    ]


def bare_pdf(text: list[str]) -> bytes:
    """Return the same lines in one of the fonts that every reader of PDF has."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setFont("Courier", 9)
    for place, line in enumerate(text):
        canvas.drawString(50, 800 - 11 * (place % 68), line)
        if place % 68 == 67:
            canvas.showPage()
            canvas.setFont("Courier", 9)
    canvas.save()
    return target.getvalue()


def measure(tickets: int, count: int, seconds: float) -> list[Line]:
    """Measure a seeded home."""
    home = find_home(homes.home(tickets))
    database = Database(home.cache_file)
    try:
        size = int(database.value("SELECT COUNT(*) FROM sales_order"))
        paper = on_paper(Desk(database, Settings(), home, agent_name()), count)
    finally:
        database.close()
    found = lines(size, of_list(tickets, count, seconds), of_floor(size, count, seconds))
    return [*found, *paper]


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure the list of orders and the sheet on paper.")
    cli.add_argument("--tickets", type=int, default=10_000)
    cli.add_argument("--count", type=int, default=30, help="presses of each key (30)")
    cli.add_argument("--seconds", type=float, default=5.0, help="of holding and idleness (5)")
    args = cli.parse_args()
    publish(measure(args.tickets, args.count, args.seconds), args.json)


if __name__ == "__main__":
    main()
