"""What the pages of continuity can show: a part of the household of tests/browser."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from livlina.across.continuity import actions
from livlina.core.ids7 import uuid7
from livlina.core.models import Unit

STEPS = [
    {"name": "Öppna skuggan", "seconds": 0.42, "works": True, "words": "Sidan kom."},
    {"name": "Läs reservpaketet", "seconds": 0, "works": None, "words": "Inget paket är gjort här."},
    {"name": "Öppna en dörr utan nät", "seconds": 31.0, "works": False, "words": "Låset svarade inte."},
]


def fill(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """A drill that failed and is signed, one that nobody has read, and two nights' restore tests, one of which failed."""
    now, ola = get("now"), get("ola")
    failed = actions.file_drill(_drill("s1", now - timedelta(days=40), "fails", STEPS))
    actions.sign(failed, "Byt batteri i låset på Ekgatan 4.", by=ola, now=now)
    fresh = actions.file_drill(_drill("s16", now - timedelta(days=1), "partly", STEPS[:2]))
    held = {
        "backup": "20260302T010000Z", "newest_age": 14, "counts": {"journal_note": [2, 2]}, "chains_verified": 1,
        "outcome": "works", "words": "Kopian startades, loggades in i och lästes.",
    }  # fmt: skip
    broken = {"backup": "", "outcome": "fails", "words": "Ingen kopia hittades på någon av platserna."}
    for at, said in ((now - timedelta(hours=6), held), (now - timedelta(hours=30), broken)):
        works = said["outcome"] == "works"
        times = {"started_at": at, "ended_at": at + timedelta(minutes=2), "seconds": 118.2}
        proved = {"newest_at": at, "signed_in_at": at + timedelta(minutes=1)} if works else {}
        actions.file_restore_test({"id": str(uuid7())} | times | proved | said)
    return {
        "drill": failed, "unsigned_drill": fresh, "norra_unit": Unit.objects.get(pk=get("petra").unit_id),
    }  # fmt: skip


def _drill(story: str, at: datetime, outcome: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(uuid7()), "story": story, "against": "shadow", "address": "http://127.0.0.1:8102", "started_at": at,
        "ended_at": at + timedelta(seconds=33), "steps": steps, "outcome": outcome, "started_by": "Ola Krantz",
    }  # fmt: skip
