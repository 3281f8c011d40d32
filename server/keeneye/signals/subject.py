"""What the subject line says, and how."""

from __future__ import annotations

import re

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, once, signal

MOST = 300
_WORD = re.compile(r"[^\W_][\w.\-/]*", re.U)
_TAG = re.compile(r"\[[^\]]{0,60}\]|\b(?:re|fw|fwd|aw|wg|rv|tr|回复|转发|ynt|enc)\s*[::]", re.I)


@once
def remainder(facts: Facts) -> list[tuple[str, int]]:
    """Words of the subject that are not general ones, with their places."""
    subject = facts.mail.subject[:MOST]
    kept = list(subject)
    covered = [(m.start(), m.end()) for m in _TAG.finditer(subject)]
    covered += [(e.start, e.end) for e in facts.says("subject.generic") if e.part == "subject"]
    for start, end in covered:
        kept[start:end] = " " * (min(end, len(kept)) - start)
    return [(m[0], m.start()) for m in _WORD.finditer("".join(kept)) if len(m[0]) > 1]


def _whole(facts: Facts) -> Evidence:
    subject = facts.mail.subject
    return Evidence("subject", subject[:120], 0, min(120, len(subject)))


def _seen(facts: Facts) -> bool:
    """Whether there could have been a subject: a chat has none."""
    mail = facts.mail
    return bool(mail.subject.strip()) or mail.sees != "visible" or mail.from_ is not None


@signal(
    "subject.clear",
    title="The subject names the matter",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S0 S2; rule 18",
)
def clear(facts: Facts) -> Answer:
    """Hit when the subject holds at least two words or a code beyond general ones, and the text asks for something.

    Why: who knows what he wants says it at once.
    Example: "RFQ: brass ball valve DN25".
    Not a hit: "Inquiry", "New order".
    """
    if not facts.says("price.request", "trade.interest", "trade.order", "shipping.question", "moq.request"):
        return NOT_APPLICABLE
    rest = remainder(facts)
    if len(rest) >= 2 or any(any(c.isdigit() for c in w) or len(w) > 9 for w, _ in rest) or _cjk(rest):
        return hit(_whole(facts))
    return MISS


def _cjk(rest: list[tuple[str, int]]) -> bool:
    return any(len(w) >= 3 and "\u3400" <= w[0] <= "\u9fff" for w, _ in rest)


@signal(
    "subject.empty",
    title="Has no subject",
    text="The subject line is empty.",
    weight=-4,
    effect=Effect.QUALITY,
    source="S0 S2",
)
def empty(facts: Facts) -> Answer:
    """Hit when the subject line is empty.

    Why: careless or mass mail.
    Example: a mail without Subject.
    Not a hit: a chat message, which has none.
    """
    if not _seen(facts):
        return NOT_APPLICABLE
    return MISS if facts.mail.subject.strip() else hit(Evidence("subject", ""))


@signal(
    "subject.generic",
    title="The subject says nothing",
    text="“{quote}” would fit any firm.",
    weight=-4,
    effect=Effect.QUALITY,
    source="S0 S2; rule 17",
)
def generic(facts: Facts) -> Answer:
    """Hit when the subject consists of general words only.

    Why: the same mail goes to many firms.
    Example: "Product inquiry", "Urgent purchase".
    Not a hit: "Inquiry: DN25 valves".
    """
    if not facts.mail.subject.strip():
        return NOT_APPLICABLE
    found = [e for e in facts.says("subject.generic") if e.part == "subject"]
    return hit(_whole(facts)) if found and not remainder(facts) else MISS


@signal(
    "subject.capitals",
    title="The subject is in capitals",
    text="“{quote}”.",
    weight=-2,
    effect=Effect.QUALITY,
    source="S0 S2",
)
def capitals(facts: Facts) -> Answer:
    """Hit when a subject of three or more words is all in capitals.

    Why: shouts, as mass mail does.
    Example: "URGENT PURCHASE ORDER".
    Not a hit: a model number; scripts without capitals.
    """
    words = [w for w in facts.mail.subject[:MOST].split() if any(c.isalpha() for c in w)]
    if len(words) < 3:
        return NOT_APPLICABLE
    subject = facts.mail.subject[:MOST]
    return hit(_whole(facts)) if subject.isupper() and sum(map(str.isupper, subject)) > 11 else MISS


@signal(
    "subject.everything",
    title="The subject asks for all your products",
    text="“{quote}”.",
    weight=-5,
    effect=Effect.QUALITY,
    type="information_gathering/price_list",
    source="rule 17",
)
def everything(facts: Facts) -> Answer:
    """Hit when the subject asks for the whole range.

    Why: so broad a title is mass-mailed or fishes for information.
    Example: "Price needed for your whole range".
    Not a hit: a subject that names one product.
    """
    found = tuple(e for e in facts.says("range.all") if e.part == "subject")
    return hit(found) if found else MISS
