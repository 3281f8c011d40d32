"""Figures that a reader typed: kept for the sender, used when the message brings none."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye.store import tenants

URL = "/api/v1/senders/karim@exemple.example/profile"
FIGURES = {"verified": True, "junk_inquiries": 0, "blacklisted": 2, "searches": ["led strip", "hose"]}
MAIL = (
    "From: Karim <Karim@exemple.example>\nTo: sales@exporter.example\nSubject: valves\n\n"
    "Dear Chen,\nplease quote 500 ball valves DN50, CIF Algiers.\nKarim\n"
)


def grade(client: FlaskClient, profile: dict[str, Any] | None = None) -> dict[str, Any]:
    if profile is None:
        answer = client.post("/api/v1/grade", data=MAIL.encode(), content_type="message/rfc822")
    else:
        head, _, text = MAIL.partition("\n\n")
        answer = client.post("/api/v1/grade", json={"headers": head, "text": text, "profile": profile})
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def hits(verdict: dict[str, Any]) -> set[str]:
    return {f["id"] for f in verdict["findings"] if f["family"] == "profile" and f["outcome"] == "hit"}


def test_typed_figures_speak_in_the_next_verdict_and_can_be_forgotten(make_site: Any) -> None:
    client = make_site().client()
    assert grade(client)["facts"]["profile"] == {}
    put = client.put(URL, json={"profile": FIGURES})
    assert (put.status_code, put.json) == (200, {"profile": FIGURES})
    after = grade(client)
    assert after["facts"]["profile"] == FIGURES
    assert {"profile.verified", "profile.blacklisted"} <= hits(after)
    client.put(URL, json={"profile": {"verified": True}})
    assert hits(grade(client)) == {"profile.verified"}
    client.put(URL, json={"profile": {}})
    assert grade(client)["facts"]["profile"] == {}


def test_a_sender_who_never_wrote_has_no_mails(make_site: Any) -> None:
    client = make_site().client()
    client.put(URL, json={"profile": FIGURES})
    assert client.get("/api/v1/senders/karim@exemple.example").json["messages"] == 0
    verdict = grade(client)
    assert verdict["facts"]["history"]["messages_from_sender"] == 0
    assert verdict["facts"]["history"]["first_seen"] is None
    grade(client)
    assert client.get("/api/v1/senders/karim@exemple.example").json["messages"] == 1


def test_the_messages_own_figures_come_first(make_site: Any) -> None:
    client = make_site().client()
    client.put(URL, json={"profile": FIGURES})
    verdict = grade(client, {"blacklisted": 0})
    assert verdict["facts"]["profile"] == FIGURES | {"blacklisted": 0}
    assert "profile.blacklisted" not in hits(verdict)


def test_two_firms_type_for_themselves(make_site: Any) -> None:
    site = make_site()
    store = site.services.store
    theirs = site.client(store.create_token("kiel", tenant_id=tenants.create(store.engine, "Kiel")))
    theirs.put(URL, json={"profile": FIGURES})
    assert grade(site.client())["facts"]["profile"] == {}
    assert grade(theirs)["facts"]["profile"] == FIGURES


def test_figures_are_exported_and_erased_with_the_person(make_site: Any) -> None:
    client = make_site().client()
    client.put(URL, json={"profile": FIGURES})
    assert "led strip" in client.get("/api/v1/senders/karim@exemple.example/data").get_data(as_text=True)
    assert client.delete("/api/v1/senders/karim@exemple.example/data").status_code == 200
    assert grade(client)["facts"]["profile"] == {}


def test_stored_verdicts_hold_no_figures(make_site: Any) -> None:
    client = make_site().client()
    client.put(URL, json={"profile": FIGURES})
    verdict = grade(client)
    assert "led strip" not in client.get(f"/api/v1/verdicts/{verdict['id']}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "profile"),
        ({"profile": [1]}, "profile"),
        ({"profile": {"verified": {"a": 1}}}, "profile.verified"),
        ({"profile": {"x": "y" * 2001}}, "profile.x"),
        ({"profile": {"k" * 65: 1}}, "profile"),
        ({"profile": {str(n): 1 for n in range(101)}}, "profile"),
        ({"profile": {str(n): "y" * 1999 for n in range(20)}}, "profile"),
        ({"profile": {}, "more": 1}, "more"),
    ],
)
def test_wrong_figures_are_named(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    answer = client.put(URL, json=body)
    assert answer.status_code == 422
    assert answer.json["field"].startswith(field)


def test_wrong_requests(site: Any, client: FlaskClient) -> None:
    assert client.put("/api/v1/senders/nobody/profile", json={"profile": {}}).status_code == 422
    shared = client.put("/api/v1/senders/feedback@service.alibaba.com/profile", json={"profile": {}})
    assert (shared.status_code, shared.json["field"]) == (422, "address")
    assert client.put(URL, data=b"{", content_type="application/json").status_code == 400
    assert client.put(URL, data=b"x", content_type="text/plain").status_code == 415
    assert site.client(None).put(URL, json={"profile": {}}).status_code == 401
