"""The evaluation as one HTML page with plots: ROC curve, risk by label, types, signals. No script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from keeneye.evaluation.metrics import NOTE, Graded, Report, is_fraud, is_ordinary

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#1c2127;background:#fff}
table{border-collapse:collapse;margin:1em 0}td,th{border-top:1px solid #dfe3e8;padding:3px 12px;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}
svg{background:#f7f8fa;border:1px solid #dfe3e8}
figure{display:inline-block;width:300px;margin:6px 12px 6px 0;vertical-align:top}figcaption{font-size:13px}
@media(prefers-color-scheme:dark){body{background:#171a1e;color:#e8ebee}td,th{border-color:#323942}svg{background:#1f242a}}
"""
_SIZE = 300


def write_page(path: Path, rows: Sequence[Graded], result: Report) -> None:
    """Write the page; ``path`` is overwritten."""
    bad = [r.risk for r in rows if is_fraud(r)]
    good = [r.risk for r in rows if is_ordinary(r)]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Keeneye: evaluation</title>",
        f"<style>{_STYLE}</style><h1>Evaluation</h1><p>{escape(NOTE)}</p>",
        "<h2>Fraud against ordinary mail</h2>",
        _roc(bad, good),
        _histogram("Risk of fraud", bad),
        _histogram("Risk of ordinary mail", good),
        "<h2>Figures</h2>",
        _table(
            ["figure", "value"], [(k, f"{v:.0f}" if k == "messages" else f"{v:.3f}") for k, v in result.figures.items()]
        ),
        "<h2>Types of labelled inquiries</h2>",
        _table(["wanted", "got", "messages"], [(w, g, str(n)) for (w, g), n in sorted(result.confusion.items())]),
        "<h2>Signals that hit fraud and ordinary mail alike</h2>",
        _table(["signal", "fraud", "ordinary"], [(i, f"{b:.1%}", f"{g:.1%}") for i, b, g in result.both_sides]),
        "<h2>Signals that never hit</h2>",
        f"<p>{escape(', '.join(result.never_hit) or 'none')}</p>",
        "<h2>Signals: share of messages hit</h2>",
        _table(
            ["signal", "fraud", "ordinary", "spam"],
            [(i, f"{b:.1%}", f"{g:.1%}", f"{s:.1%}") for i, b, g, s in result.signals],
        ),
    ]
    path.write_text("\n".join(parts), encoding="utf-8")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td{' class=n' if i else ''}>{escape(c)}</td>" for i, c in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{''.join(f'<th>{escape(h)}</th>' for h in head)}</tr>{cells}</table>"


def _roc(bad: Sequence[float], good: Sequence[float]) -> str:
    if not bad or not good:
        return "<p>No curve: it needs fraud and ordinary mail.</p>"
    limits = np.quantile(np.asarray([*bad, *good]), np.linspace(1, 0, 200))
    points = " ".join(
        f"{np.mean(np.asarray(good) > x) * _SIZE:.1f},{_SIZE - np.mean(np.asarray(bad) > x) * _SIZE:.1f}"
        for x in limits
    )
    curve = f'<polyline fill="none" stroke="#0b5cad" stroke-width="2" points="0,{_SIZE} {points} {_SIZE},0"/>'
    return _figure("ROC curve. Up: share of fraud found; to the right: share of ordinary mail marked.", curve)


def _histogram(label: str, values: Sequence[float]) -> str:
    counts, _ = np.histogram(np.asarray(values), bins=20, range=(0, 100))
    top = max(1, counts.max())
    bars = "".join(
        f'<rect x="{i * 15}" y="{_SIZE - c / top * (_SIZE - 20):.1f}" width="13" height="{c / top * (_SIZE - 20):.1f}" '
        f'fill="#2f7a1f"><title>{i * 5}–{i * 5 + 5}: {c}</title></rect>'
        for i, c in enumerate(counts)
    )
    return _figure(f"{label}, from 0 to 100 in steps of 5. The highest bar is {top} of {len(values)} messages.", bars)


def _figure(caption: str, drawing: str) -> str:
    return (
        f'<figure><svg width="{_SIZE}" height="{_SIZE}" aria-hidden="true">{drawing}</svg>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
