"""Facts and mail as the JSON of the contract: plain values, ISO times, no objects of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from keeneye.model import (
    Address,
    Claim,
    Country,
    Customer,
    Evidence,
    Facts,
    History,
    Hop,
    Mail,
    Place,
    SenderFacts,
    Visits,
)

PROFILE_MOST: Final = 100
PROFILE_WORDS_MOST: Final = 300
"""Figures of a marketplace profile, and characters of one, that are shown."""


def facts_json(facts: Facts) -> dict[str, Any]:
    """The ``facts`` of the verdict (see the contract)."""
    answer = facts.sender.answer if facts.sender else None
    request = facts.request
    return {
        "origin": {
            "ip": facts.origin.ip,
            **_place(facts.origin.place),
            "hidden_by_provider": facts.origin.hidden_by_provider,
            "hops": [_hop(h, facts) for h in facts.mail.hops],
            "source": facts.answers.geo_source,
        },
        "claimed_country": {
            "value": facts.claimed.value,
            "confidence": facts.claimed.confidence,
            "from": [_claim(c) for c in facts.claimed.claims],
            "disagree": [_claim(c) for c in facts.claimed.disagree],
            **_centre(facts.answers.countries, facts.claimed.value),
        },
        "sent": {
            "utc": _iso(facts.sent.utc),
            "sender_local": _iso(facts.sent.sender_local),
            "claimed_local": [_iso(t) for t in facts.sent.claimed_local] if facts.sent.claimed_local else None,
            "ours_local": _iso(facts.sent.ours_local),
            "date_offset_minutes": facts.sent.date_offset,
            "clock_skew_seconds": facts.sent.clock_skew,
        },
        "sender": {
            "name": facts.mail.from_.name if facts.mail.from_ else None,
            "address": facts.sender.address if facts.sender else None,
            "domain": facts.sender.domain if facts.sender else None,
            "mailbox": answer.mailbox if answer else None,
            "domain_age_days": answer.age_days if answer else None,
            "has_mx": answer.has_mx if answer else None,
            "has_site": answer.has_site if answer else None,
            "resembles": answer.resembles if answer else None,
            "reply_to": _address_of(facts.reply_to),
            "return_path": _address_of(facts.return_path),
        },
        "authentication": {
            "spf": facts.authentication.spf,
            "dkim": facts.authentication.dkim,
            "dmarc": facts.authentication.dmarc,
            "arc": facts.authentication.arc,
            "by": facts.authentication.by,
            "aligned": facts.authentication.aligned,
        },
        "contact": {
            "person": _quote(facts.contact.person),
            "title": _quote(facts.contact.title),
            "company": _quote(facts.contact.company),
            "company_form": facts.contact.company_form,
            "phones": [
                {"number": p.number, "country": p.country, "kind": p.kind}
                for p in facts.contact.phones
                if p.kind != "fax"
            ],
            "fax": next((p.number for p in facts.contact.phones if p.kind == "fax"), None),
            "address": _quote(facts.contact.address),
            "address_complete": facts.contact.address_complete,
            "websites": _quotes(facts.contact.websites),
            "messengers": _quotes(facts.contact.messengers),
            "registrations": _quotes(facts.contact.registrations),
        },
        "request": {
            "products": _quotes(request.products),
            "models": _quotes(request.models),
            "quantities": [{"value": q.value, "unit": q.unit, "quote": q.evidence.quote} for q in request.quantities],
            "specifications": _quotes(request.specifications),
            "materials": _quotes(request.materials),
            "certificates": _quotes(request.certificates),
            "incoterm": _quote(request.incoterm),
            "port": _quote(request.port),
            "payment": _quotes(request.payment),
            "delivery": _quotes(request.delivery),
            "packaging": _quotes(request.packaging),
            "price": _quotes(request.price),
            "target_price": _quotes(request.target_price),
            "moq": _quotes(request.moq),
            "samples": _quotes(request.samples),
            "annual_volume": _quotes(request.annual_volume),
            "drawings": _quotes(request.drawings),
            "urgency": _quotes(request.urgency),
        },
        "language": facts.language,
        "links": [
            {
                "text": link.link.text,
                "href": link.link.href,
                "host": link.link.host,
                "kind": link.link.kind,
                "mismatch": link.mismatch,
                "hidden": link.link.hidden,
            }
            for link in facts.links
        ],
        "attachments": [_attachment(facts.mail, i) for i in range(len(facts.mail.attachments))],
        "country_risk": _risk(facts.country_risk),
        "history": None if facts.history is None else _history(facts.history) | {"visits": _visits(facts.visits)},
        "profile": {_plain(key): _plain(value) for key, value in islice(facts.profile.items(), PROFILE_MOST)},
        "seen": facts.mail.sees,
        "defects": list(facts.mail.defects),
    }


def _plain(value: Any) -> Any:
    """A figure of a profile as JSON can hold it; None for what is none."""
    if isinstance(value, str):
        return value[:PROFILE_WORDS_MOST].encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_plain(v) if isinstance(v, str | int | float) else None for v in value[:PROFILE_MOST]]
    return value if isinstance(value, int | float) and abs(value) <= 2**53 else None


def _history(history: History) -> dict[str, Any]:
    return {
        "messages_from_sender": history.messages_from_sender,
        "danger_from_sender": history.danger_from_sender,
        "ours_to_sender": history.ours_to_sender,
        "first_seen": _iso(history.first_seen),
        "last_seen": _iso(history.last_seen),
        "messages_from_domain": history.messages_from_domain,
        "messages_in_thread": history.messages_in_thread,
        "ours_in_thread": history.ours_in_thread,
        "thread_known": history.thread_known,
        "confirmed_genuine": history.confirmed_genuine,
        "confirmed_fake": history.confirmed_fake,
        "level_before": history.level_before,
        "level_by_hand": history.level,
        "same_text": None
        if history.same_text is None
        else {
            "colleagues": history.same_text.colleagues,
            "messages": history.same_text.messages,
            "senders": history.same_text.senders,
            "since": _iso(history.same_text.since),
            "likeness": history.same_text.likeness,
        },
        "customer": None if history.listed is None else _customer(history.listed),
    }


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "name": customer.name,
        "ordered": customer.ordered,
        "ordered_at": _iso(customer.ordered_at),
        "sampled": customer.sampled,
        "visited": customer.visited,
        "standing": customer.standing,
    }


def _visits(visits: Visits | None) -> dict[str, Any] | None:
    if visits is None:
        return None
    return {
        "by": visits.by,
        "visits": visits.visits,
        "pages": visits.pages,
        "products": list(visits.products),
        "came_by": visits.came_by,
        "came_from": visits.came_from,
        "first_seen": _iso(visits.first_seen),
        "last_seen": _iso(visits.last_seen),
    }


def message_json(mail: Mail) -> dict[str, Any]:
    """The message as its reader sees it, for a page that marks evidence in it. Text only."""
    return {
        "subject": mail.subject,
        "from": _mailbox(mail.from_),
        "reply_to": ", ".join(_mailbox(a) or "" for a in mail.reply_to) or None,
        "to": ", ".join(_mailbox(a) or "" for a in mail.to) or None,
        "date": mail.date_raw,
        "part": mail.body_part,
        "body": mail.body,
        "links": [
            {
                "index": link.index,
                "text": link.text,
                "href": link.href,
                "host": link.host,
                "start": link.span.start if link.span else None,
                "end": link.span.end if link.span else None,
            }
            for link in mail.links
        ],
        "attachments": [_attachment(mail, i) for i in range(len(mail.attachments))],
        "forwarded": None
        if mail.forwarded is None
        else {"kind": mail.forwarded.kind, "from": _mailbox(mail.forwarded.from_), "platform": mail.forwarded.platform},
    }


def _attachment(mail: Mail, index: int) -> dict[str, Any]:
    a = mail.attachments[index]
    return {"name": a.name, "type": a.type, "sniffed": a.sniffed, "size": a.size, "sha256": a.sha256}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _quote(evidence: Evidence | None) -> str | None:
    return evidence.quote if evidence else None


def _quotes(evidence: Iterable[Evidence]) -> list[str]:
    return list(dict.fromkeys(e.quote for e in evidence))


def _claim(claim: Claim) -> dict[str, Any]:
    return {"kind": claim.kind, "country": claim.country, "quote": claim.evidence.quote}


def _address_of(sender: SenderFacts | None) -> str | None:
    return sender.address if sender else None


def _mailbox(address: Address | None) -> str | None:
    if address is None:
        return None
    return f"{address.name} <{address.address}>" if address.name else address.address


def _place(place: Place | None) -> dict[str, Any]:
    return {
        "country": place.country if place else None,
        "city": place.city if place else None,
        "region": place.region if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "time_zone": place.time_zone if place else None,
        "asn": place.asn if place else None,
        "network": place.network if place else None,
        "kind": place.kind if place else None,
    }


def _centre(countries: Mapping[str, Country], code: str | None) -> dict[str, Any]:
    country = countries.get(code) if code else None
    return {"latitude": country.latitude, "longitude": country.longitude} if country else {}


def _hop(hop: Hop, facts: Facts) -> dict[str, Any]:
    place = facts.answers.places.get(hop.from_ip) if hop.from_ip else None
    return {
        "from": hop.from_host,
        "ip": hop.from_ip,
        "by": hop.by,
        "with": hop.with_,
        "date": _iso(hop.date),
        "country": place.country if place else None,
        "network": place.network if place else None,
    }


def _risk(country: Country | None) -> dict[str, Any] | None:
    if country is None:
        return None
    return {
        "country": country.iso2,
        "name": country.name,
        "oecd_0_7": country.risk,
        "fatf": country.fatf,
        "date": country.risk_date,
    }
