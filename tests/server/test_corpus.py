"""The whole pipeline over the invented messages of ``tests/corpus`` and the samples of the page.

Without geo tables and history, so that the result is the same on every machine.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from keeneye.model import Effect, Graded, Outcome, Payload
from keeneye.pipeline import Grader, GraderSettings

CORPUS = Path(__file__).parents[1] / "corpus"
SAMPLES = Path(__file__).parents[2] / "server" / "keeneye" / "web" / "samples"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "expected.toml").read_text(encoding="utf-8"))
INDEX: list[dict[str, Any]] = json.loads((SAMPLES / "index.json").read_text(encoding="utf-8"))
HONEST = ("potential_customer", "order_ready")


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Grader:
    return Grader(GraderSettings(geo_dir=tmp_path_factory.mktemp("geo")))


def grade(grader: Grader, path: Path) -> Graded:
    graded = grader.grade(Payload(raw=path.read_bytes()))
    assert graded.broken == ()
    return graded


def test_every_message_has_its_expectation() -> None:
    assert {p.stem for p in CORPUS.glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_messages_of_the_corpus(grader: Grader, name: str) -> None:
    graded = grade(grader, CORPUS / f"{name}.eml")
    score, want = graded.score, EXPECTED[name]
    got = (score.category, score.subcategory, score.stars, score.level)
    assert got == (want["category"], want.get("subcategory"), want.get("stars"), want.get("level"))
    hits = {f.id for f in graded.findings if f.outcome is Outcome.HIT}
    assert not set(want.get("hits", ())) - hits


@pytest.mark.parametrize("name", sorted(n for n, want in EXPECTED.items() if "says" in want))
def test_fields_of_the_corpus(grader: Grader, name: str) -> None:
    facts = grade(grader, CORPUS / f"{name}.eml").facts
    for field, words in EXPECTED[name]["says"].items():
        found = getattr(facts.request, field, None) or getattr(facts.contact, field, None) or ()
        quotes = [e.quote for e in (found if isinstance(found, tuple) else (found,))]
        assert any(words in quote for quote in quotes), (field, quotes)


@pytest.mark.parametrize(
    ("name", "language", "headline"),
    [
        ("bottles-leeds-short-en", "en", "Asks for 300 steel bottles"),
        ("hinges-hamburg-de", "en", "Asks for Edelstahlscharniere 100 x 75 mm, 8.000 Stück"),
        ("clips-rotterdam-order-en", "es", "Pide tomato clips 22 mm white, 25,000 y más"),
        ("switch-supplier-no-product-es", "en", "Looks for a supplier, names no product yet"),
        ("switch-supplier-no-product-es", "es", "Busca proveedor, aún no nombra ningún producto"),
        ("valve-urgent-restock-en", "zh-CN", "订购：brass ball valve 3/4 inch，1,000 pcs，另有其他产品"),
    ],
)
def test_headlines_say_what_is_wanted(grader: Grader, name: str, language: str, headline: str) -> None:
    assert grader.verdict(grade(grader, CORPUS / f"{name}.eml"), language=language)["headline"] == headline


def test_what_reads_badly_is_not_found(grader: Grader) -> None:
    """Finds that once stood in the breakdown of honest mail: a form for a certificate, a department for a person,
    haste for pressure, a season or the market for goods."""
    hits = {
        name: {
            f.id: f.evidence[0].quote
            for f in grade(grader, CORPUS / f"{name}.eml").findings
            if f.outcome is Outcome.HIT
        }
        for name in ("tiles-santos-pt", "unrelated-goods-en", "valve-urgent-restock-en", "newcomer-survey-en")
    }
    assert hits["tiles-santos-pt"].get("request.certificates") != "forma"
    assert "contact.person" not in hits["unrelated-goods-en"]
    assert "tone.pressure" not in hits["valve-urgent-restock-en"]
    assert "company.introduction" not in hits["newcomer-survey-en"]


def test_a_marketplace_is_not_the_buyer(grader: Grader) -> None:
    """Its domain is neither a company mailbox of the buyer nor worth a search; level 4 does not deny the goods."""
    graded = grade(grader, CORPUS / "canned-notice-en.eml")
    hits = {f.id for f in graded.findings if f.outcome is Outcome.HIT}
    assert "sender.company-mailbox" not in hits
    verdict = grader.verdict(graded)
    assert not [c for c in verdict["advice"]["checks"] if "made-in-china" in c["url"]]
    assert verdict["level_because"] == ["casual"]
    assert verdict["level_reason"].startswith("asks around")


@pytest.mark.parametrize("name", sorted(n for n, want in EXPECTED.items() if want["category"] in HONEST))
def test_no_honest_buyer_is_warned_of(grader: Grader, name: str) -> None:
    score = grade(grader, CORPUS / f"{name}.eml").score
    assert score.banner == "none"
    assert score.risk < 20


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_type_says_why(grader: Grader, name: str) -> None:
    graded = grade(grader, CORPUS / f"{name}.eml")
    hits = {f.id for f in graded.findings if f.outcome is Outcome.HIT}
    assert set(graded.score.reasons) == hits
    for category, finding in graded.score.otherwise:
        assert category != graded.score.category or finding not in hits
        assert finding in grader.registry


@pytest.mark.parametrize("sample", INDEX, ids=lambda s: s["name"])
def test_samples_of_the_page(grader: Grader, sample: dict[str, Any]) -> None:
    score = grade(grader, SAMPLES / sample["file"]).score
    assert score.category == sample["type"]
    assert sample["subtype"] in (None, score.subcategory)


def test_country_gives_no_points_against_anybody(grader: Grader) -> None:
    for name in ("brakepads-nairobi-en", "bearings-moscow-ru"):
        for finding in grade(grader, CORPUS / f"{name}.eml").findings:
            if finding.family == "country":
                assert finding.points >= 0
                assert finding.effect in (Effect.FACT, Effect.QUALITY)
