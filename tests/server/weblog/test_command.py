"""``keeneye import weblog``: what it says, how it ends, and that it follows a log until it is stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keeneye.cli import main

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
Run = Callable[..., Result]


def line(ip: str = "203.0.113.5", path: str = "/product/a", minutes: int = 60, agent: str = CHROME) -> str:
    at = (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{ip} - - [{at}] "GET {path} HTTP/1.1" 200 9 "-" "{agent}"\n'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KEENEYE_SERVER__STATE_DIR", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


def rows(folder: Path, query: str = "SELECT count(*) FROM visits") -> int:
    try:
        with contextlib.closing(sqlite3.connect(folder / "state/keeneye.sqlite3")) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0


def test_says_what_was_read_and_what_was_left_out(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(
        line()
        + "private words\n"
        + line(path="/style.css")
        + line(agent="curl/8.5")
        + line("203.0.113.6")
        + line("10.0.0.1")
    )
    done = run("import", "weblog", log)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith("6 new lines in ")
    for said in (
        "2 pages seen in 2 visits or parts of visits",
        "left out: 1 requests by bots",
        "left out: 1 requests for pictures, styles and scripts",
        "left out: 1 requests from your own or private addresses",
        "access.log: lines that could not be read: 2",
        "1 lines could not be read",
    ):
        assert said in done.stdout
    assert "private words" not in done.output
    assert "203.0.113" not in done.output
    again = run("import", "weblog", log)
    assert "0 pages seen in 0 visits" in again.stdout
    assert rows(tmp_path) == 2


def test_settings_say_what_is_a_product_and_who_is_no_visitor(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEENEYE_WEBLOG__PRODUCT_PATHS", '["/ventile/*"]')
    monkeypatch.setenv("KEENEYE_WEBLOG__OWN_NETWORKS", '["203.0.113.0/25"]')
    (tmp_path / "access.log").write_text(line() + line("203.0.113.200", "/ventile/kugel") + line("203.0.113.201"))
    assert run("import", "weblog", "access.log").exit_code == 0
    assert rows(tmp_path) == 2
    assert rows(tmp_path, "SELECT count(*) FROM visits WHERE products LIKE '%/ventile/kugel%'") == 1
    monkeypatch.setenv("KEENEYE_WEBLOG__OWN_NETWORKS", '["our office"]')
    wrong = run("import", "weblog", "access.log")
    assert wrong.exit_code == 1
    assert "weblog.own_networks" in wrong.stderr


def test_visits_older_than_they_are_kept_are_not_taken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(line(minutes=91 * 1440) + line("203.0.113.6"))
    assert run("import", "weblog", "access.log").exit_code == 0
    assert rows(tmp_path) == 1


def test_a_folder_is_read_and_a_spoilt_file_is_named(run: Run, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.log").write_text(line())
    (logs / "b.gz").write_bytes(b"\x1f\x8b\x08nonsense")
    done = run("import", "weblog", logs)
    assert done.exit_code == 1
    assert "b.gz: " in done.stderr
    assert rows(tmp_path) == 1


def test_visits_belong_to_a_tenant(run: Run, tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(line())
    assert run("import", "weblog", "access.log", "--tenant", "Kiel").exit_code == 2
    run("tenant", "create", "Kiel")
    assert run("import", "weblog", "access.log", "--tenant", "Kiel").exit_code == 0
    assert rows(tmp_path, "SELECT count(*) FROM visits WHERE tenant_id = 2") == 1
    assert rows(tmp_path) == 1


def test_visits_of_an_address_are_erased(run: Run, tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(line() + line("203.0.113.6"))
    run("import", "weblog", "access.log")
    assert run("visits", "erase", "203.0.113.5").stdout == "removed 1 visits\n"
    assert rows(tmp_path) == 1
    assert run("visits", "erase", "nobody").exit_code == 2


def test_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("import", "weblog").exit_code == 2
    assert run("import", "weblog", "missing.log").exit_code == 2
    assert run("import", "weblog", "--follow", tmp_path).exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_follows_until_it_is_stopped_and_keeps_what_it_read(tmp_path: Path, number: signal.Signals) -> None:
    log = tmp_path / "access.log"
    log.write_text(line())
    environment = os.environ | {"KEENEYE_SERVER__STATE_DIR": str(tmp_path / "state")}
    command = [sys.executable, "-m", "keeneye", "import", "weblog", "--follow", str(log)]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        assert b"following" in process.stderr.readline()
        with log.open("a") as file:
            file.write(line("203.0.113.6"))
        time.sleep(1.5)  # two looks at the log, less than a commit
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert b"2 pages seen" in out
    assert rows(tmp_path) == 2


@pytest.mark.slow
def test_a_killed_import_goes_on_where_it_was(run: Run, tmp_path: Path) -> None:
    at = datetime.now(UTC) - timedelta(hours=5)
    with (tmp_path / "access.log").open("w") as file:
        for n in range(105_000):
            stamp = (at + timedelta(seconds=n // 20)).strftime("%d/%b/%Y:%H:%M:%S +0000")
            ip = f"203.0.113.{n % 250}"
            file.write(f'{ip} - - [{stamp}] "GET /product/{n % 7} HTTP/1.1" 200 9 "-" "{CHROME}"\n')
    environment = os.environ | {"KEENEYE_SERVER__STATE_DIR": str(tmp_path / "state")}
    command = [sys.executable, "-m", "keeneye", "import", "weblog", "access.log"]
    killed = 0
    for _ in range(10):
        before = rows(tmp_path, "SELECT coalesce(sum(pages), 0) FROM visits")
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                time.sleep(0.01)
                if before < rows(tmp_path, "SELECT coalesce(sum(pages), 0) FROM visits") < 105_000:
                    process.kill()
                    killed += process.wait() == -signal.SIGKILL
        if process.returncode == 0:
            break
    assert killed
    assert rows(tmp_path, "SELECT sum(pages) FROM visits") == 105_000
    assert rows(tmp_path) == 250
