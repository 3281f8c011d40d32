"""What a firm brought itself: customers, products, partners. Read by the judgement, changed by imports.

Each change counts ``tenants.revision`` up in its own transaction. What workers hold of products and partners belongs
to a revision, so that they all see a change with their next message.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, RowMapping, Table, bindparam, case, delete, func, insert, or_, select, update

from keeneye.entries import Entry
from keeneye.model import Customer, Firm, Partner, Product
from keeneye.store import tables

GUARDED_MOST: Final = 2_000
"""Domains of customers that are watched for look-alikes, those with the most orders first."""
PAGE_MOST: Final = 500

TABLES: Final[Mapping[str, Table]] = {
    "customers": tables.customers,
    "products": tables.products,
    "partners": tables.partners,
}
_LISTS: Final = frozenset({"people", "names", "models", "units", "domains"})
_ADDRESSES: Final = ("emails", "domains")

DomainOf = Callable[[str], str | None]
"""The registrable domain of a host when it is a firm's own; None: a mail provider's, ours, or none at all."""


class GoneTenant(Exception):
    """The tenant was removed meanwhile."""


# --------------------------------------------------------------------------- read by the judgement


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a worker holds of a tenant. ``guarded``: domains of partners, and of customers worth pretending to be."""

    revision: int
    products: tuple[Product, ...] = ()
    partners: tuple[Partner, ...] = ()
    guarded: tuple[str, ...] = ()
    customers: bool = False
    joined: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def beside(self, partners: tuple[str, ...]) -> tuple[str, ...]:
        """The policy's partner domains with ours: the same tuple each time, as others keep answers by it."""
        found = self.joined.get(partners)
        if found is None:
            found = self.joined[partners] = tuple(dict.fromkeys((*partners, *self.guarded)))
        return found


_HELD: weakref.WeakKeyDictionary[Engine, dict[int, Catalogue]] = weakref.WeakKeyDictionary()


_REVISION: Final = select(tables.tenants.c.revision).where(tables.tenants.c.id == bindparam("tenant"))


def revision(connection: Connection, tenant_id: int) -> int:
    """Counts up with each change of what the tenant brought; 0 for one that is gone."""
    return int(connection.execute(_REVISION, {"tenant": tenant_id}).scalar_one_or_none() or 0)


def catalogue(connection: Connection, tenant_id: int, revision: int) -> Catalogue:
    """The tenant's catalogue of this revision (as ``tenants.revision`` says in the same transaction)."""
    held = _HELD.setdefault(connection.engine, {})
    found = held.get(tenant_id)
    if found is None or found.revision != revision:
        found = held[tenant_id] = _kept_same(_read(connection, tenant_id, revision), found)
    return found


def _kept_same(new: Catalogue, old: Catalogue | None) -> Catalogue:
    """The new catalogue, with the old objects of lists that did not change: others keep what they made of them."""
    if old is None:
        return new
    return replace(
        new,
        products=old.products if old.products == new.products else new.products,
        partners=old.partners if old.partners == new.partners else new.partners,
        guarded=old.guarded if old.guarded == new.guarded else new.guarded,
        joined=old.joined if old.guarded == new.guarded else new.joined,
    )


def firm(connection: Connection, tenant_id: int, revision: int, ours: Firm) -> Firm:
    """The policy's firm with what the tenant imported: goods, known partners, domains that a stranger may imitate."""
    known = catalogue(connection, tenant_id, revision)
    if not (known.products or known.partners or known.guarded):
        return ours
    return replace(ours, goods=known.products, known=known.partners, partners=known.beside(ours.partners))


def customers_listed(connection: Connection, tenant_id: int, revision: int) -> bool:
    """Whether the tenant has given a list of its customers."""
    return catalogue(connection, tenant_id, revision).customers


_A, _C = tables.customer_addresses.c, tables.customers.c
_CUSTOMER: Final = (
    select(_C.name, _C.ordered, _C.ordered_at, _C.sampled, _C.visited, _C.standing, _C.country, _C.bank_country)
    .join(tables.customer_addresses, _A.customer_id == _C.id)
    .where(_A.tenant_id == bindparam("tenant"), _A.value.in_([bindparam("address"), bindparam("domain")]))
    .order_by(case((_A.value == bindparam("address"), 0), else_=1))
    .limit(1)
)


def customer(
    connection: Connection, tenant_id: int, address: str | None, registrable_domain: str | None
) -> Customer | None:
    """The customer that an address belongs to; else the one whose own domain it is. One look-up in an index."""
    if not address and not registrable_domain:
        return None
    asked = {"tenant": tenant_id, "address": (address or "").lower(), "domain": (registrable_domain or "").lower()}
    row = connection.execute(_CUSTOMER, asked).one_or_none()
    if row is None:
        return None
    return Customer(
        name=row.name,
        ordered=row.ordered,
        ordered_at=None if row.ordered_at is None else datetime.fromtimestamp(row.ordered_at, UTC),
        sampled=bool(row.sampled),
        visited=bool(row.visited),
        standing=row.standing,
        country=row.country,
        bank_country=row.bank_country,
    )


def _read(connection: Connection, tenant_id: int, revision: int) -> Catalogue:
    p, q, c, a = tables.products.c, tables.partners.c, tables.customers.c, tables.customer_addresses.c
    products = connection.execute(
        select(p.name, p.names, p.models, p.hs, p.units).where(p.tenant_id == tenant_id).order_by(p.id)
    ).all()
    partners = connection.execute(
        select(q.name, q.domains, q.people, q.bank_country).where(q.tenant_id == tenant_id).order_by(q.id)
    ).all()
    # A customer who never bought is hardly worth a thief's trouble, and a long list holds many names that are alike.
    domains = connection.scalars(
        select(a.value)
        .join(tables.customers, c.id == a.customer_id)
        .where(
            a.tenant_id == tenant_id,
            a.value.not_like("%@%"),
            or_(c.ordered > 0, c.sampled > 0, c.visited > 0, c.standing != ""),
        )
        .order_by(c.ordered.desc(), a.value)
        .limit(GUARDED_MOST)
    ).all()
    listed = connection.execute(select(c.id).where(c.tenant_id == tenant_id).limit(1)).first() is not None
    known = tuple(Partner(r.name, _texts(r.domains), _texts(r.people), r.bank_country) for r in partners)
    return Catalogue(
        revision=revision,
        products=tuple(Product(r.name, _texts(r.names), _texts(r.models), r.hs, _texts(r.units)) for r in products),
        partners=known,
        guarded=tuple(dict.fromkeys((*(d for one in known for d in one.domains), *domains))),
        customers=listed,
    )


def _texts(json: str) -> tuple[str, ...]:
    return tuple(orjson.loads(json))


# --------------------------------------------------------------------------- changed by imports


@dataclass(slots=True)
class Saved:
    """What was done. ``notes``: (number of the entry from 0, what was left out of it)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    notes: list[tuple[int, str]] = field(default_factory=list)


def put(
    connection: Connection,
    tenant_id: int,
    kind: str,
    entries: Sequence[Entry],
    domain_of: DomainOf,
    replace_all: bool = False,
) -> Saved:
    """Add entries or bring those of the same name up to date. ``replace_all``: remove those that are not named.

    ``entries``: each name once. Raises GoneTenant.
    """
    t = tables.tenants.c
    # First, as it locks: of two imports at once the second one sees what the first one did.
    if connection.execute(update(tables.tenants).where(t.id == tenant_id).values(revision=t.revision)).rowcount != 1:
        raise GoneTenant
    saved = _Put(connection, tenant_id, kind, domain_of).run(entries, replace_all)
    if saved.added or saved.changed or saved.removed:
        count_up(connection, tenant_id)
    return saved


class _Put:
    """One import: what is there is read once, and what differs is written in few statements."""

    def __init__(self, connection: Connection, tenant_id: int, kind: str, domain_of: DomainOf) -> None:
        self.connection, self.tenant_id, self.kind, self.domain_of = connection, tenant_id, kind, domain_of
        self.table = TABLES[kind]
        rows = connection.execute(select(self.table).where(self.table.c.tenant_id == tenant_id)).mappings()
        self.there: dict[str, dict[str, Any]] = {row["name"].casefold(): dict(row) for row in rows}
        self.holder: dict[str, int | str] = {}  # address → customer's id, or key of one that is not stored yet
        self.held: dict[int, set[str]] = {}
        if kind == "customers":
            a = tables.customer_addresses.c
            for value, owner in connection.execute(select(a.value, a.customer_id).where(a.tenant_id == tenant_id)):
                self.holder[value] = owner
                self.held.setdefault(owner, set()).add(value)
        self.saved = Saved()

    def run(self, entries: Sequence[Entry], replace_all: bool) -> Saved:
        if replace_all:
            self._drop([row["id"] for key, row in self.there.items() if key not in {e.key for e in entries}])
        now = int(time.time())
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        addresses: dict[str, set[str]] = {}
        for number, entry in enumerate(entries):
            old = self.there.get(entry.key)
            values = self._columns(number, entry)
            wanted = self._addresses(number, entry, old) if self.kind == "customers" else None
            if old is None:
                empty = self._columns(number, type(entry)(name=entry.name), every=True)
                new.append(empty | values | {"tenant_id": self.tenant_id, "updated_at": now})
                addresses[entry.key] = wanted or set()
                self.saved.added += 1
                continue
            moved = wanted is not None and wanted != self.held.get(old["id"], set())
            for value in self.held.get(old["id"], set()) - wanted if wanted is not None else ():
                self.holder.pop(value, None)
            if not moved and all(old[k] == v for k, v in values.items()):
                self.saved.same += 1
                continue
            changed.append({**{k: old[k] for k in old if k not in ("id", "tenant_id")}, **values, "updated_at": now,
                            "key": old["id"]})  # fmt: skip
            if moved:
                addresses[entry.key] = wanted or set()
            self.saved.changed += 1
        self._write(new, changed, addresses)
        return self.saved

    def _columns(self, number: int, entry: Entry, every: bool = False) -> dict[str, Any]:
        """Columns of the fields that were given (``every``: of all). The name is written as it was last given."""
        given = type(entry).model_fields if every else entry.model_fields_set
        values: dict[str, Any] = {}
        for name in given:
            value = getattr(entry, name)
            if self.kind == "customers" and name in _ADDRESSES:
                continue
            if name == "domains":
                value = self._domains(number, value)
            if name in _LISTS:
                value = orjson.dumps(value).decode()
            elif isinstance(value, bool):
                value = int(value)
            elif isinstance(value, date):
                value = int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())
            values[name] = value
        return values

    def _domains(self, number: int, hosts: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}
        for host in hosts:
            domain = self.domain_of(host)
            if domain is None:
                self.saved.notes.append((number, f"{host} is not a firm's own domain and was left out"))
            else:
                found[domain] = None
        return list(found)

    def _addresses(self, number: int, entry: Entry, old: Mapping[str, Any] | None) -> set[str] | None:
        """All addresses and domains that the customer shall have; None: none were given."""
        if not entry.model_fields_set.intersection(_ADDRESSES):
            return None
        emails, hosts = getattr(entry, "emails", ()), getattr(entry, "domains", ())
        before = self.held.get(old["id"], set()) if old else set()
        wanted = set(emails) if "emails" in entry.model_fields_set else {v for v in before if "@" in v}
        wanted |= (
            set(self._domains(number, hosts))
            if "domains" in entry.model_fields_set
            else ({v for v in before if "@" not in v})
        )
        wanted |= {d for d in (self.domain_of(e.rpartition("@")[2]) for e in emails) if d}
        me: int | str = old["id"] if old else entry.key
        for value in sorted(wanted):
            holder = self.holder.setdefault(value, me)
            if holder != me:
                wanted.discard(value)
                self.saved.notes.append((number, f"{value} belongs to another customer and was left out"))
        return wanted

    def _drop(self, ids: Sequence[int]) -> None:
        gone = set(ids)
        for some in _some(list(ids)):
            if self.kind == "customers":
                a = tables.customer_addresses
                self.connection.execute(delete(a).where(a.c.customer_id.in_(some)))
            self.connection.execute(delete(self.table).where(self.table.c.id.in_(some)))
        self.saved.removed = len(ids)
        self.there = {k: row for k, row in self.there.items() if row["id"] not in gone}
        self.holder = {v: owner for v, owner in self.holder.items() if owner not in gone}

    def _write(
        self, new: list[dict[str, Any]], changed: list[dict[str, Any]], addresses: Mapping[str, set[str]]
    ) -> None:
        if changed:
            columns: dict[str, Any] = {k: bindparam(f"new_{k}") for k in changed[0] if k != "key"}
            self.connection.execute(
                update(self.table).where(self.table.c.id == bindparam("key")).values(columns),
                [{(k if k == "key" else f"new_{k}"): v for k, v in row.items()} for row in changed],
            )
        if new:
            self.connection.execute(insert(self.table), new)
        if addresses:
            a, t = tables.customer_addresses, self.table.c
            ids = {
                name.casefold(): number
                for number, name in self.connection.execute(select(t.id, t.name).where(t.tenant_id == self.tenant_id))
            }
            for some in _some([ids[key] for key in addresses if self.held.get(ids[key])]):
                self.connection.execute(delete(a).where(a.c.customer_id.in_(some)))
            rows = [
                {"tenant_id": self.tenant_id, "value": value, "customer_id": ids[key]}
                for key, values in addresses.items()
                for value in sorted(values)
            ]
            if rows:
                self.connection.execute(insert(a), rows)


def _some(values: list[int], size: int = 500) -> Iterable[list[int]]:
    return (values[i : i + size] for i in range(0, len(values), size))


def count_up(connection: Connection, tenant_id: int) -> None:
    """To be called in the transaction that changes something of what the tenant brought."""
    t = tables.tenants.c
    connection.execute(update(tables.tenants).where(t.id == tenant_id).values(revision=t.revision + 1))


def remove(connection: Connection, tenant_id: int, kind: str, entry_id: int) -> bool:
    """Remove one entry; False when the tenant has none of this id."""
    table = TABLES[kind]
    mine = connection.execute(select(table.c.id).where(table.c.id == entry_id, table.c.tenant_id == tenant_id)).first()
    if mine is None:
        return False
    if kind == "customers":
        a = tables.customer_addresses
        connection.execute(delete(a).where(a.c.customer_id == entry_id))
    connection.execute(delete(table).where(table.c.id == entry_id))
    count_up(connection, tenant_id)
    return True


# --------------------------------------------------------------------------- shown


def listed(
    connection: Connection,
    tenant_id: int,
    kind: str,
    search: str = "",
    after: int = 0,
    most: int = 100,
    address: str | None = None,
) -> list[dict[str, Any]]:
    """Entries in the order of their ids, beginning behind ``after``; ``search``: part of the name, or an address;
    ``address``: that of a customer, and nothing else."""
    table = TABLES[kind]
    query = select(table).where(table.c.tenant_id == tenant_id, table.c.id > after)
    if address is not None:
        a = tables.customer_addresses.c
        query = query.where(table.c.id.in_(select(a.customer_id).where(a.tenant_id == tenant_id, a.value == address)))
    if search:
        a = tables.customer_addresses.c
        part = func.lower(table.c.name).contains(search.lower(), autoescape=True)
        held = select(a.customer_id).where(a.tenant_id == tenant_id, a.value == search.strip().lower())
        query = query.where(or_(part, table.c.id.in_(held)) if kind == "customers" else part)
    rows = connection.execute(query.order_by(table.c.id).limit(min(most, PAGE_MOST))).mappings().all()
    shown = [_shown(row) for row in rows]
    if kind == "customers" and shown:
        a = tables.customer_addresses.c
        by_id = {one["id"]: one for one in shown}
        found = connection.execute(select(a.customer_id, a.value).where(a.customer_id.in_(by_id)).order_by(a.value))
        for owner, value in found:
            by_id[owner]["emails" if "@" in value else "domains"].append(value)
    return shown


def _shown(row: RowMapping) -> dict[str, Any]:
    shown = {
        str(k): orjson.loads(v) if k in _LISTS else v for k, v in row.items() if k not in ("tenant_id", "updated_at")
    }
    if "ordered_at" in shown:
        at = shown["ordered_at"]
        shown |= {
            "ordered_at": None if at is None else datetime.fromtimestamp(at, UTC).date().isoformat(),
            "sampled": bool(shown["sampled"]),
            "visited": bool(shown["visited"]),
            "emails": [],
            "domains": [],
        }
    return shown
