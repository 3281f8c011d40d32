"""Customers, products and partners in the store: found, changed, cached by revision, apart from other tenants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from keeneye.entries import KINDS, Entry
from keeneye.imports import own_domain
from keeneye.lookups.domains import Domains
from keeneye.model import Customer, Firm, Partner, Product
from keeneye.store import Store, catalogue, tables, tenants
from keeneye.store.catalogue import Saved

DOMAINS = Domains()
NOBODY = Firm()


def put(store: Store, kind: str, *values: dict[str, Any], tenant_id: int = 1, replace_all: bool = False) -> Saved:
    entries: list[Entry] = [KINDS[kind].model_validate(v) for v in values]
    with store.engine.begin() as connection:
        return catalogue.put(connection, tenant_id, kind, entries, own_domain(DOMAINS.firms_own), replace_all)


def revision(store: Store, tenant_id: int = 1) -> int:
    with store.engine.connect() as connection:
        return int(
            connection.execute(select(tables.tenants.c.revision).where(tables.tenants.c.id == tenant_id)).scalar_one()
        )


def firm(store: Store, ours: Firm = NOBODY, tenant_id: int = 1) -> Firm:
    with store.engine.connect() as connection:
        return catalogue.firm(connection, tenant_id, revision(store, tenant_id), ours)


def customer(store: Store, address: str | None, domain: str | None = None, tenant_id: int = 1) -> Customer | None:
    with store.engine.connect() as connection:
        return catalogue.customer(connection, tenant_id, address, domain)


def shown(store: Store, kind: str, **how: Any) -> list[dict[str, Any]]:
    with store.engine.connect() as connection:
        return catalogue.listed(connection, 1, kind, **how)


ACME = {
    "name": "Acme GmbH", "emails": ["ann@acme.example", "acme@gmail.com"], "ordered": 3, "ordered_at": "2026-03-09",
    "country": "DE", "bank_country": "DE", "standing": "known in Bremen",
}  # fmt: skip


def test_a_customer_is_found_by_address_and_by_its_own_domain(store: Store) -> None:
    put(store, "customers", ACME, {"name": "Bolt", "emails": ["sales@eu.acme.example"], "domains": ["bolt.example"]})
    expected = Customer(
        "Acme GmbH", 3, datetime(2026, 3, 9, tzinfo=UTC), standing="known in Bremen", country="DE", bank_country="DE"
    )
    assert customer(store, "Ann@Acme.example", "acme.example") == expected
    assert customer(store, "new@acme.example", "acme.example") == expected
    assert customer(store, "acme@gmail.com") == expected
    assert customer(store, "other@gmail.com", "gmail.com") is None
    found = customer(store, "sales@eu.acme.example", "acme.example")
    assert found is not None
    assert found.name == "Bolt", "the address goes before the domain"
    assert customer(store, None) is None


def test_what_is_not_given_stays(store: Store) -> None:
    put(store, "customers", ACME)
    assert put(store, "customers", {"name": " acme  gmbh ", "sampled": True}).changed == 1
    [one] = shown(store, "customers")
    assert (one["name"], one["sampled"], one["ordered"]) == ("acme gmbh", True, 3)
    assert one["emails"] == ["acme@gmail.com", "ann@acme.example"]
    put(store, "customers", {"name": "Acme GmbH", "emails": [], "ordered_at": None})
    [one] = shown(store, "customers")
    assert (one["emails"], one["domains"], one["ordered_at"]) == ([], ["acme.example"], None)


def test_an_address_has_one_customer(store: Store) -> None:
    put(store, "customers", ACME)
    done = put(store, "customers", {"name": "Twin", "emails": ["ann@acme.example", "bob@twin.example"]})
    assert {note for _, note in done.notes} == {
        "ann@acme.example belongs to another customer and was left out",
        "acme.example belongs to another customer and was left out",
    }
    assert [one["emails"] for one in shown(store, "customers", search="twin")] == [["bob@twin.example"]]


def test_an_address_moves_from_one_to_another_in_one_import(store: Store) -> None:
    put(store, "customers", ACME)
    put(store, "customers", ACME | {"emails": ["acme@gmail.com"], "domains": []},
        {"name": "Twin", "emails": ["ann@acme.example"]})  # fmt: skip
    found = customer(store, "ann@acme.example", "acme.example")
    assert found is not None
    assert found.name == "Twin"


def test_each_change_counts_the_revision_up_and_nothing_else_does(store: Store) -> None:
    before = revision(store)
    put(store, "customers", ACME)
    put(store, "customers", ACME)
    put(store, "products", {"name": "Ball valve"})
    [product] = shown(store, "products")
    with store.engine.begin() as connection:
        assert not catalogue.remove(connection, 1, "products", product["id"] + 1)
        assert catalogue.remove(connection, 1, "products", product["id"])
    put(store, "products")
    assert revision(store) == before + 3


def test_the_firm_knows_what_was_imported_with_the_next_revision(store: Store) -> None:
    ours = Firm(partners=("policy.example",))
    assert firm(store, ours) is ours
    put(
        store,
        "products",
        {"name": "Ball valve", "names": ["球阀"], "models": ["BV-20"], "hs": "8481.80", "units": ["pcs"]},
    )
    put(store, "partners", {"name": "Baltic", "domains": ["www.baltic.example"], "people": ["Anna Berg"]})
    put(store, "customers", ACME, {"name": "Never bought", "domains": ["never.example"]})
    known = firm(store, ours)
    assert known.goods == (Product("Ball valve", ("球阀",), ("BV-20",), "848180", ("pcs",)),)
    assert known.known == (Partner("Baltic", ("baltic.example",), ("Anna Berg",)),)
    assert known.partners == ("policy.example", "baltic.example", "acme.example")
    again = firm(store, ours)
    assert again.goods is known.goods
    assert again.partners is known.partners, "others keep answers by the very tuple"
    put(store, "customers", {"name": "Bolt", "ordered": 1})
    assert firm(store, ours).goods is known.goods, "a change of another list leaves it"
    put(store, "products", replace_all=True)
    assert firm(store, ours).goods == ()


def test_tenants_do_not_see_each_other(store: Store) -> None:
    other = tenants.create(store.engine, "Kiel")
    put(store, "customers", ACME)
    put(store, "products", {"name": "Ball valve"})
    assert customer(store, "ann@acme.example", "acme.example", other) is None
    assert firm(store, tenant_id=other) == Firm()
    put(store, "customers", {"name": "Acme GmbH", "emails": ["ann@acme.example"], "ordered": 9}, tenant_id=other)
    assert [c.ordered for c in (customer(store, "ann@acme.example", tenant_id=t) for t in (1, other)) if c] == [3, 9]
    put(store, "customers", tenant_id=other, replace_all=True)
    assert customer(store, "ann@acme.example") is not None
    [one] = shown(store, "customers")
    with store.engine.begin() as connection:
        assert not catalogue.remove(connection, other, "customers", one["id"])
    with pytest.raises(catalogue.GoneTenant):
        put(store, "products", {"name": "Ball valve"}, tenant_id=99)


def test_lists_are_paged_and_searched(store: Store) -> None:
    put(store, "customers", *({"name": f"Firm {i:02}", "emails": [f"x@firm{i:02}.example"]} for i in range(12)))
    first = shown(store, "customers", most=5)
    rest = shown(store, "customers", after=first[-1]["id"], most=100)
    assert [one["name"] for one in (*first, *rest)] == [f"Firm {i:02}" for i in range(12)]
    assert [one["name"] for one in shown(store, "customers", search="FIRM 1")] == ["Firm 10", "Firm 11"]
    assert [one["name"] for one in shown(store, "customers", search="x@firm03.example")] == ["Firm 03"]
    assert shown(store, "customers", search="%") == []


def test_removing_a_customer_removes_its_addresses(store: Store) -> None:
    put(store, "customers", ACME)
    [one] = shown(store, "customers")
    with store.engine.begin() as connection:
        assert catalogue.remove(connection, 1, "customers", one["id"])
        assert connection.execute(select(func.count()).select_from(tables.customer_addresses)).scalar_one() == 0


def test_a_long_list_is_brought_in_within_seconds(store: Store) -> None:
    many = [{"name": f"Firm {i}", "emails": [f"a@firm{i}.example", f"b@firm{i}.example"]} for i in range(3000)]
    assert put(store, "customers", *many).added == 3000
    assert put(store, "customers", *many).same == 3000
    assert put(store, "customers", *({"name": m["name"], "ordered": 1} for m in many)).changed == 3000
    assert customer(store, "b@firm2999.example") is not None
