"""Requests and answers held against an OpenAPI document, by method and path.

An answer may hold null anywhere and lack any field, for the documents that we have promise more than
their marketplaces keep; a value of a wrong kind fails. What we send is ours to get right: there
unknown fields and parameters fail too.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.contract.openapi import ContractBroken, shared_dir

Json = dict[str, Any]
_KEPT = (
    "enum",
    "format",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "maximum",
    "minimum",
)


@dataclass
class Document:
    """A document, and the mistakes of it that are known.

    Attributes:
        base: What stands before the document's paths in the addresses of the practice.
        formats: Which formats are checked.
        other_kinds: Properties whose kind in the document is not the one of its own examples.
    """

    path: tuple[str, ...]
    base: str
    other_kinds: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ("date-time",)

    def check_request(self, request: httpx.Request) -> None:
        """Check parameters and body of a request."""
        where, operation = self._operation(request)
        declared = {each["name"]: each for each in self._parameters(operation)}
        for name, text in request.url.params.items():
            _require(name in declared, f"{where} has no parameter {name}")
            _check_text(f"{where} ?{name}={text}", self._schema(declared[name]["schema"]), text)
        for name, each in declared.items():
            sent = {"query": request.url.params, "header": request.headers}.get(each["in"])
            if sent is not None and each.get("required"):
                _require(name in sent, f"{where} lacks {name}")
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            body = json.loads(request.content)
            self._check(where, content["application/json"]["schema"], body, sent=True)
        else:
            _require(not request.content or content, f"{where} takes no body")

    def check_response(self, request: httpx.Request, response: httpx.Response) -> None:
        """Check an answer."""
        where, operation = self._operation(request)
        declared = operation["responses"]
        found = declared.get(str(response.status_code), declared.get("default"))
        if found is None:
            _require(response.status_code >= 400, f"{where} does not answer {response.status_code}")
            return
        content = self._resolved(found).get("content", {})
        if request.headers["Accept"] == "application/octet-stream":
            return  # a file, whose words no document has
        if "application/json" in content and "schema" in content["application/json"]:
            schema = content["application/json"]["schema"]
            self._check(f"{where} answer", schema, response.json(), sent=False)
        elif response.status_code < 400:
            _require(not response.content, f"{where} {response.status_code} has no body")

    @cached_property
    def _document(self) -> Json:
        path = shared_dir().joinpath("contracts", *self.path)
        text = path.read_text(encoding="utf-8")
        # Dates in examples stay texts.
        content: Json = yaml.load(text, _Loader) if path.suffix == ".yaml" else json.loads(text)
        return content

    def _operation(self, request: httpx.Request) -> tuple[str, Json]:
        path = request.url.path.removeprefix(self.base)
        _require(path != request.url.path, f"{request.url.path} is not below {self.base}")
        # Names before blanks: /orders/status/new is no order called status.
        for template in sorted(self._document["paths"], key=lambda each: each.count("{")):
            pattern = re.sub(r"\{[^}]+\}", "[^/]+", template.rstrip("/"))
            methods = self._document["paths"][template]
            if re.fullmatch(pattern, path.rstrip("/")) and request.method.lower() in methods:
                return f"{request.method} {template}", methods[request.method.lower()]
        raise ContractBroken(f"There is no operation {request.method} {path}")

    def _parameters(self, operation: Json) -> list[Json]:
        return [self._resolved(each) for each in operation.get("parameters", [])]

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            target: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def _check(self, where: str, schema: Json, body: Any, *, sent: bool) -> None:
        validator = Draft202012Validator(
            self._schema(schema, sent=sent), format_checker=FormatChecker(self.formats)
        )
        found = sorted(validator.iter_errors(body), key=lambda error: error.json_path)
        lines = [f"{error.json_path}: {error.message[:200]}" for error in found[:5]]
        _require(not found, f"{where}: " + "; ".join(lines))

    def _schema(self, schema: Json, *, sent: bool = False) -> Json:
        """Return `schema` as JSON Schema, its references put in."""
        schema = self._resolved(schema)
        result: Json = {key: schema[key] for key in _KEPT if key in schema}
        kinds = schema.get("type")
        if kinds:
            listed = kinds if isinstance(kinds, list) else [kinds]
            result["type"] = [*listed, "null"]
        for name in ("anyOf", "oneOf", "allOf"):
            if name in schema:
                result["anyOf" if name != "allOf" else name] = [
                    self._schema(each, sent=sent) for each in schema[name]
                ]
        if "enum" in result:
            result["enum"] = [*result["enum"], None]
        if "items" in schema:
            result["items"] = self._schema(schema["items"], sent=sent)
        if "properties" in schema:
            result["properties"] = {
                name: {} if name in self.other_kinds else self._schema(each, sent=sent)
                for name, each in schema["properties"].items()
            }
            if sent:
                result["additionalProperties"] = False
                result["required"] = schema.get("required", [])
        return result


class Checked(httpx.AsyncBaseTransport):
    """Passes on what keeps the document, and counts it; the rest is a broken contract."""

    def __init__(self, rest: httpx.AsyncBaseTransport, document: Document) -> None:
        self._rest = rest
        self._document = document
        self.checked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self._document.check_request(request)
        response = await self._rest.handle_async_request(request)
        await response.aread()
        self._document.check_response(request, response)
        self.checked += 1
        return response


class _Loader(yaml.SafeLoader):
    """Reads dates in examples as the texts they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _check_text(where: str, schema: Mapping[str, Any], text: str) -> None:
    """Check a value of an address, which is a text whatever it stands for."""
    meanings: list[Any] = [text]
    if re.fullmatch(r"-?\d+", text):
        meanings.append(int(text))
    if text in ("true", "false"):
        meanings.append(text == "true")
    validator = Draft202012Validator(schema)
    _require(any(validator.is_valid(each) for each in meanings), f"{where} is not allowed")


def _require(holds: object, message: str) -> None:
    if not holds:
        raise ContractBroken(message)
