"""Fees and journeys before an order: what must hit, and what must not."""

from __future__ import annotations

import pytest

from keeneye.model import Outcome

HIT, MISS = Outcome.HIT, Outcome.MISS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pay the notary fee and the lawyer's fee before the contract is "
            "signed, otherwise it is given to another company.",
            HIT,
        ),
        ("Your bulk order of USD 2,000,000.00 is approved. Only pay the processing fee of USD 450.", HIT),
        ("合同已批准,请先支付公证费和律师费,大批量订单马上签约。", HIT),
        ("Hay que pagar los gastos notariales y la tasa de registro antes de firmar; es muy urgente.", HIT),
        ("Перед подписанием оплатите нотариальный сбор и услуги адвоката, очень срочно.", HIT),
        # Honest twins.
        ("Registration is free of charge; there are no registration fees.", MISS),
        ("Please quote the mould fee and the sample fee for part A-12.", MISS),
        ("The course fee is 320 EUR. Register for the workshop before May.", MISS),
        ("Who pays the customs duty under DDP? Please quote 200 pcs of pump P-7.", MISS),
        ("The inspection fee of SGS is ours.", MISS),
        ("转账要手续费吗?银行手续费由我们承担,请报500个球阀。", MISS),
    ],
)
def test_before_order(outcome, text: str, expected: Outcome) -> None:
    assert outcome("fees.before-order", {"text": text, "subject": "Order"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our board approved your offer. Please send your director to sign the contract in our city this week.", HIT),
        ("总经理已同意报价,请贵公司负责人尽快前来昆明签订合同,并准备宴请领导。", HIT),
        ("Votre directeur devra se rendre sur place pour la signature du contrat.", HIT),
        ("We will visit your factory in May to inspect the order.", MISS),
        ("Please sign the attached contract and send it back by e-mail.", MISS),
        ("替朋友招一名公证处助理,需要法律专业。", MISS),
    ],
)
def test_travel_to_sign(outcome, text: str, expected: Outcome) -> None:
    assert outcome("fees.travel-to-sign", {"text": text, "subject": "Contract"}) is expected


def test_an_old_customers_contract_is_no_trap(outcome) -> None:
    message = {
        "text": "As every year, please come to sign the contract in our "
        "office.\n\n> On Monday Chen wrote:\n> shall we come?",
        "headers": [("In-Reply-To", "<a@exporter.example>"), ("References", "<a@exporter.example>")],
        "subject": "Re: contract 2027",
    }
    assert outcome("fees.travel-to-sign", message) is MISS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can help you win the tender of the ministry of works; my commission of 5 % is paid in advance.", HIT),
        ("他能拿下大批量订单,索要1%佣金,并要求保密,先付律师费。", HIT),
        ("We act as your agent for Chile. What commission basis do you offer on sales?", MISS),
    ],
)
def test_agent_commission(outcome, text: str, expected: Outcome) -> None:
    assert outcome("fees.agent-commission", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "We are a domain name registration service. We received an "
            "application from a company that wants your name as internet "
            "keyword and .cn domain names. Please forward this to your CEO.",
            HIT,
        ),
        ("Your domain exporter.example renews on 3 March. No action is needed.", MISS),
        ("Our keyword tool found new buyers of valves.", MISS),
    ],
)
def test_domain_name(outcome, text: str, expected: Outcome) -> None:
    assert outcome("fees.domain-name", {"text": text}) is expected
