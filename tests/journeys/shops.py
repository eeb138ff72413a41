"""Practice marketplaces that begin anew at every line of stdin, where they were and as they were.

    python -m tests.journeys.shops TICKETS

The first line of stdout is what `mkt-tui sandbox` announces. Every line of stdin ends the server and
starts another one of the same world, which nobody has written to yet: a process forked from this
one, on the same port. Each answers a line with an empty one.
"""

import os
import signal
import sys
from typing import Final

import uvicorn

from mkt_tui.sandbox import server

SEED: Final = 7


def main(tickets: int) -> None:
    """Serve the world again and again until stdin ends."""
    world = server.build_world(server.SandboxOptions(tickets=tickets, seed=SEED))
    with server.listen(0) as listener:
        url = f"http://{server.HOST}:{listener.getsockname()[1]}"
        print(server.announcement(url, world), flush=True)
        child = None
        for _line in sys.stdin:
            end(child)
            child = os.fork()
            if child == 0:
                uvicorn.Server(server.configuration(world)).run(sockets=[listener])
                os._exit(0)
            print(flush=True)
        end(child)


def end(child: int | None) -> None:
    """End a server without a word to anybody."""
    if child is not None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
