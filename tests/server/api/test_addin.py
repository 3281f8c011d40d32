"""The Outlook add-in's pages: framed by Office only, with Office's script, icons that may be kept, nothing foreign."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from keeneye import addin
from keeneye.api.addin import PAGES
from keeneye.settings import SettingsError, load

OFFICE = "https://appsforoffice.microsoft.com"
AJAX = "https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js"


def policy(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_framed_by_office_only(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/addin/{name}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    rules = policy(answer)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'self' {OFFICE} {AJAX}"
    assert rules["connect-src"] == rules["style-src"] == "'self'"
    frames = rules["frame-ancestors"].split()
    for host in ("outlook.office.com", "outlook.office365.com", "outlook.live.com", "*.officeapps.live.com"):
        assert f"https://{host}" in frames
    assert "*" not in frames
    assert "X-Frame-Options" not in answer.headers
    assert "Cross-Origin-Opener-Policy" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", answer.text)
    assert set(re.findall(r"https?://[^/\"<]+", answer.text)) <= {OFFICE}


def test_pages_ask_whether_they_changed(client: FlaskClient) -> None:
    for name in ("taskpane.html", "taskpane.js", "taskpane-style.css", "commands.js", "about.css", "old.js"):
        answer = client.get(f"/addin/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["Cache-Control"] == "no-cache"
        again = client.get(f"/addin/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["taskpane.js", "commands.js", "old.js"])
def test_scripts_make_no_markup_and_no_code(client: FlaskClient, name: str) -> None:
    text = client.get(f"/addin/{name}").text
    forbidden = r"\beval\(|new Function\(|importScripts\(|\bimport\(|\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML"
    assert len(text) > 100
    assert re.findall(forbidden, text) == []


def test_every_address_of_the_manifest_is_served(client: FlaskClient) -> None:
    address = addin.Address.parse("https://keeneye.example")
    text = addin.as_xml(address).decode() + addin.as_json(address).decode()
    paths = set(re.findall(r'https://keeneye\.example(/[^"#<]+)', text))
    assert {"/addin/taskpane.html", "/addin/commands.html", "/addin/commands.js", "/addin/about.html"} < paths
    assert [path for path in sorted(paths) if client.get(path).status_code != 200] == []


@pytest.mark.parametrize("size", [16, 25, 32, 48, 64, 80, 128])
def test_icons_may_be_kept_and_shown_elsewhere(client: FlaskClient, size: int) -> None:
    answer = client.get(f"/addin/icons/{size}.png")
    assert answer.mimetype == "image/png"
    assert answer.data[16:24] == bytes([0, 0, 0, size] * 2)
    # Office shows no icon that comes with no-cache or no-store.
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path",
    ["nothing.html", "icons/17.png", "icons/..%2Ftaskpane.html", "icons/color.png", "..%2Findex.html", "taskpane.ts"],
)
def test_nothing_else_is_there(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/addin/{path}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] in ("no-cache", "no-store")


def test_classic_outlook_learns_where_the_server_is(client: FlaskClient, make_site: Any) -> None:
    home = "https://keeneye.example"
    script = client.get("/addin/commands.js", base_url=home)
    assert script.text.startswith(f'var KEENEYE_SERVER="{home}";\n')
    allowed = client.get("/.well-known/microsoft-officeaddins-allowed.json", base_url=home)
    assert allowed.json == {"allowed": [f"{home}/addin/commands.js"]}
    behind = make_site(server={"proxy_hops": 1}).client()
    for port, shown in (("", ""), (":443", ""), (":8443", ":8443")):
        host = f"keeneye.example{port}"
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": host, "X-Forwarded-For": "192.0.2.7"}
        script = behind.get("/addin/commands.js", headers=forwarded)
        assert script.text.startswith(f'var KEENEYE_SERVER="{home}{shown}";\n')


def test_script_is_not_broken_by_a_strange_host(client: FlaskClient) -> None:
    answer = client.get("/addin/commands.js", headers={"Host": 'a";alert(1);"'})
    assert answer.status_code == 400 or not answer.text.startswith('var KEENEYE_SERVER="http://a";alert')


def test_settings_choose_script_and_frames(make_site: Any) -> None:
    china = "https://appsforoffice.cdn.partner.office365.cn"
    script = f"{china}/appsforoffice/lib/1/hosted/office.js"
    site = make_site(addin={"office_js": script, "frames": ["https://mail.firm.example"]})
    answer = site.client().get("/addin/taskpane.html")
    assert f'<script src="{script}"></script>' in answer.text
    assert policy(answer)["script-src"] == f"'self' {china} {AJAX}"
    assert policy(answer)["frame-ancestors"] == "https://mail.firm.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRAMES", "https://*"),
        ("FRAMES", "*"),
        ("FRAMES", "http://mail.firm.example"),
        ("FRAMES", "https://a.example; script-src *"),
        ("FRAMES", "https://a.example/path"),
        ("OFFICE_JS", "http://appsforoffice.microsoft.com/lib/1/hosted/office.js"),
        ("OFFICE_JS", 'https://a.example/x.js"><script>'),
        ("OFFICE_JS", "https://a.example;/x.js"),
    ],
)
def test_settings_that_would_open_the_pages_stop_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"addin.{name.lower()}"):
        load(environment={f"KEENEYE_ADDIN__{name}": value})


def test_other_pages_stay_closed(client: FlaskClient) -> None:
    for path in ("/", "/api/v1/docs", "/static/addin/taskpane.js", "/addinx"):
        answer = client.get(path)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert policy(answer)["frame-ancestors"] == "'none'"
