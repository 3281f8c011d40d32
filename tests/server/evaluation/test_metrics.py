"""The figures of the evaluation, against values worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keeneye.evaluation import Row
from keeneye.evaluation.corpus import read_corpus
from keeneye.evaluation.metrics import auc, found, report, threshold, weighted_kappa
from keeneye.evaluation.page import write_page


@pytest.mark.parametrize(
    ("bad", "good", "value"),
    [([3, 4], [1, 2], 1.0), ([1, 2], [3, 4], 0.0), ([1], [1], 0.5), ([1, 3], [2, 2], 0.5), ([2, 3], [1, 2], 0.875)],
)
def test_auc(bad: list[float], good: list[float], value: float) -> None:
    assert auc(bad, good) == value


def test_auc_of_nothing_is_not_a_number() -> None:
    assert auc([], [1.0]) != auc([], [1.0])


def test_threshold_lets_at_most_the_share_pass() -> None:
    good = [float(n) for n in range(100)]
    limit = threshold(good, 0.01)
    assert sum(g > limit for g in good) <= 1
    assert found([50.0, 99.5], limit) == 0.5


@pytest.mark.parametrize(
    ("wanted", "got", "value"),
    [([0, 1, 2, 5], [0, 1, 2, 5], 1.0), ([0, 5], [5, 0], -1.0), ([0, 0, 5, 5], [0, 5, 0, 5], 0.0)],
)
def test_weighted_kappa(wanted: list[int], got: list[int], value: float) -> None:
    assert weighted_kappa(wanted, got) == pytest.approx(value)


def test_corpus_folder_is_read_with_its_labels(tmp_path: Path) -> None:
    (tmp_path / "dev/lab/phish").mkdir(parents=True)
    (tmp_path / "dev/lab/phish/1.eml").write_bytes(b"Subject: x\n\ny\n")
    (tmp_path / "manifest.csv").write_text("path,label,set,subtype,lang\ndev/lab/phish/1.eml,phish,lab,fake,en\n")
    row = {
        "id": "q1",
        "lang": "en",
        "label_category": "potential",
        "label_stars": 4,
        "label_stars_with_headers": 2,
        "label_level": 3,
        "label_source": "rubric",
        "subject_eval": "Valves",
        "body_eval": "Quote 10 pcs",
    }
    (tmp_path / "inquiries.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({**row, "id": "q2"}))
    (tmp_path / "inquiry-headers").mkdir()
    (tmp_path / "inquiry-headers/q2.txt").write_text("Subject: leaks\nX-A: one\n two\n")
    mail, plain, with_headers = read_corpus(tmp_path)
    assert (mail.set, mail.label, mail.payload.raw) == ("lab", "phish", b"Subject: x\n\ny\n")
    assert (plain.category, plain.stars, plain.payload.sees) == ("potential_customer", 4, "visible")
    assert (with_headers.stars, with_headers.payload.headers) == (2, (("X-A", "one\n two"),))


@pytest.mark.parametrize("label", ["phish", "ham", "spam"])
def test_a_corpus_of_one_kind_is_reported(label: str, tmp_path: Path) -> None:
    row = Row(
        "1", "lab", label, "", "en", None, None, None, "unknown", None, None, None, 5, 5, 1, "danger", 1, ("a.b",)
    )
    result = report([row], signals=["a.b"])
    assert result.figures["messages"] == 1
    assert result.text()
    write_page(tmp_path / "page.html", [row], result)
    assert "<table>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_one_labelled_inquiry_is_reported() -> None:
    row = Row("1", "inquiries", "inquiry", "", "en", "casual", 1, 4, "casual", None, 1, 4, 5, 5, 1, "none", 1, ())
    assert report([row], signals=[]).figures["inquiries: type right"] == 1


def _rated(set_: str, label: str, risk: float) -> Row:
    return Row(f"{set_}{label}{risk}", set_, label, "", "en", None, None, None, "unknown", None, None, None,
               risk, 0.0, 1.0, "none", 1.0, ())  # fmt: skip


def test_a_set_left_out_has_its_limit_chosen_on_the_others() -> None:
    """One set's own ordinary mail has high risks: they must not raise the limit that it is judged by."""
    rows = [_rated("a", "ham", float(n)) for n in range(50)]
    rows += [
        _rated("b", "ham", 90.0),
        _rated("b", "phish", 60.0),
        _rated("b", "phish", 40.0),
        _rated("a", "phish", 91.0),
    ]
    figures = report(rows, signals=[]).figures
    assert figures["b: limit from other sets at 1 %"] == threshold([float(n) for n in range(50)], 0.01) == 49.0
    assert figures["b: fraud found, limit from other sets at 1 %"] == 0.5
    assert figures["b: ordinary over it, limit from other sets at 1 %"] == 1.0
    assert figures["a: limit from other sets at 1 %"] == 90.0
    assert figures["a: fraud found, limit from other sets at 1 %"] == 1.0
    assert figures["a: ordinary over it, limit from other sets at 1 %"] == 0.0


def test_without_other_sets_nothing_is_left_out() -> None:
    figures = report([_rated("a", "ham", 1.0), _rated("a", "phish", 9.0)], signals=[]).figures
    assert not [name for name in figures if "other sets" in name]


def test_the_report_says_that_weights_are_set_by_hand(tmp_path: Path) -> None:
    rows = [_rated("a", "ham", 1.0), _rated("b", "phish", 9.0)]
    result = report(rows, signals=[])
    assert "set by hand" in result.text()
    write_page(tmp_path / "page.html", rows, result)
    assert "set by hand" in (tmp_path / "page.html").read_text()
    assert "The highest bar is" in (tmp_path / "page.html").read_text()
