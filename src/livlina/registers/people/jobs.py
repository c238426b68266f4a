"""What the room does by itself."""

from datetime import datetime, timedelta

import structlog

from livlina.core.access import system
from livlina.core.jobs import part
from livlina.registers.people import adapters
from livlina.registers.people.actions import NumberTaken, follow_population_register
from livlina.registers.people.adapters.base import PermanentFault, PopulationRegister, Record, TemporaryFault
from livlina.registers.people.models import Person
from livlina.registers.people.queries import to_follow

log = structlog.get_logger(__name__)

EVERY = timedelta(days=1)
BATCH = 500
LIMIT = timedelta(minutes=5)
"""For one statement."""


def follow(municipality_id: int, now: datetime) -> int:
    """Ask the population register about those not asked about for a day. Return how many persons changed."""
    register = adapters.current()
    return follow_in(register, municipality_id, now) if register is not None else 0


def follow_in(register: PopulationRegister, municipality_id: int, now: datetime) -> int:
    """Follow one register: stop when it is away, pass over the person it will not answer for.

    Each person in a transaction of their own, begun when the register has answered: nobody's row is locked meanwhile.
    """
    changed = 0
    with part(municipality_id, LIMIT):
        waiting = to_follow(municipality_id, now - EVERY, BATCH)
    for person in waiting:
        try:
            record = register.ask(person.number)  # type: ignore[attr-defined]
            with part(municipality_id, LIMIT):
                changed += _follow_one(person, record, now)
        except TemporaryFault:
            log.warning("population_register_away", municipality=municipality_id)
            break
        except (PermanentFault, NumberTaken) as fault:
            log.warning("population_register_refused", person=str(person.pk), fault=type(fault).__name__)
            with part(municipality_id, LIMIT):
                _followed(person, now)
    return changed


def _follow_one(person: Person, record: Record | None, now: datetime) -> int:
    if record is None:
        _followed(person, now)
        return 0
    return bool(follow_population_register(person, record, by=system(person.municipality_id), now=now))


def _followed(person: Person, now: datetime) -> None:
    Person.objects.filter(pk=person.pk).update(followed_at=now)
