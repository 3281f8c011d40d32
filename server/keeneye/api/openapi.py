"""The OpenAPI 3.1 document, generated from routes, models and the table of problems, and a page that shows it."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Flask, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from keeneye import __version__, schema
from keeneye.api import answers, catalogue, grading, health, metrics, pairing, persons, profiles, verdicts
from keeneye.api.grading import BATCH_TYPES, JSON, NDJSON, RAW, Options
from keeneye.api.problems import CODES
from keeneye.entries import ImportAnswer

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")

HERE = Path(__file__).parent
DOCS_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{model}"
_TOKEN = ("token_missing", "token_invalid", "too_many_requests", "store_unavailable")
_BODY = (
    "malformed_json", "empty_body", "body_incomplete", "body_too_slow", "body_too_large", "invalid_field",
    "unsupported_media_type", "unsupported_encoding",
)  # fmt: skip
CSV_TEXT = "Column names in the first line, in English, Chinese or Spanish; see docs/memory.md."
_GRADE = ("empty_message", "message_too_large", "message_too_complex", "message_unreadable")


@dataclass(frozen=True, slots=True)
class Operation:
    """What the code of a route does not say by itself: its models and its problems."""

    tag: str
    answer: type[BaseModel] | str | None
    body: Mapping[str, type[BaseModel] | tuple[type[BaseModel], ...] | str | None] = field(default_factory=dict)
    query: type[BaseModel] | None = None
    problems: tuple[str, ...] = ()
    status: int = 200
    kind: str = JSON
    token: bool = True


OPERATIONS: Mapping[str, Operation] = {
    "grading.grade": Operation(
        "Grading", answers.Verdict, {RAW: None, JSON: schema.GradeRequest}, Options, _BODY + _GRADE
    ),
    "grading.batch": Operation(
        "Grading", answers.BatchLine, dict.fromkeys(BATCH_TYPES, (schema.RawLine, schema.SeenLine)), Options, _BODY,
        kind=NDJSON,
    ),
    "verdicts.verdict": Operation("Verdicts", answers.StoredVerdict, problems=("not_found",)),
    "verdicts.message": Operation(
        "Verdicts", "The message, byte for byte.", kind="application/octet-stream", problems=("not_found",)
    ),
    "verdicts.feedback": Operation(
        "Verdicts", answers.FeedbackSaved, {JSON: schema.FeedbackRequest}, problems=("not_found", *_BODY), status=201
    ),
    "verdicts.undo_feedback": Operation("Verdicts", None, problems=("not_found",), status=204),
    "verdicts.sender": Operation("Verdicts", answers.SenderAnswer, problems=("not_found", "invalid_field")),
    "verdicts.level": Operation(
        "Verdicts", schema.LevelRequest, {JSON: schema.LevelRequest}, problems=("invalid_field", *_BODY)
    ),
    "profiles.put": Operation(
        "Verdicts", schema.ProfileRequest, {JSON: schema.ProfileRequest}, problems=("invalid_field", *_BODY)
    ),
    **{
        endpoint: operation
        for kind, (put, page) in catalogue.LISTS.items()
        for endpoint, operation in {
            f"catalogue.put_{kind}": Operation(
                "Catalogue", ImportAnswer, {JSON: put, catalogue.CSV: CSV_TEXT}, catalogue.PutOptions, _BODY
            ),
            f"catalogue.get_{kind}": Operation(
                "Catalogue", page, query=catalogue.ListOptions, problems=("invalid_field",)
            ),
            f"catalogue.delete_{kind}": Operation("Catalogue", None, problems=("not_found",), status=204),
        }.items()
    },
    "persons.export": Operation("Persons", persons.PersonAnswer, problems=("invalid_field",)),
    "persons.erase": Operation(
        "Persons", persons.ErasedAnswer, query=persons.EraseOptions, problems=("invalid_field",)
    ),
    "pairing.pair": Operation(
        "Tokens", answers.PairAnswer, {JSON: schema.PairRequest}, status=201, token=False,
        problems=("code_invalid", "name_taken", "too_many_requests", "store_unavailable", *_BODY),
    ),
    "health.healthz": Operation("Health", answers.HealthAnswer, token=False),
    "health.readyz": Operation("Health", answers.ReadyAnswer, token=False),
    "metrics.metrics": Operation("Health", "Prometheus text format", kind="text/plain", token=False,
                                 problems=("forbidden",)),
}  # fmt: skip


DESCRIBED = (
    grading.blueprint,
    verdicts.blueprint,
    catalogue.blueprint,
    persons.blueprint,
    profiles.blueprint,
    pairing.blueprint,
    health.blueprint,
    metrics.blueprint,
)


@blueprint.get("/openapi.json")
def as_json() -> Response:
    """The document."""
    return Response(orjson.dumps(document(), option=orjson.OPT_INDENT_2), content_type=JSON)


@blueprint.get("/docs")
def as_page() -> Response:
    """The document as a page."""
    return Response(_page(), content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": DOCS_POLICY})


@blueprint.get("/docs.css")
def style() -> Response:
    """The page's style."""
    return Response((HERE / "docs.css").read_text("utf-8"), content_type="text/css; charset=utf-8")


@functools.cache
def _page() -> str:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shape"] = _shape
    return environment.get_template("docs.html").render(api=document(), codes=CODES)


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document of all described routes."""
    app = Flask(__name__, static_folder=None)
    for described in DESCRIBED:
        app.register_blueprint(described)
    requests, given = _models()
    _, definitions = models_json_schema(
        [(m, "validation") for m in requests] + [(m, "serialization") for m in given], ref_template=_REF
    )
    schemas = definitions["$defs"]
    for name, value in schemas.items():
        # An answer may have keys that a client does not know yet: the contract says so.
        if name.endswith("Out") or name in {m.__name__ for m in given}:
            value.pop("additionalProperties", None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Keeneye",
            "version": __version__,
            "summary": "Grades sales inquiries: what one is worth, whether it is a trap, and why.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(app),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models() -> tuple[list[type[BaseModel]], list[type[BaseModel]]]:
    requests: list[type[BaseModel]] = []
    given: list[type[BaseModel]] = [answers.Problem]
    for operation in OPERATIONS.values():
        for model in operation.body.values():
            if model is not None and not isinstance(model, str):
                requests += model if isinstance(model, tuple) else [model]
        if operation.answer is not None and not isinstance(operation.answer, str):
            given.append(operation.answer)
    return list(dict.fromkeys(requests)), list(dict.fromkeys(given))


def _paths(app: Flask) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        operation = OPERATIONS.get(rule.endpoint)
        if operation is None:
            continue
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})).lower()
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        view = app.view_functions[rule.endpoint]
        described: dict[str, Any] = {
            "tags": [operation.tag],
            "operationId": rule.endpoint.replace(".", "_"),
            "summary": inspect.getdoc(view),
            "responses": _responses(operation),
        }
        parameters = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in rule.arguments
        ] + _query(operation)
        if parameters:
            described["parameters"] = parameters
        if operation.body:
            described["requestBody"] = {
                "required": True,
                "content": {kind: {"schema": _body(model)} for kind, model in operation.body.items()},
            }
        described["security"] = [{"token": []}] if operation.token else []
        paths.setdefault(path, {})[method] = described
    return dict(sorted(paths.items()))


def _body(model: type[BaseModel] | tuple[type[BaseModel], ...] | str | None) -> dict[str, Any]:
    if isinstance(model, str):
        return {"type": "string", "description": model}
    if model is None:
        return {"type": "string", "format": "binary", "description": "The raw message (RFC 5322), as stored."}
    if isinstance(model, tuple):
        return {"anyOf": [_ref(m) for m in model], "description": "One JSON object a line."}
    return _ref(model)


def _query(operation: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    if operation.query is not None:
        properties = operation.query.model_json_schema(mode="validation")["properties"]
        for name, described in properties.items():
            text = described.pop("description", "")
            described.pop("title", None)
            parameters.append({"name": name, "in": "query", "description": text, "schema": described})
    if operation.answer is answers.Verdict or operation.answer is answers.BatchLine or operation.tag == "Verdicts":
        parameters.append(
            {
                "name": "Accept-Language",
                "in": "header",
                "description": "Language of the texts: `en`, `zh-CN`, `es`.",
                "schema": {"type": "string"},
            }
        )
    return parameters


def _responses(operation: Operation) -> dict[str, Any]:
    answer = operation.answer
    success: dict[str, Any] = {"description": "Done; no body."}
    if isinstance(answer, str):
        success = {"description": answer, "content": {operation.kind: {"schema": {"type": "string"}}}}
    elif answer is not None:
        text = (inspect.getdoc(answer) or "").split("\n")[0]
        success = {"description": text, "content": {operation.kind: {"schema": _ref(answer)}}}
    responses: dict[str, Any] = {str(operation.status): success}
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys((*operation.problems, *(_TOKEN if operation.token else ()))):
        by_status.setdefault(CODES[code][0], []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": "Code: " + ", ".join(f"`{c}`" for c in codes) + ".",
            "content": {PROBLEM: {"schema": _ref(answers.Problem)}},
        }
        if status in (429, 503):
            responses[str(status)]["headers"] = {
                "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            }
    if operation.answer is answers.ReadyAnswer:
        responses["503"] = {"description": "Not ready.", "content": {JSON: {"schema": _ref(answers.ReadyAnswer)}}}
    return responses


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REF.format(model=model.__name__)}


def _shape(described: Mapping[str, Any]) -> str:
    """A schema in a few words, for the page: ``list of FindingOut``, ``text or null``."""
    if "$ref" in described:
        return str(described["$ref"]).rsplit("/", 1)[-1]
    if "const" in described:
        return f"“{described['const']}”"
    if "enum" in described:
        return " · ".join(f"“{v}”" for v in described["enum"])
    for key in ("anyOf", "oneOf"):
        if key in described:
            return " or ".join(dict.fromkeys(_shape(d) for d in described[key]))
    kind = described.get("type", "any value")
    if kind == "array":
        return f"list of {_shape(described.get('items', {}))}"
    if kind == "object" and isinstance(described.get("additionalProperties"), Mapping):
        return f"object of {_shape(described['additionalProperties'])}"
    return {"string": "text"}.get(str(kind), str(kind))
