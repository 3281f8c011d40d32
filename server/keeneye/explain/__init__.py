"""Findings and score → sentences in the reader's language: headline, reasons, what is missing, what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from math import inf
from typing import Protocol
from urllib.parse import quote

from keeneye.explain.catalog import BUYER_QUESTIONS, Catalog, clean, languages, load, negotiate
from keeneye.model import Effect, Evidence, Explanation, Facts, Finding, Outcome, Score

__all__ = ["Explainer", "languages", "negotiate"]

HEADLINE_MOST = 60
QUESTIONS_MOST = 5
NEAR = 40
"""Most characters between a product and the quantity that is told with it."""
GOODS_MOST = 30
WARNED = ("phishing", "fraud", "sample_seeker", "invitation_seeker")
"""Types that are themselves the reason for a banner."""
_QUOTES = ' "“”„«»'
_TRADITIONAL = frozenset("們請價數貨問嗎謝報這個說與對")
"""Common characters that only traditional Chinese has."""
BUYERS = ("potential_customer", "order_ready")
ASKS_FOR_MORE = ("casual", "information_gathering", "potential_customer", "order_ready", "sample_seeker")


class Worded(Protocol):
    """What the explanation needs of a signal's declaration."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def headline(self) -> str: ...
    @property
    def unknown(self) -> str: ...
    @property
    def type(self) -> str | None: ...


class Standard(Protocol):
    """What the explanation needs of the policy."""

    @property
    def handling(self) -> Mapping[str, list[str]]: ...
    @property
    def missing(self) -> list[str]: ...


HAS: Mapping[str, Callable[[Facts], object]] = {
    "product": lambda f: f.request.products or f.request.models or f.attached.products or f.attached.models,
    "quantity": lambda f: f.request.quantities or f.attached.quantities,
    "specification": lambda f: (
        f.request.specifications or f.request.materials or f.attached.specifications or f.attached.materials
    ),
    "company": lambda f: f.contact.company,
    "person": lambda f: f.contact.person,
    "phone": lambda f: f.contact.phones,
    "address": lambda f: f.contact.address,
    "website": lambda f: f.contact.websites,
    "incoterm": lambda f: f.request.incoterm,
    "payment": lambda f: f.request.payment,
    "delivery": lambda f: f.request.delivery,
    "certificates": lambda f: f.request.certificates,
    "packaging": lambda f: f.request.packaging,
    "target_price": lambda f: f.request.target_price,
}


class Explainer:
    """Writes explanations. Catalogues are read once; one instance serves every message."""

    def __init__(self, signals: Mapping[str, Worded], policy: Standard) -> None:
        """Raises ValueError when the policy lists a missing-row that nothing can answer."""
        unknown = [key for key in policy.missing if key not in HAS]
        if unknown:
            raise ValueError(f"policy.missing has no such row: {', '.join(unknown)}")
        self._signals = signals
        self._policy = policy
        self._catalogs = {code: load(code) for code in languages()}
        self._buyer: Mapping[str, Mapping[str, str]] = {
            **tomllib.loads(BUYER_QUESTIONS.read_text(encoding="utf-8")),
            **{code.split("-")[0]: c.tables["questions"] for code, c in self._catalogs.items()},
        }

    def explain(self, findings: tuple[Finding, ...], score: Score, facts: Facts, language: str = "en") -> Explanation:
        """All words for one verdict. An unknown language falls back to English."""
        catalog = self._catalogs.get(language) or self._catalogs["en"]
        category, kind = score.category, f"{score.category}/{score.subcategory}"
        missing = tuple(key for key in self._policy.missing if not HAS[key](facts)) if score.stars is not None else ()
        ask = missing[:QUESTIONS_MOST] if category in ASKS_FOR_MORE else ()
        buyer = self._buyers_language(facts)
        labels: dict[str, str] = {category: catalog.word("category", category)}
        if score.subcategory:
            labels[score.subcategory] = catalog.word("subcategory", score.subcategory)
        labels.update((key, catalog.word("missing", key)) for key in missing)
        return Explanation(
            language=catalog.language,
            headline=self._headline(findings, score, facts, catalog),
            action=catalog.word(
                "action",
                kind,
                "caution" if score.banner == "caution" and category in ("not_inquiry", "unknown") else category,
                category,
            ),
            texts={f.id: self._texts(f, catalog) for f in findings},
            missing=missing,
            handling=self._handling(score, catalog),
            questions=tuple(catalog.word("questions", key) for key in ask),
            payment=_payment(facts, score, catalog),
            checks=_checks(facts, catalog),
            labels=labels,
            buyer_language=buyer,
            level_reason=self._level(score, catalog),
            buyer_questions=tuple(self._buyer[buyer][key] for key in ask),
        )

    def _buyers_language(self, facts: Facts) -> str:
        if facts.language == "zh" and not _TRADITIONAL.isdisjoint(facts.mail.subject + facts.mail.own_text):
            return "zh-Hant"
        return facts.language if facts.language and facts.language in self._buyer else "en"

    def _sentence(self, finding: Finding, key: str, catalog: Catalog) -> str:
        signal = self._signals[finding.id]
        if key == "headline" and signal.headline == signal.title and key not in catalog.findings.get(finding.id, {}):
            key = "title"
        template: str = catalog.findings.get(finding.id, {}).get(key) or getattr(signal, key)
        if "{" not in template:  # most titles
            return template
        values = {"quote": finding.evidence[0].quote if finding.evidence else "", **finding.values}
        values["quote"] = str(values["quote"]).lstrip(_QUOTES).rstrip(f",;:{_QUOTES}")
        if not values["quote"] and "{quote}" in template:
            return ""  # Evidence or silence: no sentence around empty quotation marks.
        return catalog.fill(template, values)

    def _texts(self, finding: Finding, catalog: Catalog) -> tuple[str, str]:
        title = self._sentence(finding, "title", catalog)
        if finding.outcome is Outcome.UNKNOWN:
            return title, self._sentence(finding, "unknown", catalog) or catalog.word("outcome", "not_checked")
        return title, self._sentence(finding, "text", catalog) if finding.outcome is Outcome.HIT else ""

    def _headline(self, findings: tuple[Finding, ...], score: Score, facts: Facts, catalog: Catalog) -> str:
        """What the message does: the weightiest reason of its type; under a banner that the type does not explain, the
        weightiest risk first; for buyers the goods they ask for; else the type's own words."""
        by_id = {f.id: f for f in findings}
        against = [by_id[reason] for reason in score.reasons if by_id[reason].points < 0]
        typed = [f for f in against if (self._signals[f.id].type or "").split("/")[0] == score.category]
        risks = [f for f in against if f.effect in (Effect.RISK, Effect.GATE)] if score.banner != "none" else []
        for finding in (*typed, *risks) if score.category in WARNED else (*risks, *typed):
            for key in ("headline", "title"):
                line = self._sentence(finding, key, catalog)
                if line and len(line) <= HEADLINE_MOST:
                    return line
        if score.category in BUYERS:
            asked = _asked(facts, catalog, "orders" if score.category == "order_ready" else "asks_for")
            if asked:
                return asked
            nameless = by_id.get("request.no-product")
            if nameless is not None and nameless.outcome is Outcome.HIT:
                return catalog.word("headline", f"{score.category}/no_product", score.category)
        return catalog.word("headline", f"{score.category}/{score.subcategory}", score.category)

    def _handling(self, score: Score, catalog: Catalog) -> tuple[str, ...]:
        keys = (f"{score.category}/{score.subcategory}", f"{score.category}/{score.stars}", score.category)
        firm = next((tuple(self._policy.handling[k]) for k in keys if k in self._policy.handling), None)
        lines = firm if firm is not None else catalog.words("handling", *keys)
        level = (catalog.word("level", str(score.level)),) if score.level else ()
        return (*lines, *level)

    def _level(self, score: Score, catalog: Catalog) -> str | None:
        """What the level rests on: titles of findings, and what the firm itself knows."""
        if score.level is None:
            return None
        own = catalog.tables["level_because"]
        said = [own[i] if i in own else self._title(i, catalog) for i in score.level_because or ("none",)]
        return ("；" if catalog.language.startswith("zh") else "; ").join(said)

    def _title(self, signal: str, catalog: Catalog) -> str:
        return str(catalog.findings.get(signal, {}).get("title") or self._signals[signal].title)


def _asked(facts: Facts, catalog: Catalog, verb: str) -> str | None:
    """The headline of a buyer, such as "Asks for ball valves DN50, 2,000 pcs": the first product that has its quantity
    beside it, else the first product when a model, size or material makes it concrete; None when neither fits."""
    goods = _goods(facts)
    amounts = [q.evidence for q in facts.request.quantities[:GOODS_MOST] if q.value > 1]
    pairs: list[tuple[Evidence, Evidence]] = []
    near = 0
    for amount in amounts:
        product = min(goods, key=lambda e: _gap(e, amount, facts), default=None)
        if product is None or _gap(product, amount, facts) > NEAR:
            continue
        near += 1
        if min(amounts, key=lambda a: _gap(product, a, facts)) is amount:
            pairs.append((product, amount))
    tries: list[tuple[str, dict[str, str]]] = []
    if pairs:
        name, figure = (e.quote for e in pairs[0])
        if name in figure or figure in name:  # "300 steel bottles"
            return catalog.fill(catalog.word(verb, "product"), {"product": max(name, figure, key=len)})
        tries += [("several", {"product": name, "quantity": figure})] if near > 1 else []
        tries += [("product_quantity", {"product": name, "quantity": figure}), ("product", {"product": name})]
    elif goods and (amounts or facts.request.specifications or facts.request.materials or facts.request.models):
        tries += [("product", {"product": goods[0].quote})]
    lines = (catalog.fill(catalog.word(verb, key), values) for key, values in tries)
    return next((line for line in lines if len(line) <= HEADLINE_MOST), None)


def _goods(facts: Facts) -> list[Evidence]:
    """The products and models; those found in the subject also where the body names them again."""
    mail = facts.mail
    named = (*facts.request.products, *facts.request.models)[:GOODS_MOST]
    found = [e for e in named if len(clean(e.quote)) > 2]
    again = ((e.quote, mail.body.find(e.quote)) for e in found if e.part == "subject")
    return [*(Evidence(mail.body_part, quote, at, at + len(quote)) for quote, at in again if at >= 0), *found]


def _gap(one: Evidence, other: Evidence, facts: Facts) -> float:
    """Characters between two places of one part, more across the end of a line or clause; else infinite."""
    if one.part != other.part or one.start is None or one.end is None or other.start is None or other.end is None:
        return inf
    first, last = sorted(((one.start, one.end), (other.start, other.end)))
    text = facts.mail.subject if one.part == "subject" else facts.mail.body
    between = text[first[1] : min(last[0], first[1] + NEAR + 1)]
    return max(0, last[0] - first[1]) + 10 * sum(between.count(sign) for sign in "\n;；。、")


def _payment(facts: Facts, score: Score, catalog: Catalog) -> str | None:
    """Advice on payment terms. It speaks of the country's banks, never of the person."""
    country = facts.country_risk
    if country is None or not score.stars:
        return None
    dates = dict(part.split(" ", 1) for part in country.risk_date.split("; ") if " " in part)
    values: dict[str, str | int | float] = {"country": country.iso2, "date": dates.get("OECD", country.risk_date)}
    band = "unclassified"
    if country.risk is not None:
        values["risk"] = country.risk
        band = "low" if country.risk <= 2 else "middle" if country.risk <= 5 else "high"
    lines = [catalog.fill(catalog.word("payment", band), values)]
    if country.fatf in ("grey", "black"):
        watched = {"date": dates.get("FATF", country.risk_date)}
        lines.append(catalog.fill(catalog.word("payment", country.fatf), watched))
    return " ".join(lines)


def _checks(facts: Facts, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """Ready searches as links. The reader opens them; nothing is fetched here."""
    found: list[tuple[str, str]] = []

    def add(key: str, url: str, words: str) -> None:
        found.append((catalog.word("checks", key), url + quote(clean(words), safe="")))

    search = "https://www.google.com/search?q="
    contact = facts.contact
    company = _quote(contact.company)
    if company:
        add("company", search, f'"{company}"')
        add("company_fraud", search, f'"{company}" scam OR fraud OR 骗')
        add("register", "https://opencorporates.com/companies?q=", company)
        add("sells", search, f'"{company}" import products')
    person = _quote(contact.person)
    if person or company:
        add(
            "social",
            "https://www.linkedin.com/search/results/all/?keywords=",
            " ".join(filter(None, (person, company))),
        )
    address = _quote(contact.address)
    if address:
        add("map", "https://www.openstreetmap.org/search?query=", address)
    sender = facts.sender
    noticed = facts.mail.forwarded is not None and facts.mail.forwarded.platform  # then the domain is the marketplace's
    if not noticed and sender is not None and sender.answer is not None and sender.answer.registrable:
        domain = sender.answer.registrable
        if sender.answer.mailbox == "company":
            add("website", search, f"site:{domain}")
            add("whois", "https://lookup.icann.org/en/lookup?name=", domain)
            add("registrant", "https://viewdns.info/reversewhois/?q=", domain)
            add("site_history", "https://web.archive.org/web/*/", domain)
    if contact.phones:
        add("phone", search, f'"{contact.phones[0].number}"')
    return tuple(found)


def _quote(evidence: Evidence | None) -> str | None:
    return evidence.quote if evidence is not None else None
