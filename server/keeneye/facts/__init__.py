"""Mail + lookup answers → Facts."""

from __future__ import annotations

import re

from keeneye.facts import authentication, language, links, origin, phrases, sent
from keeneye.facts.text import Text
from keeneye.model import Answers, ClaimedCountry, Contact, Facts, Firm, Mail, Request, SenderFacts

_WORD = re.compile(r"[^\W\d_]+|[\u3400-\u9fff]")


def draw(mail: Mail, answers: Answers, firm: Firm) -> Facts:
    """All facts of one message."""
    text = Text(mail)
    own, anywhere = phrases.said(text, phrases.shipped().scan(text))
    found = origin.find(mail, answers, firm)
    writer = mail.forwarded.from_ if mail.forwarded and mail.forwarded.from_ else mail.from_

    def about(address: str | None) -> SenderFacts | None:
        if not address or "@" not in address:
            return None
        domain = address.rsplit("@", 1)[1].lower()
        return SenderFacts(address.lower(), domain, answers.domains.get(domain))

    return Facts(
        mail=mail,
        firm=firm,
        answers=answers,
        origin=found,
        claimed=ClaimedCountry(None, 0.0, (), ()),
        sent=sent.times(mail, found, None, answers, firm),
        sender=about(writer.address if writer else None),
        reply_to=about(mail.reply_to[0].address if mail.reply_to else None),
        return_path=about(mail.return_path),
        authentication=authentication.seen(mail, answers, firm),
        contact=Contact(),
        request=Request(),
        language=language.of(text),
        links=links.facts(mail, answers),
        said=own,
        said_anywhere=anywhere,
        own_words=len(_WORD.findall(mail.own_text[:20000])),
        inner=mail.forwarded is not None,
        history=answers.history,
        profile=mail.profile or {},
    )
