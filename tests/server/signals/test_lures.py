"""Well-known baits, and the honest mail that uses the same words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Outcome
from keeneye.signals import load

HIT, MISS = Outcome.HIT, Outcome.MISS


def trap(words: str, **more: Any) -> dict[str, Any]:
    return {"html": f'<p>{words}</p><p><a href="https://x.example/p">Continue</a></p>', **more}


def honest(words: str, **more: Any) -> dict[str, Any]:
    return {"html": f'<p>{words}</p><p><a href="https://www.buyer.example/p">Continue</a></p>', **more}


FILE = {"attachments": [("PO 4471.rar", "application/octet-stream", b"Rar!\x1a\x07\x00")]}
PDF = {"attachments": [("PO 4471.pdf", "application/pdf", b"%PDF-1.4")]}
BUYER = "Please quote 500 pcs of ball valve DN50 by DHL. Our payment method is T/T, invoice attached later."
TRANSFER = "3 items, 96 MB in total. Expires on 20 July\nGet your files\nDownload link"
CALL = "Your antivirus was renewed for $399, charged to your account. Call +1 (888) 555-0100 for a refund."

PICTURE = {"attachments": [("notice.png", "image/png", b"\x89PNG\r\n\x1a\n")]}

ROWS: list[tuple[str, Any, Outcome]] = [
    ("scan-code", {"text": "Your password expires today. Scan the QR code to keep it.", **PICTURE}, HIT),
    ("scan-code", {"text": "各位同事：综合补贴已开始发放，请扫描下方二维码登记领取。", **PICTURE}, HIT),
    ("scan-code", {"text": "Su contraseña vence hoy. Escanee el código para conservarla.", **PICTURE}, HIT),
    ("scan-code", {"text": "Ihr Passwort läuft ab. Scannen Sie den QR-Code.", **PICTURE}, HIT),
    ("scan-code", {"text": "Votre mot de passe expire. Scannez le QR code ci-dessous.", **PICTURE}, HIT),
    ("scan-code", {"text": "Пароль истекает. Отсканируйте QR код.", **PICTURE}, HIT),
    ("scan-code", {"text": "Scan the QR code to add me on WeChat. We need 500 valves.", **PICTURE}, MISS),
    ("scan-code", {"text": "扫描下方二维码加我微信，我们需要500个球阀。", **PICTURE}, MISS),
    ("scan-code", {"text": "Your password expires today. Scan the QR code to keep it."}, MISS),
    (
        "renewal-link",
        trap("Su suscripción fue renovada. Renovación automática de Norton. Cancelar la suscripción"),
        HIT,
    ),
    ("renewal-link", trap("Ihr Abonnement wurde verlängert. Norton: Bestellung stornieren"), HIT),
    ("renewal-link", trap("Bitte senden Sie uns Ihr Angebot für 500 Ventile."), MISS),
    ("shared-document", trap("A file was shared: Ann has shared a document with you. View document"), HIT),
    ("shared-document", trap("Le document partagé est prêt, voir le document."), HIT),
    ("shared-document", honest("View document"), MISS),
    (
        "shared-document",
        {"html": '<p>Our drawings, view files:</p><a href="https://we.tl/t-1">Drawings</a>'},  # a real buyer's link
        MISS,
    ),
    ("file-service-notice", {"text": f"You received some files via WeTransfer\n\n{TRANSFER}"}, HIT),
    (
        "file-service-notice",
        {"text": "Le enviaron archivos por WeTransfer.\n3 archivos, 12 MB\nCaduca el 20 de julio"},
        HIT,
    ),
    ("file-service-notice", {"text": "有人给您发送了文件\n3个文件,12 MB\n下载链接"}, HIT),
    (
        "file-service-notice",  # the service itself
        {
            "text": f"You received some files via WeTransfer\n\n{TRANSFER}",
            "from": "WeTransfer <noreply@wetransfer.com>",
        },
        MISS,
    ),
    (
        "file-service-notice",  # a buyer who says what the files are
        {"text": "Sent you files via WeTransfer: drawings of 500 pcs flange DN80. Download link expires on Friday."},
        MISS,
    ),
    ("file-service-notice", {"text": "The drawings are at WeTransfer, please download documents there."}, MISS),
    ("voice-or-fax", trap("New voicemail (00:12). Play message"), HIT),
    ("voice-or-fax", trap("Neue Sprachnachricht"), HIT),
    ("voice-or-fax", honest("New voicemail (00:12)."), MISS),
    ("parcel", trap("Your parcel could not be delivered. Pay the delivery fee here."), HIT),
    ("parcel", trap("Su paquete está retenido. Haga clic aquí."), HIT),
    ("parcel", honest("Your parcel is on its way. Click here to follow it."), MISS),
    ("parcel", {"text": "Please send the tracking number of your shipment within 24 hours."}, MISS),
    ("payment-problem", trap("Your payment was declined. Update your payment method, your plan will expire."), HIT),
    ("payment-problem", trap(BUYER), MISS),
    ("payment-problem", honest("Your payment was declined. Update your payment method, it will expire."), MISS),
    ("invoice-or-order-file", {"text": "Please find the attached purchase order.", **FILE}, HIT),
    ("invoice-or-order-file", {"text": "Please find the attached purchase order.", **PDF}, MISS),
    ("invoice-or-order-file", {"text": "Drawings enclosed.", **FILE}, MISS),
    ("invoice-link", trap("Overdue invoice: click here to view it."), HIT),
    ("invoice-link", honest("Overdue invoice: click here to view it."), MISS),
    ("invoice-link", trap(BUYER), MISS),
    ("renewal-call", {"text": CALL}, HIT),
    ("renewal-call", {"text": "Our antivirus software is renewed. Ann, +1 (888) 555-0100"}, MISS),
    ("renewal-call", {"text": f"{BUYER}\nAnn, +1 (212) 555-0100"}, MISS),
    ("renewal-link", trap("Your antivirus: subscription expired. Devices are at risk"), HIT),
    ("renewal-link", trap("Our antivirus team says hello."), MISS),
    ("renewal-link", honest("Your antivirus: subscription expired. Devices are at risk"), HIT),  # of a stranger
    (
        "renewal-link",
        {
            "html": '<p>Your antivirus: subscription expired.</p><a href="https://www.norton.com/">Renew</a>',
            "from": "Norton <no-reply@norton.com>",
        },
        MISS,
    ),
    ("bare-paper", {"text": "Your bitcoin withdrawal is ready.", **PDF}, HIT),
    ("bare-paper", {"text": "Tax refund is ready, see the file.", **PDF}, HIT),
    ("bare-paper", {"text": "Our purchase order is enclosed. Regards, Ann", **PDF}, MISS),
    ("bare-paper", {"text": "We need 500 ball valves DN50, tracking number later.", **PDF}, MISS),
    ("prize", trap("Congratulations! You have been selected. Claim your reward."), HIT),
    ("prize", trap("Herzlichen Glückwunsch, Sie haben gewonnen! Gutschein sichern."), HIT),
    ("prize", {"text": "Congratulations on your new factory, the winner of our award."}, MISS),
    ("prize", trap("Congratulations on your new factory."), MISS),
    ("prize", honest("Congratulations, you were selected."), MISS),
    ("coins", trap("Airdrop is live. Connect your wallet"), HIT),
    ("coins", {"text": "Your bitcoin balance: automatic mining earned 1.2 BTC"}, HIT),
    ("coins", {"text": "We could also pay in USDT, if you like."}, MISS),
    ("authority", trap("Unpaid toll: pay the fine within 24 hours."), HIT),
    ("authority", trap("Notificación judicial. Haga clic aquí"), HIT),
    ("authority", {"text": "Our lawyer prepares legal action against the carrier within 48 hours."}, MISS),
    ("cure", trap("One simple trick against blood sugar"), HIT),
    ("cure", {"text": "We distribute blood sugar meters and need 500 pcs."}, MISS),
    ("dating", trap("Hot singles near you"), HIT),
    ("dating", trap("Delivery date: 10 May."), MISS),
    ("press-and-link", trap("Action required. Confirm now."), HIT),
    ("press-and-link", trap("We need 500 pcs of valve DN50 immediately, please confirm."), MISS),
    ("press-and-link", honest("Action required. Confirm now."), MISS),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_lures(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"lures.{name}", message) is expected


def test_a_borrowed_name_s_own_link_is_a_way_out_too(outcome: Callable[..., Outcome]) -> None:
    words = honest("Your parcel could not be delivered. Pay the delivery fee here.")
    assert outcome("lures.parcel", words) is MISS
    assert outcome("lures.parcel", {**words, "from": "DHL Express <info@buyer.example>"}) is HIT


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"lures.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("lures.")}
