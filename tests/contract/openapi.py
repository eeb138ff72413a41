"""Checks against the official Mirakl seller OpenAPI document, by operation.

The document's own examples break it in two ways (mirakl/facts.md, "Contract-test warning"), so an
answer may hold null anywhere and may lack any field; a value of a wrong type fails. What we send
is ours to get right: there the required fields must be present and unknown fields fail too.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

Json = dict[str, Any]

PAGING = {"max", "offset", "paginate", "sort", "order", "limit", "page_token", "locale"}
"""Parameters of the general part of Mirakl's documentation, declared by no operation (facts.md)."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_PROSE_ENUM = re.compile(r'Enum: ((?:`"[^"`]+"`(?:, )?)+)')
_LIST_LIMIT = 100


class ContractBroken(AssertionError):
    """Something that the contract does not allow; the message says where."""


def shared_dir() -> Path:
    """Return the folder of contracts and data beside the repository.

    Where it is absent the test is skipped, except in CI, where that would hide everything.
    """
    folder = Path(__file__).resolve().parents[2].parent / "shared"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{folder} is absent: the contract tests cannot run in CI")
        pytest.skip(f"{folder} is absent")
    return folder


def operations() -> list[tuple[str, str, str]]:
    """Return method, path and number of every operation of the document."""
    return [
        (method.upper(), path, found["operationId"])
        for path, methods in _document()["paths"].items()
        for method, found in methods.items()
        if "operationId" in found
    ]


def check_response(operation: str, status: int, body: Any) -> None:
    """Check the parsed JSON of an answer; bytes for a binary one, None for one without a body."""
    declared = _operation(operation)["responses"].get(str(status))
    if declared is None:
        _check_error(operation, status, body)
        return
    content = declared.get("content", {})
    if not content:
        _require(not body, f"{operation} {status} has no body")
    elif "application/json" in content:
        _check(operation, content["application/json"]["schema"], body, sent=False)
    else:
        _require(isinstance(body, bytes), f"{operation} {status} is binary")


def check_request_part(operation: str, part: str | None, body: Any) -> None:
    """Check the parsed JSON of a multipart part, or of the whole body when `part` is None."""
    content = _operation(operation).get("requestBody", {}).get("content", {})
    if part is None:
        if "application/json" not in content:
            _require(body is None, f"{operation} takes no JSON body")
            return
        schema = content["application/json"]["schema"]
    else:
        parts = content.get("multipart/form-data", {}).get("schema", {}).get("properties", {})
        _require(part in parts, f"{operation} has no part {part}")
        schema = parts[part]
    _check(operation, schema, body, sent=True)


def check_query(operation: str, params: Mapping[str, str]) -> None:
    """Check the query parameters of a request, as the texts of the address."""
    declared = {
        each["name"]: each["schema"]
        for each in _operation(operation).get("parameters", [])
        if each["in"] == "query"
    }
    for name, text in params.items():
        if name in declared:
            _check_parameter(f"{operation} ?{name}={text}", declared[name], text)
        else:
            _require(name in PAGING, f"{operation} has no parameter {name}")


def _check_parameter(where: str, schema: Json, text: str) -> None:
    match schema["type"]:
        case "integer":
            _require(re.fullmatch(r"-?\d+", text), f"{where}: not a whole number")
        case "boolean":
            _require(text in ("true", "false"), f"{where}: neither true nor false")
        case _ if schema.get("format") == "date-time":
            _require(_DATE_TIME.fullmatch(text), f"{where}: not an instant with its zone")
        case _:
            words = text.split(",")
            allowed = schema.get("enum", words)
            _require(set(words) <= set(allowed), f"{where}: not one of {allowed}")
            _require(len(words) <= schema.get("maximum", _LIST_LIMIT), f"{where}: too many")


def _check_error(operation: str, status: int, body: Any) -> None:
    """Errors are not declared; facts.md knows two shapes of them."""
    _require(status >= 400, f"{operation} does not answer {status}")
    _require(isinstance(body, dict), f"{operation} {status}: an error is a JSON object")
    errors = body.get("errors", [body])
    _require(isinstance(errors, list) and errors, f"{operation} {status}: no errors listed")
    for each in errors:
        _require(isinstance(each.get("message"), str), f"{operation} {status}: no message")


def _check(operation: str, schema: Json, body: Any, *, sent: bool) -> None:
    root = {**_relaxed(schema, sent=sent), "components": {"schemas": _schemas(sent=sent)}}
    validator = Draft202012Validator(root, format_checker=_formats())
    found = sorted(validator.iter_errors(body), key=lambda error: error.json_path)
    lines = [f"{error.json_path}: {error.message[:300]}" for error in found[:5]]
    _require(not found, f"{operation}: " + "; ".join(lines))


def _require(holds: object, message: str) -> None:
    if not holds:
        raise ContractBroken(message)


@cache
def _document() -> Json:
    path = shared_dir() / "contracts" / "mirakl" / "mirakl-mmp-seller-openapi.json"
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def _operation(operation: str) -> Json:
    for methods in _document()["paths"].values():
        for found in methods.values():
            if found.get("operationId") == operation:
                return dict(found)
    raise ContractBroken(f"There is no operation {operation}")


@cache
def _schemas(*, sent: bool) -> Json:
    schemas = _document()["components"]["schemas"]
    return {name: _relaxed(schema, sent=sent) for name, schema in schemas.items()}


def _relaxed(schema: Json, *, sent: bool) -> Json:
    """Return `schema` as JSON Schema that allows what the examples of the document do."""
    result = {key: value for key, value in schema.items() if key in _KEPT}
    if "type" in schema:
        result["type"] = [schema["type"], "null"]
    if "properties" in schema:
        result["properties"] = {
            name: _relaxed(each, sent=sent) for name, each in schema["properties"].items()
        }
    if "items" in schema:
        result["items"] = _relaxed(schema["items"], sent=sent)
    enum = schema.get("enum") or _enum_in_prose(schema)
    if enum:
        result["enum"] = [*enum, None]
    result["allOf"] = _variants(schema) + [
        _relaxed(each, sent=sent)
        for each in schema.get("allOf", [])
        # A variant repeats its base, whose discriminator leads to the variant: one way is enough.
        if not _has_discriminator(each)
    ]
    return result | (_strict(schema) if sent else {})


_KEPT = ("$ref", "format", "minLength", "maxLength")


def _strict(schema: Json) -> Json:
    if "discriminator" in schema or "properties" not in schema:
        return {}
    closed = "allOf" not in schema
    return {"required": schema.get("required", [])} | (
        {"additionalProperties": False} if closed else {}
    )


def _variants(schema: Json) -> list[Json]:
    discriminator = schema.get("discriminator", {})
    name = discriminator.get("propertyName")
    return [
        {
            "if": {"properties": {name: {"const": value}}, "required": [name]},
            "then": {"$ref": reference},
        }
        for value, reference in discriminator.get("mapping", {}).items()
    ]


def _has_discriminator(schema: Json) -> bool:
    name = schema.get("$ref", "").rpartition("/")[2]
    return "discriminator" in _document()["components"]["schemas"].get(name, {})


def _enum_in_prose(schema: Json) -> list[str]:
    found = _PROSE_ENUM.search(schema.get("description", ""))
    return re.findall(r'"([^"]+)"', found[1]) if found else []


@cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("date-time")(lambda value: _text_is(_DATE_TIME, value))
    checker.checks("int32")(lambda value: _fits(value, 31))
    checker.checks("int64")(lambda value: _fits(value, 63))
    return checker


def _text_is(pattern: re.Pattern[str], value: object) -> bool:
    return not isinstance(value, str) or pattern.fullmatch(value) is not None


def _fits(value: object, bits: int) -> bool:
    return not isinstance(value, int) or -(1 << bits) <= value < 1 << bits
