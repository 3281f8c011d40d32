"""What the enclosed lists say of a host name. No network, no disk after the start."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from ipaddress import IPv4Address, ip_address
from typing import Any, NamedTuple, TypeVar

import idna
import requests
import tldextract
from disposable_email_domains import blocklist
from requests_file import FileAdapter

from keeneye.lookups import lists
from keeneye.lookups.lookalike import Brand, Host, Names, of_hosts
from keeneye.model import DomainAnswer, MailboxKind

T = TypeVar("T")

_CACHED_HOSTS = 50_000
_MAX_HOST = 253  # RFC 1035 §2.3.4
_MAX_LABELS = 40
_HOST = re.compile(r"[^\s/@\\?#\[\]:<>\"'(),;]+")
# Endings of local networks and of names that mean no host (RFC 6761, RFC 8375, ICANN "internal").
_LOCAL = frozenset(
    {"local", "localhost", "localdomain", "lan", "home", "corp", "internal", "intranet", "invalid", "arpa"}
)
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{0,16}|[0-9]{1,16}")


def literal_ip(host: str) -> str | None:
    """The IP address that a host is, in its plain form, or None.

    Takes the forms that a browser takes (WHATWG URL §3.5): ``[2001:db8::1]``, ``3221226219``, ``0xc0.0.2.235``.
    """
    if ":" in host or host[:1] == "[":
        try:
            return str(ip_address(host.strip("[]"))) if len(host) <= 64 and "%" not in host else None
        except ValueError:
            return None
    last = host.rstrip(".").rpartition(".")[2]
    if not last[:1].isdigit():
        return None
    parts = host.rstrip(".").split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(p) for p in parts):
        return None
    try:
        numbers = [_number(p) for p in parts]
    except ValueError:
        return None
    if any(n > 255 for n in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    return str(IPv4Address(sum(n << 8 * (3 - i) for i, n in enumerate(numbers[:-1])) + numbers[-1]))


def _number(text: str) -> int:
    if text[:2].lower() == "0x":
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)


class _Split(NamedTuple):
    """A host at its registrable label. ``suffix`` may be a private host's, ``public_suffix`` is a registry's."""

    left: str
    label: str
    suffix: str
    public_suffix: str
    listed: bool = True


class Domains:
    """Answers for host names, with a bounded cache. Thread-safe. Never raises for an odd host: it has no answer."""

    def __init__(self) -> None:
        suffixes = files("publicsuffixlist") / "public_suffix_list.dat"
        self._extract = tldextract.TLDExtract(
            cache_dir=None, suffix_list_urls=(f"file://{suffixes}",), fallback_to_snapshot=False
        )
        with requests.Session() as session:  # reads the list now, and nothing after
            session.mount("file://", FileAdapter())
            session.hooks["response"].append(_read_and_close)
            self._extract("www.example.com", session=session)
        self._disposable: frozenset[str] = frozenset(blocklist)

        free = lists.toml("free_mail.toml")
        self._national_free = dict.fromkeys(free["international"], "")
        for country, hosts in free["country"].items():
            self._national_free |= dict.fromkeys(hosts, country)
        self._free = frozenset(lists.lines(lists.LEXICONS / "domains" / "free_mail.txt"))

        web = lists.toml("web_services.toml")
        shipped = lists.lines(files("antispam_link_shorteners") / "shorteners.txt")
        self._shorteners = frozenset(x.lower() for x in shipped) - set(web["not_shortener"]) | set(web["shortener"])
        self._hosting = frozenset(web["free_hosting"])
        self._pages = frozenset(web["free_pages"])
        self._file_share = frozenset(web["file_share"])
        self._platforms = lists.by_host(lists.toml("platforms.toml")["platform"])
        self._providers = lists.by_host(lists.toml("mail_providers.toml")["provider"])

        bodies = lists.toml("institutions.toml")
        self._government, self._education = bodies["government"], bodies["education"]
        for group in (self._government, self._education):
            group |= {key: frozenset(group[key]) for key in ("tlds", "domains", "labels", "except")}

        endings = lists.toml("endings.toml")
        self._generic_use = frozenset(endings["generic_use"])
        self._other_endings: dict[str, str] = endings["other"]

        brands = lists.toml("brands.toml")
        self._brands = _brands(brands)
        self._ordinary = frozenset(brands["lures"]) | frozenset(brands["buying"])
        self.static = lru_cache(maxsize=_CACHED_HOSTS)(self._static)
        self.host = lru_cache(maxsize=_CACHED_HOSTS)(self._host)
        self._split = lru_cache(maxsize=64)(
            self._split_anew
        )  # static and host ask for the same one, one after the other

    def names_of(self, domains: Iterable[str]) -> Names:
        """An index over partners' or our own domains. Bare suffixes, addresses and nonsense are passed over."""
        hosts = [self.host(clean(d)) for d in domains]
        return Names(of_hosts([h for h in hosts if h and h.registrable not in self._national_free], self._ordinary))

    def firms_own(self, host: str) -> str | None:
        """The registrable domain of ``host`` when it can be one firm's own; None: a mail provider's, a platform's, a
        university's, free web space, or no domain."""
        host = clean(host)
        split = None if not host or literal_ip(host) else self._split(host)
        if split is None or not split.label:
            return None
        tails = _tails(host.split("."))
        registrable = f"{split.label}.{split.suffix}"
        if self._mailbox(tails, split.public_suffix, registrable)[0] not in ("company", "government"):
            return None
        shared = (self._platforms, self._providers, self._shorteners, self._file_share)
        if any(t in table for table in shared for t in tails) or self._free_hosting(tails):
            return None
        return registrable

    def answer(self, host: str, known: Sequence[Names] = ()) -> DomainAnswer | None:
        """What is known of ``host``; ``known``: indexes of our own domains and our partners'. None: not a host name."""
        found = self.static(host)
        if found is None or found.registrable is None or not known:
            return found
        if any(found.registrable in names.owner for names in known):
            return found if found.resembles is None else replace(found, resembles=None, resembles_how=None)
        if found.resembles is None and found.brand is None and self._may_imitate(found):
            apart = self.host(clean(host))
            for names in known:
                if apart and (like := names.match(apart)):
                    return replace(found, resembles=like.domain, resembles_how=like.how)
        return found

    def _host(self, host: str) -> Host | None:
        """``host`` taken apart for the search for look-alikes, or None when it has no registrable domain."""
        split = self._split(host)
        if split is None or not split.label:
            return None
        labels = host.split(".")
        hosted = next((h for h in _tails(labels)[1:] if h in self._hosting), None)
        if hosted is not None:
            own = labels[: len(labels) - hosted.count(".") - 1]
            return Host(f"{own[-1]}.{hosted}", own[-1], hosted, tuple(own[:-1]), hosted=True)
        return Host(
            registrable=f"{split.label}.{split.suffix}",
            label=split.label,
            suffix=split.suffix,
            left=tuple(split.left.split(".")) if split.left else (),
            national=self._country(split.suffix) is not None,
            listed=split.listed,
        )

    def _static(self, name: str) -> DomainAnswer | None:
        literal = literal_ip(name)
        if literal is not None:
            return DomainAnswer(host=name, registrable=None, suffix=None, mailbox=None, ip=True)
        host = clean(name)
        if not host:
            return None
        split = self._split(host)
        if split is None:
            return DomainAnswer(host=name, registrable=None, suffix=None, mailbox=None)
        registrable = f"{split.label}.{split.suffix}" if split.label else None
        tails = _tails(host.split("."))
        mailbox, free_country = self._mailbox(tails, split.public_suffix, registrable)
        brand = _first(tails, self._brands.owner)
        provider = _first(tails, self._providers)
        answer = DomainAnswer(
            host=name,
            registrable=registrable,
            suffix=split.suffix,
            mailbox=mailbox,
            free_country=free_country or None,
            tld_country=self._country(split.public_suffix),
            shortener=not self._shorteners.isdisjoint(tails),
            free_hosting=self._free_hosting(tails),
            file_share=not self._file_share.isdisjoint(tails),
            platform=_first(tails, self._platforms),
            brand=brand.name if brand else None,
            hides_sender=provider is not None,
            mail_provider=provider,
        )
        if brand is None and registrable and self._may_imitate(answer):
            apart = self.host(host)
            like = self._brands.match(apart) if apart else None
            if like:
                answer = replace(answer, resembles=like.domain, resembles_how=like.how)
        return answer

    def _split_anew(self, host: str) -> _Split | None:
        """``host`` by the public suffix list; None: it has no suffix, or is a name of a local network.

        Where the list does not know the ending, its last label is the suffix (the list's own rule "*").
        """
        found = self._extract.extract_str(host, include_psl_private_domains=True)
        if found.is_private:
            public = self._extract.extract_str(host, include_psl_private_domains=False)
            if not found.domain:  # the host is itself one that gives out names, such as github.io
                return _Split(public.subdomain, public.domain, public.suffix, public.suffix)
            return _Split(found.subdomain, found.domain, found.suffix, public.suffix)
        if found.suffix:
            return _Split(found.subdomain, found.domain, found.suffix, found.suffix)
        head, _, last = host.rpartition(".")
        if not head or last in _LOCAL:
            return None
        left, _, label = head.rpartition(".")
        return _Split(left, label, last, last, listed=False)

    def _free_hosting(self, tails: tuple[str, ...]) -> bool:
        """A page that anybody can put up: below a free host (its own front page is not), or at a service of pages."""
        return not self._pages.isdisjoint(tails) or any(t in self._hosting for t in tails[1:] if tails[0] != f"www.{t}")

    def _may_imitate(self, answer: DomainAnswer) -> bool:
        """Well-known names and those that not everybody can register imitate nobody."""
        return not (
            answer.platform
            or answer.mail_provider
            or answer.mailbox in ("government", "education")
            or answer.registrable in self._national_free
            or answer.host in self._hosting
            or (answer.file_share or answer.shortener)
        )

    def _mailbox(
        self, tails: tuple[str, ...], suffix: str, registrable: str | None
    ) -> tuple[MailboxKind | None, str | None]:
        if (country := _first(tails, self._national_free)) is not None:
            return "free", country
        if not self._disposable.isdisjoint(tails):
            return "disposable", None
        if not self._free.isdisjoint(tails):
            return "free", None
        if self._institution(self._government, tails, suffix, registrable):
            return "government", None
        if self._institution(self._education, tails, suffix, registrable):
            return "education", None
        return ("company" if registrable else None), None

    @staticmethod
    def _institution(group: dict[str, Any], tails: tuple[str, ...], suffix: str, registrable: str | None) -> bool:
        labels = suffix.split(".")
        if labels[-1] in group["tlds"] or (
            suffix not in group["except"] and not group["labels"].isdisjoint(labels[:-1])
        ):
            return True
        if not group["domains"].isdisjoint(tails):
            return True
        return registrable is not None and any(
            registrable.startswith(custom["prefix"]) and suffix in custom["endings"]
            for custom in group.get("prefixes", ())
        )

    def _country(self, suffix: str) -> str | None:
        """The country of a suffix, or None for a general ending and for a national one that all the world uses."""
        last = suffix.rpartition(".")[2]
        if last in self._other_endings:
            return self._other_endings[last]
        if len(last) != 2 or not last.isascii() or (last in self._generic_use and "." not in suffix) or last == "eu":
            return None
        return last.upper()


class DomainAnswers(Mapping[str, DomainAnswer]):
    """Answers by host: those of the message's own hosts are ready; any other that a stage meets in the text (a website
    in the signature, the address that a link shows) is answered when asked. Pickles as a plain dict of the former."""

    def __init__(self, domains: Domains, hosts: Iterable[str], known: tuple[Names, ...]) -> None:
        self._domains, self._known = domains, known
        self._ready: dict[str, DomainAnswer] = {}
        for host in hosts:
            if (found := domains.answer(host, known)) is not None:
                self._ready[host] = found

    def __getitem__(self, host: str) -> DomainAnswer:
        found = self._ready.get(host) or self._domains.answer(host.lower(), self._known)
        if found is None:
            raise KeyError(host)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._ready)

    def __len__(self) -> int:
        return len(self._ready)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (self._ready,)


def _read_and_close(response: requests.Response, **_: Any) -> None:
    """requests-file leaves the file open otherwise."""
    response.content  # noqa: B018
    response.raw.close()


def clean(host: str) -> str:
    """A host name in lower-case ASCII (A-labels, RFC 5890) without the last dot; empty when it is not one."""
    if len(host) > 4 * _MAX_HOST:
        return ""
    host = host.strip().lower().rstrip(".")
    if not host.isascii():
        # an impossible name may still be shown in a message; it is compared as it stands
        with contextlib.suppress(idna.IDNAError, UnicodeError, ValueError):
            host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
    if len(host) > _MAX_HOST or host.count(".") >= _MAX_LABELS or not _HOST.fullmatch(host):
        return ""
    return "" if ".." in host or host[0] == "." else host


def _tails(labels: list[str]) -> tuple[str, ...]:
    """``a.b.c`` → ``a.b.c``, ``b.c``, ``c``; of long names the last ten labels only."""
    labels = labels[-10:]
    return tuple(".".join(labels[i:]) for i in range(len(labels)))


def _first(tails: tuple[str, ...], table: Mapping[str, T]) -> T | None:
    return next((table[t] for t in tails if t in table), None)


def _brands(table: dict[str, Any]) -> Names:
    brands = [
        Brand(
            name=entry["name"],
            domains=tuple(entry["domains"]),
            labels=tuple(entry.get("labels", [entry["domains"][0].split(".")[0]])),
            common=entry.get("common", False),
            corporate=entry.get("kind") == "corporate",
        )
        for entry in table["brand"]
    ]
    return Names(brands, table["lures"], table["buying"], table["honest"], table["cheap_endings"])
