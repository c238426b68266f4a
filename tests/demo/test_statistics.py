"""A year of the demo yields every file to the state, what IVO asks for, and the night's figures."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from livlina.across.statistics import actions, jobs
from livlina.across.statistics.layout import newest
from livlina.across.statistics.models import Delivery, Figure
from livlina.across.statistics.periods import Period
from livlina.across.statistics.queries import deliveries as queries
from livlina.across.statistics.queries.figures import board
from livlina.across.statistics.states import latest, state_of
from livlina.authority.placements.models import YearlyList
from livlina.authority.unexecuted.models import QuarterReport
from livlina.authority.unexecuted.queries import for_ivo
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from tests.people import MORNING

FLOWS = {layout.flow: layout for layout in newest()}
NEXT_YEAR = MORNING + timedelta(days=365)


@pytest.mark.parametrize("flow", FLOWS)
def test_each_file_is_made_checked_and_compared_with_the_period_before(
    town: Municipality, who: Callable[[str], Actor], flow: str
) -> None:
    layout = FLOWS[flow]
    by = who("Eva Moberg" if layout.side == "officer" else "Lena Falk")
    now = MORNING if layout.period == "month" else NEXT_YEAR
    period = Period.of(day_of(now), layout.period).before
    last = latest(flow, period)
    if last is None or state_of(last) != "unknown":
        last = actions.make(flow, period, by=by, now=now)
    if state_of(last) == "made":
        actions.check(last, without_held=True, by=by, now=now)
    before = Delivery.objects.filter(flow=flow, period=str(period.before)).latest("number")
    assert state_of(before) == "receipt", "the demo has sent it"
    assert last.rows
    assert before.rows
    assert queries.before(last) == before
    told = queries.difference(last, before)
    assert told.came + told.changed + told.same == last.rows
    assert told.went + told.changed + told.same == before.rows


def test_the_last_month_waits_with_a_held_row_and_with_a_file_nobody_knows_of(town: Municipality) -> None:
    last = {one.flow: one for one in Delivery.objects.order_by("period", "number")}
    assert last["aid_monthly"].held == 1
    assert state_of(last["sol_running"]) == "unknown"
    assert state_of(last["sol_decisions"]) == "checked"


def test_ivo_gets_its_quarter_and_its_year(town: Municipality, who: Callable[[str], Actor]) -> None:
    report = QuarterReport.objects.latest("year", "quarter")
    assert for_ivo(who("Eva Moberg"), report, MORNING).count("\n") > 1
    sent = YearlyList.objects.get(year=MORNING.year - 1)
    assert sent.sent_by == "Eva Moberg"
    assert sent.content.count("\n") > 1


def test_the_dashboards_have_a_year_to_show_from_the_first_day(
    town: Municipality, who: Callable[[str], Actor]
) -> None:
    count, today = Figure.objects.count(), day_of(MORNING)
    maria = board(who("Maria Lundell"), "officer", today)
    shown = {one.measure.code: one for _, many in maria.groups for one in many}
    assert maria.last == maria.first_own == today
    assert shown["cases_open"].alone is not None
    assert "Biståndsenheten, från 2025-07-01 till 2026-03-02: lägst" in shown["cases_open"].alone.picture.said  # type: ignore[union-attr]
    rut = board(who("Rut Hagman"), "officer", today)
    paid = next(one for _, many in rut.groups for one in many if one.measure.code == "cost_aid")
    assert (paid.when, paid.now) == ("februari 2026", [("Ekonomiskt bistånd", 52380.0, "52\xa0380")])
    assert paid.url
    assert jobs.count(town.pk, MORNING) > 20
    assert Figure.objects.count() == count, "counted again it is the same"
