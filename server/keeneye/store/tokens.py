"""Tokens of clients, and codes that are exchanged for them. Both are stored hashed."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from keeneye.store import tables
from keeneye.store.database import Database
from keeneye.store.tables import DEFAULT_TENANT

TOKEN_PREFIX = "kee_"  # noqa: S105 (the part that all tokens share)
PAIRING_SECONDS = 600
PAIRING_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud and typed
PAIRING_LENGTH = 10  # 49 bits: at 60 tries a minute nobody guesses one within its ten minutes
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


class Tokens(Database):
    """The part of a store that knows who may ask."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._owners: dict[bytes, tuple[float, Owner]] = {}

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


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
