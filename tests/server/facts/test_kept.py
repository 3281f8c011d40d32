"""What is kept of the lexicons between starts: the same answers, and never those of other patterns."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import mail

from keeneye.facts import kept, phrases
from keeneye.facts.phrases import Pattern, Phrases
from keeneye.facts.text import Text


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path))


def _pattern(source: str) -> Pattern:
    return Pattern("tag.one", source, "any", "x.toml", "en", True)


def _found(source: str, body: str) -> int:
    return len(Phrases([_pattern(source)], keep=True).scan(Text(mail(body=body))))


def test_second_start_reads_what_the_first_has_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found("(?:ball|gate) valves?", "We need gate valves.") == 1

    def never(*_: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr(phrases, "needs", never)
    assert _found("(?:ball|gate) valves?", "We need ball valves and a gate valve.") == 2


def test_other_patterns_are_worked_out_anew() -> None:
    assert _found("gate valves?", "We need gate valves.") == 1
    assert _found("copper pipes?", "We need copper pipes.") == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"key": 1}', b'{"key": "k", "needs": [[1]]}', b"\xff\x00"])
def test_damaged_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keeneye").mkdir()
    (tmp_path / "keeneye/lexicons.json").write_bytes(content)
    assert kept.load("k") is None
    assert _found("gate valves?", "We need gate valves.") == 1


def test_no_place_to_keep_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "file"))
    assert _found("gate valves?", "We need gate valves.") == 1
    assert (tmp_path / "file").read_text() == ""
