"""The scorecard over invented signals and a small policy of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from keeneye.model import Answer, Customer, Effect, Evidence, Facts, History, KeeneyeError, Outcome, Score
from keeneye.scorecard import Card, Policy, load_policy
from keeneye.scorecard.policy import DEFAULT

HIT = Answer(Outcome.HIT, (Evidence("text", "here"),))


@dataclass(frozen=True)
class Sign:
    id: str
    weight: float
    effect: Effect = Effect.QUALITY
    type: str | None = None
    source: str = "test"

    @property
    def family(self) -> str:
        return self.id.split(".")[0]


SIGNS = {
    s.id: s
    for s in (
        Sign("trap.password", -60, Effect.GATE, "phishing/credential_link"),
        Sign("trap.mild", -15, Effect.RISK, "phishing"),
        Sign("story.fee", -50, Effect.RISK, "fraud/advance_fee"),
        Sign("origin.agrees", 6, Effect.RISK),
        Sign("request.asks", 0, Effect.FACT),
        Sign("request.product", 12),
        Sign("request.quantity", 10),
        Sign("request.order", 8),
        Sign("request.terms", 30),
        Sign("request.no-product", -12, Effect.QUALITY, "casual"),
        Sign("contact.phone", 20),
        Sign("contact.address", 20),
    )
}
RULES: list[dict[str, Any]] = [
    {"category": "phishing", "why": "trap", "votes": 40},
    {"category": "fraud", "why": "story", "votes": 40},
    {"category": "casual", "why": "no product", "all": ["request.no-product"]},
    {
        "category": "order_ready",
        "why": "order",
        "all": ["request.asks", "request.product", "request.quantity", "request.order"],
    },
    {"category": "potential_customer", "why": "product", "all": ["request.asks", "request.product"]},
    {"category": "unknown", "why": "little", "max_words": 6},
    {"category": "not_inquiry", "why": "no request"},
]


def policy(**changes: Any) -> Policy:
    values: dict[str, Any] = {
        "risk": {"scale": 45},
        "quality": {"scale": 60},
        "bands": {"danger": 75, "caution": 40},
        "stars": {
            "four": 50,
            "by_type": {"phishing": 0, "fraud": 0, "casual": 1, "potential_customer": 3, "order_ready": 5},
        },
        "levels": {
            "two_all": ["request.product", "request.terms"],
            "two_identity": ["contact.phone", "contact.address"],
            "two_identity_least": 2,
            "mails": 6,
            "three_any": ["request.product"],
        },
        "caps": {"contact": 25},
        "types": RULES,
        "missing": [],
    }
    return Policy.model_validate(values | changes)


def grade(*ids: str, words: int = 40, history: History | None = None, forged: bool = False, **changes: Any) -> Score:
    card = Card(policy(**changes), SIGNS)
    facts = cast(Facts, SimpleNamespace(own_words=words, history=history, forged=forged))
    answers = [(s, HIT if s.id in ids else Answer(Outcome.MISS)) for s in SIGNS.values()]
    return card.score(card.findings(answers, facts), facts)


def test_a_strong_trap_is_not_outvoted_by_quality() -> None:
    worthy = ["request.asks", "request.product", "request.quantity", "request.order", "request.terms", "contact.phone"]
    score = grade("trap.password", "origin.agrees", *worthy)
    assert (score.category, score.subcategory, score.stars, score.grade) == ("phishing", "credential_link", 0, "F")
    assert score.banner == "danger"
    assert score.risk >= 75


def test_weak_signs_make_no_fraud_of_a_good_buyer() -> None:
    score = grade("trap.mild", "request.asks", "request.product", "request.terms", "contact.phone")
    assert score.category == "potential_customer"
    assert score.banner == "none"


def test_votes_of_a_subcategory_count_for_its_category() -> None:
    assert grade("story.fee").subcategory == "advance_fee"


@pytest.mark.parametrize(
    ("ids", "words", "category", "grade_"),
    [
        (["request.asks", "request.no-product"], 30, "casual", "E"),
        (["request.asks", "request.product"], 30, "potential_customer", "C"),
        (["request.asks", "request.product", "request.terms"], 30, "potential_customer", "B"),
        (["request.asks", "request.product", "request.quantity", "request.order"], 30, "order_ready", "A"),
        ([], 30, "not_inquiry", "-"),
        ([], 3, "unknown", "?"),
    ],
)
def test_the_first_rule_that_holds_names_the_type(ids: list[str], words: int, category: str, grade_: str) -> None:
    score = grade(*ids, words=words)
    assert (score.category, score.grade) == (category, grade_)
    assert (score.stars is None) == (grade_ in "-?")


def test_four_stars_want_quality_and_a_told_need() -> None:
    rich = ("request.asks", "request.product", "request.terms", "contact.phone")
    stars = {"four": 50, "four_any": ["request.quantity"], "by_type": {"potential_customer": 3}}
    assert grade(*rich, stars=stars).stars == 3
    assert grade(*rich, "request.quantity", stars=stars).stars == 4
    assert grade("request.asks", "request.product", "request.quantity", stars=stars).stars == 3


def test_a_family_gives_no_more_than_its_cap() -> None:
    one = grade("request.asks", "request.product", "contact.phone").quality
    both = grade("request.asks", "request.product", "contact.phone", "contact.address").quality
    free = grade("request.asks", "request.product", "contact.phone", "contact.address", caps={}).quality
    assert one < both < free


def test_reasons_begin_with_what_decided() -> None:
    score = grade("request.asks", "request.product", "request.terms", "contact.phone", "trap.mild")
    assert score.reasons[0] == "request.product"
    assert score.reasons[-1] == "request.asks"
    assert score.reasons.index("request.terms") < score.reasons.index("trap.mild")


def test_says_what_a_missing_finding_would_have_made_of_it() -> None:
    score = grade("request.asks", "request.product", "request.quantity")
    assert ("order_ready", "request.order") in score.otherwise


def test_says_without_which_finding_it_would_be_another_type() -> None:
    score = grade("trap.password", "request.asks", "request.product")
    assert ("potential_customer", "trap.password") in score.otherwise


@pytest.mark.parametrize(
    ("ids", "history", "level"),
    [
        (["request.asks", "request.product"], None, 3),
        (["request.asks", "request.product", "request.terms"], None, 3),
        (["request.asks", "request.product", "request.terms", "contact.phone", "contact.address"], None, 2),
        (["request.asks", "request.product", "request.terms"], History(messages_in_thread=6), 2),
        (["request.asks", "request.product"], History(listed=Customer("Andes", ordered=2)), 1),
        (["request.asks", "request.product"], History(listed=Customer("Andes", visited=True)), 1),
        (["request.asks", "request.product"], History(listed=Customer("Andes")), 3),
        (["request.asks", "request.product"], History(level=2), 2),
        (["request.asks", "request.no-product"], History(told=frozenset({"request.product"})), 3),
        (
            ["request.no-product"],
            History(told=frozenset({"request.product", "request.terms"}), messages_in_thread=5),
            2,
        ),
        (["request.asks", "request.no-product"], None, 4),
        (["trap.password"], None, None),
        ([], None, None),
    ],
)
def test_customer_level(ids: list[str], history: History | None, level: int | None) -> None:
    assert grade(*ids, history=history).level == level


def test_level_says_what_it_rests_on() -> None:
    assert grade("request.asks", "request.product", history=History(level=1)).level_because == ("hand",)
    listed = History(listed=Customer("Andes", ordered=1, standing="market leader"))
    assert grade("request.asks", "request.product", history=listed).level_because == ("ordered", "standing")
    assert grade("request.asks", "request.no-product").level_because == ()


def test_history_does_not_count_for_who_writes_under_anothers_address() -> None:
    known = History(level=1, listed=Customer("Andes", ordered=9), told=frozenset({"request.terms"}))
    assert grade("request.asks", "request.product", history=known, forged=True).level == 3


def test_levels_may_follow_the_type() -> None:
    levels = {
        "two_all": [], "two_identity": [], "two_identity_least": 1, "mails": 6, "three_any": ["request.asks"],
        "two_types": ["order_ready"], "four_types": ["casual"],
    }  # fmt: skip
    order = ("request.asks", "request.product", "request.quantity", "request.order")
    assert grade(*order, levels=levels).level == 2
    assert grade("request.asks", "request.no-product", levels=levels | {"two_all": ["request.terms"]}).level == 4


def test_level_two_wants_one_detail() -> None:
    levels = {
        "two_all": ["request.product"],
        "two_any": ["request.terms"],
        "two_identity": ["contact.phone"],
        "two_identity_least": 1,
        "mails": 6,
        "three_any": [],
    }
    assert grade("request.asks", "request.product", "contact.phone", levels=levels).level == 4
    assert grade("request.asks", "request.product", "contact.phone", "request.terms", levels=levels).level == 2


def test_coverage_counts_what_could_not_be_told() -> None:
    card = Card(policy(), SIGNS)
    facts = cast(Facts, SimpleNamespace(own_words=40, history=None))
    answers = [
        (s, Answer(Outcome.UNKNOWN) if s.family == "contact" else Answer(Outcome.NOT_APPLICABLE))
        if s.id != "request.terms"
        else (s, HIT)
        for s in SIGNS.values()
    ]
    assert card.score(card.findings(answers, facts), facts).coverage == round(30 / 70, 2)


def test_caution_without_a_trap() -> None:
    assert grade("trap.mild", "story.fee", types=[{"category": "not_inquiry", "why": "x"}]).banner == "caution"


def test_votes_below_keeps_a_rule_for_clear_cases() -> None:
    rules = [
        {"category": "potential_customer", "why": "p", "all": ["request.product"], "votes_below": {"fraud": 30}},
        {"category": "fraud", "why": "f"},
    ]
    assert grade("request.product", types=rules).category == "potential_customer"
    assert grade("request.product", "story.fee", types=rules).category == "fraud"


def test_of_two_traps_the_one_with_more_votes() -> None:
    rules = [
        {"category": "phishing", "why": "p", "votes": 15, "ahead_of": ["fraud"]},
        {"category": "fraud", "why": "f"},
    ]
    assert grade("trap.mild", types=rules).category == "phishing"
    assert grade("trap.mild", "story.fee", types=rules).category == "fraud"


def test_min_words() -> None:
    rules = [{"category": "not_inquiry", "why": "n", "min_words": 10}, {"category": "unknown", "why": "u"}]
    assert grade(words=10, types=rules).category == "not_inquiry"
    assert grade(words=9, types=rules).category == "unknown"


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("[[types]]\ncategory = 'nonsense'\nwhy = 'x'", "policy_invalid", "types.0"),
        ("quality = 3", "policy_invalid", "quality"),
        ("colour = 'red'", "policy_invalid", "colour"),
        ("[weights]\n'no.such' = 3", "policy_unknown_signal", "no.such"),
        ("[stars.by_type]\nnonsense = 3", "policy_unknown_type", "nonsense"),
        ("[levels]\ntwo_types = ['nonsense']", "policy_unknown_type", "nonsense"),
        ("[[types]]\ncategory = 'unknown'\nwhy = 'x'\nvotes_below = {nonsense = 3}", "policy_unknown_type", "nonsense"),
        ("this is no toml", "policy_invalid", "policy.toml"),
    ],
)
def test_a_wrong_policy_is_refused_by_name(tmp_path: Path, text: str, code: str, named: str) -> None:
    from keeneye import signals

    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeeneyeError) as error:
        Card(load_policy(path), signals.load())
    assert error.value.code == code
    assert named in error.value.detail


def test_a_firms_policy_is_laid_over_key_by_key(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[bands]\ncaution = 55\n[stars.by_type]\ncasual = 2\n", encoding="utf-8")
    ours, shipped = load_policy(path), load_policy()
    assert ours.bands.caution == 55
    assert ours.bands.danger == shipped.bands.danger
    assert ours.stars.by_type["casual"] == 2
    assert ours.sha256 != shipped.sha256


def test_the_shipped_policy_names_real_signals_and_ends_without_condition() -> None:
    from keeneye import signals

    card = Card(load_policy(), signals.load())
    last = card.policy.types[-1]
    assert not last.ids
    assert (last.votes, last.min_risk, last.min_quality, last.max_words) == (None, None, None, None)
    assert all(rule.why for rule in card.policy.types)
    assert DEFAULT.name == "default.toml"


def test_a_policy_without_a_last_resort_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no condition"):
        grade(types=[RULES[0]])
