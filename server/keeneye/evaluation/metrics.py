"""Figures over graded rows. Fraud is phish and scam419; ordinary is ham and the genuine inquiries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

NOTE = (
    "Weights, rules and words are set by hand and fitted to nothing; only a limit is chosen on data. For each set\n"
    "left out it is chosen on the ordinary mail of all other sets and applied to that one."
)
TRAPS = ("phishing", "fraud")
GENUINE = ("casual", "information_gathering", "potential_customer", "order_ready")


class Graded(Protocol):
    """What a figure needs of a row; see ``evaluation.Row``."""

    @property
    def set(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def wanted_category(self) -> str | None: ...
    @property
    def wanted_stars(self) -> int | None: ...
    @property
    def wanted_level(self) -> int | None: ...
    @property
    def category(self) -> str: ...
    @property
    def stars(self) -> int | None: ...
    @property
    def level(self) -> int | None: ...
    @property
    def risk(self) -> float: ...
    @property
    def coverage(self) -> float: ...
    @property
    def banner(self) -> str: ...
    @property
    def ms(self) -> float: ...
    @property
    def hits(self) -> tuple[str, ...]: ...


def auc(bad: Sequence[float], good: Sequence[float]) -> float:
    """Area under the ROC curve: the chance that a bad one has the higher risk (ties count half)."""
    if not bad or not good:
        return float("nan")
    g = np.sort(np.asarray(good))
    b = np.asarray(bad)
    below, upto = np.searchsorted(g, b, "left"), np.searchsorted(g, b, "right")
    return float((below + (upto - below) / 2).sum() / (len(b) * len(g)))


def threshold(good: Sequence[float], false_alarms: float) -> float:
    """The least risk that at most this share of the good ones exceeds."""
    return float(np.quantile(np.asarray(good), 1 - false_alarms, method="higher"))


def found(bad: Sequence[float], limit: float) -> float:
    """Share of the bad ones whose risk is over the limit."""
    return float(np.mean(np.asarray(bad) > limit)) if bad else float("nan")


def share(marks: Sequence[bool]) -> float:
    """Share of the true ones; not a number when there are none at all."""
    return float(np.mean(marks)) if marks else float("nan")


def weighted_kappa(wanted: Sequence[int], got: Sequence[int], classes: int = 6) -> float:
    """Cohen's kappa with quadratic weights over 0 … classes−1."""
    table = np.zeros((classes, classes))
    for w, g in zip(wanted, got, strict=True):
        table[w, g] += 1
    grid = np.arange(classes)
    weights = (grid[:, None] - grid[None, :]) ** 2
    chance = np.outer(table.sum(1), table.sum(0)) / table.sum()
    by_chance = float((weights * chance).sum())
    return 1 - float((weights * table).sum()) / by_chance if by_chance else float("nan")  # all in one class


def is_fraud(row: Graded) -> bool:
    return row.label in ("phish", "scam419") or row.wanted_category in TRAPS


def is_ordinary(row: Graded) -> bool:
    return row.label == "ham" or row.wanted_category in GENUINE


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by name, and the lists that a reader of the report looks at."""

    figures: dict[str, float]
    confusion: dict[tuple[str, str], int]
    never_hit: tuple[str, ...]
    both_sides: tuple[tuple[str, float, float], ...]
    signals: tuple[tuple[str, float, float, float], ...]
    failed: tuple[str, ...]

    def text(self) -> str:
        lines = [NOTE, *(f"  {name:<54} {value:9.3f}" for name, value in self.figures.items())]
        lines += ["", "Confusion of types on labelled inquiries (wanted → got)"]
        lines += [
            f"  {n:4d}  {w} → {g}" for (w, g), n in sorted(self.confusion.items(), key=lambda kv: (kv[0][0], -kv[1]))
        ]
        lines += ["", "Signals that never hit: " + (", ".join(self.never_hit) or "none")]
        lines += ["Signals that hit fraud and ordinary mail alike (share of each):"]
        lines += [f"  {i:<44} {b:6.1%} {g:6.1%}" for i, b, g in self.both_sides] or ["  none"]
        if self.failed:
            lines += ["", f"Could not be graded: {len(self.failed)}", *(f"  {f}" for f in self.failed[:20])]
        return "\n".join(lines)


def report(rows: Sequence[Graded], failed: Iterable[str] = (), signals: Iterable[str] | None = None) -> Report:
    """All figures. ``signals``: every declared id, to list those that never hit (default: the registry's)."""
    from keeneye.signals import load

    declared = tuple(signals) if signals is not None else tuple(load())
    figures: dict[str, float] = {"messages": len(rows)}
    bad = [r for r in rows if is_fraud(r)]
    good = [r for r in rows if is_ordinary(r)]
    good_risk = [r.risk for r in good]
    _separation(figures, "all", [r.risk for r in bad], good_risk)
    for label in ("phish", "scam419", "spam"):
        _separation(figures, label, [r.risk for r in rows if r.label == label], good_risk)
    for name in sorted({r.set for r in rows}):
        _left_out(figures, name, bad, good)
    for name in sorted({r.set for r in rows}):
        ham = [r for r in rows if r.set == name and is_ordinary(r)]
        if ham:
            figures[f"{name}: ordinary marked danger"] = share([r.banner == "danger" for r in ham])
    figures["ordinary marked danger"] = share([r.banner == "danger" for r in good])
    figures["ordinary marked caution"] = share([r.banner == "caution" for r in good])
    figures["fraud marked danger"] = share([r.banner == "danger" for r in bad])
    _inquiries(figures, [r for r in rows if r.wanted_category is not None])
    figures["mean coverage"] = float(np.mean([r.coverage for r in rows]))
    ms = np.asarray([r.ms for r in rows])
    figures["ms a message, median"], figures["ms a message, p99"] = float(np.median(ms)), float(np.quantile(ms, 0.99))
    table = _signal_table(rows, bad, good, declared)
    return Report(
        figures=figures,
        confusion=dict(Counter((r.wanted_category, r.category) for r in rows if r.wanted_category is not None)),
        never_hit=tuple(i for i, b, g, s in table if not (b or g or s)),
        both_sides=tuple(
            (i, b, g) for i, b, g, _ in table if max(b, g) > 0.02 and 0.67 < (b + 1e-9) / (g + 1e-9) < 1.5
        ),
        signals=table,
        failed=tuple(failed),
    )


def _left_out(figures: dict[str, float], name: str, bad: Sequence[Graded], good: Sequence[Graded]) -> None:
    """What the limit, chosen on all other sets alone, finds in this one: its fraud, and its ordinary mail by mistake.

    Nothing is reported when the other sets hold no ordinary mail to choose a limit on.
    """
    elsewhere = [r.risk for r in good if r.set != name]
    if not elsewhere:
        return
    limit = figures[f"{name}: limit from other sets at 1 %"] = threshold(elsewhere, 0.01)
    for kind, rows in (("fraud found", bad), ("ordinary over it", good)):
        here = [r.risk for r in rows if r.set == name]
        if here:
            figures[f"{name}: {kind}, limit from other sets at 1 %"] = found(here, limit)


def _separation(figures: dict[str, float], name: str, bad: Sequence[float], good: Sequence[float]) -> None:
    if bad and good:
        figures[f"{name}: AUC against ordinary"] = auc(bad, good)
        figures[f"{name}: found at 1 % false alarms"] = found(bad, threshold(good, 0.01))
        figures[f"{name}: found at 0.1 % false alarms"] = found(bad, threshold(good, 0.001))


def _inquiries(figures: dict[str, float], rows: Sequence[Graded]) -> None:
    if not rows:
        return
    figures["inquiries: type right"] = float(np.mean([r.category == r.wanted_category for r in rows]))
    starred = [r for r in rows if r.wanted_stars is not None]
    if starred:
        wanted = [r.wanted_stars or 0 for r in starred]
        got = [r.stars or 0 for r in starred]
        figures["inquiries: stars, mean absolute error"] = float(np.mean(np.abs(np.subtract(wanted, got))))
        figures["inquiries: stars, quadratic weighted kappa"] = weighted_kappa(wanted, got)
    levelled = [r for r in rows if r.wanted_level is not None]
    if levelled:
        figures["inquiries: level right"] = float(np.mean([r.level == r.wanted_level for r in levelled]))


def _signal_table(
    rows: Sequence[Graded], bad: Sequence[Graded], good: Sequence[Graded], declared: Iterable[str]
) -> tuple[tuple[str, float, float, float], ...]:
    """(signal, share of fraud hit, of ordinary mail hit, of spam hit)."""
    spam = [r for r in rows if r.label == "spam"]
    counts = [Counter(i for r in group for i in r.hits) for group in (bad, good, spam)]
    sizes = [max(1, len(group)) for group in (bad, good, spam)]
    return tuple((i, counts[0][i] / sizes[0], counts[1][i] / sizes[1], counts[2][i] / sizes[2]) for i in declared)
