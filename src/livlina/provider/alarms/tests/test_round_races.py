"""Many at the same call round, each on a connection of their own."""

import pytest

from livlina.core import tenancy
from livlina.provider.alarms.actions import crisis
from livlina.provider.alarms.models import AlarmUnit, CallAttempt, CallEntry, CallRound
from livlina.provider.alarms.models.words import REACHED
from tests.faults.helpers import at_once
from tests.people import ALL, MORNING


@pytest.fixture
def round(own_database: str, astrids_unit, alarm_unit_for, bertil, house) -> CallRound:
    """Astrid and Bertil are to be reached."""
    alarm_unit_for(bertil, "1002")
    return crisis.open_round(AlarmUnit.objects.all(), "Tyst.", by=house, now=MORNING)


def test_a_round_is_not_closed_beside_somebody_who_turns_out_not_to_be_reached(round, petra, ali) -> None:
    with tenancy.acting(petra.municipality_id, ALL):
        for entry in CallEntry.objects.all():
            crisis.press(entry, "ok", seen=None, by=petra, now=MORNING)
        first = CallEntry.objects.order_by("pk").first()
    taken_back = lambda: crisis.press(  # noqa: E731
        first, "no_answer", seen=first.state_at, note="Det var grannen.", by=ali, now=MORNING
    )
    at_once((petra, lambda: crisis.close_round(round, by=petra, now=MORNING)), (ali, taken_back))
    with tenancy.acting(petra.municipality_id, ALL):
        closed = CallRound.objects.get().closed_at is not None
        reached = not CallEntry.objects.exclude(state__in=REACHED).exists()
    assert closed == reached


def test_two_who_reach_the_same_person_at_once_both_stay_and_one_is_told_so(round, petra, ali) -> None:
    with tenancy.acting(petra.municipality_id, ALL):
        entry = CallEntry.objects.order_by("pk").first()
    deeds = [
        (who, lambda who=who, how=how: crisis.press(entry, how, seen=None, by=who, now=MORNING))
        for who, how in ((petra, "ok"), (ali, "visited"))
    ]
    results = at_once(*deeds)
    assert sorted(result.overtaken for result in results) == [False, True]
    with tenancy.acting(petra.municipality_id, ALL):
        assert CallAttempt.objects.filter(entry=entry).count() == 2
