"""Sketches of texts: how alike two letters are can be told from them, and no word can be read from them.

Made of keyed hashes of the three-word sequences of the writer's own words (Broder 1997, "On the resemblance and
containment of documents"): minimum hashes, of eight bits each, by which nearly alike texts are found (``bands``), and
the least hashes of all, sixteen bits of each, from which it is told how alike they are (Bar-Yossef et al. 2002,
"Counting distinct elements in a data stream"; exact for texts of up to VALUES sequences). What a mass mailing changes
from copy to copy is levelled first: greeting and closing, names, figures, links and addresses, case, accents and width.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

import numpy as np
import numpy.typing as npt

from keeneye.facts.domains import ours
from keeneye.facts.phrases import Phrases, shipped
from keeneye.facts.text import Text, fold
from keeneye.mail.phrases import CLOSING, GREETING
from keeneye.model import Firm, Mail

ROWS: Final = 3
BANDS: Final = 20
"""Texts share a band when ROWS minima in a row agree: of pairs 0.65 alike 99.8 % share one of the BANDS, of pairs 0.55
alike 97 %, of pairs 0.1 alike 2 %, of unrelated ones one in 840,000."""
MINIMA: Final = BANDS * ROWS
VALUES: Final = 128
"""Least hashes kept. Of texts with more sequences the likeness is told to ±0.04 (one standard error)."""
SIZE: Final = MINIMA + 2 * VALUES
"""Bytes of a sketch at most: a byte of each minimum, then two of each value, the least first."""
TEXT_MOST: Final = 4_000
"""Bytes of the own words (UTF-8) that are looked at: 600 words, or 1,300 letters of Chinese."""
TOKENS_MOST: Final = 1_000
"""Words, or letters of scripts without spaces, that are looked at."""
LEAST: Final = 20
"""Different sequences below which a text says too little: two people may well write it independently."""
LINE_MOST: Final = 60
"""Code points of a line that can be a greeting or a closing."""
TAIL_MOST: Final = 400
"""Code points behind a closing that are name and address."""
NAMES_MOST: Final = 0.3
"""Share of words with a capital from which capitals mark no names: German, titles, shouting."""
WORD_MOST: Final = 30
WORDS_KEPT: Final = 50_000
STANDARD: Final = frozenset({"canned.opener", "canned.tail", "canned.prefill", "canned.attribute"})
OWN_LEAST: Final = 100
OWN_SHARE: Final = 0.4
"""Code points besides a marketplace's standard sentences, and their share, from which a text is the writer's own."""

NAME, FIGURE = "\x00", "\x01"
# Scripts without spaces give a token a letter. Vowel signs of Thai are no word characters to ``re``: they only part.
_UNSPACED: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN: Final = re.compile(rf"[^\W\d_{_UNSPACED}]+|\d[\d.,]*|[.!?]|[{_UNSPACED}]")
_PLAIN_TOKEN: Final = re.compile(r"[a-zA-Z]+|[0-9][0-9.,]*|[.!?]")  # the same for ASCII, in half the time
_INVISIBLE: Final = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_ONE: Final = np.uint64(0x9E3779B97F4A7C15)
_TWO: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF: Final = np.uint64(32)
_BYTE: Final = np.uint32(8)
_WORD: Final = np.uint32(16)
_MOST: Final = 0xFFFE
"""The highest value; what is above it fills the place of values that a short text does not have."""
_FIGURE: Final = np.uint64(1)


class Sketcher:
    """Makes sketches under one key; those of another key cannot be compared. Safe to use from several threads."""

    def __init__(self, key: bytes) -> None:
        """``key``: 32 bytes, ``Secret.key("sketch")``."""
        self._words = _Words(hashlib.blake2b(key, person=b"words").digest())
        seed = hashlib.shake_256(b"permutations" + key).digest(MINIMA * 8)
        numbers = np.frombuffer(seed, np.uint32).reshape(2, MINIMA)
        self._factors, self._terms = numbers[0] | np.uint32(1), numbers[1]

    def of(self, mail: Mail, firm: Firm) -> bytes | None:
        """The sketch of a stranger's own words; None: too few words, or a colleague's mail or forward."""
        if mail.forwarded is not None and mail.forwarded.kind == "forward":
            return None
        if mail.from_ is not None and ours(mail.from_.domain, firm):
            return None
        return self.sketch(_own(mail))

    def sketch(self, text: str) -> bytes | None:
        """SIZE bytes at most, or None when the text has fewer than LEAST different sequences of words."""
        found = tokens(text)
        if len(found) < LEAST + 2:
            return None
        hashes = np.fromiter(map(self._words.__getitem__, found), np.uint64, len(found))
        real = hashes > _FIGURE
        mixed = (hashes[:-2] * _ONE + hashes[1:-1]) * _TWO + hashes[2:]
        sequences = ((mixed ^ (mixed >> _HALF)) * _ONE >> _HALF).astype(np.uint32)
        # A sequence of names and figures says nothing of the text.
        sequences = np.sort(sequences[(real[:-2] & (real[1:-1] | real[2:])) | (real[1:-1] & real[2:])])
        sequences = sequences[np.append(sequences[1:] != sequences[:-1], True)] if len(sequences) else sequences
        if len(sequences) < LEAST:
            return None
        minima = (sequences[:, None] * self._factors + self._terms).min(axis=0)
        values = np.minimum(sequences[:VALUES] >> _WORD, _MOST)
        sketch: bytes = (minima >> _BYTE).astype(np.uint8).tobytes() + values.astype("<u2").tobytes()
        return sketch


class _Words(dict[str, int]):
    """Keyed 64-bit hashes of words; bounded, because a message may hold any word."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key
        self.update({NAME: 0, FIGURE: 1})

    def __missing__(self, word: str) -> int:
        content = word.encode("utf-8", "surrogatepass")
        value = int.from_bytes(hashlib.blake2b(content, digest_size=8, key=self._key).digest(), "little")
        if len(self) < WORDS_KEPT:
            self[word] = value
        return value


def tokens(text: str) -> list[str]:
    """The words of a text, levelled: lower case, ``NAME`` for names, ``FIGURE`` for figures."""
    text = text[:TEXT_MOST]
    if not text.isascii():
        text = text.encode("utf-8", "replace")[:TEXT_MOST].decode("utf-8", "ignore").translate(_INVISIBLE)
    text = fold(text)
    pattern = _PLAIN_TOKEN if text.isascii() else _TOKEN
    lines = [pattern.findall(line) for line in _body(text)]
    words = [token for line in lines for token in line if token.isalpha()]
    named = sum(not word.islower() for word in words) <= NAMES_MOST * len(words)
    found: list[str] = []
    last = ""
    for line in lines:
        if len(found) >= TOKENS_MOST:
            break
        begins = True
        for token in line:
            if token.islower():
                last = token[:WORD_MOST]
                found.append(last)
            elif token.isalpha():
                level = NAME if named and not begins and len(token) > 1 and token[0].isupper() else ""
                if not level or last is not NAME:
                    found.append(level or token[:WORD_MOST].lower())
                last = level or token
            elif token[0] in ".!?":
                begins = last is not NAME  # "Mr. Wang", "Co. Ltd": the name goes on
                continue
            elif last is not FIGURE:
                last = FIGURE
                found.append(FIGURE)
            begins = False
    return found[:TOKENS_MOST]


def _body(text: str) -> list[str]:
    """The lines between greeting and closing, without links and mail addresses."""
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    first = lines[0].strip() if lines else ""
    if len(first) <= LINE_MOST and (GREETING.match(first) or first.endswith((",", ":", "!"))):
        del lines[0]
    left = 0
    for i in range(len(lines) - 1, 0, -1):
        left += len(lines[i])
        if left > TAIL_MOST:
            break
        if len(lines[i]) <= LINE_MOST and CLOSING.search(lines[i]):
            del lines[i:]
            break
    if "@" in text or "://" in text or "www." in text:
        lines = [" ".join(w for w in line.split() if not _is_address(w)) for line in lines]
    return lines


def _is_address(word: str) -> bool:
    return "@" in word or "://" in word or "www." in word


def _own(mail: Mail) -> str:
    parts, left = [], TEXT_MOST
    for span in mail.own:
        parts.append(mail.body[span.start : min(span.end, span.start + left)])
        left -= len(parts[-1])
        if left <= 0:
            break
    return "\n".join(parts)


_PLACES: Final = range(0, MINIMA, ROWS)


def bands(sketch: bytes) -> list[int]:
    """The BANDS numbers of which nearly alike sketches share at least one."""
    return [i << 8 * ROWS | int.from_bytes(sketch[at : at + ROWS], "big") for i, at in enumerate(_PLACES)]


def likeness(sketch: bytes, others: list[bytes]) -> npt.NDArray[np.float64]:
    """How alike each of the others is, 0-1: the share of sequences in both among those in either."""
    mine = np.frombuffer(sketch, "<u2", offset=MINIMA)
    rows = b"".join(other[MINIMA:].ljust(2 * VALUES, b"\xff") for other in others)
    theirs = np.frombuffer(rows, "<u2").reshape(-1, VALUES)
    # Below the last value of a full sketch none is missing: up to the lower one of both, both are whole.
    whole = np.minimum(theirs[:, -1], np.uint16(mine[-1] if len(mine) == VALUES else _MOST))
    known = theirs <= whole[:, None]
    present = np.zeros(1 << 16, np.bool_)
    present[mine] = True
    both = (present[theirs] & known).sum(axis=1)
    either = np.searchsorted(mine, whole, "right") + known.sum(axis=1) - both
    told: npt.NDArray[np.float64] = both / np.maximum(either, 1)
    return told


_standard: Phrases | None = None


def is_standard(mail: Mail) -> bool:
    """Whether the own words are little more than what a marketplace writes for those who click a product.

    Many people send these same sentences, and none of them is a mass mailing. Takes 0.1 ms: ask it of texts that were
    found alike only.
    """
    global _standard
    if _standard is None:
        _standard = Phrases(p for p in shipped().patterns if p.tag in STANDARD)
    text = Text(mail)
    found = sorted((h.start, h.end) for h in _standard.scan(text) if h.own)
    covered, last = 0, 0
    for start, end in found:
        covered += max(0, end - max(start, last))
        last = max(last, end)
    whole = sum(s.end - s.start for s in text.own)
    return covered > 0 and whole - covered < max(OWN_LEAST, OWN_SHARE * whole)
