"""What the pages of incidents can show: a part of the household of tests/browser."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from livlina.across.quality import actions
from livlina.across.quality.models import CitizenReport
from livlina.core.access import system
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
    return {"incident": one, "draft_incident": draft, "sarah": sarah} | _told(get, found)


def _told(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """What Anna told of her mother's evening, answered and now with Petra; and what somebody unknown told of danger."""
    now, anna, eva = get("now"), get("anna_online"), get("eva")
    words = {"happened_on": now.date() - timedelta(days=1), "clock": "på kvällen"}
    hers = actions.Telling(
        uuid4(), "home_care", "hurt", "Ingen kom, och mamma satt kvar i stolen till natten.", place="Björkvägen 12",
        contact="070-174 06 06", person_id=found["astrid"].pk, **words,
    )  # fmt: skip
    told = actions.tell_of_event(hers, by=anna, now=now)
    reading = actions.open_report(told, by=_on_desk(get, told), now=now)
    petras = Assignment.objects.select_related("user").get(pk=get("petra").assignment_id)
    actions.answer_citizen(
        reading, "Vi ser över kvällens turer och ringer dig i morgon.", client_id=uuid4(), by=_on_desk(get, told), now=now
    )  # fmt: skip
    if told.role != "provider_manager":
        actions.give_report(told, petras, by=_on_desk(get, told), now=now)
    nobody = actions.Telling(uuid4(), "other", "danger", "Grannen ropar på hjälp och ingen öppnar.", **words)
    danger = actions.tell_of_event(nobody, by=system(eva.municipality_id), now=now)
    return {"told_incident": told.incident, "dangerous_incident": danger.incident}


def _on_desk(get: Callable[[str], Any], told: CitizenReport) -> Any:
    """Who has it: the first of those it may lie with."""
    who = {
        "provider_manager": "petra",
        "unit_manager": "maria",
        "committee_secretary": "eva",
        "duty_officer": "duty",
    }
    return get(who[told.role])
