"""Delegations: personal, written, for a time, and taken back at once (SOSFS 1997:14; HSLF-FS 2017:37)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.provider.homecare.models import Delegation
from livlina.provider.homecare.models.words import NURSING_TASKS
from livlina.registers.people.models import Person
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import Watch

SOURCE = "homecare.delegation"
WARNINGS = ((7, "nursing.expires_7"), (30, "nursing.expires_30"), (60, "nursing.expires_60"))
"""Days left, and the watch that is raised then; the nearest first."""


class DelegationRefused(Exception):
    """The delegation cannot be given so. The sentence is for a person, in Swedish."""


@transaction.atomic
def give_delegation(
    carer_id: UUID,
    task: str,
    *,
    valid_from: date,
    valid_to: date,
    tested: str,
    by: Actor,
    now: datetime,
    person_id: UUID | None = None,
) -> Delegation:
    """Let one carer of the unit do one kind of task, for every person of the unit or for one, from a day to a day.

    `tested` says how the carer's knowledge was tried. At most a year. The same given again is the same delegation. Raises
    Refused for whoever is not a nurse at the carer's unit, and DelegationRefused.
    """
    demand(by, "nursing.delegate")
    carer = _carer(carer_id, by, now)
    if person_id is not None:
        fetch(by, "people.read", Person.objects.all(), pk=person_id)
    _whole(task, valid_from, valid_to, tested, now)
    Assignment.objects.select_for_update(of=("self",)).get(pk=carer.pk)  # given twice at once is given once
    had = Delegation.objects.filter(
        carer=carer, task=task, person_id=person_id, valid_from=valid_from, valid_to=valid_to, revoked_at=None
    ).first()
    if had is not None:
        return had
    given = Delegation.objects.create(
        municipality_id=by.municipality_id, unit_id=by.unit_id, giver_id=by.assignment_id, carer=carer, task=task,
        person_id=person_id, valid_from=valid_from, valid_to=valid_to, tested=tested.strip()[:200], given_at=now,
    )  # fmt: skip
    audit.wrote(by, "nursing.delegate", now=now, obj=given, detail={"task": task, "to": valid_to.isoformat()})
    outbox.announce("delegation.given", given, now=now)
    return given


@transaction.atomic
def renew_delegation(
    delegation: Delegation, valid_to: date, tested: str, *, by: Actor, now: datetime
) -> Delegation:
    """Give the same again, from the day after the old one ends (or today); its warnings end. Knowledge is tried anew.

    Raises Refused and DelegationRefused.
    """
    demand(by, "nursing.delegate", delegation)
    if delegation.revoked_at is not None:
        raise DelegationRefused("Delegeringen är återkallad. Ge en ny i stället.")
    begins = max(delegation.valid_to + timedelta(days=1), day_of(now))
    new = give_delegation(
        delegation.carer_id, delegation.task, valid_from=begins, valid_to=valid_to, tested=tested,
        person_id=delegation.person_id, by=by, now=now,
    )  # fmt: skip
    _settle(delegation, "Delegeringen är förnyad.", by, now)
    return new


@transaction.atomic
def revoke_delegation(delegation: Delegation, reason: str, *, by: Actor, now: datetime) -> Delegation:
    """Take it back at once. Whoever plans hears of it (`delegation.revoked`). Taken back twice is once.

    Raises Refused, and DelegationRefused without a reason.
    """
    demand(by, "nursing.delegate", delegation)
    if not reason.strip():
        raise DelegationRefused("Skriv varför delegeringen återkallas.")
    found = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if found.revoked_at is not None:
        return found
    found.revoked_at, found.revoked_reason = now, reason.strip()[:200]
    found.save(update_fields=["revoked_at", "revoked_reason"])
    _settle(found, "Delegeringen är återkallad.", by, now)
    audit.wrote(by, "nursing.delegate", now=now, obj=found, detail={"task": found.task, "revoked": True})
    outbox.announce("delegation.revoked", found, now=now)
    return found


@transaction.atomic
def warn_of_expiry(*, by: Actor, now: datetime) -> int:
    """Tell the unit's nurses 60, 30 and 7 days before a delegation ends, once each; return how many were told."""
    demand(by, "nursing.clock")
    today = day_of(now)
    newer = Delegation.objects.filter(
        carer=OuterRef("carer"), task=OuterRef("task"), revoked_at=None, valid_to__gt=OuterRef("valid_to")
    ).filter(Q(person=OuterRef("person")) | Q(person=None))
    ending = Delegation.objects.filter(
        ~Exists(newer),
        municipality_id=by.municipality_id,
        revoked_at=None,
        valid_to__range=(today, today + timedelta(days=WARNINGS[-1][0])),
    )
    return sum(_warn(one, (one.valid_to - today).days, by, now) for one in ending.order_by("pk"))


def _warn(one: Delegation, left: int, by: Actor, now: datetime) -> int:
    """Raise the warning for so many days left, if it never was; the one before it ends. None for what was given so short."""
    days, kind = next((days, code) for days, code in WARNINGS if left <= days)
    if (one.valid_to - one.valid_from).days <= days:
        return 0
    if Watch.objects.filter(type=kind, object_type=SOURCE, object_id=one.pk).exists():
        return 0
    _settle(one, "Ersatt av en senare påminnelse.", by, now)
    ends = datetime.combine(one.valid_to, datetime.max.time(), SWEDEN)
    watches.raise_watch(
        kind, (SOURCE, one.pk), owner=watches.Owner("nurse", one.unit_id), due_at=ends, by=by, now=now
    )
    return 1


def _settle(one: Delegation, why: str, by: Actor, now: datetime) -> None:
    watches.close_for((SOURCE, one.pk), types=[code for _, code in WARNINGS], why=why, by=by, now=now)


def _carer(carer_id: UUID, by: Actor, now: datetime) -> Assignment:
    found = (
        Assignment.objects.valid(day_of(now))
        .filter(pk=carer_id, unit_id=by.unit_id, role="provider_staff")
        .first()
    )
    if found is None:
        raise DelegationRefused("Delegering ges till någon i omsorgspersonalen vid er enhet.")
    return found


def _whole(task: str, valid_from: date, valid_to: date, tested: str, now: datetime) -> None:
    if task not in NURSING_TASKS:
        raise DelegationRefused("Välj vilken uppgift som delegeras.")
    if valid_from < day_of(now):
        raise DelegationRefused("Delegeringen kan inte börja gälla bakåt i tiden.")
    if valid_to < valid_from:
        raise DelegationRefused("Sista dagen ligger före den första.")
    if valid_to > _a_year_after(valid_from):
        raise DelegationRefused("En delegering gäller högst ett år.")
    if not tested.strip():
        raise DelegationRefused("Skriv hur kunskapen har prövats.")


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # given on 29 February
        return day.replace(year=day.year + 1, day=28)
