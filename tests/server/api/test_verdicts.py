"""Stored verdicts, feedback, senders: what comes back later."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye import schema

MAIL = b"From: Ana <verdicts@acme.example>\nSubject: valves\n\nPlease quote 500 pcs.\n"


@pytest.fixture
def verdict(client: FlaskClient) -> dict[str, Any]:
    answer = client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822")
    assert answer.status_code == 200
    graded: dict[str, Any] = answer.json
    return graded


def test_stored_verdict_agrees_and_says_what_it_left_out(client: FlaskClient, verdict: dict[str, Any]) -> None:
    stored = client.get(f"/api/v1/verdicts/{verdict['id']}").json
    schema.StoredVerdict.model_validate(stored)
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


def test_sender(client: FlaskClient, verdict: dict[str, Any]) -> None:
    first = schema.SenderAnswer.model_validate(client.get("/api/v1/senders/Verdicts@ACME.example").json)
    client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822")
    then = schema.SenderAnswer.model_validate(client.get("/api/v1/senders/verdicts@acme.example").json)
    assert then.messages == first.messages + 1
    assert then.first_seen == first.first_seen
