# ruff: noqa: E501 - one row, one line
"""The words of attached PDFs, letters and sheets, locked and open files, and archives whose lists are packed otherwise."""

from __future__ import annotations

import base64
import bz2
import io
import lzma
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from keeneye.mail import attachments
from keeneye.mail.limits import Limits, Notes
from keeneye.model import Attachment

FILES = Path(__file__).parent / "files"
SITE = "http://login.bakery.example/owa"
CPU_SECONDS_MOST = 0.5


def described(data: bytes, name: str = "order.pdf") -> Attachment:
    return attachments.describe(0, name, "", data, Notes(Limits()))


def numbered(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))


def stream(content: bytes, dictionary: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"<<" + dictionary + b">>stream\n" + content + b"\nendstream"


CODES = b"""/CMapName/Adobe-Identity-UCS def 1 begincodespacerange <0000> <FFFF> endcodespacerange
3 beginbfchar <0001> <0050> <0002> <004F> <0003> <0020> endbfchar
2 beginbfrange <0010> <0019> <0030> <0020> <0022> [<8A62> <50F9> <00660069>] endbfrange"""
PAGE = b"BT /F1 12 Tf 50 700 Td [<000100020003>-250<00140014001700110003>20<002000210022>] TJ ET"
SHOWN = "PO 4471 詢價fi"
FONT = b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 4 0 R>>"
ADOBE_85 = base64.a85encode(zlib.compress(b"BT (Sign in to view the order) Tj ET")) + b"~>"


def up(rows: bytes, columns: int) -> bytes:
    """PNG filter Up over every row."""
    out, above = b"", bytes(columns)
    for at in range(0, len(rows), columns):
        row = rows[at : at + columns].ljust(columns)
        out += b"\x02" + bytes((a - b) & 255 for a, b in zip(row, above, strict=True))
        above = row
    return out


LIST = b"5 0 6 %d " % (len(FONT) + 1)
PREDICTED = b"/Type/ObjStm/N 2/First %d/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 16>>" % len(LIST)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (numbered(stream(zlib.compress(PAGE)), b"<</Font<</F1 3 0 R>>>>", FONT, stream(zlib.compress(CODES))), SHOWN),
        (numbered(stream(PAGE, b""), b"<</Font 5 0 R>>", FONT, stream(CODES, b""), b"<</F1 3 0 R>>"), SHOWN),
        # Browsers break a line of letters for kerning, and draw every cell on its own.
        (
            numbered(
                stream(b"BT /F1 9 Tf <0001> Tj 6.5 0 Td <0002> Tj ET BT <0014> Tj 0 -9 Td <0017> Tj ET", b""),
                b"<</Font<</F1 3 0 R>>>>",
                FONT,
                stream(CODES, b""),
            ),
            "PO 4 7",
        ),
        (numbered(stream(b"BT /F1 9 Tf (Ball) Tj 30 0 Td (valve) Tj ET", b"")), "Ball valve"),
        # Fonts in an object stream whose rows are predicted.
        (
            numbered(
                stream(zlib.compress(PAGE)),
                stream(zlib.compress(up(LIST + FONT + b" <</Font<</F1 5 0 R>>>>", 16)), PREDICTED),
                b"<<>>",
                stream(zlib.compress(CODES)),
            ),
            SHOWN,
        ),
        (numbered(stream(PAGE, b""), b"<</Font<</F1 3 0 R>>>>", b"<</Subtype/Type0>>", b"<</ToUnicode 9 0 R>>"), ""),
        (numbered(stream(ADOBE_85, b"/Filter[/ASCII85Decode/FlateDecode]")), "Sign in to view the order"),
        (numbered(stream(ADOBE_85[:-2].replace(b"z", b"!!!!!"), b"/Filter [ /A85 /Fl ]")), "Sign in to view the order"),
        (numbered(stream(b"BT (in figures) Tj ET".hex().encode() + b">", b"/Filter/ASCIIHexDecode")), "in figures"),
        (numbered(stream(zlib.compress(b"BT (here) Tj ET"), b"/#46ilter/#46lateDecode")), "here"),
        (numbered(stream(b"BT (runs) Tj ET", b"/Filter/LZWDecode")), ""),
    ],
)  # fmt: skip
def test_words_of_a_pdf(data, text):
    assert described(data).text == text


@pytest.mark.parametrize("name", ["open-rc4-40", "open-rc4-128", "open-aes-128", "open-aes-256"])
def test_a_protected_pdf_that_asks_for_no_password_is_read(name):
    """Made by qpdf with an owner's password only: printing is forbidden, reading is not."""
    found = described((FILES / f"{name}.pdf").read_bytes())
    assert (found.encrypted, found.links, found.text) == (False, (SITE,), "Sign in with your mail password")


@pytest.mark.parametrize("name", ["locked-rc4-128", "locked-aes-256"])
def test_a_pdf_that_wants_a_password_is_locked(name):
    found = described((FILES / f"{name}.pdf").read_bytes())
    assert (found.encrypted, found.links, found.text) == (True, (), "")


def test_a_key_of_a_length_that_no_cipher_has_tells_nothing():
    data = (FILES / "open-rc4-128.pdf").read_bytes().replace(b"/Length 128", b"/Length 104")
    assert described(data).encrypted is None


@pytest.mark.parametrize(
    "data",
    [
        numbered(stream(PAGE, b""), b"<</Font<</F1 3 0 R>>>>", FONT, stream(b"beginbfchar" * 6_000, b"")),
        numbered(stream(PAGE, b""), b"<</Font<</F1 3 0 R>>>>", FONT, stream(b"1 beginbfrange" + b"<00><FFFFFFFF><0041>" * 3_000, b"")),
        numbered(stream(PAGE, b""), FONT) + b"/Font<</F1 9 0 R>>" * 100_000,
        numbered(stream(PAGE, b""), b"<</Font<<" + b"".join(b"/F%d 9 0 R" % i for i in range(300)) + b">>>>", FONT) + b"19 0 obj " * 500_000,
        b"%PDF-1.7 <</Encrypt 5 0 R>>" + b"/ID[" * 500_000,
        b"%PDF-1.7 <</Encrypt 5 0 R>> 5 0 obj <</V 5/R 6/U(" + b"(" * 3_000 + b"/O(" * 300_000,
        (FILES / "open-aes-256.pdf").read_bytes() + b"/URI(http://x.example/)" * 100_000,
        numbered(stream(b"z" * 2_000_000, b"/Filter/ASCII85Decode")),
        numbered(stream(zlib.compress(bytes(9_000_000)), b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 1>>")),
    ],
)  # fmt: skip
def test_hostile_pdfs_cost_little(data):
    start = time.process_time()
    described(data)
    assert time.process_time() - start < CPU_SECONDS_MOST


def office(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


LETTER = (
    '<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>Purchase order</w:t></w:r><w:r><w:t xml:space="preserve"> 4471</w:t></w:r></w:p>'
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Ball valve &lt;DN50&gt;</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>500 pcs</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    "<w:p><w:r><w:t>FOB</w:t><w:tab/><w:t>Ningbo</w:t><w:br/><w:t>阀门</w:t></w:r></w:p></w:body></w:document>"
)
SHEET = (
    '<worksheet><cols><col min="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>500</v></c><c r="C2" t="inlineStr"><is><t>pcs</t></is></c><c r="D2" t="s"><v>99</v></c></row></sheetData></worksheet>'
)
STRINGS = "<sst><si><t>Item</t></si><si><t>Qty</t></si><si><r><t>Ball </t></r><r><t>valve DN50</t></r></si></sst>"


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"word/document.xml": LETTER}, "Purchase order 4471\nBall valve <DN50>\t500 pcs\nFOB\tNingbo\t阀门"),
        ({"xl/worksheets/sheet1.xml": SHEET, "xl/sharedStrings.xml": STRINGS}, "Item\tQty\nBall valve DN50\t500\tpcs"),
        ({"xl/worksheets/sheet1.xml": SHEET}, "500\tpcs"),
        ({"ppt/slides/slide1.xml": "<p:sld><a:p><a:r><a:t>Our needs</a:t></a:r></a:p></p:sld>"}, "Our needs"),
        ({"word/document.xml": "<w:t>" + "a" * 90_000 + "</w:t>"}, ""),
        ({"word/document.xml": "<w:p>" + "<w:t>wort </w:t>" * 3_000 + "</w:p>"}, ("wort " * 1_000).strip()),
        ({"word/document.xml": "<w:t>&#" + "9" * 5_000 + ";</w:t>"}, "&#" + "9" * 4_998),
        ({"xl/worksheets/sheet1.xml": "<row>" * 200_000, "xl/sharedStrings.xml": "<si>" * 200_000}, ""),
        ({"order.txt": "500 pcs"}, ""),
    ],
)  # fmt: skip
def test_words_of_office_files(members, text):
    start = time.process_time()
    assert described(office(**members), "order.docx").text == text
    assert time.process_time() - start < CPU_SECONDS_MOST


# Made by 7-Zip 24: order.pdf.exe and 订单.txt; a list that is not packed.
LISTED = bytes.fromhex(
    "0104060001090900070b010001212101000c0500080d0209030a017a7a6fedc4f2c7f600000502190400000000112b006f0072006400650072002e007000640066002e006500780065000000a28b55532e0074007800740000001900141201005c54e377d87cdd015c54e377d87cdd01"
    "150a01002080a4812080a4810000"
)
LZMA = [{"id": lzma.FILTER_LZMA1, "dict_size": 4096, "lc": 3, "lp": 0, "pb": 2}]
LZMA2 = [{"id": lzma.FILTER_LZMA2, "dict_size": 4096}]
DEFLATE = zlib.compressobj(9, zlib.DEFLATED, -15)


def seven_zip(coder: bytes, packed: bytes, properties: bytes = b"") -> bytes:
    """A 7z archive of a list only, which one coder packed (7zFormat.txt)."""
    shape = len(coder) | (0x20 if properties else 0)
    info = b"\x17\x06\x00\x01\x09" + number(len(packed)) + b"\x00\x07\x0b\x01\x00\x01" + bytes((shape,)) + coder
    info += (number(len(properties)) + properties if properties else b"") + b"\x0c" + number(len(LISTED)) + b"\x00\x00"
    head = struct.pack("<QQI", len(packed), len(info), zlib.crc32(info))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(head)) + head + packed + info


def number(value: int) -> bytes:
    return bytes((value,)) if value < 0x80 else bytes((0x80 | value >> 8, value & 255))


@pytest.mark.parametrize(
    ("data", "members"),
    [
        (seven_zip(b"\x00", LISTED), ("order.pdf.exe", "订单.txt")),
        (seven_zip(b"\x03\x01\x01", lzma.compress(LISTED, lzma.FORMAT_RAW, filters=LZMA), b"\x5d\x00\x10\x00\x00"), ("order.pdf.exe", "订单.txt")),
        (seven_zip(b"\x21", lzma.compress(LISTED, lzma.FORMAT_RAW, filters=LZMA2), b"\x00"), ("order.pdf.exe", "订单.txt")),
        (seven_zip(b"\x04\x02\x02", bz2.compress(LISTED)), ("order.pdf.exe", "订单.txt")),
        (seven_zip(b"\x04\x01\x08", DEFLATE.compress(LISTED) + DEFLATE.flush()), ("order.pdf.exe", "订单.txt")),
        (seven_zip(b"\x03\x04\x01", LISTED, b"\x06\x00\x00\x10\x00"), ()),  # PPMd
        (seven_zip(b"\x04\x02\x02", b"BZh9rubbish"), ()),
        (seven_zip(b"\x03\x01\x01", LISTED, b"\xff\x00\x10\x00\x00"), ()),
    ],
    ids=["copy", "lzma", "lzma2", "bzip2", "deflate", "ppmd", "broken", "impossible"],
)  # fmt: skip
def test_members_of_a_7z_whose_list_is_packed_otherwise(data, members):
    assert described(data, "order.7z").members == members
