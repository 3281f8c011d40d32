"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import mailbox
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keeneye.api.answers import Verdict
from keeneye.cli import main

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "server/keeneye/web/samples"
PHISHING = SAMPLES / "phishing-credential-link.eml"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with a state folder of its own."""
    monkeypatch.setenv("KEENEYE_SERVER__STATE_DIR", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)

    return invoke


def verdicts(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


# ------------------------------------------------------------------ grade


def test_json_is_the_verdict_with_its_path(run: Run) -> None:
    result = run("grade", "--json", PHISHING)
    assert result.exit_code == 0
    [line] = verdicts(result)
    assert line.pop("path") == str(PHISHING)
    assert Verdict.model_validate(line).category == "phishing"


def test_block_for_people(run: Run) -> None:
    result = run("grade", PHISHING, SAMPLES / "order-ready-bremen.eml")
    assert result.exit_code == 0
    first, second = result.stdout.strip().split("\n\n")
    assert first.startswith(str(PHISHING))
    assert "\n  F ☆☆☆☆☆ " in first
    assert "risk " in first
    assert any(line.strip().startswith("-") for line in first.splitlines()), "reasons with their points"
    assert "\n  A ★★★★★ " in second
    assert "\x1b" not in result.stdout, "no colours into a pipe"


def test_languages(run: Run) -> None:
    [line] = verdicts(run("grade", "--json", "--language", "zh", PHISHING))
    assert line["language"] == "zh-CN"


def test_full_detail(run: Run) -> None:
    [normal] = verdicts(run("grade", "--json", PHISHING))
    [full] = verdicts(run("grade", "--json", "--detail", "full", PHISHING))
    assert len(full["findings"]) > len(normal["findings"])  # type: ignore[arg-type]


def test_standard_input(run: Run) -> None:
    [line] = verdicts(run("grade", "--json", "-", stdin=PHISHING.read_bytes()))
    assert (line["path"], line["category"]) == ("-", "phishing")


@pytest.mark.parametrize("jobs", [1, 3])
def test_folder_in_order_whatever_the_processes(run: Run, jobs: int) -> None:
    result = run("grade", "--json", "--jobs", jobs, SAMPLES)
    lines = {Path(str(v["path"])).name: v for v in verdicts(result) if str(v["path"]).endswith(".eml")}
    assert list(lines) == sorted(p.name for p in SAMPLES.glob("*.eml"))
    assert lines["phishing-credential-link.eml"]["category"] == "phishing"


def test_mbox(run: Run, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "inbox")
    for name in ("order-ready-bremen.eml", "phishing-credential-link.eml"):
        box.add((SAMPLES / name).read_bytes())
    box.close()
    lines = verdicts(run("grade", "--json", tmp_path / "inbox"))
    assert [v["path"] for v in lines] == [f"{tmp_path}/inbox#1", f"{tmp_path}/inbox#2"]
    assert [v["category"] for v in lines] == ["order_ready", "phishing"]


def test_from_inside_a_message_does_not_split_it(run: Run, tmp_path: Path) -> None:
    mail = (
        b"From x Tue Nov 24 08:00:00 2026\nFrom: a@b.example\n\nHello\nFrom here on\n\nFrom x Tue\nSubject: two\n\nhi\n"
    )
    (tmp_path / "inbox").write_bytes(mail)
    assert len(verdicts(run("grade", "--json", tmp_path / "inbox"))) == 2


def test_maildir(run: Run, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "mail")
    key = box.add(PHISHING.read_bytes())
    (tmp_path / "mail/tmp/half").write_bytes(b"From: a@b.example\n\nhalf delivered")
    lines = verdicts(run("grade", "--json", tmp_path / "mail"))
    assert [Path(str(v["path"])).name for v in lines] == [key]


def test_what_cannot_be_graded_is_named_and_the_rest_goes_on(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a-empty.eml").write_bytes(b"")
    shutil.copy(PHISHING, folder / "b.eml")
    (folder / "c-broken.eml").symlink_to(tmp_path / "nothing")
    result = run("grade", "--json", folder, folder / "a-empty.eml")
    assert result.exit_code == 1
    assert [Path(str(v["path"])).name for v in verdicts(result)] == ["b.eml"]
    assert result.stderr.count(f"{folder}/a-empty.eml: empty (empty_body)") == 2


def test_too_large_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEENEYE_GRADING__MAX_BODY", "1024")
    (tmp_path / "big.eml").write_bytes(b"From: a@b.example\n\n" + b"x" * 2000)
    result = run("grade", tmp_path / "big.eml")
    assert result.exit_code == 1
    assert "big.eml: more than 1024 bytes (body_too_large)" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["grade"], ["grade", "/nothing/there.eml"], ["grade", "--jobs", "0", str(PHISHING)],
        ["grade", "--policy", "/no", "-"], ["grade", "--detail", "some", "-"],
        ["unknown"], ["token", "create"], ["--wrong"], ["policy", "check"],
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_process_that_dies_costs_one_message(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keeneye import batch

    real = batch._told

    def deadly(job: object, grader: object, label: str, raw: bytes) -> bytes:
        if b"DEADLY" in raw:
            os._exit(9)
        return real(job, grader, label, raw)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "_told", deadly)
    for number in range(30):
        words = "DEADLY" if number == 13 else "hello"
        (tmp_path / f"{number:02}.eml").write_text(f"From: a@b.example\n\n{words}\n")
    found = [batch.Source(p.name, p) for p in sorted(tmp_path.glob("*.eml"))]
    job = batch.Job(_grader_settings(tmp_path), 1000, 5, True, "normal", "en", False)
    results = list(batch.grade_all(job, found, 2))
    failed = [i for i, r in enumerate(results) if isinstance(r, batch.Failed)]
    assert failed == [13]
    assert results[13] == batch.Failed("13.eml", "process_ended", "the process that graded it ended")
    told = [json.loads(r)["path"] for r in results if isinstance(r, bytes)]
    assert told == [f"{i:02}.eml" for i in range(30) if i != 13]


def test_stuck_message_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keeneye import batch

    def endless(*_: object) -> bytes:
        while True:
            pass

    monkeypatch.setattr(batch, "_told", endless)
    (tmp_path / "a.eml").write_text("From: a@b.example\n\nx\n")
    job = batch.Job(_grader_settings(tmp_path), 1000, 0.2, True, "normal", "en", False)
    [result] = batch.grade_all(job, [batch.Source("a.eml", tmp_path / "a.eml")], 1)
    assert isinstance(result, batch.Failed)
    assert result.code == "message_too_complex"


def test_sender_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(
        b"From: a@b.example\nSubject: =?utf-8?q?=1b]0;x=07=1b[2J=e2=80=ae?=\n\nPlease enter your password =1b[31m at http://\x1b[2J.example/\n"
    )
    result = run("grade", tmp_path / "a.eml")
    assert result.exit_code == 0
    assert not set(result.stdout) & {"\x1b", "\x07", "\u202e"}


def _grader_settings(folder: Path) -> object:
    from keeneye.pipeline import GraderSettings

    return GraderSettings(geo_dir=folder / "geo")


@pytest.mark.slow
def test_reader_of_a_pipe_that_stops_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m keeneye grade --json --jobs 1 {SAMPLES} | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=120, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "server")},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


# ------------------------------------------------------------------ policy


def test_policy_check_show_diff(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.toml"
    good.write_text("[bands]\ndanger = 71.5\n")
    assert run("policy", "check", good).exit_code == 0
    shown = json.loads(run("policy", "show", good).stdout)
    assert shown["bands"]["danger"] == 71.5
    assert json.loads(run("policy", "show").stdout)["bands"]["danger"] != 71.5
    lines = run("policy", "diff", good).stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("- bands.danger = ")
    assert lines[1] == "+ bands.danger = 71.5"
    assert run("policy", "diff", good, good).stdout == ""


@pytest.mark.parametrize(
    "text", ["[weights]\n'no.such-signal' = 3.0\n", "[bandz]\n", "[bands\n", "[bands]\ndanger = 'high'\n"]
)
def test_wrong_policy_is_refused_in_words(run: Run, tmp_path: Path, text: str) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(text)
    for arguments in (["policy", "check", bad], ["grade", "--policy", bad, PHISHING]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert result.exception is None or isinstance(result.exception, SystemExit)


# ------------------------------------------------------------------ tokens


def test_tokens(run: Run, tmp_path: Path) -> None:
    made = run("token", "create", "desk")
    assert made.exit_code == 0
    [token] = made.stdout.split()
    assert token.startswith("kee_")
    assert "cannot be shown again" in made.stderr
    assert run("token", "create", "laptop", "--expires", "90d", "--quiet").stderr == ""
    assert run("token", "create", "desk").exit_code == 1
    assert run("token", "revoke", "desk").exit_code == 0
    assert run("token", "revoke", "desk").exit_code == 1
    listed = run("token", "list").stdout
    assert "desk\tmade " in listed
    assert "\trevoked " in listed
    assert "\texpires " in listed
    assert token not in listed
    by_name = {t["name"]: t for t in json.loads(run("token", "list", "--json").stdout)}
    assert by_name["desk"]["revoked_at"] <= time.time()
    assert abs(by_name["laptop"]["expires_at"] - time.time() - 90 * 86400) < 60
    with sqlite3.connect(tmp_path / "state/keeneye.sqlite3") as database:
        assert token.encode() not in b"".join(row[0] for row in database.execute("SELECT hash FROM tokens"))
    database.close()


@pytest.mark.parametrize("expires", ["yesterday", "-5d", "0d", "2020-01-01", "999999999999d", "d", ""])
def test_wrong_expiry(run: Run, expires: str) -> None:
    assert run("token", "create", "desk", "--expires", expires).exit_code == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "\x1b[2J"])
def test_wrong_names(run: Run, name: str) -> None:
    assert run("token", "create", name).exit_code == 2
    assert run("pair", name).exit_code == 2


def test_pair(run: Run) -> None:
    result = run("pair", "laptop")
    assert result.exit_code == 0
    assert len(result.stdout.strip().replace("-", "")) >= 8
    assert "ten minutes" in result.stderr
    run("token", "create", "desk")
    assert run("pair", "desk").exit_code == 1


# ------------------------------------------------------------------ settings


def test_wrong_settings_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "k.toml").write_text("[server]\nprot = 1\n")
    for arguments in (["serve"], ["grade", PHISHING], ["token", "list"], ["geo", "update"]):
        result = run("--config", tmp_path / "k.toml", *arguments)
        assert result.exit_code == 1
        assert "server.prot: no such setting; did you mean server.port?" in result.stderr


def test_settings_of_the_config_option_are_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "k.toml").write_text(f"[store]\nurl = 'sqlite:///{tmp_path}/elsewhere.sqlite3'\n")
    assert run("--config", tmp_path / "k.toml", "token", "create", "desk").exit_code == 0
    assert (tmp_path / "elsewhere.sqlite3").exists()


def test_store_that_cannot_be_opened_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEENEYE_STORE__URL", "sqlite:////proc/nothing/k.sqlite3")
    result = run("token", "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: the store cannot be opened: ")


def test_standard_input_beside_many_files_in_several_processes(run: Run, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.eml").write_bytes((SAMPLES / "newsletter.eml").read_bytes())
    lines = verdicts(run("grade", "--json", "--jobs", "2", tmp_path, "-", stdin=PHISHING.read_bytes()))
    assert [line["category"] for line in lines] == ["not_inquiry"] * 12 + ["phishing"]


# ------------------------------------------------------------------ tenants


def test_tenants_have_tokens_of_their_own(run: Run) -> None:
    assert run("tenant", "create", "Lübeck").exit_code == 0
    assert run("tenant", "create", "Lübeck").exit_code == 1
    assert run("token", "create", "desk").exit_code == 0
    assert run("token", "create", "desk", "--tenant", "Lübeck").exit_code == 0
    assert run("tenant", "rename", "Lübeck", "Kiel").exit_code == 0
    assert run("tenant", "list").stdout.splitlines() == ["default\ttokens 1", "Kiel\ttokens 1"]
    assert run("token", "revoke", "desk", "--tenant", "Kiel").exit_code == 0
    assert "revoked" not in run("token", "list").stdout
    assert "revoked" in run("token", "list", "--tenant", "Kiel").stdout
    wrong = run("pair", "laptop", "--tenant", "Lübeck")
    assert wrong.exit_code == 2
    assert "there is no Lübeck" in wrong.stderr
    assert run("pair", "laptop", "--tenant", "Kiel").exit_code == 0


def test_a_tenant_is_removed_only_when_one_means_it(run: Run) -> None:
    run("tenant", "create", "Kiel")
    assert run("tenant", "remove", "Kiel", stdin=b"n\n").exit_code == 1
    assert run("tenant", "remove", "Kiel", "--yes").exit_code == 0
    assert run("tenant", "list").stdout.splitlines() == ["default\ttokens 0"]
    for wrong in (("remove", "Kiel", "--yes"), ("remove", "default", "--yes"), ("rename", "Kiel", "Bremen")):
        assert run("tenant", *wrong).exit_code == 1


# ------------------------------------------------------------------ what the firm brings


def test_imports_say_what_they_did(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("company,email,orders,fax\nAcme,ann@acme.example,2,1\nBad,no mail,1,\n", "utf-8")
    dry = run("import", "customers", file, "--dry-run")
    assert dry.exit_code == 1
    assert "1 added, 0 changed, 0 as before, 0 removed, 1 refused (nothing was written)" in dry.stdout
    assert "row 3: refused: emails 'no': is not a mail address" in dry.stderr
    assert "columns not used: fax" in dry.stderr
    strict = run("import", "customers", file, "--strict")
    assert strict.exit_code == 1
    assert "nothing was changed" in strict.stderr
    assert "1 added" in run("import", "customers", file).stdout
    good = b"company,email,orders\nAcme,ann@acme.example,2\n"
    same = run("import", "customers", "-", stdin=good)
    assert same.exit_code == 0
    assert "0 added, 0 changed, 1 as before" in same.stdout
    run("tenant", "create", "Kiel")
    assert "1 added" in run("import", "customers", "-", "--tenant", "Kiel", stdin=good).stdout
    bad_policy = tmp_path / "keeneye.toml"
    bad_policy.write_text('[grading]\npolicy = "none.toml"\n', "utf-8")
    assert "none.toml" in run("import", "customers", file).stderr
    bad_policy.unlink()
    wrong = run("import", "products", "-", stdin=good)
    assert wrong.exit_code == 1
    assert "no column holds the names" in wrong.stderr


# ------------------------------------------------------------------ backup


def test_backup_and_restore(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("token", "create", "desk")
    file = tmp_path / "keeneye.backup"
    done = run("backup", file)
    assert done.exit_code == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    refused = run("restore", file)
    assert refused.exit_code == 1
    assert "nothing was restored: the store is not empty" in refused.stderr
    key = (tmp_path / "state" / "secret.key").read_bytes()
    monkeypatch.setenv("KEENEYE_SERVER__STATE_DIR", str(tmp_path / "elsewhere"))
    assert run("restore", file).exit_code == 0
    assert run("token", "list").stdout.startswith("desk\t")
    assert (tmp_path / "elsewhere" / "secret.key").read_bytes().strip() == key.strip()
    file.write_bytes(file.read_bytes()[:-9])
    spoilt = run("restore", file, "--force")
    assert spoilt.exit_code == 1
    assert "cut short or spoilt" in spoilt.stderr
    assert run("token", "list").stdout.startswith("desk\t")
    assert run("restore", tmp_path / "none").exit_code == 2


# ------------------------------------------------------------------ one person


def test_one_persons_data(run: Run, tmp_path: Path) -> None:
    run("import", "customers", "-", stdin=b"company,email\nAcme,ann@acme.example\n")
    shown = run("person", "export", "Ann@acme.example")
    assert shown.exit_code == 0
    assert [one["name"] for one in json.loads(shown.stdout)["customers"]] == ["Acme"]
    file = tmp_path / "ann.json"
    assert run("person", "export", "ann@acme.example", "--out", file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text("utf-8"))["address"] == "ann@acme.example"
    assert run("person", "export", "ann@acme.example", "--out", file).exit_code == 1, "never over another file"
    assert run("person", "erase", "ann@acme.example", stdin=b"n\n").exit_code == 1
    kept = run("person", "erase", "ann@acme.example", "--yes")
    assert "nothing was kept" in kept.stdout
    assert "still in the list of customers: Acme" in kept.stderr
    gone = run("person", "erase", "ann@acme.example", "--yes", "--customers")
    assert "customer_addresses\t1" in gone.stdout
    assert gone.stderr == ""
    assert run("person", "export", "ann").exit_code == 2
