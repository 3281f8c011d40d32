"""Dangerous files, and the files that honest buyers and developers send."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from keeneye.model import Attachment, Outcome
from keeneye.signals import load

HIT, MISS, NA = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
OCTETS = "application/octet-stream"


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def file(name: str, content: bytes = b"x", kind: str = OCTETS) -> dict[str, Any]:
    return {"text": "Please see the file.", "attachments": [(name, kind, content)]}


LOG_IN = b"<html><form action='https://x.example'>Password <input type=password></form></html>"

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
