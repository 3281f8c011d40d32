"""Displayed names, odd letters and hidden text, and what only looks like them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import History, Outcome
from keeneye.signals import load

HIT, MISS, NA = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
LURE = '<p>Dear customer, your parcel could not be delivered. {}</p><a href="https://x.example/">Pay</a>'
LONG = " ".join(f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(90))
OTHER = " ".join(f"other{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(90))


def sent_by(sender: str, **more: Any) -> dict[str, Any]:
    return {"from": sender, "text": "Hello", **more}


ROWS: list[tuple[str, Any, Outcome]] = [
    ("other-address", sent_by('"director@acme.example" <x91@mailer.example>'), HIT),
    ("other-address", sent_by('"ann@buyer.example" <ann@buyer.example>'), MISS),
    ("other-address", sent_by('"ann@acme.example via list" <list@lists.example>'), MISS),
    ("other-address", sent_by("Ann <ann@buyer.example>"), MISS),
    ("other-address", sent_by("ann@buyer.example"), NA),
    ("our-own-name", sent_by('"exporter.example Mail Admin" <info@bakery.example>'), HIT),
    ("our-own-name", sent_by('"Exporter Valves" <info@bakery.example>'), HIT),
    ("our-own-name", sent_by('"Exporter Valves" <li@exporter.example>'), MISS),
    ("our-own-name", sent_by("Ann Buyer <ann@buyer.example>"), MISS),
    ("brand", sent_by('"DHL Express" <post@bakery.example>'), HIT),
    ("brand", sent_by('"UPS Delivery" <post@bakery.example>'), HIT),
    ("brand", sent_by('"三井住友カード" <post@bakery.example>'), HIT),
    ("brand", sent_by('"DHL Express" <noreply@dhl.com>'), MISS),
    ("brand", sent_by('"DHL Paket" <noreply@dhl.de>'), MISS),
    ("brand", sent_by('"Ups and Downs Ltd" <info@downs.example>'), MISS),  # an ordinary word
    ("brand", sent_by('"Jane Doe (via LinkedIn)" <x@mailer.example>'), MISS),
    ("brand", sent_by("Ann Buyer <ann@gmail.com>"), MISS),
    ("brand-in-text", {"html": LURE.format("DHL"), "from": "Info <info@bakery.example>"}, HIT),
    ("brand-in-text", {"html": LURE.format("DHL"), "from": "Info <info@dhl.com>"}, MISS),
    ("brand-in-text", {"text": "Please ship 500 valves by DHL. https://www.buyer.example"}, MISS),
    ("office-name", sent_by('"Mail Administrator" <info@bakery.example>'), HIT),
    ("office-name", sent_by('"邮箱管理员" <info@bakery.example>'), HIT),
    ("office-name", sent_by('"Bakery Support" <info@bakery.example>'), MISS),
    ("office-name", sent_by('"Help Desk" <help@exporter.example>'), MISS),
    ("office-name", sent_by("Ann Buyer <ann@buyer.example>"), MISS),
    ("styled-letters", {"text": "Hi", "subject": "𝐘𝐨𝐮𝐫 𝐩𝐚𝐫𝐜𝐞𝐥"}, HIT),
    ("styled-letters", {"text": "your pаssword and acсount, cоnfirm"}, HIT),  # Cyrillic а, с, о
    ("styled-letters", {"text": "Hi", "subject": "lMPORTANT notice"}, HIT),
    ("styled-letters", {"text": "Valve Ø50, 10 µm filter, ΔT 5 K, R = 3 Ω, angle α and β"}, MISS),
    ("styled-letters", {"text": "Мы покупаем шаровые краны DN50, ГОСТ 28343"}, MISS),
    ("styled-letters", {"text": "型号：ＤＮ５０ 球阀", "subject": "ＡＢＣ株式会社"}, MISS),
    ("styled-letters", {"text": "Hi", "subject": "Ball valve HPDl50 😀"}, MISS),
    ("split-words", {"html": "<p>Your pass\u200bword</p>"}, HIT),
    ("split-words", {"html": "<p>Your pass&#8203;word</p>"}, HIT),
    ("split-words", {"html": "<p>News\u200c \u200c \u200c of the week</p>"}, MISS),  # a newsletter's preview line
    ("split-words", {"text": "Please keep your pass\u200bword and your mail\u200bbox."}, HIT),  # shown without them
    ("split-words", {"text": "ภาษา\u200bไทย\u200bไม่มีช่องว่าง"}, MISS),  # Thai needs them
    ("split-words", {"text": "می\u200cخواهم"}, MISS),  # Persian
    ("drawn-mark", {"text": "Hi", "subject": "Receipt 7kQ2vR9xBt4W"}, HIT),
    ("drawn-mark", {"text": "See the file.\n\nn_46170823773135578129886570582688603907", "subject": "CV"}, HIT),
    ("drawn-mark", {"text": "Pay to\nIBAN DE89 3704 0044 0532 0130 00", "subject": "Order"}, MISS),
    ("drawn-mark", {"text": "Hi\n+49 421 5550100", "subject": "Order"}, MISS),
    ("drawn-mark", {"text": "Hi", "subject": "PO-4471-2026 for BV304DN50 PN16"}, MISS),
    ("drawn-mark", {"text": "Hi", "subject": "Price for iPhone15Pro case"}, MISS),
    ("drawn-mark", {"text": "Hi", "subject": "x310_rfnoc_image_core"}, MISS),
    ("pictures", {"text": "Hi", "subject": "🎁 Your gift is waiting"}, HIT),
    ("pictures", {"text": "Hi", "subject": "【询价】 ball valve → DN50 ™"}, MISS),
    ("hidden-text", {"html": f'<p>Pay now</p><div style="display:none">{LONG}</div>'}, HIT),
    ("hidden-text", {"html": '<div style="display:none">In this issue</div><p>Our news of the week</p>'}, MISS),
    ("hidden-text", {"text": "Hello"}, NA),
    ("two-versions", {"text": LONG, "html": f"<p>{OTHER}</p>"}, HIT),
    ("two-versions", {"text": LONG, "html": f"<p>{LONG}</p>"}, MISS),
    ("two-versions", {"text": "View this mail in your browser", "html": f"<p>{OTHER}</p>"}, NA),
    ("false-reply", {"text": "Please see it.", "subject": "Re: PO 4471"}, HIT),
    ("false-reply", {"text": "Hi", "subject": "Re: PO 4471", "headers": [("In-Reply-To", "<1@x.example>")]}, MISS),
    ("false-reply", {"text": "Yes.\n\nOn Mon, Ann wrote:\n> Is it so?\n", "subject": "Re: PO 4471"}, MISS),
    ("false-reply", {"text": "Hi", "subject": "PO 4471"}, NA),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_display(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"display.{name}", message) is expected


def test_a_known_sender_may_begin_with_re(outcome: Callable[..., Outcome]) -> None:
    known = History(messages_from_sender=3)
    assert outcome("display.false-reply", {"text": "Hi", "subject": "Re: PO 4471"}, history=known) is MISS


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"display.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("display.")}
