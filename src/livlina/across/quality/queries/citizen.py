"""What citizens told: on the desk it lies on, and as whoever told it sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from livlina.across.quality.models import CitizenAnswer, CitizenReport, Incident
from livlina.across.quality.queries.incident import standing, with_standing
from livlina.core.access import Actor, allowed, demand
from livlina.core.models import Assignment
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.people.models import Person

MOST = 50


@dataclass(frozen=True)
class Followed:
    """One telling as whoever told it sees it: how far it has come, and what was written to them. Nothing from inside."""

    report: CitizenReport
    called: str
    phase: str
    """`received`, `judged`, `acted` or `closed`."""
    answers: list[CitizenAnswer]


def own_reports(actor: Actor) -> list[Followed]:
    """Return what the citizen has told, newest first. Raises Refused for whoever is none."""
    demand(actor, "citizen_report.follow")
    # It may lie on the other side of the wall, where no citizen's context reaches: the rule alone picks the rows.
    with acting(actor.municipality_id, EVERYTHING, actor.user_id):
        found = allowed(actor, "citizen_report.follow", CitizenReport.objects.all())
        rows = list(found.prefetch_related("answers").order_by("-told_at", "-id")[:MOST])
        events = with_standing(Incident.objects.filter(pk__in=[row.incident_id for row in rows])).in_bulk()
    return [_followed(row, events[row.incident_id]) for row in rows]


def report_of(actor: Actor, incident: Incident) -> CitizenReport | None:
    """Return what a citizen told of the event, for whoever has it on their desk; nothing for all others."""
    found = allowed(actor, "citizen_report.read", CitizenReport.objects.filter(incident=incident))
    return found.select_related("unit", "incident").first()


def answers_of(report: CitizenReport) -> list[CitizenAnswer]:
    """Return what was written to whoever told it, oldest first; of a report that one may read."""
    with acting(report.municipality_id, EVERYTHING):
        return list(report.answers.order_by("at", "id"))


def persons_of(report: CitizenReport) -> tuple[str, str]:
    """Return who told and whom it is about, by name; nothing of the unknown, and of the protected only that they are."""
    found = Person.objects.in_bulk([key for key in (report.teller_id, report.person_id) if key])
    names = {key: "Skyddad identitet" if one.is_protected else one.name for key, one in found.items()}
    return tuple(names.get(key, "") if key else "" for key in (report.teller_id, report.person_id))  # type: ignore[return-value]


def heirs(report: CitizenReport, roles: Iterable[str], on: date) -> list[tuple[UUID, str]]:
    """Return whom a report can be handed to: one line for each desk but its own, with who sits there."""
    held = Assignment.objects.filter(role__in=tuple(roles)).valid(on).select_related("user", "unit")
    seen: dict[tuple[str, UUID], tuple[UUID, str]] = {}
    for one in held.order_by("unit__name", "user__name", "id"):
        if (one.role, one.unit_id) != (report.role, report.unit_id):
            seen.setdefault(
                (one.role, one.unit_id), (one.pk, f"{one.unit.name}: {one.user.name}, {one.title}")
            )
    return list(seen.values())


def _followed(report: CitizenReport, event: Incident) -> Followed:
    phase = {"dismissed": "closed", "closed": "closed", "open": "acted"}.get(standing(event), "")
    phase = phase or ("judged" if report.read_at else "received")
    return Followed(report, event.called, phase, sorted(report.answers.all(), key=lambda one: one.at))
