# ruff: noqa: E501 - one message, as its client writes it
"""Invented inquiries as colleagues, marketplaces and web forms pass them on: the inner writer and his words."""

from __future__ import annotations

import pytest

from keeneye.mail import read
from keeneye.model import Payload

INNER = "Please quote 500 valves DN50."

# (program, HTML with the inner words, subject)
FORWARDS = [
    ("Gmail", "Fwd: Valves",
     '<div dir="ltr">please handle<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <strong class="gmail_sendername" dir="auto">John Smith</strong> <span dir="auto">&lt;<a href="mailto:john@firm.example">john@firm.example</a>&gt;</span><br>Date: Tue, Nov 24, 2026 at 9:15 AM<br>Subject: Valves<br>To: &lt;<a href="mailto:info@exporter.example">info@exporter.example</a>&gt;<br></div><br><br><div dir="ltr">{inner}</div></div></div>'),
    ("Outlook 365", "FW: Valves",
     '<div class="WordSection1"><p class="MsoNormal">FYI<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> John Smith &lt;john@firm.example&gt; <br><b>Sent:</b> Tuesday, November 24, 2026 9:15 AM<br><b>To:</b> info@exporter.example<br><b>Subject:</b> Valves</p></div></div><p class="MsoNormal">{inner}</p></div>'),
    ("Outlook, Chinese", "转发: Valves",
     '<div><p class="MsoNormal">请跟进</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>发件人:</b> John Smith &lt;john@firm.example&gt; <br><b>发送时间:</b> 2026年11月24日 9:15<br><b>收件人:</b> info@exporter.example<br><b>主题:</b> Valves</p></div><p class="MsoNormal">{inner}</p></div>'),
    ("Apple Mail", "Fwd: Valves",
     '<html><body><br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div><span><b>From: </b></span><span>John Smith &lt;<a href="mailto:john@firm.example">john@firm.example</a>&gt;<br></span></div><div><span><b>Subject: </b></span><span><b>Valves</b><br></span></div><div><span><b>Date: </b></span><span>24 November 2026 at 09:15:30 CET<br></span></div><div><span><b>To: </b></span><span>info@exporter.example<br></span></div><br><div>{inner}</div></blockquote></div></body></html>'),
    ("Thunderbird", "Fwd: Valves",
     '<html><body><p><br></p><div class="moz-forward-container"><br><br>-------- Forwarded Message --------<table class="moz-email-headers-table"><tbody><tr><th align="RIGHT">Subject: </th><td>Valves</td></tr><tr><th>Date: </th><td>Tue, 24 Nov 2026 09:15:30 +0100</td></tr><tr><th>From: </th><td>John Smith <a href="mailto:john@firm.example">&lt;john@firm.example&gt;</a></td></tr><tr><th>To: </th><td>info@exporter.example</td></tr></tbody></table><br><br>{inner}</div></body></html>'),
    ("QQ Mail", "转发：Valves",
     '<div><br></div><div><br></div><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef"><div><b>发件人:</b>&nbsp;"John Smith"&lt;john@firm.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月24日</div><div><b>收件人:</b>&nbsp;"info"&lt;info@exporter.example&gt;;</div><div><b>主题:</b>&nbsp;Valves</div></div><div>{inner}</div>'),
    ("NetEase 163", "Fw:Valves",
     '<div><br></div><br>-------- 转发邮件信息 --------<br><table><tr><td>发件人："John Smith" &lt;john@firm.example&gt;</td></tr><tr><td>发送日期：2026-11-24 09:15:30</td></tr><tr><td>收件人：info@exporter.example</td></tr><tr><td>主题：Valves</td></tr></table><blockquote id="isReplyContent">{inner}</blockquote>'),
    ("Foxmail", "转发: Valves",
     '<div><br></div><blockquote style="margin-left:0.5em"><div>&nbsp;</div><div style="border-top:solid #B5C4DF 1.0pt"><div><div><b>发件人：</b>&nbsp;<a href="mailto:john@firm.example">John Smith</a></div><div><b>发送时间：</b>&nbsp;2026-11-24&nbsp;09:15</div><div><b>收件人：</b>&nbsp;<a href="mailto:info@exporter.example">info@exporter.example</a></div><div><b>主题：</b>&nbsp;Valves</div></div></div><div>{inner}</div></blockquote>'),
    ("mail.ru", "Fwd: Valves",
     '<div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6">-------- Пересылаемое сообщение --------<br>От: John Smith &lt;john@firm.example&gt;<br>Кому: info@exporter.example<br>Дата: Вторник, 24 ноября 2026, 9:15 +03:00<br>Тема: Valves<br><br><div>{inner}</div></blockquote>'),
    ("Outlook, German", "WG: Valves",
     '<div><p class="MsoNormal"><b>Von:</b> John Smith &lt;john@firm.example&gt; <br><b>Gesendet:</b> Dienstag, 24. November 2026 09:15<br><b>An:</b> info@exporter.example<br><b>Betreff:</b> Valves</p><p class="MsoNormal">{inner}</p></div>'),
    ("Outlook, Spanish", "RV: Valves",
     '<div>Para tu información.</div><hr><div id="divRplyFwdMsg"><b>De:</b> John Smith &lt;john@firm.example&gt;<br><b>Enviado:</b> martes, 24 de noviembre de 2026 9:15<br><b>Para:</b> info@exporter.example<br><b>Asunto:</b> Valves</div><div>{inner}</div>'),
    ("Outlook, French", "TR: Valves",
     '<div>Pour info</div><hr><div id="divRplyFwdMsg"><b>De :</b> John Smith &lt;john@firm.example&gt;<br><b>Envoyé :</b> mardi 24 novembre 2026 09:15<br><b>À :</b> info@exporter.example<br><b>Objet :</b> Valves</div><div>{inner}</div>'),
    ("Yandex", "Fwd: Valves",
     '<div>-------- Пересылаемое сообщение --------</div><div>24.11.2026, 09:15, "John Smith" &lt;john@firm.example&gt;:</div><div>От: John Smith &lt;john@firm.example&gt;</div><div>Тема: Valves</div><div>Кому: info@exporter.example</div><div>&nbsp;</div><div>{inner}</div>'),
    ("Zoho", "Fwd: Valves",
     '<div><br></div><div>============ Forwarded message ============<br>From: John Smith &lt;john@firm.example&gt;<br>To: &lt;info@exporter.example&gt;<br>Date: Tue, 24 Nov 2026 14:45:00 +0530<br>Subject: Valves<br>============ Forwarded message ============<br></div><div><blockquote>{inner}</blockquote></div>'),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "source"), [row[1:] for row in FORWARDS], ids=[row[0] for row in FORWARDS])
def test_forwards(subject, source):
    mail = sent("Li Wei <li@exporter.example>", subject, source.replace("{inner}", INNER))
    found = mail.forwarded
    assert found is not None
    assert (found.kind, found.from_ and found.from_.name, found.subject) == ("forward", "John Smith", "Valves")
    assert mail.own_text == INNER


def sent(sender: str, subject: str, source: str):
    head = f"From: {sender}\nTo: sales@exporter.example\nSubject: {subject}\nContent-Type: text/html; charset=utf-8\n\n"
    return read(Payload(raw=head.encode() + source.encode()))


# (platform, sender, HTML with the inner words, platform's domain or None)
NOTICES = [
    ("Alibaba", "Alibaba.com <feedback@service.alibaba.com>", "alibaba.com",
     '<table><tr><td>Dear Wei Li,</td></tr><tr><td>You have received a new inquiry!</td></tr><tr><td><b>Name:</b> John Smith</td></tr><tr><td><b>Country/Region:</b> Canada</td></tr><tr><td><b>Message:</b></td></tr><tr><td>{inner}</td></tr><tr><td><a href="https://message.alibaba.com/x">Reply now</a></td></tr><tr><td>This email was sent to sales@exporter.example</td></tr></table>'),
    ("Made-in-China", "Made-in-China.com <info@made-in-china.com>", "made-in-china.com",
     '<div>You have a new inquiry from a buyer.</div><table><tr><td>From:</td><td>John Smith</td></tr><tr><td>Email:</td><td>john@firm.example</td></tr><tr><td>Company Name:</td><td>Firm Ltd</td></tr><tr><td>Country/Region:</td><td>Canada</td></tr><tr><td>Content:</td><td>{inner}</td></tr></table><div>View Details</div>'),
    ("Global Sources", "Global Sources <inquiry@globalsources.com>", "globalsources.com",
     '<p>Inquiry details</p><p>Contact Person: John Smith<br>Company: Firm Ltd<br>Email: john@firm.example<br>Country: Canada<br>Inquiry content: {inner}</p><p>Respond now</p>'),
    ("IndiaMART", "IndiaMART <buyershelp@indiamart.com>", "indiamart.com",
     '<p>Dear Seller, a buyer has enquired.</p><p>Buyer Name: John Smith<br>Mobile: +91 98100 00000<br>Email: john@firm.example<br>Requirement: {inner}</p><p>Click here to reply</p>'),
    ("Europages", "EUROPAGES <noreply@europages.com>", "europages.com",
     '<p>Nouvelle demande</p><table><tr><td>Nom :</td><td>John Smith</td></tr><tr><td>Société :</td><td>Firm SARL</td></tr><tr><td>E-mail :</td><td>john@firm.example</td></tr><tr><td>Pays :</td><td>France</td></tr><tr><td>Message :</td><td>{inner}</td></tr></table>'),
    ("wlw", "wlw <anfragen@wlw.de>", "wlw.de",
     '<p>Sie haben eine neue Anfrage.</p><p>Name: John Smith<br>Firma: Firm GmbH<br>E-Mail: john@firm.example<br>Telefon: +49 30 000000<br>Nachricht:<br>{inner}</p>'),
    ("Contact Form 7", "WordPress <wordpress@exporter.example>", None,
     'From: John Smith &lt;john@firm.example&gt;<br>Subject: Valves<br><br>Message Body:<br>{inner}<br><br>-- <br>This e-mail was sent from a contact form on Exporter (https://www.exporter.example)'),
    ("WPForms", "Exporter <noreply@exporter.example>", None,
     '<table><tr><td><strong>Name</strong></td></tr><tr><td>John Smith</td></tr><tr><td><strong>Email</strong></td></tr><tr><td>john@firm.example</td></tr><tr><td><strong>Comment or Message</strong></td></tr><tr><td>{inner}</td></tr></table>'),
    ("Shopify", "Exporter (Shopify) <mailer@shopify.example>", None,
     '<p>You received a new message from your online store\'s contact form.</p><p><b>Country Code:</b><br>CA</p><p><b>Name:</b><br>John Smith</p><p><b>Email:</b><br>john@firm.example</p><p><b>Phone:</b><br>+1 416 555 0100</p><p><b>Body:</b><br>{inner}</p>'),
    ("Chinese web form", "官网留言 <noreply@exporter.example>", None,
     '<p>您有一条新的询盘</p><p>姓名：John Smith</p><p>邮箱：john@firm.example</p><p>国家：Canada</p><p>电话：+1 416 555 0100</p><p>留言内容：{inner}</p><p>IP Address: 203.0.113.9</p>'),
    ("Spanish web form", "Web <web@exporter.example>", None,
     '<p>Nuevo mensaje desde la web</p><p>Nombre: John Smith<br>Correo electrónico: john@firm.example<br>Empresa: Firm SA<br>País: Perú<br>Mensaje: {inner}</p>'),
    ("Russian web form", "Сайт <site@exporter.example>", None,
     '<p>Новая заявка с сайта</p><p>Имя: John Smith<br>Почта: john@firm.example<br>Телефон: +7 495 000-00-00<br>Сообщение: {inner}</p>'),
    ("Japanese web form", "Web <web@exporter.example>", None,
     '<p>お問い合わせがありました。</p><p>お名前：John Smith<br>会社名：Firm KK<br>メールアドレス：john@firm.example<br>お問い合わせ内容：<br>{inner}</p>'),
    ("Portuguese web form", "Site <site@exporter.example>", None,
     '<p>Novo contato</p><p>Nome: John Smith<br>E-mail: john@firm.example<br>Empresa: Firm Ltda<br>Telefone: +55 11 0000-0000<br>Mensagem: {inner}</p>'),
    ("Turkish web form", "Site <site@exporter.example>", None,
     '<p>Yeni mesaj</p><p>Ad Soyad: John Smith<br>E-posta: john@firm.example<br>Firma: Firm AŞ<br>Mesaj: {inner}</p>'),
    ("Korean web form", "Site <site@exporter.example>", None,
     '<p>새 문의</p><p>이름: John Smith<br>이메일: john@firm.example<br>회사명: Firm<br>문의내용: {inner}</p>'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "platform", "source"), [row[1:] for row in NOTICES], ids=[row[0] for row in NOTICES]
)
def test_notices_and_forms(sender, platform, source):
    mail = sent(sender, "New inquiry", source.replace("{inner}", INNER))
    found = mail.forwarded
    assert found is not None
    assert (found.kind, found.platform, found.from_.name) == ("notice", platform, "John Smith")
    assert found.from_.address in ("john@firm.example", "" if platform == "alibaba.com" else "john@firm.example")
    assert mail.own_text == INNER
