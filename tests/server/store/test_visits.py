"""Visits in the store: joined, asked for by address and network, apart by tenant, swept and erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from keeneye.model import Visits
from keeneye.store import DEFAULT_TENANT, Store, tables, tenants
from keeneye.store.visits import Book, erase, recall
from keeneye.weblog.files import Mark
from keeneye.weblog.visit import Visit

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AT = int(NOON.timestamp())
DAY = 86400
LOG = Mark(b"l" * 16, 100, b"h" * 16, b"t" * 16, AT - 60 * DAY, AT + DAY)


def visit(
    ip: str = "203.0.113.5", minutes: int = 0, *products: str, last: int | None = None, came: str = "typed"
) -> Visit:
    first = AT + 60 * minutes
    host = {"site": "alibaba.com", "search": "google.com"}.get(came)
    pages = max(1, len(products))
    return Visit(ip, first, first if last is None else AT + 60 * last, pages, dict.fromkeys(products), came, host)


def book(store: Store, tenant_id: int = DEFAULT_TENANT, oldest: int = 0) -> Book:
    return Book(store.writing, store.secret, tenant_id, oldest)


def asked(
    store: Store, *ips: str, now: datetime = NOON + timedelta(hours=6), tenant_id: int = DEFAULT_TENANT
) -> Mapping[str, Visits] | None:
    with store.reading() as connection:
        return recall(connection, tenant_id, store.secret, ips, now)


def rows(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.visits)).scalar_one())


def test_without_a_log_nothing_can_be_told(store: Store) -> None:
    assert asked(store, "203.0.113.5") is None


def test_a_visitor_is_found_by_his_address(store: Store) -> None:
    book(store).save(
        [
            visit("203.0.113.5", 0, "/product/a", "/product/b", last=9, came="site"),
            visit("203.0.113.5", 120, "/product/b"),
        ],
        [],
        [LOG],
    )
    assert asked(store, "203.0.113.5") == {
        "203.0.113.5": Visits(
            "address", 2, 3, ("/product/b", "/product/a"), "site", "alibaba.com", NOON, NOON + timedelta(hours=2)
        )
    }


def test_a_neighbour_is_found_by_the_network(store: Store) -> None:
    book(store).save([visit("203.0.113.5"), visit("2001:db8:1:2::3")], [], [LOG])
    found = asked(store, "203.0.113.77", "2001:db8:1:99::1", "203.0.112.5", "2001:db8:2::1", "no address")
    assert found is not None
    assert {ip: v.by for ip, v in found.items()} == {"203.0.113.77": "network", "2001:db8:1:99::1": "network"}


def test_an_address_of_its_own_is_not_lost_among_neighbours(store: Store) -> None:
    many = [visit(f"203.0.113.{n % 250}", 40 * n // 250) for n in range(1000) if n % 250 != 5]
    book(store).save([*many, visit("203.0.113.5", 0, "/product/a")], [], [LOG])
    found = asked(store, "203.0.113.5", "203.0.113.251")
    assert found is not None
    assert (found["203.0.113.5"].by, found["203.0.113.5"].visits) == ("address", 1)
    assert found["203.0.113.251"].by == "network"


def test_visits_after_the_message_do_not_count(store: Store) -> None:
    book(store).save([visit(minutes=60, last=80)], [], [LOG])
    assert asked(store, "203.0.113.5", now=NOON) == {}
    found = asked(store, "203.0.113.5", now=NOON + timedelta(minutes=70))
    assert found is not None
    assert found["203.0.113.5"].last_seen == NOON + timedelta(minutes=70)


def test_a_log_of_another_time_says_nothing_of_who_is_not_in_it(store: Store) -> None:
    book(store).save([visit()], [], [LOG])
    for moment in (NOON + timedelta(days=3), NOON - timedelta(days=61)):
        assert asked(store, "198.51.100.1", now=moment) is None
    assert asked(store, "198.51.100.1") == {}
    assert asked(store, "203.0.113.5", now=NOON + timedelta(days=3)) is not None


def test_parts_of_one_visit_that_come_later_are_joined(store: Store) -> None:
    one = book(store)
    one.save([visit("203.0.113.5", 0, "/product/a", last=10, came="search")], [], [LOG])
    one.save([visit("203.0.113.5", 35, "/product/b", last=50, came="inside")], [], [])
    one.save([visit("203.0.113.5", 200, came="inside")], [], [])
    assert rows(store) == 2
    one.save([visit("203.0.113.5", n) for n in (75, 100, 125, 150, 175)], [], [])  # closes the gap
    assert rows(store) == 1
    found = asked(store, "203.0.113.5")
    assert found is not None
    v = found["203.0.113.5"]
    assert (v.visits, v.pages, v.products, v.came_by) == (1, 8, ("/product/a", "/product/b"), "search")
    assert v.last_seen - v.first_seen == timedelta(minutes=200)


def test_the_earliest_part_tells_how_somebody_came(store: Store) -> None:
    one = book(store)
    one.save([visit("203.0.113.5", 20, came="inside"), visit("203.0.113.6", 20, came="typed")], [], [LOG])
    one.save([visit("203.0.113.5", 0, came="site"), visit("203.0.113.6", 0, came="search")], [], [])
    found = asked(store, "203.0.113.5", "203.0.113.6")
    assert found is not None
    assert [v.came_by for v in found.values()] == ["site", "search"]


def test_scanners_are_taken_away_again(store: Store) -> None:
    one = book(store)
    one.save([visit("203.0.113.5"), visit("203.0.113.5", -600), visit("203.0.113.6")], [], [LOG])
    one.save([], [("203.0.113.5", AT + 60)], [])
    assert rows(store) == 2  # what he did on another day stays


def test_marks_are_kept_with_the_visits(store: Store) -> None:
    one = book(store)
    assert one.mark(LOG.log) is None
    one.save([], [], [LOG])
    later = Mark(LOG.log, 200, LOG.head, b"u" * 16, LOG.since, LOG.until + 5)
    one.save([visit()], [], [later])
    assert one.mark(LOG.log) == later


def test_tenants_see_nothing_of_each_other(store: Store) -> None:
    other = tenants.create(store.engine, "Kiel")
    book(store).save([visit()], [], [LOG])
    assert asked(store, "203.0.113.5", tenant_id=other) is None
    assert book(store, other).mark(LOG.log) is None
    book(store, other).save([visit("198.51.100.1")], [("203.0.113.5", AT)], [LOG])
    assert asked(store, "203.0.113.5", tenant_id=other) == {}
    assert asked(store, "203.0.113.5") != {}


def test_old_visits_are_not_taken_and_are_swept(store: Store) -> None:
    book(store, oldest=AT).save([visit(minutes=-60), visit("203.0.113.6", 5)], [], [LOG])
    assert rows(store) == 1
    store.sweep(AT + 89 * DAY)
    assert rows(store) == 1
    store.sweep(AT + 92 * DAY)
    assert rows(store) == 0
    assert asked(store, "203.0.113.6") is None


def test_an_address_is_erased(store: Store) -> None:
    other = tenants.create(store.engine, "Kiel")
    for tenant_id in (DEFAULT_TENANT, other):
        book(store, tenant_id).save([visit(), visit("203.0.113.6")], [], [LOG])
    with store.writing() as connection:
        assert erase(connection, DEFAULT_TENANT, store.secret, "203.0.113.5") == 1
    assert rows(store) == 3
    with store.writing() as connection, pytest.raises(ValueError, match="not appear to be"):
        erase(connection, DEFAULT_TENANT, store.secret, "nobody")


def test_no_address_can_be_read_from_the_table(store: Store) -> None:
    book(store).save([visit()], [], [LOG])
    with store.reading() as connection:
        [row] = connection.execute(select(tables.visits)).mappings().all()
    assert all("203" not in str(v) and b"203" not in (v if isinstance(v, bytes) else b"") for v in row.values())
    assert len(row["address"]) == len(row["network"]) == 16
