"""The message catalogues: one TOML file a language, checked when it is loaded."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

FOLDER = Path(__file__).with_name("messages")
BUYER_QUESTIONS = Path(__file__).with_name("buyer.toml")
DEFAULT = "en"
QUOTE_MOST = 90
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Hebrew, Arabic and their neighbours: put into isolates, so that they do not turn the sentence around them."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Catalog:
    """One language. ``findings``: signal id → its title, text, headline, unknown, where translated."""

    language: str
    tables: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, Mapping[str, str]]
    countries: Mapping[str, str]

    def word(self, table: str, *keys: str | None) -> str:
        """The text under the first key that the table has; raises KeyError when none has."""
        words = self.tables[table]
        for key in filter(None, keys):
            if key in words:
                return str(words[key])
        raise KeyError(f"{self.language}: no {table} for {keys}")

    def words(self, table: str, *keys: str | None) -> tuple[str, ...]:
        """Like ``word`` for lists; empty when no key has one."""
        found = self.tables[table]
        return next((tuple(found[key]) for key in filter(None, keys) if key in found), ())

    def fill(self, template: str, values: Mapping[str, str | int | float]) -> str:
        """Put values into the placeholders. Values named ``*country`` are ISO codes and get their name; values named
        ``*_word`` are of a closed vocabulary and get their words of the table ``words``, where it has them.

        A placeholder without a value stays empty: a sentence must never fail on what a message holds.
        """
        if "{" not in template:
            return template

        def put(match: re.Match[str]) -> str:
            name = match[1]
            value = values.get(name, "")
            if name.endswith("country"):
                return self.countries.get(str(value), clean(str(value)))
            if name.endswith("_word"):
                value = self.tables["words"].get(str(value), value)
            shown = clean(f"{value:g}" if isinstance(value, float) else str(value))
            return f"\u2068{shown}\u2069" if _RIGHT_TO_LEFT.search(shown) else shown

        return _PLACEHOLDER.sub(put, template)


def clean(text: str) -> str:
    """Words of a message as they may stand in a sentence of ours: one line, no control or
    direction characters, at most ``QUOTE_MOST`` characters."""
    if not text.isprintable():  # most are, and the letters need no look one by one
        text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTE_MOST else f"{flat[: QUOTE_MOST - 1].rstrip()}…"


def languages() -> tuple[str, ...]:
    """The languages that the reader can have, English first."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return (DEFAULT, *(code for code in found if code != DEFAULT))


@cache
def load(language: str) -> Catalog:
    """The catalogue of one of ``languages()``. Raises FileNotFoundError for another."""
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    locale = Locale.parse(data.pop("locale"))
    data.pop("language")
    findings = data.pop("findings", {})
    return Catalog(language, data, findings, dict(locale.territories))


def negotiate(accept_language: str | None) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110 §12.5.4); English by default."""
    best, best_q = DEFAULT, 0.0
    known = {code.lower(): code for code in languages()}
    by_primary = {code.split("-")[0].lower(): code for code in reversed(languages())}
    for item in (accept_language or "")[:500].split(","):
        tag, _, params = item.partition(";")
        tag = tag.strip().lower()
        code = known.get(tag) or by_primary.get(tag.split("-")[0])
        try:
            q = float(params.strip().removeprefix("q=")) if params.strip() else 1.0
        except ValueError:
            q = 0.0
        if code and q > best_q:
            best, best_q = code, q
    return best
