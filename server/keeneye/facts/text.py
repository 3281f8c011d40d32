"""The text that facts are drawn from: bounded, folded for matching, and always mapped back to the part it stands in.

Patterns never see the message as it is written. They see a copy in which every code point is replaced by one other
(full width → ASCII, curly quotes → straight, accents off Latin letters, alef forms to one alef, traditional Chinese →
simplified, other punctuation and every kind of space → a space), so an offset in the copy is the same offset in the
message.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from keeneye.model import Evidence, Mail, Span

OWN_MOST: Final = 20_000
"""Code points of the writer's own words that are judged; a letter has 1,500."""
BODY_MOST: Final = 60_000
"""Code points of the whole body that are judged."""
SUBJECT_MOST: Final = 1_000
SIGNATURE_MOST: Final = 3_000
QUOTE_MOST: Final = 200
"""Code points of one evidence quote."""

SEPARATOR: Final = "\n.\n"
"""Stands between subject and body in the scanned text: no phrase reaches over a full stop and a line end."""

_CACHED_MOST: Final = 20_000
HAN: Final = Path(__file__).parent.parent / "lexicons" / "scripts" / "han.toml"
# Signs and letters that have no decomposition to the one that people type instead, as pairs.
_SAME: Final = dict(
    zip(
        "‘’‚‛′´`ʼ“”„«»″‐‑‒–—―−×✕✖⨯。、،؛؟…đĐıİłŁøØىةکی\u2028\u2029\x85\v\f",
        "''''''''\"\"\"\"\"\"-------xxxx.,,;?.dDiIlLoOيهكي\n\n\n\n\n",
        strict=True,
    )
)
# Signs that patterns may name: they stay as they are. Everything else that is no letter, digit or mark becomes a space.
_KEPT: Final = frozenset("€£¥$₹₽₩₺₫¢°µ№℃℉±≤≥≈⌀½¼¾‰")
_LOOK_ALIKE: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝгпАВЕЗКМНОРСТУХІЈЅԌαοιυνρτκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwrnABE3KMHOPCTYXIJSGaoiuvptkABEZHIKMNOPTYX",
)


def _folded(char: str) -> str:
    """One code point as patterns see it; always exactly one code point."""
    if char in _SAME:
        return _SAME[char]
    if char in _KEPT:
        return char
    figure = unicodedata.decimal(char, None)
    if figure is not None:
        return str(figure)  # Arabic-Indic and other decimal digits
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) != 1:
        plain = char
    if plain in _SAME:
        return _SAME[plain]
    code = ord(plain)
    if 0xC0 <= code < 0x400 or 0x1E00 <= code < 0x2000 or 0x620 <= code < 0x700 or code in (0x401, 0x451):
        plain = unicodedata.normalize("NFD", plain)[0]
    if plain.isascii():
        return plain if plain >= " " or plain in "\n\t\r" else " "
    if "\u3400" <= plain <= "\u9fff":
        return _simplified().get(plain, plain)
    if plain in _KEPT or unicodedata.category(plain)[0] in "LNM":
        return plain
    return " "


@cache
def _simplified() -> dict[str, str]:
    """Simplified by traditional Chinese characters; read when the first Chinese character is met."""
    content = tomllib.loads(HAN.read_text("utf-8"))
    traditional, simplified = ("".join(content[key].split()) for key in ("traditional", "simplified"))
    return dict(zip(traditional, simplified, strict=True))


class _Fold(dict[int, str]):
    """A translation table that fills itself; bounded, because a message may hold every code point there is."""

    def __missing__(self, code: int) -> str:
        char = _folded(chr(code))
        if len(self) < _CACHED_MOST:
            self[code] = char
        return char


_FOLD: Final = _Fold()
_PLAIN_CONTROLS: Final = str.maketrans({c: " " for c in range(32) if chr(c) not in "\n\t\r"} | {0x0B: "\n", 0x0C: "\n"})


def fold_char(char: str) -> str:
    """One code point as patterns see it."""
    return _FOLD[ord(char)]


def fold(text: str) -> str:
    """The text as patterns see it: same length, same offsets."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_PLAIN_CONTROLS)
    folded = text.translate(_FOLD)
    return folded if folded.isascii() else _unmixed(folded)


def _unmixed(text: str) -> str:
    """Words that mix Latin with look-alike Cyrillic or Greek letters, written in Latin (``pаsswоrd``)."""
    if not any("\u0370" <= c <= "\u052f" for c in set(text)):
        return text
    out: list[str] = []
    for word in _runs(text):
        latin = any(c.isascii() and c.isalpha() for c in word)
        mixed = latin and any("\u0370" <= c <= "\u052f" for c in word)
        out.append(word.translate(_LOOK_ALIKE) if mixed else word)
    return "".join(out)


def _runs(text: str) -> Iterable[str]:
    """The text cut where letters begin or end."""
    start = 0
    inside = False
    for i, char in enumerate(text):
        if char.isalpha() != inside:
            if i > start:
                yield text[start:i]
            start, inside = i, not inside
    yield text[start:]


class Text:
    """Subject and body of a mail, ready for patterns.

    ``folded``: subject + SEPARATOR + body, folded. ``base``: where the body begins in it. ``own``: the writer's own
    ranges, ``signature``: the signature's, ``form``: the fields of a marketplace's or web form's notice; all in offsets
    of ``folded`` and clipped to the caps.
    """

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        self.subject = mail.subject[:SUBJECT_MOST]
        self.body = mail.body[:BODY_MOST]
        self.folded = fold(self.subject) + SEPARATOR + fold(self.body)
        self.base = len(self.subject) + len(SEPARATOR)
        self.ascii = self.folded.isascii()
        self.data = self.folded.encode("utf-8", "replace") if not self.ascii else self.folded.encode("ascii")
        self.own = tuple(self._own(mail.own))
        notice = mail.forwarded if mail.forwarded is not None and mail.forwarded.kind == "notice" else None
        self.signature = self._clipped(mail.signature)
        self.form = self._clipped(notice.span) if notice is not None else None

    def _clipped(self, span: Span | None) -> Span | None:
        if span is None or not 0 <= span.start < span.end or span.start >= len(self.body):
            return None
        return Span(span.start + self.base, min(span.end, len(self.body), span.start + SIGNATURE_MOST) + self.base)

    def _own(self, spans: Iterable[Span]) -> Iterable[Span]:
        left, last = OWN_MOST, 0
        for span in spans:
            start, end = max(span.start, last), min(span.end, len(self.body), span.start + left)
            if end > start:
                yield Span(start + self.base, end + self.base)
                left, last = left - (end - start), end
            if left <= 0:
                return

    @cached_property
    def _points(self) -> npt.NDArray[np.int64]:
        """For every byte of ``data``, and its end, how many code points begin before it."""
        starts = (np.frombuffer(self.data, np.uint8) & 0xC0) != 0x80
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(starts, dtype=np.int64)))

    @cached_property
    def _bytes(self) -> npt.NDArray[np.int64]:
        """For every code point of ``folded`` the byte where it begins."""
        starts = (np.frombuffer(self.data, np.uint8) & 0xC0) != 0x80
        return np.concatenate((np.flatnonzero(starts), np.array([len(self.data)])))

    @cached_property
    def own_starts(self) -> tuple[int, ...]:
        """The bytes of ``data`` where the writer's own words and his signature begin, ascending."""
        return tuple(sorted(self.byte(s.start) for s in (*self.own, *([self.signature] if self.signature else []))))

    def point(self, byte: int) -> int:
        """The code point that begins at this byte of ``data``."""
        return byte if self.ascii else int(self._points[byte])

    def byte(self, point: int) -> int:
        """The byte of ``data`` where this code point begins."""
        return point if self.ascii else int(self._bytes[point])

    def written(self, start: int, length: int) -> str:
        """What is written at a range of ``folded`` in the message itself."""
        if start < self.base:
            return self.subject[start : start + length]
        return self.body[start - self.base : start - self.base + length]

    def is_own(self, start: int, end: int) -> bool:
        """Whether a range of ``folded`` lies in the subject or in one of the writer's own ranges."""
        if end <= len(self.subject):
            return True
        for span in self.own:  # asked of every hit: a generator costs more than the answer
            if span.start <= start:
                if end <= span.end:
                    return True
            else:
                break
        return False

    def is_signature(self, start: int, end: int) -> bool:
        """Whether a range of ``folded`` lies in the signature."""
        sign = self.signature
        return sign is not None and sign.start <= start and end <= sign.end

    def evidence(self, start: int, end: int) -> Evidence:
        """The words at a range of ``folded``, as written, with their place in the part they stand in."""
        end = min(end, start + QUOTE_MOST)
        if start < self.base:
            end = min(end, len(self.subject))
            return Evidence("subject", self.subject[start:end], start, end)
        start, end = start - self.base, end - self.base
        return Evidence(self.mail.body_part, self.body[start:end], start, end)
