"""A year of the demo yields every file to the state, and the night's figures."""

from collections.abc import Callable

from livlina.across.statistics import actions, jobs
from livlina.across.statistics.layout import newest
from livlina.across.statistics.models import Figure
from livlina.across.statistics.periods import Period
from livlina.across.statistics.queries.deliveries import BACK
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality
from tests.people import MORNING


def test_a_year_of_the_demo_yields_every_report(town: Municipality, who: Callable[[str], Actor]) -> None:
    nurse = Assignment.objects.filter(role="nurse", compartments__contains=[3]).select_related("user").first()
    assert nurse is not None
    sent = {"officer": who("Eva Moberg"), "provider": who(nurse.user.name)}
    for layout in newest():
        period, rows, held = Period.of(day_of(MORNING), layout.period), 0, 0
        for _ in range(BACK if layout.period == "month" else 1):
            period = period.before
            made = actions.make(layout.flow, period, by=sent[layout.side], now=MORNING)
            rows, held = rows + made.rows, held + made.held
            assert not any(len(problem["words"]) == 0 for problem in made.problems)
        assert rows > 0, f"{layout.flow}: {held} held"
    assert jobs.count(town.pk, MORNING) > 20
    assert {"cases_open", "decisions", "watches_untouched"} <= set(
        Figure.objects.values_list("code", flat=True)
    )
