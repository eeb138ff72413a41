"""A server that is far away: every byte to it and back waits half of the round trip.

python -m bench.far 5432 20                 # prints the port that leads to 5432 in 20 ms
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

ROUND_TRIP: Final = 20.0
_HOST: Final = "127.0.0.1"
_AT_ONCE: Final = 64 * 1024


@contextmanager
def far(port: int, round_trip: float = ROUND_TRIP) -> Iterator[int]:
    """Give the port of a proxy to a local port, with so many ms to an answer."""
    command = [sys.executable, "-m", "bench.far", str(port), str(round_trip)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        try:
            assert proxy.stdout
            yield int(proxy.stdout.readline())
        finally:
            proxy.terminate()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Hand on what comes in, each piece after its delay."""
    loop = asyncio.get_running_loop()
    coming: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def take() -> None:
        # A program that is ended hangs up without a word.
        with suppress(ConnectionError):
            while data := await reader.read(_AT_ONCE):
                coming.put_nowait((loop.time() + delay, data))
        coming.put_nowait((0, b""))

    taking = asyncio.create_task(take())
    while (piece := await coming.get())[1]:
        await asyncio.sleep(max(0, piece[0] - loop.time()))
        writer.write(piece[1])
    await taking
    writer.close()


async def _serve(port: int, delay: float) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(_HOST, port)
        await asyncio.gather(
            _carry(reader, back, delay), _carry(there, writer, delay), return_exceptions=True
        )

    server = await asyncio.start_server(connect, _HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 2000))
