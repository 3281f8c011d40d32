"""Marketplace figures of a sender that a reader typed (S3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from keeneye.store import tables


def set_profile(connection: Connection, tenant_id: int, sender: bytes, profile: Mapping[str, Any], now: int) -> None:
    """Keep the figures in place of earlier ones; none: forget them. A sender who never wrote gets a row."""
    kept = orjson.dumps(profile).decode() if profile else None
    row = {
        "tenant_id": tenant_id, "address": sender, "messages": 0, "danger": 0, "first_seen": now, "last_seen": now,
        "profile": kept,
    }  # fmt: skip
    key = [tables.senders.c.tenant_id, tables.senders.c.address]
    made = tables.upsert(connection.dialect.name, tables.senders)
    connection.execute(made.on_conflict_do_update(index_elements=key, set_={"profile": kept}), row)
