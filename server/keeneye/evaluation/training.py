"""Fits weights of signals to the labels that a firm's readers gave: ``keeneye train``.

Logistic regression on the scorecard's own points: a message is as risky as its family sums, capped, less what speaks
for it; at the policy's limit for caution a quarter of such messages are taken to be fake, at that for danger three
quarters. Each weight is its starting value times a factor between ``LEAST`` and ``MOST`` that is pulled towards 1: what
warns never speaks for a message, and nothing is switched off. Gates keep their weight, and so do signals that the
policy's ``[weights]`` name: these were set by hand. There is no chance in it.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from keeneye.evaluation import Row
from keeneye.evaluation.feedback import ALIKE
from keeneye.evaluation.metrics import TRAPS, found, is_fraud, is_ordinary, share, threshold
from keeneye.model import (
    CATEGORIES,
    EMPTY,
    FAKE_LABELS,
    GENUINE_LABELS,
    Effect,
    Finding,
    History,
    KeeneyeError,
    Outcome,
    Score,
)
from keeneye.scorecard import Card, Declared, Policy

LABELS_LEAST: Final = 20
"""Labelled messages of each kind, fake and genuine, below which nothing can be learned."""
HITS_LEAST: Final = 3
"""Labelled messages that a signal must have hit for its weight to move."""
LEAST, MOST = 0.25, 2.0
PULL: Final = 10.0
"""Strength of the pull: about ten messages that contradict a signal of 20 points halve it."""
FOLDS: Final = 5
STEPS: Final = 2000
SETTLED: Final = 1e-5
MARK: Final = "# Fitted to your own labels by keeneye train; written anew each time. [weights] go before."

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message. ``fake`` None: neither fake nor genuine, such as a newsletter; nothing is learned from it.

    ``group``: of one sender, never divided between what is learned from and what is tried; ``hits``: strength 0-1 of
    each signal that hit; ``by_reader``: else from a folder of labelled mail.
    """

    label: str
    fake: bool | None
    group: str
    hits: Mapping[str, float]
    category: str
    by_reader: bool = True


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the scorecard needs of facts that are no longer there. Rules that count words or coverage are not tried."""

    own_words: int
    history: History | None = None
    forged: bool = False


def of_reader(
    label: str, sender: bytes | None, verdict: Mapping[str, Any], known: Mapping[str, Mapping[str, float]]
) -> Example:
    """Of a stored verdict. ``known``: weights by policy; a hit under another policy counts in full."""
    weights = known.get(verdict["policy"], EMPTY)
    points = {f["id"]: f["points"] for f in verdict["findings"] if f["outcome"] == "hit"}
    return Example(
        label=label,
        fake=True if label in FAKE_LABELS else False if label in GENUINE_LABELS else None,
        group=sender.hex() if sender else verdict["id"],
        hits=_strengths(points, weights),
        category=verdict["category"],
    )


def of_folder(row: Row, weights: Mapping[str, float]) -> Example:
    """Of a message of a corpus folder (``keeneye.evaluation``)."""
    fake = True if is_fraud(row) else False if is_ordinary(row) else None
    return Example(
        label=row.wanted_category or row.label,
        fake=fake,
        group=row.id,
        hits=_strengths(dict(zip(row.hits, row.points, strict=True)), weights),
        category=row.category,
        by_reader=False,
    )


def _strengths(points: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    return {
        i: min(1.0, abs(given / weight)) if (weight := weights.get(i)) else float(given != 0)
        for i, given in points.items()
    }


def check(examples: Sequence[Example]) -> None:
    """Raises KeeneyeError when there are too few to learn from."""
    fake, genuine = (sum(e.fake is kind for e in examples) for kind in (True, False))
    if min(fake, genuine) < LABELS_LEAST:
        raise KeeneyeError(
            "too_few_labels",
            f"too few labels to learn from: {LABELS_LEAST} fake and {LABELS_LEAST} genuine messages are needed, "
            f"there are {fake} fake and {genuine} genuine",
        )


# --------------------------------------------------------------------------- fitting


def fit(examples: Sequence[Example], policy: Policy, signals: Mapping[str, Declared]) -> dict[str, float]:
    """Weights that moved by at least a tenth of a point, by signal. ``policy``: where they start."""
    card = Card(policy, signals)
    learned = [e for e in examples if e.fake is not None]
    counted = Counter(i for e in learned for i, strength in e.hits.items() if strength)
    asked = [i for i in card.active if counted[i] and signals[i].effect in (Effect.RISK, Effect.GATE)]
    free = np.array(
        [signals[i].effect is Effect.RISK and i not in policy.weights and counted[i] >= HITS_LEAST for i in asked]
    )
    if not free.any():
        return {}
    weights = np.array([card.weights[i] for i in asked])
    factors = _descend(_Loss(learned, card, asked, [signals[i].family for i in asked]), free)
    moved = {i: round(float(w * f), 1) for i, w, f in zip(asked, weights, factors, strict=True)}
    return {i: points for i, points in moved.items() if abs(points - card.weights[i]) >= 0.1}


class _Loss:
    """The loss of a row of factors, one for each signal, and its gradient. Hits are few: lists of message, signal and
    points stand for the matrix."""

    def __init__(self, examples: Sequence[Example], card: Card, asked: Sequence[str], families: Sequence[str]) -> None:
        policy, places = card.policy, {i: n for n, i in enumerate(asked)}
        hits = [(m, places[i], s) for m, e in enumerate(examples) for i, s in e.hits.items() if i in places]
        names = sorted(set(families))
        weights = np.array([card.weights[i] for i in asked])
        self._shape = len(examples), len(names)
        self._message = np.array([m for m, _, _ in hits])
        self._signal = np.array([n for _, n, _ in hits])
        self._size = np.array([s for _, _, s in hits]) * np.abs(weights[self._signal])
        self._warns = weights[self._signal] < 0
        self._cell = self._message * len(names) + np.array([names.index(f) for f in families])[self._signal]
        self._caps = np.array([policy.caps.get(name, np.inf) for name in names])
        self._fake = np.array([e.fake is True for e in examples])
        self._count = _counts(examples, self._fake)
        caution, danger = (_limit_points(limit, policy) for limit in (policy.bands.caution, policy.bands.danger))
        self._slope = 2 * np.log(3) / max(danger - caution, 1.0)  # the logit of 3/4 less that of 1/4
        self._middle = (caution + danger) / 2
        # A type alone can make a message dangerous, whatever its points: what it lacks to it is put on top.
        trap = np.array([e.category in TRAPS for e in examples])
        self._offset = np.where(trap, np.maximum(danger - self._points(np.ones(len(asked)))[0], 0.0), 0.0)

    def _points(self, factors: Floats) -> tuple[Floats, Floats]:
        """Risk points of each message without the offset, and how they change with the factor of each hit."""
        given = self._size * factors[self._signal]
        messages, families = self._shape
        sums = np.bincount(self._cell, given * self._warns, messages * families).reshape(messages, families)
        below = (sums < self._caps).ravel()[self._cell]
        trust = np.bincount(self._message, given * ~self._warns, messages)
        points = np.minimum(sums, self._caps).sum(axis=1) - trust
        return points, self._size * np.where(self._warns, below, -1.0)

    def __call__(self, factors: Floats) -> tuple[float, Floats]:
        points, change = self._points(factors)
        logit = self._slope * (points + self._offset - self._middle)
        miss = self._count * (1 / (1 + np.exp(-logit)) - self._fake)
        loss = self._count @ (np.logaddexp(0, logit) - self._fake * logit) + PULL / 2 * ((factors - 1) ** 2).sum()
        slope = self._slope * np.bincount(self._signal, change * miss[self._message], len(factors))
        return float(loss), slope + PULL * (factors - 1)

    def steepest(self) -> float:
        """The most that the gradient can change with the factors: a step of one by this never overshoots."""
        row = np.bincount(self._message, self._size, self._shape[0])  # no eigenvalue is above the largest row sum
        bound = np.bincount(self._signal, self._size * (self._count * row)[self._message])
        return float(self._slope**2 / 4 * bound.max()) + PULL


def _limit_points(limit: float, policy: Policy) -> float:
    """Risk points at which the policy's curve reaches a limit."""
    return -policy.risk.scale * float(np.log1p(-min(limit, 99.0) / 100))


def _counts(examples: Sequence[Example], fake: npt.NDArray[np.bool_]) -> Floats:
    """How much each message counts: fake and genuine ones equally, and a folder's together no more than readers'."""
    own = np.array([e.by_reader for e in examples])
    count = np.ones(len(examples))
    if own.any() and not own.all():
        count[~own] = min(1.0, own.sum() / (~own).sum())
    for kind in (fake, ~fake):
        count[kind] *= count.sum() / 2 / count[kind].sum()
    return count


def _descend(loss: _Loss, free: npt.NDArray[np.bool_]) -> Floats:
    """The factors of least loss (Beck and Teboulle 2009, "FISTA", within bounds)."""
    best = factors = ahead = np.ones(len(free))
    least, _ = loss(factors)
    step, momentum = 1 / loss.steepest(), 1.0
    for _ in range(STEPS):
        _, slope = loss(ahead)
        moved = np.clip(ahead - step * np.where(free, slope, 0.0), LEAST, MOST)
        now, _ = loss(moved)
        if now < least:
            best, least = moved, now
        if np.abs(moved - factors).max() < SETTLED:
            break
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / grown * (moved - factors)
        factors, momentum = moved, grown
    return best


# --------------------------------------------------------------------------- trying


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it. ``before``, ``after``: scores of each example, the latter by weights fitted without it."""

    examples: Sequence[Example]
    weights: Mapping[str, float]
    shipped: Mapping[str, float]
    before: Sequence[Score]
    after: Sequence[Score]
    figures: Mapping[str, tuple[float, float]]

    @property
    def better(self) -> bool:
        """Whether mail that was not learned from is told apart better, and neither figure is worse."""
        (right, now_right), (few, now_few) = self.figures[ACCURACY], self.figures[FOUND]
        return now_right >= right and now_few >= few and (now_right, now_few) != (right, few)


ACCURACY: Final = "fake marked danger, genuine not"
FOUND: Final = "fake found at 1 % false alarms"


def train(examples: Sequence[Example], policy: Policy, signals: Mapping[str, Declared]) -> Trained:
    """Fit to all, and try on each fifth what the others teach. Raises KeeneyeError when there are too few labels."""
    check(examples)
    start = policy.model_copy(update={"trained": {}})
    judge = _Judge(policy, signals)
    before = [judge(e) for e in examples]
    after = list(before)
    part = _parts(examples)
    for held in range(FOLDS):
        weights = fit([e for e, p in zip(examples, part, strict=True) if p != held], start, signals)
        judge = _Judge(start.model_copy(update={"trained": weights}), signals)
        for i, e in enumerate(examples):
            if part[i] == held:
                after[i] = judge(e)
    shipped = Card(start, signals).weights
    figures = {
        name: (measure(examples, before), measure(examples, after))
        for name, measure in {ACCURACY: _accuracy, FOUND: _found}.items()
    }
    return Trained(examples, fit(examples, start, signals), shipped, before, after, figures)


def _parts(examples: Sequence[Example]) -> list[int]:
    """The part of each example: groups stay whole, and each part has its share of the fake and the genuine."""
    kinds = {e.group: str(e.fake) for e in reversed(examples)}
    part = {group: n % FOLDS for n, group in enumerate(sorted(kinds, key=lambda g: (kinds[g], g)))}
    return [part[e.group] for e in examples]


class _Judge:
    """Scores examples by a policy."""

    def __init__(self, policy: Policy, signals: Mapping[str, Declared]) -> None:
        self._card = Card(policy, signals)
        self._signals = {i: signals[i] for i in self._card.active}

    def __call__(self, e: Example) -> Score:
        weights = self._card.weights
        hits = tuple(
            Finding(i, s.family, Outcome.HIT, s.effect, round(weights[i] * strength, 1), (), EMPTY, s.source)
            for i, strength in e.hits.items()
            if (s := self._signals.get(i)) is not None
        )
        return self._card.score(hits, _Seen(0 if e.category == "unknown" else 1000))


def _accuracy(examples: Sequence[Example], scores: Sequence[Score]) -> float:
    return share(
        [(s.banner == "danger") is e.fake for e, s in zip(examples, scores, strict=True) if e.fake is not None]
    )


def _found(examples: Sequence[Example], scores: Sequence[Score]) -> float:
    bad, good = ([s.risk for e, s in zip(examples, scores, strict=True) if e.fake is kind] for kind in (True, False))
    return found(bad, threshold(good, 0.01))


def text(result: Trained) -> str:
    """The report: figures, labels and weights, before and after."""
    examples = result.examples
    senders = len({e.group for e in examples})
    lines = [
        f"{len(examples)} labelled messages of {senders} senders; “after” is what weights fitted without a sender's",
        "own mails make of them",
        "",
        f"  {'':<40}{'before':>9}{'after':>9}",
    ]
    lines += [f"  {name:<40}{was:9.3f}{now:9.3f}" for name, (was, now) in result.figures.items()]
    lines += ["", f"  {'type as labelled':<34}{'mails':>6}{'before':>9}{'after':>9}"]
    for label in sorted({e.label for e in examples} & {*CATEGORIES, *ALIKE}):
        alike = ALIKE.get(label, {label})
        rows = [i for i, e in enumerate(examples) if e.label == label]
        was, now = (share([some[i].category in alike for i in rows]) for some in (result.before, result.after))
        lines.append(f"  {label:<34}{len(rows):6d}{was:9.3f}{now:9.3f}")
    lines += ["", f"  {'points':<40}{'before':>9}{'after':>9}  hits on fake, genuine"]
    for i, points in sorted(result.weights.items(), key=lambda kv: -abs(kv[1] - result.shipped[kv[0]])):
        hits = [sum(i in e.hits for e in examples if e.fake is kind) for kind in (True, False)]
        lines.append(f"  {i:<40}{result.shipped[i]:9.1f}{points:9.1f}{hits[0]:7d}{hits[1]:5d}")
    return "\n".join(lines if result.weights else [*lines[:-2], "", "No weight moved."])


# --------------------------------------------------------------------------- the policy


def overlay(before: str, weights: Mapping[str, float]) -> str:
    """A policy file's text with these weights as its ``[trained]``; all else stays as it is written.

    Raises KeeneyeError when the file has a ``[trained]`` that was not written here.
    """
    kept = re.split(rf"^{re.escape(MARK)}$", before, maxsplit=1, flags=re.MULTILINE)[0].rstrip()
    lines = [MARK, "[trained]", *(f'"{i}" = {points}' for i, points in sorted(weights.items()))]
    made = "\n".join([kept, "", *lines] if kept else lines) + "\n"
    old, new = ({k: v for k, v in tomllib.loads(one).items() if k != "trained"} for one in (before, made))
    if old != new or tomllib.loads(made).get("trained") != dict(weights):
        raise KeeneyeError("policy_invalid", "the policy's [trained] must be its last table, as keeneye train wrote it")
    return made
