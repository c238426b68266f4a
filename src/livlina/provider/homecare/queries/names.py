"""What persons may be called on a page that lists many: a protected one only by who is named to see them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from livlina.core import audit
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.registers.people.models import Person, ProtectedAccess

PROTECTED = "Skyddade personuppgifter"


class Names:
    """What an actor may call persons. One statement."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        rows = ProtectedAccess.objects.running(day_of(now)).filter(user_id=actor.user_id)
        self._sees = frozenset(rows.values_list("person_id", flat=True))

    def hides(self, person: Person) -> bool:
        """Whether the actor is not to see who it is."""
        return person.is_protected and person.pk not in self._sees

    def __call__(self, person: Person) -> str:
        """The person's name, or that it is hidden."""
        return PROTECTED if self.hides(person) else person.name


def listed(actor: Actor, verb: str, persons: Iterable[UUID], *, now: datetime) -> None:
    """Record that a list named these persons. At most one statement."""
    keys = sorted({str(key) for key in persons})
    if keys:
        audit.read(actor, verb, now=now, detail={"persons": keys[:400]})
