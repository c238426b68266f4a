"""Deviations: told by staff of the providers and the authority, judged by their managers, some closed."""

from datetime import datetime, timedelta
from random import Random

from livlina.across.quality.models import Deviation, DeviationStep
from livlina.demo import texts
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.ordering import Placed
from livlina.demo.plan import Days, Town

SHARE = 0.1


class Deviating:
    """Where deviations go."""

    def __init__(self, town: Town, days: Days, sink: Sink, rng: Random) -> None:
        self.days, self.rng = days, rng
        self.tables, code = Tables(sink), {"municipality_id": town.municipality_id}
        self._deviation = self.tables.of(
            Deviation, "id", "client_id", "person_id", "order_id", "unit_id", "happened_at", "reported_at",
            "reporter_id", "reporter_name", "reporter_title", "track", "what", "measure", **code,
        )  # fmt: skip
        self._step = self.tables.of(
            DeviationStep,
            "id",
            "deviation_id",
            "at",
            "user_id",
            "user_name",
            "kind",
            "judgement",
            "text",
            **code,
        )

    def tell(self, order: Placed) -> None:
        """Now and then make a deviation of an order that runs."""
        rng = self.rng
        if order.active is None or rng.random() > SHARE:
            return
        span = int((self.days.midnight - order.active).total_seconds()) - 40_000
        if span < 90_000:
            return
        happened = order.active + timedelta(seconds=rng.randrange(span))
        reported, person = happened + timedelta(minutes=rng.randrange(10, 600)), order.matter.person
        track, what, measure = rng.choice(texts.DEVIATIONS)
        by, key = rng.choice(order.carer.staff), uuid_at(rng, reported)
        named = track in ("social", "health")
        self._deviation.add(
            key, uuid_at(rng, happened), person.id if named else None, order.id if named else None, by.unit_id,
            happened, reported, by.user_id, by.name, by.title, track, what.format(p=person), measure,
        )  # fmt: skip
        self._judged(order, key, reported + timedelta(hours=rng.randrange(4, 90)))

    def _judged(self, order: Placed, key: str, at: datetime) -> None:
        rng, manager = self.rng, order.carer.manager
        if at >= self.days.midnight or rng.random() < 0.15:
            return
        code, words = rng.choices(texts.JUDGEMENTS, (0.8, 0.08, 0.07, 0.05))[0]
        self._step.add(uuid_at(rng, at), key, at, manager.user_id, manager.name, "judged", code, words)
        closed = at + timedelta(days=rng.randrange(3, 30))
        if code in ("minor", "none") and closed < self.days.midnight:
            text = "Rutinen är genomgången med arbetslaget."
            self._step.add(
                uuid_at(rng, closed), key, closed, manager.user_id, manager.name, "closed", "", text
            )
