"""What a marketplace shows of the buyer: ``payload.profile``, as the client read it from the page.

Keys, all optional; others are ignored (S3; rules 89, 93, 94, 98):

- ``verified`` bool: the marketplace checked the buyer (blue badge, trusted buyer)
- ``email_confirmed`` bool, ``experienced_buyer`` bool, ``completed_orders`` int or bool
- ``member_since``: year, or a date that begins with it
- ``level``: L0 registered … L4 professional
- in the last 90 days, ints: ``product_views``, ``valid_inquiries``, ``replied``, ``valid_rfqs``, ``login_days``,
  ``junk_inquiries``, ``blacklisted``
- ``searches``: list of the buyer's usual search words
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
    enough = [(views or 0) >= 30, (inquiries or 0) + (requests or 0) >= 3, (days or 0) >= 8]
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
    """Hit when four or more usual searches share no word.

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
    terms = [set(str(s)[:60].lower().split()) for s in searches]
    if len(terms) < 4:
        return MISS
    shared = any(a & b for i, a in enumerate(terms) for b in terms[i + 1 :])
    return MISS if shared else hit(*(_shown("searches", s) for s in searches[:4]))
