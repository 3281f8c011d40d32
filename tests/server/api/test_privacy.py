"""Mail is private: nothing of a message reaches the logs, the metrics or, by default, the database."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from keeneye import logs

WORDS = (
    "zanzibarsubject", "quokkabody", "penelopesender", "wombatdomain", "narwhalrecipient", "okapisignature",
    "axolotlattachment", "tapirlink", "pangolinheader", "numbatid", "kakapohtml", "lemurnote",
)  # fmt: skip
MESSAGE = b"""\
From: Penelopesender Smith <penelopesender@wombatdomain.example>
To: narwhalrecipient@ours.example
Subject: Zanzibarsubject for 500 pcs
Message-ID: <numbatid@wombatdomain.example>
X-Pangolinheader: pangolinheader
Reply-To: penelopesender@tapirlink.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>Quokkabody: please verify your password at <a href="http://tapirlink.example/login">http://bank.example</a>
kakapohtml</p><p>Okapisignature GmbH, +49 421 555 0100</p>
--b
Content-Type: application/pdf; name="axolotlattachment.pdf"
Content-Disposition: attachment; filename="axolotlattachment.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
"""


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """All that the process logs, at the most talkative level."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("debug")
    yield lambda: capsys.readouterr().err
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def use_everything(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client()
    graded = client.post(
        "/api/v1/grade?mailbox=narwhalrecipient@ours.example", data=MESSAGE, content_type="message/rfc822"
    )
    assert graded.status_code == 200
    assert (
        "quokkabody"
        in client.post("/api/v1/grade?include=message", data=MESSAGE, content_type="message/rfc822").text.lower()
    )
    assert client.post("/api/v1/grade", json={"text": "quokkabody", "zanzibarsubject": 1}).status_code == 422
    assert client.post("/api/v1/grade", data=b'{"quokkabody', content_type="application/json").status_code == 400
    assert client.post("/api/v1/grade?quokkabody=1", data=MESSAGE, content_type="message/rfc822").status_code == 422
    lines = b'{"id": "numbatid", "text": "quokkabody"}\n{"id": "numbatid", "raw": "quokkabody"}'
    assert client.post("/api/v1/grade/batch", data=lines, content_type="application/x-ndjson").status_code == 200
    assert client.get("/api/v1/senders/penelopesender@wombatdomain.example").status_code == 200
    assert client.get("/quokkabody/penelopesender@wombatdomain.example").status_code == 404
    assert client.open("/healthz", method="QUOKKABODY").status_code == 405
    note = {"label": "fake", "note": "lemurnote"}
    assert client.post(f"/api/v1/verdicts/{graded.json['id']}/feedback", json=note).status_code == 201
    assert (
        client.get("/healthz", headers={"X-Request-Id": "penelopesender", "User-Agent": "quokkabody"}).status_code
        == 200
    )
    assert site.client("quokkabody").get("/api/v1/verdicts/quokkabody").status_code == 401

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(MESSAGE.decode())

    with monkeypatch.context() as patch:
        patch.setattr(site.services.grader, "grade", broken)
        assert client.post("/api/v1/grade", data=MESSAGE, content_type="message/rfc822").status_code == 422
    with monkeypatch.context() as patch:
        patch.setattr(site.services.store, "sender", broken)
        assert client.get("/api/v1/senders/penelopesender@wombatdomain.example").status_code == 500


def test_logs_hold_nothing_of_a_message(
    make_site: Any, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(limits={"failed": "1 per hour"})
    use_everything(site, monkeypatch)
    logging.getLogger("some.library").error("cannot read %s", "quokkabody")
    logging.getLogger("gunicorn.error").warning("Invalid request from ip=192.0.2.1: penelopesender")
    text = log()
    for word in WORDS:
        assert word not in text.lower()
    assert site.token not in text
    events = [json.loads(line) for line in text.splitlines()]
    requests = [e for e in events if e["event"] == "request"]
    assert len(requests) == 14
    assert {"method", "route", "status", "ms", "token", "request", "bytes_in", "bytes_out", "timestamp"} <= requests[
        0
    ].keys()
    failed = [e for e in events if e["event"] == "grading.failed"]
    assert failed[0]["error"] == "RuntimeError"
    assert any("broken" in frame for frame in failed[0]["where"])
    assert {e["event"] for e in events} >= {"cannot read %s", "Invalid request", "request.failed"}


def test_database_holds_nothing_of_a_message(make_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site()
    use_everything(site, monkeypatch)
    store = site.services.store
    with store.engine.connect() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM verdicts").scalars().all()
        rows = "".join(
            repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for table in ("verdicts", "senders", "tokens", "feedback")
        )
    owner = store.owner(site.token)
    assert len(ids) == 3
    told = "".join(json.dumps(store.verdict(owner, i), ensure_ascii=False) for i in ids)
    for word in WORDS[:-1]:
        assert word not in (rows + told).lower()
    assert "lemurnote" in told, "a note is the reader's own and is kept"
    site.services.store.close()
    files = b"".join(p.read_bytes() for p in site.services.settings.server.state_dir.iterdir() if p.is_file())
    for word in WORDS[:-1]:
        assert word.encode() not in files.lower()


def test_metrics_hold_nothing_of_a_message(make_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site()
    use_everything(site, monkeypatch)
    text = site.client().get("/metrics").text.lower()
    for word in WORDS:
        assert word not in text


def test_messages_are_kept_only_when_asked_for_and_until_their_time(make_site: Any) -> None:
    plain = make_site().client()
    verdict = plain.post("/api/v1/grade", data=MESSAGE, content_type="message/rfc822").json
    assert plain.get(f"/api/v1/verdicts/{verdict['id']}/message").status_code == 404

    keeping = make_site(store={"keep_messages_days": 7})
    client = keeping.client()
    verdict = client.post("/api/v1/grade", data=MESSAGE, content_type="message/rfc822").json
    kept = client.get(f"/api/v1/verdicts/{verdict['id']}/message")
    assert (kept.data, kept.mimetype) == (MESSAGE, "application/octet-stream")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    store = keeping.services.store
    assert store.sweep(int(time.time()) + 6 * 86400) == 0
    assert store.sweep(int(time.time()) + 8 * 86400) == 1
    assert client.get(f"/api/v1/verdicts/{verdict['id']}/message").status_code == 404
