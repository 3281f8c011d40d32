"""Milliseconds from a message being readable to its graded badge having its place, in Roundcube and SOGo.

``python tests/clients/bench.py [--rounds N]``; part of ``make bench``. Every message is graded afresh; nothing comes
from the cache. What the client itself needs until the message is readable is not counted; a badge that is there by
then took 0 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import build, chromium, configure, verdict, worker
from machine import PASSWORD, USER, dovecot, keeneye, packages, roundcube, sogo
from messages import LARGE, messages, uid
from playwright.sync_api import BrowserContext, Page

# The waiting badge is 220 px wide; any other, or a fixed width, is a verdict. Runs in the page's own world.
# ``frame`` names the frame that shows the message, ``address`` a part of the right message's address; the badge stands
# ``within`` an element, and marks of the list elsewhere.
CLOCK = """([text, frame, address, within]) => new Promise(done => {
  let readable = null;
  const end = performance.now() + 10000;
  const look = () => {
    const page = frame ? document.querySelector(frame)?.contentDocument : document;
    const body = page?.URL.includes(address) ? page.querySelector(text) : null;
    const now = performance.now();
    if (readable === null && body && body.getBoundingClientRect().height > 0) readable = now;
    const badge = page?.querySelector(`${within} [data-keeneye=inline]`);
    const width = badge?.getBoundingClientRect().width ?? 0;
    const graded = width > 0 && (Math.abs(width - 220) > 1 || badge.style.width !== 'auto');
    if (readable !== null && graded) return done(now - readable);
    if (now > end) return done(null);
    setTimeout(look, 4);
  };
  look();
})"""


def forget(context: BrowserContext) -> None:
    worker(context).evaluate("() => chrome.storage.session.clear()")


def log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("#rcmloginuser", USER)
    page.fill("#rcmloginpwd", PASSWORD)
    page.press("#rcmloginpwd", "Enter")
    page.wait_for_selector("#messagelist tr.message")


def names(rounds: int) -> list[str]:
    return [name for name in messages() if name != LARGE] * rounds


def preview_times(context: BrowserContext, page: Page, address: str, rounds: int) -> list[float | None]:
    log_in(page, address)
    times = []
    for name in names(rounds):
        forget(context)
        page.wait_for_timeout(300)  # a reader's pause: the last message is drawn to its end
        asked = ["#messagebody", "#messagecontframe", f"_uid={uid(name)}&", "#message-header"]
        page.evaluate(f"asked => {{ window.clock = ({CLOCK})(asked) }}", asked)
        page.click(f"#messagelist td.subject a[href*='_uid={uid(name)}&']")
        times.append(page.evaluate("() => window.clock"))
    return times


def double_times(context: BrowserContext, page: Page, address: str, rounds: int) -> list[float | None]:
    times = []
    log_in(page, address)
    for name in names(rounds):
        page.goto(f"{address}?_task=mail&_mbox=INBOX")
        page.wait_for_selector("#messagelist tr.message")
        forget(context)
        page.dblclick(f"#messagelist td.subject a[href*='_uid={uid(name)}&']")
        page.wait_for_url("**_action=show**", wait_until="commit")
        times.append(page.evaluate(CLOCK, ["#messagebody", "", f"_uid={uid(name)}&", "#message-header"]))
    return times


def full_times(context: BrowserContext, page: Page, address: str, rounds: int) -> list[float | None]:
    log_in(page, address)
    times = []
    for name in names(rounds):
        forget(context)
        page.goto(f"{address}?_task=mail&_action=show&_uid={uid(name)}&_mbox=INBOX", wait_until="commit")
        times.append(page.evaluate(CLOCK, ["#messagebody", "", f"_uid={uid(name)}&", "#message-header"]))
    return times


def sogo_times(context: BrowserContext, page: Page, address: str, rounds: int) -> list[float | None]:
    page.goto(address)
    page.fill("input[name=username], #input_1", USER)
    page.fill("input[type=password]", PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_selector(".sg-message-list-item")
    times = []
    for name in names(rounds):
        forget(context)
        page.evaluate("() => { location.hash = '#!/Mail/0/INBOX' }")
        page.wait_for_selector("#detailView md-card", state="detached")
        page.wait_for_selector("#detailView [data-keeneye=inline]", state="detached")
        page.evaluate("uid => { location.hash = '#!/Mail/0/INBOX/' + uid }", uid(name))
        times.append(page.evaluate(CLOCK, [".sg-mail-part", "", f"/{uid(name)}", "#detailView"]))
    return times


CLIENTS = (
    ("Roundcube, preview", roundcube, preview_times),
    ("Roundcube, full view", roundcube, double_times),
    ("Roundcube, by address", roundcube, full_times),
    ("SOGo", sogo, sogo_times),
)


def report(client: str, times: list[float | None]) -> None:
    seen = [time for time in times if time is not None]
    cuts = statistics.quantiles(seen, n=20, method="inclusive")
    none = f"  {len(times) - len(seen)} without a badge" if len(seen) < len(times) else ""
    sys.stdout.write(
        f"readable to badge, {client:21} {len(times)} messages  p50 {statistics.median(seen):4.0f} ms  "
        f"p95 {cuts[18]:4.0f} ms  max {max(seen):4.0f} ms  (aim: p95 100 ms){none}\n"
    )
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="times that each message is opened")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="keeneye-bench-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        base.chmod(0o755)
        made = build(base / "extension", "http://127.0.0.1/*")
        packages("chromium")
        with dovecot(base, messages()) as mailbox, keeneye(base) as server:
            token = server.command("token", "create", "bench", "--quiet")
            for name in names(1):
                verdict(server, token, mailbox.stored(name))  # a server that has just started is slower
            for n, (client, start, measure) in enumerate(CLIENTS):
                own = base / str(n)
                own.mkdir()
                with start(own, mailbox) as address, chromium(made, own / "profile") as context:
                    configure(context, server=server.url, token=token, language="en")
                    report(client, measure(context, context.new_page(), address, rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
