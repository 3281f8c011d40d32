"""The words that a page of a PDF shows (ISO 32000-1 §9.4), through the codes of its fonts where these have some.

A font that was cut down to the letters in use has codes of its own; its ToUnicode map (§9.10.3) gives the letters back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BLOCKS_MOST = 40
RANGES_MOST = 200
RANGE_MOST = 256
_CODE_SPACE = re.compile(rb"begincodespacerange\s{0,9}<([0-9A-Fa-f]{2,8})>")
_PAIR = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s{0,9}<([0-9A-Fa-f\s]{1,64})>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f]{1,8})>\s{0,9}<([0-9A-Fa-f]{1,8})>\s{0,9}(?:<([0-9A-Fa-f\s]{1,64})>|\[([0-9A-Fa-f<>\s]{1,9000})\])"
)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]{1,64})>")
_SHOWN = re.compile(
    rb"/([^\s/<>\[\]()]{1,40})\s{1,4}-?[\d.]{1,10}\s{1,4}Tf|(\((?:[^()\\]|\\.){0,2000}\)|<[0-9A-Fa-f\s]{2,4000}>)|"
    rb"-(\d{3,6})(?:\.\d{1,6})?\s?(?=[(<])|(T[dDm*]|['\"]|ET)(?=\s)|(\s0 T[dD])(?=\s)",
    re.S,
)
_GAP = 180
"""Thousandths of the font size that two pieces stand apart at least when a blank is meant."""
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n?|.)", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b"", b"\r": b"", b"\r\n": b""}


@dataclass(frozen=True, slots=True)
class Codes:
    """A font's codes: ``width`` bytes each, and the letters they stand for."""

    width: int
    letters: dict[int, str]

    def read(self, shown: bytes) -> str:
        step, letters = self.width, self.letters
        return "".join(letters.get(int.from_bytes(shown[i : i + step]), "") for i in range(0, len(shown), step))


def codes(to_unicode: bytes) -> Codes | None:
    """A ToUnicode map, or None when it maps nothing."""
    space = _CODE_SPACE.search(to_unicode)
    letters: dict[int, str] = {}
    for block in _blocks(to_unicode, b"bfchar"):
        letters.update((int(code, 16), _letters(target)) for code, target in _PAIR.findall(block))
    for block in _blocks(to_unicode, b"bfrange"):
        for first, last, target, each in _RANGE.findall(block)[:RANGES_MOST]:
            start = int(first, 16)
            count = max(0, min(int(last, 16) - start + 1, RANGE_MOST))
            if each:
                letters.update(zip(range(start, start + count), map(_letters, _HEX.findall(each)), strict=False))
            elif head := _letters(target):
                stem, final = head[:-1], min(ord(head[-1]), 0x10FF00)
                letters.update((start + i, stem + chr(final + i)) for i in range(count))
    if not letters:
        return None
    return Codes(max(1, len(space.group(1)) // 2) if space else 1 + (max(letters) > 255), letters)


def _blocks(to_unicode: bytes, kind: bytes) -> list[bytes]:
    pieces = to_unicode.split(b"begin" + kind)[1 : BLOCKS_MOST + 1]
    return [piece.partition(b"end" + kind)[0] for piece in pieces]


def _letters(figures: bytes) -> str:
    return _from_hex(figures).decode("utf-16-be", "ignore").replace("\0", "")


def words(content: bytes, fonts: dict[bytes, Codes | None]) -> str:
    """The text that a page's content shows; empty when it is no readable text.

    ``fonts``: the codes of the fonts by the names that the page gives them; None: a font of codes without any map.
    """
    begin = content.find(b"BT")
    if begin < 0:
        return ""
    pieces: list[str] = []
    font: Codes | None = None
    legible = True
    for match in _SHOWN.finditer(content, begin):
        name, shown, gap, move, along = match.groups()
        if shown:
            if font is not None:
                pieces.append(font.read(value(shown)))
            elif legible and shown[:1] == b"(":
                pieces.append(text(value(shown)))
        elif name:
            font = fonts.get(name)
            legible = font is None and name not in fonts
        elif gap:
            if int(gap) > _GAP:
                pieces.append(" ")
        elif move or (along and (font is None or font.width == 1)):
            # Along the line: where every letter has a code of two bytes, blanks have one too, and this is mere kerning.
            pieces.append("\n")
    read = " ".join("".join(pieces).split())
    readable = sum(c.isalnum() or c == " " for c in read)
    return read if len(read) >= 3 and read.isprintable() and readable >= len(read) * 0.7 else ""


def value(written: bytes) -> bytes:
    """The bytes of a literal or hexadecimal string (§7.3.4)."""
    if written[:1] == b"<":
        return _from_hex(written[1:-1])
    inner = written[1:-1]
    return _ESCAPE.sub(_escape, inner) if b"\\" in inner else inner


def text(string: bytes) -> str:
    """A string as text (§7.9.2)."""
    if string[:2] == b"\xfe\xff":
        return string[2:].decode("utf-16-be", "replace").replace("\0", "")
    return string.decode("utf-8" if string.isascii() else "cp1252", "replace").replace("\0", "")


def _from_hex(figures: bytes) -> bytes:
    figures = b"".join(figures.split())
    return bytes.fromhex((figures + b"0" * (len(figures) % 2)).decode("ascii"))


def _escape(match: re.Match[bytes]) -> bytes:
    found = match.group(1)
    return bytes((int(found, 8) & 255,)) if found.isdigit() and found[:1] < b"8" else _ESCAPED.get(found, found)
