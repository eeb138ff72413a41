"""Which Olist order is in which report, from the CSV files alone.

    python -m tests.olist_monitor FOLDER 2018-03-10T12:00:00 ...

Nothing of the product is used: these are the definitions in docs/monitor.md, worked out another
way, so that `mkt-tui monitor` can be held against them.
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("America/Sao_Paulo")
Reports = dict[str, dict[str, str]]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"olist_{name}_dataset.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def epoch(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=LOCAL).timestamp()


def reports(folder: Path, as_of: str, horizon: float = 48, moved_within: float = 72) -> Reports:
    """Return each report's orders with their deadline as the files write it."""
    limits: defaultdict[str, list[str]] = defaultdict(list)
    for item in read(folder, "order_items"):
        limits[item["order_id"]].append(item["shipping_limit_date"])
    now = datetime.fromisoformat(as_of).replace(tzinfo=LOCAL).timestamp()
    found: Reports = defaultdict(dict)
    for order in read(folder, "orders"):
        by = max(limits[order["order_id"]], default="")
        if place := report(order, by, now, horizon * 3600, moved_within * 3600):
            found[place[0]][order["order_id"]] = place[1]
    return found


def report(
    order: dict[str, str], ship_by: str, now: float, horizon: float, moved_within: float
) -> tuple[str, str] | None:
    def past(column: str) -> bool:
        return bool(order[column]) and epoch(order[column]) <= now

    if order["order_status"] in ("canceled", "unavailable"):
        return None
    if not past("order_approved_at") or past("order_delivered_customer_date"):
        return None
    if not past("order_delivered_carrier_date"):
        if not ship_by or epoch(ship_by) > now + horizon:
            return None
        return ("ship_late" if epoch(ship_by) < now else "ship_at_risk"), ship_by
    promised = order["order_estimated_delivery_date"]
    if not promised or epoch(promised) > now + horizon:
        return None
    if epoch(promised) < now:
        return "transit_late", promised
    moved = epoch(order["order_delivered_carrier_date"])
    return ("transit_due" if now - moved <= moved_within else "transit_at_risk"), promised


def hours(deadline: str, as_of: str) -> float:
    """Return how long it is to a deadline, as the files write it."""
    now = datetime.fromisoformat(as_of).replace(tzinfo=LOCAL)
    return (epoch(deadline) - now.timestamp()) / timedelta(hours=1).total_seconds()


if __name__ == "__main__":
    for instant in sys.argv[2:]:
        known = reports(Path(sys.argv[1]), instant)
        print(json.dumps({"as_of": instant} | {name: sorted(known[name]) for name in known}))
