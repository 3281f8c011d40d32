"""The frozen values that every stage speaks. Imports the standard library only.

Flow: ``Payload`` → ``Mail`` → (``Answers``) → ``Facts`` → ``Finding`` → ``Score`` → ``Verdict``.
``None`` always means "not known"; an empty tuple means "looked and found nothing".
All offsets are Unicode code points into the part that is named beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

Sees = Literal["raw", "headers", "visible"]
EMPTY: Mapping[str, Any] = MappingProxyType({})


class KeeneyeError(Exception):
    """An input that cannot be graded. ``code`` is stable and machine readable (RFC 9457)."""

    def __init__(self, code: str, detail: str, field_path: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field_path = field_path


# --------------------------------------------------------------------------- payload


@dataclass(frozen=True, slots=True)
class SeenAttachment:
    """An attachment as a client that cannot hand over the raw message describes it."""

    name: str
    type: str | None = None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """What a client handed over: the raw message, or the fields that it could see."""

    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    subject: str | None = None
    from_: str | None = None
    to: str | None = None
    date: str | None = None
    text: str | None = None
    html: str | None = None
    attachments: tuple[SeenAttachment, ...] = ()
    mailbox: str | None = None
    client_id: str | None = None
    sees: Sees = "raw"
    profile: Mapping[str, Any] | None = None


# --------------------------------------------------------------------------- mail


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a named part."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words or the figure that a finding rests on, and where they stand.

    ``part``: ``subject``, ``text``, ``html`` (the rendered text of the HTML body),
    ``header:NAME``, ``link:N`` or ``attachment:N``.
    """

    part: str
    quote: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of RFC 5322 §3.4. ``address`` and ``domain`` are lower case."""

    name: str
    address: str
    local: str
    domain: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received line (RFC 5321 §4.4). ``index`` 0 is the topmost, the one added last."""

    index: int
    from_host: str | None
    from_ip: str | None
    by: str | None
    with_: str | None
    date: datetime | None
    raw: str


@dataclass(frozen=True, slots=True)
class AuthResult:
    """One method of an Authentication-Results header (RFC 8601), e.g. spf=pass."""

    method: str
    result: str
    domain: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AuthHeader:
    """One Authentication-Results or ARC-Authentication-Results or Received-SPF header.

    ``above_received``: how many Received lines stand above it (0: written by the last host).
    """

    name: str
    authserv_id: str | None
    above_received: int
    results: tuple[AuthResult, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the message. ``span`` is the place of its text in the body, if it has one.

    ``kind``: ``a`` (HTML anchor), ``text`` (address written in the text), ``form`` (form action),
    ``area``, ``img`` (a linked picture without text), ``meta`` (refresh), ``script``.
    """

    index: int
    kind: str
    text: str
    href: str
    scheme: str
    host: str
    span: Span | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment. ``sniffed`` is the type its first bytes show, ``members`` the archive's names.

    ``encrypted``: an archive or document that wants a password. ``text``: visible text of a
    textual or HTML attachment (bounded). ``links``: hrefs found inside it.
    """

    index: int
    name: str
    type: str
    sniffed: str | None
    size: int | None
    sha256: str | None
    inline: bool = False
    encrypted: bool | None = None
    members: tuple[str, ...] = ()
    text: str = ""
    links: tuple[str, ...] = ()
    has_form: bool = False
    has_script: bool = False
    has_macro: bool = False
    loads: tuple[str, ...] = ()
    """Addresses that an office program fetches by itself when it opens the document (template, frame, object)."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The header block of an inquiry that a colleague or a marketplace passed on inside the text."""

    kind: Literal["forward", "notice"]
    from_: Address | None
    to: str | None
    date: str | None
    subject: str | None
    platform: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as its reader sees it, with what its headers say. See ``keeneye.mail``.

    ``body_part`` says which part is shown, ``text`` or ``html``; ``body`` is its decoded text
    (for HTML: the visible text as rendered), line ends LF. ``own`` are the ranges of ``body`` that
    the writer wrote himself in this message; ``signature`` and ``quoted`` are the others.
    ``hidden_text`` is what the HTML holds but does not show (zero size, display:none, own colour).
    """

    sees: Sees
    headers: tuple[tuple[str, str], ...]
    message_id: str | None
    subject: str
    from_: Address | None
    from_all: tuple[Address, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    return_path: str | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    date_raw: str | None
    hops: tuple[Hop, ...]
    auth_headers: tuple[AuthHeader, ...]
    originating_ip: str | None
    body_part: Literal["text", "html"]
    body: str
    own: tuple[Span, ...]
    signature: Span | None
    quoted: tuple[Span, ...]
    hidden_text: str
    alternative_text: str
    html: str
    has_images: bool
    links: tuple[Link, ...]
    attachments: tuple[Attachment, ...]
    forwarded: Forwarded | None
    references: tuple[str, ...]
    in_reply_to: str | None
    charset: str | None
    zero_width: int
    bidi_controls: int
    defects: tuple[str, ...]
    size: int
    mailbox: str | None = None
    client_id: str | None = None
    profile: Mapping[str, Any] | None = None
    _first: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The last one written wins, so from the end; asked dozens of times a message.
        object.__setattr__(self, "_first", {name.lower(): value for name, value in reversed(self.headers)})

    def header(self, name: str) -> str | None:
        """The first value of a header, decoded, or None."""
        return self._first.get(name.lower())

    @property
    def own_text(self) -> str:
        """The writer's own words, without signature and quoted thread."""
        return "\n".join(self.body[s.start : s.end] for s in self.own)

    @property
    def signature_text(self) -> str:
        return "" if self.signature is None else self.body[self.signature.start : self.signature.end]


# --------------------------------------------------------------------------- lookup answers


@dataclass(frozen=True, slots=True)
class Place:
    """What the geo tables say of one IP address. ``kind``: access, hosting, mail_provider, tor, vpn.

    ``other_country``: what a second table says where it disagrees, so that ``country`` is less sure."""

    ip: str
    country: str | None
    city: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str | None = None
    asn: int | None = None
    network: str | None = None
    kind: str | None = None
    other_country: str | None = None


MailboxKind = Literal["free", "company", "disposable", "government", "education"]


@dataclass(frozen=True, slots=True)
class DomainAnswer:
    """What the offline tables say of a host name.

    ``registrable``: eTLD+1 by the public suffix list, or None for an IP or a bare suffix.
    ``hosting``: free hosting or site builder; ``shortener``: link shortener; ``file_share``:
    a file-sharing service; ``tld_country``: ISO 3166 code of a national ending.
    ``resembles``: a known brand's or partner's domain that this one imitates, with the way
    (``one letter off``, ``confusable letters``, ``other ending``, ``name inside a longer name``).
    ``age_days``, ``has_mx``, ``has_site``: only when a look-up already knows; else None.
    ``hides_sender``: a machine of a mail service (``mail_provider``) that hides its user's address.
    """

    host: str
    registrable: str | None
    suffix: str | None
    mailbox: MailboxKind | None
    free_country: str | None = None
    tld_country: str | None = None
    shortener: bool = False
    free_hosting: bool = False
    file_share: bool = False
    platform: str | None = None
    resembles: str | None = None
    resembles_how: str | None = None
    brand: str | None = None
    age_days: int | None = None
    has_mx: bool | None = None
    has_site: bool | None = None
    ip: bool = False
    hides_sender: bool = False
    mail_provider: str | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """A country as the judgement needs it. ``offsets``: (least, most) UTC offset in minutes now.

    ``risk``: OECD export credit class 0–7, None = not classified. ``fatf``: none, grey, black.
    """

    iso2: str
    name: str
    zones: tuple[str, ...]
    calling_code: int | None
    languages: tuple[str, ...]
    risk: int | None
    fatf: str
    risk_date: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A row of the firm's catalogue. ``names``: synonyms in any language; ``units``: those it is sold by."""

    name: str
    names: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    hs: str | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partner:
    """A known partner: whom a stranger may pretend to be."""

    name: str
    domains: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    bank_country: str | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """Us: what the policy's ``[ours]`` says. Empty means not told.

    ``relays``: our own trusted relays (IP networks or host names); ``authserv_ids``: whose
    Authentication-Results we believe; ``partners``: known partner domains; ``goods``, ``known``: the imported catalogue
    and partner list.
    """

    domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    country: str = "CN"
    city: str | None = None
    time_zone: str = "Asia/Shanghai"
    relays: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    goods: tuple[Product, ...] = ()
    known: tuple[Partner, ...] = ()


@dataclass(frozen=True, slots=True)
class Visits:
    """What the firm's web log says of one address. ``by``: the very address, or only its network (weaker).

    ``products``: paths of product pages; ``came_by``: search, site, mail or typed; ``came_from``: that host.
    """

    by: Literal["address", "network"]
    visits: int
    pages: int
    products: tuple[str, ...]
    came_by: str
    came_from: str | None
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class SameText:
    """Near-duplicates of the writer's own words that reached others of the firm, or came from others.

    ``colleagues``: other mailboxes of the firm; ``senders``: other addresses it came from; ``likeness`` 0-1:
    estimated share of common word sequences with the nearest of them."""

    colleagues: int
    messages: int
    since: datetime
    likeness: float
    senders: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of the firm's customer list. ``ordered``: orders so far; ``standing``: what research showed."""

    name: str
    ordered: int = 0
    ordered_at: datetime | None = None
    sampled: bool = False
    visited: bool = False
    standing: str = ""
    country: str | None = None
    bank_country: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What the firm already knows of this sender and this text; None: no store was asked.

    ``listed``: the customer that the sender is; ``level``: set by hand; ``level_before``: of the sender's last mail;
    ``thread_known``: whether a message that this one answers was seen (None: it answers none); ``thread_others``: the
    thread was led with others until now, none of them of this address or company; ``ours_since``: since when
    mail of our own is seen at all; ``customers_listed``: whether a customer list was given;
    ``told``: ids of findings of earlier mails that a level rests on; ``confirmed``: ids that spoke against mails which
    readers called genuine all the same; ``visits`` by IP address, None without a web log; ``profile``: the
    marketplace's figures, as known last.
    """

    messages_from_sender: int = 0
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    messages_in_thread: int = 0
    confirmed_genuine: int = 0
    confirmed_fake: int = 0
    level: int | None = None
    ours_to_sender: int = 0
    ours_in_thread: int = 0
    danger_from_sender: int = 0
    messages_from_domain: int | None = None
    thread_known: bool | None = None
    thread_others: bool = False
    ours_since: datetime | None = None
    level_before: int | None = None
    told: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    customers_listed: bool = False
    listed: Customer | None = None
    same_text: SameText | None = None
    visits: Mapping[str, Visits] | None = None
    profile: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what the memory is asked about, before the facts are drawn.

    ``writer``: who wrote the inquiry (inside a forward: the stranger, not the colleague); ``domain``: the registrable
    domain of a mailbox that is no mail provider's; ``own``: we wrote it ourselves.
    """

    mail: Mail
    firm: Firm
    writer: Address | None
    domain: str | None
    own: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that the message cannot know itself, fetched before the facts are drawn.

    ``places`` by IP; ``domains`` by lower-case host name; ``countries`` by ISO code (static table).
    """

    now: datetime
    places: Mapping[str, Place] = field(default_factory=dict)
    domains: Mapping[str, DomainAnswer] = field(default_factory=dict)
    countries: Mapping[str, Country] = field(default_factory=dict)
    history: History | None = None
    pending: tuple[str, ...] = ()
    geo_source: str | None = None


# --------------------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the message entered the internet: first public address before our own relays."""

    ip: str | None
    place: Place | None
    hidden_by_provider: str | None
    from_header: str | None
    hop_index: int | None

    @property
    def own_network(self) -> bool:
        """Whether the address is in a network of people and offices, as far as the tables know, not of servers."""
        return self.place is None or self.place.kind in (None, "access")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sign of the country a writer says he is in. ``kind``: signature, phone, address, domain,
    company_form, language, introduction. ``weight`` 0–1: how much such a sign says."""

    kind: str
    country: str
    weight: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ClaimedCountry:
    """The weighed result. ``disagree``: claims of substance that name another country."""

    value: str | None
    confidence: float
    claims: tuple[Claim, ...]
    disagree: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class SentTimes:
    """The sending time in several zones (aware datetimes). ``date_offset``: minutes in the Date header.

    ``clock_skew``: seconds by which Date is later than the first Received line."""

    utc: datetime | None
    date_offset: int | None
    sender_local: datetime | None
    claimed_local: tuple[datetime, datetime] | None
    ours_local: datetime | None
    clock_skew: float | None


@dataclass(frozen=True, slots=True)
class Authentication:
    """SPF, DKIM, DMARC, ARC as our own receiving host saw them; None: it did not say.

    ``aligned``: DMARC alignment of a passing SPF or DKIM domain with From (RFC 7489 §3.1).
    """

    spf: str | None
    dkim: str | None
    dmarc: str | None
    arc: str | None
    by: str | None
    spf_domain: str | None
    dkim_domains: tuple[str, ...]
    aligned: bool | None


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    country: str | None
    kind: Literal["phone", "fax", "mobile", "messenger"]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Contact:
    """What the writer says of himself. Each value carries its evidence; empty = looked, not found."""

    person: Evidence | None = None
    title: Evidence | None = None
    company: Evidence | None = None
    company_form: str | None = None
    company_form_countries: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    address: Evidence | None = None
    address_complete: bool = False
    websites: tuple[Evidence, ...] = ()
    emails: tuple[Evidence, ...] = ()
    messengers: tuple[Evidence, ...] = ()
    registrations: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    value: float
    unit: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class OwnGoods:
    """A product of our catalogue that the writer names, by one of its names, by a model or by its HS code."""

    product: Product
    by: Literal["name", "model", "hs"]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class BankPlace:
    """A country in which the writer says that a bank account is: by IBAN, by BIC (ISO 9362), or in words."""

    country: str
    by: Literal["iban", "bic", "words"]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Request:
    """What the writer asks for, each with the words that say it.

    ``ours``: goods of our catalogue; ``strange_units``: amounts in units that the goods of ours beside them are never
    sold by; ``not_ours``: all goods that are named, when none of them shares a word with the catalogue."""

    products: tuple[Evidence, ...] = ()
    models: tuple[Evidence, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    specifications: tuple[Evidence, ...] = ()
    materials: tuple[Evidence, ...] = ()
    certificates: tuple[Evidence, ...] = ()
    incoterm: Evidence | None = None
    port: Evidence | None = None
    payment: tuple[Evidence, ...] = ()
    delivery: tuple[Evidence, ...] = ()
    packaging: tuple[Evidence, ...] = ()
    price: tuple[Evidence, ...] = ()
    target_price: tuple[Evidence, ...] = ()
    moq: tuple[Evidence, ...] = ()
    samples: tuple[Evidence, ...] = ()
    annual_volume: tuple[Evidence, ...] = ()
    drawings: tuple[Evidence, ...] = ()
    urgency: tuple[Evidence, ...] = ()
    ours: tuple[OwnGoods, ...] = ()
    strange_units: tuple[Evidence, ...] = ()
    not_ours: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """An address with what the tables say of its domain (also used for Reply-To)."""

    address: str
    domain: str
    answer: DomainAnswer | None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link with its registrable domain and whether its text names another address than it opens."""

    link: Link
    answer: DomainAnswer | None
    text_host: str | None
    mismatch: bool
    carries_recipient: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that signals may look at. ``said`` holds phrases of the lexicons found in the subject and
    in the writer's own words, by tag; ``said_anywhere`` the same over the whole visible body,
    signature and quoted thread included.
    """

    mail: Mail
    firm: Firm
    answers: Answers
    origin: Origin
    claimed: ClaimedCountry
    sent: SentTimes
    sender: SenderFacts | None
    reply_to: SenderFacts | None
    return_path: SenderFacts | None
    authentication: Authentication
    contact: Contact
    request: Request
    language: str | None
    links: tuple[LinkFacts, ...]
    said: Mapping[str, tuple[Evidence, ...]]
    said_anywhere: Mapping[str, tuple[Evidence, ...]]
    own_words: int
    inner: bool = False
    country_risk: Country | None = None
    history: History | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    banks: tuple[BankPlace, ...] = ()
    enclosed: tuple[LinkFacts, ...] = ()
    """Links that stand in attached documents; ``link.index`` is the attachment's. ``kind``: ``enclosed``, or ``loaded``
    where the office program fetches the address by itself."""
    attached: Request = field(default_factory=Request)
    """Goods and amounts that attached documents name; the letter's own are in ``request``."""
    said_attached: Mapping[str, tuple[Evidence, ...]] = field(default_factory=lambda: EMPTY)
    """Phrases by tag that stand in attached documents. Evidence there is of ``attachment:N`` and has no offsets."""
    memo: dict[Any, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    """Answers that several signals share (``signals.once``); a message's own, so that it outlives no message."""

    @property
    def forged(self) -> bool:
        """Whether our own host saw that the message is not from where it says (DMARC alignment, RFC 7489 §3.1)."""
        return self.authentication.dmarc == "fail" or self.authentication.aligned is False

    @property
    def visits(self) -> Visits | None:
        """Visits to our site from where the message was sent; None: there were none, or they cannot be told.

        By the network only where neighbours have something in common.
        """
        origin, history = self.origin, self.history
        if history is None or not history.visits or origin.ip is None or origin.hidden_by_provider:
            return None
        found = history.visits.get(origin.ip)
        return found if found is None or found.by == "address" or origin.own_network else None

    def says(self, *tags: str) -> tuple[Evidence, ...]:
        """Evidence of any of the tags in the writer's own words, in the order of the tags."""
        if self.said.keys().isdisjoint(tags):  # nearly always, and signals ask hundreds of times a message
            return ()
        return tuple(e for tag in tags for e in self.said.get(tag, ()))


# --------------------------------------------------------------------------- findings


class Outcome(StrEnum):
    HIT = "hit"
    MISS = "miss"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    RISK = "risk"
    QUALITY = "quality"
    GATE = "gate"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a signal function returns. ``values`` fill the placeholders of its messages.

    ``strength`` 0–1 scales the weight of a hit.
    """

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    values: Mapping[str, str | int | float] = field(default_factory=lambda: EMPTY)
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer of one signal with what the policy makes of it. ``points`` is signed as shown to the
    reader: negative speaks against the message, positive for it."""

    id: str
    family: str
    outcome: Outcome
    effect: Effect
    points: float
    evidence: tuple[Evidence, ...]
    values: Mapping[str, str | int | float]
    source: str


Category = Literal[
    "phishing", "fraud", "sample_seeker", "invitation_seeker", "casual", "information_gathering",
    "potential_customer", "order_ready", "not_inquiry", "unknown",
]  # fmt: skip
CATEGORIES: tuple[Category, ...] = (
    "phishing", "fraud", "sample_seeker", "invitation_seeker", "casual", "information_gathering",
    "potential_customer", "order_ready", "not_inquiry", "unknown",
)  # fmt: skip
# Labels of readers that call a message genuine, or a trap, whether by that word or by a type.
GENUINE_LABELS = frozenset(("genuine", "casual", "information_gathering", "potential_customer", "order_ready"))
FAKE_LABELS = frozenset(("fake", "phishing", "fraud"))
Banner = Literal["danger", "caution", "none"]


@dataclass(frozen=True, slots=True)
class Score:
    """The scorecard's result. ``reasons``: finding ids that decided, the weightiest first.

    ``otherwise``: (category, finding id) pairs that would have made it another type. ``level_because``: what the
    level rests on: finding ids, or ``hand``, ``ordered``, ``sampled``, ``visited``, ``standing``, ``mails``."""

    category: Category
    subcategory: str | None
    grade: str
    stars: int | None
    level: int | None
    risk: float
    quality: float
    coverage: float
    banner: Banner
    reasons: tuple[str, ...]
    otherwise: tuple[tuple[str, str], ...] = ()
    level_because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything a reader is told in words, in one language."""

    language: str
    headline: str
    action: str
    texts: Mapping[str, tuple[str, str]]  # finding id → (title, text)
    missing: tuple[str, ...]
    handling: tuple[str, ...]
    questions: tuple[str, ...]
    payment: str | None
    checks: tuple[tuple[str, str], ...]  # (title, url)
    labels: Mapping[str, str]  # words for the keys of category, subcategory, level and missing
    buyer_language: str = "en"
    buyer_questions: tuple[str, ...] = ()  # the same questions in the buyer's language
    level_reason: str | None = None  # why this customer level


@dataclass(frozen=True, slots=True)
class Graded:
    """All stages' results of one message, before it is written as the JSON verdict.

    ``broken``: ids of signals that answered UNKNOWN because of a mistake of ours in them."""

    mail: Mail
    facts: Facts
    findings: tuple[Finding, ...]
    score: Score
    ms: float
    broken: tuple[str, ...] = ()
