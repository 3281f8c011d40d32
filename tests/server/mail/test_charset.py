from __future__ import annotations

import pytest

from keeneye.mail import charset

CHINESE = "您好，我们是一家德国公司，请报价五百个不锈钢阀门的价格和交货期。"
RUSSIAN = "Здравствуйте, просим сообщить цену на запорную арматуру и сроки поставки."
JAPANESE = "お世話になっております。ステンレス製バルブの見積をお願いいたします。"
KOREAN = "안녕하세요. 스테인리스 밸브 오백 개의 가격을 알려 주시기 바랍니다."
GERMAN = "Grüße aus München, wir benötigen größere Mengen für unsere Häuser."


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (CHINESE + "镕", "gbk", "gb2312"),  # a character that gb2312 lacks
        (CHINESE + "㐀", "gb18030", "gb2312"),
        (CHINESE, "gb2312", "GB2312"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (KOREAN, "cp949", "ks_c_5601-1987"),
        ("It’s “fine” – 5 €", "cp1252", "iso-8859-1"),  # what WHATWG means by the label
        ("Notificação, valores, ações", "cp1252", "iso-8859-1"),  # pairs of accents are not Cyrillic
        ("a\xa0\xa0\xa0\xa0\xa0b", "cp1252", "iso-8859-1"),
        ("فواتير", "cp1256", "windows-1256"),
        ("Zażółć gęślą", "cp1250", "windows-1250"),
        (CHINESE, "utf-8", "iso-8859-1"),  # false label
        (CHINESE, "utf-8", "gb2312"),  # false label
        (RUSSIAN, "utf-8", None),
        (CHINESE, "gbk", None),
        (CHINESE, "gbk", "us-ascii"),
        (CHINESE, "gbk", "iso-8859-1"),  # false label, very common
        (CHINESE, "gbk", "utf-8"),
        (RUSSIAN, "koi8-r", None),
        (RUSSIAN, "cp1251", None),
        (JAPANESE, "cp932", None),
        (JAPANESE, "euc_jp", None),
        (JAPANESE, "iso2022_jp", None),
        (KOREAN, "cp949", None),
        ("您好請報價不鏽鋼閥門的價格和交貨期", "big5", None),
        (GERMAN, "cp1252", None),
        (GERMAN, "cp1252", "x-unknown-charset"),
        (GERMAN, "utf-16", "utf-16"),
    ],
)
def test_text_survives(text, codec, label, notes):
    assert charset.decode(text.encode(codec), label, notes)[0] == text


def test_utf7_is_refused(notes):
    text, used = charset.decode(b"+ADw-script+AD4-", "utf-7", notes)
    assert "<script>" not in text
    assert used == "utf-7"
    assert "charset_utf7_refused" in notes.names


@pytest.mark.parametrize("label", ["zlib_codec", "rot13", "unicode_escape", "idna", "punycode", "hex", "../../x"])
def test_only_charsets_are_charsets(label, notes):
    assert charset.decode(b"\\x41 caf\xc3\xa9", label, notes)[0] == "\\x41 café"


def test_one_broken_byte_keeps_the_label(notes):
    text, used = charset.decode(CHINESE.encode("utf-8") * 3 + b"\xff", "utf-8", notes)
    assert text == CHINESE * 3 + "\ufffd"
    assert used == "utf-8"
    assert "charset_broken" in notes.names


def test_clean_takes_out_what_breaks_others(notes):
    assert charset.clean("a\0b\r\nc\rd\x08e\udc80", notes) == "ab\nc\nde\ufffd"
    assert {"nul", "lone_surrogate"} <= notes.names.keys()


@pytest.mark.parametrize(
    ("text", "seen", "zero_width", "bidi"),
    [
        ("plain", "plain", 0, 0),
        ("pass\u200bword ver\u00adify", "password verify", 2, 0),
        ("a\u200b\u200c\u200bb", "ab", 3, 0),
        ("preview \u200c \u200c \u200c", "preview   ", 0, 0),  # a newsletter's padding is not an evasion
        ("\u202egpj.exe", "gpj.exe", 0, 1),
        ("hello\u200e", "hello", 0, 0),  # a direction mark, which Outlook writes by itself
        ("می\u200cخواهم", "می\u200cخواهم", 0, 0),  # Persian needs it
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", 0, 0),
    ],
)
def test_unseen_characters(text, seen, zero_width, bidi):
    assert charset.strip_unseen(text) == (seen, zero_width, bidi)
