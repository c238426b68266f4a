"""What the pages of incidents can show: a part of the household of tests/browser."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from livlina.across.quality import actions
from livlina.core.models import Assignment

HOUR = timedelta(hours=1)


def fill(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """A morning without the journal, judged, with two tracks, a measure and somebody it hit; and a draft beside it."""
    now, ola, petra, maria = (get(name) for name in ("now", "ola", "petra", "maria"))
    told = actions.Told(
        uuid4(), "Journalen stod stilla", "Ingen kom in på tre timmar.", now - 4 * HOUR, now - 3 * HOUR, now - HOUR,
        functions=("journal",),
    )  # fmt: skip
    one = actions.register_incident(told, by=ola, now=now)
    draft = actions.register_incident(
        actions.Told(uuid4(), "Dörrarna stod stilla", "Mätt utifrån.", now - HOUR, now - HOUR, source="monitoring",
                     functions=("doors",)), by=ola, now=now,
    )  # fmt: skip
    get("visit_at")(found["astrid"], now - 2 * HOUR, state="missed")
    actions.collect_affected(one, by=petra, now=now)
    actions.add_entry(one, "Vi läste reservpaketet.", at=now - 2 * HOUR, by=petra, now=now)
    actions.open_track(one, "nis2", by=ola, now=now)
    sarah = actions.open_track(one, "lex_sarah", by=petra, now=now)
    actions.take_stage(sarah, "investigated", "Risken var stor.", outcome="serious", by=petra, now=now)
    owner = Assignment.objects.select_related("user").get(pk=maria.assignment_id)
    actions.decide_measure(
        one, "Öva på reserven.", owner, date(2026, 4, 1), client_id=uuid4(), by=maria, now=now
    )
    return {"incident": one, "draft_incident": draft, "sarah": sarah}
