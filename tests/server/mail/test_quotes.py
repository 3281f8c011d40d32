# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import pytest

OWN = "Please quote 500 valves."
OLD = "Dear Ann,\nthank you for your mail.\nLi Wei"


@pytest.mark.parametrize(
    "header",
    [
        "On Tue, Mar 4, 2025 at 9:15 AM Li Wei <li@exporter.example> wrote:",
        "On Tue, Mar 4, 2025 at 9:15 AM Li Wei\n<li@exporter.example> wrote:",  # wrapped
        'At 2025-03-04 09:15:30, "Li Wei" <li@exporter.example> wrote:',  # NetEase 163, English
        '在 2025-03-04 09:15:30，"Li Wei" <li@exporter.example> 写道：',  # NetEase 163
        "Li Wei <li@exporter.example> 于2025年3月4日周二 09:15写道：",  # Gmail
        "在2025年3月4日 09:15，Li Wei <li@exporter.example> 写道：",
        "------------------ 原始邮件 ------------------\n发件人: Li Wei <li@exporter.example>",  # QQ
        "发件人： Li Wei\n发送时间： 2025-03-04 09:15\n收件人： Ann\n主题： Re: Valves",  # Foxmail, Outlook
        "---- 回复的原邮件 ----",
        "-----Original Message-----\nFrom: Li Wei",
        "________________________________\nFrom: Li Wei <li@exporter.example>\nSent: Tuesday, March 4, 2025\nTo: Ann\nSubject: Valves",
        "From: Li Wei <li@exporter.example>\nDate: Tue, 4 Mar 2025\nTo: Ann\nSubject: Valves",
        "El mar, 4 mar 2025 a las 9:15, Li Wei (<li@exporter.example>) escribió:",
        "De: Li Wei\nEnviado el: martes, 4 de marzo de 2025\nPara: Ann\nAsunto: Valves",
        "-----Mensaje original-----",
        "Em ter., 4 de mar. de 2025 às 09:15, Li Wei <li@exporter.example> escreveu:",
        "De: Li Wei\nEnviada em: terça-feira\nPara: Ann\nAssunto: Valves",
        "Le mar. 4 mars 2025 à 09:15, Li Wei <li@exporter.example> a écrit :",
        "De : Li Wei\nEnvoyé : mardi 4 mars 2025\nÀ : Ann\nObjet : Valves",
        "Am Di., 4. März 2025 um 09:15 Uhr schrieb Li Wei <li@exporter.example>:",
        "Von: Li Wei\nGesendet: Dienstag, 4. März 2025\nAn: Ann\nBetreff: Valves",
        "-----Ursprüngliche Nachricht-----",
        "вт, 4 мар. 2025 г. в 09:15, Li Wei <li@exporter.example>:",
        "4 марта 2025, 09:15, Li Wei пишет:",
        "От: Li Wei\nОтправлено: 4 марта 2025\nКому: Ann\nТема: Valves",
        "في الثلاثاء، 4 مارس 2025 في 9:15 ص كتب Li Wei <li@exporter.example>:",
        "من: Li Wei\nالتاريخ: 4 مارس\nإلى: Ann\nالموضوع: Valves",
        "2025年3月4日(火) 9:15 Li Wei <li@exporter.example>:",
        "差出人: Li Wei\n送信日時: 2025年3月4日\n宛先: Ann\n件名: Valves",
        "Il giorno mar 4 mar 2025 alle ore 09:15 Li Wei <li@exporter.example> ha scritto:",
        "Da: Li Wei\nInviato: martedì 4 marzo 2025\nA: Ann\nOggetto: Valves",
    ],
)
def test_reply_headers(header, plain):
    mail = plain(f"{OWN}\n\n{header}\n\n{OLD}")
    assert mail.own_text == OWN
    (quoted,) = mail.quoted
    assert mail.body[quoted.start : quoted.end].startswith(header.split("\n")[0])
    assert quoted.end == len(mail.body)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we need a price for:\n500 valves DN50",
        "From: Hamburg\nTo: Shanghai\nplease quote freight",  # a route, not a header block
        "Size: DN50\nDate: as soon as possible\nSubject to your confirmation",
        "Please tell us:\n- price\n- delivery",
        "We need pressure > 5 bar\n> 10 is too much",
        "Subject: valves\nPlease quote.",
    ],
)
def test_what_only_looks_like_a_reply(text, plain):
    mail = plain(text)
    assert mail.own_text == text
    assert mail.quoted == ()


def test_answers_between_the_lines(plain):
    mail = plain("On Tue, Mar 4, 2025, Li wrote:\n> Which size?\nDN50\n> How many?\n500 pieces\n")
    assert mail.own_text == "DN50\n500 pieces"
    assert len(mail.quoted) == 2


def test_marks_on_every_line_hide_nothing(plain):
    mail = plain("> Your mailbox is full.\n> Sign in here.\n")
    assert mail.own_text == "> Your mailbox is full.\n> Sign in here."


@pytest.mark.parametrize(
    "source",
    [
        "<div>{own}</div><div class='gmail_quote'><div class='gmail_attr'>On Tue, Li wrote:<br></div><blockquote>{old}</blockquote></div>",
        "<div>{own}</div><blockquote type='cite'>{old}</blockquote>",
        "<div>{own}</div><div id='divRplyFwdMsg'><b>From:</b> Li Wei</div><div>{old}</div>",
        "<div>{own}</div><div id='appendonsend'></div><hr><div><b>From:</b> Li Wei &lt;li@exporter.example&gt;<br><b>Sent:</b> Tue<br><b>To:</b> Ann<br></div>{old}",
        "<div>{own}</div><blockquote style='border-left:1px solid #ccc'>{old}</blockquote>",
        "<div>{own}</div><div class='yahoo_quoted'>{old}</div>",
    ],
)
def test_html_quotations(source, page):
    mail = page(source.format(own=OWN, old="old words of ours"))
    assert mail.own_text == OWN
    assert "old words of ours" in "".join(mail.body[s.start : s.end] for s in mail.quoted)


def test_indented_html_is_not_quoted(page):
    mail = page("<div>We need:</div><blockquote style='margin:0 0 0 40px;border:none'>500 valves</blockquote>")
    assert mail.own_text == "We need:\n\n500 valves"


@pytest.mark.parametrize(
    "closing",
    [
        "Best regards,", "Kind Regards", "Yours sincerely,", "Thanks & best regards", "B.Rgds", "Best,", "此致\n敬礼", "顺祝商祺！", "Atentamente,", "Saludos cordiales,",
        "Atenciosamente", "Cordialement,", "Bien à vous", "Mit freundlichen Grüßen", "MfG", "С уважением,", "مع تحياتي،", "敬具", "よろしくお願いいたします。", "Cordiali saluti",
        "Met vriendelijke groet,", "Saygılarımla", "--", "-- ",
    ],
)  # fmt: skip
def test_signatures(closing, plain):
    end = f"{closing}\nAnn Buyer\nBuyer GmbH, Hauptstr. 1, Berlin\nTel: +49 30 1234567"
    mail = plain(f"Dear Li,\n\n{OWN}\n\n{end}\n")
    assert mail.own_text == f"Dear Li,\n\n{OWN}"
    assert mail.signature_text == end


def test_contact_lines_without_a_closing(plain):
    mail = plain(f"{OWN}\n\nAnn Buyer\nBuyer GmbH\nTel: +49 30 1234567\nwww.buyer.example")
    assert mail.signature_text.startswith("Ann Buyer")


def test_short_lines_above_a_closing_are_the_letter(plain):
    letter = "Hi\n\nPlease find the sales report.\n\nPlease send the invoice."
    end = "Regards,\n\nAdil Khan|Accountant\n\nKhan Retail | Norah Square Building, Some Long Road, Riyadh, K.S.A.\n\nTEL | +966 11 488 0000\n\nMOB | +966 597899000\n\nWEB | www.khan.example"
    mail = plain(f"{letter}\n\n{end}")
    assert mail.own_text == letter
    assert mail.signature_text == end


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "Thanks for your mail of 3 March, we need 500 valves.\nWhat is the price?",
        "Hello\n\nOur company Buyer Ltd needs valves.\nOur sales manager asks for the price.",
        "Attached is the payment.\n\nThank you.\n\nThis is a receipt for your account, do not reply to this letter please.",
        "Please send to ann@buyer.example or www.buyer.example",
        "Please quote.\n\nBest regards",  # nothing follows: there is no signature to read
        "本公司为深圳市某某贸易有限公司，本着为双方公司利益的出发点，可向外代开普通发票，欢迎来电联系我们的业务员。\n联系人：张\n电话：13600000000",
    ],
)
def test_no_signature(text, plain):
    mail = plain(text)
    assert mail.signature is None
    assert mail.own_text == text


def test_signature_above_the_quotation(plain):
    mail = plain(f"{OWN}\n\nBest regards,\nAnn\n\nOn Tue, Mar 4, 2025, Li wrote:\n> Dear Ann\n> Best regards,\n> Li")
    assert mail.own_text == OWN
    assert mail.signature_text == "Best regards,\nAnn"


@pytest.mark.parametrize(
    "footer",
    [
        "This e-mail and its attachments are confidential and intended for the addressee only.",
        "_______________________________________________\nvalves mailing list\nTo unsubscribe send a mail",
        "Sent from my phone",
        "发自我的手机",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "此郵件包含機密資訊，僅供收件者使用。",
        "本メールには機密情報が含まれている場合があります。宛先以外の方は削除してください。",
        "본 메일에는 기밀 정보가 포함되어 있습니다.",
        "Dit e-mailbericht is vertrouwelijk.",
        "Questo messaggio è riservato. Se non siete il destinatario, cancellatelo.",
        "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
        "Bu e-posta gizli bilgiler içerebilir.",
        "Este mensaje y sus anexos pueden contener información confidencial y van dirigidos únicamente a su destinatario. "
        "Si lo ha recibido por error, le rogamos que lo comunique al remitente y que lo borre de inmediato. Muchas gracias.",
        "This message is confidential. If it reached you in error, delete it.\n\n"
        "Buyer Valves Ltd is registered in England and Wales under number 01234567. Registered office: 1 Dock Road, Hull. "
        "The views of the writer are not always those of the company, which answers for none of them.\n\n"
        "Please consider the environment before printing this mail.",
    ],
)
def test_footers_are_nobodys_words(footer, plain):
    mail = plain(f"{OWN}\n\nBest regards,\nAnn Buyer\n\n{footer}")
    assert mail.own_text == OWN
    assert mail.signature_text == "Best regards,\nAnn Buyer"


_TALES = {
    "en": "I am the lawyer of a late client who left twelve million dollars with a bank in my town. There is no heir, and "
    "I want to present you as next of kin. Forty percent is yours when the bank has paid; write to my private mailbox.",
    "es": "Soy el abogado de un cliente fallecido que dejó doce millones de dólares en un banco de mi ciudad. No hay "
    "herederos y quiero presentarle como pariente. El cuarenta por ciento será suyo cuando el banco haya pagado.",
    "de": "Ich bin der Anwalt eines verstorbenen Kunden, der zwölf Millionen Dollar bei einer Bank in meiner Stadt hinterließ. "
    "Es gibt keine Erben, und ich möchte Sie als Angehörigen nennen. Vierzig Prozent gehören Ihnen nach der Zahlung.",
}


@pytest.mark.parametrize(
    "text",
    [
        f"Dear friend,\n\nThis message is strictly confidential. {_TALES['en']}",
        f"Dear friend,\n\nThis message is strictly confidential.\n\n{_TALES['en']}",
        f"Good day.\nI hope you are well.\n\nThis email is confidential.\n\n{_TALES['en']}\n\nMy phone is always on.",
        f"Estimado señor:\n\nEste mensaje es confidencial. {_TALES['es']}",
        f"Buenos días.\n\nEste mensaje es confidencial. {_TALES['es']}",
        f"Guten Tag,\n\ndiese E-Mail ist vertraulich. {_TALES['de']}",
        f"Guten Tag,\ndiese E-Mail ist vertraulich.\n\n{_TALES['de']}",
        "您好，\n\n本邮件内容请保密。\n\n我是一名律师，我的客户去世后在本地银行留下一千二百万美元，没有继承人。我想请您以亲属身份出面领取，事成之后"
        "百分之四十归您，请回复我的私人邮箱，其余的事情由我来安排，银行方面没有任何风险。",
        "Dear friend,\n\nThis message is confidential.\n\n" + _TALES["en"].replace(". ", ".\n\n"),
        "Hello,\nThis message is confidential and intended for you only, answer me.",
        f"This is for you.\nView in your browser\n\n{_TALES['en']}",
    ],
)
def test_a_letter_that_calls_itself_confidential_is_read_whole(text, plain):
    assert plain(text).own_text == text


def test_a_tale_above_a_true_footer_is_read(plain):
    tale = f"Dear friend,\n\nThis message is confidential.\n\n{_TALES['en']}"
    mail = plain(f"{tale}\n\nThis e-mail is intended for the addressee only.")
    assert mail.own_text == tale


def test_a_mail_is_never_swallowed_whole(plain):
    mail = plain("Best regards,\nAnn\nTel: +49 30 1234567")
    assert mail.own_text == mail.body
