"""``livlina docs``: write the pages of documentation that are made from the code."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Write each page, and say which."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    os.environ.setdefault("LIVLINA_DATABASE_URL", "postgresql://livlina_app@127.0.0.1/none")
    os.environ.setdefault("LIVLINA_SECRET_KEY", "docs are made without a database or a secret")
    os.environ.setdefault("LIVLINA_TEST", "1")
    import django

    django.setup()
    from livlina.config.pages import PAGES

    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), encoding="utf-8")
        print(f"Wrote docs/{name}")
    return 0
