"""Addresses of links: what a browser would open, found in linear time."""

from __future__ import annotations

import re
from urllib.parse import unquote

import re2

from keeneye.mail.addresses import lower_domain

# re2 is linear whatever the text; [^\s…] ends at the first blank, bracket or CJK punctuation.
_URL = re2.compile(
    r"""(?i)\b(?:(?:https?|ftps?|hxxps?)://|www\d{0,3}\.)[^\s<>"“”‘’«»（）【】《》，。；！？、\x{00}-\x{1f}]+"""
)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}):")
_LIKE_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?=[/:?#]|$)")
_BLANKS = {ord(c): None for c in "\t\n\r\f\x00"}
_SPECIAL = ("http", "https", "ftp", "ws", "wss")
_NUMBER = re.compile(r"(?:0x[0-9a-f]{0,10}|\d{1,12})$")
MOST = 4096
# Rewriters that receiving systems put in front of links, and open redirects: the key of the real address.
_WRAPPERS = {
    "safelinks.protection.outlook.com": ("url",),
    "urldefense.proofpoint.com": ("u",),
    "linkprotect.cudasvc.com": ("a",),
    "google.com": ("q", "url"),
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "l.instagram.com": ("u",),
    "youtube.com": ("q",),
    "linkedin.com": ("url",),
    "bing.com": (),
    "t.umblr.com": ("z",),
    "slack-redir.net": ("url",),
    "vk.com": ("to",),
}
_WRAPPER_ENDS = tuple(_WRAPPERS)
_AUTHORITY_END = re.compile(r"[/?#]")
_AUTHORITY_END_OR_BACKSLASH = re.compile(r"[/\\?#]")


def find_urls(text: str) -> list[tuple[int, int]]:
    """Ranges of the web addresses written in a text, trailing punctuation left out."""
    lowered = text
    if "://" not in lowered and "www" not in lowered and "WWW" not in lowered and "Www" not in lowered:
        return []
    found = []
    for match in _URL.finditer(text):
        start, end = match.span()
        url = text[start:end]
        trimmed = url.rstrip(".,;:!?'\"*_~|]}>")
        while trimmed.endswith(")") and trimmed.count("(", 0, 300) < trimmed.count(")"):
            trimmed = trimmed[:-1].rstrip(".,;:!?'\"")
            if len(url) - len(trimmed) > 20:
                break
        if len(trimmed) > 6 and "." in trimmed:
            found.append((start, start + len(trimmed)))
    return found


def resolve(href: str, base: str = "") -> tuple[str, str, str]:
    """(href, scheme, host) of a reference as a browser would open it.

    href: blanks trimmed, line breaks taken out, joined to ``base``, else as written (at most 4096 characters).
    host: what stands behind the last ``@`` of the authority, without port, lower case, A-labels; numbers that
    browsers read as IPv4 are dotted (WHATWG URL §3.5). For known redirect wrappers (Safe Links, URL
    Defense, Google ``/url`` …) the host is that of the wrapped address, href stays the wrapper's.
    ``javascript:``, ``data:``, ``mailto:`` keep their scheme; the host of ``mailto:`` is its domain.
    """
    href = href.strip(" \t\n\r\f\0").translate(_BLANKS)[:MOST]
    scheme, host, rest = _split(href)
    if not scheme and not host:
        if base and href and href[0] != "#":
            base_scheme, base_host, _ = _split(base[:MOST])
            if base_scheme in _SPECIAL:
                authority = (
                    base[: base.index("//") + 2] + base[base.index("//") + 2 :].split("/", 1)[0]
                    if "//" in base
                    else base
                )
                joined = (
                    authority + href
                    if href[0] == "/"
                    else base.rsplit("/", 1)[0] + "/" + href
                    if base.count("/") > 2
                    else base + "/" + href
                )
                return joined[:MOST], base_scheme, base_host
        elif _LIKE_HOST.match(href) and "." in href:
            scheme, host, rest = _split("http://" + href)
    elif href.startswith(("//", "\\\\")):
        scheme = "https"
    if host and rest:
        host = _unwrap(host, rest) or host
    return href, scheme, host


def _split(href: str) -> tuple[str, str, str]:
    match = _SCHEME.match(href)
    scheme = match.group(1).lower() if match else ""
    if scheme in ("hxxp", "hxxps"):
        scheme = scheme.replace("xx", "tt")
    if match and scheme not in _SPECIAL:
        rest = href[match.end() :]
        if scheme == "mailto":
            return scheme, host_of(rest.split("?", 1)[0].rpartition("@")[2]), ""
        if rest.startswith("//"):
            authority = _AUTHORITY_END.split(rest[2:], maxsplit=1)[0]
            return scheme, host_of(authority.rpartition("@")[2]), ""
        if rest[:5].isdigit() or (rest[:1].isdigit() and "." in scheme):
            return "", "", ""  # host:port without a scheme
        return scheme, "", ""
    rest = href[match.end() :] if match else href
    if not match and not rest.startswith(("//", "\\\\", "/\\", "\\/")):
        return "", "", ""
    rest = rest.lstrip("/\\")
    authority = _AUTHORITY_END_OR_BACKSLASH.split(rest, maxsplit=1)[0]
    return scheme, host_of(authority.rpartition("@")[2]), rest[len(authority) :]


def host_of(authority: str) -> str:
    """The normal form of ``host[:port]``."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    host = authority.partition(":")[0]
    if "%" in host:
        host = unquote(host)
    host = host.strip()[:255]
    if not host.isascii():
        host = host.replace("。", ".").replace("．", ".")
    host = lower_domain(host)
    last = host.rpartition(".")[2]
    if last and _NUMBER.match(last):
        return _ipv4(host) or host
    return host


def _ipv4(host: str) -> str | None:
    """Decimal, octal and hexadecimal forms of an IPv4 address as dotted decimal."""
    pieces = host.split(".")
    if len(pieces) > 4:
        return None
    numbers = []
    for piece in pieces:
        if not _NUMBER.match(piece):
            return None
        try:
            base = 16 if piece.startswith("0x") else 8 if piece.startswith("0") and len(piece) > 1 else 10
            numbers.append(int(piece[2:] or "0", 16) if base == 16 else int(piece, base))
        except ValueError:
            return None
    value = numbers[-1]
    if value >= 256 ** (5 - len(numbers)) or any(n > 255 for n in numbers[:-1]):
        return None
    for index, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - index))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _unwrap(host: str, rest: str) -> str | None:
    """The host behind a known redirect wrapper."""
    if not host.endswith(_WRAPPER_ENDS):
        return None
    suffix = next((s for s in _WRAPPERS if host == s or host.endswith("." + s)), None)
    if suffix is None:
        return None
    keys = _WRAPPERS[suffix]
    for pair in rest.partition("?")[2].split("&")[:40]:
        key, _, value = pair.partition("=")
        if key.lower() not in keys:
            continue
        if suffix == "urldefense.proofpoint.com":
            value = value.replace("-", "%").replace("_", "/")
        value = unquote(value)[:MOST]
        if value.lower().startswith(("http:", "https:")):
            return _split(value)[1] or None
    return None
