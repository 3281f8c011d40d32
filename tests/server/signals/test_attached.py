"""What stands in attached papers counts where the letter itself says nothing, and is shown at the attachment."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.server.conftest import raw

from keeneye.model import Outcome, Payload
from keeneye.pipeline import Grader, GraderSettings

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = (("Item", "Quantity"), ("Ball valve DN50 PN16, SS316", "500 pcs"), ("Gate valve DN80", "120 pcs"))


def packed(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sheet(*rows: tuple[str, ...]) -> bytes:
    cells = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in rows)
    return packed(**{"xl/worksheets/sheet1.xml": "".join(f"<row>{row}</row>" for row in cells)})


def letter(*lines: str) -> bytes:
    return packed(**{"word/document.xml": "".join(f"<w:p><w:t>{line}</w:t></w:p>" for line in lines)})


def pdf(words: str, link: str) -> bytes:
    page = f"BT /F1 12 Tf ({words}) Tj ET"
    return f"%PDF-1.7\n1 0 obj <</S/URI/URI({link})>> endobj\n2 0 obj <<>>stream\n{page}\nendstream endobj\n".encode()


def mail(name: str, kind: str, content: bytes, text: str = "Please quote for the enclosed list.") -> dict[str, Any]:
    return {"text": f"Dear Sirs,\n\n{text}\n\nAnn Buyer", "attachments": [(name, kind, content)]}


@pytest.mark.parametrize(
    ("message", "quotes"),
    [
        (mail("list.xlsx", SHEET, sheet(*ROWS)), ["500 pcs", "120 pcs"]),
        (mail("RFQ.docx", WORD, letter("We need 2,000 pcs of ball valves DN50.")), ["2,000 pcs"]),
        (mail("list.xlsx", SHEET, sheet(("Item", "Remark"))), []),
    ],
)
def test_amounts_in_an_attached_list(ask: Callable[..., Any], message: dict[str, Any], quotes: list[str]) -> None:
    answer = ask("request.quantity", message)
    assert [(e.part, e.quote) for e in answer.evidence] == [("attachment:0", quote) for quote in quotes]
    assert answer.outcome is (Outcome.HIT if quotes else Outcome.MISS)


def test_the_letters_own_amount_counts_more(ask: Callable[..., Any]) -> None:
    message = mail("list.xlsx", SHEET, sheet(*ROWS), "Please quote for 700 pcs of ball valves as enclosed.")
    own, listed = (ask("request.quantity", m) for m in (message, mail("list.xlsx", SHEET, sheet(*ROWS))))
    assert [e.part for e in own.evidence] == ["text"]
    assert own.strength > listed.strength


@pytest.mark.parametrize(
    ("words", "link", "expected"),
    [
        ("Click here to view the document with your email password", "https://bakery.example/po", Outcome.HIT),
        ("Enter your mailbox password to verify your account", "https://bakery.example/po", Outcome.HIT),
        ("Enter your mailbox password to verify your account", "https://portal.buyer.example/", Outcome.MISS),
        ("The password of the valve controller is printed on its back", "https://pump-works.example/", Outcome.MISS),
        ("Data sheet of ball valves", "https://www.pump-works.example/", Outcome.MISS),
    ],
)
def test_a_paper_that_asks_for_the_password(ask: Callable[..., Any], words: str, link: str, expected: Outcome) -> None:
    answer = ask("attachments.leads-to-log-in", mail("PO.pdf", "application/pdf", pdf(words, link)))
    assert answer.outcome is expected
    assert all(e.part == "attachment:0" for e in answer.evidence)
    assert expected is Outcome.MISS or any("password" in e.quote for e in answer.evidence)


def test_the_verdict_shows_the_attachment_and_asks_for_no_quantity() -> None:
    grader = Grader(GraderSettings(geo_dir=Path("/nonexistent")))
    verdict = grader.verdict(grader.grade(Payload(raw=raw(mail("list.xlsx", SHEET, sheet(*ROWS))))))
    found = next(f for f in verdict["findings"] if f["id"] == "request.quantity")
    assert {e["part"] for e in found["evidence"]} == {"attachment:0"}
    assert "quantity" not in verdict["missing"]
    bare = grader.verdict(grader.grade(Payload(raw=raw({"text": "Dear Sirs,\n\nPlease quote for ball valves."}))))
    assert "quantity" in bare["missing"]
