"""A marketplace that answers wrongly in one chosen way; real HTTP on loopback."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

Answer: TypeAlias = tuple[int, dict[str, str], bytes]
Behaviour: TypeAlias = Callable[[str, dict[str, str]], Answer | None]


def thread_json(number: int) -> dict[str, Any]:
    """A thread that a customer has written."""
    at = f"2026-03-{number + 1:02}T12:00:00Z"
    customer = {"type": "CUSTOMER", "id": "c1", "display_name": "Maria Silva"}
    return {
        "id": f"thread-{number}",
        "date_created": at,
        "date_updated": at,
        "authorized_participants": [customer, {"type": "OPERATOR", "display_name": "Carrefour"}],
        "entities": [{"type": "MMP_ORDER", "id": f"order-{number}", "label": "x"}],
        "topic": {"type": "FREE_TEXT", "value": "Onde está?"},
        "metadata": {"shop_reply_needed_since": at, "last_message_date": at, "total_count": 1},
        "messages": [
            {
                "id": f"message-{number}",
                "body": "Onde está?",
                "date_created": at,
                "from": {"type": "CUSTOMER_USER", "display_name": "Maria Silva"},
                "to": [{"type": "SHOP", "id": "1", "display_name": "Loja"}],
            }
        ],
    }


def threads_page(numbers: range, token: str | None = None) -> bytes:
    """A page of M11."""
    page: dict[str, Any] = {"data": [thread_json(number) for number in numbers]}
    if token:
        page["next_page_token"] = token
    return json.dumps(page).encode()


def good(path: str, query: dict[str, str]) -> Answer:
    """Answer as the contract says: two pages of threads, no returns, no orders."""
    if path.endswith("/threads"):
        first = "page_token" not in query
        body = threads_page(range(3), "second") if first else threads_page(range(3, 5))
        return 200, {}, body
    if path.endswith("/returns"):
        return 200, {}, b'{"data": []}'
    return 200, {}, b'{"orders": [], "total_count": 0}'


@contextmanager
def marketplace(behaviour: Behaviour) -> Iterator[str]:
    """Serve `behaviour` and yield the base URL; an answer of None cuts the connection half-way."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            answer = behaviour(parts.path, query)
            status, headers, body = answer or (200, {}, threads_page(range(3)))
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if answer else body[: len(body) // 2])
            self.close_connection = answer is None

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    worker = threading.Thread(target=server.serve_forever, args=(0.02,))
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        worker.join()
