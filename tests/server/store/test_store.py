"""What is kept, what is not, and that what was acknowledged is there."""

from __future__ import annotations

import dataclasses
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from keeneye.store import Left, NameTaken, Owner, Store, StoreUnavailable, tables
from keeneye.store.migrations import migrate
from keeneye.store.relations import Keys, Relation
from keeneye.store.secret import Secret

ADDRESS = "Buyer@Acme.example"


def verdict(**changes: Any) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "message_id": "<marker-id@acme.example>",
        "category": "fraud",
        "grade": "F",
        "stars": 0,
        "risk": 91.0,
        "banner": "danger",
        "policy": "0" * 64,
        "graded_at": "2026-11-25T08:00:00Z",
        "headline": "marker headline",
        "findings": [
            {
                "id": "links.password-request",
                "outcome": "hit",
                "points": -40.0,
                "title": "marker title",
                "text": "marker text",
                "evidence": [
                    {"part": "text", "quote": "marker quote", "start": 3, "end": 9},
                    {"part": "header:X-Marker-Secret", "quote": "v", "start": 0, "end": 1},
                    {"part": "header:Reply-To", "quote": "v", "start": 0, "end": 1},
                ],
            }
        ],
        "facts": {
            "origin": {"ip": "192.0.2.7", "country": "DE", "asn": 1, "hops": [{"from": "marker-host"}]},
            "sender": {"address": "buyer@acme.example", "mailbox": "company"},
            "contact": {"person": "marker person"},
            "language": "en",
        },
        "advice": {"handling": ["wait"], "questions": ["marker question"], "checks": [{"url": "marker"}]},
        "message": {"body": "marker body"},
    } | changes


def left(store: Store, owner: Owner, given: dict[str, Any], address: str | None, content: bytes) -> Left:
    """A message of its own that leaves nothing but itself."""
    party = store.secret.address(address) if address else None
    message = uuid.uuid4().bytes
    keys = Keys(message, (), party, None, None, False)
    danger = given["banner"] == "danger"
    relation = Relation(owner.tenant_id, owner.token_id, keys, message, int(time.time()), danger, frozenset(), None, "")
    return Left(given, address, content, relation)


@pytest.fixture
def owner(store: Store) -> Owner:
    found = store.owner(store.create_token("desk"))
    assert found is not None
    return found


def test_tokens(store: Store) -> None:
    token = store.create_token("desk")
    found = store.owner(token)
    assert found is not None
    assert found.name == "desk"
    assert store.owner(token + "x") is None
    assert store.owner("\ud800") is None
    with pytest.raises(NameTaken):
        store.create_token("desk")
    assert store.revoke_token("desk")
    assert not store.revoke_token("desk")
    assert [t.name for t in store.list_tokens() if t.revoked_at is not None] == ["desk"]


def test_revoked_token_is_refused_within_a_second(store: Store) -> None:
    token = store.create_token("desk")
    assert store.owner(token) is not None
    store.revoke_token("desk")
    time.sleep(1.05)
    assert store.owner(token) is None


def test_expired_token_is_refused(store: Store) -> None:
    assert store.owner(store.create_token("old", int(time.time()) - 1)) is None
    assert store.owner(store.create_token("new", int(time.time()) + 60)) is not None


def test_tokens_are_stored_hashed(store: Store) -> None:
    token = store.create_token("desk")
    with store.engine.connect() as connection:
        row = connection.execute(select(tables.tokens)).one()
    assert token.encode() not in repr(row).encode()
    assert token[4:].encode() not in row.hash


def test_pairing_code_works_once(store: Store) -> None:
    code = store.create_pairing_code("laptop")
    assert len(code.replace("-", "")) >= 8
    paired = store.redeem(f" {code.lower().replace('-', ' ')} ")
    assert paired is not None
    token, name = paired
    assert name == "laptop"
    found = store.owner(token)
    assert found is not None
    assert found.name == "laptop"
    assert store.redeem(code) is None


def test_expired_pairing_code_is_refused(store: Store) -> None:
    assert store.redeem(store.create_pairing_code("late", seconds=-1)) is None


def test_code_for_a_name_that_was_taken_meanwhile_stays_good(store: Store) -> None:
    code = store.create_pairing_code("laptop")
    store.create_token("laptop")
    with pytest.raises(NameTaken):
        store.redeem(code)
    with pytest.raises(NameTaken):
        store.create_pairing_code("laptop")


def test_of_many_that_redeem_at_once_one_wins(store: Store) -> None:
    code = store.create_pairing_code("laptop")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: store.redeem(code), range(8)))
    assert sum(r is not None for r in results) == 1
    assert len(store.list_tokens()) == 1


def test_verdict_comes_back_without_what_the_message_says(store: Store, owner: Owner) -> None:
    given = verdict()
    store.save_verdicts(owner, [left(store, owner, given, ADDRESS, b"raw")])
    kept = store.verdict(owner, given["id"])
    assert kept is not None
    assert "marker" not in repr({k: v for k, v in kept.items() if k != "left_out"}).lower()
    assert "192.0.2.7" not in repr(kept)
    assert "acme" not in repr(kept)
    assert kept["category"] == "fraud"
    assert kept["findings"][0]["evidence"] == [
        {"part": "text", "start": 3, "end": 9},
        {"part": "header:", "start": 0, "end": 1},
        {"part": "header:Reply-To", "start": 0, "end": 1},
    ]
    assert kept["facts"]["origin"] == {"country": "DE", "asn": 1}
    assert kept["advice"] == {"handling": ["wait"]}
    assert {"message_id", "findings.evidence.quote", "facts.contact"} <= set(kept["left_out"])


def test_evidence_is_kept_when_the_admin_says_so(url: str, store: Store, owner: Owner) -> None:
    keeping = Store(url, store.secret, keep_evidence=True)
    given = verdict()
    keeping.save_verdicts(owner, [left(keeping, owner, given, ADDRESS, b"raw")])
    kept = keeping.verdict(owner, given["id"])
    keeping.close()
    assert kept is not None
    assert kept["findings"] == given["findings"]
    assert kept["left_out"] == []
    assert "message" not in kept


def test_another_tenant_sees_nothing(store: Store, owner: Owner) -> None:
    given = verdict()
    store.save_verdicts(owner, [left(store, owner, given, ADDRESS, b"raw")])
    other = Owner(2, 99, "other")
    assert store.verdict(other, given["id"]) is None
    assert store.sender(other, ADDRESS) is None
    assert not store.add_feedback(other, given["id"], "fake", "")
    assert not store.undo_feedback(other, given["id"])


def test_sender_is_counted_under_a_key_that_names_nobody(store: Store, owner: Owner) -> None:
    store.save_verdicts(
        owner,
        [
            left(store, owner, verdict(), ADDRESS, b"1"),
            left(store, owner, verdict(banner="none"), "buyer@acme.example", b"2"),
        ],
    )
    store.save_verdicts(
        owner, [left(store, owner, verdict(), ADDRESS, b"3"), left(store, owner, verdict(), None, b"4")]
    )
    known = store.sender(owner, " buyer@ACME.example ")
    assert known is not None
    assert (known.messages, known.danger) == (3, 2)
    assert known.first_seen <= known.last_seen
    assert store.sender(owner, "other@acme.example") is None
    with store.engine.connect() as connection:
        keys = connection.execute(select(tables.senders.c.address)).scalars().all()
    assert keys == [store.secret.address("buyer@acme.example")]
    assert keys != [Secret(b"another secret of thirty-two bytes").address("buyer@acme.example")]


def test_feedback_and_undo(store: Store, owner: Owner) -> None:
    given = verdict()
    store.save_verdicts(owner, [left(store, owner, given, ADDRESS, b"raw")])
    assert store.add_feedback(owner, given["id"], "fake", "called them")
    assert store.add_feedback(owner, given["id"], "genuine", "")
    kept = store.verdict(owner, given["id"])
    assert kept is not None
    assert [(f["label"], f["note"]) for f in kept["feedback"]] == [("fake", "called them"), ("genuine", "")]
    known = store.sender(owner, ADDRESS)
    assert known is not None
    assert known.labels == {"fake": 1, "genuine": 1}
    assert not store.undo_feedback(dataclasses.replace(owner, token_id=None), given["id"])
    assert store.undo_feedback(owner, given["id"])
    kept = store.verdict(owner, given["id"])
    assert kept is not None
    assert [f["label"] for f in kept["feedback"]] == ["fake"]
    assert not store.add_feedback(owner, "0" * 32, "fake", "")


def test_sweep_removes_what_is_too_old(store: Store, owner: Owner) -> None:
    given = verdict()
    store.save_verdicts(owner, [left(store, owner, given, ADDRESS, b"raw")])
    store.add_feedback(owner, given["id"], "fake", "")
    store.create_pairing_code("late")
    assert store.sweep() == 0
    assert store.sweep(int(time.time()) + 366 * 86400) == 6
    assert store.verdict(owner, given["id"]) is None
    assert store.sender(owner, ADDRESS) is None


def test_one_bad_row_does_not_cost_its_neighbours_theirs(store: Store, owner: Owner) -> None:
    double = verdict()
    store.save_verdicts(owner, [left(store, owner, double, None, b"1")])
    good = [verdict() for _ in range(20)]

    def save(one: dict[str, Any]) -> bool:
        try:
            store.save_verdicts(owner, [left(store, owner, one, ADDRESS, b"x")])
        except StoreUnavailable:
            return False
        return True

    with ThreadPoolExecutor(21) as pool:
        saved = list(pool.map(save, [*good[:10], double, *good[10:]]))
    assert [i for i, ok in enumerate(saved) if not ok] == [10]
    assert all(store.verdict(owner, one["id"]) for one in good)
    known = store.sender(owner, ADDRESS)
    assert known is not None
    assert known.messages == 20


def test_many_writers_share_commits(store: Store, owner: Owner) -> None:
    commits = 0

    def count(*_: object) -> None:
        nonlocal commits
        commits += 1

    from sqlalchemy import event

    event.listen(store.engine, "commit", count)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: store.save_verdicts(owner, [left(store, owner, verdict(), ADDRESS, b"x")]), range(400)))
    with store.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.verdicts)).scalar_one() == 400
    assert commits < 200


def test_database_that_is_away_is_said(tmp_path: Path, owner: Owner) -> None:
    away = Store(f"sqlite:///{tmp_path}/empty.sqlite3", Secret(b"x" * 32))
    with pytest.raises(StoreUnavailable):
        away.save_verdicts(owner, [left(away, owner, verdict(), None, b"")])
    with pytest.raises(StoreUnavailable):
        away.verdict(owner, "0")
    with pytest.raises(StoreUnavailable):
        away.owner("kee_x")
    assert not away.ready()
    migrate(away.engine)
    assert away.ready()
    away.close()


def test_sqlite_is_set_for_durability(tmp_path: Path) -> None:
    made = Store(f"sqlite:///{tmp_path}/k.sqlite3", Secret(b"x" * 32))
    with made.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
    made.close()
