"""Erasure of one person in each database: no row of any table holds the key, and no other row is touched."""

from __future__ import annotations

import secrets
import zlib
from typing import Any

from rows import counts, fill
from sqlalchemy import Connection, delete, insert, select, update

from keeneye.store import Store, person, tables, tenants
from keeneye.store.sketch import SIZE, bands

ANN, BOB = "ann@acme.example", "bob@acme.example"
BODY = zlib.compress(b"{}")


def leave(connection: Connection, store: Store, tenant_id: int, address: str) -> None:
    """A row of the person in every table that has any of persons."""
    key = store.secret.address(address)
    fill(connection, tenant_id, sender=key, party=key, name=f"{address} {secrets.token_hex(3)}", value=address,
         sketch=secrets.token_bytes(SIZE), body=BODY, content=BODY, told="", confirmed="", profile=None,
         theirs=1, ours=0, thread=secrets.token_bytes(16), people="[]", domain=secrets.token_bytes(16))  # fmt: skip
    f = tables.fingerprints.c
    made = connection.execute(select(f.id, f.sketch).where(f.tenant_id == tenant_id).order_by(f.id.desc())).first()
    assert made is not None
    connection.execute(delete(tables.bands).where(tables.bands.c.fingerprint_id.not_in(select(f.id))))
    connection.execute(delete(tables.bands).where(tables.bands.c.fingerprint_id == made.id))
    connection.execute(
        insert(tables.bands),
        [{"tenant_id": tenant_id, "band": band, "fingerprint_id": made.id} for band in bands(made.sketch)],
    )
    s = tables.senders.c
    connection.execute(
        update(tables.senders).where(s.tenant_id == tenant_id, s.address.not_in(keys(store))).values(address=key)
    )


def keys(store: Store) -> list[bytes]:
    return [store.secret.address(a) for a in (ANN, BOB)]


def holders(connection: Connection, key: bytes) -> set[str]:
    return {
        str(table.name)
        for table in tables.metadata.sorted_tables
        for row in connection.execute(select(table))
        if key in row
    }


def test_erased_everywhere_and_nothing_else(store: Store) -> None:
    kiel = tenants.create(store.engine, "Kiel")
    ann = store.secret.address(ANN)
    with store.engine.begin() as connection:
        leave(connection, store, 1, BOB)
        bobs: dict[str, Any] = counts(connection, 1)
        leave(connection, store, 1, ANN)
        leave(connection, store, kiel, ANN)
        elsewhere = counts(connection, kiel)
        persons = {"verdicts", "contents", "feedback", "level_changes", "senders", "messages", "fingerprints"}
        assert holders(connection, ann) == persons
        kept = person.export(connection, 1, store.secret, " Ann@ACME.example")
        assert all(len(kept[k]) == 1 for k in persons - {"senders"})
        assert kept["sender"]["messages"] == 1
        assert [one["emails"] for one in kept["customers"]] == [[ANN]]
    with store.engine.begin() as connection:
        gone = person.erase(connection, 1, store.secret, ANN)
        assert gone == dict.fromkeys((*persons, "threads"), 1)
    with store.engine.connect() as connection:
        left = counts(connection, 1)
        kept_lists = {"customers", "customer_addresses", "products", "partners"}
        others = {"tokens", "pairing_codes", "visits", "weblogs"}
        assert {k: n for k, n in left.items() if n != bobs[k]} == dict.fromkeys((kept_lists | others) & set(left), 2)
        assert counts(connection, kiel) == elsewhere
        assert holders(connection, store.secret.address(BOB)) == persons
    with store.engine.begin() as connection:
        gone = person.erase(connection, 1, store.secret, ANN, customers=True)
        assert gone == {"customer_addresses": 1, "customers": 1}
        assert person.erase(connection, 1, store.secret, ANN, customers=True) == {}


def test_an_error_leaves_all_of_it(store: Store) -> None:
    with store.engine.begin() as connection:
        leave(connection, store, 1, ANN)
        before = counts(connection, 1)
    with store.engine.connect() as connection:
        person.erase(connection, 1, store.secret, ANN, customers=True)
        connection.rollback()
        assert counts(connection, 1) == before
