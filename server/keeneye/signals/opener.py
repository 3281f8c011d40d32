"""What in the message is not the writer's own: marketplace templates, preset questions, form letters."""

from __future__ import annotations

import re
import string

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.contact import identity_seen

CANNED = ("canned.opener", "canned.tail")
NOT_OWN = ("canned.prefill", "greeting.any", "closing.any", "platform.notice", "notice.platform-inquiry")
OWN_LEAST = 9
"""Own words below which nothing was said besides the template; two characters of Chinese count as one word."""
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_FIELD = re.compile(r"\[[a-z][a-z /_-]{2,30}\]|\{\{? ?[a-z][a-z_. ]{2,25} ?\}?\}|<(?:name|company|product)>", re.I)

_FIELD_WORD = re.compile(r"/|name|product|company|quantity|insert|date|service", re.I)
SPANS_MOST = 100
TEXT_MOST = 20_000
_SMALL, _LARGE = string.ascii_lowercase.encode(), string.ascii_uppercase.encode()


def own_text(facts: Facts, most: int = TEXT_MOST) -> str:
    """The beginning of the writer's own words, bounded before it is joined."""
    body, parts, left = facts.mail.body, [], most
    for span in facts.mail.own[:SPANS_MOST]:
        parts.append(body[span.start : min(span.end, span.start + left)])
        left -= len(parts[-1])
        if left <= 0:
            break
    return "\n".join(parts)


def _body(evidence: tuple[Evidence, ...]) -> list[tuple[int, int]]:
    return [(e.start, e.end) for e in evidence if e.part != "subject" and e.end > e.start]


def prefill(facts: Facts) -> tuple[int, int] | None:
    """The range of a marketplace's attribute block ("Material:… Size:… Usage:…").

    Three or more fields in the own words, or one behind a standard opener.
    """
    places = _body(facts.says("canned.attribute"))
    openers = _body(facts.says("canned.opener"))
    if not places or (len(places) < 3 and not any(end <= places[0][0] for _, end in openers)):
        return None
    body = facts.mail.body
    end = body.find("\n\n", places[-1][1])
    return places[0][0], len(body) if end < 0 else end


def words(text: str) -> int:
    """Words of a text; two characters of a script without spaces count as one."""
    unspaced = len(_UNSPACED.findall(text))
    return unspaced // 2 + len(_WORD.findall(_UNSPACED.sub(" ", text) if unspaced else text))


def cases(text: str) -> tuple[int, int]:
    """How many letters are capitals, and how many small ones."""
    if text.isascii():  # nearly always; 30 times as fast
        data = text.encode()
        return len(data) - len(data.translate(None, _LARGE)), len(data) - len(data.translate(None, _SMALL))
    return sum(map(str.isupper, text)), sum(map(str.islower, text))


def own_words(facts: Facts) -> int:
    """Words of the writer's own text without templates, prefilled fields, greeting and closing."""
    cut = _body(facts.says(*CANNED, *NOT_OWN))
    block = prefill(facts)
    if block is not None:
        cut.append(block)
    total, last = 0, TEXT_MOST
    for span in facts.mail.own[:SPANS_MOST]:
        if span.start > last:
            break
        position = span.start
        for start, end in sorted(cut):
            if start >= span.end or end <= position:
                continue
            total += words(facts.mail.body[position : max(position, start)])
            position = max(position, end)
        total += words(facts.mail.body[position : min(span.end, max(position, last))])
    return total


def bare(facts: Facts) -> bool:
    """Whether the writer said next to nothing of his own."""
    return own_words(facts) < OWN_LEAST


@signal(
    "opener.canned",
    title="Uses the marketplace's standard text",
    text="“{quote}” is a sentence that marketplaces write for whoever clicks a product.",
    weight=-6,
    effect=Effect.QUALITY,
    type="casual/platform_template",
    source="S2; rule 95",
)
def canned(facts: Facts) -> Answer:
    """Hit when a sentence that marketplaces write for the buyer stands in the message.

    Why: it costs one click; what counts is what the buyer adds.
    Example: "Hi, I'm interested in this product."
    Not a hit: interest in own words that names the goods.
    """
    found = facts.says("canned.opener")
    return hit(found) if found else MISS


@signal(
    "opener.only-canned",
    title="Says nothing beyond the standard text",
    text="Words of the writer's own besides “{quote}”: {words}.",
    headline="Sends only the marketplace's standard text",
    weight=-20,
    effect=Effect.QUALITY,
    type="casual/platform_template",
    source="S2; rule 95",
)
def only_canned(facts: Facts) -> Answer:
    """Hit when standard text is there and nearly nothing of the writer's own.

    Why: one star unless more follows.
    Example: "I'm interested in this product. What is the shipping cost?"
    Not a hit: the template followed by a quantity, a destination or a question in own words.
    """
    found = facts.says(*CANNED)
    if not found:
        return NOT_APPLICABLE
    if not bare(facts) or any(e.start < (prefill(facts) or (1 << 30, 0))[0] for e in _amounts(facts)):
        return MISS
    return hit(found, values={"words": own_words(facts)})


def _amounts(facts: Facts) -> list[Evidence]:
    return [q.evidence for q in facts.request.quantities if q.evidence.part != "subject" and q.value > 1]


@signal(
    "opener.prefill",
    title="Contains fields that the marketplace filled in",
    text="From “{quote}” on the text was filled in by a form; it does not count as the buyer's own words.",
    weight=0,
    effect=Effect.FACT,
    source="rule 96",
)
def prefilled(facts: Facts) -> Answer:
    """Hit when the message holds a block of a marketplace's own attribute fields.

    Why: a request form is filled from the seller's page; it says nothing of the buyer's knowledge.
    Example: "Material: PVC Size: Customized Usage: Gifts".
    Not a hit: one or two fields written by hand.
    """
    if prefill(facts) is None:
        found = facts.says("canned.prefill")
        return hit(found) if found else MISS
    return hit(facts.says("canned.attribute"))


@signal(
    "opener.form",
    title="Came through a marketplace form or chat",
    text="No sender address was handed over; the title “{quote}” is the marketplace's own.",
    weight=0,
    effect=Effect.FACT,
    source="S3; rule 96",
)
def form(facts: Facts) -> Answer:
    """Hit when only visible text without a sender was handed over, as marketplaces show requests and chats.

    Why: the title there is the seller's own product title, and the identity stands in the profile.
    Example: a request on a marketplace page.
    Not a hit: any mail with a sender.
    """
    if identity_seen(facts):
        return MISS
    subject = facts.mail.subject[:120]
    return hit(Evidence("subject", subject, 0, len(subject)))


@signal(
    "opener.form-letter",
    title="Reads like a form letter without a product",
    text="“{quote}” and the like, but no goods are named.",
    headline="Is a form letter that names no goods",
    weight=-8,
    effect=Effect.QUALITY,
    type="casual",
    source="S4; rule 68",
)
def form_letter(facts: Facts) -> Answer:
    """Hit when polite stock phrases are there and neither goods nor a quantity.

    Why: too tidy letters without a product go to hundreds of firms.
    Example: "I hope this message finds you well. We came across your esteemed company …"
    Not a hit: the same courtesy around a model, a size or a quantity.
    """
    found = facts.says("form.letter")
    if not found:
        return NOT_APPLICABLE
    request = facts.request
    if request.models or request.quantities or request.specifications or request.materials:
        return MISS
    return hit(found)


@signal(
    "opener.unfilled-field",
    title="Forgot to fill in a field of the form letter",
    text="“{quote}” was left as it stands in the template.",
    headline="Is a form letter with an empty field",
    weight=-12,
    effect=Effect.QUALITY,
    type="casual",
    source="rule 57",
)
def unfilled_field(facts: Facts) -> Answer:
    """Hit when a placeholder of a mail merge is left in subject or own words.

    Why: the text was written for nobody in particular.
    Example: "your [product/service]".
    Not a hit: a list tag in front of a subject; brackets with figures.
    """
    subject = facts.mail.subject[:300]
    for match in _FIELD.finditer(subject):
        if match.start() > 0:
            return hit(Evidence("subject", match[0], match.start(), match.end()))
    for span in facts.mail.own[:3]:
        found = _FIELD.search(facts.mail.body, span.start, min(span.end, span.start + 4000))
        if found and (
            "/" in found[0] or re.search(r"name|product|company|quantity|insert|date|service", found[0], re.I)
        ):
            return hit(Evidence(facts.mail.body_part, found[0], found.start(), found.end()))
    known = facts.says("merge-field")
    return hit(known) if known else MISS
