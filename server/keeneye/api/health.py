"""``/healthz``: the process answers. ``/readyz``: it can also grade and store."""

from __future__ import annotations

from flask import Blueprint, Response

from keeneye.api.problems import RETRY_SECONDS
from keeneye.api.services import services
from keeneye.api.verdicts import json_answer

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the process answers."""
    return json_answer({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether messages can be graded and stored. 503 when not."""
    here = services()
    checks = {"store": here.store.ready()}
    ready = all(checks.values())
    answer = json_answer({"status": "ok" if ready else "unavailable", "checks": checks}, 200 if ready else 503)
    if not ready:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer
