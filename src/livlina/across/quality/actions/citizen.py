"""Writes about what citizens tell: sent once, read on one desk, handed on, answered. The event itself names nobody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F

from livlina.across.quality.actions.incident import IncidentRefused, Told, register_incident
from livlina.across.quality.models import CitizenAnswer, CitizenReport
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch, system
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.orders.models import OrderVersion
from livlina.registers.orders.models.order import RUNNING
from livlina.registers.people.models import Person

AUTHORITY, PROVIDER = 1, 2
SERVICES = {"home_care": "home_care", "alarm": "social_alarm"}
"""Which service of an order the help in question is: its provider is told."""
TITLES = {
    "home_care": "något som gått fel i hemtjänsten",
    "alarm": "något som gått fel med trygghetslarmet",
    "e_service": "något som gått fel med inloggningen eller e-tjänsterna",
    "other": "något som gått fel",
}
"""What the event is called, to all who may read it: never more than which help it concerns."""
FROM_ONE, FROM_ALL, WINDOW = 10, 120, timedelta(hours=1)
"""Sent within the window by one who is signed in, and by all who are not: more than that are not people."""
KNOWN_LONG = 8000


class TooManyTold(Exception):
    """Det kommer in ovanligt mycket just nu. Ring oss i stället, eller försök igen om en stund."""


class NobodyReads(Exception):
    """Det går inte att ta emot det här just nu. Ring oss i stället. Det du har skrivit finns kvar här nedan."""


@dataclass(frozen=True)
class Telling:
    """What a citizen tells. `person_id`: whom it is about, if it is somebody they act for."""

    client_id: UUID
    help: str
    hurt: str
    what: str
    happened_on: date
    clock: str = ""
    place: str = ""
    contact: str = ""
    person_id: UUID | None = None
    rather_municipality: bool = False
    """Not those who give the help, but the municipality that ordered it."""


class Desk(NamedTuple):
    """Where it is read: a role in a unit, on one side of the wall."""

    role: str
    unit_id: UUID
    compartment: int


def tell_of_event(telling: Telling, *, by: Actor, now: datetime) -> CitizenReport:
    """Take in what a citizen tells, and draft an event of it; sent again with the same `client_id` it is the first one.

    Somebody who is not signed in is the system's actor: no row then points at a person. Raises Refused for whoever does
    not act for the person it is about, TooManyTold, NobodyReads, and IncidentRefused when it says nothing.
    """
    demand(by, "citizen_report.send")
    about = _about(telling, by)
    with acting(by.municipality_id, EVERYTHING, by.user_id):
        sent = CitizenReport.objects.filter(incident__client_id=telling.client_id).first()
        if sent is not None:
            return sent
        _not_too_many(by, now)
        desk = _desk(telling, about, day_of(now))
        house = system(by.municipality_id, EVERYTHING)
        incident = register_incident(_event(telling, desk, now), by=house, now=now)
        report, made = CitizenReport.objects.get_or_create(
            municipality_id=by.municipality_id, incident=incident,
            defaults=desk._asdict() | {
                "help": telling.help, "hurt": telling.hurt, "what": telling.what.strip()[:KNOWN_LONG],
                "happened_on": telling.happened_on, "clock": telling.clock.strip(), "place": telling.place.strip(),
                "contact": telling.contact.strip(), "teller_id": by.person_id, "person_id": about, "told_at": now,
            },
        )  # fmt: skip
        if made:
            audit.wrote(by, "citizen_report.send", now=now, person_id=about, obj=report)
            outbox.announce("citizen_report.sent", report, now=now)
    return report


def open_report(report: CitizenReport, *, by: Actor, now: datetime) -> CitizenReport:
    """Read what a citizen told, as who has it on their desk; the first reading is remembered. Raises Refused."""
    demand(by, "citizen_report.read", report)
    audit.read(by, "citizen_report.read", now=now, person_id=report.person_id, obj=report)
    if report.read_at is None and not settings.SHADOW:  # the shadow's database takes nothing
        report.read_at = now
        report.save(update_fields=["read_at"])
    return report


def answer_citizen(
    report: CitizenReport, text: str, *, client_id: UUID, by: Actor, now: datetime
) -> CitizenAnswer:
    """Write to the one who told; the same `client_id` is the same answer. Raises Refused, IncidentRefused."""
    demand(by, "citizen_report.handle", report)
    if report.teller_id is None:
        raise IncidentRefused("Den som berättade var inte inloggad, och kan inte läsa något svar här.")
    if not text.strip():
        raise IncidentRefused("Skriv ett svar till den som berättade.")
    answer, made = CitizenAnswer.objects.get_or_create(
        municipality_id=report.municipality_id, client_id=client_id,
        defaults={
            "report": report, "compartment": report.compartment, "at": now, "user_id": by.user_id,
            "user_name": by.name, "unit_name": by.unit_name, "text": text.strip(),
        },
    )  # fmt: skip
    if made:
        audit.wrote(by, "citizen_report.handle", now=now, person_id=report.person_id, obj=report)
    return answer


def give_report(report: CitizenReport, to: Assignment, *, by: Actor, now: datetime) -> CitizenReport:
    """Hand it to the desk of somebody else who may judge it: from then on it is read there.

    Raises Refused, IncidentRefused.
    """
    demand(by, "citizen_report.handle", report)
    desk = desk_of(to) if to.role in HEIRS and _holds(to, day_of(now)) else None
    if desk is None or (desk.role, desk.unit_id) == (report.role, report.unit_id):
        raise IncidentRefused("Välj någon annan som kan ta emot det.")
    with acting(by.municipality_id, EVERYTHING, by.user_id):
        report.role, report.unit_id, report.compartment = desk
        report.save(update_fields=["role", "unit", "compartment"])
    told = {"role": desk.role, "unit": str(desk.unit_id)}
    audit.wrote(by, "citizen_report.handle", now=now, person_id=report.person_id, obj=report, detail=told)
    outbox.announce("citizen_report.given", report, now=now)
    return report


HEIRS = ("provider_manager", "unit_manager", "committee_secretary")
"""Who can have it on their desk. The duty officer only gets what is about danger."""


def desk_of(held: Assignment) -> Desk:
    """The desk of one who holds an assignment: on which side of the wall it stands."""
    if held.role == "provider_manager":
        return Desk(held.role, held.unit_id, PROVIDER)
    branch = held.compartments[0] if held.role == "unit_manager" and held.compartments else AUTHORITY
    return Desk(held.role, held.unit_id, branch)


def _about(telling: Telling, by: Actor) -> UUID | None:
    """Whom it is about: nobody known, oneself, or somebody one acts for today. Raises Refused."""
    if by.kind != "citizen":
        return None
    return fetch(by, "people.act_for", Person.objects.all(), pk=telling.person_id or by.person_id).pk


def _desk(telling: Telling, about: UUID | None, on: date) -> Desk:
    """The duty officer has danger; else the unit that gives the help, or that ordered it; else the board's secretary."""
    wanted = [("duty_officer", None)] if telling.hurt == "danger" else _near(telling, about)
    for role, unit_id in [*wanted, ("committee_secretary", None), ("duty_officer", None)]:
        found = Assignment.objects.filter(role=role).valid(on).order_by("id")
        held = (found.filter(unit_id=unit_id) if unit_id else found).first()
        if held is not None:
            return desk_of(held)
    raise NobodyReads(NobodyReads.__doc__)


def _near(telling: Telling, about: UUID | None) -> list[tuple[str, UUID | None]]:
    """The managers who answer for the help, the nearest first."""
    if about is None or telling.help not in SERVICES:
        return []
    letters = OrderVersion.objects.filter(
        person_id=about, service=SERVICES[telling.help], order__state__in=RUNNING, number=F("order__version")
    )
    letter = letters.select_related("order__provider").order_by("-written_at", "id").first()
    if letter is None or letter.order.provider is None:
        return []
    orderer: tuple[str, UUID | None] = ("unit_manager", letter.order.orderer_unit_id)
    return (
        [orderer]
        if telling.rather_municipality
        else [("provider_manager", letter.order.provider.unit_id), orderer]
    )


def _event(telling: Telling, desk: Desk, now: datetime) -> Told:
    """The draft that both sides may read: which help, when, and nothing of what was written."""
    about = TITLES[telling.help]
    danger = "Fara nu. " if telling.hurt == "danger" else ""
    if not telling.what.strip():
        raise IncidentRefused("Skriv vad som hände.")
    return Told(
        telling.client_id,
        f"{danger}En enskild berättar om {about}",
        f"En enskild har berättat om {about}. Vad som skrevs läser bara den som har det på sitt bord.",
        min(datetime.combine(telling.happened_on, time(0), SWEDEN), now), now,
        source="citizen", functions=("web",) if telling.help == "e_service" else (),
        unit_id=None if desk.role == "committee_secretary" else desk.unit_id,
    )  # fmt: skip


def _not_too_many(by: Actor, now: datetime) -> None:
    sent = CitizenReport.objects.filter(teller_id=by.person_id, told_at__gt=now - WINDOW).count()
    if sent >= (FROM_ALL if by.person_id is None else FROM_ONE):
        raise TooManyTold(TooManyTold.__doc__)


def _holds(held: Assignment, on: date) -> bool:
    return Assignment.objects.filter(pk=held.pk).valid(on).exists()
