"""What browsers, monitors and admins fetch: page, samples, documents, health, metrics; headers on all of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from keeneye.api.openapi import OPERATIONS, document
from keeneye.api.problems import CODES

MAIL = b"From: a@b.example\n\nhi"


def policy(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize(
    "path",
    ["/", "/samples", "/static/icon.svg", "/healthz", "/readyz", "/nothing", "/api/v1/docs", "/api/v1/openapi.json",
     "/api/v1/verdicts/x", "/api/v1/grade"],
)  # fmt: skip
def test_headers_on_every_answer(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert policy(answer)["default-src"] == "'none'"
    assert policy(answer)["frame-ancestors"] == "'none'"
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])
    assert "Strict-Transport-Security" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_secure_answers_ask_to_stay_secure(client: FlaskClient) -> None:
    assert "max-age" in client.get("/healthz", base_url="https://keeneye.example").headers["Strict-Transport-Security"]


def test_request_id_is_taken_from_our_own_proxy_only(site: Any, make_site: Any) -> None:
    given = {"X-Request-Id": "proxy-chosen-id"}
    assert site.client().get("/healthz", headers=given).headers["X-Request-Id"] != "proxy-chosen-id"
    behind = make_site(server={"proxy_hops": 1}).client()
    assert behind.get("/healthz", headers=given).headers["X-Request-Id"] == "proxy-chosen-id"
    assert behind.get("/healthz", headers={"X-Request-Id": "a@b.example"}).headers["X-Request-Id"] != "a@b.example"


def test_page_runs_own_scripts_only(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "no-store"
    rules = policy(answer)
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["font-src"] == "'self'"
    assert rules["img-src"] == "'self' data:"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|https?://", answer.text)


def test_samples(client: FlaskClient) -> None:
    samples = client.get("/samples").json
    assert len(samples) >= 12
    for one in samples:
        answer = client.get(f"/samples/{one['file']}")
        assert answer.status_code == 200
        assert answer.mimetype == "text/plain"
        assert client.post("/api/v1/grade", data=answer.data, content_type="message/rfc822").status_code == 200


def test_health(client: FlaskClient, make_site: Any) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "checks": {"store": True}}
    site = make_site()
    with site.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    answer = site.client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "checks": {"store": False}}
    assert int(answer.headers["Retry-After"]) > 0
    assert site.client().get("/healthz").status_code == 200


def test_metrics_count(client: FlaskClient) -> None:
    def count() -> float:
        text = client.get("/metrics").text
        found = re.search(
            r'^keeneye_http_requests_total\{method="POST",route="/api/v1/grade",status="200"\} (.+)$', text, re.M
        )
        return float(found[1]) if found else 0.0

    before = count()
    client.post("/api/v1/grade", data=MAIL, content_type="message/rfc822")
    assert count() == before + 1
    assert "keeneye_verdicts_total{" in client.get("/metrics").text
    assert "b.example" not in client.get("/metrics").text


# ------------------------------------------------------------------ OpenAPI


def test_document_is_valid_openapi() -> None:
    made = json.loads(orjson.dumps(document()))
    assert made["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(made).validate()


def test_document_is_served(client: FlaskClient) -> None:
    assert client.get("/api/v1/openapi.json").json == json.loads(orjson.dumps(document()))


def test_every_route_of_the_api_is_described(site: Any) -> None:
    own = {"openapi.as_json", "openapi.as_page", "openapi.style", "page.index", "page.samples", "page.sample", "static",
           "addin.part", "addin.icon", "addin.allowed"}  # fmt: skip
    assert {r.endpoint for r in site.app.url_map.iter_rules()} - own == set(OPERATIONS)
    described = {op["operationId"] for methods in document()["paths"].values() for op in methods.values()}
    assert described == {endpoint.replace(".", "_") for endpoint in OPERATIONS}


def test_every_code_that_a_route_names_exists() -> None:
    assert {code for operation in OPERATIONS.values() for code in operation.problems} <= set(CODES)


def check(answer: Any, path: str, method: str) -> None:
    """The answer is one of those that the document promises for this route."""
    made = document()
    promised = made["paths"][path][method]["responses"][str(answer.status_code)]
    if not promised.get("content"):
        assert answer.data == b""
        return
    wanted = promised["content"][answer.mimetype]["schema"]
    for line in answer.data.splitlines() if answer.mimetype == "application/x-ndjson" else [answer.data]:
        jsonschema.Draft202012Validator(wanted | {"components": made["components"]}).validate(orjson.loads(line))


def test_answers_are_as_the_document_says(client: FlaskClient, site: Any, message: bytes) -> None:
    raw = {"data": message, "content_type": "message/rfc822"}
    answer = client.post("/api/v1/grade?detail=full&include=message", **raw)
    check(answer, "/api/v1/grade", "post")
    place = f"/api/v1/verdicts/{answer.json['id']}"
    check(client.post(f"{place}/feedback", json={"label": "genuine"}), "/api/v1/verdicts/{verdict_id}/feedback", "post")
    check(client.get(place), "/api/v1/verdicts/{verdict_id}", "get")
    check(client.delete(f"{place}/feedback"), "/api/v1/verdicts/{verdict_id}/feedback", "delete")
    address = answer.json["facts"]["sender"]["address"]
    check(client.get(f"/api/v1/senders/{address}"), "/api/v1/senders/{address}", "get")
    check(client.get("/api/v1/senders/x"), "/api/v1/senders/{address}", "get")
    check(client.get("/api/v1/verdicts/x"), "/api/v1/verdicts/{verdict_id}", "get")
    check(client.post("/api/v1/grade", json={}), "/api/v1/grade", "post")
    check(site.client(None).post("/api/v1/grade", **raw), "/api/v1/grade", "post")
    batch = b'{"id": "a", "text": "x"}\n{'
    check(
        client.post("/api/v1/grade/batch", data=batch, content_type="application/x-ndjson"),
        "/api/v1/grade/batch",
        "post",
    )
    code = site.services.store.create_pairing_code("described")
    check(site.client(None).post("/api/v1/pair", json={"code": code}), "/api/v1/pair", "post")
    check(client.get("/healthz"), "/healthz", "get")
    check(client.get("/readyz"), "/readyz", "get")


@pytest.mark.parametrize("name", ["GradeRequest", "Verdict", "Problem", "FindingOut", "FactsOut"])
def test_schema_of_the_contract_is_whole(name: str) -> None:
    assert document()["components"]["schemas"][name]["properties"]


def test_page_of_the_document_needs_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/api/v1/docs")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
    for code in CODES:
        assert f"<code>{code}</code>" in answer.text
    for path in document()["paths"]:
        assert path in answer.text
    links = set(re.findall(r'href="#([^"]+)"', answer.text))
    anchors = set(re.findall(r'id="([^"]+)"', answer.text))
    assert links <= anchors
    style = client.get("/api/v1/docs.css")
    assert style.mimetype == "text/css"
    assert "url(" not in style.text


def test_contract_page_names_every_route_and_code() -> None:
    page = (Path(__file__).parents[3] / "docs/api.md").read_text("utf-8")
    for path in document()["paths"]:
        assert path in page
    for code in CODES:
        assert f"`{code}`" in page
