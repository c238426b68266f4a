"""The demo's home care: a board that is alive, measures that show something, and a carer who has a shift now."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.demo import visiting
from livlina.provider.homecare.folding import fold
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries import board, day, measures
from livlina.provider.homecare.queries.outcomes import outcomes_of
from tests.people import MORNING

Who = Callable[[str], Actor]


def test_the_board_of_today_has_people_at_work_and_something_to_look_at(who: Who) -> None:
    petra = who("Petra Nyström")
    found = board.board(petra, day_of(MORNING), MORNING)
    assert "Ali Hassan" in [row.name for row in found.rows]
    assert {"done", "planned"} <= {visit.state for visit in found.visits}
    tomorrow = board.board(petra, day_of(MORNING) + timedelta(days=1), MORNING)
    assert "nobody" in {one.code for one in tomorrow.conflicts}


def test_every_visit_is_what_its_events_say(who: Who) -> None:
    visits = list(Visit.objects.filter(unit_id=who("Petra Nyström").unit_id))
    said = outcomes_of(visit.pk for visit in visits)
    assert len(visits) > 50
    for visit in visits:
        outcome = said.get(visit.pk) or fold(())
        assert (visit.state, visit.starts_at) == (outcome.state, outcome.starts_at)
        assert set(visit.carers.filter(taken_at=None).values_list("carer_id", flat=True)) == outcome.goers


def test_measures_show_something(who: Who) -> None:
    petra, last = who("Petra Nyström"), day_of(MORNING) - timedelta(days=1)
    first = last - timedelta(days=13)
    assert 50 <= (measures.punctuality(petra, first, last).share or 0) <= 100
    assert (measures.client_time(petra, first, last).share or 0) > 0
    row = next(row for row in measures.figures(petra, first) if row.approved)
    assert row.planned
    assert row.performed


def test_the_carers_log_in_has_a_shift_and_visits_whenever_the_demo_is_started(
    who: Who, town: Municipality
) -> None:
    ali = who("Ali Hassan")
    shift = day.shift_of(ali, MORNING)
    assert shift is not None
    assert len(day.visits_of(ali.assignment_id, MORNING, shift.ends_at)) >= 3


def test_a_demo_that_has_rested_three_days_is_brought_up_to_the_day(who: Who, town: Municipality) -> None:
    later = MORNING + timedelta(days=3, hours=13)
    with transaction.atomic():
        visiting.today(later)
        ali = who("Ali Hassan")
        shift = day.shift_of(ali, later)
        assert shift is not None
        assert len(day.visits_of(ali.assignment_id, later, shift.ends_at)) >= 3
        between = Visit.objects.filter(unit_id=ali.unit_id, on=day_of(MORNING) + timedelta(days=1))
        assert "done" in set(between.values_list("state", flat=True))
        transaction.set_rollback(True)
