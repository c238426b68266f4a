"""Writes about incidents: register, confirm or dismiss, add what each side saw, end, find whom it hit, check them off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models

from livlina.across.quality.models import (
    Affected,
    CitizenReport,
    Deviation,
    Incident,
    IncidentEntry,
    IncidentReport,
)
from livlina.across.quality.reading import hit
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import local
from livlina.core.tenancy import EVERYTHING, acting


class IncidentRefused(Exception):
    """The step does not fit the incident as it stands. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Told:
    """What is known of an event when it is registered. All moments are aware."""

    client_id: UUID
    title: str
    what: str
    begun_at: datetime
    noticed_at: datetime
    ended_at: datetime | None = None
    source: str = "staff"
    functions: tuple[str, ...] = ()
    unit_id: UUID | None = None
    deviations: tuple[UUID, ...] = ()


def register_incident(told: Told, *, by: Actor, now: datetime) -> Incident:
    """Register an event and return it; the same `client_id` again is the same event.

    What a person registers is confirmed by that; what the system or a citizen tells is a draft until somebody does it.
    Raises Refused, and IncidentRefused when it says nothing or its moments are in disorder.
    """
    demand(by, "incident.register")
    _in_order(told, now)
    number_lock(by.municipality_id)
    incident, made = Incident.objects.get_or_create(
        municipality_id=by.municipality_id,
        client_id=told.client_id,
        defaults={
            "year": local(now).year,
            "number": _next_number(by.municipality_id, local(now).year),
            "title": told.title.strip()[:120],
            "what": told.what.strip(),
            "source": told.source,
            "functions": sorted(told.functions),
            "unit_id": told.unit_id,
            "begun_at": told.begun_at,
            "noticed_at": told.noticed_at,
            "ended_at": told.ended_at,
            "registered_at": now,
            "registered_by": by.user_id,
            "registered_name": by.name,
        },
    )
    if made:
        for key in told.deviations:
            _tie(incident, key, by=by, now=now)
        audit.wrote(by, "incident.register", now=now, obj=incident)
        if told.source == "monitoring" or by.kind == "system":
            outbox.announce("incident.drafted", incident, now=now)
        else:
            entry(incident, "confirmed", "Registrerad.", at=now, by=by, now=now)
            outbox.announce("incident.confirmed", incident, now=now)
    return incident


def confirm_incident(incident: Incident, text: str, *, by: Actor, now: datetime) -> IncidentEntry:
    """Say that a draft is an event indeed. Raises Refused, IncidentRefused when it is judged already."""
    _judge(incident, by)
    made = entry(incident, "confirmed", text or "Bekräftad.", at=now, by=by, now=now)
    outbox.announce("incident.confirmed", incident, now=now)
    return made


def dismiss_incident(incident: Incident, text: str, *, by: Actor, now: datetime) -> IncidentEntry:
    """Say that a draft was nothing; it stays readable. A citizen who told has an answer first.

    Raises Refused, IncidentRefused.
    """
    _judge(incident, by)
    with acting(by.municipality_id, EVERYTHING, by.user_id):
        told = CitizenReport.objects.filter(incident=incident, teller_id__isnull=False)
        unanswered = told.filter(answers=None).exists()
    if unanswered:
        raise IncidentRefused("Svara den som berättade innan du skriver av.")
    made = entry(incident, "dismissed", _said(text, "Skriv varför den avskrivs."), at=now, by=by, now=now)
    outbox.announce("incident.dismissed", incident, now=now)
    return made


def add_entry(
    incident: Incident, text: str, *, at: datetime, by: Actor, now: datetime, kind: str = "told"
) -> IncidentEntry:
    """Write what one's own side saw, or what was the `cause`. Raises Refused, IncidentRefused."""
    demand(by, "incident.tell", incident)
    if not incident.begun_at <= at <= now:
        raise IncidentRefused("Tiden ligger före händelsens början eller i framtiden.")
    return entry(incident, kind, _said(text, "Skriv vad du såg."), at=at, by=by, now=now)


def end_incident(
    incident: Incident, ended_at: datetime, text: str, *, by: Actor, now: datetime
) -> IncidentEntry:
    """Say when it was over; said again, the later word stands and both can be read. Raises Refused, IncidentRefused."""
    demand(by, "incident.tell", incident)
    if not incident.begun_at <= ended_at <= now:
        raise IncidentRefused("Slutet kan inte ligga före början eller i framtiden.")
    incident.ended_at = ended_at
    incident.save(update_fields=["ended_at"])
    return entry(incident, "ended", text or "Störningen är över.", at=ended_at, by=by, now=now)


def collect_affected(incident: Incident, *, by: Actor, now: datetime) -> int:
    """Find whom the event hit, in visits and alarms of its time; return how many are new. Found again is found once."""
    demand(by, "incident.tell", incident)
    with acting(by.municipality_id, EVERYTHING):
        before = incident.affected.count()
        Affected.objects.bulk_create(
            [
                Affected(
                    municipality_id=by.municipality_id, incident=incident, person_id=one.person_id, unit_id=one.unit_id,
                    how=one.how, source_id=one.source_id, minutes=one.minutes, found_at=now,
                )
                for one in hit(incident.begun_at, incident.ended_at or now)
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        found = incident.affected.count() - before
    audit.wrote(by, "incident.tell", now=now, obj=incident, detail={"affected": found})
    return found


def check_off(affected: Affected, text: str, *, by: Actor, now: datetime) -> Affected:
    """Say that the person is looked to, in words; once. Raises Refused, IncidentRefused."""
    demand(by, "incident.affected", affected)
    said = _said(text, "Skriv hur det gick för personen.")
    if affected.checked_at is None:
        affected.checked_at, affected.checked_by = now, by.user_id
        affected.checked_name, affected.checked_text = by.name, said
        affected.save(update_fields=["checked_at", "checked_by", "checked_name", "checked_text"])
        audit.wrote(by, "incident.affected", now=now, person_id=affected.person_id, obj=affected)
    return affected


def entry(
    incident: Incident, kind: str, text: str, *, at: datetime, by: Actor, now: datetime
) -> IncidentEntry:
    """Write one line of the event, on the side its writer works on."""
    made = IncidentEntry.objects.create(
        municipality_id=incident.municipality_id, incident=incident, side=side_of(by), kind=kind, at=at, written_at=now,
        user_id=by.user_id, user_name=by.name, text=text.strip(),
    )  # fmt: skip
    audit.wrote(by, "incident.tell", now=now, obj=incident, detail={"kind": kind})
    return made


def side_of(by: Actor) -> str:
    """Which side somebody sees an event from: those who run the system and the monitoring, or care."""
    return "it" if by.kind == "system" or by.role in ("support", "administrator") else "care"


def number_lock(municipality_id: int) -> None:
    """Let one registration at a time count in a municipality, until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('quality_incident', %s))", [municipality_id]
        )


def _next_number(municipality_id: int, year: int) -> int:
    found = Incident.objects.filter(municipality_id=municipality_id, year=year)
    return (found.aggregate(last=models.Max("number"))["last"] or 0) + 1


def _in_order(told: Told, now: datetime) -> None:
    if not told.title.strip() or not told.what.strip():
        raise IncidentRefused("Skriv en rubrik och vad som hände.")
    if not told.begun_at <= told.noticed_at <= now:
        raise IncidentRefused("Händelsen ska ha börjat innan den märktes, och ingetdera i framtiden.")
    if told.ended_at and not told.begun_at <= told.ended_at <= now:
        raise IncidentRefused("Slutet kan inte ligga före början eller i framtiden.")


def _tie(incident: Incident, deviation_id: UUID, *, by: Actor, now: datetime) -> None:
    with acting(by.municipality_id, EVERYTHING):
        deviation = Deviation.objects.get(pk=deviation_id)
        IncidentReport.objects.get_or_create(
            municipality_id=by.municipality_id,
            deviation=deviation,
            defaults={"incident": incident, "at": now, "user_id": by.user_id},
        )


def _judge(incident: Incident, by: Actor) -> None:
    """Refuse whoever may not judge the draft; one of a citizen's is judged by who may read what they wrote."""
    demand(by, "incident.judge", incident)
    if incident.source == "citizen":
        fetch(by, "citizen_report.handle", CitizenReport.objects.all(), incident=incident)
    number_lock(incident.municipality_id)
    if incident.entries.filter(kind__in=("confirmed", "dismissed")).exists():
        raise IncidentRefused("Händelsen är redan bedömd.")


def _said(text: str, otherwise: str) -> str:
    if not text.strip():
        raise IncidentRefused(otherwise)
    return text.strip()
