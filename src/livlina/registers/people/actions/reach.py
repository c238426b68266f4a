"""The relation between a unit and a person. Rooms above call these when an order or a case begins and ends."""

from datetime import date, datetime
from uuid import UUID

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.registers.people.models import Person, Reach


def grant_reach(
    person: Person,
    unit_id: UUID,
    *,
    source: str,
    reason: str,
    by: Actor,
    now: datetime,
    until: date | None = None,
) -> Reach:
    """Let a unit open a person, for as long as `source` (`label:id` of an order, a case …) lasts.

    `reason` is a code (`order`, `case`); `until` the last day, if it is known. The same source asked for twice
    is one reach, with the later `until`.
    """
    demand(by, "people.reach", person)
    running = Reach.objects.select_for_update().filter(
        person=person, unit_id=unit_id, source=source, ended_at__isnull=True
    )
    reach = running.first()
    if reach is None:
        reach = Reach.objects.create(
            municipality_id=person.municipality_id,
            person=person,
            unit_id=unit_id,
            source=source,
            reason=reason,
            since=now,
            until=until,
        )
    else:
        reach.until = until
        reach.save(update_fields=["until"])
    audit.wrote(
        by,
        "people.reach",
        now=now,
        person_id=person.pk,
        obj=reach,
        detail={"unit": str(unit_id), "why": reason},
    )
    return reach


def end_reach(
    person: Person,
    *,
    source: str,
    by: Actor,
    now: datetime,
    unit_id: UUID | None = None,
    until: date | None = None,
) -> int:
    """End what `source` gave (for one unit, or all): at once, or with `until` as the last day. Return how many.

    A provider keeps its reach some days after an order has ended, to finish what it must write down.
    """
    demand(by, "people.reach", person)
    running = Reach.objects.filter(person=person, source=source, ended_at__isnull=True)
    if unit_id is not None:
        running = running.filter(unit_id=unit_id)
    ended = running.update(until=until) if until is not None else running.update(ended_at=now)
    audit.wrote(
        by,
        "people.reach",
        now=now,
        person_id=person.pk,
        obj=person,
        detail={"ended": ended, "source": source},
    )
    return ended
