"""The same letter to several colleagues, and what only looks like it, over HTTP."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye.store import Left, Owner, Store, StoreUnavailable

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))
from letters import GENUINE, mass_mailing, mass_mailing_zh, opener

NEWSLETTER = """Dear subscriber,

here is what moved on the freight market in the second week of March: rates from Ningbo to the west coast of South
America fell by four percent, those to the Gulf rose again as the lines took ships out of the service. The carriers'
association expects the peak season to begin in June this year. Read the whole report on our site, where you will
also find the dates of our seminars on customs law.

You receive this newsletter because you subscribed to it. Unsubscribe at any time.
"""


@pytest.fixture
def grade(client: FlaskClient, request: pytest.FixtureRequest) -> Any:
    def send(
        text: str,
        mailbox: str = "li@exporter.example",
        sender: str = "Anna Larsson <anna@northwind.example>",
        name: str = "1",
        **headers: str,
    ) -> dict[str, Any]:
        message = EmailMessage()
        message["From"] = sender
        message["To"] = headers.pop("to", mailbox)
        message["Subject"] = headers.pop("subject", "Inquiry")
        message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
        message["Message-ID"] = f"<{name}@{request.node.name.replace('[', '-').strip(']')}.example>"
        for key, value in headers.items():
            message[key.replace("_", "-")] = value
        message.set_content(text)
        answer = client.post(f"/api/v1/grade?mailbox={mailbox}", data=message.as_bytes(), content_type="message/rfc822")
        assert answer.status_code == 200, answer.json
        verdict: dict[str, Any] = answer.json
        return verdict

    return send


def found(verdict: dict[str, Any]) -> dict[str, Any] | None:
    same: dict[str, Any] | None = verdict["facts"]["history"]["same_text"]
    hit = [f for f in verdict["findings"] if f["id"] == "addressing.same-text" and f["outcome"] == "hit"]
    assert bool(hit) is (same is not None)
    return same


@pytest.mark.parametrize(("letter", "sender"), [(mass_mailing, "mass"), (mass_mailing_zh, "qunfa")])
def test_a_mass_mailing_to_twenty_colleagues(grade: Any, letter: Any, sender: str) -> None:
    for n in range(20):
        mailbox = f"{sender}{n}@exporter.example"
        verdict = grade(letter(n), mailbox, f"Buyer <{sender}@northwind.example>", str(n))
        same = found(verdict)
        assert verdict["banner"] == "none"
        if n == 0:
            assert same is None
            assert verdict["category"] in ("potential_customer", "order_ready")
            continue
        assert same is not None
        assert (same["colleagues"], same["messages"], same["senders"]) == (n, n, 0)
        assert same["since"]
        if n > 1:
            assert (verdict["category"], verdict["subcategory"]) == ("casual", "mass_mailing")
            assert "addressing.same-text" in verdict["reasons"][:3]
            assert verdict["headline"] == "Your firm got the same text more than once"


def test_another_sender_makes_it_a_mass_mailing_at_the_second_copy(grade: Any) -> None:
    text = GENUINE[0]
    assert found(grade(text, sender="bo@one.example", name="1")) is None
    verdict = grade(text, "wu@exporter.example", "cai@two.example", "2")
    assert verdict["facts"]["history"]["same_text"]["senders"] == 1
    assert (verdict["category"], verdict["subcategory"]) == ("casual", "mass_mailing")


def test_one_message_to_two_colleagues_and_its_thread(grade: Any) -> None:
    text, both = GENUINE[1], "li@exporter.example, wu@exporter.example"
    for _ in range(2):  # graded once more when it is opened again
        for mailbox in both.split(", "):
            assert found(grade(text, mailbox, to=both)) is None
    answers = "<1@test_one_message_to_two_colleagues_and_its_thread.example>"
    assert found(grade(text, "wu@exporter.example", name="reply", In_Reply_To=answers)) is None


def test_the_same_person_is_asked_again_and_passes_it_on(grade: Any) -> None:
    text, buyer = GENUINE[2], "Cem <cem@izmir.example>"
    assert found(grade(text, sender=buyer)) is None
    assert found(grade(text, sender=buyer, name="again")) is None
    head = f"---------- Forwarded message ---------\nFrom: {buyer}\nDate: Mon, 2 Mar 2026\nSubject: Inquiry\nTo: Li"
    passed_on = grade(f"FYI\n\n{head}\n\n{text}", "wu@exporter.example", "Li <li@exporter.example>", "forward")
    assert found(passed_on) is None
    assert found(grade(text, sender=buyer)) is None, "the forward is not a copy either"


def test_people_who_ask_for_the_same_goods(grade: Any) -> None:
    for n, text in enumerate(GENUINE[3:]):
        verdict = grade(text, f"same{n}@exporter.example", f"Buyer <buyer@firm{n}.example>", str(n))
        assert found(verdict) is None
        assert verdict["category"] != "casual"


def test_openers_that_a_marketplace_writes(grade: Any) -> None:
    for n in range(0, 12, 2):
        assert found(grade(opener(n), f"opener{n}@exporter.example", f"b{n}@mailbox{n}.example", str(n))) is None


def test_a_newsletter_stays_what_it_is(grade: Any) -> None:
    for n in range(4):
        verdict = grade(
            NEWSLETTER, f"news{n}@exporter.example", "News <news@freight.example>", str(n),
            List_Unsubscribe="<https://freight.example/u>", subject="Freight news 11/2026",
        )  # fmt: skip
        assert verdict["category"] == "not_inquiry"


def test_copies_in_one_batch_see_each_other(make_site: Any) -> None:
    """Lines that share a commit: each is judged with those before it."""
    client = make_site().client()
    lines = []
    for n in range(12):
        message = EmailMessage()
        message["From"] = "Buyer <mass@northwind.example>"
        message["To"] = f"colleague{n}@exporter.example"
        message["Message-ID"] = f"<{n}@batch.example>"
        message.set_content(mass_mailing(n))
        raw = base64.b64encode(message.as_bytes()).decode()
        lines.append(json.dumps({"id": str(n), "raw": raw, "mailbox": f"colleague{n}@exporter.example"}))
    answer = client.post("/api/v1/grade/batch", data="\n".join(lines), content_type="application/x-ndjson")
    got = [json.loads(line) for line in answer.data.splitlines()]
    assert [one["status"] for one in got] == [200] * 12
    assert [(found(one) or {}).get("colleagues") for one in got] == [None, *range(1, 12)]
    assert [one["facts"]["history"]["messages_from_sender"] for one in got] == list(range(12))


def test_a_batch_whose_store_fails_in_the_middle_says_which_lines_were_lost(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[str] = []
    real = Store.save_verdicts

    def save(self: Store, owner: Owner, graded: Sequence[Left]) -> None:
        if saved:
            raise StoreUnavailable("gone")
        real(self, owner, graded)
        saved.extend(one.verdict["id"] for one in graded)

    monkeypatch.setattr(Store, "save_verdicts", save)
    texts = [("ann@a.example", GENUINE[0]), ("bo@b.example", GENUINE[1]), ("ann@a.example", GENUINE[2])]
    body = "\n".join(json.dumps({"id": who, "from": who, "text": text}) for who, text in texts)
    answer = client.post("/api/v1/grade/batch", data=body, content_type="application/x-ndjson")
    got = [json.loads(line) for line in answer.data.splitlines()]
    assert [one["status"] for one in got] == [200, 200, 503]
    assert [one["verdict_id"] for one in got[:2]] == saved
