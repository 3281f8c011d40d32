"""The reader's page in real Chromium: messages go in, and what stands there is right, reachable and harmless."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pages import INDEX, PHONE, SAMPLES, WIDE, Opener, choose, screenshot, violations
from playwright.sync_api import Page, Route, expect

DANGER = "phishing-credential-link"
GOOD = "genuine-buyer-lagos"

SEEN = """selector => {
  const element = document.querySelector(selector);
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return element === top || element.contains(top);
}"""


def covered(body: str, ranges: list[tuple[int, int]]) -> str:
    """The text below a set of ranges, which may overlap, in the order of the body."""
    points = sorted({p for start, end in ranges for p in range(start, end)})
    return "".join(body[p] for p in points)


# --------------------------------------------------------------------------- samples


@pytest.mark.parametrize("sample", [row["name"] for row in INDEX])
def test_sample_shows_badge_message_and_every_quote_in_its_place(open_page: Opener, sample: str) -> None:
    page = open_page()
    verdict = choose(page, sample)
    message = verdict["message"]
    assert page.evaluate(SEEN, ".badge-slot button")
    label = page.get_attribute(".badge-slot button", "aria-label")
    assert label is not None
    assert label.endswith("Open the breakdown")
    assert (f"Grade {verdict['grade']}" in label) == (verdict["stars"] is not None)
    assert page.locator(".banner-slot .ke-banner").count() == (verdict["banner"] != "none")
    assert page.locator(".ke-panel h2").inner_text() == "Breakdown"

    shown: dict[str, dict[str, str]] = page.evaluate(
        """() => Object.fromEntries([["subject", ".subject"], ["body", ".body"]].map(([key, selector]) => {
          const found = {};
          for (const mark of document.querySelectorAll(selector + " mark"))
            for (const id of mark.dataset.findings.split(" ")) {
              const copy = mark.cloneNode(true);
              for (const sign of copy.querySelectorAll(".control"))
                sign.replaceWith(String.fromCodePoint(parseInt(sign.textContent.slice(2), 16)));
              found[id] = (found[id] ?? "") + copy.textContent;
            }
          return [key, found];
        }))"""
    )
    marked = 0
    for finding in verdict["findings"]:
        # A finding without weight is a fact beside the judgement: it is listed, not marked.
        if finding["outcome"] != "hit" or (finding["points"] == 0 and finding["effect"] != "gate"):
            continue
        for part, where, text in (
            ("subject", "subject", message["subject"]),
            (message["part"], "body", message["body"]),
        ):
            ranges = [(e["start"], e["end"]) for e in finding["evidence"] if e["part"] == part and e["quote"]]
            wanted = covered(text or "", ranges)
            if wanted:
                marked += 1
                assert shown[where].get(finding["id"]) == wanted, finding["id"]
    assert marked > 0 or verdict["category"] in ("not_inquiry", "unknown", "casual")


@pytest.mark.parametrize("sample", [DANGER, "malware-order", "potential-customer-lima"])
def test_nothing_in_the_message_is_a_link(open_page: Opener, sample: str) -> None:
    page = open_page()
    choose(page, sample)
    assert page.locator("article a, article form, article img, article iframe").count() == 0


def test_dangerous_link_shows_its_true_host_and_opens_nothing(open_page: Opener) -> None:
    page = open_page()
    choose(page, DANGER)
    guard = page.locator(".guard.danger")
    expect(guard).to_have_count(1)
    expect(page.locator(".opens .host")).to_have_text("mail-login.sample-view.example")
    address = page.url
    guard.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".address")).to_contain_text("https://mail-login.sample-view.example/owa/?login=")
    assert guard.get_attribute("aria-expanded") == "true"
    assert page.url == address
    assert len(page.context.pages) == 1


def test_quote_in_the_breakdown_leads_to_its_place(open_page: Opener) -> None:
    page = open_page()
    choose(page, GOOD)
    quotes = page.locator(".ke-quote-button:visible")
    assert quotes.count() > 2
    reached = 0
    for i in range(quotes.count()):
        quote = quotes.nth(i).locator("q").inner_text()
        quotes.nth(i).click()
        target = page.evaluate(
            "() => { const e = document.activeElement; const b = e.getBoundingClientRect();"
            " return {text: e.textContent, tag: e.tagName, seen: b.top >= 0 && b.bottom <= innerHeight}; }"
        )
        assert target["seen"], quote
        if target["tag"] == "MARK":
            reached += 1
            assert " ".join(target["text"].split())[:20] in quote or quote[:20] in target["text"]
    assert reached > 2


def test_mark_in_the_message_leads_to_its_finding(open_page: Opener) -> None:
    page = open_page()
    choose(page, GOOD)
    page.keyboard.press("Escape")
    expect(page.locator(".ke-panel")).to_be_hidden()
    mark = page.locator(".body mark").first
    findings = (mark.get_attribute("data-findings") or "").split()
    mark.click()
    expect(page.locator(".ke-panel")).to_be_visible()
    assert page.evaluate("document.activeElement.dataset.finding") in findings


def test_why_leads_to_the_first_reason(open_page: Opener) -> None:
    page = open_page()
    choose(page, DANGER)
    page.keyboard.press("Escape")
    page.click(".ke-banner button")
    expect(page.locator(".ke-panel")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('[data-section]').dataset.section") == "against"


# --------------------------------------------------------------------------- ways in


def sample_bytes(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def badge_text(page: Page) -> str:
    page.wait_for_selector(".badge-slot [data-grade]")
    return page.get_attribute(".badge-slot button", "aria-label") or ""


def test_picked_dropped_and_pasted_message_get_the_same_grade(open_page: Opener) -> None:
    page = open_page()
    picked = choose(page, GOOD)

    page.click("#new")
    page.set_input_files("#file", SAMPLES / f"{GOOD}.eml")
    first = badge_text(page)

    page.click("#new")
    transfer = page.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'mail.eml')); return t; }",
        sample_bytes(GOOD).decode("ascii"),
    )
    page.dispatch_event(".drop", "dragover", {"dataTransfer": transfer})
    expect(page.locator(".layout.dropping")).to_have_count(1)
    page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})
    dropped = badge_text(page)

    page.click("#new")
    page.fill("#paste", sample_bytes(GOOD).decode("ascii").replace("\r\n", "\n"))
    page.click(".paste button")
    pasted = badge_text(page)
    assert first == dropped == pasted
    assert f"Grade {picked['grade']}" in first


def test_pasted_plain_text_says_what_could_not_be_seen(open_page: Opener) -> None:
    page = open_page()
    page.fill("#paste", "Dear Sales,\n\nplease quote 500 pcs ball valve DN25 PN16, CIF Hamburg.\n\nRegards")
    page.click(".paste button")
    badge_text(page)
    expect(page.locator(".ke-unseen")).to_contain_text("Only the visible text could be read here")
    expect(page.locator(".body")).to_contain_text("500 pcs ball valve DN25")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "There is nothing to grade"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an Outlook .msg file")],
)
def test_file_that_is_no_message_is_explained(open_page: Opener, tmp_path: Path, content: bytes, words: str) -> None:
    page = open_page()
    file = tmp_path / "message.msg"
    file.write_bytes(content)
    page.set_input_files("#file", file)
    expect(page.locator(".trouble")).to_contain_text(words)
    expect(page.locator(".intake")).to_be_visible()


# --------------------------------------------------------------------------- hostile


def test_hostile_message_stays_text(open_page: Opener) -> None:
    evil = (
        "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
        "<img src='http://192.0.2.1/pixel.png'><style>.ke-badge{display:none}</style>"
        "<div class='ke-banner' role='alert'>This message is safe. Grade A</div>"
        "<a href='javascript:document.title=1'>x</a> \u202egpj.exe \u2066isolate\u2069 "
        "</textarea><svg onload=alert(1)> {{7*7}} ${7*7} \U0001f600"
    )
    mail = EmailMessage()
    mail["From"] = '"<b>Bank</b>" <x@phish.example>'
    mail["To"] = "sales@exporter.example"
    mail["Subject"] = "<img src=x onerror=document.title='pwned'> \u202eevil \U0001f600 order"
    mail["Date"] = "Mon, 23 Nov 2026 09:40:31 -0500"
    mail.set_content(evil)
    mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="<img src=x onerror=1>.exe")
    page = open_page()
    title = page.title()
    transfer = page.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'mail.eml')); return t; }",
        mail.as_bytes().decode("ascii"),
    )
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    badge_text(page)
    page.wait_for_timeout(300)
    assert page.title() == title
    assert (
        page.locator(
            "article script, article img, article style, article a, article svg:not(.ke-icon):not(.ke-stars)"
        ).count()
        == 0
    )
    # The look-alike banner is words in the body; the real one can stand only in its own slot above it.
    assert page.locator(".body .ke-banner, .body [role=alert]").count() == 0
    assert page.evaluate(SEEN, ".badge-slot button")
    text = page.locator(".body").inner_text()
    assert "<script>document.title='pwned'</script>" in text
    assert "gpj.exe" in text
    assert "\u202e" not in page.locator("article").inner_text()


# --------------------------------------------------------------------------- failures


def answer_once(page: Page, status: int, headers: dict[str, str], body: str) -> None:
    state = {"used": False}

    def handle(route: Route) -> None:
        if state["used"]:
            route.fallback()
            return
        state["used"] = True
        if status == 0:
            route.abort("connectionrefused")
        else:
            route.fulfill(status=status, headers={"Content-Type": "application/problem+json", **headers}, body=body)

    page.route("**/api/v1/grade?*", handle)


@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (0, {}, "", "The Keeneye server does not answer"),
        (
            413,
            {},
            '{"code":"body_too_large","detail":"This server takes 5 bytes at most."}',
            "larger than this server takes",
        ),
        (422, {}, '{"code":"invalid_field","detail":"text: too odd."}', "text: too odd."),
        (429, {"Retry-After": "7"}, '{"code":"too_many_requests"}', "Try again in 7 s"),
        (503, {"Retry-After": "1"}, '{"code":"store_unavailable"}', "The server is busy"),
        (502, {}, "<html>bad gateway</html>", "The server had a fault (502)"),
        (200, {}, "<html>a login page</html>", "could not be understood"),
    ],
)
def test_failure_is_said_and_retried(
    open_page: Opener, status: int, headers: dict[str, str], body: str, words: str
) -> None:
    page = open_page(expect_errors=True)
    answer_once(page, status, headers, body)
    page.click(f'[data-sample="{GOOD}"]')
    expect(page.locator(".trouble")).to_contain_text(words)
    assert violations(page) == []
    page.click("#retry")
    assert "Grade" in badge_text(page)
    expect(page.locator(".trouble")).to_have_count(0)


def without_token(page: Page) -> None:
    """The page as a server gives it whose readers bring their own token."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("keeneye-token", "nothing"))

    page.route(lambda url: url.endswith("/") or url.endswith("/?"), handle)
    page.reload()
    page.wait_for_selector("#token")


def test_page_asks_for_a_token_and_keeps_it_for_the_visit(open_page: Opener) -> None:
    page = open_page(expect_errors=True)
    token = page.evaluate("document.querySelector('meta[name=keeneye-token]').content")
    without_token(page)
    assert violations(page) == []
    page.fill("#token", "wrong")
    page.keyboard.press("Enter")
    page.click(f'[data-sample="{GOOD}"]')
    expect(page.locator(".trouble")).to_contain_text("does not accept this token")
    assert page.evaluate("sessionStorage.getItem('keeneye.token')") is None
    page.fill("#token", token)
    page.keyboard.press("Enter")
    assert "Grade" in badge_text(page)
    page.reload()
    page.wait_for_selector("[data-sample]")
    expect(page.locator("#token")).to_have_count(0)


def test_slow_answer_does_not_replace_the_message_opened_since(open_page: Opener) -> None:
    page = open_page()
    held: list[Route] = []

    def handle(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append(route)

    page.route("**/api/v1/grade?*", handle)
    page.click(f'[data-sample="{DANGER}"]')
    page.wait_for_selector(".ke-pending")
    page.click(f'[data-sample="{GOOD}"]')
    badge_text(page)
    held[0].fallback()
    page.wait_for_timeout(500)
    expect(page.locator("article h2")).to_contain_text("brass ball valve DN25")
    expect(page.locator(".history .item")).to_have_count(1)


# --------------------------------------------------------------------------- reader's ways


def test_keyboard_alone_is_enough(open_page: Opener) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    walked: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.dataset.sample || document.activeElement.id || document.activeElement.textContent"
        )
        walked.append(name)
        if name == DANGER:
            break
    assert walked[:3] == ["language", "theme", "Choose a file …"]
    assert walked[-1] == DANGER
    page.keyboard.press("Enter")
    badge_text(page)
    assert page.evaluate("document.activeElement.className") == "subject"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.badge-slot button')")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Escape")
    expect(page.locator(".ke-panel")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".ke-panel")).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Close the breakdown"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.ke-quote-button')"):
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('article') !== null")
    page.locator(".ke-panel .ke-icon-button").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.badge-slot button')")


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh-CN", "打开分析"), ("es", "Abrir el desglose"), ("en", "Open the breakdown")]
)
def test_language_switch_speaks_and_grades_in_it(open_page: Opener, language: str, sentence: str) -> None:
    page = open_page()
    choose(page, GOOD)
    if language != "en":
        with page.expect_request("**/api/v1/grade?*") as asked:
            page.select_option("#language", language)
        assert asked.value.headers["accept-language"] == language
    expect(page.locator(".badge-slot button")).to_have_attribute("aria-label", pattern(sentence))
    assert page.evaluate("document.documentElement.lang") == language
    assert violations(page) == []
    page.reload()
    page.wait_for_selector("[data-sample]")
    assert page.evaluate("document.documentElement.lang") == language


def pattern(text: str) -> Any:
    import re

    return re.compile(re.escape(text))


def test_browser_language_is_taken_at_first(open_page: Opener) -> None:
    page = open_page(language="es-PE")
    assert page.evaluate("document.documentElement.lang") == "es"


def test_history_carries_list_marks_and_returns_without_asking_again(open_page: Opener) -> None:
    page = open_page()
    choose(page, DANGER)
    choose(page, GOOD)
    rows = page.locator(".history .item")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    assert "Grade" in (page.get_attribute(".history .item:last-child .ke-mini", "aria-label") or "")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    rows.nth(1).click()
    expect(page.locator("article h2")).to_contain_text("Sample order")
    assert asked == []


def test_feedback_is_stored_thanked_for_and_undone(open_page: Opener) -> None:
    page = open_page()
    choose(page, GOOD)
    box = page.locator('[data-section="feedback"]')
    with page.expect_response("**/feedback") as answer:
        box.locator('[data-label="genuine"]').click()
    assert answer.value.ok
    expect(box).to_contain_text("Thank you. Recorded: Genuine.")
    with page.expect_response("**/feedback") as answer:
        box.get_by_text("Undo").click()
    assert answer.value.ok
    expect(box).to_contain_text("Taken back.")


# --------------------------------------------------------------------------- look


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_accessible_in_both_themes_and_widths(open_page: Opener, viewport: dict[str, int], theme: str) -> None:
    name = "wide" if viewport is WIDE else "phone"
    page = open_page(viewport, theme)
    assert violations(page) == []
    screenshot(page, f"{name}-{theme}-home")
    for sample in (
        DANGER,
        "domestic-competitor",
        GOOD,
        "inquiry-arabic-jeddah",
        "inquiry-chinese-penang",
        "newsletter",
    ):
        choose(page, sample)
        assert violations(page) == [], sample
        screenshot(page, f"{name}-{theme}-{sample}")
        if viewport is PHONE:
            page.locator(".badge-slot button").tap()
            page.wait_for_selector(".ke-panel:modal")
            assert violations(page) == [], f"{sample} sheet"
            screenshot(page, f"{name}-{theme}-{sample}-sheet")
            page.keyboard.press("Escape")
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        assert violations(page) == [], f"{sample} unfolded"


def test_theme_choice_beats_the_system(open_page: Opener) -> None:
    page = open_page(theme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.select_option("#theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    page.wait_for_selector("[data-sample]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


@pytest.mark.parametrize("width", [320, 390, 768, 900, 1024, 1280, 1920])
def test_nothing_is_cut_off_at_any_width(open_page: Opener, width: int) -> None:
    page = open_page({"width": width, "height": 800})
    for sample in (None, DANGER, "inquiry-arabic-jeddah", "malware-order"):
        if sample is not None:
            choose(page, sample)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, sample
        if sample is not None and width < 900:
            page.click(".badge-slot button")
            assert (
                page.evaluate(
                    "(() => { const p = document.querySelector('.ke-panel'); return p.scrollWidth - p.clientWidth; })()"
                )
                <= 0
            )
            page.keyboard.press("Escape")
        elif sample is not None:
            assert page.evaluate(SEEN, ".ke-panel .ke-icon-button")


def test_fingers_find_their_targets_on_a_phone(open_page: Opener) -> None:
    page = open_page(PHONE)
    small = """() => [...document.querySelectorAll('button, select, summary, a')]
      .filter(e => e.checkVisibility() && !e.matches('.skip, .guard'))
      .filter(e => {
        const box = e.getBoundingClientRect();
        const reach = parseFloat(getComputedStyle(e, '::after').height) || 0;
        return Math.max(box.height, e.matches('.ke-badge') ? reach : 0) < 43.5;
      }).map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(small) == []
    choose(page, DANGER)
    assert page.evaluate(small) == []
    page.locator(".badge-slot button").tap()
    assert page.evaluate(small) == []


def test_sheet_on_a_phone_closes_for_the_quote_and_comes_back(open_page: Opener) -> None:
    page = open_page(PHONE)
    choose(page, GOOD)
    expect(page.locator(".ke-panel")).to_be_hidden()
    page.locator(".badge-slot button").tap()
    expect(page.locator(".ke-panel:modal")).to_be_visible()
    page.locator(".ke-quote-button:visible").first.tap()
    expect(page.locator(".ke-panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('article') !== null")
    page.locator(".back").tap()
    expect(page.locator(".ke-panel:modal")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ke-panel")).to_be_hidden()


def test_message_does_not_move_when_the_answer_is_quick(open_page: Opener) -> None:
    """Badge and message arrive together; the head of the page stays where it was."""
    page = open_page()
    top = page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom")
    choose(page, DANGER)
    assert page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom") == top
    box = page.locator(".subject-line").bounding_box()
    page.wait_for_timeout(300)
    assert page.locator(".subject-line").bounding_box() == box
