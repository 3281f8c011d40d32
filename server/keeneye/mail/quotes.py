"""The writer's own words, the quoted thread, the signature: which lines of a body are which.

Works on lines with patterns that look at 300 characters of a line at most, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from keeneye.mail.html import Region
from keeneye.mail.limits import Notes
from keeneye.model import Span

# The header words that mail programs put above a quoted or forwarded message, by language.
_LABELS = {
    "from": "from 发件人 發件人 寄件者 寄件人 发信人 de von от|от кого من|المرسل 差出人|送信者|送信元 da 보낸 사람|보낸사람 van od kimden|gönderen från fra lähettäjä",
    "sent": "sent|date|sent at|sent on 发送时间|发送日期|日期|时间|傳送日期|寄件日期|寄件時間|發送時間 enviado|enviado el|enviada em|enviado em|fecha|data envoyé|envoyé le "
    "gesendet|gesendet am|datum дата|отправлено|дата отправки التاريخ|تاريخ الإرسال|تم الإرسال 送信日時|日時|日付|送信日 inviato 보낸 날짜|날짜 verzonden wysłano|data tarih|gönderilme skickat sendt",
    "to": "to 收件人|收件者|收信人 para|pour à|a an кому إلى|المستلم 宛先|宛て 받는 사람|받는사람 aan do kime|alıcı till til",
    "cc": "cc|c.c 抄送|抄送人|副本 копия نسخة kopie 참조 copia|copie",
    "subject": "subject|subj 主题|主題|主旨|标题 asunto assunto objet|sujet betreff тема الموضوع 件名 oggetto 제목 onderwerp temat konu ämne emne",
}  # fmt: skip
LABELS: dict[str, str] = {}
for _key, _words in _LABELS.items():
    for _group in (
        _words.replace("от кого", "от\0кого")
        .replace("보낸 사람", "보낸\0사람")
        .replace("받는 사람", "받는\0사람")
        .replace("보낸 날짜", "보낸\0날짜")
        .split(" ")
    ):
        for _word in _group.split("|"):
            LABELS.setdefault(_word.replace("\0", " "), _key)
for _key, _phrases in {
    "sent": (
        "sent at",
        "sent on",
        "enviado el",
        "enviada em",
        "enviado em",
        "envoyé le",
        "gesendet am",
        "дата отправки",
        "تاريخ الإرسال",
        "تم الإرسال",
    ),
}.items():
    for _word in _phrases:
        LABELS[_word] = _key
for _stray in ("at", "on", "el", "em", "le", "am", "отправки", "الإرسال", "تم", "تاريخ"):
    LABELS.pop(_stray, None)
LABEL_LINE = re.compile(r"[>\s|*]{0,12}([^\W\d_][^:：\n]{0,24}?)[\s*]{0,3}[:：][\s*]{0,8}(.{0,500})")

_ORIGINAL = (
    r"original message|original mail|original e-?mail|原始邮件|原邮件|原始郵件|回复的原邮件|原始訊息|mensaje original|mensagem original|message d'origine|message d’origine|"
    r"message original|ursprüngliche nachricht|ursprungliche nachricht|original-nachricht|originalnachricht|исходное сообщение|messaggio originale|"
    r"元のメッセージ|original appointment|رسالة أصلية|الرسالة الأصلية|원본 메시지|oorspronkelijk bericht|wiadomość oryginalna|orijinal mesaj|reply message"
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
_ATTRIBUTION = re.compile(
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
_ATTRIBUTION_START = re.compile(
    r"\s*(?:on|at|el|em|le|am|il|op|в|في|بتاريخ)\s.{0,200}\d|\s*(?:在|于|於).{0,60}\d|\s*\d{4}年", re.I
)
_ENDS = (":", "：", "写道", "寫道", "wrote", "escribió", "escreveu", "écrit", "scritto", "пишет", "写到")

_CLOSING = re.compile(
    r"""[\s>*_]{0,6}(?:
      (?:(?:with\s)?(?:(?:my|our|the)\s)?(?:(?:very\s)?(?:best|kind|kindest|warm|warmest)\s)+(?:and\s\w+\s)?(?:regards?|wishes|rgds))
    | (?:thanks?(?:\syou)?|many\sthanks)?\s?(?:and|&|with|/|,)?\s?(?:b\.?\s?)?(?:best\s|kind\s|warm\s)?(?:regards|rgds|b\.?rgds)
    | (?:yours|your)\s(?:sincerely|faithfully|truly|respectfully) | sincerely(?:\syours)? | faithfully | respectfully | cordially | cheers | brgds | br | b\.r
    | thanks | thank\syou | many\sthanks | thanks\sin\sadvance | thank\syou\sin\sadvance | thx | tks
    | 此致(?:敬礼)? | 敬礼 | 祝好 | 祝商祺 | 顺祝商祺 | 順頌商祺 | 顺颂商祺 | 商祺 | 谢谢 | 謝謝 | 敬上 | 顺祝.{0,8} | 敬祝.{0,8} | 祝.{2,8}
    | (?:muy\s)?atentamente | (?:un\s)?(?:cordial(?:es)?\s)?saludos?(?:\scordial(?:es)?|\s?y\s?gracias)? | cordialmente | reciba\sun.{0,20}saludo | quedo\satent[oa] | gracias
    | atenciosamente | (?:com\sos\s)?(?:melhores\s)?cumprimentos | att | obrigad[oa] | abraços
    | (?:bien\s|très\s)?cordialement | bien\sà\svous | (?:sincères\s|meilleures\s)?salutations(?:\sdistinguées)? | merci
    | mit\s(?:freundlichen|freundlichem|besten|vielen|herzlichen)\s(?:grüßen|grüssen|gruessen|gruß) | (?:freundliche|viele|beste|herzliche|schöne)\s(?:grüße|grüsse|gruesse) | mfg | hochachtungsvoll
    | (?:cordiali|distinti|cari)\ssaluti | met\svriendelijke\sgroet(?:en)? | z\spoważaniem | saygılarım(?:la|ızla) | trân\strọng | hormat\s(?:kami|saya) | med\svänlig(?:a)?\shälsning(?:ar)?
    | с\s(?:глубоким\s)?уважением | с\sнаилучшими\sпожеланиями | с\sбольшим\sуважением | искренне\sваш | спасибо
    | (?:مع\s)?(?:أطيب\s|خالص\s)?(?:تحياتي|التحيات|التحية)(?:\sلكم)? | وتفضلوا\sبقبول.{0,40} | مع\sالشكر.{0,20} | شكرا | المخلص
    | 敬具 | 以上 | 草々 | (?:どうぞ)?(?:よろしく|宜しく)(?:お願い|おねがい)(?:いた|致)?し?(?:します|申し上げます) | 감사합니다
    )(?=[\s,.!，。！;:)*_-]|$)""",
    re.I | re.X,
)
_BRIEF = frozenset(("thanks", "thank you", "many thanks", "gracias", "merci", "спасибо", "شكرا", "谢谢", "謝謝", "cheers", "br", "att", "thx", "tks", "obrigado", "obrigada", "以上"))  # fmt: skip
_CONTACT = re.compile(
    r"""\b(?:tel|telephone|phone|ph|mob|mobile|cell|fax|e-?mail|mail|web|website|whats\s?app|skype|we\s?chat|add|address|office|telefon|téléphone|teléfono|correo|móvil|celular|handy|url|viber|telegram|тел|факс|моб|сайт|адрес|هاتف|جوال|電話|住所)\b\.?\s{0,3}[:：/|]
    | 电话|手机|传真|邮箱|地址|网址|微信|公司 | \+\d[\d\s().-]{7,20}\d | \b\d{3,4}[-\s]\d{3,4}[-\s]\d{3,5}\b | www\.|https?:// | [\w.+-]{1,64}@[\w-]{1,63}\.\w
    | \b(?:ltd|llc|inc|gmbh|co\.|corp|limited|s\.?a\.?|s\.?r\.?l|pty|plc|sdn\sbhd)\b | (?:有限公司|株式会社|ООО)
    | \b(?:manager|director|ceo|cfo|sales|purchas(?:e|ing)|procurement|buyer|engineer|president|owner|gerente|directeur|leiter)\b""",
    re.I | re.X,
)
_FOOTER = re.compile(
    r"""\bunsubscribe\b | \bmailing\slist\b | list-help | \bopt[-\s]?out\b | 退订 | 取消订阅 | manage\syour\s(?:preferences|subscription) | view\s(?:this\semail\s)?in\s(?:your\s)?browser
    | \b(?:this|the)\s(?:e-?mail|email|message|communication|transmission)\b.{0,200}\b(?:confidential|privileged|intended|virus) | \bconfidentiality\snotice | \bdisclaimer\s?[:：]
    | privileged\sand\sconfidential | \bif\syou\s(?:are\snot|have\sreceived\sthis).{0,60}(?:intended\srecipient|in\serror|by\smistake)
    | please\sconsider\sthe\senvironment | think\sbefore\syou\sprint | scanned\s(?:by|for)\s.{0,40}virus | virus-free | avast | 本邮件.{0,40}(?:保密|机密) | 此邮件.{0,40}(?:保密|机密)
    | diese\se-?mail.{0,120}vertraulich | este\s(?:correo|mensaje).{0,160}confidencial | esta\smensagem.{0,160}confidencia | ce\s(?:message|courriel).{0,160}confidentiel | конфиденциальн
    | sent\sfrom\smy\s | sent\sfrom\s(?:mail\sfor|outlook|yahoo)| get\soutlook\sfor | 发自我的 | 从\s?windows\s?版邮件 | enviado\sdes?de\s(?:mi|meu|o\smeu) | von\smeinem\s.{2,30}\sgesendet | envoyé\sde(?:puis)?\smon
    | отправлено\sс | iphoneから送信 | this\semail\swas\ssent\s(?:to|from|by) | copyright\s(?:©|\(c\)|20) | ©\s?20\d\d""",
    re.I | re.X,
)
_LINE_OF = re.compile(r"\s*[-_=*─—]{8,}\s*$")
_CLIENT = re.compile(
    r"sent\sfrom|get\soutlook|发自|从\s?windows|enviado\sdes?de|von\smeinem|envoyé\sde|отправлено|から送信", re.I
)


class Line(NamedTuple):
    start: int
    end: int
    text: str  # stripped, at most 300 characters


class Layout(NamedTuple):
    own: tuple[Span, ...]
    signature: Span | None
    quoted: tuple[Span, ...]


def lines_of(body: str, start: int, end: int, notes: Notes) -> list[Line]:
    """Lines of a range; behind the cap the rest of the text is one line."""
    lines: list[Line] = []
    pos = start
    for text in body[start:end].split("\n", notes.limits.lines):
        stop = pos + len(text)
        if len(lines) >= notes.limits.lines:
            notes.add("lines")
        lines.append(Line(pos, stop, text[:300].strip()))
        pos = stop + 1
    return lines


def label_of(text: str) -> tuple[str, str] | None:
    """(from | sent | to | cc | subject, value) when a line is a header line in one of the languages."""
    if ":" not in text and "：" not in text:
        return None
    match = LABEL_LINE.match(text)
    if match is None:
        return None
    key = LABELS.get(match.group(1).strip().lower())
    return (key, match.group(2).strip()) if key else None


def header_block(lines: Sequence[Line], at: int) -> tuple[dict[str, str], int] | None:
    """The header lines that begin at ``at`` and the number of the first line behind them, or None.

    A block names the writer and at least two other things, or the writer's address and one other.
    """
    found: dict[str, str] = {}
    index, blanks, last = at, 0, ""
    while index < len(lines) and index < at + 16:
        text = lines[index].text
        if not text:
            blanks += 1
            if (found and len(found) >= 3) or blanks > 3 or not found:
                break
            index += 1
            continue
        label = label_of(text)
        if label is None:
            if last in ("to", "cc", "from") and blanks == 0 and ("@" in text or not found.get(last)):
                found[last] = (found[last] + " " + text).strip()
                index += 1
                continue
            break
        key, value = label
        if key in found and found[key]:
            break
        found[key] = value
        last, blanks = key, 0
        index += 1
    enough = "from" in found and (len(found) >= 3 or (len(found) >= 2 and "@" in found["from"]))
    return (found, index) if enough else None


def attribution(lines: Sequence[Line], at: int) -> int:
    """Number of lines that an ``On …, X wrote:`` takes at ``at``: 0 when there is none, at most 3."""
    text = lines[at].text
    if len(text) < 290 and text.endswith(_ENDS) and _ATTRIBUTION.match(text):
        return 1
    if _ATTRIBUTION_START.match(text) and len(text) < 200:
        joined = text
        for more in (1, 2):
            if at + more >= len(lines) or not lines[at + more].text:
                break
            joined = (joined + " " + lines[at + more].text)[:290]
            if joined.endswith(_ENDS) and _ATTRIBUTION.match(joined):
                return more + 1
    return 0


OWN, QUOTED, SIGNATURE, FOOTER = range(4)


def split(body: str, regions: Sequence[Region], start: int, end: int, notes: Notes) -> Layout:
    """Own words, signature and quoted thread of ``body[start:end]``.

    ``regions`` are what the HTML itself marks. When nothing would be left as the writer's own, all that is
    not plainly a ``>`` quotation is.
    """
    lines = lines_of(body, start, end, notes)
    marks = bytearray(len(lines))
    _mark_quoted(lines, marks, regions)
    first_quoted = next((i for i, m in enumerate(marks) if m == QUOTED), len(lines))
    last_own = max((i for i in range(len(lines)) if marks[i] == OWN and lines[i].text), default=-1)
    if last_own < 0:
        if not any(line.text[:1] not in (">", "") for line in lines):
            return Layout((), None, _spans(body, lines, marks, QUOTED))
        marks = bytearray(len(lines))
        first_quoted, last_own = len(lines), max((i for i in range(len(lines)) if lines[i].text), default=-1)
    if last_own >= 0:
        # Top posting puts the signature above the quotation, bottom posting below it.
        head = [i for i in range(first_quoted) if lines[i].text]
        stop = first_quoted if head else len(lines)
        begin = 0 if head else next((i for i in range(len(lines)) if marks[i] == OWN and lines[i].text), 0)
        _mark_end(lines, marks, begin, stop, regions)
        if last_own >= stop and head:
            rest = next(i for i in range(stop, len(lines)) if marks[i] == OWN and lines[i].text)
            _mark_end(lines, marks, rest, last_own + 1, regions)
    if not any(m == OWN and line.text for m, line in zip(marks, lines, strict=True)):
        for index, mark in enumerate(marks):
            if mark != QUOTED:
                marks[index] = OWN
        return Layout(_spans(body, lines, marks, OWN), None, _spans(body, lines, marks, QUOTED))
    signatures = _spans(body, lines, marks, SIGNATURE)
    return Layout(
        _spans(body, lines, marks, OWN), signatures[-1] if signatures else None, _spans(body, lines, marks, QUOTED)
    )


def _mark_quoted(lines: Sequence[Line], marks: bytearray, regions: Sequence[Region]) -> None:
    for region in regions:
        if region.kind == "signature":
            continue
        stop = lines[-1].end + 1 if region.kind == "rest" and lines else region.end
        for index, line in enumerate(lines):
            if line.start >= region.start and line.end <= stop and line.end > line.start:
                marks[index] = QUOTED
    angle = [i for i, line in enumerate(lines) if line.text[:1] == ">"]
    if len(angle) > 1 or (angle and angle[0] and attribution(lines, angle[0] - 1)):
        for index in angle:
            marks[index] = QUOTED
    index = 0
    while index < len(lines):
        text = lines[index].text
        if not text:
            index += 1
            continue
        if text[:1] in "-_=*─—–" and len(text) > 6 and (ORIGINAL_LINE.match(text) or FORWARDED_LINE.match(text)):
            marks[index:] = bytes([QUOTED]) * (len(lines) - index)
            return
        if text[-1] in ":：道wnotеt" or text.endswith(_ENDS) or _ATTRIBUTION_START.match(text):
            taken = attribution(lines, index)
            if taken:
                behind = next((i for i in range(index + taken, len(lines)) if lines[i].text), None)
                if behind is None or marks[behind] == QUOTED:
                    marks[index : index + taken] = bytes([QUOTED]) * taken
                    index += taken
                    continue
                if index or "@" in text or any(c.isdigit() for c in text):
                    marks[index:] = bytes([QUOTED]) * (len(lines) - index)
                    return
        label = label_of(text)
        if label and label[0] in ("from", "sent", "subject") and marks[index] == OWN:
            block = header_block(lines, index)
            if block and "from" in block[0]:
                above = index - 1
                while above >= 0 and (not lines[above].text or _LINE_OF.match(lines[above].text)):
                    marks[above] = QUOTED
                    above -= 1
                marks[index:] = bytes([QUOTED]) * (len(lines) - index)
                return
        index += 1


def _mark_end(lines: Sequence[Line], marks: bytearray, begin: int, stop: int, regions: Sequence[Region]) -> None:
    """Mark the signature and the footers at the end of ``lines[begin:stop]``."""
    stop = _mark_footer(lines, marks, begin, stop)
    while stop > begin and not lines[stop - 1].text:
        stop -= 1
    for region in regions:
        if region.kind == "signature":
            inside = [
                i
                for i in range(begin, stop)
                if region.start <= lines[i].start and lines[i].end <= region.end and lines[i].text
            ]
            if inside and inside[0] > begin:
                _mark(marks, _with_closing(lines, begin, inside[0]), inside[-1] + 1)
                return
    floor = max(begin, stop - 40)
    for index in range(stop - 1, floor - 1, -1):
        if lines[index].text in ("--", "—", "---") and index + 1 < stop and stop - index <= 30:
            _mark(marks, _with_closing(lines, begin, index), stop)
            return
    closing = _closing(lines, floor, stop)
    if closing is None:
        closing = _contact_block(lines, max(begin, stop - 20), stop, begin)
    if closing is not None:
        _mark(marks, closing, stop)


def _mark(marks: bytearray, start: int, stop: int) -> None:
    for index in range(start, stop):
        if marks[index] == OWN:
            marks[index] = SIGNATURE


def _is_closing(text: str) -> bool:
    match = _CLOSING.match(text)
    if match is None or len(text) > 60:
        return False
    words = match.group().strip().lower()
    return words not in _BRIEF or len(text) - len(match.group()) <= 3


def _with_closing(lines: Sequence[Line], begin: int, at: int) -> int:
    """Take in a closing and the name under it that stand above a signature mark."""
    above, seen = at - 1, 0
    while above > begin and seen < 3:
        text = lines[above].text
        if text:
            seen += 1
            if _is_closing(text):
                return above
            if len(text) > 40:
                break
        above -= 1
    return at


def _closing(lines: Sequence[Line], floor: int, stop: int) -> int | None:
    """The line of the closing phrase whose followers are all short, or None."""
    found = None
    for index in range(stop - 1, floor - 1, -1):
        text = lines[index].text
        if len(text) > 160:
            break
        if text and _is_closing(text):
            follows = [line.text for line in lines[index + 1 : stop] if line.text]
            if not follows and len(text) < 25:
                continue
            if not follows and not re.search(r"[,，]\s*\S", text):
                continue
            found = index
            if index and not any(
                _is_closing(lines[i].text) for i in range(max(floor, index - 6), index) if lines[i].text
            ):
                break
    return found


def _contact_block(lines: Sequence[Line], floor: int, stop: int, begin: int) -> int | None:
    """The start of a trailing block of contact lines without any closing phrase."""
    start = stop
    hits = total = 0
    best = None
    for index in range(stop - 1, floor - 1, -1):
        text = lines[index].text
        if not text:
            if best is None and total >= 6 and not hits:
                return None
            continue
        if len(text) > 110:
            break
        total += 1
        hits += bool(_CONTACT.search(text))
        start = index
        opens = index == begin or not lines[index - 1].text
        if opens:
            if hits >= 2 and hits * 5 >= total * 2 and index > begin:
                best = start
            elif best is not None or total > 4:
                break
    return best


def _mark_footer(lines: Sequence[Line], marks: bytearray, begin: int, stop: int) -> int:
    """Mark disclaimers, list footers and client taglines at the end; the new end of what is left."""
    floor = max(begin + 1, stop - 40)
    at = None
    for index in range(stop - 1, floor - 1, -1):
        text = lines[index].text
        if text and _FOOTER.search(text):
            if (
                _CLIENT.search(text)
                and len(text) < 80
                and any(len(x.text) > 0 for x in lines[index + 1 : stop])
                and at is None
            ):
                continue
            at = index
    if at is None:
        return stop
    above = at - 1
    while above > begin and at - above < 4:
        if _LINE_OF.match(lines[above].text):
            at = above
            break
        above -= 1
    for index in range(at, stop):
        if marks[index] == OWN:
            marks[index] = FOOTER
    return at


def _spans(body: str, lines: Sequence[Line], marks: bytearray, kind: int) -> tuple[Span, ...]:
    """Ranges of neighbouring lines of one kind, blank ends trimmed."""
    spans: list[Span] = []
    index = 0
    while index < len(lines):
        if marks[index] != kind or not lines[index].text:
            index += 1
            continue
        first = last = index
        index += 1
        while index < len(lines) and (marks[index] == kind or not lines[index].text):
            if lines[index].text:
                last = index
            index += 1
        start, end = lines[first].start, lines[last].end
        while start < end and body[start].isspace():
            start += 1
        while end > start and body[end - 1].isspace():
            end -= 1
        if end > start:
            spans.append(Span(start, end))
    return tuple(spans)
