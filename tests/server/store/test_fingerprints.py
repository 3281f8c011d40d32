"""The same text in several mailboxes, on SQLite and PostgreSQL."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from keeneye.model import SameText
from keeneye.store import DEFAULT_TENANT, Store, fingerprints, tables
from keeneye.store.fingerprints import ENDS, STEP, Fingerprint
from keeneye.store.relations import Keys
from keeneye.store.secret import Secret
from keeneye.store.sketch import BANDS, Sketcher, bands

sys.path.insert(0, str(Path(__file__).parent))
from letters import GENUINE, mass_mailing, mass_mailing_zh

SECRET = Secret(b"0123456789abcdef0123456789abcdef")
SKETCHER = Sketcher(SECRET.key("sketch"))
START = 1_700_000_000


def key(name: str) -> bytes:
    return SECRET.short("test", name)


def sketch(text: str) -> bytes:
    made = SKETCHER.sketch(text)
    assert made is not None
    return made


def print_of(
    text: str,
    message: str,
    colleague: str | None = "li@exporter.example",
    sender: str | None = "anna@buyer.example",
    at: int = START,
    tenant: int = DEFAULT_TENANT,
) -> Fingerprint:
    party = SECRET.address(sender) if sender else None
    keys = Keys(key(message), (), party, None, key(colleague) if colleague else None, own=False)
    return Fingerprint(tenant, keys, sketch(text), at)


def keep(store: Store, *made: Fingerprint) -> None:
    with store.engine.begin() as connection:
        fingerprints.write(connection, made)


def ask(store: Store, one: Fingerprint, thread: str | None = None) -> SameText | None:
    with store.engine.connect() as connection:
        return fingerprints.recall(connection, one.tenant_id, one.sketch, one.keys, key(thread) if thread else None)


def count(store: Store) -> tuple[int, int]:
    with store.engine.connect() as connection:
        rows = [
            connection.execute(select(func.count()).select_from(t)).scalar_one()
            for t in (tables.fingerprints, tables.bands)
        ]
    return rows[0], rows[1]


@pytest.mark.parametrize("letter", [mass_mailing, mass_mailing_zh])
def test_a_mass_mailing_to_twenty_colleagues_is_found_at_the_second_copy(store: Store, letter: object) -> None:
    assert callable(letter)
    keep(
        store, *(print_of(text, f"own{n}", f"{n}@exporter.example", f"{n}@b.example") for n, text in enumerate(GENUINE))
    )
    for n in range(20):
        one = print_of(letter(n), f"m{n}", f"colleague{n}@exporter.example", at=START + n * 60)
        found = ask(store, one)
        if n == 0:
            assert found is None
        else:
            assert found is not None
            assert (found.colleagues, found.messages, found.senders) == (n, n, 0)
            assert found.since == datetime.fromtimestamp(START, UTC)
            assert 0.55 <= found.likeness <= 1
        keep(store, one)


def test_inquiries_for_the_same_goods_are_not_the_same_text(store: Store) -> None:
    for n, text in enumerate(GENUINE):
        one = print_of(text, f"m{n}", f"colleague{n}@exporter.example", f"{n}@buyer.example")
        assert ask(store, one) is None
        keep(store, one)


@pytest.mark.parametrize(
    ("colleague", "sender", "expected"),
    [
        ("wu@exporter.example", "anna@buyer.example", (1, 1, 0)),  # the same letter to a colleague
        ("wu@exporter.example", "bo@other.example", (1, 1, 1)),
        ("li@exporter.example", "bo@other.example", (0, 1, 1)),  # somebody else sends it to the same person
        ("li@exporter.example", "anna@buyer.example", None),  # asks once more
        (None, "anna@buyer.example", None),  # may be once more
        (None, "bo@other.example", (0, 1, 1)),
        ("wu@exporter.example", None, (1, 1, 0)),
    ],
)
def test_who_wrote_to_whom(
    store: Store, colleague: str | None, sender: str | None, expected: tuple[int, int, int] | None
) -> None:
    keep(store, print_of(mass_mailing(0), "first"))
    found = ask(store, print_of(mass_mailing(1), "second", colleague, sender))
    assert (found and (found.colleagues, found.messages, found.senders)) == expected


def test_one_message_in_two_mailboxes_is_one(store: Store) -> None:
    """Written openly to two colleagues: each client hands it over, under one Message-ID."""
    keep(store, print_of(mass_mailing(0), "first"))
    again = print_of(mass_mailing(0), "first", "wu@exporter.example", at=START + 5)
    assert ask(store, again) is None
    keep(store, again, again)
    keep(store, again)
    assert count(store) == (2, 2 * BANDS)
    other = ask(store, print_of(mass_mailing(1), "other", "sun@exporter.example", at=START + 9))
    assert other is not None
    assert (other.colleagues, other.messages) == (2, 1), "both mailboxes have it, though it is one message"


def test_a_message_graded_without_its_mailbox_is_one_more_row_at_most(store: Store) -> None:
    for _ in range(2):
        keep(store, print_of(mass_mailing(0), "first", None), print_of(mass_mailing(0), "first"))
    assert count(store) == (2, 2 * BANDS)
    other = ask(store, print_of(mass_mailing(1), "other", "sun@exporter.example"))
    assert other is not None
    assert (other.colleagues, other.messages) == (1, 1)


def test_a_thread_is_no_mass_mailing(store: Store) -> None:
    keep(store, print_of(mass_mailing(0), "first"))
    with store.engine.begin() as connection:
        row = {
            "tenant_id": DEFAULT_TENANT,
            "message": key("first"),
            "thread": key("thread"),
            "ours": 0,
            "seen_at": START,
        }
        connection.execute(insert(tables.messages), row)
    reply = print_of(mass_mailing(0), "reply", "wu@exporter.example")
    assert ask(store, reply, thread="thread") is None
    assert ask(store, reply, thread="other") is not None


def test_tenants_do_not_see_each_other(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(insert(tables.tenants), {"id": 2, "name": "other"})
    keep(store, print_of(mass_mailing(0), "first", tenant=2))
    one = print_of(mass_mailing(1), "second", "wu@exporter.example")
    assert ask(store, one) is None
    keep(store, one, print_of(mass_mailing(1), "first"))
    assert count(store) == (3, 3 * BANDS)


def test_a_letter_that_came_a_thousand_times_is_bounded(store: Store) -> None:
    first, *rest = (
        print_of(mass_mailing(0), f"m{n}", f"{n % 300}@exporter.example", at=START + n) for n in range(1000)
    )
    keep(store, first)
    keep(store, *rest)
    found = ask(store, print_of(mass_mailing(0), "new", "new@exporter.example", at=START + 5000))
    assert found is not None
    assert found.messages == 2 * ENDS
    assert found.since == datetime.fromtimestamp(START, UTC)


def test_old_ones_go_with_their_bands(store: Store) -> None:
    old = [print_of(GENUINE[n % 8], f"old{n}", at=START) for n in range(STEP + 3)]
    keep(store, *old, print_of(mass_mailing(0), "new", at=START + 10))
    removed = []
    while True:
        with store.engine.begin() as connection:
            removed.append(fingerprints.sweep(connection, START + 10))
        if not removed[-1]:
            break
    assert removed == [STEP, 3, 0]
    assert count(store) == (1, BANDS)
    assert ask(store, print_of(mass_mailing(1), "next", "wu@exporter.example")) is not None


def test_a_senders_go_when_they_are_erased(store: Store) -> None:
    keep(
        store,
        print_of(GENUINE[0], "a"),
        print_of(GENUINE[1], "b"),
        print_of(mass_mailing(0), "c", sender="bo@other.example"),
    )
    with store.engine.begin() as connection:
        assert fingerprints.erase(connection, DEFAULT_TENANT + 1, SECRET.address("anna@buyer.example")) == 0
        assert fingerprints.erase(connection, DEFAULT_TENANT, SECRET.address("Anna@buyer.example")) == 2
        assert fingerprints.erase(connection, DEFAULT_TENANT, SECRET.address("anna@buyer.example")) == 0
    assert count(store) == (1, BANDS)


def test_no_word_is_kept(store: Store) -> None:
    keep(store, print_of(GENUINE[0], "a"))
    with store.engine.connect() as connection:
        row = connection.execute(select(tables.fingerprints)).one()
        kept = set(connection.execute(select(tables.bands.c.band)).scalars())
    assert row.sketch == sketch(GENUINE[0])
    assert kept == set(bands(row.sketch))
    assert b"buyer" not in b"".join(v for v in row if isinstance(v, bytes))
