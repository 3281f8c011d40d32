"""The words: every catalogue says everything, values are harmless, headlines are short."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from keeneye import signals
from keeneye.explain import Explainer, languages, negotiate
from keeneye.explain.catalog import clean, load
from keeneye.model import CATEGORIES, EMPTY, Country, Effect, Evidence, Facts, Finding, Outcome, Score
from keeneye.scorecard import load_policy

SIGNALS = signals.load()
ENGLISH = load("en")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@pytest.mark.parametrize("language", languages())
def test_catalog_has_every_key_that_english_has(language: str) -> None:
    catalog = load(language)
    for table, words in ENGLISH.tables.items():
        assert set(catalog.tables[table]) == set(words), table


@pytest.mark.parametrize("language", languages())
def test_catalog_knows_every_category(language: str) -> None:
    for table in ("category", "headline", "action", "handling"):
        assert set(CATEGORIES) <= set(load(language).tables[table])


@pytest.mark.parametrize("language", languages())
def test_headlines_are_at_most_sixty_characters(language: str) -> None:
    catalog = load(language)
    lines = [*catalog.tables["headline"].values(), *(t.get("headline", "") for t in catalog.findings.values())]
    assert [line for line in lines if len(line) > 60] == []


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_every_signal_is_translated_with_the_same_placeholders(language: str) -> None:
    found = load(language).findings
    wrong = []
    for item in SIGNALS.values():
        for key in ("title", "text", "headline", "unknown"):
            own = getattr(item, key)
            other = found.get(item.id, {}).get(key, "")
            declared_headline = key != "headline" or own != item.title
            if own and declared_headline and not other:
                wrong.append(f"{item.id}.{key} is missing")
            elif set(PLACEHOLDER.findall(other)) - set(PLACEHOLDER.findall(own)):
                wrong.append(f"{item.id}.{key} has other placeholders")
    wrong += [f"{key} is no signal" for key in found if key not in SIGNALS]
    assert wrong == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("es-PE, en;q=0.5", "es"),
        ("de, es;q=0.3", "es"),
        ("en;q=0.2, es;q=0.9", "es"),
        ("fr", "en"),
        ("es;q=abc, *;q=x", "en"),
        (",;;q=,", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_negotiate(header: str | None, language: str) -> None:
    assert negotiate(header) == language


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("two\r\nlines", "two lines"),
        ("a\u202egnp.exe", "a gnp.exe"),
        ("zero\u200bwidth", "zero width"),
        ("x" * 200, "x" * 89 + "…"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_clean(words: str, shown: str) -> None:
    assert clean(words) == shown


def test_values_of_a_message_are_not_templates() -> None:
    assert ENGLISH.fill("Says {quote}", {"quote": "{action} {0.__class__}"}) == "Says {action} {0.__class__}"


def test_country_codes_become_names_in_the_readers_language() -> None:
    assert load("zh-CN").fill("{claimed_country}", {"claimed_country": "DE"}) == "德国"
    assert load("es").fill("{country}", {"country": "DE"}) == "Alemania"


def _score(**changes: object) -> Score:
    values: dict[str, object] = {
        "category": "potential_customer",
        "subcategory": None,
        "grade": "B",
        "stars": 4,
        "level": 3,
        "risk": 3.0,
        "quality": 70.0,
        "coverage": 0.8,
        "banner": "none",
        "reasons": (),
    }
    return Score(**{**values, **changes})  # type: ignore[arg-type]


def test_banner_headline_comes_from_the_weightiest_reason(facts_of: Callable[..., Facts]) -> None:
    facts: Facts = facts_of({"text": "Log in with your e-mail and password"})
    some = next(s for s in SIGNALS.values() if s.headline and s.weight < 0 and "{" not in s.headline)
    finding = Finding(
        some.id, some.family, Outcome.HIT, Effect.RISK, -40.0, (Evidence("text", "password"),), EMPTY, "S2"
    )
    told = Explainer(SIGNALS, load_policy()).explain(
        (finding,),
        _score(category="phishing", stars=0, level=None, grade="F", banner="danger", reasons=(some.id,)),
        facts,
    )
    assert told.headline == some.headline


def test_questions_come_in_the_readers_and_the_buyers_language(facts_of: Callable[..., Facts]) -> None:
    facts = facts_of(
        {"text": "Buenos días, somos una empresa de Lima y queremos comprar válvulas de bola."}
    )
    told = Explainer(SIGNALS, load_policy()).explain((), _score(), facts, "zh-CN")
    assert told.language == "zh-CN"
    assert told.buyer_language == "es"
    assert "¿" in told.buyer_questions[0]
    assert len(told.questions) == len(told.buyer_questions) > 0


def test_not_an_inquiry_asks_nothing(facts_of: Callable[..., Facts]) -> None:
    told = Explainer(SIGNALS, load_policy()).explain(
        (), _score(category="not_inquiry", stars=None, level=None, grade="-"), facts_of({"text": "See you at lunch."})
    )
    assert told.questions == ()
    assert told.missing == ()
    assert told.payment is None


def test_payment_advice_speaks_of_the_country_and_dates_each_source(facts_of: Callable[..., Facts]) -> None:
    risky = Country("VN", "Vietnam", (), 84, ("vi",), 4, "grey", "OECD 2026-01-30; FATF 2026-06-19")
    facts = replace(facts_of({"text": "Please quote 500 pcs."}), country_risk=risky)
    told = Explainer(SIGNALS, load_policy()).explain((), _score(), facts)
    assert told.payment is not None
    assert "Vietnam: country risk 4 of 7 (OECD, 2026-01-30)" in told.payment
    assert "grey list (2026-06-19)" in told.payment
