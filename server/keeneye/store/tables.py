"""The tables. Every row belongs to a tenant; there is one, ``DEFAULT_TENANT``, until there are more.

Times are UTC seconds since 1970 (integers): the same in SQLite and PostgreSQL, and short in an index.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

DEFAULT_TENANT = 1
REVISION = "0001"  # the migration that makes these tables

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _tenant() -> Column[int]:
    return Column("tenant_id", Integer, ForeignKey("tenants.id"), nullable=False)


tenants = Table(
    "tenants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
)

# hash: SHA-256 of the token. A token has 256 random bits, so no slow hash is needed.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("name", String(100), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    UniqueConstraint("tenant_id", "name"),
)

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("name", String(100), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

# body: the JSON verdict without what its message says (see keeneye.store.privacy), deflated.
# fingerprint, sender: HMAC-SHA-256 under the server's key, so that a stolen database names nobody.
verdicts = Table(
    "verdicts",
    metadata,
    Column("id", String(32), primary_key=True),
    _tenant(),
    Column("token_id", Integer),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("sender", LargeBinary(32)),
    Column("graded_at", BigInteger, nullable=False),
    Column("category", String(32), nullable=False),
    Column("grade", String(1), nullable=False),
    Column("stars", SmallInteger),
    Column("risk", Float, nullable=False),
    Column("banner", String(8), nullable=False),
    Column("policy", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_verdicts_graded_at", "graded_at"),
)

senders = Table(
    "senders",
    metadata,
    Column("tenant_id", Integer, ForeignKey("tenants.id"), primary_key=True),
    Column("address", LargeBinary(32), primary_key=True),
    Column("messages", Integer, nullable=False),
    Column("danger", Integer, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Index("ix_senders_last_seen", "last_seen"),
)

# No foreign key to verdicts: rows of one commit group are written in any order.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("verdict_id", String(32), nullable=False, index=True),
    Column("token_id", Integer),
    Column("sender", LargeBinary(32), index=True),
    Column("label", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
