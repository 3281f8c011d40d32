"""What a PDF holds that a reader can press or that runs: found by search, without building the document.

The names are those of ISO 32000-1: URI actions §12.6.4.7, launch actions §12.6.4.5, scripts §12.6.4.16, embedded
files §7.11.4, object streams §7.5.7. Every search is linear, and what is inflated comes out of one sum for the
whole message (``Notes.unpack``), so neither size nor number of streams costs more than a few milliseconds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import re2

from keeneye.mail import links
from keeneye.mail.limits import Notes

SCANNED = 8 * 1024 * 1024
LINKS_MOST = 200
FILES_MOST = 50
ACTIONS_MOST = 1_000
FIGURES_MOST = 1024 * 1024
STREAMS_MOST = 2_000
OBJECT_STREAMS_MOST = 150
PAGES_MOST = 8
TEXT_ENOUGH = 1_000
CHUNK = 4096
COST = 2048
"""Bytes that opening a stream counts as, whatever comes out."""
OBJECTS_MOST = 128 * 1024
PAGE_MOST = 12 * 1024
_DICTIONARY = 400
_STRING = rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,300}\)){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>"
_VALUE = re.compile(rb"\s{0,8}(?:(" + _STRING + rb")|(\d{1,9})\s{1,3}\d{1,5}\s{1,3}R)", re.S)
_NAME_IN_FIGURES = re.compile(rb"#([4-7][0-9A-Fa-f])")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n?|.)", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b"", b"\r": b"", b"\r\n": b""}
_ADDRESS = re.compile(r"\s{0,8}(?:[a-zA-Z][a-zA-Z0-9+.-]{1,20}:|www\.|//)")
_ENCRYPTED = re2.compile(rb"/Encrypt\s{0,3}(?:\d{1,9}\s{1,3}\d{1,5}\s{1,3}R|<<)")
_SCRIPT = re2.compile(rb"/(?:JavaScript|JS|Launch)[^A-Za-z]")
_HAS_FIGURES = re2.compile(rb"/[A-Z]{0,3}#[4-7][0-9A-Fa-f]")
_NO_WORDS = (b"/Image", b"/Length1", b"/Length2", b"/XRef", b"/Metadata", b"/XML", b"/N 3", b"/FontFile", b"/CIDFont",
             b"/Type1C", b"/OpenType", b"/CMap")  # fmt: skip
_SHOWN = re.compile(rb"(\((?:[^()\\]|\\.){0,2000}\))|-(\d{3,6})(?:\.\d{1,6})?\s?(?=\()|(T[dDm*]|['\"]|ET)(?=\s)", re.S)
_GAP = 180
"""Thousandths of the font size that two pieces stand apart at least when a blank is meant."""


@dataclass(slots=True)
class Pdf:
    """``links``: addresses of URI actions; ``files``: names of embedded files; ``text``: the first words shown, empty
    where the fonts have codes of their own; ``form``: entries are sent off; ``elsewhere``: an action names an object
    for its address."""

    encrypted: bool = False
    script: bool = False
    form: bool = False
    links: dict[str, None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    text: str = ""
    elsewhere: bool = False


def read(data: bytes, notes: Notes) -> Pdf:
    """What is found in the bytes of a PDF. Never raises; bounded as told above."""
    if len(data) > SCANNED:  # actions stand at the end of large files
        notes.add("pdf_long")
        data = data[: SCANNED // 2] + data[-SCANNED // 2 :]
    found = Pdf(encrypted=_ENCRYPTED.search(data) is not None)
    _take(data, found)
    if found.encrypted:  # the streams are as unreadable as the strings
        return found
    # Actions stand in the last objects written, or in the first: both ends are read.
    objects = list(_streams(data, b"/ObjStm"))
    if len(objects) > OBJECT_STREAMS_MOST:
        notes.add("pdf_streams")
        objects = objects[: OBJECT_STREAMS_MOST // 2] + objects[-OBJECT_STREAMS_MOST // 2 :]
    for place, _ in objects:
        if notes.late():
            break
        _take(_inflate(data, place, OBJECTS_MOST, notes), found)
    pages = (p for p, dictionary in _streams(data, b"stream") if not any(word in dictionary for word in _NO_WORDS))
    for place in islice(pages, PAGES_MOST):
        content = _inflate(data, place, PAGE_MOST, notes)
        if b"BT" not in content:
            continue
        words = _words(content)
        found.text = f"{found.text}\n{words}".strip()
        if not words or len(found.text) > TEXT_ENOUGH or notes.late():
            break  # the other pages have the same fonts
    found.text = found.text[: notes.limits.attachment_text]
    return found


def _streams(data: bytes, key: bytes) -> Iterator[tuple[int, bytes]]:
    """(first byte of its data, the end of its dictionary) of the deflated streams that ``key`` leads to."""
    at = data.find(key)
    for _ in range(STREAMS_MOST):
        if at < 0:
            return
        word = data.find(b"stream", at, at + _DICTIONARY)
        begin = word + 6
        # "endstream" and the word within other data have no dictionary in front.
        if word > 0 and data[begin : begin + 1] in (b"\r", b"\n") and data[word - 4 : word].rstrip().endswith(b">>"):
            begin += 2 if data[begin : begin + 2] == b"\r\n" else 1
            before = data[max(0, word - _DICTIONARY) : word]
            dictionary = before[before.rfind(b"obj") + 1 :]
            if b"/Fl" in dictionary or b"/ObjStm" in dictionary:
                yield begin, dictionary
        at = data.find(key, max(begin, at + 6))


def _inflate(data: bytes, place: int, most: int, notes: Notes) -> bytes:
    """The first bytes of a deflated stream; what stands before an error is kept, as readers of PDF do."""
    most = notes.unpack(most)
    end = place + most
    place += 2  # RFC 1950 §2.2; the check sum is not looked at
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    left = most
    try:
        while left > 0 and place < end and not inflate.eof:
            pieces.append(inflate.decompress(inflate.unconsumed_tail + data[place : min(end, place + CHUNK)], left))
            left -= len(pieces[-1])
            place += CHUNK
    except zlib.error:
        pass
    notes.give_back(left - COST)
    return b"".join(pieces)


def _take(blob: bytes, found: Pdf) -> None:
    """Actions, scripts, forms and embedded files of plain objects."""
    if _HAS_FIGURES.search(blob):  # a letter of a name may be written in figures (§7.3.5)
        blob = _NAME_IN_FIGURES.sub(lambda m: bytes((int(m.group(1), 16),)), blob[:FIGURES_MOST]) + blob[FIGURES_MOST:]
    found.script = found.script or _SCRIPT.search(blob) is not None
    found.form = found.form or b"/SubmitForm" in blob
    for value in _values(blob, b"/URI"):
        found.elsewhere = found.elsewhere or value is None
        if value and _ADDRESS.match(value) and len(found.links) < LINKS_MOST:
            found.links[links.resolve(value)[0]] = None
    if found.elsewhere:
        for value in _values(blob, b"(http", 5):
            if value and len(found.links) < LINKS_MOST:
                found.links[links.resolve(value)[0]] = None
    if b"/EmbeddedFile" in blob or b"/Filespec" in blob:
        for value in (*islice(_values(blob, b"/UF"), FILES_MOST), *islice(_values(blob, b"/F"), FILES_MOST)):
            if value and value.isprintable() and "." in value and "://" not in value:
                found.files[value[:300]] = None


def _values(blob: bytes, key: bytes, back: int = 0) -> Iterator[str | None]:
    """The strings that stand behind a name; None where an object of its own is named instead of the string."""
    at = blob.find(key)
    for _ in range(ACTIONS_MOST):
        if at < 0:
            return
        at += len(key)
        match = _VALUE.match(blob, at - back)
        if match:
            yield _string(match.group(1)) if match.group(1) else None
        at = blob.find(key, at)


def _string(raw: bytes) -> str:
    """A literal or hexadecimal string (§7.3.4) as text (§7.9.2)."""
    if raw[:1] == b"<":
        figures = b"".join(raw[1:-1].split())
        value = bytes.fromhex((figures + b"0" * (len(figures) % 2)).decode("ascii"))
    else:
        value = raw[1:-1]
        if b"\\" in value:
            value = _ESCAPE.sub(_escape, value)
    if value[:2] == b"\xfe\xff":
        return value[2:].decode("utf-16-be", "replace").replace("\0", "")
    return value.decode("utf-8" if value.isascii() else "cp1252", "replace").replace("\0", "")


def _escape(match: re.Match[bytes]) -> bytes:
    found = match.group(1)
    return bytes((int(found, 8) & 255,)) if found.isdigit() and found[:1] < b"8" else _ESCAPED.get(found, found)


def _words(content: bytes) -> str:
    """The text that a page's content shows with fonts of a standard encoding; empty when it is no readable text."""
    if b"(" not in content:
        return ""
    pieces: list[str] = []
    for match in _SHOWN.finditer(content, content.find(b"BT")):
        shown, gap, move = match.groups()
        if shown:
            pieces.append(_string(shown))
        elif gap:
            if int(gap) > _GAP:
                pieces.append(" ")
        elif move:
            pieces.append("\n")
    text = " ".join("".join(pieces).split())
    readable = sum(c.isalnum() or c == " " for c in text)
    return text if len(text) >= 3 and text.isprintable() and readable >= len(text) * 0.7 else ""
