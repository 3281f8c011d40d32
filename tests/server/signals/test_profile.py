"""Figures of a marketplace profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Outcome

Ask = Callable[..., Answer]
HIT, MISS, NONE, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
BUSY = {"product_views": 120, "valid_inquiries": 8, "login_days": 15, "junk_inquiries": 0, "blacklisted": 0}


@pytest.mark.parametrize(
    ("signal_id", "profile", "expected"),
    [
        ("profile.verified", {"verified": True}, HIT),
        ("profile.verified", {"verified": "no"}, MISS),
        ("profile.verified", {"level": "L1"}, UNKNOWN),
        ("profile.verified", {}, NONE),
        ("profile.email-confirmed", {"email_confirmed": "yes"}, HIT),
        ("profile.email-confirmed", {"email_confirmed": False}, MISS),
        ("profile.experienced", {"completed_orders": 3}, HIT),
        ("profile.experienced", {"experienced_buyer": "yes"}, HIT),
        ("profile.experienced", {"completed_orders": 0}, MISS),
        ("profile.experienced", {"verified": True}, UNKNOWN),
        ("profile.member", {"member_since": "2019"}, HIT),
        ("profile.member", {"member_since": "2026-03"}, MISS),
        ("profile.member", {"member_since": "long ago"}, UNKNOWN),
        ("profile.level", {"level": "L3"}, HIT),
        ("profile.level", {"level": "L1+"}, MISS),
        ("profile.level", {"level": 7}, UNKNOWN),
        ("profile.active", BUSY, HIT),
        ("profile.active", {"product_views": 1, "login_days": 1}, MISS),
        ("profile.active", {"verified": True}, UNKNOWN),
        ("profile.clean", BUSY, HIT),
        ("profile.clean", {"junk_inquiries": 0, "blacklisted": 0}, MISS),
        ("profile.clean", BUSY | {"junk_inquiries": 1}, MISS),
        ("profile.clean", {"junk_inquiries": 0}, UNKNOWN),
        ("profile.junk", {"junk_inquiries": 4}, HIT),
        ("profile.junk", BUSY, MISS),
        ("profile.junk", {"verified": True}, UNKNOWN),
        ("profile.blacklisted", {"blacklisted": "2"}, HIT),
        ("profile.blacklisted", BUSY, MISS),
        ("profile.blacklisted", {"blacklisted": [1]}, UNKNOWN),
        ("profile.searches-unrelated", {"searches": ["led strip", "garden hose", "toy car", "gas stove"]}, HIT),
        ("profile.searches-unrelated", {"searches": ["led strip", "led lamp", "led bulb", "led tube"]}, MISS),
        ("profile.searches-unrelated", {"searches": ["led strip", "", " ", "garden hose"]}, MISS),
        ("profile.searches-unrelated", {"searches": "led"}, UNKNOWN),
        (
            "profile.searches-unrelated",
            {
                "searches": [
                    "led strips",
                    "garden hose",
                    "toy car",
                    "gas stove",
                    "led strip 12v",
                    "yoga mat",
                    "school bag",
                ]
            },
            HIT,
        ),
        (
            "profile.searches-unrelated",
            {"searches": ["ball valves", "brass valve", "valve dn50", "gate valve", "hose", "toy car", "stove"]},
            MISS,
        ),
        ("profile.searches-unrelated", {"searches": ["不锈钢球阀", "花园水管", "玩具汽车", "燃气灶"]}, HIT),
        ("profile.searches-unrelated", {"searches": ["不锈钢球阀", "黄铜球阀", "球阀配件", "电动球阀"]}, MISS),
        ("profile.searches-unrelated", {"searches": ["wholesale", "cheap", "factory", "new", "led"]}, MISS),
        ("profile.active", {"product_views": 40, "replied": 3}, HIT),
        ("profile.marked-member", {"member": True}, HIT),
        ("profile.marked-member", {"member": "no"}, MISS),
        ("profile.marked-member", {"verified": True}, UNKNOWN),
        ("profile.viewed-store", {"store_pages": 6}, HIT),
        ("profile.viewed-store", {"store_pages": 1}, MISS),
        ("profile.viewed-store", {"verified": True}, UNKNOWN),
        ("profile.compares-sellers", {"sellers_seen": 24}, HIT),
        ("profile.compares-sellers", {"sellers_seen": 2}, MISS),
        ("profile.compares-sellers", {"verified": True}, UNKNOWN),
        ("profile.trade-data", {"trade_records": 12}, HIT),
        ("profile.trade-data", {"procurement": "USD 300,000 a year"}, HIT),
        ("profile.trade-data", {"trade_records": 0}, MISS),
        ("profile.trade-data", {"verified": True}, UNKNOWN),
        ("profile.searches-unrelated", {}, NONE),
    ],
)
def test_table(ask: Ask, signal_id: str, profile: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, {"text": "Please quote."}, profile=profile).outcome is expected


def test_more_junk_weighs_more(ask: Ask) -> None:
    one = ask("profile.junk", {"text": "x"}, profile={"junk_inquiries": 1})
    nine = ask("profile.junk", {"text": "x"}, profile={"junk_inquiries": 9})
    assert one.strength < nine.strength == 1.0


FIGURES = (
    "verified completed_orders member_since level product_views valid_inquiries login_days junk_inquiries blacklisted "
    "searches".split()
)


@pytest.mark.parametrize("value", [None, [], {}, "x" * 999, float("nan"), float("inf"), -5, True, [None] * 50])
@pytest.mark.parametrize("name", ["verified", "experienced", "member", "level", "active", "clean", "junk"])
def test_odd_values_are_no_error(ask: Ask, name: str, value: object) -> None:
    profile = dict.fromkeys(FIGURES, value)
    assert ask(f"profile.{name}", {"text": "Please quote."}, profile=profile).outcome in Outcome


def test_empty_searches_are_no_evidence(ask) -> None:
    searches = ["", "led strip", " " * 70 + "x", "garden hose", "toy car", "gas stove"]
    answer = ask("profile.searches-unrelated", {"text": "Hello"}, profile={"searches": searches})
    assert answer.outcome is HIT
    assert all(e.quote.strip() for e in answer.evidence)
