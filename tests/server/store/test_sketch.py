"""Which texts are the same letter."""

from __future__ import annotations

import sys
import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keeneye import mail
from keeneye.model import Firm, Payload
from keeneye.store.fingerprints import ALIKE
from keeneye.store.secret import Secret
from keeneye.store.sketch import (
    BANDS,
    FIGURE,
    LEAST,
    MINIMA,
    NAME,
    SIZE,
    Sketcher,
    bands,
    is_standard,
    likeness,
    tokens,
)

sys.path.insert(0, str(Path(__file__).parent))
from letters import GENUINE, mass_mailing, mass_mailing_zh, opener

SECRET = Secret(b"0123456789abcdef0123456789abcdef")
SKETCHER = Sketcher(SECRET.key("sketch"))
FIRM = Firm(domains=("exporter.example",))


def like(one: str, other: str, sketcher: Sketcher = SKETCHER) -> float:
    a, b = sketcher.sketch(one), sketcher.sketch(other)
    assert a is not None
    assert b is not None
    return float(likeness(a, [b])[0])


@pytest.mark.parametrize("letter", [mass_mailing, mass_mailing_zh])
def test_every_copy_of_a_mass_mailing_is_found_by_every_other_under_every_key(letter: object) -> None:
    assert callable(letter)
    copies = [letter(n) for n in range(20)]
    for key in KEYS:
        sketches = [sketch for text in copies if (sketch := Sketcher(key).sketch(text)) is not None]
        assert len(sketches) == len(copies)
        for n, one in enumerate(sketches[1:], start=1):
            assert min(likeness(one, sketches[:n])) >= ALIKE + 0.1
        kept = [set(bands(one)) for one in sketches]
        assert not any(a.isdisjoint(b) for a, b in combinations(kept, 2))


def test_people_who_ask_for_the_same_goods_are_not_alike() -> None:
    assert max(like(a, b) for a, b in combinations(GENUINE, 2)) < 0.2


def test_words_are_levelled() -> None:
    words = "at the lowest price that you can give us as soon as you can"
    one = tokens(f"Dear Mr. Chen,\n\nWe need 1,200 PCS to Port Klang {words}, see https://a.example/x\n\nRegards,\nJo")
    assert one == ["we", "need", FIGURE, NAME, "to", NAME, *words.split(), "see"]
    assert tokens("Wir brauchen Kugelhähne") == ["wir", "brauchen", "kugelhahne"]
    assert tokens("ｗｅ ne\u200bed №5") == tokens("we need 5")
    assert tokens("询价") == ["询", "价"]
    assert tokens("") == []


def test_short_texts_say_too_little() -> None:
    assert SKETCHER.sketch("Please send me your price list and catalogue. Thank you.") is None
    assert SKETCHER.sketch(" ".join(f"word{chr(97 + n)}" for n in range(LEAST + 1))) is None
    assert SKETCHER.sketch(" ".join(f"word{chr(97 + n)}" for n in range(LEAST + 2))) is not None
    assert SKETCHER.sketch("1 2 3 4 " * 100) is None
    assert SKETCHER.sketch("again and again " * 100) is None


def test_another_key_gives_another_sketch() -> None:
    other = Sketcher(Secret(b"x" * 32).key("sketch")).sketch(GENUINE[0])
    mine = SKETCHER.sketch(GENUINE[0])
    assert mine is not None
    assert other is not None
    assert likeness(mine, [other])[0] < 0.05
    assert mine == Sketcher(SECRET.key("sketch")).sketch(GENUINE[0])


KEYS = [key.to_bytes(32, "big") for key in range(200)]
WORDS = [f"w{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(4000)]


def pair(sequences: int, common: float) -> tuple[str, str]:
    """Two texts of so many sequences that have this share of all their sequences in common, at their beginning."""
    c = round(2 * sequences * common / (1 + common))
    return " ".join(WORDS[: sequences + 2]), " ".join(WORDS[: c + 2] + WORDS[2000 : 2000 + sequences - c])


@pytest.mark.parametrize("common", [0.0, 0.3, 0.55, 0.8, 1.0])
def test_the_likeness_of_usual_letters_is_exact_under_every_key(common: float) -> None:
    one, other = pair(120, common)
    told = [like(one, other, Sketcher(key)) for key in KEYS]
    assert max(told) - min(told) < 0.02  # of two hashes that are one by chance
    assert told[0] == pytest.approx(common, abs=0.02)


@pytest.mark.parametrize("common", [0.3, 0.55, 0.8])
def test_the_likeness_of_long_letters_is_near(common: float) -> None:
    one, other = pair(700, common)
    told = [like(one, other, Sketcher(key)) - common for key in KEYS]
    assert sum(told) / len(told) == pytest.approx(0, abs=0.012)
    assert max(map(abs, told)) < 0.16  # 200 draws within four standard errors


def test_a_short_and_a_long_letter_are_compared_as_far_as_both_are_whole() -> None:
    long, short = " ".join(WORDS[:702]), " ".join(WORDS[:62])
    assert like(long, short) == pytest.approx(60 / 700, abs=0.06)
    assert like(short, long) == like(long, short)
    assert like(long, long) == like(short, short) == 1


@pytest.mark.parametrize(("common", "least"), [(0.55, 0.9), (0.65, 0.98)])
def test_bands_are_found_as_often_as_reckoned(common: float, least: float) -> None:
    """Of pairs 0.55 alike 97 %. Keys stand for the chance of many pairs."""
    one, other = pair(150, common)
    shared = 0
    for key in KEYS:
        a, b = Sketcher(key).sketch(one), Sketcher(key).sketch(other)
        assert a is not None
        assert b is not None
        shared += not set(bands(a)).isdisjoint(bands(b))
    assert shared >= least * len(KEYS)


def test_a_band_is_a_number_of_its_place() -> None:
    keys = bands(bytes(SIZE))
    assert len(set(keys)) == BANDS
    assert max(keys) < 2**32


def read(text: str, **headers: str) -> mail.Mail:
    fields = {"From": "anna@buyer.example", "To": "sales@exporter.example", "Subject": "Inquiry", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return mail.read(Payload(raw=f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()))


def test_mail_of_a_stranger_only() -> None:
    assert SKETCHER.of(read(mass_mailing(1)), FIRM) == SKETCHER.sketch(read(mass_mailing(1)).own_text)
    assert SKETCHER.of(read(mass_mailing(1), From="li@exporter.example"), FIRM) is None
    head = "---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: x\nSubject: y\nTo: z"
    forward = f"FYI\n\n{head}\n\n{GENUINE[0]}"
    assert SKETCHER.of(read(forward), FIRM) is None


def test_standard_text_of_marketplaces_is_nobodys_own() -> None:
    assert all(is_standard(read(opener(n))) for n in range(4))
    assert not any(is_standard(read(text)) for text in GENUINE)
    assert not is_standard(read(mass_mailing(3)))
    assert not is_standard(read(f"{GENUINE[1]} I look forward to your reply."))


@given(st.text(max_size=5000))
def test_odd_text_raises_nothing(text: str) -> None:
    sketch = SKETCHER.sketch(text)
    assert sketch is None or MINIMA + 2 * LEAST <= len(sketch) <= SIZE


@pytest.mark.parametrize(
    "text",
    ["a" * 10**6, "a " * 10**6, "@" * 10**6, "\n" * 10**6, "Regards\n" * 10**5, "询" * 10**6, "\ud800x " * 10**5],
)
def test_cost_is_bounded(text: str) -> None:
    SKETCHER.sketch(text)
    start = time.process_time()
    SKETCHER.sketch(text)
    assert time.process_time() - start < 0.05
