"""Prometheus counters. With several workers the figures of all are added up (PROMETHEUS_MULTIPROC_DIR)."""

from __future__ import annotations

import os

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from keeneye.api.auth import is_local
from keeneye.api.problems import Problem
from keeneye.api.services import services

REQUESTS = Counter("keeneye_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "keeneye_http_request_seconds",
    "Time to answer, in seconds.",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
GRADING = Histogram(
    "keeneye_grading_seconds",
    "Time to grade a message, in seconds.",
    buckets=(0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
VERDICTS = Counter("keeneye_verdicts", "Messages graded.", ["category", "grade"])
BROKEN = Counter("keeneye_signals_broken", "Signals that failed by a mistake of ours and were left out.", ["signal"])
REFUSED = Counter("keeneye_messages_refused", "Messages that could not be graded.", ["code"])

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus, on this machine only unless `open_metrics` is set."""
    server = services().settings.server
    if not server.open_metrics and not is_local(request, server.proxy_hops):
        raise Problem("forbidden", "Metrics are served on this machine only (setting server.open_metrics).")
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
