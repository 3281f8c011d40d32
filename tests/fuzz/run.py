"""Runs the fuzz targets for a while from the project's own mail as seeds. What they learn and what crashes them is kept
in ``var/fuzz``; run a crash again with ``python tests/fuzz/target.py NAME FILE``.

Usage: python tests/fuzz/run.py [--seconds 60] [--target reader|pipeline|fields] …
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "var/fuzz"
TARGETS = ["reader", "pipeline", "fields"]
SEEDS = ("server/keeneye/web/samples", "tests/corpus", "tests/fuzz/seeds")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--target", action="append", choices=TARGETS, help="may be repeated; all when none is named")
    args = parser.parse_args()
    seeds = WORK / "seeds"
    shutil.rmtree(seeds, ignore_errors=True)
    seeds.mkdir(parents=True)
    for folder in SEEDS:
        for path in (ROOT / folder).glob("*.eml"):
            shutil.copy(path, seeds / f"{path.parent.name}-{path.name}")
    failed = 0
    for name in args.target or TARGETS:
        grown = WORK / name
        grown.mkdir(exist_ok=True)
        options = [
            f"-max_total_time={args.seconds}",
            f"-artifact_prefix={WORK}/{name}-crash-",
            "-max_len=20000",
            "-timeout=10",
            "-rss_limit_mb=2000",
            f"-dict={HERE / 'mail.dict'}",
            "-print_final_stats=1",
        ]
        command = [sys.executable, str(HERE / "target.py"), name, *options, str(grown), str(seeds)]
        code = subprocess.run(command, check=False).returncode
        print(f"{name}: {'clean' if code == 0 else f'failed with {code}, see {WORK}'}")
        failed |= code != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
