"""A key goes with the work: what home care tells the doors, from its own rosters, visits and tasks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core.access import Actor
from livlina.core.keys import Pair
from livlina.provider.doors import actions as doors
from livlina.provider.doors.actions import GrantRefused
from livlina.provider.doors.models import Grant, Lock, Opening
from livlina.provider.doors.tests.fixtures import Door, assignment
from livlina.provider.homecare.actions import visits
from livlina.provider.homecare.models import Shift, Visit
from livlina.registers.watches.models import Watch

HOUR = timedelta(hours=1)


@pytest.fixture
def key(astrids_door: Lock, alis_phone: Pair, now: datetime) -> Callable[..., tuple[Grant, bytes]]:
    """Return a function that asks for a key to Astrid's door for the day."""

    def ask(who: Actor, kind: str = "shift", **more: Any) -> tuple[Grant, bytes]:
        return doors.grant(
            kind, holder=assignment(who), public=alis_phone.public, locks=[astrids_door], not_before=now,
            expires=now + 7 * HOUR, by=who, now=now, **more,
        )  # fmt: skip

    return ask


def test_a_carer_with_a_shift_and_a_visit_gets_the_key_and_a_colleague_without_does_not(
    key: Any, morning: Visit, shift_of: Callable[..., Shift], ali: Actor, noor: Actor
) -> None:
    with pytest.raises(GrantRefused, match="arbetspass"):
        key(ali)
    shift_of(ali)
    shift_of(noor)
    assert key(ali)[0].holder_name == "Ali Hassan"
    with pytest.raises(GrantRefused, match="inget besök"):
        key(noor)


def test_when_a_visit_is_swapped_its_key_goes_with_it(
    key: Any,
    morning: Visit,
    shift_of: Callable[..., Shift],
    ali: Actor,
    noor: Actor,
    petra: Actor,
    now: datetime,
) -> None:
    shift_of(ali)
    shift_of(noor)
    visits.swap_visit(morning, ali.assignment_id, noor.assignment_id, by=petra, now=now)
    row, _ = key(noor, "stand_in")
    assert row.expires == now + 7 * HOUR
    with pytest.raises(GrantRefused, match="inget besök"):
        key(ali)


def test_a_cancelled_visit_gives_no_key_and_a_sick_carer_none_either(
    key: Any, morning: Visit, shift_of: Callable[..., Shift], ali: Actor, petra: Actor, now: datetime
) -> None:
    shift = shift_of(ali)
    visits.cancel_visit(morning, reason="Hos dottern", by=petra, now=now)
    with pytest.raises(GrantRefused, match="inget besök"):
        key(ali)
    Shift.objects.filter(pk=shift.pk).update(state="sick")
    with pytest.raises(GrantRefused, match="arbetspass"):
        key(ali)


def test_only_a_round_shift_gives_the_keys_of_an_area(
    key: Any, morning: Visit, shift_of: Callable[..., Shift], ali: Actor
) -> None:
    shift_of(ali, area="Centrum")
    with pytest.raises(GrantRefused, match="arbetspass"):
        key(ali, "round", area="Centrum", reason="Larm")
    shift_of(ali, area="Centrum", round=True)
    assert key(ali, "round", area="Centrum", reason="Larm")[0].area == "Centrum"


def test_a_door_opened_at_the_visit_is_in_order_and_one_opened_hours_later_is_asked_about(
    key: Any, morning: Visit, shift_of: Callable[..., Shift], ali: Actor, astrids_door: Lock, alis_phone: Pair,
    doors_system: Actor, now: datetime,
) -> None:  # fmt: skip
    shift_of(ali)
    row, token = key(ali)
    door = Door(astrids_door, now)
    door.open(alis_phone, token, now + timedelta(minutes=4))
    doors.take_openings(door.log, carried_by=row.thumbprint, by=doors_system, now=now + HOUR)
    assert not Watch.objects.filter(type="doors.unplanned").exists()
    door.open(alis_phone, token, now + 5 * HOUR)
    doors.take_openings(door.log, carried_by=row.thumbprint, by=doors_system, now=now + 6 * HOUR)
    assert Watch.objects.get(type="doors.unplanned").object_id == Opening.objects.get(number=2).pk
