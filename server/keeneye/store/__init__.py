"""The store: verdicts, senders, feedback, and all that the other modules of this folder keep."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from keeneye.settings import Settings
from keeneye.store import fingerprints, relations, tables
from keeneye.store.memory import Memory, Pending
from keeneye.store.privacy import to_store
from keeneye.store.relations import Relation
from keeneye.store.secret import Secret, read_secret
from keeneye.store.sketch import Sketcher
from keeneye.store.tables import DEFAULT_TENANT
from keeneye.store.tokens import NameTaken, Owner, Token, Tokens
from keeneye.store.writer import StoreUnavailable, Writer

__all__ = [
    "DEFAULT_TENANT",
    "Left",
    "Memory",
    "NameTaken",
    "Owner",
    "Pending",
    "Sender",
    "Store",
    "StoreUnavailable",
    "Token",
    "open_store",
]

SWEEP_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of an address; times are UTC seconds since 1970."""

    messages: int
    danger: int
    first_seen: int
    last_seen: int
    labels: Mapping[str, int]
    ours: int = 0
    level: int | None = None
    level_by_hand: bool = False
    level_changes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What is kept of one graded message: its verdict, the sender's address and the bytes to know it by."""

    verdict: Mapping[str, Any]
    address: str | None
    content: bytes
    relation: Relation | None = None


class Store(Tokens):
    """One per process. Opens no connection until it is asked something, so it can be built before a fork."""

    def __init__(
        self,
        url: str,
        secret: Secret,
        keep_evidence: bool = False,
        keep_days: int = 365,
        keep_messages_days: int = 0,
        visit_days: int = 90,
    ) -> None:
        super().__init__(url)
        self.secret = secret
        self.sketcher = Sketcher(secret.key("sketch"))
        self._keep_evidence = keep_evidence
        self._keep_seconds = keep_days * 86400
        self._keep_messages_seconds = keep_messages_days * 86400
        self._visit_seconds = visit_days * 86400
        self._writer = Writer(self.engine, self.sweep)

    def after_fork(self) -> None:
        """Forget the parent's connections without closing them."""
        self.engine.dispose(close=False)

    def close(self) -> None:
        self._writer.close()
        self.engine.dispose()

    def ready(self) -> bool:
        """Whether the database answers and has the tables of this version."""
        try:
            with self.engine.connect() as connection:
                return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == tables.REVISION
        except SQLAlchemyError:
            return False

    # ------------------------------------------------------------------ verdicts

    def memory(self, owner: Owner, pending: Pending | None = None) -> Memory:
        """What the owner's firm knows, for one message; ``pending``: of the batch that it stands in."""
        return Memory(self, owner, pending)

    def save_verdicts(self, owner: Owner, graded: Sequence[Left]) -> None:
        """Make verdicts durable, with what their messages tell of sender and thread. Raises StoreUnavailable."""
        now = int(time.time())
        self._writer.save(
            verdicts=[self._row(owner, now, one) for one in graded],
            relations=[one.relation for one in graded if one.relation is not None],
            contents=[self._content(owner, now, one) for one in graded] if self._keep_messages_seconds else (),
        )

    def _row(self, owner: Owner, now: int, left: Left) -> dict[str, Any]:
        verdict, address, content = left.verdict, left.address, left.content
        return {
            "id": verdict["id"],
            "tenant_id": owner.tenant_id,
            "token_id": owner.token_id,
            "fingerprint": self.secret.fingerprint(content),
            "message": left.relation.keys.message if left.relation else None,
            "sender": self.secret.address(address) if address else None,
            "graded_at": now,
            "category": verdict["category"],
            "grade": verdict["grade"],
            "stars": verdict["stars"],
            "risk": verdict["risk"],
            "banner": verdict["banner"],
            "policy": verdict["policy"],
            "body": zlib.compress(orjson.dumps(to_store(verdict, self._keep_evidence)), 1),
        }

    def _content(self, owner: Owner, now: int, left: Left) -> dict[str, Any]:
        return {
            "verdict_id": left.verdict["id"],
            "tenant_id": owner.tenant_id,
            "sender": self.secret.address(left.address) if left.address else None,
            "content": zlib.compress(left.content, 1),
            "until": now + self._keep_messages_seconds,
        }

    def content(self, owner: Owner, verdict_id: str) -> bytes | None:
        """What was sent to be graded, byte for byte, while it is kept; None: it is not (any more)."""
        c = tables.contents.c
        with self.reading() as connection:
            kept = connection.execute(
                select(c.content).where(
                    c.verdict_id == verdict_id, c.tenant_id == owner.tenant_id, c.until >= int(time.time())
                )
            ).scalar_one_or_none()
        return None if kept is None else zlib.decompress(kept)

    def verdict(self, owner: Owner, verdict_id: str) -> dict[str, Any] | None:
        """The stored verdict with the feedback given on it, or None."""
        v, f = tables.verdicts.c, tables.feedback.c
        with self.reading() as connection:
            body = connection.execute(
                select(v.body).where(v.id == verdict_id, v.tenant_id == owner.tenant_id)
            ).scalar_one_or_none()
            if body is None:
                return None
            t = tables.tokens.c
            given = connection.execute(
                select(f.label, f.note, f.created_at, t.name)
                .select_from(tables.feedback.outerjoin(tables.tokens, t.id == f.token_id))
                .where(f.verdict_id == verdict_id, f.tenant_id == owner.tenant_id)
                .order_by(f.id)
            ).all()
        verdict: dict[str, Any] = orjson.loads(zlib.decompress(body))
        verdict["feedback"] = [{"label": g.label, "note": g.note, "at": g.created_at, "by": g.name} for g in given]
        return verdict

    def add_feedback(self, owner: Owner, verdict_id: str, label: str, note: str) -> bool:
        """Make feedback durable; False when there is no such verdict. Raises StoreUnavailable."""
        v = tables.verdicts.c
        with self.reading() as connection:
            found = connection.execute(
                select(v.sender, v.message, v.body).where(v.id == verdict_id, v.tenant_id == owner.tenant_id)
            ).one_or_none()
        if found is None:
            return False
        verdict = orjson.loads(zlib.decompress(found.body))
        against = [f["id"] for f in verdict["findings"] if f["outcome"] == "hit" and f["points"] < 0]
        row = {
            "tenant_id": owner.tenant_id,
            "verdict_id": verdict_id,
            "token_id": owner.token_id,
            "message": found.message,
            "sender": found.sender,
            "label": label,
            "note": note,
            "against": " ".join(against),
            "created_at": int(time.time()),
        }
        self._writer.save(feedback=[row])
        return True

    def labelled(self, tenant_id: int = DEFAULT_TENANT) -> Iterator[tuple[str, bytes | None, dict[str, Any]]]:
        """(label, key of the sender, stored verdict) of each labelled message; the last label of a message counts."""
        v = tables.verdicts.c
        with self.reading() as connection:
            for row in relations.last_labels(connection, tenant_id):
                body = connection.execute(
                    select(v.body).where(v.id == row.verdict_id, v.tenant_id == tenant_id)
                ).scalar_one_or_none()
                if body is not None:
                    yield row.label, row.sender, orjson.loads(zlib.decompress(body))

    def undo_feedback(self, owner: Owner, verdict_id: str) -> bool:
        """Remove the last feedback of this owner on a verdict; False when there is none."""
        f = tables.feedback.c
        last = select(func.max(f.id)).where(
            f.verdict_id == verdict_id, f.tenant_id == owner.tenant_id, f.token_id.is_not_distinct_from(owner.token_id)
        )
        with self.writing() as connection:
            removed = connection.execute(
                delete(tables.feedback).where(f.id == last.scalar_subquery()).returning(f.tenant_id, f.sender)
            ).one_or_none()
            if removed is not None:
                relations.relabel(connection, removed.tenant_id, removed.sender)
            return removed is not None

    def sender(self, owner: Owner, address: str) -> Sender | None:
        """What is known of an address, or None when nothing is."""
        s, f = tables.senders.c, tables.feedback.c
        key = self.secret.address(address)
        with self.reading() as connection:
            row = connection.execute(
                select(s.messages, s.danger, s.first_seen, s.last_seen, s.ours, s.level, s.level_by_hand).where(
                    s.tenant_id == owner.tenant_id, s.address == key
                )
            ).one_or_none()
            if row is None:
                return None
            labels = connection.execute(
                select(f.label, func.count())
                .where(f.tenant_id == owner.tenant_id, f.sender == key)
                .group_by(f.label)
                .order_by(f.label)
            ).all()
            changes = relations.level_changes(connection, owner.tenant_id, key)
        return Sender(
            row.messages,
            row.danger,
            row.first_seen,
            row.last_seen,
            {str(label): int(count) for label, count in labels},
            row.ours,
            row.level if row.level_by_hand is None else row.level_by_hand,
            row.level_by_hand is not None,
            changes,
        )

    def set_level(self, owner: Owner, address: str, level: int | None, reason: str) -> None:
        """Set a sender's level by hand (None: as the mails say). Durable on return. Raises StoreUnavailable."""
        key, now = self.secret.address(address), int(time.time())
        with self.writing() as connection:
            relations.set_level(connection, owner.tenant_id, owner.token_id, key, level, reason, now)

    def sweep(self, now: int | None = None) -> int:
        """Remove what is older than it may be, a bounded number of rows at a time; how many rows went."""
        now = int(time.time()) if now is None else now
        old = now - self._keep_seconds
        removed = self._remove(tables.verdicts.c.id, tables.verdicts.c.graded_at < old)
        removed += self._remove(tables.feedback.c.id, tables.feedback.c.created_at < old)
        removed += self._remove(tables.senders.c.address, tables.senders.c.last_seen < old)
        removed += self._remove(tables.domains.c.domain, tables.domains.c.last_seen < old)
        removed += self._remove(tables.messages.c.message, tables.messages.c.seen_at < old)
        removed += self._remove(tables.threads.c.thread, tables.threads.c.last_seen < old)
        removed += self._remove(tables.level_changes.c.id, tables.level_changes.c.changed_at < old)
        removed += self._until_none(lambda connection: fingerprints.sweep(connection, old))
        removed += self._remove(tables.contents.c.verdict_id, tables.contents.c.until < now)
        unseen = now - self._visit_seconds
        removed += self._remove(tables.visits.c.id, tables.visits.c.last_seen < unseen)
        removed += self._remove(tables.weblogs.c.log, tables.weblogs.c.until < unseen)
        return removed + self._remove(tables.pairing_codes.c.id, tables.pairing_codes.c.expires_at < now - 86400)

    def _remove(self, key: Any, condition: Any) -> int:
        some = select(key).where(condition).limit(SWEEP_ROWS)
        return self._until_none(
            lambda connection: connection.execute(delete(key.table).where(key.in_(some), condition)).rowcount
        )

    def _until_none(self, step: Callable[[Connection], int]) -> int:
        """Take a bounded step in a transaction of its own until it finds nothing more; how much it found."""
        total = 0
        while True:
            with self.engine.begin() as connection:
                count = step(connection)
            total += count
            if count == 0:
                return total


def open_store(settings: Settings) -> Store:
    """The store of the settings and its secret key, made if there is none. Raises OSError, ValueError."""
    kept = settings.store
    return Store(
        settings.database_url,
        read_secret(settings.secret_path),
        kept.keep_evidence,
        kept.keep_days,
        kept.keep_messages_days,
        settings.weblog.keep_days,
    )
