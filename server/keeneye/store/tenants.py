"""Tenants: firms or departments that share a server and see nothing of each other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keeneye.store import tables
from keeneye.store.tables import DEFAULT_TENANT


class NoTenant(Exception):
    """There is no tenant of this name."""


class TenantTaken(Exception):
    """There is a tenant of this name already."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant as the list shows it; ``tokens`` in force or not."""

    id: int
    name: str
    tokens: int


def find(engine: Engine, name: str | None) -> int:
    """The id of a tenant; None: the first one, which is always there. Raises NoTenant."""
    if name is None:
        return DEFAULT_TENANT
    with engine.connect() as connection:
        return _id(connection, name)


def _id(connection: Connection, name: str) -> int:
    found = connection.execute(select(tables.tenants.c.id).where(tables.tenants.c.name == name)).scalar_one_or_none()
    if found is None:
        raise NoTenant(name)
    return int(found)


def create(engine: Engine, name: str) -> int:
    """A new tenant's id. Raises TenantTaken."""
    try:
        with engine.begin() as connection:
            made = (connection.execute(select(func.max(tables.tenants.c.id))).scalar_one() or 0) + 1
            # A removed tenant's id may come again: what workers still hold of it must not be taken for the new one's.
            row = {"id": made, "name": name, "revision": secrets.randbelow(2**30)}
            connection.execute(insert(tables.tenants), row)
            return int(made)
    except IntegrityError:
        raise TenantTaken(name) from None


def listed(engine: Engine) -> list[Tenant]:
    """All tenants, the first one first."""
    t = tables.tenants.c
    with engine.connect() as connection:
        rows = connection.execute(select(t.id, t.name).order_by(t.id)).all()
        owners = connection.execute(select(tables.tokens.c.tenant_id)).scalars().all()
    return [Tenant(row.id, row.name, owners.count(row.id)) for row in rows]


def rename(engine: Engine, name: str, new: str) -> None:
    """Raises NoTenant, TenantTaken."""
    try:
        with engine.begin() as connection:
            connection.execute(
                update(tables.tenants).where(tables.tenants.c.id == _id(connection, name)).values(name=new)
            )
    except IntegrityError:
        raise TenantTaken(new) from None


def remove(engine: Engine, name: str) -> int:
    """Remove a tenant with all that is kept of it, in one transaction; how many rows went.

    Raises NoTenant; ValueError for the first one, which the page and the tokens of old belong to.
    """
    with engine.begin() as connection:
        tenant_id = _id(connection, name)
        if tenant_id == DEFAULT_TENANT:
            raise ValueError("the first tenant stays; rename it instead")
        rows = 0
        for table in reversed(tables.metadata.sorted_tables):
            if "tenant_id" in table.c:
                rows += connection.execute(delete(table).where(table.c.tenant_id == tenant_id)).rowcount
        connection.execute(delete(tables.tenants).where(tables.tenants.c.id == tenant_id))
    return rows
