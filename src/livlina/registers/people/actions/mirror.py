"""An earlier row of a person says what the row with the number says: names, dates, address, protection, the named few."""

from datetime import datetime

from livlina.core import audit
from livlina.core.access import Actor
from livlina.registers.people.faults import MirrorsAnother
from livlina.registers.people.models import NameToken, Person, ProtectedAccess

MIRRORED = (
    "given_names", "called_name", "family_name", "birth_date", "sex", "died_on", "language", "interpreter",
    "protection", "street", "postcode", "city", "home_municipality",
)  # fmt: skip


def demand_own(person: Person) -> None:
    """Return if the row says for itself who the person is. Raises MirrorsAnother."""
    if person.same_as_id is not None:
        raise MirrorsAnother


def mirror(person: Person, *, by: Actor, now: datetime) -> list[Person]:
    """Let every earlier row of the person say what this one says, and return them. One statement where there are none."""
    rows = list(Person.objects.select_for_update().filter(same_as=person))
    for row in rows:
        mirror_one(row, person, by=by, now=now)
    return rows


def mirror_one(row: Person, person: Person, *, by: Actor, now: datetime) -> None:
    """Let one earlier row say what `person` says; it is found by no search."""
    for name in MIRRORED:
        setattr(row, name, getattr(person, name))
    row.save(update_fields=list(MIRRORED))
    NameToken.objects.filter(person=row).delete()
    _same_few(row, person, now)
    audit.wrote(by, "people.mirror", now=now, person_id=row.pk, obj=row, detail={"same_as": str(person.pk)})


def _same_few(row: Person, person: Person, now: datetime) -> None:
    """Let the same few open both."""
    wanted = {one.user_id: one for one in ProtectedAccess.objects.filter(person=person, ended_at=None)}
    held = ProtectedAccess.objects.filter(person=row, ended_at=None)
    held.exclude(user_id__in=wanted).update(ended_at=now)
    known = set(held.values_list("user_id", flat=True))
    for user_id, one in wanted.items():
        if user_id not in known:
            ProtectedAccess.objects.create(
                municipality_id=row.municipality_id,
                person=row,
                user_id=user_id,
                granted_by_id=one.granted_by_id,
                reason=one.reason,
                since=now,
                until=one.until,
            )
