"""A reader types what a marketplace shows of a buyer, and the open message is graded again."""

from __future__ import annotations

from pages import WIDE, Opener, choose, violations
from playwright.sync_api import expect

SAMPLE = "potential-customer-lima"


def test_typed_figures_speak_at_once_and_are_there_again(open_page: Opener) -> None:
    page = open_page(WIDE)
    choose(page, SAMPLE)
    section = page.locator("[data-section=profile]")
    section.locator("summary").click()
    assert violations(page) == []
    section.get_by_label("Times blacklisted").fill("3")
    section.get_by_label("Common search words").fill("led strip, garden hose")
    section.get_by_role("button").click()
    expect(page.locator("[data-section=against]")).to_contain_text("Other sellers blacklisted this buyer")
    section.locator("summary").click()
    expect(section.get_by_label("Times blacklisted")).to_have_value("3")
    expect(section.get_by_label("Common search words")).to_have_value("led strip, garden hose")
    section.get_by_label("Times blacklisted").fill("")
    section.get_by_label("Common search words").fill("")
    section.get_by_role("button").click()
    expect(page.locator(".ke-breakdown")).not_to_contain_text("blacklisted this buyer")
