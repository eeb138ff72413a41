"""The figures beside their budgets, as a table and as JSON."""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit; a relative one is for the ratio to the reference."""

    limit: float
    relative: bool = False
    at_least: bool = False

    def holds(self, figure: float) -> bool:
        """Tell whether a figure keeps it."""
        return figure >= self.limit if self.at_least else figure <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"{sign} {_number(self.limit)}{' x' if self.relative else ''}"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; `reference` was measured in the same run."""

    what: str
    unit: str
    ours: float
    budget: Budget | None = None
    reference: float | None = None
    pairs: tuple[float, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Ours to the reference: the median of the pairs, where both ran in turns."""
        if self.pairs:
            return statistics.median(self.pairs)
        return self.ours / self.reference if self.reference else None

    @property
    def verdict(self) -> str:
        """Tell whether the budget is kept."""
        if self.budget is None:
            return ""
        figure = self.ratio if self.budget.relative else self.ours
        return "ok" if figure is not None and self.budget.holds(figure) else "OVER"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share / 100 * len(ordered)))]


def command_line(description: str) -> argparse.ArgumentParser:
    """Return a parser with what all scripts take."""
    cli = argparse.ArgumentParser(description=description)
    cli.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return cli


def publish(lines: Sequence[Line], file: Path | None) -> None:
    """Print the table, and write the JSON where it is wanted."""
    table = Table(box=MARKDOWN)
    for title in ("what", "unit", "budget", "reference", "ours", "ratio", ""):
        table.add_column(title, no_wrap=True, justify="left" if title == "what" else "right")
    for each in lines:
        table.add_row(
            each.what,
            each.unit,
            str(each.budget or ""),
            _number(each.reference),
            _number(each.ours),
            _number(each.ratio),
            each.verdict,
        )
    Console(width=140).print(table)
    if file:
        told = [asdict(each) | {"ratio": each.ratio, "verdict": each.verdict} for each in lines]
        file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
