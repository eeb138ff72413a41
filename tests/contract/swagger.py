"""Requests and answers held against the official Swagger 2.0 documents of the Selling Partner API."""

import json
import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft4Validator, FormatChecker

from tests.contract.openapi import ContractBroken, shared_dir

Json = dict[str, Any]
_DOCUMENTS = {
    "/orders/2026-01-01": "orders_2026-01-01.json",
    "/orders/v0": "ordersV0.json",
    "/messaging/v1": "messaging_v1.json",
    "/solicitations/v1": "solicitations_v1.json",
    "/sellers/v1": "sellers_v1.json",
}


class Checked(httpx.AsyncBaseTransport):
    """Passes on what keeps the documents, and counts it; the rest is a broken contract.

    Args:
        base: What stands before the paths of the API.
        free: Paths that belong to no document.
    """

    def __init__(self, rest: httpx.AsyncBaseTransport, base: str, free: tuple[str, ...]) -> None:
        self._rest = rest
        self._base = base
        self._free = free
        self.checked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        path = request.url.path.removeprefix(self._base)
        if path in self._free:
            return await self._rest.handle_async_request(request)
        document, where, operation = _operation(request.method, path)
        _check_request(document, where, operation, request)
        response = await self._rest.handle_async_request(request)
        await response.aread()
        _check_response(document, where, operation, response)
        self.checked.append(operation["operationId"])
        return response


def check_body(file: str, definition: str, body: Any) -> None:
    """Check `body` against a definition of a document."""
    _check(_document(file), definition, {"$ref": f"#/definitions/{definition}"}, body)


def examples(file: str) -> list[Json]:
    """Return the official cases of a document."""
    path = shared_dir() / "contracts" / "amazon" / "examples" / file
    found: list[Json] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _document(file: str) -> Json:
    path = shared_dir() / "contracts" / "amazon" / file
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def _operation(method: str, path: str) -> tuple[Json, str, Json]:
    file = next((name for start, name in _DOCUMENTS.items() if path.startswith(start)), None)
    _require(file, f"{path} is in no document")
    document = _document(str(file))
    for template, methods in document["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in methods:
            return document, f"{method} {template}", methods[method.lower()]
    raise ContractBroken(f"There is no operation {method} {path}")


def _check_request(document: Json, where: str, operation: Json, request: httpx.Request) -> None:
    declared = {each["name"]: each for each in operation.get("parameters", [])}
    queries = {name: each for name, each in declared.items() if each["in"] == "query"}
    for name, text in request.url.params.items():
        _require(name in queries, f"{where} has no parameter {name}")
        _check_parameter(f"{where} ?{name}={text}", queries[name], text)
    for name, each in queries.items():
        _require(not each.get("required") or name in request.url.params, f"{where} lacks {name}")
    body = next((each for each in declared.values() if each["in"] == "body"), None)
    if body is None:
        _require(request.content in (b"", b"{}"), f"{where} takes no body")
    else:
        _check(document, where, _strict(document, body["schema"]), json.loads(request.content))


def _check_parameter(where: str, declared: Json, text: str) -> None:
    if declared["type"] == "integer":
        _require(re.fullmatch(r"\d+", text), f"{where}: not a whole number")
    elif declared["type"] == "array":
        words = text.split(",")
        allowed = declared["items"].get("enum", words)
        _require(set(words) <= set(allowed), f"{where}: not one of {allowed}")
        _require(len(words) <= declared.get("maxItems", len(words)), f"{where}: too many")


def _check_response(document: Json, where: str, operation: Json, response: httpx.Response) -> None:
    declared = operation["responses"].get(str(response.status_code))
    _require(declared is not None, f"{where} does not answer {response.status_code}")
    assert declared is not None
    if "schema" in declared:
        _check(document, where, declared["schema"], response.json())
    else:
        _require(not response.content, f"{where} {response.status_code} has no body")


def _check(document: Json, where: str, schema: Json, body: Any) -> None:
    validator = Draft4Validator(
        {**schema, "definitions": document["definitions"]},
        format_checker=FormatChecker(["date-time"]),
    )
    found = sorted(validator.iter_errors(_told(body)), key=lambda error: str(error.path))
    lines = [f"{list(error.path)}: {error.message[:200]}" for error in found[:5]]
    _require(not found, f"{where}: " + "; ".join(lines))


def _told(body: Any) -> Any:
    """Return a body without its nulls, which say as much as absence."""
    if isinstance(body, dict):
        return {name: _told(value) for name, value in body.items() if value is not None}
    return [_told(each) for each in body] if isinstance(body, list) else body


def _strict(document: Json, schema: Json) -> Json:
    """Return the schema of what we send, with no room for fields that are not declared."""
    while "$ref" in schema:
        schema = document["definitions"][schema["$ref"].rpartition("/")[2]]
    result = dict(schema)
    if "properties" in schema:
        result["additionalProperties"] = False
        result["properties"] = {
            name: _strict(document, each) for name, each in schema["properties"].items()
        }
    if "items" in schema:
        result["items"] = _strict(document, schema["items"])
    return result


def _require(holds: object, message: str) -> None:
    if not holds:
        raise ContractBroken(message)
