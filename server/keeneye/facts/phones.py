"""Telephone numbers of a text: found by a cheap linear pattern, judged by phonenumbers, named by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal

import phonenumbers

from keeneye import linear
from keeneye.facts.phrases import LETTERS
from keeneye.facts.text import Text
from keeneye.model import Phone, Span

PhoneKind = Literal["phone", "fax", "mobile", "messenger"]
TRIED_MOST: Final = 6
"""Numbers handed to phonenumbers, the costliest step of all facts (0.1 ms each)."""
DIGITS_LEAST: Final = 7
DIGITS_MOST: Final = 16

_NUMBER: Final = linear.Pattern(r"(?:\+|\(\+|00)?\(?\d[\d \t().\-/]{5,24}\d")

_LABELS: Final[tuple[tuple[PhoneKind, str], ...]] = (
    (
        "messenger",
        r"whats ?app|wa|微信|we ?chat|viber|telegram|imo|line|zalo",
    ),
    (
        "fax",
        r"fax|facsimile|telefax|факс|فاكس|传真|傳真|ファックス|ファクス|팩스|f",
    ),
    (
        "mobile",
        r"mobile|mobil|mob|cell(?:ular|phone| phone)?|celular|movil|handy|gsm|cep|моб(?:ильный)?|"
        r"جوال|موبايل|محمول|手机|手機|携帯|휴대폰|di dong|hp|m|c",
    ),
    (
        "phone",
        r"tel(?:efone?|ephone|efono|ef)?|telf?|tlf|fono|fon|phone|ph|office|direct|call|hotline|"
        r"contact(?: no| number)?|тел(?:ефон)?|هاتف|تليفون|ت|电话|電話|联系电话|전화|dt|dien thoai|t|p",
    ),
)
_ANY_LABEL: Final = "|".join(f"({words})" for _, words in _LABELS)
_NUMBER_WORD: Final = r"(?:\s?(?:no|nr|num|number|号码|號碼|номер))?"
_LABEL: Final = linear.Pattern(rf"(?i)(?:{_ANY_LABEL}){_NUMBER_WORD}[\s.:;#)/&,|-]{{0,5}}(?:\(?\d?\)?\s?)?$")
_FIRST_OF_TWO: Final = linear.Pattern(
    rf"(?i)(?:{_ANY_LABEL})\s?[/&,+]\s?(?:and\s)?[{LETTERS} ]{{2,12}}[\s.:;)]{{0,4}}$"
)
_NO_PHONE_WORDS: Final = (
    r"iban|swift|account|acct|a/c|konto|bank|order|invoice|po|p\.o|ref|vat|tax|ust-?id(?:nr)?|hrb|rc|"
    r"reg|registration|company|id|no|nr|cnpj|ruc|rfc|rut|nit|gst|item|part|model|code|postal|zip|qty|"
    r"quantity|isbn|art|税号|代码|инн|огрн|кпп|eori|siret|ein|cuit|abn|case|ticket|bug|version|v|rev|sku|"
    r"#"
)
_NO_PHONE: Final = linear.Pattern(
    rf"(?i)(?:{_NO_PHONE_WORDS})[\s.:#№-]{{0,3}}(?:number|no|nr|code|id)?[\s.:#-]{{0,3}}$"
)
_NO_PHONE_SHAPES: Final = linear.Pattern(
    "|".join(
        (
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{1,2})?.{0,12}",  # 2026-11-24 10:30
            r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: \d{1,2})?.{0,8}",  # 24.11.2026
            r"(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2}",  # 2015-2020
            r"\d{1,3}(?:\.\d{1,3}){3}",  # an IP address
            r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?",  # 1.000.000,00
        )
    )
)


@lru_cache(maxsize=4096)
def parse(number: str, hint: str | None) -> tuple[str, str | None, bool] | None:
    """(E.164 number, country, whether it is a mobile number), or None when it is no telephone number.

    A number in international form that has a possible length is kept although its area is not in the tables, for
    numbering plans grow faster than the tables; its country is that of the calling code when only one has it.
    A number without country code must be valid in the hinted country.
    """
    try:
        parsed = phonenumbers.parse(number, hint)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(parsed)
    if not valid and not (number.startswith("+") and phonenumbers.is_possible_number(parsed)):
        return None
    country = phonenumbers.region_code_for_number(parsed) if valid else None
    code = parsed.country_code or 0
    if country is None or not country.isalpha():  # "001" are numbers of no country
        regions = phonenumbers.region_codes_for_country_code(code)
        country = regions[0] if len(regions) == 1 and regions[0].isalpha() else None
    mobile = valid and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    return f"+{code}{phonenumbers.national_significant_number(parsed)}", country, mobile


def find(text: Text, signed: Sequence[Span], ranges: Sequence[Span], hints: Sequence[str]) -> tuple[Phone, ...]:
    """Numbers in the ranges of ``Text.folded``, those of the ``signed`` lines first.

    Elsewhere a number needs a label or a plus sign. ``hints``: countries by whose rules one without is read.
    """
    candidates = [
        (not any(s.start <= start < s.end for s in signed), start, end)
        for area in ranges
        for start, end in _candidates(text, area)
    ]
    found: list[Phone] = []
    tried = 0
    for loose, start, end in sorted(candidates):
        if tried >= TRIED_MOST:
            break
        written = text.folded[start:end]
        bare = written.lstrip("(")
        plus = bare.startswith(("+", "00"))
        lead = text.folded[max(0, start - 30) : start].rpartition("\n")[2]
        kinds = _kinds(lead)
        if not kinds and (_NO_PHONE.search(lead) is not None or (loose and not plus)):
            continue
        tried += 1
        known = _known("+" + bare.lstrip("+0") if plus else written, plus, hints)
        if known is None and not kinds:
            continue
        number, country, is_mobile = known or ("".join(c for c in written if c.isdigit()), None, False)
        for kind in kinds or ("phone",):
            exact: PhoneKind = "mobile" if kind == "phone" and is_mobile else kind
            if not any(p.number == number and p.kind == exact for p in found):
                found.append(Phone(number, country, exact, text.evidence(start, end)))
    return tuple(found)


def _candidates(text: Text, area: Span) -> Iterator[tuple[int, int]]:
    """Runs of digits that may be a telephone number: not a date, an address of a machine, an amount, part of a word."""
    shown = text.folded[area.start : area.end]
    for count, match in enumerate(_NUMBER.finditer(shown)):
        if count >= 60:
            return
        start, end = match.span()
        written = match.group()
        digits = sum(c.isdigit() for c in written)
        if not DIGITS_LEAST <= digits <= DIGITS_MOST or _NO_PHONE_SHAPES.fullmatch(written.strip()) is not None:
            continue
        before, after = shown[start - 1 : start] if start else "", shown[end : end + 1]
        if before and (before in "$€£#@_=%" or (before.isalpha() and not "\u2e80" <= before <= "\u9fff")):
            continue
        if after and after in "%@_°":
            continue
        yield area.start + start, area.start + end


def _known(number: str, plus: bool, hints: Sequence[str]) -> tuple[str, str | None, bool] | None:
    if plus:
        return parse(number, None)
    return next(filter(None, (parse(number, hint) for hint in hints[:2])), None)


def _kinds(lead: str) -> tuple[PhoneKind, ...]:
    """What the label in front calls a number; ``Tel/Fax`` calls it both."""
    named: list[PhoneKind] = []
    for regexp in (_LABEL, _FIRST_OF_TWO):
        match = regexp.search(lead)
        if match is None:
            break
        before = lead[match.start() - 1 : match.start()] if match.start() else ""
        if before.isalpha() and not "\u2e80" <= before <= "\u9fff":
            break  # the end of another word
        named += [kind for (kind, _), part in zip(_LABELS, match.groups(), strict=True) if part]
    return tuple(dict.fromkeys(named))
