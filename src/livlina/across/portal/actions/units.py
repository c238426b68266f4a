"""Units: added, renamed, ended when nothing is left in them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from livlina.across.portal.actions import faults
from livlina.across.portal.queries.units import left_in
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Unit


def add_unit(name: str, side: str, *, by: Actor, now: datetime) -> Unit:
    """Add a unit on one side of the wall. Raises Refused, NameTaken."""
    demand(by, "portal.units")
    try:
        with transaction.atomic():
            unit = Unit.objects.create(municipality_id=by.municipality_id, name=name.strip(), side=side)
    except IntegrityError:
        raise faults.NameTaken from None
    audit.wrote(by, "portal.units", now=now, obj=unit, detail={"did": "added", "side": side})
    return unit


def rename_unit(unit: Unit, name: str, *, by: Actor, now: datetime) -> None:
    """Give a unit another name; what was written under the old one keeps it. Raises Refused, NameTaken."""
    demand(by, "portal.units", unit)
    before, unit.name = unit.name, name.strip()
    try:
        with transaction.atomic():
            unit.save(update_fields=["name"])
    except IntegrityError:
        unit.name = before
        raise faults.NameTaken from None
    audit.wrote(by, "portal.units", now=now, obj=unit, detail={"did": "renamed", "from": before})


def end_unit(unit: Unit, *, by: Actor, now: datetime) -> None:
    """End an empty unit: nobody gets an assignment there any more. Raises Refused, OwnUnit, UnitInUse, UnitEnded."""
    demand(by, "portal.units", unit)
    found = Unit.objects.select_for_update().get(pk=unit.pk)
    if found.ended_on is not None:
        raise faults.UnitEnded
    if found.pk == by.unit_id:
        raise faults.OwnUnit
    left = left_in(found, day_of(now))
    if left:
        raise faults.UnitInUse(left)
    found.ended_on = day_of(now)
    found.save(update_fields=["ended_on"])
    audit.wrote(by, "portal.units", now=now, obj=found, detail={"did": "ended"})
