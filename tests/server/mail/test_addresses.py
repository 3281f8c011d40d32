from __future__ import annotations

import pytest

from keeneye.mail import addresses


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ann@buyer.example", [("", "ann@buyer.example")]),
        ("Ann <Ann@Buyer.Example>", [("Ann", "ann@buyer.example")]),
        ('"Smith, Ann" <ann@buyer.example>', [("Smith, Ann", "ann@buyer.example")]),
        ("Smith, Ann <ann@buyer.example>", [("Smith, Ann", "ann@buyer.example")]),  # a comma without quotes
        ("a@x.example, b@y.example", [("", "a@x.example"), ("", "b@y.example")]),
        ("A <a@x.example>, Smith, B <b@y.example>", [("A", "a@x.example"), ("Smith, B", "b@y.example")]),
        ("a@x.example; b@y.example", [("", "a@x.example"), ("", "b@y.example")]),
        ("a@x.example (Ann)", [("Ann", "a@x.example")]),
        ("Team: a@x.example, B <b@y.example>;", [("", "a@x.example"), ("B", "b@y.example")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?B?5byg5LyfLCBMdGQ=?= <z@x.example>", [("张伟, Ltd", "z@x.example")]),  # the comma is inside the word
        ("=?utf-8?Q?boss=40bank.example?= <evil@x.example>", [("boss@bank.example", "evil@x.example")]),
        ('"boss@bank.example" <evil@x.example>', [("boss@bank.example", "evil@x.example")]),
        ("boss@bank.example <evil@x.example>", [("boss@bank.example", "evil@x.example")]),
        ("=?utf-8?Q?Ann_=3Cann=40buyer.example=3E?=", [("Ann", "ann@buyer.example")]),
        ("Ann <ann@buyer.example", [("Ann <", "ann@buyer.example")]),
        ("Ann", [("Ann", "")]),
        ("<>", []),
        ("", []),
        (None, []),
        ("a@münchen.example", [("", "a@xn--mnchen-3ya.example")]),
        (r'"A \"B\" C" <a@x.example>', [('A "B" C', "a@x.example")]),
    ],
)
def test_lists(value, found, notes):
    read = addresses.parse(value, notes)
    assert [(a.name.strip(' <"'), a.address) for a in read] == [(n.strip(' <"'), a) for n, a in found]


def test_parts_of_an_address(notes):
    (found,) = addresses.parse("Ann <A.B+c@Mail.Buyer.Example>", notes)
    assert (found.local, found.domain) == ("a.b+c", "mail.buyer.example")


@pytest.mark.parametrize(
    "value", ["(" * 20_000, "<" * 20_000, '"\\' * 20_000, '\\"' * 20_000, "(a" * 20_000, "<@" * 20_000 + ">"]
)
def test_marks_that_never_close(value, notes):
    assert all(a.address == "" or "@" in a.address for a in addresses.parse(value, notes))


def test_recipients_are_capped(notes):
    found = addresses.parse("a@b.example, " * 20_000, notes)
    assert len(found) == notes.limits.recipients
    assert "recipients" in notes.names
