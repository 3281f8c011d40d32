"""What the memory costs when it is full: a look-up among many stored messages, and keeping one more.

Usage: python tests/bench/memory.py [--rows N] [--url URL] [--lookups N] [--keep FILE] [--json FILE]
Fills an empty database (a new SQLite file; or --url, whose tables must be empty) with N messages of N/4 senders:
verdicts, senders, domains, threads, fingerprints, as the server leaves them. Then asks and writes as the server does.
Prints milliseconds, never asserts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, Table

from keeneye.store import DEFAULT_TENANT, Store, fingerprints, relations, tables
from keeneye.store.migrations import migrate
from keeneye.store.relations import Keys, Relation
from keeneye.store.secret import Secret
from keeneye.store.sketch import BANDS, MINIMA, ROWS, VALUES

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = Secret(b"bench" * 8)
BODY = 1_300  # bytes of a stored verdict, as measured on the project's own mail
PER_SENDER = 4
HOT = 10_000  # copies of the one letter that everybody gets
ALIKE = 20  # copies of each other mass mailing; every tenth message is one
NOW = 1_790_000_000
Progress = Callable[[str], None]


def load(engine: Engine, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put many rows into an empty table as fast as the database can. Rows come in the order of the primary key."""
    names = ", ".join(columns)
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            places = ", ".join("?" for _ in columns)
            driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)
            return
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def address(number: int) -> str:
    """The address of the number-th stored sender."""
    return f"buyer{number}@firm{number}.example"


def message_id(number: int) -> str:
    """The Message-ID of the number-th stored message."""
    return f"m{number}@firm{number // PER_SENDER}.example"


def keys_of(number: int) -> Keys:
    """Keys of the number-th message: of a sender's four, the later ones answer the first."""
    sender = number // PER_SENDER
    first = sender * PER_SENDER
    return Keys(
        SECRET.short("message", message_id(number)),
        () if number == first else (SECRET.short("message", message_id(first)),),
        SECRET.address(address(sender)),
        SECRET.short("domain", f"firm{sender}.example"),
        SECRET.short("mailbox", f"colleague{number % 50}@exporter.example"),
        own=False,
    )


def sketches(count: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Sketches of unrelated texts; every tenth belongs to a mass mailing, and HOT are one and the same letter's."""
    chance = np.random.default_rng(1)
    minima = chance.integers(0, 256, (count, MINIMA), np.uint8)
    values = chance.integers(0, 0xFFFE, (count, VALUES), np.uint16)
    alike = np.arange(0, count, 10)
    hot = np.linspace(1, count - 9, min(HOT, count // 10)).astype(np.int64) // 10 * 10 + 1
    for part in (minima, values):
        for copies, of, share in ((alike, alike // 10 // ALIKE * ALIKE * 10, 0.75), (hot, np.ones_like(hot), 0.9)):
            kept = chance.random((copies.size, part.shape[1]), np.float32) < share
            part[copies] = np.where(kept, part[of], part[copies])
    values.sort(axis=1)
    return np.hstack((minima, values.astype("<u2").view(np.uint8)))


def new_text() -> bytes:
    """The sketch of a text that nobody sent before."""
    return os.urandom(MINIMA) + np.sort(np.frombuffer(os.urandom(2 * VALUES), "<u2")).tobytes()


def _band_rows(made: np.ndarray[Any, np.dtype[np.uint8]]) -> Iterator[tuple[int, int, int]]:
    """Rows of ``bands`` in the order of its primary key; the numbers of ``sketch.bands``."""
    for place in range(BANDS):
        band = np.full(len(made), place, np.int64)
        for minimum in made[:, place * ROWS : (place + 1) * ROWS].T:
            band = band << 8 | minimum
        order = np.argsort(band, kind="stable")
        for start in range(0, len(order), 100_000):
            some = order[start : start + 100_000]
            for value, number in zip(band[some].tolist(), (some + 1).tolist(), strict=True):
                yield DEFAULT_TENANT, value, number


def seed(engine: Engine, count: int, progress: Progress = lambda _: None) -> None:
    """Fill the tables with what ``count`` graded messages leave. The database must be migrated and empty."""
    senders = count // PER_SENDER
    at = [NOW - (count - n) * 30 for n in range(count)]
    progress("keys")
    keys = [keys_of(n) for n in range(count)]
    parties = [(keys[n * PER_SENDER].party, keys[n * PER_SENDER].domain, at[n * PER_SENDER]) for n in range(senders)]
    tenant = DEFAULT_TENANT

    progress("verdicts")
    noise = os.urandom(BODY + 4096)
    load(
        engine, tables.verdicts,
        ("id", "tenant_id", "fingerprint", "message", "sender", "graded_at", "category", "grade", "stars", "risk",
         "banner", "policy", "body"),
        ((f"{n:032x}", tenant, k.message + k.message, k.message, k.party, at[n], "potential_customer", "C", 3, 1.5,
          "none", "bench", noise[n % 4096 : n % 4096 + BODY]) for n, k in enumerate(keys)),
    )  # fmt: skip
    progress("senders")
    load(
        engine, tables.senders,
        ("tenant_id", "address", "messages", "danger", "first_seen", "last_seen", "ours", "genuine", "fake", "told",
         "confirmed", "level"),
        ((tenant, party, PER_SENDER, 0, seen, seen + 90, 0, 0, 0, "request.product request.quantity", "", 3)
         for party, _, seen in sorted(parties)),
    )  # fmt: skip
    load(
        engine, tables.domains, ("tenant_id", "domain", "messages", "danger", "first_seen", "last_seen"),
        ((tenant, domain, PER_SENDER, 0, seen, seen + 90) for _, domain, seen in sorted(parties, key=lambda p: p[1])),
    )  # fmt: skip
    progress("threads")
    firsts = sorted((keys[n * PER_SENDER].message, at[n * PER_SENDER]) for n in range(senders))
    load(
        engine, tables.threads, ("tenant_id", "thread", "theirs", "ours", "first_seen", "last_seen"),
        ((tenant, thread, PER_SENDER, 0, seen, seen + 90) for thread, seen in firsts),
    )  # fmt: skip
    numbered = sorted(range(count), key=lambda n: keys[n].message)
    load(
        engine, tables.messages, ("tenant_id", "message", "thread", "party", "domain", "ours", "seen_at"),
        ((tenant, keys[n].message, keys[n // PER_SENDER * PER_SENDER].message, keys[n].party, keys[n].domain, 0, at[n])
         for n in numbered),
    )  # fmt: skip
    progress("fingerprints")
    made = sketches(count)
    load(
        engine, tables.fingerprints, ("id", "tenant_id", "message", "colleague", "sender", "sketch", "seen_at"),
        ((n + 1, tenant, k.message, k.mailbox, k.party, made[n].tobytes(), at[n]) for n, k in enumerate(keys)),
    )  # fmt: skip
    progress("bands")
    load(engine, tables.bands, ("tenant_id", "band", "fingerprint_id"), _band_rows(made))
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('fingerprints', 'id'), (SELECT max(id) FROM fingerprints))"
            )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def timed(name: str, works: Iterable[Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of the calls: by the wall clock, and of this thread's CPU, to which other programs add nothing."""
    taken, cpu = [], []
    for work in works:
        start, busy = time.perf_counter(), time.thread_time()
        work()
        taken.append((time.perf_counter() - start) * 1000)
        cpu.append((time.thread_time() - busy) * 1000)
    skip = len(taken) // 10  # the first fill caches that a server has full
    ordered = sorted(taken[skip:])
    figures = {
        "median_ms": statistics.median(ordered),
        "p99_ms": ordered[int(len(ordered) * 0.99)],
        "worst_ms": ordered[-1],
        "cpu_ms": statistics.fmean(cpu[skip:]),
    }
    print(f"  {name:<46}" + "".join(f"{v:9.2f}" for v in figures.values()))
    return figures


def measure(store: Store, count: int, lookups: int) -> dict[str, dict[str, float]]:
    """Look-ups and commits as the server makes them."""
    chance = np.random.default_rng(2)
    stored = sketches(count)
    texts = {
        "a new text": [new_text() for _ in range(lookups)],
        "a mass mailing's next copy": [stored[n // 10 * 10].tobytes() for n in chance.integers(0, count, lookups)],
        f"the letter that came {min(HOT, count // 10):,} times": [stored[1].tobytes()] * lookups,
    }
    new = [keys_of(count + n) for n in range(lookups)]
    known = [keys_of(int(n)) for n in chance.integers(0, count, lookups)]
    print(f"  {'milliseconds':<46}{'median':>9}{'p99':>9}{'worst':>9}{'CPU':>9}")

    def same(sketch: bytes, keys: Keys) -> object:
        with store.reading() as connection:
            return fingerprints.recall(connection, DEFAULT_TENANT, sketch, keys, None)

    def relation(keys: Keys) -> object:
        with store.reading() as connection:
            return relations.recall(connection, DEFAULT_TENANT, keys)

    def whole(sketch: bytes, keys: Keys) -> None:
        with store.reading() as connection:
            recalled = relations.recall(connection, DEFAULT_TENANT, keys)
            fingerprints.recall(connection, DEFAULT_TENANT, sketch, keys, recalled.thread)

    result = {}
    for name, sketch_list in texts.items():
        works = (lambda s=s, k=k: same(s, k) for s, k in zip(sketch_list, new, strict=True))
        result[name] = timed(f"same text: {name}", works)
    fresh = texts["a new text"]
    result["sender and thread"] = timed("sender and thread", (lambda k=k: relation(k) for k in known))
    both = (lambda s=s, k=k: whole(s, k) for s, k in zip(fresh, known, strict=True))
    result["whole recall"] = timed("both, for a known sender", both)

    kept = [Relation(DEFAULT_TENANT, None, k, k.message, NOW, False, frozenset(), None, "", s)
            for k, s in zip(new, fresh, strict=True)]  # fmt: skip

    def write(some: Sequence[Relation]) -> None:
        with store.engine.begin() as connection:
            relations.write(connection, some)
            fingerprints.write(connection, [f for f in map(fingerprints.left, some) if f is not None])

    half = len(kept) // 2
    result["commit of one"] = timed("commit of one message", (lambda r=r: write([r]) for r in kept[:half]))
    groups = [kept[n : n + 16] for n in range(half, len(kept) - 16, 16)]
    result["commit of 16"] = timed("commit of 16 messages", (lambda g=g: write(g) for g in groups))

    def sweep() -> None:
        with store.engine.begin() as connection:
            fingerprints.sweep(connection, NOW)

    result["sweep step"] = timed(f"removing {fingerprints.STEP} old fingerprints", [sweep] * 20)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--url", help="an empty database; else a new SQLite file")
    parser.add_argument("--lookups", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="keep the SQLite file there, and use it again when it is there")
    parser.add_argument("--json", type=Path, help="write the figures there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = args.keep or Path(folder) / "memory.sqlite3"
        there = args.url is None and file.exists()
        store = Store(args.url or f"sqlite:///{file}", SECRET)
        start = time.perf_counter()

        def progress(what: str) -> None:
            print(f"  {time.perf_counter() - start:6.0f} s  {what}", file=sys.stderr)

        if not there:
            migrate(store.engine)
            seed(store.engine, args.rows, progress)
        size = file.stat().st_size / 1e9 if args.url is None else 0
        print(f"\n{args.rows:,} messages in {store.engine.dialect.name}" + (f", {size:.2f} GB" if size else ""))
        result = measure(store, args.rows, max(args.lookups, 100))
        store.close()
    if args.json:
        args.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
