# ruff: noqa: E402, E501 - the path first; one row, one line
"""Invented hostile messages, and a process that grades each of them in a child of its own under hard limits.

``python hostile.py`` reads names, one a line, and answers each with one line of JSON (see ``tried``): the limits are
the kernel's, so neither a loop in C nor an allocation gets past them, and no test fails because the machine is busy.
"""

from __future__ import annotations

import base64
import io
import json
import lzma
import math
import os
import re
import resource
import struct
import sys
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import orjson

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":  # started without pytest, which knows the path
    sys.path.insert(0, str(ROOT / "server"))

from keeneye.facts.phrases import LEXICONS, read_folder, translate
from keeneye.model import CATEGORIES, Graded, KeeneyeError, Payload, SeenAttachment
from keeneye.pipeline import Grader, GraderSettings
from keeneye.warm import ready_grader

CPU_PROMISED = 2.0
CPU_MOST = 4
"""Seconds of CPU after which the kernel ends a message: twice the promise, since a busy machine's seconds are shorter."""
MEMORY_PROMISED = 300 * 1024 * 1024
ADDRESS_SPACE_MOST = 600 * 1024 * 1024
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
LANGUAGES = ("en", "es", "zh-CN")
ORDINARY = ROOT / "server/keeneye/web/samples/order-ready-bremen.eml"
SAMPLES = ("server/keeneye/web/samples", "tests/corpus", "tests/fuzz/seeds")
M = 1024 * 1024

HEAD = (
    b"Received: from out.buyer.example ([203.0.113.5]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000\r\n"
    b"From: Ann Buyer <ann@buyer.example>\r\nTo: sales@exporter.example\r\nSubject: Ball valves\r\n"
    b"Date: Tue, 24 Nov 2026 10:20:00 +0100\r\nMIME-Version: 1.0\r\n"
)
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
WORDS = "Dear Sirs, please quote 500 pcs of ball valve DN50 PN16, FOB Shanghai. Please confirm your mailbox password. "
SECRET = "please confirm your mailbox password"


# ---------------------------------------------------------------- pieces


def plain(body: bytes | str) -> bytes:
    return part("text/plain", body)


def page(body: bytes | str) -> bytes:
    return part("text/html", body)


def part(kind: str, body: bytes | str, more: str = "") -> bytes:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return HEAD + f"Content-Type: {kind}; charset=utf-8\r\n{more}\r\n".encode() + data


def header(line: bytes) -> bytes:
    return line + b"\r\n" + HEAD + b"\r\n" + WORDS.encode()


def attached(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    return (
        MIXED + b"--x\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n"
        + f'--x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'.encode()
        + base64.encodebytes(content) + b"\r\n--x--\r\n"
    )  # fmt: skip


def nested(depth: int) -> bytes:
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(depth))
    return HEAD + levels + b"Content-Type: text/plain\r\n\r\n" + WORDS.encode()


def archive(*members: tuple[str, bytes], level: int = 9) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, content in members:
            file.writestr(name, content)
    return made.getvalue()


def nested_archive(depth: int) -> bytes:
    inner = archive(("a.txt", bytes(5 * M)))
    for _ in range(depth):
        inner = archive(*((f"{i}.zip", inner) for i in range(10)))
    return inner


def lying_archive() -> bytes:
    """An archive whose directory tells of sizes and of a number of members that are not there."""
    data = bytearray(archive(("invoice.xlsm", b"x" * 1000)))
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = b"\xff\xff\xff\xff"
    at = data.find(b"PK\x01\x02")
    data[at + 20 : at + 28] = b"\xff" * 8
    return bytes(data)


def overlapping_archive() -> bytes:
    """Many directory entries that all point at one compressed member."""
    data = archive(("a", bytes(10 * M)))
    directory, end = data.find(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    entry = data[directory:end]
    tail = bytearray(data[end:])
    tail[8:12] = (20_000).to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * 20_000).to_bytes(4, "little")
    return data[:directory] + entry * 20_000 + bytes(tail)


def document_with_bomb() -> bytes:
    return archive(
        ("[Content_Types].xml", b"<a/>"),
        ("word/document.xml", b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'>]>" + b"&b;" * 5 * M),
        ("word/vbaProject.bin", bytes(20 * M)),
    )


def pdf_with_bomb() -> bytes:
    stream = zlib.compress(zlib.compress(bytes(100 * M), 9), 9)
    return (
        b"%PDF-1.7\n1 0 obj<</Length 9/Filter[/FlateDecode/FlateDecode]>>stream\n"
        + stream
        + b"\nendstream endobj\n"
        + b"/URI (http://a.example/) /JS /OpenAction " * 20_000
    )


def pdf_of(*pieces: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"".join(pieces)


def pdf_stream(content: bytes, kind: bytes = b"/Type/ObjStm") -> bytes:
    return b"1 0 obj\n<<" + kind + b"/Filter/FlateDecode>>\nstream\n" + zlib.compress(content, 9) + b"\nendstream\n"


PAPER = (
    b"1 0 obj <<>>stream\nBT /F1 9 Tf <0041> Tj ET endstream",
    b"2 0 obj<</Font<</F1 3 0 R>>>>",
    b"3 0 obj<</ToUnicode 4 0 R>>",
)
OFFICE = ("[Content_Types].xml", b"<Types/>")


def rar(*blocks: bytes) -> bytes:
    return b"Rar!\x1a\x07\x00" + b"".join(blocks)


def rar5(*blocks: bytes) -> bytes:
    return b"Rar!\x1a\x07\x01\x00" + b"".join(blocks)


def seven_zip(header: bytes, *, packed: bytes = b"") -> bytes:
    return b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<IQQI", 0, len(packed), len(header), 0) + packed + header


def seven_zip_bomb() -> bytes:
    """A 7z archive whose header unpacks to 30 MB, with a dictionary of 4 GiB asked for."""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 4096, "lc": 3, "lp": 0, "pb": 2}]
    packed = lzma.compress(bytes(30 * M), lzma.FORMAT_RAW, filters=filters)
    eight = b"\xff" + struct.pack("<Q", len(packed))
    whole = b"\xff" + struct.pack("<Q", 30 * M)
    coder = b"\x07\x0b\x01\0\x01\x23\x03\x01\x01\x05\x5d\xff\xff\xff\xff\x0c"
    return seven_zip(b"\x17\x06\0\x01\x09" + eight + b"\0" + coder + whole + b"\0\0", packed=packed)


def relationships(count: int, size: int = 100) -> bytes:
    target = b"http://a.example/" + b"a" * size
    lines = b"<Relationship Type='x/hyperlink' TargetMode='External' Target='%b'/>" % target * count
    many = ((f"xl/worksheets/_rels/sheet{i}.xml.rels", lines) for i in range(60))
    return archive(("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", b"<a/>"), *many)


def several(name: str, content: bytes, count: int) -> bytes:
    head = f'--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return MIXED + (head.encode() + base64.encodebytes(content) + b"\r\n") * count + b"--x--"


def tnef() -> bytes:
    """winmail.dat whose attributes claim more than there is."""
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + b"\x02\x05\x90\x06\x00\xff\xff\xff\x7f"
        + b"\x01\x06\x90\x08\x00\x04\x00\x00\x00aaaa\x00\x00" * 50_000
    )


def differing_alternatives() -> bytes:
    return (
        HEAD + b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n" + b"We had a lovely dinner with seven friends by that old lake, then walked home under bright autumn stars while children sang merrily about foxes, geese and one sleepy bear.\r\n"
        b"--x\r\nContent-Type: text/html\r\n\r\n<p>" + WORDS.encode() + b"<p>Otherwise your account will be closed within one day because its storage has reached the limit set" + b"<a href='http://203.0.113.9/login'>log in</a>\r\n--x--\r\n"
    )  # fmt: skip


def html_of(pattern: str, count: int, inner: str = WORDS) -> bytes:
    return page(pattern * count + inner)


def _bytes(*cases: tuple[str, Callable[[], bytes]]) -> dict[str, Callable[[], Payload]]:
    def payload(make: Callable[[], bytes]) -> Callable[[], Payload]:
        return lambda: Payload(raw=make())

    return {name: payload(make) for name, make in cases}


# ---------------------------------------------------------------- messages as bytes

SIZE = _bytes(
    ("empty", lambda: b""),
    ("only-line-ends", lambda: b"\r\n" * 1000),
    ("only-nul", lambda: b"\0" * 100_000),
    ("empty-body", lambda: HEAD + b"\r\n"),
    ("headers-cut-off", lambda: HEAD),
    ("30-mb", lambda: plain(WORDS * (30 * M // len(WORDS)))),
    ("24-mb-plain", lambda: plain(WORDS * (24 * M // len(WORDS)))),
    ("24-mb-html", lambda: page("<p>a <b>b</b> &amp; c\n" * (24 * M // 22))),
    ("24-mb-quoted-printable", lambda: part("text/plain", b"=E4=BD=A0=\r\n" * (2 * M), "Content-Transfer-Encoding: quoted-printable\r\n")),
    ("24-mb-base64-text", lambda: part("text/plain", base64.encodebytes(WORDS.encode() * (17 * M // len(WORDS))), "Content-Transfer-Encoding: base64\r\n")),
    ("24-mb-attachment", lambda: attached("a.pdf", b"%PDF-" + bytes(16 * M))),
    ("one-line-10-mb", lambda: plain(b"a" * 10 * M)),
    ("one-line-10-mb-html", lambda: page(b"a" * 10 * M)),
    ("one-line-10-mb-words", lambda: plain(b"ab " * (10 * M // 3))),
    ("one-line-10-mb-chinese", lambda: plain("请确认密码" * (10 * M // 15))),
    ("10-mb-header-line", lambda: header(b"X-A: " + b"a" * 10 * M)),
    ("1-mb-subject", lambda: b"Subject: " + b"a" * M + b"\r\n\r\nx"),
    ("1-mb-subject-of-words", lambda: b"Subject: " + b"urgent password " * 65_000 + b"\r\n\r\nx"),
    ("100000-lines", lambda: plain(b"a\n" * 100_000)),
    ("carriage-returns", lambda: b"\r" * M + b"x"),
)  # fmt: skip

STRUCTURE = _bytes(
    ("10000-parts", lambda: MIXED + b"--x\r\nContent-Type: text/plain\r\n\r\nplease quote\r\n" * 10_000 + b"--x--"),
    ("20000-empty-parts", lambda: MIXED + b"--x\r\n\r\n" * 20_000 + b"--x--"),
    ("10000-html-parts", lambda: MIXED + b"--x\r\nContent-Type: text/html\r\n\r\n<p>please <b>quote</b>\r\n" * 10_000 + b"--x--"),
    ("10000-attachments", lambda: MIXED + b"--x\r\nContent-Disposition: attachment; filename=order.pdf.exe\r\n\r\nMZ\r\n" * 10_000 + b"--x--"),
    ("300-large-html-parts", lambda: MIXED + (b"--x\r\nContent-Type: text/html; name=a.html\r\nContent-Disposition: attachment\r\n\r\n" + b"<div><a href=http://a.example>x</a>" * 2_000 + b"\r\n") * 300),
    ("one-boundary-at-every-level", lambda: MIXED + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 3_000 + b"--x--"),
    ("boundary-prefixes", lambda: MIXED + b"--x-" * M),
    ("boundaries-that-are-prefixes", lambda: HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (b"b" * i, b"b" * i) for i in range(1, 1000)) + b"\r\nx"),
    ("nested-100", lambda: nested(100)),
    ("nested-1000", lambda: nested(1_000)),
    ("nested-1500", lambda: nested(1_500)),
    ("nested-20000", lambda: nested(20_000)),
    ("rfc822-chain-1000", lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + WORDS.encode()),
    ("rfc822-chain-20000", lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + b"x"),
    ("rfc822-chain-with-headers", lambda: (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 3_000 + HEAD + b"\r\n" + WORDS.encode()),
    ("rfc822-5000-beside", lambda: MIXED + b"--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\nb\r\n" * 5_000),
    ("winmail", lambda: attached("winmail.dat", tnef(), "application/ms-tnef")),
    ("uuencoded", lambda: plain(b"begin 644 a.exe\r\n" + b"M" + b"A" * 60 + b"\r\n" + b"begin 644 b\r\n" * 100_000)),
)  # fmt: skip

HEADERS = _bytes(
    ("100000-headers", lambda: b"X-A: b\r\n" * 100_000 + HEAD + b"\r\n" + WORDS.encode()),
    ("100000-received", lambda: b"Received: from a ([203.0.113.7]) by b.example; Tue, 24 Nov 2026 09:20:05 +0000\r\n" * 100_000 + HEAD + b"\r\nx"),
    ("100000-different-headers", lambda: b"".join(b"X-%d: b\r\n" % i for i in range(100_000)) + HEAD + b"\r\nx"),
    ("100000-folded-lines", lambda: header(b"X-A: b" + b"\r\n c" * 100_000)),
    ("20000-encoded-words", lambda: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx"),
    ("20000-encoded-words-folded", lambda: b"Subject: " + b"=?utf-8?b?5L2g?=\r\n " * 20_000 + b"\r\n\r\nx"),
    ("20000-encoded-words-cut", lambda: b"Subject: " + b"=?gb2312?b?xOM" * 20_000 + b"\r\n\r\nx"),
    ("encoded-word-openers", lambda: b"Subject: " + b"=?" * 100_000 + b"\r\n\r\nx"),
    ("encoded-words-in-every-header", lambda: b"".join(b"X-%d: =?utf-8?b?5L2g?= =?koi8-r?q?=C1?=\r\n" % i for i in range(5_000)) + HEAD + b"\r\nx"),
    ("20000-recipients", lambda: header(b"Cc: " + b", ".join(b"P%d <p%d@d%d.example>" % (i, i, i) for i in range(20_000)))),
    ("20000-recipients-in-lines", lambda: header(b"Cc: " + b",\r\n ".join(b"p%d@d%d.example" % (i, i) for i in range(20_000)))),
    ("20000-parentheses", lambda: header(b"Cc: " + b"(" * 20_000)),
    ("parentheses-in-from", lambda: b"From: " + b"(" * 20_000 + b"\r\n\r\nx"),
    ("parentheses-in-date", lambda: b"Date: " + b"(" * 20_000 + b"\r\n\r\nx"),
    ("parentheses-in-received", lambda: header(b"Received: from a (" + b"(" * 60_000 + b" by b; c")),
    ("parentheses-in-authentication", lambda: header(b"Authentication-Results: mx.exporter.example; " + b"(" * 60_000)),
    ("quotes-in-from", lambda: b"From: " + b'"\\' * 30_000 + b"\r\n\r\nx"),
    ("angles-in-from", lambda: b"From: " + b"<" * 30_000 + b"@" * 30_000 + b"\r\n\r\nx"),
    ("groups-in-to", lambda: header(b"To: " + b"a:b:;" * 10_000)),
    ("parameter-index", lambda: b"Content-Type: text/plain; name*99999999999=a\r\n\r\nx"),
    ("parameter-indexes", lambda: b"Content-Type: text/plain" + b"".join(b"; name*%d*=utf-8''%%E4" % i for i in range(5_000)) + b"\r\n\r\nx"),
    ("2000-parameters", lambda: b"Content-Type: text/plain" + b"; a=b" * 2_000 + b"\r\n\r\nx"),
    ("references", lambda: header(b"References: " + b"<a@b.example> " * 100_000)),
    ("references-open", lambda: header(b"References: " + b"<" * 60_000)),
    ("long-domain", lambda: b"From: a@" + b"a." * 30_000 + b"example\r\n\r\nx"),
    ("punycode-domain", lambda: b"From: a@xn--" + b"a" * 5_000 + b".example\r\nReply-To: b@xn--\xff.example\r\n\r\nx"),
    ("date-figures", lambda: b"Date: " + b"9" * 60_000 + b"\r\n\r\nx"),
    ("date-beyond", lambda: b"Date: Tue, 99 Nov 99999999999 99:99:99 +99999999\r\nReceived: from a by b; Tue, 24 Nov 0000 00:00:00 -9959\r\n\r\nx"),
    ("date-at-the-edges", lambda: HEAD.replace(b"24 Nov 2026 10:20:00 +0100", b"31 Dec 9999 23:59:59 -1200").replace(b"24 Nov 2026 09", b" 1 Jan 0001 00") + b"\r\n" + WORDS.encode() + b"\r\n\r\nRegards,\r\nAnn Buyer\r\nTel. +64 9 555 0100, Auckland, New Zealand"),
    ("addresses-with-no-figure", lambda: header(b"Received: from a ([999.999.999.999]) by b; x\r\nReceived: from b ([IPv6:" + b":" * 1000 + b"]) by c; x")),
    ("nul-in-headers", lambda: b"From: a\0b <a\0@b.example>\r\nSubject: a\0b\r\n\r\nx\0y"),
    ("raw-bytes-in-headers", lambda: b"From: " + bytes(range(128, 256)) * 50 + b"\r\nSubject: " + bytes(range(1, 10)) + bytes(range(14, 256)) + b"\r\n\r\nx"),
    ("surrogates-in-headers", lambda: b"Subject: \xed\xa0\x80\xed\xb0\x80 =?utf-16?b?2AA=?= =?utf-8?q?=ED=A0=80?=\r\n\r\n\xed\xbf\xbf"),
    ("charsets-that-are-codecs", lambda: b"".join(b"Subject: =?%s?q?a?=\r\n" % c for c in (b"zip", b"bz2", b"hex", b"rot13", b"idna", b"unicode_escape", b"undefined", b"punycode", b"utf-7", b"../../etc/passwd")) + b"Content-Type: text/plain; charset=zlib_codec\r\n\r\nx\x9c"),
)  # fmt: skip

LINKS = _bytes(
    ("100000-links", lambda: plain("".join(f"http://h{i}.example/x " for i in range(100_000)))),
    ("100000-links-html", lambda: page("".join(f"<a href='http://h{i}.example/'>x</a>" for i in range(100_000)))),
    ("1000-links-that-differ", lambda: page("".join(f"<a href='http://h{i}.example/?u=sales@exporter.example'>www.g{i}.example</a>\n" for i in range(1_000)))),
    ("exclamation-marks", lambda: plain("http://" + "!" * 60 + "<")),
    ("exclamation-marks-many", lambda: plain(("http://" + "!" * 60 + "<") * 3_000)),
    ("dots-at", lambda: plain(".a" * 100_000 + "@")),
    ("at-signs", lambda: plain("a@" * 100_000)),
    ("nested-query-urls", lambda: plain("http://a.example?u=" * 3_000)),
    ("nested-query-urls-html", lambda: page("<a href='" + "http://a.example/?u=" * 3_000 + "'>x</a>")),
    ("nested-query-urls-quoted", lambda: page("<a href='http://a.example/?u=" + "%2525http%253A%252F%252Fb.example%253Fu%253D" * 1_000 + "'>x</a>")),
    ("percent-signs", lambda: plain("http://a.example/" + "%25" * 30_000)),
    ("long-host", lambda: plain("http://" + "a." * 30_000 + "example/")),
    ("brackets-in-host", lambda: plain("http://[" * 20_000 + " http://[::ffff:1.2.3.4]/ http://[v1.x]/ http://a:99999/ http://0x7f.1/ http://１２７.0.0.1/")),
    ("ports-and-users", lambda: page("<a href='http://www.bank.example:pw@203.0.113.9:99999999999999/'>https://www.bank.example</a>" * 500)),
    ("slashes", lambda: plain("http:" + "/" * 100_000)),
    ("data-links", lambda: page("<a href='data:text/html;base64," + "QUFB" * 100_000 + "'>x</a><a href='javascript:" + "a" * 100_000 + "'>y</a>")),
    ("tags-in-a-link", lambda: page("<a href=http://a.example>" + "<b>x</b>" * 3_000 + "</a>")),
    ("links-within-links", lambda: page("<a href=http://a.example>x" * 10_000)),
)  # fmt: skip

HTML = _bytes(
    ("200000-nested-div", lambda: html_of("<div>", 200_000)),
    ("50000-nested-div", lambda: html_of("<div>", 50_000)),
    ("10000-nested-div-with-style", lambda: html_of("<div style='font-size:12px;color:#333'>a", 10_000)),
    ("mis-nested", lambda: html_of("<b><i>x</b></i>", 100_000)),
    ("mis-nested-formats-and-tables", lambda: html_of("<table><b><tr><i>x<p>", 50_000)),
    ("nobr-and-a", lambda: html_of("<nobr><a>", 50_000)),
    ("100000-attributes", lambda: page("<p " + "".join(f"a{i}=b " for i in range(100_000)) + ">" + WORDS)),
    ("same-attribute", lambda: page("<p " + "a=b " * 100_000 + ">" + WORDS)),
    ("less-than", lambda: page("<" * 300_000)),
    ("less-than-letters", lambda: page("<a" * 300_000)),
    ("ampersands", lambda: page("&" * 300_000)),
    ("entities", lambda: page("&CounterClockwiseContourIntegral" * 10_000 + "&#x110000;&#0;&#xD800;&#99999999999;" * 10_000)),
    ("comments-open", lambda: page("<!--" * 200_000 + WORDS)),
    ("comments-that-nest", lambda: page("<!--<!" * 100_000 + "-->" + WORDS)),
    ("comments-of-dashes", lambda: page("<!--" + "-" * 500_000)),
    ("conditional-comments", lambda: page("<!--[if mso]>x<![endif]-->" * 20_000 + WORDS)),
    ("cdata", lambda: page("<![CDATA[" * 100_000)),
    ("doctype", lambda: page("<!DOCTYPE " * 100_000)),
    ("scripts-open", lambda: page("<script>" * 100_000)),
    ("style-sheet-large", lambda: page("<style>" + "".join(f".c{i} p>a:hover{{display:none;color:#fff}}" for i in range(20_000)) + "</style>" + "<p class=c1>x" * 5_000)),
    ("style-sheet-of-braces", lambda: page("<style>" + "{" * 200_000 + "</style>" + WORDS)),
    ("style-sheet-of-comments", lambda: page("<style>" + "/*" * 200_000 + "</style>" + WORDS)),
    ("style-selectors", lambda: page("<style>" + ",".join(f".c{i}" for i in range(50_000)) + "{display:none}</style>" + WORDS)),
    ("style-attribute-large", lambda: page("<p style='" + "color:red;" * 50_000 + "'>" + WORDS)),
    ("classes", lambda: page("<p class='" + " ".join(f"c{i}" for i in range(50_000)) + "'>" + WORDS)),
    ("tables-in-tables", lambda: html_of("<table><tr><td>", 20_000)),
    ("cells", lambda: html_of("<td>x</td>", 100_000)),
    ("quotes-in-quotes", lambda: html_of("<blockquote type=cite>x", 5_000)),
    ("select-options", lambda: page("<select>" + "<option>x" * 100_000)),
    ("svg-and-math", lambda: html_of("<svg><foreignObject><math><mi>", 20_000)),
    ("template", lambda: html_of("<template>", 50_000)),
    ("frameset", lambda: html_of("<frameset><frame>", 50_000)),
    ("images", lambda: page("<img src='cid:a' width=1 height=1>" * 50_000)),
    ("forms", lambda: page("<form action=http://a.example/><input type=password>" * 5_000)),
    ("areas", lambda: page("<map>" + "<area href=http://a.example/>" * 20_000)),
    ("base-and-refresh", lambda: page("<base href='http://b.example/'>" + "<meta http-equiv=refresh content='0;url=http://a.example'>" * 5_000)),
    ("preformatted", lambda: page("<pre>" + " \t" * 300_000)),
    ("nul-in-tags", lambda: page("<p\0>" * 1000 + "<a hr\0ef='http://a.example'>x</a>" + WORDS)),
    ("one-tag-never-closed", lambda: page("<p " + "x" * M)),
    ("utf-16-html", lambda: HEAD + b"Content-Type: text/html; charset=utf-16\r\n\r\n" + ("<p>" + WORDS * 5000).encode("utf-16")),
    ("meta-charset-loops", lambda: page("<meta charset=utf-7><meta charset=gb2312>" * 3_000 + WORDS)),
)  # fmt: skip

PACKED = _bytes(
    ("zip-bomb", lambda: attached("order.zip", archive(("order.exe", bytes(200 * M))), "application/zip")),
    ("zip-nested", lambda: attached("order.zip", nested_archive(4), "application/zip")),
    ("zip-50000-members", lambda: attached("order.zip", archive(*((f"f{i}.pdf.exe", b"") for i in range(50_000))), "application/zip")),
    ("zip-long-names", lambda: attached("order.zip", archive(*((f"{i}" + "n" * 60_000, b"") for i in range(50))), "application/zip")),
    ("zip-lies", lambda: attached("order.zip", lying_archive(), "application/zip")),
    ("zip-overlaps", lambda: attached("order.zip", overlapping_archive(), "application/zip")),
    ("zip-cut-off", lambda: attached("order.zip", archive(("a.exe", os.urandom(50_000)))[:20_000], "application/zip")),
    ("zips-100", lambda: MIXED + (b"--x\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\n" + base64.encodebytes(archive(("a.html", b"<a href=http://a.example>" * 100_000))) + b"\r\n") * 100),
    ("document-bomb", lambda: attached("order.docm", document_with_bomb())),
    ("pdf-bomb", lambda: attached("order.pdf", pdf_with_bomb(), "application/pdf")),
    ("pdf-24-mb", lambda: attached("order.pdf", pdf_of(os.urandom(17 * M)))),
    ("pdf-of-slashes", lambda: attached("order.pdf", pdf_of(b"/" * 8 * M))),
    ("pdf-of-name-figures", lambda: attached("order.pdf", pdf_of(b"/U#52I" * M))),
    ("pdf-100000-streams", lambda: attached("order.pdf", pdf_of(pdf_stream(b"BT (a) Tj ET", b"") * 100_000))),
    ("pdf-100000-object-streams", lambda: attached("order.pdf", pdf_of(pdf_stream(b"/URI(http://a.example)") * 100_000))),
    ("pdf-object-stream-bombs", lambda: attached("order.pdf", pdf_of(pdf_stream(bytes(50 * M)) * 100))),
    ("pdf-streams-without-end", lambda: attached("order.pdf", pdf_of(b"/ObjStm>>\nstream\n" * 400_000))),
    ("pdf-half-streams", lambda: attached("order.pdf", pdf_of(pdf_stream(os.urandom(300_000))[:200_000] * 40))),
    ("pdf-addresses-without-end", lambda: attached("order.pdf", pdf_of((b"/URI(" + b"a" * 2990) * 5_000))),
    ("pdf-addresses-of-brackets", lambda: attached("order.pdf", pdf_of(b"/URI(" * M + b"(" * M))),
    ("pdf-addresses-elsewhere", lambda: attached("order.pdf", pdf_of(b"/URI 9 0 R" * 300_000 + b"(http://a.example/" * 200_000))),
    ("pdf-address-of-figures", lambda: attached("order.pdf", pdf_of(b"/URI<" + b"61" * 4 * M + b">/URI<" + b"6" * 3_001 + b">" * 9))),
    ("pdf-words", lambda: attached("order.pdf", pdf_of(pdf_stream(b"BT " + b"[(a)-300(" * 5_000, b"") * 50))),
    ("pdf-files", lambda: attached("order.pdf", pdf_of(b"/EmbeddedFile" + b"/Filespec/F(a.exe)/UF(" * 100_000))),
    ("pdfs-100", lambda: several("a.pdf", pdf_of(pdf_stream(b"/URI(http://a.example/)" * 5_000) * 20, pdf_stream(b"BT [(a)-9(b)]TJ " * 5_000, b"") * 20), 100)),
    ("rar-blocks", lambda: attached("order.rar", rar(struct.pack("<HBHH", 0, 0x75, 0, 7) * 2 * M))),
    ("rar-block-of-nothing", lambda: attached("order.rar", rar(struct.pack("<HBHH", 0, 0x74, 0, 0) * M))),
    ("rar-names", lambda: attached("order.rar", rar((struct.pack("<HBHHIIBIIBBHI", 0, 0x74, 0, 32 + 60_000, 0, 1, 2, 0, 0, 29, 48, 60_000, 32) + b"n" * 60_000) * 200))),
    ("rar5-blocks", lambda: attached("order.rar", rar5((b"crc!" + b"\x03\x03\0\0") * 2 * M))),
    ("rar5-figures", lambda: attached("order.rar", rar5(b"crc!" + b"\xff" * 2 * M))),
    ("7z-bomb", lambda: attached("order.7z", seven_zip_bomb())),
    ("7z-names", lambda: attached("order.7z", seven_zip(b"\x01\x11\xe0\xff\xff\x0f\0" + b"a\0\0\0" * 400_000))),
    ("7z-empty-names", lambda: attached("order.7z", seven_zip(b"\x01" + b"\x11\xc0\xff\x0f\0" * 100_000 + bytes(M)))),
    ("7z-far-away", lambda: attached("order.7z", b"7z\xbc\xaf\x27\x1c" + b"\xff" * 100)),
    ("office-relationships", lambda: attached("order.xlsx", relationships(3_000))),
    ("office-relationships-long", lambda: attached("order.xlsx", relationships(100, 5_900))),
    ("office-relationships-open", lambda: attached("order.docx", archive(("[Content_Types].xml", b""), ("word/_rels/a.xml.rels", b"<Relationship " * M)))),
    ("pdf-codes", lambda: attached("a.pdf", pdf_of(*PAPER, b"4 0 obj <<>>stream\n" + b"beginbfrange<00><ffff><0041>" * 200_000))),
    ("pdf-fonts", lambda: attached("a.pdf", pdf_of(*PAPER, b"/Font<</F1 3 0 R/F2 3 0 R>>" * 200_000 + b"13 0 obj " * 200_000))),
    ("pdf-lock", lambda: attached("a.pdf", pdf_of(b"<</Encrypt 2 0 R>>", b"2 0 obj<</V 5/R 6/U(" + b"(" * 99_999, b"/ID[" * 999_999))),
    ("office-words", lambda: several("a.docx", archive(OFFICE, ("word/document.xml", b"<w:p><w:t>order 500 pcs " * 500_000)), 30)),
    ("office-rows", lambda: several("a.xlsx", archive(OFFICE, ("xl/worksheets/sheet1.xml", b'<c t="s"><v>1</v>' * 500_000), ("xl/sharedStrings.xml", b"<si><t>" * 500_000)), 30)),
    ("office-fields", lambda: attached("order.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"HYPERLINK \"" * M)),
    ("uuencoded-blocks", lambda: plain(b"begin 644 a.exe\n" + b"#0V%T\n" + b"end\n" + b"\nbegin 644 b.exe\n#0V%T\nend\n" * 100_000)),
    ("uuencoded-large", lambda: plain(b"begin 644 a.exe\n" + (b"M" + b"A" * 60 + b"\n") * 200_000)),
    ("html-attachment-large", lambda: attached("order.html", b"<form action=http://a.example><input type=password>" * 100_000, "text/html")),
    ("svg-attachment-large", lambda: attached("order.svg", b"<svg><script>" * 200_000, "image/svg+xml")),
    ("gzip-attachment", lambda: attached("order.gz", zlib.compress(bytes(100 * M), 9, 31), "application/gzip")),
    ("message-in-base64", lambda: attached("a.eml", HEAD + b"\r\n" + WORDS.encode() * 1000, "message/rfc822")),
)  # fmt: skip

BACKTRACKING = _bytes(
    ("rfc-quotes", lambda: plain("On 1 wrote 1 wrote 1 wrote:\n" * 7_000)),
    ("quote-signs", lambda: plain(">" * 100_000 + "\n" + "> " * 50_000)),
    ("label-lines", lambda: plain("From:\n" * 30_000)),
    ("forwarded-headers", lambda: plain("-----Original Message-----\nFrom: a@b.example\nSent: x\nTo: y\nSubject: z\n\n" * 2_000)),
    ("forward-rules", lambda: plain("-" * 100_000 + " Forwarded message " + "-" * 100_000)),
    ("dashes-lines", lambda: plain("-- \n" * 30_000)),
    ("signatures", lambda: plain("Best regards,\nAnn\n" * 10_000)),
    ("signature-last", lambda: plain("Best regards,\nAnn Buyer, purchasing manager, Buyer Ltd")),
    ("sign-off-last-word", lambda: plain("Please quote.\nRegards")),
    ("sign-off-and-name", lambda: plain("Regards, Ann")),
    ("phone-figures", lambda: plain("+" + "1" * 50_000 + " " + "+49 421 555 " * 5_000)),
    ("phone-brackets", lambda: plain("+49(" * 20_000 + "Tel: " * 10_000)),
    ("figures", lambda: plain("9" * 50_000 + " pcs " + "1,000,000." * 5_000 + " pcs" + " 9e999999 pcs 1e400 kg 99999999999999999999999999999999 tons")),
    ("figures-of-other-scripts", lambda: plain("٣٥٠٠ قطعة " * 5_000 + "五百万件" * 5_000 + "５００ pcs ² ½ ①" * 2_000)),
    ("quantities", lambda: plain("500 pcs " * 7_000)),
    ("measures", lambda: plain("50x50x50 mm " * 5_000)),
    ("money", lambda: plain("USD 5,000,000.00 " * 4_000)),
    ("addresses", lambda: plain("12 Long Street, 28195 Bremen, Germany\n" * 1_500)),
    ("companies", lambda: plain("Buyer Trading Co., Ltd. " * 2_500)),
    ("company-of-one-line", lambda: plain("A" + " Bb" * 20_000 + " Co., Ltd")),
    ("people", lambda: plain("Regards,\n" + "Ann Mary Jane " * 4_000)),
    ("white-space", lambda: plain("please" + " " * 50_000 + "quote" + "\n" * 50_000 + "x" + "\t" * 50_000)),
    ("white-space-of-unicode", lambda: plain("please" + "\u3000\u00a0\u2003" * 15_000 + "quote")),
    ("capitals", lambda: plain("URGENT " * 8_000)),
    ("one-letter-words", lambda: plain("a " * 30_000)),
    ("unicode-of-all-kinds", lambda: plain("".join(chr(c) for c in range(0x80, 0x10FFFF, 17) if not 0xD800 <= c < 0xE000))),
    ("marks-on-one-letter", lambda: plain("a" + "\u0301" * 50_000)),
    ("mixed-scripts", lambda: plain("pаsswоrd " * 6_000)),
    ("list-lines", lambda: plain("1. a: b\n- c = d\n* e\n" * 10_000)),
    ("form-fields", lambda: plain("Name: x\nEmail: a@b.example\nMessage: y\n" * 5_000)),
    ("messengers", lambda: plain("whatsapp: +49 421 555 0100 wechat: abc skype: x " * 1_200)),
    ("zone-of-every-country", lambda: plain("We are from Germany, Kenya, Peru, Japan and New Zealand. " * 1_000)),
)  # fmt: skip

EVASION = _bytes(
    ("text-below-300-tags", lambda: page("<div>" * 300 + SECRET + "</div>" * 300)),
    ("text-after-300-tags", lambda: page("<div>" * 300 + "x" + "</div>" * 300 + "<p>" + SECRET)),
    ("words-split-by-tags", lambda: page("<p>please <b>con</b><i>firm</i> your mail<span>box</span> pass<span></span>word</p>")),
    ("words-split-by-comments", lambda: page("<p>please confirm your mailbox pass<!-- x -->word</p>")),
    ("zero-width", lambda: page("<p>please confirm your mailbox pass\u200bword</p>")),
    ("zero-width-plain", lambda: plain("please confirm your mailbox p\u200ba\u200bs\u200bs\u200bw\u200bo\u200br\u200bd")),
    ("zero-width-many", lambda: plain("\u200b" * 60_000 + SECRET)),
    ("soft-hyphens", lambda: page("<p>please confirm your mailbox pass&shy;word</p>")),
    ("look-alike-letters", lambda: plain("please confirm your mailbox pаsswоrd")),
    ("full-width-letters", lambda: plain("ｐｌｅａｓｅ ｃｏｎｆｉｒｍ ｙｏｕｒ ｍａｉｌｂｏｘ ｐａｓｓｗｏｒｄ")),
    ("differing-alternatives", differing_alternatives),
    ("entities-for-letters", lambda: page("".join(f"&#{ord(c)};" for c in SECRET))),
    ("below-quoted-printable", lambda: part("text/plain", "".join(f"={ord(c):02X}" for c in SECRET), "Content-Transfer-Encoding: quoted-printable\r\n")),
    ("hidden-words", lambda: page(f"<p style='font-size:1px'>{'innocent words ' * 2000}</p><p>{SECRET}</p>")),
    ("white-on-white", lambda: page(f"<p style='color:#fff;background:#fff'>{'innocent words ' * 2000}</p><p>{SECRET}</p>")),
    ("behind-60-kb-of-words", lambda: page(f"<p>{SECRET}</p>" + "<p>innocent words</p>" * 5_000)),
)  # fmt: skip
"""In all of these a reader sees ``SECRET``; so must the grader."""

SHOWN = _bytes(
    ("turned-name", lambda: attached("order\u202efdp.exe", b"MZ" + bytes(100))),
    ("turned-subject", lambda: b"Subject: =?utf-8?b?" + base64.b64encode("order \u202efdp.exe".encode()) + b"?=\r\n" + HEAD + b"\r\nx"),
    ("1-px-text", lambda: page("<p style='font-size:1px'>" + SECRET + "</p>" + "<p>Thank you for the dinner.</p>")),
    ("turning-signs", lambda: plain("\u202e\u2066" * 30_000 + WORDS)),
)  # fmt: skip


# ---------------------------------------------------------------- messages as fields


def fields(**given: Any) -> Callable[[], Payload]:
    return lambda: Payload(**{"sees": "visible", **given})


FIELDS: Mapping[str, Callable[[], Payload]] = {
    "fields-nothing": fields(),
    "fields-empty": fields(text="", html="", subject="", from_="", to="", date=""),
    "fields-white-space": fields(text=" \n ", html="<p> </p>", subject=" "),
    "fields-lone-surrogates": fields(text="please \ud800 quote \udfff" * 100, html=None, subject="\ud83d", from_="\udc00 <a@b.example>", to="\ud800@b.example", date="\ud800", mailbox="\ud800@b.example"),
    "fields-surrogate-html": fields(html="<p>\ud800<a href='http://a\udfff.example'>\udc00</a>"),
    "fields-surrogate-headers": fields(text="x", headers=(("From\ud800", "\udfff"), ("\ud800", ""), ("Received", "\ud800"))),
    "fields-nul": fields(text="a\0b" * 1000, html="<p>\0</p>", subject="\0", from_="\0", to="\0", date="\0"),
    "fields-100000-headers": fields(text="x", headers=tuple((f"X-{i}", "y") for i in range(100_000))),
    "fields-large": fields(text="x " * 5 * M, html="<p>y" * 2 * M, subject="z" * M, from_="f" * M, to="t," * M, date="d" * M),
    "fields-too-large": fields(text="x" * 26 * M),
    "fields-attachments": fields(text="x", attachments=tuple(SeenAttachment(f"a{i}\u202e\ud800.exe", "\0", -1, "z") for i in range(20_000))),
    "fields-profile": fields(text="x", profile={"junk_inquiries": 10**400, "log_in_days": float("nan"), "blacklisted": float("inf"), "common_search_words": "\ud800" * 100_000, "\ud800": None, "verified": "no", "product_views_90_days": -1, "valid_rfqs": True, "pages_seen": [1], "x": {}}),
    "fields-header-lines": fields(text="x", headers=(("From", "a@b.example\r\nBcc: c@d.example\n\n<script>"), ("Received", "from x" * 10_000), ("", ""), (":", ":"))),
    "fields-mailbox": fields(text="x", mailbox="@" * 10_000),
}  # fmt: skip


def _spins() -> Payload:
    """Not a message at all: what the limits must end."""

    class Endless(bytes):
        def __len__(self) -> int:
            while True:
                pass

    return Payload(raw=Endless(b"x"))


def _hoards() -> Payload:
    class Hoard(bytes):
        def __len__(self) -> int:
            return len(bytes(2 * ADDRESS_SPACE_MOST))

    return Payload(raw=Hoard(b"x"))


def _raises() -> Payload:
    class Broken(bytes):
        def __len__(self) -> int:
            raise RuntimeError("broken")

    return Payload(raw=Broken(b"x"))


PROOF: Mapping[str, Callable[[], Payload]] = {
    **_bytes(("secret-alone", lambda: plain(SECRET))),
    "spins": _spins, "hoards": _hoards, "raises": _raises,
}  # fmt: skip
"""Show that the bounds are real, and what a message says without any trick."""

CASES: Mapping[str, Callable[[], Payload]] = {
    **SIZE, **STRUCTURE, **HEADERS, **LINKS, **HTML, **PACKED, **BACKTRACKING, **EVASION, **SHOWN, **FIELDS,
}  # fmt: skip


# ---------------------------------------------------------------- near misses of the lexicons

_GAP = re.compile(r"(\[[^\]]*\]|\\[pP]\{\w+\}|\\.|\)|\.)(\{\d+,?\d*\}|\*|\+)")
_UNICODE_CLASS = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)")
_BODY_MOST = 60_000


def near_misses() -> dict[str, Callable[[], Payload]]:
    """60 KB of nearly a match, for each kind of gap the widest pattern that has it, and all patterns' words together."""
    widest: dict[str, tuple[int, str, str]] = {}
    every: list[str] = []
    for pattern in (p for folder in ("phrases", "contact", "request") for p in read_folder(LEXICONS / folder)):
        parsed = parser.parse(_UNICODE_CLASS.sub(r"\\w", translate(pattern.source)))
        example = "".join(_example(parsed))
        every.append(example)
        for kind in {atom for atom, _ in _GAP.findall(pattern.source)}:
            widest[kind] = max(widest.get(kind, (0, "", "")), (len(example), f"{pattern.file}:{pattern.tag}", example))
    made: dict[str, Callable[[], Payload]] = {}
    for kind, (_, name, example) in sorted(widest.items()):
        # All words that the pattern needs are there, but never in their places: the filter in front must let it through.
        unit, tail = example[: -max(1, len(example) // 3)] + " ", example[len(example) // 2 :]
        text = unit * (_BODY_MOST // len(unit)) + "\n.\n" + tail
        made[f"near {kind} {name}"] = _text(text)
    joined = "\n".join(every)
    for start in range(0, len(joined), _BODY_MOST):
        made[f"lexicon words {start}"] = _text(joined[start : start + _BODY_MOST])
    return made


def _text(text: str) -> Callable[[], Payload]:
    return lambda: Payload(raw=plain(text))


def _example(parsed: Any) -> Iterator[str]:
    """A text that the parsed pattern matches, with every gap as wide as it may be."""
    for code, value in parsed:
        name = str(code)
        if name == "LITERAL":
            yield chr(value)
        elif name in ("ANY", "NOT_LITERAL"):
            yield "x"
        elif name == "IN":
            yield _member(value)
        elif name == "SUBPATTERN":
            yield from _example(value[3])
        elif name == "BRANCH":
            yield from _example(max(value[1], key=len))
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            for _ in range(min(int(value[1]), 12)):
                yield from _example(value[2])


def _member(items: Any) -> str:
    for code, value in items:
        name = str(code)
        if name == "LITERAL":
            return chr(value)
        if name == "RANGE":
            return chr(value[0])
        if name == "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(value), "x")
    return "x"


# ---------------------------------------------------------------- what must hold


def misplaced(graded: Graded) -> list[str]:
    """Findings whose evidence does not stand where it says. ``end`` 0: without a place; no quote: something that is missing."""
    mail, wrong = graded.mail, []
    for finding in graded.findings:
        for e in finding.evidence:
            kind, _, name = e.part.partition(":")
            if not 0 <= e.start <= e.end or (e.end and len(e.quote) != e.end - e.start):
                stands = False
            elif not e.quote:
                stands = kind in ("subject", "text", "html", "header", "attachment")
            elif kind == "header":
                values = [v for n, v in mail.headers if n.lower() == name.lower()]
                stands = bool(values) and (
                    not e.end or any(v[e.start : e.end].lower() == e.quote.lower() for v in values)
                )
            elif kind in ("link", "attachment"):
                stands = int(name) < len(mail.links if kind == "link" else mail.attachments) and not e.end
            elif kind == "profile":
                stands = name in graded.facts.profile and not e.end
            else:
                shown = {"subject": mail.subject, mail.body_part: mail.body}
                stands = (
                    shown.get(e.part, "")[e.start : e.end] == e.quote
                    if e.end
                    else e.part in ("subject", "text", "html")
                )
            if not stands:
                wrong.append(f"{finding.id}: {e.quote[:60]!r} at {e.part} {e.start}-{e.end}")
    return wrong


def unsound(verdict: Mapping[str, Any]) -> list[str]:
    """What is wrong with a verdict by the contract, in words."""
    wrong = []
    if not (0 <= verdict["risk"] <= 100 and 0 <= verdict["quality"] <= 100 and 0 <= verdict["coverage"] <= 1):
        wrong.append(f"figures {verdict['risk']} {verdict['quality']} {verdict['coverage']}")
    if verdict["category"] not in CATEGORIES:
        wrong.append(f"category {verdict['category']}")
    stars = verdict["stars"]
    if verdict["grade"] not in (("-", "?") if stars is None else ("FEDCBA"[stars],)):
        wrong.append(f"grade {verdict['grade']} with {stars} stars")
    if verdict["level"] not in (None, 1, 2, 3, 4) or verdict["banner"] not in ("danger", "caution", "none"):
        wrong.append(f"level {verdict['level']} banner {verdict['banner']}")
    if not (verdict["headline"].strip() and verdict["action"].strip() and verdict["labels"][verdict["category"]]):
        wrong.append("no headline, action or label")
    for finding in verdict["findings"]:
        told = finding["title"].strip() and (finding["text"].strip() or finding["outcome"] != "unknown")
        if not told or "{" in finding["title"] or not math.isfinite(finding["points"]):
            wrong.append(f"{finding['id']} is not told: {finding['title'][:60]!r} {finding['text'][:60]!r}")
        if finding["outcome"] == "hit" and not finding["evidence"]:
            wrong.append(f"{finding['id']} without evidence")
    return wrong


def lasting(verdict: Mapping[str, Any]) -> str:
    """The part of a verdict that is the same whenever the message is graded, as JSON. Raises when it cannot be written."""
    kept = {k: v for k, v in verdict.items() if k not in ("id", "ms", "graded_at")}
    return json.dumps(kept, ensure_ascii=False, allow_nan=False, sort_keys=True).encode().decode()


def judged(grader: Grader, payload: Payload, languages: Sequence[str] = LANGUAGES) -> tuple[Graded, str]:
    """Grade and tell in the languages; every way in which the result is wrong raises AssertionError.

    Returns what was graded and the ``lasting`` part of the first verdict.
    """
    graded = grader.grade(payload, NOW)
    told = [grader.verdict(graded, language, "full", include_message=True) for language in languages]
    wrong = [*graded.broken, *misplaced(graded), *(w for verdict in told for w in unsound(verdict))]
    if wrong:
        raise AssertionError("; ".join(wrong[:10]))
    written = [lasting(verdict) for verdict in told]
    for verdict in told:
        orjson.dumps(verdict)
    return graded, written[0]


# ---------------------------------------------------------------- the process


def tried(grader: Grader, make: Callable[[], Payload], ordinary: str) -> dict[str, Any]:
    """One message in this process. ``cpu`` seconds, ``memory`` bytes beyond what was there, ``code`` or ``category``."""
    payload = make()
    _limit()
    before, start = _resident(), time.process_time()
    result: dict[str, Any] = {}
    try:
        graded, _ = judged(grader, payload)
        score = graded.score
        result |= {"category": score.category, "hits": [f.id for f in graded.findings if f.outcome == "hit"]}
        result |= {"said": sorted(graded.facts.said), "defects": graded.mail.defects}
    except KeeneyeError as error:
        result["code"] = error.code
    except Exception as error:
        result["error"] = "".join(traceback.format_exception(error))[-3000:]
    result |= {
        "cpu": time.process_time() - start,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before,
    }
    result["next"] = judged(grader, Payload(raw=ORDINARY.read_bytes()))[1] == ordinary
    return result


def _limit() -> None:
    """Hard limits from here on, beyond what building the message took."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak of resident memory counts from here
    seconds = math.ceil(time.process_time()) + CPU_MOST
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + ADDRESS_SPACE_MOST
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    grader = ready_grader(GraderSettings(geo_dir=ROOT / "var/geo-none"))
    ordinary = judged(grader, Payload(raw=ORDINARY.read_bytes()))[1]
    cases = {**CASES, **PROOF}
    for line in sys.stdin:
        name = json.loads(line)
        if name not in cases:
            cases |= near_misses()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            with os.fdopen(write, "w") as out:
                json.dump(tried(grader, cases[name], ordinary), out)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as answered:
            text = answered.read()
        status = os.waitpid(child, 0)[1]
        died = (
            {} if text else {"error": f"ended by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended"}
        )
        print(json.dumps(json.loads(text or "{}") | died), flush=True)


if __name__ == "__main__":
    main()
