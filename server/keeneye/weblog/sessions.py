"""Which requests are pages that a person looked at, and which belong to one visit."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_network
from typing import Final
from urllib.parse import parse_qsl, unquote

import re2
from crawlerdetect.providers.crawlers import data as CRAWLERS
from crawlerdetect.providers.exclusions import data as NOT_CRAWLERS

from keeneye.facts.origin import public
from keeneye.lookups import lists
from keeneye.weblog.formats import Request
from keeneye.weblog.visit import GAP, Visit, plain

PRODUCTS_MOST: Final = 50
PATH_MOST: Final = 200
CALLERS_MOST: Final = 100_000

_ASSET = re.compile(
    r"\.(?:css|js|mjs|map|json|xml|txt|png|jpe?g|gif|svg|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wasm|"
    r"webmanifest)$|^/(?:favicon|apple-touch-icon|_next/|static/|assets/|wp-(?:content|includes|json)/|cdn-cgi/)",
    re.IGNORECASE,
)
# What only scanners and crawlers ask for. Somebody who does is no visitor, whatever else he looked at.
_PROBE = re.compile(
    r"^/(?:robots\.txt$|\.(?!well-known)[^/]|wp-login|xmlrpc|wp-admin/(?:install|setup)|cgi-bin/|phpmyadmin|pma/|"
    r"boaform|actuator|HNAP1|solr/|manager/html|vendor/phpunit|owa/auth|autodiscover|_ignition|console/|server-status)"
    r"|/\.(?:env|git|aws|svn|ssh)|etc/passwd|\.\./|\.(?:sql|bak|asa|cfm)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of the firm's site. ``product_paths``: ``*`` stands for anything; capitals do not matter.

    A pattern with ``?`` is compared with path and query, others with the path. ``own_networks``: our own offices;
    ``proxies``: ours, whose X-Forwarded-For is believed; ``hosts``: the site's names.
    Raises ValueError when a network cannot be read.
    """

    product_paths: tuple[str, ...] = ("*/product*",)
    own_networks: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass
class Sessions:
    """Collects visits until they are taken out with ``visits`` and ``clear``.

    ``probers``: addresses that scanned the site; ``caught``: those of them since the last ``clear``, and when;
    ``dropped``: requests that do not count, by the reason: bot, probe, own, asset, status, method.
    """

    rules: Rules
    open: dict[str, list[Visit]] = field(default_factory=dict)
    probers: OrderedDict[str, None] = field(default_factory=OrderedDict)
    caught: dict[str, int] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    kept: int = 0

    def __post_init__(self) -> None:
        rules = self.rules
        own = [ip_network(n, strict=False) for n in rules.own_networks]
        proxies = [ip_network(n, strict=False) for n in rules.proxies]
        self._product = _wildcards(p for p in rules.product_paths if "?" not in p)
        self._product_query = _wildcards(p for p in rules.product_paths if "?" in p)
        self._came = Referrers(rules.hosts)

        @lru_cache(maxsize=CALLERS_MOST)
        def caller(text: str) -> tuple[str, str]:
            """(the address in its plain form, whose it is: "", own, proxy or bad)."""
            try:
                ip = plain(text)
            except ValueError:
                return text, "bad"
            if any(ip in n for n in proxies):
                return str(ip), "proxy"
            if any(ip in n for n in own) or public(str(ip)) is None:
                return str(ip), "own"
            return str(ip), ""

        self._caller = caller

    def take(self, request: Request) -> None:
        """Count a request if a person made it. Raises ValueError when its address is none."""
        path, _, query = request.target.partition("?")
        if not path.startswith("/"):
            path = "/" + path.partition("//")[2].partition("/")[2]
        reason = _reason(request, path)
        if reason and reason != "probe":
            self.dropped[reason] += 1
            return
        ip, whose = self._caller(request.ip)
        if whose == "proxy":
            ip, whose = self._behind(request.forwarded or "")
        if whose == "bad":
            raise ValueError("not an address")
        if reason and not whose:
            self.caught[ip] = request.at
            self.probers[ip] = None
            self.probers.move_to_end(ip)
            if len(self.probers) > CALLERS_MOST:
                self.probers.popitem(last=False)
        reason = whose or reason or ("probe" if ip in self.probers else "")
        if reason:
            self.dropped[reason] += 1
            return
        self.kept += 1
        visit = self._visit(ip, request, query)
        visit.pages += 1
        shown = self._shown(path, query)
        if shown and len(visit.products) < PRODUCTS_MOST:
            visit.products[shown] = None

    def visits(self) -> list[Visit]:
        """All visits so far but those of scanners."""
        return [v for ip, some in self.open.items() if ip not in self.probers for v in some]

    def clear(self) -> None:
        self.open.clear()
        self.caught.clear()

    def _behind(self, forwarded: str) -> tuple[str, str]:
        """The last address in X-Forwarded-For that is no proxy of ours: those before it are only claimed."""
        for text in reversed(forwarded[-2000:].split(",")):
            ip, whose = self._caller(text.strip())
            if whose == "bad":
                break
            if whose != "proxy":
                return ip, whose
        return "", "own"

    def _visit(self, ip: str, request: Request, query: str) -> Visit:
        some = self.open.setdefault(ip, [])
        for visit in reversed(some):
            if visit.first - GAP <= request.at <= visit.last + GAP:
                if request.at < visit.first or (visit.came_by == "inside" and visit.pages < 2):
                    came_by, came_from = self._came(request, query)
                    if came_by != "inside":
                        visit.came_by, visit.came_from = came_by, came_from
                visit.first, visit.last = min(visit.first, request.at), max(visit.last, request.at)
                return visit
        visit = Visit(ip, request.at, request.at, 0, {}, *self._came(request, query))
        some.append(visit)
        return visit

    def _shown(self, path: str, query: str) -> str:
        """The path as it is kept, if it is a product's; else ""."""
        plain_path = unquote(path[: 3 * PATH_MOST])
        if self._product is not None and self._product.search(plain_path):
            return _printable(plain_path)
        if self._product_query is not None and self._product_query.search(f"{plain_path}?{unquote(query)}"):
            return _printable(f"{plain_path}?{unquote(query)}")
        return ""


def _reason(request: Request, path: str) -> str:
    """Why a request does not count, whoever made it; "": it does."""
    if _PROBE.search(path):
        return "probe"
    if request.method not in ("GET", "POST"):
        return "method"
    if not 200 <= request.status < 300 and request.status != 304:
        return "status"
    if _ASSET.search(path):
        return "asset"
    return "bot" if request.agent is not None and crawler(request.agent) else ""


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:PATH_MOST]


def _wildcards(patterns: Iterable[str]) -> re2._Regexp[str] | None:
    wanted = [re2.escape(p).replace(r"\*", ".*") for p in patterns]
    return re2.compile(f"(?is)^(?:{'|'.join(wanted)})$") if wanted else None


# --------------------------------------------------------------------------- bots


# What the package's list lacks.
_MORE: Final = ["HealthCheck", "GoogleImageProxy", r"^Mozilla/5\.0$"]
_LINEAR = re2.compile("(?i)" + "|".join([p for p in CRAWLERS if "(?" not in p] + _MORE))
_OTHERS = re.compile("|".join(p for p in CRAWLERS if "(?" in p), re.IGNORECASE)  # some look ahead, which re2 cannot
_EXCLUDED = re2.compile("(?i)" + "|".join(NOT_CRAWLERS))


@lru_cache(maxsize=20_000)
def crawler(agent: str) -> bool:
    """Whether a program calls: by the lists of the package crawlerdetect, used as it uses them. Nameless ones are."""
    rest = _EXCLUDED.sub("", agent).strip()
    return not agent.strip() or bool(_LINEAR.search(rest) or _OTHERS.search(rest))


# --------------------------------------------------------------------------- where from


class Referrers:
    """How a visitor came, by the referrer and by the marks that advertisements add to an address."""

    def __init__(self, hosts: Iterable[str]) -> None:
        table = lists.toml("referrers.toml")
        self._own = frozenset(h.lower().removeprefix("www.") for h in hosts)
        self._search = frozenset(table["search"])
        self._anywhere = frozenset(table["search_anywhere"])
        self._mail = frozenset(table["mail"])
        self._mail_labels = frozenset(table["mail_labels"])
        self._marks: dict[str, str] = table["marks"]
        self._apps: dict[str, str] = table["apps"]
        self._platforms = lists.by_host(lists.toml("platforms.toml")["platform"])
        self._kind = lru_cache(maxsize=20_000)(self._kind_anew)

    def __call__(self, request: Request, query: str) -> tuple[str, str | None]:
        """(search, site, mail, typed, inside or unknown; that host)."""
        marked = self._marked(query)
        if request.referrer is None and marked is None:
            return "unknown", None
        host = _host(request.referrer or "")
        if host and host != request.host and not self._inside(host):
            return self._kind(host)
        return marked or (("inside", None) if host else ("typed", None))

    def _inside(self, host: str) -> bool:
        return not self._own.isdisjoint(_tails(host))

    def _marked(self, query: str) -> tuple[str, str | None] | None:
        if not query or ("clid=" not in query and "utm_" not in query):
            return None
        given = dict(parse_qsl(query[:2000], max_num_fields=100)) if query.count("&") < 100 else {}
        for mark, host in self._marks.items():
            if mark in given:
                return "search", host
        return ("mail", None) if given.get("utm_medium", "").lower() in ("email", "e-mail", "newsletter") else None

    def _kind_anew(self, host: str) -> tuple[str, str | None]:
        if host in self._apps:
            host = self._apps[host]
        bare = host.removeprefix("www.").removeprefix("m.")
        tails = _tails(bare)
        first = bare.partition(".")[0]
        if not self._mail.isdisjoint(tails) or (first in self._mail_labels and bare.count(".") > 1):
            return "mail", bare
        if bare in self._search or not self._search.isdisjoint(tails) or _label(bare) in self._anywhere:
            return "search", bare
        platform = next((t for t in tails if t in self._platforms), None)
        return "site", platform or bare


_REFERRER = re.compile(r"(?:https?|android-app)://([A-Za-z0-9._\-]{1,253})(?::\d{1,5})?(?=[/?#]|$)", re.IGNORECASE)


def _host(referrer: str) -> str:
    found = _REFERRER.match(referrer[:600])
    return found[1].lower().rstrip(".") if found else ""


def _tails(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[i:]) for i in range(max(0, len(labels) - 8), len(labels) - 1)]


def _label(host: str) -> str:
    """``google`` of google.de and google.co.uk; "" where more stands before it, as in docs.google.com."""
    labels = host.split(".")
    short = all(len(label) <= 3 for label in labels[1:])
    return labels[0] if len(labels) in (2, 3) and short else ""
