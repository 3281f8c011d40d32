# ruff: noqa: E501 - one row, one line
"""Messages made to break the grader: each ends in a verdict or a named refusal within hard bounds, and the next is served.

What must hold, and the messages, stand in ``hostile.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hostile
import pytest
from flask.testing import FlaskClient

from keeneye import settings
from keeneye.api.app import create_app
from keeneye.api.services import KEY
from keeneye.model import Evidence, Finding, Graded, Payload
from keeneye.pipeline import Grader
from keeneye.store.migrations import migrate

pytestmark = pytest.mark.slow

# What may be refused, and how; every other message gets a verdict.
REFUSED = {
    "empty": "empty_message", "only-line-ends": "empty_message", "only-nul": "empty_message", "30-mb": "message_too_large",
    "fields-nothing": "empty_message", "fields-empty": "empty_message", "fields-too-large": "message_too_large",
}  # fmt: skip
# Besides the messages of these groups, the few that are large: the server's own bounds are tested there.
OVER_HTTP = [
    *hostile.STRUCTURE,
    *hostile.HEADERS,
    *hostile.LINKS,
    *hostile.EVASION,
    "empty",
    "only-nul",
    "24-mb-html",
    "30-mb",
]
EXPECTED_HITS = {
    "10000-attachments": "attachments.two-endings", "zip-bomb": "attachments.", "turned-name": "attachments.program", "turned-subject": "display.split-words",
    "zero-width": "display.split-words", "differing-alternatives": "display.two-versions", "hidden-words": "display.hidden-text",
    "white-on-white": "display.hidden-text", "look-alike-letters": "display.styled-letters",
}  # fmt: skip


class Child:
    """The process of ``hostile.py``."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", hostile.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, name: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(name) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    made = Child()
    yield made
    assert made.process.stdin is not None
    made.process.stdin.close()
    assert made.process.wait(60) == 0
    assert made.process.stdout is not None
    made.process.stdout.close()


def held(result: dict[str, Any]) -> None:
    assert "error" not in result, result["error"]
    assert result["cpu"] <= hostile.CPU_MOST
    assert result["memory"] <= hostile.MEMORY_PROMISED
    assert result["next"], "the ordinary message behind it is graded otherwise"


@pytest.mark.parametrize("name", hostile.CASES)
def test_verdict_or_refusal_within_bounds(child: Child, name: str) -> None:
    result = child.ask(name)
    held(result)
    assert result.get("code") == REFUSED.get(name)


def test_nearly_matching_texts(child: Child) -> None:
    names = list(hostile.near_misses())
    assert len(names) > 50
    for name in names:
        try:
            held(child.ask(name))
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from None


@pytest.mark.parametrize("name", hostile.EVASION)
def test_what_the_reader_sees_is_judged(child: Child, name: str) -> None:
    tags = set(child.ask("secret-alone")["said"])
    assert tags
    assert tags <= set(child.ask(name)["said"])


@pytest.mark.parametrize("name", EXPECTED_HITS)
def test_the_trick_itself_is_told(child: Child, name: str) -> None:
    assert any(hit.startswith(EXPECTED_HITS[name]) for hit in child.ask(name)["hits"])


def test_text_of_one_pixel_is_not_the_readers(child: Child) -> None:
    assert not set(child.ask("secret-alone")["said"]) & set(child.ask("1-px-text")["said"])


@pytest.mark.parametrize(
    ("name", "how"), [("spins", "ended by signal"), ("hoards", "MemoryError"), ("raises", "RuntimeError")]
)
def test_the_bounds_would_be_noticed(child: Child, name: str, how: str) -> None:
    """The limits are real: a message that loops, hoards memory or raises is reported as such."""
    assert how in child.ask(name)["error"]


# ---------------------------------------------------------------- evidence of ordinary messages


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Grader:
    return hostile.ready_grader(hostile.GraderSettings(geo_dir=tmp_path_factory.mktemp("geo")))


@pytest.mark.parametrize(
    "path", [p for s in hostile.SAMPLES for p in sorted((hostile.ROOT / s).glob("*.eml"))], ids=lambda p: p.stem
)
def test_evidence_of_ordinary_messages_stands_where_it_says(grader: Grader, path: Path) -> None:
    hostile.judged(grader, Payload(raw=path.read_bytes()))


def test_misplaced_evidence_would_be_noticed(grader: Grader) -> None:
    graded = grader.grade(Payload(raw=hostile.plain(hostile.WORDS)), hostile.NOW)

    def found(evidence: Evidence) -> list[str]:
        first = graded.findings[0]
        moved = Finding(first.id, first.family, first.outcome, first.effect, 0, (evidence,), {}, "")
        return hostile.misplaced(Graded(graded.mail, graded.facts, (moved,), graded.score, 0))

    assert not found(Evidence("text", "Dear", 0, 4))
    assert found(Evidence("text", "Dear", 1, 5))
    assert found(Evidence("html", "Dear", 0, 4))
    assert found(Evidence("text", "Dear", 0, 3))
    assert found(Evidence("link:0", "x"))
    assert found(Evidence("header:X-None", "x"))


# ---------------------------------------------------------------- over HTTP


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("site")
    app = create_app(settings.load(environment={}, overrides={"server": {"state_dir": folder}}))
    store = app.extensions[KEY].store
    migrate(store.engine)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {store.create_token('test')}"
    yield client
    store.close()


@pytest.mark.parametrize("name", OVER_HTTP)
def test_the_server_answers_with_a_verdict_or_a_problem(client: FlaskClient, name: str) -> None:
    payload = hostile.CASES[name]()
    answer = client.post("/api/v1/grade?include=message&detail=full", data=payload.raw, content_type="message/rfc822")
    assert answer.status_code in (200, 400, 413, 422), answer.text[:500]
    if answer.status_code == 200:
        assert not hostile.unsound(answer.get_json())
    else:
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["code"] in ("empty_body", "empty_message", "body_too_large")


def test_the_server_takes_fields_of_any_kind(client: FlaskClient) -> None:
    for name, make in hostile.FIELDS.items():
        payload = make()
        given = {
            "text": payload.text, "html": payload.html, "subject": payload.subject, "from": payload.from_, "to": payload.to,
            "headers": payload.headers or None, "profile": dict(payload.profile) if payload.profile else None, "mailbox": payload.mailbox,
        }  # fmt: skip
        body = json.dumps({k: v for k, v in given.items() if v is not None})
        answer = client.post("/api/v1/grade", data=body, content_type="application/json")
        assert answer.status_code in (200, 400, 413, 422), (name, answer.text[:500])
        if answer.status_code != 200:
            assert answer.mimetype == "application/problem+json"
            assert answer.get_json()["code"] not in ("message_unreadable", "internal_error"), name
