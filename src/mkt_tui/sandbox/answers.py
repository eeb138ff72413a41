"""Answers in JSON."""

import orjson
from starlette.responses import Response


def json_answer(content: object, status: int = 200) -> Response:
    """Return `content` as a JSON answer."""
    return Response(orjson.dumps(content), status, media_type="application/json")
