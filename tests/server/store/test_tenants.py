"""Tenants: made, renamed, removed with all that is theirs and nothing else."""

from __future__ import annotations

import pytest
from rows import counts, fill

from keeneye.store import Store, tenants


def test_made_listed_renamed_and_found(store: Store) -> None:
    made = tenants.create(store.engine, "Lübeck")
    store.create_token("desk", tenant_id=made)
    assert [(t.id, t.tokens) for t in tenants.listed(store.engine)] == [(1, 0), (made, 1)]
    assert tenants.find(store.engine, None) == 1
    assert tenants.find(store.engine, "Lübeck") == made
    with pytest.raises(tenants.TenantTaken):
        tenants.create(store.engine, "Lübeck")
    tenants.rename(store.engine, "Lübeck", "Kiel")
    assert tenants.find(store.engine, "Kiel") == made
    with pytest.raises(tenants.NoTenant):
        tenants.find(store.engine, "Lübeck")
    with pytest.raises(tenants.NoTenant):
        tenants.rename(store.engine, "Lübeck", "Bremen")
    with pytest.raises(tenants.TenantTaken):
        tenants.rename(store.engine, "Kiel", "default")


def test_removed_with_all_that_is_theirs_and_nothing_else(store: Store) -> None:
    made = tenants.create(store.engine, "Lübeck")
    with store.engine.begin() as connection:
        fill(connection, made)
        fill(connection, 1)
        kept = counts(connection, 1)
    assert set(kept.values()) == {1}
    assert tenants.remove(store.engine, "Lübeck") == len(kept)
    with store.engine.connect() as connection:
        assert set(counts(connection, made).values()) == {0}
        assert counts(connection, 1) == kept
    with pytest.raises(ValueError, match="first tenant"):
        tenants.remove(store.engine, "default")
