"""Bytes to text: labels as WHATWG reads them, false and missing labels, and characters nobody sees."""

from __future__ import annotations

import codecs
import re

from keeneye.mail.limits import Notes

# WHATWG Encoding Standard §4.2, the labels that mail carries. Supersets replace what senders really mean:
# gbk text is labelled gb2312, windows-1252 text is labelled iso-8859-1, cp949 is labelled euc-kr.
_SAME = {
    "utf-8": ("utf8", "unicode-1-1-utf-8", "utf-8-sig", "utf8mb4", "cp65001"),
    "gb18030": ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb-2312", "chinesegb",
        "iso-ir-58", "euc-cn", "gb2312-80"),
    "cp1252": ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "iso_8859-1", "windows-1252",
        "l1", "iso-8859-1-1", "ansi"),
    "ascii": ("us-ascii", "ansi_x3.4-1968", "iso-646-us", "7bit"),
    "cp949": ("euc-kr", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ks_c_5601", "uhc", "windows-949", "korean"),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji"),
    "euc_jp": ("euc-jp", "x-euc-jp"),
    "iso2022_jp_ext": ("iso-2022-jp", "iso-2022-jp-ms", "csiso2022jp", "iso-2022-jp-1", "iso-2022-jp-2",
        "cp50220", "cp50221"),
    "iso2022_kr": ("iso-2022-kr",),
    "big5hkscs": ("big5", "big5-hkscs", "cn-big5", "x-x-big5", "cp950", "big5-eten"),
    "hz": ("hz-gb-2312",),
    "cp1254": ("iso-8859-9", "windows-1254", "latin5"),
    "cp874": ("tis-620", "windows-874", "iso-8859-11"),
    "koi8_u": ("koi8-r", "koi8-u", "koi8", "koi8-ru", "cskoi8r"),
    "cp866": ("cp866", "ibm866"),
    "cp1250": ("windows-1250",),
    "cp1251": ("windows-1251", "win-1251", "x-cp1251"),
    "cp1253": ("windows-1253",),
    "cp1255": ("windows-1255",),
    "cp1256": ("windows-1256",),
    "cp1257": ("windows-1257",),
    "cp1258": ("windows-1258",),
    "iso8859_2": ("iso-8859-2", "latin2"),
    "iso8859_3": ("iso-8859-3",),
    "iso8859_4": ("iso-8859-4",),
    "iso8859_5": ("iso-8859-5",),
    "iso8859_6": ("iso-8859-6",),
    "iso8859_7": ("iso-8859-7", "greek"),
    "iso8859_8": ("iso-8859-8", "iso-8859-8-i", "hebrew"),
    "iso8859_10": ("iso-8859-10",),
    "iso8859_13": ("iso-8859-13",),
    "iso8859_14": ("iso-8859-14",),
    "iso8859_15": ("iso-8859-15", "latin9"),
    "iso8859_16": ("iso-8859-16",),
    "mac_roman": ("macintosh", "x-mac-roman"),
    "mac_cyrillic": ("x-mac-cyrillic",),
    "utf-16": ("utf-16", "unicode", "ucs-2"),
    "utf-16-le": ("utf-16le",),
    "utf-16-be": ("utf-16be",),
    "utf-32": ("utf-32",),
    "cp437": ("ibm437",),
    "cp850": ("ibm850", "cp850"),
    "cp852": ("ibm852", "cp852"),
}  # fmt: skip
CODECS = {label: codec for codec, labels in _SAME.items() for label in (codec, *labels)}
_WIDE = {"utf-16", "utf-16-le", "utf-16-be", "utf-32"}
_ESCAPED = {"iso2022_jp_ext", "iso2022_kr", "hz"} | _WIDE
_SINGLE_BYTE_WEST = {"cp1252", "ascii", "iso8859_15", "mac_roman"}

# Frequent characters per charset: the share of them in a trial decoding tells which one was meant.
_COMMON = {
    "gb18030": (
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
        "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
        "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
        "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
        "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
        "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
        "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运您请贵谢询"
        "价客户产邮箱发票代开优惠联系手机"
    ),
    "big5hkscs": (
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
        "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實"
        "日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應請您謝貴客戶產"
        "品詢價免費電話聯絡"
    ),
    "cp932": "のにはをたがでてとしれさいるなもっかりあこれすまらくんスンルトラーイリック日本人会社様御株式",
    "euc_jp": "のにはをたがでてとしれさいるなもっかりあこれすまらくんスンルトラーイリック日本人会社様御株式",
    "cp949": "이다는의에을가고니하를은도로한지기사인어자시해리그나서수있주대정보습세요합안과제아상원신여장부일스전",
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйх",
    "koi8_u": "оеаинтсрвлкмдпуяыьгзбчйх",
    "cp1253": "αοιετσνηυρπκμλςάέόίή",
    "cp1256": "اليمنوترلبدعسفهةحقكأجشصطخىئ",
    "cp1255": "יוהלארתבשמנםחדקעטגפזסצכ",
    "cp874": "านรอกเงมยลวดทสตะปบคหแจพชขใไโผฟึืุู่้๊์ิีั",
    "cp1250": "ąęłśżźćńčřžšěůőűáéíóöüýĺľťďňţăâîş",
    "cp1254": "ığşçöüİĞŞÇÖÜâî",
    "cp1252": "éèàçäöüßñóáíêãõåøæúôîâûïëìòùÄÖÜÉ¿¡ºª“”‘’–—•…€£©®™°·«»´",
}  # fmt: skip
_COMMON_SETS = {codec: frozenset(chars) for codec, chars in _COMMON.items()}
_WIDE_SETS = {"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"}
_HIGH = re.compile(rb"[\x80-\xff]+")
SAMPLE = 4096

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BIDI_OVERRIDE = re.compile("[\u202a-\u202e\u2066-\u2069]")
_IN_WORD = re.compile("(?<=\\w)[\u00ad\u034f\u115f\u1160\u180b-\u180e\u200b-\u200d\u2060-\u2064\ufeff]+(?=\\w)")
_JOINED = re.compile("(?<=[\u0590-\u0fff\u1000-\u1aff\u2190-\u2bff\U0001f000-\U0001ffff\ufe0f])[\u200c\u200d]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = bytes(c for c in range(32) if c not in (9, 10, 13))


def codec_of(label: str | None) -> str | None:
    """The Python codec that a MIME charset label means, or None for an unknown or unsafe one (utf-7, idna, zlib …)."""
    words = label.strip(" \t'\"").lower().split(None, 1) if label else None
    if not words:
        return None
    word = words[0].rstrip("'\";,")
    return CODECS.get(word) or CODECS.get(word.replace("_", "-"))


def decode(data: bytes, label: str | None, notes: Notes, hint: str | None = None) -> tuple[str, str | None]:
    """Text of ``data`` and the charset that was really used (None: pure ASCII without a label).

    ``hint`` is a second label (HTML meta, or the body's charset for a raw header) used when ``label`` fails.
    Never raises: bytes that fit nothing become U+FFFD and ``charset_broken`` is noted.
    """
    if label and label.strip("'\" ").lower().replace("_", "-") in ("utf-7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7"):
        notes.add("charset_utf7_refused")  # markup can hide in it, and no mail program still writes it
        return data.decode("ascii", "replace"), "utf-7"
    codec = codec_of(label)
    if codec not in _ESCAPED:
        if data.isascii() and b"\x1b" not in data:
            return data.decode("ascii"), codec
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if codec not in (None, "utf-8", "ascii", *_WIDE_SETS) or (codec in _WIDE_SETS and _fits_both(data, codec)):
                notes.add("charset_false")
            if codec is None and label:
                notes.add("charset_unknown")
            if b"\x1b" not in data or not data.isascii():
                if codec in _WIDE_SETS and not _fits_both(data, codec):
                    return text, "utf-8"
                if codec not in _WIDE_SETS or len(text) > 3:
                    return text.removeprefix("\ufeff"), "utf-8"
    if label and codec is None:
        notes.add("charset_unknown")
    if codec in _SINGLE_BYTE_WEST and _runs(data):
        found = detect(data)
        if found and found not in _SINGLE_BYTE_WEST:
            notes.add("charset_false")
            return data.decode(found, "replace"), found
    for trial in (codec, codec_of(hint)):
        if trial and trial != "ascii":
            try:
                return data.decode(trial).removeprefix("\ufeff"), trial
            except (UnicodeDecodeError, UnicodeError):
                continue
    found = detect(data)
    if codec and codec != "ascii" and (found is None or found == codec or codec in ("utf-8", "gb18030")):
        # One broken character in an otherwise fitting text: the label is right.
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 20 <= len(text) or found is None:
            notes.add("charset_broken")
            return text.removeprefix("\ufeff"), codec
    if found is None:
        notes.add("charset_broken")
        return data.decode("utf-8", "replace"), "utf-8"
    notes.add("charset_false" if codec else "charset_missing")
    return data.decode(found, "replace").removeprefix("\ufeff"), found


def _fits_both(data: bytes, codec: str) -> bool:
    """Whether UTF-8 bytes also decode under a double-byte label (rare and short)."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _runs(data: bytes) -> bool:
    """Whether most high bytes stand in runs of three or more, as no western language writes them (``ção`` has two)."""
    runs = _HIGH.findall(data[:SAMPLE].replace(b"\xa0", b" "))
    total = sum(map(len, runs))
    return total >= 4 and sum(len(r) for r in runs if len(r) > 2) > total * 0.7


def detect(data: bytes) -> str | None:
    """The likeliest codec of unlabelled 8-bit text, judged on its first 4 KiB; None when nothing fits."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if data[:3] == b"\xef\xbb\xbf":
        return "utf-8"
    sample = data[:SAMPLE]
    if b"\x1b$" in sample or b"\x1b(" in sample:
        return "iso2022_jp_ext"
    if _decodes(sample, "utf-8") is not None:
        return "utf-8"
    runs = _HIGH.findall(sample)
    total = sum(map(len, runs))
    if not total:
        return None
    isolated = sum(len(r) for r in runs if len(r) < 3) / total
    best, best_score = None, 0.12
    for codec, common in _COMMON_SETS.items():
        text = _decodes(sample, codec)
        if text is None:
            continue
        high = [c for c in text if c > "\x7f"]
        if not high:
            continue
        score = sum(c in common for c in high) / len(high)
        if codec in _WIDE_SETS:
            score = score * 2 + _first_level(sample, codec) * 0.3
        elif codec in ("cp1252", "cp1254", "cp1250"):
            score *= isolated
            if codec != "cp1252":
                score *= 0.8
        else:  # words of these scripts are runs of high bytes
            score *= 1 - isolated
        if score > best_score:
            best, best_score = codec, score
    return best or ("cp1252" if isolated > 0.5 else None)


def _first_level(sample: bytes, codec: str) -> float:
    """Share of the double-byte characters that stand in the first, frequent level of the table."""
    low, high = {"gb18030": (0xB0, 0xD7), "big5hkscs": (0xA4, 0xC6), "cp949": (0xB0, 0xC8)}.get(codec, (0, 0))
    if not low:
        return 0.0
    leads = [b for run in _HIGH.findall(sample) for b in run[::2]]
    return float(sum(low <= b <= high for b in leads)) / max(1, len(leads))


def _decodes(sample: bytes, codec: str) -> str | None:
    """Strict decoding that forgives a character cut at the end of the sample."""
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(sample, len(sample) < SAMPLE)
    except UnicodeDecodeError:
        return None


def clean(text: str, notes: Notes) -> str:
    """Line ends to LF; NULs, other control characters and lone surrogates away (noted)."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    # One trip through UTF-8: bytes.translate is 30 times as fast as str.translate.
    data = text.encode("utf-8", "surrogatepass")
    kept = data.translate(None, _CONTROL)
    if len(kept) != len(data):
        notes.add("nul" if b"\0" in data else "control_characters")
        text = kept.decode("utf-8", "surrogatepass")
    if len(kept) != len(text) and _SURROGATE.search(text):
        notes.add("lone_surrogate")
        text = _SURROGATE.sub("\ufffd", text)
    return text


def strip_unseen(text: str) -> tuple[str, int, int]:
    """Text without characters that take no room, with two counts.

    Returns (text, zero-width characters **inside words**, directional formatting characters). Padding between words,
    as newsletters put behind their preview line, is removed but not counted; joiners that Arabic, Indic
    scripts and emoji need are kept. Direction marks LRM/RLM/ALM are removed, and only embeddings,
    overrides and isolates are counted (UAX #9).
    """
    if text.isascii() or not UNSEEN.search(text):
        return text, 0, 0
    bidi = len(_BIDI_OVERRIDE.findall(text))
    text = _BIDI.sub("", text)
    kept = {m.start() for m in _JOINED.finditer(text)}
    inside = sum(len(m.group()) for m in _IN_WORD.finditer(text) if m.start() not in kept)
    if not kept:
        return UNSEEN.sub("", text), inside, bidi
    return UNSEEN.sub(lambda m: m.group() if m.start() in kept else "", text), inside, bidi
