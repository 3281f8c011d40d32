"""The memory's part that knows a text again: which other messages of the firm say nearly the same.

A look-up reads a bounded number of rows, however many there are (see ``sketch.bands``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, TextClause, delete, insert, select, text

from keeneye.model import SameText
from keeneye.store import tables
from keeneye.store.relations import Keys, Relation
from keeneye.store.sketch import BANDS, bands, likeness

ALIKE: Final = 0.55
"""Likeness from which two texts are the same letter. Of 14.5 million pairs of real mail all that reach 0.5 follow one
template; of pairs 0.55 alike the bands find 97 %."""
ENDS: Final = 32
"""Rows that are read of a band, the oldest and the newest: a letter that came a thousand times is found by these."""
STEP: Final = 100
"""Fingerprints removed in one transaction; each has BANDS rows besides."""

_F, _B = tables.fingerprints.c, tables.bands.c


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a graded message leaves of its text. ``at``: UTC seconds since 1970."""

    tenant_id: int
    keys: Keys
    sketch: bytes
    at: int


def left(relation: Relation) -> Fingerprint | None:
    """None: too few words, or a colleague's mail."""
    if relation.sketch is None:
        return None
    return Fingerprint(relation.tenant_id, relation.keys, relation.sketch, relation.at)


def _end(band: str, order: str) -> str:
    return (
        f"SELECT fingerprint_id FROM bands WHERE tenant_id = :tenant AND band = {band} "  # noqa: S608 (words of our own)
        f"ORDER BY fingerprint_id{order} LIMIT {ENDS}"
    )


def _statement(numbers: str) -> TextClause:
    return text(
        "SELECT f.message, f.colleague, f.sender, f.sketch, f.seen_at, m.thread "  # noqa: S608
        f"FROM ({numbers}) AS a JOIN fingerprints AS f ON f.id = a.fingerprint_id "
        "LEFT JOIN messages AS m ON m.tenant_id = f.tenant_id AND m.message = f.message "
        "WHERE f.tenant_id = :tenant AND f.message <> :message"
    )


# As text: a statement of 32 selects costs SQLAlchemy a millisecond to recognise. PostgreSQL would need two more to plan
# them, so it gets one select that is run for each band; SQLite knows no such thing and has them planned in no time.
_ALIKE: Final = _statement(
    " UNION ".join(
        f"SELECT fingerprint_id FROM ({_end(f':b{number}', order)}) AS e{number}{order.strip().lower()}"  # noqa: S608
        for number in range(BANDS)
        for order in ("", " DESC")
    )
)
_ALIKE_POSTGRESQL: Final = _statement(
    "SELECT DISTINCT e.fingerprint_id FROM unnest(CAST(:bands AS bigint[])) AS k(band) CROSS JOIN LATERAL "  # noqa: S608
    f"(({_end('k.band', '')}) UNION ALL ({_end('k.band', ' DESC')})) AS e"
)


def recall(
    connection: Connection,
    tenant_id: int,
    sketch: bytes | None,
    seen: Keys,
    thread: bytes | None,
) -> SameText | None:
    """Other messages with nearly this text, or None when there is none that speaks of a mass mailing.

    Not counted: the message itself in another mailbox, its thread, and what the sender wrote to the same person
    before (or to nobody knows whom).
    """
    if sketch is None:
        return None
    asked: dict[str, Any] = {"tenant": tenant_id, "message": seen.message}
    if connection.dialect.name == "postgresql":
        rows = connection.execute(_ALIKE_POSTGRESQL, asked | {"bands": bands(sketch)}).all()
    else:
        numbered = {f"b{number}": band for number, band in enumerate(bands(sketch))}
        rows = connection.execute(_ALIKE, asked | numbered).all()
    if not rows:
        return None
    alike = likeness(sketch, [row.sketch for row in rows])
    nearest, since = 0.0, 0
    messages: set[bytes] = set()
    colleagues: set[bytes] = set()
    senders: set[bytes] = set()
    for row, like in zip(rows, alike.tolist(), strict=True):
        if like < ALIKE or (thread is not None and row.thread == thread):
            continue
        other_person = bool(row.colleague and seen.mailbox) and row.colleague != seen.mailbox
        other_sender = None not in (row.sender, seen.party) and row.sender != seen.party
        if not other_person and not other_sender:
            continue
        if other_person:
            colleagues.add(row.colleague)
        if other_sender:
            senders.add(row.sender)
        since = min(since, row.seen_at) if messages else row.seen_at
        messages.add(row.message)
        nearest = max(nearest, like)
    if not messages:
        return None
    at = datetime.fromtimestamp(since, UTC)
    return SameText(len(colleagues), len(messages), at, round(nearest, 2), len(senders))


def write(connection: Connection, fingerprints: Sequence[Fingerprint]) -> None:
    """Keep the fingerprints that their message and mailbox do not have yet, with their bands. Part of the writer's
    transaction."""
    if not fingerprints:
        return
    sketches = {(f.tenant_id, f.keys.message): f.sketch for f in reversed(fingerprints)}
    statement = _inserting(connection.dialect.name)
    rows = [
        {
            "tenant_id": f.tenant_id, "message": f.keys.message, "colleague": f.keys.mailbox or b"",
            "sender": f.keys.party, "sketch": sketches[f.tenant_id, f.keys.message], "seen_at": f.at,
        }
        # In one order everywhere: two writers that want the same message must not wait for each other.
        for f in sorted(fingerprints, key=lambda f: (f.tenant_id, f.keys.message, f.keys.mailbox or b""))
    ]  # fmt: skip
    new = [
        {"tenant_id": row.tenant_id, "band": band, "fingerprint_id": row.id}
        for row in connection.execute(statement, rows).all()
        for band in bands(sketches[row.tenant_id, bytes(row.message)])
    ]
    if new:
        connection.execute(_INSERT_BAND, new)


@cache
def _inserting(dialect: str) -> Any:
    return (
        tables.upsert(dialect, tables.fingerprints)
        .on_conflict_do_nothing(index_elements=[_F.tenant_id, _F.message, _F.colleague])
        .returning(_F.id, _F.tenant_id, _F.message)
    )


_INSERT_BAND = insert(tables.bands)


def sweep(connection: Connection, before: int) -> int:
    """Remove some fingerprints seen before this time (UTC seconds since 1970); how many. 0: none is left."""
    return _remove(connection, _F.seen_at < before)


def erase(connection: Connection, tenant_id: int, sender: bytes) -> int:
    """Remove some fingerprints of a sender; how many. 0: none is left."""
    return _remove(connection, (_F.tenant_id == tenant_id) & (_F.sender == sender))


def _remove(connection: Connection, condition: Any) -> int:
    rows = connection.execute(select(_F.id, _F.tenant_id, _F.sketch).where(condition).limit(STEP)).all()
    if not rows:
        return 0
    gone = [
        {"tenant": row.tenant_id, "number": band, "fingerprint": row.id} for row in rows for band in bands(row.sketch)
    ]
    connection.execute(_REMOVE_BAND, gone)
    connection.execute(delete(tables.fingerprints).where(_F.id.in_([row.id for row in rows])))
    return len(rows)


_REMOVE_BAND = text("DELETE FROM bands WHERE tenant_id = :tenant AND band = :number AND fingerprint_id = :fingerprint")
