"""``POST /api/v1/grade`` and ``/grade/batch``: a message in, a verdict out, stored before it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson
import structlog
from flask import Blueprint, Response, request
from pydantic import Field

from keeneye.api import body
from keeneye.api.auth import owner_key, spend
from keeneye.api.language import language
from keeneye.api.metrics import BROKEN, GRADING, REFUSED, VERDICTS
from keeneye.api.problems import Problem
from keeneye.api.services import Services, owner, services
from keeneye.guard import WATCHDOG
from keeneye.model import KeeneyeError, Payload
from keeneye.schema import ClientId, GradeRequest, Mailbox, RawLine, RequestModel, SeenLine
from keeneye.store import Left, Owner, Pending, StoreUnavailable

log = structlog.get_logger()
blueprint = Blueprint("grading", __name__, url_prefix="/api/v1")

RAW = "message/rfc822"
JSON = "application/json"
NDJSON = "application/x-ndjson"
BATCH_TYPES = (NDJSON, "application/jsonl", JSON)
TOGETHER = 16  # lines of a batch that share one commit: few enough to see progress


class Options(RequestModel):
    """Query parameters of grading."""

    client: ClientId | None = Field(None, description="Which client asks (raw messages).")
    mailbox: Mailbox | None = Field(None, description="The address in whose mailbox the message lies (raw messages).")
    detail: Literal["normal", "full"] = Field("normal", description="`full`: findings of all outcomes.")
    include: Literal["message"] | None = Field(None, description="`message`: the message as its reader sees it.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks, and how the verdict is to be told."""

    owner: Owner
    language: str
    detail: str
    include_message: bool
    pending: Pending | None = None


@blueprint.post("/grade")
def grade() -> Response:
    """Grade one message, raw or as a client sees it."""
    here, asking = services(), owner()
    spend(here.settings.limits.grade, "grade", owner_key(asking))
    options = body.validated(Options, request.args.to_dict())
    if request.mimetype not in (RAW, JSON):
        raise Problem("unsupported_media_type", f"Send {RAW} or {JSON}.", headers={"Accept-Post": f"{RAW}, {JSON}"})
    content = body.read(request, here.settings.grading.max_body)
    if request.mimetype == RAW:
        payload = Payload(raw=content, mailbox=options.mailbox, client_id=options.client)
    else:
        payload = body.validated(GradeRequest, body.parse(content)).payload()
    done = _grade(here, payload, content, _asked(asking, options))
    try:
        here.store.save_verdicts(asking, [done])
    except StoreUnavailable:
        raise _not_stored() from None
    return _answer(orjson.dumps(done.verdict), JSON, str(done.verdict["language"]))


@blueprint.post("/grade/batch")
def batch() -> Response:
    """Grade many messages, one JSON object a line; the answer has one line for each, in order."""
    here, asking = services(), owner()
    options = body.validated(Options, request.args.to_dict())
    if request.mimetype not in BATCH_TYPES:
        raise Problem("unsupported_media_type", f"Send {NDJSON}.", headers={"Accept-Post": NDJSON})
    grading = here.settings.grading
    # Read as a whole, and bounded, before the first answer: a client that writes all before it reads would
    # otherwise wait for us while we wait for it.
    lines = [line for line in body.read(request, grading.max_batch_body).split(b"\n") if line.strip()]
    if not lines:
        raise Problem("empty_body", "The batch has no line.")
    if len(lines) > grading.max_batch_lines:
        raise Problem("body_too_large", f"A batch may have {grading.max_batch_lines} lines; send several.")
    spend(here.settings.limits.grade, "grade", owner_key(asking), cost=len(lines))
    asked = _asked(asking, options)
    return _answer(_batch(here, asking, lines, asked, options), NDJSON, asked.language)


def _asked(asking: Owner, options: Options) -> _Asked:
    return _Asked(asking, language(request), options.detail, options.include == "message")


def _answer(content: bytes | Iterator[bytes], kind: str, language: str) -> Response:
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(content, headers=headers, content_type=kind)


def _batch(here: Services, asking: Owner, lines: list[bytes], asked: _Asked, options: Options) -> Iterator[bytes]:
    for start in range(0, len(lines), TOGETHER):
        pending = Pending(here.store, asking)
        graded = []
        for line in lines[start : start + TOGETHER]:
            name, result = _line(here, line, replace(asked, pending=pending), options)
            graded.append((name, result))
            if isinstance(result, Left):
                pending.add(result)
        with suppress(StoreUnavailable):
            pending.save()
        for offset, (name, result) in enumerate(graded):
            if any(result is lost for lost in pending.lost):
                result = _not_stored()
            yield orjson.dumps(_line_json(name, start + offset + 1, result)) + b"\n"


def _line_json(name: str | None, number: int, result: Left | Problem) -> Mapping[str, Any]:
    """A verdict or a problem; ``id`` is the caller's, so the verdict's own stands in ``verdict_id``."""
    if isinstance(result, Problem):
        return {"id": name, "line": number, **result.body()}
    own = result.verdict["id"]
    return {**result.verdict, "id": name if name is not None else own, "line": number, "status": 200, "verdict_id": own}


def _line(here: Services, line: bytes, asked: _Asked, options: Options) -> tuple[str | None, Left | Problem]:
    name: str | None = None
    try:
        value = body.parse(line)
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            name = body.printable(value["id"])
        if isinstance(value, dict) and "raw" in value:
            raw = body.validated(RawLine, value)
            content = body.from_base64(raw.raw)
            if not content:
                raise Problem("empty_body", "The message is empty.", "raw")
            client = raw.client.id or options.client
            payload = Payload(raw=content, mailbox=raw.mailbox or options.mailbox, client_id=client)
        else:
            content = line
            payload = body.validated(SeenLine, value).payload()
        if len(content) > here.settings.grading.max_body:
            raise Problem("body_too_large", f"This server takes {here.settings.grading.max_body} bytes at most.")
        return name, _grade(here, payload, content, asked)
    except Problem as problem:
        return name, problem


def _grade(here: Services, payload: Payload, content: bytes, asked: _Asked) -> Left:
    """Raises Problem 422 when the message cannot be graded: never an error of ours for what a client sent."""
    try:
        with GRADING.time():
            done = WATCHDOG.call(here.settings.grading.cpu_seconds, _judge, here, payload, content, asked)
    except KeeneyeError as error:
        REFUSED.labels(error.code).inc()
        raise Problem(error.code, error.detail, error.field_path) from None
    except StoreUnavailable:
        raise Problem("store_unavailable", "The memory could not be read. Try again.") from None
    except Exception as error:
        REFUSED.labels("message_unreadable").inc()
        log.error("grading.failed", bytes=len(content), exc_info=error)
        raise Problem("message_unreadable", "The message could not be graded; the server's log says where.") from None
    VERDICTS.labels(done.verdict["category"], done.verdict["grade"]).inc()
    return done


def _judge(here: Services, payload: Payload, content: bytes, asked: _Asked) -> Left:
    memory = here.store.memory(asked.owner, asked.pending)
    graded = here.grader.grade(payload, memory=memory)
    for signal in graded.broken:
        BROKEN.labels(signal).inc()
    verdict = here.grader.verdict(graded, asked.language, asked.detail, asked.include_message)
    sender = graded.facts.sender
    relation = memory.left(graded, here.grader.card.level_signals)
    return Left(verdict, sender.address if sender else None, content, relation)


def _not_stored() -> Problem:
    return Problem("store_unavailable", "The verdict could not be stored. Try again.")
