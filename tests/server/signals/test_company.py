"""Which company the writer speaks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Contact, Customer, Evidence, History, Outcome

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE


def ev(quote: str) -> Evidence:
    return Evidence("text", quote)


MAIL = {"from": "Rosa <rosa@andes-fluidos.example>", "text": "Please quote ball valve DN25."}
ANDES = Contact(company=ev("Andes Fluidos S.A.C."), company_form="S.A.C.", websites=(ev("www.andes.example"),))
SUPPLIER = {
    "en": "Our present supplier is late, so we look for a second source.",
    "zh": "目前向台湾供应商采购,想找第二家供应商",
    "es": "Actualmente importamos desde India y queremos cambiar de proveedor.",
    "pt": "Queremos trocar de fornecedor.",
    "fr": "Nous cherchons un deuxième fournisseur.",
    "de": "Wir suchen einen zweiten Lieferanten.",
    "it": "Il nostro fornitore attuale è in ritardo.",
    "ru": "Сейчас мы закупаем в Турции и ищем второго поставщика.",
    "ar": "نبحث عن مورد ثان",
    "tr": "İkinci bir tedarikçi arıyoruz.",
    "vi": "Chúng tôi đang tìm nhà cung cấp mới",
    "ja": "新しい仕入先を探しています",
    "ko": "새로운 공급업체를 찾고 있습니다",
}


@pytest.mark.parametrize("language", SUPPLIER)
def test_existing_supplier_in_every_language(ask: Ask, language: str) -> None:
    assert ask("company.existing-supplier", MAIL | {"text": SUPPLIER[language] + " Please quote."}).outcome is HIT


@pytest.mark.parametrize(
    ("signal_id", "fields", "given", "expected"),
    [
        ("company.name", MAIL, {"contact": ANDES}, HIT),
        ("company.name", MAIL, {"contact": Contact()}, MISS),
        ("company.legal-form", MAIL, {"contact": ANDES}, HIT),
        ("company.legal-form", MAIL, {"contact": Contact(company=ev("Andes"))}, MISS),
        ("company.legal-form", MAIL, {"contact": Contact()}, NONE),
        ("company.name-in-domain", MAIL, {"contact": ANDES}, HIT),
        ("company.name-in-domain", MAIL, {"contact": Contact(company=ev("Global Trading Ltd"))}, MISS),
        ("company.name-in-domain", MAIL | {"from": "a@gmail.com"}, {"contact": Contact(company=ev("Gmail Ltd"))}, NONE),
        ("company.website", MAIL, {"contact": ANDES}, HIT),
        ("company.website", MAIL, {"contact": Contact()}, MISS),
        ("company.registration", MAIL, {"contact": Contact(registrations=(ev("DE000"),))}, HIT),
        ("company.registration", MAIL, {"contact": Contact()}, MISS),
        ("company.introduction", MAIL | {"text": "We are a distributor of valves in Lima. Please quote."}, {}, HIT),
        ("company.introduction", MAIL, {}, MISS),
        ("company.trade-role", MAIL | {"text": "We are importers of spare parts. Please quote."}, {}, HIT),
        ("company.trade-role", MAIL, {}, MISS),
        (
            "company.claims-size",
            MAIL | {"text": "We are one of the largest retailers in Europe. Please quote."},
            {},
            HIT,
        ),
        ("company.claims-size", MAIL, {}, MISS),
        ("company.existing-supplier", MAIL | {"text": "We look for reliable suppliers. Please quote."}, {}, MISS),
        ("company.import-experience", MAIL | {"text": "We last imported from Turkey in May. Please quote."}, {}, HIT),
        ("company.import-experience", MAIL | {"text": "We want to import your goods."}, {}, MISS),
        ("company.known-customer", MAIL, {"history": History(listed=Customer("Andes"))}, HIT),
        ("company.known-customer", MAIL, {"history": History(customers_listed=True)}, MISS),
        ("company.known-customer", MAIL, {"history": History()}, NONE),
        ("company.known-customer", MAIL, {"history": None}, NONE),
    ],
)
def test_table(ask: Ask, signal_id: str, fields: dict[str, Any], given: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, fields, **given).outcome is expected


def test_a_customer_in_name_only_counts_less_than_one_who_ordered(ask: Ask) -> None:
    def strength(**known: Any) -> float:
        return ask("company.known-customer", MAIL, history=History(listed=Customer("Andes", **known))).strength

    assert (
        strength() < strength(ordered=1) == strength(sampled=True) == strength(visited=True) == strength(standing="x")
    )


def test_a_forged_mail_is_no_customers(ask: Ask) -> None:
    forged = MAIL | {"auth": "dmarc=fail"}
    assert ask("company.known-customer", forged, history=History(listed=Customer("Andes", 3))).outcome is MISS
