"""The built extension as stores and browsers get it: a new permission shows in review, and nothing comes from afar."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
NODE = os.environ.get("NODE", "node")
CLIENTS = ("chromium", "firefox", "thunderbird")


def build(out: Path, *more: str) -> Path:
    command = [NODE, str(ROOT / "extension/build-extension.mjs"), "--out", str(out), *more]
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("extension"))


def manifest(built: Path, browser: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((built / browser / "manifest.json").read_text("utf-8"))
    return value


@pytest.mark.parametrize("browser", CLIENTS)
def test_manifest_is_the_reviewed_one(built: Path, browser: str) -> None:
    reviewed = json.loads((HERE / f"{browser}.json").read_text("utf-8"))
    assert {**manifest(built, browser), "version": "0"} == {**reviewed, "version": "0"}


@pytest.mark.parametrize("browser", CLIENTS)
def test_privacy_page_explains_every_permission(built: Path, browser: str) -> None:
    page = (ROOT / "docs/privacy-extension.md").read_text("utf-8")
    made = manifest(built, browser)
    kinds = ("permissions", "optional_permissions", "optional_host_permissions", "host_permissions")
    wanted = [name for kind in kinds for name in made.get(kind, [])]
    assert [name for name in wanted if f"`{name}`" not in page] == []


@pytest.mark.parametrize("browser", CLIENTS)
def test_version_is_the_projects(built: Path, browser: str) -> None:
    assert manifest(built, browser)["version"] == json.loads((ROOT / "package.json").read_text())["version"]


@pytest.mark.parametrize("browser", CLIENTS)
def test_every_file_that_the_manifest_names_is_there(built: Path, browser: str) -> None:
    text = json.dumps(manifest(built, browser))
    named = set(re.findall(r'"([\w/.-]+\.(?:js|html|css|png|json))"', text))
    assert named >= {"background.js", "popup.html", "options.html", "icons/128.png"}
    assert [name for name in sorted(named) if not (built / browser / name).is_file()] == []


@pytest.mark.parametrize("browser", CLIENTS)
def test_no_code_comes_from_afar(built: Path, browser: str) -> None:
    folder = built / browser
    code = {path.name: path.read_text("utf-8") for path in folder.glob("*.js")}
    assert set(code) == {"background.js", "content.js", "options.js", "popup.js"}
    forbidden = r"\beval\(|new Function\(|importScripts\(|\bimport\(|\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML"
    assert {name: re.findall(forbidden, text) for name, text in code.items() if re.search(forbidden, text)} == {}
    for page in folder.glob("*.html"):
        assert re.findall(r'(?:src|href)="(\w+:|//)', page.read_text("utf-8")) == []
    # Pages never see the token, and only the background calls the server.
    assert "Authorization" not in code["content.js"]


def test_store_texts_exist_in_every_language(built: Path) -> None:
    for browser in CLIENTS:
        texts = {p.parent.name: json.loads(p.read_text()) for p in (built / browser / "_locales").glob("*/*.json")}
        assert set(texts) == {"en", "es", "zh_CN"}
        assert all(0 < len(text["description"]["message"]) <= 132 for text in texts.values())


def test_an_organisations_package_has_its_sites_granted(tmp_path: Path) -> None:
    sites = ["https://mail.firm.example/*", "https://keeneye.firm.example/*"]
    made = build(tmp_path, "--hosts", ",".join(sites))
    assert manifest(made, "chromium")["host_permissions"] == sites


def test_archives_hold_the_build_and_are_the_same_each_time(tmp_path: Path) -> None:
    digests = []
    for turn in ("a", "b"):
        build(tmp_path / turn, "--zip", "--dist", str(tmp_path / f"dist-{turn}"))
        archives = sorted((tmp_path / f"dist-{turn}").iterdir())
        assert [path.suffix for path in archives] == [".zip", ".zip", ".xpi"]
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in archives])
        with zipfile.ZipFile(archives[0]) as archive:
            assert archive.testzip() is None
            folder = tmp_path / turn / "chromium"
            assert {n: archive.read(n) for n in archive.namelist()} == {
                str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()
            }
    assert digests[0] == digests[1]


def test_styles_have_colours_where_light_dark_is_not_known(built: Path) -> None:
    # Thunderbird 115 would take the whole value for invalid.
    for name in ("popup.css", "options.css"):
        plain = re.split(r"@supports", (built / "thunderbird" / name).read_text("utf-8"))[0]
        assert "--ke-paper: #fff;" in plain
        assert "light-dark(" not in plain
