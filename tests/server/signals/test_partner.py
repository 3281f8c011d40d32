"""Partners and customers whom the firm knows: whether it is they who write, and where their bank is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Customer, Firm, History, Outcome, Partner

Ask = Callable[..., Answer]
HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

BALTIC = Partner(
    "Baltic Forwarding GmbH", ("baltic-forwarding.example",), ("Anna Berg <anna.berg@gmail.com>", "Lars Holm"), "DE"
)
TAISHAN = Partner("泰山铸造有限公司", ("taishan-casting.example",), ("王小明",), None)
FIRM = Firm(domains=("exporter.example",), partners=BALTIC.domains, known=(BALTIC, TAISHAN))
NOBODY = Firm(domains=("exporter.example",))

GERMAN, POLISH = "IBAN DE89370400440532013000", "IBAN PL61109010140000071219812874"
NEW_BANK = f"Please use our new account: {POLISH}"


def sent(who: str, text: str = "Please see below.") -> dict[str, Any]:
    return {"from": who, "text": text, "subject": "Shipment"}


@pytest.mark.parametrize(
    ("signal_id", "mail", "expected"),
    [
        ("partner.known", sent("Anna Berg <anna@baltic-forwarding.example>"), HIT),
        ("partner.known", sent("Anna Berg <a@mail.baltic-forwarding.example>"), HIT),
        ("partner.known", sent("Anna <anna.berg@gmail.com>"), HIT),
        ("partner.known", sent("Anna Berg <anna@baltic-forwardlng.example>"), MISS),
        ("partner.known", sent("Anna Berg <a@baltic-forwarding.example>") | {"auth": "dmarc=fail"}, MISS),
        # persons
        ("partner.person-elsewhere", sent("Anna Berg <accounts@mailbox-77.example>"), HIT),
        ("partner.person-elsewhere", sent('"Berg, Anna" <accounts@mailbox-77.example>'), HIT),
        ("partner.person-elsewhere", sent('"Lars Holm - Baltic Forwarding" <lars.holm@gmail.com>'), HIT),
        ("partner.person-elsewhere", sent("王小明 <sales@mailbox-77.example>"), HIT),
        ("partner.person-elsewhere", sent("Anna Berg <anna@baltic-forwarding.example>"), MISS),
        ("partner.person-elsewhere", sent("Anna Berg <anna.berg@gmail.com>"), MISS),
        ("partner.person-elsewhere", sent("Anna Berg <anna@baltic-forwarding.de>"), MISS),
        ("partner.person-elsewhere", sent("Anna Bergmann <anna@other.example>"), MISS),
        ("partner.person-elsewhere", sent("Anna <anna@other.example>"), MISS),
        ("partner.person-elsewhere", sent("Anna Berg Lindqvist <anna@other.example>"), MISS),
        ("partner.person-elsewhere", sent("Johanna Berg Holm <x@other.example>"), MISS),
        ("partner.person-elsewhere", sent('"Anna Berg via Forwarders" <list@lists.example>'), MISS),
        ("partner.person-elsewhere", sent("Anna Berg <anna@exporter.example>"), MISS),
        # names
        ("partner.name-elsewhere", sent('"Baltic Forwarding Accounts" <accounts@mail-77.example>'), HIT),
        ("partner.name-elsewhere", sent("泰山铸造财务 <caiwu@mail-77.example>"), HIT),
        ("partner.name-elsewhere", sent('"Baltic Forwarding" <accounts@baltic-forwarding.example>'), MISS),
        ("partner.name-elsewhere", sent('"Baltic Forwarding Polska" <biuro@baltic-forwarding.pl>'), MISS),
        ("partner.name-elsewhere", sent('"Baltic Shipping" <info@baltic-shipping.example>'), MISS),
        ("partner.name-elsewhere", sent('"Forwarding GmbH" <info@forwarding.example>'), MISS),
        # banks
        ("partner.bank-country", sent("Anna Berg <anna@baltic-forwarding.example>", NEW_BANK), HIT),
        ("partner.bank-country", sent("Anna <anna@baltic-forwardlng.example>", NEW_BANK), HIT),
        ("partner.bank-country", sent("A <a@baltic-forwarding.example>", "Pay to our account in Hong Kong"), HIT),
        ("partner.bank-country", sent("A <a@baltic-forwarding.example>", f"Our account: {GERMAN}"), MISS),
        ("partner.bank-country", sent("A <a@baltic-forwarding.example>", f"{GERMAN}, Bank: X, branch Zurich"), MISS),
        (
            "partner.bank-country",
            sent("A <a@baltic-forwarding.example>", f"{GERMAN}\nIntermediary bank: JPMorgan NY, SWIFT: CHASUS33"),
            MISS,
        ),
        ("partner.bank-country", sent("A <a@baltic-forwarding.example>", "We paid to your Bank: BoC, Shanghai"), MISS),
        ("partner.bank-country", sent("A <a@baltic-forwarding.example>"), NOT),
        ("partner.bank-country", sent("王 <a@taishan-casting.example>", NEW_BANK), NOT),  # no country is listed
        ("partner.bank-country", sent("Stranger <a@other.example>", NEW_BANK), NOT),
    ],
)
def test_table(ask: Ask, signal_id: str, mail: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, mail, firm=FIRM).outcome is expected


@pytest.mark.parametrize("signal_id", ["partner.known", "partner.person-elsewhere", "partner.name-elsewhere"])
def test_without_a_list_nothing_is_said(ask: Ask, signal_id: str) -> None:
    assert ask(signal_id, sent("Anna Berg <x@other.example>"), firm=NOBODY).outcome is NOT


def test_a_namesake_is_weaker_than_one_who_names_the_firm_too(ask: Ask) -> None:
    namesake = ask("partner.person-elsewhere", sent("Anna Berg <anna.berg@web.example>"), firm=FIRM)
    posing = ask(
        "partner.person-elsewhere",
        sent("Anna Berg <anna.berg@web.example>", "Invoice enclosed.\n--\nAnna Berg\nBaltic Forwarding GmbH"),
        firm=FIRM,
    )
    assert namesake.strength < posing.strength == 1.0


@pytest.mark.parametrize("signal_id", ["partner.person-elsewhere", "partner.name-elsewhere"])
def test_a_customer_of_the_same_name_is_no_impostor(ask: Ask, signal_id: str) -> None:
    mail = sent('"Anna Berg Baltic Forwarding" <anna@berg-import.example>')
    assert ask(signal_id, mail, firm=FIRM).outcome is HIT
    listed = History(customers_listed=True, listed=Customer("Berg Import", 4))
    assert ask(signal_id, mail, firm=FIRM, history=listed).outcome is MISS


def test_a_customers_bank_counts_too(ask: Ask) -> None:
    mail = sent("Rosa <rosa@andes.example>", f"Please refund to {GERMAN}")
    known = History(customers_listed=True, listed=Customer("Andes", 2, bank_country="PE"))
    answer = ask("partner.bank-country", mail, firm=NOBODY, history=known)
    assert answer.outcome is HIT
    assert answer.values == {"bank_country": "DE", "known_country": "PE"}
    same = History(customers_listed=True, listed=Customer("Andes", 2, bank_country="DE"))
    assert ask("partner.bank-country", mail, firm=NOBODY, history=same).outcome is MISS


def test_words_alone_weigh_less_than_figures(ask: Ask) -> None:
    words = sent("A <a@baltic-forwarding.example>", "Pay to our account in Hong Kong")
    figures = sent("A <a@baltic-forwarding.example>", NEW_BANK)
    strengths = [ask("partner.bank-country", mail, firm=FIRM).strength for mail in (words, figures)]
    assert strengths[0] < strengths[1] == 1.0
