"""The Outlook add-in's pages at ``/addin/``: Office frames them and brings its own script, which no other page may."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import Path

import orjson
from flask import Blueprint, Response, request, send_from_directory

from keeneye.api.page import WEB
from keeneye.api.problems import Problem
from keeneye.api.services import services

ADDIN = WEB / "addin"
BUILT = WEB / "static/addin"
PAGES = frozenset({"taskpane.html", "commands.html", "about.html"})
PARTS = {"taskpane.js": BUILT, "taskpane-style.css": BUILT, "about.css": ADDIN, "old.js": ADDIN}
SCRIPT = "commands.js"
# Office's script loads this one in Outlook on the web; the address is written in it.
MICROSOFT_AJAX = "https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js"
ICON_SECONDS = 24 * 3600
_ICON = re.compile(r"^[0-9]{2,3}\.png$")

# No X-Frame-Options: it can name one site at most. No COOP: Outlook on Windows opens the pages in a window of its own.
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    # Outlook shows the icons, and frames the pages, from another site.
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]

blueprint = Blueprint("addin", __name__)


@blueprint.get("/addin/<name>")
def part(name: str) -> Response:
    """A page, script or style sheet. Browsers ask each time whether it has changed (ETag)."""
    if name in PAGES:
        return _page(name)
    if name == SCRIPT:
        return _script()
    folder = PARTS.get(name)
    if folder is None:
        raise Problem("not_found", "The add-in has no such part.")
    return send_from_directory(folder, name)


def _page(name: str) -> Response:
    text = _read(ADDIN / name).replace("{office_js}", html.escape(services().settings.addin.office_js))
    return _checked(text, "text/html")


def _script() -> Response:
    """Classic Outlook runs the script without a page: it is told where the server is."""
    try:
        text = _read(BUILT / SCRIPT)
    except FileNotFoundError:
        raise Problem("not_found", "This installation was made without the add-in's scripts.") from None
    return _checked(
        f"var KEENEYE_SERVER={orjson.dumps(request.url_root.rstrip('/')).decode()};\n{text}", "text/javascript"
    )


def _checked(text: str, kind: str) -> Response:
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=len(PAGES) + 1)
def _read(file: Path) -> str:
    return file.read_text("utf-8")


@blueprint.get("/addin/icons/<name>")
def icon(name: str) -> Response:
    """An icon. Office shows none that it is told not to keep."""
    if not _ICON.match(name):
        raise Problem("not_found", "There is no such icon.")
    return send_from_directory(ADDIN / "icons", name, mimetype="image/png", max_age=ICON_SECONDS)


@blueprint.get("/.well-known/microsoft-officeaddins-allowed.json")
def allowed() -> Response:
    """The script that classic Outlook runs by itself, so that it may call this server
    (Microsoft, "Use SSO or CORS in your event-based or spam-reporting Outlook add-in")."""
    body = orjson.dumps({"allowed": [f"{request.url_root}addin/commands.js"]})
    return Response(body, content_type="application/json")


def dress(response: Response) -> None:
    """Headers of the add-in's answers, instead of those for pages that nobody may frame."""
    response.headers.extend(HEADERS)
    response.headers["Content-Security-Policy"] = policy()
    response.headers["Cache-Control"] = (
        f"public, max-age={ICON_SECONDS}"
        if request.endpoint == "addin.icon" and response.status_code < 400
        else "no-cache"
    )


def policy() -> str:
    """Own parts and Office's script, which frames a page of its own to ask whether an Outlook on the web that it does
    not know, as on Exchange servers, is trusted; who may frame ours is a setting."""
    addin = services().settings.addin
    return (
        f"default-src 'none'; script-src 'self' {addin.script_origin} {MICROSOFT_AJAX}; style-src 'self'; "
        f"img-src 'self' data:; connect-src 'self'; frame-src {addin.script_origin}; "
        f"base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {' '.join(addin.frames)}"
    )
