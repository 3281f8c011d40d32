"""What is asked for, and how exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Customer, Evidence, Facts, History, Outcome, Quantity, Request

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE


def ev(quote: str, part: str = "text", start: int = 0) -> Evidence:
    return Evidence(part, quote, start, start + len(quote))


def pcs(value: float, unit: str = "pcs") -> Quantity:
    return Quantity(value, unit, ev(f"{value:g} {unit}"))


def req(**fields: Any) -> dict[str, Any]:
    return {"request": Request(**fields)}


VALVE = {"products": (ev("ball valve"),)}
QUOTE = {"subject": "Ball valve DN25", "text": "Please quote ball valve DN25."}
VAGUE = {"subject": "Inquiry", "text": "We are interested in your products. Please send your catalogue and price list."}

ASKING = {
    "en": "Please quote 500 sets CIF New York.",
    "zh": "请报 FOB 宁波价,我们需要采购一批阀门",
    "es": "Por favor cotice 2.000 piezas.",
    "pt": "Gostaria de receber uma cotação, qual o preço?",
    "fr": "Pouvez-vous nous envoyer un devis ?",
    "de": "Bitte senden Sie uns ein Angebot für 500 Stück.",
    "it": "Vorremmo ricevere un preventivo.",
    "ru": "Просим сообщить цену и стоимость доставки.",
    "ar": "نرجو تقديم عرض سعر",
    "tr": "Fiyat teklifi rica ederiz.",
    "vi": "Vui lòng báo giá cho chúng tôi",
    "ja": "お見積をお願いします。",
    "ko": "견적 부탁드립니다.",
}
EVERYTHING = {
    "en": "Send me the prices of everything you make.",
    "zh": "请发所有产品的价格",
    "es": "Envíe los precios de todos sus productos.",
    "pt": "Envie preços de todos os seus produtos.",
    "fr": "Envoyez le prix de tous vos produits.",
    "de": "Senden Sie uns die Preise für alle Ihre Produkte.",
    "it": "Inviate i prezzi di tutti i vostri prodotti.",
    "ru": "Пришлите каталог всей продукции.",
    "ar": "نرجو ارسال اسعار جميع منتجاتكم",
    "tr": "Tüm ürünlerinizin fiyatlarını gönderin.",
    "vi": "Gửi giá tất cả sản phẩm",
    "ja": "すべての製品の価格を教えてください",
    "ko": "모든 제품 가격을 알려주세요",
}


@pytest.mark.parametrize("language", ASKING)
def test_asking_in_every_language(ask: Ask, language: str) -> None:
    assert ask("request.asks", {"subject": "x", "text": ASKING[language]}).outcome is HIT


@pytest.mark.parametrize("language", EVERYTHING)
def test_wanting_everything_in_every_language(ask: Ask, language: str) -> None:
    assert ask("request.everything", {"subject": "x", "text": EVERYTHING[language]}, **req()).outcome is HIT


@pytest.mark.parametrize(
    "text",
    [
        "Are you free on Saturday? I will book a table for eight.",
        "The crash goes away when I build without the cache. I can test patches.",
        "Wir sehen uns am Montag im Büro.",
        "周六一起吃饭吧,孩子们可以一起玩。",
    ],
)
def test_other_talk_asks_for_nothing(ask: Ask, text: str) -> None:
    assert ask("request.asks", {"subject": "Hello", "text": text}, **req()).outcome is MISS


HITS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("request.product", QUOTE, req(**VALVE)),
    ("request.model", QUOTE, req(models=(ev("41601-67H00"),))),
    ("request.specification", QUOTE, req(specifications=(ev("DN50"), ev("PN16")), materials=(ev("SS304"),))),
    ("request.quantity", QUOTE, req(quantities=(pcs(2000),))),
    ("request.quantity-absurd", QUOTE, req(quantities=(pcs(9_876_135),))),
    ("request.quantity-absurd", QUOTE, req(quantities=(pcs(400, "container"),))),
    ("request.large-without-detail", QUOTE, req(quantities=(pcs(50_000),))),
    ("request.huge-words", {"text": "We will place huge order soon. Please quote."}, req()),
    ("request.large-first-order", QUOTE, req(quantities=(pcs(50_000),))),
    ("request.moq", QUOTE, req(moq=(ev("MOQ"),), **VALVE)),
    ("request.professional", QUOTE, req(moq=(ev("MOQ"),), certificates=(ev("CE"),), materials=(ev("SS316"),))),
    ("request.certificates", QUOTE, req(certificates=(ev("CE"),))),
    ("request.delivery", QUOTE, req(delivery=(ev("lead time"),), **VALVE)),
    ("request.delivery", QUOTE, req(urgency=(ev("before 10 January"),), **VALVE)),
    ("request.dated", QUOTE, req(delivery=(ev("arrive by the 26th of August"),), **VALVE)),
    ("request.dated", QUOTE, req(delivery=(ev("до 15 марта"),), **VALVE)),
    ("request.dated", QUOTE, req(delivery=(ev("3月底前交货"),), **VALVE)),
    ("request.dated", QUOTE, req(delivery=(ev("ETD week 12"),), **VALVE)),
    ("request.destination", QUOTE, req(port=ev("Callao"))),
    ("request.destination", {"text": "What is the shipping cost to Glasgow?"}, req()),
    ("request.incoterm", QUOTE, req(incoterm=ev("FOB"), **VALVE)),
    ("request.payment", QUOTE, req(payment=(ev("30 % deposit"),), **VALVE)),
    ("request.packaging", QUOTE, req(packaging=(ev("20 pcs per carton"),))),
    ("request.target-price", QUOTE, req(target_price=(ev("USD 11.50"),))),
    ("request.price-figure", QUOTE, req(price=(ev("USD 0.36 a piece"),))),
    ("request.annual-volume", QUOTE, req(annual_volume=(ev("9,000 pcs a year"),))),
    ("request.drawing", QUOTE | {"attachments": (("AR-2207.pdf", "application/pdf", b"%PDF-1.4"),)}, req(**VALVE)),
    ("request.drawing", QUOTE, req(drawings=(ev("see our drawing"),))),
    ("request.customized", {"text": "We need mugs with our logo on the handle. Please quote."}, req()),
    ("request.use", {"text": "The pumps are for a project in Ogun state. Please quote."}, req()),
    ("request.order", {"text": "We would like to place a trial order."}, req(quantities=(pcs(100),), **VALVE)),
    ("request.no-product", VAGUE, req()),
    ("request.list-only", VAGUE, req()),
    (
        "request.price-only",
        {"subject": "", "text": "Tell me the price of power banks."},
        req(products=(ev("power banks"),)),
    ),
    (
        "request.every-term",
        QUOTE,
        req(moq=(ev("MOQ"),), payment=(ev("payment terms"),), delivery=(ev("lead time"),), packaging=(ev("packing"),)),
    ),
    ("request.survey", {"text": "Please recommend me your best-selling products. Please quote."}, req()),
    ("request.newcomer", {"text": "I am planning to open a shop and never imported before. Please quote."}, req()),
    (
        "request.competitor-questions",
        {"text": "Which foundry makes your castings? What is your monthly output? Please quote."},
        req(),
    ),
    ("request.unrelated-goods", {"text": "We want to buy machines, stainless steel, batteries and laptops."}, req()),
    ("request.personal", {"text": "I want one for my mother, for personal use. Please quote."}, req()),
    ("request.too-short", {"subject": "", "text": "Hello, do you supply?"}, req()),
]
NO_HITS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("request.product", VAGUE, req()),
    ("request.product", {"subject": "Noodles", "text": "Noodles on Saturday?"}, req()),
    ("request.model", QUOTE, req()),
    ("request.specification", QUOTE, req()),
    ("request.quantity", QUOTE, req(quantities=(pcs(9_876_135),))),
    ("request.quantity-absurd", QUOTE, req(quantities=(pcs(50_000), pcs(12, "container")))),
    ("request.large-without-detail", QUOTE, req(quantities=(pcs(50_000),), specifications=(ev("DN50"),))),
    ("request.large-without-detail", QUOTE, req(quantities=(pcs(50_000),), incoterm=ev("FOB"))),
    ("request.huge-words", {"text": "We will place huge order soon. Please quote."}, req(quantities=(pcs(4000),))),
    ("request.large-first-order", QUOTE, req(quantities=(pcs(100),))),
    (
        "request.large-first-order",
        QUOTE,
        req(quantities=(pcs(50_000),)) | {"history": History(listed=Customer("Andes"))},
    ),
    ("request.moq", VAGUE, req(moq=(ev("MOQ"),))),
    ("request.professional", QUOTE, req(moq=(ev("MOQ"),), certificates=(ev("CE"),))),
    ("request.certificates", QUOTE, req()),
    ("request.delivery", VAGUE, req(delivery=(ev("lead time"),))),
    ("request.dated", QUOTE, req(delivery=(ev("lead time"), ev("within 30 days"), ev("delivery may vary")), **VALVE)),
    ("request.destination", {"text": "What is the shipping cost to my country?"}, req()),
    ("request.incoterm", VAGUE, req(incoterm=ev("FOB"))),
    ("request.payment", VAGUE, req(payment=(ev("payment terms"),))),
    ("request.packaging", QUOTE, req()),
    ("request.target-price", QUOTE, req()),
    ("request.price-figure", QUOTE, req(price=(ev("best price"),))),
    ("request.price-figure", QUOTE, req(price=(ev("USD 9"),), target_price=(ev("USD 9"),))),
    ("request.annual-volume", QUOTE, req()),
    ("request.drawing", QUOTE | {"attachments": (("order.html", "text/html", b"<form>"),)}, req(**VALVE)),
    ("request.drawing", {"text": "Send the production drawings in DWG format."}, req(drawings=(ev("drawings"),))),
    ("request.customized", {"text": "I'm interested in this product. Can I add my own logo?"}, req()),
    ("request.use", QUOTE, req()),
    ("request.order", {"text": "We would like to place an order."}, req()),
    ("request.no-product", QUOTE, req(**VALVE)),
    ("request.list-only", VAGUE, req(quantities=(pcs(500),))),
    ("request.everything", {"text": "Prices of all your models."}, req(quantities=(pcs(500),), models=(ev("EL-40"),))),
    (
        "request.price-only",
        {"text": "Tell me the price of 500 power banks."},
        req(products=(ev("power banks"),), quantities=(pcs(500),)),
    ),
    ("request.every-term", QUOTE, req(moq=(ev("MOQ"),), payment=(ev("payment"),))),
    (
        "request.every-term",
        QUOTE,
        req(moq=(ev("a"),), payment=(ev("b"),), delivery=(ev("c"),), packaging=(ev("d"),), quantities=(pcs(9),)),
    ),
    (
        "request.survey",
        {"text": "Please recommend me a size."},
        req(quantities=(pcs(9),), specifications=(ev("DN50"),)),
    ),
    ("request.newcomer", QUOTE, req()),
    ("request.competitor-questions", {"text": "Please send the data sheet and a dimensional drawing."}, req()),
    ("request.unrelated-goods", {"text": "We want to buy pumps, compressors and machines."}, req()),
    ("request.personal", QUOTE, req()),
    ("request.too-short", {"text": "500 pcs, price please?"}, req(quantities=(pcs(500),))),
    ("request.too-short", {"text": "Good day"}, req()),
]


@pytest.mark.parametrize(("signal_id", "fields", "given"), HITS)
def test_hits(ask: Ask, signal_id: str, fields: dict[str, Any], given: dict[str, Any]) -> None:
    answer = ask(signal_id, fields, **given)
    assert answer.outcome is HIT
    assert answer.evidence


@pytest.mark.parametrize(("signal_id", "fields", "given"), NO_HITS)
def test_does_not_hit(ask: Ask, signal_id: str, fields: dict[str, Any], given: dict[str, Any]) -> None:
    assert ask(signal_id, fields, **given).outcome in (MISS, NONE)


def test_more_details_count_more(ask: Ask) -> None:
    one = ask("request.specification", QUOTE, **req(specifications=(ev("DN50"),)))
    four = ask(
        "request.specification", QUOTE, **req(specifications=tuple(ev(q) for q in ("DN50", "PN16", "NPT", "A105")))
    )
    assert one.strength < four.strength == 1.0


def test_fields_that_a_marketplace_filled_in_are_no_specification(ask: Ask) -> None:
    text = "Price please\n\nMaterial: PVC Size: 20 cm Usage: Gifts Color: red"
    inside = req(
        specifications=(ev("20 cm", start=text.index("20 cm")),), materials=(ev("PVC", start=text.index("PVC")),)
    )
    assert ask("request.specification", {"text": text}, **inside).outcome is MISS


def test_one_piece_counts_half(ask: Ask) -> None:
    assert ask("request.quantity", QUOTE, **req(quantities=(pcs(1),))).strength == 0.5


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("We need brass ball valves.", "brass ball valves"),
        ("We are looking for brass ball valves, model BV-20.", "brass ball valves"),
        ("We want to buy 300 ball valves.", "ball valves"),
        ("Need 5 tons of frozen squid.", "frozen squid"),
        ("Do you have LED panels 60x60?", "LED panels 60x60"),
        ("Can you supply us with cotton yarn?", "cotton yarn"),
        ("Could you offer 2 containers of ceramic tiles?", "ceramic tiles"),
    ],
)
def test_plain_wishes_for_goods_are_requests(
    facts_of: Callable[..., Facts], ask: Callable[..., Answer], text: str, goods: str
) -> None:
    facts = facts_of({"text": f"Dear Sir,\n{text}\nRosa"})
    assert goods in [e.quote for e in facts.request.products]
    assert ask("request.asks", {"text": f"Dear Sir,\n{text}\nRosa"}).outcome is Outcome.HIT


@pytest.mark.parametrize(
    "text",
    [
        "I am looking for a reliable partner.",
        "We need 2 days to check this.",
        "Do you have time on Monday?",
        "Could you offer some help?",
    ],
)
def test_wishes_for_other_things_are_none(ask: Callable[..., Answer], text: str) -> None:
    assert ask("request.asks", {"text": f"Dear Sir,\n{text}\nRosa"}).outcome is not Outcome.HIT


def test_counted_goods_are_a_quantity(facts_of: Callable[..., Facts]) -> None:
    facts = facts_of({"text": "We want to buy 300 ball valves in 2026."})
    assert [(q.value, q.unit) for q in facts.request.quantities] == [(300.0, "pcs")]


@pytest.mark.parametrize(
    ("signal", "text", "expected"),
    [
        ("hs-code", "Please quote ball bearings, HS code 8482.10, 500 pcs.", "hit"),
        ("hs-code", "Please quote bearings (HSN 84821020).", "hit"),
        ("hs-code", "请报价球阀，海关编码 8481804090。", "hit"),
        ("hs-code", "Cotice rodamientos, partida arancelaria 8482.10.", "hit"),
        ("hs-code", "Cotação de rolamentos, NCM 8482.10.10.", "hit"),
        ("hs-code", "Bitte um Angebot für Kugellager, Zolltarifnummer 84821090.", "hit"),
        ("hs-code", "Просим цену на подшипники, код ТН ВЭД 8482109008.", "hit"),
        ("hs-code", "Rulman için fiyat teklifi, GTİP 8482.10.", "hit"),
        ("hs-code", "Please quote ball bearings and tell us the HS code.", "miss"),
        ("hs-code", "Please quote 8482 pcs of ball bearings.", "miss"),
        ("hs-code", "Please quote ball bearings, HS code 9999.10, 500 pcs.", "miss"),
        ("hides-use", "Please quote 20 valves, the end user is confidential.", "hit"),
        ("hides-use", "Please quote 2 lathes, no installation or training needed.", "hit"),
        ("hides-use", "请报价机床，最终用途保密。", "hit"),
        ("hides-use", "Please quote 20 valves; keep our price confidential.", "miss"),
        ("hides-use", "Please quote 2 lathes with installation and training.", "miss"),
        ("copied-brand", "Please quote 1:1 replica watches, 200 pcs.", "hit"),
        ("copied-brand", "请报价高仿手表 200 只。", "hit"),
        ("copied-brand", "Please quote 200 watches with our logo.", "miss"),
        ("copied-brand", "Please quote filters that fit Bosch pumps, 200 pcs.", "miss"),
    ],
)
def test_codes_hidden_use_and_copies(ask: Callable[..., Answer], signal: str, text: str, expected: str) -> None:
    assert ask(f"request.{signal}", {"text": text, "subject": "Inquiry"}).outcome is Outcome(expected)


def test_a_customs_code_says_what_it_stands_for(ask: Callable[..., Answer]) -> None:
    found = ask("request.hs-code", {"text": "Please quote ball bearings, HS code 8482.10, 500 pcs.", "subject": "x"})
    assert (found.values["heading"], found.values["goods"]) == ("8482", "Ball or roller bearings")
    found = ask("request.hs-code", {"text": "Please quote taps, HS 8481, 500 pcs.", "subject": "x"})
    assert str(found.values["goods"]).startswith("Taps, cocks, valves")
    assert len(str(found.values["goods"])) <= 90


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您好，请问球阀的价格是多少？", "hit"),
        ("我们想订购球阀 500 个。", "hit"),
        ("請問球閥的單價？", "hit"),
        # Sellers use the same words.
        ("光盘总数量为 70 张，单价仅售 15 元。", "miss"),
        ("欢迎您通过电话订购，订购热线：010-5555 0133。", "miss"),
        ("破壁灵芝孢子粉 1 斤装，价格优惠。", "miss"),
    ],
)
def test_chinese_words_of_trade_ask_only_beside_a_wish(ask: Callable[..., Answer], text: str, expected: str) -> None:
    found = ask("request.asks", {"text": f"尊敬的先生：\n{text}\n王伟", "subject": "您好"}).outcome
    assert (found is Outcome.HIT) is (expected == "hit")
