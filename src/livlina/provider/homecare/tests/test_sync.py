"""What a phone sends is kept once, whatever is lost on the way; what is not as it should be is kept too, and looked at."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from livlina.core import keys
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.provider.homecare.actions.phones import register_phone
from livlina.provider.homecare.models import FieldEvent, Visit, VisitEvent
from livlina.provider.homecare.sync import outbox, takes, wire
from livlina.provider.homecare.tests.fixtures_sync import OUTBOX, Telephone
from livlina.registers.journal.models import Note

MINUTE = timedelta(minutes=1)
Telephones = Callable[..., Telephone]


def test_a_note_from_a_phone_is_a_note_in_the_file_with_its_author(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    told = phone.one(
        now, "note", now - 5 * MINUTE, person=morning.person_id, visit=morning.pk, text="Åt bra."
    )
    assert (told["verdict"], told["number"], told["words"]) == ("accepted", 1, "")
    note = Note.objects.get()
    assert (note.text, note.author_name, note.event_at) == ("Åt bra.", "Ali Hassan", now - 5 * MINUTE)
    assert (note.about_type, note.about_id) == ("homecare.visit", morning.pk)
    assert phone.waiting == []


def test_a_visit_from_a_phone_has_come_and_gone(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    phone.keep("check_in", now, person=morning.person_id, visit=morning.pk)
    phone.keep("check_out", now + 25 * MINUTE, person=morning.person_id, visit=morning.pk, done=[], text="")
    assert [one["verdict"] for one in phone.send(now + 60 * MINUTE)] == ["accepted", "accepted"]
    morning.refresh_from_db()
    assert morning.state == "done"
    came = VisitEvent.objects.get(kind="in")
    assert (came.at, came.device_at, came.heard_at, came.source) == (now, now, now + 60 * MINUTE, "phone")


def test_what_was_answered_and_lost_is_sent_again_and_is_one(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    sealed = phone.keep("note", now, person=morning.person_id, text="En gång.")
    lost = phone.outbox()
    Client().post(OUTBOX, json.dumps(lost), "application/json")
    again = phone.send(now + MINUTE)
    assert [(one["verdict"], one["number"]) for one in again] == [("had", 1)]
    assert again[0]["hash"] == sealed["hash"]
    assert (Note.objects.count(), FieldEvent.objects.count(), phone.row.receipts) == (1, 1, 1)


def test_one_bad_event_holds_up_none_behind_it(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    phone.keep("note", now, person=morning.person_id, text="Före.")
    phone.keep("check_in", now, visit=uuid4())
    phone.keep("note", now, person=morning.person_id, text="")
    phone.keep("dans", now, person=morning.person_id)
    phone.keep("note", now, person=morning.person_id, text="Efter.")
    told = phone.send(now)
    assert [one["verdict"] for one in told] == ["accepted", *["quarantined"] * 3, "accepted"]
    assert [one["number"] for one in told] == [1, 2, 3, 4, 5]
    assert all(one["words"].endswith(".") for one in told if one["verdict"] == "quarantined")
    assert sorted(Note.objects.values_list("text", flat=True)) == ["Efter.", "Före."]
    kept = FieldEvent.objects.filter(verdict="quarantined").order_by("number")
    assert [row.fault for row in kept] == ["unknown_visit", "refused", "kind"]
    assert all(row.sealed for row in kept)
    assert phone.waiting == []


def test_a_server_restored_from_an_older_backup_is_sent_what_it_lacks(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    from django.db import transaction

    phone = telephone(ali)
    phone.one(now, "note", person=morning.person_id, text="Före kopian.")
    backup = transaction.savepoint()
    phone.one(now + MINUTE, "note", person=morning.person_id, text="Efter kopian.")
    phone.keep("note", now + 2 * MINUTE, person=morning.person_id, text="Aldrig skickad.")
    transaction.savepoint_rollback(backup)

    assert phone.send(now + 5 * MINUTE) == []
    assert phone.last["resend_after"] == 1
    assert len(phone.waiting) == 2
    told = phone.send(now + 6 * MINUTE)
    assert [(one["verdict"], one["number"]) for one in told] == [("accepted", 2), ("accepted", 3)]
    assert Note.objects.count() == 3


def test_the_words_that_something_must_come_again_may_be_lost_too(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    from django.db import transaction

    phone = telephone(ali)
    backup = transaction.savepoint()
    phone.one(now, "note", person=morning.person_id, text="Efter kopian.")
    transaction.savepoint_rollback(backup)
    phone.keep("note", now, person=morning.person_id, text="Ny.")
    lost = json.dumps(phone.outbox())
    Client().post(
        OUTBOX, lost, "application/json"
    )  # had anything been taken in, the hole would be hidden now
    phone.send(now)
    phone.send(now)
    assert Note.objects.count() == 2
    assert phone.waiting == []


def test_two_histories_under_the_same_numbers_are_told_apart(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    from django.db import transaction

    phone = telephone(ali)
    other = Telephone(phone.store)
    other.at = phone.at
    backup = transaction.savepoint()
    first = phone.keep("note", now, person=morning.person_id, text="Första.")
    second = phone.keep("note", now, person=morning.person_id, text="Andra.")
    phone.send(now, [first])
    transaction.savepoint_rollback(backup)
    other.send(now, [second], newest=0, newest_hash="")  # the other tab, at the same number
    phone.send(now, [], newest=1, newest_hash=first["hash"])
    assert phone.last["resend_after"] == 0
    phone.send(now)
    assert Note.objects.count() == 2


# What is not as it should be -------------------------------------------------------------------------------------------


def _spoilt(phone: Telephone, morning: Visit, now: datetime, **change: Any) -> dict[str, Any]:
    sealed = phone.make("note", now, person=morning.person_id, text="Text.")
    outer = {name: value for name, value in (sealed | change).items() if name != "sig"}
    return outer | {"sig": wire.b64u(phone.sign(wire.canonical(outer)))}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"v": 0}, "version"),
        ({"v": 99}, "version"),
        ({"v": "1"}, "version"),
        ({"kid": "0" * 16}, "wrong_municipality"),
        ({"ct": wire.b64u(os.urandom(80))}, "unreadable"),
        ({"epk": wire.b64u(b"\x04" + bytes(64))}, "unreadable"),
        ({"iv": "?"}, "unreadable"),
        ({"hash": "0" * 64}, "unreadable"),
        ({"ct": wire.b64u(os.urandom(70_000))}, "too_large"),
    ],
)
def test_what_cannot_be_opened_is_kept_as_it_came_with_a_word_to_its_author(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime, change: dict[str, Any], fault: str
) -> None:
    phone = telephone(ali)
    sealed = _spoilt(phone, morning, now, **change)
    (told,) = phone.send(now, [sealed])
    assert (told["verdict"], told["hash"], bool(told["words"])) == ("quarantined", sealed["hash"], True)
    row = phone.event(sealed)
    assert (row.fault, json.loads(bytes(row.sealed or b""))) == (fault, sealed)
    (again,) = phone.send(now, [sealed])
    assert (again["verdict"], again["number"]) == ("quarantined", told["number"])
    assert Note.objects.count() == 0


def test_a_text_that_is_not_what_its_hash_says_is_looked_at(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    plain = {
        "v": 1, "id": str(uuid4()), "phone": phone.store.phone, "seq": 1, "kind": "note",
        "person": str(morning.person_id), "visit": None, "at": wire.written(now), "body": {"text": "Ett."},
    }  # fmt: skip
    from unittest.mock import patch

    with patch.object(wire, "digest", lambda given: "1" * 64):
        sealed = wire.seal(plain, phone.store.kid, phone.store.seal, phone.sign)
    (told,) = phone.send(now, [sealed])
    assert (told["verdict"], phone.event(sealed).fault) == ("quarantined", "hash")


def test_a_forged_event_gets_no_receipt_that_lets_a_phone_forget_the_real_one(
    telephone: Telephones, ali: Actor, noor: Actor, morning: Visit, now: datetime
) -> None:
    phone, stranger = telephone(ali), telephone(noor)
    real = phone.keep("note", now, person=morning.person_id, text="Den riktiga.")
    forged = real | {"sig": wire.b64u(stranger.sign(b"something"))}
    (told,) = phone.send(now, [forged])
    assert (told["verdict"], told["number"], told["hash"] == real["hash"]) == ("quarantined", 0, False)
    assert phone.waiting == [real]
    assert FieldEvent.objects.get().fault == "forged"
    (told,) = phone.send(now)
    assert told["verdict"] == "accepted"
    assert Note.objects.get().text == "Den riktiga."


def test_a_receipt_the_municipality_did_not_sign_is_not_believed(
    telephone: Telephones, ali: Actor, noor: Actor, morning: Visit, now: datetime
) -> None:
    phone, stranger = telephone(ali), telephone(noor)
    real = phone.keep("note", now, person=morning.person_id, text="Väntar.")
    receipt = wire.Receipt(phone.row.pk, 1, real["id"], real["hash"], "accepted", "", now).payload()
    forged = {"payload": wire.b64u(receipt), "signature": wire.b64u(stranger.sign(receipt))}
    with pytest.raises(wire.Unfit):
        phone.answered({"receipts": [forged], "resend_after": None})
    assert phone.waiting == [real]


def test_what_is_no_event_at_all_is_kept_and_answered(
    telephone: Telephones, ali: Actor, now: datetime
) -> None:
    phone = telephone(ali)
    told = phone.send(now, [7, None, "hej", [], {}, {"id": "x"}, {"id": str(uuid4()), "seq": -1}, {"v": 1.5}])
    assert {one["verdict"] for one in told} == {"quarantined"}
    assert FieldEvent.objects.filter(phone=None, verdict="quarantined").count() == 8
    assert len(phone.send(now, [7])) == 1
    assert FieldEvent.objects.count() == 8


def test_a_flood_that_nobody_has_signed_is_bounded_and_loses_nothing_real(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "UNPROVED", 3)
    phone = telephone(ali)
    real = phone.keep("note", now, person=morning.person_id, text="Riktig.")
    told = phone.send(now, [*range(10), real])
    assert len(told) == 4
    assert FieldEvent.objects.filter(phone=None).count() == 3
    answer = Client().post(OUTBOX, json.dumps(phone.outbox([99])), "application/json")
    assert answer.status_code == 413
    assert "behåller" in answer.json()["detail"]


def test_a_body_that_is_too_large_is_refused_in_words_and_stays_on_the_phone(
    telephone: Telephones, ali: Actor, now: datetime
) -> None:
    phone = telephone(ali)
    body = json.dumps(phone.outbox(["x" * (wire.LARGEST_BODY + 1)]))
    answer = Client().post(OUTBOX, body, "application/json")
    assert answer.status_code == 413
    assert "färre" in answer.json()["detail"]


def test_a_phone_of_another_municipality_is_unknown_here(
    telephone: Telephones, ali: Actor, sjohaga: Municipality, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    phone.keep("note", now, person=morning.person_id, text="Hos oss.")
    answer = Client().post(
        OUTBOX, json.dumps(phone.outbox() | {"municipality": sjohaga.pk}), "application/json"
    )
    told = json.loads(wire.unb64u(answer.json()["receipts"][0]["payload"]))
    assert told["verdict"] == "quarantined"
    with pytest.raises(wire.Unfit):
        phone.answered(answer.json())
    assert len(phone.waiting) == 1
    nowhere = Client().post(OUTBOX, json.dumps(phone.outbox() | {"municipality": 4711}), "application/json")
    assert nowhere.status_code == 404


def test_a_phone_the_server_has_lost_is_known_again_under_its_old_id(
    telephone: Telephones, ali: Actor, asvalla: Municipality, morning: Visit, now: datetime
) -> None:
    from django.db import transaction

    for purpose in (
        wire.SIGN,
        wire.SEAL,
    ):  # older than the backup: without them nothing that is sealed can be opened
        keys.current(asvalla.pk, purpose, now)
    backup = transaction.savepoint()
    phone = telephone(ali)
    phone.one(now, "note", person=morning.person_id, text="Var mottagen.")
    transaction.savepoint_rollback(backup)
    sealed = phone.keep("note", now, person=morning.person_id, text="Väntar.")
    (told,) = phone.send(now, [sealed])
    assert told["verdict"] == "quarantined"
    assert "Logga in" in told["words"]
    assert phone.waiting == [sealed]
    register_phone(phone.public, "Samma", by=ali, now=now, again=UUID(phone.store.phone))
    phone.send(now)
    assert phone.last["resend_after"] == 0
    phone.send(now)
    assert sorted(Note.objects.values_list("text", flat=True)) == ["Var mottagen.", "Väntar."]
    assert phone.waiting == []


@pytest.mark.parametrize(
    ("off", "verdict"),
    [
        (timedelta(hours=25), "quarantined"),
        (timedelta(days=-31), "quarantined"),
        (timedelta(hours=3), "accepted"),
        (timedelta(days=-6), "accepted"),
    ],
)
def test_a_clock_that_cannot_be_right_is_looked_at_by_a_person(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime, off: timedelta, verdict: str
) -> None:
    told = telephone(ali).one(now, "note", now + off, person=morning.person_id, text="När då?")
    assert told["verdict"] == verdict, told["words"]


def test_only_the_last_three_versions_are_taken_in_by_themselves(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = telephone(ali)
    old = phone.keep("note", now, person=morning.person_id, text="Gammal.")
    monkeypatch.setattr(wire, "VERSION", 3)
    assert phone.send(now)[0]["verdict"] == "accepted"
    monkeypatch.setattr(wire, "VERSION", 4)
    newer = phone.make("note", now, person=morning.person_id, text="Ny.")
    assert phone.send(now, [newer])[0]["verdict"] == "accepted"
    older = _spoilt(phone, morning, now, v=1)
    assert phone.send(now, [older])[0]["verdict"] == "quarantined"
    assert phone.send(now, [old])[0]["verdict"] == "had"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8) | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = "text at life_area note reason event right_person lock_at done not_done starts_at minutes to from task dose given"
WORDS = f"{NAMES} entries token alarm batch page count written_by event_at kind follow_up late_reason amount".split()


def test_whatever_a_signed_event_says_it_is_answered_and_kept(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    kinds = st.sampled_from(sorted(takes.HANDLERS)) | st.text(max_size=30)
    texts = st.dictionaries(st.sampled_from(WORDS), JSON, max_size=5)
    about = st.sampled_from([None, str(morning.pk), str(morning.person_id)]) | JSON

    @hypothesis.settings(max_examples=8, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(st.lists(st.tuples(kinds, texts, about, about, JSON), min_size=12, max_size=12))
    def tried(said: list[Any]) -> None:
        events = []
        for kind, body, person, visit, at in said:
            plain = {
                "v": 1, "id": str(uuid4()), "phone": phone.store.phone, "seq": 1, "kind": kind, "person": person,
                "visit": visit, "at": at if at else wire.written(now), "body": body,
            }  # fmt: skip
            events.append(wire.seal(plain, phone.store.kid, phone.store.seal, phone.sign))
        told = phone.send(now, events)
        assert [one["hash"] for one in told] == [one["hash"] for one in events]
        assert {one["verdict"] for one in told} <= {"accepted", "quarantined"}

    tried()
    assert not FieldEvent.objects.filter(fault="ours").exists()
