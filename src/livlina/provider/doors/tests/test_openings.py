"""What locks wrote comes home by any phone: once, in order, and what must be looked at is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core.access import Actor, Refused
from livlina.core.keys import Pair
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING, acting
from livlina.provider.doors import actions, queries
from livlina.provider.doors.actions import DoorRefused
from livlina.provider.doors.models import Grant, Lock, Opening
from livlina.provider.doors.protocol import seals
from livlina.provider.doors.protocol.cose import thumbprint
from livlina.provider.doors.protocol.log import read_acknowledgement
from livlina.provider.doors.queries import issuer
from livlina.provider.doors.tests.fixtures import Door, Roster, assignment
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

HOUR = timedelta(hours=1)


def watches(type: str) -> list[Watch]:
    """Those of a type that are open."""
    return list(Watch.objects.filter(type=type, closed_at=None))


def carry(raw: list[bytes], by: Actor, now: datetime) -> list[bytes]:
    return actions.take_openings(raw, carried_by="ab" * 32, by=by, now=now)


def test_the_log_says_who_opened_and_with_which_key(
    opened_door: Door, alis_key: tuple[Grant, bytes], astrids_door: Lock
) -> None:
    row = Opening.objects.get()
    assert (row.outcome, row.holder_name, row.grant, row.follows) == (
        "opened",
        "Ali Hassan",
        alis_key[0],
        True,
    )
    astrids_door.refresh_from_db()
    assert astrids_door.heard_at is not None
    assert not Watch.objects.filter(type__startswith="doors.").exists()


def test_the_same_entry_carried_by_three_phones_is_one_row(
    opened_door: Door, doors_system: Actor, now: datetime
) -> None:
    for _ in range(2):
        carry(opened_door.log, doors_system, now)
    assert Opening.objects.count() == 1


def test_the_lock_is_told_up_to_where_everything_has_come(
    opened_door: Door, alis_key: tuple[Grant, bytes], alis_phone: Pair, doors_system: Actor, now: datetime
) -> None:
    opened_door.open(alis_phone, alis_key[1], now + HOUR)
    [raw] = carry(opened_door.log, doors_system, now + 2 * HOUR)
    said = read_acknowledgement(raw, issuer(doors_system.municipality_id, now).public)
    assert said.number == 2
    assert opened_door.real.memory.log.take(said)


def test_a_hole_is_told_nothing_beyond_it_is_acknowledged_and_the_hole_can_be_filled_later(
    alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, doors_system: Actor, now: datetime
) -> None:
    door = Door(astrids_door, now)
    for minute in range(5):
        door.open(alis_phone, alis_key[1], now + HOUR + timedelta(minutes=minute))
    first, second, third, fourth, fifth = door.log
    [ack] = carry([first, fourth, fifth], doors_system, now)
    assert read_acknowledgement(ack, issuer(doors_system.municipality_id, now).public).number == 1
    assert watches("doors.hole")
    [ack] = carry([third, second], doors_system, now)
    assert read_acknowledgement(ack, issuer(doors_system.municipality_id, now).public).number == 5
    assert not watches("doors.hole")


def test_an_entry_that_was_changed_on_the_way_is_kept_and_seen_to_break_the_chain(
    opened_door: Door, alis_key: tuple[Grant, bytes], alis_phone: Pair, doors_system: Actor, now: datetime
) -> None:
    from dataclasses import replace

    from livlina.provider.doors.protocol.log import Entry

    opened_door.open(alis_phone, alis_key[1], now + HOUR)
    second = Entry.parse(opened_door.log[1])
    carry([replace(second, previous=b"\x07" * 32).raw], doors_system, now)
    assert watches("doors.hole")


def test_what_cannot_be_read_and_locks_nobody_knows_are_not_acknowledged(
    opened_door: Door, astrids_door: Lock, doors_system: Actor, now: datetime
) -> None:
    from dataclasses import replace

    from livlina.provider.doors.protocol.log import Entry

    stranger = replace(Entry.parse(opened_door.log[0]), door=99)
    assert carry([b"", b"\xff" * 40, stranger.raw], doors_system, now) == []
    assert Opening.objects.count() == 1


def test_a_refusal_at_the_door_is_kept_with_its_reason(
    alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, doors_system: Actor, now: datetime
) -> None:
    door = Door(astrids_door, now)
    assert door.open(alis_phone, alis_key[1], now + 12 * HOUR).fault == "expired"
    carry(door.log, doors_system, now + 12 * HOUR)
    row = Opening.objects.get()
    assert (row.outcome, row.fault, row.holder_name) == ("refused", "expired", "Ali Hassan")


@pytest.mark.parametrize("fault", ["battery", "stuck"])
def test_a_lock_that_does_not_move_asks_to_be_mended(
    fault: str, alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, doors_system: Actor,
    now: datetime,
) -> None:  # fmt: skip
    door = Door(astrids_door, now)
    door.real.turn = lambda action: fault
    assert door.open(alis_phone, alis_key[1], now + HOUR).fault == fault
    carry(door.log, doors_system, now + HOUR)
    assert watches("doors.faulty")


def test_an_unknown_key_that_opened_raises_an_alarm_for_the_manager(
    opened_door: Door, doors_system: Actor, now: datetime, petra: Actor
) -> None:
    from dataclasses import replace

    from livlina.provider.doors.protocol.log import Entry

    first = Entry.parse(opened_door.log[0])
    unknown = replace(first, number=2, previous=first.digest, token=b"\x01" * 16, phone=b"\x02" * 32)
    carry([unknown.raw], doors_system, now)
    [watch] = watches("doors.stranger")
    assert watch.unit_id == petra.unit_id


def test_an_opening_far_from_any_visit_asks_for_an_explanation_and_gets_one(
    alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, doors_system: Actor, petra: Actor,
    now: datetime,
) -> None:  # fmt: skip
    door = Door(astrids_door, now)
    door.open(alis_phone, alis_key[1], now + 5 * HOUR)
    carry(door.log, doors_system, now + 6 * HOUR)
    [watch] = watches("doors.unplanned")
    opening = Opening.objects.get(pk=watch.object_id)
    with pytest.raises(DoorRefused):
        actions.explain_opening(opening, " ", by=petra, now=now)
    actions.explain_opening(opening, "Astrid ringde och bad om hjälp.", by=petra, now=now)
    assert not watches("doors.unplanned")


@pytest.fixture
def emergency(
    roster: Roster, ali: Actor, alis_phone: Pair, astrids_door: Lock, now: datetime
) -> tuple[Grant, bytes]:
    """The sealed key of Ali's shift."""
    roster.works(ali, now, area="Centrum")
    return actions.grant(
        "emergency", holder=assignment(ali), public=alis_phone.public, locks=[astrids_door], area="Centrum",
        not_before=now, expires=now + 8 * HOUR, by=ali, now=now,
    )  # fmt: skip


def test_an_emergency_opening_raises_at_once_a_review_within_a_day_that_nobody_can_wave_away(
    emergency: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, doors_system: Actor, now: datetime
) -> None:
    row, token = emergency
    door, at = Door(astrids_door, now), now + HOUR
    assert door.open(alis_phone, token, at, reason=4).fault == "sealed"
    broken = seals.unseal(
        alis_phone.sign, alis_phone.public, name=bytes.fromhex(row.name), at=int(at.timestamp()), reason=4
    )
    assert door.open(alis_phone, token, at, reason=4, unsealing=broken).outcome == "opened"
    assert door.open(alis_phone, token, at + HOUR, reason=4, unsealing=broken).outcome == "refused"
    carry(door.log, doors_system, at)
    row.refresh_from_db()
    assert row.used_reason == "Akut sjukdom eller olycka"
    [watch] = watches("doors.emergency")
    assert watch.due_at == at + timedelta(hours=24)
    assert watch.kind.firm


def test_the_phones_word_of_an_emergency_and_the_locks_are_one_review(
    emergency: tuple[Grant, bytes], doors_system: Actor, petra: Actor, now: datetime
) -> None:
    row = emergency[0]
    for minute in (1, 5):
        actions.report_emergency(
            row, "Hon svarade inte", at=now + timedelta(minutes=minute), by=doors_system, now=now
        )
    [watch] = watches("doors.emergency")
    assert watch.due_at == now + timedelta(minutes=1, hours=24)
    actions.review_emergency(row, "Riktigt: Astrid hade fallit.", by=petra, now=now)
    assert not watches("doors.emergency")


def test_nobody_reviews_an_opening_of_another_unit_or_one_that_never_was(
    emergency: tuple[Grant, bytes], erik: Actor, petra: Actor, ali: Actor, now: datetime
) -> None:
    for stranger in (erik, ali):
        with pytest.raises(Refused):
            actions.review_emergency(emergency[0], "Ja", by=stranger, now=now)
    with pytest.raises(DoorRefused):
        actions.review_emergency(emergency[0], "Ja", by=petra, now=now)


def test_a_lost_phone_is_ended_by_number_and_the_lock_that_has_met_another_phone_refuses_it(
    alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, petra: Actor, now: datetime
) -> None:
    actions.revoke_key(alis_key[0].thumbprint, reason="Tappad på bussen", by=petra, now=now)
    again = actions.revoke_key(alis_key[0].thumbprint, reason="Tappad", by=petra, now=now)
    assert again.number == 1
    door = Door(astrids_door, now)
    from livlina.provider.doors.protocol import lists

    raw = queries.revocation_list(petra.municipality_id, now)
    said = lists.read_revocations(raw, issuer(petra.municipality_id, now).public)
    assert said.number == 1
    assert thumbprint(alis_phone.public)[:8] in said.ids
    door.real._learn_list(raw, int(now.timestamp()), 0.0)
    assert door.open(alis_phone, alis_key[1], now + HOUR).fault == "revoked"
    alis_key[0].refresh_from_db()
    assert alis_key[0].revoked_at == now


def test_another_provider_ends_no_key_of_ours(
    alis_key: tuple[Grant, bytes], erik: Actor, ali: Actor, now: datetime
) -> None:
    for by in (erik, ali):
        with pytest.raises(Refused):
            actions.revoke_key(alis_key[0].thumbprint, reason="?", by=by, now=now)


def test_after_a_new_key_in_the_lock_the_old_tokens_open_nothing(
    alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, petra: Actor, now: datetime
) -> None:
    before = Door(astrids_door, now)
    assert before.open(alis_phone, alis_key[1], now + HOUR).outcome == "opened"
    astrids_door = actions.rekey(astrids_door, "Telefon på villovägar", by=petra, now=now)
    assert Door(astrids_door, now).open(alis_phone, alis_key[1], now + HOUR).fault == "epoch"


def test_a_new_key_in_one_lock_ends_the_area_keys_that_would_open_it_still(
    emergency: tuple[Grant, bytes], astrids_door: Lock, petra: Actor, now: datetime
) -> None:
    actions.rekey(astrids_door, "Byte av hyresgäst", by=petra, now=now)
    emergency[0].refresh_from_db()
    assert emergency[0].revoked_at == now


def test_the_neighbouring_municipality_sees_no_lock_no_key_and_no_opening(
    opened_door: Door, sjohaga: Municipality
) -> None:
    with acting(sjohaga.pk, EVERYTHING):
        assert not Lock.objects.exists()
        assert not Grant.objects.exists()
        assert not Opening.objects.exists()


@pytest.mark.parametrize("compartments", [(1,), (3,), (4, 5, 6, 7, 8), ()])
def test_no_other_compartment_sees_a_row(
    compartments: tuple[int, ...], opened_door: Door, asvalla: Municipality
) -> None:
    with acting(asvalla.pk, compartments):
        assert not Lock.objects.exists()
        assert not Opening.objects.exists()


READERS = {
    "petra": True, "ali": False, "lena": False, "erik": False, "ola": False, "anders": False, "karin": False,
}  # fmt: skip


@pytest.mark.parametrize(("name", "reads"), READERS.items())
def test_the_log_of_a_door_is_for_the_manager_of_the_unit_that_goes_there(
    name: str, reads: bool, request: pytest.FixtureRequest, opened_door: Door, astrids_door: Lock
) -> None:
    who = request.getfixturevalue(name)
    if reads:
        assert [row.who for row in queries.log_of(who, astrids_door)] == ["Ali Hassan"]
        return
    with pytest.raises(Refused):
        queries.log_of(who, astrids_door)


def test_a_unit_that_is_let_in_reads_of_its_own_staff_alone(
    opened_door: Door, astrids_door: Lock, petra: Actor, erik: Actor, now: datetime
) -> None:
    theirs = assignment(erik).unit
    actions.let_unit_in(astrids_door, theirs, "Kväll", now.date(), None, by=petra, now=now)
    assert queries.log_of(erik, astrids_door) == []


def test_the_person_and_her_daughter_see_who_opened_and_a_neighbour_does_not(
    opened_door: Door, astrid: Person, anna: Person, bertil: Person, citizen: Callable[[Any], Actor]
) -> None:
    for who in (astrid, anna):
        assert [row.who for row in queries.own_log(citizen(who), astrid)] == ["Ali Hassan"]
    with pytest.raises(Refused):
        queries.own_log(citizen(bertil), astrid)


def test_the_case_worker_reads_the_log_and_another_branch_does_not(
    opened_door: Door, astrid: Person, karin: Actor, fatima: Actor
) -> None:
    assert [row.who for row in queries.log_of_person(karin, astrid)] == ["Ali Hassan"]
    with pytest.raises(Refused):
        queries.log_of_person(fatima, astrid)


def test_the_administrator_sees_numbers_and_no_names(
    opened_door: Door, astrids_door: Lock, ola: Actor
) -> None:
    [row] = queries.technical_log(ola)
    assert (row.lock_number, row.outcome, row.who, row.place, row.unit) == (
        astrids_door.number,
        "opened",
        "",
        "",
        "",
    )
