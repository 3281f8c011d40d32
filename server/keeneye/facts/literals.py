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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

import ahocorasick
import numpy as np
import numpy.typing as npt

CHOICES: Final = 128
"""Texts of one clause at most."""
CLAUSES: Final = 4
LONG_WORD: Final = 60
MANY: Final = 8
"""What an unbounded repeat is taken to span: letters of a word, times a group of words is repeated."""
NEAR_FROM: Final = 1_000
"""Characters from which on it pays to look for a pattern only around its words; shorter texts are read whole."""
TELLING: Final = 3
"""A further clause below this ``_telling`` stands in nearly every message: it costs more than it spares."""
_CLASS_MOST: Final = 6
_BYTES_MOST: Final = 4
"""Bytes of one code point in UTF-8."""
_SIGNS: Final = "$%#@{[€£¥"
# One letter for one is what Python translates fast. Signs get their spaces after it.
_CACHED_MOST: Final = 20_000


class _Mapped(dict[int, str]):
    """A translation table that fills itself: Python looks each letter up that a table lacks, which is slow."""

    def __missing__(self, code: int) -> str:
        char = chr(code).lower()[:1]
        mapped = "0" if "0" <= char <= "9" else char if char > "\x7f" or char.isalnum() or char in _SIGNS else " "
        if len(self) < _CACHED_MOST:
            self[code] = mapped
        return mapped


_MAPPED: Final = _Mapped()
_MAPPED_ASCII: Final = bytes(ord(_MAPPED[code]) if code < 128 else code for code in range(256))
_CJK: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED: Final = re.compile(f"([{_CJK}]+)")

Clause = frozenset[str]
# A piece: a finite choice that joins its neighbours, a choice that stands alone, or None for a gap.
_Piece = tuple[Clause, bool] | None


def normal(text: str) -> str:
    """The normal form of folded text, with a space on either side."""
    return f" {_joined(_spaced(text))} "


def _spaced(text: str) -> str:
    ascii_ = text.isascii()
    words = text.encode("ascii").translate(_MAPPED_ASCII).decode("ascii") if ascii_ else text.translate(_MAPPED)
    for sign in _SIGNS:
        if sign in words:
            words = words.replace(sign, f" {sign} ")
    return words


def _joined(spaced: str) -> str:
    words = spaced if spaced.isascii() else _UNSPACED.sub(r" \1 ", spaced)
    while "00" in words:
        words = words.replace("00", "0")
    return " ".join(words.split())


@dataclass(frozen=True, slots=True)
class Needs:
    """What a pattern cannot match without: all of ``clauses``, the most telling first; empty: nothing is certain.

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
    telling = [*found[:1], *(clause for clause in found[1:CLAUSES] if min(map(_telling, clause)) >= TELLING)]
    width = _width(parsed)
    # Signs get a space on both sides in the normal form, so it can be longer than the text.
    return Needs(tuple(telling), 2 * width + 8)


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


Candidate = tuple[int, int, int, int]
"""Number of a pattern that may match between two code points of a text, and how often at most."""


class Index:
    """Which patterns may match a text, and where. Built once; safe to use from several threads."""

    def __init__(self, patterns: Sequence[Needs]) -> None:
        """``patterns``: the needs of each, in the order of their numbers."""
        beginning = dict.fromkeys(text for pattern in patterns for clause in pattern.clauses[:1] for text in clause)
        ids = {text: number for number, text in enumerate(beginning)}  # texts of first clauses; then others
        self._always = [number for number, pattern in enumerate(patterns) if not pattern.clauses]
        # text of a first clause → patterns, each with its width and its further clauses
        self._begun: list[list[tuple[int, int, tuple[frozenset[int], ...]]]] = [[] for _ in ids]
        for number, pattern in enumerate(patterns):
            clauses = [frozenset([ids.setdefault(text, len(ids)) for text in c]) for c in pattern.clauses]
            for text_ in clauses[0] if clauses else ():
                self._begun[text_].append((number, pattern.width, tuple(clauses[1:])))
        self._texts = list(map(_bytes, ids))
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number, written in enumerate(self._texts):
            self._automaton.add_word(written, number)
        self._automaton.make_automaton()

    def candidates(self, folded: str) -> list[Candidate]:
        """The patterns that may match a folded text, ascending."""
        form = _bytes(normal(folded))
        ends: dict[int, list[int]] = {}  # text → the places where it ends
        for end, text in self._automaton.iter(form) if self._texts else ():
            if text in ends:
                ends[text].append(end)
            else:
                ends[text] = [end]
        lacks = ends.keys().isdisjoint
        letter = 1 if form.isascii() else _BYTES_MOST
        ranges: dict[int, Candidate] = {}
        for text, places in ends.items():
            if text >= len(self._begun):
                continue
            written = self._texts[text]
            # Each match holds a place of its own, save that one run of figures holds many numbers.
            most = len(places) if written.strip(" 0") else len(folded)
            for number, width, further in self._begun[text]:
                for clause in further:
                    if lacks(clause):
                        break
                else:
                    begin, stop = places[0] - len(written) - letter * width, places[-1] + 1 + letter * width
                    if number in ranges:
                        _, before, after, others = ranges[number]
                        ranges[number] = number, min(begin, before), max(stop, after), most + others
                    else:
                        ranges[number] = number, begin, stop, most
        whole = len(folded)
        found = [(number, 0, whole, whole) for number in self._always]
        if len(form) < NEAR_FROM:
            found += [(number, 0, whole, most) for number, _, _, most in ranges.values()]
        elif ranges:
            found += _placed(ranges.values(), form, folded)
        found.sort()
        return found


def _bytes(text: str) -> str:
    """The bytes of a text in UTF-8, each as one character: the automaton looks through all letters that follow one."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")


def _placed(ranges: Iterable[Candidate], form: str, folded: str) -> Iterable[Candidate]:
    """Ranges of the normal form as ranges of the text: words of the one are words of the other, one to one."""
    blank = np.frombuffer(form.encode("latin-1"), np.uint8) == 32
    words = np.flatnonzero(blank[:-1] > blank[1:])
    starts = np.concatenate(([0], _word_starts(folded), [len(folded)]))
    numbers, begins, stops, mosts = zip(*ranges, strict=True)
    places = words.searchsorted((begins, stops))
    places[1] += 1
    firsts, ends = starts[places].tolist()
    return zip(numbers, firsts, ends, mosts, strict=True)


_SPACE, _LETTER, _SIGN, _WIDE = 0, 1, 2, 3
_KINDS: Final = np.full(0x10000, _LETTER, np.uint8)
"""Of each code point; those beyond the basic plane are as its last one."""
_KINDS[:128] = [_LETTER if chr(c).isalnum() else _SPACE for c in range(128)]
for _low, _high in ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF)):
    _KINDS[_low : _high + 1] = _WIDE
_KINDS[list(map(ord, _SIGNS))] = _SIGN


def _word_starts(folded: str) -> npt.NDArray[np.int64]:
    """Where each word of the normal form begins in the folded text."""
    points: npt.NDArray[Any]
    if folded.isascii():
        points = np.frombuffer(folded.encode("ascii"), np.uint8)
    else:
        points = np.minimum(np.frombuffer(folded.encode("utf-32-le", "replace"), np.uint32), len(_KINDS) - 1)
    kinds = np.empty(len(points) + 1, np.uint8)
    kinds[0] = _SPACE
    kinds[1:] = _KINDS[points]
    before, kinds = kinds[:-1], kinds[1:]
    return np.flatnonzero((kinds != _SPACE) & ((kinds != before) | (kinds == _SIGN)))
