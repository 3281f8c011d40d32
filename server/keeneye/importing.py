"""The commands ``keeneye import customers|products|partners``."""

from __future__ import annotations

import tomllib
from typing import Any

import click

from keeneye.console import opened_store, settings_of, tenant_id, tenant_option
from keeneye.model import KeeneyeError

EXIT_SOME_REFUSED = 1


def _command(kind: str, help_text: str) -> click.Command:
    """The command for one kind of entries."""

    @click.command(kind, help=help_text)
    @click.argument("file", type=click.File("rb"))
    @tenant_option
    @click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
    @click.option("--replace", "replace_all", is_flag=True, help="Remove entries that the file does not have.")
    @click.option("--strict", is_flag=True, help="Take nothing when one row is wrong (--replace does so too).")
    @click.pass_context
    def bring_in(
        context: click.Context, file: Any, tenant: str | None, dry_run: bool, replace_all: bool, strict: bool
    ) -> None:
        _bring_in(context, kind, file.read(), tenant, dry_run, replace_all, strict)

    return bring_in


def _bring_in(
    context: click.Context,
    kind: str,
    content: bytes,
    tenant: str | None,
    dry_run: bool,
    replace_all: bool,
    strict: bool,
) -> None:
    from keeneye import imports
    from keeneye.lookups.domains import Domains
    from keeneye.scorecard import load_policy

    try:
        ours = load_policy(settings_of(context).grading.policy).ours.domains
        parsed = imports.parse_csv(kind, content)
    except (imports.Unreadable, KeeneyeError, OSError, tomllib.TOMLDecodeError) as error:
        raise click.ClickException(str(error)) from None
    with opened_store(context) as store:
        done = imports.bring(
            store,
            tenant_id(store, tenant),
            kind,
            parsed,
            imports.own_domain(Domains().firms_own, ours),
            replace_all=replace_all,
            strict=strict,
            dry_run=dry_run,
        )
    if parsed.unused:
        click.echo(f"columns not used: {', '.join(parsed.unused)}", err=True)
    for row in done.refused:
        click.echo(f"row {row.row}: refused: {row.reason}", err=True)
    for row in done.notes:
        click.echo(f"row {row.row}: {row.reason}", err=True)
    if (strict or replace_all) and not parsed.entries:
        raise click.ClickException("no row can be taken; nothing was changed")
    if (strict or replace_all) and done.refused:
        raise click.ClickException(f"{len(done.refused)} rows are wrong; nothing was changed")
    click.echo(
        f"{kind}: {done.added} added, {done.changed} changed, {done.same} as before, {done.removed} removed, "
        f"{len(done.refused)} refused" + (" (nothing was written)" if dry_run else "")
    )
    if done.refused:
        context.exit(EXIT_SOME_REFUSED)


COMMANDS: tuple[click.Command, ...] = tuple(
    _command(kind, text)
    for kind, text in {
        "customers": "Bring in the list of customers from a CSV FILE (- for standard input).",
        "products": "Bring in the catalogue of products from a CSV FILE (- for standard input).",
        "partners": "Bring in known partners (suppliers, forwarders, banks) from a CSV FILE (- for standard input).",
    }.items()
)
