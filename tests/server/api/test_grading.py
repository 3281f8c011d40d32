"""POST /api/v1/grade and /grade/batch as clients use them."""

from __future__ import annotations

import base64
import json
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from keeneye.api import answers

RAW = "message/rfc822"


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/x-ndjson"
    return [orjson.loads(line) for line in answer.data.splitlines()]


def test_raw_message(client: FlaskClient, message: bytes) -> None:
    answer = client.post("/api/v1/grade", data=message, content_type=RAW)
    assert answer.status_code == 200
    verdict = answers.Verdict.model_validate(answer.json)
    assert verdict.message_id
    assert verdict.facts.seen == "raw"
    assert {f.outcome for f in verdict.findings} <= {"hit", "unknown"}
    assert "message" not in answer.json


def test_full_detail_and_the_message_itself(client: FlaskClient, message: bytes) -> None:
    answer = client.post("/api/v1/grade?detail=full&include=message", data=message, content_type=RAW)
    verdict = answers.Verdict.model_validate(answer.json)
    assert "miss" in {f.outcome for f in verdict.findings}
    assert verdict.message is not None
    for finding in verdict.findings:
        for evidence in finding.evidence:
            if evidence.part == verdict.message.part:
                assert verdict.message.body[evidence.start : evidence.end] == evidence.quote


def test_visible_fields(client: FlaskClient) -> None:
    seen = {
        "from": "Ana Buyer <ana@acme.example>",
        "subject": "Inquiry: 500 pcs gate valves DN50",
        "text": "Dear Mr Li,\nplease quote 500 pcs gate valve DN50 PN16, CIF Bremen.\nAna Buyer\nAcme GmbH",
        "attachments": [{"name": "drawing.pdf", "type": "application/pdf", "size": 1000}],
        "mailbox": "sales@ours.example",
        "client": {"id": "gmail", "sees": "visible"},
        "profile": {"junk_inquiries": 0, "search_words": ["valve", "flange"]},
    }
    answer = client.post("/api/v1/grade", json=seen)
    verdict = answers.Verdict.model_validate(answer.json)
    assert verdict.facts.seen == "visible"
    assert verdict.facts.sender.address == "ana@acme.example"
    assert [a.name for a in verdict.facts.attachments] == ["drawing.pdf"]


@pytest.mark.parametrize(
    "headers",
    [
        "From: ana@acme.example\r\nSubject: Valves\r\n and flanges\r\n",
        [["From", "ana@acme.example"], ["Subject", "Valves\n and flanges"]],
    ],
)
def test_headers_as_block_or_pairs(client: FlaskClient, headers: Any) -> None:
    answer = client.post("/api/v1/grade?include=message", json={"headers": headers, "text": "500 pcs please"})
    verdict = answers.Verdict.model_validate(answer.json)
    assert verdict.facts.seen == "headers"
    assert verdict.facts.sender.address == "ana@acme.example"
    assert verdict.message is not None
    assert verdict.message.subject == "Valves and flanges"


@pytest.mark.parametrize(
    ("asked", "got"),
    [("zh-CN", "zh-CN"), ("es-MX,es;q=0.9", "es"), ("zh", "zh-CN"), ("xx", "en"), (None, "en"), ("\x00;q=\xff", "en")],
)
def test_language(client: FlaskClient, message: bytes, asked: str | None, got: str) -> None:
    headers = {} if asked is None else {"Accept-Language": asked}
    answer = client.post("/api/v1/grade", data=message, content_type=RAW, headers=headers)
    assert answer.json["language"] == got
    assert answer.headers["Content-Language"] == got
    assert answer.headers["Vary"] == "Accept-Language"


def test_batch_in_order_with_problems_in_place(client: FlaskClient, message: bytes) -> None:
    raw = base64.b64encode(message).decode()
    sent = [
        {"id": "one", "raw": raw},
        {"id": "two", "text": "Please send me your price list."},
        {"raw": raw},
        {"id": "bad base64", "raw": "%%%"},
        {"id": "nothing in it"},
        "not an object",
        {"id": 7, "raw": raw},
        {"id": "empty", "raw": ""},
    ]
    body = b"\n".join(orjson.dumps(line) for line in sent) + b'\n{"cut": \n\n' + orjson.dumps(sent[0])
    got = lines(client.post("/api/v1/grade/batch", data=body, content_type="application/x-ndjson"))
    assert [line["line"] for line in got] == list(range(1, 11))
    assert [line["status"] for line in got] == [200, 200, 200, 422, 422, 422, 422, 400, 400, 200]
    assert [line["id"] for line in got[:2]] == ["one", "two"]
    assert got[2]["id"] == got[2]["verdict_id"]
    assert [line.get("code") for line in got[3:9]] == [
        "invalid_field", "invalid_field", "invalid_field", "invalid_field", "empty_body", "malformed_json",
    ]  # fmt: skip
    assert got[3]["id"] == "bad base64"
    assert got[6]["field"] == "id"
    for line in got:
        answers.BatchLine.model_validate(line)
        if line["status"] == 200:
            extra = ("line", "status", "verdict_id")
            answers.Verdict.model_validate({k: v for k, v in line.items() if k not in extra})
            assert client.get(f"/api/v1/verdicts/{line['verdict_id']}").status_code == 200


def test_batch_larger_than_a_commit_group(client: FlaskClient) -> None:
    body = b"\n".join(orjson.dumps({"id": str(i), "text": f"{i} pieces"}) for i in range(50))
    got = lines(client.post("/api/v1/grade/batch", data=body, content_type="application/x-ndjson"))
    assert [line["id"] for line in got] == [str(i) for i in range(50)]


def test_batch_with_too_many_lines(make_site: Any) -> None:
    client = make_site(grading={"max_batch_lines": 2}).client()
    answer = client.post("/api/v1/grade/batch", data=b"{}\n" * 3, content_type="application/x-ndjson")
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_a_line_that_is_too_large(make_site: Any) -> None:
    client = make_site(grading={"max_body": 2000}).client()
    body = orjson.dumps({"id": "big", "text": "x" * 3000}) + b"\n" + orjson.dumps({"id": "small", "text": "x"})
    got = lines(client.post("/api/v1/grade/batch", data=body, content_type="application/x-ndjson"))
    assert [(line["id"], line["status"]) for line in got] == [("big", 413), ("small", 200)]


def test_answer_is_json_that_strict_readers_take(client: FlaskClient) -> None:
    text = "Price 5 \ud83d\ude00 \x00 \u202e " + "\u200b" * 10
    answer = client.post(
        "/api/v1/grade?include=message", data=json.dumps({"text": text}), content_type="application/json"
    )
    assert answer.status_code == 200
    json.loads(answer.data, parse_constant=lambda name: pytest.fail(name))
