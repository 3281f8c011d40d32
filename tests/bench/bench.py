"""What grading costs: per stage and whole, over HTTP, beside rspamd on the same mail in the same run.

Usage: python tests/bench/bench.py [--corpus DIR] [--most N] [--no-peer] [--json FILE]
Prints CPU times; compares ratios, never asserts. Every message is graded once to warm up.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import orjson
import rspamd

from keeneye import facts as facts_stage
from keeneye import mail, signals
from keeneye.evaluation.corpus import read_corpus
from keeneye.model import Payload
from keeneye.pipeline import Grader, GraderSettings, ours

ROOT = Path(__file__).resolve().parent.parent.parent
GEO = ROOT / "var/geo"


def load_messages(corpus: Path, most: int) -> list[bytes]:
    """A fixed random choice of the corpus' raw mail, and all mail of the project's own."""
    own = [
        p.read_bytes()
        for folder in ("tests/corpus", "server/keeneye/web/samples")
        for p in (ROOT / folder).glob("*.eml")
    ]
    real = [m.payload.raw for m in read_corpus(corpus) if m.payload.raw] if (corpus / "manifest.csv").exists() else []
    random.Random(1).shuffle(real)
    if not real:
        print(f"No corpus at {corpus}: the project's own {len(own)} messages only")
    return own + real[: max(0, most - len(own))]


def line(name: str, micros: Sequence[float]) -> dict[str, float]:
    ordered = sorted(micros)
    figures = {
        "median_us": statistics.median(ordered),
        "p99_us": ordered[int(len(ordered) * 0.99)],
        "worst_us": ordered[-1],
        "mean_us": statistics.fmean(ordered),
    }
    print(f"  {name:<22}" + "".join(f"{v:10.0f}" for v in figures.values()))
    return figures


def stages(grader: Grader, messages: Sequence[bytes]) -> dict[str, dict[str, float]]:
    """CPU microseconds of each stage over the messages."""
    taken: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time_ns()
        result = work()
        taken.setdefault(name, []).append((time.process_time_ns() - start) / 1000)
        return result

    now = datetime.now(UTC)
    for round_ in range(2):
        taken.clear()
        for raw in messages if round_ else messages[:200]:
            payload = Payload(raw=raw)
            read = timed("mail", lambda p=payload: mail.read(p, limits=grader.limits))
            firm = ours(grader.firm, read)
            answers = timed("lookups", lambda r=read, f=firm: grader.lookups.answer(r, f, now))
            facts = timed("facts", lambda r=read, a=answers, f=firm: facts_stage.draw(r, a, f))
            answered = timed("signals", lambda f=facts: signals.run(f, grader.active))
            findings = timed("scorecard", lambda a=answered, x=facts: grader.card.findings(a, x))
            timed("scorecard: type", lambda f=findings, x=facts: grader.card.score(f, x))
            graded = timed("whole grading", lambda p=payload: grader.grade(p))
            timed("explain + JSON", lambda g=graded: orjson.dumps(grader.verdict(g)))
    print(f"\nCPU microseconds a message, {len(messages)} messages")
    print(f"  {'stage':<22}{'median':>10}{'p99':>10}{'worst':>10}{'mean':>10}")
    return {name: line(name, values) for name, values in taken.items()}


_worker: Grader | None = None


def _begin() -> None:
    global _worker
    _worker = Grader(GraderSettings(geo_dir=GEO))


def _one(raw: bytes) -> int:
    assert _worker is not None
    _worker.verdict(_worker.grade(Payload(raw=raw)))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def processes(messages: Sequence[bytes], jobs: int) -> dict[str, float]:
    """Whole verdicts a second with this many processes, and the largest one's memory."""
    with ProcessPoolExecutor(jobs, initializer=_begin) as pool:
        list(pool.map(_one, messages[:100], chunksize=10))
        start = time.perf_counter()
        most = max(pool.map(_one, messages, chunksize=20))
        rate = len(messages) / (time.perf_counter() - start)
    print(f"  {jobs} process(es): {rate:6.0f} messages/s, {most / 1024:.0f} MB each at most")
    return {"per_second": rate, "rss_mb": most / 1024}


def over_http(messages: Sequence[bytes], workers: int = 2, clients: int = 8) -> dict[str, float]:
    """Start the real server, grade over HTTP with kept-alive connections. Returns seconds to ready and rate."""
    with tempfile.TemporaryDirectory() as folder:
        port = rspamd.free_port()
        env = {
            **os.environ,
            "KEENEYE_STORE__URL": f"sqlite:///{folder}/keeneye.db",
            "KEENEYE_LIMITS__GRADE": "1000000 per minute",
        }
        token = subprocess.run(
            [sys.executable, "-m", "keeneye.cli", "token", "create", "bench", "--quiet"],
            env=env, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        start = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "keeneye.cli", "serve", "--host", "127.0.0.1", "--port", str(port),
             "--workers", str(workers)],
            env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            ready = _ready(port, start)
            _send(port, token, messages[:100])
            cpu = rspamd.cpu_seconds(server.pid)
            begun = time.perf_counter()
            threads = [threading.Thread(target=_send, args=(port, token, messages[i::clients])) for i in range(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            rate = len(messages) / (time.perf_counter() - begun)
            cpu = (rspamd.cpu_seconds(server.pid) - cpu) * 1000 / len(messages)
        finally:
            server.terminate()
            server.wait(20)
    print(f"  HTTP, {workers} workers: ready in {ready:.2f} s, {rate:.0f} messages/s, {cpu:.2f} ms CPU a message")
    return {"ready_s": ready, "per_second": rate, "cpu_ms": cpu}


def _ready(port: int, start: float) -> float:
    while time.perf_counter() - start < 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return time.perf_counter() - start
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not become ready")


def _send(port: int, token: str, messages: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "message/rfc822", "Authorization": f"Bearer {token}"}
    for message in messages:
        connection.request("POST", "/api/v1/grade", body=message, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the server answered {answer.status}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "../shared/corpus")
    parser.add_argument("--most", type=int, default=1500)
    parser.add_argument("--no-peer", action="store_true", help="leave rspamd out")
    parser.add_argument("--json", type=Path, help="write the figures there")
    args = parser.parse_args()
    messages = load_messages(args.corpus, args.most)
    start = time.perf_counter()
    grader = Grader(GraderSettings(geo_dir=GEO))
    built = time.perf_counter() - start
    result: dict[str, Any] = {"stages": stages(grader, messages), "build_s": built}
    print(f"\nWhole verdicts (a grader is built in {built:.2f} s)")
    result["processes"] = {jobs: processes(messages, jobs) for jobs in (1, 2)}
    result["http"] = over_http(messages)
    if not args.no_peer:
        peer = rspamd.cpu_per_message(messages)
        ours_ms = result["stages"]["whole grading"]["mean_us"] / 1000
        result["rspamd_cpu_ms"] = peer
        print(f"\nrspamd (rules, offline): {peer:.2f} ms CPU a message")
        print(f"grading: {ours_ms:.2f} ms, ratio {ours_ms / peer:.2f}")
    if args.json:
        args.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
