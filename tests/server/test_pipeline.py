"""What holds when one signal has a defect: the reader keeps the verdict, the admin learns of it, tests fail on it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keeneye import signals
from keeneye.model import Answer, Facts, Outcome, Payload
from keeneye.pipeline import Grader, GraderSettings

MESSAGE = b"From: Ann <ann@buyer.example>\r\nSubject: Valves\r\n\r\nPlease confirm your mailbox password at once.\r\n"
SIGNAL = "subject.empty"
LANGUAGES = ("en", "es", "zh-CN")


@pytest.fixture
def grader(tmp_path: Path) -> Grader:
    return Grader(GraderSettings(geo_dir=tmp_path))


@pytest.fixture
def broken(grader: Grader) -> Grader:
    """A grader of which one signal raises, with words of the message in the error."""

    def check(facts: Facts) -> Answer:
        raise IndexError(facts.mail.body)

    grader.active = {**grader.active, SIGNAL: replace(grader.active[SIGNAL], check=check)}
    return grader


def test_nothing_is_broken_as_a_rule(grader: Grader) -> None:
    assert grader.grade(Payload(raw=MESSAGE)).broken == ()


def test_one_broken_signal_costs_its_own_answer_only(grader: Grader, broken: Grader) -> None:
    sound = {f.id: f.outcome for f in Grader(GraderSettings(geo_dir=Path("none"))).grade(Payload(raw=MESSAGE)).findings}
    graded = broken.grade(Payload(raw=MESSAGE))
    assert graded.broken == (SIGNAL,)
    assert {f.id: f.outcome for f in graded.findings} == {**sound, SIGNAL: Outcome.UNKNOWN}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reader_is_told_that_it_was_not_checked(broken: Grader, language: str) -> None:
    verdict = broken.verdict(broken.grade(Payload(raw=MESSAGE)), language)
    told = next(f for f in verdict["findings"] if f["id"] == SIGNAL)
    assert (told["outcome"], told["points"]) == ("unknown", 0)
    assert told["title"]
    assert told["text"]


def test_the_log_names_signal_error_and_place_but_no_word_of_the_message(
    broken: Grader, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        broken.grade(Payload(raw=MESSAGE))
    (record,) = caplog.records
    assert str(record.msg).startswith(f"signal.failed {SIGNAL} IndexError")
    assert "test_pipeline.py" in str(record.msg)
    assert record.exc_info is None
    assert "password" not in caplog.text


def test_without_a_handler_the_error_is_raised(broken: Grader) -> None:
    facts: Any = broken.grade(Payload(raw=MESSAGE)).facts
    with pytest.raises(IndexError):
        signals.run(facts, broken.active)
