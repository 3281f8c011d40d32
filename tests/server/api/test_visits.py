"""From a line of the web log to the breakdown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye.store import DEFAULT_TENANT, Store, tenants
from keeneye.store.visits import DAY, Book, erase
from keeneye.weblog.importing import Importer
from keeneye.weblog.sessions import Rules, Sessions

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
NOW = datetime.now(UTC)
VISITOR = "203.0.113.5"


def line(hours: float, path: str, referrer: str = "-", ip: str = VISITOR) -> str:
    at = (NOW - timedelta(hours=hours)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{ip} - - [{at}] "GET {path} HTTP/1.1" 200 9 "{referrer}" "{CHROME}"\n'


LOG = (
    line(60, "/", ip="198.51.100.200")
    + line(3, "/product/ball-valve", "https://www.alibaba.com/x")
    + line(2.9, "/product/gate-valve")
    + line(-0.01, "/contact", ip="198.51.100.200")
)


def bring(store: Store, folder: Path, text: str = LOG, tenant_id: int = DEFAULT_TENANT) -> None:
    log = folder / f"access-{tenant_id}.log"
    log.write_text(text)
    oldest = int(NOW.timestamp()) - 90 * DAY
    Importer(Sessions(Rules()), Book(store.writing, store.secret, tenant_id, oldest)).read([log])


def grade(
    client: FlaskClient, ip: str = VISITOR, host: str = "out.andes.example", sent: datetime = NOW
) -> dict[str, Any]:
    at = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
    mail = (
        f"Received: from {host} ([{ip}]) by mx.exporter.example; {at}\nFrom: Rosa <rosa@andes.example>\n"
        f"To: sales@exporter.example\nDate: {at}\nSubject: Ball valves\n\n"
        "Dear Chen,\nplease quote 500 ball valves DN50.\n"
    )
    answer = client.post("/api/v1/grade", data=mail.encode(), content_type="message/rfc822")
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def visits(verdict: dict[str, Any]) -> set[str]:
    return {f["id"] for f in verdict["findings"] if f["family"] == "visits" and f["outcome"] == "hit"}


def test_a_visitor_who_writes_is_known(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    client = site.client()
    before = grade(client)
    assert visits(before) == set()
    assert before["facts"]["history"]["visits"] is None
    bring(site.services.store, tmp_path)
    after = grade(client)
    assert visits(after) == {"visits.products", "visits.came-from"}
    told = after["facts"]["history"]["visits"]
    assert (told["by"], told["visits"], told["pages"]) == ("address", 1, 2)
    assert (told["products"], told["came_by"], told["came_from"]) == (
        ["/product/ball-valve", "/product/gate-valve"],
        "site",
        "alibaba.com",
    )
    assert after["quality"] > before["quality"]
    [finding] = [f for f in after["findings"] if f["id"] == "visits.products"]
    assert [e["quote"] for e in finding["evidence"]] == ["/product/ball-valve", "/product/gate-valve"]


def test_a_neighbour_counts_less(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    client = site.client()
    bring(site.services.store, tmp_path)
    seen, neighbour = grade(client), grade(client, "203.0.113.77")
    assert visits(neighbour) == {"visits.network"}
    assert neighbour["facts"]["history"]["visits"]["by"] == "network"
    assert seen["quality"] > neighbour["quality"]


def test_no_visit_is_no_bad_sign(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    client = site.client()
    before = grade(client, "192.0.2.44")
    bring(site.services.store, tmp_path)
    after = grade(client, "192.0.2.44")
    assert visits(after) == {"visits.none"}
    assert (after["risk"], after["category"], after["banner"]) == (before["risk"], before["category"], before["banner"])
    assert after["quality"] == pytest.approx(before["quality"], abs=4)  # it has written before


def test_a_message_from_before_the_visit_was_not_led_to_by_it(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    bring(site.services.store, tmp_path)
    assert visits(grade(site.client(), sent=NOW - timedelta(hours=5))) == {"visits.none"}
    assert visits(grade(site.client(), sent=NOW - timedelta(days=30))) == set()


def test_two_firms_have_two_logs(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    store = site.services.store
    other = tenants.create(store.engine, "Kiel")
    bring(store, tmp_path, tenant_id=other)
    assert visits(grade(site.client())) == set()
    theirs = site.client(store.create_token("kiel", tenant_id=other))
    assert visits(grade(theirs)) == {"visits.products", "visits.came-from"}


def test_erased_visits_are_gone(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    bring(site.services.store, tmp_path)
    with site.services.store.writing() as connection:
        erase(connection, DEFAULT_TENANT, site.services.store.secret, VISITOR)
    assert visits(grade(site.client())) == {"visits.none"}


def test_stored_verdicts_hold_no_visits(make_site: Any, tmp_path: Path) -> None:
    site = make_site()
    bring(site.services.store, tmp_path)
    client = site.client()
    verdict = grade(client)
    stored = client.get(f"/api/v1/verdicts/{verdict['id']}").get_data(as_text=True)
    assert "visits.products" in stored
    assert "ball-valve" not in stored
    assert VISITOR not in stored
