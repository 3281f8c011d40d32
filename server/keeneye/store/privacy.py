"""What of a verdict is stored: by default nothing that the message or its sender said.

An allow-list, so that a field added to the verdict later is left out until somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Figures, codes and words of our own; no text of the message can stand in them.
TOP = (
    "id", "engine", "policy", "graded_at", "ms", "category", "subcategory", "grade", "stars", "level", "risk",
    "quality", "coverage", "banner", "language", "labels", "reasons", "otherwise", "missing", "pending",
    "level_because",
)  # fmt: skip
FINDING = ("id", "family", "outcome", "effect", "points", "source")
EVIDENCE = ("part", "start", "end")
ORIGIN = ("country", "asn", "network", "kind", "hidden_by_provider")
SENDER = ("mailbox", "domain_age_days", "has_mx", "has_site")
AUTHENTICATION = ("spf", "dkim", "dmarc", "arc")
WHOLE_FACTS = ("sent", "language", "country_risk")
ADVICE = ("handling", "payment")

LEFT_OUT = (
    "message_id", "level_reason", "headline", "action", "findings.title", "findings.text", "findings.evidence.quote",
    "facts.origin.ip", "facts.origin.hops", "facts.claimed_country.from", "facts.sender.address",
    "facts.sender.domain", "facts.contact", "facts.request", "facts.links", "facts.attachments", "facts.history",
    "facts.profile",    "advice.questions", "advice.questions_to_buyer", "advice.checks",
)  # fmt: skip


def to_store(verdict: Mapping[str, Any], keep_evidence: bool) -> dict[str, Any]:
    """The JSON that is stored. ``left_out`` names what is not in it; the message itself never is."""
    if keep_evidence:
        return {k: v for k, v in verdict.items() if k != "message"} | {"left_out": []}
    facts = verdict.get("facts", {})
    kept = _only(verdict, TOP)
    kept["findings"] = [
        _only(f, FINDING) | {"evidence": [_part(e) for e in f.get("evidence", ())]} for f in verdict.get("findings", ())
    ]
    kept["facts"] = _only(facts, WHOLE_FACTS) | {
        "origin": _only(facts.get("origin"), ORIGIN),
        "claimed_country": _only(facts.get("claimed_country"), ("value",)),
        "sender": _only(facts.get("sender"), SENDER),
        "authentication": _only(facts.get("authentication"), AUTHENTICATION),
    }
    kept["advice"] = _only(verdict.get("advice"), ADVICE)
    kept["left_out"] = list(LEFT_OUT)
    return kept


def _only(value: Mapping[str, Any] | None, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value[name] for name in names if name in value} if value else {}


def _part(evidence: Mapping[str, Any]) -> dict[str, Any]:
    kept = _only(evidence, EVIDENCE)
    part = kept.get("part", "")
    # A header's name is the sender's to choose; only the kind of place is kept of an unusual one.
    if part.startswith("header:") and part.removeprefix("header:").lower() not in USUAL_HEADERS:
        kept["part"] = "header:"
    return kept


USUAL_HEADERS = frozenset(
    "from to cc date subject sender reply-to return-path received message-id authentication-results received-spf"
    " x-originating-ip x-mailer user-agent list-id list-unsubscribe precedence auto-submitted references"
    " in-reply-to content-type".split()
)
