"""Names of countries, nationalities and trade cities found in short texts, in all the languages of the tables."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from keeneye.facts.text import fold

FOLDER: Final = Path(__file__).parent.parent / "lexicons" / "contact" / "places"
LETTERS_LEAST: Final = 4
"""A CLDR name shorter than this in Latin letters is a word of some language ("My", "Duc"); the own list has the
short names that are used in trade."""

Kind = Literal["country", "nationality", "city"]


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a folded text: what country it names, how, and where it stands in the text."""

    country: str
    kind: Kind
    start: int
    end: int
    ambiguous: bool


def _unspaced(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or "\u0e00" <= char <= "\u0e7f"


class Gazetteer:
    """The tables, indexed by first word, or by first character for languages that write without spaces."""

    def __init__(self) -> None:
        own = tomllib.loads((FOLDER / "places.toml").read_text("utf-8"))
        self._ambiguous = frozenset(own["ambiguous"])
        self._words: dict[str, dict[tuple[str, ...], tuple[str, Kind]]] = {}
        self._chars: dict[str, dict[str, tuple[str, Kind]]] = {}
        tables: tuple[tuple[str, Kind], ...] = (("variants", "country"), ("nationality", "nationality"))
        for table, kind in tables:
            for code, names in own[table].items():
                self._add(code, names, kind)
        with (FOLDER / "country_names.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                name = row["name"]
                if not fold(name).isascii() or len(name) >= LETTERS_LEAST:
                    self._add(row["iso2"], [name], "country")
        for code, names in own["cities"].items():
            self._add(code, names, "city")

    def _add(self, code: str, names: Iterable[str], kind: Kind) -> None:
        for name in names:
            key = fold(name).lower()
            if _unspaced(key[0]):
                self._chars.setdefault(key[0], {}).setdefault(key, (code, kind))
            else:
                words = tuple(w for w, _, _ in _words(key))
                self._words.setdefault(words[0], {}).setdefault(words, (code, kind))

    def find(self, folded: str) -> Iterator[Named]:
        """Names in a folded text, the longest at each place; looks at 4,000 code points."""
        shown = folded[:4000]
        words = list(_words(shown.lower() if len(shown.lower()) == len(shown) else shown))
        i = 0
        while i < len(words):
            names = self._words.get(words[i][0])
            taken = 1
            for size in range(min(LONGEST, len(words) - i), 0, -1) if names else ():
                named = (names or {}).get(tuple(w for w, _, _ in words[i : i + size]))
                # "US" is a country, "us" is not.
                if named is not None and (size > 1 or len(words[i][0]) > 3 or _capitals(shown, words[i])):
                    key = " ".join(w for w, _, _ in words[i : i + size])
                    yield Named(*named, words[i][1], words[i + size - 1][2], key in self._ambiguous)
                    taken = size
                    break
            i += taken
        if not shown.isascii():
            yield from self._unspaced(shown)

    def _unspaced(self, shown: str) -> Iterator[Named]:
        done = 0
        for i, char in enumerate(shown):
            if char not in self._chars or i < done:
                continue
            taken = 1
            for name, named in self._chars[char].items():
                if len(name) >= taken and shown.startswith(name, i):
                    taken = len(name)
                    found = named
            if taken > 1:
                yield Named(*found, i, i + taken, False)
            done = i + taken


LONGEST: Final = 6
_WORD: Final = re.compile(r"[^\s,;:()/|\u2e80-\u9fff\uac00-\ud7af]+")


def _capitals(shown: str, word: tuple[str, int, int]) -> bool:
    return shown[word[1] : word[2]].isupper() or not shown[word[1]].isascii()


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Words without full stops, with their places: ``P.R. China`` has the words ``pr`` and ``china``."""
    for match in _WORD.finditer(text):
        word = match.group()
        bare = word.strip(".-'\"!?*")
        if bare:
            start = match.start() + word.index(bare)
            yield bare.replace(".", ""), start, start + len(bare)


@cache
def gazetteer() -> Gazetteer:
    """The shipped tables."""
    return Gazetteer()
