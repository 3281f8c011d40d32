"""Keeneye: grades sales inquiries inside the mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from flask import Flask

    from keeneye.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The server as a Flask application (WSGI). Without settings they are loaded as ``keeneye serve`` does.

    Raises SettingsError or KeeneyeError (policy) when the server cannot start with them.
    """
    from keeneye.api.app import create_app as create

    return create(settings)
