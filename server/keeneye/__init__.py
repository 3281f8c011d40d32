"""Keeneye: grades sales inquiries inside the mailbox."""

__version__ = "0.1.0"
