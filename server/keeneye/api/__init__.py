"""The HTTP doors: JSON API, page, health, metrics. ``app.create_app`` puts them together."""
