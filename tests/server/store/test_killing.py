"""What was acknowledged survives kill -9, however often."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("killing.py")
TIMES = {"sqlite": 1000, "postgresql": 200}


@pytest.mark.slow
def test_no_acknowledged_row_is_lost(url: str) -> None:
    times = TIMES[url.split(":")[0].split("+")[0]]
    run = subprocess.run(
        [sys.executable, str(DRIVER), url, str(times)], capture_output=True, text=True, timeout=400, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    assert f"killed {times}" in run.stdout
    assert "lost 0, wrong 0" in run.stdout
