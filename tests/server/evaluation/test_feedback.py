"""What readers said, against the verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from keeneye.cli import main
from keeneye.evaluation.feedback import Labelled, figures, text
from keeneye.store import Left, Owner, Store
from keeneye.store.migrations import migrate
from keeneye.store.secret import read_secret

ROWS = [
    Labelled("genuine", "potential_customer", "none", 5.0),
    Labelled("genuine", "fraud", "danger", 80.0, ("tone.pressure",)),
    Labelled("order_ready", "potential_customer", "none", 3.0),
    Labelled("fake", "phishing", "danger", 95.0),
    Labelled("phishing", "phishing", "danger", 90.0),
    Labelled("fraud", "casual", "none", 20.0),
    Labelled("not_inquiry", "casual", "none", 8.0),
]


def test_figures() -> None:
    told = figures(ROWS)
    assert (told["labelled"], told["genuine"], told["traps"]) == (7, 3, 3)
    assert told["genuine marked danger"] == pytest.approx(1 / 3)
    assert told["traps marked danger"] == pytest.approx(2 / 3)
    assert told["type as labelled"] == pytest.approx(1 / 4)
    assert told["AUC of risk"] == pytest.approx(8 / 9)


def test_shares_of_nothing_are_left_out() -> None:
    assert set(figures([Labelled("genuine", "casual", "none", 1.0)])) == {
        "labelled", "genuine", "traps", "genuine marked danger", "genuine marked at all",
    }  # fmt: skip


def test_report_names_what_went_wrong() -> None:
    report = text(ROWS)
    assert "genuine: fraud" in report
    assert "fake: phishing" not in report
    assert "tone.pressure" in report


def test_command(tmp_path: Path) -> None:
    environment = {"KEENEYE_SERVER__STATE_DIR": str(tmp_path)}
    run = CliRunner().invoke(main, ["eval", "--feedback"], env=environment)
    assert (run.exit_code, "no message has been labelled" in run.output) == (1, True)
    store = Store(f"sqlite:///{tmp_path}/keeneye.sqlite3", read_secret(tmp_path / "secret.key"))
    migrate(store.engine)
    owner = Owner(1, None, "test")
    verdict = {
        "id": "a" * 32, "category": "fraud", "grade": "F", "stars": 0, "risk": 90.0, "banner": "danger",
        "policy": "0", "findings": [{"id": "tone.pressure", "outcome": "hit", "points": -4.0}],
    }  # fmt: skip
    store.save_verdicts(owner, [Left(verdict, "a@b.example", b"x")])
    store.add_feedback(owner, "a" * 32, "fake", "")
    store.add_feedback(owner, "a" * 32, "genuine", "telephoned")
    store.close()
    out = tmp_path / "figures.json"
    run = CliRunner().invoke(main, ["eval", "--feedback", "--out", str(out)], env=environment)
    assert run.exit_code == 0, run.output
    assert "tone.pressure" in run.output
    assert json.loads(out.read_text())["genuine marked danger"] == 1.0
    assert CliRunner().invoke(main, ["eval"], env=environment).exit_code == 2
