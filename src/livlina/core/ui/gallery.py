"""Invented content for the gallery of components."""

from typing import Any

from django.http import HttpRequest


def gallery_context(request: HttpRequest, layout: str) -> dict[str, Any]:
    """Everything the gallery shows, made without the database."""
    return {"layout": f"ui/{layout}.html"}
