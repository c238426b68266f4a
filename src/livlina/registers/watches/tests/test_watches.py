"""A watch is raised once, climbs by the clock, and goes when its cause goes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.core.access import Actor, Refused, system
from livlina.core.outbox import SUBSCRIBERS, Event
from livlina.registers.watches import actions, jobs, queries
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import UnknownKind, Watch, WatchDesk, WatchEvent, declare, kind
from livlina.registers.watches.models.kinds import KINDS
from livlina.registers.watches.tests.fixtures import LADDER

HOUR = timedelta(hours=1)


def titles(actor: Actor, now: datetime) -> list[str]:
    """What stands on the actor's list, line by line."""
    return [line.watch.kind.title for line in queries.todays(actor, now).lines]


def test_raising_the_same_watch_again_is_the_same_watch(kinds, karin, now):
    source, owner = ("case", uuid4()), Owner("case_worker", karin.unit_id)
    first = actions.raise_watch("test.calm", source, owner=owner, due_at=now, by=karin, now=now)
    again = actions.raise_watch("test.calm", source, owner=owner, due_at=now, by=karin, now=now + HOUR)
    assert first == again
    assert titles(karin, now) == ["Uppföljning"]
    assert WatchEvent.objects.filter(kind="raised").count() == 1


def test_raised_again_with_an_earlier_date_the_earlier_one_holds(kinds, karin, maria, now):
    source, owner = ("case", uuid4()), Owner("case_worker", karin.unit_id)
    for days in (3, 1, 2):
        actions.raise_watch(
            "test.danger", source, owner=owner, due_at=now + days * 24 * HOUR, by=karin, now=now
        )
    assert Watch.objects.get().due_at == now + timedelta(days=1)
    assert titles(maria, now + 25 * HOUR) == ["Larmet svarar inte"]


def test_a_closed_watch_does_not_hinder_a_new_one(watch_for, karin, now):
    watch = watch_for(karin)
    source = (watch.object_type, watch.object_id)
    assert actions.close_for(source, why="Klart.", by=karin, now=now) == 1
    assert actions.close_for(source, why="Klart.", by=karin, now=now) == 0
    actions.raise_watch(
        "test.calm", source, owner=Owner("case_worker", karin.unit_id), due_at=now, by=karin, now=now
    )
    assert Watch.objects.count() == 2


def test_the_database_refuses_a_second_open_watch_of_the_same_kind_and_source(watch_for, karin):
    watch = watch_for(karin)
    watch.pk, watch._state.adding = uuid4(), True
    with pytest.raises(DatabaseError, match="watch_once"), transaction.atomic():
        watch.save()


def test_a_watch_climbs_to_the_manager_and_then_to_whoever_is_on_duty(watch_for, karin, maria, duty, now):
    watch_for(karin, "test.danger", due=now)
    assert (titles(karin, now), titles(maria, now), titles(duty, now)) == (["Larmet svarar inte"], [], [])
    assert titles(maria, now + HOUR - timedelta(seconds=1)) == []
    assert titles(maria, now + HOUR) == ["Larmet svarar inte"]
    assert titles(duty, now + 3 * HOUR) == ["Larmet svarar inte"]
    assert titles(karin, now + 3 * HOUR) == ["Larmet svarar inte"]  # it never leaves those who had it first


def test_the_climb_is_written_down_as_of_its_second_however_late_the_worker_is(watch_for, karin, now):
    watch = watch_for(karin, "test.danger", due=now)
    late = now + timedelta(days=2)
    assert jobs.escalate(karin.municipality_id, late) == 2
    assert jobs.escalate(karin.municipality_id, late) == 0
    climbs = (
        WatchEvent.objects.filter(kind="escalated").order_by("at").values_list("role", "at", "recorded_at")
    )
    assert list(climbs) == [("unit_manager", now + HOUR, late), ("duty_officer", now + 3 * HOUR, late)]
    watch.refresh_from_db()
    assert watch.level == 2


def test_what_the_clock_already_did_is_written_before_the_watch_closes(watch_for, karin, now):
    watch = watch_for(karin, "test.danger", due=now)
    actions.act_on(watch, close=True, by=karin, now=now + 2 * HOUR)
    assert [event.kind for event in queries.history(watch)] == ["raised", "escalated", "acted", "closed"]
    assert jobs.escalate(karin.municipality_id, now + 9 * HOUR) == 0


def test_a_deadline_laid_in_advance_disturbs_nobody_until_its_moment(kinds, karin, maria, now):
    due = now + 4 * HOUR
    actions.raise_watch(
        "test.danger", ("order", uuid4()), owner=Owner("case_worker", karin.unit_id),
        due_at=due, shown_from=due, by=karin, now=now,
    )  # fmt: skip
    assert titles(karin, due - timedelta(seconds=1)) == []
    assert titles(karin, due) == ["Larmet svarar inte"]
    assert titles(maria, due + HOUR) == ["Larmet svarar inte"]


def test_a_dangerous_watch_is_not_snoozed_past_its_day(watch_for, karin, now):
    watch = watch_for(karin, "test.danger", due=now + 5 * HOUR)
    with pytest.raises(actions.CannotSnooze, match="fara"):
        actions.snooze(watch, until=now + 6 * HOUR, reason="Ringer i morgon", by=karin, now=now)
    actions.snooze(watch, until=now + 4 * HOUR, reason="Ringer i eftermiddag", by=karin, now=now)
    assert titles(karin, now + 3 * HOUR) == []
    assert titles(karin, now + 4 * HOUR) == ["Larmet svarar inte"]


def test_a_snoozed_watch_comes_back_by_itself_and_its_ladder_waits_with_it(watch_for, karin, now):
    watch = watch_for(karin)
    later = now + timedelta(days=3)
    actions.snooze(watch, until=later, reason="Väntar på läkarintyg", by=karin, now=now)
    watch.refresh_from_db()
    assert (watch.state(now), watch.state(later)) == ("snoozed", "open")
    assert titles(karin, later - HOUR) == []
    assert titles(karin, later) == ["Uppföljning"]


@pytest.mark.parametrize(("days", "reason", "fault"), [(15, "Semester", actions.SnoozeTooLong),
                                                      (-1, "Semester", actions.SnoozeTooLong),
                                                      (1, "  ", actions.ReasonMissing)])  # fmt: skip
def test_a_snooze_has_a_limit_and_a_reason(watch_for, karin, now, days, reason, fault):
    with pytest.raises(fault):
        actions.snooze(watch_for(karin), until=now + timedelta(days=days), reason=reason, by=karin, now=now)


def test_a_colleague_sees_what_is_the_units_but_not_what_is_one_persons(
    watch_for, karin, johan, sofia, sara, now
):
    watch_for(karin)
    mine = watch_for(karin, "test.danger", own=True)
    assert titles(johan, now) == ["Uppföljning"]
    assert titles(karin, now) == ["Larmet svarar inte", "Uppföljning"]
    assert titles(sofia, now) == []
    for stranger in (johan, sofia, sara):
        with pytest.raises(Refused):
            actions.act_on(mine, by=stranger, now=now)


def test_what_is_nothing_for_me_goes_to_the_unit_and_is_counted(watch_for, karin, johan, maria, now):
    watch = watch_for(karin, own=True)
    actions.ignore(watch, reason="Jag har bytt område", by=karin, now=now)
    assert titles(johan, now) == ["Uppföljning"]
    measure = queries.statistics(maria, now - HOUR, now + HOUR, now + HOUR)[0]
    assert (measure.shown, measure.events["ignored"], measure.acted_share) == (1, 1, 0)


def test_a_watch_handed_to_another_unit_climbs_to_that_units_manager(watch_for, karin, maria, sofia, now):
    watch = watch_for(karin, "test.danger", due=now)
    actions.hand_over(watch, to=Owner("reception", sofia.unit_id), reason="Fel enhet", by=karin, now=now)
    assert titles(sofia, now) == ["Larmet svarar inte"]
    assert titles(karin, now) == []
    assert titles(maria, now + HOUR) == []
    assert WatchDesk.objects.get(rung=1).unit_id == sofia.unit_id


def test_a_watch_is_not_handed_to_someone_who_does_not_sit_there(watch_for, karin, sofia, now):
    for to in (
        Owner("reception", uuid4()),
        Owner("nurse", sofia.unit_id),
        Owner("reception", sofia.unit_id, karin.user_id),
    ):
        with pytest.raises(actions.NobodyThere):
            actions.hand_over(watch_for(karin), to=to, reason="Fel enhet", by=karin, now=now)


def test_done_twice_is_done_once(watch_for, karin, now):
    watch = watch_for(karin)
    for _ in range(2):
        actions.act_on(watch, close=True, by=karin, now=now)
    assert WatchEvent.objects.filter(kind="closed").count() == 1
    with pytest.raises(actions.AlreadyClosed):
        actions.snooze(Watch.objects.get(), until=now + HOUR, reason="Sent", by=_manager(karin), now=now)


def _manager(actor: Actor) -> Actor:
    """The manager of the actor's unit, who sees what the unit owns also when it lies on no desk."""
    return Actor(
        "staff", actor.municipality_id, "unit_manager", "Chef", unit_id=actor.unit_id, user_id=actor.user_id
    )


def test_an_event_told_by_another_room_closes_the_watch(kinds, karin, now):
    declare("test.event", "Väntar på svar", "x", "y", closes_on=("test.answered",))
    try:
        source = uuid4()
        actions.raise_watch(
            "test.event",
            ("thing", source),
            owner=Owner("case_worker", karin.unit_id),
            due_at=now,
            by=karin,
            now=now,
        )
        [handler] = SUBSCRIBERS["test.answered"].values()
        for _ in range(2):
            handler(Event("test.answered", karin.municipality_id, source, now + HOUR))
        assert Watch.objects.get().closed_why == "test.answered"
    finally:
        del KINDS["test.event"], SUBSCRIBERS["test.answered"]


def test_a_kind_is_declared_once_and_climbs_upward(kinds):
    with pytest.raises(ValueError, match="twice"):
        declare("test.calm", "Annat", "x", "y")
    with pytest.raises(ValueError, match="climb in time"):
        declare("test.wrong", "Fel", "x", "y", ladder=[(2 * HOUR, "unit_manager"), (HOUR, "duty_officer")])
    with pytest.raises(ValueError, match="must climb"):
        declare("test.wrong", "Fel", "x", "y", danger=True)
    with pytest.raises(UnknownKind):
        kind("test.wrong")


@pytest.mark.parametrize(
    "change", ["UPDATE watches_watchevent SET kind = 'acted'", "DELETE FROM watches_watchevent"]
)
def test_what_happened_to_a_watch_cannot_be_rewritten(watch_for, karin, change):
    watch_for(karin)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_only_the_system_writes_escalations_down(watch_for, karin, now):
    watch_for(karin, "test.danger")
    with pytest.raises(Refused):
        actions.escalate_due(by=karin, now=now + HOUR)


def test_shares_of_acted_on_and_ignored_are_measured_per_kind(watch_for, karin, maria, now):
    for _ in range(3):
        actions.act_on(watch_for(karin), close=True, by=karin, now=now)
    quiet = watch_for(karin, "test.danger", due=now)
    actions.close_for(
        (quiet.object_type, quiet.object_id), why="Svarade.", by=system(karin.municipality_id), now=now + HOUR
    )
    measures = queries.statistics(maria, now - HOUR, now + HOUR, now + 2 * HOUR)
    assert [(m.kind.code, m.acted_share, m.ignored_share) for m in measures] == [
        ("test.danger", 0, 100),
        ("test.calm", 100, 0),
    ]
    with pytest.raises(Refused):
        queries.statistics(karin, now - HOUR, now, now)


ROLES_ON_A_WATCH = {
    "reception": "", "case_worker": "read act", "unit_manager": "read act", "committee_secretary": "", "duty_officer": "",
    "provider_manager": "read act", "provider_staff": "", "nurse": "", "support": "", "administrator": "", "citizen": "",
}  # fmt: skip


@pytest.mark.parametrize(("role", "verbs"), ROLES_ON_A_WATCH.items())
def test_who_may_do_what_with_the_units_watch(watch_for, karin, role, verbs):
    from livlina.core.access import may

    watch = watch_for(karin)
    same_unit = Actor("staff", karin.municipality_id, role, "Någon", user_id=0, unit_id=karin.unit_id)
    other_unit = Actor("staff", karin.municipality_id, role, "Någon", user_id=0, unit_id=uuid4())
    for verb in ("read", "act", "snooze", "ignore", "hand_over"):
        assert may(same_unit, f"watches.{verb}", watch) is bool(verbs)
        assert may(other_unit, f"watches.{verb}", watch) is False


def test_the_list_costs_two_statements_whatever_lies_there(watch_for, karin, statements, now):
    for _ in range(30):
        watch_for(karin)
    with statements() as sent:
        found = queries.todays(karin, now)
        names = [line.watch.person for line in found.lines]
    assert len(sent) <= 2
    assert (len(names), found.total, found.rest[0].count) == (12, 30, 18)


def test_a_municipality_sets_its_own_noise_budget_and_danger_is_shown_first(watch_for, karin, settings, now):
    settings.PARAMETERS = settings.PARAMETERS | {"noise_budget": 2}
    for _ in range(3):
        watch_for(karin, due=now - timedelta(days=3))
    watch_for(karin, "test.danger", due=now + timedelta(days=2))
    watch_for(karin, due=now + timedelta(days=5))
    found = queries.todays(karin, now)
    assert [line.type for line in found.lines] == ["test.danger", "test.calm"]
    assert [(item.kind.code, item.count) for item in found.rest] == [("test.calm", 2)]
    assert [item.count for item in found.later] == [1]
    assert queries.counts(karin, now) == queries.Counts(today=4, danger=1, later=1)


def test_due_today_means_before_the_swedish_midnight(watch_for, karin, now):
    midnight = datetime.fromisoformat("2026-03-02T23:00:00+00:00")
    watch_for(karin, due=midnight)
    assert titles(karin, now) == []
    assert titles(karin, midnight) == ["Uppföljning"]


def test_a_place_to_hand_over_to_is_on_ones_own_side(karin, johan, sofia, petra, now):
    labels = [place.label for place in queries.places(karin, now)]
    assert "Johan Brink, Handläggare" in labels
    assert "Mottagningen: Mottagning" in labels
    assert not any("Norra" in label for label in labels)


@pytest.fixture
def firm(kinds, watch_for, karin, now):
    """A watch about something that ends by law in two days, on Karin's own desk."""
    declare(
        "test.firm", "Beslutet upphör", "Lagen.", "Barnet förs hem.", danger=True, ladder=LADDER, firm=True
    )
    yield watch_for(karin, "test.firm", due=now + timedelta(days=2), own=True)
    del KINDS["test.firm"]


def test_what_ends_by_law_is_neither_snoozed_handed_away_nor_closed_by_hand(firm, karin, sofia, now):
    tomorrow, manager = now + timedelta(days=1), Owner("reception", sofia.unit_id)
    for put_off in (
        lambda: actions.snooze(firm, until=tomorrow, reason="Ringer i morgon.", by=karin, now=now),
        lambda: actions.hand_over(firm, to=manager, reason="Tar du den?", by=karin, now=now),
        lambda: actions.ignore(firm, reason="Inte min.", by=karin, now=now),
        lambda: actions.act_on(firm, by=karin, now=now, close=True),
    ):
        with pytest.raises(actions.IsFirm, match="försvinner när det den gäller är gjort"):
            put_off()
    assert titles(karin, now) == ["Beslutet upphör"]
    assert [event.kind for event in queries.history(firm)] == ["raised"]


def test_what_ends_by_law_can_be_noted_on_and_goes_when_its_cause_goes(firm, karin, now):
    actions.act_on(firm, by=karin, now=now, note="Budet är på väg till rätten.")
    assert titles(karin, now) == ["Beslutet upphör"]
    actions.close_for((firm.object_type, firm.object_id), why="Underställt", by=karin, now=now)
    assert titles(karin, now) == []


def test_a_firm_kind_is_dangerous():
    with pytest.raises(ValueError, match="firm and must be dangerous"):
        declare("test.soft", "Titel", "Varför", "Följd", firm=True)
