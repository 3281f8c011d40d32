"""The store: verdicts, senders, feedback, tokens and pairing codes in SQLite or PostgreSQL."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, make_url, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from keeneye.settings import Settings
from keeneye.store import fingerprints, relations, tables
from keeneye.store.memory import Memory, Pending
from keeneye.store.privacy import to_store
from keeneye.store.relations import Relation
from keeneye.store.secret import Secret, read_secret
from keeneye.store.sketch import Sketcher
from keeneye.store.tables import DEFAULT_TENANT
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

TOKEN_PREFIX = "kee_"  # noqa: S105 (the part that all tokens share)
PAIRING_SECONDS = 600
PAIRING_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud and typed
PAIRING_LENGTH = 10  # 49 bits: at 60 tries a minute nobody guesses one within its ten minutes
SWEEP_ROWS = 1000
TOKEN_SECONDS = 1.0  # how long a token that was found is believed: revoking one works within this time
TOKENS_REMEMBERED = 1000


class NameTaken(Exception):
    """A token of this name exists already."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who asks: the token that was shown. ``token_id`` None: the server's own page."""

    tenant_id: int
    token_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the list shows it; times are UTC seconds since 1970."""

    name: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None


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


class Store:
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
        self.engine = _engine(url)
        # Each of our questions is one statement: a transaction about it would add two more, and at its end the driver
        # for PostgreSQL forgets the statements that it has prepared, which costs three times as much as asking.
        self._reader = self.engine
        if self.engine.dialect.name == "postgresql":
            self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.secret = secret
        self.sketcher = Sketcher(secret.key("sketch"))
        self._keep_evidence = keep_evidence
        self._keep_seconds = keep_days * 86400
        self._keep_messages_seconds = keep_messages_days * 86400
        self._visit_seconds = visit_days * 86400
        self._writer = Writer(self.engine, self.sweep)
        self._owners: dict[bytes, tuple[float, Owner]] = {}

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

    # ------------------------------------------------------------------ tokens

    def owner(self, token: str) -> Owner | None:
        """Who holds this token, or None when it is wrong, expired or revoked.

        The look-up goes by the token's SHA-256: how long it takes says nothing about any token.
        """
        key = _hash(token)
        now = time.monotonic()
        until, owner = self._owners.get(key, (0.0, None))
        if owner is not None and now < until:
            return owner
        owner = self._find_owner(key)
        if owner is None:
            self._owners.pop(key, None)
            return None
        if len(self._owners) >= TOKENS_REMEMBERED:
            self._owners.clear()
        self._owners[key] = (now + TOKEN_SECONDS, owner)
        return owner

    def _find_owner(self, key: bytes) -> Owner | None:
        t = tables.tokens.c
        with self.reading() as connection:
            row = connection.execute(
                select(t.id, t.tenant_id, t.name, t.expires_at, t.revoked_at).where(t.hash == key)
            ).one_or_none()
        if row is None or row.revoked_at is not None:
            return None
        if row.expires_at is not None and row.expires_at <= time.time():
            return None
        return Owner(row.tenant_id, row.id, row.name)

    def create_token(self, name: str, expires_at: int | None = None, tenant_id: int = DEFAULT_TENANT) -> str:
        """A new token; this is the only time it can be seen. Raises NameTaken."""
        with self.engine.begin() as connection:
            return self._insert_token(connection, tenant_id, name, expires_at)

    def _insert_token(self, connection: Connection, tenant_id: int, name: str, expires_at: int | None) -> str:
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        row = {
            "tenant_id": tenant_id,
            "name": name,
            "hash": _hash(token),
            "created_at": int(time.time()),
            "expires_at": expires_at,
        }
        try:
            connection.execute(insert(tables.tokens), row)
        except IntegrityError as error:
            raise NameTaken(name) from error
        return token

    def list_tokens(self, tenant_id: int = DEFAULT_TENANT) -> list[Token]:
        t = tables.tokens.c
        with self.reading() as connection:
            rows = connection.execute(
                select(t.name, t.created_at, t.expires_at, t.revoked_at)
                .where(t.tenant_id == tenant_id)
                .order_by(t.name)
            ).all()
        return [Token(*row) for row in rows]

    def revoke_token(self, name: str, tenant_id: int = DEFAULT_TENANT) -> bool:
        """Revoke at once; False when no such token is in force."""
        t = tables.tokens.c
        with self.engine.begin() as connection:
            done = connection.execute(
                update(tables.tokens)
                .where(t.tenant_id == tenant_id, t.name == name, t.revoked_at.is_(None))
                .values(revoked_at=int(time.time()))
            )
        return done.rowcount > 0

    # ------------------------------------------------------------------ pairing

    def create_pairing_code(self, name: str, seconds: int = PAIRING_SECONDS, tenant_id: int = DEFAULT_TENANT) -> str:
        """A code that can be exchanged once for a token of this name. Raises NameTaken."""
        code = "".join(secrets.choice(PAIRING_LETTERS) for _ in range(PAIRING_LENGTH))
        t = tables.tokens.c
        with self.engine.begin() as connection:
            if connection.execute(select(t.id).where(t.tenant_id == tenant_id, t.name == name)).first():
                raise NameTaken(name)
            row = {
                "tenant_id": tenant_id,
                "name": name,
                "hash": _hash(code),
                "expires_at": int(time.time()) + seconds,
            }
            connection.execute(insert(tables.pairing_codes), row)
        return f"{code[:5]}-{code[5:]}"

    def redeem(self, code: str) -> tuple[str, str] | None:
        """(token, its name) for a code in force, which is used up; else None. Raises NameTaken."""
        p = tables.pairing_codes.c
        now = int(time.time())
        key = _hash(re.sub(r"[\s-]", "", code).upper())
        with self.engine.begin() as connection:
            # The condition and the mark are one statement: two that come together cannot both win.
            used = connection.execute(
                update(tables.pairing_codes)
                .where(p.hash == key, p.used_at.is_(None), p.expires_at > now)
                .values(used_at=now)
            )
            if used.rowcount != 1:
                return None
            row = connection.execute(select(p.tenant_id, p.name).where(p.hash == key)).one()
            return self._insert_token(connection, row.tenant_id, row.name, None), row.name

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction of its own, durable when the block ends; database errors become StoreUnavailable."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreUnavailable(type(error).__name__) from error

    def reading(self) -> Any:
        """A connection for reading, as a context; database errors become StoreUnavailable."""
        return _Reading(self._reader)


class _Reading:
    """A connection for reading; database errors become StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
        except SQLAlchemyError as error:
            raise StoreUnavailable(type(error).__name__) from error
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if self._connection is not None:
            self._connection.close()
        if isinstance(error, SQLAlchemyError):
            raise StoreUnavailable(type(error).__name__) from error


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


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=20, max_overflow=20, pool_pre_ping=True, pool_timeout=10)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=20, max_overflow=20, pool_timeout=10)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
