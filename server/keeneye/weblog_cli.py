"""The command ``keeneye import weblog``."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from keeneye.console import opened_store, settings_of, tenant_id, tenant_option
from keeneye.settings import Settings

if TYPE_CHECKING:
    from keeneye.weblog.importing import Report
    from keeneye.weblog.sessions import Rules

EXIT_SOME_FAILED = 1


@click.command("weblog")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["auto", "combined", "cloudfront", "w3c"]),
    default="auto",
    help="Format of the lines (default: told by the content).",
)
@click.option("--follow", is_flag=True, help="Go on with what the server writes, across rotation, until stopped.")
@tenant_option
@click.pass_context
def weblog(
    context: click.Context,
    paths: tuple[Path, ...],
    kind: Literal["auto", "combined", "cloudfront", "w3c"],
    follow: bool,
    tenant: str | None,
) -> None:
    """Read access logs of your website: which senders looked at which products before they wrote.

    Files and folders, packed (.gz, .bz2, .xz) or not. What was read before is not counted again, also when the log was
    renamed or packed. Addresses are stored as keyed hashes only.
    """
    from keeneye.store import StoreUnavailable
    from keeneye.store.visits import DAY, Book
    from keeneye.weblog.importing import Importer
    from keeneye.weblog.sessions import Sessions

    settings = settings_of(context)
    files = list(_files(paths))
    if follow and any(p.is_dir() for p in paths):
        raise click.UsageError("--follow takes files, not folders")
    with opened_store(context) as store:
        oldest = int(time.time()) - settings.weblog.keep_days * DAY
        book = Book(store.writing, store.secret, tenant_id(store, tenant), oldest)
        began = time.monotonic()
        with _Bar(files, follow) as bar:
            importer = Importer(
                Sessions(_rules(settings)), book, None if kind == "auto" else kind, progress=bar.reached
            )
            try:
                if follow:
                    importer.follow(files, _until_stopped(), broken=(StoreUnavailable,))
                else:
                    importer.read(files)
            except StoreUnavailable as error:
                raise click.ClickException(f"the visits could not be stored ({error}); import again") from None
        _tell(importer.report, importer.sessions.kept, importer.sessions.dropped, time.monotonic() - began)
    if importer.report.failed:
        context.exit(EXIT_SOME_FAILED)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # Names of rotated logs sort in either direction; the order of writing is what visits need.
            yield from sorted((p for p in path.rglob("*") if p.is_file()), key=lambda p: (p.stat().st_mtime, p.name))
        else:
            yield path


def _rules(settings: Settings) -> Rules:
    from keeneye.model import KeeneyeError
    from keeneye.scorecard import load_policy
    from keeneye.weblog.sessions import Rules

    try:
        domains = load_policy(settings.grading.policy).ours.domains
    except KeeneyeError as error:
        raise click.ClickException(error.detail) from None
    asked = settings.weblog
    return Rules(asked.product_paths, asked.own_networks, asked.proxies, (*asked.hosts, *domains))


def _until_stopped() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo("following; stop with Ctrl-C", err=True)
    return stop


class _Bar:
    """A bar on standard error, on a terminal only: by bytes of the files."""

    def __init__(self, files: Sequence[Path], follow: bool) -> None:
        self._bar: Any = None
        self._done: dict[Path, int] = {}
        if sys.stderr.isatty() and not follow:
            length = sum(f.stat().st_size for f in files)
            self._bar = click.progressbar(length=length, label="Reading", file=sys.stderr)

    def __enter__(self) -> _Bar:
        if self._bar is not None:
            self._bar.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._bar is not None:
            self._bar.__exit__(*error)

    def reached(self, path: Path, done: int) -> None:
        if self._bar is not None:
            self._bar.update(done - self._done.get(path, 0))
        self._done[path] = done


REASONS = {
    "bot": "by bots",
    "probe": "by scanners",
    "own": "from your own or private addresses",
    "asset": "for pictures, styles and scripts",
    "status": "answered with an error or redirection",
    "method": "with another method than GET and POST",
}


def _tell(report: Report, kept: int, dropped: Counter[str], seconds: float) -> None:
    rate = f", {report.lines / seconds:,.0f} lines a second" if seconds > 1 else ""
    click.echo(f"{report.lines} new lines in {seconds:.1f} s{rate}")
    click.echo(f"{kept} pages seen in {report.visits} visits or parts of visits")
    for reason, count in dropped.most_common():
        click.echo(f"left out: {count} requests {REASONS[reason]}")
    for path, numbers in report.bad.items():
        click.echo(f"{path}: lines that could not be read: {', '.join(map(str, numbers))}{' …' * (len(numbers) > 9)}")
    if report.bad_lines:
        click.echo(f"{report.bad_lines} lines could not be read")
    for path, reason in report.failed.items():
        click.echo(f"{path}: {reason}", err=True)


@click.group()
def visits() -> None:
    """What is kept of visits to your website."""


@visits.command("erase")
@click.argument("ip", metavar="IP")
@tenant_option
@click.pass_context
def visits_erase(context: click.Context, ip: str, tenant: str | None) -> None:
    """Remove the visits of one address."""
    from keeneye.store.visits import erase

    with opened_store(context) as store:
        try:
            with store.writing() as connection:
                count = erase(connection, tenant_id(store, tenant), store.secret, ip)
        except ValueError:
            raise click.BadParameter("not an IP address", param_hint="IP") from None
    click.echo(f"removed {count} visits")
