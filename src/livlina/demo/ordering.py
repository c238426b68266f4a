"""Orders as they have fared: sent, opened, confirmed, delivered on, ended; some declined, recalled or left lying."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from livlina.authority.cases.actions.execution import granted_minutes, suggested
from livlina.authority.cases.models import DecisionLine
from livlina.core.clock import day_of
from livlina.demo.casework import label_of, unit_of
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.matters import Matter
from livlina.demo.organisation import Carer, Worker
from livlina.demo.plan import Days, Town
from livlina.demo.watching import Watching
from livlina.registers.orders.models import Delivery, Order, OrderEvent, OrderVersion
from livlina.registers.orders.models.lines import weekly_minutes
from livlina.registers.people.models import Reach

HOURS = {"social_alarm": 4, "home_care": 24, "other": 72}
LATELY = timedelta(days=110)
"""Ended orders are told as far back as this; older cases keep their decisions alone."""
FINISH = timedelta(days=14)
WAITING = (
    ("confirmed", 0.62),
    ("opened", 0.09),
    ("sent", 0.06),
    ("declined", 0.06),
    ("draft", 0.08),
    ("recalled", 0.09),
)
ENDS = {"died": "died", "moved": "moved", "client_request": "client_request", "goal_met": "goal_met"}


@dataclass
class Placed:
    """One order while its rows are made."""

    id: str
    matter: Matter
    carer: Carer
    state: str
    sent: datetime
    opened: datetime | None = None
    answered: datetime | None = None
    start: date | None = None
    active: datetime | None = None
    end: date | None = None
    escalated: datetime | None = None
    recalled: datetime | None = None

    @property
    def kind(self) -> str:
        """The kind, which decides the time to answer."""
        return self.matter.process if self.matter.process in HOURS else "other"

    @property
    def answer_by(self) -> datetime:
        """When the time to answer runs out."""
        return self.sent + timedelta(hours=HOURS[self.kind])


class Ordering:
    """Where orders go."""

    def __init__(
        self, town: Town, days: Days, sink: Sink, providers: list[Carer], watching: Watching, rng: Random
    ) -> None:
        self.days, self.rng, self.watching = days, rng, watching
        self.by_service: dict[str, list[Carer]] = {}
        for carer in providers:
            for service in carer.services:
                self.by_service.setdefault(service, []).append(carer)
        self.tables, code = Tables(sink), {"municipality_id": town.municipality_id}
        of = self.tables.of
        self._order = of(
            Order, "id", "kind", "area", "state", "provider_id", "orderer_unit_id", "orderer_name", "drafted_at",
            "sent_at", "answer_by", "escalated_at", "opened_at", "opened_by", "answered_at", "start_date", "contact",
            "decline_reason", "recalled_at", "active_at", "end_date", "end_reason", orderer_role="case_worker", **code,
        )  # fmt: skip
        self._version = of(
            OrderVersion, "id", "order_id", "compartment", "person_id", "source_type", "source_id", "service", "facts",
            "life_areas", "lines", "weekly_minutes", "granted_minutes", "starts_on", "ends_on", "written_at",
            "written_by", "digest", number=1, **code,
        )  # fmt: skip
        self._event = of(
            OrderEvent, "id", "order_id", "kind", "at", "recorded_at", "user_id", "actor_name", "role", "unit_name",
            "reason", "text", **code,
        )  # fmt: skip
        self._delivery = of(
            Delivery, "id", "order_id", "period_from", "period_to", "minutes", "count", "deviation", "at", "user_id",
            "reported_by", **code,
        )  # fmt: skip
        self._reach = of(Reach, "id", "person_id", "unit_id", "source", "reason", "since", "until", **code)

    def tell(self, matter: Matter) -> Placed | None:
        """Make the rows of a case's order, if it has come so far and is not too long ago; return the one that stands."""
        placed, ended = matter.when("place_orders"), matter.when("end_service")
        if placed is None or (ended and ended < self.days.midnight - LATELY):
            return None
        state = "active" if matter.when("begin_service") else self._waiting()
        if state == "recalled":  # the wrong one first: taken back unopened, and sent to the right one
            wrong = self._placed(matter, "recalled", placed)
            wrong.recalled = wrong.sent + timedelta(minutes=25)
            self._write(wrong)
            state = "confirmed"
        order = self._placed(
            matter, "ended" if ended and state == "active" else state, placed + timedelta(minutes=40)
        )
        self._fare(order, ended)
        self._write(order)
        return order

    def _waiting(self) -> str:
        return self.rng.choices([state for state, _ in WAITING], [share for _, share in WAITING])[0]

    def _placed(self, matter: Matter, state: str, at: datetime) -> Placed:
        carer = self.rng.choice(self.by_service[matter.process])
        return Placed(uuid_at(self.rng, at), matter, carer, state, at)

    def _fare(self, order: Placed, ended: datetime | None) -> None:
        """When it was opened, answered, begun and ended."""
        begun = order.matter.when("begin_service")
        limit = begun or self.days.midnight
        if order.state in ("draft", "sent"):
            if order.state == "sent" and order.answer_by < self.days.midnight:
                order.escalated = order.answer_by
            return
        room = max(limit - order.sent, timedelta(minutes=6))
        order.opened = order.sent + min(self._soon(order, 0.6), room / 3)
        if order.state == "opened":
            if order.answer_by < self.days.midnight:
                order.escalated = order.answer_by
            return
        order.answered = order.opened + min(self._soon(order, 0.35), room / 3)
        if order.state == "declined":
            return
        order.start = day_of(begun) if begun else self.days.today + timedelta(days=self.rng.randrange(1, 9))
        order.active = begun
        if ended is not None:
            order.end = max(day_of(ended) + timedelta(days=5), order.start)

    def _soon(self, order: Placed, share: float) -> timedelta:
        """A time well within the one to answer, and now and then far beyond it."""
        late = 4 if self.rng.random() < 0.05 else 1
        return timedelta(hours=HOURS[order.kind] * share * self.rng.uniform(0.05, 1) * late)

    def _write(self, order: Placed) -> None:
        worker, carer = order.matter.worker, order.carer
        sent = None if order.state == "draft" else order.sent
        handler = carer.manager if self.rng.random() < 0.6 else self.rng.choice(carer.staff)
        running = order.state in ("confirmed", "active", "ended")
        reason = ENDS.get(order.matter.closing, "other") if order.end else ""
        self._order.add(
            order.id, order.kind, order.matter.person.district, order.state, None if sent is None else carer.id,
            worker.unit_id, worker.name, order.sent - timedelta(minutes=6), sent,
            order.answer_by if sent else None, order.escalated, order.opened, handler.name if order.opened else "",
            order.answered, order.start, f"{handler.name}, {handler.title}"[:160] if running else "",
            "no_capacity" if order.state == "declined" else "", order.recalled, order.active, order.end, reason,
        )  # fmt: skip
        self._letters(order)
        self._events(order, handler, reason)
        if order.active:
            self._deliveries(order, handler)
        if order.opened and order.state != "declined":
            until = order.end + FINISH if order.end else None
            self._reach.add(
                uuid_at(self.rng, order.opened), order.matter.person.id, carer.unit_id, f"orders.order:{order.id}",
                "order", order.opened, until,
            )  # fmt: skip
        self._watches(order)

    def _letters(self, order: Placed) -> None:
        """The authority's copy, and the provider's if the envelope was opened: the same words and digest."""
        matter, day = order.matter, day_of(order.sent)
        granted = [
            DecisionLine(
                service=code,
                service_label=label_of(code, day),
                quantity=Decimal(count),
                unit=unit_of(code, day),
            )
            for code, count, yes in matter.services
            if yes
        ]
        lines = [suggested(line) for line in granted]
        said = {"Beviljat": "\n".join(f"{one.service_label}: {one.quantity} {one.unit}" for one in granted)}
        starts = order.start or day + timedelta(days=3)
        version = OrderVersion(
            person_id=UUID(matter.person.id), service=matter.process, facts=said, starts_on=starts,
            lines=[line.stored() for line in lines], life_areas=[], ends_on=None,
        )  # fmt: skip
        minutes, digest = weekly_minutes(lines), version.sealed()
        self.minutes = minutes
        copies: list[tuple[int, str, str | None, datetime]] = [(1, "cases.case", matter.id, order.sent)]
        if order.opened:
            copies.append((2, "", None, order.opened))
        for compartment, source, source_id, at in copies:
            self._version.add(
                uuid_at(self.rng, at), order.id, compartment, matter.person.id, source, source_id, matter.process,
                said, [], version.lines, minutes, granted_minutes(granted), starts, None, order.sent,
                matter.worker.name, digest,
            )  # fmt: skip

    def _events(self, order: Placed, handler: Worker, reason: str) -> None:
        worker, minute = order.matter.worker, timedelta(minutes=1)
        self._happened(order, "drafted", order.sent - 6 * minute, worker)
        if order.state == "draft":
            return
        self._happened(order, "provider_chosen", order.sent - minute, worker)
        self._happened(order, "sent", order.sent, worker)
        if order.recalled:
            self._happened(order, "recalled", order.recalled, worker, "wrong_provider")
        if order.escalated:
            self._happened(order, "escalated", order.escalated, None)
        if order.opened:
            self._happened(order, "opened", order.opened, handler)
        if order.answered:
            declined = order.state == "declined"
            self._happened(order, "declined" if declined else "confirmed", order.answered, handler,
                           "no_capacity" if declined else "")  # fmt: skip
        if order.active:
            self._happened(order, "delivered_first", order.active, handler)
        ended = order.matter.when("end_service")
        if order.end and ended:
            self._happened(order, "ended", ended, worker, reason)

    def _happened(self, order: Placed, kind: str, at: datetime, by: Worker | None, reason: str = "") -> None:
        who = (by.user_id, by.name, by.role, by.unit_name) if by else (None, "Livlina", "system", "")
        self._event.add(uuid_at(self.rng, at), order.id, kind, at, at, *who, reason, "")

    def _deliveries(self, order: Placed, handler: Worker) -> None:
        """A report when it began, and one for each month that has gone by."""
        begins = order.start or self.days.today
        last = min(order.end or self.days.today, self.days.today - timedelta(days=1))
        ends = begins
        while begins <= last:
            days = (ends - begins).days + 1
            done = round(self.minutes * days / 7 * self.rng.uniform(0.86, 1.02))
            at = self.days.at(ends, 16, self.rng.randrange(60))
            self._delivery.add(
                uuid_at(self.rng, at), order.id, begins, ends, done if self.minutes else None,
                None if self.minutes else days, "", at, handler.user_id, handler.name,
            )  # fmt: skip
            begins = ends + timedelta(days=1)
            ends = (begins.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            if ends > last:
                return

    def _watches(self, order: Placed) -> None:
        """Unanswered orders lie on both sides' desks; now and then one did, and was answered late."""
        matter, source = order.matter, ("orders.order", order.id)
        waits = order.state in ("sent", "opened")
        if order.state == "declined":
            self.watching.raised(
                "orders.declined", source, matter.person.id, "case_worker", matter.worker.unit_id,
                order.answered or order.sent, order.answered or order.sent,
            )  # fmt: skip
        if not waits and not (order.answered and order.answered > order.answer_by):
            return
        closed = (order.answered, "Utföraren har svarat.") if order.answered else (None, "")
        for kind, person, role, unit in (
            ("orders.unconfirmed", matter.person.id, "case_worker", matter.worker.unit_id),
            ("orders.waiting", None, "provider_staff", order.carer.unit_id),
        ):
            self.watching.raised(kind, source, person, role, unit, order.sent, order.answer_by, closed=closed)
