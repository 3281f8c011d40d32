"""How often the verdicts agree with what readers said of their own mail: ``keeneye eval --feedback``.

Works on what the store keeps: a verdict's figures and the last label of each message, never its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keeneye.evaluation.metrics import auc
from keeneye.model import CATEGORIES, FAKE_LABELS, GENUINE_LABELS

ALIKE = {"fake": FAKE_LABELS, "genuine": GENUINE_LABELS}
"""Labels that name more than one type."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stored verdict and the last label that a reader gave its message."""

    label: str
    category: str
    banner: str
    risk: float
    hits: tuple[str, ...] = ()


def figures(rows: Sequence[Labelled]) -> dict[str, float]:
    """Shares 0–1, and counts. A share of nothing is left out."""
    genuine = [r for r in rows if r.label in GENUINE_LABELS]
    traps = [r for r in rows if r.label in FAKE_LABELS]
    typed = [r for r in rows if r.label in CATEGORIES]
    told: dict[str, float] = {"labelled": len(rows), "genuine": len(genuine), "traps": len(traps)}
    if genuine:
        told["genuine marked danger"] = sum(r.banner == "danger" for r in genuine) / len(genuine)
        told["genuine marked at all"] = sum(r.banner != "none" for r in genuine) / len(genuine)
    if traps:
        told["traps marked danger"] = sum(r.banner == "danger" for r in traps) / len(traps)
        told["traps marked at all"] = sum(r.banner != "none" for r in traps) / len(traps)
    if genuine and traps:
        told["AUC of risk"] = auc([r.risk for r in traps], [r.risk for r in genuine])
    if typed:
        told["type as labelled"] = sum(r.category == r.label for r in typed) / len(typed)
    return told


def text(rows: Sequence[Labelled]) -> str:
    """The report. Signals are listed that hit on genuine mail and speak against it most often."""
    lines = ["What readers said, against the verdicts"]
    lines += [
        f"  {name:<24}{value:9.0f}" if name in ("labelled", "genuine", "traps") else f"  {name:<24}{value:9.3f}"
        for name, value in figures(rows).items()
    ]
    wrong = Counter((r.label, r.category) for r in rows if r.category not in ALIKE.get(r.label, {r.label}))
    if wrong:
        lines += ["", "Labelled so, graded otherwise"]
        lines += [f"  {n:5d} {label}: {category}" for (label, category), n in wrong.most_common(20)]
    alarms = _hits(r for r in rows if r.label in GENUINE_LABELS and r.banner != "none")
    if alarms:
        lines += ["", "Findings on genuine mail that was marked"]
        lines += [f"  {n:5d} {finding}" for finding, n in alarms.most_common(15)]
    return "\n".join(lines)


def _hits(rows: Iterable[Labelled]) -> Counter[str]:
    return Counter(hit for row in rows for hit in row.hits)
