"""Facts: what a message says and shows, drawn from ``Mail`` and the look-up answers, without network or clock.

``draw`` never raises for odd text; the text judged is bounded (see ``text.OWN_MOST`` and ``text.BODY_MOST``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from keeneye.facts import (
    attached,
    authentication,
    bank,
    claims,
    contact,
    goods,
    language,
    links,
    origin,
    profile,
    request,
    sent,
)
from keeneye.facts.domains import ours
from keeneye.facts.phrases import Hit, said, shipped
from keeneye.facts.places import gazetteer
from keeneye.facts.text import Text
from keeneye.model import EMPTY, Address, Answers, Facts, Firm, Mail, Origin, Request, SenderFacts

__all__ = ["draw", "passed_on", "warm"]

WORDS_MOST = 5_000


def draw(mail: Mail, answers: Answers, firm: Firm) -> Facts:
    """All facts of a message. Pure: the same arguments give the same facts."""
    text = Text(mail)
    hits = shipped().scan(text)
    by_tag: dict[str, list[Hit]] = {}
    for hit in hits:
        by_tag.setdefault(hit.tag, []).append(hit)
    own, anywhere = said(text, hits)
    spoken = language.of(text)
    who, where = contact.draw(text, by_tag, firm, _hints(mail, answers))
    ours = goods.find(text, firm.goods)
    asked = request.draw(text, by_tag, firm, [(g.start, g.end) for g in ours if g.by != "hs"])
    claimed = claims.weigh(text, by_tag, who, where, spoken, answers)
    inner = passed_on(mail, firm)
    entered = NOWHERE if inner else origin.find(mail, answers, firm)
    sender = _sender(mail.forwarded.from_ if inner and mail.forwarded else mail.from_, answers)
    papers, said_in_papers = attached.read(mail, firm) if mail.attachments else (Request(), EMPTY)
    proof = authentication.NOTHING if inner else authentication.seen(mail, answers, firm)
    return Facts(
        mail=mail,
        firm=firm,
        answers=answers,
        origin=entered,
        claimed=claimed,
        sent=sent.NEVER if inner else sent.times(mail, entered, claimed.value, answers, firm),
        sender=sender,
        reply_to=None if inner else _sender(mail.reply_to[0] if mail.reply_to else None, answers),
        return_path=None if inner else _return_path(mail, answers),
        authentication=proof,
        contact=who,
        request=goods.judge(text, asked, ours, firm.goods, spoken),
        language=spoken,
        links=links.facts(mail, answers),
        said=own,
        said_anywhere=anywhere,
        own_words=own_words(text),
        inner=mail.forwarded is not None,
        country_risk=answers.countries.get(claimed.value or _national(sender) or ""),
        history=answers.history,
        # What the client reads beside the message is of today; what the notice says, of that day; typed, of some day.
        profile={
            **(answers.history.profile if answers.history else {}),
            **profile.noticed(mail, proof),
            **(mail.profile or {}),
        },
        banks=bank.draw(text),
        enclosed=links.enclosed(mail, answers) if mail.attachments else (),
        attached=papers,
        said_attached=said_in_papers,
    )


NOWHERE = Origin(None, None, None, None, None)


def passed_on(mail: Mail, firm: Firm) -> bool:
    """Whether a colleague passed a stranger's message on: then the headers tell of the colleague, not of the writer."""
    return mail.forwarded is not None and mail.from_ is not None and ours(mail.from_.domain, firm)


def warm() -> None:
    """Compile lexicons, tables and the language model now, so that the first message is not slow."""
    shipped()
    language.warm()
    request.warm()
    contact.forms()
    gazetteer()


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_WIDE = re.compile("[\u2e80-\u9fff]")


def own_words(text: Text) -> int:
    """Words of the own text, at most WORDS_MOST; two letters of a language without spaces count as one word."""
    count = 0
    for span in text.own:
        part = text.folded[span.start : span.end]
        if not part.isascii():
            part, wide = _WIDE.subn(" ", part)
            count += (wide + 1) // 2
        count += len(_WORD.findall(part))
    return min(count, WORDS_MOST)


def _sender(address: Address | None, answers: Answers) -> SenderFacts | None:
    if address is None or not address.address:
        return None
    return SenderFacts(address.address, address.domain, answers.domains.get(address.domain))


def _return_path(mail: Mail, answers: Answers) -> SenderFacts | None:
    path = (mail.return_path or "").strip().strip("<>").lower()
    if "@" not in path:
        return None
    domain = path.rpartition("@")[2]
    return SenderFacts(path, domain, answers.domains.get(domain))


def _national(sender: SenderFacts | None) -> str | None:
    """The country of the sender's own domain; a free mailbox's ending says nothing of him."""
    answer = sender.answer if sender else None
    return answer.tld_country if answer and answer.mailbox not in ("free", "disposable") else None


def _hints(mail: Mail, answers: Answers) -> Sequence[str]:
    """Countries by whose rules a telephone number without country code may be read."""
    answer = answers.domains.get(mail.from_.domain) if mail.from_ else None
    return [c for c in ((answer.tld_country, answer.free_country) if answer else ()) if c]
