"""Dangerous files, and the files that honest buyers and developers send."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from keeneye.model import Attachment, Outcome
from keeneye.signals import load

HIT, MISS, NA = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
OCTETS = "application/octet-stream"


RAR = (
    b"Rar!\x1a\x07\x00"
    + struct.pack("<HBHHIH", 0, 0x73, 0, 13, 0, 0)
    + struct.pack("<HBHHIIBIIBBHI", 0, 0x74, 0x8000, 45, 1, 1, 2, 0, 0, 29, 0x30, 13, 32)
    + b"order.pdf.exe"
    + b"x"
)


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def file(name: str, content: bytes = b"x", kind: str = OCTETS) -> dict[str, Any]:
    return {"text": "Please see the file.", "attachments": [(name, kind, content)]}


LOG_IN = b"<html><form action='https://x.example'>Password <input type=password></form></html>"


def pdf(*links: str, name: str = "PO.pdf", packed: bool = True, **fields: Any) -> dict[str, Any]:
    """A message with a PDF whose links stand in a compressed object stream, as in most PDFs, or in the open."""
    actions = b"".join(b"<</S/URI/URI(%b)>>" % link.encode() for link in links)
    if packed:
        actions = b"<</Type/ObjStm/Filter/FlateDecode>>\nstream\n" + zlib.compress(actions) + b"\nendstream"
    return {**file(name, b"%PDF-1.7\n1 0 obj\n" + actions + b"\nendobj\n", "application/pdf"), **fields}


def docx(kind: str, target: str) -> dict[str, Any]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships><Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships/{kind}" '
            f'Target="{target}" TargetMode="External"/></Relationships>',
        )
    return file("PO.docx", buffer.getvalue())


ROWS: list[tuple[str, Any, Outcome]] = [
    ("program", file("PO-4471.exe"), HIT),
    ("program", file("order.js"), HIT),
    ("program", file("profile.mobileconfig"), HIT),
    ("program", file("drawing.pdf", b"MZ\x90\x00" + b"\0" * 100), HIT),
    ("program", file("drawing.pdf", PDF, "application/pdf"), MISS),
    ("program", {"text": "no file"}, NA),
    ("program-in-archive", file("order.zip", packed("order.pdf.exe")), HIT),
    ("program-in-archive", file("order.zip", packed("image.iso")), HIT),
    ("program-in-archive", file("drawings.zip", packed("a.dwg", "b.pdf")), MISS),
    ("program-in-archive", file("source.zip", packed(*(f"m{i}.js" for i in range(9)))), MISS),
    ("log-in-page", file("Invoice.html", LOG_IN, "text/html"), HIT),
    ("log-in-page", file("report.html", b"<html><p>Results of the test</p></html>", "text/html"), MISS),
    ("web-page", file("PO 4471.shtml", b"<html></html>", "text/html"), HIT),
    ("web-page", file("coverage-report.html", b"<html></html>", "text/html"), MISS),
    ("web-page", file("order.pdf", PDF, "application/pdf"), MISS),
    ("disc-image", file("quotation.iso"), HIT),
    ("disc-image", file("ISO 9001.pdf", PDF, "application/pdf"), MISS),
    ("two-endings", file("order.pdf.exe"), HIT),
    ("two-endings", file("PO.xlsx.z"), HIT),
    ("two-endings", file("drawing.v2.pdf", PDF, "application/pdf"), MISS),
    ("two-endings", file("source.tar.gz"), MISS),
    ("locked-archive", file("drawings.zip", packed("a.dwg")), MISS),
    ("locked-document", file("price.pdf", PDF, "application/pdf"), MISS),
    ("macro", file("PO.xlsm"), HIT),
    ("macro", file("PO.xlsx", packed("[Content_Types].xml")), MISS),
    ("other-kind", file("drawing.pdf", b"Rar!\x1a\x07\x00xxxx", "application/pdf"), HIT),
    ("other-kind", file("PO.xlsx", packed("[Content_Types].xml", "xl/workbook.xml")), MISS),
    ("odd-archive", file("Purchase Order.z"), HIT),
    ("odd-archive", file("linux-6.1.tar.xz"), MISS),
    ("packed-order", file("PO 4471.rar"), HIT),
    ("packed-order", file("PO drawings.zip", packed("a.dwg")), MISS),
    ("packed-order", file("photos.zip", packed("a.jpg")), MISS),
    ("program-in-archive", file("drawings.rar", RAR), HIT),
    ("program-in-archive", file("data.pdf", b"%PDF-1.7 <</EmbeddedFile>><</Type/Filespec/F(order.exe)>>"), HIT),
    ("program-in-archive", file("data.pdf", b"%PDF-1.7 <</EmbeddedFile>><</Type/Filespec/F(factur-x.xml)>>"), MISS),
    ("log-in-page", file("form.pdf", b"%PDF-1.7 /JavaScript BT (password) Tj ET", "application/pdf"), MISS),
    ("leads-to-log-in", pdf("https://bakery.example/webmail/login.php"), HIT),
    ("leads-to-log-in", pdf("https://bakery.example/x/sign-in", packed=False), HIT),
    ("leads-to-log-in", docx("hyperlink", "https://login.bakery.example/"), HIT),
    ("leads-to-log-in", pdf("https://www.pump-works.example/en/dn50", name="data sheet DN50.pdf"), MISS),
    ("leads-to-log-in", pdf("https://www.first-bank.example/", name="invoice.pdf"), MISS),
    ("leads-to-log-in", pdf("https://portal.buyer.example/login"), MISS),
    ("leads-to-log-in", pdf("https://www.paypal.com/signin"), MISS),
    ("leads-to-log-in", pdf("mailto:login@bakery.example"), NA),
    ("leads-to-log-in", file("order.pdf", PDF, "application/pdf"), NA),
    ("leads-to-odd-place", pdf("http://203.0.113.9/doc"), HIT),
    ("leads-to-odd-place", pdf("https://po-4471.pages.dev/"), HIT),
    ("leads-to-odd-place", pdf("https://bakery.example/wp-content/x/index.php"), HIT),
    ("leads-to-odd-place", pdf("https://bakery.example/view#sales@exporter.example"), HIT),
    ("leads-to-odd-place", docx("hyperlink", "https://ipfs.example/ipfs/x"), HIT),
    ("leads-to-odd-place", pdf("https://www.pump-works.example/en/dn50", name="data sheet DN50.pdf"), MISS),
    ("leads-to-odd-place", pdf("https://www.first-bank.example/", name="invoice.pdf"), MISS),
    ("leads-to-odd-place", pdf("http://192.168.1.4/"), MISS),
    ("leads-to-odd-place", {"text": "no file"}, NA),
    ("fetches", docx("attachedTemplate", "http://203.0.113.9/x.dotm"), HIT),
    ("fetches", docx("oleObject", "https://bakery.example/x.hta"), HIT),
    ("fetches", docx("attachedTemplate", "file:///C:/Users/ann/Normal.dotm"), NA),
    ("fetches", docx("attachedTemplate", "https://www.buyer.example/letter.dotx"), MISS),
    ("fetches", docx("hyperlink", "http://203.0.113.9/x.dotm"), MISS),
    ("named-after-you", file("sales@exporter.example.pdf", PDF, "application/pdf"), HIT),
    ("named-after-you", {**file("exporter.example.pdf", PDF), "from": "Li <li@exporter.example>"}, MISS),
    ("named-after-you", file("Exporter price list.pdf", PDF), MISS),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_attachments(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"attachments.{name}", message) is expected


def of(facts_of: Callable[..., Any], **fields: Any) -> Any:
    """Facts with one attachment made by hand."""
    facts = facts_of({"text": "Please see the file. Password 1234."})
    attachment = Attachment(0, fields.pop("name"), fields.pop("type", OCTETS), None, 100, None, **fields)
    return replace(facts, mail=replace(facts.mail, attachments=(attachment,)))


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("locked-archive", {"name": "order.zip", "encrypted": True}, HIT),
        ("locked-archive", {"name": "order.zip", "encrypted": None}, MISS),
        ("locked-archive", {"name": "smime.p7m", "type": "application/pkcs7-mime", "encrypted": True}, MISS),
        ("locked-document", {"name": "price.pdf", "encrypted": True}, HIT),
        ("locked-document", {"name": "smime.p7m", "type": "application/pkcs7-mime", "encrypted": True}, MISS),
        ("two-endings", {"name": "order\u202efdp.exe"}, HIT),
        ("web-page", {"name": "scan.svg", "has_script": True}, HIT),
        ("web-page", {"name": "logo.svg"}, MISS),
        ("web-page", {"name": "", "type": "text/html", "inline": True}, MISS),
    ],
)
def test_what_only_a_reader_of_the_bytes_sees(
    facts_of: Callable[..., Any], name: str, fields: dict[str, Any], expected: Outcome
) -> None:
    assert load()[f"attachments.{name}"].check(of(facts_of, **fields)).outcome is expected


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"attachments.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("attachments.")}


@pytest.mark.parametrize("signal", ["leads-to-log-in", "leads-to-odd-place"])
def test_a_link_in_a_document_is_shown_at_the_document(ask: Callable[..., Any], signal: str) -> None:
    link = "http://203.0.113.9/owa/login"
    message = pdf("https://www.pump-works.example/", link)
    message["attachments"].insert(0, ("drawing.png", "image/png", b"\x89PNG"))
    answer = ask(f"attachments.{signal}", message)
    assert [(e.part, e.quote) for e in answer.evidence] == [("attachment:1", link)]
    assert answer.values == {"file": "PO.pdf", "host": "203.0.113.9"}


def test_a_list_of_addresses_says_less(ask: Callable[..., Any]) -> None:
    makers = [f"https://www.maker{i}.example/" for i in range(9)]
    few, many = (
        ask("attachments.leads-to-log-in", pdf(*m, "https://bakery.example/login")) for m in (makers[:1], makers)
    )
    assert few.strength == 1
    assert many.strength < 0.5
