"""Where office files lead: relationships to the outside (ECMA-376 part 2 §9.3) and fields of the old formats."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Sequence

from keeneye.mail import links
from keeneye.mail.limits import Notes

LINKS_MOST = 200
FILES_MOST = 40
FILE_MOST = 64 * 1024
FIELDS_MOST = 1_000
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
        most = notes.unpack(FILE_MOST)
        if most == 0 or notes.late():
            break
        data = b""
        try:
            with archive.open(info) as file:
                data = file.read(most)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
            notes.add("archive_broken")
        notes.give_back(most - len(data) - 2048)
        for raw in _RELATION.findall(data)[:LINKS_MOST]:
            given = {k: html.unescape(a or b) for k, a, b in _ATTRIBUTE.findall(raw.decode("utf-8", "replace"))}
            target = given.get("Target", "").strip()
            if given.get("TargetMode", "").lower() != "external" or not target.lower().startswith((*_WEB, "mailto:")):
                continue
            kind = given.get("Type", "").rpartition("/")[2].lower()
            if kind in _LOADED and len(loaded) < LINKS_MOST:
                loaded[links.resolve(target)[0]] = None
            elif kind == "hyperlink" and len(pressed) < LINKS_MOST:
                pressed[links.resolve(target)[0]] = None
    return tuple(pressed), tuple(loaded)


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
