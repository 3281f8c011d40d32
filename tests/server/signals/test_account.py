"""Mailbox and password traps, in several languages, and their honest twins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Outcome
from keeneye.signals import load

HIT, MISS, NA, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN


def trap(words: str, **more: Any) -> dict[str, Any]:
    """An HTML letter with a button to a third party."""
    return {"html": f'<p>{words}</p><p><a href="https://x.example/p">Continue</a></p>', **more}


def honest(words: str, **more: Any) -> dict[str, Any]:
    """The same with a link to the sender's own site."""
    return {"html": f'<p>{words}</p><p><a href="https://www.buyer.example/p">Continue</a></p>', **more}


KEEP = "Your password expires today, confirm to keep it."
OURS = "Webmail Support <info@bakery.example>"
BUYER = "We need 500 ball valves DN50. Please confirm the price and the delivery within 30 days."

ROWS: list[tuple[str, Any, Outcome]] = [
    ("asks-password", trap(KEEP), HIT),
    ("asks-password", trap("Su contraseña caduca hoy. Haga clic para mantenerla."), HIT),
    ("asks-password", trap("您的邮箱密码即将到期，请重新验证。"), HIT),
    ("asks-password", trap("Ihr Passwort läuft heute ab."), HIT),
    ("asks-password", trap("Votre mot de passe expire demain, veuillez le confirmer."), HIT),
    ("asks-password", trap("Sua senha expira hoje, confirme para continuar."), HIT),
    ("asks-password", trap("Срок действия пароля истекает, подтвердите пароль."), HIT),
    ("asks-password", trap("パスワードの有効期限が切れます。ご確認ください。"), HIT),
    ("asks-password", trap("La tua password è scaduta, conferma la password."), HIT),
    ("asks-password", trap("Şifreniz sona eriyor, şifrenizi doğrulayın."), HIT),
    ("asks-password", honest(KEEP), MISS),  # a service's own reset
    ("asks-password", {"text": "Your list password is xyz. You can change it any time."}, MISS),
    ("asks-password", trap(BUYER), MISS),
    ("mailbox-trouble", trap("Your mailbox is almost full. Upgrade now."), HIT),
    ("mailbox-trouble", trap("Su buzón está lleno."), HIT),
    ("mailbox-trouble", trap("您的邮箱容量不足，将被停用。"), HIT),
    ("mailbox-trouble", honest("Your mailbox is almost full. Upgrade now."), MISS),
    ("mailbox-trouble", {"text": "The mail server of our site was down, sorry. Ann"}, MISS),
    ("held-messages", trap("Please act.", subject="Three incoming messages on hold"), HIT),
    ("held-messages", trap("There are 3 undelivered messages. Click here to release messages."), HIT),
    ("held-messages", {"text": "The incoming mail was delayed by our server, we answer below.\nAnn"}, MISS),
    ("threatens-closing", trap("Your account has been suspended. Verify your details."), HIT),
    ("threatens-closing", trap("Sua conta foi bloqueada. Regularize agora."), HIT),
    ("threatens-closing", trap("Ihr Konto wurde gesperrt. Bitte bestätigen Sie Ihre Daten."), HIT),
    ("threatens-closing", honest("Your account has been suspended. Verify your details."), MISS),
    ("threatens-closing", trap(BUYER), MISS),
    ("sign-in-alarm", trap("Unusual activity was detected. Verify your identity."), HIT),
    ("sign-in-alarm", trap("不正アクセスを検知しました。本人確認を行ってください。"), HIT),
    ("sign-in-alarm", honest("Unusual activity was detected. Verify your identity."), MISS),
    ("sign-in-alarm", trap(BUYER), MISS),
    (
        "poses-as-mail-service",
        trap("Your mailbox at exporter.example is full. IT Support", **{"from": OURS}),
        HIT,
    ),
    ("poses-as-mail-service", trap("Your valve is broken. Technical Support"), MISS),
    (
        "poses-as-mail-service",
        trap("Your mailbox at exporter.example is full. IT Support", **{"from": "IT <it@exporter.example>"}),
        MISS,
    ),
    ("subject-names-mailbox", trap("Act.", subject="Please act sales@exporter.example"), HIT),
    ("subject-names-mailbox", trap("Act.", subject="exporter.example: quota"), HIT),
    ("subject-names-mailbox", {"text": "Hello", "subject": "Exporter Valves: price for DN50"}, MISS),
    (
        "subject-names-mailbox",
        {
            "text": "Hello",
            "subject": "Re: mail to sales@exporter.example",
            "headers": [("In-Reply-To", "<1@x.example>")],
        },
        MISS,
    ),
    ("greets-by-address", {"text": "Dear sales@exporter.example,\nplease read."}, HIT),
    ("greets-by-address", {"text": "Estimado(a) sales@exporter.example:\n"}, HIT),
    ("greets-by-address", {"text": "您好，sales@exporter.example\n"}, HIT),
    ("greets-by-address", {"text": "sales@exporter.example 様\n"}, HIT),
    ("greets-by-address", {"text": "sales@exporter.example,\n\nplease see our order."}, HIT),
    (
        "greets-by-address",
        {"text": "Hello office@old-name.example,\n\nplease see our order."},
        HIT,
    ),  # an address we had
    ("greets-by-address", {"text": "Dear ann@buyer.example, I write to myself."}, MISS),
    ("greets-by-address", {"text": "User: bob@elsewhere.example\nhas asked for valves."}, MISS),
    ("greets-by-address", {"text": "bob@elsewhere.example wrote to us about valves."}, MISS),
    ("greets-by-address", {"text": "Dear sales team,\nwe need valves."}, MISS),
    ("greets-by-address", {"text": "Dear Sir,\nwe need valves.\nThis mail was sent to sales@exporter.example"}, MISS),
    ("password-by-reply", {"text": "Reply to this mail with your user name and password to keep the mailbox."}, HIT),
    ("password-by-reply", {"text": "To upgrade, send us your e-mail password."}, HIT),
    ("password-by-reply", {"text": "Fill in and return:\nUser name: ........\nPassword: ........\n"}, HIT),
    ("password-by-reply", {"text": "请回复您的邮箱账号和密码,以便升级。"}, HIT),
    ("password-by-reply", {"text": "請回覆您的郵箱帳號及密碼以便升級。"}, HIT),
    ("password-by-reply", {"text": "Responda este correo con su usuario y contraseña."}, HIT),
    ("password-by-reply", {"text": "Envíe su contraseña para verificar la cuenta."}, HIT),
    ("password-by-reply", {"text": "Responda com o seu e-mail e senha para continuar."}, HIT),
    ("password-by-reply", {"text": "Veuillez nous communiquer votre mot de passe pour la mise à jour."}, HIT),
    ("password-by-reply", {"text": "Bitte senden Sie uns Ihr Passwort zur Überprüfung."}, HIT),
    ("password-by-reply", {"text": "Пришлите нам ваш пароль для проверки почты."}, HIT),
    ("password-by-reply", {"text": "يرجى إرسال كلمة المرور لتحديث البريد."}, HIT),
    ("password-by-reply", {"text": "Rispondete con nome utente e password della casella."}, HIT),
    ("password-by-reply", {"text": "Hesabınız için şifrenizi bize gönderin."}, HIT),
    ("password-by-reply", {"text": "Vui lòng gửi mật khẩu của bạn để nâng cấp hộp thư."}, HIT),
    ("password-by-reply", {"text": "パスワードをご返信ください。"}, HIT),
    ("password-by-reply", {"text": "비밀번호를 회신해 주십시오."}, HIT),
    # Its honest twins.
    ("password-by-reply", {"text": "We never ask you to reply with your password."}, MISS),
    ("password-by-reply", {"text": "Bitte senden Sie uns niemals Ihr Passwort."}, MISS),
    ("password-by-reply", {"text": "请勿回复您的邮箱密码。"}, MISS),
    ("password-by-reply", {"text": "Please send us your password for the zip file with the drawings."}, MISS),
    ("password-by-reply", {"text": "We will send you your password for the portal after registration."}, MISS),
    (
        "password-by-reply",
        {"text": "Please quote 50 door locks with password and fingerprint, send us your price."},
        MISS,
    ),
    ("crowd-greeting", trap("Dear valued customer, please read."), HIT),
    ("crowd-greeting", trap("尊敬的用户，请阅读。"), HIT),
    ("crowd-greeting", trap("Dear Sir or Madam, please read."), MISS),
    ("crowd-greeting", {"text": "Dear customer, thank you."}, MISS),  # nowhere to go
    ("presses", trap("Click here within 24 hours to avoid problems."), HIT),
    ("presses", {"text": "We need the goods within 48 hours, urgent."}, MISS),
    ("presses", trap(BUYER), MISS),
    (
        "own-domain-from-outside",
        {
            "from": "IT <it@exporter.example>",
            "text": "Hi",
            "auth": "spf=fail smtp.mailfrom=exporter.example; dmarc=fail",
        },
        HIT,
    ),
    (
        "own-domain-from-outside",
        {"from": "Li <li@exporter.example>", "text": "Hi", "auth": "dkim=pass header.d=exporter.example; dmarc=pass"},
        MISS,
    ),
    ("own-domain-from-outside", {"from": "Li <li@exporter.example>", "text": "Hi"}, UNKNOWN),
    ("own-domain-from-outside", {"text": "Hi"}, NA),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_account(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"account.{name}", message) is expected


def test_the_evidence_is_the_place_where_both_words_stand(
    ask: Callable[..., Any], facts_of: Callable[..., Any]
) -> None:
    message = trap(f"Some words first. {KEEP}")
    evidence = ask("account.asks-password", message).evidence
    body = facts_of(message).mail.body
    assert evidence[0].quote == body[evidence[0].start : evidence[0].end]
    assert "password" in evidence[0].quote
    assert "expires" in evidence[0].quote
    assert evidence[1].part == "link:0"


def test_a_page_enclosed_instead_of_a_link_counts_as_way_out(outcome: Callable[..., Outcome]) -> None:
    enclosed = {"text": KEEP, "attachments": [("mail.html", "text/html", b"<form></form>")]}
    assert outcome("account.asks-password", enclosed) is HIT
    assert outcome("account.asks-password", {"text": KEEP}) is MISS


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"account.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("account.")}
