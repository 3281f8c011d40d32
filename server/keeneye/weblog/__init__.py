"""The website's access log: which visitors looked at what. Knows no database; see ``keeneye.store.visits``."""

from __future__ import annotations

from keeneye.weblog.files import Mark
from keeneye.weblog.formats import Format, Request
from keeneye.weblog.importing import Importer, Ledger, Report
from keeneye.weblog.sessions import GAP, Rules, Sessions, Visit, plain

__all__ = ["GAP", "Format", "Importer", "Ledger", "Mark", "Report", "Request", "Rules", "Sessions", "Visit", "plain"]
