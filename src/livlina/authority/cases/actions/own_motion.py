"""Cases nobody applied for: begun on the authority's own motion, or because another case goes on in them."""

from datetime import date, datetime

from django.db import transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.actions.facts import write_facts
from livlina.authority.cases.actions.steps import note_event
from livlina.authority.cases.engine import Process, load
from livlina.authority.cases.engine.catalogue import NoSuchProcess
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.cases.processes import branch_of
from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, demand
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.registers.people.models import Person

GROUNDS = [
    ("own", "Nämndens eget initiativ: något har kommit till nämndens kännedom"),
    ("authority", "En annan myndighet har begärt det"),
    ("continues", "Fortsätter ett annat ärende"),
]
"""Why a case begins that nobody applied for."""

BEGUN_ELSEWHERE = (
    *("child_concern", "lvu", "lvu_exit_ban", "lvu_preventive", "lvu_removal_ban", "lvm", "shelter_child"),
    *("livelihood_support", "recovery"),
)
"""Processes whose cases need more than a beginning: a report, the court's clocks, a month; they have pages of their own."""


class NotBegun(Exception):
    """Ärendet går inte att öppna; texten säger varför."""


def may_begin(by: Actor, process: Process) -> bool:
    """Whether the actor may begin a case of the process on the authority's own motion: one of their own branch."""
    return branch_of(process) in by.compartments and process.code not in BEGUN_ELSEWHERE


@transaction.atomic
def begin_on_own_motion(
    process_code: str,
    person: Person,
    *,
    received_on: date,
    how: Channel,
    ground: str,
    why: str,
    by: Actor,
    now: datetime,
    continues: Case | None = None,
) -> Case:
    """Begin a case without an application (SoL 14:2), the day that called for it. It says by whom, why and after what.

    Raises Refused, NotBegun, NoUnit.
    """
    demand(by, "cases.begin")
    demand(by, "people.read", person)
    today = day_of(now)
    try:
        process = load().current(process_code, on=today)
    except NoSuchProcess:
        raise NotBegun("Välj vad ärendet gäller.") from None
    if not may_begin(by, process):
        raise Refused("cases.begin", person_id=person.pk)
    _demand_ground(person, ground, why, continues, by=by)
    if received_on > today:
        raise NotBegun("Ärendet kan inte ha börjat efter i dag.")
    case = begin_case(process, person, received_on=received_on, how=how, by=by, now=now)
    _stop_asking(case, now)
    if continues is not None:
        case.continues = continues
        case.save(update_fields=["continues"])
    facts = {"received_on": received_on, "received_how": how.value}
    write_facts(
        case, facts, by=by, now=now, source="officer", ref=str(case.pk), text="Registrering", as_of=today
    )
    _record(case, ground, why, by=by, now=now)
    return case


def _stop_asking(case: Case, now: datetime) -> None:
    """Only a party who began the case may ask for it to be decided (FL 12 §), and nobody did."""
    asked = Deadline.objects.filter(case=case, law_key="fl_12", state="running")
    if asked.update(state="lapsed", stopped_at=now, stopped_by="own_motion"):
        clocks.refresh(case)


def _record(case: Case, ground: str, why: str, *, by: Actor, now: datetime) -> None:
    """Say in the case, the log and to the other rooms that it was begun, and on what ground."""
    continues = case.continues
    begun = f"Fortsätter ärende {continues.number}" if continues else dict(GROUNDS)[ground].partition(":")[0]
    note_event(
        case, "begin_case", f"Ärende öppnat. {begun}: {why.strip()}"[:160], by=by, now=now, law="sol_14_2",
        detail={"ground": ground, "continues": str(continues.pk) if continues else ""},
    )  # fmt: skip
    audit.wrote(
        by, "cases.begin", now=now, obj=case, person_id=case.person_id,
        detail={"process": case.process_code, "number": case.number, "ground": ground},
    )  # fmt: skip
    outbox.announce("case.begun", case, now=now)


def _demand_ground(person: Person, ground: str, why: str, continues: Case | None, *, by: Actor) -> None:
    """Raise NotBegun unless the ground is whole: the case that goes on, about the same person, and why."""
    if ground not in dict(GROUNDS):
        raise NotBegun("Välj varför ärendet öppnas.")
    if len(why.strip()) < 5:
        raise NotBegun("Skriv varför ärendet öppnas.")
    if (ground == "continues") != (continues is not None):
        raise NotBegun("Välj vilket ärende som fortsätter, eller en annan grund.")
    if continues is not None:
        demand(by, "cases.read", continues)
        if continues.person_id != person.pk:
            raise NotBegun("Ärendet som fortsätter gäller en annan person.")
