"""The reader's page at ``/``, its files and the samples. Built elsewhere; served here under a strict CSP."""

from __future__ import annotations

import html
import re
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

import keeneye
from keeneye.api.auth import page_token
from keeneye.api.problems import Problem
from keeneye.api.services import services

WEB = Path(keeneye.__file__).with_name("web")
SAMPLES = WEB / "samples"
TOKEN_META = "keeneye-token"  # noqa: S105 (the name of a meta element)
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAMPLE = re.compile(r"^[a-z0-9][a-z0-9-]{0,80}\.eml$")

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def index() -> Response:
    """The page. Where it is open, a session token stands in its head; else it asks its reader for one."""
    try:
        page = (WEB / "index.html").read_text("utf-8")
    except FileNotFoundError:
        raise Problem("not_found", "This installation has no page; the API is at /api/v1/docs.") from None
    token = page_token(services())
    if token is not None:
        page = page.replace("</head>", f'<meta name="{TOKEN_META}" content="{html.escape(token)}">\n</head>', 1)
    return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": PAGE_POLICY})


@blueprint.get("/samples")
def samples() -> Response:
    """The invented messages that the page offers."""
    return send_from_directory(SAMPLES, "index.json", mimetype="application/json")


@blueprint.get("/samples/<name>")
def sample(name: str) -> Response:
    """One of them. As plain text: a browser must not take it for a page."""
    if not _SAMPLE.match(name):
        raise Problem("not_found", "There is no such sample.")
    return send_from_directory(SAMPLES, name, mimetype="text/plain")
