"""The words without which a pattern cannot match: what is derived, and that nothing is missed because of it."""

from __future__ import annotations

import pytest
from handmade import mail
from hypothesis import given, settings
from hypothesis import strategies as st

from keeneye.facts.literals import NEAR_FROM, needs, normal
from keeneye.facts.phrases import Phrases, shipped, translate
from keeneye.facts.text import Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T/T, 30% deposit", " t t 0 % deposit "),
        ("  a\n\nb ", " a b "),
        ("DN50球阀1,000个", " dn0 球阀 0 0 个 "),
        ("", "  "),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("free samples?", {" free sample ", " free samples "}),
        ("(?:log|sign) ?in", {" log in ", " login ", " sign in ", " signin "}),
        ("pay[^.]{0,9}fee", {" pay"}),
        ("[0-9]{1,3} ?%", {" 0 % "}),
        ("公司", {"公司"}),
        ("x?y?", set()),
    ],
)
def test_what_must_be_there(pattern: str, first: set[str]) -> None:
    found = needs(translate(pattern), True).clauses
    assert (set(found[0]) if found else set()) == first


@pytest.mark.parametrize("pattern", ["(?=a)b", "(?<!a)b", "(a)\\1", "a++", "(?>a)b"])
def test_syntax_that_re2_does_not_have(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        needs(pattern, True)


PIECES = (
    "enter your password", "Passwort ", "free\u00a0samples", "next of kin", "DN50球阀", "请输入密码",
    "T/T 30% deposit, ",
    "USD 5,000,000.00", "[name] ", "{{ x }}", "\n\n", ". ", "contraseña", "пароль", "كلمة المرور", "50/50 ", "#1 ",
    "we  are\na leading importer", "bank account has changed", "WhatsApp+234", "e-mail:a@b.example",
    "入力してください", "비밀번호", "Dear Sir/Madam,",
)  # fmt: skip


def every_hit(phrases: Phrases, text: Text) -> set[tuple[str, int, int]]:
    """Hits of all patterns, each run over the whole text."""
    found: set[tuple[str, int, int]] = set()
    for number, pattern in enumerate(phrases.patterns):
        if pattern.where == "any":
            end = len(text.data)
            hits = phrases._hits(text, text.data, number, phrases._search(number)(text.data, 0, end), end, end)
            found |= {(h.tag, h.start, h.end) for h in hits}
    return found


@settings(deadline=None, max_examples=24)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=12).map("".join), st.booleans())
def test_no_shipped_pattern_is_missed(body: str, long: bool) -> None:
    filler = "Lorem ipsum dolor. " * (NEAR_FROM // 18 if long else 0)
    text = Text(mail(f"{body[:40]}{filler}{body}{filler}"))
    quick = {(h.tag, h.start, h.end) for h in shipped().scan(text)}
    assert every_hit(shipped(), text) <= quick
