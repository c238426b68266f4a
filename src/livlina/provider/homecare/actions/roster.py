"""Who works when: shifts, absence, skills, and a week copied to the next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch

from livlina.core import audit
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.homecare.actions.moving import CARERS, give_visit
from livlina.provider.homecare.actions.telling import VisitRefused, key_of
from livlina.provider.homecare.clockwork import day_span, monday_of, same_time_on
from livlina.provider.homecare.models import Shift, Skill, Visit, VisitCarer
from livlina.provider.homecare.models.words import SKILLS

LONGEST = timedelta(hours=16)
"""Longer than so is a slip of the pen. Daily rest (ATL 13 §) is shown as a conflict, not refused."""
ABSENT = ("sick", "away", "cancelled")


class RosterRefused(Exception):
    """The roster cannot be so. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Copied:
    """What came of copying a week: shifts made, visits given, and visits nobody could be given to."""

    shifts: int
    given: int
    left: int


@transaction.atomic
def add_shift(
    carer: Assignment | UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Actor,
    now: datetime,
    break_from: datetime | None = None,
    break_to: datetime | None = None,
    area: str = "",
    travel: str = "bicycle",
    round: bool = False,
) -> Shift:
    """Give a carer of the unit a shift. The same again is the same. Raises Refused, RosterRefused."""
    demand(by, "homecare.roster")
    who = _carer(key_of(carer), by, day_of(starts_at))
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise RosterRefused("Ett pass slutar efter att det börjar och är högst 16 timmar.")
    if (break_from is None) != (break_to is None):
        raise RosterRefused("Skriv både när rasten börjar och när den slutar.")
    if break_from and break_to and not starts_at <= break_from < break_to <= ends_at:
        raise RosterRefused("Rasten ska ligga inom passet.")
    near = Shift.objects.filter(carer=who, starts_at__lt=ends_at, ends_at__gt=starts_at).exclude(
        state="cancelled"
    )
    said: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
    if same := near.filter(**said, break_from=break_from, break_to=break_to).first():
        return same
    if near.exists():
        raise RosterRefused(f"{who.user.name} har redan ett pass den tiden.")
    shift = Shift.objects.create(
        municipality_id=by.municipality_id, unit_id=by.unit_id, carer=who, break_from=break_from, break_to=break_to,
        area=area.strip(), travel=travel, round=round, **said,
    )  # fmt: skip
    audit.wrote(by, "homecare.roster", now=now, obj=shift, detail={"carer": str(who.pk)})
    return shift


@transaction.atomic
def set_absent(shift: Shift, state: str, *, by: Actor, now: datetime, note: str = "") -> Shift:
    """Say that a carer is sick or away from a shift, or that it is struck. Its visits wait for stand-ins.

    Said twice is said once. Raises Refused, RosterRefused.
    """
    held = fetch(by, "homecare.roster", Shift.objects.select_for_update(of=("self",)), pk=shift.pk)
    if state not in ABSENT:
        raise RosterRefused("Välj varför passet inte blir av.")
    return _state(held, state, note, by, now)


@transaction.atomic
def set_present(shift: Shift, *, by: Actor, now: datetime) -> Shift:
    """Say that a carer comes after all. Raises Refused, and RosterRefused when another shift has taken the place."""
    held = fetch(by, "homecare.roster", Shift.objects.select_for_update(of=("self",)), pk=shift.pk)
    near = Shift.objects.filter(
        carer_id=held.carer_id, starts_at__lt=held.ends_at, ends_at__gt=held.starts_at, state="planned"
    )
    if near.exclude(pk=held.pk).exists():
        raise RosterRefused("Ett annat pass har tagit dess plats.")
    return _state(held, "planned", "", by, now)


@transaction.atomic
def set_skill(
    carer: Assignment | UUID,
    code: str,
    valid_from: date,
    *,
    by: Actor,
    now: datetime,
    valid_to: date | None = None,
) -> Skill:
    """Write what a carer can, from a day. The same again sets its last day. Raises Refused, RosterRefused."""
    demand(by, "homecare.roster")
    who = _carer(key_of(carer), by, day_of(now))
    if code not in SKILLS:
        raise RosterRefused("Den kompetensen finns inte.")
    skill, _ = Skill.objects.update_or_create(
        municipality_id=by.municipality_id,
        carer=who,
        code=code,
        valid_from=valid_from,
        defaults={"valid_to": valid_to},
    )
    audit.wrote(by, "homecare.roster", now=now, obj=skill, detail={"carer": str(who.pk), "skill": code})
    return skill


@transaction.atomic
def copy_week(monday: date, to_monday: date, *, by: Actor, now: datetime) -> Copied:
    """Copy a week's shifts to another, and give its visits to whoever made the same visits. Twice is once.

    What does not fit (no delegation that day, no longer at the unit) is left for a person to see. Raises Refused,
    RosterRefused.
    """
    demand(by, "homecare.roster")
    monday, to_monday = monday_of(monday), monday_of(to_monday)
    if to_monday <= monday or to_monday < monday_of(day_of(now)):
        raise RosterRefused("Kopiera till en vecka som kommer.")
    days = (to_monday - monday).days
    shifts = sum(_copy_shift(shift, days, by, now) for shift in _shifts(monday, by))
    given, left = 0, 0
    for visit, carer in _to_give(monday, days, by):
        try:
            give_visit(visit, carer, by=by, now=now)
            given += 1
        except VisitRefused:
            left += 1
    return Copied(shifts, given, left)


def _copy_shift(shift: Shift, days: int, by: Actor, now: datetime) -> bool:
    """Make the same shift so many days later; whether it is new."""
    starts_at, ends_at = same_time_on(shift.starts_at, days), same_time_on(shift.ends_at, days)
    taken = Shift.objects.filter(carer_id=shift.carer_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if taken.exists() or not _valid(shift.carer, day_of(starts_at)):
        return False
    pause = {
        name: same_time_on(value, days)
        for name in ("break_from", "break_to")
        if (value := getattr(shift, name))
    }
    add_shift(
        shift.carer, starts_at, ends_at, by=by, now=now, area=shift.area, travel=shift.travel, round=shift.round, **pause
    )  # fmt: skip
    return True


def _shifts(monday: date, by: Actor) -> list[Shift]:
    """The shifts of a week as they were planned: who was sick then works again."""
    rows = Shift.objects.filter(
        municipality_id=by.municipality_id, unit_id=by.unit_id, starts_at__gte=day_span(monday)[0],
        starts_at__lt=day_span(monday + timedelta(days=7))[0],
    )  # fmt: skip
    return list(rows.exclude(state="cancelled").select_related("carer__user").order_by("starts_at", "id"))


def _to_give(monday: date, days: int, by: Actor) -> list[tuple[Visit, UUID]]:
    """Visits of the later week that nobody has been given, each with who made the same one in the earlier week."""
    goers = Prefetch("carers", VisitCarer.objects.filter(taken_at=None).order_by("given_at"), to_attr="goers")
    rows = Visit.objects.filter(municipality_id=by.municipality_id, unit_id=by.unit_id, series__isnull=False)
    rows = rows.prefetch_related(goers)
    before = {
        (visit.series_id, visit.on): visit.goers
        for visit in rows.filter(on__gte=monday, on__lt=monday + timedelta(days=7))
    }
    later = monday + timedelta(days=days)
    found: list[tuple[Visit, UUID]] = []
    for visit in rows.filter(on__gte=later, on__lt=later + timedelta(days=7), state="planned").order_by("id"):
        if not visit.goers:
            for row in before.get((visit.series_id, visit.on - timedelta(days=days)), ()):
                found.append((visit, row.carer_id))
    return found


def _state(shift: Shift, state: str, note: str, by: Actor, now: datetime) -> Shift:
    if shift.state != state:
        shift.state, shift.note = state, note.strip()[:200]
        shift.save(update_fields=["state", "note"])
        audit.wrote(by, "homecare.roster", now=now, obj=shift, detail={"state": state})
    return shift


def _carer(key: UUID, by: Actor, on: date) -> Assignment:
    """The assignment, if it is a carer's at the actor's unit on the day. Raises RosterRefused."""
    rows = Assignment.objects.valid(on).filter(municipality_id=by.municipality_id, unit_id=by.unit_id)
    found = rows.filter(pk=key, role__in=CARERS).select_related("user").first()
    if found is None:
        raise RosterRefused("Välj någon som arbetar i enheten den dagen.")
    return found


def _valid(carer: Assignment, on: date) -> bool:
    return carer.valid_from <= on and (carer.valid_to is None or carer.valid_to >= on)
