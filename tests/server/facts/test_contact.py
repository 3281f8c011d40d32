"""Who writes: names, firms, addresses and numbers, found in the signature first and never in the quoted thread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from handmade import address, answers, firm, mail, stands

from keeneye.facts import draw
from keeneye.model import Contact, DomainAnswer, Firm

SIGNED = """Best regards,
Tunde Obaka
Managing Director
Obaka Pipeworks Ltd (RC 0000000)
14 Adeniyi Jones Avenue, Ikeja, Lagos
Phone/WhatsApp: +234 803 555 0199
www.obaka.example"""


def contact(body: str = "Hello", signature: str = "", *, ours: Firm | None = None, **changes: object) -> Contact:
    message = mail(body, signature=signature, **changes)
    found = draw(message, answers(), ours or firm()).contact
    everything = [found.person, found.title, found.company, found.address, *found.websites, *found.emails]
    everything += [*found.messengers, *found.registrations, *(p.evidence for p in found.phones)]
    assert all(stands(message, e) for e in everything if e is not None)
    return found


def quote(evidence: object) -> str | None:
    return getattr(evidence, "quote", None)


def test_a_whole_signature() -> None:
    found = contact(signature=SIGNED)
    assert quote(found.person) == "Tunde Obaka"
    assert quote(found.title) == "Managing Director"
    assert quote(found.company) == "Obaka Pipeworks Ltd"
    assert quote(found.address) == "14 Adeniyi Jones Avenue, Ikeja, Lagos"
    assert found.address_complete
    assert {(p.number, p.country, p.kind) for p in found.phones} == {
        ("+2348035550199", "NG", "mobile"),
        ("+2348035550199", "NG", "messenger"),
    }
    assert [e.quote for e in found.websites] == ["www.obaka.example"]
    assert [e.quote for e in found.registrations] == ["RC 0000000"]


def test_the_same_behind_a_sign_off_when_no_signature_was_split_off() -> None:
    found = contact("We want to order.\n\n" + SIGNED)
    assert quote(found.person) == "Tunde Obaka"
    assert quote(found.company) == "Obaka Pipeworks Ltd"


def test_nothing_is_taken_from_the_quoted_thread() -> None:
    found = contact("Thank you.", quoted=SIGNED)
    assert found == Contact()


@pytest.mark.parametrize(
    ("line", "company", "form"),
    [
        ("Weser Armaturen GmbH", "Weser Armaturen GmbH", "GmbH"),
        ("Andes Fluidos S.A.C.", "Andes Fluidos S.A.C.", "S.A.C."),
        ("Hidráulica Ortega, S.A. de C.V.", "Hidráulica Ortega, S.A. de C.V.", "S.A. de C.V."),
        ("Sunrise Casting Co., Ltd.", "Sunrise Casting Co., Ltd.", "Co., Ltd."),
        ("ООО «Трубмаш»", "ООО «Трубмаш»", "ООО"),
        ("南亚五金有限公司", "南亚五金有限公司", "有限公司"),
        ("株式会社サンプル商事", "株式会社サンプル商事", "株式会社"),
        ("شركة البحر للمعدات الصناعية", "شركة البحر للمعدات الصناعية", "شركة"),
        ("Nam Ah Hardware Sdn. Bhd.", "Nam Ah Hardware Sdn. Bhd.", "Sdn Bhd"),
        ("Director, Foo Trading Pvt. Ltd.", "Foo Trading Pvt. Ltd.", "Pvt Ltd"),
        ("Comercial Sol Ltda", "Comercial Sol Ltda", "Ltda"),
        ("Anadolu Makina A.Ş.", "Anadolu Makina A.Ş.", "A.Ş."),
        ("Tulip Handel B.V.", "Tulip Handel B.V.", "B.V."),
        ("Rossi Valvole S.r.l.", "Rossi Valvole S.r.l.", "S.r.l."),
        ("PT Maju Jaya", "PT Maju Jaya", "PT"),
    ],
)
def test_firms_with_their_legal_form(line: str, company: str, form: str) -> None:
    found = contact(signature=f"Regards\nJohn Doe\n{line}")
    assert (quote(found.company), found.company_form) == (company, form)


def test_a_firm_in_running_text() -> None:
    found = contact("Good morning. My name is Ann Lee and I run Lee Lighting Ltd in Leeds. We need lamps.")
    assert quote(found.company) == "Lee Lighting Ltd"


def test_we_are_not_the_buyers_firm() -> None:
    found = contact(
        "Dear Sunrise Casting Ltd, we need a pump.",
        signature="Regards\nAnn",
        ours=firm(names=("Sunrise Casting",)),
    )
    assert found.company is None


def test_a_line_that_is_the_senders_domain_is_his_firm() -> None:
    message_from = "ann@andes-fluidos.example"
    found = contact(signature="Saludos\nAnn Lee\nAndes Fluidos\nLima", from_=message_from)
    assert quote(found.company) == "Andes Fluidos"


@pytest.mark.parametrize(
    "body",
    [
        "The limited offer of a corporation in the industry is included.",
        "as an AG and a KG of flour",
        "SIA",
    ],
)
def test_words_that_are_no_firm(body: str) -> None:
    assert contact(body).company is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tel. +49 421 555 01-44", [("+494215550144", "DE", "phone")]),
        ("Fax +49 421 555 01-99", [("+494215550199", "DE", "fax")]),
        ("Tel/Fax: +49 421 555 01-44", [("+494215550144", "DE", "phone"), ("+494215550144", "DE", "fax")]),
        ("+51 1 555 0142", [("+5115550142", "PE", "phone")]),  # a documentation number: possible, not valid
        ("Móvil +51 987 650 142", [("+51987650142", "PE", "mobile")]),
        ("电话:+86 21 6217 8888", [("+862162178888", "CN", "phone")]),
        ("هاتف: +966 12 555 0177", [("+966125550177", "SA", "phone")]),
        ("+999 123 4567", []),  # no such calling code
        ("+800 1234 5678", [("+80012345678", None, "phone")]),  # a number of no country
        ("+1 212 555 0100", [("+12125550100", "US", "phone")]),
        ("00 49 421 5550144", [("+494215550144", "DE", "phone")]),
    ],
)
def test_phones(line: str, expected: list[tuple[str, str | None, str]]) -> None:
    found = contact(signature=f"Regards\nJohn Doe\n{line}")
    assert sorted((p.number, p.country, p.kind) for p in found.phones) == sorted(expected)


def test_a_national_number_is_read_by_the_rules_of_the_country_in_the_signature() -> None:
    found = contact(signature="Regards\nJohn Doe\nBremen, Germany\nTel. 0421 5550144")
    assert [(p.number, p.country) for p in found.phones] == [("+494215550144", "DE")]


def test_a_labelled_number_of_no_known_country_is_kept_without_one() -> None:
    found = contact(signature="Regards\nJohn Doe\nTel: 555 01 44 22")
    assert [(p.number, p.country, p.kind) for p in found.phones] == [("555014422", None, "phone")]


@pytest.mark.parametrize(
    "line",
    [
        "size 600x600x1200",
        "2026-11-24 10:30",
        "24.11.2026 10 12",
        "Order 4500018832",
        "IBAN DE00 1234 5678 9012 3456 00",
        "192.168.100.200",
        "Invoice no. 2026 11 2401",
        "1.000.000,00",
        "2015 - 2020",
        "HS code 8481.80.30",
        "RC 0000000",
        "ticket #12345678",
    ],
)
def test_digits_that_are_no_phone(line: str) -> None:
    assert contact(signature=f"Regards\nJohn Doe\n{line}").phones == ()


@pytest.mark.parametrize(
    ("lines", "address_", "complete"),
    [
        ("Hafenstraße 21, 28217 Bremen", "Hafenstraße 21, 28217 Bremen", True),
        ("Av. Argentina 2415, Lima 15079, Perú", "Av. Argentina 2415, Lima 15079, Perú", True),
        ("地址:27 Lebuh Contoh, 10200 George Town, Penang", "27 Lebuh Contoh, 10200 George Town, Penang", True),
        ("12 rue de la Paix\n75002 Paris", "12 rue de la Paix\n75002 Paris", True),
        ("ул. Ленина, д. 5, Москва", "ул. Ленина, д. 5, Москва", True),
        ("Address: 5 Foo Street", "5 Foo Street", False),
        ("上海市浦东新区世纪大道100号", "上海市浦东新区世纪大道100号", True),
    ],
)
def test_addresses(lines: str, address_: str, complete: bool) -> None:
    found = contact(signature=f"Regards\nJohn Doe\n{lines}")
    assert (quote(found.address), found.address_complete) == (address_, complete)


@pytest.mark.parametrize("line", ["Lagos, Nigeria", "we will find a way by 2027", "Suite of products"])
def test_lines_that_are_no_address(line: str) -> None:
    assert contact(signature=f"Regards\nJohn Doe\n{line}").address is None


@pytest.mark.parametrize(
    ("signature", "name", "expected"),
    [
        ("Best regards\nRosa Quispe\nJefa de Compras", "", "Rosa Quispe"),
        ("Mit freundlichen Grüßen\ni. A. Katrin Petersen", "", "Katrin Petersen"),
        ("顺祝商祺\n林志強 采购经理", "", "林志強"),
        ("مع أطيب التحيات\nخالد الحربي\nمدير المشتريات", "", "خالد الحربي"),
        ("Regards, Luis Ortega", "", "Luis Ortega"),
        ("regards\njohn smith", "John Smith", "john smith"),
        ("Best regards\nSales Team", "", None),
        ("Thanks\nLagos, Nigeria", "", None),
    ],
)
def test_person(signature: str, name: str, expected: str | None) -> None:
    message = replace(mail("Hello", signature=signature), from_=address("x@import.example", name))
    found = draw(message, answers(), firm()).contact
    assert quote(found.person) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("WhatsApp: +234 803 555 0199", ["WhatsApp: +234 803 555 0199"]),
        ("WeChat: buyer_2026", ["WeChat: buyer_2026"]),
        ("Skype: live:john.doe", ["Skype: live"]),
        ("Please add me on WhatsApp", []),
    ],
)
def test_messengers(line: str, expected: list[str]) -> None:
    found = contact(signature=f"Regards\nJohn Doe\n{line}")
    assert [m.quote.split(":live")[0] for m in found.messengers] == expected or (
        expected and found.messengers[0].quote.startswith(expected[0])
    )


@pytest.mark.parametrize(
    ("line", "hit"),
    [
        ("VAT No. GB123456789", True),
        ("USt-IdNr. DE000000000", True),
        ("CNPJ 12.345.678/0001-95", True),
        ("RUC: 20123456789", True),
        ("ИНН 7701234567", True),
        ("统一社会信用代码:91310000MA1FL00000", True),
        ("GSTIN: 27AAAAA0000A1Z5", True),
        ("RFC 2960 section 3.3.2", False),
        ("RFC: ABC010203XY9", True),
        ("VAT included", False),
        ("in total 12345", False),
    ],
)
def test_registrations(line: str, hit: bool) -> None:
    assert bool(contact(signature=f"Regards\nJohn Doe\n{line}").registrations) is hit


def test_labelled_lines_of_a_marketplace_notice() -> None:
    found = contact(
        "Company: Hidráulica Ortega\nPosition: Purchasing Manager\nPhone: +52 81 5555 0123\n"
        "Address: Calle Ejemplo 310, Monterrey, Mexico\n\nMessage:\nplease quote"
    )
    assert quote(found.company) == "Hidráulica Ortega"
    assert quote(found.title) == "Purchasing Manager"
    assert quote(found.address) == "Calle Ejemplo 310, Monterrey, Mexico"
    assert [p.country for p in found.phones] == ["MX"]


def test_hints_come_from_the_senders_domain() -> None:
    domain = DomainAnswer("import.example", "import.example", "example", "company", tld_country="DE")
    message = mail("Hello", signature="Regards\nJohn Doe\nTel. 0421 5550144")
    found = draw(message, answers(domains=(domain,)), firm()).contact
    assert [(p.number, p.country) for p in found.phones] == [("+494215550144", "DE")]
