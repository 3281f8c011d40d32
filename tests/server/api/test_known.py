"""What a firm brought speaks in the next verdict."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

MAIL = (
    "From: Ann Lee <ann@acme.example>\nTo: sales@exporter.example\nSubject: order\n\n"
    "Dear Chen,\nplease quote 500 pcs of Kugelhahn BV-20, CIF Hamburg.\nAnn Lee, Acme GmbH\n"
)


def grade(client: FlaskClient, mail: str = MAIL) -> dict[str, Any]:
    answer = client.post("/api/v1/grade", data=mail.encode(), content_type="message/rfc822")
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def found(verdict: dict[str, Any]) -> set[str]:
    return {f["id"] for f in verdict["findings"] if f["outcome"] == "hit"}


def test_a_customer_who_ordered_is_level_1_and_one_who_is_only_listed_is_not(make_site: Any) -> None:
    client = make_site().client()
    before = grade(client)
    assert before["level"] != 1
    client.put("/api/v1/customers", json=[{"name": "Acme GmbH", "domains": ["acme.example"]}])
    listed = grade(client)
    assert "company.known-customer" in found(listed)
    assert listed["level"] != 1
    client.put("/api/v1/customers", json=[{"name": "Acme GmbH", "ordered": 2, "ordered_at": "2026-03-09"}])
    ordered = grade(client)
    assert ordered["level"] == 1
    assert ordered["facts"]["history"]["customer"] == {
        "name": "Acme GmbH", "ordered": 2, "ordered_at": "2026-03-09T00:00:00Z", "sampled": False, "visited": False,
        "standing": "",
    }  # fmt: skip
