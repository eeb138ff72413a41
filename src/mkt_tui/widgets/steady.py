"""Lines that are looked at again and again, and drawn only when they say something else."""

from rich.text import Text
from textual.widgets import Static


def put(line: Static, words: Text | str, *, layout: bool = True) -> None:
    """Show the words; where they are shown already, no byte is sent.

    Args:
        layout: Whether they may make the line higher, which costs a layout of the screen.
    """
    if line.content != words:
        line.update(words, layout=layout)
