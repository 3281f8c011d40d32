"""The website's access log: which visitors looked at what. Knows no database; see ``keeneye.store.visits``.

``formats``: lines; ``sessions``: which of them are visits; ``files``: logs on disk; ``importing``: all together.
"""
