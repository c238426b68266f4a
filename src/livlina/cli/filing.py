"""Proof that outlives a dead database: each result is written to a file first, and filed when the database takes it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from livlina.cli.surroundings import say
from livlina.core import processes

Kind = Literal["drill", "restore_test"]
FOLDER = "proofs"


def file(state: Path, kind: Kind, record: Mapping[str, Any]) -> bool:
    """Keep the record, and file it and what was kept before. Returns False while the database does not take them."""
    folder = state / FOLDER
    processes.make_folder(folder)
    processes.write_private(folder / f"{kind}-{record['id']}.json", json.dumps(record, ensure_ascii=False))
    return take_in(state)


def take_in(state: Path) -> bool:
    """File everything that was kept. Returns False if something is left."""
    waiting = sorted((state / FOLDER).glob("*.json"))
    if not waiting:
        return True
    if not os.environ.get("LIVLINA_DATABASE_URL"):
        say(f"LIVLINA_DATABASE_URL is not set: kept in {state / FOLDER} until it is.")
        return False
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django
    from django.db import connections

    try:
        django.setup()
        for path in waiting:
            _take_in(path)
    except Exception as error:  # whatever is wrong with the system, the proof is kept
        say(
            f"Not filed yet, kept in {state / FOLDER}: {(str(error).strip() or type(error).__name__).splitlines()[0]}"
        )
        return False
    finally:
        connections.close_all()
    return True


def _take_in(path: Path) -> None:
    from livlina.across.continuity import actions

    record = json.loads(path.read_text())
    take = actions.file_drill if path.name.startswith("drill-") else actions.file_restore_test
    take(record)
    path.unlink()
