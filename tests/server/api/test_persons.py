"""All that is kept of one person: shown, and gone when it is erased."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from keeneye.api.persons import ErasedAnswer, PersonAnswer
from keeneye.store import Store, tables, tenants

ANN, BOB = "ann@acme.example", "bob@acme.example"
TEXT = (
    "Dear Chen,\nwe are a distributor of valves in Bremen and look for a second source. Please quote 500 pcs of brass "
    "ball valves DN25, PN16, CIF Hamburg, with CE certificate, delivery in March, payment by letter of credit.\n"
)


def mail(who: str, number: int, to: str = "sales@exporter.example", thread: str = "") -> bytes:
    name = who.partition("@")[0].title()
    answers = f"In-Reply-To: <{thread}>\nReferences: <{thread}>\n" if thread else ""
    return (
        f"From: {name} <{who}>\nTo: {to}\nSubject: Ball valves {number}\nMessage-ID: <{name}{number}@acme.example>\n"
        f"{answers}\n{TEXT}{name} {number}\n"
    ).encode()


def send(client: FlaskClient, content: bytes) -> dict[str, Any]:
    answer = client.post("/api/v1/grade?mailbox=sales@exporter.example", data=content, content_type="message/rfc822")
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def rows(store: Store) -> dict[str, list[str]]:
    """All rows of all tables, but for the time of what was seen last."""
    out = ("last_seen", "ours_since")
    with store.engine.connect() as connection:
        return {
            t.name: sorted(
                repr([v for k, v in row._mapping.items() if k not in out]) for row in connection.execute(select(t))
            )
            for t in tables.metadata.sorted_tables
        }  # fmt: skip


def traces(store: Store, address: str) -> list[str]:
    """Where the address, or a key of it, stands in the store: every value of every table is looked at."""
    secret = store.secret
    keys = {secret.address(address), secret.short("mailbox", address)}
    found = []
    with store.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for name, value in row._mapping.items():
                    if isinstance(value, bytes):
                        told = value in keys
                        try:
                            told = told or address.encode() in zlib.decompress(value)
                        except zlib.error:
                            told = told or address.encode() in value
                    else:
                        told = address in str(value)
                    if told:
                        found.append(f"{table.name}.{name}")
    return found


@pytest.fixture
def site(make_site: Any) -> Any:
    return make_site(store={"keep_evidence": True, "keep_messages_days": 30})


def ann_writes(client: FlaskClient) -> None:
    first = send(client, mail(ANN, 1))
    send(client, mail(ANN, 2, "info@exporter.example", "Bob1@acme.example"))
    send(client, mail("sales@exporter.example", 3, ANN, "Ann1@acme.example"))
    client.post(f"/api/v1/verdicts/{first['id']}/feedback", json={"label": "genuine", "note": "called Ann"})
    client.put(f"/api/v1/senders/{ANN}/level", json={"level": 2, "reason": "Ann visited us"})


def test_all_is_shown_and_then_nothing_is_left(site: Any) -> None:
    client, store = site.client(), site.services.store
    send(client, mail(BOB, 1))
    before = rows(store)
    ann_writes(client)
    kept = PersonAnswer.model_validate(client.get(f"/api/v1/senders/{ANN}/data").json)
    assert [len(x) for x in (kept.verdicts, kept.contents, kept.feedback, kept.messages)] == [3, 3, 1, 3], (
        "our own mail to her too"
    )
    assert kept.feedback[0]["note"] == "called Ann"
    assert kept.sender is not None
    assert kept.level_changes[-1]["reason"] == "Ann visited us"
    assert len(kept.fingerprints) >= 1
    assert {"verdicts.sender", "senders.address", "messages.party", "feedback.sender", "contents.content"} <= set(
        traces(store, ANN)
    )
    done = ErasedAnswer.model_validate(client.delete(f"/api/v1/senders/{ANN}/data").json)
    assert done.erased["verdicts"] == 3
    assert traces(store, ANN) == []
    assert rows(store) == before, "what others left is as if she had never written"
    empty = client.get(f"/api/v1/senders/{ANN}/data").json
    assert empty == {"address": ANN, "sender": None} | {kind: [] for kind in list(empty)[2:]}
    assert client.get(f"/api/v1/senders/{ANN}").status_code == 404
    assert client.get(f"/api/v1/senders/{BOB}").json["messages"] == 1
    assert client.delete(f"/api/v1/senders/{ANN}/data").json["erased"] == {}


def test_lists_of_the_firm_are_named_and_changed_only_when_asked_for(site: Any) -> None:
    client, store = site.client(), site.services.store
    client.put(
        "/api/v1/customers", json=[{"name": "Acme", "emails": [ANN, BOB]}, {"name": "Ann", "emails": ["a@gmail.com"]}]
    )
    client.put("/api/v1/partners", json=[{"name": "Baltic", "people": [f"Ann Lee <{ANN}>", "Lars Holm"]}])
    done = client.delete(f"/api/v1/senders/{ANN}/data").json
    assert done == {"erased": {}, "customers": ["Acme"], "partners": ["Baltic"]}
    done = client.delete(f"/api/v1/senders/{ANN}/data?customers=true").json
    assert done == {"erased": {"customer_addresses": 1, "partners.people": 1}, "customers": [], "partners": []}
    assert traces(store, ANN) == []
    assert [one["emails"] for one in client.get("/api/v1/customers").json["items"]] == [[BOB], ["a@gmail.com"]]
    assert [one["people"] for one in client.get("/api/v1/partners").json["items"]] == [["Lars Holm"]]
    done = client.delete("/api/v1/senders/a@gmail.com/data?customers=true").json
    assert done["erased"] == {"customer_addresses": 1, "customers": 1}


def test_another_tenant_neither_sees_nor_erases(site: Any) -> None:
    store = site.services.store
    other = site.client(store.create_token("desk", tenant_id=tenants.create(store.engine, "Kiel")))
    ann_writes(site.client())
    before = rows(store)
    assert other.get(f"/api/v1/senders/{ANN}/data").json["verdicts"] == []
    assert other.delete(f"/api/v1/senders/{ANN}/data?customers=true").json["erased"] == {}
    assert rows(store) == before


def test_what_is_no_address(site: Any) -> None:
    client = site.client()
    for answer in (client.get("/api/v1/senders/ann/data"), client.delete(f"/api/v1/senders/{'a' * 400}@b/data")):
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_field")
    assert client.get("/api/v1/senders/a%00@b.example/data").json["code"] == "invalid_field"
    assert client.delete(f"/api/v1/senders/{ANN}/data?customers=perhaps").json["code"] == "invalid_field"
    assert site.client(None).get(f"/api/v1/senders/{ANN}/data").status_code == 401
