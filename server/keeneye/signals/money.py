"""Tales of money that waits for the reader: inheritance, prize, donation, loan, investor, gold, romance, blackmail.

Single words of such tales stand in honest mail too. Each signal therefore asks for several themes at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keeneye.model import Answer, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal

ADVANCE_FEE: Final = "fraud/advance_fee"
SHORT: Final = 90
"""Words of the writer below which a message can only be a lure for an answer."""
TALK: Final = 400
"""Words up to which a message is a letter rather than an article."""
LONG: Final = 1_500
"""Words above which single themes are chance: newsletters and minutes of meetings hold all of them."""

# What the tale is about, and what goes with it. The sizes say how rarely honest business mail holds such words.
_CORE: Final[Mapping[str, float]] = {
    "money.large-sum": 1.0, "money.estate": 1.2, "money.idle-funds": 1.0, "money.move-funds": 0.9,
    "money.donation": 0.9, "money.lottery": 1.0, "money.compensation": 1.0, "money.consignment": 0.9,
}  # fmt: skip
_WITH: Final[Mapping[str, float]] = {
    "money.share": 0.6, "money.secrecy": 0.6, "money.private-reply": 0.4, "money.authority": 0.5, "money.illness": 0.6,
    "money.faith": 0.4, "money.surprise": 0.4, "money.trust": 0.4, "money.proposal": 0.5, "money.vague-lure": 0.3,
    "money.personal-data": 0.4,
}  # fmt: skip
_CHANNEL = 0.6
_STORY_LEAST = 2.4
_STORY_FULL = 4.2


def present(facts: Facts, tags: Mapping[str, float] | tuple[str, ...]) -> tuple[str, ...]:
    """Those of the tags that the writer's own words hold, in the given order."""
    return tuple(tag for tag in tags if facts.said.get(tag))


def firsts(facts: Facts, tags: tuple[str, ...]) -> tuple[Evidence, ...]:
    """The first words of each tag."""
    return tuple(facts.said[tag][0] for tag in tags)


def channel(facts: Facts) -> Evidence | None:
    """Where the answer is to go, when that is another free mailbox than the one the message came from."""
    sender = facts.mail.from_.address if facts.mail.from_ else ""
    other = facts.reply_to
    if other is not None and other.address != sender and other.answer and other.answer.mailbox == "free":
        return Evidence("header:Reply-To", other.address)
    written = (e for e in facts.contact.emails if "@" in e.quote and e.quote.lower() != sender)
    for found in written:
        answer = facts.answers.domains.get(found.quote.lower().rsplit("@", 1)[-1])
        if answer is not None and answer.mailbox == "free" and facts.says("money.private-reply"):
            return found
    return None


def in_thread(facts: Facts) -> bool:
    """Whether the message continues a talk: it answers ours, quotes a thread, or the store knows the sender."""
    history = facts.history
    if history is not None and (history.listed or history.confirmed_genuine or history.messages_in_thread > 1):
        return True
    return bool((facts.mail.in_reply_to or facts.mail.references) and facts.mail.quoted)


def asks_goods(facts: Facts) -> bool:
    """Whether a product is named with a quantity, model or specification."""
    asked = facts.request
    return bool(asked.quantities or asked.models or asked.specifications) and bool(asked.products or asked.models)


def _graded(value: float, least: float, full: float) -> float:
    """0.5 at ``least`` rising to 1 at ``full``."""
    return min(1.0, 0.5 + 0.5 * (value - least) / (full - least))


@signal(
    "money.story",
    title="Tells of money that waits for you",
    text="{themes} things of an advance-fee tale come together: “{quote}”.",
    headline="Promises money to get your money",
    weight=-85,
    type=ADVANCE_FEE,
    source="S2 S4; domain §2; public descriptions of advance-fee fraud",
)
def story(facts: Facts) -> Answer:
    """Hit when a large sum, an estate, idle funds, a gift or a prize meets shares, secrecy, trust, officials.

    Why: advance-fee fraud in all its forms is told with the same few themes; three together are no chance.
    Example: "USD 12 million of my late client … next of kin … 40 % for you … strictly confidential".
    Not a hit: a developer's "transfer" or "account", a news digest, an invoice with a large total.
    """
    core = present(facts, _CORE)
    if not core or (facts.says("tender.eoi") and set(core) <= {"money.large-sum", "money.idle-funds"}):
        return MISS
    others = present(facts, _WITH)
    way = channel(facts)
    total = sum(_CORE[t] for t in core) + sum(_WITH[t] for t in others) + (_CHANNEL if way else 0.0)
    least = _STORY_LEAST + (1.2 if facts.own_words > LONG else 0.0)
    if set(core) <= {"money.large-sum", "money.idle-funds", "money.move-funds"}:
        least += 0.8 if facts.own_words > TALK else 0.0  # the news are full of large sums
    if facts.mail.in_reply_to and facts.mail.references:
        least += 1.2
    count = len(core) + len(others)
    if total < least or count < 3:
        return MISS
    evidence = firsts(facts, core + others)
    return hit(
        evidence, () if way is None else way, values={"themes": count}, strength=_graded(total, least, _STORY_FULL)
    )


@signal(
    "money.inheritance",
    title="Offers a dead person's or a forgotten account's money",
    text="“{quote}”: nobody gives such money to a stranger.",
    headline="Offers the money of a dead or forgotten owner",
    weight=-48,
    type=ADVANCE_FEE,
    source="S4; public descriptions of advance-fee fraud (next of kin, dormant account)",
)
def inheritance(facts: Facts) -> Answer:
    """Hit when an estate or a dead client meets funds, a transfer, an official or a second mailbox.

    Why: the oldest form: you are to stand as next of kin, then a fee follows.
    Example: "I am the account officer of a deceased client and seek your consent to present you as next of kin".
    Not a hit: a notice that a colleague has died; "late delivery"; the word inheritance in program code.
    """
    if not facts.says("money.estate"):
        return MISS
    others = present(
        facts, ("money.large-sum", "money.idle-funds", "money.move-funds", "money.share", "money.authority",
                "money.trust", "money.compensation", "money.donation")
    )  # fmt: skip
    way = channel(facts)
    if len(others) + (way is not None) < 2 - (facts.own_words <= SHORT and bool(others)):
        return MISS
    return hit(facts.says("money.estate")[0], firsts(facts, others), strength=1.0 if len(others) > 1 else 0.7)


@signal(
    "money.gift",
    title="Says that you won or were given money",
    text="“{quote}”: you never took part.",
    headline="Says you won or were given money",
    weight=-50,
    type=ADVANCE_FEE,
    source="S4; public descriptions of lottery and donation fraud",
)
def gift(facts: Facts) -> Answer:
    """Hit when a donation or prize meets a sum, a claim, a chosen address or a second mailbox.

    Why: a fee or bank data must be given "to release" it. A piano given away for its freight is the same trick.
    Example: "your e-mail address was chosen to receive a donation of € 2,000,000, contact …".
    Not a hit: a charity that asks for a gift, a tombola at a trade fair, an open-source project's donations.
    """
    main = present(facts, ("money.donation", "money.lottery"))
    piano = facts.says("money.piano") if facts.own_words <= TALK and not asks_goods(facts) else ()
    if piano:
        main = main or present(facts, ("money.estate",))
    if not main:
        return MISS
    if piano:
        return hit(piano[0], firsts(facts, main))
    others = present(
        facts, ("money.large-sum", "money.compensation", "money.illness", "money.private-reply", "money.personal-data",
                "money.move-funds", "money.idle-funds", "money.faith", "money.trust")
    )  # fmt: skip
    way = channel(facts)
    size = len(main) + len(others) + (2 if way else 0)
    if size < 3 or (facts.own_words > LONG and size < 5):
        return MISS
    return hit(firsts(facts, main), firsts(facts, others), strength=min(1.0, 0.4 + 0.15 * size))


@signal(
    "money.held-payment",
    title="Says that a payment is held for you",
    text="“{quote}”: a compensation, card or fund you never asked for.",
    headline="Says an unasked payment is held for you",
    weight=-48,
    type=ADVANCE_FEE,
    source="S4; public descriptions of compensation-fund and ATM-card fraud",
)
def held_payment(facts: Facts) -> Answer:
    """Hit when a compensation, card or fund for "the beneficiary" meets an official, a sum or a call for your data.

    Why: the "release" costs a fee, again and again.
    Example: "your compensation fund … ATM card … contact the director with your full name and address".
    Not a hit: compensation for late delivery of an order, a bank draft as a buyer's payment term.
    """
    main = present(facts, ("money.compensation", "money.consignment"))
    if not main:
        return MISS
    others = present(
        facts, ("money.large-sum", "money.authority", "money.personal-data", "money.idle-funds", "money.lottery",
                "money.donation", "money.move-funds", "money.estate", "fees.before-order", "money.faith")
    )  # fmt: skip
    way = channel(facts)
    size = len(main) + len(others) + (1 if way else 0)
    if size < 3 or (facts.own_words > LONG and size < 5):
        return MISS
    return hit(firsts(facts, main), firsts(facts, others), strength=min(1.0, 0.4 + 0.15 * size))


@signal(
    "money.loan-offer",
    title="Offers a loan or an investor, unasked",
    text="“{quote}”: real lenders do not write to strangers.",
    weight=-58,
    type=ADVANCE_FEE,
    source="S4; public descriptions of loan and investment fraud",
)
def loan_offer(facts: Facts) -> Answer:
    """Hit when a loan or funding offer meets its rate, an investor, or a second mailbox.

    Why: the insurance, legal or transfer fee comes before the loan, which never comes.
    Example: "we fund your project at 3 % per annum, write to our consultant for the procedure".
    Not a hit: a buyer who asks for 60 days credit, a bank's letter of credit, a list post about mortgages.
    """
    offers, terms, investor = (facts.says(f"money.{t}") for t in ("loan-offer", "loan-terms", "investor"))
    if not (offers or investor):
        return MISS
    way = channel(facts)
    more = present(
        facts, ("money.private-reply", "money.proposal", "money.trust", "money.personal-data", "money.large-sum")
    )
    size = 1.5 * min(len(offers), 2) + 1.2 * min(len(investor), 3) + 1.0 * min(len(terms), 2) + 0.4 * len(more)
    elsewhere = facts.reply_to is not None and facts.sender is not None and facts.reply_to.domain != facts.sender.domain
    size += 1.0 if way else 0.6 if elsewhere else 0.0
    if size < 3.0 or (facts.own_words > LONG and size < 5.5) or asks_goods(facts):
        return MISS
    return hit(offers[:2], investor[:2], terms[:2], strength=_graded(size, 3.0, 5.5))


@signal(
    "money.vague-lure",
    title="Wants only an answer, and says nothing else",
    text="“{quote}”, with no goods, no firm and no reason.",
    weight=-44,
    type=ADVANCE_FEE,
    source="S4; public descriptions of advance-fee fraud (first contact)",
)
def vague_lure(facts: Facts) -> Answer:
    """Hit when a short first message only asks whether you are there or hints at something important.

    Why: the swindler looks for people who answer; the tale follows.
    Example: "I have something important to share with you, reply to my private mail".
    Not a hit: "did you get my mail of Monday about the valves?" in a thread, a buyer who names goods.
    """
    if facts.own_words > SHORT or in_thread(facts) or facts.mail.references:
        return NOT_APPLICABLE
    words = present(
        facts, ("money.vague-lure", "money.private-reply", "money.proposal", "money.trust", "money.surprise",
                "money.faith", "money.romance")
    )  # fmt: skip
    way = channel(facts)
    redirected = way is not None and way.part.startswith("header")  # then one word that looks like goods proves little
    if (
        not words
        or facts.request.models
        or (facts.request.products and not redirected)
        or facts.says("deal.your-products", "deal.catalogue-ask")
        or facts.request.quantities
        or facts.request.price
        or facts.says("price.request", "money.trade-matter")
    ):
        return MISS
    free = facts.sender is not None and facts.sender.answer is not None and facts.sender.answer.mailbox == "free"
    elsewhere = facts.reply_to is not None and facts.sender is not None and facts.reply_to.domain != facts.sender.domain
    if facts.says("pitch.job", "pitch.consumer", "pitch.we-make"):
        return MISS
    size = len(words) + (0 if way is None else 2 if redirected else 1) + (0.5 if free else 0)
    size += 1 if elsewhere and way is None else 0
    if size < 2.5 or not (way or free or elsewhere or len(words) > 2):
        return MISS
    return hit(firsts(facts, words), () if way is None else way, strength=min(1.0, 0.3 + 0.2 * size))


@signal(
    "money.blackmail",
    title="Threatens to publish something and demands money",
    text="“{quote}”: sent in millions, with nothing behind it.",
    headline="Threatens you and demands money",
    weight=-85,
    type="fraud/extortion",
    source="public descriptions of sextortion mail",
)
def blackmail(facts: Facts) -> Answer:
    """Hit when a ransom is demanded for a claimed break-in and shame before others, or twice for one of the two.

    Why: mass blackmail; a true break-in is not announced so.
    Example: "I infected your device … send USD 900 in bitcoin within 48 hours or your contacts get the video".
    Not a hit: a security advisory about malware, an offer of a bitcoin wallet, a bug report.
    """
    hacked, shame, ransom = (facts.says(f"money.{t}") for t in ("hacked-you", "shame", "ransom"))
    if not ransom or not (hacked or shame):
        return MISS
    if not (hacked and shame) and len(ransom) < 2:
        return MISS
    return hit(hacked[:2], shame[:2], ransom[:2], strength=1.0 if hacked and shame else 0.7)


@signal(
    "money.gold-seller",
    title="Offers gold, diamonds or oil to a stranger",
    text="“{quote}”: such goods are not sold by mail to strangers.",
    weight=-35,
    type=ADVANCE_FEE,
    source="public descriptions of gold and oil fraud",
)
def gold_seller(facts: Facts) -> Answer:
    """Hit when gold, rough diamonds or oil is offered with a mandate, a share, trust or a second mailbox.

    Why: the buyer pays for inspection, tanks or taxes; the goods do not exist.
    Example: "120 kg of gold bars, we look for a serious buyer".
    Not a hit: a jeweller who buys gold-plated chain, gold-plated contacts, diamond tools.
    """
    goods = facts.says("money.commodity")
    if not goods:
        return MISS
    others = present(
        facts, ("money.trust", "money.private-reply", "money.share", "money.proposal", "money.large-sum",
                "money.estate", "money.faith", "money.surprise", "money.move-funds")
    )  # fmt: skip
    if len(goods) + len(others) + (1 if channel(facts) else 0) < 3:
        return MISS
    return hit(goods[:2], firsts(facts, others))


@signal(
    "money.coins",
    title="Promises profit or repayment in crypto coins",
    text="“{quote}”: paid in, never paid out.",
    weight=-30,
    type=ADVANCE_FEE,
    source="public descriptions of crypto investment fraud",
)
def coins(facts: Facts) -> Answer:
    """Hit when coin profits or recovered coins are promised with a sum, trust, terms or a second mailbox.

    Why: the deposit is the loss.
    Example: "your wallet holds 1.2 BTC of profit, pay the withdrawal fee".
    Not a hit: a developers' list on a bitcoin library, a buyer who asks whether USDT is accepted.
    """
    words = facts.says("money.crypto")
    if not words or facts.own_words > LONG:
        return MISS
    others = present(
        facts, ("money.large-sum", "money.trust", "money.loan-terms", "money.investor", "money.private-reply",
                "money.personal-data", "money.proposal", "fees.before-order", "money.lottery", "tone.pressure")
    )  # fmt: skip
    if len(words) + len(others) + (1 if channel(facts) else 0) < 3 or asks_goods(facts):
        return MISS
    return hit(words[:2], firsts(facts, others))


@signal(
    "money.romance",
    title="Seeks love or friendship from a stranger",
    text="“{quote}”: no business, and money is asked for later.",
    weight=-28,
    type=ADVANCE_FEE,
    source="public descriptions of romance fraud",
)
def romance(facts: Facts) -> Answer:
    """Hit when loneliness or a search for a partner in life is told in a first message without business.

    Why: romance fraud begins so.
    Example: "I am a single lady, I saw your profile and look for a serious relationship".
    Not a hit: "we look for a serious long-term business relationship".
    """
    words = facts.says("money.romance")
    if not words or asks_goods(facts) or in_thread(facts) or facts.mail.in_reply_to:
        return MISS
    if len(words) + len(present(facts, ("money.faith", "money.private-reply", "money.vague-lure", "money.estate"))) < 2:
        return MISS
    return hit(words)


@signal(
    "money.middleman",
    title="Wants you as middleman for raw material or vaccine",
    text="“{quote}”: the only seller is the swindler himself.",
    weight=-40,
    type=ADVANCE_FEE,
    source="public descriptions of the raw-material (pharmaceutical agent) fraud; rule 47",
)
def middleman(facts: Facts) -> Answer:
    """Hit when a stranger at a laboratory seeks a partner to buy material, seed or vaccine for his firm.

    Why: you buy from "the local farmer" at your cost; the laboratory never pays.
    Example: "research assistant of a bio-pharmaceutical company, represent my company in sourcing raw material".
    Not a hit: a pharmaceutical buyer who asks for a named raw material with grade and quantity.
    """
    words = facts.says("money.middleman")
    if not words or asks_goods(facts) or in_thread(facts) or facts.own_words > LONG:
        return MISS
    others = present(facts, ("money.proposal", "money.trust", "money.share", "money.private-reply", "money.secrecy"))
    different = len({e.quote.lower() for e in words})
    if different + len(others) + (1 if channel(facts) else 0) < 3 or not others:
        return MISS
    return hit(words[:2], firsts(facts, others))


@signal(
    "money.job-mule",
    title="Offers work that moves money for others",
    text="“{quote}”: the stolen money goes through your account.",
    weight=-28,
    type=ADVANCE_FEE,
    source="public descriptions of money-mule and representative fraud",
)
def job_mule(facts: Facts) -> Answer:
    """Hit when a stranger seeks a representative, payment agent or home worker with a share or weekly pay.

    Why: money mules; the account holder answers for it.
    Example: "we need a representative who receives payments from our customers, 10 % is yours".
    Not a hit: a foreign firm that wants to become our sales agent for named goods.
    """
    words = facts.says("money.job")
    if not words or asks_goods(facts):
        return MISS
    others = present(
        facts, ("money.share", "money.private-reply", "money.vague-lure", "money.trust", "money.personal-data")
    )
    if len(words) + len(others) + (1 if channel(facts) else 0) < 3:
        return MISS
    return hit(words[:2], firsts(facts, others))
