"""The lists keep themselves clean: each says its source and date, and holds what its reader expects."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from keeneye.lookups import lists
from keeneye.lookups.domains import Domains, clean

DOMAINS = lists.LEXICONS / "domains"
TOMLS = sorted(f.name for f in DOMAINS.iterdir() if f.name.endswith(".toml"))
TEXTS = [DOMAINS / "free_mail.txt", *(lists.LEXICONS / "countries" / n for n in ("countries.csv", "country_risk.csv"))]


def test_there_are_lists() -> None:
    assert len(TOMLS) >= 8


@pytest.mark.parametrize("name", TOMLS)
def test_a_list_says_its_source_and_date(name: str) -> None:
    table = tomllib.loads((DOMAINS / name).read_text(encoding="utf-8"))
    assert len(table["source"]) > 20
    assert date.fromisoformat(table["date"]) >= date(2026, 1, 1)


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_a_text_list_says_its_source_and_date(path: Any) -> None:
    head = path.read_text(encoding="utf-8").splitlines()[:3]
    assert any(line.startswith("# source: ") for line in head)
    assert any(re.fullmatch(r"# date: 2026-\d\d-\d\d", line) for line in head)


def test_a_list_without_them_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "domains").mkdir()
    (tmp_path / "domains" / "x.toml").write_text('source = "somewhere"\n', encoding="utf-8")
    monkeypatch.setattr(lists, "LEXICONS", tmp_path)
    with pytest.raises(ValueError, match=r"x\.toml.*date"):
        lists.toml("x.toml")


def hosts() -> Iterator[tuple[str, str]]:
    """(list, host) of every host in the lists of hosts."""
    free = lists.toml("free_mail.toml")
    for host in free["international"]:
        yield "free_mail", host
    for country, listed in free["country"].items():
        assert re.fullmatch("[A-Z]{2}", country)
        for host in listed:
            yield "free_mail", host
    web = lists.toml("web_services.toml")
    for key in ("shortener", "free_hosting", "free_pages", "file_share"):
        for host in web[key]:
            yield key, host
    for name, key in (("platforms.toml", "platform"), ("mail_providers.toml", "provider")):
        for entry in lists.toml(name)[key]:
            for host in entry["hosts"]:
                yield name, host
    for brand in lists.toml("brands.toml")["brand"]:
        assert set(brand) <= {"name", "domains", "labels", "common", "kind"}
        assert brand.get("kind", "corporate") == "corporate"
        for host in brand["domains"]:
            yield f"brand {brand['name']}", host


def test_hosts_are_written_plainly_and_once_a_list() -> None:
    seen = set()
    for where, host in hosts():
        assert clean(host) == host, (where, host)
        assert (where, host) not in seen, (where, host)
        seen.add((where, host))
    assert len(seen) > 1500


def test_a_free_provider_has_one_country() -> None:
    free = lists.toml("free_mail.toml")
    listed = [h for hs in free["country"].values() for h in hs] + free["international"]
    assert sorted({h for h in listed if listed.count(h) > 1}) == []


def test_no_listed_host_imitates_a_brand(domains: Domains) -> None:
    flagged = {(where, host) for where, host in hosts() if (a := domains.answer(host)) and a.resembles}
    assert flagged == set()


def test_well_known_mail_is_not_called_disposable(domains: Domains) -> None:
    for where, host in hosts():
        if where == "free_mail":
            answer = domains.answer(host)
            assert answer is not None
            assert answer.mailbox == "free", host


def test_a_brand_owns_its_domains_alone() -> None:
    allowed = {"hotmail.com", "googlemail.com"}  # of Outlook and Hotmail, of Google and Gmail
    owners: dict[str, str] = {}
    for brand in lists.toml("brands.toml")["brand"]:
        for domain in brand["domains"]:
            other = owners.setdefault(domain, brand["name"])
            assert other == brand["name"] or domain in allowed, (domain, other, brand["name"])
    assert len(owners) > 500
