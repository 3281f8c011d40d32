"""What the routes work with: one value in each application, made in ``create_app``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from keeneye.api.rates import Rates
from keeneye.pipeline import Grader
from keeneye.settings import Settings
from keeneye.store import Owner, Store

KEY = "keeneye"


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, pipeline, store and counters of an application."""

    settings: Settings
    grader: Grader
    store: Store
    rates: Rates


def services() -> Services:
    """Those of the application that answers the present request."""
    return cast("Services", current_app.extensions[KEY])


def owner() -> Owner:
    """Who asks in the present request; ``auth.check`` has found out."""
    return cast("Owner", g.owner)
