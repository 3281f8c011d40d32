"""Two firms on one server see nothing of each other, whichever endpoint is tried."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from keeneye.store import tenants

MARK = "Wombatvalves"
ADDRESS = "ana@wombatvalves.example"
MAIL = (
    f"From: Ana <{ADDRESS}>\nTo: sales@exporter.example\nSubject: valves\nMessage-ID: <1@wombatvalves.example>\n\n"
    "Please quote 500 pcs brass ball valve DN20, CIF Callao, packed 20 pcs a carton, delivery in May, 30% deposit.\n"
).encode()
CUSTOMER = {"name": MARK, "emails": [ADDRESS], "ordered": 3}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/grade"): {"data": MAIL, "content_type": "message/rfc822"},
    ("POST", "/grade/batch"): {"json": {"text": "Please quote."}},
    ("POST", "/verdicts/{}/feedback"): {"json": {"label": "fake"}},
    ("PUT", "/senders/{}/level"): {"json": {"level": 4, "reason": "of the other firm"}},
    ("PUT", "/senders/{}/profile"): {"json": {"verified": True}},
    ("PUT", "/customers"): {"json": [{"name": "Other"}], "query_string": {"replace": "true"}},
    ("PUT", "/products"): {"json": [{"name": "Other"}], "query_string": {"replace": "true"}},
    ("PUT", "/partners"): {"json": [{"name": "Other"}], "query_string": {"replace": "true"}},
}
"""What is sent to each route that takes a body; a route that is not named here fails the test."""


class Firm:
    """A firm with its client and what it has on the server."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.verdict = client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822").json
        assert self.verdict["grade"]
        assert self.put("customers", [CUSTOMER])
        assert self.put("products", [{"name": f"{MARK} ball valve"}])
        assert self.put("partners", [{"name": f"{MARK} Forwarding", "domains": ["wombat-freight.example"]}])
        given = {"label": "genuine", "note": MARK}
        assert client.post(f"/api/v1/verdicts/{self.verdict['id']}/feedback", json=given).status_code == 201
        given = {"level": 2, "reason": MARK}
        assert client.put(f"/api/v1/senders/{ADDRESS}/level", json=given).status_code == 200

    def put(self, kind: str, entries: list[dict[str, Any]]) -> bool:
        return bool(self.client.put(f"/api/v1/{kind}", json=entries).status_code == 200)

    def values(self) -> dict[str, str]:
        """What this firm's things are called in paths."""
        entries = self.client.get("/api/v1/customers").json["items"]
        return {"verdict_id": self.verdict["id"], "address": ADDRESS, "entry_id": str(entries[0]["id"])}

    def view(self, rules: list[Rule]) -> dict[str, bytes]:
        """All that the firm can read."""
        values = self.values()
        return {
            path: self.client.get(path).data
            for rule in rules
            if "GET" in (rule.methods or ())
            for path in [filled(rule, values)]
        }


def filled(rule: Rule, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values[m[1]], rule.rule)


@pytest.fixture
def firms(make_site: Any) -> tuple[list[Rule], Firm, FlaskClient]:
    """The routes that want a token, a firm with data, and another one's client."""
    site = make_site(store={"keep_evidence": True, "keep_messages_days": 7})
    other = tenants.create(site.services.store.engine, "other")
    stranger = site.client(site.services.store.create_token("stranger", tenant_id=other))
    rules = [
        rule
        for rule in site.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        and site.client(None)
        .open(re.sub(r"<[^>]+>", "x", rule.rule), method=min((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        .status_code
        == 401
    ]
    assert len(rules) >= 18
    return rules, Firm(site.client()), stranger


def test_no_endpoint_shows_or_changes_what_is_anothers(firms: tuple[list[Rule], Firm, FlaskClient]) -> None:
    rules, firm, stranger = firms
    before = firm.view(rules)
    assert sum(MARK.encode() in seen or ADDRESS.encode() in seen for seen in before.values()) >= 5
    values = firm.values()
    for rule in rules:
        method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
        path = filled(rule, values)
        known = re.sub(r"<[^>]+>", "{}", rule.rule).removeprefix("/api/v1")
        sent = {} if method in ("GET", "DELETE") else BODIES[method, known]
        answer = stranger.open(path, method=method, **sent)
        assert answer.status_code < 500
        if rule.arguments & {"verdict_id", "entry_id"}:
            assert answer.status_code == 404, (method, path)
        if method != "POST":
            assert MARK.encode() not in answer.data, (method, path)
    assert firm.view(rules) == before


def test_a_stranger_is_not_known_by_what_another_firm_knows(firms: tuple[list[Rule], Firm, FlaskClient]) -> None:
    _, firm, stranger = firms
    mine = firm.client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822").json
    theirs = stranger.post("/api/v1/grade", data=MAIL, content_type="message/rfc822").json
    assert mine["facts"]["history"]["level_by_hand"] == 2
    assert mine["facts"]["history"]["customer"]["name"] == MARK
    history = theirs["facts"]["history"]
    assert history["level_by_hand"] is None
    assert not history.get("customer")
    assert (history["messages_from_sender"], history["confirmed_genuine"]) == (0, 0)
    assert "history.first-mail" in {f["id"] for f in theirs["findings"]}
