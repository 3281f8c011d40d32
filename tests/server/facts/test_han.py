"""Traditional Chinese is read by simplified lexicons, and every place is told in the message as it was written."""

from __future__ import annotations

import time

import pytest

from keeneye.facts.text import fold, fold_char


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("請報價不鏽鋼閥門", "请报价不锈钢阀门"),
        ("訂購數量三萬個，裝運港：寧波", "订购数量三万个,装运港:宁波"),
        ("目錄與價目表", "目录与价目表"),
        ("後天與皇后", "后天与皇后"),  # two characters that become one
        ("見積もりをお願いします、請求書", "见积もりをお愿いします,请求书"),  # Japanese: patterns are folded alike
    ],
)
def test_traditional_characters_become_simplified_one_by_one(traditional: str, simplified: str) -> None:
    assert fold(traditional) == simplified
    assert len(fold(traditional)) == len(traditional)


def test_the_table_is_one_to_one_and_leads_nowhere_further() -> None:
    for code in range(0x3400, 0xA000):
        once = fold_char(chr(code))
        assert len(once) == 1
        assert fold_char(once) == once


def test_a_text_without_chinese_does_not_read_the_table() -> None:
    from keeneye.facts.text import _simplified

    _simplified.cache_clear()
    fold("Déjà vu: 500 Stück Kugelhähne, цена, السعر")
    assert _simplified.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("text", "tag", "quote"),
    [
        ("您好，我們想訂購球閥，請報價。", "price.request", "報價"),
        ("請寄最新的價目表給我們。", "catalogue.request", "價目表"),
        ("請見附件訂單，儘快回覆。", "deal.attached-order", "請見附件"),
    ],
)
def test_evidence_keeps_the_writers_own_characters(facts_of, text: str, tag: str, quote: str) -> None:
    facts = facts_of({"text": text, "subject": "詢價"})
    found = [e for e in facts.said[tag] if e.part == "text"]
    assert quote in [e.quote for e in found]
    for e in found:
        assert facts.mail.body[e.start : e.end] == e.quote


def test_both_scripts_give_the_same_request(facts_of) -> None:
    pairs = ("我们要采购黄铜球阀 3000 个，材质不锈钢，交货港宁波港，付款方式电汇。",
             "我們要採購黃銅球閥 3000 個，材質不鏽鋼，交貨港寧波港，付款方式電匯。")  # fmt: skip
    one, other = (facts_of({"text": t, "subject": "x"}).request for t in pairs)
    assert [q.value for q in one.quantities] == [q.value for q in other.quantities] == [3000]
    for field in ("products", "materials", "payment"):
        mine, yours = getattr(one, field), getattr(other, field)
        assert mine
        assert [fold(e.quote) for e in mine] == [fold(e.quote) for e in yours]


def test_folding_is_cheap() -> None:
    text = "請報價不鏽鋼閥門，數量三萬個。" * 1_000
    fold(text)
    begin = time.perf_counter()
    fold(text)
    assert time.perf_counter() - begin < 0.2
