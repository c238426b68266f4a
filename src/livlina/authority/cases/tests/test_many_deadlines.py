"""Thousands of clocks told at once end as they did one by one: the same watches, desks, events and record."""

import threading
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.authority.cases.actions import deadlines
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Case, Deadline
from livlina.core import audit
from livlina.core.access import Actor, system
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import AuditEvent
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.people.models import Person
from livlina.registers.watches.actions import Owner, close_for, raise_watch
from livlina.registers.watches.models import Watch, WatchDesk, WatchEvent

ROLES = ("case_worker", "unit_manager", "duty_officer", "committee_secretary")
MONDAY = date(2026, 3, 2)

clocks = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(-5, 8),
        st.lists(st.tuples(st.integers(-6, 8), st.sampled_from(ROLES)), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)
mornings = st.lists(st.integers(0, 9), min_size=1, max_size=4).map(sorted)


def one_by_one(by: Actor, now: datetime) -> int:
    """What the job did before: each clock by itself, in the order of its day."""
    today, told = day_of(now), 0
    homes = deadlines._homes(by.municipality_id, today)
    due = Deadline.objects.filter(state="running", next_escalation__lte=today).select_related("case")
    for clock in due.order_by("next_escalation", "id"):
        passed = [role for day, role in clock.escalations if date.fromisoformat(day) <= today]
        later = [date.fromisoformat(day) for day, _ in clock.escalations]
        clock.next_escalation = min((day for day in later if day > today), default=None)
        clock.save(update_fields=["next_escalation"])
        if not passed:
            continue
        case, role, told = clock.case, passed[-1], told + 1
        close_for(("cases.deadline", clock.pk), why="Gick vidare", by=by, now=now)
        seat = Owner(role, homes.get(role, case.unit_id), compartment=case.compartment)
        own = Owner("case_worker", case.unit_id, case.responsible_id, compartment=case.compartment)
        kinds = {"cases.deadline": own if role == "case_worker" else seat}
        if clock.lapses:
            kinds = {"cases.lapsing": seat, "cases.lapsing_own": own}
        for kind, owner in kinds.items():
            raise_watch(
                kind, ("cases.deadline", clock.pk), owner=owner, about=clock.label,
                by=by, now=now, person_id=case.person_id,
                due_at=datetime.combine(clock.strict_date, time(16), SWEDEN), units={"unit_manager": case.unit_id},
            )  # fmt: skip
        audit.wrote(by, "cases.tell", now=now, obj=clock, person_id=case.person_id, detail={"role": role})
    return told


def begin(case: Case, told: list[tuple[bool, int, list[tuple[int, str]]]]) -> list[UUID]:
    """Let these clocks run in a case: whether they lapse, their last day, and who is told on which day."""
    rows = []
    for place, (lapses, last, tellings) in enumerate(told):
        ladder = [[str(MONDAY + timedelta(days=day)), role] for day, role in sorted(tellings)]
        rows.append(
            Deadline(
                municipality_id=case.municipality_id, compartment=case.compartment, case=case, name=f"clock_{place}",
                label="Tiden går ut", lapses=lapses, anchor="register", anchor_date=MONDAY,
                strict_date=MONDAY + timedelta(days=last), legal_date=MONDAY + timedelta(days=last),
                escalations=ladder, next_escalation=date.fromisoformat(ladder[0][0]),
            )
        )  # fmt: skip
    return [row.pk for row in Deadline.objects.bulk_create(rows)]


def left_behind(keys: list[UUID]) -> dict[str, list[str]]:
    """Everything that was written, by what it says and not by its ids."""
    place = {key: f"clock {number}" for number, key in enumerate(keys)}
    watches = {
        watch.pk: f"{place[watch.object_id]} {watch.type} {watch.opened_at}"
        for watch in Watch.objects.filter(object_id__in=keys)
    }
    ids = {str(key): name for key, name in (place | watches).items()}

    def said(model: type, name: str, skip: tuple[str, ...] = ("id",)) -> list[str]:
        rows = model.objects.filter(**{f"{name}__in": list(watches) if name == "watch_id" else list(ids)})
        return sorted(
            str({key: ids.get(str(value), value) for key, value in row.items() if key not in skip})
            for row in rows.values()
        )

    return {
        "clocks": [str(day) for day in Deadline.objects.filter(pk__in=keys).order_by("name").values_list("next_escalation")],
        "watches": said(Watch, "id"),
        "desks": said(WatchDesk, "watch_id"),
        "events": said(WatchEvent, "watch_id"),
        "record": said(AuditEvent, "object_id"),
    }  # fmt: skip


@given(told=clocks, days=mornings)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.usefixtures("duty", "maria", "eva")
def test_many_at_once_leave_what_one_by_one_left(astrids_case, asvalla, now, told, days):
    Deadline.objects.exclude(name__startswith="clock_").update(next_escalation=None)
    by, left = system(asvalla.pk, EVERYTHING), []
    for run in (one_by_one, lambda by, now: mark_deadlines(by.municipality_id, now)):
        keys = begin(astrids_case, told)
        counts = [run(by, now + timedelta(days=day)) for day in days]
        left.append((counts, left_behind(keys)))
        Deadline.objects.filter(pk__in=keys).update(state="met", stopped_at=now)
    assert left[0] == left[1]


def test_what_ends_by_law_is_told_first(astrids_case, asvalla, now):
    keys = begin(astrids_case, [(False, 1, [(-5, "case_worker")]), (True, 5, [(0, "duty_officer")])])
    waiting = deadlines.due_clocks(by=system(asvalla.pk, EVERYTHING), now=now)
    assert [key for key in waiting if key in keys] == keys[::-1]


def test_a_run_that_has_no_more_time_goes_on_in_the_next(astrids_case, asvalla, now, monkeypatch):
    monkeypatch.setattr("livlina.authority.cases.jobs.BATCH", 2)
    begin(astrids_case, [(False, 3, [(0, "case_worker")])] * 5)
    runs = [mark_deadlines(asvalla.pk, now, longest=timedelta()) for _ in range(4)]
    assert (sum(runs), runs[-1]) == (5, 0)
    assert runs[0] < 5


def test_a_clock_another_worker_holds_is_left_to_it(own_database, karin, now):
    with acting(karin.municipality_id, EVERYTHING):
        person = Person.objects.create(
            municipality_id=karin.municipality_id, given_names="Elsa", family_name="Ek"
        )
        case = Case.objects.create(
            municipality_id=karin.municipality_id, compartment=1, number="2026-000001", process_code="home_care",
            process_version="2025-07-01", person=person, unit_id=karin.unit_id, responsible_id=karin.user_id,
            state="investigating", state_since=now, received_on=MONDAY, received_how="visit", registered_on=MONDAY,
        )  # fmt: skip
        held, free = begin(case, [(True, 3, [(0, "case_worker")]), (False, 3, [(0, "case_worker")])])
    counts = []

    def other_worker() -> None:
        counts.append(mark_deadlines(karin.municipality_id, now))
        connection.close()

    with acting(karin.municipality_id, EVERYTHING):
        Deadline.objects.select_for_update().get(pk=held)
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join(30)
    assert counts == [1]
    assert mark_deadlines(karin.municipality_id, now) == 1
    with acting(karin.municipality_id, EVERYTHING):
        assert Watch.objects.filter(object_id=free, closed_at=None).count() == 1
        assert Watch.objects.filter(object_id=held, closed_at=None).count() == 2
