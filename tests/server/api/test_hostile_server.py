"""The hostile messages, sent to the real server: each is answered, and the next client is served as before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hostile
import pytest
from tests.server.api.test_server import ask

pytestmark = pytest.mark.slow

ANSWERS = (200, 400, 413, 422)
MEMORY_MOST = 900 * 1024 * 1024
"""Resident bytes of one worker after all of them: what libraries keep, not what one message took."""


def workers(server: Any) -> dict[int, int]:
    """Resident bytes of each worker process."""
    parent = server.process.pid
    found: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue  # it ended meanwhile
        if int(fields["PPid"]) == parent and "VmRSS" in fields:
            found[int(fields["Pid"])] = int(fields["VmRSS"].split()[0]) * 1024
    return found


def test_every_hostile_message_is_answered_and_the_next_is_served(make_server: Callable[..., Any]) -> None:
    server = make_server()
    ordinary = hostile.ORDINARY.read_bytes()
    wanted = json.loads(ask(server, "POST", "/api/v1/grade", ordinary)[2])
    begun = set(workers(server))
    tried = 0
    for name, make in hostile.CASES.items():
        payload = make()
        if payload.raw is None:
            continue  # fields are sent as JSON: the API's own tests do that
        status, _, body = ask(server, "POST", "/api/v1/grade", payload.raw)
        answer = json.loads(body)
        assert status in ANSWERS, (name, status, answer)
        assert "grade" in answer if status == 200 else answer["code"], name
        status, _, body = ask(server, "POST", "/api/v1/grade", ordinary)
        after = json.loads(body)
        assert status == 200, name
        assert (after["category"], after["grade"]) == (wanted["category"], wanted["grade"]), name
        tried += 1
    assert tried > 150
    left = workers(server)
    assert set(left) == begun, "a worker had to be replaced"
    assert max(left.values()) < MEMORY_MOST
