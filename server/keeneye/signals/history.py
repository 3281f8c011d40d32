"""What the firm knows from before: earlier mails of the sender, the thread, and what colleagues said of them."""

from __future__ import annotations

from datetime import timedelta

from keeneye.model import Answer, Effect, Evidence, Facts, History
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal
from keeneye.signals.links import ours
from keeneye.signals.partner import sender_partner

LONG_ENOUGH = timedelta(days=30)
"""How long mail of our own must have been seen before a reply to something unseen is strange."""


def _history(facts: Facts) -> History | None:
    """None when no memory was asked, or the sender cannot be told."""
    return facts.history if facts.sender is not None else None


def _sender(facts: Facts) -> Evidence:
    return Evidence("header:From", facts.sender.address if facts.sender else "")


@signal(
    "history.ongoing",
    title="An exchange that goes on",
    text="{count} mails back and forth in this thread before; the last was of level {level}.",
    weight=12,
    effect=Effect.QUALITY,
    source="S4",
)
def ongoing(facts: Facts) -> Answer:
    """Hit when the message goes on in a thread that was seen, with a sender who is known for a real need.

    Why: what was told before need not be told again; a relation grows with the mails.
    Example: the third answer to our quotation: "fine, please send the proforma".
    Not a hit: the first mail; a thread led with others; an address under which somebody else writes.
    """
    history = _history(facts)
    if history is None or history.thread_known is None:
        return NOT_APPLICABLE
    known = history.level or history.level_before
    if not history.thread_known or history.thread_others or facts.forged or history.confirmed_fake:
        return MISS
    if known is None or known > 3 or not history.messages_in_thread:
        return MISS
    return hit(_sender(facts), values={"count": history.messages_in_thread, "level": known})


@signal(
    "history.wrote-before",
    title="Has written before",
    text="Earlier mails of this sender: {count}, the first on {date}.",
    weight=3,
    effect=Effect.QUALITY,
    source="S4",
)
def wrote_before(facts: Facts) -> Answer:
    """Hit when earlier mails of the same sender were seen and none was a danger.

    Why: who writes again means it more than who writes once.
    Example: the buyer who asked for a catalogue last month.
    Not a hit: the first mail; a sender whose mails were marked dangerous or called fake.
    """
    history = _history(facts)
    if history is None:
        return NOT_APPLICABLE
    if not history.messages_from_sender or history.danger_from_sender or history.confirmed_fake or facts.forged:
        return MISS
    first = history.first_seen.date().isoformat() if history.first_seen else ""
    return hit(_sender(facts), values={"count": history.messages_from_sender, "date": first})


@signal(
    "history.known-company",
    title="The company has written before",
    text="Earlier mails from this domain: {count}.",
    weight=3,
    effect=Effect.QUALITY,
    source="P",
)
def known_company(facts: Facts) -> Answer:
    """Hit when others of the sender's company domain wrote before him.

    Why: a colleague of a known buyer is no stranger.
    Example: the purchasing manager after his engineer.
    Not a hit: a mail provider's domain, which says nothing; the same person again.
    """
    history = _history(facts)
    if history is None or history.messages_from_domain is None:
        return NOT_APPLICABLE
    others = history.messages_from_domain - history.messages_from_sender
    if others < 1 or history.danger_from_sender or history.confirmed_fake or facts.forged:
        return MISS
    return hit(_sender(facts), values={"count": others})


@signal(
    "history.confirmed-genuine",
    title="Colleagues confirmed this sender",
    text="Mails of this sender that colleagues called genuine: {count}. What they showed against it counts no more.",
    weight=15,
    source="domain §8",
)
def confirmed_genuine(facts: Facts) -> Answer:
    """Hit when readers called earlier mails of the sender genuine, and this one is from the same place.

    Why: what colleagues know is worth more than what can be guessed.
    Example: a buyer whose odd mail server looked forged, confirmed twice by telephone.
    Not a hit: nobody said anything; one of them was called fake; the sender's host denies this mail.
    """
    history = _history(facts)
    if history is None:
        return NOT_APPLICABLE
    if not history.confirmed_genuine or history.confirmed_fake or facts.forged:
        return MISS
    return hit(
        _sender(facts),
        values={"count": history.confirmed_genuine},
        strength=min(1.0, history.confirmed_genuine / 2),
    )


@signal(
    "history.confirmed-fake",
    title="Colleagues reported this sender as fake",
    text="Mails of this sender that colleagues called fake: {count}.",
    headline="A colleague reported this sender as fake",
    weight=-40,
    source="domain §8",
)
def confirmed_fake(facts: Facts) -> Answer:
    """Hit when readers called earlier mails of the sender fake.

    Why: the next letter of a swindler is often better written than the first.
    Example: the same address with a new story.
    Not a hit: labels that were taken back; more mails called genuine than fake.
    """
    history = _history(facts)
    if history is None:
        return NOT_APPLICABLE
    if history.confirmed_fake <= history.confirmed_genuine:
        return MISS
    return hit(_sender(facts), values={"count": history.confirmed_fake})


@signal(
    "history.danger-before",
    title="Earlier mails of this sender were dangerous",
    text="Mails of this sender that were graded as dangerous: {count}.",
    weight=-12,
    source="domain §8",
)
def danger_before(facts: Facts) -> Answer:
    """Hit when earlier mails of the sender were graded as dangerous and nobody called one genuine.

    Why: who tried once tries again.
    Example: a second "invoice" from the address of the first.
    Not a hit: readers said that they were genuine; the danger is this very message.
    """
    history = _history(facts)
    if history is None:
        return NOT_APPLICABLE
    if not history.messages_from_sender or not history.danger_from_sender or history.confirmed_genuine:
        return MISS
    return hit(_sender(facts), values={"count": history.danger_from_sender})


@signal(
    "history.stranger-in-thread",
    title="A stranger writes into a thread led with others",
    text="This thread was led with another address until now; {address} was never part of it.",
    headline="A stranger goes on with somebody else's thread",
    weight=-25,
    type="fraud/payment_diversion",
    source="P",
)
def stranger_in_thread(facts: Facts) -> Answer:
    """Hit when a known thread is gone on with from an address and a company that had no part in it.

    Why: who broke into a mailbox goes on with the thread from a domain of his own, and then changes the bank account.
    Example: orders@acme-valves.example after nine mails with orders@acmevalves.example.
    Not a hit: a colleague at the same domain; an address or company that wrote here before; a copy to us by our people.
    """
    history = _history(facts)
    if history is None or history.thread_known is None:
        return NOT_APPLICABLE
    stranger = not history.messages_from_sender and not history.messages_from_domain and not history.ours_to_sender
    if not history.thread_others or not stranger or history.confirmed_genuine:
        return MISS
    return hit(_sender(facts), values={"address": facts.sender.address if facts.sender else ""})


@signal(
    "history.unseen-thread",
    title="Answers a mail of yours that nobody here has seen",
    text="It says that it answers “{quote}”; no such mail of yours was seen.",
    weight=-6,
    source="P",
    unknown="Your own mails have not been seen for long enough to say",
)
def unseen_thread(facts: Facts) -> Answer:
    """Hit when a message claims to answer a message id of our own that was never seen, though ours are.

    Why: an invented thread makes a stranger look like an old acquaintance.
    Example: "Re: your quotation" with a made-up id of our domain.
    Not a hit: it answers somebody else's mail; our own mail is not seen, or only since a few weeks.
    """
    history = _history(facts)
    if history is None or history.thread_known is None:
        return NOT_APPLICABLE
    claimed = [
        r
        for r in (*facts.mail.references, facts.mail.in_reply_to or "")
        if ours(facts, r.strip("<> ").rpartition("@")[2].lower())
    ]
    if history.thread_known or not claimed:
        return MISS
    if history.ours_since is None or facts.answers.now - history.ours_since < LONG_ENOUGH:
        return UNKNOWN
    return hit(Evidence("header:References", claimed[-1][:120]))


@signal(
    "history.claims-order-unknown",
    title="Speaks of an order of which you have no record",
    text="“{quote}”, but neither this address nor its company is on your list of customers.",
    headline="Speaks of an order you have no record of",
    weight=-14,
    source="S4",
)
def claims_order_unknown(facts: Facts) -> Answer:
    """Hit when an earlier order, payment or contract with us is spoken of by one whom neither list nor memory knows.

    Why: an invented order makes a stranger look like an old customer, and its "invoice" gets opened.
    Example: "the balance of our last order with you was paid, see the slip".
    Not a hit: a listed customer or partner; mail of ours went to him before; a thread that was seen; an order placed
    with somebody else; no list of customers was given.
    """
    history = _history(facts)
    noticed = facts.mail.forwarded is not None and facts.mail.forwarded.kind == "notice"
    if history is None or not history.customers_listed or noticed:
        return NOT_APPLICABLE
    words = facts.says("history.earlier-order")
    if not words:
        return MISS
    known = history.listed or history.ours_to_sender or history.thread_known or history.confirmed_genuine
    return MISS if known or sender_partner(facts) is not None else hit(words)


@signal(
    "history.first-mail",
    title="The first mail from here",
    text="Neither this address nor its company was seen before.",
    weight=0,
    effect=Effect.FACT,
    source="S4",
)
def first_mail(facts: Facts) -> Answer:
    """Hit when neither the address nor its company domain was seen before. Says nothing against anybody.

    Why: every good customer wrote a first time.
    Example: a new inquiry.
    Not a hit: somebody of the company wrote before.
    """
    history = _history(facts)
    if history is None:
        return NOT_APPLICABLE
    if history.messages_from_sender or history.messages_from_domain or history.ours_to_sender or history.listed:
        return MISS
    return hit(_sender(facts))
