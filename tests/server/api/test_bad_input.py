"""Whatever a client sends is answered with a problem that says what is wrong, or with a verdict; never with 500."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye.api.problems import CODES
from keeneye.model import KeeneyeError

JSON = "application/json"
RAW = "message/rfc822"


def post(client: FlaskClient, body: bytes, kind: str | None = JSON, path: str = "/api/v1/grade", **more: Any) -> Any:
    return client.post(path, data=body, content_type=kind, **more)


def is_problem(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json and answer.json.get("code")) == (status, code), answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["type"] == f"urn:keeneye:problem:{code}"
    assert answer.json["title"] == CODES[code][1]
    assert answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_body"),
        (b"{", "malformed_json"),
        (b"\xff\xfe{}", "malformed_json"),
        (b'{"text": "a"} x', "malformed_json"),
        (b'{"text": NaN}', "malformed_json"),
        (b'{"profile": {"x": Infinity}, "text": ""}', "malformed_json"),
        (b'{"profile": {"x": 1e999}, "text": ""}', "malformed_json"),
        (b'{"text": "a", "text": "b"}', "malformed_json"),
        (b'{"text": "a", "client": {"id": "a", "id": "b"}}', "malformed_json"),
        (b'{"profile": {"x": ' + b"9" * 5000 + b'}, "text": ""}', "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "malformed_json"),
        (b'{"text": "\x00"}', "malformed_json"),
        (b'{"text": "\\ud800"}', "malformed_json"),
        (b'{"text": "\\uDFFF\\uD800"}', "malformed_json"),
        (b'{"\\udead": "x"}', "malformed_json"),
        ('{"text": "a"}'.encode("utf-16"), "malformed_json"),
    ],
)
def test_malformed_json(client: FlaskClient, body: bytes, code: str) -> None:
    answer = post(client, body)
    is_problem(answer, 400, code)
    assert "sys." not in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"null", None),
        (b"[]", None),
        (b'"text"', None),
        (b"{}", None),
        (b'{"text": null}', None),
        (b'{"text": 1}', "text"),
        (b'{"text": ["a"]}', "text"),
        (b'{"text": "a", "subject": true}', "subject"),
        (b'{"text": "a", "unknown": 1}', "unknown"),
        (b'{"text": "a", "from_": "x"}', "from_"),
        (b'{"text": "a", "headers": [["From"]]}', "headers.0"),
        (b'{"text": "a", "headers": [["From", "b", "c"]]}', "headers.0"),
        (b'{"text": "a", "headers": [["From", 1]]}', "headers.0.1"),
        (b'{"text": "a", "headers": {"From": "b"}}', "headers"),
        (b'{"text": "a", "client": "gmail"}', "client"),
        (b'{"text": "a", "client": {"id": "../x"}}', "client.id"),
        (b'{"text": "a", "client": {"sees": "all"}}', "client.sees"),
        (b'{"text": "a", "attachments": [{"type": "a"}]}', "attachments.0.name"),
        (b'{"text": "a", "attachments": [{"name": "a", "size": -1}]}', "attachments.0.size"),
        (b'{"text": "a", "attachments": [{"name": "a", "size": 1.5}]}', "attachments.0.size"),
        (b'{"text": "a", "attachments": [{"name": "a", "size": 99999999999999999999}]}', "attachments.0.size"),
        (b'{"text": "a", "attachments": [{"name": "a", "sha256": "xyz"}]}', "attachments.0.sha256"),
        (b'{"text": "a", "attachments": {}}', "attachments"),
        (b'{"text": "a", "profile": {"x": {"y": 1}}}', "profile.x"),
        (b'{"text": "a", "mailbox": "' + b"m" * 400 + b'"}', "mailbox"),
    ],
)
def test_wrong_values_are_named_by_their_path(client: FlaskClient, body: bytes, field: str | None) -> None:
    answer = post(client, body)
    is_problem(answer, 422, "invalid_field")
    assert answer.json.get("field") == field
    assert "GradeRequest" not in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("detail=all", "detail"), ("include=everything", "include"), ("clinet=x", "clinet"), ("client=a%20b", "client")],
)
def test_wrong_options(client: FlaskClient, query: str, field: str) -> None:
    answer = post(client, b"From: a@b.example\n\nhi", RAW, f"/api/v1/grade?{query}")
    is_problem(answer, 422, "invalid_field")
    assert answer.json["field"] == field


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None, "\xff"]
)
def test_content_type(client: FlaskClient, kind: str | None) -> None:
    answer = post(client, b"From: a@b.example\n\nhi", kind)
    is_problem(answer, 415, "unsupported_media_type")
    assert answer.headers["Accept-Post"] == "message/rfc822, application/json"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity"])
def test_compressed_bodies_are_refused(client: FlaskClient, encoding: str) -> None:
    bomb = gzip.compress(b"x" * 1_000_000)
    answer = post(client, bomb, RAW, headers={"Content-Encoding": encoding})
    is_problem(answer, 415, "unsupported_encoding")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/grade", 405, "method_not_allowed"),
        ("PUT", "/healthz", 405, "method_not_allowed"),
        ("GET", "/api/v1/verdicts/" + "0" * 32, 404, "not_found"),
        ("GET", "/api/v1/verdicts/%00", 404, "not_found"),
        ("GET", "/api/v1/verdicts/" + "x" * 5000, 404, "not_found"),
        ("GET", "/api/v1/verdicts/%ff%fe", 404, "not_found"),
        ("GET", "/api/v1/senders/nobody@nowhere.example", 404, "not_found"),
        ("GET", "/api/v1/senders/nobody", 422, "invalid_field"),
        ("GET", "/api/v1/senders/" + "a" * 400 + "@b.example", 422, "invalid_field"),
        ("GET", "/api/v1/senders/a%00@%ff.example", 404, "not_found"),
        ("GET", "/samples/..%2f..%2fsettings.py", 404, "not_found"),
        ("GET", "/samples/nothing.eml", 404, "not_found"),
        ("GET", "/static/../settings.py", 404, "not_found"),
        ("DELETE", "/api/v1/verdicts/" + "0" * 32 + "/feedback", 404, "not_found"),
    ],
)
def test_wrong_paths_and_methods(client: FlaskClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.open(path, method=method)
    is_problem(answer, status, code)
    if status == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"label": "wonderful"}', "label"),
        (b'{"note": "x"}', "label"),
        (b'{"label": "fake", "note": 1}', "note"),
        (b'{"label": "fake", "note": "\\u0000"}', "note"),
        (b'{"label": "fake", "note": "' + b"x" * 2001 + b'"}', "note"),
        (b'{"label": "fake", "who": "me"}', "who"),
    ],
)
def test_wrong_feedback(client: FlaskClient, body: bytes, field: str) -> None:
    answer = post(client, body, path="/api/v1/verdicts/" + "0" * 32 + "/feedback")
    is_problem(answer, 422, "invalid_field")
    assert answer.json["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        b"\x00" * 1000,
        b"\xff\xfe\xfd" * 100,
        b"\n\n\n",
        b" ",
        b"not a mail at all",
        b"From: \x00\nSubject: =?utf-8?B?////?=\n\n\x00",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 20_000,
        b"Content-Type: message/rfc822\n\n" * 2_000,
        b"X: y\n" * 100_000 + b"\nhi",
        b"Content-Type: text/plain; name*99999999999=a\n\nhi",
        b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
        b"Content-Type: text/html\n\n" + b"<" * 300_000,
        b"Content-Type: text/html\n\n" + b'<a href="http://a.example/">b</a>' * 20_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nhi",
        b"To: " + b"a@b.example, " * 20_000 + b"\n\nhi",
        b"From: " + b"(" * 20_000 + b"\n\nhi",
        b"Subject: x\n\n" + b"http://" + b"!" * 60 + b"<",
        b"Subject: x\n\n" + b".a" * 100_000 + b"@",
        b"Subject: x\n\n" + b"a" * 10_000_000,
        b"Content-Type: text/plain; charset=utf-7\n\n+ADw-script+AD4-",
    ],
)
def test_ugly_messages_are_graded_or_refused(client: FlaskClient, body: bytes) -> None:
    answer = post(client, body, RAW)
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        assert answer.json["code"] not in ("message_unreadable",), answer.text
    assert post(client, b"From: a@b.example\n\nhi", RAW).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b" \r\n", RAW), (b"\0" * 50, RAW), (b'{"text": ""}', JSON), (b'{"text": " ", "html": " "}', JSON)],
)
def test_message_without_anything_in_it(client: FlaskClient, body: bytes, kind: str) -> None:
    is_problem(post(client, body, kind), 422, "empty_message")


def test_message_larger_than_is_ever_read(make_site: Any) -> None:
    client = make_site(grading={"max_body": 40_000_000}).client()
    is_problem(post(client, b"x" * 30_000_000, RAW), 413, "message_too_large")


def test_body_larger_than_the_limit(make_site: Any) -> None:
    client = make_site(grading={"max_body": 2000}).client()
    is_problem(post(client, b"x" * 2001, RAW), 413, "body_too_large")
    assert post(client, b"x" * 2000, RAW).status_code == 200


def test_mistake_of_ours_in_a_stage_is_no_500(client: FlaskClient, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("words of the message")

    monkeypatch.setattr(site.services.grader, "grade", broken)
    answer = post(client, b"From: a@b.example\n\nhi", RAW)
    is_problem(answer, 422, "message_unreadable")
    assert "words" not in answer.text


def test_signal_that_fails_is_counted_and_the_verdict_served(
    client: FlaskClient, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(facts: Any) -> None:
        raise RuntimeError(facts.mail.body)

    grader = site.services.grader
    monkeypatch.setattr(
        grader, "active", grader.active | {"subject.empty": replace(grader.active["subject.empty"], check=broken)}
    )
    answer = post(client, b"From: a@b.example\n\nhi", RAW)
    assert answer.status_code == 200
    assert {f["outcome"] for f in answer.json["findings"] if f["id"] == "subject.empty"} == {"unknown"}
    assert 'keeneye_signals_broken_total{signal="subject.empty"} 1.0' in client.get("/metrics").text


def test_refusal_of_a_stage_keeps_its_code(client: FlaskClient, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise KeeneyeError("invalid_field", "no", "headers")

    monkeypatch.setattr(site.services.grader, "grade", refuse)
    answer = post(client, b"From: a@b.example\n\nhi", RAW)
    is_problem(answer, 422, "invalid_field")
    assert answer.json["field"] == "headers"


def test_message_that_takes_too_long_is_given_up(make_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(grading={"cpu_seconds": 0.2})
    real = site.services.grader.grade

    def slow(payload: Any, **_: Any) -> Any:
        while b"SPIN" in payload.raw:
            pass
        return real(payload)

    monkeypatch.setattr(site.services.grader, "grade", slow)
    is_problem(post(site.client(), b"SPIN", RAW), 422, "message_too_complex")
    assert post(site.client(), b"From: a@b.example\n\nhi", RAW).status_code == 200


def test_store_that_is_away(make_site: Any) -> None:
    site = make_site()
    with site.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE verdicts")
    answer = post(site.client(), b"From: a@b.example\n\nhi", RAW)
    is_problem(answer, 503, "store_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
