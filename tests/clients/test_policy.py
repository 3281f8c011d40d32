"""An administrator presets the extension by the program's own policy files, in Chromium, Firefox and Thunderbird."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import SCREENSHOTS, build, chromium, worker
from firefox import Firefox, firefox
from machine import Keeneye, Mailbox
from messages import message_id, messages
from playwright.sync_api import BrowserContext, expect
from policies import CHROMIUM, FIREFOX, THUNDERBIRD, chromium_id, policy
from thunderbird import thunderbird


@pytest.fixture(scope="module")
def preset(server: Keeneye) -> dict[str, object]:
    token = server.command("token", "create", "policy", "--quiet")
    return {"server": server.url, "token": token, "language": "zh-CN", "disabled": ["gmail"], "sites": []}


@pytest.fixture(scope="module")
def context(base: Path, preset: dict[str, object]) -> Iterator[BrowserContext]:
    made = build(base / "extension-policy", "http://127.0.0.1/*")
    value = {"3rdparty": {"extensions": {chromium_id(made / "chromium"): preset}}}
    with policy(CHROMIUM, value), chromium(made, base / "profile-policy", configured=True) as browser:
        yield browser


def test_chromium_takes_what_the_policy_sets_and_locks_it(context: BrowserContext, server: Keeneye) -> None:
    page = context.new_page()
    page.goto(worker(context).url.rsplit("/", 1)[0] + "/options.html")
    expect(page.locator("h1")).to_have_text("Keeneye 设置")
    field = page.locator("#server")
    expect(field).to_have_value(server.url)
    expect(field).to_have_attribute("readonly", "")
    expect(page.locator("#server-hint")).to_have_text("由管理员设定。")
    assert page.locator("#code, #token").count() == 0
    expect(page.locator("#language-choice")).to_be_disabled()
    expect(page.locator("#sites li")).not_to_have_count(0)
    assert "Gmail" not in page.inner_text("#sites")
    page.click("#test")
    expect(page.locator("#status")).to_have_text("服务器已应答并接受令牌。")
    page.screenshot(path=SCREENSHOTS / "policy-chromium.png", full_page=True)
    page.close()


def test_chromium_opens_no_settings_where_all_is_set(context: BrowserContext) -> None:
    assert [page.url for page in context.pages if page.url.endswith("options.html")] == []


@pytest.fixture(scope="module")
def window(base: Path, preset: dict[str, object]) -> Iterator[tuple[Firefox, str]]:
    value = {"policies": {"3rdparty": {"Extensions": {"keeneye@keeneye.example": preset}}}}
    with policy(FIREFOX, value), firefox(base / "profile-firefox-policy") as browser:
        pages = browser.install(
            build(base / "extension-policy-firefox", "http://127.0.0.1/*") / "firefox", configured=True
        )
        yield browser, pages


def test_firefox_takes_what_the_policy_sets_and_locks_it(window: tuple[Firefox, str], server: Keeneye) -> None:
    browser, pages = window
    browser.go(f"{pages}options.html")
    assert browser.text("h1") == "Keeneye 设置"
    assert browser.run("return document.querySelector('#server').value") == server.url
    assert browser.run("return document.querySelector('#server').readOnly")
    assert browser.run("return document.querySelectorAll('#code, #token').length") == 0
    assert "Gmail" not in browser.text("#sites")
    browser.click("#test")
    browser.wait_text("#status", "服务器已应答并接受令牌。")
    browser.shot("policy-firefox")


def test_thunderbird_takes_what_the_policy_sets_and_grades_without_being_asked(
    base: Path, mailbox: Mailbox, preset: dict[str, object]
) -> None:
    value = {"policies": {"3rdparty": {"Extensions": {"keeneye-thunderbird@keeneye.example": preset}}}}
    with (
        policy(THUNDERBIRD, value),
        thunderbird(base / "profile-thunderbird-policy", mailbox, len(messages())) as program,
    ):
        program.load(build(base / "add-on-policy") / "thunderbird", configured=True)
        program.choose(message_id("phishing-credential-link"))
        assert "危险" in program.see("button.ke-badge[data-grade=F]")["label"]
        program.open_settings()
        told = program.page("await find('#server[readonly]'); return document.body.innerText", "tab")
        assert "由管理员设定。" in told
        assert program.page("return document.querySelectorAll('#code, #token').length", "tab") == 0
        program.page("await press('#test'); await wait('#status', '服务器已应答并接受令牌。')", "tab")
        program.snapshot("policy-thunderbird", "tab")
