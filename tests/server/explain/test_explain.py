"""The words: every catalogue says everything, values are harmless, headlines are short."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace

import pytest

from keeneye import signals
from keeneye.explain import HAS, Explainer, languages, negotiate
from keeneye.explain.catalog import BUYER_QUESTIONS, clean, load
from keeneye.lookups.lookalike import CONFUSABLE, ENDING, INSIDE, ONE_OFF
from keeneye.model import CATEGORIES, EMPTY, Country, Effect, Evidence, Facts, Finding, Outcome, Quantity, Score
from keeneye.scorecard import load_policy

SIGNALS = signals.load()
ENGLISH = load("en")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@pytest.mark.parametrize("language", languages())
def test_catalog_has_every_key_that_english_has(language: str) -> None:
    catalog = load(language)
    for table, words in ENGLISH.tables.items():
        assert set(catalog.tables[table]) == set(words), table


@pytest.mark.parametrize("language", languages())
def test_catalog_knows_every_category(language: str) -> None:
    for table in ("category", "headline", "action", "handling"):
        assert set(CATEGORIES) <= set(load(language).tables[table])


@pytest.mark.parametrize("language", languages())
def test_headlines_are_at_most_sixty_characters(language: str) -> None:
    catalog = load(language)
    lines = [*catalog.tables["headline"].values(), *(t.get("headline", "") for t in catalog.findings.values())]
    assert [line for line in lines if len(line) > 60] == []


@pytest.mark.parametrize("language", languages())
def test_every_signal_with_a_headline_has_one_that_fits(language: str) -> None:
    found = load(language).findings
    long = []
    for item in (s for s in SIGNALS.values() if s.headline):
        own = found.get(item.id, {})
        same = item.headline == item.title
        line = own.get("headline") or (own.get("title", item.title) if same else item.headline)
        long += [f"{item.id}: {line}"] if len(line) > 60 else []
    assert long == []


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_every_signal_is_translated_with_the_same_placeholders(language: str) -> None:
    found = load(language).findings
    wrong = []
    for item in SIGNALS.values():
        for key in ("title", "text", "headline", "unknown"):
            own = getattr(item, key)
            other = found.get(item.id, {}).get(key, "")
            declared_headline = key != "headline" or own != item.title
            if own and declared_headline and not other:
                wrong.append(f"{item.id}.{key} is missing")
            elif other and set(PLACEHOLDER.findall(other)) != set(PLACEHOLDER.findall(own)):
                wrong.append(f"{item.id}.{key} has other placeholders")
    wrong += [f"{key} is no signal" for key in found if key not in SIGNALS]
    assert wrong == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("es-PE, en;q=0.5", "es"),
        ("de, es;q=0.3", "es"),
        ("en;q=0.2, es;q=0.9", "es"),
        ("fr", "en"),
        ("es;q=abc, *;q=x", "en"),
        (",;;q=,", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_negotiate(header: str | None, language: str) -> None:
    assert negotiate(header) == language


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("two\r\nlines", "two lines"),
        ("a\u202egnp.exe", "a gnp.exe"),
        ("zero\u200bwidth", "zero width"),
        ("x" * 200, "x" * 89 + "…"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_clean(words: str, shown: str) -> None:
    assert clean(words) == shown


def test_values_of_a_message_are_not_templates() -> None:
    assert ENGLISH.fill("Says {quote}", {"quote": "{action} {0.__class__}"}) == "Says {action} {0.__class__}"


def test_country_codes_become_names_in_the_readers_language() -> None:
    assert load("zh-CN").fill("{claimed_country}", {"claimed_country": "DE"}) == "德国"
    assert load("es").fill("{country}", {"country": "DE"}) == "Alemania"


def test_closed_vocabularies_are_said_in_the_readers_language() -> None:
    values = {"how_word": "one letter off"}
    assert load("zh-CN").fill("({how_word})", values) == "(只差一个字母)"
    assert load("es").fill("({how_word})", values) == "(cambia una letra)"
    assert ENGLISH.fill("({how_word})", {"how_word": "never\nheard"}) == "(never heard)"


def test_every_word_of_the_closed_vocabularies_has_its_entry() -> None:
    kinds = {"signature", "phone", "address", "domain", "company_form", "language", "introduction"}
    ways = {"came_search", "came_site", "came_mail"}
    assert {CONFUSABLE, ONE_OFF, ENDING, INSIDE, "grey", "black"} | kinds | ways == set(ENGLISH.tables["words"])


def test_right_to_left_words_do_not_turn_the_sentence() -> None:
    assert ENGLISH.fill("Asks for {product}, please", {"product": "صمام"}) == "Asks for \u2068صمام\u2069, please"


@pytest.mark.parametrize("language", languages())
def test_no_sentence_stands_around_empty_quotation_marks(language: str, facts_of: Callable[..., Facts]) -> None:
    finding = Finding("request.product", "request", Outcome.HIT, Effect.QUALITY, 12.0, (), EMPTY, "S0")
    told = Explainer(SIGNALS, load_policy()).explain((finding,), _score(), facts_of({"text": "Hello"}), language)
    title, text = told.texts["request.product"]
    assert title
    assert text == ""


def _score(**changes: object) -> Score:
    values: dict[str, object] = {
        "category": "potential_customer",
        "subcategory": None,
        "grade": "B",
        "stars": 4,
        "level": 3,
        "risk": 3.0,
        "quality": 70.0,
        "coverage": 0.8,
        "banner": "none",
        "reasons": (),
    }
    return Score(**{**values, **changes})  # type: ignore[arg-type]


def test_banner_headline_comes_from_the_weightiest_reason(facts_of: Callable[..., Facts]) -> None:
    facts: Facts = facts_of({"text": "Log in with your e-mail and password"})
    some = next(s for s in SIGNALS.values() if s.headline and s.weight < 0 and "{" not in s.headline)
    finding = Finding(
        some.id, some.family, Outcome.HIT, Effect.RISK, -40.0, (Evidence("text", "password"),), EMPTY, "S2"
    )
    told = Explainer(SIGNALS, load_policy()).explain(
        (finding,),
        _score(category="phishing", stars=0, level=None, grade="F", banner="danger", reasons=(some.id,)),
        facts,
    )
    assert told.headline == some.headline


def _finding(signal: str, points: float, effect: Effect = Effect.QUALITY) -> Finding:
    return Finding(signal, signal.split(".")[0], Outcome.HIT, effect, points, (Evidence("text", "Hello"),), EMPTY, "S0")


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("en", "Wants prices of everything you make"),
        ("zh-CN", "要您全部产品的价格"),
        ("es", "Quiere precios de todo lo que usted fabrica"),
    ],
)
def test_headline_of_a_type_is_its_own_reason_not_the_mailbox(
    language: str, headline: str, facts_of: Callable[..., Facts]
) -> None:
    findings = (_finding("sender.free-mailbox", -40.0), _finding("request.everything", -14.0))
    score = _score(category="information_gathering", reasons=tuple(f.id for f in findings))
    told = Explainer(SIGNALS, load_policy()).explain(findings, score, facts_of({"text": "Hello"}), language)
    assert told.headline == headline


@pytest.mark.parametrize(
    ("claimed", "real", "headline"),
    [
        ("DE", "IT", "Says Germany, but was sent from Italy"),
        ("GS", "UM", "Names one country, but was sent from another"),  # two names too long for one line
    ],
)
def test_headline_names_the_countries_where_they_fit(
    claimed: str, real: str, headline: str, facts_of: Callable[..., Facts]
) -> None:
    finding = replace(
        _finding("origin.other-country", -12.0, Effect.RISK), values={"claimed_country": claimed, "real_country": real}
    )
    score = _score(category="casual", banner="caution", reasons=(finding.id,))
    assert Explainer(SIGNALS, load_policy()).explain((finding,), score, facts_of({"text": "Hi"})).headline == headline


def test_a_banner_over_a_newsletter_says_what_is_risky(facts_of: Callable[..., Facts]) -> None:
    findings = (_finding("notice.newsletter", -22.0), _finding("links.free-page", -20.0, Effect.RISK))
    explainer, facts = Explainer(SIGNALS, load_policy()), facts_of({"text": "Hello"})
    reasons = tuple(f.id for f in findings)
    plain = explainer.explain(findings, _score(category="not_inquiry", reasons=reasons), facts)
    warned = explainer.explain(findings, _score(category="not_inquiry", banner="caution", reasons=reasons), facts)
    assert plain.headline == SIGNALS["notice.newsletter"].headline
    assert warned.headline == SIGNALS["links.free-page"].headline


@pytest.mark.parametrize("quote", ["“Hello,”", "«Hello»:", '"Hello"', "Hello,"])
def test_quotes_are_not_quoted_twice(quote: str, facts_of: Callable[..., Facts]) -> None:
    finding = replace(_finding("addressing.generic-greeting", -3.0), evidence=(Evidence("text", quote),))
    told = Explainer(SIGNALS, load_policy()).explain((finding,), _score(), facts_of({"text": "Hello"}))
    assert told.texts[finding.id][1] == "“Hello”."


@pytest.mark.parametrize("language", languages())
def test_a_headline_that_is_the_title_is_translated_too(language: str, facts_of: Callable[..., Facts]) -> None:
    assert SIGNALS["samples.free"].headline == SIGNALS["samples.free"].title
    findings = (_finding("samples.free", -24.0),)
    score = _score(category="sample_seeker", reasons=("samples.free",))
    told = Explainer(SIGNALS, load_policy()).explain(findings, score, facts_of({"text": "Hello"}), language)
    assert told.headline == told.texts["samples.free"][0]
    assert (told.headline == "Wants free samples") == (language == "en")


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Please quote 2,000 pcs ball valve DN50.", "Asks for ball valve DN50, 2,000 pcs"),
        (
            "Please quote:\n1. ball valve DN15, 3,000 pcs\n2. gate valve DN20, 500 pcs",
            "Asks for ball valve DN15, 3,000 pcs, and more",
        ),
        ("We need ball valve DN50, PN16. Our yearly turnover is well known.", "Asks for ball valve DN50"),
        ("Please quote.", "Asks for a concrete product"),
    ],
)
def test_headline_of_a_buyer_names_the_goods(text: str, headline: str, facts_of: Callable[..., Facts]) -> None:
    facts = _goods(facts_of({"subject": "Inquiry", "text": text}))
    assert Explainer(SIGNALS, load_policy()).explain((), _score(), facts).headline == headline


@pytest.mark.parametrize("language", languages())
def test_goods_too_long_for_a_headline_are_left_out(language: str, facts_of: Callable[..., Facts]) -> None:
    text = f"Please quote {'very ' * 12}long valve, 500 pcs."
    facts = facts_of({"subject": "Inquiry", "text": text})
    long = Evidence("text", text[13:-10], 13, len(text) - 10)
    facts = replace(facts, request=replace(facts.request, products=(long,)))
    told = Explainer(SIGNALS, load_policy()).explain((), _score(), facts, language)
    assert told.headline == load(language).tables["headline"]["potential_customer"]


def _goods(facts: Facts) -> Facts:
    """Facts that hold the products and quantities of a text as written, whatever the lexicons know."""

    def found(pattern: str) -> tuple[Evidence, ...]:
        return tuple(Evidence("text", m.group(), *m.span()) for m in re.finditer(pattern, facts.mail.body))

    amounts = tuple(Quantity(float(e.quote.split()[0].replace(",", "")), "pcs", e) for e in found(r"[\d,]+ pcs"))
    request = replace(
        facts.request,
        products=found(r"\w+ valve DN\d+"),
        models=(),
        quantities=amounts,
        specifications=found(r"DN\d+"),
    )
    return replace(facts, request=request)


def test_questions_come_in_the_readers_and_the_buyers_language(facts_of: Callable[..., Facts]) -> None:
    facts = facts_of({"text": "Buenos días, somos una empresa de Lima y queremos comprar válvulas de bola."})
    told = Explainer(SIGNALS, load_policy()).explain((), _score(), facts, "zh-CN")
    assert told.language == "zh-CN"
    assert told.buyer_language == "es"
    assert "¿" in told.buyer_questions[0]
    assert len(told.questions) == len(told.buyer_questions) > 0


@pytest.mark.parametrize(
    ("text", "language", "start"),
    [
        ("您好，請報價不鏽鋼水壺，數量 500 個，謝謝。", "zh-Hant", "貴公司的全稱"),
        ("您好，请报价不锈钢水壶，数量 500 个，谢谢。", "zh", "贵公司的全称"),
        ("Merhaba, 500 adet çelik termos için fiyat teklifi rica ediyoruz, teşekkürler.", "tr", "Firmanızın tam"),
        ("Buongiorno, vorremmo un preventivo per 500 borracce in acciaio, grazie mille.", "it", "Qual è la ragione"),
        ("安いステンレスボトル500個のお見積りをお願いいたします。", "ja", "貴社の正式名称"),
        ("안녕하세요. 보온병 500개 견적 부탁드립니다. 감사합니다.", "ko", "귀사의 정식"),
        ("Chào anh, công ty chúng tôi cần mua 500 bình giữ nhiệt, vui lòng báo giá.", "vi", "Tên đầy đủ"),
    ],
)
def test_buyers_are_asked_in_their_own_writing(
    text: str, language: str, start: str, facts_of: Callable[..., Facts]
) -> None:
    told = Explainer(SIGNALS, load_policy()).explain((), _score(), facts_of({"text": text}), "en")
    assert told.buyer_language == language
    assert any(question.startswith(start) for question in told.buyer_questions)


def test_every_language_has_every_question() -> None:
    asked = tomllib.loads(BUYER_QUESTIONS.read_text(encoding="utf-8"))
    assert all(set(questions) == set(HAS) for questions in asked.values())


def test_not_an_inquiry_asks_nothing(facts_of: Callable[..., Facts]) -> None:
    told = Explainer(SIGNALS, load_policy()).explain(
        (), _score(category="not_inquiry", stars=None, level=None, grade="-"), facts_of({"text": "See you at lunch."})
    )
    assert told.questions == ()
    assert told.missing == ()
    assert told.payment is None


def test_payment_advice_speaks_of_the_country_and_dates_each_source(facts_of: Callable[..., Facts]) -> None:
    risky = Country("VN", "Vietnam", (), 84, ("vi",), 4, "grey", "OECD 2026-01-30; FATF 2026-06-19")
    facts = replace(facts_of({"text": "Please quote 500 pcs."}), country_risk=risky)
    told = Explainer(SIGNALS, load_policy()).explain((), _score(), facts)
    assert told.payment is not None
    assert "Vietnam: country risk 4 of 7 (OECD, 2026-01-30)" in told.payment
    assert "grey list (2026-06-19)" in told.payment
