"""Countries in which the writer says that a bank account is: by IBAN, by BIC, or in words.

Looked for in the subject, the writer's own words and the signature. An intermediary bank, through which dollars go,
is nobody's account and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from keeneye import linear
from keeneye.facts.places import gazetteer
from keeneye.facts.text import Text
from keeneye.model import BankPlace, Span

By = Literal["iban", "bic", "words"]
MOST: Final = 8
_HINTS: Final = (
    "bank", "iban", "swift", "bic", "account", "banco", "banque", "banca", "cuenta", "konto", "conta", "compte",
    "conto", "hesap", "银行", "銀行", "账户", "帐户", "账号", "開戶", "开户", "банк", "счет", "بنك", "口座", "은행",
)  # fmt: skip
# ISO 13616: two letters, two check figures, 11 to 30 letters and figures, often written in groups of four.
_IBAN: Final = linear.Pattern(
    r"(?:\A|[^\pL\pN])([A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?)(?:[^\pL\pN]|\z)"
)
# ISO 9362: four letters of the bank, two of the country, two of the place, three of the branch. "SWIFT" is a word too.
_BIC: Final = linear.Pattern(
    r"(?:SWIFT(?:/BIC)?|BIC(?:/SWIFT)?|[Ss]wift(?:/BIC)?)"
    r"(?:\s?(?:[Cc]ode|CODE|[Nn]o\.?|NO\.?|代码|[Nn]umber|[Aa]ddress)\s?[:.#-]?|\s?[:#-])"
    r"\s{0,3}([A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?)(?:[^\pL\pN]|\z)"
)
_WORDS: Final = linear.Pattern(
    r"(?i)(?:(?:beneficiary(?:'s)? |our |new |receiving )?bank(?:'s)?"
    r"(?: name| address| branch| country| location)?\s?[:=]"
    r"|(?:banco|banque|banca|bankverbindung|bank adi|банк|банк получателя|银行(?:名称|名|地址)?"
    r"|開戶行|开户行|开户银行|銀行名)\s?[:=]"
    r"|(?:bank )?accounts? (?:is |are |held |now |opened )?(?:in|at|with) "
    r"|cuenta (?:bancaria )?en |konto (?:in|bei) |compte (?:bancaire )?(?:a|en|au) |conta (?:bancaria )?em "
    r"|conto (?:bancario )?(?:a|in) |счет в )"
    r"([^\n]{2,90})"
)
_OF_AN_ACCOUNT: Final = linear.Pattern(r"([^\s,.;:。，]{2,12})的?(?:银行)?(?:账户|帐户|账号|银行账户)")
_THROUGH: Final = (
    "intermedia", "correspondent", "corresponsal", "zwischengeschaltet", "корреспонд", "中转", "中間", "中间",
    "代理行",
)  # fmt: skip
_BEFORE: Final = 90
"""Characters in front in which a bank is called an intermediary."""


def draw(text: Text) -> tuple[BankPlace, ...]:
    """The countries of the accounts that are named, each once for each way of naming."""
    found: dict[tuple[str, str], BankPlace] = {}
    for area in _areas(text):
        part = text.folded[area.start : area.end]
        lowered = part.lower()
        if not any(hint in lowered for hint in _HINTS):
            continue
        for country, by, start, end in _found(part):
            before = lowered[max(0, start - _BEFORE) : start]
            if not any(word in before for word in _THROUGH) and len(found) < MOST:
                evidence = text.evidence(area.start + start, area.start + end)
                found.setdefault((country, by), BankPlace(country, by, evidence))
    return tuple(found.values())


def _areas(text: Text) -> Iterator[Span]:
    if text.subject:
        yield Span(0, len(text.subject))
    yield from text.own
    if text.signature is not None:
        yield text.signature


def _found(part: str) -> Iterable[tuple[str, By, int, int]]:
    for match in _IBAN.finditer(part):
        if is_iban(match.group(1)):
            yield match.group(1)[:2].upper(), "iban", *match.span(1)
    for match in _BIC.finditer(part):
        code = re.sub(r"\s", "", match.group(1))
        yield code[4:6], "bic", *match.span(1)
    for pattern in (_WORDS, _OF_AN_ACCOUNT):
        for match in pattern.finditer(part):
            start = match.start(1)
            named = next(
                (n for n in gazetteer().find(match.group(1)) if n.kind != "nationality" and not n.ambiguous), None
            )
            if named is not None:
                yield named.country, "words", start + named.start, start + named.end


def is_iban(written: str) -> bool:
    """Whether the check figures agree (ISO 13616 §4.2.6, ISO 7064 MOD 97-10)."""
    plain = re.sub(r"[\s-]", "", written).upper()
    if not 15 <= len(plain) <= 34 or not plain.isascii() or not plain.isalnum():
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
