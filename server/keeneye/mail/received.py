"""The Received chain (RFC 5321 §4.4) as the usual mail servers write it, and who handed the message in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address

from keeneye.mail.headers import parse_date
from keeneye.mail.limits import Notes
from keeneye.model import Hop

_FROM = re.compile(r"\s*\(?from\s+(\S{1,255})", re.I)
_BY = re.compile(r"(?:^|\s)by\s+(\S{1,255})", re.I)
_WITH = re.compile(r"\swith\s+([^;()]{1,80}?)(?=\s+(?:id|for|via|by|over|tls)\b|\s*[;(]|\s*$)", re.I)
_HELO = re.compile(r"\b(?:helo|ehlo|ident|claiming to be|HELO:)[=: ]\s?\S{1,255}", re.I)
_IPV4 = re.compile(r"(?<![\d.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_IPV6 = re.compile(
    r"(?<![\w:])(?:ipv6:)?((?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3}|))(?![\w:])", re.I
)
# Headers in which providers and web mailers write down the client's address.
ORIGIN_HEADERS = (
    "x-originating-ip", "x-sender-ip", "x-source-ip", "x-originating-client-ip", "x-client-ip", "x-sourceip",
    "x-aol-ip", "x-real-ip", "x-remote-ip", "x-remote-addr", "x-http-posting-host", "x-php-originating-ip",
    "x-yahoo-post-ip", "x-senderip", "x-mailer-ip", "x-webmail-ip", "x-client-addr", "x-coremail-ip",
    "x-qq-orgsender-ip",
    "x-originating-host", "x-authenticated-ip", "x-submitter-ip", "x-php-script",
)  # fmt: skip


def find_ip(text: str) -> str | None:
    """The first IPv4 or IPv6 address in a short text, in canonical form."""
    four = _IPV4.search(text)
    if four:
        numbers = [int(g) for g in four.groups()]
        if max(numbers) < 256:
            return ".".join(map(str, numbers))
    if text.count(":") >= 2:
        six = _IPV6.search(text)
        if six:
            try:
                address = IPv6Address(six.group(1))
            except ValueError:
                return None
            return str(address.ipv4_mapped or address)
    return None


def hops(values: Sequence[str], notes: Notes) -> tuple[Hop, ...]:
    """Received header values, topmost first, as hops."""
    if len(values) > notes.limits.hops:
        notes.add("hops")
        # The oldest lines tell the origin, the newest who we are: the middle is left out.
        half = notes.limits.hops // 2
        kept = [*enumerate(values[:half]), *enumerate(values[-half:], len(values) - half)]
    else:
        kept = list(enumerate(values))
    return tuple(_hop(index, value) for index, value in kept)


def _hop(index: int, value: str) -> Hop:
    value = value[:2000]
    head, semicolon, stamp = value.rpartition(";")
    if not semicolon:
        head, stamp = value, ""
    by = _BY.search(head)
    came = _FROM.match(head)
    host = ip = None
    if came:
        sent = head[came.end() : by.start()] if by and by.start() > came.end() else head[came.end() :]
        token = came.group(1)
        host = token.strip("[]();,").lower() or None
        told_ip = find_ip(token) if token[0] in "[(" or token[0].isdigit() or ":" in token else None
        if "elo" in sent or "ELO" in sent or "ident" in sent:
            sent = _HELO.sub(" ", sent)
        # The receiving server writes the real address in parentheses or brackets behind the name it was told.
        ip = find_ip(sent) or told_ip
    with_ = _WITH.search(head)
    return Hop(
        index=index, from_host=host, from_ip=ip, by=by.group(1).strip("[]();,").lower() if by else None,
        with_=with_.group(1).strip() if with_ else None, date=parse_date(stamp.strip()), raw=value,
    )  # fmt: skip


def originating_ip(headers: Sequence[tuple[str, str]]) -> str | None:
    """The client's address as a provider's own header gives it, whichever header that is."""
    for name, value in headers:
        if name[:2] in ("X-", "x-") and name.lower() in ORIGIN_HEADERS:
            found = find_ip(value[:300])
            if found:
                return found
    return None
