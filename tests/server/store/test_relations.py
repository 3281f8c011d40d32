"""Whom a message concerns: the other side, and the mailbox of ours."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from keeneye import mail
from keeneye.model import About, Firm, Payload
from keeneye.store import Left, Store
from keeneye.store.relations import Keys, Relation, keys, recall
from keeneye.store.secret import Secret

SECRET = Secret(b"0123456789abcdef0123456789abcdef")
FIRM = Firm(domains=("exporter.example",))


def keys_of(own: bool, **headers: str) -> Keys:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    read = mail.read(Payload(raw=f"{head}\r\nHello".encode()))
    return keys(About(read, FIRM, read.from_, None, own, datetime(2026, 11, 25, tzinfo=UTC)), SECRET)


@pytest.mark.parametrize("colleague", ["wu@exporter.example", "wu@cn.exporter.example"])
def test_the_other_side_of_our_own_mail_is_no_colleague(colleague: str) -> None:
    made = keys_of(own=True, From="li@exporter.example", To=f"{colleague}, ann@buyer.example")
    assert made.party == SECRET.address("ann@buyer.example")


@pytest.mark.parametrize("ours", ["wu@exporter.example", "wu@cn.exporter.example"])
def test_the_mailbox_that_a_message_reached_may_be_of_a_branch(ours: str) -> None:
    made = keys_of(own=False, From="ann@buyer.example", To=f"bo@other.example, {ours}")
    assert made.mailbox == SECRET.short("mailbox", ours)


def test_a_name_that_only_ends_like_ours_is_not_ours() -> None:
    assert keys_of(own=False, From="ann@buyer.example", To="wu@notexporter.example").mailbox is None


def grade(store: Store, message: bytes, at: int, banner: str) -> Keys:
    """Keep a message of Ann's as graded at this second."""
    owner = store.owner(store.create_token(uuid.uuid4().hex))
    assert owner is not None
    named = Keys(message, (), SECRET.address("ann@buyer.example"), None, None, False)
    relation = Relation(owner.tenant_id, None, named, message, at, banner == "danger", frozenset(), None, "")
    verdict: dict[str, Any] = {
        "id": uuid.uuid4().hex, "category": "fraud", "grade": "F", "stars": 0, "risk": 91.0, "banner": banner,
        "policy": "0" * 64, "findings": [], "facts": {}, "advice": {},
    }  # fmt: skip
    store.save_verdicts(owner, [Left(verdict, "ann@buyer.example", message, relation)])
    return named


def test_a_message_graded_again_tells_nothing_of_itself(store: Store) -> None:
    first = grade(store, b"1" * 16, 1000, "danger")
    middle = grade(store, b"2" * 16, 1500, "none")
    last = grade(store, b"3" * 16, 2000, "danger")
    new = replace(middle, message=b"4" * 16)

    def told(asked: Keys) -> tuple[int, int, float, float]:
        with store.reading() as connection:
            h = recall(connection, 1, asked).history
        assert h.first_seen is not None
        assert h.last_seen is not None
        return h.messages_from_sender, h.danger_from_sender, h.first_seen.timestamp(), h.last_seen.timestamp()

    assert told(new) == (3, 2, 1000, 2000)
    assert told(first) == (2, 1, 1500, 2000)
    assert told(last) == (2, 1, 1000, 1500)
    assert told(middle) == (2, 2, 1000, 2000)


def test_the_only_message_graded_again_has_no_history(store: Store) -> None:
    only = grade(store, b"1" * 16, 1000, "danger")
    with store.reading() as connection:
        h = recall(connection, 1, only).history
    assert (h.messages_from_sender, h.danger_from_sender, h.first_seen, h.last_seen) == (0, 0, None, None)
