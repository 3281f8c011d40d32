"""Findings × policy → risk, quality, type, stars, level, grade, coverage, banner."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from keeneye.model import (
    EMPTY,
    Answer,
    Banner,
    Category,
    Customer,
    Effect,
    Finding,
    History,
    Outcome,
    Score,
)
from keeneye.scorecard.policy import Policy, TypeRule, load_policy

__all__ = ["Card", "Policy", "load_policy"]

GRADES = {5: "A", 4: "B", 3: "C", 2: "D", 1: "E", 0: "F"}
TRAPS = ("phishing", "fraud")
NO_HISTORY = History()
ONGOING = "history.ongoing"
WORTHY = ("potential_customer", "order_ready")
DECISIVE = 4
"""How many of the first reasons are tried as the one that decided."""
OTHERWISE_MOST = 5
KIND_LEAST = 8
"""Points from which the strongest kind of a type is named."""
# Reading a member of an enumeration takes four times as long as reading a name, for hundreds of findings a message.
_HIT, _MISS, _NOT_APPLICABLE, _UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN


def _deeds(customer: Customer) -> tuple[str, ...]:
    """Why a listed customer is level 1 (domain §7); being on the list is not enough."""
    names = (
        ("ordered", customer.ordered),
        ("sampled", customer.sampled),
        ("visited", customer.visited),
        ("standing", customer.standing),
    )
    return tuple(name for name, done in names if done)


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


class Seen(Protocol):
    """What the scorecard needs of the facts."""

    @property
    def history(self) -> History | None: ...
    @property
    def forged(self) -> bool: ...
    @property
    def own_words(self) -> int: ...


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
        set_ = {**policy.trained, **policy.weights}
        self.weights = {s.id: set_.get(s.id, s.weight) for s in signals.values()}
        self._types = {s.id: s.type for s in signals.values() if s.type}
        self._rules = tuple(_Ready.of(rule) for rule in policy.types)
        self._deciding = {*self._types, *(i for rule in policy.types for i in rule.ids)}
        levels = policy.levels
        self.level_signals = frozenset((*levels.two_all, *levels.two_any, *levels.two_identity, *levels.three_any))
        """What a mail tells of these is remembered: a customer's level rests on all mails together."""
        self._sizes = {i: abs(weight) for i, weight in self.weights.items()}
        # Nearly all findings of a message hold nothing but their outcome, so they are made once.
        self._missed = {s.id: _bare(s, Outcome.MISS) for s in signals.values()}
        self._absent = {s.id: _bare(s, Outcome.NOT_APPLICABLE) for s in signals.values()}
        self._unknown = {s.id: _bare(s, Outcome.UNKNOWN) for s in signals.values()}

    def findings(self, answers: Iterable[tuple[Declared, Answer]], facts: Seen) -> tuple[Finding, ...]:
        """Give every answer its points. Only a hit has any, unless readers confirmed the sender in spite of it."""
        settled = self._settled(facts)
        found: list[Finding] = []
        missed, absent = self._missed, self._absent
        for s, a in answers:
            outcome = a.outcome
            if outcome is _MISS:
                found.append(missed[s.id])
            elif outcome is _NOT_APPLICABLE:
                found.append(absent[s.id])
            else:
                found.append(self._hit(s, a, s.id in settled) if outcome is _HIT else self._unknown[s.id])
        return tuple(found)

    def _settled(self, facts: Seen) -> frozenset[str]:
        """Findings that readers have seen on this sender's mails and still called genuine, often enough."""
        history = facts.history
        if history is None or facts.forged or history.confirmed_genuine < self.policy.memory.confirmations:
            return frozenset()
        return history.confirmed if history.confirmed_fake == 0 else frozenset()

    def _hit(self, s: Declared, a: Answer, settled: bool) -> Finding:
        if settled and s.effect is not Effect.GATE:
            return Finding(s.id, s.family, a.outcome, Effect.FACT, 0.0, a.evidence, a.values, s.source)
        points = round(self.weights[s.id] * a.strength, 1)
        return Finding(s.id, s.family, a.outcome, s.effect, points, a.evidence, a.values, s.source)

    def score(self, findings: tuple[Finding, ...], facts: Seen) -> Score:
        hits = [f for f in findings if f.outcome is _HIT]
        coverage = self._coverage(findings)
        tally = self._tally(hits, coverage, facts)
        rule, lacking = self._decide(tally)
        category = cast("Category", rule.category)
        sub = rule.subcategory or self._strongest_kind(category, tally)
        risk = tally.risk
        if category in TRAPS:
            risk = max(risk, self.policy.bands.danger)
        stars = self._stars(category, sub, tally)
        grade = GRADES[stars] if stars is not None else ("?" if category == "unknown" else "-")
        reasons = self._reasons(rule, sub, hits)
        level, because = self._level(category, stars, tally, facts)
        return Score(
            category=category,
            subcategory=sub,
            grade=grade,
            stars=stars,
            level=level,
            risk=round(risk, 1),
            quality=round(tally.quality, 1),
            coverage=round(coverage, 2),
            banner=self._banner(category, risk),
            reasons=reasons,
            otherwise=self._otherwise(category, reasons, lacking, hits, coverage, facts),
            level_because=because,
        )

    def _coverage(self, findings: tuple[Finding, ...]) -> float:
        """The share of the asked weight that could be answered."""
        sizes = self._sizes
        asked = unknown = 0.0
        for f in findings:
            outcome = f.outcome
            if outcome is _NOT_APPLICABLE:
                continue
            asked += sizes[f.id]
            if outcome is _UNKNOWN:
                unknown += sizes[f.id]
        return (asked - unknown) / asked if asked else 0.0

    def _tally(self, hits: Iterable[Finding], coverage: float, facts: Seen) -> _Tally:
        against: dict[str, float] = {}
        trust = 0.0
        worth: dict[str, float] = {}
        votes: dict[str, float] = {}
        ids = set()
        for f in hits:
            ids.add(f.id)
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
        if ONGOING in ids and facts.history is not None:
            ids |= facts.history.told  # what was told before need not be told again
        caps = self.policy.caps
        risk_points = sum(min(v, caps.get(k, math.inf)) for k, v in against.items()) - trust
        quality_points = sum(max(min(v, caps.get(k, math.inf)), -caps.get(k, math.inf)) for k, v in worth.items())
        return _Tally(
            frozenset(ids),
            votes,
            _curve(risk_points, self.policy.risk.scale),
            _curve(quality_points, self.policy.quality.scale),
            coverage,
            facts.own_words,
        )

    def _decide(self, tally: _Tally) -> tuple[TypeRule, list[tuple[str, str]]]:
        """The first rule that holds, and each other rule that lacks one single finding, with that finding."""
        winner: TypeRule | None = None
        nearly: list[tuple[str, str]] = []
        for ready in self._rules:
            lacking = ready.lacking(tally)
            if lacking is None:
                continue
            if lacking == "":
                winner = winner or ready.rule
            else:
                nearly.append((ready.rule.category, lacking))
        if winner is None:
            raise AssertionError("the last type rule of a policy must have no condition")
        return winner, nearly

    def _otherwise(
        self,
        category: str,
        reasons: tuple[str, ...],
        lacking: list[tuple[str, str]],
        hits: list[Finding],
        coverage: float,
        facts: Seen,
    ) -> tuple[tuple[str, str], ...]:
        """Single findings that decide: without a hit, or with one that is missing, it would be another type."""
        found: list[tuple[str, str]] = []
        for reason in [r for r in reasons if r in self._deciding][:DECISIVE]:
            rest = [f for f in hits if f.id != reason]
            tally = self._tally(rest, coverage, facts)
            other = next(ready.rule.category for ready in self._rules if ready.lacking(tally) == "")
            if other != category:
                found.append((other, reason))
        seen = {category}
        for other, missing in lacking:
            if other not in seen:
                seen.add(other)
                found.append((other, missing))
        return tuple(found[:OTHERWISE_MOST])

    def _strongest_kind(self, category: str, tally: _Tally) -> str | None:
        kinds = [(v, k) for k, v in tally.votes.items() if k.startswith(f"{category}/")]
        size, kind = max(kinds, default=(0.0, ""))
        return kind.split("/", 1)[1] if size >= KIND_LEAST else None

    def _stars(self, category: str, sub: str | None, tally: _Tally) -> int | None:
        rules = self.policy.stars
        stars = rules.by_type.get(f"{category}/{sub}", rules.by_type.get(category))
        if stars == 3 and category == "potential_customer" and tally.quality >= rules.four:
            told = sum(i in tally.hits for i in rules.four_any)
            return 4 if not rules.four_any or told >= rules.four_least else 3
        return stars

    def _level(
        self, category: str, stars: int | None, tally: _Tally, facts: Seen
    ) -> tuple[int | None, tuple[str, ...]]:
        """Domain §7, and what it rests on. What the firm knows goes first; then what this and earlier mails hold.

        What is known of a sender does not count for a message that is not from him.
        """
        if stars is None or stars == 0:
            return None, ()
        levels = self.policy.levels
        history = facts.history if facts.history is not None and not facts.forged else NO_HISTORY
        if history.level is not None:
            return history.level, ("hand",)
        if history.listed is not None and (deeds := _deeds(history.listed)):
            return 1, deeds
        hits = tally.hits | history.told
        identity = [i for i in levels.two_identity if i in hits]
        mails = max(history.messages_in_thread, history.messages_from_sender + history.ours_to_sender) + 1
        more = [i for i in levels.two_any if i in hits][:1]
        detailed = hits.issuperset(levels.two_all) and (bool(more) or not levels.two_any)
        detail = (*levels.two_all, *more)
        named = [i for i in levels.three_any if i in hits]
        if category in levels.two_types:
            return 2, detail if detailed else tuple(named)
        if detailed and len(identity) >= levels.two_identity_least:
            return 2, (*detail, *identity)
        if detailed and mails >= levels.mails:
            return 2, (*detail, "mails")
        if named and (category not in levels.four_types or not history.told.isdisjoint(named)):
            return 3, tuple(named)
        return 4, (category,) if named else ()

    def _banner(self, category: str, risk: float) -> Banner:
        bands = self.policy.bands
        if category in TRAPS:
            return "danger"
        if category in ("sample_seeker", "invitation_seeker"):
            return "caution"
        return "caution" if risk >= bands.caution else "none"

    def _reasons(self, rule: TypeRule, sub: str | None, hits: list[Finding]) -> tuple[str, ...]:
        """Hits that decided: those the rule names or that speak for this very type, then those that weigh on the
        same side, by size of points; facts without points last."""
        category = rule.category
        exact, named = f"{category}/{sub}", {*rule.all, *rule.any}
        good = category in WORTHY

        def rank(f: Finding) -> tuple[int, float]:
            kind = self._types.get(f.id) or ""
            if not f.points:
                return 4, 0.0
            if kind == exact or (f.id in named and (f.points > 0) is good):
                return 0, -abs(f.points)
            if kind.split("/")[0] == category:
                return 1, -abs(f.points)
            return (2 if (f.points > 0) is good else 3), -abs(f.points)

        return tuple(f.id for f in sorted(hits, key=rank))


def _bare(s: Declared, outcome: Outcome) -> Finding:
    return Finding(s.id, s.family, outcome, s.effect, 0.0, (), EMPTY, s.source)


def _curve(points: float, scale: float) -> float:
    return 100.0 * (1.0 - math.exp(-points / scale)) if points > 0 else 0.0


@dataclass(frozen=True, slots=True)
class _Ready:
    """A type rule made ready for many messages."""

    rule: TypeRule
    key: str
    none: frozenset[str]
    all: frozenset[str]
    any: frozenset[str]
    votes: float
    ahead_of: tuple[str, ...]
    votes_below: tuple[tuple[str, float], ...]
    bounds: tuple[tuple[str, float, int], ...]

    @classmethod
    def of(cls, rule: TypeRule) -> _Ready:
        bounds = (
            ("risk", rule.min_risk, 1),
            ("risk", rule.max_risk, -1),
            ("quality", rule.min_quality, 1),
            ("quality", rule.max_quality, -1),
            ("coverage", rule.max_coverage, -1),
            ("words", rule.max_words, -1),
            ("words", rule.min_words, 1),
        )
        return cls(
            rule,
            f"{rule.category}/{rule.subcategory}" if rule.subcategory else rule.category,
            frozenset(rule.none),
            frozenset(rule.all),
            frozenset(rule.any),
            rule.votes if rule.votes is not None else -math.inf,
            tuple(rule.ahead_of),
            tuple(rule.votes_below.items()),
            tuple((name, float(limit), sign) for name, limit, sign in bounds if limit is not None),
        )

    def lacking(self, tally: _Tally) -> str | None:
        """ "" when the rule holds; a finding id when that alone is missing; else None."""
        rule, hits, votes = self.rule, tally.hits, tally.votes
        mine = votes.get(self.key, 0.0)
        if mine < self.votes or not self.none.isdisjoint(hits):
            return None
        # Plain loops: a generator for each of the conditions costs more than all of them.
        for other in self.ahead_of:
            if votes.get(other, 0.0) >= mine:
                return None
        for other, most in self.votes_below:
            if votes.get(other, 0.0) >= most:
                return None
        for name, limit, sign in self.bounds:
            if (getattr(tally, name) - limit) * sign < 0:
                return None
        missing = self.all - hits
        short = rule.least - len(self.any & hits) if self.any else 0
        if len(missing) + max(short, 0) > 1:
            return None
        if (missing or short > 0) and len(self.all) + (rule.least if self.any else 0) < 2:
            return None  # nothing of this type is there: no near miss
        if missing:
            return next(iter(missing))
        if short > 0:
            return next(i for i in rule.any if i not in hits)
        return ""
