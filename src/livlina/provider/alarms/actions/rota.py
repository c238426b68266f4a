"""Who is on call and how they are reached; and the code one has for the receiver's own page."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from livlina.alarmd import emergency
from livlina.core import audit
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.alarms.models import Channel, EmergencyCode, OnCall


class RotaFault(Exception):
    """It could not be done. The sentence is for a person, in Swedish."""


def add(
    assignment_id: UUID,
    step: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Actor,
    now: datetime,
    area: str = "",
    skill: str = "",
) -> OnCall:
    """Put somebody on call for the actor's team. The same twice is once. Raises RotaFault."""
    demand(by, "alarms.plan_rota")
    if ends_at <= starts_at:
        raise RotaFault("Jouren måste sluta efter att den börjar.")
    if ends_at <= now:
        raise RotaFault("Jouren har redan slutat.")
    assignment = Assignment.objects.valid(day_of(starts_at)).filter(pk=assignment_id).first()
    if assignment is None or assignment.role not in ("provider_manager", "provider_staff", "nurse"):
        raise RotaFault("Välj någon som har ett uppdrag hos en utförare den dagen.")
    row, new = OnCall.objects.get_or_create(
        municipality_id=by.municipality_id,
        team_id=by.unit_id,
        assignment=assignment,
        step=step,
        starts_at=starts_at,
        ends_at=ends_at,
        defaults={"area": area.strip(), "skill": skill},
    )
    if new:
        audit.wrote(
            by, "alarms.plan_rota", now=now, obj=row, detail={"step": step, "user": assignment.user_id}
        )
    return row


def end(pk: UUID, *, by: Actor, now: datetime) -> None:
    """End an on-call now; one that has not begun is taken off the rota. Ended twice is ended once. Raises Refused."""
    row = fetch(by, "alarms.plan_rota", OnCall.objects.all(), pk=pk)
    if row.ends_at <= now:
        return
    audit.wrote(by, "alarms.plan_rota", now=now, obj=row, detail={"ended": True})
    if row.starts_at < now:
        row.ends_at = now
        row.save(update_fields=["ends_at"])
    else:
        row.delete()


@transaction.atomic
def reach_me(kind: str, address: str, *, by: Actor, now: datetime) -> Channel:
    """Say by which number one is called when on call; it takes the place of the one before."""
    demand(by, "alarms.reach_me")
    address = " ".join(address.split())
    running = Channel.objects.filter(
        municipality_id=by.municipality_id, user_id=by.user_id, kind=kind, ended_at=None
    )
    same = running.filter(address=address).first()
    if same is not None:
        return same
    running.update(ended_at=now)
    made = Channel.objects.create(
        municipality_id=by.municipality_id, user_id=by.user_id, kind=kind, address=address, since=now
    )
    audit.wrote(by, "alarms.reach_me", now=now, obj=made)
    return made


@transaction.atomic
def make_code(*, by: Actor, now: datetime) -> str:
    """Make a code for the receiver's own page and return it: shown once. The one before it opens nothing any more."""
    demand(by, "alarms.own_code")
    code, salt = emergency.new_code(), emergency.new_salt()
    EmergencyCode.objects.filter(
        municipality_id=by.municipality_id, user_id=by.user_id, ended_at=None
    ).update(ended_at=now)
    made = EmergencyCode.objects.create(
        municipality_id=by.municipality_id,
        user_id=by.user_id,
        name=by.name,
        salt=salt,
        digest=emergency.digest_of(code, salt),
        made_at=now,
    )
    audit.wrote(by, "alarms.own_code", now=now, obj=made)
    return code
