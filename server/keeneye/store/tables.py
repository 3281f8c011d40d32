"""The tables. Every row belongs to a tenant (a firm or a department); there is always ``DEFAULT_TENANT``.

Keys of people, domains, message ids and IP addresses are HMAC-SHA-256 under the server's key (see
``keeneye.store.secret``), so that a stolen database names nobody. What the firm itself brought (customers, products,
partners) is kept in plain words: it is shown to its own readers.

Times are UTC seconds since 1970 (integers): the same in SQLite and PostgreSQL, and short in an index.
"""

from __future__ import annotations

from typing import Any

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
from sqlalchemy.dialects import sqlite

DEFAULT_TENANT = 1
REVISION = "0004"  # the migration that makes these tables

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
    # Counts up with each change of customers, products or partners: what workers hold of them is read again.
    Column("revision", Integer, nullable=False, server_default="0"),
    # Since when mails of our own are seen; none: replies may exist that nobody opened here.
    Column("ours_since", BigInteger),
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
    Column("message", LargeBinary(16)),
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
    Index("ix_verdicts_sender", "tenant_id", "sender"),
    Index("ix_verdicts_message", "tenant_id", "message"),
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
    # Mails of ours to this address that the clients saw.
    Column("ours", Integer, nullable=False, server_default="0"),
    Column("genuine", Integer, nullable=False, server_default="0"),
    Column("fake", Integer, nullable=False, server_default="0"),
    # Ids of findings, parted by blanks: what earlier mails told that a level rests on; what a colleague has seen and
    # still called genuine.
    Column("told", Text, nullable=False, server_default=""),
    Column("confirmed", Text, nullable=False, server_default=""),
    Column("level", SmallInteger),
    Column("level_by_hand", SmallInteger),
    # Figures of the marketplace profile (JSON), as shown or typed last.
    Column("profile", Text),
    Index("ix_senders_last_seen", "last_seen"),
)

# One row for each registrable domain that is no mail provider's.
domains = Table(
    "domains",
    metadata,
    Column("tenant_id", Integer, ForeignKey("tenants.id"), primary_key=True),
    Column("domain", LargeBinary(16), primary_key=True),
    Column("messages", Integer, nullable=False),
    Column("danger", Integer, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Index("ix_domains_last_seen", "last_seen"),
)

# One row for each message however often it is graded. message: key of the Message-ID, or of the content where it has
# none. party: the address outside; domain: its company domain. ours: 1 = we wrote it (seen in a mailbox of ours).
messages = Table(
    "messages",
    metadata,
    Column("tenant_id", Integer, ForeignKey("tenants.id"), primary_key=True),
    Column("message", LargeBinary(16), primary_key=True),
    Column("thread", LargeBinary(16), nullable=False),
    Column("party", LargeBinary(32)),
    Column("domain", LargeBinary(16)),
    Column("ours", SmallInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("ix_messages_seen_at", "seen_at"),
    Index("ix_messages_thread", "tenant_id", "thread"),
    Index("ix_messages_party", "tenant_id", "party"),
)

# thread: key of the first message that was seen or named in References.
threads = Table(
    "threads",
    metadata,
    Column("tenant_id", Integer, ForeignKey("tenants.id"), primary_key=True),
    Column("thread", LargeBinary(16), primary_key=True),
    Column("theirs", Integer, nullable=False),
    Column("ours", Integer, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Index("ix_threads_last_seen", "last_seen"),
)

# Every change of a sender's level with its cause: ids of findings or an event of our own; ``reason`` is the reader's.
level_changes = Table(
    "level_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("sender", LargeBinary(32), nullable=False),
    Column("before", SmallInteger),
    Column("after", SmallInteger),
    Column("by_hand", SmallInteger, nullable=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("token_id", Integer),
    Column("changed_at", BigInteger, nullable=False),
    Index("ix_level_changes_sender", "tenant_id", "sender"),
    Index("ix_level_changes_changed_at", "changed_at"),
)

# Subject, body and raw message: written only when the admin turns it on, until ``until``.
contents = Table(
    "contents",
    metadata,
    Column("verdict_id", String(32), primary_key=True),
    _tenant(),
    Column("sender", LargeBinary(32)),
    Column("content", LargeBinary, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_contents_until", "until"),
    Index("ix_contents_sender", "tenant_id", "sender"),
)

# Near-duplicates: one row for each message and mailbox, however often it is graded. sketch: keyed hashes of the
# writer's own words (no word can be read from them). colleague: key of the mailbox that it reached, empty when that
# cannot be told; sender: who wrote it.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _tenant(),
    Column("message", LargeBinary(16), nullable=False),
    Column("colleague", LargeBinary(16), nullable=False),
    Column("sender", LargeBinary(32)),
    Column("sketch", LargeBinary, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "message", "colleague"),
    Index("ix_fingerprints_seen_at", "seen_at"),
    Index("ix_fingerprints_sender", "tenant_id", "sender"),
)

# band: some of a sketch's values as one number; texts that are nearly alike share at least one. The bands follow from
# the sketch, so a row is found without a second index; there are 20 for each fingerprint, so none is checked against
# another table either.
bands = Table(
    "bands",
    metadata,
    Column("tenant_id", Integer, primary_key=True),
    Column("band", BigInteger, primary_key=True),
    Column("fingerprint_id", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

# A visit to the firm's own site. address, network: keys of the IP address and of its /24 (IPv6: /48).
visits = Table(
    "visits",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _tenant(),
    Column("address", LargeBinary(16), nullable=False),
    Column("network", LargeBinary(16), nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False),
    # Paths of product pages (JSON list), and how the visitor came: search, site, mail, typed, with the host.
    Column("products", Text, nullable=False),
    Column("came_by", String(16), nullable=False),
    Column("came_from", String(253)),
    Index("ix_visits_address", "tenant_id", "address"),
    Index("ix_visits_network", "tenant_id", "network"),
    Index("ix_visits_last_seen", "last_seen"),
)

# How far each log of the firm's site was read. log: key of its first line; offset: bytes, unpacked; head, tail: keys of
# what stands at its beginning and before the offset; since, until: times of its lines.
weblogs = Table(
    "weblogs",
    metadata,
    Column("tenant_id", Integer, ForeignKey("tenants.id"), primary_key=True),
    Column("log", LargeBinary(16), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("head", LargeBinary(16), nullable=False),
    Column("tail", LargeBinary(16), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_weblogs_until", "tenant_id", "until"),
)

customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("name", String(200), nullable=False),
    Column("country", String(2)),
    Column("ordered", Integer, nullable=False),
    Column("ordered_at", BigInteger),
    Column("sampled", SmallInteger, nullable=False),
    Column("visited", SmallInteger, nullable=False),
    Column("standing", Text, nullable=False),
    Column("bank_country", String(2)),
    Column("people", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "name"),
)

# value: a mail address, or a domain without @, in lower case.
customer_addresses = Table(
    "customer_addresses",
    metadata,
    Column("tenant_id", Integer, ForeignKey("tenants.id"), primary_key=True),
    Column("value", String(320), primary_key=True),
    Column("customer_id", Integer, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True),
)

# names, units: JSON lists, synonyms in several languages.
products = Table(
    "products",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("name", String(200), nullable=False),
    Column("names", Text, nullable=False),
    Column("models", Text, nullable=False),
    Column("hs", String(12)),
    Column("units", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "name"),
)

# Known partners: suppliers, forwarders, banks. domains, people: JSON lists.
partners = Table(
    "partners",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("name", String(200), nullable=False),
    Column("domains", Text, nullable=False),
    Column("people", Text, nullable=False),
    Column("bank_country", String(2)),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "name"),
)

# No foreign key to verdicts: rows of one commit group are written in any order.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant(),
    Column("verdict_id", String(32), nullable=False, index=True),
    Column("token_id", Integer),
    Column("message", LargeBinary(16)),
    Column("sender", LargeBinary(32), index=True),
    Column("label", String(32), nullable=False),
    Column("note", Text, nullable=False),
    # Ids of the findings that spoke against the message when the label was given.
    Column("against", Text, nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
)


def upsert(dialect: str, table: Table) -> Any:
    """An insert that can say what is done when the row is there already. ``dialect``: ``connection.dialect.name``."""
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # most servers never need it

    return postgresql.insert(table)
