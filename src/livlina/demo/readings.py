"""The record of who read and wrote what: so that “vem har läst om mig” and the review of logs have something to show."""

from datetime import datetime, timedelta
from random import Random

from livlina.core.models import AuditEvent
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.matters import Matter
from livlina.demo.ordering import Placed
from livlina.demo.organisation import Organisation, Worker
from livlina.demo.people import Resident
from livlina.demo.plan import Days, Town

OUTSIDE = 0.01
LATELY = timedelta(days=100)


class Readings:
    """Where the record goes."""

    def __init__(self, town: Town, days: Days, sink: Sink, made: Organisation, rng: Random) -> None:
        self.days, self.rng = days, rng
        self.readers = made.held("case_worker") + made.held("reception")
        self.tables = Tables(sink)
        self._event = self.tables.of(
            AuditEvent, "id", "at", "user_id", "assignment_id", "actor_name", "role", "unit_id", "unit_name", "verb",
            "outcome", "person_id", "object_type", "object_id", "review", "reason", "detail",
            municipality_id=town.municipality_id,
        )  # fmt: skip

    def case(self, matter: Matter) -> None:
        """What was read and written in a case: its steps, and the person opened before some of them."""
        rng, review = self.rng, "protected" if matter.person.protection != "none" else ""
        about = ("cases.case", matter.id)
        for done in matter.steps:
            if done.at < self.days.midnight - LATELY and not matter.is_open:
                continue
            by = matter.manager if done.name == "assign" else matter.worker
            if rng.random() < 0.5:
                self._add(
                    by, done.at - timedelta(minutes=4), "people.read", "read", matter.person, review=review
                )
            self._add(by, done.at, f"cases.{done.name}", "wrote", matter.person, about)
        if matter.is_open and rng.random() < OUTSIDE * 10:
            self._outside(matter.person)

    def order(self, order: Placed) -> None:
        """The provider's reading of what it was sent."""
        if order.opened is None:
            return
        about = ("orders.order", order.id)
        self._add(
            order.carer.manager, order.opened, "orders.read_content", "read", order.matter.person, about
        )
        for _ in range(3 if order.active else 0):
            at = self._lately()
            if at > order.opened:
                self._add(self.rng.choice(order.carer.staff), at, "journal.read", "read", order.matter.person)

    def _outside(self, person: Resident) -> None:
        """Someone looked without a relation: with a reason, or refused."""
        by, at = self.rng.choice(self.readers), self._lately()
        if self.rng.random() < 0.7:
            reason = self.rng.choice(
                ("Ringde mottagningen, kollegan är sjuk.", "Akut samtal från närstående.", "")
            )
            self._add(by, at, "people.read", "read", person, review="outside", reason=reason)
        else:
            self._add(by, at, "cases.read", "refused", person)

    def _lately(self) -> datetime:
        back = timedelta(seconds=self.rng.randrange(3_600, int(LATELY.total_seconds())))
        return (self.days.midnight - back).replace(hour=self.rng.randrange(7, 16))

    def _add(
        self,
        by: Worker,
        at: datetime,
        verb: str,
        outcome: str,
        person: Resident,
        about: tuple[str, str] = ("", ""),
        *,
        review: str = "",
        reason: str = "",
    ) -> None:
        object_type, object_id = about if about[0] else ("people.person", person.id)
        self._event.add(
            uuid_at(self.rng, at), at, by.user_id, by.assignment_id, by.name, by.role, by.unit_id, by.unit_name, verb,
            outcome, person.id, object_type, object_id, review, reason, {},
        )  # fmt: skip
