"""Who may ask, from where, and how often."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

RAW = "message/rfc822"
MAIL = b"From: a@b.example\n\nhi"
LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8025"}


def grade(client: Any, **more: Any) -> Any:
    return client.post("/api/v1/grade", data=MAIL, content_type=RAW, **more)


def page_token(client: Any, **environment: str) -> str | None:
    page = client.get("/", environ_overrides=environment).text
    found = re.search(r'<meta name="keeneye-token" content="([^"]+)">', page)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token_missing"),
        ("", "token_missing"),
        ("Bearer", "token_missing"),
        ("Bearer ", "token_missing"),
        ("Bearer wrong", "token_invalid"),
        ("Bearer kee_wrong", "token_invalid"),
        ("Bearer " + "x" * 5000, "token_invalid"),
        ("Bearer \xff\xfe", "token_invalid"),
        ("Basic dTpw", "token_invalid"),
        ("Bearer page.x", "token_invalid"),
        ("Bearer page.page.YWJj.AAAA", "token_invalid"),
    ],
)
def test_wrong_tokens(site: Any, header: str | None, code: str) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = grade(site.client(None), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/grade"),
        ("POST", "/api/v1/grade/batch"),
        ("GET", "/api/v1/verdicts/x"),
        ("POST", "/api/v1/verdicts/x/feedback"),
        ("DELETE", "/api/v1/verdicts/x/feedback"),
        ("GET", "/api/v1/senders/a@b.example"),
    ],
)
def test_every_route_of_the_api_wants_a_token(site: Any, method: str, path: str) -> None:
    assert site.client(None).open(path, method=method).status_code == 401


def test_routes_without_token_are_these_only(site: Any) -> None:
    open_routes = set()
    for rule in site.app.url_map.iter_rules():
        method = next(iter(rule.methods - {"HEAD", "OPTIONS"}))
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        if site.client(None).open(path, method=method).status_code != 401:
            open_routes.add(rule.rule)
    assert open_routes == {
        "/", "/samples", "/samples/<name>", "/static/<path:filename>", "/healthz", "/readyz", "/metrics",
        "/api/v1/pair", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs.css",
        "/addin/<name>", "/addin/icons/<name>", "/.well-known/microsoft-officeaddins-allowed.json",
    }  # fmt: skip


def test_revoked_and_expired_tokens(site: Any) -> None:
    store = site.services.store
    token = store.create_token("leaver")
    assert grade(site.client(token)).status_code == 200
    store.revoke_token("leaver")
    time.sleep(1.05)
    assert grade(site.client(token)).status_code == 401
    assert grade(site.client(store.create_token("past", int(time.time()) - 1))).status_code == 401


def test_pairing(site: Any) -> None:
    client = site.client(None)
    code = site.services.store.create_pairing_code("laptop")
    answer = client.post("/api/v1/pair", json={"code": code.lower()})
    assert answer.status_code == 201
    assert answer.json["name"] == "laptop"
    assert grade(site.client(answer.json["token"])).status_code == 200
    again = client.post("/api/v1/pair", json={"code": code})
    assert (again.status_code, again.json["code"]) == (403, "code_invalid")
    wrong = client.post("/api/v1/pair", json={"code": 7})
    assert (wrong.status_code, wrong.json["field"]) == (422, "code")


def test_pairing_when_the_name_was_taken(site: Any) -> None:
    code = site.services.store.create_pairing_code("twice")
    site.services.store.create_token("twice")
    answer = site.client(None).post("/api/v1/pair", json={"code": code})
    assert (answer.status_code, answer.json["code"]) == (409, "name_taken")


def test_codes_cannot_be_guessed_for_long(make_site: Any) -> None:
    client = make_site(limits={"pair": "3 per minute"}).client(None)
    answers = [client.post("/api/v1/pair", json={"code": "22222-22222"}) for _ in range(4)]
    assert [a.status_code for a in answers] == [403, 403, 403, 429]
    elsewhere = client.post("/api/v1/pair", json={"code": "x"}, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 403


def test_codes_cannot_be_guessed_from_many_addresses(make_site: Any) -> None:
    client = make_site(limits={"pair_all": "3 per minute"}).client(None)
    statuses = [
        client.post("/api/v1/pair", json={"code": "x"}, environ_overrides={"REMOTE_ADDR": f"192.0.2.{i}"}).status_code
        for i in range(5)
    ]
    assert statuses == [403, 403, 403, 429, 429]


def test_tokens_cannot_be_guessed_for_long(make_site: Any) -> None:
    site = make_site(limits={"failed": "2 per minute"})
    assert [grade(site.client("wrong")).status_code for _ in range(3)] == [401, 401, 429]
    assert grade(site.client()).status_code == 200, "a good token from the same address still works"


def test_limit_per_token(make_site: Any) -> None:
    site = make_site(limits={"grade": "3 per hour"})
    answers = [grade(site.client()) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[3].json["code"] == "too_many_requests"
    assert 0 < int(answers[3].headers["Retry-After"]) <= 3600
    other = site.services.store.create_token("other")
    assert grade(site.client(other)).status_code == 200


def test_batch_counts_by_its_lines(make_site: Any) -> None:
    site = make_site(limits={"grade": "3 per hour"})

    def batch(count: int) -> int:
        body = b'{"text": "x"}\n' * count
        return int(site.client().post("/api/v1/grade/batch", data=body, content_type="application/jsonl").status_code)

    assert [batch(4), batch(2), batch(2), batch(1)] == [429, 200, 429, 200]


def test_page_of_this_machine_has_a_session(site: Any) -> None:
    client = site.client(None)
    token = page_token(client, **LOCAL)
    assert token is not None
    headers = {"Authorization": f"Bearer {token}"}
    assert grade(client, headers=headers, environ_overrides=LOCAL).status_code == 200


@pytest.mark.parametrize(
    "environment",
    [
        {"REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "127.0.0.1:8025"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "evil.example:8025"},  # DNS rebinding
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1.evil.example"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": ""},
        LOCAL | {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        LOCAL | {"HTTP_FORWARDED": "for=192.0.2.1"},
        LOCAL | {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_page_of_anybody_else_has_none(site: Any, environment: dict[str, str]) -> None:
    client = site.client(None)
    assert page_token(client, **environment) is None
    stolen = page_token(client, **LOCAL)
    answer = grade(client, headers={"Authorization": f"Bearer {stolen}"}, environ_overrides=environment)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize("name", ["localhost", "localhost:8025", "[::1]:8025", "127.0.0.1"])
def test_names_of_this_machine(site: Any, name: str) -> None:
    assert page_token(site.client(None), REMOTE_ADDR="::1", HTTP_HOST=name) is not None


def test_session_of_an_old_page_ends(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client(None)
    token = page_token(client, **LOCAL)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 13 * 3600)
    assert grade(client, headers={"Authorization": f"Bearer {token}"}, environ_overrides=LOCAL).status_code == 401


def test_page_can_be_opened_or_closed_by_the_admin(make_site: Any) -> None:
    everywhere = {"REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "keeneye.example"}
    assert page_token(make_site(server={"open_page": "all"}).client(None), **everywhere) is not None
    assert page_token(make_site(server={"open_page": "never"}).client(None), **LOCAL) is None


def test_behind_a_proxy_the_real_client_counts(make_site: Any) -> None:
    client = make_site(server={"proxy_hops": 1}).client(None)
    far = LOCAL | {"HTTP_X_FORWARDED_FOR": "192.0.2.1", "HTTP_X_FORWARDED_HOST": "keeneye.example"}
    assert page_token(client, **far) is None
    assert client.get("/metrics", environ_overrides=far).status_code == 403
    forged = far | {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 192.0.2.1"}
    assert page_token(client, **forged) is None


def test_metrics_are_for_this_machine(site: Any, make_site: Any) -> None:
    assert site.client(None).get("/metrics", environ_overrides=LOCAL).status_code == 200
    far = {"REMOTE_ADDR": "192.0.2.1"}
    answer = site.client(None).get("/metrics", environ_overrides=far)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    opened = make_site(server={"open_metrics": True}).client(None)
    assert opened.get("/metrics", environ_overrides=far).status_code == 200


@pytest.mark.parametrize(
    "origin", ["chrome-extension://abcdefghijklmnop", "moz-extension://0a1b2c3d-0000-4000-8000-000000000000"]
)
def test_extensions_may_call_the_api(site: Any, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "authorization, content-type"}  # fmt: skip
    answer = site.client(None).options("/api/v1/grade", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in answer.headers
    got = grade(site.client(), headers={"Origin": origin})
    assert got.headers["Access-Control-Allow-Origin"] == origin
    refused = grade(site.client(None), headers={"Origin": origin})
    assert refused.headers["Access-Control-Allow-Origin"] == origin, "the extension can read why"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "chrome-extension://a.evil.example", "https://chrome-extension://abc",
     "xchrome-extension://abc", "http://127.0.0.1:8025"],
)  # fmt: skip
def test_other_origins_may_not(site: Any, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" not in site.client(None).options("/api/v1/grade", headers=asked).headers
    assert "Access-Control-Allow-Origin" not in grade(site.client(), headers={"Origin": origin}).headers


@pytest.mark.parametrize("path", ["/", "/samples", "/metrics", "/static/icon.svg"])
def test_no_origin_may_read_the_page(site: Any, path: str) -> None:
    answer = site.client(None).get(path, headers={"Origin": "chrome-extension://abc"}, environ_overrides=LOCAL)
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_grading_goes_on_when_the_counter_is_away(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> int:
        raise ConnectionError

    monkeypatch.setattr(site.services.rates, "spend", away)
    assert grade(site.client()).status_code == 200
