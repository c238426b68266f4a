"""What runs by the clock in home nursing, and its watches. `jobs.py` takes it in, so that every process knows them.

A watch about a patient lies in the nursing book's own compartment, where no manager sees it. If no nurse of the unit acts
on it in time the manager hears that something waits there, not what.
"""

from datetime import datetime, timedelta

from livlina.core import outbox
from livlina.core.access import system
from livlina.core.models import RecurringRun
from livlina.core.tenancy import EVERYTHING
from livlina.provider.homecare.actions import delegation, doses, nursing
from livlina.provider.homecare.models import Delegation, NursingTask
from livlina.provider.homecare.models.words import HEALTH
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import Watch, declare

MANAGER = "provider_manager"
HALF_AN_HOUR = timedelta(minutes=30)
CLIMBS = [(HALF_AN_HOUR, MANAGER)]
"""To a manager who was given the nursing book, if there is one. The others hear that something waits (`tell_managers`)."""

PATIENT = (
    "nursing.missed", "nursing.double", "nursing.disagree", "nursing.too_many", "nursing.after_end", "nursing.balance",
)  # fmt: skip
"""Warnings about a patient: only who sees the nursing book sees them."""

_WATCH = "watches.watch"
_DOSE, _TASK = "homecare_provider:nursing_dose", "homecare_provider:nursing_task"
declare(
    "nursing.missed",
    "En dos är inte signerad",
    "Tiden för dosen har gått ut. Den kan vara given och ligga i en telefon som saknar kontakt: ring den som hade besöket.",
    "Personen kan vara utan sitt läkemedel, eller få det två gånger.",
    danger=True,
    ladder=CLIMBS,
    link=_DOSE,
)
declare(
    "nursing.double",
    "En dos är signerad som given två gånger",
    "Två signeringar finns på samma dos. Båda är sparade. Ta reda på vad som hände och bedöm personen.",
    "Personen kan ha fått dubbel dos.",
    danger=True,
    ladder=CLIMBS,
    link=_DOSE,
)
declare(
    "nursing.disagree",
    "Två signeringar om samma dos säger olika",
    "En säger given, en säger inte given. Dosen räknas som given tills någon har rättat.",
    "Ingen vet om personen har fått sitt läkemedel.",
    danger=True,
    ladder=CLIMBS,
    link=_DOSE,
)
declare(
    "nursing.too_many",
    "Läkemedel vid behov har getts oftare än ordinerat",
    "Fler än det högsta antalet under ett dygn är signerade.",
    "Personen kan ha fått för mycket.",
    danger=True,
    ladder=CLIMBS,
    link=_TASK,
)
declare(
    "nursing.after_end",
    "Något gavs som var avslutat eller pausat",
    "Signeringen kan komma från en telefon som inte hade hört att ordinationen var avslutad eller pausad.",
    "Personen kan ha fått något som inte längre är ordinerat.",
    danger=True,
    ladder=CLIMBS,
    link=_TASK,
)
declare(
    "nursing.balance",
    "Narkotikasaldot stämmer inte",
    "Det som räknades eller ges är inte vad som ska finnas.",
    "Läkemedel kan ha kommit bort, eller getts fel.",
    danger=True,
    ladder=CLIMBS,
    link=_TASK,
)
declare(
    "nursing.died",
    "En person med hemsjukvård har avlidit",
    "Ordinationerna är pausade. Avsluta dem, och kontrollräkna och kassera det som är narkotika.",
    "Läkemedel ligger kvar i hemmet.",
    ladder=[(timedelta(days=3), MANAGER)],
    link="homecare_provider:nursing_person",
)
declare(
    "nursing.unattended",
    "Hemsjukvården har en varning som ingen har tagit hand om",
    "Den har legat hos sjuksköterskorna en halvtimme. Vad den gäller ser bara de: se till att någon av dem tittar.",
    "Någon kan ha fått fel mängd läkemedel, eller inget.",
    danger=True,
    ladder=[(timedelta(hours=1), MANAGER)],
)
declare(
    "nursing.revoked",
    "En delegering är återkallad",
    "Medarbetaren får inte längre göra uppgiften. Besök i dag och framåt kan behöva gå till någon annan.",
    "Uppgiften blir inte gjord, eller görs av någon som inte får.",
    danger=True,
    ladder=[(timedelta(hours=1), MANAGER)],
    link="homecare_provider:delegation",
)
for _days, _kind in delegation.WARNINGS:
    declare(
        _kind,
        f"En delegering går ut inom {_days} dagar",
        "Den gäller till och med den dag som står. Pröva kunskapen på nytt och förnya, eller låt den gå ut.",
        "Besök med uppgiften kan inte längre ges till medarbetaren.",
        link="homecare_provider:delegation",
    )


MISSED_JOB, OUTAGE = "tell nurses of doses not signed", timedelta(minutes=10)
"""The job's name in the schedule, and how long it has not run when the server has been away."""


def make_doses(municipality_id: int, now: datetime) -> int:
    """Make doses 48 hours ahead."""
    return nursing.make_doses(by=system(municipality_id), now=now)


def warn_of_missed(municipality_id: int, now: datetime) -> int:
    """Tell nurses of doses nobody has signed in time. After an outage the phones get a minute first."""
    ran = RecurringRun.objects.filter(name=MISSED_JOB).values_list("succeeded_at", flat=True).first()
    if ran is not None and now - ran > OUTAGE:
        return 0
    return doses.warn_of_missed(by=system(municipality_id), now=now)


def warn_of_expiry(municipality_id: int, now: datetime) -> int:
    """Tell nurses of delegations that end."""
    return delegation.warn_of_expiry(by=system(municipality_id), now=now)


@outbox.subscribe("delegation.revoked")
def revoked(event: outbox.Event) -> None:
    """Whoever plans the unit's visits hears of it the same day."""
    row = Delegation.objects.get(pk=event.object_id)
    watches.raise_watch(
        "nursing.revoked", (delegation.SOURCE, row.pk), owner=watches.Owner(MANAGER, row.unit_id), due_at=event.at,
        by=system(event.municipality_id), now=event.at,
    )  # fmt: skip


@outbox.subscribe("person.died")
def died(event: outbox.Event) -> None:
    """What was ordered rests, and the nurses of each unit that had ordered something are told."""
    by = system(event.municipality_id, EVERYTHING)
    running = NursingTask.objects.filter(person_id=event.object_id, state="active").order_by("pk")
    units = {
        nursing.pause_task(task, "Personen är avliden.", by=by, now=event.at).unit_id for task in running
    }
    for unit_id in units:
        watches.raise_watch(
            "nursing.died", ("people.person", event.object_id), owner=watches.Owner("nurse", unit_id, compartment=HEALTH),
            person_id=event.object_id, due_at=event.at + timedelta(days=2), by=by, now=event.at,
        )  # fmt: skip


def tell_managers(municipality_id: int, now: datetime) -> int:
    """Let the manager hear that a warning has lain half an hour with the nurses; take it back when one has acted."""
    by = system(municipality_id)
    ours = Watch.objects.filter(municipality_id=municipality_id, compartment=HEALTH, type__in=PATIENT)
    waiting = ours.filter(closed_at=None, acted_at=None, due_at__lte=now - HALF_AN_HOUR)
    duties = [
        watches.Duty("nursing.unattended", (_WATCH, one.pk), watches.Owner(MANAGER, one.unit_id), now)
        for one in waiting.order_by("pk")[:200]
    ]
    told = watches.raise_watches(duties, by=by, now=now) if duties else 0
    lying = Watch.objects.filter(type="nursing.unattended", closed_at=None).values("object_id")
    settled = ours.filter(pk__in=lying).exclude(closed_at=None, acted_at=None).values_list("pk", flat=True)
    watches.close_for_many(
        _WATCH, list(settled), why="En sjuksköterska har tagit hand om den.", by=by, now=now
    )
    return told
