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
