"""Mail that is no request of a person, and platform notices real and false."""

from __future__ import annotations

from typing import Any

import pytest

from keeneye.model import Outcome

HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

BUYER = "Dear Ms Chen, please quote 500 pcs of ball valve DN50, brass. Regards, Rosa Quispe"
Fields = dict[str, Any]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "headers": [("List-Id", "<dev.pump.example>"), ("List-Post", "<mailto:dev@pump.example>")],
                "text": "I agree.",
            },
            HIT,
        ),
        ({"headers": [("List-Id", "<dev.pump.example>"), ("Precedence", "list")], "text": "I agree."}, HIT),
        ({"headers": [("List-Unsubscribe", "<https://news.example/u>")], "text": "News."}, MISS),
        ({"text": BUYER}, MISS),
    ],
)
def test_mailing_list(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.mailing-list", fields) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "subject": "[pump-dev] Re: patch for the driver",
                "text": "The patch breaks the kernel build.",
                "headers": [("In-Reply-To", "<a@b.example>")],
            },
            HIT,
        ),
        ({"subject": "[urgent] order", "text": BUYER}, MISS),
        ({"subject": "Valves", "text": BUYER}, MISS),
        (
            {
                "subject": "Python controller",
                "text": "We are interested in your products for Linux panels, please send your catalogue.",
            },
            MISS,
        ),
    ],
)
def test_talk_among_members(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.talk-among-members", fields) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headers": [("List-Unsubscribe", "<https://news.example/u>")], "text": "Rates this week."}, HIT),
        ({"headers": [("Precedence", "bulk")], "text": "Rates this week."}, HIT),
        ({"text": "You receive this newsletter because you subscribed. To unsubscribe, click. View in browser."}, HIT),
        ({"text": "如果您不希望收到本电子期刊,请退订。"}, HIT),
        # A buyer whose mail program or CRM adds the header.
        (
            {
                "headers": [("List-Unsubscribe", "<https://crm.example/u>")],
                "text": "We are interested in your products, 500 pcs of valve DN50. Please send your catalogue.",
            },
            MISS,
        ),
        ({"text": BUYER}, MISS),
    ],
)
def test_newsletter(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.newsletter", {"subject": "Hello", **fields}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headers": [("Auto-Submitted", "auto-replied")], "text": "Away."}, HIT),
        ({"subject": "Automatic reply: offer", "text": "I am out of the office until Monday."}, HIT),
        ({"subject": "自动回复", "text": "您的邮件已收到,我会尽快回复。"}, HIT),
        ({"headers": [("Auto-Submitted", "auto-generated")], "text": BUYER}, MISS),
        ({"text": BUYER}, MISS),
    ],
)
def test_automatic(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.automatic", {"subject": "Hello", **fields}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "from": "Mail Delivery System <mailer-daemon@mx.example>",
                "subject": "Undelivered mail",
                "text": "Delivery has failed: user unknown.",
            },
            HIT,
        ),
        (
            {
                "from": "Admin <admin@stranger.example>",
                "subject": "Undelivered messages",
                "text": "Delivery failed, release your mail here.",
            },
            MISS,
        ),
        ({"text": "The goods could not be delivered on Friday."}, MISS),
    ],
)
def test_undelivered(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.undelivered", fields) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "from": "Shop <no-reply@shop.example>",
                "text": "Your order has been shipped, tracking number 17. Do not reply to this mail.",
            },
            HIT,
        ),
        ({"from": "Rosa <rosa@andes.example>", "text": "About your order no. 17: please quote 200 more."}, MISS),
        ({"text": BUYER}, MISS),
    ],
)
def test_transaction(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.transaction", fields) is expected


def test_calendar(outcome) -> None:
    entry = [("invite.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")]
    assert outcome("notice.calendar", {"text": "Meeting", "attachments": entry}) is HIT
    assert outcome("notice.calendar", {"text": "Shall we meet on Monday about the valves?"}) is MISS


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "from": "Chen <chen@exporter.example>",
                "auth": "spf=pass smtp.mailfrom=exporter.example; dmarc=pass header.from=exporter.example",
                "text": "Lunch?",
            },
            HIT,
        ),
        (
            {
                "from": "Chen <chen@exporter.example>",
                "auth": "spf=fail smtp.mailfrom=exporter.example; dmarc=fail header.from=exporter.example",
                "text": "Pay",
            },
            MISS,
        ),
        ({"from": "Chen <chen@exporter.example>", "text": "Nobody vouches for this sender."}, MISS),
        (
            {
                "from": "Form <form@exporter.example>",
                "auth": "spf=pass smtp.mailfrom=exporter.example",
                "reply_to": "rosa@andes.example",
                "text": BUYER,
            },
            MISS,
        ),
        ({"text": BUYER}, MISS),
    ],
)
def test_from_colleague(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.from-colleague", fields) is expected


NOTICE = (
    "<p>Alibaba Trade Center</p><p>Rosa has sent you an inquiry about "
    'valves.</p><p><a href="https://log-in.stranger.example/x">Reply now</a></p>'
)
PASS = "spf=pass smtp.mailfrom=alibaba.com; dkim=pass header.d=alibaba.com; dmarc=pass header.from=alibaba.com"
FAIL = "spf=fail smtp.mailfrom=stranger.example; dkim=none; dmarc=fail header.from=alibaba.com"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"from": "Alibaba <feedback@service-notice.example>", "html": NOTICE}, HIT),
        ({"from": "Alibaba <feedback@service.alibaba.com>", "auth": FAIL, "html": NOTICE}, HIT),
        (
            {
                "from": "Alibaba <feedback@service.alibaba.com>",
                "auth": PASS,
                "html": NOTICE.replace("log-in.stranger.example", "message.alibaba.com"),
            },
            MISS,
        ),
        ({"from": "Rosa <rosa@andes.example>", "text": "I saw your valves on Alibaba. " + BUYER}, MISS),
    ],
)
def test_false_platform(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.false-platform", {"subject": "Inquiry", **fields}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"from": "Alibaba <feedback@service.alibaba.com>", "auth": PASS, "text": "You have an inquiry."}, HIT),
        ({"from": "Alibaba <feedback@service.alibaba.com>", "auth": FAIL, "text": "You have an inquiry."}, MISS),
        ({"text": BUYER}, MISS),
    ],
)
def test_platform(outcome, fields: Fields, expected: Outcome) -> None:
    assert outcome("notice.platform", fields) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This inquiry has been assigned to you. Product name: see attached inquiry. Download the document to view.",
            HIT,
        ),
        ("Please see attached order list: 500 pcs of valve DN50.", MISS),
    ],
)
def test_inquiry_in_attachment(outcome, text: str, expected: Outcome) -> None:
    assert outcome("notice.inquiry-in-attachment", {"text": text, "subject": "Inquiry"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sourcing event 4711 in Ariba: log in to the supplier portal.", HIT),
        ("Supplier portal: pay the tender fee first.", MISS),
        (BUYER, MISS),
    ],
)
def test_procurement_portal(outcome, text: str, expected: Outcome) -> None:
    assert outcome("notice.procurement-portal", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Happy birthday! See you tomorrow at dinner, mom.", HIT),
        ("Happy new year! Please send your catalogue, we need 500 pcs of hinge H-12.", MISS),
        (BUYER, MISS),
    ],
)
def test_private(outcome, text: str, expected: Outcome) -> None:
    assert outcome("notice.private", {"text": text, "subject": "Hello"}) is expected
