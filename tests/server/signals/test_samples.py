"""Samples: seekers and honest buyers apart."""

from __future__ import annotations

import pytest

from keeneye.model import Outcome

HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

PAYS = (
    "Please send one sample of ball valve DN50 for testing; we pay for "
    "the sample and the courier, our DHL account is 123."
)
SELLER = (
    "We are a professional manufacturer of cables with 20 years of "
    "experience. Our products are of good quality at competitive "
    "prices. Free samples are available. Welcome your inquiry."
)
ALL_FREE = (
    "Olá, gostaria de receber amostras grátis de todos os seus produtos. Não tenho conta de courier, paguem o frete."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please send us free samples of your products.", HIT),
        (ALL_FREE, HIT),
        ("请寄免费样品给我们。", HIT),
        ("Bitte senden Sie uns kostenlose Muster.", HIT),
        ("Merci de nous envoyer des échantillons gratuits.", HIT),
        ("Пришлите бесплатные образцы.", HIT),
        ("نرجو ارسال عينات مجانية.", HIT),
        (PAYS, MISS),
        (SELLER, MISS),
        ("Is the sample free, or do we pay for the samples? We bear the courier.", MISS),
        ("Please quote 500 pcs of hinge H-12.", MISS),
    ],
)
def test_free(outcome, text: str, expected: Outcome) -> None:
    assert outcome("samples.free", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We want samples of all your models.", HIT),
        ("需要所有型号的样品。", HIT),
        (ALL_FREE, HIT),
        ("We need samples of both grades and pay for the samples.", MISS),
        (SELLER, MISS),
    ],
)
def test_all_kinds(outcome, text: str, expected: Outcome) -> None:
    assert outcome("samples.all-kinds", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ALL_FREE, HIT),
        ("Send free samples; we do not pay courier.", HIT),
        ("样品运费由你们承担,请寄样品。", HIT),
        (PAYS, MISS),
        ("Freight prepaid, 20 pallets of tile T-4.", MISS),
    ],
)
def test_freight_on_you(outcome, text: str, expected: Outcome) -> None:
    assert outcome("samples.freight-on-you", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please send samples to my address.", HIT),
        ("Please send a sample of valve DN50 first, then we order 500 pcs.", MISS),
        (PAYS, MISS),
        ("Hello, we are a bearing factory, do you need samples?", MISS),
    ],
)
def test_only(outcome, text: str, expected: Outcome) -> None:
    assert outcome("samples.only", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAYS, HIT),
        ("样品费和运费由我们承担,请寄样品。", HIT),
        ("Wir übernehmen die Kosten der Muster, bitte senden Sie ein Muster.", HIT),
        ("Please send free samples.", MISS),
        ("Please quote 500 pcs.", NOT),
        (SELLER, NOT),
        ("Send samples; we do not pay the courier.", MISS),
    ],
)
def test_pays(outcome, text: str, expected: Outcome) -> None:
    assert outcome("samples.pays", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please send your catalogue and price list by DHL.", HIT),
        ("请快递寄产品目录。", HIT),
        ("Please e-mail your catalogue.", MISS),
        ("The original bill of lading comes by courier.", MISS),
    ],
)
def test_paper_by_courier(outcome, text: str, expected: Outcome) -> None:
    assert outcome("samples.paper-by-courier", {"text": text, "subject": "Hello"}) is expected
