"""What phones carry between doors and the municipality: the time to locks that have lost theirs."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.provider.doors.protocol import lists
from livlina.provider.doors.queries import issuer
from livlina.provider.homecare.actions.phones import revoke_phone
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.sync.wire import b64u, unb64u
from livlina.provider.homecare.tests.fixtures_sync import Telephone

MINUTE = timedelta(minutes=1)
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
