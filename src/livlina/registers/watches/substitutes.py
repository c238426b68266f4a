"""Standing in for a colleague: appointed by the absent one or the unit's manager, for a time, in the unit.

It opens nothing that was shut: the substitute has the same role in the same unit and at least the same branches, and
a protected person's named few are not extended. What it does is to put the colleague's desk before the substitute.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment, User
from livlina.registers.watches.models import Substitute

LONGEST = timedelta(days=366)


class SubstituteRefused(Exception):
    """Ersättaren kan inte utses; texten säger varför."""


@transaction.atomic
def appoint(
    absent: User, substitute: User, *, first: date, last: date, by: Actor, now: datetime
) -> Substitute:
    """Let someone stand in for another in the actor's unit, first and last day included. Twice is once.

    A case worker appoints for themselves, a manager for anyone of the unit. Raises Refused, SubstituteRefused.
    """
    demand(by, "watches.appoint")
    if by.role != "unit_manager" and absent.pk != by.user_id:
        raise SubstituteRefused("Du kan utse ersättare för dig själv. Enhetschefen kan göra det för andra.")
    if last < first or last < day_of(now):
        raise SubstituteRefused("Sista dagen kan inte vara före den första, eller före i dag.")
    if last - first > LONGEST:
        raise SubstituteRefused("En ersättare utses för högst ett år i taget.")
    if absent.pk == substitute.pk:
        raise SubstituteRefused("Välj någon annan än den som är borta.")
    role = _common_role(absent, substitute, by, first)
    row, made = Substitute.objects.get_or_create(
        municipality_id=by.municipality_id,
        unit_id=by.unit_id,
        absent=absent,
        substitute=substitute,
        valid_from=first,
        valid_to=last,
        defaults={"role": role, "appointed_at": now, "appointed_by_name": by.name},
    )
    if made:
        detail = {
            "absent": absent.pk,
            "substitute": substitute.pk,
            "from": first.isoformat(),
            "to": last.isoformat(),
        }
        audit.wrote(by, "watches.appoint", now=now, obj=row, detail=detail)
    return row


@transaction.atomic
def end(row: Substitute, *, by: Actor, now: datetime) -> None:
    """End a substitution with yesterday as its last day; one that has not begun never begins. Raises Refused."""
    demand(by, "watches.stand_in", row)
    row = Substitute.objects.select_for_update().get(pk=row.pk)
    yesterday = day_of(now) - timedelta(days=1)
    if row.valid_to > yesterday:
        row.valid_to = yesterday
        row.save(update_fields=["valid_to"])
        audit.wrote(by, "watches.end_substitute", now=now, obj=row)


def _common_role(absent: User, substitute: User, by: Actor, first: date) -> str:
    """The role both hold in the unit, with at least the absent one's branches. Raises SubstituteRefused."""
    rows = Assignment.objects.filter(unit_id=by.unit_id, user__in=(absent, substitute)).valid(first)
    held: dict[int, dict[str, set[int]]] = {}
    for row in rows:
        held.setdefault(row.user_id, {})[row.role] = set(row.compartments)
    for role, branches in held.get(absent.pk, {}).items():
        theirs = held.get(substitute.pk, {}).get(role)
        if theirs is not None and branches <= theirs:
            return role
    raise SubstituteRefused(
        f"{substitute.name} har inte samma uppdrag i {by.unit_name} som {absent.name} och kan inte ersätta."
    )
