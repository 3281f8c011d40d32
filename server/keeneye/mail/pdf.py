"""What a PDF holds that a reader can press or that runs, and its first words: found by search, without building it.

The names are those of ISO 32000-1: URI actions §12.6.4.7, launch actions §12.6.4.5, scripts §12.6.4.16, embedded
files §7.11.4, object streams §7.5.7, filters §7.4. Every search is linear, and what is inflated comes out of one sum
for the whole message (``Notes.unpack``), so neither size nor number of streams costs more than a few milliseconds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np
import re2

from keeneye.mail import links, pdf_lock, pdf_words
from keeneye.mail.limits import Notes

SCANNED = 8 * 1024 * 1024
LINKS_MOST = 200
FILES_MOST = 50
ACTIONS_MOST = 1_000
FIGURES_MOST = 1024 * 1024
STREAMS_MOST = 2_000
OBJECT_STREAMS_MOST = 150
PAGES_MOST = 8
FONTS_MOST = 40
TRIES_MOST = 20
TEXT_ENOUGH = 1_000
CHUNK = 4096
COST = 2048
"""Bytes that opening a stream counts as, whatever comes out."""
OBJECTS_MOST = 128 * 1024
PAGE_MOST = 12 * 1024
CODES_MOST = 64 * 1024
OBJECT_MOST = 16 * 1024
_DICTIONARY = 400
_STRING = rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,300}\)){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>"
_VALUE = re.compile(rb"\s{0,8}(?:(" + _STRING + rb")|(\d{1,9})\s{1,3}\d{1,5}\s{1,3}R)", re.S)
_NAME_IN_FIGURES = re.compile(rb"#([4-7][0-9A-Fa-f])")
_ADDRESS = re.compile(r"\s{0,8}(?:[a-zA-Z][a-zA-Z0-9+.-]{1,20}:|www\.|//)")
_ENCRYPTED = re2.compile(rb"/Encrypt\s{0,3}(?:(\d{1,9})\s{1,3}\d{1,5}\s{1,3}R|<<)")
_SCRIPT = re2.compile(rb"/(?:JavaScript|JS|Launch)[^A-Za-z]")
_HAS_FIGURES = re2.compile(rb"/[A-Z]{0,3}#[4-7][0-9A-Fa-f]")
_NO_WORDS = (b"/Image", b"/Length1", b"/Length2", b"/XRef", b"/Metadata", b"/XML", b"/N 3", b"/FontFile", b"/CIDFont",
             b"/Type1C", b"/OpenType", b"/CMap", b"/ObjStm")  # fmt: skip
_FILTERS = re.compile(rb"/Filter\s{0,3}(?:\[([^\]]{0,200})\]|/(\w{1,20}))")
_PREDICTOR = re.compile(rb"/Predictor\s{1,3}1[0-5](?!\d)")
_COLUMNS = re.compile(rb"/Columns\s{1,3}(\d{1,5})")
_ID = re.compile(rb"/ID\s{0,3}\[\s{0,3}(" + _STRING + rb")", re.S)
_OWNER = re.compile(rb"(\d{1,9})\s{1,3}(\d{1,5})\s{1,3}$")
_FIRST = re.compile(rb"/First\s{1,3}(\d{1,7})")
_FONTS = re.compile(rb"/Font\s{0,8}(?:<<([^<>]{1,4000})>>|(\d{1,9})\s{1,3}\d{1,5}\s{1,3}R)")
_NAMED = re.compile(rb"/([^\s/<>\[\]()]{1,40})\s{0,3}(\d{1,9})\s{1,3}\d{1,5}\s{1,3}R")
_TO_UNICODE = re.compile(rb"/ToUnicode\s{1,3}(\d{1,9})\s{1,3}\d{1,5}\s{1,3}R")
_PADDING = bytes(range(1, 17))
"""What fills up the last block of AES; no address ends so."""
Opener = Callable[[bytes, bytes, int], bytes]
"""Deciphers the bytes that stand in a blob of the file at a place."""


@dataclass(slots=True)
class Pdf:
    """``encrypted``: it wants a password, None: could not be told; ``links``: addresses of URI actions; ``files``:
    names of embedded files; ``text``: the first words shown; ``form``: entries are sent off; ``elsewhere``: an action
    names an object for its address."""

    encrypted: bool | None = False
    script: bool = False
    form: bool = False
    links: dict[str, None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    text: str = ""
    elsewhere: bool = False


class _Stream(NamedTuple):
    """``place``: the first byte of its data; ``dictionary``: the end of what describes it."""

    place: int
    dictionary: bytes


def read(data: bytes, notes: Notes) -> Pdf:
    """What is found in the bytes of a PDF. Never raises; bounded as told above."""
    if len(data) > SCANNED:  # actions stand at the end of large files
        notes.add("pdf_long")
        data = data[: SCANNED // 2] + data[-SCANNED // 2 :]
    found = Pdf()
    opener: Opener | None = None
    if lock := _ENCRYPTED.search(data):
        found.encrypted, opener = _opened(data, lock)
    _take(data, found, opener)
    if found.encrypted is not False:  # the streams are as unreadable as the strings
        return found
    # Actions stand in the last objects written, or in the first: both ends are read.
    streams = list(_streams(data, b"/ObjStm"))
    if len(streams) > OBJECT_STREAMS_MOST:
        notes.add("pdf_streams")
        streams = streams[: OBJECT_STREAMS_MOST // 2] + streams[-OBJECT_STREAMS_MOST // 2 :]
    packed: list[tuple[bytes, bytes]] = []
    for stream in streams:
        if notes.late():
            break
        blob = _content(data, stream, OBJECTS_MOST, notes, opener)
        _take(blob, found)
        if b"/Font" in blob or b"/ToUnicode" in blob:
            packed.append((stream.dictionary, blob))
    pages = (s for s in _streams(data, b"stream") if not any(word in s.dictionary for word in _NO_WORDS))
    fonts: dict[bytes, pdf_words.Codes | None] | None = None
    for stream in islice(pages, PAGES_MOST):
        content = _content(data, stream, PAGE_MOST, notes, opener)
        if b"BT" not in content:
            continue
        if fonts is None:
            fonts = _fonts(data, packed, notes, opener)
        words = pdf_words.words(content, fonts)
        found.text = f"{found.text}\n{words}".strip()
        if not words or len(found.text) > TEXT_ENOUGH or notes.late():
            break  # the other pages have the same fonts
    found.text = found.text[: notes.limits.attachment_text]
    return found


def _opened(data: bytes, lock: re2._Match[bytes]) -> tuple[bool | None, Opener | None]:
    """Whether the file wants a password, and what deciphers it when it does not."""
    encrypt = data[lock.end() - 2 : lock.end() + 4096] if lock.group(1) is None else _object(data, int(lock.group(1)))

    def string(name: bytes) -> bytes:
        match = re.search(rb"/" + name + rb"\s{0,3}(" + _STRING + rb")", encrypt, re.S)
        return pdf_words.value(match.group(1)) if match else b""

    at, first_id = data.rfind(b"/ID"), b""
    for _ in range(TRIES_MOST):
        match = _ID.match(data, at) if at >= 0 else None
        if match:
            first_id = pdf_words.value(match.group(1))
            break
        at = data.rfind(b"/ID", 0, max(0, at))
    try:
        key = pdf_lock.key_of(encrypt, string, first_id)
    except ValueError:  # a key of a length that the cipher does not have
        return None, None
    if key is None:
        return True, None

    def opener(enciphered: bytes, blob: bytes, place: int) -> bytes:
        begin = blob.rfind(b" obj", max(0, place - OBJECT_MOST), place)
        owner = _OWNER.search(blob[max(0, begin - 18) : begin + 1]) if begin > 0 else None
        if owner is None:
            return b""
        try:
            return key.open(enciphered, int(owner.group(1)), int(owner.group(2)))
        except ValueError:
            return b""

    return False, opener


def _object(data: bytes, number: int) -> bytes:
    """The beginning of a plain object, its last version; empty when there is none."""
    at = _place(data, number)
    return data[at : at + OBJECT_MOST].partition(b"endobj")[0] if at >= 0 else b""


def _place(data: bytes, number: int) -> int:
    mark = b"%d 0 obj" % number
    at = data.rfind(mark)
    for _ in range(TRIES_MOST):
        if at <= 0 or not data[at - 1 : at].isdigit():  # 12 0 obj is not 2 0 obj
            break
        at = data.rfind(mark, 0, at)
    return at


def _streams(data: bytes, key: bytes) -> Iterator[_Stream]:
    """The streams that ``key`` leads to, those with filters that are not read left out."""
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
            yield _Stream(begin, _plain_names(before[before.rfind(b"obj") + 1 :]))
        at = data.find(key, max(begin, at + 6))


def _content(data: bytes, stream: _Stream, most: int, notes: Notes, opener: Opener | None) -> bytes:
    """The first bytes of a stream, without its filters; empty behind a filter that no text needs."""
    granted = notes.unpack(most)
    raw = data[stream.place : stream.place + granted].partition(b"endstream")[0]
    if opener:
        raw = opener(raw, data, stream.place)
    match = _FILTERS.search(stream.dictionary)
    names = re.findall(rb"\w+", match.group(1) or match.group(2)) if match else [b"Fl"] if raw[:1] == b"x" else []
    for name in names:
        if name in (b"FlateDecode", b"Fl"):
            raw = _inflate(raw, granted)
        elif name in (b"ASCII85Decode", b"A85"):
            raw = _ascii85(raw)
        elif name in (b"ASCIIHexDecode", b"AHx"):
            figures = re.sub(rb"[^0-9A-Fa-f]", b"", raw.partition(b">")[0])
            raw = bytes.fromhex(figures[: len(figures) & ~1].decode("ascii"))
        else:
            raw = b""
    if raw and _PREDICTOR.search(stream.dictionary):
        columns = _COLUMNS.search(stream.dictionary)
        raw = _unpredicted(raw, int(columns.group(1)) if columns else 1)
    notes.give_back(granted - len(raw) - COST)
    return raw


def _plain_names(blob: bytes) -> bytes:
    """A letter of a name may be written in figures (§7.3.5)."""
    if not _HAS_FIGURES.search(blob):
        return blob
    return _NAME_IN_FIGURES.sub(lambda m: bytes((int(m.group(1), 16),)), blob[:FIGURES_MOST]) + blob[FIGURES_MOST:]


def _inflate(raw: bytes, most: int) -> bytes:
    """At most ``most`` bytes of a deflated stream; what stands before an error is kept, as readers of PDF do."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    place, left = 2, most  # RFC 1950 §2.2; the check sum is not looked at
    try:
        while left > 0 and place < len(raw) and not inflate.eof:
            pieces.append(inflate.decompress(inflate.unconsumed_tail + raw[place : place + CHUNK], left))
            left -= len(pieces[-1])
            place += CHUNK
    except zlib.error:
        pass
    return b"".join(pieces)


def _ascii85(raw: bytes) -> bytes:
    """§7.4.3; what is not of the alphabet is passed over."""
    raw = raw.partition(b"~")[0].replace(b"z", b"!!!!!")
    signs = np.frombuffer(raw, np.uint8)
    signs = signs[(signs >= 33) & (signs <= 117)] - 33
    rest = -len(signs) % 5
    groups = np.append(signs, np.full(rest, 84, np.uint8)).reshape(-1, 5).astype(np.uint64)
    numbers = groups @ np.array([85**4, 85**3, 85**2, 85, 1], np.uint64)
    whole = numbers.astype(">u4").tobytes()
    return whole[: len(whole) - rest]


def _unpredicted(raw: bytes, columns: int) -> bytes:
    """Rows without the PNG filters None, Sub and Up (§7.4.4.4) over bytes; others are for pictures and stop it."""
    count = len(raw) // (columns + 1)
    rows = np.frombuffer(raw, np.uint8, count * (columns + 1)).reshape(count, columns + 1)
    kinds, plain = rows[:, 0], rows[:, 1:].copy()
    if (kinds == 2).all():
        return np.cumsum(plain, axis=0, dtype=np.uint8).tobytes()
    for number, kind in enumerate(kinds):
        if kind == 1:
            plain[number] = np.cumsum(plain[number], dtype=np.uint8)
        elif kind == 2 and number:
            plain[number] += plain[number - 1]
        elif kind > 2:
            return plain[:number].tobytes()
    return plain.tobytes()


def _fonts(
    data: bytes, packed: list[tuple[bytes, bytes]], notes: Notes, opener: Opener | None
) -> dict[bytes, pdf_words.Codes | None]:
    """Codes of the fonts by the names that pages give them; None where the codes' map is not there."""
    if b"/ToUnicode" not in data and not any(b"/ToUnicode" in blob for _, blob in packed):
        return {}
    inside: dict[int, bytes] = {}
    for dictionary, blob in packed:
        inside.update(_members(dictionary, blob))
    fonts: dict[bytes, pdf_words.Codes | None] = {}
    for blob in (data, *(blob for _, blob in packed)):
        for found in islice(_FONTS.finditer(blob), FONTS_MOST):
            listed, number = found.groups()
            listed = listed or inside.get(int(number)) or _object(data, int(number))
            for name, at in _NAMED.findall(listed[:4000]):
                if name in fonts or len(fonts) == FONTS_MOST or notes.late():
                    continue
                font = inside.get(int(at)) or _object(data, int(at))
                codes = _TO_UNICODE.search(font)
                if codes:
                    fonts[name] = _codes(data, int(codes.group(1)), notes, opener)
                elif b"/Type0" in font:
                    fonts[name] = None
    return fonts


def _members(dictionary: bytes, blob: bytes) -> dict[int, bytes]:
    """The objects of an object stream by their numbers (§7.5.7)."""
    first = _FIRST.search(dictionary)
    begin = int(first.group(1)) if first else 0
    figures = [int(f) for f in blob[:begin].split()[:4000] if f.isdigit() and len(f) < 10]
    places = [begin + place for place in figures[1::2]]
    return {n: blob[a:b] for n, a, b in zip(figures[::2], places, [*places[1:], len(blob)], strict=False)}


def _codes(data: bytes, number: int, notes: Notes, opener: Opener | None) -> pdf_words.Codes | None:
    at = _place(data, number)
    stream = next(_streams(data[at : at + 4 * _DICTIONARY], b"stream"), None) if at >= 0 else None
    if stream is None:
        return None
    return pdf_words.codes(_content(data, stream._replace(place=at + stream.place), CODES_MOST, notes, opener))


def _take(blob: bytes, found: Pdf, opener: Opener | None = None) -> None:
    """Actions, scripts, forms and embedded files of plain objects."""
    blob = _plain_names(blob)
    found.script = found.script or _SCRIPT.search(blob) is not None
    found.form = found.form or b"/SubmitForm" in blob
    for value in _values(blob, b"/URI", opener):
        found.elsewhere = found.elsewhere or value is None
        if value and _ADDRESS.match(value) and len(found.links) < LINKS_MOST:
            found.links[links.resolve(value)[0]] = None
    if found.elsewhere:
        for value in _values(blob, b"(http", None, 5):
            if value and len(found.links) < LINKS_MOST:
                found.links[links.resolve(value)[0]] = None
    if b"/EmbeddedFile" in blob or b"/Filespec" in blob:
        for key in (b"/UF", b"/F"):
            for value in islice(_values(blob, key, opener), FILES_MOST):
                if value and value.isprintable() and "." in value and "://" not in value:
                    found.files[value[:300]] = None


def _values(blob: bytes, key: bytes, opener: Opener | None, back: int = 0) -> Iterator[str | None]:
    """The strings that stand behind a name; None where an object of its own is named instead of the string."""
    at = blob.find(key)
    for _ in range(ACTIONS_MOST):
        if at < 0:
            return
        at += len(key)
        match = _VALUE.match(blob, at - back)
        if match and match.group(1):
            value = pdf_words.value(match.group(1))
            yield pdf_words.text(opener(value, blob, at).rstrip(_PADDING) if opener else value)
        elif match:
            yield None
        at = blob.find(key, at)
