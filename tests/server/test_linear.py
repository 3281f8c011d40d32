"""RE2 asked directly finds what RE2 asked through its wrapper finds, in any text."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from keeneye import linear

SOURCES = (r"(a+)(b)?", r"x*", r"(?i)(?:\A|[^a-z])([a-z]{2,4})(?:[^a-z]|\z)", r"\d+(,\d+)?$", r"^a", "(ü|b)")
TEXTS = st.text("abxAB ,0123\nü", max_size=12)


def shown(match: linear.Match | None) -> object:
    return (
        None if match is None else (match.span(), match.group(), match.groups(), match[0], match.start(), match.end())
    )


@given(st.sampled_from(SOURCES), TEXTS, st.integers(0, 13), st.integers(0, 13))
def test_same_as_the_wrapper(source: str, text: str, pos: int, end: int) -> None:
    ours, wrapper = linear.Pattern(source), re2.compile(source)
    assert shown(ours.search(text)) == shown(wrapper.search(text))
    assert shown(ours.search(text, pos, end)) == shown(wrapper.search(text, pos, end))
    assert shown(ours.match(text, pos, end)) == shown(wrapper.match(text, pos, end))
    assert shown(ours.fullmatch(text)) == shown(wrapper.fullmatch(text))
    assert list(map(shown, ours.finditer(text))) == list(map(shown, wrapper.finditer(text)))


def test_first_group_in_bytes() -> None:
    pattern = linear.Pattern("(?:ü|-)(a+)")
    data = "baüaab-a".encode()
    assert pattern.find(data, 0, len(data)) == (4, 6)
    assert pattern.find(data, 6, len(data)) == (8, 9)
    assert pattern.find(data, 0, 3) is None


def test_without_the_inner_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "_ANCHOR", None)
    pattern = linear.Pattern("(a+)(b)?")
    assert [m.span() for m in pattern.finditer("aab a")] == [(0, 3), (4, 5)]
    assert pattern.find(b"xa", 0, 2) == (1, 2)
    assert pattern.find(b"x", 0, 1) is None
    assert shown(pattern.match("ba", 1)) is not None
    assert pattern.search("b") is None
    assert pattern.fullmatch("b") is None
