"""What happens at a visit is told once, by whoever was there; what has happened is never refused."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from livlina.core.access import Actor, Refused
from livlina.provider.homecare.actions import visits
from livlina.provider.homecare.actions.telling import outcome_of
from livlina.provider.homecare.actions.visits import VisitRefused
from livlina.provider.homecare.models import Visit, VisitCarer, VisitEvent
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

HALF = timedelta(minutes=30)


def goers(visit: Visit) -> set[str]:
    rows = VisitCarer.objects.filter(visit=visit, taken_at=None)
    return set(rows.values_list("carer__user__name", flat=True))


def test_ali_comes_and_leaves_and_the_visit_is_done(morning: Visit, ali: Actor, now: datetime) -> None:
    visits.check_in(morning, at=now, by=ali, now=now)
    morning.refresh_from_db()
    assert morning.state == "begun"
    later = now + timedelta(minutes=26)
    visits.check_out(morning, at=later, by=ali, now=later, text="Duschade, mår bra.")
    morning.refresh_from_db()
    assert morning.state == "done"
    assert outcome_of(morning).performed == 26
    assert morning.minutes == 30  # planned is another figure


def test_pressing_twice_is_coming_once(morning: Visit, ali: Actor, now: datetime) -> None:
    first = visits.check_in(morning, at=now, by=ali, now=now)
    again = visits.check_in(morning, at=now + HALF, by=ali, now=now + HALF)
    assert first == again


def test_an_event_from_a_phone_that_comes_twice_is_one_row(morning: Visit, ali: Actor, now: datetime) -> None:
    told = {"source": "phone", "device_at": now, "event_id": uuid.uuid4()}
    first = visits.check_in(morning, at=now, by=ali, now=now + HALF, **told)
    assert visits.check_in(morning, at=now, by=ali, now=now + 2 * HALF, **told) == first
    assert first.heard_at == now + HALF
    assert VisitEvent.objects.filter(visit=morning, kind="in").count() == 1


def test_a_visit_cancelled_at_the_office_and_made_without_coverage_stays_made(
    morning: Visit, petra: Actor, ali: Actor, now: datetime
) -> None:
    visits.cancel_visit(morning, reason="hospital", by=petra, now=now)
    phone = {"source": "phone", "event_id": uuid.uuid4()}
    visits.check_in(morning, at=now, device_at=now, by=ali, now=now + 3 * HALF, **phone)
    phone = {"source": "phone", "event_id": uuid.uuid4()}
    visits.check_out(morning, at=now + HALF, device_at=now + HALF, by=ali, now=now + 3 * HALF, **phone)
    morning.refresh_from_db()
    assert morning.state == "done"
    assert VisitEvent.objects.get(visit=morning, kind="deviation").reason == "cancelled"
    assert Watch.objects.filter(type="homecare.deviation", object_id=morning.pk).exists()


def test_at_the_office_a_cancelled_visit_is_not_begun(
    morning: Visit, petra: Actor, ali: Actor, now: datetime
) -> None:
    visits.cancel_visit(morning, reason="hospital", by=petra, now=now)
    with pytest.raises(VisitRefused, match="inställt"):
        visits.check_in(morning, at=now, by=ali, now=now)


@pytest.mark.parametrize(
    ("minutes", "word"), [(60, "framåt"), (-60 * 24 * 3, "långt från")], ids=["ahead", "days ago"]
)
def test_a_time_that_cannot_be_is_asked_about(
    morning: Visit, ali: Actor, now: datetime, minutes: int, word: str
) -> None:
    with pytest.raises(VisitRefused, match=word):
        visits.check_in(morning, at=now + timedelta(minutes=minutes), by=ali, now=now)


def test_nobody_leaves_before_they_came(morning: Visit, ali: Actor, now: datetime) -> None:
    with pytest.raises(VisitRefused, match="när besöket började"):
        visits.check_out(morning, at=now, by=ali, now=now)
    visits.check_in(morning, at=now, by=ali, now=now)
    with pytest.raises(VisitRefused, match="innan det började"):
        visits.check_out(morning, at=now - HALF, by=ali, now=now)


def test_a_visit_that_is_not_made_has_a_reason_and_what_is_done_instead(
    morning: Visit, ali: Actor, now: datetime
) -> None:
    with pytest.raises(VisitRefused, match="varför"):
        visits.missed(morning, reason="", follow_up="Ringer", by=ali, now=now)
    with pytest.raises(VisitRefused, match="i stället"):
        visits.missed(morning, reason="no_time", follow_up=" ", by=ali, now=now)
    visits.missed(morning, reason="no_time", follow_up="Noor går efter lunch.", by=ali, now=now)
    morning.refresh_from_db()
    assert morning.state == "missed"
    assert Watch.objects.filter(type="homecare.missed", object_id=morning.pk).exists()


def test_nobody_home_is_work_for_the_manager(morning: Visit, ali: Actor, now: datetime) -> None:
    visits.check_in(morning, at=now, by=ali, now=now)
    visits.not_home(morning, reason="no_answer", follow_up="Ringer Anna.", at=now, by=ali, now=now)
    morning.refresh_from_db()
    assert morning.state == "not_home"
    assert Watch.objects.filter(type="homecare.not_home", object_id=morning.pk).exists()


def test_a_visit_lies_where_it_was_moved_last_whoever_was_heard_first(
    morning: Visit, petra: Actor, ali: Actor, now: datetime
) -> None:
    visits.move_visit(morning, now + 2 * HALF, reason="replan", by=petra, now=now + HALF)
    before = {"source": "phone", "device_at": now, "event_id": uuid.uuid4()}
    visits.move_visit(morning, now + 6 * HALF, reason="wish", by=ali, now=now + 2 * HALF, **before)
    morning.refresh_from_db()
    assert morning.starts_at == now + 2 * HALF  # Ali moved it in the stairwell before Petra did


def test_a_carer_does_not_move_visits_at_the_office(morning: Visit, ali: Actor, now: datetime) -> None:
    with pytest.raises(Refused):
        visits.move_visit(morning, now + HALF, reason="wish", by=ali, now=now)


def test_a_swap_told_by_both_phones_is_one_swap(
    morning: Visit, ali: Actor, noor: Actor, now: datetime
) -> None:
    for who in (ali, noor):
        phone = {"source": "phone", "device_at": now, "event_id": uuid.uuid4()}
        visits.swap_visit(morning, ali.assignment_id, noor.assignment_id, by=who, now=now + HALF, **phone)
    assert goers(morning) == {"Noor Aziz"}
    assert VisitEvent.objects.filter(visit=morning, kind="swapped").count() == 1


def test_a_visit_that_asks_for_a_delegation_is_not_given_to_one_without(
    astrid: Person, visit_at: Callable[..., Visit], petra: Actor, ali: Actor, noor: Actor, now: datetime
) -> None:
    visit = visit_at(astrid, now, 20, delegations=["insulin"])
    with pytest.raises(VisitRefused, match="insulin"):
        visits.give_visit(visit, ali.assignment_id, by=petra, now=now)
    phone = {"source": "phone", "device_at": now, "event_id": uuid.uuid4()}
    visits.swap_visit(visit, ali.assignment_id, noor.assignment_id, by=ali, now=now, **phone)
    assert goers(visit) == {"Noor Aziz"}  # it has happened
    assert VisitEvent.objects.get(visit=visit, kind="deviation").reason == "delegation"


def test_an_extra_visit_hangs_on_the_order_and_is_made_once(
    morning: Visit, astrid: Person, ali: Actor, now: datetime
) -> None:
    key = uuid.uuid4()
    said = {"starts_at": now, "minutes": 15, "reason": "need", "client_id": key}
    first = visits.extra_visit(astrid, by=ali, now=now, **said)
    assert visits.extra_visit(astrid, by=ali, now=now, **said) == first
    assert first.order_id == morning.order_id
    assert goers(first) == {"Ali Hassan"}


def test_a_deviation_takes_two_taps_and_a_double_click_is_one(
    morning: Visit, astrid: Person, ali: Actor, now: datetime
) -> None:
    first = visits.report_deviation(astrid, "fall", by=ali, now=now)
    assert visits.report_deviation(morning, "fall", by=ali, now=now) == first
    assert first.visit_id == morning.pk


def test_approved_minutes_count_once_and_the_last_approval_holds(
    morning: Visit, petra: Actor, ali: Actor, now: datetime
) -> None:
    with pytest.raises(VisitRefused, match="gjort"):
        visits.approve_visit(morning, 30, by=petra, now=now)
    visits.check_in(morning, at=now, by=ali, now=now)
    visits.check_out(morning, at=now + HALF, by=ali, now=now + HALF)
    first = visits.approve_visit(morning, 30, by=petra, now=now + HALF)
    assert visits.approve_visit(morning, 30, by=petra, now=now + HALF) == first
    visits.approve_visit(morning, 25, by=petra, now=now + HALF)
    assert outcome_of(morning).approved == 25
    with pytest.raises(Refused):
        visits.approve_visit(morning, 30, by=ali, now=now)


def test_petra_corrects_when_ali_forgot_to_leave(
    morning: Visit, petra: Actor, ali: Actor, now: datetime
) -> None:
    visits.check_in(morning, at=now, by=ali, now=now)
    late = now + 8 * HALF
    out = visits.check_out(morning, at=late, by=ali, now=late)
    assert outcome_of(morning).performed == 240
    visits.correct_event(out, at=now + HALF, reason="Glömde trycka.", by=petra, now=late)
    assert outcome_of(morning).performed == 30
    with pytest.raises(VisitRefused, match="redan rättat"):
        visits.correct_event(out, at=now, reason="Igen", by=petra, now=late)


def test_two_carers_at_the_same_visit_are_each_counted(
    morning: Visit, petra: Actor, ali: Actor, noor: Actor, now: datetime
) -> None:
    visits.give_visit(morning, noor.assignment_id, by=petra, now=now - HALF)
    for who, left in ((ali, 30), (noor, 20)):
        visits.check_in(morning, at=now, by=who, now=now)
        end = now + timedelta(minutes=left)
        visits.check_out(morning, at=end, by=who, now=end)
    said = outcome_of(morning)
    assert said.performed == 50
    assert said.performers == {ali.assignment_id, noor.assignment_id}


@pytest.mark.parametrize("stranger", ["erik", "karin", "sara"])
def test_another_provider_and_the_authority_reach_no_visit(
    morning: Visit, stranger: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    who = request.getfixturevalue(stranger)
    for act in (visits.check_in, visits.check_out):
        with pytest.raises(Refused):
            act(morning, at=now, by=who, now=now)
    with pytest.raises(Refused):
        visits.missed(morning, reason="no_time", follow_up="x", by=who, now=now)
