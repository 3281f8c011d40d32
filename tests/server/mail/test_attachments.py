# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import base64
import gzip
import hashlib
import io
import struct
import zipfile
import zlib

import pytest

from keeneye.mail import attachments


def zipped(*names: str, flag: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    data = buffer.getvalue()
    if flag:
        at = data.find(b"PK\x01\x02")
        data = data[: at + 8] + struct.pack("<H", flag) + data[at + 10 :]
    return data


DOCX = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"MZ\x90\x00", "application/x-msdownload"),
        (b"\x7fELF\x02", "application/x-elf"),
        (b"Rar!\x1a\x07\x01\x00", "application/vnd.rar"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (gzip.compress(b"x"), "application/gzip"),
        (b"\0" * 32769 + b"CD001", "application/x-iso9660-image"),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00", "application/x-ms-shortcut"),
        (b"{\\rtf1", "application/rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"BEGIN:VCALENDAR\n", "text/calendar"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"  <!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbf<HTML>", "text/html"),
        (b"<script>x</script>", "text/html"),
        ("<html>".encode("utf-16"), "text/html"),
        (b'<svg xmlns="x"><script/></svg>', "image/svg+xml"),
        (b"\0" * 257 + b"ustar", "application/x-tar"),
        (b"hello", None),
        (b"", None),
    ],
)
def test_sniff(data, kind):
    assert attachments.sniff(data) == kind


def test_archive_members(notes):
    data = zipped("PO.pdf.exe", "readme.txt")
    found = attachments.describe(0, "PO.zip", "application/octet-stream", data, notes)
    assert found.sniffed == "application/zip"
    assert found.members == ("PO.pdf.exe", "readme.txt")
    assert found.encrypted is False
    assert (found.size, found.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_password(notes):
    assert attachments.describe(0, "a.zip", "", zipped("a.exe", flag=1), notes).encrypted is True


@pytest.mark.parametrize(
    ("names", "kind", "macro"),
    [
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
        ((*DOCX, "word/vbaProject.bin"), "application/vnd.ms-word.document.macroenabled.12", True),
        (("[Content_Types].xml", "xl/vbaProject.bin"), "application/vnd.ms-excel.sheet.macroenabled.12", True),
        (("META-INF/MANIFEST.MF", "A.class"), "application/java-archive", False),
    ],
)
def test_office(names, kind, macro, notes):
    found = attachments.describe(0, "a", "", zipped(*names), notes)
    assert (found.sniffed, found.has_macro) == (kind, macro)


def test_old_office_macro(notes):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "_VBA_PROJECT".encode("utf-16-le")
    assert attachments.describe(0, "a.doc", "application/msword", data, notes).has_macro


def test_broken_archive_still_names_its_members(notes):
    data = zipped("invoice.js")[:-30]
    assert attachments.describe(0, "a.zip", "", data, notes).members == ("invoice.js",)


def test_members_are_capped(notes):
    found = attachments.describe(0, "a.zip", "", zipped(*(f"{i}.txt" for i in range(1000))), notes)
    assert len(found.members) == notes.limits.members
    assert "archive_members" in notes.names


def test_a_bomb_is_not_inflated(notes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"\0" * 100_000_000)
    found = attachments.describe(0, "a.zip", "", buffer.getvalue(), notes)
    assert found.members == ("bomb.txt",)
    assert found.text == ""


def test_html_attachment(notes):
    source = "<html><form action='http://evil.example/p'><p>Sign in <a href='http://x.example/'>here</a></p></form><script>1</script>"
    found = attachments.describe(0, "PO.html", "text/html", source.encode(), notes)
    assert (found.has_form, found.has_script) == (True, True)
    assert found.text == "Sign in here"
    assert found.links == ("http://evil.example/p", "http://x.example/")


def test_html_under_another_name(notes):
    found = attachments.describe(0, "PO.pdf", "application/pdf", b"<html><form action='http://evil.example/'>", notes)
    assert (found.sniffed, found.has_form) == ("text/html", True)


def test_pdf_links(notes):
    stream = zlib.compress(b"<</S/URI/URI (http://inner.example/)>>")
    data = (
        b"%PDF-1.5 <</A<</S/URI/URI (http://outer.example/a\\(b\\))>>>> <</Type/ObjStm>>stream\r\n"
        + stream
        + b"endstream /Encrypt"
    )
    found = attachments.describe(0, "a.pdf", "application/pdf", data, notes)
    assert found.links == ("http://outer.example/a(b)", "http://inner.example/")
    assert found.encrypted


def test_names_in_a_mail(mime):
    mail = mime(
        (b"Content-Type: text/plain", b"see"),
        (
            b"Content-Type: application/octet-stream; name=\"x\"\r\nContent-Disposition: attachment; filename*=utf-8''PO%E2%80%AEfdp.exe\r\n"
            b"Content-Transfer-Encoding: base64",
            base64.b64encode(b"MZ\x90"),
        ),
        (b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=order.pdf.scr", b"MZ"),
    )
    assert [a.name for a in mail.attachments] == ["PO\u202efdp.exe", "order.pdf.scr"]
    assert [a.sniffed for a in mail.attachments] == ["application/x-msdownload"] * 2
    assert mail.bidi_controls == 1


def test_winmail_dat(mime):
    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    tnef = struct.pack("<IH", 0x223E9F78, 1)
    tnef += (
        attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, b"PO.exe\0")
        + attribute(2, 0x0006800F, b"MZ\x90\x00")
    )
    mail = mime(
        (b"Content-Type: text/plain", b"see"),
        (
            b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64",
            base64.encodebytes(tnef),
        ),
    )
    assert [(a.name, a.sniffed) for a in mail.attachments] == [("PO.exe", "application/x-msdownload")]


def test_broken_winmail_dat(mime):
    mail = mime((b"Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 50))
    assert [(a.name, a.sniffed) for a in mail.attachments] == [("winmail.dat", "application/vnd.ms-tnef")]
