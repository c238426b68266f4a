"""The file that tells the lock simulator which doors there are: written by the demo at its start, and again when a lock
is ordered or re-keyed. Knows neither Django nor a database."""

import json
from collections.abc import Iterable

CONFIG, FLASH = "locks.json", "locks"
"""In the state folder: the file, and where each simulated lock keeps its flash."""


def written(issuer: str, public: str, locks: Iterable[tuple[int, str, int, str]]) -> str:
    """Return the file's text. `public` in hexadecimals; of each lock its number, area, epoch and what it is shown as."""
    lines = [
        {"number": number, "area": area, "epoch": epoch, "area_epoch": 1, "label": label}
        for number, area, epoch, label in locks
    ]
    return json.dumps({"issuers": [{"name": issuer, "public": public}], "locks": lines}, indent=1)
