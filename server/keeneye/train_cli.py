"""The command ``keeneye train``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keeneye.console import opened_store, settings_of, tenant_id, tenant_option

if TYPE_CHECKING:
    from keeneye.evaluation.training import Example
    from keeneye.scorecard import Card
    from keeneye.settings import Settings


@click.command("train")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Policy file to write; without it nothing is written.",
)
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of labelled mail to learn from besides, as for eval.",
)
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Policy to begin with (default: the one in force).",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes (default: one for each core).")
@tenant_option
@click.pass_context
def train(
    context: click.Context,
    out: Path | None,
    corpus: Path | None,
    policy: Path | None,
    jobs: int | None,
    tenant: str | None,
) -> None:
    """Fit the weights of signals to the labels that your readers gave, and say what that would change.

    Needs no message, only the stored findings. Nothing changes until grading.policy names the file that --out wrote.
    """
    from keeneye import signals
    from keeneye.evaluation import training
    from keeneye.model import KeeneyeError
    from keeneye.scorecard import Card, load_policy

    settings = settings_of(context)
    policy = policy or settings.grading.policy
    try:
        card = Card(load_policy(policy), signals.load())
        examples = list(_of_readers(context, card, tenant))
        if corpus is not None:
            examples += _of_folder(corpus, settings, policy, card, jobs or os.cpu_count() or 1)
        result = training.train(examples, card.policy, signals.load())
        click.echo(training.text(result))
        if out is None:
            return
        if not result.better:
            raise click.ClickException(
                f"{out} was not written: mail that was not learned from is not told apart better"
            )
        before = policy.read_text(encoding="utf-8") if policy is not None else ""
        out.write_text(training.overlay(before, result.weights), encoding="utf-8")
    except KeeneyeError as error:
        raise click.ClickException(error.detail) from None
    except OSError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f'{out}: look at it with "keeneye policy diff {out}"; grading.policy = "{out}" switches it on', err=True)


def _of_readers(context: click.Context, card: Card, tenant: str | None) -> Iterator[Example]:
    from keeneye import signals
    from keeneye.evaluation import training
    from keeneye.scorecard import Card, load_policy

    shipped = Card(load_policy(), signals.load())
    known = {each.sha256: each.weights for each in (shipped, card)}
    with opened_store(context) as store:
        for label, sender, verdict in store.labelled(tenant_id(store, tenant)):
            yield training.of_reader(label, sender, verdict, known)


def _of_folder(corpus: Path, settings: Settings, policy: Path | None, card: Card, jobs: int) -> Iterator[Example]:
    from keeneye import evaluation
    from keeneye.evaluation import training
    from keeneye.pipeline import GraderSettings

    rows, failed = evaluation.evaluate(corpus, GraderSettings.of(settings, policy), jobs)
    for each in failed:
        click.echo(each, err=True)
    return (training.of_folder(row, card.weights) for row in rows)
