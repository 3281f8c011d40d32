"""``POST /api/v1/pair``: a one-time code, printed by ``keeneye pair``, becomes a token. No token is needed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from keeneye.api import body
from keeneye.api.auth import spend
from keeneye.api.problems import Problem
from keeneye.api.services import services
from keeneye.api.verdicts import json_answer, json_body
from keeneye.schema import PairRequest
from keeneye.store import NameTaken

blueprint = Blueprint("pairing", __name__, url_prefix="/api/v1")


@blueprint.post("/pair")
def pair() -> Response:
    """Exchange a pairing code for a token; the code is used up."""
    here = services()
    spend(here.settings.limits.pair, "pair", request.remote_addr or "-")
    spend(here.settings.limits.pair_all, "pair", "all")
    given = body.validated(PairRequest, json_body())
    try:
        paired = here.store.redeem(given.code)
    except NameTaken:
        raise Problem("name_taken", "A token of this code's name was made meanwhile. Ask for a new code.") from None
    if paired is None:
        raise Problem("code_invalid", "The code is wrong, was used already or is older than ten minutes.")
    token, name = paired
    return json_answer({"token": token, "name": name}, 201)
