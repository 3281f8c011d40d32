"""Stored verdicts, what readers say of them, and what is known of a sender."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, request

from keeneye.api import body
from keeneye.api.auth import owner_key, spend
from keeneye.api.language import language
from keeneye.api.problems import Problem
from keeneye.api.services import owner, services
from keeneye.schema import ADDRESS_MOST, FeedbackRequest, LevelRequest

blueprint = Blueprint("verdicts", __name__, url_prefix="/api/v1")

SMALL_BODY = 64 * 1024
THANKS = {
    "en": "Thank you. The label is kept with this verdict and with its sender.",
    "zh-CN": "谢谢。该标注已记录在此评定及其发件人名下。",
    "es": "Gracias. La etiqueta queda guardada con este veredicto y con su remitente.",
}


def json_answer(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json")


@blueprint.get("/verdicts/<verdict_id>")
def verdict(verdict_id: str) -> Response:
    """A stored verdict, with the feedback given on it."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    found = here.store.verdict(asking, verdict_id) if _plausible(verdict_id) else None
    if found is None:
        raise Problem("not_found", "There is no such verdict.")
    return json_answer(found)


@blueprint.get("/verdicts/<verdict_id>/message")
def message(verdict_id: str) -> Response:
    """The message of a verdict as it was sent, while the admin's settings keep it."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    kept = here.store.content(asking, verdict_id) if _plausible(verdict_id) else None
    if kept is None:
        raise Problem("not_found", "The message is not kept.")
    # As a file: what a stranger wrote must never be shown as a page of this server.
    headers = {"Content-Disposition": f"attachment; filename={verdict_id}.eml"}
    return Response(kept, content_type="application/octet-stream", headers=headers)


@blueprint.post("/verdicts/<verdict_id>/feedback")
def feedback(verdict_id: str) -> Response:
    """Say what a message really was."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    given = body.validated(FeedbackRequest, json_body())
    if not _plausible(verdict_id) or not here.store.add_feedback(asking, verdict_id, given.label, given.note):
        raise Problem("not_found", "There is no such verdict.")
    thanks = THANKS[language(request)]
    return json_answer({"verdict": verdict_id, "label": given.label, "message": thanks}, 201)


@blueprint.delete("/verdicts/<verdict_id>/feedback")
def undo_feedback(verdict_id: str) -> Response:
    """Take back the last feedback that this token gave on a verdict."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    if not _plausible(verdict_id) or not here.store.undo_feedback(asking, verdict_id):
        raise Problem("not_found", "There is no feedback of yours on this verdict.")
    return Response(status=204)


@blueprint.get("/senders/<path:address>")
def sender(address: str) -> Response:
    """What this server has seen of an address."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    found = here.store.sender(asking, checked(address))
    if found is None:
        raise Problem("not_found", "Nothing has been seen from this address.")
    return json_answer(
        {
            "messages": found.messages,
            "danger": found.danger,
            "first_seen": _rfc3339(found.first_seen),
            "last_seen": _rfc3339(found.last_seen),
            "labels": dict(found.labels),
            "ours": found.ours,
            "level": found.level,
            "level_by_hand": found.level_by_hand,
            "level_changes": [{**change, "at": _rfc3339(change["at"])} for change in found.level_changes],
        }
    )


@blueprint.put("/senders/<path:address>/level")
def level(address: str) -> Response:
    """Set a sender's customer level by hand, with the reason; null gives it back to what the mails say."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    given = body.validated(LevelRequest, json_body())
    here.store.set_level(asking, checked(address), given.level, given.reason)
    return json_answer({"level": given.level, "reason": given.reason})


def checked(address: str) -> str:
    """Raises Problem 422 when it cannot be a mail address."""
    if "@" not in address or len(address) > ADDRESS_MOST:
        raise Problem("invalid_field", "address: not a mail address.", "address")
    return address


def json_body() -> Any:
    """The parsed body of a small JSON request. Raises Problem."""
    if request.mimetype != "application/json":
        raise Problem("unsupported_media_type", "Send application/json.")
    return body.parse(body.read(request, SMALL_BODY))


def _plausible(verdict_id: str) -> bool:
    return len(verdict_id) <= 32 and verdict_id.isascii() and verdict_id.isalnum()


def _rfc3339(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
