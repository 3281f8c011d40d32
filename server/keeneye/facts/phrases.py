"""The phrase engine: hundreds of patterns of a lexicon folder found in one message, in linear time.

A lexicon is a folder of TOML files, one a language, with ``language``, ``source``, ``date`` and a table ``[phrases]``
of tag → list of patterns. The same tag in several files is one tag. No other registry exists.

Pattern syntax is that of RE2, and besides
- a plain space stands for any run of white space, also a line end;
- upper and lower case, accents on Latin letters and full-width forms do not matter;
- a pattern matches whole words, save in files of a language that writes without spaces (zh, ja, ko, th);
- ``subject:`` in front: only in the subject; ``start:`` in front: only in the first 200 characters of the own text;
- ``.*``, ``.+``, ``[^…]*`` and counted repeats over 60 are refused: say ``[^.\\n]{0,40}``.

How: from each pattern the words without which it cannot match are derived (``literals``); one Aho-Corasick pass
over the message finds which words are there, and only patterns whose words are all there are run, each by RE2. A
RE2::Set over the patterns grows a new state on nearly every byte of an unseen text, and so does FilteredRE2, whose
words are such a Set (both measured at 10 ms and more for a mail and 7,700 patterns).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import re2

from keeneye import linear
from keeneye.facts import kept
from keeneye.facts.literals import Index, Needs, needs
from keeneye.facts.text import Text, fold_char
from keeneye.model import Evidence

LEXICONS: Final = Path(__file__).parent.parent / "lexicons"
OCCURRENCES: Final = 5
"""Places of one pattern that are kept, in the own words and elsewhere each."""
REPEAT_MOST: Final = 60
CONTACT: Final = "contact/"
REQUEST: Final = "request/"
WORDS: Final = frozenset({"request/stop", "request/generic", "contact/elsewhere", "contact/company-noun"})
"""Lists of single words that extractors compare with, not looked for in every message."""
START: Final = 200
"""Code points at the beginning of the own text that a ``start:`` pattern may look at."""
WORK_MOST: Final = 40_000_000
LEAST_SCANNED: Final = 4_000
"""Bytes of all patterns' searches together, and bytes of the text that are searched in any case."""
UNSPACED: Final = frozenset({"zh", "ja", "ko", "th"})
ALONE: Final = frozenset({"it", "tr", "vi", "ja", "ko"})
"""Languages whose lists of single words are looked at in texts of that language only."""

# After folding, a code point beyond ASCII is a letter, a digit or a kept sign; Chinese, Japanese and Korean letters
# count as word ends, so that "DN50球阀" holds the word DN50. ASCII classes keep each compiled pattern small.
_CJK = r"\x{2E80}-\x{9FFF}\x{AC00}-\x{D7AF}\x{F900}-\x{FAFF}"
EDGE: Final = r"[\x00-/:-@\[-`{-\x7f" + _CJK + "]"
_META: Final = frozenset(r"\.+*?()|[]{}^$")
# Unicode classes as they are in folded text, where Latin letters have no accents and punctuation is gone: a few ranges
# in place of RE2's hundreds, with which a counted repeat of letters is too large for its fast automaton.
_HAN: Final = "\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTERS: Final = "A-Za-z\u00c0-\u1fff\u2c00-\U0010ffff"
_CLASSES: Final = {
    "L": LETTERS,
    "Han": _HAN,
    "Hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7af",
    "Hiragana": "\u3041-\u309f",
    "Katakana": "\u30a0-\u30ff\u31f0-\u31ff",
}
_CLASS: Final = re.compile(r"\\p(?:\{(\w+)\}|(\w))")


class LexiconError(ValueError):
    """A lexicon file that cannot be used. The text names file, tag and pattern."""


def translate(pattern: str) -> str:
    """A lexicon pattern as RE2 syntax over folded text. Raises ValueError with the reason."""
    out: list[str] = []
    i = 0
    in_class = negated = False
    wide = False  # the item before is one that matches nearly anything
    while i < len(pattern):
        char = pattern[i]
        if (named := _CLASS.match(pattern, i)) is not None:
            letters = _CLASSES.get(named[1] or named[2])
            if letters is None:
                raise ValueError(f"{named[0]} is not one of the classes {', '.join(_CLASSES)}")
            out.append(letters if in_class else f"[{letters}]")
            wide = wide and in_class
            i = named.end()
        elif char == "\\":
            if i + 1 == len(pattern):
                raise ValueError("ends in a backslash")
            out.append(pattern[i : i + 2])
            wide = wide if in_class else pattern[i + 1] in "SDWC"
            i += 2
        elif in_class:
            in_class = not (char == "]" and not _class_just_opened(pattern, i))
            wide = not in_class and negated
            out.append(r"\s" if char == " " else _literal(char))
            i += 1
        elif char == "[":
            in_class, negated = True, pattern.startswith("[^", i)
            out.append("[^" if negated else "[")
            i += 2 if negated else 1
        elif char in "*+" or (char == "{" and pattern[i + 1 : i + 2].isdigit()):
            if wide and _unbounded(pattern, i):
                raise ValueError("an unbounded repeat of nearly anything; give it a bound such as {0,40}")
            if char == "{":
                end = pattern.find("}", i)
                counts = [int(n) for n in pattern[i + 1 : end].split(",") if n.strip().isdigit()]
                if max(counts) > REPEAT_MOST:
                    raise ValueError(f"a counted repeat over {REPEAT_MOST}")
                out.append(pattern[i : end + 1])
                i = end + 1
            else:
                out.append(char)
                i += 1
        elif char == " ":
            optional = pattern[i + 1 : i + 2] in ("?", "*")
            out.append(r"\s*" if optional else r"\s+")
            i += 2 if optional or pattern[i + 1 : i + 2] == "+" else 1
            wide = False
        else:
            wide = char == "."
            out.append(char if char.isascii() else _literal(char))
            i += 1
    return "".join(out)


def _class_just_opened(pattern: str, i: int) -> bool:
    return pattern[i - 1] == "[" or pattern[i - 2 : i] == "[^"


def _unbounded(pattern: str, i: int) -> bool:
    return pattern[i] in "*+" or "," in pattern[i : pattern.find("}", i)][-1:]


def _literal(char: str) -> str:
    if char.isascii():
        return char
    folded = fold_char(char)
    if folded == " ":
        return r"\s"
    return "\\" + folded if folded in _META or folded == "-" else folded


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a lexicon. ``where``: ``any``, ``subject`` or ``start``."""

    tag: str
    source: str
    where: str
    file: str
    language: str
    whole_words: bool


class Hit(NamedTuple):
    """A pattern found in ``Text.folded``: code points ``start`` to ``end``.

    ``own``: in subject or own words; ``signed``: in the signature.
    """

    tag: str
    start: int
    end: int
    own: bool
    language: str
    signed: bool = False


def read_folder(folder: Path, table: str = "phrases", prefix: str = "") -> list[Pattern]:
    """All patterns of the ``*.toml`` files of a folder, ``prefix`` before each tag. Raises LexiconError."""
    patterns: list[Pattern] = []
    for path in sorted(folder.glob("*.toml")):
        content = _read(path)
        language = str(content["language"])
        for name, lines in content.get(table, {}).items():
            tag = prefix + name
            if not isinstance(lines, list) or not all(isinstance(line, str) and line for line in lines):
                raise LexiconError(f"{path.name}: {tag}: not a list of patterns")
            for line in lines:
                where, rest = "any", line
                for place in ("subject", "start"):
                    if line.startswith(place + ":"):
                        where, rest = place, line[len(place) + 1 :]
                patterns.append(Pattern(tag, rest, where, path.name, language, language[:2] not in UNSPACED))
    return patterns


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path.name}: {error}") from None
    for key in ("language", "source", "date"):
        if not content.get(key):
            raise LexiconError(f"{path.name}: lacks {key}")
    return content


Search = Callable[[bytes, int, int], tuple[int, int] | None]
"""Where a pattern itself, without its word edges, is first found between two bytes."""


class Phrases:
    """The patterns of one or more lexicon folders behind one index of words. Safe to use from several threads."""

    def __init__(self, patterns: Iterable[Pattern], keep: bool = False) -> None:
        """``keep``: use what an earlier start has kept of them. Raises LexiconError for one that cannot be used."""
        self.patterns = tuple(patterns)
        self.tags = frozenset(p.tag for p in self.patterns)
        self._sources: list[str] = []  # translated
        self._searches: dict[int, Search] = {}
        needed: list[Needs] = []
        key = kept.key((p.source, p.whole_words) for p in self.patterns) if keep else ""
        known = kept.load(key) if keep else None
        for number, pattern in enumerate(self.patterns):
            try:
                if known:
                    source, need = known[number]
                else:
                    source = translate(pattern.source)
                    need = needs(source, pattern.whole_words)
                self._sources.append(source)
                needed.append(need)
                if not need.clauses:
                    _refuse_empty(self._search(number))
            except (ValueError, re2.error) as error:
                raise _refused(pattern, error) from None
        if keep and not known:
            kept.save(key, zip(self._sources, needed, strict=True))
        self._parts: dict[str, tuple[list[int], Index]] = {}
        for where in ("any", "subject", "start"):
            numbers = [number for number, pattern in enumerate(self.patterns) if pattern.where == where]
            self._parts[where] = numbers, Index([needed[number] for number in numbers])

    @classmethod
    def load(cls, folder: Path, table: str = "phrases") -> Phrases:
        """Raises LexiconError."""
        return cls(read_folder(folder, table))

    def _search(self, number: int) -> Search:
        """Compiled when it is first needed: most patterns never are."""
        search = self._searches.get(number)
        if search is None:
            core = self._sources[number]
            edged = rf"(?:\A|{EDGE})({core})(?:{EDGE}|\z)" if self.patterns[number].whole_words else f"({core})"
            search = self._searches[number] = linear.Pattern(edged, _options()).find
        return search

    def scan(self, text: Text) -> list[Hit]:
        """Every hit in subject and body, in no particular order."""
        hits = self._scan("any", text, text.data, 0, len(text.folded))
        hits += self._scan("subject", text, text.data[: text.byte(len(text.subject))], 0, len(text.subject))
        if text.own:
            first = text.own[0]
            # One letter more on either side: whether a word begins and ends there.
            hits += self._scan("start", text, text.data, first.start - 1, min(first.start + START, first.end) + 1)
        return hits

    def _scan(self, where: str, text: Text, data: bytes, base: int, end: int) -> list[Hit]:
        """Every hit of the patterns of a place between two code points of the text."""
        numbers, index = self._parts[where]
        byte, searches = text.byte, self._searches
        found = index.candidates(text.folded[base:end])
        # A message made of nothing but lexicon words: the work stays bounded, the beginning is still judged.
        data = data[: max(LEAST_SCANNED, WORK_MOST // (len(found) + 1))]
        hits: list[Hit] = []
        for place, first, stop, most in found:
            number = numbers[place]
            begin, until = byte(base + max(first - 1, 0)), min(len(data), byte(base + stop))
            search = searches.get(number) or self._search(number)
            match = search(data, begin, until) if begin < until else None
            if match is not None:  # every second one
                hits += self._hits(text, data, number, match, until, most)
        return hits

    def _hits(
        self, text: Text, data: bytes, number: int, match: tuple[int, int] | None, end: int, most: int
    ) -> Sequence[Hit]:
        """The first ``match`` of a pattern and those behind it, of which there are ``most`` at most."""
        search, pattern = self._searches[number], self.patterns[number]
        hits: list[Hit] = []
        own_found = other_found = 0
        while match is not None and own_found < OCCURRENCES:
            most -= 1
            start, stop, position = text.point(match[0]), text.point(match[1]), max(match[1], match[0] + 1)
            if not start < len(text.subject) < stop:
                own = text.is_own(start, stop)
                signed = not own and text.is_signature(start, stop)
                writers = own or signed
                if writers or other_found < OCCURRENCES:
                    hits.append(Hit(pattern.tag, start, stop, own, pattern.language, signed))
                own_found, other_found = own_found + writers, other_found + (not writers)
                if other_found >= OCCURRENCES and not writers:
                    # A long quoted thread must not use up the places: go on where the writer's own words begin again.
                    following = bisect_right(text.own_starts, position)
                    if following == len(text.own_starts):
                        break
                    position = text.own_starts[following] - 1
            match = search(data, position, end) if most > 0 and position < end else None
        return hits

    def check(self) -> None:
        """Compile every pattern. Raises LexiconError."""
        for number, pattern in enumerate(self.patterns):
            try:
                self._search(number)
            except re2.error as error:
                raise _refused(pattern, error) from None


@cache
def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 1 << 20  # one pattern's automaton; when it is full RE2 goes on without, slower but right
    return options


def _refuse_empty(search: Search) -> None:
    if search(b"", 0, 0) is not None:
        raise ValueError("matches the empty text")


def _refused(pattern: Pattern, error: Exception) -> LexiconError:
    text = error.args[0] if error.args else error
    reason = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return LexiconError(f"{pattern.file}: {pattern.tag}: {pattern.source!r}: {reason}")


@cache
def shipped() -> Phrases:
    """All lexicons that ship with the program behind one filter, compiled once a process.

    Tags of the folders ``contact``, ``request`` and of the company forms carry the folder's name and a slash; they
    are not phrases for signals but material of the extractors.
    """
    folders = (("phrases", ""), ("contact", CONTACT), ("request", REQUEST))
    patterns = (p for folder, prefix in folders for p in read_folder(LEXICONS / folder, prefix=prefix))
    return Phrases((p for p in patterns if p.tag not in WORDS), keep=True)


@cache
def _words(folder: str) -> tuple[Pattern, ...]:
    """The patterns of WORDS in a folder, read once for all languages."""
    return tuple(p for p in read_folder(LEXICONS / folder, prefix=folder + "/") if p.tag in WORDS)


@cache
def word_list(tag: str, language: str = "") -> linear.Pattern:
    """The patterns of one of WORDS as one compiled expression for ``fullmatch`` of a lower-case word.

    Request lists of ALONE languages are left out, save that of ``language``: without accents their short words are
    others' words ("để" and "de"); a Vietnamese text is looked at with its own list alone ("máy" is not "may")."""
    folder = tag.partition("/")[0]
    sources = [
        translate(p.source)
        for p in _words(folder)
        if p.tag == tag
        and (folder != "request" or p.language == language or (p.language not in ALONE and language != "vi"))
    ]
    return linear.Pattern("(?:" + "|".join(sources) + ")")


Said = Mapping[str, tuple[Evidence, ...]]


def said(text: Text, hits: Iterable[Hit]) -> tuple[Said, Said]:
    """Phrases by tag: in the writer's own words with the subject, and anywhere in subject and body.

    At most OCCURRENCES places a tag, in the order of the text, overlapping ones once.
    """
    own: dict[str, list[Hit]] = {}
    anywhere: dict[str, list[Hit]] = {}
    for hit in sorted((h for h in hits if "/" not in h.tag), key=lambda h: (h.start, -h.end)):
        for places, wanted in ((own, hit.own), (anywhere, True)):
            found = places.setdefault(hit.tag, []) if wanted else None
            if found is not None and len(found) < OCCURRENCES and not (found and hit.start < found[-1].end):
                found.append(hit)
    made: dict[tuple[int, int], Evidence] = {}  # most are in both

    def evidence(hit: Hit) -> Evidence:
        place = hit.start, hit.end
        if place not in made:
            made[place] = text.evidence(*place)
        return made[place]

    return (
        {tag: tuple(map(evidence, found)) for tag, found in own.items()},
        {tag: tuple(map(evidence, found)) for tag, found in anywhere.items()},
    )
