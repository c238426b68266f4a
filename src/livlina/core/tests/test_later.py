"""What is said in a transaction is done after it, once, whatever dies in between."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from livlina.core import jobs, outbox
from livlina.core.access import Actor
from livlina.core.jobs import Recurring
from livlina.core.models import RecurringRun, Unit
from livlina.core.shedding import Importance

heard: list[outbox.Event] = []


def listen(event: outbox.Event) -> None:
    heard.append(event)


def count_units(municipality_id: int, now: datetime) -> int:
    return Unit.objects.count()


def break_down(municipality_id: int, now: datetime) -> int:
    raise ValueError("broken on purpose")


@pytest.fixture
def listening() -> Iterator[None]:
    heard.clear()
    outbox.subscribe("unit.made")(listen)
    yield
    del outbox.SUBSCRIBERS["unit.made"]


def job(
    verb: str,
    name: str = "test",
    importance: Importance = Importance.CASE,
    every: timedelta = timedelta(minutes=5),
) -> Recurring:
    return Recurring(
        f"{name} {verb}", f"{__name__}.{verb}", every, timedelta(minutes=1), "support", importance=importance
    )


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return cursor.fetchone()[0]


def test_a_rolled_back_transaction_has_announced_nothing(listening, karin: Actor, now: datetime) -> None:
    unit = Unit.objects.get()
    try:
        with transaction.atomic():
            outbox.announce("unit.made", unit, now=now)
            raise InterruptedError
    except InterruptedError:
        assert waiting() == 0


def test_an_announcement_is_delivered_in_its_own_municipality(listening, karin: Actor, now: datetime) -> None:
    unit = Unit.objects.get()
    outbox.announce("unit.made", unit, now=now)
    assert waiting() == 1
    outbox.deliver_waiting()
    assert [(event.object_id, event.municipality_id, event.at) for event in heard] == [
        (unit.pk, karin.municipality_id, now)
    ]
    assert waiting() == 0


def test_what_nobody_listens_to_costs_nothing(karin: Actor, now: datetime, statements) -> None:
    with statements() as sent:
        outbox.announce("unit.unheard", Unit.objects.get(), now=now)
    assert len(sent) == 1  # the get


def test_a_recurring_job_runs_when_its_time_has_come_and_not_before(karin: Actor, now: datetime) -> None:
    schedule = [job("count_units")]
    assert jobs.run_due(schedule, now) == {"test count_units": 1}
    assert jobs.run_due(schedule, now + timedelta(minutes=4)) == {}
    assert jobs.run_due(schedule, now + timedelta(minutes=5)) == {"test count_units": 1}


def test_a_failing_job_says_so_and_stops_nothing_else(karin: Actor, now: datetime) -> None:
    ran = jobs.run_due([job("break_down"), job("count_units")], now)
    assert ran["test count_units"] == 1
    run = RecurringRun.objects.get(name="test break_down")
    assert "ValueError" in run.error
    assert run.succeeded_at is None


def test_a_job_that_was_cut_off_is_done_again_before_its_next_night(karin: Actor, now: datetime) -> None:
    nightly = job("count_units", every=timedelta(days=1))
    assert jobs.claim(nightly, now)  # and then its worker was stopped
    assert jobs.run_due([nightly], now + nightly.limit) == {}
    assert jobs.run_due([nightly], now + nightly.patience) == {nightly.name: 1}
    assert jobs.run_due([nightly], now + 2 * nightly.patience) == {}


def test_what_runs_by_itself_and_does_not_is_told(karin: Actor, now: datetime) -> None:
    well, broken, calm = (
        job("count_units"),
        job("break_down"),
        job("count_units", "report", Importance.REPORT),
    )
    schedule, begun = [well, broken, calm], now
    jobs.run_due([well, broken], now)  # and no worker takes the reports
    assert jobs.late(schedule, now, begun) == {broken.name: "failed"}
    later = now + calm.patience + timedelta(minutes=1)
    jobs.run_due([well, broken], later)
    assert jobs.late(schedule, later, begun) == {broken.name: "failed", calm.name: "not begun"}
    jobs.run_due([calm], later)
    assert jobs.late([well, calm], later, begun) == {}
    assert jobs.late([well], later + well.every + well.patience + timedelta(seconds=1), begun) == {
        well.name: "not begun"
    }
