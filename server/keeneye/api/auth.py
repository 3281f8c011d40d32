"""Who may ask: bearer tokens, the page's session tokens, and how often.

Nothing here reads cookies, so a foreign page cannot make a browser ask in a user's name (CSRF): it would need
a token, which it can read neither from the page at ``/`` (no CORS there) nor from the extension.
"""

from __future__ import annotations

import ipaddress

import structlog
from flask import Request, g, request
from itsdangerous import BadSignature, TimestampSigner

from keeneye.api.problems import Problem
from keeneye.api.services import Services, services
from keeneye.settings import window
from keeneye.store import DEFAULT_TENANT, Owner

log = structlog.get_logger()

PAGE_PREFIX = "page."
PAGE_SECONDS = 12 * 3600
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
TOKEN_MOST = 200


def check() -> None:
    """Find the owner of the present request's token. Raises Problem 401, 403, 429, 503."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if not token:
        raise Problem("token_missing", "Send the header Authorization: Bearer TOKEN.")
    token = token.strip()
    here = services()
    found = None
    if kind.lower() == "bearer" and len(token) <= TOKEN_MOST:
        found = _page_owner(here, token) if token.startswith(PAGE_PREFIX) else here.store.owner(token)
    if found is None:
        spend(here.settings.limits.failed, "failed", request.remote_addr or "-")
        raise Problem(
            "token_invalid",
            "The token is wrong, expired or revoked.",
            headers={"WWW-Authenticate": 'Bearer realm="keeneye", error="invalid_token"'},
        )
    g.owner = found


def page_token(here: Services) -> str | None:
    """A session token for the page that is being served, or None when its reader must bring a token."""
    if not _page_is_open(here, request):
        return None
    return PAGE_PREFIX + _signer(here).sign(b"page").decode()


def is_local(asking: Request, proxy_hops: int) -> bool:
    """Whether the client runs on this machine and means this machine.

    The Host must be a name of the loopback too, else a foreign page could reach us under its own name (DNS
    rebinding). With a proxy that we were not told of, nobody is local.
    """
    try:
        if not ipaddress.ip_address(asking.remote_addr or "").is_loopback:
            return False
    except ValueError:
        return False
    if proxy_hops == 0 and any(name in asking.headers for name in FORWARDED):
        return False
    name, _, port = asking.host.rpartition(":")
    return (name if port.isdigit() else asking.host).lower() in LOCAL_NAMES


def spend(rate: str, what: str, key: str, cost: int = 1) -> None:
    """Count a use against a rate. Raises Problem 429 with Retry-After."""
    try:
        wait = services().rates.spend(window(rate), what, key, cost)
    except Exception as error:  # Redis is away: grading goes on unlimited rather than not at all
        log.warning("rates.unavailable", exc_info=error)
        return
    if wait:
        raise Problem("too_many_requests", f"The limit is {rate}.", headers={"Retry-After": str(wait)})


def _page_is_open(here: Services, asking: Request) -> bool:
    server = here.settings.server
    if server.open_page == "all":
        return True
    return server.open_page == "local" and is_local(asking, server.proxy_hops)


def _page_owner(here: Services, token: str) -> Owner | None:
    try:
        _signer(here).unsign(token.removeprefix(PAGE_PREFIX), max_age=PAGE_SECONDS)
    except BadSignature:
        return None
    if not _page_is_open(here, request):
        raise Problem("forbidden", "This page's session works only where the page is open without a token.")
    return Owner(DEFAULT_TENANT, None, "page")


def _signer(here: Services) -> TimestampSigner:
    return TimestampSigner(here.store.secret.key("page"))


def owner_key(owner: Owner) -> str:
    """Whose count a request goes to: the token's, or for the open page the client's address."""
    return f"token-{owner.token_id}" if owner.token_id is not None else f"page-{request.remote_addr}"
