"""Where a bank account is said to be."""

from __future__ import annotations

import pytest
from handmade import answers, firm, mail, stands

from keeneye.facts import draw
from keeneye.facts.bank import is_iban

# Examples of the IBAN registry (SWIFT) and of Wikipedia's article, no living account.
GERMAN, BRITISH, POLISH = "DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "PL61 1090 1014 0000 0712 1981 2874"


def banks(body: str, **more: str) -> list[tuple[str, str]]:
    message = mail(body, **more)
    found = draw(message, answers(), firm()).banks
    assert all(stands(message, b.evidence) for b in found)
    return [(b.country, b.by) for b in found]


def test_check_figures() -> None:
    assert all(map(is_iban, (GERMAN, BRITISH, POLISH, GERMAN.lower())))
    assert not any(map(is_iban, (GERMAN[:-1] + "1", "DE89", "", "XX" * 20, "DE٨٩370400440532013000")))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"Our new account: IBAN {GERMAN}, thanks", [("DE", "iban")]),
        (f"IBAN: {BRITISH}\nBank: Barclays, London", [("GB", "iban"), ("GB", "words")]),
        (f"konto {POLISH}", [("PL", "iban")]),
        ("Account no. 4471, SWIFT code: HSBCHKHHHKH", [("HK", "bic")]),
        ("bank details below, BIC: DEUTDEFF", [("DE", "bic")]),
        ("Bank name: Hang Seng Bank, Hong Kong", [("HK", "words")]),
        ("please pay to our bank account in Hong Kong", [("HK", "words")]),
        ("开户行：汇丰银行香港分行", [("HK", "words")]),
        ("请汇到我们的香港账户", [("HK", "words")]),
        ("pague a nuestra cuenta bancaria en Polonia", [("PL", "words")]),
        # what names no account
        ("Intermediary bank: JPMorgan, New York, SWIFT: CHASUS33", []),
        ("Correspondent bank of ours, SWIFT code CHASUS33XXX", []),
        ("SWIFT DELIVERY of the goods to the bank of the river", []),
        ("DE89370400440532013001 is no account", []),
        ("The price is for Hong Kong, we pay by bank transfer", []),
        ("We account for 30 % of sales in Germany", []),
    ],
)
def test_countries(body: str, expected: list[tuple[str, str]]) -> None:
    assert banks(body) == expected


def test_a_quoted_account_is_not_the_writers() -> None:
    assert banks("We have paid.", quoted=f"> IBAN {GERMAN}\n> SWIFT code: HSBCHKHHHKH") == []
    assert banks("See below.", signature=f"Ann Lee\nIBAN {GERMAN}") == [("DE", "iban")]


@pytest.mark.parametrize("text", ["iban DE89 " * 3000, "bank: " * 4000, "A1" * 10_000 + " iban", "swift code: " * 3000])
def test_hostile_texts(text: str) -> None:
    assert len(banks(text)) <= 8
