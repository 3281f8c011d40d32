"""Stored verdicts, feedback, senders: what comes back later."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye import schema
from keeneye.api import answers

MAIL = b"From: Ana <verdicts@acme.example>\nSubject: valves\n\nPlease quote 500 pcs.\n"


@pytest.fixture
def verdict(client: FlaskClient) -> dict[str, Any]:
    answer = client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822")
    assert answer.status_code == 200
    graded: dict[str, Any] = answer.json
    return graded


def test_stored_verdict_agrees_and_says_what_it_left_out(client: FlaskClient, verdict: dict[str, Any]) -> None:
    stored = client.get(f"/api/v1/verdicts/{verdict['id']}").json
    answers.StoredVerdict.model_validate(stored)
    for key in ("id", "category", "subcategory", "grade", "stars", "risk", "quality", "banner", "graded_at", "missing"):
        assert stored[key] == verdict[key]
    assert [f["id"] for f in stored["findings"]] == [f["id"] for f in verdict["findings"]]
    assert "findings.evidence.quote" in stored["left_out"]
    assert stored["feedback"] == []


def test_feedback_is_kept_told_and_taken_back(client: FlaskClient, verdict: dict[str, Any]) -> None:
    place = f"/api/v1/verdicts/{verdict['id']}"
    before = client.get("/api/v1/senders/verdicts@acme.example").json["labels"].get("fake", 0)
    answer = client.post(
        f"{place}/feedback", json={"label": "fake", "note": "电话打不通"}, headers={"Accept-Language": "zh"}
    )
    assert answer.status_code == 201
    assert answer.json["message"].startswith("谢谢")
    assert [(f["label"], f["note"]) for f in client.get(place).json["feedback"]] == [("fake", "电话打不通")]
    assert client.get("/api/v1/senders/verdicts@acme.example").json["labels"]["fake"] == before + 1
    assert client.delete(f"{place}/feedback").status_code == 204
    assert client.get(place).json["feedback"] == []
    assert client.delete(f"{place}/feedback").status_code == 404


@pytest.mark.parametrize("label", schema.Label.__args__)
def test_every_label(client: FlaskClient, verdict: dict[str, Any], label: str) -> None:
    assert client.post(f"/api/v1/verdicts/{verdict['id']}/feedback", json={"label": label}).status_code == 201


def test_sender_counts_messages_not_gradings(client: FlaskClient, verdict: dict[str, Any]) -> None:
    first = answers.SenderAnswer.model_validate(client.get("/api/v1/senders/Verdicts@ACME.example").json)
    client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822")
    again = answers.SenderAnswer.model_validate(client.get("/api/v1/senders/verdicts@acme.example").json)
    assert again.messages == first.messages
    client.post("/api/v1/grade", data=MAIL.replace(b"500", b"600"), content_type="message/rfc822")
    then = answers.SenderAnswer.model_validate(client.get("/api/v1/senders/verdicts@acme.example").json)
    assert then.messages == first.messages + 1
    assert then.first_seen == first.first_seen


def test_level_by_hand_is_kept_with_its_reason(client: FlaskClient, verdict: dict[str, Any]) -> None:
    path = "/api/v1/senders/verdicts@acme.example"
    was = client.get(path).json["level"]
    try:
        assert client.put(f"{path}/level", json={"level": 1, "reason": "met at the fair"}).status_code == 200
        known = answers.SenderAnswer.model_validate(client.get(path).json)
        assert (known.level, known.level_by_hand) == (1, True)
        last = known.level_changes[-1]
        assert (last.before, last.after, last.reason, last.by) == (was, 1, "met at the fair", "test")
        graded = client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822").json
        assert (graded["level"], graded["level_because"], graded["level_reason"]) == (1, ["hand"], "set by hand")
    finally:
        assert client.put(f"{path}/level", json={"level": None, "reason": "a mistake"}).status_code == 200
    assert client.get(path).json["level"] == was


@pytest.mark.parametrize(
    ("given", "place"),
    [({"level": 5, "reason": "x"}, "level"), ({"level": 1}, "reason"), ({"level": 1, "reason": ""}, "reason")],
)
def test_level_wants_one_to_four_and_a_reason(client: FlaskClient, given: dict[str, Any], place: str) -> None:
    answer = client.put("/api/v1/senders/verdicts@acme.example/level", json=given)
    assert (answer.status_code, answer.json["field"]) == (422, place)
