"""A slow link: runs a program on a terminal of its own and hands every byte on later, both ways.

python relay.py SECONDS PROGRAM ARGUMENT...
"""

import fcntl
import os
import pty
import select
import sys
import termios
import time
import tty
from collections import deque


def relay(delay: float, command: list[str]) -> int:
    """Run the program behind the link and return its exit code."""
    size = fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))
    child, inner = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        os.execvp(command[0], command)
    tty.setraw(0)
    ways = {0: inner, inner: 1}
    waiting: deque[tuple[float, int, bytes]] = deque()
    while ways or waiting:
        left = max(waiting[0][0] - time.monotonic(), 0) if waiting else None
        for each in select.select(list(ways), [], [], left)[0]:
            data = _read(each)
            if data:
                waiting.append((time.monotonic() + delay, ways[each], data))
            elif each == inner:
                ways = {}
        while waiting and waiting[0][0] <= time.monotonic():
            _due, target, data = waiting.popleft()
            os.write(target, data)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # Linux says EIO once the program has gone
        return b""


if __name__ == "__main__":
    sys.exit(relay(float(sys.argv[1]), sys.argv[2:]))
