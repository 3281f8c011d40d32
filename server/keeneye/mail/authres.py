"""Authentication-Results (RFC 8601), ARC-Authentication-Results (RFC 8617), Received-SPF (RFC 7208 §9.1).

Tolerant: Microsoft 365 writes no authserv-id, others write ``<a@b>`` as values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from keeneye.mail.addresses import lower_domain
from keeneye.model import AuthHeader, AuthResult

_METHOD = re.compile(r"\s*([a-z][a-z0-9-]{1,30})(?:/\d{1,3})?\s*=\s*([a-z_]{1,30})", re.I)
_PROPERTY = re.compile(r"([a-z][a-z0-9.-]{1,40})\s*=\s*(\"[^\"]{0,300}\"|<[^>]{0,300}>|[^\s;]{1,300})", re.I)
_WHO = {
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.envelope-from", "smtp.helo", "envelope-from", "helo"),
    "dkim": ("header.d", "header.i", "header.from"),
    "dkim-adsp": ("header.from",),
    "dmarc": ("header.from", "from"),
    "arc": ("header.d", "arc.chain"),
}
_KNOWN = frozenset(_WHO) | set(
    "auth iprev compauth domainkeys sender-id x-google-dkim x-tls bimi dkim-atps dara".split()
)
NAMES = frozenset(("authentication-results", "arc-authentication-results", "received-spf"))


def auth_headers(headers: Sequence[tuple[str, str]]) -> tuple[AuthHeader, ...]:
    """Every such header in order, with the number of Received lines above it."""
    found: list[AuthHeader] = []
    above = 0
    for name, value in headers:
        lower = name.lower()
        if lower == "received":
            above += 1
        elif lower in NAMES and len(found) < 30:
            read = _received_spf if lower == "received-spf" else _results
            authserv, results = read(value[:8000])
            found.append(AuthHeader(lower, authserv, above, results))
    return tuple(found)


def _results(value: str) -> tuple[str | None, tuple[AuthResult, ...]]:
    authserv: str | None = None
    results: list[AuthResult] = []
    for number, (text, comment) in enumerate(_sections(value)):
        if not text or text.startswith("i="):
            continue
        method = _METHOD.match(text)
        if method and (method.group(1).lower() in _KNOWN or number):
            results.append(_result(method.group(1).lower(), method.group(2).lower(), text[method.end() :], comment))
        elif authserv is None and not results:
            authserv = text.split()[0].strip("\"'").lower() or None
            inner = _METHOD.search(text)  # no semicolon behind the authserv-id
            if inner and inner.group(1).lower() in _KNOWN:
                results.append(_result(inner.group(1).lower(), inner.group(2).lower(), text[inner.end() :], comment))
    return authserv, tuple(results[:50])


def _result(method: str, result: str, rest: str, comment: str) -> AuthResult:
    properties = {k.lower(): v.strip("\"<>' ") for k, v in _PROPERTY.findall(rest)}
    domain = next((properties[k] for k in _WHO.get(method, ()) if properties.get(k)), None)
    if domain is not None:
        domain = lower_domain(domain.rpartition("@")[2]) or None
    return AuthResult(method, result, domain, properties.get("reason") or comment or None)


def _sections(value: str) -> list[tuple[str, str]]:
    """The parts between semicolons, comments taken out; (text, first comment) each."""
    sections: list[tuple[str, str]] = []
    text: list[str] = []
    comment = ""
    depth = last = 0
    begun = 0
    for match in re.finditer(r"[();\"]", value):
        at, mark = match.start(), match.group()
        if mark == "(":
            if not depth:
                text.append(value[last:at])
                begun = at + 1
            depth += 1
        elif mark == ")" and depth:
            depth -= 1
            if not depth:
                comment = comment or value[begun:at].strip()
                text.append(" ")
                last = at + 1
        elif mark == ";" and not depth:
            text.append(value[last:at])
            sections.append(("".join(text).strip(), comment))
            text, comment, last = [], "", at + 1
    if not depth:
        text.append(value[last:])
    sections.append(("".join(text).strip(), comment))
    return sections


def _received_spf(value: str) -> tuple[str | None, tuple[AuthResult, ...]]:
    word = re.match(r"\s*([A-Za-z]{1,20})", value)
    if not word:
        return None, ()
    comment = re.search(r"\(([^()]{0,500})", value)
    properties = {k.lower(): v.strip("\"<>;' ") for k, v in _PROPERTY.findall(value)}
    host = properties.get("receiver") or (comment.group(1).partition(":")[0].strip() if comment else "")
    sender = properties.get("envelope-from") or properties.get("helo") or ""
    domain = lower_domain(sender.rpartition("@")[2]) or None
    result = AuthResult("spf", word.group(1).lower(), domain, comment.group(1).strip() if comment else None)
    return (host.lower() if host and " " not in host else None), (result,)
