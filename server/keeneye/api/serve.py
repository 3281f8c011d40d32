"""The server as ``keeneye serve`` runs it: gunicorn with threads, everything loaded before the workers are forked."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker
from prometheus_client.multiprocess import mark_process_dead

from keeneye import logs
from keeneye.api.app import create_app
from keeneye.api.body import READING
from keeneye.api.problems import CODES, Problem
from keeneye.api.services import KEY, Services
from keeneye.guard import WATCHDOG, Reading
from keeneye.settings import Settings
from keeneye.store import DEFAULT_TENANT, Owner
from keeneye.store.migrations import migrate
from keeneye.warm import MESSAGE

log = structlog.get_logger()

STUCK_SECONDS = 8  # beyond the CPU time of a message: then a worker that holds the interpreter is replaced
GRACE_SECONDS = 30


class _Worker(ThreadWorker):  # type: ignore[misc]
    """A thread of it never waits longer for a client's request than the settings allow."""

    read_seconds = 30.0

    def handle(self, conn: TConn) -> Any:
        with WATCHDOG.reading(conn.sock, self.read_seconds) as reading:
            _READINGS[conn.sock.fileno()] = reading
            return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer a request that reaches no route with a problem, as all others."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        log.warning("request.invalid", error=type(exc).__name__)
        code = _UNREADABLE.get(type(exc), "bad_request")
        answer = Problem(code, f"{CODES[code][1]}.").response()
        answer.headers["Connection"] = "close"
        head = f"HTTP/1.1 {answer.status}\r\n{answer.headers}"
        with contextlib.suppress(OSError):
            client.sendall(head.encode("latin-1") + answer.get_data())


_UNREADABLE: dict[type[Exception], str] = {LimitRequestLine: "uri_too_long", LimitRequestHeaders: "headers_too_large"}

# By file descriptor: one connection is handled by one thread at a time.
_READINGS: dict[int, Reading] = {}


class _Logger(Logger):  # type: ignore[misc]
    """gunicorn's notes go the way of all logs (see keeneye.logs); it has no access log of its own."""

    def setup(self, cfg: Any) -> None:  # noqa: ARG002 (gunicorn calls it so)
        self.error_log.handlers = []
        self.error_log.propagate = True
        self.access_log.disabled = True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, announce: Callable[[str], None]) -> None:
        self._app = app
        self._announce = announce
        super().__init__()

    def load_config(self) -> None:
        here: Services = self._app.extensions[KEY]
        server, grading, store = here.settings.server, here.settings.grading, here.store
        _Worker.read_seconds = grading.read_seconds
        options = {
            "bind": f"[{server.host}]:{server.port}" if ":" in server.host else f"{server.host}:{server.port}",
            "workers": server.workers,
            "threads": server.threads,
            "worker_class": _Worker,
            "logger_class": _Logger,
            "preload_app": True,
            "timeout": int(grading.cpu_seconds) + STUCK_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "backlog": 512,
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 (a heartbeat file)
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # Werkzeug's ProxyFix does this, by the setting server.proxy_hops
            "proc_name": "keeneye",
            # gunicorn counts the parameters of its hooks.
            "when_ready": lambda arbiter: [self._announce(_address(one.sock)) for one in arbiter.LISTENERS],
            "post_fork": lambda _arbiter, _worker: store.after_fork(),
            "child_exit": lambda _arbiter, worker: mark_process_dead(worker.pid),  # type: ignore[no-untyped-call]
            "worker_exit": lambda _arbiter, _worker: store.close(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        def entry(environ: dict[str, Any], start_response: Any) -> Any:
            sock = environ.get("gunicorn.socket")
            environ[READING] = _READINGS.get(sock.fileno()) if sock is not None else None
            return self._app.wsgi_app(environ, start_response)

        return entry


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Run until a signal ends it. ``announce`` gets the address to open as soon as requests are answered.

    Raises what ``create_app`` and the database raise when the server cannot start.
    """
    logs.configure(settings.logs.level)
    app = create_app(settings)
    here: Services = app.extensions[KEY]
    migrate(here.store.engine)
    here.grader.grade(MESSAGE, memory=here.store.memory(Owner(DEFAULT_TENANT, None, "warm-up")))  # its statements, too
    here.store.engine.dispose()
    # What is loaded now is shared by the workers' memory: keep the collector from touching, and so copying, it.
    gc.collect()
    gc.freeze()
    _Server(app, announce).run()


def _address(sock: Any) -> str:
    """Where a browser on this machine finds it."""
    host, port = sock.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"
