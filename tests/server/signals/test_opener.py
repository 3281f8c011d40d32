"""Templates, preset questions, prefilled fields and form letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Evidence, Outcome, Payload, Quantity, Request
from keeneye.signals import opener

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
OPENERS = {
    "en": "Hi, I'm interested in this product. I would like some more details.",
    "es": "Hola, estoy interesado en este producto.",
    "fr": "Bonjour, je suis intéressé.e par ces produits.",
    "pt": "Olá, estou interessado nestes produtos.",
    "de": "Hallo, ich interessiere mich für dieses Produkt.",
    "it": "Salve, sono interessato a questo prodotto.",
    "ru": "Здравствуйте! Меня интересуют эти товары.",
    "ar": "مرحبا، أنا مهتم بهذا المنتج",
    "tr": "Merhaba, bu ürünler ilgimi çekti.",
    "vi": "Xin chào, tôi quan tâm đến sản phẩm này",
    "zh": "您好,我对这款产品很感兴趣。",
    "ja": "この商品に興味があります。",
    "ko": "이 제품에 관심이 있습니다.",
}
BLOCK = "Material: PVC Size: Customized Usage: Gifts Color: Picture shows Style: Cartoon"


@pytest.mark.parametrize("language", OPENERS)
def test_openers_of_marketplaces_in_every_language(ask: Ask, language: str) -> None:
    assert ask("opener.canned", {"text": OPENERS[language]}).outcome is HIT
    assert ask("opener.only-canned", {"text": OPENERS[language]}).outcome is HIT


@pytest.mark.parametrize(
    ("signal_id", "fields", "given", "expected"),
    [
        ("opener.canned", {"text": "We are interested in brass ball valves DN25 for a project."}, {}, MISS),
        ("opener.only-canned", {"text": "Please quote 500 pcs of valve DN25 to Hamburg."}, {}, NONE),
        (
            "opener.only-canned",
            {"text": OPENERS["es"] + " Necesito 600 botellas de acero, color verde, para una feria en Montevideo."},
            {},
            MISS,
        ),
        (
            "opener.only-canned",
            {"text": OPENERS["fr"] + " Prix pour 120 pièces"},
            {"request": Request(quantities=(Quantity(120, "pcs", Evidence("text", "120 pièces", 60, 70)),))},
            MISS,
        ),
        ("opener.prefill", {"text": f"Hello\n\n{BLOCK}"}, {}, HIT),
        ("opener.prefill", {"text": "Product specifications: three sizes"}, {}, HIT),
        ("opener.prefill", {"text": "Material: brass, please quote."}, {}, MISS),
        ("opener.form-letter", {"text": "I hope this message finds you well. Please send your catalogue."}, {}, HIT),
        (
            "opener.form-letter",
            {"text": "I hope this message finds you well. We need a quotation for valves."},
            {"request": Request(models=(Evidence("text", "DN25"),))},
            MISS,
        ),
        ("opener.form-letter", {"text": "Please quote."}, {}, NONE),
        ("opener.unfilled-field", {"subject": "Inquiry about [Product/Service]", "text": "Hello"}, {}, HIT),
        ("opener.unfilled-field", {"text": "Please quote [quantity] units of {{product}}."}, {}, HIT),
        ("opener.unfilled-field", {"subject": "[fastlib] crash", "text": "see [1] and [trace]"}, {}, MISS),
    ],
)
def test_table(ask: Ask, signal_id: str, fields: dict[str, Any], given: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, fields, **given).outcome is expected


def test_prefilled_fields_are_not_counted_as_own_words(facts_of: Callable[..., Any]) -> None:
    facts = facts_of({"text": f"Hello, please tell me the price for these\n\n{BLOCK}"})
    assert 4 <= opener.own_words(facts) <= 8
    assert not opener.bare(facts_of({"text": "word " * 30}))


def test_words_of_scripts_without_spaces() -> None:
    assert opener.words("黄铜球阀报价") == 3
    assert opener.words("two words 黄铜") == 3


def test_a_form_or_chat_has_no_sender(ask: Ask) -> None:
    seen = Payload(subject="Labelled jars", text="100 pcs to Brooklyn, price?", sees="visible")
    assert ask("opener.form", b"", payload=seen).outcome is HIT
    assert ask("opener.form", {"text": "100 pcs to Brooklyn, price?"}).outcome is MISS
