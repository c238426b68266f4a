"""What a receiver keeps a copy of, to judge what comes from a unit and to help when all else is dead.

As little as that takes. Of a protected person neither name, address nor telephone: the receiver's page knows nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from livlina.core import clock
from livlina.core.models import Assignment
from livlina.provider.alarms.models import AlarmUnit, Channel, EmergencyCode, OnCall, Pendant
from livlina.registers.people.models import Contact, Person, Relation

AHEAD = timedelta(days=8)


def pack_of(municipality_id: int, now: datetime) -> dict[str, Any]:
    """Return units, codes and channels as the exchange names them. Eight statements."""
    return {"units": _units(), "codes": _codes(), "channels": _channels(now)}


def address(person: Person) -> str:
    """Return where a person lives, on one line."""
    town = f"{person.postcode} {person.city}".strip()
    return ", ".join(part for part in (person.street, town) if part)


def contact_words(relation: Relation) -> str:
    """Return how somebody near is reached: `Anna Berg (barn) 070-…`."""
    return f"{relation.name} ({relation.get_kind_display().lower()}) {relation.phone}".strip()


def phone_of(contacts: Iterable[Contact]) -> str:
    """Return the person's own telephone number, a mobile first."""
    numbers = [one for one in contacts if one.kind in ("mobile", "phone")]
    return next((one.value for one in sorted(numbers, key=lambda one: one.kind != "mobile")), "")


def _units() -> list[dict[str, Any]]:
    units = list(
        AlarmUnit.objects.exclude(state="returned").select_related("person", "team").order_by("number")
    )
    people = [unit.person_id for unit in units if unit.person_id]
    phones: dict[UUID | None, list[Contact]] = defaultdict(list)
    near: dict[UUID | None, list[str]] = defaultdict(list)
    for contact in Contact.objects.filter(person_id__in=people, ended_at=None):
        phones[contact.person_id].append(contact)
    told = Relation.objects.filter(person_id__in=people, ended_at=None, consent=True).exclude(phone="")
    for relation in told.order_by("-first_choice", "name"):
        near[relation.person_id].append(contact_words(relation))
    pendants: dict[UUID, list[str]] = defaultdict(list)
    for unit_id, device in Pendant.objects.filter(removed_at=None).values_list("unit_id", "device"):
        pendants[unit_id].append(device)
    return [
        _unit(unit, phones[unit.person_id], near[unit.person_id], sorted(pendants[unit.pk])) for unit in units
    ]


def _unit(unit: AlarmUnit, phones: list[Contact], near: list[str], pendants: list[str]) -> dict[str, Any]:
    about: dict[str, Any] = {"name": "", "address": "", "phone": "", "contacts": []}
    person = unit.person
    if person is not None and person.is_protected:
        about |= {"name": "Person med skyddade personuppgifter"}
    elif person is not None:
        about |= {
            "name": person.name,
            "address": address(person),
            "phone": phone_of(phones),
            "contacts": near,
        }
    return about | {
        "id": unit.number,
        "profile": unit.profile,
        "interval": unit.interval,
        "source": unit.source,
        "team": unit.team.name,
        "operator": unit.operator,
        "model": unit.model,
        "area": unit.area,
        "keys": unit.keys,
        "risk": unit.risk,
        "risks": unit.risks,
        "pendants": pendants,
    }


def _codes() -> list[dict[str, Any]]:
    rows = EmergencyCode.objects.filter(ended_at=None).order_by("name", "pk")
    return [{"name": row.name, "salt": row.salt, "hash": row.digest} for row in rows]


def _channels(now: datetime) -> list[dict[str, Any]]:
    """Who is called when the main system does not answer: those on call, and of each team its managers, always."""
    numbers = defaultdict(list)
    for user_id, kind, number in Channel.objects.filter(ended_at=None, kind__in=("sms", "voice")).values_list(
        "user_id", "kind", "address"
    ):
        numbers[user_id].append((kind, number))
    rows: list[tuple[str, int, float, float]] = []
    on_call = OnCall.objects.filter(ends_at__gt=now, starts_at__lt=now + AHEAD)
    for one in on_call.select_related("team", "assignment").order_by("starts_at", "pk"):
        rows.append(
            (one.team.name, one.assignment.user_id, one.starts_at.timestamp(), one.ends_at.timestamp())
        )
    teams = AlarmUnit.objects.exclude(state="returned").values("team")
    managers = Assignment.objects.valid(clock.day_of(now)).filter(unit__in=teams, role="provider_manager")
    for team, user_id in managers.order_by("unit__name", "pk").values_list("unit__name", "user_id"):
        rows.append((team, user_id, 0.0, (now + AHEAD).timestamp()))
    return [
        {"team": team, "kind": kind, "number": number, "from": begin, "to": end}
        for team, user_id, begin, end in rows
        for kind, number in numbers[user_id]
    ]
