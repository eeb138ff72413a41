"""mkt-tui: the terminal desk of multi-marketplace support agents."""

from typing import Final

__version__: Final = "0.1.0"
