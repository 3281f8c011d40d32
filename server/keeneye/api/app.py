"""The application: blueprints, errors, headers and the request log put together."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from flask_cors import CORS
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from keeneye import settings as settings_module
from keeneye.api import addin, auth, metrics, openapi, page
from keeneye.api.problems import Problem, from_http
from keeneye.api.rates import open_rates
from keeneye.api.services import KEY, Services, services
from keeneye.pipeline import GraderSettings
from keeneye.settings import Settings
from keeneye.store import StoreUnavailable, open_store
from keeneye.warm import ready_grader

log = structlog.get_logger()

API = "/api/"
OPEN_ENDPOINTS = frozenset({"pairing.pair", "openapi.as_json", "openapi.as_page", "openapi.style"})
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HSTS = "max-age=31536000"
_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Tables are loaded here, before workers are forked; the database is opened later.

    Raises SettingsError, KeeneyeError (policy) or OSError (secret file).
    """
    settings = settings or settings_module.load()
    app = Flask("keeneye", static_folder=str(page.WEB / "static"), static_url_path="/static", template_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    grader = ready_grader(GraderSettings.of(settings))
    app.extensions[KEY] = Services(settings, grader, open_store(settings), open_rates(settings.limits.storage))
    app.before_request(_begin)
    app.after_request(_finish)
    for blueprint in (*openapi.DESCRIBED, openapi.blueprint, page.blueprint, addin.blueprint):
        app.register_blueprint(blueprint)
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreUnavailable, _store_error)
    app.register_error_handler(Exception, _own_error)
    CORS(
        app,
        resources={rf"^{API}.*": {"origins": [_origin(o) for o in settings.server.cors_origins]}},
        methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Accept-Language"],
        expose_headers=["Retry-After", "Content-Language", "X-Request-Id"],
        supports_credentials=False,
        max_age=600,
    )
    hops = settings.server.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _origin(pattern: str) -> str:
    """An origin of the settings as the pattern that flask-cors takes; ``*`` stands for an extension's id."""
    return "^" + re.escape(pattern).replace(r"\*", "[A-Za-z0-9-]+") + "$"


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-Id", "")
    # Only a proxy of ours may name the request: a client could write an address there.
    trusted = services().settings.server.proxy_hops > 0 and _REQUEST_ID.match(given)
    g.request_id = given if trusted else secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    if request.path.startswith(API) and request.method != "OPTIONS" and request.endpoint not in OPEN_ENDPOINTS:
        auth.check()


def _finish(response: Response) -> Response:
    if request.blueprint == addin.blueprint.name:
        addin.dress(response)
    else:
        response.headers.extend(HEADERS)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    response.headers["X-Request-Id"] = g.request_id
    _note(response)
    return response


def _note(response: Response) -> None:
    """Count and log the answer: the route's pattern, never the path, which may hold an address."""
    seconds = time.perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule is not None else "-"
    metrics.REQUESTS.labels(request.method if request.url_rule else "-", route, response.status_code).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    owner = g.get("owner")
    log.info(
        "request",
        method=request.method if request.url_rule else "-",
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        token=owner.token_id if owner else None,
        bytes_in=request.content_length,
        bytes_out=response.calculate_content_length() if not response.is_streamed else None,
    )


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:  # a redirect to the same place with a slash
        return Response(status=error.code, headers=dict(error.get_headers()))
    return from_http(error).response()


def _store_error(_: StoreUnavailable) -> Response:
    return Problem("store_unavailable", "The store does not answer. Try again.").response()


def _own_error(error: Exception) -> Response:
    log.error("request.failed", exc_info=error)
    return Problem("internal_error", "The server made a mistake; its log says where.").response()
