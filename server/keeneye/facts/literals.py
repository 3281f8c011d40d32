"""The words without which a pattern cannot match, for finding the few patterns of thousands that are worth running.

A pattern is read as a run of pieces: finite choices of text, and gaps. Neighbouring choices are multiplied out
(``(?:log|sign) ?in (?:with|using)`` → "log in with", "login with", "sign in using" …); a gap or too many choices begin
a new run. Each run is a *clause*: at least one of its texts must stand in the message. Texts are compared in a
normal form in which everything between words is one space, so that "t/t", "t t" and a line end between are the same and
a whole word is a text with a space on either side; every number is "0", so that "a figure before the word pcs" is a
text too; signs of money and the like are words.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, pairwise
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

import ahocorasick
import numpy as np
import numpy.typing as npt

CHOICES: Final = 128
"""Texts of one clause at most."""
CLAUSES: Final = 4
LONG_WORD: Final = 60
MANY: Final = 8
"""What an unbounded repeat is taken to span: letters of a word, times a group of words is repeated."""
NEAR_MOST: Final = 12
"""A further clause with more texts than these costs more to look for than the search that it may spare."""
NEAR_FROM: Final = 2_000
"""Characters from which on it pays to look for a pattern only around its words; shorter texts are read whole."""
RARE: Final = 4
"""From this ``_telling`` on a part of a word is met rarely enough to begin with it."""
_CLASS_MOST: Final = 6
_SIGNS: Final = "$%#@{[€£¥"
# One letter for one: the only translation that Python does fast. Signs get their spaces after it.
_MAPPED: Final = {c: " " for c in range(128) if not chr(c).isalnum() and chr(c) not in _SIGNS} | dict.fromkeys(
    range(ord("0"), ord("9") + 1), "0"
)
_ZEROS: Final = re.compile("00+")
_CJK: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED: Final = re.compile(f"([{_CJK}]+)")

Clause = frozenset[str]
# A piece: a finite choice that joins its neighbours, a choice that stands alone, or None for a gap.
_Piece = tuple[Clause, bool] | None


def normal(text: str) -> str:
    """The normal form of folded text, with a space on either side."""
    return f" {_joined(_spaced(text))} "


def _spaced(text: str) -> str:
    words = text.lower().translate(_MAPPED)
    for sign in _SIGNS:
        if sign in words:
            words = words.replace(sign, f" {sign} ")
    return words


def _joined(spaced: str) -> str:
    words = spaced if spaced.isascii() else _UNSPACED.sub(r" \1 ", spaced)
    return " ".join(_ZEROS.sub("0", words).split())


@dataclass(frozen=True, slots=True)
class Needs:
    """What a pattern cannot match without: ``clauses``, the most telling first, all of them; empty: nothing is certain.

    ``width``: the most characters of the normal form that it can span.
    """

    clauses: tuple[Clause, ...]
    width: int


def needs(pattern: str, whole_words: bool) -> Needs:
    """Read an RE2 pattern.

    Raises ValueError for syntax that RE2 does not have, so that patterns can be compiled when they are first needed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # "possible nested set"
            parsed = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(str(error)) from None
    found = sorted(_close(_pieces(parsed), whole_words), key=lambda c: (-min(map(_telling, c)), len(c)))
    width = _width(parsed)
    # Signs get a space on both sides in the normal form, so it can be longer than the text.
    return Needs(tuple(found[:CLAUSES]), 2 * width + 8)


def _telling(text: str) -> float:
    """How rarely a text is met: letters count, most of all those of large scripts; figures and spaces hardly."""
    large = 0 if text.isascii() else sum(c > "\u2e7f" for c in text)
    return len(text) - 0.7 * (text.count(" ") + text.count("0")) + 1.5 * large


def _width(parsed: Iterable[tuple[Any, Any]]) -> int:
    """The most characters of the normal form that a pattern spans: a run of white space is one of them.

    A repeat without bound counts as LONG_WORD characters, or as MANY times a longer content.
    """
    total = 0
    for code, value in parsed:
        if code is op.SUBPATTERN:
            total += _width(value[3])
        elif code is op.BRANCH:
            total += max(map(_width, value[1]))
        elif code in (op.MAX_REPEAT, op.MIN_REPEAT):
            once = _width(value[2])
            blank = list(value[2]) == [(op.IN, [(op.CATEGORY, op.CATEGORY_SPACE)])]
            unbounded = LONG_WORD if once <= 1 else once * MANY
            total += 1 if blank else unbounded if value[1] == op.MAXREPEAT else once * value[1]
        elif code is not op.AT:
            total += 1
    return total


def _close(pieces: Sequence[_Piece], whole_words: bool) -> list[Clause]:
    """The runs between gaps, in normal form; an edge of a whole-word pattern is a space."""
    runs: list[tuple[set[str], bool, bool]] = []
    run: set[str] = {""}
    at_start = True
    for piece in pieces:
        if piece is not None and piece[1] and len(run) * len(piece[0]) <= CHOICES:
            run = {a + b for a in run for b in piece[0]}
            continue
        runs.append((run, at_start, False))
        at_start = False
        if piece is None:
            run = {""}
        elif piece[1]:
            run = set(piece[0])
        else:
            runs.append((set(piece[0]), False, False))
            run = {""}
    runs.append((run, at_start, True))
    closed: list[Clause] = []
    for texts, starts, ends in runs:
        made = set()
        for text in texts:
            # A Chinese, Japanese or Korean letter beside another one is a word's edge too, without a space.
            before = " " if starts and whole_words and not _is_cjk(text[:1]) else ""
            after = " " if ends and whole_words and not _is_cjk(text[-1:]) else ""
            made.add(_normal_part(before + text + after))
        if all(t.strip() for t in made):
            closed.append(frozenset(_shortest(made)))
    return closed


def _is_cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or "\uf900" <= char <= "\ufaff"


def _normal_part(text: str) -> str:
    """The normal form of a part of a text: outer spaces are kept, not added."""
    spaced = _spaced(text)
    inner = _joined(spaced)
    if not inner:
        return " " if text else ""
    return (" " if spaced[0].isspace() else "") + inner + (" " if spaced[-1].isspace() else "")


def _shortest(texts: Iterable[str]) -> Iterator[str]:
    """Without texts that hold another one: the shorter one is there whenever the longer is."""
    kept: list[str] = []
    for text in sorted(texts, key=len):
        if not any(k in text for k in kept):
            kept.append(text)
            yield text


def _pieces(parsed: Iterable[tuple[Any, Any]]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for code, value in parsed:
        pieces += _of(code, value)
    return pieces


def _of(code: Any, value: Any) -> list[_Piece]:
    if code is op.LITERAL:
        return [(frozenset((chr(value),)), True)]
    if code is op.IN:
        return [_class(value)]
    if code is op.SUBPATTERN:
        return _pieces(value[3])
    if code is op.BRANCH:
        return _branch(value[1])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _repeat(*value)
    if code is op.AT:
        return []
    if code in (op.ANY, op.NOT_LITERAL):
        return [None]
    raise ValueError(f"RE2 has no {str(code).lower()}")


_DIGIT: Final[_Piece] = (frozenset("0"), True)


def _class(items: Sequence[tuple[Any, Any]]) -> _Piece:
    if items in ([(op.RANGE, (48, 57))], [(op.CATEGORY, op.CATEGORY_DIGIT)]):
        return _DIGIT
    chars: set[str] = set()
    for code, value in items:
        if code is op.LITERAL:
            chars.add(chr(value))
        elif code is op.CATEGORY and value is op.CATEGORY_SPACE:
            chars.add(" ")
        elif code is op.RANGE and value[1] - value[0] < _CLASS_MOST:
            chars |= {chr(c) for c in range(value[0], value[1] + 1)}
        else:
            return None
    return (frozenset(chars), True) if 0 < len(chars) <= _CLASS_MOST else None


def _repeat(least: int, most: int, content: Iterable[tuple[Any, Any]]) -> list[_Piece]:
    pieces = _pieces(content)
    only = pieces[0] if len(pieces) == 1 else None
    if only is not None and only[0] == frozenset(" "):  # runs of white space are one space
        return [(frozenset((" ",)) if least else frozenset(("", " ")), True)]
    if only == _DIGIT:  # and so are runs of digits
        return [_DIGIT if least else (frozenset(("", "0")), True)]
    finite = _finite(pieces)
    if least == 0:
        return [(finite | {""}, True)] if most == 1 and finite is not None else [None]
    return pieces if most == 1 else [*pieces, None]


def _finite(pieces: Sequence[_Piece]) -> Clause | None:
    """All texts of a run without gaps, when they are few."""
    texts: set[str] = {""}
    for piece in pieces:
        if piece is None or not piece[1] or len(texts) * len(piece[0]) > CHOICES:
            return None
        texts = {a + b for a in texts for b in piece[0]}
    return frozenset(texts)


def _branch(branches: Iterable[Iterable[tuple[Any, Any]]]) -> list[_Piece]:
    options = [_pieces(b) for b in branches]
    finite = [_finite(o) for o in options]
    if all(f is not None for f in finite):
        union = frozenset().union(*(f for f in finite if f is not None))
        return [(union, True)] if len(union) <= CHOICES else [(union, False)] if "" not in union else [None]
    best: set[str] = set()
    for option in options:
        found = _close(option, False)
        if not found:
            return [None]
        best |= max(found, key=lambda c: (min(map(len, c)), -len(c)))
    return [None, (frozenset(best), False), None]


def _pairs(text: str) -> list[str]:
    """The neighbouring whole words of a text, two by two, or its only whole word."""
    whole = text.split(" ")[1:-1]
    return [f"{a} {b}" for a, b in pairwise(whole)] or whole


def _key(text: str) -> str | None:
    """Two neighbouring whole words of a text, or its only one, by which it is looked up; None when it has none."""
    pairs = _pairs(text)
    best = max(pairs, key=_telling, default="")
    if " " in text and " " not in best:
        before, after = text.split(" ", 1)[0], text.rsplit(" ", 1)[1]
        if max(_telling(before), _telling(after)) > _telling(best):
            return None  # "charge of ": the part of a word says more than the whole one
    return best if len(best) > 1 or best > "\x7f" else None


class _Text(NamedTuple):
    """A text of a clause and the ``_pairs`` in it: it stands nowhere without them."""

    text: str
    pairs: frozenset[str]


class _Further(NamedTuple):
    """A clause besides the first. ``words``: those of its texts that are two whole words or one; ``texts``: others."""

    words: frozenset[str]
    texts: tuple[_Text, ...]

    @classmethod
    def of(cls, clause: Clause) -> _Further | None:
        """None for a clause that costs more to look for than the search that it may spare."""
        keys = {text: _key(text) for text in clause}
        if len(clause) > NEAR_MOST and None in keys.values():
            return None
        whole = {text for text, key in keys.items() if text == f" {key} "}
        texts = tuple(_Text(text, frozenset(_pairs(text))) for text in clause - whole)
        return cls(frozenset(text.strip() for text in whole), texts)


class Index:
    """Which patterns may match a text, and where. Built once; safe to use from several threads."""

    def __init__(self, patterns: Sequence[Needs]) -> None:
        """``patterns``: the needs of each, in the order of their numbers."""
        self._patterns = patterns
        self._always: list[int] = []
        self._numbers: dict[str, list[int]] = {}  # text of a first clause → patterns
        self._by_word: dict[str, list[_Text]] = {}  # key → texts that hold it
        self._further: list[tuple[_Further, ...]] = []
        parts: dict[bool, list[str]] = {False: [], True: []}
        for number, pattern in enumerate(patterns):
            # Parts of words are met more often than whole words: those that say little come last.
            ordered = sorted(pattern.clauses, key=_often_met)
            self._further.append(tuple(filter(None, map(_Further.of, ordered[1:]))))
            if not ordered:
                self._always.append(number)
            for text in ordered[0] if ordered else ():
                if text not in self._numbers:
                    key = _key(text)
                    if key is None:
                        parts[any(map(_is_cjk, text))].append(text)
                    else:
                        self._by_word.setdefault(key, []).append(_Text(text, frozenset(_pairs(text)) - {key}))
                self._numbers.setdefault(text, []).append(number)
        self._automata = {wide: _automaton(texts) for wide, texts in parts.items()}

    def candidates(self, folded: str) -> list[tuple[int, int, int | None]]:
        """(number, first, end) of the patterns that may match, ascending.

        A match lies between the code points ``first`` and ``end`` of the folded text; ``end`` None: anywhere.
        """
        form = normal(folded)
        found = (self._near if len(form) > NEAR_FROM else self._anywhere)(form, folded)
        found += [(number, 0, None) for number in self._always]
        found.sort()
        return found

    def _anywhere(self, form: str, _: str) -> list[tuple[int, int, int | None]]:
        """The candidates of a short text."""
        words = form.split()
        there = {*words, *map(" ".join, pairwise(words))}
        met: set[int] = set()
        for word in self._by_word.keys() & there:
            for text, pairs in self._by_word[word]:
                if pairs <= there and text in form:
                    met.update(self._numbers[text])
        for automaton in self._automata_for(form):
            for text in {text for _, text in automaton.iter(form)}:
                met.update(self._numbers[text])
        return [(number, 0, None) for number in met if self._all_there(number, form, there)]

    def _all_there(self, number: int, form: str, there: set[str]) -> bool:
        """Whether each further clause of a pattern has a text there. Plain loops: this runs for dozens of patterns."""
        for words, texts in self._further[number]:
            if words.isdisjoint(there):
                for text, pairs in texts:
                    if pairs <= there and text in form:
                        break
                else:
                    return False
        return True

    def _near(self, form: str, folded: str) -> list[tuple[int, int, int | None]]:
        """The candidates of a long text, each with the range around the texts of its first clause."""
        words = form.split()
        places = list(accumulate(map(len, words), lambda at, length: at + length + 1, initial=0))
        keys = [*words, *map(" ".join, pairwise(words))]
        at = [*places[:-1], *places[:-2]]
        first = dict(zip(reversed(keys), reversed(at), strict=True))
        last = dict(zip(keys, at, strict=True))
        there = first.keys()
        ranges: dict[int, tuple[int, int]] = {}
        for word in self._by_word.keys() & there:
            begin, stop = first[word], last[word] + len(word) + 2
            for text, pairs in self._by_word[word]:
                if pairs <= there:
                    more = len(text) - len(word) - 2
                    here = form.find(text, max(0, begin - more), stop + more) if more else begin
                    if here >= 0:
                        _widen(ranges, self._numbers[text], here, stop + more)
        for automaton in self._automata_for(form):
            met = list(automaton.iter(form))
            ends = {text: end for end, text in met}
            for end, text in {text: (end, text) for end, text in reversed(met)}.values():
                _widen(ranges, self._numbers[text], end + 1 - len(text), ends[text] + 1)
        starts = _word_starts(folded).tolist() if ranges else []
        found: list[tuple[int, int, int | None]] = []
        for number, (begin, stop) in ranges.items():
            width = self._patterns[number].width
            low, high = max(0, begin - width), stop + width
            if not self._all_around(number, form[low:high], there):
                continue
            # Words of the normal form are words of the text, one to one.
            word_ = bisect_left(places, low) - 1
            after = bisect_left(places, high)
            here = starts[word_] if word_ > 0 else 0
            found.append((number, here, starts[after] if after < len(starts) else len(folded)))
        return found

    def _all_around(self, number: int, around: str, there: Set[str]) -> bool:
        """Whether each further clause of a pattern has a text in this part of a long text."""
        return all(
            any(f" {word} " in around for word in words & there)
            or any(pairs <= there and text in around for text, pairs in texts)
            for words, texts in self._further[number]
        )

    def _automata_for(self, form: str) -> Iterator[Any]:
        for wide, automaton in self._automata.items():
            if automaton is not None and not (wide and form.isascii()):
                yield automaton


def _often_met(clause: Clause) -> bool:
    return any(_telling(t) < RARE and _key(t) is None for t in clause)


def _widen(ranges: dict[int, tuple[int, int]], numbers: Iterable[int], begin: int, stop: int) -> None:
    """Widen the range that a first clause of these patterns has been met in."""
    for number in numbers:
        known = ranges.get(number)
        ranges[number] = (begin, stop) if known is None else (min(known[0], begin), max(known[1], stop))


def _automaton(texts: Iterable[str]) -> Any:
    automaton = ahocorasick.Automaton()
    for text in texts:
        automaton.add_word(text, text)
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


_SPACE, _LETTER, _SIGN, _WIDE = 0, 1, 2, 3
_KINDS: Final = np.array(
    [_SIGN if chr(c) in _SIGNS else _LETTER if chr(c).isalnum() else _SPACE for c in range(128)], np.uint8
)


def _word_starts(folded: str) -> npt.NDArray[np.int64]:
    """Where each word of the normal form begins in the folded text."""
    if folded.isascii():
        kinds = _KINDS[np.frombuffer(folded.encode("ascii"), np.uint8)]
    else:
        points = np.frombuffer(folded.encode("utf-32-le", "replace"), np.uint32)
        kinds = np.where(points < 128, _KINDS[np.minimum(points, 127)], _LETTER)
        for low, high in ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF)):
            kinds[(points >= low) & (points <= high)] = _WIDE
        for sign in _SIGNS:
            if sign > "\x7f":
                kinds[points == ord(sign)] = _SIGN
    before = np.empty_like(kinds)
    before[:1] = _SPACE
    before[1:] = kinds[:-1]
    return np.flatnonzero((kinds != _SPACE) & ((kinds != before) | (kinds == _SIGN)))
