"""The command ``keeneye``: serve, grade, policies, tokens, pairing, geo tables, Outlook add-in, evaluation."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import orjson

from keeneye import __version__, admin, importing, train_cli, weblog_cli
from keeneye.console import opened_store, printable_name, settings_of, tenant_id, tenant_option
from keeneye.model import KeeneyeError
from keeneye.settings import Settings

EXIT_SOME_FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="keeneye")
@click.option(
    "--config", type=click.Path(dir_okay=False, path_type=Path), help="Settings file (default: keeneye.toml)."
)
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Grades sales inquiries: what one is worth, whether it is a trap, and why."""
    context.obj = config


# --------------------------------------------------------------------------- serve


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes.")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None, workers: int | None) -> None:
    """Run the server. The database is made or brought up to date first."""
    settings = settings_of(context, host=host, port=port, workers=workers)
    _metrics_folder(settings)
    from keeneye.api import serve as serving

    try:
        serving.serve(settings, lambda address: click.echo(f"Keeneye is ready: {address}"))
    except (KeeneyeError, OSError, ValueError) as error:
        raise click.ClickException(f"cannot start: {error}") from None


def _metrics_folder(settings: Settings) -> None:
    """An empty folder where the workers add up their counters; prometheus_client wants it before it is imported."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        return
    folder = settings.server.state_dir.absolute() / f"metrics-{settings.server.port}"
    try:
        shutil.rmtree(folder, ignore_errors=True)  # what a server that was killed left there
        folder.mkdir(parents=True)
    except OSError as error:
        raise click.ClickException(f"cannot start: {error}") from None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


# --------------------------------------------------------------------------- grade


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON verdict a line, with its path.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes (default: one for each core).")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Policy file.")
@click.option("--detail", type=click.Choice(["normal", "full"]), default="normal", help="full: all outcomes.")
@click.option("--language", default="en", help="Language of the texts: en, zh-CN, es.")
@click.pass_context
def grade(
    context: click.Context,
    paths: tuple[Path, ...],
    as_json: bool,
    jobs: int | None,
    policy: Path | None,
    detail: str,
    language: str,
) -> None:
    """Grade messages: files, folders, mbox, Maildir, or - for standard input.

    Ends with 0 when all were graded, 1 when some could not be (each is named on standard error), 2 on wrong usage.
    """
    from keeneye.batch import Failed, Job, grade_all, sources
    from keeneye.explain import negotiate
    from keeneye.pipeline import GraderSettings

    settings = settings_of(context)
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise click.BadParameter(f"{path} does not exist", param_hint="PATH")
    job = Job(
        settings=GraderSettings.of(settings, policy),
        max_bytes=settings.grading.max_body,
        cpu_seconds=settings.grading.cpu_seconds,
        as_json=as_json,
        detail=detail,
        language=negotiate(language),
        colour=not as_json and sys.stdout.isatty(),
    )
    found = list(sources(paths))
    failed = 0
    try:
        with _progress(len(found)) as advance:
            for result in grade_all(job, found, jobs or os.cpu_count() or 1):
                if isinstance(result, Failed):
                    failed += 1
                    click.echo(f"{result.path}: {result.detail} ({result.code})", err=True)
                else:
                    sys.stdout.buffer.write(result)
                advance()
        sys.stdout.buffer.flush()
    except KeeneyeError as error:
        raise click.ClickException(error.detail) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has enough; not an error
    if not found:
        click.echo("no messages found", err=True)
    if failed:
        context.exit(EXIT_SOME_FAILED)


class _progress:
    """A bar on standard error, on a terminal only."""

    def __init__(self, length: int) -> None:
        self._bar = None
        if sys.stderr.isatty() and length > 1:
            self._bar = click.progressbar(length=length, label="Grading", file=sys.stderr)

    def __enter__(self) -> Callable[[], None]:
        if self._bar is None:
            return lambda: None
        bar = self._bar.__enter__()
        return lambda: bar.update(1)

    def __exit__(self, *error: Any) -> None:
        if self._bar is not None:
            self._bar.__exit__(*error)


# --------------------------------------------------------------------------- policy


@main.group()
def policy() -> None:
    """Look at the policy: weights, types, thresholds, handling."""


@policy.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def policy_check(file: Path) -> None:
    """Whether a policy can be used; names the key or signal that is wrong."""
    made = _policy(file)
    click.echo(f"{file}: good, sha256 {made.sha256}")


@policy.command("show")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def policy_show(context: click.Context, file: Path | None) -> None:
    """The policy in force, defaults filled in, as JSON."""
    made = _policy(file or settings_of(context).grading.policy)
    click.echo(orjson.dumps(made.model_dump(mode="json"), option=orjson.OPT_INDENT_2).decode())


@policy.command("diff")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("against", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def policy_diff(file: Path, against: Path | None) -> None:
    """What FILE changes against the shipped policy (or another file): - old, + new."""
    new, old = (_flat(_policy(p).model_dump(mode="json")) for p in (file, against))
    for key in sorted(new.keys() | old.keys()):
        if new.get(key) == old.get(key):
            continue
        for sign, values in (("-", old), ("+", new)):
            if key in values:
                click.echo(f"{sign} {key} = {orjson.dumps(values[key]).decode()}")


def _policy(file: Path | None) -> Any:
    from keeneye import signals
    from keeneye.scorecard import Card, load_policy

    try:
        made = load_policy(file)
        Card(made, signals.load())
    except KeeneyeError as error:
        raise click.ClickException(error.detail) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    return made


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping) and value:
        return {
            k: v for name, inner in value.items() for k, v in _flat(inner, f"{path}.{name}" if path else name).items()
        }
    return {path: value}


# --------------------------------------------------------------------------- tokens and pairing


@main.group()
def token() -> None:
    """Tokens of clients. They are stored hashed; each is shown once."""


@token.command("create")
@click.argument("name")
@click.option("--expires", help="When it ends: a number of days such as 90d, or a date such as 2027-12-31 (UTC).")
@click.option("--quiet", is_flag=True, help="Print the token only.")
@tenant_option
@click.pass_context
def token_create(context: click.Context, name: str, expires: str | None, quiet: bool, tenant: str | None) -> None:
    """Make a token and print it."""
    until = None if expires is None else _moment(expires)
    from keeneye.store import NameTaken

    with opened_store(context) as store:
        try:
            click.echo(store.create_token(printable_name(name), until, tenant_id(store, tenant)))
        except NameTaken:
            raise click.ClickException(f"there is a token named {name} already") from None
    if not quiet:
        click.echo("Keep it: it is stored hashed and cannot be shown again.", err=True)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@tenant_option
@click.pass_context
def token_list(context: click.Context, as_json: bool, tenant: str | None) -> None:
    """Names, dates and state of all tokens."""
    with opened_store(context) as store:
        tokens = store.list_tokens(tenant_id(store, tenant))
    if as_json:
        click.echo(orjson.dumps([dataclasses.asdict(t) for t in tokens]).decode())
        return
    for one in tokens:
        state = "in force"
        if one.revoked_at is not None:
            state = f"revoked {_day(one.revoked_at)}"
        elif one.expires_at is not None:
            state = f"{'expired' if one.expires_at <= time.time() else 'expires'} {_day(one.expires_at)}"
        click.echo(f"{one.name}\tmade {_day(one.created_at)}\t{state}")


@token.command("revoke")
@click.argument("name")
@tenant_option
@click.pass_context
def token_revoke(context: click.Context, name: str, tenant: str | None) -> None:
    """End a token now."""
    with opened_store(context) as store:
        if not store.revoke_token(name, tenant_id(store, tenant)):
            raise click.ClickException(f"no token named {name} is in force")
    click.echo(f"revoked {name}")


@main.command()
@click.argument("name")
@tenant_option
@click.pass_context
def pair(context: click.Context, name: str, tenant: str | None) -> None:
    """Print a one-time code, good for ten minutes, that a mail client exchanges for a token named NAME."""
    from keeneye.store import NameTaken

    with opened_store(context) as store:
        try:
            click.echo(store.create_pairing_code(printable_name(name), tenant_id=tenant_id(store, tenant)))
            click.echo("Type it into the mail client within ten minutes; it works once.", err=True)
        except NameTaken:
            raise click.ClickException(f"there is a token named {name} already") from None


def _moment(text: str) -> int:
    """UTC seconds since 1970 of ``90d`` from now or of a date's end."""
    now = datetime.now(UTC)
    try:
        if text.endswith("d"):
            until = now + timedelta(days=int(text[:-1]))
        else:
            until = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            "a number of days such as 90d, or a date such as 2027-12-31", param_hint="--expires"
        ) from None
    if until <= now:
        raise click.BadParameter("lies in the past", param_hint="--expires")
    return int(until.timestamp())


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


# --------------------------------------------------------------------------- what the firm brings


@main.group("import")
def import_() -> None:
    """Bring in what the firm knows itself."""


# --------------------------------------------------------------------------- tables, evaluation


@main.group()
def geo() -> None:
    """Tables that say where an address is."""


@geo.command("update")
@click.pass_context
def geo_update(context: click.Context) -> None:
    """Bring the free tables into the state folder. A running server takes them up by itself."""
    from keeneye.lookups.build_geo import BuildError, build

    folder = settings_of(context).geo_dir
    try:
        news = build(folder)
    except (BuildError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{folder}: {'updated' if news else 'already there'}")


@main.group()
def addin() -> None:
    """The add-in for Outlook, which this server serves at /addin/."""


@addin.command("manifest")
@click.option("--url", required=True, help="Address at which Outlook reaches this server: https://host")
@click.option("--format", "kind", type=click.Choice(["xml", "json"]), default="xml", help="json: unified manifest.")
@click.option("--on-premises", is_flag=True, help="xml for Exchange Server: without what it refuses.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; with --format json, NAME.zip is the package with languages and icons.",
)
def addin_manifest(url: str, kind: str, on_premises: bool, out: Path | None) -> None:
    """Write the file that the administrator uploads to Microsoft 365 or Exchange."""
    from keeneye import addin as made

    if kind == "json" and on_premises:
        raise click.UsageError("Exchange Server takes --format xml only")
    packed = out is not None and out.suffix == ".zip"
    if kind == "xml" and packed:
        raise click.UsageError("a .zip is made of --format json only")
    try:
        address = made.Address.parse(url)
    except made.AddressError as error:
        raise click.BadParameter(str(error), param_hint="--url") from None
    if kind == "xml":
        body = made.as_xml(address, premises=on_premises)
    else:
        body = made.as_package(address) if packed else made.as_json(address)
    if out is None:
        click.echo(body, nl=False)
        return
    try:
        out.write_bytes(body)
    except OSError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{out}: for {address.url}, id {address.addin_id}", err=True)


@main.command("eval")
@click.option(
    "--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of labelled mail."
)
@click.option("--feedback", is_flag=True, help="Instead: what readers said of their own mail, against its verdicts.")
@tenant_option
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Policy file.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes (default: one for each core).")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write figures and rows as JSON.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with plots.")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An earlier --out.")
@click.pass_context
def evaluate(
    context: click.Context,
    corpus: Path | None,
    feedback: bool,
    tenant: str | None,
    policy: Path | None,
    jobs: int | None,
    out: Path | None,
    page: Path | None,
    against: Path | None,
) -> None:
    """Measure the judgement on labelled mail."""
    if feedback:
        _evaluate_feedback(context, tenant, out)
        return
    if corpus is None:
        raise click.UsageError("give --corpus or --feedback")
    from keeneye import evaluation
    from keeneye.pipeline import GraderSettings

    settings = GraderSettings.of(settings_of(context), policy)
    try:
        context.exit(evaluation.main(corpus, settings, jobs or os.cpu_count() or 1, out, page, against))
    except KeeneyeError as error:
        raise click.ClickException(error.detail) from None


def _evaluate_feedback(context: click.Context, tenant: str | None, out: Path | None) -> None:
    from keeneye.evaluation import feedback as readers

    with opened_store(context) as store:
        rows = [
            readers.Labelled(
                label,
                verdict["category"],
                verdict["banner"],
                verdict["risk"],
                tuple(f["id"] for f in verdict["findings"] if f["outcome"] == "hit" and f["points"] < 0),
            )
            for label, _, verdict in store.labelled(tenant_id(store, tenant))
        ]
    if not rows:
        raise click.ClickException("no message has been labelled yet")
    click.echo(readers.text(rows))
    if out is not None:
        out.write_bytes(orjson.dumps(readers.figures(rows), option=orjson.OPT_INDENT_2))


# Commands of other modules. What they work with is imported when they run, so that --help stays quick.
main.add_command(admin.tenant)
main.add_command(admin.backup)
main.add_command(admin.restore)
main.add_command(admin.person)
main.add_command(train_cli.train)
for _command in importing.COMMANDS:
    import_.add_command(_command)
import_.add_command(weblog_cli.weblog)
main.add_command(weblog_cli.visits)


if __name__ == "__main__":
    main()
