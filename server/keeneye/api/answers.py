"""What clients get, as pydantic models: the contract's second half, from which the OpenAPI document is made.

Clients must accept keys that they do not know; the models name every key that this version sends.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from keeneye.model import Banner, Category, Sees
from keeneye.schema import Label


class _Answer(BaseModel):
    # Answers are described by their models, not checked: a server that starts need not build the validators.
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class EvidenceOut(_Answer):
    """Where the words stand: code points `start` to `end` of the decoded part."""

    part: str = Field(description="`subject`, `text`, `html`, `header:NAME`, `link:N` or `attachment:N`.")
    quote: str
    start: int
    end: int


class FindingOut(_Answer):
    """What one signal found, and what the policy makes of it."""

    id: str
    family: str
    outcome: Literal["hit", "miss", "not_applicable", "unknown"]
    effect: Literal["risk", "quality", "gate", "fact"]
    points: float = Field(description="Negative speaks against the message, positive for it.")
    title: str
    text: str
    evidence: list[EvidenceOut]
    source: str


class HopOut(_Answer):
    """One Received line, the last one added first."""

    from_: str | None = Field(alias="from")
    ip: str | None
    by: str | None
    with_: str | None = Field(alias="with")
    date: str | None
    country: str | None
    network: str | None


class OriginOut(_Answer):
    """Where the message entered the internet."""

    ip: str | None
    country: str | None
    city: str | None
    region: str | None
    latitude: float | None
    longitude: float | None
    time_zone: str | None
    asn: int | None
    network: str | None
    kind: str | None
    hidden_by_provider: str | None
    hops: list[HopOut]
    source: str | None = Field(description="Which geo table answered.")


class ClaimOut(_Answer):
    """One sign of the country that the writer says he is in."""

    kind: str
    country: str
    quote: str


class ClaimedOut(_Answer):
    """The country that the writer says he is in, weighed."""

    value: str | None
    confidence: float
    from_: list[ClaimOut] = Field(alias="from")
    disagree: list[ClaimOut]
    latitude: float | None = None
    longitude: float | None = None


class SentOut(_Answer):
    """The sending time in several zones (RFC 3339)."""

    utc: str | None
    sender_local: str | None
    claimed_local: list[str | None] | None = Field(description="Earliest and latest: a country may have many zones.")
    ours_local: str | None
    date_offset_minutes: int | None
    clock_skew_seconds: float | None


class SenderOut(_Answer):
    """The address and what the tables say of its domain."""

    name: str | None
    address: str | None
    domain: str | None
    mailbox: Literal["free", "company", "disposable", "government", "education"] | None
    domain_age_days: int | None
    has_mx: bool | None
    has_site: bool | None
    resembles: str | None
    reply_to: str | None
    return_path: str | None


class AuthenticationOut(_Answer):
    """SPF, DKIM, DMARC and ARC as our own receiving host saw them."""

    spf: str | None
    dkim: str | None
    dmarc: str | None
    arc: str | None
    by: str | None
    aligned: bool | None


class PhoneOut(_Answer):
    number: str
    country: str | None
    kind: Literal["phone", "mobile", "messenger"]


class ContactOut(_Answer):
    """What the writer says of himself."""

    person: str | None
    title: str | None
    company: str | None
    company_form: str | None
    phones: list[PhoneOut]
    fax: str | None
    address: str | None
    address_complete: bool
    websites: list[str]
    messengers: list[str]
    registrations: list[str]


class QuantityOut(_Answer):
    value: float
    unit: str
    quote: str


class RequestOut(_Answer):
    """What the writer asks for, in his words."""

    products: list[str]
    models: list[str]
    quantities: list[QuantityOut]
    specifications: list[str]
    materials: list[str]
    certificates: list[str]
    incoterm: str | None
    port: str | None
    payment: list[str]
    delivery: list[str]
    packaging: list[str]
    price: list[str]
    target_price: list[str]
    moq: list[str]
    samples: list[str]
    annual_volume: list[str]
    drawings: list[str]
    urgency: list[str]


class LinkOut(_Answer):
    text: str
    href: str
    host: str
    kind: str
    mismatch: bool
    hidden: bool


class AttachmentOut(_Answer):
    name: str
    type: str
    sniffed: str | None
    size: int | None
    sha256: str | None


class CountryRiskOut(_Answer):
    """A fact about payment, never about a person."""

    country: str
    name: str
    oecd_0_7: int | None = Field(description="OECD export credit class; null: not classified.")
    fatf: str
    date: str


class SameTextOut(_Answer):
    """Other messages that say nearly the same. At most 64 are counted."""

    colleagues: int = Field(description="Other mailboxes of the firm that got them.")
    messages: int
    senders: int = Field(description="Other senders they came from.")
    since: str = Field(description="RFC 3339.")
    likeness: float = Field(ge=0, le=1, description="Share of word sequences in common with the nearest.")


class KnownCustomerOut(_Answer):
    """What the firm's customer list says of the sender."""

    name: str
    ordered: int = Field(description="Orders so far.")
    ordered_at: str | None
    sampled: bool
    visited: bool
    standing: str


class VisitsOut(_Answer):
    """What your web log knows of the address that the message was sent from, before it was sent."""

    by: Literal["address", "network"] = Field(description="`network`: only a neighbour's visit, which is weaker.")
    visits: int
    pages: int
    products: list[str] = Field(description="Paths of product pages, the most visited first.")
    came_by: str = Field(description="`search`, `site`, `mail`, `typed` (no referrer), `inside` or `unknown`.")
    came_from: str | None = Field(description="The host that the first visit came from.")
    first_seen: str | None
    last_seen: str | None


class HistoryOut(_Answer):
    """What the firm knows from before this message; a message that is graded again is not counted."""

    messages_from_sender: int
    danger_from_sender: int
    ours_to_sender: int = Field(description="Mails of ours to the sender that clients showed us.")
    first_seen: str | None
    last_seen: str | None
    messages_from_domain: int | None = Field(description="null: a mail provider's domain, which says nothing.")
    messages_in_thread: int
    ours_in_thread: int
    thread_known: bool | None = Field(description="Whether what it answers was seen here; null: it answers nothing.")
    confirmed_genuine: int = Field(description="Messages of the sender that readers called genuine.")
    confirmed_fake: int
    level_before: int | None
    level_by_hand: int | None
    same_text: SameTextOut | None
    customer: KnownCustomerOut | None = Field(
        description="The sender on the firm's own customer list; null: not on it."
    )
    visits: VisitsOut | None = Field(description="null: none, or they cannot be told.")


class FactsOut(_Answer):
    """What could be drawn from the message and the tables. null: not known; []: looked, found nothing."""

    origin: OriginOut
    claimed_country: ClaimedOut
    sent: SentOut
    sender: SenderOut
    authentication: AuthenticationOut
    contact: ContactOut
    request: RequestOut
    language: str | None
    links: list[LinkOut]
    attachments: list[AttachmentOut]
    country_risk: CountryRiskOut | None
    history: HistoryOut | None
    profile: dict[str, Any] = Field(
        description="Figures of the marketplace profile: the message's own, its notice's, or those typed last."
    )
    seen: Sees
    defects: list[str]


class CheckOut(_Answer):
    """A search that is ready to be opened."""

    title: str
    url: str


class BuyerQuestionsOut(_Answer):
    """The questions in the buyer's language, ready to paste into a reply."""

    language: str
    questions: list[str]


class AdviceOut(_Answer):
    """What the reader can do next."""

    handling: list[str]
    questions: list[str]
    questions_to_buyer: BuyerQuestionsOut
    payment: str | None
    checks: list[CheckOut]


class OtherwiseOut(_Answer):
    """What would have made it another type."""

    category: str
    finding: str


class MessageLinkOut(_Answer):
    index: int
    text: str
    href: str
    host: str
    start: int | None
    end: int | None


class ForwardedOut(_Answer):
    kind: Literal["forward", "notice"]
    from_: str | None = Field(alias="from")
    platform: str | None


class MessageOut(_Answer):
    """The message as its reader sees it, as text."""

    subject: str
    from_: str | None = Field(alias="from")
    reply_to: str | None
    to: str | None
    date: str | None
    part: Literal["text", "html"]
    body: str
    links: list[MessageLinkOut]
    attachments: list[AttachmentOut]
    forwarded: ForwardedOut | None


Grade = Literal["A", "B", "C", "D", "E", "F", "-", "?"]


class _Judged(_Answer):
    id: str
    engine: str
    policy: str = Field(description="SHA-256 of the policy that was used.")
    graded_at: str = Field(description="RFC 3339.")
    ms: float = Field(description="Milliseconds that grading took.")
    category: Category
    subcategory: str | None
    grade: Grade = Field(description="A = 5 stars … E = 1, F = 0; `-` not an inquiry; `?` too little was seen.")
    stars: int | None = Field(ge=0, le=5)
    level: int | None = Field(ge=1, le=4, description="Customer level.")
    level_reason: str | None = Field(description="What the level rests on, in words.")
    level_because: list[str] = Field(
        description="The same as keys: finding ids, the category, or hand, ordered, sampled, visited, standing, mails."
    )
    risk: float = Field(ge=0, le=100)
    quality: float = Field(ge=0, le=100)
    coverage: float = Field(ge=0, le=1, description="Share of the applicable signals that could be answered.")
    banner: Banner
    language: str = Field(description="Language of the texts.")
    labels: dict[str, str] = Field(description="Words for the codes, such as the category.")
    reasons: list[str] = Field(description="Ids of the findings that decided, the weightiest first.")
    otherwise: list[OtherwiseOut]
    missing: list[str] = Field(description="What an inquiry should say and this one does not, weightiest first.")
    pending: list[str] = Field(description="Facts that are still being looked up.")


class Verdict(_Judged):
    """The graded message. `findings` holds hits and unknowns; all outcomes with `detail=full`."""

    message_id: str | None
    headline: str = Field(description="At most 60 characters.")
    action: str
    findings: list[FindingOut]
    facts: FactsOut
    advice: AdviceOut
    message: MessageOut | None = Field(None, description="Only with `include=message`.")


class FeedbackOut(_Answer):
    label: Label
    note: str
    at: int = Field(description="UTC seconds since 1970.")
    by: str | None = Field(description="Name of the token; null: the server's own page.")


class StoredVerdict(_Answer):
    """A verdict as it was stored: by default without what the message says. `left_out` names what is not there."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: str
    graded_at: str
    category: Category
    grade: Grade
    stars: int | None
    risk: float
    banner: Banner
    findings: list[dict[str, Any]]
    left_out: list[str]
    feedback: list[FeedbackOut]


class FeedbackSaved(_Answer):
    verdict: str
    label: Label
    message: str = Field(description="Thanks, in the reader's language, and what the feedback changed.")


class LevelChangeOut(_Answer):
    """One change of a customer level."""

    before: int | None
    after: int | None
    by_hand: bool
    cause: list[str] = Field(description="As `level_because` of a verdict.")
    reason: str = Field(description="What the reader wrote who set it.")
    by: str | None = Field(description="Name of the token.")
    at: str = Field(description="RFC 3339.")


class SenderAnswer(_Answer):
    """What this server has seen of an address. Only a keyed hash of the address is stored."""

    messages: int
    danger: int = Field(description="How many of them were graded as dangerous.")
    first_seen: str = Field(description="RFC 3339.")
    last_seen: str = Field(description="RFC 3339.")
    labels: dict[str, int] = Field(description="Feedback given on the messages, by label.")
    ours: int = Field(description="Mails of ours to the address that clients showed us.")
    level: int | None = Field(description="Customer level now.")
    level_by_hand: bool
    level_changes: list[LevelChangeOut] = Field(description="The newest 50 changes, oldest first.")


class PairAnswer(_Answer):
    """The token; it is shown once."""

    token: str
    name: str


class HealthAnswer(_Answer):
    status: Literal["ok", "unavailable"]


class ReadyAnswer(_Answer):
    status: Literal["ok", "unavailable"]
    checks: dict[str, bool]


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `detail` is for people and may change."""

    model_config = ConfigDict(extra="allow", strict=True)

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = Field(None, description="Path of the value that is wrong, such as `attachments.0.size`.")


class BatchLine(BaseModel):
    """A line of a batch's answer: the verdict, or a problem. `id` is the one the line was given."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: str | None
    line: int
    verdict_id: str | None = None
    status: int
    code: str | None = None
