"""What attached documents say: their first words are read as a letter's are, but kept apart from the letter's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from keeneye.facts import request
from keeneye.facts.phrases import Hit, said, shipped
from keeneye.facts.text import Text
from keeneye.model import Evidence, Firm, Mail, Quantity, Request, Span

PAPERS_MOST: Final = 3
TEXT_MOST: Final = 5_000
PLACES_MOST: Final = 20
_DOCUMENTS: Final = ("application/pdf", "officedocument.wordprocessing", "officedocument.spreadsheet")


def read(mail: Mail, firm: Firm) -> tuple[Request, Mapping[str, tuple[Evidence, ...]]]:
    """What the first PAPERS_MOST texts, sheets and PDFs ask for, and their phrases by tag, as of ``attachment:N``."""
    papers = [
        a for a in mail.attachments if a.text and not a.inline and any(d in (a.sniffed or "") for d in _DOCUMENTS)
    ]
    asked = Request()
    phrases: dict[str, tuple[Evidence, ...]] = {}
    for paper in papers[:PAPERS_MOST]:
        part = f"attachment:{paper.index}"
        body = paper.text[:TEXT_MOST]
        text = Text(
            replace(mail, subject="", body=body, own=(Span(0, len(body)),), signature=None, quoted=(), forwarded=None)
        )
        hits = shipped().scan(text)
        by_tag: dict[str, list[Hit]] = {}
        for hit in hits:
            by_tag.setdefault(hit.tag, []).append(hit)
        one = request.draw(text, by_tag, firm)
        asked = replace(
            asked,
            products=(*asked.products, *_of(part, one.products)),
            models=(*asked.models, *_of(part, one.models)),
            specifications=(*asked.specifications, *_of(part, one.specifications)),
            materials=(*asked.materials, *_of(part, one.materials)),
            quantities=(
                *asked.quantities,
                *(Quantity(q.value, q.unit, *_of(part, [q.evidence])) for q in one.quantities[:PLACES_MOST]),
            ),
        )
        for tag, places in said(text, hits)[0].items():
            phrases[tag] = (*phrases.get(tag, ()), *_of(part, places))
    return asked, phrases


def _of(part: str, places: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The words without their place, since no client shows the text of an attachment."""
    return tuple(Evidence(part, place.quote) for place in list(places)[:PLACES_MOST])
