"""Customers, products and partners by API: put, listed, removed, and each tenant's own."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye.api.catalogue import LISTS
from keeneye.entries import ImportAnswer
from keeneye.store import tenants

KINDS = tuple(LISTS)
PATHS = [f"/api/v1/{kind}" for kind in KINDS]
ACME = {"name": "Acme GmbH", "emails": ["ann@acme.example"], "ordered": 2, "ordered_at": "2026-03-09", "country": "DE"}


@pytest.fixture
def fresh(make_site: Any) -> FlaskClient:
    """A client of a site with nothing in it."""
    return make_site().client()  # type: ignore[no-any-return]


def test_put_list_and_remove(fresh: FlaskClient) -> None:
    answer = fresh.put("/api/v1/customers", json=[ACME, {"name": "Bolt", "emails": ["x"]}])
    assert answer.status_code == 200
    done = ImportAnswer.model_validate(answer.json)
    assert (done.added, [(r.row, r.reason) for r in done.refused]) == (1, [(2, "emails 'x': is not a mail address")])
    page = fresh.get("/api/v1/customers?q=ann@acme.example").json
    LISTS["customers"][1].model_validate_json(fresh.get("/api/v1/customers").data)
    assert page["next"] is None
    [one] = page["items"]
    assert {k: one[k] for k in ACME} == ACME
    assert one["domains"] == ["acme.example"]
    assert fresh.delete(f"/api/v1/customers/{one['id']}").status_code == 204
    assert fresh.delete(f"/api/v1/customers/{one['id']}").status_code == 404
    assert fresh.get("/api/v1/customers").json["items"] == []


def test_a_page_says_where_the_next_one_begins(fresh: FlaskClient) -> None:
    for kind in KINDS:
        assert fresh.put(f"/api/v1/{kind}", json=[{"name": f"N {i}"} for i in range(5)]).json["added"] == 5
        LISTS[kind][1].model_validate_json(fresh.get(f"/api/v1/{kind}").data)
        names, after = [], 0
        while after is not None:
            page = fresh.get(f"/api/v1/{kind}?limit=2&after={after}").json
            names += [one["name"] for one in page["items"]]
            after = page["next"]
        assert names == [f"N {i}" for i in range(5)]


def test_csv(client: FlaskClient) -> None:
    content = "产品;型号;单位\n球阀;BV-20;个\n".encode("gb18030")
    assert client.put("/api/v1/products", data=content, content_type="text/csv").json["added"] == 1
    [one] = client.get("/api/v1/products?q=球").json["items"]
    assert (one["name"], one["models"], one["units"]) == ("球阀", ["BV-20"], ["个"])


def test_rehearsal_strictness_and_replacing(fresh: FlaskClient) -> None:
    fresh.put("/api/v1/partners", json=[{"name": "Old"}])
    assert fresh.put("/api/v1/partners?dry_run=true", json=[{"name": "New"}]).json["added"] == 1
    wrong = fresh.put("/api/v1/partners?strict=true", json=[{"name": "New"}, {"name": ""}])
    assert (wrong.status_code, wrong.json["code"], wrong.json["field"]) == (422, "invalid_field", "2")
    assert fresh.put("/api/v1/partners?replace=true", json=[]).status_code == 422
    assert [one["name"] for one in fresh.get("/api/v1/partners").json["items"]] == ["Old"]
    done = fresh.put("/api/v1/partners?replace=true", json=[{"name": "New"}]).json
    assert (done["added"], done["removed"]) == (1, 1)


def test_our_own_domain_is_no_customers(make_site: Any, tmp_path: Any) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[ours]\ndomains = ["exporter.example"]\n', "utf-8")
    client = make_site(grading={"policy": policy}).client()
    done = client.put("/api/v1/customers", json=[{"name": "Us", "emails": ["sales@exporter.example"]}]).json
    assert done["added"] == 1
    [one] = client.get("/api/v1/customers").json["items"]
    assert one["domains"] == []


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{}", "application/json", 422, "invalid_field"),
        (b'[{"name": "a\\u0000"}]', "application/json", 200, None),
        (b'[{"name": "a", "standing": "\\u0000"}]', "application/json", 200, None),
        (b"[", "application/json", 400, "malformed_json"),
        (b"[]", "text/plain", 415, "unsupported_media_type"),
        (b"colour\nred\n", "text/csv", 422, "invalid_field"),
        (b"", "text/csv", 400, "empty_body"),
        (b"\xff\xfe\x00", "text/csv", 422, "invalid_field"),
        (b'name\n"a\x00', "text/csv", 422, "invalid_field"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_bad_bodies(client: FlaskClient, path: str, content: bytes, kind: str, status: int, code: str | None) -> None:
    answer = client.put(path, data=content, content_type=kind)
    assert (answer.status_code, answer.json.get("code")) == (status, code)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "q=%00", "after=-1", "after=99999999999", "order=name"])
def test_bad_queries(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/customers?{query}").json["code"] == "invalid_field"
    assert client.put("/api/v1/customers?replace=maybe", json=[]).json["code"] == "invalid_field"


def test_another_tenant_sees_and_changes_nothing(make_site: Any) -> None:
    site = make_site()
    store = site.services.store
    other = site.client(store.create_token("desk", tenant_id=tenants.create(store.engine, "Kiel")))
    mine = site.client()
    for kind in KINDS:
        mine.put(f"/api/v1/{kind}", json=[{"name": "Ours"}])
        [one] = mine.get(f"/api/v1/{kind}").json["items"]
        assert other.get(f"/api/v1/{kind}").json["items"] == []
        assert other.delete(f"/api/v1/{kind}/{one['id']}").status_code == 404
        assert other.put(f"/api/v1/{kind}?replace=true", json=[{"name": "Theirs"}]).json["removed"] == 0
        assert [one["name"] for one in mine.get(f"/api/v1/{kind}").json["items"]] == ["Ours"]


@pytest.mark.parametrize("path", PATHS)
def test_a_token_is_needed(site: Any, path: str) -> None:
    client = site.client(None)
    for answer in (client.get(path), client.put(path, json=[]), client.delete(f"{path}/1")):
        assert (answer.status_code, answer.json["code"]) == (401, "token_missing")


def test_ids_that_are_none(client: FlaskClient) -> None:
    for written in ("x", "-1", "9" * 30, "١"):
        assert client.delete(f"/api/v1/customers/{written}").status_code == 404
