"""The figures of a buyer's marketplace profile, typed by a reader."""

from __future__ import annotations

import time

from flask import Blueprint, Response

from keeneye.api import body
from keeneye.api.auth import owner_key, spend
from keeneye.api.problems import Problem
from keeneye.api.services import owner, services
from keeneye.api.verdicts import checked, json_answer, json_body
from keeneye.mail.forwarded import platform_of
from keeneye.schema import ProfileRequest
from keeneye.store.profiles import set_profile

blueprint = Blueprint("profiles", __name__, url_prefix="/api/v1")


@blueprint.put("/senders/<path:address>/profile")
def put(address: str) -> Response:
    """Keep what the marketplace shows of a buyer: used for his next mails that bring no such figures. {} forgets it."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    if platform_of(checked(address).rpartition("@")[2].lower()):
        raise Problem("invalid_field", "address: a marketplace's own, which stands for all its buyers.", "address")
    sender = here.store.secret.address(address)
    given = body.validated(ProfileRequest, json_body())
    figures = {key: value for key, value in given.profile.items() if value is not None}
    with here.store.writing() as connection:
        set_profile(connection, asking.tenant_id, sender, figures, int(time.time()))
    return json_answer({"profile": figures})
