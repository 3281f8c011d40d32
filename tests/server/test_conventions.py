"""What every signal, phrase tag and translation must have, so that nothing is half done."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from keeneye import signals
from keeneye.model import Category, Effect
from keeneye.scorecard import load_policy
from keeneye.signals import HEADLINE_MOST, Signal

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "keeneye"
SIGNALS = sorted(p for p in (SERVER / "signals").rglob("*.py") if p.stem != "__init__")
PHRASES = sorted((SERVER / "lexicons" / "phrases").glob("*.toml"))
MESSAGES = SERVER / "explain" / "messages"
REGISTRY = signals.load()
ALL = [pytest.param(s, id=s.id) for s in REGISTRY.values()]
TRANSLATED = ("zh-CN", "es")
# Kinds of mail that are known in Chinese only.
CHINESE_ONLY = {"pitch.invoice-selling", "pitch.training"}
# Tags of the first lexicon that better ones have replaced; no new name may join them.
REPLACED = {
    "account.threat", "advance-fee.agent", "document.viewer", "fund.lure", "loan.offer", "login.request",
    "password.request", "payment.western-union",
}  # fmt: skip
_PLACE = re.compile(r"\{([a-z_]+)\}")
_TAG = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


def _strings(path: Path) -> set[str]:
    """Every string of a module, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


def _lexicons() -> dict[str, dict[str, list[str]]]:
    """Tags by file name."""
    return {p.name: tomllib.loads(p.read_text(encoding="utf-8"))["phrases"] for p in PHRASES}


def _asked_tags() -> set[str]:
    """Tags that signals ask for: arguments of ``says``, and members of tuples of tag names."""
    tags = {tag for file in _lexicons().values() for tag in file}
    prefixes = {m for p in SIGNALS for m in re.findall(r'says\(f"([a-z.]+)\{', p.read_text(encoding="utf-8"))}
    named = set().union(*(_strings(p) for p in SIGNALS))
    return (named & tags) | {t for t in tags if any(t.startswith(prefix) for prefix in prefixes)}


@pytest.mark.parametrize("path", SIGNALS, ids=lambda p: p.stem)
def test_every_signal_file_has_its_test_file(path: Path) -> None:
    family = path.relative_to(SERVER / "signals").parts[0].removesuffix(".py")
    assert (ROOT / "tests" / "server" / "signals" / f"test_{family}.py").is_file()


@pytest.mark.parametrize("item", ALL)
def test_every_signal_is_tested_by_name(item: Signal) -> None:
    test = ROOT / "tests" / "server" / "signals" / f"test_{item.family.replace('-', '_')}.py"
    assert test.is_file()
    text, name = test.read_text(encoding="utf-8"), item.id.split(".")[1]
    assert f'"{item.id}"' in text or f'"{name}"' in text


@pytest.mark.parametrize("item", ALL)
def test_every_signal_is_explained(item: Signal) -> None:
    for heading in ("Hit when", "Why:", "Example:", "Not a hit:"):
        assert item.doc.count(heading) == 1
    assert item.family == signals.family_of(item.check.__module__)
    assert item.title
    assert item.source
    assert len(item.headline) <= HEADLINE_MOST
    assert not item.title.endswith(".")
    if item.weight < 0:
        assert item.headline, "a finding that can raise the banner needs a headline"


@pytest.mark.parametrize("item", ALL)
def test_weights_fit_their_effect(item: Signal) -> None:
    if item.effect is Effect.FACT:
        assert item.weight == 0
    else:
        assert item.weight != 0
    if item.type is not None:
        assert item.type.split("/")[0] in Category.__args__


def test_titles_are_told_apart() -> None:
    titles = [s.title for s in REGISTRY.values()]
    assert sorted({t for t in titles if titles.count(t) > 1}) == []


def test_every_tag_of_the_lexicons_is_used() -> None:
    used = _asked_tags()
    unused = {f"{name}: {tag}" for name, file in _lexicons().items() for tag in file if tag not in used | REPLACED}
    assert sorted(unused) == []


def test_every_tag_that_signals_ask_for_exists_in_english() -> None:
    english = {tag for name, file in _lexicons().items() if name.startswith("en") for tag in file}
    asked: set[str] = set()
    for path in SIGNALS:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "attr", getattr(getattr(call, "func", None), "id", ""))
            if isinstance(call, ast.Call) and name in ("says", "said"):
                values = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                asked.update(v for v in values if _TAG.fullmatch(v))
    assert sorted(asked - english - CHINESE_ONLY) == []


@pytest.mark.parametrize("path", PHRASES, ids=lambda p: p.name)
def test_lexicons_say_where_they_come_from(path: Path) -> None:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert content["language"] == path.stem.split("-")[0]
    assert content["source"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", content["date"])
    for tag, patterns in content["phrases"].items():
        assert len(patterns) == len(set(patterns)), tag


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_signal_is_translated(language: str) -> None:
    data = tomllib.loads((MESSAGES / f"{language}.toml").read_text(encoding="utf-8"))
    findings = data.get("findings", {})
    lacking = []
    for item in REGISTRY.values():
        told = findings.get(item.id, {})
        for key in ("title", "text", "unknown"):
            if getattr(item, key) and not told.get(key):
                lacking.append(f"{item.id}.{key}")
        for key in ("title", "text", "headline", "unknown"):
            if key in told:
                extra = set(_PLACE.findall(told[key])) - set(_PLACE.findall(getattr(item, key))) - {"quote"}
                assert not extra, f"{item.id}.{key} has placeholders that nothing fills: {extra}"
                assert key != "headline" or len(told[key]) <= HEADLINE_MOST
    assert sorted(set(findings) - set(REGISTRY)) == []
    assert lacking == []


def test_the_policy_gives_every_type_its_stars() -> None:
    policy = load_policy()
    starred = {c for c in Category.__args__ if c not in ("not_inquiry", "unknown")}
    assert set(policy.stars.by_type) == starred
    assert {rule.category for rule in policy.types} == set(Category.__args__)
