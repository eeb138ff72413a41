"""Homes with seeded caches, kept between runs."""

import subprocess
import sys
from pathlib import Path
from typing import Final

KEPT: Final = Path(__file__).parent / "results" / "homes"


def home(tickets: int) -> Path:
    """Return a home with so many tickets, made the first time it is asked for."""
    folder = KEPT / str(tickets)
    done = folder / "seeded"
    if not done.exists():
        command = [sys.executable, "-m", "bench.seed", "--home", str(folder)]
        subprocess.run([*command, "--tickets", str(tickets)], check=True)
        done.touch()
    return folder


def is_there(tickets: int) -> bool:
    """Tell whether that home was made before."""
    return (KEPT / str(tickets) / "seeded").exists()
