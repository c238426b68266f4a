"""A worker is killed in the middle of a job: another takes the job over, and its effect is there exactly once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from livlina.authority.cases import actions
from livlina.authority.cases.models import Case, Decision
from livlina.core import outbox, tenancy
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, Provider
from livlina.registers.people.models import Person
from tests.faults.helpers import Holder, Program, until, url_of, waiting
from tests.people import ALL

REAL = ("-m", "livlina", "worker")
WITHOUT_SWEEP = """
import asyncio
from livlina.cli import main, worker

async def never(app):
    await asyncio.Event().wait()

worker._sweep = never
main(["worker"])
"""


@pytest.fixture
def start(tmp_path: Path, own_database: str) -> Iterator[Callable[..., Program]]:
    """Return a function that starts a worker of this test's database; all are ended after the test."""
    running: list[Program] = []

    def begin(*words: str) -> Program:
        running.append(Program(tmp_path, url_of(own_database), *words))
        return running[-1]

    yield begin
    for program in running:
        program.kill()


@pytest.fixture
def beside(own_database: str) -> Iterator[psycopg.Connection]:
    """A connection beside the test's own, from which the queue is watched."""
    with psycopg.connect(url_of(own_database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def confirmed_order(
    partly_granted: Decision, norra: Provider, karin: Actor, petra: Actor, now: datetime
) -> Order:
    """Astrid's help at home is granted, ordered and accepted; the case waits for the first visit."""
    actions.place_orders(partly_granted.case, {}, by=karin, now=now)
    orders.choose_provider(Order.objects.get(), norra, by=karin, now=now)
    orders.send_order(Order.objects.get(), repeated_name=norra.name, by=karin, now=now)
    orders.open_order(Order.objects.get(), by=petra, now=now)
    return orders.confirm_order(
        Order.objects.get(), start=date(2026, 3, 9), contact="Petra", by=petra, now=now
    )


@pytest.fixture
def case_in_wait(confirmed_order: Order) -> Case:
    """The case the order comes from, before the first visit."""
    case = Case.objects.get()
    assert case.state == "to_be_executed"
    return case


@pytest.fixture
def report(confirmed_order: Order, ali: Actor, now: datetime) -> Callable[[], ProcrastinateJob]:
    """Return a function by which Ali reports the first visit; it gives the job that is to tell the case of it."""
    day = date(2026, 3, 9)

    def first_visit() -> ProcrastinateJob:
        with tenancy.acting(ali.municipality_id, ALL):
            orders.report_delivery(
                confirmed_order,
                period_from=day,
                period_to=day,
                minutes=45,
                by=ali,
                now=now + timedelta(days=8),
            )
        return ProcrastinateJob.objects.get(args__name="order.delivered_first")

    return first_visit


@pytest.fixture
def someone(own_database: str, asvalla: Municipality) -> Iterator[Callable[[], Holder]]:
    """Return a function that gives someone who can hold rows; nobody holds anything after the test."""
    known: list[Holder] = []

    def enter() -> Holder:
        known.append(Holder(url_of(own_database), asvalla.pk))
        return known[-1]

    yield enter
    for one in known:
        one.connection.close()


def let_time_pass(beside: psycopg.Connection) -> None:
    """A minute goes by in which no worker gave a sign of life."""
    beside.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")


def status(job: ProcrastinateJob) -> str:
    return ProcrastinateJob.objects.get(pk=job.pk).status


def times_begun(case: Case) -> int:
    """How often the timeline says that the service began."""
    return case.events.filter(step="begin_service").count()


def test_a_job_whose_worker_was_killed_is_done_by_another(
    start: Callable[..., Program], report: Callable[[], ProcrastinateJob], case_in_wait: Case,
    someone: Callable[[], Holder], beside: psycopg.Connection, draft_for: Callable[..., Order],
    bertil: Person, now: datetime,
) -> None:  # fmt: skip
    colleague = someone()
    colleague.hold("cases_case", case_in_wait.pk)
    job = report()
    first = start(*REAL)
    until(lambda: waiting(beside), "the worker came to the held case")
    first.kill()
    colleague.let_go()
    until(lambda: not waiting(beside), "the dead worker's statement ended")
    let_time_pass(beside)

    # A worker that does not mind the jobs of the dead does what is new and leaves this one lying.
    careless = start("-c", WITHOUT_SWEEP)
    with tenancy.acting(case_in_wait.municipality_id, ALL):
        outbox.announce("order.delivered_first", draft_for(bertil), now=now)
    other = ProcrastinateJob.objects.latest("id")
    until(lambda: status(other) == "succeeded", "the careless worker did the new job")
    case_in_wait.refresh_from_db()
    assert (status(job), case_in_wait.state, times_begun(case_in_wait)) == ("doing", "to_be_executed", 0)
    assert careless.stop() == 0, careless.said()

    second = start(*REAL)
    until(lambda: status(job) == "succeeded", "another worker did the job of the killed one")
    case_in_wait.refresh_from_db()
    assert (case_in_wait.state, times_begun(case_in_wait)) == ("running", 1)
    assert "stalled_job_given_to_another_worker" in second.said()
    assert second.stop() == 0, second.said()


def test_a_worker_killed_between_the_deed_and_the_note_of_it_does_it_once(
    start: Callable[..., Program], report: Callable[[], ProcrastinateJob], case_in_wait: Case,
    someone: Callable[[], Holder], beside: psycopg.Connection,
) -> None:  # fmt: skip
    colleague, watcher = someone(), someone()
    colleague.hold("cases_case", case_in_wait.pk)
    job = report()
    first = start(*REAL)
    until(lambda: waiting(beside), "the worker came to the held case")
    watcher.hold("procrastinate_jobs", job.pk)  # it can do the job now, and cannot note that it is done
    colleague.let_go()
    until(lambda: times_begun(case_in_wait), "the deed was done")
    [noting] = until(lambda: waiting(beside), "the worker came to noting that it was done")
    first.kill()
    beside.execute("SELECT pg_terminate_backend(%s, 60000)", [noting])  # as when its machine lost power
    watcher.let_go()
    assert status(job) == "doing"
    let_time_pass(beside)

    second = start(*REAL)
    until(lambda: status(job) == "succeeded", "another worker did the job again")
    case_in_wait.refresh_from_db()
    assert (case_in_wait.state, times_begun(case_in_wait)) == ("running", 1)
    assert second.stop() == 0, second.said()
