"""Care plans: what provider and person agreed on for an order that runs, and when it is followed up."""

from datetime import timedelta
from random import Random

from livlina.core.clock import day_of
from livlina.demo import texts
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.ordering import Placed
from livlina.demo.plan import Days, Town
from livlina.provider.homecare.models import CarePlan, PlannedTask

SHARE = 0.85
"""The others still lack one, which a manager should see."""
TASKS = (
    ("Dusch", "Sitt med utanför, hjälp med ryggen.", "d510", "morning", 45),
    ("Stödstrumpor", "På före frukost, av vid sänggående.", "d540", "morning", 10),
    ("Frukost", "Duka fram, koka kaffe tillsammans.", "d550", "morning", 25),
    ("Städning", "Dammsug, torka golv, byt sängkläder.", "d640", "forenoon", 60),
    ("Inköp", "Efter lista, kvitto och växel på bordet.", "d620", "afternoon", 40),
    ("Tillsyn", "Se att allt är lugnt och att larmet sitter på.", "safety", "evening", 10),
)


class Caring:
    """Where care plans go."""

    def __init__(self, town: Town, days: Days, sink: Sink, rng: Random) -> None:
        self.days, self.rng, self.tables = days, rng, Tables(sink)
        code = {"municipality_id": town.municipality_id}
        self._plan = self.tables.of(
            CarePlan, "id", "order_id", "person_id", "unit_id", "goal", "participation", "follow_up_on", "agreed_at",
            "author_id", "author_name", "author_title", number=1, **code,
        )  # fmt: skip
        self._task = self.tables.of(
            PlannedTask,
            "id",
            "plan_id",
            "position",
            "what",
            "how",
            "life_area",
            "times",
            "weekdays",
            "minutes",
            **code,
        )

    def tell(self, order: Placed) -> None:
        """Write the plan of an order that runs, if it has one."""
        rng, by = self.rng, order.carer.manager
        if order.state != "active" or order.active is None or rng.random() > SHARE:
            return
        agreed = min(
            order.active + timedelta(days=rng.randrange(1, 12)), self.days.midnight - timedelta(hours=9)
        )
        if agreed < order.active:
            return
        person, key = order.matter.person, uuid_at(rng, agreed)
        goal = rng.choice(texts.ANSWERS["goals"]).format(p=person, P=person.pronoun.capitalize())
        self._plan.add(
            key, order.id, person.id, order.carer.unit_id, goal, f"{person.called} var med när planen skrevs.",
            day_of(agreed) + timedelta(days=rng.randrange(150, 200)), agreed, by.user_id, by.name, by.title,
        )  # fmt: skip
        for place, (what, how, area, time, minutes) in enumerate(rng.sample(TASKS, rng.choice((1, 2, 3))), 1):
            weekdays = sorted(rng.sample(range(1, 8), rng.choice((1, 2, 3, 7))))
            self._task.add(uuid_at(rng, agreed), key, place, what, how, area, [time], weekdays, minutes)
