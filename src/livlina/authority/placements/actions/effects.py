"""What a step about a child sets going: effects of the process language, and what is handed over to a new case."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Max

from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.actions.decide import store_decision
from livlina.authority.cases.actions.facts import newest
from livlina.authority.cases.actions.steps import Doing, note_event
from livlina.authority.cases.engine import NoSuchProcess, StepRefused, load
from livlina.authority.cases.engine.words import effect
from livlina.authority.cases.models import Case, CaseFact, signature
from livlina.authority.placements.actions import homes
from livlina.authority.placements.actions.guards import SEVEN, conclusion
from livlina.authority.placements.models import (
    FAMILY_HOMES,
    ChildTalk,
    Consideration,
    Placement,
    PlanVersion,
)
from livlina.core import audit
from livlina.core.access import Actor
from livlina.core.calendar import Channel, next_working_day
from livlina.core.clock import SWEDEN, day_of
from livlina.registers.watches.actions import Owner, raise_watch

CARRIED = (
    "question_at_issue", "assessment", "child_best", "child_view", "guardians_view", "risk_and_protection",
    "proposed_decision", "guardians_consent", "young_consent", "consent_documented",
)  # fmt: skip
"""What was found out once goes along to the case that follows."""

ASSESSED = ("assessment", "care_grounds", "immediate_reasons", "prelim_assessment")
"""What a decision on a placement rests on: the investigation's assessment, else what the care or the danger was."""

CARE_PLAN = ("plan_services", "plan_contacts", "plan_goal", "plan_views")
MOST_IN_A_HOME = 3
"""More than so many placed in one home, and IVO is told (SoF 16:2)."""


class HandedOver(Exception):
    """Nothing is handed over twice: the case that follows exists already."""


def hand_over(case: Case, code: str, *, by: Actor, now: datetime) -> Case:
    """Begin the case that follows about the same child, with what is known and the same worker. Once for each kind.

    The caller has checked access to `case` and holds it. Raises StepRefused if there is no such process, HandedOver.
    """
    try:
        process = load().current(code, on=day_of(now))
    except NoSuchProcess:
        raise StepRefused(
            "Kommunen har ingen process för det som ska följa. Säg till systemförvaltningen."
        ) from None
    if Case.objects.filter(continues=case, process_code=code, closed_at=None).exists():
        raise HandedOver(HandedOver.__doc__)
    channel = Channel(case.received_how)
    follows = begin_case(process, case.person, received_on=day_of(now), how=channel, by=by, now=now)
    follows.continues, follows.responsible = case, case.responsible
    if case.responsible_id:
        follows.unit = case.unit
    follows.save(update_fields=["continues", "responsible", "unit"])
    CaseFact.objects.bulk_create(_carried(case, follows, by, now))
    note_event(follows, "handed_over", f"Följer av ärende {case.number}", by=by, now=now, law="sol_14_2",
               detail={"case": str(case.pk)})  # fmt: skip
    note_event(case, "hand_over", f"Nytt ärende {follows.number}: {process.label}", by=by, now=now,
               detail={"case": str(follows.pk)})  # fmt: skip
    audit.wrote(
        by, "placements.hand_over", now=now, obj=follows, person_id=case.person_id, detail={"process": code}
    )
    return follows


def _carried(case: Case, follows: Case, by: Actor, now: datetime) -> list[CaseFact]:
    """Rows that say the same as in the case before, on its day and with it as their source."""
    known = {name: row for name, row in newest(case).items() if row.value is not None}
    found = {name: known[name] for name in CARRIED if name in known}
    if rests_on := next((name for name in ASSESSED if name in known), None):
        found["assessment"] = known[rests_on]
    return [
        CaseFact(
            **signature(by, now),
            compartment=follows.compartment,
            case=follows,
            name=name,
            value=row.value,
            source="earlier_case",
            source_ref=str(case.pk),
            source_text=f"Ärende {case.number}",
            as_of=row.as_of,
        )
        for name, row in found.items()
    ]


def _begin(doing: Doing, code: str) -> None:
    try:
        hand_over(doing.case, code, by=doing.by, now=doing.now)
    except HandedOver:
        raise StepRefused("Det finns redan ett sådant ärende som följer av det här.") from None


@effect("begin_child_services")
def begin_child_services(doing: Doing, what: str) -> None:
    """Begin the case in which a service for the child is decided."""
    _begin(doing, "child_services")


@effect("begin_child_placement")
def begin_child_placement(doing: Doing, what: str) -> None:
    """Begin the case in which a placement of the child is decided."""
    _begin(doing, "child_placement")


@effect("ensure_child_placement")
def ensure_child_placement(doing: Doing, what: str) -> None:
    """Begin the case in which a placement of the child is decided, unless one runs already."""
    running_cases = Case.objects.filter(
        person_id=doing.case.person_id, process_code="child_placement", closed_at=None
    )
    if not running_cases.exists():
        _begin(doing, "child_placement")


@effect("begin_lvu")
def begin_lvu(doing: Doing, what: str) -> None:
    """Begin the case in which care under LVU is tried."""
    _begin(doing, "lvu")


@effect("record_conclusion")
def record_conclusion(doing: Doing, what: str) -> None:
    """Store the decision to close the investigation without any service."""
    doing.decision = store_decision(doing.case, doing.process, conclusion(doing), by=doing.by, now=doing.now)


@effect("begin_placement")
def begin_placement(doing: Doing, what: str) -> None:
    """Write the child into the register of placed children (SoF 3:4)."""
    _place(doing, previous=None)


@effect("move_placement")
def move_placement(doing: Doing, what: str) -> None:
    """End the child's stay in one home and begin it in another."""
    last = running(doing.case)
    _end(doing, last, doing.facts["home_since"], doing.facts["move_reason"])
    _place(doing, previous=last)


@effect("end_placement")
def end_placement(doing: Doing, what: str) -> None:
    """Write when and why the placement ended. The row stays in the register for ever."""
    facts = doing.facts
    _end(doing, running(doing.case), facts["placement_ended_on"], facts["placement_end_reason"])


@effect("keep_care_plan")
def keep_care_plan(doing: Doing, what: str) -> None:
    """Keep the care plan's four items as they were adopted (SoF 10:2)."""
    _keep_plan(doing, "care", CARE_PLAN)


@effect("keep_implementation_plan")
def keep_implementation_plan(doing: Doing, what: str) -> None:
    """Keep the implementation plan's seven items as they were adopted (SoF 10:3)."""
    _keep_plan(doing, "implementation", tuple(SEVEN), doing.facts.get("doing_left_out") or [])


@effect("keep_consideration")
def keep_consideration(doing: Doing, what: str) -> None:
    """Keep what the board considered about the care."""
    _consider(doing, "placement", "considered_on", "consideration_result", "consideration_ground")


@effect("keep_custody_consideration")
def keep_custody_consideration(doing: Doing, what: str) -> None:
    """Keep what the board considered about moving custody to the home (LVU 13 c §)."""
    _consider(doing, "custody", "custody_considered_on", "custody_result", "custody_reasons")


@effect("keep_talk")
def keep_talk(doing: Doing, what: str) -> None:
    """Keep the visit to the child and the talk in private."""
    facts = doing.facts
    if facts["visited_on"] > doing.today:
        raise StepRefused("Besöket kan inte ha gjorts efter i dag.")
    ChildTalk.objects.create(
        **signature(doing.by, doing.now),
        case=doing.case,
        visited_on=facts["visited_on"],
        alone=facts["talked_alone"],
        said=facts["talk_said"],
    )


def running(case: Case) -> Placement:
    """Return where the child of a case is placed now. Raises StepRefused."""
    found = Placement.objects.select_for_update().filter(case=case, ends_on=None).first()
    if found is None:
        raise StepRefused("Barnet är inte placerat i det här ärendet.")
    return found


def _place(doing: Doing, previous: Placement | None) -> None:
    facts = doing.facts
    elsewhere = Placement.objects.filter(person_id=doing.case.person_id, ends_on=None).first()
    if elsewhere is not None:
        raise StepRefused("Barnet är redan placerat. Avsluta eller flytta den placering som pågår.")
    family = doing.step.form in ("family_home", "move_to_home")
    choice = homes.chosen(doing.case) if family else None
    if family and choice is None:
        raise StepRefused(homes.NONE_CHOSEN)
    placement = Placement.objects.create(
        municipality_id=doing.case.municipality_id,
        case=doing.case,
        person=doing.case.person,
        previous=previous,
        ground=facts["placement_ground"],
        listing=choice.listing if choice else None,
        home_kind=choice.kind if choice else facts["care_home_kind"],
        home_name=choice.listing.name if choice else facts["home_name"],
        home_number="" if choice else facts.get("home_number", ""),
        begins_on=facts["home_since"],
    )
    homes.take_place(placement, by=doing.by, now=doing.now)
    audit.wrote(
        doing.by, "placements.begin", now=doing.now, obj=placement, person_id=placement.person_id,
        detail={"kind": placement.home_kind, "ground": placement.ground},
    )  # fmt: skip
    _tell_of_crowd(doing, placement)


def _end(doing: Doing, placement: Placement, on: date, why: str) -> None:
    if on < placement.begins_on:
        raise StepRefused(f"Barnet kom till hemmet {placement.begins_on}. Dagen kan inte vara före den.")
    placement.ends_on, placement.why_ended = on, why
    placement.save(update_fields=["ends_on", "why_ended"])
    homes.leave_place(placement, on, by=doing.by, now=doing.now)


def _tell_of_crowd(doing: Doing, placement: Placement) -> None:
    """IVO is told when a placement makes more than three in one home (SoF 16:2)."""
    if not placement.in_family_home:
        return
    same: dict[str, Any] = {"home_name__iexact": placement.home_name}
    if placement.listing_id:
        same = {"listing": placement.listing_id}
    elif placement.home_number:
        same = {"home_number": placement.home_number}
    here = Placement.objects.filter(ends_on=None, home_kind__in=dict(FAMILY_HOMES), **same).count()
    if here > MOST_IN_A_HOME:
        raise_watch(
            "placements.more_than_three",
            ("placements.placement", placement.pk),
            owner=Owner("unit_manager", doing.case.unit_id, compartment=placement.compartment),
            due_at=datetime.combine(next_working_day(doing.today), time(16), SWEDEN),
            by=doing.by,
            now=doing.now,
            person_id=placement.person_id,
        )


def _keep_plan(doing: Doing, kind: str, names: tuple[str, ...], left_out: list[str] | None = None) -> None:
    last = PlanVersion.objects.filter(case=doing.case, kind=kind).aggregate(last=Max("number"))["last"] or 0
    left = [name for name in names if name in (left_out or [])]
    labels = {
        field.fact.name: str(field.fact.label) for field in doing.process.form(doing.step.form).fields()
    }
    PlanVersion.objects.create(
        **signature(doing.by, doing.now),
        case=doing.case,
        kind=kind,
        number=last + 1,
        adopted_on=doing.today,
        items=[[labels[name], doing.facts.get(name) or ""] for name in names if name not in left],
        left_out=[labels[name] for name in left],
        left_out_reasons=doing.facts.get("doing_left_out_reasons", "") if left else "",
    )


def _consider(doing: Doing, subject: str, day: str, result: str, ground: str) -> None:
    facts: dict[str, Any] = doing.facts
    specs = {field.fact.name: field.fact for field in doing.process.form(doing.step.form).fields()}
    if facts[day] > doing.today:
        raise StepRefused("Övervägandet kan inte ha gjorts efter i dag.")
    Consideration.objects.create(
        **signature(doing.by, doing.now),
        case=doing.case,
        subject=subject,
        considered_on=facts[day],
        result=facts[result],
        result_label=specs[result].show(facts[result]),
        ground=facts[ground],
    )
