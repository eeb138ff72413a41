"""The terminal the programs see: an xterm that answers queries, emulated by pyte.

pyte lacks SU, SD and REP and stumbles over DCS strings and private CSI; what it lacks is added,
what it stumbles over is taken out before.
"""

import re
from typing import Any, Final
from unicodedata import combining

import pyte
from wcwidth import wcwidth

_PARTIAL: Final = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[P_^X](?:(?!\x1b\\).)*)?\Z", re.DOTALL)
_STRIP: Final = re.compile(
    rb"\x1b[P_^X].*?\x1b\\"  # DCS, APC, PM, SOS
    rb"|\x1b\[[<=>][0-9:;]*[ -/]*[@-~]"  # private markers pyte prints or misreads
    rb"|\x1b\[\??[0-9:;]*[ -/]+[@-~]"  # CSI with an intermediate byte
    rb"|\x1b\[\?[0-9;]*[a-gi-km-zA-IL-Z@]"  # CSI ? other than h, l, J, K
    rb"|\x1b\[[0-9;]*:[0-9:;]*m",  # SGR with sub-parameters
    re.DOTALL,
)
_QUERY: Final = re.compile(
    rb"\x1b\[(?P<attributes>0?)c"
    rb"|\x1b\[(?P<position>6)n"
    rb"|\x1b\[\?(?P<mode>\d+)\$p"
    rb"|\x1b\[(?P<size>18)t"
)


class _Screen(pyte.Screen):
    last = " "

    def draw(self, data: str) -> None:
        if not data.isascii():
            # After a mark that takes no cell and combines with nothing it would skip what follows.
            data = "".join(each for each in data if wcwidth(each) or combining(each))
        if data:
            self.last = data[-1]
        super().draw(data)

    def repeat(self, count: int | None = None) -> None:
        self.draw(self.last * (count or 1))

    def scroll_up(self, count: int | None = None) -> None:
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int | None = None) -> None:
        self._scroll(self.insert_lines, count)

    def _scroll(self, act: Any, count: int | None) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        act(count or 1)
        self.cursor.x, self.cursor.y = x, y


class _Stream(pyte.ByteStream):
    csi = pyte.ByteStream.csi | {"S": "scroll_up", "T": "scroll_down", "b": "repeat"}
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down", "repeat"}


class Emulator:
    """A screen fed with bytes."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._screen = _Screen(columns, rows)
        self._stream = _Stream(self._screen)
        self._held = self._unanswered = b""
        self._shown: list[str] = []

    def feed(self, chunk: bytes) -> bool:
        """Draw a chunk; tell whether the screen's text or colours changed."""
        data = _STRIP.sub(b"", self._held + chunk)
        partial = _PARTIAL.search(data)
        cut = partial.start() if partial else len(data)
        self._held = data[cut:]
        self._stream.feed(data[:cut])
        before, self._shown = self._shown, [self._line(row) for row in range(self.rows)]
        return before != self._shown

    def text(self) -> str:
        """Return the screen as lines of text."""
        return "\n".join("".join(self.cells(row)) for row in range(self.rows))

    def cells(self, row: int) -> list[str]:
        """Return the signs of a line by their cells; "" is the second cell of a wide one."""
        shown = self._screen.buffer[row]
        return [shown[x].data for x in range(self.columns)]

    def answers(self, chunk: bytes) -> list[bytes]:
        """Return what an xterm would answer to the queries in a chunk."""
        data = self._unanswered + chunk
        partial = _PARTIAL.search(data)
        cut = partial.start() if partial else len(data)
        self._unanswered = data[cut:][:256]
        return [self._answer(each) for each in _QUERY.finditer(data[:cut])]

    def _answer(self, query: re.Match[bytes]) -> bytes:
        if query.lastgroup == "attributes":
            return b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c"
        if query.lastgroup == "position":
            return b"\x1b[1;1R"
        if query.lastgroup == "mode":
            return b"\x1b[?%b;0$y" % query["mode"]
        return f"\x1b[8;{self.rows};{self.columns}t".encode()

    def _line(self, row: int) -> str:
        cells = self._screen.buffer[row]
        # Some programs show the row under the cursor by reversing it alone.
        return "".join(
            f"{each.data}{each.fg}{each.bg}{each.reverse:d}"
            for each in (cells[x] for x in range(self.columns))
        )
