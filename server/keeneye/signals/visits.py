"""Whether somebody looked at the firm's own website from where the message was sent (S1).

The firm's web log is asked by the address, or by its network, which is weaker. Providers that hide the address leave
nothing to ask for; that is no bad sign, and no visit is none either: buyers also find us on fairs and marketplaces.
"""

from __future__ import annotations

from keeneye.model import Answer, Effect, Evidence, Facts, Visits
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal

SHOWN = 3
"""Product pages that are named."""


def _by_address(facts: Facts) -> Visits | None:
    found = facts.visits
    return found if found is not None and found.by == "address" else None


def _products(visits: Visits) -> tuple[Evidence, ...]:
    return tuple(Evidence("weblog:product", path) for path in visits.products[:SHOWN])


def _values(visits: Visits) -> dict[str, str | int | float]:
    return {
        "visits": visits.visits,
        "pages": visits.pages,
        "products": len(visits.products),
        "paths": ", ".join(visits.products[:SHOWN]),
        "date": visits.last_seen.date().isoformat(),
    }


@signal(
    "visits.products",
    title="Looked at your products before writing",
    text="Your web log: visits {visits}, pages {pages}, product pages {products} ({paths}), the last on {date}.",
    weight=7,
    effect=Effect.QUALITY,
    source="S1; rule 74",
)
def products(facts: Facts) -> Answer:
    """Hit when product pages of our site were opened from the very address that the message was sent from.

    Why: who looked at products means these products; three pages count in full.
    Example: five pages of two valves an hour before.
    Not a hit: bots and our own offices, which are left out; visits after the message; no web log was given.
    """
    if facts.history is None or facts.history.visits is None:
        return NOT_APPLICABLE
    visits = _by_address(facts)
    if visits is None or not visits.products:
        return MISS
    return hit(_products(visits), values=_values(visits), strength=min(1.0, 0.4 + visits.pages / 5))


@signal(
    "visits.site",
    title="Looked at your website before writing",
    text="Your web log: visits {visits}, pages {pages}, no product page, the last on {date}.",
    weight=3,
    effect=Effect.QUALITY,
    source="S1; rule 74",
)
def site(facts: Facts) -> Answer:
    """Hit when pages of our site, but no product's, were opened from the address of the message.

    Why: knows to whom he writes; the contact page alone says less.
    Example: the front page and "about us" on the day before.
    Not a hit: product pages were seen, which is better.
    """
    if facts.history is None or facts.history.visits is None:
        return NOT_APPLICABLE
    visits = _by_address(facts)
    if visits is None or visits.products:
        return MISS
    return hit(
        Evidence("weblog:visits", str(visits.visits)),
        values=_values(visits),
        strength=min(1.0, 0.4 + visits.pages / 5),
    )


@signal(
    "visits.network",
    title="Somebody in the sender's network looked at your website",
    text="Not the very address, but one beside it: visits {visits}, pages {pages}, product pages {products}, "
    "the last on {date}.",
    weight=2,
    effect=Effect.QUALITY,
    source="S1",
)
def network(facts: Facts) -> Answer:
    """Hit when only another address of the same small network visited us.

    Why: offices and telephone companies change addresses; it may also have been a neighbour, so it counts little.
    Example: the day before from another address of the same office.
    Not a hit: networks of hosting and mail providers, where neighbours have nothing in common.
    """
    if facts.history is None or facts.history.visits is None:
        return NOT_APPLICABLE
    visits = facts.visits
    if visits is None or visits.by != "network":
        return MISS
    shown = _products(visits) or (Evidence("weblog:visits", str(visits.visits)),)
    return hit(shown, values=_values(visits), strength=1.0 if visits.products else 0.5)


@signal(
    "visits.came-from",
    title="How the sender found your website",
    text="Came {way_word}: {quote}.",
    weight=0,
    effect=Effect.FACT,
    source="S1",
)
def came_from(facts: Facts) -> Answer:
    """Hit when the first visit from the address came by a search, a link on another site or a mail.

    Why: tells where the firm is found, and often what the buyer was looking for.
    Example: from a marketplace's page of ours.
    Not a hit: no referrer, which is a question of its own; a visit by a neighbour only.
    """
    if facts.history is None or facts.history.visits is None:
        return NOT_APPLICABLE
    visits = _by_address(facts)
    if visits is None or visits.came_by not in ("search", "site", "mail"):
        return MISS
    shown = visits.came_from or visits.first_seen.date().isoformat()
    return hit(
        Evidence("weblog:came-from", shown), values={"way": visits.came_by, "way_word": f"came_{visits.came_by}"}
    )


@signal(
    "visits.typed",
    title="Typed your website's address: who gave it to them?",
    text="First visit on {date}, without a search or a link before it, and no mails with this sender so far. "
    "A card, a fair, a bookmark or an application explains it: ask.",
    weight=0,
    effect=Effect.FACT,
    source="S1",
)
def typed(facts: Facts) -> Answer:
    """Hit when a stranger's first visit had no referrer.

    Why: one who typed an address nobody gave him is a question. Applications and privacy settings hide referrers too,
    so it is nothing against him.
    Example: the front page at once, without a search.
    Not a hit: a sender whom we wrote to, or who wrote before; logs that keep no referrers.
    """
    history = facts.history
    if history is None or history.visits is None:
        return NOT_APPLICABLE
    visits = _by_address(facts)
    if visits is None or visits.came_by != "typed" or history.messages_from_sender or history.ours_to_sender:
        return MISS
    date = visits.first_seen.date().isoformat()
    return hit(Evidence("weblog:came-by", date), values={"date": date})


@signal(
    "visits.none",
    title="Has not been on your website",
    text="Your web log has no visit from {quote} or its network. That is no bad sign: many come by marketplaces, fairs "
    "or from another connection.",
    weight=0,
    effect=Effect.FACT,
    source="S1",
    unknown="Your web log cannot be asked: the address of the sender is not shown",
)
def none(facts: Facts) -> Answer:
    """Hit when the address of the sender is known and neither it nor its network is in the web log.

    Why: said so that the reader need not look; it counts for nothing.
    Example: a buyer who found us on a marketplace.
    Not a hit: unknown when the mail provider hides the address or only its server shows.
    """
    if facts.history is None or facts.history.visits is None:
        return NOT_APPLICABLE
    if facts.visits is not None:
        return MISS
    if facts.origin.ip is None or facts.origin.hidden_by_provider or not facts.origin.own_network:
        return UNKNOWN
    return hit(Evidence("weblog:visits", facts.origin.ip))
