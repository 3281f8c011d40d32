"""Figures of a buyer's profile in the notice that a marketplace sends. All notices are invented."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from keeneye.facts.profile import _figures
from keeneye.model import Facts, History

Draw = Callable[..., Facts]
PLATFORM = "Alibaba.com <feedback@service.alibaba.com>"
PROVEN = "dmarc=pass header.from=alibaba.com; dkim=pass header.d=alibaba.com"
HEAD = "Name: Karim B.\nCountry: Algeria\nCompany: SARL Exemple\nProduct: Ball valve DN50\n"
MESSAGE = "Message:\nDear sir, please quote 500 ball valves DN50.\n"
FIGURES = {
    "en": (
        "Verified buyer\nMember since: March 2019\nBuyer level: L2\nProduct views in the last 90 days: 1,240\n"
        "Valid inquiries: 18\nReplied inquiries: 15\nValid RFQs: 2\nLog-in days: 31\nJunk inquiries: 0\n"
        "Blacklisted: 0\n"
        "Common search words: led strip, garden hose, toy car\n"
    ),
    "zh": (
        "已认证买家\n注册时间：2019年3月\n买家等级：L2\n产品浏览数：1240\n有效询盘：18\n回复询盘：15\n有效RFQ：2\n"
        "登录天数：31\n垃圾询盘：0\n被加为黑名单：0\n常用搜索词：led strip，garden hose，toy car\n"
    ),
    "es": (
        "Comprador verificado\nMiembro desde 2019\nNivel del comprador: L2\nProductos vistos: 1240\n"
        "Consultas válidas: 18\nConsultas respondidas: 15\nRFQ válidas: 2\nDías de acceso: 31\nConsultas basura: 0\n"
        "En lista negra: 0\nBúsquedas frecuentes: led strip, garden hose, toy car\n"
    ),
}
TOLD = {
    "verified": True, "member_since": "2019", "level": "L2", "product_views": 1240, "valid_inquiries": 18,
    "replied": 15, "valid_rfqs": 2, "login_days": 31, "junk_inquiries": 0, "blacklisted": 0,
    "searches": ["led strip", "garden hose", "toy car"],
}  # fmt: skip


@pytest.mark.parametrize("language", FIGURES)
def test_figures_of_a_notice(facts_of: Draw, language: str) -> None:
    mail = {"from": PLATFORM, "auth": PROVEN, "text": f"{FIGURES[language]}\n{HEAD}{MESSAGE}"}
    assert dict(facts_of(mail).profile) == TOLD


@pytest.mark.parametrize(
    "auth",
    ["dmarc=fail header.from=alibaba.com", "spf=pass smtp.mailfrom=other.example", None],
)
def test_a_notice_that_may_be_forged_is_not_believed(facts_of: Draw, auth: str | None) -> None:
    mail = {"from": PLATFORM, "auth": auth, "text": f"{FIGURES['en']}\n{HEAD}{MESSAGE}"}
    assert dict(facts_of(mail).profile) == {}


def test_the_buyers_own_words_are_no_figures(facts_of: Draw) -> None:
    said = "Verified buyer\nBuyer level: L4\nJunk inquiries: 0\n"
    text = f"{HEAD}Message:\nDear sir, please quote valves.\n{said}"
    assert dict(facts_of({"from": PLATFORM, "auth": PROVEN, "text": text}).profile) == {}


def test_other_mail_has_no_figures(facts_of: Draw) -> None:
    mail = {"auth": "dmarc=pass header.from=buyer.example", "text": FIGURES["en"] + "Please quote 500 ball valves."}
    assert dict(facts_of(mail).profile) == {}


def test_a_figure_that_stands_there_twice_and_differs_is_none(facts_of: Draw) -> None:
    text = f"Junk inquiries: 4\nJunk inquiries: 0\nValid RFQs: 2\nValid RFQs: 2\n\n{HEAD}{MESSAGE}"
    assert dict(facts_of({"from": PLATFORM, "auth": PROVEN, "text": text}).profile) == {"valid_rfqs": 2}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Junk inquiries in the last 90 days: 4", [("junk_inquiries", 4)]),
        ("90 days: Junk inquiries 4", []),
        ("Junk inquiries: none", []),
        ("Junk inquiries: 1.5", []),
        ("You were blacklisted by 3 sellers", []),
        ("Member since yesterday", []),
        ("Not a verified buyer", []),
        ("Verified buyer of nothing", []),
        ("Buyer level: L7", []),
        ("| Log-in days | 31 |", [("login_days", 31)]),
    ],
)
def test_lines(line: str, expected: list[tuple[str, object]]) -> None:
    assert _figures(line) == expected


@pytest.mark.parametrize("piece", ["Junk inquiries ", "1", ",", "| ", "90 days "])
def test_hostile_lines_take_linear_time(piece: str) -> None:
    began = time.process_time()
    _figures("Junk inquiries " + piece * 20_000)
    assert time.process_time() - began < 0.5


def test_the_message_speaks_before_what_was_typed_earlier(facts_of: Draw) -> None:
    history = History(profile={"junk_inquiries": 9, "store_pages": 6})
    text = f"Junk inquiries: 0\n\n{HEAD}{MESSAGE}"
    drawn = facts_of({"from": PLATFORM, "auth": PROVEN, "text": text}, history=history)
    assert dict(drawn.profile) == {"junk_inquiries": 0, "store_pages": 6}
