"""Backup and restore, tried from each database to each; a spoilt file changes nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rows import fill
from sqlalchemy import Engine, create_engine, func, insert, select, text

from keeneye.store import Store, dump, tables, tenants
from keeneye.store.dump import NotRestored
from keeneye.store.migrations import migrate
from keeneye.store.secret import Secret, read_secret
from keeneye.store.sketch import SIZE, bands

KEY = b"0123456789abcdef0123456789abcdef"
NEW = Secret(b"f" * 32)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Another store, with empty tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/other.sqlite3"
    else:
        server = str(request.getfixturevalue("postgres"))
        name = f"other_{secrets.token_hex(4)}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        url = server.rpartition("/")[0] + "/" + name
    made = Store(url, NEW)
    migrate(made.engine)
    yield made
    made.close()


def filled(store: Store, times: int = 3) -> None:
    tenants.create(store.engine, "Kiel 基尔")
    with store.engine.begin() as connection:
        for i in range(times):
            for tenant in (1, 2):
                fill(connection, tenant, sketch=secrets.token_bytes(SIZE), name=f"Fürst {i}", content=bytes(range(256)))


def content(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            t.name: sorted(map(repr, connection.execute(select(t)))) for t in tables.metadata.sorted_tables
            if t is not tables.bands
        }  # fmt: skip


def band_rows(engine: Engine) -> set[tuple[int, int, int]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(select(tables.bands))}  # type: ignore[misc]


def test_all_that_was_there_is_there_again_in_any_database(store: Store, other: Store, tmp_path: Path) -> None:
    filled(store)
    file, key = tmp_path / "backup.gz", tmp_path / "restored.key"
    counts = dump.backup(store.engine, KEY, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert dump.restore(other.engine, file, key) == counts
    assert content(other.engine) == content(store.engine)
    with other.engine.connect() as connection:
        kept = connection.execute(select(tables.fingerprints)).all()
    assert band_rows(other.engine) == {(f.tenant_id, b, f.id) for f in kept for b in bands(f.sketch)}
    assert key.stat().st_mode & 0o777 == 0o600
    assert read_secret(key).address("a@b.example") == Secret(KEY).address("a@b.example")
    # ids go on behind the restored ones
    other.create_token("after all")
    with other.engine.begin() as connection:
        fill(connection, 1, name="after", sketch=secrets.token_bytes(SIZE))
    assert tenants.create(other.engine, "Bremen") == 3


def test_a_backup_is_one_moment(store: Store, other: Store, tmp_path: Path) -> None:
    """Rows that are written while it runs come whole or not at all: a customer always has its address."""
    filled(store, 40)
    stop = threading.Event()

    def go_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with store.engine.begin() as connection:
                row = {"tenant_id": 1, "name": f"N {number}", "ordered": 0, "sampled": 0, "visited": 0, "standing": "",
                       "people": "[]", "updated_at": 1}  # fmt: skip
                connection.execute(insert(tables.customers), row)
                made = connection.execute(select(func.max(tables.customers.c.id))).scalar_one()
                connection.execute(
                    insert(tables.customer_addresses), {"tenant_id": 1, "value": f"n{number}", "customer_id": made}
                )

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        for i in range(5):
            dump.backup(store.engine, KEY, tmp_path / f"{i}.gz")
    finally:
        stop.set()
        writer.join()
    for i in range(5):
        dump.restore(other.engine, tmp_path / f"{i}.gz", tmp_path / "key", force=True)
        with other.engine.connect() as connection:
            names = connection.scalar(
                select(func.count()).select_from(tables.customers).where(tables.customers.c.name.like("N %"))
            )
            addresses = connection.scalar(
                select(func.count())
                .select_from(tables.customer_addresses)
                .where(tables.customer_addresses.c.value.like("n%"))
            )
        assert names == addresses


def test_a_store_that_holds_something_is_replaced_only_by_force(store: Store, tmp_path: Path) -> None:
    file, key = tmp_path / "backup.gz", tmp_path / "key"
    filled(store)
    dump.backup(store.engine, KEY, file)
    with store.engine.begin() as connection:
        fill(connection, 1, name="newer", sketch=secrets.token_bytes(SIZE))
    before = content(store.engine)
    with pytest.raises(NotRestored, match="not empty"):
        dump.restore(store.engine, file, key)
    assert content(store.engine) == before
    assert not key.exists()
    dump.restore(store.engine, file, key, force=True)
    assert content(store.engine) != before


def spoilt(good: bytes) -> dict[str, bytes]:
    """Files that are no whole backup."""
    lines = gzip.decompress(good).splitlines(keepends=True)

    def packed(*some: bytes) -> bytes:
        return gzip.compress(b"".join(some))

    changed = lines[3].replace(b"F\xc3\xbcrst", b"Furst") if b"F\xc3\xbcrst" in lines[3] else lines[3][:-2] + b"1]\n"
    newer = json.dumps(json.loads(lines[0]) | {"revision": "9999"}).encode() + b"\n"
    return {
        "cut in the gzip": good[: len(good) // 2],
        "cut by one byte": good[:-1],
        "a byte changed": good[: len(good) // 2] + bytes([good[len(good) // 2] ^ 1]) + good[len(good) // 2 + 1 :],
        "cut at a line": packed(*lines[:-1]),
        "a row missing": packed(*lines[:3], *lines[4:]),
        "a row changed": packed(*lines[:3], changed, *lines[4:]),
        "something behind": packed(*lines, lines[3]),
        "newer": packed(newer, *lines[1:]),
        "no backup": packed(b'{"a": 1}\n'),
        "no JSON": packed(b"hello\n"),
        "no gzip": b"".join(lines),
        "empty": b"",
    }


def test_a_spoilt_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    file, key = tmp_path / "backup.gz", tmp_path / "key"
    filled(store, 2)
    dump.backup(store.engine, KEY, file)
    before = content(store.engine)
    for what, data in spoilt(file.read_bytes()).items():
        bad = tmp_path / "bad.gz"
        bad.write_bytes(data)
        with pytest.raises(NotRestored):
            dump.restore(store.engine, bad, key, force=True)
        assert content(store.engine) == before, what
        assert not key.exists(), what


def test_an_error_in_the_middle_changes_nothing(store: Store, tmp_path: Path) -> None:
    """A file whose sums agree, but whose rows the database refuses."""
    file, key = tmp_path / "backup.gz", tmp_path / "key"
    filled(store, 1)
    dump.backup(store.engine, KEY, file)
    before = content(store.engine)
    *lines, end = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if b'"table":"feedback"' in line) + 1
    lines.insert(at, lines[at])  # the same key twice
    counts = json.loads(end)["end"]
    counts["feedback"] += 1
    sums = hashlib.sha256(b"".join(lines)).hexdigest()
    file.write_bytes(gzip.compress(b"".join(lines) + json.dumps({"end": counts, "sha256": sums}).encode() + b"\n"))
    dump.check(file)
    with pytest.raises(Exception, match=r"(?i)unique"):
        dump.restore(store.engine, file, key, force=True)
    assert content(store.engine) == before
    assert not key.exists()


def test_an_older_versions_backup_is_brought_up_to_date(other: Store, tmp_path: Path) -> None:
    head = {"keeneye": 1, "revision": "0001", "made_at": 1, "secret": KEY.decode()}
    sender = base64.b64encode(b"s" * 32).decode()
    lines: list[Any] = [
        head,
        {"table": "tenants", "columns": ["id", "name"]}, [1, "default"], [2, "Kiel"],
        {"table": "senders", "columns": ["tenant_id", "address", "messages", "danger", "first_seen", "last_seen"]},
        [2, sender, 5, 1, 10, 20],
    ]  # fmt: skip
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    end = {"end": {"tenants": 2, "senders": 1}, "sha256": hashlib.sha256(data).hexdigest()}
    file = tmp_path / "old.gz"
    file.write_bytes(gzip.compress(data + json.dumps(end).encode() + b"\n"))
    dump.restore(other.engine, file, tmp_path / "key")
    with other.engine.connect() as connection:
        [row] = connection.execute(select(tables.senders)).all()
        assert (row.tenant_id, row.address, row.messages, row.ours, row.told) == (2, b"s" * 32, 5, 0, "")
        assert connection.scalars(select(tables.tenants.c.name).order_by(tables.tenants.c.id)).all() == [
            "default", "Kiel",
        ]  # fmt: skip
    assert read_secret(tmp_path / "key").address("x") == Secret(KEY).address("x")


def test_a_failed_backup_leaves_the_older_one(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.gz"
    dump.backup(store.engine, KEY, file)
    before = file.read_bytes()
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE feedback RENAME TO away"))
    try:
        with pytest.raises(Exception, match="feedback"):
            dump.backup(store.engine, KEY, file)
    finally:
        with store.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO feedback"))
    assert file.read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob("*backup*")) == ["backup.gz"]
