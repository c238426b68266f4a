"""What the page of the system's figures is told of drills (settings.PROVED)."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from livlina.across.continuity import queries, shown
from livlina.core.access import Actor, may


def drills(actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Return the drills and the newest restore test as a table in words; None for who may not read them."""
    if not may(actor, "continuity.drill"):
        return None
    test = queries.newest_restore_test()
    rows = [
        [
            due.story.title,
            shown.day(due.last.started_at, now) if due.last else "aldrig",
            due.words.capitalize(),
        ]
        for due in queries.calendar(now)
    ]
    if test is not None:
        outcome = shown.OUTCOMES[test.outcome][0]
        rows.insert(0, ["Reserven startad ur säkerhetskopian", shown.day(test.started_at, now), outcome])
    return {
        "title": "Övningar",
        "heads": ["Övning", "Senast", "Läge"],
        "rows": rows,
        "nothing": "Ingen övning är upplagd.",
        "url": reverse("continuity_operations:reserves"),
        "link": "Öppna reserver och övningar",
    }
