"""Tenders and vendor registrations that come looking for us: what must hit, and what must not."""

from __future__ import annotations

import pytest

from keeneye.model import Outcome

HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

EOI = (
    "Your company has been selected as a potential vendor for our upcoming "
    "projects. Please request the vendor questionnaire "
    "and the expression of interest (EOI) form."
)
PORTAL = (
    "You are invited to sourcing event 4711 in Ariba for 400 valves DN80. Please log in to the supplier portal. "
    "Registration is free of charge."
)
REAL_TENDER = "Invitation to tender: 1,200 pcs water meter DN20 class C, EN ISO 4064, delivery Rotterdam by 30 June."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EOI, HIT),
        (
            "Invitamos a su empresa al registro de proveedores; su empresa fue "
            "seleccionada para la licitación del ministerio de obras.",
            HIT,
        ),
        ("تم اختيار شركتكم. يرجى ابداء الاهتمام وتسجيل الموردين للمناقصة.", HIT),
        ("贵公司已入选,请填写供应商注册问卷和招标文件,参加我们的采购中心项目。", HIT),
        (PORTAL, MISS),
        (REAL_TENDER, MISS),
        ("We registered as vendor last year; please send the price list.", MISS),
    ],
)
def test_unasked(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tender.unasked", {"text": text, "subject": "Projects"}) is expected


@pytest.mark.parametrize("signal", ["tender.unasked", "tender.public-buyer", "tender.great-name", "tender.fee"])
def test_talk_on_a_list_is_no_trap_but_list_headers_alone_protect_nobody(outcome, signal: str) -> None:
    headers = [("List-Id", "<tenders.gazette.example>"), ("List-Post", "<mailto:tenders@gazette.example>")]
    text = EOI + " Saudi Aramco. Ministry of Works. The registration fee is 20 EUR."
    answer = ("In-Reply-To", "<1@gazette.example>")
    assert outcome(signal, {"text": text, "headers": [*headers, answer]}) is MISS
    assert outcome(signal, {"text": text, "headers": headers}) is outcome(signal, {"text": text})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("To take part in the tender pay the registration fee and the notary fee. Your company was selected.", HIT),
        (
            "Pour retirer le dossier d'appel d'offres il faut régler les frais "
            "d'enregistrement et les honoraires du notaire.",
            HIT,
        ),
        ("Die Ausschreibung verlangt vorab die Registrierungsgebühr und Notarkosten.", HIT),
        ("Vendor registration questionnaire enclosed. Registration is free of charge, there are no fees.", MISS),
        ("Invitation to tender for 300 pumps; please quote the tooling cost too.", MISS),
    ],
)
def test_fee(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tender.fee", {"text": text}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"from": "Buyer <p@vendor-office.example>", "text": "We are Kuwait Oil Company. " + EOI}, HIT),
        ({"from": "Buyer <p@aramco.example>", "text": "Saudi Aramco asks for your catalogue. " + EOI}, MISS),
        # A contractor names the end user and asks for goods with his own firm's data.
        (
            {
                "from": "Ali <ali@gulf-contracting.example>",
                "text": "300 gate valves DN100 for a site of Saudi Aramco, API 600.",
            },
            MISS,
        ),
        ({"text": "Please quote 40 pumps."}, NOT),
    ],
)
def test_great_name(outcome, fields: dict[str, str], expected: Outcome) -> None:
    assert outcome("tender.great-name", fields) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "from": "Dr A <office.works@gmail.com>",
                "text": "The Ministry of Works needs your products in large quantity, send your catalogue.",
            },
            HIT,
        ),
        (
            {
                "from": "Dr A <a@works.gov.gh>",
                "text": "The Ministry of Works needs your products, send your catalogue.",
            },
            MISS,
        ),
        (
            {
                "from": "Kofi <kofi@trader.example>",
                "text": "My customer is the ministry of health; we need 2,000 pcs of face shield FS-2.",
            },
            MISS,
        ),
        ({"text": "Please quote 40 pumps."}, NOT),
    ],
)
def test_public_buyer(outcome, fields: dict[str, str], expected: Outcome) -> None:
    assert outcome("tender.public-buyer", fields) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Some items may fall outside of your scope; please source the "
            "products and submit your official bid on or before Friday.",
            HIT,
        ),
        ("Please also add the fitting to the valves, if you have it.", MISS),
        ("We source the products from three suppliers.", MISS),
    ],
)
def test_odd_item(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tender.odd-item", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We search for foreign companies to bid for contract supply on commission basis in large quantity.", HIT),
        ("We want to distribute pump KX-200 in Ghana on commission basis; 200 pcs a year.", MISS),
    ],
)
def test_supply_on_commission(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tender.supply-on-commission", {"text": text}) is expected
