"""From payload to verdict: the one module that knows every stage."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from keeneye import __version__, mail, signals
from keeneye import facts as facts_stage
from keeneye.explain import Explainer
from keeneye.facts.domains import ours as is_ours
from keeneye.lookups import Lookups
from keeneye.model import (
    About,
    Answers,
    Evidence,
    Finding,
    Firm,
    Graded,
    History,
    Mail,
    Outcome,
    Payload,
)
from keeneye.scorecard import Card, load_policy
from keeneye.view import facts_json, message_json

if TYPE_CHECKING:
    from keeneye.settings import Settings

log = logging.getLogger(__name__)


class Memory(Protocol):
    """What the firm already knows (``keeneye.store.memory``): its own data, then what it has seen of a message."""

    def firm(self, firm: Firm) -> Firm: ...
    def recall(self, about: About) -> History: ...


@dataclass(frozen=True, slots=True)
class GraderSettings:
    """Where the tables and the policy are. ``geo_dir`` holds the geo databases."""

    geo_dir: Path
    policy: Path | None = None
    city_db: Path | None = None
    asn_db: Path | None = None

    @classmethod
    def of(cls, settings: Settings, policy: Path | None = None) -> GraderSettings:
        """What the program's settings say. ``policy``: instead of theirs."""
        return cls(
            geo_dir=settings.geo_dir,
            policy=policy or settings.grading.policy,
            city_db=settings.geo.city_db,
            asn_db=settings.geo.asn_db,
        )


class Grader:
    """Grades messages. Build once per process: tables, patterns and policy are made ready here."""

    def __init__(self, settings: GraderSettings, limits: mail.Limits | None = None) -> None:
        """Raises KeeneyeError when the policy is invalid."""
        self.limits = limits or mail.Limits()
        self.registry = signals.load()
        self.policy = load_policy(settings.policy)
        self.card = Card(self.policy, self.registry)
        self.active = {i: self.registry[i] for i in self.card.active}
        self.firm = self.policy.ours.firm()
        self.lookups = Lookups(
            settings.geo_dir, city_db=settings.city_db, asn_db=settings.asn_db, partners=self.firm.partners
        )
        self.explainer = Explainer(self.registry, self.policy)

    def grade(self, payload: Payload, now: datetime | None = None, memory: Memory | None = None) -> Graded:
        """Grade one message, with what the firm already knows. Raises KeeneyeError when nothing can be read.

        A signal that raises is left UNKNOWN, named in ``Graded.broken`` and logged without the message's words.
        """
        start = time.perf_counter()
        read = mail.read(payload, limits=self.limits)
        firm = ours(self.firm, read)
        if memory is not None:
            firm = memory.firm(firm)
        answers = self.lookups.answer(read, firm, now or datetime.now(UTC))
        if memory is not None:
            answers = replace(answers, history=memory.recall(about(read, firm, answers)))
        facts = facts_stage.draw(read, answers, firm)
        broken: list[str] = []

        def failed(signal: str, error: Exception) -> None:
            from keeneye.logs import where

            broken.append(signal)
            # The template alone reaches the log (see keeneye.logs), and the error's own words may quote the message.
            log.error(f"signal.failed {signal} {type(error).__name__} {where(error, 1)}")

        findings = self.card.findings(signals.run(facts, self.active, failed), facts)
        score = self.card.score(findings, facts)
        return Graded(read, facts, findings, score, round((time.perf_counter() - start) * 1000, 2), tuple(broken))

    def verdict(
        self, graded: Graded, language: str = "en", detail: str = "normal", include_message: bool = False
    ) -> dict[str, Any]:
        """The JSON verdict of the contract, in the reader's language (en, zh-CN, es)."""
        score, facts = graded.score, graded.facts
        shown = graded.findings
        if detail != "full":
            hit, unknown = Outcome.HIT, Outcome.UNKNOWN  # an enumeration is slow to ask for each of some 300 findings
            shown = tuple(f for f in shown if f.outcome is hit or f.outcome is unknown)
        told = self.explainer.explain(shown, score, facts, language)
        verdict: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "message_id": graded.mail.message_id,
            "engine": __version__,
            "policy": self.card.sha256,
            "graded_at": facts.answers.now.isoformat().replace("+00:00", "Z"),
            "ms": graded.ms,
            "category": score.category,
            "subcategory": score.subcategory,
            "grade": score.grade,
            "stars": score.stars,
            "level": score.level,
            "level_reason": told.level_reason,
            "level_because": list(score.level_because),
            "risk": score.risk,
            "quality": score.quality,
            "coverage": score.coverage,
            "banner": score.banner,
            "headline": told.headline,
            "action": told.action,
            "language": told.language,
            "labels": dict(told.labels),
            "findings": [_finding_json(f, told.texts[f.id]) for f in shown],
            "reasons": list(score.reasons),
            "otherwise": [{"category": c, "finding": i} for c, i in score.otherwise],
            "facts": facts_json(facts),
            "missing": list(told.missing),
            "advice": {
                "handling": list(told.handling),
                "questions": list(told.questions),
                "questions_to_buyer": {"language": told.buyer_language, "questions": list(told.buyer_questions)},
                "payment": told.payment,
                "checks": [{"title": title, "url": url} for title, url in told.checks],
            },
            "pending": list(facts.answers.pending),
        }
        if include_message:
            verdict["message"] = message_json(graded.mail)
        return verdict


def ours(firm: Firm, read: Mail) -> Firm:
    """Without a policy the recipient's domain counts as ours (contract)."""
    if firm.domains:
        return firm
    domains = {a.domain for a in read.to if a.domain}
    if read.mailbox and "@" in read.mailbox:
        domains = {read.mailbox.rsplit("@", 1)[1].lower()}
    return replace(firm, domains=tuple(sorted(domains)))


def about(read: Mail, firm: Firm, answers: Answers) -> About:
    """Whom the memory is asked about: inside a colleague's forward, the stranger."""
    forwarded = facts_stage.passed_on(read, firm)
    writer = read.forwarded.from_ if forwarded and read.forwarded else read.from_
    told = answers.domains.get(writer.domain) if writer else None
    domain = told.registrable if told and told.mailbox not in ("free", "disposable") else None
    own = not forwarded and writer is not None and is_ours(writer.domain, firm)
    return About(read, firm, writer, domain, own, answers.now)


def _finding_json(finding: Finding, texts: tuple[str, str]) -> dict[str, Any]:
    title, text = texts
    return {
        "id": finding.id,
        "family": finding.family,
        "outcome": finding.outcome.value,
        "effect": finding.effect.value,
        "points": finding.points,
        "title": title,
        "text": text,
        "evidence": [evidence_json(e) for e in finding.evidence],
        "source": finding.source,
    }


def evidence_json(e: Evidence) -> Mapping[str, Any]:
    return {"part": e.part, "quote": e.quote, "start": e.start, "end": e.end}
