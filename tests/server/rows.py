"""A row in every table, made from the tables themselves, so that a table added later is in the tests too."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, Integer, LargeBinary, Numeric, Table, func, insert, select
from sqlalchemy.types import Float

from keeneye.store import tables


def fill(connection: Connection, tenant_id: int, **given: Any) -> None:
    """One row for a tenant in each table of tenants. ``given``: values by column name, for the tables that have it."""
    made: dict[str, Any] = {}
    for table in tables.metadata.sorted_tables:
        if "tenant_id" in table.c:
            row = {c.name: _value(c) for c in table.c if not (c.primary_key and c.name == "id" and _counted(c))}
            row |= {"tenant_id": tenant_id} | {k: v for k, v in made.items() if k in row}
            row |= {k: v for k, v in given.items() if k in row}
            connection.execute(insert(table).values(**row))
            for column, owner in (("customer_id", tables.customers), ("fingerprint_id", tables.fingerprints)):
                if table is owner:
                    made[column] = connection.execute(select(func.max(owner.c.id))).scalar_one()


def counts(connection: Connection, tenant_id: int) -> dict[str, int]:
    """How many rows each table has of a tenant."""
    return {t.name: _count(connection, t, tenant_id) for t in tables.metadata.sorted_tables if "tenant_id" in t.c}


def _count(connection: Connection, table: Table, tenant_id: int) -> int:
    counted = select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
    return int(connection.execute(counted).scalar_one())


def _counted(column: Any) -> bool:
    return isinstance(column.type, Integer)


def _value(column: Any) -> Any:
    if isinstance(column.type, LargeBinary):
        return secrets.token_bytes(column.type.length or 40)
    if isinstance(column.type, Integer):
        return secrets.randbelow(2**31) if column.primary_key else 1
    if isinstance(column.type, Float | Numeric):
        return 1.5
    text = "1" if column.name in ("grade", "country", "bank_country") else f"x-{secrets.token_hex(6)}"
    return "[]" if column.type.__class__.__name__ == "Text" else text[: column.type.length]
