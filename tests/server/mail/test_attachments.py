# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import base64
import binascii
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
        (gzip.compress(b"x", mtime=0), "application/gzip"),
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
        + b"endstream"
    )
    found = attachments.describe(0, "a.pdf", "application/pdf", data, notes)
    assert found.links == ("http://outer.example/a(b)", "http://inner.example/")
    assert found.encrypted is False


def stream(content: bytes, dictionary: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"9 0 obj\n<<" + dictionary + b">>\nstream\n" + zlib.compress(content) + b"\nendstream endobj\n"


OBJECTS = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
SITE = "http://x.example/"


@pytest.mark.parametrize(
    ("content", "links"),
    [
        (b"<</S/URI/URI(http://x.example/)>>", (SITE,)),
        (b"<</S/URI/URI <" + SITE.encode().hex().encode() + b">>>", (SITE,)),
        (b"<</S/URI/URI<" + (b"\xfe\xff" + SITE.encode("utf-16-be")).hex().encode() + b">>>", (SITE,)),
        (b"<</S/URI/URI(\\150ttp:\\\n//x.exa\\155ple/)>>", (SITE,)),
        (b"<</S/URI/URI (http://x.example/(a))>>", (SITE + "(a)",)),
        (b"<</S/#55RI/U#52I (http://x.example/)>>", (SITE,)),
        (b"<</S/URI/URI 8 0 R>> endobj 8 0 obj (http://x.example/) endobj", (SITE,)),
        (stream(b"<</S/URI/URI(http://x.example/)>>", OBJECTS), (SITE,)),
        (stream(b"<</S/URI/URI(http://x.example/)>>" + b" " * 9000, OBJECTS)[:40] + b"", ()),
        (b"<</URI(page.html)>>", ()),
        (b"<</URI", ()),
        (b"<</URI(http://x.example", ()),
        (b"<</Producer(http://maker.example)>>", ()),
        (b"<</Encrypt 5 0 R>><</URI(\x80\x91ab)>>" + stream(b"/URI(http://x.example/)", OBJECTS), ()),
    ],
)  # fmt: skip
def test_addresses_in_a_pdf(content, links, notes):
    assert attachments.describe(0, "a.pdf", "", b"%PDF-1.7\n" + content, notes).links == links


def test_what_stands_before_an_error_in_a_pdf_is_read(notes):
    """Readers show a stream with a wrong check sum, or with rubbish behind its first part."""
    noise = bytes((i * 7919) >> 4 & 255 for i in range(60_000))
    data = stream(b"<</URI(http://x.example/)>>" + noise, OBJECTS)
    spoilt = data[:15_000] + b"\xff" * (len(data) - 15_000)
    assert attachments.describe(0, "a.pdf", "", b"%PDF-1.7\n" + spoilt, notes).links == (SITE,)


@pytest.mark.parametrize(
    ("content", "field", "expected"),
    [
        (b"<</S/JavaScript/JS(app.alert)>>", "has_script", True),
        (b"<</S/Launch/F(cmd.exe)>>", "has_script", True),
        (stream(b"<</S/#4aavaScript/JS 5 0 R>>", OBJECTS), "has_script", True),
        (b"<</Names[/JSpell]>>", "has_script", False),
        (b"<</S/SubmitForm/F(http://x.example)>>", "has_form", True),
        (b"<</EmbeddedFile>><</Type/Filespec/F(order.exe)/UF<feff006f0072006400650072002e006500780065>>>", "members", ("order.exe",)),
        (b"<</Encrypt 5 0 R>>", "encrypted", True),
        (b"<</EncryptMetadata false>>", "encrypted", False),
        (stream(b"BT /F1 12 Tf 50 700 Td [(Your)-250(docu)20(ment)] TJ 0 -14 Td (is \\(here\\)) Tj ET"), "text", "Your document is (here)"),
        (stream(b"BT <0123456789> Tj (\x01\x02\x03\x04) Tj ET"), "text", ""),
        (stream(b"BT (picture) Tj ET", b"/Subtype/Image/Filter/FlateDecode"), "text", ""),
    ],
)  # fmt: skip
def test_what_a_pdf_holds(content, field, expected, notes):
    assert getattr(attachments.describe(0, "a.pdf", "", b"%PDF-1.7\n" + content, notes), field) == expected


def test_what_is_unpacked_is_bounded_for_the_whole_message(notes):
    bomb = b"%PDF-1.7\n" + stream(bytes(10_000_000), OBJECTS) * 100
    for index in range(3):
        attachments.describe(index, "a.pdf", "", bomb, notes)
    assert notes.unpacked <= notes.limits.unpacked + 150 * 2048
    assert "unpacked" in notes.names


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


def vint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def rar5_file(name: str, content: bytes = b"x", extra: bytes = b"") -> bytes:
    raw = name.encode()
    fields = vint(2) + vint(2 | bool(extra)) + (vint(len(extra)) if extra else b"") + vint(len(content))
    fields += vint(4) + vint(len(content)) + vint(32) + b"crc!" + vint(0) + vint(1) + vint(len(raw)) + raw + extra
    return b"crc!" + vint(len(fields)) + fields + content


def rar4_file(name: bytes, content: bytes = b"x", flags: int = 0) -> bytes:
    head = struct.pack(
        "<HBHHIIBIIBBHI", 0, 0x74, 0x8000 | flags, 32 + len(name), len(content), 1, 2, 0, 0, 29, 0x30, len(name), 32
    )
    return head + name + content


RAR5 = b"Rar!\x1a\x07\x01\x00" + b"crc!" + vint(3) + vint(1) + vint(0) + vint(0)
RAR4 = b"Rar!\x1a\x07\x00" + struct.pack("<HBHHIH", 0, 0x73, 0, 13, 0, 0)
SECRET_RAR4 = RAR4[:7] + struct.pack("<HBHHIH", 0, 0x73, 0x80, 13, 0, 0) + rar4_file(b"a.exe")
# Made by 7-Zip 24: order.pdf.exe and 订单.txt; the header packed by LZMA, plain, packed behind a password.
SEVEN = {
    "packed": "377abcaf271c0004b04d39d474000000000000002000000000000000b48bfe7e01000468690a620a000000813307ae0fe0ec726362d37a347865a8fa55cc741d897165148671e2900243a4f2027c6d928370abab80b0a06d1fab735d948bfacbe20b19131acd11711908d57b4cb818dd70e12029e2f49b479eb506af60d9431852074f0b295685ab16f794be5f5955667691000017060901096b00070b01000123030101055d001000000c7e0a018fb27d540000",
    "plain": "377abcaf271c0004d63a65bf09000000000000007e000000000000008fb27d5401000468690a620a000104060001090900070b010001212101000c0500080d0209030a017a7a6fedc4f2c7f600000502190400000000112b006f0072006400650072002e007000640066002e006500780065000000a28b55532e0074007800740000001900141201005c54e377d87cdd015c54e377d87cdd01150a01002080a4812080a4810000",
    "locked": "377abcaf271c0004ac0d74419700000000000000220000000000000020e0ed2cb0d728dc9247391055d9daec5034901c0000813307ae0fcef2b20c07b0c3daf75f458a98484af7cc995871f4177cfa34b8ddbef209367bc98315585a311dde887c72bc75d4102ba9c706880f450e4ad3897f359498aa1b0d6493f10e63a5c7c618c37d6ed7a268561872092dd47076faf0a42cd78218282e8e77e4461dd1f0ecd7b925a9f5ef8a5462d76341ec0e444996dbd341af00001706100109808700070b01000123030101055d001000000c809e0a0116c134900000",
    "hidden": "377abcaf271c000430703007a0000000000000003e0000000000000082b31d5fc1dc82ea6665c80ee91c10c2eb9836cd6a66b1163f2ae8ffe02eadd65d0a9a23db32c6c13fa2e66e93c967417f1bcf23be836ba860adb78c781e8b1820a127333460d99a45c527a9ffc932de2cf7fc2ccd730dee845f98b5d58f432ca5e51ef8558205d954a6ba3bdb6b05379640465a0c01c15a11ebd92c5f1550e2681bc1ee654f78a5ca5ae85b9b4f545c2deea2bf61691fd028d69b2679d1fdc2c89f3ec61706100109809000070b0100022406f1070112530f0a02ad64f1b4c440409d6633986355b923030101055d0010000001000c8086809e0a01a9c0fb570000",
}


@pytest.mark.parametrize(
    ("data", "members", "encrypted"),
    [
        (RAR5 + rar5_file("order.pdf.exe") + rar5_file("订单.txt", b"y" * 300), ("order.pdf.exe", "订单.txt"), False),
        (RAR5 + rar5_file("a.doc", extra=vint(4) + vint(1) + b"key"), ("a.doc",), True),
        (RAR5[:8] + b"crc!" + vint(3) + vint(4) + vint(0) + vint(0) + rar5_file("a.exe"), (), True),
        (RAR4 + rar4_file(b"order.pdf.exe") + rar4_file(b"b.txt\0\x01packed", b"y" * 99, 0x200), ("order.pdf.exe", "b.txt"), False),
        (RAR4 + rar4_file(b"a.doc", flags=4), ("a.doc",), True),
        (SECRET_RAR4, (), True),
        (RAR4 + rar4_file(b"a.exe")[:40], ("a.exe",), False),
        (RAR5 + rar5_file("a.exe")[:9], (), None),
        (RAR5 + b"\xff" * 200, (), None),
        (bytes.fromhex(SEVEN["packed"]), ("order.pdf.exe", "订单.txt"), False),
        (bytes.fromhex(SEVEN["plain"]), ("order.pdf.exe", "订单.txt"), False),
        (bytes.fromhex(SEVEN["locked"]), ("order.pdf.exe", "订单.txt"), True),
        (bytes.fromhex(SEVEN["hidden"]), (), True),
        (bytes.fromhex(SEVEN["packed"])[:-20], (), None),
        (b"7z\xbc\xaf\x27\x1c" + b"\xff" * 60, (), None),
        (b"7z\xbc\xaf\x27\x1c", (), None),
    ],
)  # fmt: skip
def test_members_of_rar_and_7z(data, members, encrypted, notes):
    found = attachments.describe(0, "order", "", data, notes)
    assert (found.members, found.encrypted) == (members, encrypted)


def test_a_7z_header_does_not_reserve_what_it_asks_for(notes):
    """The dictionary size of the header's coder is set to 4 GiB."""
    data = bytes.fromhex(SEVEN["packed"])
    at = data.rfind(b"\x03\x01\x01\x05") + 5
    assert attachments.describe(0, "a.7z", "", data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :], notes).members


@pytest.mark.parametrize(
    ("block", "name"),
    [
        (b"begin 644 order.pdf.exe\r\n" + binascii.b2a_uu(b"MZ" + b"\x90" * 40) + binascii.b2a_uu(b"\0tail") + b"`\r\nend\r\n", "order.pdf.exe"),
        (b"begin 0755 my order.exe\n" + binascii.b2a_uu(b"MZ" + b"\x90" * 40, backtick=True) + b"`\nend\n", "my order.exe"),
        (b"begin-base64 644 a.exe\n" + base64.b64encode(b"MZ\x90") + b"\n====\n", "a.exe"),
        (b"begin 644 cut.exe\n" + binascii.b2a_uu(b"MZ" + b"\x90" * 40), "cut.exe"),
    ],
)  # fmt: skip
def test_uuencoded_files_leave_the_text(raw, block, name):
    mail = raw(b"From: a@b.example\nContent-Type: text/plain\n\nPlease see:\n\n" + block + b"\nRegards\n")
    assert [(a.name, a.sniffed) for a in mail.attachments] == [(name, "application/x-msdownload")]
    assert mail.body.split() == ["Please", "see:", "Regards"]


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 reasons\nto buy from us\n\nRegards",
        b"We begin 644 pcs of it\nend",
        b"begin 644 a.exe\n\nend",
        b"begin the work\nend",
        b"x\nbegin 999 a.exe\nM" + b"A" * 60,
    ],
)
def test_words_that_only_look_uuencoded_stay(raw, text):
    mail = raw(b"From: a@b.example\nContent-Type: text/plain\n\n" + text)
    assert mail.attachments == ()
    assert mail.body.split() == text.decode().split()


RELATION = '<Relationship Id="r{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}" TargetMode="{}"/>'


def document(*relations: tuple[str, str, str], part: str = "word/_rels/document.xml.rels") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr(
            part,
            "<Relationships>" + "".join(RELATION.format(i, *r) for i, r in enumerate(relations)) + "</Relationships>",
        )
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "links", "loads"),
    [
        (document(("hyperlink", "http://x.example/?a=1&amp;b=2", "External")), ("http://x.example/?a=1&b=2",), ()),
        (document(("hyperlink", "http://x.example/", "External"), part="xl/worksheets/_rels/sheet1.xml.rels"), (SITE,), ()),
        (document(("attachedTemplate", "http://x.example/", "External"), part="word/_rels/settings.xml.rels"), (), (SITE,)),
        (document(("oleObject", "\\\\x.example\\a", "External")), (), ("\\\\x.example\\a",)),
        (document(("attachedTemplate", "file:///C:\\Users\\ann\\Normal.dotm", "External")), (), ("file:///C:\\Users\\ann\\Normal.dotm",)),
        (document(("styles", "styles.xml", "Internal"), ("image", "http://x.example/logo.png", "External")), (), ()),
        (document(("hyperlink", "#chapter", "External"), ("hyperlink", "chapter.docx", "External")), (), ()),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + b'HYPERLINK "http://x.example/" ', (SITE,), ()),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + 'HYPERLINK \\l "http://x.example/" '.encode("utf-16-le"), (SITE,), ()),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + b'HYPERLINK "Sheet2!A1" HYPERLINK "', (), ()),
    ],
)  # fmt: skip
def test_addresses_in_office_files(data, links, loads, notes):
    found = attachments.describe(0, "order", "", data, notes)
    assert (found.links, found.loads) == (links, loads)


def test_a_bomb_among_the_relationships_is_not_inflated(notes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(100):
            archive.writestr(f"word/_rels/{number}.xml.rels", bytes(10_000_000 // 100 * 10))
    attachments.describe(0, "order.docx", "", buffer.getvalue(), notes)
    assert 0 < notes.unpacked <= notes.limits.unpacked
