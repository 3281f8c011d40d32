"""Finds domains that imitate a known one. False alarms on honest names cost more than a missed imitation.

Names are compared as whole labels or as whole parts between hyphens, never as bare runs of letters, so that
"upstream" is no UPS. Four ways, in this order:

- confusable letters: read with look-alike letters (Unicode confusables, rn→m, vv→w, cl→d, 0→o, 1→l …) it is the name;
- one letter off: one letter more, less, other, or two swapped; for distinctive names of five letters and more;
- other ending: the very name under a general ending that the owner does not use; a national ending is left alone;
- name inside a longer name: a hyphenated part, a name run into a lure word, or a label left of somebody else's domain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import confusable_homoglyphs.confusables  # type: ignore[import-untyped]
from rapidfuzz.distance import OSA

CONFUSABLE = "confusable letters"
ONE_OFF = "one letter off"
ENDING = "other ending"
INSIDE = "name inside a longer name"

_SHORT = 5
"""Names of fewer letters are too near to too many honest ones: only their exact skeleton counts."""
_SHORTEST = 2
"""Names that short are compared with nothing."""
_ENDING_LEAST = 5
_RUN_IN_LEAST = 6
_PARTS = re.compile(r"[-_]+")
_DIGITS = str.maketrans("0135", "oles")
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


@dataclass(frozen=True, slots=True)
class Host:
    """A host name taken apart. ``label`` is the registrable label; ``left`` those before it, the nearest last.

    ``national``: the suffix is a country's; ``hosted``: a name that a free host gave out, whose domain is the suffix.
    ``listed``: the public suffix list knows the suffix.
    """

    registrable: str
    label: str
    suffix: str
    left: tuple[str, ...] = ()
    national: bool = False
    hosted: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Brand:
    """A name that is imitated. ``common``: short or an ordinary word; ``corporate``: honest dealers carry it."""

    name: str
    domains: tuple[str, ...]
    labels: tuple[str, ...]
    common: bool = False
    corporate: bool = False


@dataclass(frozen=True, slots=True)
class Resemblance:
    domain: str
    how: str


@cache
def _latin() -> Mapping[int, str]:
    """Non-ASCII letters → the ASCII letters they are mistaken for (Unicode confusables). 9,600 signs, read once."""
    table = {0x04CF: "l"}  # the Cyrillic palochka, which the Unicode table takes for an i
    for sign, alikes in confusable_homoglyphs.confusables.confusables_data.items():
        if len(sign) == 1 and not sign.isascii():
            for alike in alikes:
                if alike["c"].isascii() and alike["c"].isalnum():
                    table.setdefault(ord(sign), alike["c"].lower())
                    break
    return table


def shown(label: str) -> str:
    """A label as a reader sees it: ``xn--`` decoded where that is possible."""
    if label.startswith("xn--"):
        try:
            return label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            return label
    return label


def skeleton(label: str) -> str:
    """The letters that a hasty reader takes the label for. Equal skeletons look alike."""
    text = shown(label)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_latin()))
        text = "".join(c for c in text if not unicodedata.combining(c)).translate(_latin()).lower()
    text = text.translate(_DIGITS)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def _deletions(label: str) -> set[str]:
    return {label[:i] + label[i + 1 :] for i in range(len(label))}


class Names:
    """An index over brands, or over the domains of partners or ourselves. Thread-safe, never raises for odd names."""

    def __init__(
        self,
        brands: Iterable[Brand],
        lures: Iterable[str] = (),
        buying: Iterable[str] = (),
        honest: Iterable[str] = (),
        cheap_endings: Iterable[str] = (),
    ) -> None:
        """``cheap_endings``: given for worldwide brands, which hold the old general and the national endings
        themselves, so that only these and the new general ones can be somebody else's."""
        self._lures, self._buying = frozenset(lures), frozenset(buying)
        self._honest = frozenset(honest)
        self._cheap_endings = frozenset(cheap_endings)
        # honest names of seven letters differ by one letter ("matrix", "matrox") more often than famous ones are near
        self._substitution_least = 6 if self._cheap_endings else 8
        self.owner: dict[str, Brand] = {}
        self._label: dict[str, Brand] = {}
        self._skeleton: dict[str, dict[str, Brand]] = {}
        self._loose: dict[str, dict[str, Brand]] = {}
        self._near: dict[str, set[str]] = {}
        for brand in brands:
            for domain in brand.domains:
                self.owner.setdefault(domain, brand)
            for label in brand.labels:
                self._add(label, brand)
        self._run_in = tuple(
            name for name, brand in self._label.items() if len(name) >= _RUN_IN_LEAST and not brand.common
        )
        self._run_in_starts = frozenset(name[:_RUN_IN_LEAST] for name in self._run_in)
        self._run_in_ends = frozenset(name[-_RUN_IN_LEAST:] for name in self._run_in)
        self.match = lru_cache(maxsize=16_384)(self._match)

    def _add(self, label: str, brand: Brand) -> None:
        if self._label.setdefault(label, brand) is not brand:
            return
        self._skeleton.setdefault(skeleton(label), {})[label] = brand
        if len(label) >= _SHORT:
            self._loose.setdefault(_dotless(skeleton(label)), {})[label] = brand
            if not brand.common and not (brand.corporate and len(label) == _SHORT):
                for form in {label, *_deletions(label)}:
                    self._near.setdefault(form, set()).add(label)

    def _match(self, host: Host) -> Resemblance | None:
        """The domain that ``host`` imitates and how, or None. ``host`` is not one of the owners' own."""
        if host.registrable in self._honest:
            return None
        label = host.label
        own = self._label.get(label)
        if own is not None:
            return self._other_ending(host, own)
        if found := self._alike(label):
            return Resemblance(found.domains[0], CONFUSABLE)
        if found := self._one_off(label):
            return Resemblance(found.domains[0], ONE_OFF)
        return self._inside(host)

    def _other_ending(self, host: Host, brand: Brand) -> Resemblance | None:
        if host.hosted:  # dhl.weebly.example: somebody's page under the brand's name
            return None if brand.common or brand.corporate else Resemblance(brand.domains[0], INSIDE)
        if host.national or not host.listed or brand.common or len(host.label) < _ENDING_LEAST:
            return None
        if self._cheap_endings and not (host.suffix in self._cheap_endings or _new_ending(host.suffix)):
            return None
        return Resemblance(brand.domains[0], ENDING)

    def _alike(self, label: str) -> Brand | None:
        """A brand whose skeleton the label has, without being spelt like it."""
        read = skeleton(label)
        for name, brand in self._skeleton.get(read, {}).items():
            # in a short name only a sign for a sign: dh1 for dhl, but not clsv for dsv
            if name != label and (len(name) >= _SHORT or len(shown(label)) == len(name)):
                return brand
        # i for l only in longer names: "dhi" is a firm of its own, "paypai" is not
        for name, brand in self._loose.get(_dotless(read), {}).items():
            if name != label and (not brand.common or len(name) > _SHORT):
                return brand
        return None

    def _one_off(self, label: str) -> Brand | None:
        if not _SHORT - 1 <= len(label) <= 40 or not self._near:
            return None
        near: set[str] = set()
        for form in (label, *_deletions(label)):
            near |= self._near.get(form, set())
        for name in sorted(near):
            if (
                name[0] == label[0]
                and OSA.distance(name, label, score_cutoff=1) == 1
                and not _plain_variant(name, label)
                and (len(name) != len(label) or len(name) >= self._substitution_least or sorted(name) == sorted(label))
            ):
                return self._label[name]
        return None

    def _inside(self, host: Host) -> Resemblance | None:
        parts = tuple(p for p in _PARTS.split(host.label) if p)[:12]
        if len(parts) > 1 and (found := self._among(parts, host.left)):
            return found
        if brand := self._run_into_word(host.label):
            return Resemblance(brand.domains[0], INSIDE)
        return self._to_the_left(host) if host.left else None

    def _among(self, parts: tuple[str, ...], left: tuple[str, ...]) -> Resemblance | None:
        for index, part in enumerate(parts):
            brand, how = self._label.get(part), INSIDE
            if brand is None:
                brand, how = self._alike(part), CONFUSABLE
            if brand is None:
                continue
            others = {*parts[:index], *parts[index + 1 :], *left}
            if brand.corporate:
                if others & self._buying:
                    return Resemblance(brand.domains[0], how)
            elif not brand.common or others & self._lures:
                return Resemblance(brand.domains[0], how)
        return None

    def _run_into_word(self, label: str) -> Brand | None:
        """``microsoftlogin``, ``securepaypal``: the whole rest must be a lure word."""
        if label[:_RUN_IN_LEAST] not in self._run_in_starts and label[-_RUN_IN_LEAST:] not in self._run_in_ends:
            return None
        for name in self._run_in:
            rest = label.removeprefix(name) if label.startswith(name) else label.removesuffix(name)
            rest = rest.strip("-")
            brand = self._label[name]
            if rest != label and rest in (self._buying if brand.corporate else self._lures):
                return brand
        return None

    def _to_the_left(self, host: Host) -> Resemblance | None:
        """``paypal.com.evil.example``, ``microsoft.login.evil.example``; not ``alibaba.firm.example``."""
        dotted = ".".join((*host.left, host.label))
        labels = dotted.split(".")
        for index, label in enumerate(host.left[-12:], start=max(0, len(host.left) - 12)):
            following = ".".join(labels[index : index + 2])
            brand = self.owner.get(following)
            if brand is not None and index + 1 < len(host.left):
                return Resemblance(brand.domains[0], INSIDE)
            brand = self._label.get(label)
            if brand and not brand.common and not brand.corporate:
                around = {p for other in (*host.left, host.label) if other != label for p in _PARTS.split(other)}
                if around & self._lures:
                    return Resemblance(brand.domains[0], INSIDE)
            parts = tuple(p for p in _PARTS.split(label) if p)[:12]
            if len(parts) > 1 and {*parts} & self._lures and (found := self._among(parts, ())):
                return found
        return None


def _new_ending(suffix: str) -> bool:
    return "." not in suffix and len(suffix) > 2 and suffix not in ("com", "net", "org", "info", "biz", "int", "post")


def _dotless(text: str) -> str:
    return text.replace("i", "l")


def _plain_variant(name: str, label: str) -> bool:
    """A plural, or a name with one figure before or after it: more often another firm than an imitation."""
    if label in (name + "s", name[:-1] if name.endswith("s") else ""):
        return True
    longer, shorter = (label, name) if len(label) > len(name) else (name, label)
    return len(longer) == len(shorter) + 1 and (
        (longer.startswith(shorter) and longer[-1].isdigit()) or (longer.endswith(shorter) and longer[0].isdigit())
    )


def of_hosts(hosts: Iterable[Host], ordinary: Iterable[str]) -> list[Brand]:
    """Partners' or our own domains as brands. A name that is short or ordinary says little inside another one."""
    words = frozenset(ordinary)
    return [
        Brand(
            name=host.registrable,
            domains=(host.registrable,),
            labels=(host.label,) if len(host.label) > _SHORTEST else (),
            common=len(host.label) <= _SHORT or host.label in words,
        )
        for host in hosts
    ]
