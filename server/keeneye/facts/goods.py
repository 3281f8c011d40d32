"""Goods of the firm's own catalogue in a message: named, by which units, or none of them.

Catalogue and text are cut into the same tokens: runs of letters, runs of figures, and single characters of scripts
that write without spaces. A name is found where its tokens stand side by side, so that ``BV-20``, ``BV 20`` and
``bv20`` are one model, ``ball valves`` and ``Ball-valve`` one name, and ``球阀`` is found inside ``黄铜球阀``. One walk
over the text finds all names of a catalogue, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from keeneye import linear
from keeneye.facts import request
from keeneye.facts.phrases import EDGE, word_list
from keeneye.facts.text import Text, fold
from keeneye.identity import ByIdentity
from keeneye.model import Evidence, OwnGoods, Product, Quantity, Request

MOST: Final = 12
"""Places that are kept."""
TOKENS_MOST: Final = 12
"""Tokens of a name that are compared."""
FIGURES_LEAST: Final = 5
"""Figures of a model that has nothing else: shorter ones are quantities and years."""

By = Literal["name", "model", "hs"]
Token = tuple[str, int, int]
"""A token as it is compared, and where it stands."""
_UNSPACED: Final = "\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+|\d+")
_BETWEEN: Final = frozenset(" \t\r\n-/.'_,")
_GAP_MOST: Final = 3
_HS: Final = linear.Pattern(
    rf"(?:(?:\A|{EDGE})(?:hs|hts|hsn|taric|ncm|tariff|customs)(?:\s?(?:code|no|number|heading))?"
    r"|海关编码|商品编码|税则号|税号|partida arancelaria|codigo arancelario|zolltarifnummer|тн\s?вэд)"
    r"[\s:.#-]{0,4}(\d{4}(?:[. ]?\d{2}){0,4})"
)
# 8481.80 alone may be a sum of money.
_HS_DOTTED: Final = linear.Pattern(r"(?:\A|[^\d.])(\d{4}\.\d{2}\.\d{2}(?:\.?\d{2})?)(?:[^\d.]|\.?\s|\.?\z)")

# What a unit measures. Packages and rolls say nothing of how the goods are sold; 20 m3 may be room in a container.
_MEASURES: Final[Mapping[str, str]] = {
    "pcs": "number", "sets": "number", "pairs": "number", "dozen": "number", "kg": "weight", "t": "weight",
    "lb": "weight", "m": "length", "yd": "length", "m2": "area", "l": "volume",
}  # fmt: skip
_COUNTED: Final = frozenset({"units"})
# "price per kg", "USD 5/kg": the unit, for a price. Numbers with units are found as quantities.
_PRICE_PER: Final = linear.Pattern(
    r"(?:price|prices|priced|quote|quotation|offer|cost|rate|usd|us\$|eur|\$|€|precios?|cotizacion|preis|preise|prix|"
    r"preco|prezzo|цен[аыу]|价格|单价|报价|价)[^.\n;]{0,40}?"
    r"(?:\s(?:per|por|pro|par|al|за|each|a|le)\s|\s?/\s?|\s?每\s?|\s?按\s?)(?:one\s|1\s?)?"
    rf"([\pL]{{1,10}}2?|m²)(?:{EDGE}|\z)"
)
_PER_CJK: Final = linear.Pattern(
    r"(?:每|一|按)\s?(公斤|千克|斤|吨|公吨|米|平方米|升|件|个|套|只)[^。\n]{0,6}(?:多少钱|价格|单价|报价|的价|价)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A product at a place of ``Text.folded``."""

    product: Product
    by: By
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    """What may follow after some tokens of a name, and what ends here."""

    following: dict[str, _Node] = field(default_factory=dict)
    product: Product | None = None
    by: By = "name"


class Shelf:
    """A catalogue made ready. Built once for a revision of it."""

    def __init__(self, goods: Iterable[Product]) -> None:
        self._root = _Node()
        self._hs: list[tuple[str, Product]] = []
        self.words: set[str] = set()
        self.latin = self.other = False
        for product in goods:
            for name in (product.name, *product.names):
                self._add(product, "name", name)
            for model in product.models:
                self._add(product, "model", model)
            if product.hs:
                self._hs.append((product.hs, product))

    def _add(self, product: Product, by: By, written: str) -> None:
        keys = [key for key, _, _ in tokens(fold(written))][:TOKENS_MOST]
        if by == "name":
            self.words.update(_telling(keys))
            self.latin = self.latin or any(k.isascii() and k.isalpha() for k in keys)
            self.other = self.other or not all(k.isascii() for k in keys)
        if not _distinct(keys, by):
            return
        node = self._root
        for key in keys:
            node = node.following.setdefault(key, _Node())
        if node.product is None:
            node.product, node.by = product, by

    def find(self, text: Text) -> list[Found]:
        """Names and models in the subject and the writer's own words, the longest at each place; HS codes beside."""
        found: list[Found] = []
        for start, end in _areas(text):
            part = text.folded[start:end]
            said = tokens(part)
            firsts = self._root.following
            behind = 0
            for at in [i for i, token in enumerate(said) if token[0] in firsts]:
                if at < behind or len(found) >= MOST:
                    continue
                last, node = self._longest(part, said, at)
                if node is not None and node.product is not None:
                    found.append(Found(node.product, node.by, start + said[at][1], start + said[last][2]))
                    behind = last + 1
            found += self._codes(part, start) if self._hs else ()
        return found

    def _longest(self, part: str, said: Sequence[Token], at: int) -> tuple[int, _Node | None]:
        node: _Node | None = self._root
        best: tuple[int, _Node | None] = (at, None)
        for index in range(at, min(at + TOKENS_MOST, len(said))):
            if index > at and not _beside(part, said[index - 1][2], said[index][1]):
                break
            node = node.following.get(said[index][0]) if node else None
            if node is None:
                break
            if node.product is not None:
                best = index, node
        return best

    def _codes(self, part: str, offset: int) -> Iterator[Found]:
        lowered = part.lower()
        if len(lowered) != len(part):
            return
        for pattern, least in ((_HS, 4), (_HS_DOTTED, 6)):
            for match in pattern.finditer(lowered):
                start, end = match.span(1)
                code = "".join(c for c in lowered[start:end] if c.isdigit())
                # The first six figures are the same in all countries (WCO); national ones follow.
                for ours, product in self._hs:
                    shared = min(len(code), len(ours), 6)
                    if shared >= least and code[:shared] == ours[:shared]:
                        yield Found(product, "hs", offset + start, offset + end)
                        break


shelf: Final[ByIdentity[tuple[Product, ...], Shelf]] = ByIdentity(Shelf)


def find(text: Text, goods: tuple[Product, ...]) -> list[Found]:
    """Where the message names goods of the catalogue."""
    return shelf(goods).find(text) if goods else []


def judge(
    text: Text, asked: Request, found: Sequence[Found], goods: tuple[Product, ...], language: str | None
) -> Request:
    """The request with what the catalogue says of it."""
    if not goods:
        return asked
    ours: dict[tuple[int, int], OwnGoods] = {}
    for one in found:
        ours.setdefault((one.start, one.end), OwnGoods(one.product, one.by, text.evidence(one.start, one.end)))
    named = tuple(ours.values())[:MOST]
    return replace(
        asked,
        ours=named,
        strange_units=tuple(_strange(text, asked, named)) if named else (),
        not_ours=() if named else _not_ours(asked, shelf(goods), language),
    )


# --------------------------------------------------------------------------- tokens


def tokens(folded: str) -> list[Token]:
    """The tokens of a folded text."""
    found: list[Token] = []
    for match in _TOKEN.finditer(folded):
        key = match.group().lower()
        found.append((_singular(key) if key[-1] == "s" else key, match.start(), match.end()))
    return found


def _singular(word: str) -> str:
    """Plural endings of English, Spanish, French and Portuguese off, in names and texts alike."""
    if len(word) < 4 or word[-1] != "s" or not word.isascii() or word[-2:] in ("ss", "us", "is"):
        return word
    return word[:-2] if word.endswith(("xes", "ches", "shes", "sses", "zes")) else word[:-1]


def _distinct(keys: Sequence[str], by: By) -> bool:
    """Whether a name says enough to be looked for: no single letter or sign, no "goods", no small number."""
    if not keys:
        return False
    if all(k.isdigit() for k in keys):
        return sum(map(len, keys)) >= FIGURES_LEAST
    if len(keys) > 1:
        return sum(map(len, keys)) > (2 if by == "model" or not keys[0].isascii() else 3) or not keys[0].isascii()
    only = keys[0]
    return len(only) > 2 and word_list("request/generic").fullmatch(only) is None


def _beside(part: str, end: int, start: int) -> bool:
    return start - end <= _GAP_MOST and _BETWEEN.issuperset(part[end:start])


def _telling(keys: Sequence[str]) -> Iterator[str]:
    """Words, and pairs of characters, by which goods are known to be alike."""
    generic, stop = word_list("request/generic"), word_list("request/stop")
    before = ""
    for key in keys:
        if key.isascii() or len(key) > 1:
            if len(key) > 2 and not key.isdigit() and generic.fullmatch(key) is None and stop.fullmatch(key) is None:
                yield key
            before = ""
        else:
            if before:
                yield before + key
            before = key


def _areas(text: Text) -> Iterator[tuple[int, int]]:
    if text.subject:
        yield 0, len(text.subject)
    for span in text.own:
        yield span.start, span.end


# --------------------------------------------------------------------------- units


def _strange(text: Text, asked: Request, ours: Sequence[OwnGoods]) -> Iterator[Evidence]:
    """Amounts and prices in a measure by which the goods of ours that stand nearest are never sold."""
    others = [e for e in asked.products if not any(_over(e, o.evidence) for o in ours)]
    for amount in (*asked.quantities, *_prices(text)):
        measure = _MEASURES.get(amount.unit)
        near = min(ours, key=lambda o: _distance(o.evidence, amount.evidence))
        if measure is None or any(
            _distance(e, amount.evidence) < _distance(near.evidence, amount.evidence) for e in others
        ):
            continue
        sold_by = _sold_by(near.product)
        if sold_by and measure not in sold_by:
            yield amount.evidence


def _prices(text: Text) -> Iterator[Quantity]:
    """Units that a price is asked or named for."""
    for start, end in _areas(text):
        part = text.folded[start:end].lower()
        if len(part) != end - start:
            continue
        for pattern, last in ((_PRICE_PER, 1), (_PER_CJK, 0)):
            for count, match in enumerate(pattern.finditer(part)):
                unit = request.unit_of(match.group(1))
                if unit is not None:
                    yield Quantity(1.0, unit, text.evidence(start + match.start(), start + match.end(last)))
                if count >= MOST:
                    break


def unit_of(written: str) -> str | None:
    """The name of a unit as a list has it (``PCS.``, ``个``, ``Stück``), or None when it is not known."""
    return request.unit_of(fold(written).strip(". ").lower())


def _sold_by(product: Product) -> frozenset[str]:
    """Measures of the product's units; none when a unit is a package, or not known."""
    units = [unit_of(unit) for unit in product.units]
    measures = ["number" if unit in _COUNTED else _MEASURES.get(unit or "") for unit in units]
    return frozenset() if None in measures else frozenset(m for m in measures if m)


def _over(one: Evidence, other: Evidence) -> bool:
    return one.part == other.part and one.start < other.end and other.start < one.end


def _distance(one: Evidence, other: Evidence) -> int:
    """Characters between two places; the subject is far from everything else."""
    if one.part != other.part:
        return 100_000
    return max(0, one.start - other.end, other.start - one.end)


# --------------------------------------------------------------------------- not ours


def _not_ours(asked: Request, ours: Shelf, language: str | None) -> tuple[Evidence, ...]:
    """The goods that are named, when each can be compared with the catalogue and shares no word with it.

    Words can be compared in English and in scripts other than Latin: an English catalogue says nothing of goods that
    are named in Spanish.
    """
    for named in asked.products:
        keys = [key for key, _, _ in tokens(fold(named.quote))]
        words = set(_telling(keys))
        latin = all(k.isascii() for k in keys)
        comparable = (language == "en" and ours.latin) if latin else ours.other
        if not words or not comparable or not ours.words.isdisjoint(words):
            return ()
    return asked.products
