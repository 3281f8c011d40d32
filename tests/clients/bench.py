"""Milliseconds from a message being readable to its graded badge having its place, in Roundcube and SOGo.

``python tests/clients/bench.py [--rounds N]``. Every message is graded afresh; nothing comes from the cache.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import build, chromium, configure, worker
from machine import PASSWORD, USER, dovecot, keeneye, roundcube, sogo
from messages import LARGE, messages, uid
from playwright.sync_api import BrowserContext, Page

# The waiting badge is 150 px wide at least and holds dots; any other width is a verdict. Runs in the page's own world.
CLOCK = """([text, wait]) => new Promise(done => {
  let readable = null;
  const end = performance.now() + wait;
  const look = () => {
    const body = document.querySelector(text);
    const now = performance.now();
    if (readable === null && body && body.getBoundingClientRect().height > 0) readable = now;
    const badge = document.querySelector("[data-keeneye=inline]");
    const width = badge?.getBoundingClientRect().width ?? 0;
    if (readable !== null && width > 0 && Math.abs(width - 150) > 1) return done(now - readable);
    if (now > end) return done(null);
    setTimeout(look, 4);
  };
  look();
})"""


def forget(context: BrowserContext) -> None:
    worker(context).evaluate("() => chrome.storage.session.clear()")


def roundcube_times(context: BrowserContext, page: Page, address: str, rounds: int) -> list[float]:
    page.goto(address)
    page.fill("#rcmloginuser", USER)
    page.fill("#rcmloginpwd", PASSWORD)
    page.press("#rcmloginpwd", "Enter")
    page.wait_for_selector("#messagelist tr.message")
    times = []
    for name in [n for n in messages() if n != LARGE] * rounds:
        forget(context)
        page.goto(f"{address}?_task=mail&_action=show&_uid={uid(name)}&_mbox=INBOX", wait_until="commit")
        times.append(page.evaluate(CLOCK, ["#messagebody", 10000]))
    return [t for t in times if t is not None]


def sogo_times(context: BrowserContext, page: Page, address: str, rounds: int) -> list[float]:
    page.goto(address)
    page.fill("input[name=username], #input_1", USER)
    page.fill("input[type=password]", PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_selector(".sg-message-list-item")
    times = []
    for name in [n for n in messages() if n != LARGE] * rounds:
        forget(context)
        page.evaluate("() => { location.hash = '#!/Mail/0/INBOX' }")
        page.wait_for_selector("#detailView md-card", state="detached")
        page.wait_for_selector("[data-keeneye]", state="detached")
        page.evaluate("uid => { location.hash = '#!/Mail/0/INBOX/' + uid }", uid(name))
        times.append(page.evaluate(CLOCK, [".sg-mail-part", 10000]))
    return [t for t in times if t is not None]


def report(client: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    sys.stdout.write(
        f"{client:10} {len(times)} messages  p50 {statistics.median(times):.0f} ms  p95 {cuts[18]:.0f} ms  "
        f"max {max(times):.0f} ms\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="times that each message is opened")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="keeneye-bench-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        base.chmod(0o755)
        made = build(base / "extension", "http://127.0.0.1/*")
        with dovecot(base, messages()) as mailbox, keeneye(base) as server:
            token = server.command("token", "create", "bench", "--quiet")
            for client, start, measure in (("Roundcube", roundcube, roundcube_times), ("SOGo", sogo, sogo_times)):
                with start(base, mailbox) as address, chromium(made, base / f"profile-{client}") as context:
                    configure(context, server=server.url, token=token, language="en")
                    page = context.new_page()
                    report(client, measure(context, page, address, rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
