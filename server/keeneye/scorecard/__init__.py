"""Findings × policy → risk, quality, type, stars, level, grade, coverage, banner."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from keeneye.model import Answer, Banner, Category, Effect, Facts, Finding, Outcome, Score
from keeneye.scorecard.policy import Policy, TypeRule, load_policy

__all__ = ["Card", "Policy", "load_policy"]

GRADES = {5: "A", 4: "B", 3: "C", 2: "D", 1: "E", 0: "F"}
TRAPS = ("phishing", "fraud")


class Declared(Protocol):
    """What the scorecard needs of a signal's declaration."""

    @property
    def id(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def effect(self) -> Effect: ...
    @property
    def weight(self) -> float: ...
    @property
    def type(self) -> str | None: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Tally:
    """The figures that the type rules look at."""

    hits: frozenset[str]
    votes: Mapping[str, float]
    risk: float
    quality: float
    coverage: float
    words: int


class Card:
    """A policy made ready: weights resolved, ids checked. One instance serves every message."""

    def __init__(self, policy: Policy, signals: Mapping[str, Declared]) -> None:
        """Raises KeeneyeError when the policy names a signal or type that does not exist."""
        policy.check_ids(signals)
        self.policy = policy
        self.sha256 = policy.sha256
        self.active = tuple(s for s in signals if s not in policy.disabled)
        self._weights = {s.id: policy.weights.get(s.id, s.weight) for s in signals.values()}
        self._types = {s.id: s.type for s in signals.values() if s.type}

    def findings(self, answers: Iterable[tuple[Declared, Answer]]) -> tuple[Finding, ...]:
        """Give every answer its points. Only a hit has any."""
        weights = self._weights
        return tuple(
            Finding(
                s.id,
                s.family,
                a.outcome,
                s.effect,
                round(weights[s.id] * a.strength, 1) if a.outcome is Outcome.HIT else 0.0,
                a.evidence,
                a.values,
                s.source,
            )
            for s, a in answers
        )

    def score(self, findings: tuple[Finding, ...], facts: Facts) -> Score:
        tally = self._tally(findings, facts)
        rule, otherwise = self._decide(tally)
        category = cast("Category", rule.category)
        sub = rule.subcategory or self._strongest_kind(category, tally)
        risk = tally.risk
        if category in TRAPS:
            risk = max(risk, self.policy.bands.danger)
        stars = self._stars(category, sub, tally)
        grade = GRADES[stars] if stars is not None else ("?" if category == "unknown" else "-")
        return Score(
            category=category,
            subcategory=sub,
            grade=grade,
            stars=stars,
            level=self._level(stars, tally, facts),
            risk=round(risk, 1),
            quality=round(tally.quality, 1),
            coverage=round(tally.coverage, 2),
            banner=self._banner(category, risk),
            reasons=self._reasons(category, sub, findings),
            otherwise=otherwise,
        )

    def _tally(self, findings: tuple[Finding, ...], facts: Facts) -> _Tally:
        against: dict[str, float] = {}
        trust = 0.0
        worth: dict[str, float] = {}
        votes: dict[str, float] = {}
        hits = set()
        asked = known = 0.0
        for f in findings:
            weight = abs(self._weights[f.id])
            if f.outcome is Outcome.UNKNOWN:
                asked += weight
                continue
            if f.outcome is Outcome.NOT_APPLICABLE:
                continue
            asked += weight
            known += weight
            if f.outcome is not Outcome.HIT:
                continue
            hits.add(f.id)
            kind = self._types.get(f.id)
            if kind:
                size = abs(f.points)
                votes[kind] = votes.get(kind, 0.0) + size
                if "/" in kind:
                    category = kind.split("/")[0]
                    votes[category] = votes.get(category, 0.0) + size
            if f.effect is Effect.QUALITY:
                worth[f.family] = worth.get(f.family, 0.0) + f.points
            elif f.effect in (Effect.RISK, Effect.GATE):
                if f.points < 0:
                    against[f.family] = against.get(f.family, 0.0) - f.points
                else:
                    trust += f.points
        caps = self.policy.caps
        risk_points = sum(min(v, caps.get(k, math.inf)) for k, v in against.items()) - trust
        quality_points = sum(min(v, caps.get(k, math.inf)) for k, v in worth.items())
        return _Tally(
            frozenset(hits),
            votes,
            _curve(risk_points, self.policy.risk.scale),
            _curve(quality_points, self.policy.quality.scale),
            known / asked if asked else 0.0,
            facts.own_words,
        )

    def _decide(self, tally: _Tally) -> tuple[TypeRule, tuple[tuple[str, str], ...]]:
        """The first rule that holds, and what single missing finding would have made it an earlier type."""
        nearly: list[tuple[str, str]] = []
        for rule in self.policy.types:
            lacking = _lacking(rule, tally)
            if lacking == "":
                return rule, tuple(nearly[:5])
            if lacking and lacking != "no":
                nearly.append((rule.category, lacking))
        raise AssertionError("the last type rule of a policy must have no condition")

    def _strongest_kind(self, category: str, tally: _Tally) -> str | None:
        kinds = [(v, k) for k, v in tally.votes.items() if k.startswith(f"{category}/")]
        return max(kinds)[1].split("/", 1)[1] if kinds else None

    def _stars(self, category: str, sub: str | None, tally: _Tally) -> int | None:
        by_type = self.policy.stars.by_type
        stars = by_type.get(f"{category}/{sub}", by_type.get(category))
        if stars == 3 and category == "potential_customer" and tally.quality >= self.policy.stars.four:
            return 4
        return stars

    def _level(self, stars: int | None, tally: _Tally, facts: Facts) -> int | None:
        if stars is None or stars == 0:
            return None
        history, levels = facts.history, self.policy.levels
        if history is not None and history.level is not None:
            return history.level
        identity = sum(i in tally.hits for i in levels.two_identity) >= levels.two_identity_least
        mails = history.messages_in_thread if history is not None else 0
        if all(i in tally.hits for i in levels.two_all) and (identity or mails >= levels.mails):
            return 2
        if any(i in tally.hits for i in levels.three_any):
            return 3
        return 4

    def _banner(self, category: str, risk: float) -> Banner:
        bands = self.policy.bands
        if category in TRAPS:
            return "danger"
        if category in ("sample_seeker", "invitation_seeker"):
            return "caution"
        return "caution" if risk >= bands.caution else "none"

    def _reasons(self, category: str, sub: str | None, findings: tuple[Finding, ...]) -> tuple[str, ...]:
        """Hits that decided: those that speak for this very type first, then by size of points."""
        exact, wide = f"{category}/{sub}", category

        def rank(f: Finding) -> tuple[int, float]:
            kind = self._types.get(f.id) or ""
            return (0 if kind == exact else 1 if kind.split("/")[0] == wide else 2, -abs(f.points))

        return tuple(f.id for f in sorted((f for f in findings if f.outcome is Outcome.HIT), key=rank))


def _curve(points: float, scale: float) -> float:
    return 100.0 * (1.0 - math.exp(-points / scale)) if points > 0 else 0.0


def _lacking(rule: TypeRule, tally: _Tally) -> str:
    """ "" when the rule holds; a finding id when that alone is missing; else "no"."""
    hits = tally.hits
    if any(i in hits for i in rule.none):
        return "no"
    if rule.votes is not None:
        key = f"{rule.category}/{rule.subcategory}" if rule.subcategory else rule.category
        if tally.votes.get(key, 0.0) < rule.votes:
            return "no"
    bounds = (
        (rule.min_risk, tally.risk, 1),
        (rule.max_risk, tally.risk, -1),
        (rule.min_quality, tally.quality, 1),
        (rule.max_quality, tally.quality, -1),
        (rule.max_coverage, tally.coverage, -1),
        (rule.max_words, tally.words, -1),
    )
    if any(limit is not None and (value - limit) * sign < 0 for limit, value, sign in bounds):
        return "no"
    missing = [i for i in rule.all if i not in hits]
    short = rule.least - sum(i in hits for i in rule.any) if rule.any else 0
    if not missing and short <= 0:
        return ""
    if len(missing) == 1 and short <= 0:
        return missing[0]
    if not missing and short == 1:
        return next(i for i in rule.any if i not in hits)
    return "no"
