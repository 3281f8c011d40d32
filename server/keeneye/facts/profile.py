"""Figures of the buyer's marketplace profile in the text of the marketplace's own notice (S3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import re2

from keeneye import linear
from keeneye.model import Authentication, Mail

READ_MOST: Final = 20_000
LINES_MOST: Final = 400
LINE_MOST: Final = 200
SEARCHES_MOST: Final = 20

_START: Final = r"(?i)^[\s•*·|-]*"
# The figures are of the last 90 days, which some notices say before the figure.
_GAP: Final = r"(?:[^\d\n]{0,24}?90[- ]?(?:days|天|días))?[^\d\n]{0,24}?"
_FIGURES: Final[tuple[tuple[str, str], ...]] = (
    ("product_views", r"product views|products viewed|(?:商品|产品)浏览|浏览(?:商品|产品)|productos vistos"),
    ("valid_inquiries", r"valid inquiries|有效询[盘价]|consultas válidas"),
    ("replied", r"replied inquiries|inquiries replied|(?:有效)?回复(?:询[盘价]|数)|consultas respondidas"),
    ("valid_rfqs", r"valid rfqs?|有效\s?rfq|rfq válidas?"),
    ("login_days", r"log-?\s?in days|days logged in|登录天数|días de acceso"),
    ("junk_inquiries", r"(?:junk|spam) inquiries|垃圾询[盘价]|consultas (?:basura|no deseadas)"),
    ("blacklisted", r"(?:times )?blacklisted|(?:被加为?|加入)?黑名单|(?:en )?lista negra"),
    ("completed_orders", r"completed orders|(?:交易|成交)订单|pedidos completados"),
    ("store_pages", r"(?:store|shop) pages viewed|店铺浏览|páginas de (?:su )?tienda vistas"),
    ("sellers_seen", r"(?:sellers|suppliers) (?:viewed|visited)|浏览(?:卖家|供应商)|proveedores vistos"),
)
_NUMBER: Final = r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:[^\d.,]|$)"
_PATTERNS: Final = tuple((key, linear.Pattern(f"{_START}(?:{words}){_GAP}{_NUMBER}")) for key, words in _FIGURES)
_SINCE: Final = linear.Pattern(
    _START + r"(?:member since|registered(?: in| since)?|注册(?:时间|年份)?|miembro desde)[^\d\n]{0,16}?((?:19|20)\d\d)"
)
_LEVEL: Final = linear.Pattern(
    _START + r"(?:buyer level|买家(?:等级|级别)|nivel del comprador)[^\dL\n]{0,8}(L[0-4]\+?)"
)
_VERIFIED: Final = linear.Pattern(
    _START + r"(?:verified buyer|blue[- ]label buyer|(?:已认证|认证|蓝标)买家|comprador verificado)[\s.。!]*$"
)
_SEARCHES: Final = linear.Pattern(
    _START
    + r"(?:common search (?:words|terms)|frequent searches|常用搜索词|常搜词|búsquedas frecuentes)\s*[:：]\s*(\S.*)$"
)


def noticed(mail: Mail, authentication: Authentication) -> Mapping[str, Any]:
    """The figures, by the keys of ``signals.profile``; empty without a notice of which our host knows whose it is.

    Only lines of the marketplace count, not the buyer's own words; a figure that stands there twice and differs, none.
    """
    notice = mail.forwarded
    proven = authentication.dmarc == "pass" or authentication.aligned is True
    if notice is None or notice.kind != "notice" or notice.platform is None or not proven:
        return {}
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for line in _lines(mail):
        for key, value in _figures(line):
            if found.setdefault(key, value) != value:
                twice.add(key)
    return {key: value for key, value in found.items() if key not in twice}


def _lines(mail: Mail) -> list[str]:
    """The notice without the buyer's words."""
    body = mail.body[:READ_MOST]
    kept, place = [], 0
    for span in sorted(mail.own, key=lambda s: s.start):
        kept.append(body[place : span.start])
        place = max(place, span.end)
    kept.append(body[place:])
    return [line[:LINE_MOST] for line in "\n".join(kept).split("\n")[:LINES_MOST] if line.strip()]


def _figures(line: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, pattern in _PATTERNS:
        match = pattern.search(line)
        if match:
            found.append((key, int(match[1].replace(",", ""))))
    for key, pattern in (("member_since", _SINCE), ("level", _LEVEL)):
        match = pattern.search(line)
        if match:
            found.append((key, match[1].upper()))
    if _VERIFIED.search(line):
        found.append(("verified", True))
    match = _SEARCHES.search(line)
    if match:
        words = [word.strip() for word in re2.split(r"[,;，；、|]", match[1])]
        found.append(("searches", [word for word in words if word][:SEARCHES_MOST]))
    return found
