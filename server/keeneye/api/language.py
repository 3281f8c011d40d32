"""The language in which a client wants to be told."""

from __future__ import annotations

import functools

from flask import Request

from keeneye.explain import negotiate


def language(request: Request) -> str:
    """The best of our languages for the request's Accept-Language; English by default."""
    return _best(request.headers.get("Accept-Language", "")[:200])


_best = functools.lru_cache(maxsize=512)(negotiate)
