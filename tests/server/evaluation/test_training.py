"""Weights fitted to labels of readers: what moves, what must not, and the command from store to policy."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from keeneye import signals
from keeneye.cli import main
from keeneye.evaluation.training import LABELS_LEAST, LEAST, MARK, MOST, Example, check, fit, overlay, train
from keeneye.model import KeeneyeError
from keeneye.scorecard import Card, load_policy
from keeneye.store import Left, Owner, Store
from keeneye.store.migrations import migrate
from keeneye.store.relations import Keys, Relation
from keeneye.store.secret import read_secret

GATE = "attachments.program"
SIGNALS = signals.load()
SHIPPED = Card(load_policy(), SIGNALS).weights


def risky(n: int = 0) -> list[str]:
    """Signals that warn, of the families without a cap."""
    caps = load_policy().caps
    return [s.id for s in SIGNALS.values() if s.effect == "risk" and s.weight <= -8 and s.family not in caps][n:]


def examples(fake: Sequence[str], genuine: Sequence[str], count: int = 60, senders: int = 60) -> list[Example]:
    made = []
    for n in range(count):
        for is_fake, hits in ((True, fake), (False, genuine)):
            label = "fake" if is_fake else "genuine"
            group = f"{label}{n % senders}"
            made.append(Example(label, is_fake, group, dict.fromkeys(hits, 1.0), "fraud" if is_fake else "casual"))
    return made


def test_a_signal_that_hits_genuine_mail_only_warns_less() -> None:
    alarm, trap = risky()[:2]
    moved = fit(examples([trap], [alarm]), load_policy(), SIGNALS)
    assert SHIPPED[alarm] < moved[alarm] < 0
    assert moved[trap] < SHIPPED[trap]


def test_factors_stay_within_their_bounds_however_many_labels() -> None:
    alarm, trap = risky()[:2]
    moved = fit(examples([trap], [alarm], count=3000), load_policy(), SIGNALS)
    assert moved[alarm] == pytest.approx(SHIPPED[alarm] * LEAST, abs=0.06)
    assert moved[trap] == pytest.approx(SHIPPED[trap] * MOST, abs=0.06)


def test_what_speaks_for_a_message_never_warns() -> None:
    credit = next(s.id for s in SIGNALS.values() if s.effect == "risk" and s.weight > 0)
    moved = fit(examples([credit], [risky()[0]], count=3000), load_policy(), SIGNALS)
    assert 0 < moved[credit] < SHIPPED[credit]


def test_gates_and_weights_set_by_hand_stay() -> None:
    alarm = risky()[0]
    policy = load_policy().model_copy(update={"weights": {alarm: -30.0}})
    assert fit(examples([risky()[1]], [GATE, alarm]), policy, SIGNALS).keys() == {risky()[1]}


def test_signals_of_few_messages_stay() -> None:
    alarm, trap, seldom = risky()[:3]
    some = examples([trap], [alarm])
    some += [Example("genuine", False, "x", {seldom: 1.0}, "casual")] * 2
    assert seldom not in fit(some, load_policy(), SIGNALS)


def test_points_above_a_family_cap_teach_nothing() -> None:
    """Three of a family, far above its cap: a little less of one would change no verdict."""
    policy = load_policy()
    hits = [i for i in risky() if i.startswith("money.")][:3]
    low = policy.model_copy(update={"caps": {**policy.caps, "money": 5.0}})
    trap = next(i for i in risky() if not i.startswith("money."))
    assert fit(examples([trap], hits), policy, SIGNALS).keys() == {trap, *hits}
    assert fit(examples([trap], hits), low, SIGNALS).keys() == {trap}


def test_the_same_labels_give_the_same_weights_in_any_order() -> None:
    alarm, trap = risky()[:2]
    some = examples([trap, alarm], [alarm])
    assert fit(some, load_policy(), SIGNALS) == fit(some[::-1], load_policy(), SIGNALS)


def test_messages_of_a_sender_are_not_tried_on_what_they_taught() -> None:
    """One genuine sender's oddity, however often labelled, says nothing of other senders."""
    alarm, trap = risky()[:2]
    some = examples([trap], [], count=40) + [Example("genuine", False, "one", {alarm: 1.0}, "casual")] * 40
    result = train(some, load_policy(), SIGNALS)
    own = [after.risk for e, after in zip(some, result.after, strict=True) if e.group == "one"]
    before = [score.risk for e, score in zip(some, result.before, strict=True) if e.group == "one"]
    assert own == before
    assert SHIPPED[alarm] < result.weights[alarm]


def test_too_few_labels_are_refused_with_their_numbers() -> None:
    few = examples(["links.raw-ip"], [], count=LABELS_LEAST - 1)
    with pytest.raises(KeeneyeError, match=f"there are {LABELS_LEAST - 1} fake and {LABELS_LEAST - 1} genuine"):
        check(few)


def test_a_folder_weighs_no_more_than_the_readers() -> None:
    alarm, trap = risky()[:2]
    readers = examples([trap], [alarm], count=30)
    folder = [Example("spam", True, str(n), {alarm: 1.0}, "casual", by_reader=False) for n in range(3000)]
    folder += [Example("ham", False, f"h{n}", {trap: 1.0}, "casual", by_reader=False) for n in range(3000)]
    alone, both = (fit(some, load_policy(), SIGNALS) for some in (readers, readers + folder))
    assert SHIPPED[alarm] < alone[alarm]
    assert both[alarm] < alone[alarm]  # the folder is heard
    assert both[alarm] > SHIPPED[alarm] * MOST  # and does not drown the readers


# --------------------------------------------------------------------------- the policy file


@pytest.mark.parametrize("before", ["", '# ours\n[ours]\ncountry = "DE"\n\n[weights]\n"links.raw-ip" = -3.0\n'])
def test_the_policy_keeps_what_the_firm_wrote(before: str) -> None:
    made = overlay(before, {"tone.pressure": -3.5})
    assert made.startswith(before.rstrip())
    assert tomllib.loads(made) == tomllib.loads(before) | {"trained": {"tone.pressure": -3.5}}
    again = overlay(made, {"tone.pressure": -4.0})
    assert tomllib.loads(again)["trained"] == {"tone.pressure": -4.0}
    assert again.count(MARK) == 1


@pytest.mark.parametrize("before", ['[trained]\n"a.b" = 1.0\n', f"{MARK}\n[trained]\n[ours]\ncountry = 'DE'\n"])
def test_a_policy_that_cannot_be_kept_whole_is_refused(before: str) -> None:
    with pytest.raises((KeeneyeError, tomllib.TOMLDecodeError)):
        overlay(before, {"tone.pressure": -3.5})


def test_weights_set_by_hand_go_before_trained_ones() -> None:
    policy = load_policy().model_copy(update={"trained": {"tone.pressure": -1.0}})
    assert Card(policy, SIGNALS).weights["tone.pressure"] == -1.0
    policy = policy.model_copy(update={"weights": {"tone.pressure": -9.0}})
    assert Card(policy, SIGNALS).weights["tone.pressure"] == -9.0


# --------------------------------------------------------------------------- from the store


def verdict(hits: Sequence[str], policy: str) -> dict[str, Any]:
    """As the grader would store it."""
    return {
        "id": uuid.uuid4().hex, "category": "casual", "grade": "E", "stars": 1, "risk": 0.0, "banner": "none",
        "policy": policy, "findings": [{"id": i, "outcome": "hit", "points": SHIPPED[i]} for i in hits],
    }  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder with a store in which 40 fake and 40 genuine messages are labelled."""
    store = Store(f"sqlite:///{tmp_path}/keeneye.sqlite3", read_secret(tmp_path / "secret.key"))
    migrate(store.engine)
    owner = Owner(1, None, "desk")
    alarms, trap = risky()[:8], risky(8)[:6]
    for n in range(40):
        for label, hits in (("fake", trap), ("genuine", alarms)):
            given = verdict(hits, load_policy().sha256)
            address = f"{label}{n}@firm.example"
            message = uuid.uuid4().bytes
            keys = Keys(message, (), store.secret.address(address), None, None, False)
            relation = Relation(1, None, keys, message, 0, False, frozenset(), None, "")
            store.save_verdicts(owner, [Left(given, address, b"x", relation)])
            store.add_feedback(owner, given["id"], label, "")
    store.close()
    return tmp_path


def run(state: Path, *arguments: str, **settings: str) -> Any:
    return CliRunner().invoke(main, arguments, env={"KEENEYE_SERVER__STATE_DIR": str(state), **settings})


def test_from_labels_to_a_policy_that_can_be_switched_on(state: Path) -> None:
    out = state / "trained.toml"
    done = run(state, "train", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "80 labelled messages of 80 senders" in done.output
    assert "fake marked danger, genuine not" in done.output
    weights = tomllib.loads(out.read_text())["trained"]
    assert all(SHIPPED[i] < weights[i] < 0 for i in risky()[:8])
    assert run(state, "policy", "check", str(out)).exit_code == 0
    difference = run(state, "policy", "diff", str(out)).output
    assert all(f"+ trained.{i} = {points}" in difference for i, points in weights.items())
    # Switched on, it is where the next training starts from, and drifts no further.
    again = run(state, "train", "--out", str(out), KEENEYE_GRADING__POLICY=str(out))
    assert "was not written" in again.output
    assert tomllib.loads(out.read_text())["trained"] == weights


def test_without_out_nothing_is_written(state: Path) -> None:
    before = sorted(state.iterdir())
    assert run(state, "train").exit_code == 0
    assert [p for p in sorted(state.iterdir()) if not p.name.endswith(("-wal", "-shm"))] == [
        p for p in before if not p.name.endswith(("-wal", "-shm"))
    ]


def test_labels_of_another_tenant_teach_nothing(state: Path) -> None:
    assert run(state, "tenant", "create", "Other").exit_code == 0
    done = run(state, "train", "--tenant", "Other")
    assert done.exit_code == 1
    assert "there are 0 fake and 0 genuine" in done.output


def test_labels_that_agree_with_the_verdicts_change_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeeneyeError):
        train([], load_policy(), SIGNALS)
    trap = risky()[:12]
    result = train(examples(trap, []), load_policy(), SIGNALS)
    assert not result.better
