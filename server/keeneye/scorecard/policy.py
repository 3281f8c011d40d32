"""The policy: what a firm makes of the signals. Strict TOML laid over ``default.toml``.

Levels, thresholds, words and handling are the firm's own standard, so they stand here, not in code.
A policy holds plain values only: no patterns, includes or formulas.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from keeneye.model import CATEGORIES, Category, Firm, KeeneyeError

DEFAULT = Path(__file__).with_name("default.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Ours(_Strict):
    """Who we are. ``domains`` empty: the recipient's domain counts as ours."""

    domains: list[str] = []
    names: list[str] = []
    people: list[str] = []
    products: list[str] = []
    partners: list[str] = []
    country: str = Field("CN", pattern=r"^[A-Z]{2}$")
    city: str = ""
    time_zone: str = "Asia/Shanghai"
    relays: list[str] = []
    authserv_ids: list[str] = []

    def firm(self) -> Firm:
        return Firm(
            domains=tuple(d.lower() for d in self.domains),
            names=tuple(self.names),
            people=tuple(self.people),
            products=tuple(self.products),
            partners=tuple(d.lower() for d in self.partners),
            country=self.country,
            city=self.city or None,
            time_zone=self.time_zone,
            relays=tuple(self.relays),
            authserv_ids=tuple(self.authserv_ids),
        )


class Curve(_Strict):
    """``value = 100 × (1 − exp(−points / scale))``: strong evidence is never averaged away."""

    scale: float = Field(gt=0)


class Bands(_Strict):
    """Risk (0–100) from which a banner is shown."""

    danger: float = Field(ge=0, le=100)
    caution: float = Field(ge=0, le=100)


class Stars(_Strict):
    """Stars by type.

    A potential customer gets four stars, not three, from quality ``four`` on, when at least ``four_least`` of the
    findings ``four_any`` hit (an empty list asks for none).
    """

    four: float = Field(ge=0, le=100)
    four_any: list[str] = []
    four_least: int = Field(1, ge=1)
    by_type: dict[str, int]


class Levels(_Strict):
    """Domain §7. Finding ids whose hits a level needs; ``mails``: back and forth for level 2.

    Level 2 needs all of ``two_all``, one of ``two_any`` if any are listed, and either ``two_identity_least`` of
    ``two_identity`` or that many mails.

    ``two_types``: types that are level 2 as such; ``four_types``: types that never rise above level 4.
    """

    two_all: list[str]
    two_any: list[str] = []
    two_identity: list[str]
    two_identity_least: int = Field(ge=1)
    mails: int = Field(ge=1)
    three_any: list[str]
    two_types: list[str] = []
    four_types: list[str] = []


class MemoryRules(_Strict):
    """What the firm's memory may change. ``confirmations``: messages that readers called genuine before the findings
    on them no longer alarm."""

    confirmations: int = Field(2, ge=1)


class TypeRule(_Strict):
    """One readable rule: the first whose conditions all hold names the type.

    ``any``/``all``/``none``: finding ids that hit; ``least``: how many of ``any`` (default 1);
    ``votes``: least points of hits that speak for this type; ``votes_below``: another type's points must stay
    below; ``ahead_of``: types that have fewer points; the others bound the figures.
    """

    category: str
    subcategory: str | None = None
    why: str
    any: list[str] = []
    all: list[str] = []
    none: list[str] = []
    least: int = Field(1, ge=1)
    votes: float | None = None
    min_risk: float | None = None
    max_risk: float | None = None
    min_quality: float | None = None
    max_quality: float | None = None
    max_coverage: float | None = None
    max_words: int | None = None
    min_words: int | None = None
    votes_below: dict[str, float] = {}
    ahead_of: list[str] = []

    @model_validator(mode="after")
    def _known(self) -> TypeRule:
        if self.category not in get_args(Category):
            raise ValueError(f"unknown category {self.category!r}")
        return self

    @property
    def ids(self) -> set[str]:
        return {*self.any, *self.all, *self.none}


class Policy(_Strict):
    """A whole, checked policy. ``sha256`` identifies it in every verdict."""

    ours: Ours = Ours()
    risk: Curve
    quality: Curve
    bands: Bands
    stars: Stars
    levels: Levels
    memory: MemoryRules = MemoryRules()
    caps: dict[str, float]
    weights: dict[str, float] = {}
    trained: dict[str, float] = {}
    disabled: list[str] = []
    types: list[TypeRule]
    handling: dict[str, list[str]] = {}
    missing: list[str]

    @property
    def sha256(self) -> str:
        data = json.dumps(self.model_dump(), sort_keys=True, ensure_ascii=False).encode()
        return hashlib.sha256(data).hexdigest()

    def check_ids(self, known: Collection[str]) -> None:
        """Raise KeeneyeError naming every finding id in the policy that no signal has."""
        named = {*self.weights, *self.trained, *self.disabled, *self.levels.two_all, *self.levels.two_identity}
        named.update(self.stars.four_any, self.levels.two_any, self.levels.three_any)
        named.update(*(rule.ids for rule in self.types))
        unknown = sorted(named - set(known))
        if unknown:
            raise KeeneyeError("policy_unknown_signal", f"policy names signals that do not exist: {', '.join(unknown)}")
        types = {*self.stars.by_type, *self.handling, *self.levels.two_types, *self.levels.four_types}
        types.update(*((*rule.votes_below, *rule.ahead_of) for rule in self.types))
        bad = sorted(k for k in types if k.split("/")[0] not in CATEGORIES)
        if bad:
            raise KeeneyeError("policy_unknown_type", f"policy names types that do not exist: {', '.join(bad)}")


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def load_policy(path: Path | None = None) -> Policy:
    """The default policy, with the firm's file laid over it key by key.

    Raises KeeneyeError ``policy_invalid`` with the key's path when the file is not as it must be.
    """
    data: dict[str, Any] = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
    if path is not None:
        try:
            data = _merge(data, tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise KeeneyeError("policy_invalid", f"{path.name}: {error}") from error
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise KeeneyeError("policy_invalid", f"{where}: {first['msg']}", where) from error
