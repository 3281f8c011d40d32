"""Office files: where they lead (relationships, ECMA-376 part 2 §9.3; fields of old formats) and their first words."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence

from keeneye.mail import links
from keeneye.mail.html import unescape
from keeneye.mail.limits import Notes

LINKS_MOST = 200
FILES_MOST = 40
FILE_MOST = 64 * 1024
FIELDS_MOST = 1_000
WORDS_MOST = 5_000
"""Characters: a letter or an order has some two thousand."""
_PIECE = re.compile(
    r"<(?:\w{1,10}:)?t(?:\s[^<>]{0,200})?>([^<]*)<|<(?:\w{1,10}:)?(?:tab|br|cr)\s{0,3}/|</(?:\w{1,10}:)?(p|tc|tr)>"
)
_SHARED = re.compile(r"<(?:\w{1,10}:)?si(?:\s[^<>]{0,200})?>")
_CELL = re.compile(
    r"<(?:\w{1,10}:)?(?:c(?:\s([^<>]{0,300}))?>|v(?:\s[^<>]{0,100})?>([^<]{0,2000})<|t(?:\s[^<>]{0,100})?>([^<]*)<)|</(?:\w{1,10}:)?(row)>"
)
_SHOWN = re.compile(r"word/document\d?\.xml|ppt/slides/slide[1-3]\.xml|xl/worksheets/sheet1\.xml")
_RELATION = re.compile(rb"<(?:\w{1,10}:)?Relationship\s([^<>]{1,6000})>")
_ATTRIBUTE = re.compile(r"""(Type|Target|TargetMode)\s{0,3}=\s{0,3}(?:"([^"]{0,4500})"|'([^']{0,4500})')""")
_FIELD = re.compile(r'\s{1,3}(?:\\l\s{1,3})?"([^"\x00-\x1f]{4,2000})"')
_WEB = ("http:", "https:", "\\\\", "//", "file://", "ftp:", "mhtml:", "ms-", "search-ms:")
_LOADED = ("attachedtemplate", "oleobject", "frame", "subdocument", "afchunk")
"""Kinds of relationship that the office program follows by itself when the file is opened."""


def relationships(
    archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo], notes: Notes
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(addresses of links, addresses that the file loads by itself) of an OOXML document; bounded, never raises."""
    pressed: dict[str, None] = {}
    loaded: dict[str, None] = {}
    found = [i for i in infos[:5_000] if i.filename.endswith(".rels")]
    # The document's own relationships are more telling than those of its many sheets and pictures.
    found.sort(key=lambda i: not i.filename.endswith(("document.xml.rels", "settings.xml.rels", "workbook.xml.rels")))
    for info in found[:FILES_MOST]:
        if notes.late():
            break
        data = _unpacked(archive, info, notes)
        for raw in _RELATION.findall(data)[:LINKS_MOST]:
            given = {k: unescape(a or b) for k, a, b in _ATTRIBUTE.findall(raw.decode("utf-8", "replace"))}
            target = given.get("Target", "").strip()
            if given.get("TargetMode", "").lower() != "external" or not target.lower().startswith((*_WEB, "mailto:")):
                continue
            kind = given.get("Type", "").rpartition("/")[2].lower()
            if kind in _LOADED and len(loaded) < LINKS_MOST:
                loaded[links.resolve(target)[0]] = None
            elif kind == "hyperlink" and len(pressed) < LINKS_MOST:
                pressed[links.resolve(target)[0]] = None
    return tuple(pressed), tuple(loaded)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, notes: Notes) -> bytes:
    """The first bytes of a member, empty when it is broken or nothing more may be unpacked."""
    most = notes.unpack(FILE_MOST)
    data = b""
    try:
        with archive.open(info) as file:
            data = file.read(most)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        notes.add("archive_broken")
    notes.give_back(most - len(data) - 2048)
    return data


def words(archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo], notes: Notes) -> str:
    """The first words of a text or of slides, or the first rows of a workbook's first sheet, cells apart by tabs."""
    named = {i.filename: i for i in infos[:5_000]}
    found: list[str] = []
    for name in sorted(filter(_SHOWN.fullmatch, named))[:3]:
        source = _unpacked(archive, named[name], notes).decode("utf-8", "replace")
        if name.startswith("xl/"):
            shared = named.get("xl/sharedStrings.xml")
            strings = _unpacked(archive, shared, notes).decode("utf-8", "replace") if shared else ""
            found.append(_rows(source, [_running(item) for item in _SHARED.split(strings)[1:]]))
        else:
            found.append(_running(source))
    lines = (
        "\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip() for line in "\n".join(found).split("\n")
    )
    return "\n".join(line for line in lines if line)[:WORDS_MOST].rstrip()


def _running(source: str) -> str:
    """Words of WordprocessingML, DrawingML or shared strings (ECMA-376 part 1 §17.3.3.31, §21.1.2.3.11, §18.4.12)."""
    pieces: list[str] = []
    length = 0
    for match in _PIECE.finditer(source):
        word, end = match.groups()
        if end in ("tc", "tr") and pieces and pieces[-1] in ("\n", "\t"):
            pieces.pop()  # the last paragraph of a cell ends with it, the last cell of a row as well
        pieces.append(unescape(word) if word is not None else "\n" if end in ("p", "tr") else "\t")
        length += len(pieces[-1])
        if length > WORDS_MOST:
            break
    return "".join(pieces)


def _rows(source: str, strings: Sequence[str]) -> str:
    """Rows of a sheet (ECMA-376 part 1 §18.3.1): numbers as they are stored, shared and inline strings as words."""
    rows: list[str] = []
    cells: list[str] = []
    length, by_number = 0, False
    for match in _CELL.finditer(source):
        attributes, stored, inline, end = match.groups()
        if end:
            rows.append("\t".join(cells))
            length += len(rows[-1])
            cells = []
            if length > WORDS_MOST:
                break
        elif stored is not None:
            number = int(stored) if by_number and stored.isdecimal() and len(stored) < 7 else -1
            cells.append(strings[number] if 0 <= number < len(strings) else "" if by_number else unescape(stored))
        elif inline is not None:
            cells.append(unescape(inline))
        else:
            by_number = bool(attributes) and 't="s"' in attributes
    return "\n".join((*rows, "\t".join(cells)))


def fields(data: bytes) -> tuple[str, ...]:
    """Addresses of HYPERLINK fields in an OLE document, written in one or in two bytes a letter."""
    found: dict[str, None] = {}
    for key, step, charset in ((b"HYPERLINK", 1, "cp1252"), ("HYPERLINK".encode("utf-16-le"), 2, "utf-16-le")):
        at = data.find(key)
        for _ in range(FIELDS_MOST):
            if at < 0 or len(found) == LINKS_MOST:
                break
            at += len(key)
            match = _FIELD.match(data[at : at + 2010 * step].decode(charset, "replace"))
            if match and match.group(1).lower().startswith(_WEB):
                found[links.resolve(match.group(1))[0]] = None
            at = data.find(key, at)
    return tuple(found)
