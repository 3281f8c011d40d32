# ruff: noqa: E501 - tables of phrases, kept together by language
"""The phrases by which mail programs, marketplaces and writers mark quotations, forwards, signatures and footers.

Patterns without ``re2`` are only matched against single lines of at most 300 characters.
Sources: the messages that Gmail, Outlook, Thunderbird, Apple Mail, Yahoo, NetEase 163, QQ and Foxmail write, and the
closings of business letters, by language.
"""

from __future__ import annotations

import re

import re2

# The header words that mail programs put above a quoted or forwarded message, by language.
_LABELS = {
    "from": (
        "from|发件人|發件人|寄件者|寄件人|发信人|de|von|от|от кого|из|من|المرسل|差出人|送信者|送信元|da|보낸 사람|보낸사람|van|od|"
        "kimden|gönderen|från|fra|lähettäjä"
    ),
    "sent": (
        "sent|date|sent at|sent on|发送时间|发送日期|日期|时间|傳送日期|寄件日期|寄件時間|發送時間|enviado|enviado el|enviada em|enviado em|"
        "fecha|data|envoyé|envoyé le|gesendet|gesendet am|datum|дата|отправлено|дата отправки|التاريخ|تاريخ الإرسال|تم الإرسال|"
        "送信日時|日時|日付|送信日|inviato|보낸 날짜|날짜|verzonden|wysłano|tarih|gönderilme|gönderildi|gönderme tarihi|ngày|skickat|sendt"
    ),
    "to": (
        "to|收件人|收件者|收信人|para|pour|à|a|an|кому|إلى|المستلم|宛先|宛て|받는 사람|받는사람|aan|do|kime|alıcı|till|til"
    ),
    "cc": "cc|抄送|抄送人|副本|копия|نسخة|kopie|참조|copia|copie",
    "subject": (
        "subject|subj|主题|主題|主旨|标题|asunto|assunto|objet|sujet|betreff|тема|الموضوع|件名|oggetto|제목|onderwerp|temat|konu|ämne|emne"
    ),
}
LABELS = {word: key for key, words in _LABELS.items() for word in words.split("|")}
LABEL_LINE = re.compile(r"[>\s|*]{0,12}([^\W\d_][^:：\n]{0,24}?)[\s*]{0,3}[:：][\s*]{0,8}(.{0,500})")

_ORIGINAL = (
    r"original message|original mail|original e-?mail|原始邮件|原邮件|原始郵件|回复的原邮件|原始訊息|mensaje original|mensagem original|message d'origine|message d’origine|"
    r"message original|ursprüngliche nachricht|ursprungliche nachricht|original-nachricht|originalnachricht|исходное сообщение|messaggio originale|"
    r"元のメッセージ|original appointment|رسالة أصلية|الرسالة الأصلية|원본 메시지|oorspronkelijk bericht|wiadomość oryginalna|oryginalna wiadomość|orijinal mesaj|reply message"
)  # fmt: skip
_FORWARDED = (
    r"forwarded message|forwarded mail|forwarded by|begin forwarded message|转发的邮件|转发邮件信息|转发邮件|转发的原邮件|轉寄郵件|轉寄的郵件|mensaje reenviado|inicio del mensaje reenviado|"
    r"mensagem encaminhada|mensagem reencaminhada|início da mensagem|message transféré|début du message réexpédié|début du message transféré|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten|пересылаемое сообщение|пересланное сообщение|начало переадресованного|messaggio inoltrato|inizio messaggio inoltrato|転送メッセージ|転送されたメッセージ|"
    r"رسالة معاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة|전달된 메시지|doorgestuurd bericht|iletilen mesaj"
)  # fmt: skip
_RULE = r"[-_=*─—–\s]"
ORIGINAL_LINE = re.compile(
    rf"\s*(?:{_RULE}{{2,40}}(?:{_ORIGINAL}){_RULE}{{2,40}}|(?:ursprüngliche nachricht|原始邮件|原邮件)\s*$)", re.I
)
FORWARDED_LINE = re.compile(
    rf"\s*(?:{_RULE}{{2,40}}(?:{_FORWARDED})[^\n]{{0,80}}?{_RULE}{{1,40}}|(?:begin forwarded message|début du message (?:réexpédié|transféré)|inizio messaggio inoltrato|"
    r"inicio del mensaje reenviado|anfang der weitergeleiteten (?:nachricht|e-mail)|начало переадресованного сообщения|início da mensagem (?:encaminhada|reencaminhada))\s?[:：])\s*$",
    re.I,
)
ATTRIBUTION = re.compile(
    r"""\s*(?:
      (?:on|at)\s.{4,220}\b(?:wrote|writes|said)\s?[:：]?
    | .{2,120}\s(?:wrote|writes)(?:\s(?:on|at|in)\s.{2,80})?\s?[:：]
    | (?:在|於|于)\s?.{4,200}(?:写道|寫道|写到|写信)\s?[:：]?
    | .{2,160}(?:于|於|在)\s?.{4,60}(?:写道|寫道|写到)\s?[:：]?
    | el\s.{6,220}\bescribió\s?:?
    | (?:em|no\sdia|a)\s.{6,220}\bescreveu\s?:?
    | .{2,160}\s(?:escribió|escreveu)(?:\sel|\sem)?.{0,60}[:：]
    | le\s.{6,220}\ba\sécrit\s?[:：]?
    | (?:am|on)\s.{6,220}\bschrieb.{0,120}[:：]
    | il\s.{6,220}\bha\sscritto\s?:?
    | op\s.{6,220}\bschreef.{0,120}[:：]
    | .{6,220}\s(?:пишет|писал|написал|писала|написала)(?:\(а\))?\s?[:：]?
    | (?:في|بتاريخ|يوم)\s.{4,220}(?:كتب|كتبت).{0,120}[:：]
    | .{4,200}(?:さんは書きました|が書きました|書きました|のメール|さんからのメール)\s?[:：]
    | \d{4}年\d{1,2}月\d{1,2}日.{0,200}[:：]
    | .{6,200}(?:şunu\syazdı|đã\sviết|님이\s작성|pisze|napisał|skrev|skrev\sføljende|kirjoitti)\s?[:：]
    | .{0,160}\d.{0,80}<[^<>\s]{1,80}@[^<>\s]{1,80}>.{0,60}[:：]
    )\s*$""",
    re.I | re.X,
)  # fmt: skip
ATTRIBUTION_START = re.compile(
    r"\s*(?:on|at|el|em|le|am|il|op|в|في|بتاريخ)\s.{0,200}\d|\s*(?:在|于|於).{0,60}\d|\s*\d{4}年", re.I
)
STARTS = frozenset(
    (
        "On",
        "on",
        "At",
        "El",
        "Em",
        "Le",
        "Am",
        "Il",
        "Op",
        "A ",
        "No",
        "В ",
        "في",
        "19",
        "20",
        *(a + b for a in "在于於" for b in " 0123456789"),
    )
)
ENDS = (":", "：", "写道", "寫道", "wrote", "escribió", "escreveu", "écrit", "scritto", "пишет", "写到")

_CLOSINGS = (
    r"(?:with )?(?:(?:my|our|the) )?(?:(?:very )?(?:best|kind|kindest|warm|warmest) )+(?:and \w+ )?(?:regards?|wishes|rgds)",
    r"(?:thanks?(?: you)?|many thanks)? ?(?:and|&|with|/|,)? ?(?:b\.? ?)?(?:best |kind |warm )?(?:regards|rgds|b\.?rgds)",
    r"(?:yours|your) (?:very )?(?:sincerely|faithfully|truly|respectfully)|sincerely(?: yours)?|faithfully|respectfully|cordially",
    r"cheers|brgds|br|b\.r|best|all the best|take care|ciao|thanks|thank you|many thanks|thanks in advance|thank you in advance|thx|tks",
    r"此致(?:敬礼)?|敬礼|祝好|祝商祺|顺祝商祺|順頌商祺|顺颂商祺|商祺|谢谢|謝謝|敬上|顺祝[^\n]{0,8}|敬祝[^\n]{0,8}|祝[^\n]{2,8}",
    r"(?:muy )?atentamente|(?:un )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?| ?y ?gracias)?|cordialmente|reciba un[^\n]{0,20}saludo",
    r"quedo atent[oa]|gracias|atenciosamente|(?:com os )?(?:melhores )?cumprimentos|att|obrigad[oa]|abraços",
    r"(?:bien |très )?cordialement|bien à vous|(?:sincères |meilleures )?salutations(?: distinguées)?|merci",
    r"mit (?:freundlichen|freundlichem|besten|vielen|herzlichen) (?:grüßen|grüssen|gruessen|gruß)",
    r"(?:freundliche|viele|beste|herzliche|schöne) (?:grüße|grüsse|gruesse)|mfg|hochachtungsvoll",
    r"(?:cordiali|distinti|cari) saluti|met vriendelijke groet(?:en)?|z poważaniem|saygılarım(?:la|ızla)|trân trọng",
    r"(?:serdecznie )?pozdrawiam|z pozdrowieniami|s pozdravem|üdvözlettel|(?:med )?venn?lig hilsen|ystävällisin terveisin",
    r"hormat (?:kami|saya)|med vänlig(?:a)? hälsning(?:ar)?|с (?:глубоким |большим )?уважением|с наилучшими пожеланиями",
    r"искренне ваш|спасибо|(?:مع )?(?:أطيب |خالص )?(?:تحياتي|التحيات|التحية)(?: لكم)?|وتفضلوا بقبول[^\n]{0,40}",
    r"(?:以上、?)?(?:どうぞ|何卒)?(?:よろしく|宜しく)(?:お願い|おねがい)(?:いた|致)?し?(?:します|申し上げます)",
    r"مع الشكر[^\n]{0,20}|شكرا|المخلص|敬具|以上|草々|감사합니다",
)
CLOSING = re2.compile(rf"(?im)^[\s>*_]{{0,6}}((?:{'|'.join(_CLOSINGS)}))(?:[\s,.!，。！、،؛;:)*_-]|$)")
BRIEF = frozenset(
    (
        "thanks", "thank you", "many thanks", "gracias", "merci", "спасибо", "شكرا", "谢谢", "謝謝", "cheers", "best", "ciao", "br", "att", "thx", "tks",
        "obrigado", "obrigada", "以上",
    )
)  # fmt: skip
CONTACT = re2.compile(
    "(?i)"
    + "|".join(
        (
            r"\b(?:tel|telephone|phone|ph|mob|mobile|cell|fax|e-?mail|mail|web|website|whats ?app|skype|we ?chat|add|address|office|"
            r"telefon|teléfono|correo|celular|handy|url|viber|telegram)\b\.?\s{0,3}[:：/|]",
            r"(?:тел|факс|моб|сайт|адрес|هاتف|جوال|電話|住所|téléphone|móvil)\.?\s{0,3}[:：]",
            r"电话|手机|传真|邮箱|地址|网址|微信|有限公司|株式会社|ООО|\+\d[\d\s().-]{7,20}\d|\b\d{3,4}[-\s]\d{3,4}[-\s]\d{3,5}\b",
            r"www\.|https?://|[\w.+-]+@[\w-]+\.\w",
            r"\b(?:ltd|llc|inc|gmbh|corp|limited|s\.?a\.?|s\.?r\.?l|pty|plc|sdn bhd)\b|\bco\.",
            r"\b(?:manager|director|ceo|cfo|sales|purchas(?:e|ing)|procurement|buyer|engineer|president|owner|gerente|directeur|leiter)\b",
        )
    )
)
FOOTER_WORDS = re2.compile(
    "(?i)"
    + "|".join(
        (
            r"\bunsubscribe\b|\bmailing list\b|list-help|\bopt[- ]?out\b|退订|取消订阅|manage your (?:preferences|subscription)",
            r"view (?:this email )?in (?:your )?browser",
            r"\b(?:this|the) (?:e-?mail|email|message|communication|transmission)\b[^\n]*\b(?:confidential|privileged|intended|virus)",
            r"\bconfidentiality notice|\bdisclaimer ?[:：]|privileged and confidential",
            r"\bif you (?:are not|have received this)[^\n]*(?:intended recipient|in error|by mistake)",
            r"please consider the environment|think before you print|scanned (?:by|for) [^\n]*virus|virus-free|\bavast\b",
            r"[本此]邮件[^\n]{0,40}(?:保密|机密)|[本此]郵件[^\n]{0,40}(?:保密|機密)|本(?:e-?)?メール[^\n]*(?:機密|秘密)|(?:본|이) ?(?:이메일|메일)[^\n]*(?:기밀|비밀)",
            r"dies(?:e|er) (?:e-?mail|nachricht)[^\n]*vertraulich|dit (?:e-?mail)?bericht[^\n]*vertrouwelijk|deze e-?mail[^\n]*vertrouwelijk",
            r"este (?:correo|mensaje|e-?mail)[^\n]*confidencia|esta mensagem[^\n]*confidencia|ce (?:message|courriel|mail)[^\n]*confidentiel",
            r"(?:questo|presente) (?:messaggio|e-?mail)[^\n]*(?:riservat|confidenzial)|wiadomoś[^\n]*poufn|bu (?:e-?posta|mesaj|ileti)[^\n]*gizli",
            r"(?:письм|сообщени)[^\n.]{0,60}конфиденциальн|(?:هذه الرسالة|هذا البريد)[^\n]*سري|(?:thư|email) này[^\n]*bảo mật",
            r"sent from my |sent from (?:mail for|outlook|yahoo)|get outlook for |发自我的|从 ?windows ?版邮件|enviado des?de (?:mi|meu|o meu)",
            r"von meinem [^\n]{2,30} gesendet|envoyé de(?:puis)? ?mon|отправлено с|iphoneから送信|inviato da(?:l mio)? |verstuurd vanaf ",
            r"wysłano z |iphone.?umdan gönderildi|iphone에서 보냄|đã gửi từ |sent with proton|obt(?:er o|ener) outlook para |^outlook für ",
            r"this email was sent (?:to|from|by)|copyright (?:©|\(c\)|20)|© ?20\d\d",
        )
    )
)
# What a longer footer speaks of: the wrong reader and what he must do, liability, registers, lists.
FOOTER_TALK = re2.compile(
    "(?i)"
    + "|".join(
        (
            r"unsubscri|opt[- ]?out|mailing list|preferences|you (?:are receiving|received|receive) this|was sent to|view [^\n]{0,20}browser",
            r"\b(?:recipients?|addressees?)\b|in error|by mistake|unauthori[sz]ed|\bliab(?:le|ility)|\bvirus|\bcopyright\b|©",
            r"\bregistered (?:office|in|number|company)|all rights reserved|\bprivacy\b|\bdisclaimer|(?:legal|financial|investment|tax) advice|consider the environment|before (?:you print|printing)",
            r"destinatari|destinat[aá]ri|por (?:error|engano|erro)\b|destinataire|par erreur|empf[äa]nger|adressat|irrtümlich|handelsregister|amtsgericht",
            r"per errore|geadresseerde|ontvanger|adresat|alıcı|yanlışlıkla|mottaga|modtager|người nhận|получател|адресат|по ошибке|المرسل إليه|المستلم",
            r"退订|退訂|收件人|收件者|误收|誤收|如果您不是|取消订阅|受信者|宛先|誤って|配信停止|수신인|수신자|수신거부|abmeld|abbestell|datenschutz|protecci[oó]n de datos|désinscri|désabonn|отпис",
        )
    )
)
WHO_WHEN = re.compile(r"\d:\d\d|\d[/.-]\d|@|\b(?:wrote|writes|said|says)\b|提到|大作", re.I)
RULES = frozenset("-_=*─—–>")
GREETING = re.compile(r"\s*(?:dear|hello|hi|hey|attn|您好|你好|尊敬)\b", re.I)
PHONE = re.compile(r"\+?\d[\d\s().-]{5,20}\d")
NAME_BEHIND = re.compile(r"[,，]\s*\S")
LINE_OF = re.compile(r"\s*[-_=*─—]{8,}\s*$")
CLIENT = re.compile(
    r"sent from|outlook for|发自|windows|enviado|meinem|mon|отправлено|送信|inviato|verstuurd|wysłano|gönderildi|보냄|đã gửi|sent with|outlook",
    re.I,
)


SUBJECT_FORWARD = re.compile(
    r"\s*(?:fwd?|转发|轉寄|wg|tr|rv|enc|i|vb|doorst|переслать|пересл|إعادة توجيه)\s?[:：]", re.I
)
PLATFORMS = (
    "alibaba.com", "made-in-china.com", "globalsources.com", "indiamart.com", "tradeindia.com", "ec21.com", "ecplaza.net", "tradekey.com",
    "dhgate.com", "europages.com", "kompass.com", "exporthub.com", "go4worldbusiness.com", "thomasnet.com", "diytrade.com", "hktdc.com", "1688.com",
    "wlw.de", "tradewheel.com", "exportersindia.com", "aliexpress.com", "bossgoo.com", "ecer.com", "toocle.com", "directindustry.com", "made-in-china.cn",
)  # fmt: skip
_FIELDS = {
    "name": "name|your name|full name|contact|contact person|contact name|buyer name|buyer|sender|sender name|customer name|first name|姓名|联系人|您的姓名|nombre|nom|nome|имя|氏名|お名前|الاسم|ad soyad|adınız|isim|이름|성함|họ tên|họ và tên|naam",
    "email": "email|e-mail|email address|e-mail address|your email|your e-mail|mail|buyer email|contact email|邮箱|电子邮件|邮件|电子邮箱|correo|correo electrónico|courriel|почта|メールアドレス|メール|البريد الإلكتروني|e-posta|이메일|indirizzo email",
    "company": "company|company name|your company|organization|organisation|公司|公司名称|empresa|société|firma|компания|会社名|الشركة|şirket|회사|회사명|công ty|azienda|ditta|bedrijf",
    "country": "country|country/region|location|国家|国家/地区|país|pays|land|страна|国|الدولة|ülke|국가|quốc gia|paese|country code",
    "phone": "phone|tel|telephone|mobile|your phone|phone number|contact number|whatsapp|电话|手机|teléfono|téléphone|telefon|телефон|電話番号|الهاتف|전화|전화번호|연락처|điện thoại|telefono|telefone|telefoon",
    "product": "product|products|product name|item|产品|产品名称|producto|produit|produkt|товар|製品|ürün|제품|sản phẩm|prodotto|produto",
    "message": "message|your message|message body|comments|comment|inquiry|enquiry|inquiry details|inquiry content|message content|content|description|details|buyer message|your inquiry|requirement|"
    "requirements|留言|内容|询盘内容|留言内容|咨询内容|mensaje|consulta|mensagem|nachricht|anfrage|сообщение|お問い合わせ内容|الرسالة|body|comment or message|mesaj|mesajınız|문의내용|문의 내용|nội dung|messaggio|richiesta|bericht",
}  # fmt: skip
FIELD_OF = {word: key for key, words in _FIELDS.items() for word in words.split("|")}
BARE = frozenset(("message", "message body", "your message", "inquiry", "inquiry details", "留言", "内容", "询盘内容"))
HEADER_FIELDS = {
    "from": "from", "发件人": "from", "de": "from", "von": "from", "subject": "subject", "主题": "subject", "asunto": "subject",
    "betreff": "subject", "date": "date", "日期": "date",
}  # fmt: skip
NOTICE_END = re.compile(
    r"\s*(?:[-_=*─]{2,}\s*$|this (?:e-?mail|message) (?:was|is) sent|sent from:|reply (?:now|to (?:this|the) (?:inquiry|buyer))|click (?:here|the)|view (?:inquiry|details|more|message)|"
    r"go to |to reply|do not reply|unsubscribe|copyright|©|respond now|立即回复|查看详情|ip address|page url|user agent|date\s?[:：]|time\s?[:：]|remote ip)",
    re.I,
)
