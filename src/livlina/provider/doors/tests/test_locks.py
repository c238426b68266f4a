"""Locks are ordered, agreed to, fitted and taken down; makers fail and are asked again; metal keys are counted."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from livlina.core.access import Actor, Refused
from livlina.core.keys import Pair
from livlina.provider.doors import actions, adapters
from livlina.provider.doors.actions import KeyRefused, LockRefused, vendors
from livlina.provider.doors.models import Lock, MetalKey, VendorCall
from livlina.provider.doors.protocol import fitting
from livlina.provider.doors.protocol.lock import Lock as RealLock
from livlina.provider.doors.protocol.phone import Key, Phone
from livlina.provider.doors.tests.fixtures import Roster, assignment
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

CARD = b"the code on the card"


@pytest.fixture
def ordered(astrids_door: Lock, astrid: Person, petra: Actor, now: datetime) -> Lock:
    """A second lock at Astrid's, for the cellar, ordered by Petra and agreed to by both."""
    lock = actions.order_lock(astrid, place="Källardörren", area="Centrum", by=petra, now=now)
    for whose in ("client", "owner"):
        actions.give_consent(lock, whose, "Astrid Lindqvist", "Muntligt", now.date(), by=petra, now=now)
    return lock


def test_a_lock_ordered_twice_is_one_order_with_one_duty(
    ordered: Lock, astrid: Person, petra: Actor, now: datetime
) -> None:
    again = actions.order_lock(astrid, place="Källardörren ", by=petra, now=now)
    assert again == ordered
    assert Watch.objects.filter(type="doors.fit", closed_at=None).count() == 1


def test_a_locks_number_tells_nothing_and_is_never_used_again(
    ordered: Lock, astrids_door: Lock, astrid: Person, petra: Actor, now: datetime
) -> None:
    actions.remove_lock(ordered, by=petra, now=now)
    new = actions.order_lock(astrid, place="Källardörren", by=petra, now=now)
    assert len({new.number, ordered.number, astrids_door.number}) == 3


def test_a_lock_is_taken_into_use_first_when_it_has_opened_by_its_own_log(
    ordered: Lock,
    roster: Roster,
    petra: Actor,
    ali: Actor,
    alis_phone: Pair,
    doors_system: Actor,
    now: datetime,
) -> None:
    with pytest.raises(LockRefused, match="provöppning"):
        actions.fit_lock(ordered, by=ali, now=now)
    assert ali.assignment_id
    key = actions.make_fitter_key(ordered, ali.assignment_id, alis_phone.public, by=petra, now=now)
    lock, moment = RealLock(code=CARD), int(now.timestamp())
    lock.fit(key.order, fitting.mark(CARD, key.order), moment, 0.0)
    hand = Phone(Key(alis_phone.private, alis_phone.public))
    lock.act(hand.ask(lock.challenge(0.0), ordered.number, [key.token], now=moment), moment, 0.0)
    carried = [entry.raw for entry in lock.memory.log.entries]
    actions.take_openings(carried, carried_by=key.grant.thumbprint, by=doors_system, now=now)
    assert actions.fit_lock(ordered, by=ali, now=now).state == "fitted"
    assert not Watch.objects.filter(type="doors.fit", closed_at=None).exists()


def test_only_the_units_manager_orders_and_keeps_locks(
    astrids_door: Lock, astrid: Person, ali: Actor, erik: Actor, karin: Actor, ola: Actor, now: datetime
) -> None:
    for who in (ali, erik, karin, ola):
        with pytest.raises(Refused):
            actions.order_lock(astrid, place="Altanen", by=who, now=now)
        with pytest.raises(Refused):
            actions.rekey(astrids_door, "Nej", by=who, now=now)
        with pytest.raises(Refused):
            actions.remove_lock(astrids_door, by=who, now=now)


def test_a_lock_out_of_order_is_told_to_the_manager_until_it_is_mended(
    astrids_door: Lock, ali: Actor, now: datetime
) -> None:
    actions.report_fault(astrids_door, "Blinkar rött", by=ali, now=now)
    assert Watch.objects.filter(type="doors.faulty", closed_at=None).exists()
    assert actions.mend_lock(astrids_door, by=ali, now=now).state == "fitted"
    assert not Watch.objects.filter(type="doors.faulty", closed_at=None).exists()


# Makers of locks ----------------------------------------------------------------------------------------------------


@pytest.fixture
def maker() -> Iterator[adapters.Fake]:
    """A maker of locks that does as it is told."""
    fake = adapters.Fake()
    adapters.register(fake)
    yield fake
    del adapters.base.VENDORS["fake"]


def test_a_maker_that_fails_is_told_of_asked_again_and_nothing_is_lost(
    maker: adapters.Fake, door_for: Callable[..., Lock], astrid: Person, petra: Actor, doors_system: Actor,
    now: datetime,
) -> None:  # fmt: skip
    lock = door_for(astrid, vendor="fake")
    maker.fault = "503 Service Unavailable"
    lock = actions.rekey(lock, "Byte", by=petra, now=now)
    at = now
    for _ in range(3):
        assert vendors.call_due(by=doors_system, now=at) == 0
        assert vendors.call_due(by=doors_system, now=at) == 0  # not at once again
        at = VendorCall.objects.get().next_at
    call = VendorCall.objects.get()
    assert (call.tries, call.done_at, call.fault) == (3, None, "503 Service Unavailable")
    assert Watch.objects.filter(type="doors.vendor", closed_at=None).exists()
    maker.fault = ""
    assert vendors.call_due(by=doors_system, now=at) == 1
    assert maker.done == [("rekey", lock.number, {"epoch": 2})]
    assert not Watch.objects.filter(type="doors.vendor", closed_at=None).exists()


def test_a_lock_of_the_open_protocol_asks_nothing_of_its_maker(
    door_for: Callable[..., Lock], astrid: Person, petra: Actor, now: datetime
) -> None:
    actions.rekey(door_for(astrid, vendor="open"), "Byte", by=petra, now=now)
    assert not VendorCall.objects.exists()


# Other units --------------------------------------------------------------------------------------------------------


def test_another_unit_is_let_in_from_a_day_to_a_day_and_never_the_locks_own(
    astrids_door: Lock, petra: Actor, erik: Actor, karin: Actor, now: datetime
) -> None:
    own, theirs, office = (assignment(who).unit for who in (petra, erik, karin))
    for unit in (own, office):
        with pytest.raises(LockRefused):
            actions.let_unit_in(astrids_door, unit, "Natt", now.date(), None, by=petra, now=now)
    with pytest.raises(LockRefused):
        actions.let_unit_in(astrids_door, theirs, "Natt", now.date(), date(2026, 1, 1), by=petra, now=now)
    with pytest.raises(Refused):
        actions.let_unit_in(astrids_door, theirs, "Natt", now.date(), None, by=erik, now=now)


# Metal keys ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def key(astrids_door: Lock, astrid: Person, petra: Actor, now: datetime) -> MetalKey:
    """Key N112, to Astrid's."""
    return actions.add_key("n112", astrid, "Skåp 1, krok 12", by=petra, now=now)


@pytest.mark.parametrize("number", ["Astrid", "Björkvägen 12", "LINDQVIST1", "", "12-A"])
def test_a_keys_number_is_never_a_name_or_an_address(
    number: str, astrids_door: Lock, astrid: Person, petra: Actor, now: datetime
) -> None:
    with pytest.raises(KeyRefused, match="Namn och adress"):
        actions.add_key(number, astrid, "Skåp 1", by=petra, now=now)


def test_a_key_goes_out_and_in_and_it_can_always_be_said_who_had_it(
    key: MetalKey, ali: Actor, lena: Actor, now: datetime
) -> None:
    actions.sign_out(key, assignment(ali), by=ali, now=now)
    with pytest.raises(KeyRefused, match="redan utlämnad"):
        actions.sign_out(key, assignment(lena), by=lena, now=now)
    actions.sign_in(key, by=lena, now=now + timedelta(hours=8))
    told = [(event.what, event.holder_name, event.by_name) for event in key.events.order_by("at", "id")]
    assert told == [
        ("made", "", "Petra Nyström"), ("out", "Ali Hassan", "Ali Hassan"), ("in", "Ali Hassan", "Lena Falk"),
    ]  # fmt: skip


def test_a_lost_key_is_told_to_the_manager_at_once_and_is_given_to_nobody_until_it_is_found(
    key: MetalKey, ali: Actor, petra: Actor, now: datetime
) -> None:
    actions.sign_out(key, assignment(ali), by=ali, now=now)
    actions.report_lost(key, "Borta efter morgonens runda", by=ali, now=now)
    [watch] = Watch.objects.filter(type="doors.key_lost", closed_at=None)
    assert watch.unit_id == petra.unit_id
    with pytest.raises(KeyRefused, match="förlorad"):
        actions.sign_out(key, assignment(ali), by=ali, now=now)
    actions.sign_in(key, by=petra, now=now)
    assert not Watch.objects.filter(type="doors.key_lost", closed_at=None).exists()


def test_the_sealed_box_is_broken_only_with_a_word_of_why(
    astrids_door: Lock, astrid: Person, petra: Actor, ali: Actor, now: datetime
) -> None:
    reserve = actions.add_key("R7", astrid, "Låda Centrum", reserve=True, by=petra, now=now)
    with pytest.raises(KeyRefused, match="förseglad"):
        actions.sign_out(reserve, assignment(ali), by=ali, now=now)
    assert actions.sign_out(reserve, assignment(ali), note="Låset dött", by=ali, now=now).holder_id


def test_another_provider_touches_no_key_of_ours(
    key: MetalKey, erik: Actor, karin: Actor, now: datetime
) -> None:
    for who in (erik, karin):
        with pytest.raises(Refused):
            actions.sign_in(key, by=who, now=now)
    assert not key.holder_id


def test_a_key_that_was_given_back_is_here_no_more(
    key: MetalKey, ali: Actor, petra: Actor, now: datetime
) -> None:
    with pytest.raises(Refused):
        actions.give_back(key, "Astrid", by=ali, now=now)
    actions.give_back(key, "Astrid Lindqvist", by=petra, now=now)
    with pytest.raises(KeyRefused):
        actions.sign_out(key, assignment(ali), by=ali, now=now)
