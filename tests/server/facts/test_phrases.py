"""The phrase engine: where patterns match, where they must not, and which patterns are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from handmade import mail, stands
from hypothesis import given, settings
from hypothesis import strategies as st

from keeneye.facts.phrases import LexiconError, Pattern, Phrases, Said, said, shipped
from keeneye.facts.text import Text, fold
from keeneye.model import Mail, Span


def phrases(*patterns: str, language: str = "en") -> Phrases:
    made = []
    for pattern in patterns:
        where, _, rest = pattern.partition(":") if pattern.startswith(("subject:", "start:")) else ("any", "", pattern)
        made.append(Pattern("a.tag", rest, where, "t.toml", language, language not in ("zh", "ja", "ko", "th")))
    return Phrases(made)


def scan(message: Mail, engine: Phrases | None = None) -> tuple[Said, Said]:
    text = Text(message)
    return said(text, (engine or shipped()).scan(text))


def found(pattern: str, body: str, *, language: str = "en", subject: str = "", quoted: str = "") -> list[str]:
    message = mail(body, subject=subject, quoted=quoted)
    own, _ = scan(message, phrases(pattern, language=language))
    assert all(stands(message, e) for e in own.get("a.tag", ()))
    return [e.quote for e in own.get("a.tag", ())]


@pytest.mark.parametrize(
    ("pattern", "body", "expected"),
    [
        ("password", "Your Password, please", ["Password"]),
        ("password", "passwords", []),  # whole words only
        ("password", "mypassword", []),
        ("password", "épassword", []),  # also beside letters beyond ASCII
        ("password", "password", ["password"]),
        ("password", "password password", ["password", "password"]),
        ("password", "ｐａｓｓｗｏｒｄ", ["ｐａｓｓｗｏｒｄ"]),  # full width
        ("password", "pаsswоrd", ["pаsswоrd"]),  # Cyrillic а and о
        ("password", "𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝", ["𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝"]),  # mathematical bold
        ("your password", "your\u00a0 \n password", ["your\u00a0 \n password"]),
        ("e-?mail", "E‑mail", ["E‑mail"]),  # non-breaking hyphen
        ("don't", "don’t", ["don’t"]),
        ("contraseña", "su contrasena", ["contrasena"]),  # accents left off
        ("contrasena", "su contraseña", ["contraseña"]),
        ("пароль", "Введите пароль.", ["пароль"]),
        ("пароль", "парольный", []),
        ("كلمة المرور", "أدخل كلمه المرور", ["كلمه المرور"]),
        ("DN50", "DN50球阀", ["DN50"]),  # a Chinese letter ends a Latin word
        ("e ?mail", "email and e mail", ["email", "e mail"]),
        ("pay[^.\\n]{0,10}fee", "pay a small fee", ["pay a small fee"]),
        ("pay[^.\\n]{0,10}fee", "pay. fee", []),
        ("[a-z -]{4}x", "a b-x", ["a b-x"]),
        ("100%", "at 100% now", ["100%"]),
        ("start:dear sir", "Dear Sir,", ["Dear Sir"]),
        ("start:dear sir", "x" * 300 + " dear sir", []),
    ],
)
def test_where_a_pattern_matches(pattern: str, body: str, expected: list[str]) -> None:
    assert found(pattern, body) == expected


def test_languages_without_spaces_match_inside_words() -> None:
    assert found("密码", "请输入密码登录", language="zh") == ["密码"]


def test_subject_patterns_look_at_the_subject_only() -> None:
    assert found("subject:inquiry", "inquiry", subject="Your inquiry") == ["inquiry"]
    assert found("subject:inquiry", "inquiry", subject="Hello") == []


def test_no_phrase_reaches_from_subject_into_body() -> None:
    assert found("price list", "list of goods", subject="price") == []


def test_quoted_words_are_said_anywhere_but_not_said() -> None:
    message = mail("Thank you.", quoted="> enter your password")
    own, anywhere = scan(message, phrases("password"))
    assert own == {}
    assert [e.quote for e in anywhere["a.tag"]] == ["password"]


def test_a_long_quoted_part_in_front_does_not_hide_the_own_words() -> None:
    quoted = "password " * 500
    body = quoted + "\nenter the password"
    message = mail(body, own=(Span(len(quoted), len(body)),))
    own, anywhere = scan(message, phrases("password"))
    assert [e.quote for e in own["a.tag"]] == ["password"]
    assert len(anywhere["a.tag"]) == 5


def test_html_body_is_named_as_its_part() -> None:
    message = mail("password", body_part="html")
    own, _ = scan(message, phrases("password"))
    assert own["a.tag"][0].part == "html"


@pytest.mark.parametrize(
    "pattern",
    [".*", "a.+b", "a[^.]*b", "a[^\\n]{2,}b", r"\S+", "a{0,61}", "(", "a(?=b)", r"(a)\1", "", "a?", "[a", "x\\"],
)
def test_a_pattern_that_is_refused_is_named(tmp_path: Path, pattern: str) -> None:
    quoted = pattern.replace("\\", "\\\\")
    (tmp_path / "xx.toml").write_text(
        f'language = "xx"\nsource = "s"\ndate = "d"\n[phrases]\n"a.b" = ["{quoted}"]\n', "utf-8"
    )
    with pytest.raises(LexiconError, match=r"xx\.toml: a\.b"):
        Phrases.load(tmp_path)


@pytest.mark.parametrize(
    "content", ["x = ", 'language = "en"\n', 'language="e"\nsource="s"\ndate="d"\n[phrases]\na=1\n']
)
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "yy.toml").write_text(content, "utf-8")
    with pytest.raises(LexiconError, match=r"yy\.toml"):
        Phrases.load(tmp_path)


def test_the_same_tag_of_two_files_is_one(tmp_path: Path) -> None:
    for language, word in (("en", "hello"), ("es", "hola")):
        (tmp_path / f"{language}.toml").write_text(
            f'language = "{language}"\nsource = "s"\ndate = "d"\n[phrases]\n"g.t" = ["{word}"]\n', "utf-8"
        )
    own, _ = scan(mail("hello, hola"), Phrases.load(tmp_path))
    assert [e.quote for e in own["g.t"]] == ["hello", "hola"]


def test_all_patterns_of_a_big_lexicon_are_found() -> None:
    # The filter's automaton must not give up silently when there are many literals.
    many = Phrases([Pattern(f"t.n{i}", f"word{i}x [^.]{{0,40}}end{i}y", "any", "f", "en", True) for i in range(6000)])
    for i in (0, 2999, 5999):
        own, _ = scan(mail(f"so word{i}x in the end{i}y."), many)
        assert set(own) == {f"t.n{i}"}


@given(st.text())
def test_folding_keeps_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@settings(deadline=None)  # the first call compiles the lexicons
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_scanned_and_evidence_stands_where_it_says(body: str, subject: str) -> None:
    message = mail(body + " Dear Sir, enter your password 请输入密码 " + body, subject=subject + " price list")
    own, anywhere = scan(message)
    assert "password.request" in anywhere
    for places in (own, anywhere):
        for evidences in places.values():
            assert all(stands(message, e) for e in evidences)


@pytest.mark.parametrize(
    ("tag", "body"),
    [
        ("password.request", "Please enter your e-mail password to continue."),
        ("password.request", "请输入您的邮箱密码"),
        ("account.threat", "Your mailbox is almost full."),
        ("fund.lure", "I am the next of kin of the late client"),
        ("bank.changed", "Please note that our bank account has changed"),
        ("sample.free", "Could you send free samples?"),
        ("sample.paid", "we will pay the courier cost"),
        ("invitation.letter", "Please send us an invitation letter for the visa"),
        ("greeting.generic", "Dear Sir/Madam,\n"),
        ("introduction.company", "We are a leading importer of valves in Lima"),
        ("supplier.existing", "our present supplier is late"),
        ("sales.pitch", "We are a professional manufacturer of LED lamps"),
        ("newsletter.unsubscribe", "To unsubscribe click here"),
        ("canned.opener", "I'm interested in your product"),
    ],
)
def test_shipped_phrases_hit(tag: str, body: str) -> None:
    own, _ = scan(mail(body))
    assert tag in own


@pytest.mark.parametrize(
    ("tag", "body"),
    [
        ("password.request", "The archive has a password, I will tell it by phone."),
        ("account.threat", "The mailbox company is in Berlin."),
        ("bank.changed", "Our bank will send the letter of credit."),
        ("sample.free", "We will pay for the samples and the courier."),
        ("invitation.letter", "Thank you for the invitation to your stand."),
        ("greeting.generic", "Dear Ms. Chen,\n"),
        ("sales.pitch", "We are a distributor of valves in Lima."),
        ("introduction.company", "Your company is a manufacturer."),
        ("fund.lure", "We order one million pieces a year."),
    ],
)
def test_shipped_phrases_do_not_hit(tag: str, body: str) -> None:
    own, _ = scan(mail(body))
    assert tag not in own


def test_every_shipped_pattern_is_known_to_re2() -> None:
    shipped().check()


def test_every_shipped_tag_is_a_plain_name() -> None:
    assert [t for t in shipped().tags if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)?", t) and "/" not in t] == []
