"""What a marketplace shows of the buyer: read by the client from the page, by us from its notice, or typed by a reader.

Keys, all optional; others are ignored (S3; rules 89, 93, 94, 98):

- ``verified`` bool: the marketplace checked the buyer (blue badge, trusted buyer)
- ``email_confirmed`` bool, ``experienced_buyer`` bool, ``completed_orders`` int or bool
- ``member_since``: year, or a date that begins with it; ``member`` bool: marked as a member beside the badge
- ``level``: L0 registered … L4 professional
- in the last 90 days, ints: ``product_views``, ``valid_inquiries``, ``replied``, ``valid_rfqs``, ``login_days``,
  ``junk_inquiries``, ``blacklisted``
- ``searches``: list of the buyer's usual search words
- where the buyer looked, ints: ``store_pages`` of our store, ``sellers_seen`` on the marketplace
- ``trade_records`` int or bool: trade data behind the company; ``procurement``: what it says to buy in a year
"""

from __future__ import annotations

import math
import re
from typing import Any

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal

_NOT_SHOWN = "The marketplace does not show this"


def _get(facts: Facts, key: str) -> Any:
    return facts.profile.get(key)


def _number(facts: Facts, key: str) -> int | None:
    value = _get(facts, key)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return int(min(max(value, 0), 10**9))
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value.strip()):
        return int(value)
    return None


def _yes(value: Any) -> bool | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip().lower() in ("yes", "true", "1", "y")
    return bool(value)


def _shown(key: str, value: object) -> Evidence:
    return Evidence(f"profile:{key}", str(value)[:60])


def _flag(facts: Facts, key: str) -> Answer:
    if not facts.profile:
        return NOT_APPLICABLE
    value = _yes(_get(facts, key))
    if value is None:
        return UNKNOWN
    return hit(_shown(key, "yes")) if value else MISS


@signal(
    "profile.verified",
    title="Verified by the marketplace",
    text="The marketplace checked this buyer.",
    weight=6,
    effect=Effect.QUALITY,
    source="S3; rule 94",
    unknown=_NOT_SHOWN,
)
def verified(facts: Facts) -> Answer:
    """Hit when the profile carries the marketplace's badge.

    Why: an important sign of credibility.
    Example: ``{"verified": true}``.
    Not a hit: an e-mail address that was only confirmed.
    """
    return _flag(facts, "verified")


@signal(
    "profile.email-confirmed",
    title="The marketplace confirmed the e-mail address",
    text="A weak sign: many have it.",
    weight=1,
    effect=Effect.QUALITY,
    source="rule 98",
    unknown=_NOT_SHOWN,
)
def email_confirmed(facts: Facts) -> Answer:
    """Hit when the marketplace says that the address answers.

    Why: weak; nearly half of all requests have it.
    Example: ``{"email_confirmed": true}``.
    Not a hit: no profile was handed over.
    """
    return _flag(facts, "email_confirmed")


@signal(
    "profile.experienced",
    title="Has bought on the marketplace before",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="rules 33, 98",
    unknown=_NOT_SHOWN,
)
def experienced(facts: Facts) -> Answer:
    """Hit when the profile shows completed orders or calls the buyer experienced.

    Why: has done it and may do it again.
    Example: ``{"completed_orders": 3}``.
    Not a hit: zero orders.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    orders, seasoned = _number(facts, "completed_orders"), _yes(_get(facts, "experienced_buyer"))
    if orders is None and seasoned is None:
        return UNKNOWN
    if orders:
        return hit(_shown("completed_orders", orders))
    return hit(_shown("experienced_buyer", "yes")) if seasoned else MISS


@signal(
    "profile.member",
    title="Member of the marketplace for years",
    text="Since {quote}.",
    weight=3,
    effect=Effect.QUALITY,
    source="S3",
    unknown=_NOT_SHOWN,
)
def member(facts: Facts) -> Answer:
    """Hit when membership began at least two calendar years ago.

    Why: swindlers' accounts do not last.
    Example: ``{"member_since": "2019"}``.
    Not a hit: joined this or last year.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    found = re.search(r"(?:19|20)\d\d", str(_get(facts, "member_since") or "")[:40])
    if found is None:
        return UNKNOWN
    return hit(_shown("member_since", found[0])) if facts.answers.now.year - int(found[0]) >= 2 else MISS


@signal(
    "profile.marked-member",
    title="Marked as a member by the marketplace",
    text="Beside the badge of the buyer.",
    weight=2,
    effect=Effect.QUALITY,
    source="S3",
    unknown=_NOT_SHOWN,
)
def marked_member(facts: Facts) -> Answer:
    """Hit when the small portrait of a member stands beside the badge.

    Why: added to the verification.
    Example: ``{"member": true}``.
    Not a hit: registered without membership.
    """
    return _flag(facts, "member")


@signal(
    "profile.level",
    title="The marketplace ranks the buyer as a business",
    text="Level {quote}.",
    weight=6,
    effect=Effect.QUALITY,
    source="rule 89",
    unknown=_NOT_SHOWN,
)
def level(facts: Facts) -> Answer:
    """Hit when the buyer level is L2 (small business) or higher; L4 counts in full.

    Why: the marketplace knows the trade volume.
    Example: ``{"level": "L3"}``.
    Not a hit: L0 registered, L1 potential; "L1+", which says nothing more.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    found = re.search(r"[Ll]\s?([0-4])", str(_get(facts, "level") or "")[:10])
    if found is None:
        return UNKNOWN
    rank = int(found[1])
    return hit(_shown("level", f"L{rank}"), strength=(rank + 1) / 5) if rank >= 2 else MISS


@signal(
    "profile.active",
    title="Active on the marketplace in the last 90 days",
    text="{views} product views, {inquiries} valid inquiries, {days} log-in days.",
    weight=5,
    effect=Effect.QUALITY,
    source="S3",
    unknown=_NOT_SHOWN,
)
def active(facts: Facts) -> Answer:
    """Hit when views, inquiries with replies, requests and log-in days together show a busy buyer.

    Why: a large purchasing demand leaves traces.
    Example: 120 views, 8 valid inquiries, 15 log-in days.
    Not a hit: one inquiry and one log-in.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    views, inquiries = _number(facts, "product_views"), _number(facts, "valid_inquiries")
    days, requests = _number(facts, "login_days"), _number(facts, "valid_rfqs")
    if views is None and inquiries is None and days is None and requests is None:
        return UNKNOWN
    asked = max(inquiries or 0, _number(facts, "replied") or 0) + (requests or 0)
    enough = [(views or 0) >= 30, asked >= 3, (days or 0) >= 8]
    if sum(enough) < 2:
        return MISS
    values = {"views": views or 0, "inquiries": inquiries or 0, "days": days or 0}
    return hit(_shown("product_views", views or 0), values=values)


@signal(
    "profile.clean",
    title="No junk inquiries, never blacklisted",
    text="Both are 0 with an active account.",
    weight=5,
    effect=Effect.QUALITY,
    source="S3",
    unknown=_NOT_SHOWN,
)
def clean(facts: Facts) -> Answer:
    """Hit when junk inquiries and blacklistings are both shown as 0 and there was some activity.

    Why: further proof that the inquiry is genuine.
    Example: junk 0, blacklisted 0, 40 views.
    Not a hit: an account without activity, which is clean by nature.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    junk, black = _number(facts, "junk_inquiries"), _number(facts, "blacklisted")
    if junk is None or black is None:
        return UNKNOWN
    moved = sum(_number(facts, k) or 0 for k in ("product_views", "valid_inquiries", "valid_rfqs", "login_days"))
    return hit(_shown("junk_inquiries", 0)) if junk == 0 and black == 0 and moved >= 3 else MISS


@signal(
    "profile.junk",
    title="Other sellers reported junk inquiries",
    text="{quote} in the last 90 days.",
    weight=-10,
    effect=Effect.QUALITY,
    type="casual",
    source="S3",
    unknown=_NOT_SHOWN,
)
def junk(facts: Facts) -> Answer:
    """Hit when inquiries of this account were marked as junk.

    Why: other sellers found nothing behind them.
    Example: ``{"junk_inquiries": 4}``.
    Not a hit: 0; not shown.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    count = _number(facts, "junk_inquiries")
    if count is None:
        return UNKNOWN
    return hit(_shown("junk_inquiries", count), strength=min(1.0, 0.4 + count / 5)) if count else MISS


@signal(
    "profile.blacklisted",
    title="Other sellers blacklisted this buyer",
    text="{quote} times.",
    headline="Other sellers blacklisted this buyer",
    weight=-25,
    source="S3",
    unknown=_NOT_SHOWN,
)
def blacklisted(facts: Facts) -> Answer:
    """Hit when sellers put the account on their black list.

    Why: they had a reason. Look before you answer.
    Example: ``{"blacklisted": 2}``.
    Not a hit: 0; not shown.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    count = _number(facts, "blacklisted")
    if count is None:
        return UNKNOWN
    return hit(_shown("blacklisted", count), strength=min(1.0, 0.6 + count / 10)) if count else MISS


@signal(
    "profile.searches-unrelated",
    title="Searches for unrelated goods: probably a trading company",
    text="Such as “{quote}”.",
    weight=0,
    effect=Effect.FACT,
    source="S3",
    unknown=_NOT_SHOWN,
)
def searches_unrelated(facts: Facts) -> Answer:
    """Hit when the usual searches are of four or more kinds of goods, none of which is most of them.

    Why: tells what kind of buyer it is; neither good nor bad.
    Example: "led strip", "garden hose", "toy car", "gas stove".
    Not a hit: variations of one product.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    searches = _get(facts, "searches")
    if not isinstance(searches, (list, tuple)):
        return UNKNOWN
    searches = [s for s in searches[:20] if str(s)[:60].strip()]
    groups = _groups([_terms(str(s)[:60]) for s in searches])
    apart = [searches[group[0]] for group in groups]
    if len(apart) < 4 or 2 * max(map(len, groups)) > len(searches):
        return MISS
    return hit(*(_shown("searches", s) for s in apart[:4]))


_WORD = re.compile(r"[a-z0-9]{2,}|[^\W\d_a-z]{2,}")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_GENERAL = frozenset(
    "and con de di for from high low mini new para pour quality set small top und von wholesale with cheap price"
    " factory china custom machine product products supplier manufacturer 2024 2025 2026".split()
)


def _terms(search: str) -> frozenset[str]:
    """Its distinctive words without a plural s; pairs of letters where a language has no blanks."""
    terms: set[str] = set()
    for word in _WORD.findall(search.lower()):
        if _WIDE.search(word):
            terms.update(word[i : i + 2] for i in range(len(word) - 1))
        elif word not in _GENERAL:
            terms.add(word.removesuffix("s"))
    return frozenset(terms)


def _groups(searches: list[frozenset[str]]) -> list[list[int]]:
    """Places of searches that hang together by common words; one without a distinctive word belongs to none."""
    groups: list[tuple[set[str], list[int]]] = []
    for place, terms in enumerate(searches):
        if not terms:
            continue
        joined: tuple[set[str], list[int]] = (set(terms), [place])
        others = []
        for group in groups:
            if group[0].isdisjoint(terms):
                others.append(group)
            else:
                joined = (joined[0] | group[0], group[1] + joined[1])
        groups = [*others, joined]
    return [sorted(places) for _, places in sorted(groups, key=lambda g: min(g[1]))]


@signal(
    "profile.viewed-store",
    title="Looked at your store on the marketplace",
    text="Pages of your store: {quote}.",
    weight=4,
    effect=Effect.QUALITY,
    source="S3; rule 74",
    unknown=_NOT_SHOWN,
)
def viewed_store(facts: Facts) -> Answer:
    """Hit when the visitor details show three or more pages of our own store.

    Why: who looked around means our goods, not the next best ones.
    Example: ``{"store_pages": 6}``.
    Not a hit: the one page from which the inquiry was sent.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    pages = _number(facts, "store_pages")
    if pages is None:
        return UNKNOWN
    return hit(_shown("store_pages", pages), strength=min(1.0, pages / 6)) if pages >= 3 else MISS


@signal(
    "profile.compares-sellers",
    title="Compares many sellers: answer quickly and well",
    text="Sellers seen on the marketplace: {quote}.",
    weight=0,
    effect=Effect.FACT,
    source="S3",
    unknown=_NOT_SHOWN,
)
def compares_sellers(facts: Facts) -> Answer:
    """Hit when the buyer looked at ten or more sellers.

    Why: tells how many offers yours stands beside; neither good nor bad.
    Example: ``{"sellers_seen": 24}``.
    Not a hit: a few sellers.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    sellers = _number(facts, "sellers_seen")
    if sellers is None:
        return UNKNOWN
    return hit(_shown("sellers_seen", sellers)) if sellers >= 10 else MISS


@signal(
    "profile.trade-data",
    title="The marketplace shows trade or procurement data of the company",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S3; rule 31",
    unknown=_NOT_SHOWN,
)
def trade_data(facts: Facts) -> Answer:
    """Hit when trade records, or what the company buys in a year, are shown. A statement counts half of records.

    Why: a company that imports leaves records that others keep.
    Example: ``{"trade_records": 12}``, ``{"procurement": "USD 300,000 a year"}``.
    Not a hit: zero records.
    """
    if not facts.profile:
        return NOT_APPLICABLE
    records, stated = _number(facts, "trade_records"), _get(facts, "procurement")
    if records is None and stated is None:
        return UNKNOWN
    if records:
        return hit(_shown("trade_records", records))
    return hit(_shown("procurement", stated), strength=0.5) if str(stated or "").strip() else MISS
