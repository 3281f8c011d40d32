"""What a buyer asks for: products, quantities, specifications, terms – each with the words that say it.

Only the subject and the writer's own words are looked at. Wording comes from ``lexicons/request``; numbers with units
are found here with linear patterns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import re2

from keeneye import linear
from keeneye.facts import numbers
from keeneye.facts.phrases import ALONE, EDGE, LEXICONS, UNSPACED, Hit, translate, word_list
from keeneye.facts.places import gazetteer
from keeneye.facts.text import Text
from keeneye.model import Evidence, Firm, Quantity, Request

MOST: Final = 8
"""Places that are kept of each field."""
QUANTITIES_MOST: Final = 12
DESCRIBED_LEAST: Final = 10
"""Least figure in front of described goods: "2 big boxes" are spoken of, not ordered."""
DESCRIBED: Final = frozenset(("bottles", "boxes", "bags", "sheets", "rolls", "drums", "sets", "pairs", "pallets"))
"""Units that are goods themselves when words in front of them say of what kind."""
ROW_MOST: Final = 120
"""Characters of a row in front of its amount."""
METRES_LEAST: Final = 500
"""Least figure of a bare "m" that counts as an amount: what is shorter is a size."""
FIELDS_MOST: Final = 3
"""Fields of a form that are looked at for a quantity."""
PHRASE_WORDS: Final = 7
"""Words of a product's name that are kept."""
FIELDS: Final = (
    "specifications", "materials", "certificates", "payment", "delivery", "packaging", "price", "target_price", "moq",
    "samples", "annual_volume", "drawings", "urgency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Range:
    start: int
    end: int

    def over(self, other: _Range | Hit) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number with its unit: where number, unit and the whole stand in ``Text.folded``."""

    value: float
    unit: str
    start: int
    unit_start: int
    end: int
    unspaced: bool


# --------------------------------------------------------------------------- units


_WORD_NUMBERS: Final = {
    word: number
    for number, words in {
        1: "a an one un una um uma ein eine einem einen один une",
        2: "two dos dois duas deux zwei два",
        3: "three tres trois drei три",
        4: "four cuatro",
        5: "five",
        6: "six",
        10: "ten",
    }.items()
    for word in words.split()
}


class _Units:
    """The units of all request lexicons in four patterns: with and without spaces, number words, and labels."""

    def __init__(self) -> None:
        self._canonical: dict[bool, list[tuple[str, Any]]] = {False: [], True: []}
        sources: dict[bool, list[str]] = {False: [], True: []}
        containers: list[str] = []
        options = re2.Options()
        options.case_sensitive = False
        options.max_mem = 1 << 23
        options.longest_match = True  # 个高柜 is a container, not pieces
        for path in sorted((LEXICONS / "request").glob("*.toml")):
            content = tomllib.loads(path.read_text("utf-8"))
            unspaced = content["language"] in UNSPACED
            for unit, patterns in content.get("units", {}).items():
                translated = [translate(p) for p in patterns]
                sources[unspaced] += translated
                self._canonical[unspaced].append((unit, linear.Pattern("(?:" + "|".join(translated) + ")", options)))
                if unit in ("container", "pallets") and not unspaced:
                    containers += translated
        number = f"(?:{numbers.NUMBER})"
        joined = "|".join(sources[False])
        # A unit is at most two words; "1,000 (one thousand) pcs" has words between.
        self.spaced = linear.Pattern(
            rf"(?:\A|[^\pL\d.,$€£¥/+-])({number}(?:\s?k)?)(?:\s?(?:-|~|to|a|bis|до|à)\s?({number}))?"
            rf"\s{{0,2}}(?:\([^)\n]{{1,40}}\)\s?)?(?:[x*]\s?)?({joined})(?:{EDGE}|\z)",
            options,
        )
        self.unspaced = linear.Pattern(
            rf"((?:{number})\s?(?:k|万|萬)?|{numbers.CJK_NUMBER})(?:\s?[-~到至]\s?({number}))?\s?[多余]?({'|'.join(sources[True])})",
            options,
        )
        # "12,000 clear glass bottles": what the goods are like stands between the figure and the noun that is a unit.
        self.described = linear.Pattern(
            rf"(?:\A|[^\pL\d.,$€£¥/+-])({number}(?:\s?k)?)\s((?:[a-z][a-z-]{{2,13}}\s){{1,3}}(?:bottles|boxes|bags|cans|jars|"
            rf"tins|cartons|sheets|panels|boards|rolls|cases|drums|barrels|kits|sets|pairs|pallets|sacks))(?:{EDGE}|\z)",
            options,
        )
        self.worded = linear.Pattern(
            rf"(?:\A|{EDGE})({'|'.join(_WORD_NUMBERS)})\s(?:[x*]\s?)?(?:full\s)?({'|'.join(containers)})(?:{EDGE}|\z)",
            options,
        )
        self.labelled = linear.Pattern(
            rf"(?:\A|{EDGE}|\pL)(?:(?:order|required|total|trial)\s)?(?:quantity|quantities|qty|q'ty|cantidad|quantidade|quantite|menge|"
            rf"anzahl|количество|кол-во|الكميه|数量|數量|订量)(?:\s?(?:required|needed|requerida|约|:|=|-|\.|of|is|de)){{0,3}}\s?"
            rf"({number}(?:\s?k)?)(?:[^\d%.,:/-]|[.,](?:\s|\z)|\z)",
            options,
        )

    def canonical(self, word: str, unspaced: bool) -> str:
        for unit, regexp in self._canonical[unspaced]:
            if regexp.fullmatch(word) is not None:
                return unit
        return word.lower()


@cache
def _units() -> _Units:
    return _Units()


def unit_of(word: str) -> str | None:
    """The lexicons' name of a unit that is written so (folded, lower case), or None when they do not have it."""
    units = _units()
    for unspaced in (False, True):
        unit = units.canonical(word, unspaced)
        if unit in UNITS:
            return unit
    return None


UNITS: Final = frozenset(
    ("pcs", "sets", "pairs", "units", "dozen", "rolls", "boxes", "bags", "bottles", "drums", "pallets", "sheets", "kg",
     "t", "lb", "m", "yd", "m2", "m3", "l", "container")
)  # fmt: skip


# What stands behind 个 when it counts time or people, not goods.
_NOT_GOODS: Final = ("月", "工作日", "小时", "小時", "星期", "人", "问题", "問題", "国家", "客户", "柜子里")
_CURRENCY_BEFORE: Final = linear.Pattern(r"(?i)(?:usd|us\$|eur|gbp|rmb|cny|inr|aed|sar|price|at|@)\s?$")


# What a factory says of itself: "covers 20,000 square metres", "annual output of 500,000 sets".
_OF_A_FACTORY: Final = linear.Pattern(
    r"(?i)(?:cover(?:s|ing)?|area|occup(?:y|ies|ying)|capacity|output|produc(?:e|es|ing|tion)|turnover|warehouse)(?:\s(?:of|an|a|area|about|over|more|than|is|up|to)){0,4}\s$"
)


# Vietnamese units that are words of other languages when their accents are taken off.
_NEEDS_ACCENT: Final = frozenset("tan hop bo doi chai bao".split())


def _amounts(text: Text, language: str = "") -> list[_Amount]:
    units = _units()
    found: list[_Amount] = []
    for area in _areas(text):
        shown = text.folded[area.start : area.end]
        for groups in _matches(units.spaced, shown, 3):
            number, first_end = groups[0]
            word_start, word_end = groups[2]
            amount = numbers.value(shown[number:first_end])
            lead = shown[max(0, number - 40) : number]
            if _CURRENCY_BEFORE.search(lead[-6:]) is not None or _OF_A_FACTORY.search(lead) is not None:
                continue
            word = shown[word_start:word_end].lower()
            if (
                word in _NEEDS_ACCENT
                and language != "vi"
                and text.written(area.start + word_start, len(word)).isascii()
            ):
                continue
            if (word == "m" and (amount is None or amount < METRES_LEAST)) or _RATE.match(shown, word_end) is not None:
                continue
            unit = units.canonical(word, False)
            found.append(_made(area, amount, unit, number, word_start, word_end, False))
        for groups in _matches(units.described, shown, 2):
            number, first_end = groups[0]
            word_start, word_end = groups[1]
            amount = numbers.value(shown[number:first_end])
            described = shown[word_start:word_end].split()
            if amount is None or amount < DESCRIBED_LEAST or _stops(described[:-1]):
                continue
            unit = units.canonical(described[-1], False)
            found.append(_made(area, amount, unit, number, word_start, word_end, False))
        for groups in _matches(units.worded, shown, 2):
            number, first_end = groups[0]
            word_start, word_end = groups[1]
            amount = float(_WORD_NUMBERS[shown[number:first_end].lower()])
            found.append(_made(area, amount, "container", number, word_start, word_end, False))
        for groups in _matches(units.labelled, shown, 1):
            number, first_end = groups[0]
            found.append(_made(area, numbers.value(shown[number:first_end]), "", number, first_end, first_end, False))
        if not shown.isascii():
            for groups in _matches(units.unspaced, shown, 3):
                number, first_end = groups[0]
                word_start, word_end = groups[2]
                if shown[max(0, number - 1) : number] in ("第", "每", ".", "-", "/") or shown.startswith(
                    _NOT_GOODS, word_end
                ):
                    continue
                if number and shown[number - 1].isascii() and shown[number - 1].isalpha():
                    # "DN50 300个": the first figure belongs to the letters before it.
                    number = shown.rfind(" ", number, first_end) + 1
                    if number == 0:
                        continue
                amount = numbers.value(shown[number:first_end])
                unit = units.canonical(shown[word_start:word_end], True)
                written_out = not shown[number].isdigit()
                # 两个, 四条 count anything; what is ordered by the piece is written in figures or is many.
                if unit == "pcs" and (amount is None or amount < (100 if written_out else 10)):
                    continue
                if written_out and (amount is None or amount <= 1) and unit != "container":
                    continue
                found.append(_made(area, amount, unit, number, word_start, word_end, True))
    kept: list[_Amount] = []
    for item in sorted(found, key=lambda a: (a.start, a.start - a.end)):
        if 0 < item.value < 1e9 and (not kept or item.start >= kept[-1].end):
            kept.append(item)
    return kept[: QUANTITIES_MOST * 2]


def _stops(words: Iterable[str]) -> bool:
    """Whether one of the words between a figure and its unit cannot be part of a name."""
    stop = word_list("request/stop")
    return any(stop.fullmatch(word.lower()) is not None for word in words)


_LABELS: Final = frozenset(("数量", "數量", "约", "大约", "每", "共", "总共", "合计"))


def _made(
    area: _Range, amount: float | None, unit: str, start: int, unit_start: int, end: int, unspaced: bool
) -> _Amount:
    base = area.start
    return _Amount(amount or 0.0, unit, base + start, base + unit_start, base + end, unspaced)


def _matches(regexp: Any, shown: str, groups: int) -> Iterator[list[tuple[int, int]]]:
    for count, match in enumerate(regexp.finditer(shown)):
        if count >= QUANTITIES_MOST * 2:
            return
        yield [match.span(i + 1) for i in range(groups)]


# "20 m3/h" is what a pump can do.
_RATE: Final = linear.Pattern(r"(?i)\s?/\s?(?:h|hr|hrs|hour|hora|min|s|sec)(?:[^a-z]|\z)")
_QUANTITY_FIELD: Final = linear.Pattern(
    r"(?im)^[^\n:]{0,24}(?:quantity|quantities|qty|cantidad|quantidade|quantite|quantita|menge|anzahl|miktar|so luong|"
    r"количество|кол-во|الكميه|数量|数目|采购量|订购量|需求量|수량)[^\n:]{0,24}:[^\n]{0,60}"
)


def _areas(text: Text) -> Iterator[_Range]:
    """Subject, own ranges, and the fields of a form that say how much."""
    if text.subject:
        yield _Range(0, len(text.subject))
    for span in text.own:
        yield _Range(span.start, span.end)
    form = text.form
    if form is not None:
        for count, field in enumerate(_QUANTITY_FIELD.finditer(text.folded[form.start : form.end])):
            if count >= FIELDS_MOST:
                break
            yield _Range(form.start + field.start(), form.start + field.end())


# --------------------------------------------------------------------------- products


_INSIDE_FIGURE: Final = linear.Pattern(r"\d[/,]\d")
_BREAK: Final = frozenset(',;:!?\n()"/|=*•<>[]{}\\')
_OF: Final = frozenset(("of", "de", "d'", "di", "von", "x", "the", "des", "del", "da", "do", "din", "-", "–", "من"))


def _noun_phrase(text: Text, start: int, end: int, language: str = "") -> _Range | None:
    """The words that name goods from ``start`` on: up to a mark, a stop word or PHRASE_WORDS words."""
    folded = text.folded
    stop, generic = word_list("request/stop", language), word_list("request/generic", language)
    while start < end and folded[start] in " :-\t":
        start += 1
    position = start
    first = last = -1
    count = 0
    limit = min(end, start + 120)
    while position < limit and count < PHRASE_WORDS:
        while position < limit and folded[position] in " \t\r" and position - start < 60:
            position += 1
        if position < limit and folded[position] == "\n" and first >= 0 and not _wrapped(folded, position, limit):
            break
        if position < limit and folded[position] == "\n" and first >= 0:
            position += 1
        word_end = position
        while (
            word_end < limit
            and folded[word_end] not in " \t\r\n"
            and (folded[word_end] not in _BREAK or _INSIDE_FIGURE.match(folded, word_end - 1) is not None)
        ):
            after = folded[word_end + 1 : word_end + 2]
            if folded[word_end] == "." and (
                not after.isalnum() or (after.isupper() and folded[word_end - 1].islower())
            ):
                break  # a full stop, also one without its space
            word_end += 1
        word = folded[position:word_end].lower()
        leading = first < 0 and (word in _OF or generic.fullmatch(word) is not None)
        if not word or (not leading and stop.fullmatch(word) is not None):
            break
        if not leading:
            if first < 0:
                if word[0].isdigit() and not any(c.isalpha() for c in word):
                    break
                first = position
            last = word_end
            count += 1
        position = word_end
        if position < limit and folded[position] not in " \t\r\n":
            break
    if first < 0 or not any(c.isalpha() for c in folded[first:last]) or last - first < 3:
        return None
    while (cut := folded.rfind(" ", first, last)) > 0 and folded[cut + 1 : last].lower() in _OF:
        last = cut
    return _Range(first, last)


def _wrapped(folded: str, position: int, limit: int) -> bool:
    """Whether the line end at a position is only a wrapped line: the next line goes on in lower case."""
    line_start = folded.rfind("\n", 0, position) + 1
    following = folded[position + 1 : position + 2]
    return position - line_start > 50 and position + 1 < limit and following.islower()


def _noun_phrase_cjk(text: Text, start: int, end: int, language: str = "") -> _Range | None:
    folded = text.folded
    stop, generic = word_list("request/stop", language), word_list("request/generic", language)
    while start < end and folded[start] in " \t\n的:":
        start += 1
    last = start
    while last < min(end, start + 24) and folded[last] not in _BREAK and folded[last] != ".":
        if any(stop.fullmatch(folded[last : last + size]) is not None for size in (1, 2, 3)):
            break
        last += 1
    while last > start and folded[last - 1] in " ,的":
        last -= 1
    name = folded[start:last]
    if len(name) < 2 or not any("\u2e80" <= c <= "\u9fff" or c.isalpha() for c in name):
        return None
    if any(generic.fullmatch(name[:size]) is not None for size in range(1, len(name) + 1)):
        return None
    return _Range(start, last)


def _goods_before(text: Text, end: int, area: _Range, language: str) -> _Range | None:
    """The goods in front of words that ask for them, as Turkish, Japanese and Korean put them."""
    folded = text.folded
    while end > area.start and folded[end - 1] in " \t\"'":
        end -= 1
    if language == "ja":
        start = end
        while (
            start > max(area.start, end - 24)
            and folded[start - 1] not in _BREAK
            and folded[start - 1] not in ". はがをも"
        ):
            start -= 1
        return _noun_phrase_cjk(text, start, end, "ja") if end - start > 1 else None
    stop = word_list("request/stop", language)
    start, words = end, 0
    while words < PHRASE_WORDS and end - start < 80:
        left = start
        while left > area.start and folded[left - 1] == " ":
            left -= 1
        begin = left
        while begin > area.start and not folded[begin - 1].isspace() and folded[begin - 1] not in _BREAK:
            begin -= 1
        word = folded[begin:left].lower()
        if not word or word.endswith(".") or stop.fullmatch(word) is not None:
            break
        if begin > area.start and folded[begin - 1] in _BREAK:
            start = begin
            break
        start, words = begin, words + 1
    return _noun_phrase(text, start, end, language) if end - start > 2 else None


def _before_cjk(text: Text, amount: _Amount, area: _Range, language: str) -> _Range | None:
    """The goods in front of a Chinese amount: 黄铜球阀 DN15,PN25,3000 个 — the beginning of its line or sentence."""
    folded = text.folded
    start = amount.start
    while start > area.start and folded[start - 1] not in "\n.;!?:" and amount.start - start < 60:
        start -= 1
    while start < amount.start and (folded[start] in " \t-*" or folded[start].isdigit()):
        start += 1
    named = _noun_phrase_cjk(text, start, amount.start, language) if start < amount.start else None
    return None if named is not None and text.folded[named.start : named.end] in _LABELS else named


_ROW: Final = linear.Pattern(
    r"[ \t]{0,8}(?:[*•+-]{1,2}|\(?\d{1,3}[.):]|[#№]\s?\d{1,3}|pos\.?\s?\d{1,3}[.:]?|item\s?\d{1,3}[.:]?)?[ \t:.-]{0,4}"
)
_CELL: Final = linear.Pattern(r"\t| {3,}|\s\|\s")


def _before(text: Text, amount: _Amount, area: _Range, openers: Sequence[Hit], language: str) -> _Range | None:
    """The goods in front of an amount: the beginning of its row in a list or table, or of its short line.

    ``- brass padlock 40 mm, 10,000 pcs``. Not where the line asks in words: those have their own phrases.
    """
    folded = text.folded
    left = max(folded.rfind("\n", area.start, amount.start) + 1, area.start)
    if amount.start - left > ROW_MOST or any(left <= o.start < amount.start for o in openers):
        return None
    mark = _ROW.match(folded, left, amount.start)
    start = mark.end() if mark is not None else left
    cell = _CELL.search(folded[start : amount.start])
    named = _noun_phrase(text, start, start + cell.start() if cell and cell.start() else amount.start, language)
    if named is not None and folded[named.end : named.end + 2].lstrip().startswith(":"):
        return None  # the label of a field
    if named is None and language in ALONE:
        return _goods_before(text, amount.start, area, language)
    return named


def _in_form(text: Text) -> list[_Range]:
    """The product that the form of a notice stands under."""
    notice, form = text.mail.forwarded, text.form
    if notice is None or form is None or not notice.subject:
        return []
    at = text.body.find(notice.subject, form.start - text.base, form.end - text.base)
    named = _noun_phrase(text, at + text.base, at + text.base + len(notice.subject)) if at >= 0 else None
    return [named] if named is not None else []


# --------------------------------------------------------------------------- the whole


def draw(text: Text, hits: Mapping[str, Sequence[Hit]], firm: Firm, named: Iterable[tuple[int, int]] = ()) -> Request:
    """The request in subject and own words.

    ``hits``: by tag, as the phrase engine found them; ``named``: where goods of our own catalogue stand.
    """
    own = {name: _own(hits.get("request/" + name, ())) for name in NAMES}
    language = _alone(hits)
    amounts = _amounts(text, language)
    yearly = own["annual_volume"]
    packed = own["packaging"]
    goods = [
        a
        for a in amounts
        if not any(h.start <= a.start and a.unit_start < h.end for h in yearly)
        and not any(h.start <= a.start and a.start < h.end for h in packed)
    ]
    goods += _counted(text, own["product"], amounts)
    ranges = [_Range(a.start, a.end) for a in goods]
    own["materials"] = [h for h in own["materials"] if not any(_over(h, p) for p in packed)]
    own["specifications"] = [
        h for h in own["specifications"] if not any(r.over(h) for r in ranges) and not _no_specification(text, h)
    ]
    own["price"] = [h for h in own["price"] if not _is_fund(text, h)]
    own["target_price"] = [h for h in own["target_price"] if any(c.isdigit() for c in text.folded[h.start : h.end])]
    incoterm = next((_code(text, h) for h in own["incoterm"] if not _is_tax_id(text, h)), None)
    fields: dict[str, Any] = {name: _evidences(text, own[name]) for name in FIELDS}
    return Request(
        products=_products(text, goods, own, firm, named, language),
        models=_models(text, own),
        quantities=tuple(Quantity(a.value, a.unit, text.evidence(a.start, a.end)) for a in goods[:QUANTITIES_MOST]),
        incoterm=text.evidence(incoterm.start, incoterm.end) if incoterm else None,
        port=_port(text, incoterm, own["port"]),
        **fields,
    )


_COUNT: Final = linear.Pattern(r"(?i)\s{0,3}([0-9]{1,3}(?:[,. ][0-9]{3}){1,2}|[0-9]{1,7}(?:\s?k)?)[ \t]+")


def _counted(text: Text, openers: Sequence[Hit], amounts: Sequence[_Amount]) -> list[_Amount]:
    """Goods that are counted without a unit: "we want to buy 300 ball valves"."""
    found: list[_Amount] = []
    for opener in openers:
        match = _COUNT.match(text.folded, opener.end, opener.end + 20)
        if match is None or opener.language in UNSPACED:
            continue
        start, end = match.span(1)
        named = _noun_phrase(text, match.end(), min(len(text.folded), match.end() + 60))
        if named is None or not _names_goods(text.folded[named.start : named.end]):
            continue
        if any(a.start < end and start < a.end for a in (*amounts, *found)):
            continue
        value = numbers.value(text.folded[start:end])
        if value and not 1900 <= value <= 2100:  # a year
            found.append(_Amount(value, "pcs", start, end - 1, end, False))
    return found


def _alone(hits: Mapping[str, Sequence[Hit]]) -> str:
    """The language of ALONE that most of the own phrases are in, or nothing."""
    count: dict[str, int] = {}
    for found in hits.values():
        for hit in found:
            if hit.own:
                count[hit.language] = count.get(hit.language, 0) + 1
    most = max(count, key=lambda k: count[k], default="")
    return most if most in ALONE else ""


NAMES: Final = (*FIELDS, "incoterm", "port", "models", "product", "product_before")
"""Tags of the request lexicons; ``product`` stands in front of the goods, ``product_before`` behind them."""


def _own(hits: Iterable[Hit]) -> list[Hit]:
    """Own hits in the order of the text, the longest of overlapping ones."""
    kept: list[Hit] = []
    for hit in sorted((h for h in hits if h.own), key=lambda h: (h.start, -h.end)):
        if kept and hit.start < kept[-1].end:
            if hit.end - hit.start > kept[-1].end - kept[-1].start:
                kept[-1] = hit
        else:
            kept.append(hit)
    return kept


def _over(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _evidences(text: Text, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Evidence of the hits, each wording once."""
    kept: dict[str, Evidence] = {}
    for hit in hits:
        evidence = _trimmed(text, hit.start, hit.end)
        kept.setdefault(" ".join(evidence.quote.lower().split()), evidence)
    return tuple(kept.values())[:MOST]


_CODE: Final = linear.Pattern(r"(?i)(?:fob|cif|exw|cfr|c&f|cnf|cpt|cip|dap|dpu|dat|ddp|ddu|fca|fas)")


def _code(text: Text, hit: Hit) -> _Range:
    """The Incoterm itself in a hit such as "price CIF"; words such as "ab Werk" stay whole."""
    found = _CODE.search(text.folded[hit.start : hit.end])
    return _Range(hit.start + found.start(), hit.start + found.end()) if found else _Range(hit.start, hit.end)


def _trimmed(text: Text, start: int, end: int) -> Evidence:
    folded = text.folded
    while end > start and folded[end - 1] in " \t\r\n,;:":
        end -= 1
    while start < end and folded[start] in " \t\r\n":
        start += 1
    return text.evidence(start, end)


_DATE: Final = linear.Pattern(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


def _no_specification(text: Text, hit: Hit) -> bool:
    written = text.folded[hit.start : hit.end].strip()
    return written.startswith("0x") or _DATE.fullmatch(written) is not None


def _is_fund(text: Text, hit: Hit) -> bool:
    """A sum of millions is no price of goods."""
    around = text.folded[hit.start : hit.end + 40].lower()
    return "million" in around or "billion" in around


_TAX_ID: Final = linear.Pattern(r"(?i)^cif\s?[:.]?\s?[a-z]-?\d{7,8}")


def _is_tax_id(text: Text, hit: Hit) -> bool:
    return _TAX_ID.search(text.folded[hit.start : hit.end + 16]) is not None


def _products(
    text: Text,
    amounts: Sequence[_Amount],
    own: Mapping[str, Sequence[Hit]],
    firm: Firm,
    named_ours: Iterable[tuple[int, int]],
    language: str,
) -> tuple[Evidence, ...]:
    found = [_Range(start, end) for start, end in named_ours]
    found += _in_form(text)
    areas = list(_areas(text))
    openers = own["product"]

    def area_of(position: int) -> _Range | None:
        return next((a for a in areas if a.start <= position <= a.end), None)

    for amount in amounts:
        area = area_of(amount.start)
        if area is None:
            continue
        named = None
        if amount.unspaced:
            named = _before_cjk(text, amount, area, language) or _noun_phrase_cjk(text, amount.end, area.end, language)
        elif text.folded.find(" ", amount.unit_start, amount.end) > 0 and amount.unit in DESCRIBED:
            named = _Range(amount.unit_start, amount.end)
        else:
            if amount.end > amount.unit_start:
                named = _noun_phrase(text, amount.end, area.end, language)
            if named is None or not _names_goods(text.folded[named.start : named.end], language):
                named = _before(text, amount, area, openers, language)
        if named:
            found.append(named)
    for opener in openers:
        area = area_of(opener.start)
        if area is None:
            continue
        named = (
            _noun_phrase_cjk(text, opener.end, area.end, opener.language)
            if opener.language in UNSPACED
            else _noun_phrase(text, opener.end, area.end, opener.language)
        )
        if named:
            found.append(named)
    for closer in own["product_before"]:
        area = area_of(closer.start)
        named = _goods_before(text, closer.start, area, closer.language) if area else None
        if named:
            found.append(named)
    lowered = text.folded.lower()
    if len(lowered) == len(text.folded):
        for product in firm.products[:200]:
            at = lowered.find(product.lower()) if len(product) > 2 else -1
            if at >= 0 and text.is_own(at, at + len(product)):
                found.append(_Range(at, at + len(product)))
    terms = [
        h
        for name in ("certificates", "payment", "delivery", "price", "samples", "drawings", "moq", "incoterm", "port")
        for h in own[name]
    ]
    found = [r for r in found if not any(h.start <= r.start + 2 and r.start < h.end for h in terms)]
    found = [_with_material(text, _without_amount(text, r, amounts), own["materials"]) for r in found]
    found = [r for r in found if _names_goods(text.folded[r.start : r.end], language)]
    kept: list[_Range] = []
    names: set[str] = set()
    for item in sorted(found, key=lambda r: (r.start, -r.end)):
        name = text.folded[item.start : item.end].lower()
        if name not in names and not any(item.over(k) for k in kept):
            kept.append(item)
            names.add(name)
    return tuple(text.evidence(r.start, r.end) for r in kept[:MOST])


def _without_amount(text: Text, name: _Range, amounts: Sequence[_Amount]) -> _Range:
    """The name alone where an amount was taken in behind it or in front: ``10k toothbrushes``."""
    start = max((a.end for a in amounts if a.start == name.start and a.end < name.end), default=name.start)
    end = min((a.start for a in amounts if name.start + 1 < a.start < name.end), default=name.end)
    while end > name.start and text.folded[end - 1] in " ,:-\t":
        end -= 1
    while start < end and text.folded[start] in " \t":
        start += 1
    return _Range(start, end)


_MADE_OF: Final = linear.Pattern(r"\s(?:made\s(?:of|from)|in|of|en|em|de|di|aus|von|из)\s")


def _with_material(text: Text, name: _Range, materials: Sequence[Hit]) -> _Range:
    """The name with the material behind it: ``pots en verre``, ``Schrauben aus Edelstahl``."""
    made = _MADE_OF.match(text.folded, name.end, name.end + 12)
    return next((_Range(name.start, m.end) for m in materials if made is not None and m.start == made.end()), name)


_NAME_OF_A_FILE: Final = linear.Pattern(
    r"(?i)@|\\|://|_{2,}|\.(?:pdf|docx?|xlsx?|zip|rar|html?|jpe?g|png|com|net|org|info|biz|example)\b"
)


_SIZE: Final = re2.compile(r"[\d.,x*/~-]+(?:mm|cm|m|kg|g|ml|l|w|v|kw|hp|in|inch)?")


def _names_goods(phrase: str, language: str = "") -> bool:
    """Whether a phrase holds a word that can name goods: not only trade talk, dates, file or site names, a country."""
    if _NAME_OF_A_FILE.search(phrase):
        return False
    words = [w for w in (part.strip(".,'&+#-").lower() for part in phrase.split()) if w]
    stop, generic = word_list("request/stop", language), word_list("request/generic", language)
    telling = [w for w in words if not (stop.fullmatch(w) or generic.fullmatch(w) or _SIZE.fullmatch(w))]
    if not any(len(w) > 1 and any(c.isalpha() for c in w) for w in telling):
        return False
    placed = next(iter(gazetteer().find(phrase)), None)
    return placed is None or placed.end - placed.start < len(phrase.strip())


_NO_MODEL: Final = linear.Pattern(
    r"(?i)(?:iso|din|astm|api|en|dn|pn|ss|aisi|ip|ral|hs|gb"
    r"|rfc|utf|http|sha|md|cve|mp|h|usd|eur|tel|fax|dn|class|q|po|covid|aes|rsa|x|win|ie|php|vs)[ -]?\d{1,6}[a-z]{0,3}"
)
# Numbers of papers, not of goods: "PO# WB-0022", "Réf. CP-2025-07", "B/L HBL9487".
_REFERENCE: Final = linear.Pattern(
    r"(?i)(?:\A|[^\pL\pN])(?:p\.?\s?o\.?|p\.?\s?i\.?|order|orders|invoice|inv|quotation|quote|rfq|ref|reference|contract|"
    r"tracking|awb|b/l|bl|hbl|mbl|ticket|case|pedido|orden|oc|factura|cotizacion|fatura|commande|facture|devis|bestellung|"
    r"bestell|rechnung|angebot|auftrag|заказ|счет|договор|ordine|fattura|siparis|fatura|订单|合同|发票|采购单|单|注文|请求书|주문)"
    r"(?:\s?(?:no|nr|num|number|nummer|n|id|numero|№|号|番号|번호))?[\s.:#°º(-]{0,4}(?:[A-Z0-9]{1,6}[-/]){0,3}\z"
)
_PAPER_NUMBER: Final = linear.Pattern(r"(?i)(?:p\.?o|p\.?i|inv|rfq|hbl|mbl|awb|so|ref|rfi|eoi|itb|itt)[-/. ]?\d{2,}\S*")
_ADDRESS_SIGNS: Final = frozenset("@_/\\&=#%~?+")


def _models(text: Text, own: Mapping[str, list[Hit]]) -> tuple[Evidence, ...]:
    known = [h for name in ("specifications", "certificates", "materials", "price") for h in own[name]]
    kept: list[Evidence] = []
    for hit in own["models"]:
        written = text.folded[hit.start : hit.end]
        token = written.split()[-1].strip(".,:;#")
        start = hit.start + written.rfind(token)
        if not any(c.isdigit() for c in token) or len(token) < 3 or _NO_MODEL.fullmatch(token) is not None:
            continue
        if token.isdigit() and (len(token) < 4 or (len(token) == 4 and token.startswith(("19", "20")))):
            continue
        around = text.folded[max(0, start - 1) : start] + text.folded[hit.end : hit.end + 1]
        if any(c in _ADDRESS_SIGNS for c in around) or any(h.start <= start < h.end for h in known):
            continue
        lead = text.folded[max(0, start - 24) : start]
        if _PAPER_NUMBER.fullmatch(token) is not None or (
            _REFERENCE.search(lead) is not None and not _names_a_part(written)
        ):
            continue
        kept.append(text.evidence(start, start + len(token)))
    return tuple(dict.fromkeys(kept))[:MOST]


def _names_a_part(written: str) -> bool:
    """Whether the words in front of a number call it a part's or article's number."""
    return written[:1].isalpha() and written.split()[0].lower().startswith(_PART_WORDS)


_PART_WORDS: Final = tuple("model art part item sku oem typ modelo модель арт 型号 货号 موديل mfr".split())


_PLACE: Final = linear.Pattern(
    r"^[\s,:-]{0,3}(?:(?:sea\s)?port\sof\s|to\s|puerto\sde\s|porto\sd[ei]\s|port\sde\s|port\s|cang\s|ميناء\s)?"
)
_CAPITAL: Final = linear.Pattern(r"^(\p{Lu}[\pL'-]{2,20}(?:\s\p{Lu}[\pL'-]{2,20})?)")
_SMALL: Final = linear.Pattern(r"^([a-z]{4,20})\s?(?:[,.;?!\n]|\z)")
_NO_PORT: Final = frozenset(
    "price prices terms incoterms please usd eur quotation payment and or the our basis quote thanks offer china "
    "only incoterm possible".split()
)


def _port(text: Text, incoterm: _Range | None, ports: Sequence[Hit]) -> Evidence | None:
    """The place behind the Incoterm (FOB Ningbo), else one that is called a port."""
    if incoterm is not None:
        limit = text.folded.find("\n\n", incoterm.end)
        end = min(incoterm.end + 50, limit if limit >= 0 else len(text.folded))
        lead = _PLACE.search(text.folded[incoterm.end : end])
        start = incoterm.end + (lead.end() if lead else 0)
        rest = text.folded[start:end]
        near = next((n for n in gazetteer().find(rest) if n.start <= 4), None)
        if near is not None and near.kind != "nationality":
            return text.evidence(start + near.start, start + near.end)
        for shape in (_CAPITAL, _SMALL):
            named = shape.search(rest)
            if named and named.group(1).split()[0].lower() not in _NO_PORT:
                return text.evidence(start, start + named.end(1))
    for hit in ports:
        return _trimmed(text, hit.start, hit.end)
    return None


def warm() -> None:
    """Compile the patterns of units and word lists."""
    _units()
    word_list("request/stop")
    word_list("request/generic")
