"""The registry of signals. The folder is scanned: a new signal is one function in one file here.

A signal answers one true/false question about the Facts and gives the evidence. It sees nothing but
the Facts: no network, files, clock or chance.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar, get_args

from keeneye.model import EMPTY, Answer, Category, Effect, Evidence, Facts, Outcome

Check = Callable[[Facts], Answer]
T = TypeVar("T")

MISS = Answer(Outcome.MISS)
NOT_APPLICABLE = Answer(Outcome.NOT_APPLICABLE)
UNKNOWN = Answer(Outcome.UNKNOWN)
HEADLINE_MOST = 60
_ID = re.compile(r"[a-z]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADINGS = ("Hit when", "Why:", "Example:", "Not a hit:")


def hit(
    *evidence: Evidence | tuple[Evidence, ...],
    values: Mapping[str, str | int | float] = EMPTY,
    strength: float = 1.0,
) -> Answer:
    """A HIT with its evidence; tuples of evidence are joined. Raises ValueError without any."""
    flat = tuple(e for item in evidence for e in (item if isinstance(item, tuple) else (item,)))
    if not flat:
        raise ValueError("a hit needs evidence")
    return Answer(Outcome.HIT, flat, values, strength)


def said(facts: Facts, *tags: str) -> Answer:
    """HIT when one of the phrase tags stands in the subject or the writer's own words, else MISS."""
    found = facts.says(*tags)
    return hit(found) if found else MISS


def once(question: Callable[[Facts], T]) -> Callable[[Facts], T]:
    """A question that many signals ask: answered once a message."""

    @wraps(question)
    def asked(facts: Facts) -> T:
        memo = facts.memo
        if question not in memo:
            memo[question] = question(facts)
        answer: T = memo[question]
        return answer

    return asked


@dataclass(frozen=True, slots=True)
class Signal:
    """A declared signal.

    ``weight``: default points, negative speaks against the message, positive for it.
    ``type``: ``category`` or ``category/subcategory`` that a hit speaks for; its votes are the points.
    ``title``, ``text``, ``headline``, ``unknown``: English sentences; ``{placeholders}`` come from the
    answer's values, and ``{quote}`` is the first evidence. ``{…country}`` takes an ISO code and ``{…_word}`` a key of
    the table ``words``: both are shown in the reader's language. Other languages: ``explain/messages``.
    """

    id: str
    family: str
    check: Check
    effect: Effect
    weight: float
    title: str
    text: str
    headline: str
    unknown: str
    type: str | None
    source: str
    doc: str


class Registry(dict[str, Signal]):
    """Signals by id. Refuses a second use of an id, a bad id, a missing docstring or source."""

    def add(self, item: Signal) -> None:
        if item.id in self:
            raise ValueError(f"signal id used twice: {item.id}")
        if not _ID.fullmatch(item.id):
            raise ValueError(f"signal id is not <file>.<name>: {item.id}")
        if not item.source:
            raise ValueError(f"signal without a source: {item.id}")
        if len(item.headline) > HEADLINE_MOST:
            raise ValueError(f"headline of {item.id} is over {HEADLINE_MOST} characters")
        missing = [h for h in _HEADINGS if h not in item.doc]
        if missing:
            raise ValueError(f"docstring of {item.id} lacks {', '.join(missing)}")
        if item.type is not None and item.type.split("/")[0] not in get_args(Category):
            raise ValueError(f"signal {item.id} speaks for an unknown type: {item.type}")
        self[item.id] = item


REGISTRY = Registry()


def signal(
    id: str,
    *,
    title: str,
    weight: float,
    source: str,
    text: str = "",
    headline: str = "",
    unknown: str = "",
    effect: Effect = Effect.RISK,
    type: str | None = None,
) -> Callable[[Check], Check]:
    """Declare the function below as a signal; see ``Signal`` for the arguments. Raises ValueError."""

    def declare(check: Check) -> Check:
        family = id.split(".")[0]
        if check.__module__.startswith(__name__) and family_of(check.__module__) != family:
            raise ValueError(f"signal {id} stands in {check.__module__}")
        REGISTRY.add(
            Signal(
                id=id,
                family=family,
                check=check,
                effect=effect,
                weight=weight,
                title=title,
                text=text,
                headline=headline or (title if len(title) <= HEADLINE_MOST else ""),
                unknown=unknown,
                type=type,
                source=source,
                doc=check.__doc__ or "",
            )
        )
        return check

    return declare


def load() -> Registry:
    """Import every file of this folder and return the filled registry."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    families = {item.family for item in REGISTRY.values()}
    for module in pkgutil.iter_modules(__path__):
        if module.name.replace("_", "-") not in families:
            raise ValueError(f"signals/{module.name} declares no signal")
    return REGISTRY


def family_of(module: str) -> str:
    """The family whose signals stand in a module; a family may be a folder, as ``signals.request.goods``."""
    return module.removeprefix(f"{__name__}.").split(".")[0].replace("_", "-")


def run(
    facts: Facts, signals: Mapping[str, Signal], failed: Callable[[str, Exception], None] | None = None
) -> list[tuple[Signal, Answer]]:
    """Ask every signal once, in the order of the registry.

    With ``failed``, a signal that raises answers UNKNOWN and its id and error are handed over, so that one defect
    does not cost the reader the verdict; without, the error is raised.
    """
    answers: list[tuple[Signal, Answer]] = []
    for item in signals.values():
        try:
            answer = item.check(facts)
        except Exception as error:
            if failed is None:
                raise
            failed(item.id, error)
            answer = UNKNOWN
        answers.append((item, answer))
    return answers
