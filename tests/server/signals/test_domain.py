"""The sender's domain: whose it looks like, how old it is, what stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Firm, Outcome
from keeneye.signals import load

HIT, MISS, NA, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
FORGED = "spf=fail smtp.mailfrom=buyer.example; dmarc=fail"


def mail(sender: str = "ann@buyer.example", **more: Any) -> dict[str, Any]:
    return {"from": f"Ann <{sender}>", "text": "We need valves.", **more}


def signed(site: str, sender: str = "ann@buyer.example") -> dict[str, Any]:
    return mail(sender, text=f"We need valves.\n\nBest regards,\nAnn Buyer\nBuyer Ltd\n{site}\n+44 20 7946 0018")


def known(**fields: Any) -> dict[str, Any]:
    return {"buyer.example": fields}


ROWS: list[tuple[str, Any, dict[str, Any], Outcome]] = [
    ("look-alike", mail("a@rnicrosoft.com"), {}, HIT),
    ("look-alike", mail("a@microsoft.com"), {}, MISS),
    ("look-alike", mail(reply_to="a@rnicrosoft.com"), {}, HIT),
    ("like-ours", mail("a@exporter-billing.example"), {}, HIT),
    ("like-ours", mail("a@exporter.example"), {}, MISS),
    ("like-ours", mail(), {}, MISS),
    ("new", mail(), known(age_days=9), HIT),
    ("new", mail(), known(age_days=4000), MISS),
    ("new", mail(), {}, UNKNOWN),
    ("new", mail("a@gmail.com"), {}, NA),
    ("long-standing", mail(), known(age_days=6000), HIT),
    ("long-standing", mail(), known(age_days=100), MISS),
    ("long-standing", mail(auth=FORGED), known(age_days=6000), MISS),
    ("long-standing", mail(), {}, UNKNOWN),
    ("no-mail-servers", mail(), known(has_mx=False), HIT),
    ("no-mail-servers", mail(), known(has_mx=True), MISS),
    ("no-mail-servers", mail(), {}, UNKNOWN),
    ("no-site", mail(), known(has_site=False), HIT),
    ("no-site", mail(), known(has_site=True), MISS),
    ("no-site", mail(), {}, UNKNOWN),
    ("website-agrees", signed("www.buyer.example"), {}, HIT),
    ("website-agrees", signed("www.bigbuyer.example"), {}, MISS),
    ("website-agrees", mail(), {}, NA),
    ("other-website", signed("www.bigbuyer.example"), {}, HIT),
    ("other-website", signed("www.buyer.example"), {}, MISS),
    ("other-website", signed("www.bigbuyer.example", "ann@gmail.com"), {}, NA),
    ("throw-away-ending", mail("a@order-desk.top"), {}, HIT),
    ("throw-away-ending", mail("a@order-desk.sa.com"), {}, HIT),
    ("throw-away-ending", mail("a@order-desk.com.sa"), {}, MISS),
    ("throw-away-ending", mail("a@order-desk.biz"), {}, MISS),
    ("free-space", mail("a@order-12ab3.firebaseapp.com"), {}, HIT),
    ("free-space", mail(), {}, MISS),
    ("free-space", mail("a@gmail.com"), {}, NA),
    ("machine-name", mail("a@vps-4471.hoster.example"), {}, HIT),
    ("machine-name", mail("a@mail.hoster.example"), {}, MISS),
    ("no-sense", mail("a@xkqvtzr.example"), {}, HIT),
    ("no-sense", mail("a@schmidt.example"), {}, MISS),
    ("no-sense", mail("a@3m.example"), {}, MISS),
    ("no-sense", mail("a@163.com"), {}, NA),
]


@pytest.mark.parametrize(("name", "message", "domains", "expected"), ROWS)
def test_domain(
    outcome: Callable[..., Outcome], name: str, message: dict[str, Any], domains: dict[str, Any], expected: Outcome
) -> None:
    assert outcome(f"domain.{name}", message, domains=domains) is expected


def test_two_months_weigh_half(ask: Callable[..., Any]) -> None:
    assert ask("domain.new", mail(), domains=known(age_days=60)).strength == 0.5


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"domain.{name}" for name, _, _, _ in ROWS} == {i for i in load() if i.startswith("domain.")}


def test_our_name_with_a_hyphen_is_seen_without_it(outcome: Callable[..., Outcome]) -> None:
    firm = Firm(domains=("acme-tools.example",))
    assert outcome("domain.like-ours", mail("a@acmetools-billing.example"), firm=firm) is HIT
    assert outcome("domain.like-ours", mail("a@acme-tools.example"), firm=firm) is MISS
