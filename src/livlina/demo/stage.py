"""Where the told people act: as the application's own role, behind row-level security, at moments of the past."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection

from livlina.core import outbox, tenancy
from livlina.core.access import Actor, system
from livlina.core.calendar import is_working_day
from livlina.core.clock import day_of
from livlina.core.models import Assignment, User
from livlina.core.tenancy import EVERYTHING
from livlina.demo.plan import Days

T = TypeVar("T")


@contextmanager
def as_application() -> Iterator[None]:
    """Let the connection be the application's for a while: what it may not do, nobody in the demo has done."""
    from livlina.config.settings import database

    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(database(os.environ["LIVLINA_DATABASE_URL"]))
    connection.settings_dict["NAME"] = before["NAME"]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


@dataclass
class Stage:
    """One town, with its staff by name and the days counted back from the present."""

    municipality_id: int
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def system(self) -> Actor:
        """Livlina itself."""
        return system(self.municipality_id, EVERYTHING)

    def who(self, name: str) -> Actor:
        """Return someone of the staff by name."""
        if name not in self.actors:
            with tenancy.acting(self.municipality_id, EVERYTHING):
                held = (
                    Assignment.objects.select_related("user", "unit").filter(user__name=name).earliest("id")
                )
            self.actors[name] = Actor(
                "staff", self.municipality_id, held.role, name, user_id=held.user_id, assignment_id=held.pk,
                unit_id=held.unit_id, unit_name=held.unit.name, title=held.title,
                compartments=tuple(held.compartments), qualifications=tuple(held.qualifications),
            )  # fmt: skip
        return self.actors[name]

    def user(self, name: str) -> User:
        """Return someone's log-in."""
        return User.objects.get(pk=self.who(name).user_id)

    def citizen(self, person_id: UUID, name: str) -> Actor:
        """Return a citizen who has signed in."""
        return Actor(
            "citizen",
            self.municipality_id,
            "citizen",
            name,
            person_id=person_id,
            compartments=tuple(settings.BRANCHES),
        )

    def do(self, by: Actor, verb: Callable[..., T], *what: Any, now: datetime, **how: Any) -> T:
        """Let someone do something at a moment, in a transaction of their own, and let everyone hear of it."""
        with tenancy.acting(self.municipality_id, by.compartments, by.user_id):
            done = verb(*what, by=by, now=now, **how)
        outbox.deliver_waiting()
        return done

    def look(self, what: Callable[[], T]) -> T:
        """Read something as the system."""
        with tenancy.acting(self.municipality_id, EVERYTHING):
            return what()

    def day(self, back: int) -> date:
        """Return the day so many days ago, or the working day before it."""
        day = day_of(self.now) - timedelta(days=back)
        while not is_working_day(day):
            day -= timedelta(days=1)
        return day

    def at(self, back: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment of that day."""
        return Days(day_of(self.now)).at(self.day(back), hour, minute)
