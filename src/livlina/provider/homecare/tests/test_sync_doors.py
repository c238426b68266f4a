"""What phones carry between doors and the municipality: the time to locks that have lost theirs, and next shift's key."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core.access import Actor
from livlina.core.keys import Pair
from livlina.core.models import Municipality
from livlina.provider.doors.models import Consent, Lock
from livlina.provider.doors.protocol import lists, seals
from livlina.provider.doors.protocol.cose import read
from livlina.provider.doors.protocol.token import CWT, claims_of, verify
from livlina.provider.doors.queries import issuer
from livlina.provider.doors.tests.fixtures import Door
from livlina.provider.homecare.actions.phones import revoke_phone
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.sync import pack
from livlina.provider.homecare.sync.wire import b64u, unb64u, written
from livlina.provider.homecare.tests.fixtures_sync import Telephone

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Telephones = Callable[..., Telephone]


def question(lock: Any, nonce: bytes) -> dict[str, Any]:
    """What a lock has put, as a phone sends it."""
    return {"lock": lock, "nonce": b64u(nonce)}


def test_a_phone_fetches_the_time_for_each_lock_that_asked_for_it(
    telephone: Telephones, asvalla: Municipality, ali: Actor, now: datetime
) -> None:
    phone, (first, second) = telephone(ali), (os.urandom(16), os.urandom(16))
    phone.send(now, questions=[question(7, first), question(12, second)])
    public = issuer(asvalla.pk, now).public
    told = [(one["lock"], lists.read_time(unb64u(one["time"]), public)) for one in phone.last["times"]]
    at = int(now.timestamp())
    assert told == [
        (7, lists.Time("asvalla", at, 7, first)),
        (12, lists.Time("asvalla", at, 12, second)),
    ]
    phone.send(now)
    assert phone.last["times"] == []


def test_a_question_that_cannot_be_read_holds_up_neither_events_nor_other_questions(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone, nonce = telephone(ali), os.urandom(16)
    phone.keep("note", now, person=morning.person_id, text="Åt bra.")
    spoilt = [
        None, 7, "x", {}, {"lock": 7}, {"lock": 7, "nonce": 1}, {"lock": 7, "nonce": "å"}, question("7", nonce),
        question(True, nonce), question(0, nonce), question(2**32, nonce), question(7, nonce[:15]), question(9, nonce),
    ]  # fmt: skip
    (told,) = phone.send(now, questions=[*spoilt, *(question(10, nonce) for _ in range(30))])
    assert told["verdict"] == "accepted"
    assert [one["lock"] for one in phone.last["times"]] == [9, *[10] * 7]


def test_a_phone_that_is_ended_or_unknown_is_signed_no_time_for_a_lock(
    telephone: Telephones, ali: Actor, petra: Actor, now: datetime
) -> None:
    phone, asked = telephone(ali), [question(7, os.urandom(16))]
    phone.send(now, questions=asked, phone="0192b4c0-0000-7000-8000-000000000001")
    assert phone.last["times"] == []
    revoke_phone(phone.row, "Tappad", by=petra, now=now)
    phone.send(now + MINUTE, questions=asked)
    assert phone.last["times"] == []


@pytest.fixture
def front_door(morning: Visit, petra: Actor, now: datetime) -> Lock:
    """The lock on Astrid's door, agreed to by both; Ali has been there this morning."""
    lock = Lock.objects.create(
        municipality_id=petra.municipality_id, unit_id=petra.unit_id, person=morning.person, number=1001, area="Norra",
        state="fitted", fitted_at=now - DAY,
    )  # fmt: skip
    for whose in ("client", "owner"):
        Consent.objects.create(
            municipality_id=petra.municipality_id, lock=lock, whose=whose, name="Astrid", how="Skriftligt",
            given_on=now.date() - DAY,
        )  # fmt: skip
    return lock


def continuations(phone: Telephone, now: datetime) -> list[dict[str, Any]]:
    """The keys for the next shift in the pack a phone is given now."""
    said = json.loads(pack.make(phone.row.pk, by=phone.carer, now=now).payload)
    return [one for one in said["tokens"] if one["kind"] == "continuation"]


def test_the_next_shifts_key_lies_sealed_in_the_pack_and_names_who_leads_then(
    telephone: Telephones, ali: Actor, noor: Actor, petra: Actor, shift_of: Any, visit_at: Any, front_door: Lock,
    now: datetime,
) -> None:  # fmt: skip
    shift_of(ali)
    following = shift_of(ali, now + DAY)
    visit_at(front_door.person, now + DAY + HOUR, 30, ali)
    shift_of(noor, now + DAY, round=True)
    phone, noors, petras = telephone(ali), telephone(noor), telephone(petra)
    (key,) = continuations(phone, now)
    assert (key["locks"], key["sealed"]) == ([1001], True)
    said = verify(unb64u(key["token"]), issuer(ali.municipality_id, now).public, int((now + DAY).timestamp()))
    assert said.leaders == tuple(bytes.fromhex(one.row.thumbprint) for one in (noors, petras))
    assert (key["from"], key["until"]) == (
        written(following.starts_at - HOUR), written(following.ends_at + HOUR),
    )  # fmt: skip
    revoke_phone(noors.row, "Tappad", by=petra, now=now)
    (key,) = continuations(phone, now)
    said = verify(unb64u(key["token"]), issuer(ali.municipality_id, now).public, int((now + DAY).timestamp()))
    assert said.leaders == (bytes.fromhex(petras.row.thumbprint),)


def test_there_is_no_key_for_a_shift_far_away_without_doors_or_that_nobody_leads(
    telephone: Telephones, ali: Actor, noor: Actor, petra: Actor, shift_of: Any, visit_at: Any, front_door: Lock,
    now: datetime,
) -> None:  # fmt: skip
    shift_of(ali)
    far, phone = shift_of(ali, now + 37 * HOUR), telephone(ali)
    visit_at(front_door.person, now + 38 * HOUR, 30, ali)
    shift_of(ali, now + 37 * HOUR, round=True)
    telephone(noor)
    assert continuations(phone, now) == []
    near = shift_of(ali, now + DAY)
    assert continuations(phone, now) == [], "no visit"
    visit_at(front_door.person, now + DAY + HOUR, 30, ali)
    assert continuations(phone, now) == [], "nobody but herself, and a colleague who leads nothing"
    telephone(petra)
    assert len(continuations(phone, now)) == 1
    assert near.starts_at < far.starts_at


def test_a_leaders_signature_opens_the_door_on_the_second_day_and_nothing_else_does(
    telephone: Telephones, ali: Actor, petra: Actor, shift_of: Any, visit_at: Any, front_door: Lock, now: datetime
) -> None:  # fmt: skip
    shift_of(ali)
    shift_of(ali, now + DAY)
    visit_at(front_door.person, now + DAY + HOUR, 30, ali)
    phone, leader = telephone(ali), telephone(petra)
    (key,) = continuations(phone, now)
    token, later = unb64u(key["token"]), now + DAY + HOUR
    door, hand = Door(front_door, now), Pair("", phone.public, phone.store.private)
    assert door.open(hand, token, later).fault == "leader"
    at, name = int(later.timestamp()), claims_of(read(token, CWT)).name
    for who, fault in ((phone, "leader"), (leader, "")):
        said = seals.lead(who.sign, who.public, names=[name], not_before=at, expires=at + 3600)
        assert door.open(hand, token, later, leading=said).fault == fault
