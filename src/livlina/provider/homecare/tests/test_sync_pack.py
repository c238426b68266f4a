"""A shift's pack holds what the visits need and no more, is signed for one phone, and costs few statements."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from livlina.core import keys
from livlina.core.access import Actor, system
from livlina.core.models import Municipality, User
from livlina.core.models.audit import AuditEvent
from livlina.provider.doors.models import Consent, Lock
from livlina.provider.doors.protocol import token
from livlina.provider.homecare.actions import plan as plans
from livlina.provider.homecare.actions.phones import revoke_phone
from livlina.provider.homecare.models import Delegation, Dose, Pack, Shift, Visit
from livlina.provider.homecare.sync import pack, wire
from livlina.provider.homecare.tests.fixtures_sync import Telephone
from livlina.provider.homecare.tests.test_care_plan import PLAN
from livlina.registers.journal import actions as journal
from livlina.registers.journal.models import Note
from livlina.registers.orders.models import Order
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.people.tests.fixtures import register

HOUR = timedelta(hours=1)
Telephones = Callable[..., Telephone]
Shifts = Callable[..., Shift]


def made(phone: Telephone, now: datetime) -> dict[str, Any]:
    """The pack a phone is given now, as it reads it."""
    given = pack.make(phone.row.pk, by=phone.carer, now=now)
    assert keys.verifies(phone.store.sign, given.signature, given.payload)
    read: dict[str, Any] = json.loads(given.payload)
    assert wire.canonical(read) == given.payload
    return read


def test_the_pack_has_the_visits_their_persons_and_two_weeks_of_notes(
    telephone: Telephones,
    ali: Actor,
    petra: Actor,
    confirmed: Order,
    morning: Visit,
    shift_of: Shifts,
    now: datetime,
) -> None:
    shift_of(ali)
    agreed = plans.agree_plan(confirmed, PLAN, by=petra, now=now)
    Visit.objects.filter(pk=morning.pk).update(task_ids=[task.pk for task in agreed.tasks.all()])
    file = journal.open_file(morning.person, by=ali, now=now)
    for text, at in (("I går: sov gott.", now - 24 * HOUR), ("För länge sedan.", now - 15 * 24 * HOUR)):
        journal.write_note(
            file.pk, journal.Content(at, "home_visit", text), client_id=morning.pk, by=ali, now=now
        )
    said = made(telephone(ali), now)
    (visit,) = said["visits"]
    assert (visit["id"], visit["minutes"], visit["title"]) == (str(morning.pk), 30, "Morgon")
    assert [task["what"] for task in visit["tasks"]] == ["Dusch"]
    astrid = said["persons"][str(morning.person_id)]
    assert (astrid["name"], astrid["address"]) == ("Astrid Lindqvist", "Björkvägen 12, 99102 Åsvalla")
    assert astrid["plan"]["goal"].startswith("Astrid ska kunna bo kvar")
    assert [note["text"] for note in astrid["notes"]] == ["I går: sov gott."]
    assert said["until"] == wire.written(now + 9 * HOUR)
    assert said["carer"]["name"] == "Ali Hassan"
    row = Pack.objects.get()
    assert (row.persons, row.size) == (1, len(wire.canonical(said)))
    read = AuditEvent.objects.get(verb="field.pack", outcome="read")
    assert (read.person_id, read.actor_name) == (morning.person_id, "Ali Hassan")


def test_a_protected_persons_address_stands_only_with_the_time_around_the_visit(
    telephone: Telephones, ali: Actor, petra: Actor, morning: Visit, shift_of: Shifts, now: datetime
) -> None:
    shift_of(ali)
    house = system(ali.municipality_id, (1, 2, 3))
    people.set_protection(morning.person, "secrecy_marked", by=house, now=now)
    phone = telephone(ali)
    assert made(phone, now)["visits"] == []  # Ali is not one of the few
    access = {"reason": "Besöker henne", "by": petra, "now": now}
    people.grant_protected_access(morning.person, User.objects.get(pk=ali.user_id), **access)
    said = made(phone, now)
    astrid = said["persons"][str(morning.person_id)]
    assert (astrid["protected"], astrid["address"], astrid["warnings"]) == (True, None, ["Sekretessmarkerad"])
    around = said["visits"][0]["address"]
    assert around["address"] == "Björkvägen 12, 99102 Åsvalla"
    assert (around["from"], around["until"]) == (wire.written(now - 2 * HOUR), wire.written(now + 2.5 * HOUR))


def test_nursing_is_in_the_pack_only_by_delegation_and_with_the_nursing_book(
    telephone: Telephones,
    ali_in_care: Actor,
    noor: Actor,
    evening: Dose,
    give: Callable[..., Delegation],
    visit_at: Callable[..., Visit],
    shift_of: Shifts,
    now: datetime,
) -> None:
    at = evening.due_at
    for carer in (ali_in_care, noor):
        shift_of(carer, at - HOUR)
    visit_at(evening.person, at, 20, ali_in_care, noor)
    phone, other = telephone(ali_in_care), telephone(noor)
    assert made(phone, at)["visits"][0]["doses"] == []
    give(ali_in_care)
    (dose,) = made(phone, at)["visits"][0]["doses"]
    assert (dose["id"], dose["what"], dose["amount"]) == (str(evening.pk), "Läkemedel ur dosett", "1 fack")
    give(noor)
    assert made(other, at)["visits"][0]["doses"] == []


def test_no_pack_without_a_shift_nor_for_a_phone_that_is_ended_or_anothers(
    telephone: Telephones,
    ali: Actor,
    noor: Actor,
    petra: Actor,
    shift_of: Shifts,
    now: datetime,
    client_of: Any,
) -> None:
    phone = telephone(ali)
    with pytest.raises(pack.NoShift):
        pack.make(phone.row.pk, by=ali, now=now)
    body = json.dumps({"phone": phone.store.phone})
    answer = client_of(ali).post("/api/v1/field/pack", body, "application/json")
    assert (answer.status_code, "arbetspass" in answer.json()["detail"]) == (409, True)
    shift_of(ali, now + 50 * timedelta(minutes=1))
    assert made(phone, now)["visits"] == []
    assert client_of(ali).post("/api/v1/field/pack", body, "application/json").status_code == 200
    assert client_of(noor).post("/api/v1/field/pack", body, "application/json").status_code == 403
    revoke_phone(phone.row, "Tappad", by=petra, now=now)
    assert client_of(ali).post("/api/v1/field/pack", body, "application/json").status_code == 403


def test_colleagues_at_work_are_in_the_pack_with_their_phones_keys(
    telephone: Telephones, ali: Actor, noor: Actor, shift_of: Shifts, now: datetime
) -> None:
    shift_of(ali)
    shift_of(noor)
    phone, other = telephone(ali), telephone(noor)
    (colleague,) = made(phone, now)["colleagues"]
    assert (colleague["name"], colleague["public"]) == ("Noor Aziz", wire.b64u(other.public))


def test_a_pack_of_forty_costs_as_many_statements_as_a_pack_of_four(
    telephone: Telephones,
    ali: Actor,
    asvalla: Municipality,
    visit_at: Callable[..., Visit],
    shift_of: Shifts,
    statements: Any,
    now: datetime,
) -> None:
    house, phone = system(asvalla.pk, (1, 2, 3)), telephone(ali)
    shift_of(ali)
    made(phone, now)  # the municipality's keys are made at first need
    counts = []
    for size in (4, 40):
        while Visit.objects.count() < size:
            number = Visit.objects.count()
            person = register(
                house,
                now,
                f"Person{number}",
                "Test",
                date(1940, 1, 1) + timedelta(days=number),
                serial=0,
            )
            source = {"source": f"test:{number}", "reason": "order", "by": house, "now": now}
            people.grant_reach(person, ali.unit_id, **source)  # type: ignore[arg-type]
            visit_at(person, now + timedelta(minutes=5 * number), 5, ali)
        with statements() as sent:
            said = made(phone, now)
        assert len(said["visits"]) == size
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[1] <= 30


def test_what_is_struck_or_moved_is_not_carried(
    telephone: Telephones, ali: Actor, morning: Visit, shift_of: Shifts, now: datetime, bertil: Person
) -> None:
    shift_of(ali)
    phone = telephone(ali)
    phone.one(now, "note", person=morning.person_id, text="Fel.")
    journal.correct(Note.objects.get().pk, "struck_wrong_text", "Fel text", new_text="Rätt.", by=ali, now=now)
    said = made(phone, now)
    assert [note["text"] for note in said["persons"][str(morning.person_id)]["notes"]] == ["Rätt."]


def test_the_keys_to_the_shifts_doors_are_in_the_pack_and_the_areas_lie_sealed_beside_them(
    telephone: Telephones, ali: Actor, morning: Visit, shift_of: Shifts, bertil: Person, now: datetime
) -> None:
    shift_of(ali, area="Norra")
    known = {
        "municipality_id": ali.municipality_id,
        "unit_id": ali.unit_id,
        "area": "Norra",
        "state": "fitted",
    }
    locks = [
        Lock.objects.create(person=person, number=number, fitted_at=now - 9 * HOUR, **known)
        for number, person in ((1001, morning.person), (1002, bertil), (1003, morning.person))
    ]
    for lock in locks[:2]:  # nobody has agreed to the third
        for whose in ("client", "owner"):
            given = {"name": "Astrid", "how": "Skriftligt", "given_on": now.date() - timedelta(days=1)}
            Consent.objects.create(municipality_id=ali.municipality_id, lock=lock, whose=whose, **given)
    phone = telephone(ali)
    said = made(phone, now)
    assert said["persons"][str(morning.person_id)]["locks"] == [
        {"number": 1001, "place": "Ytterdörren"},
        {"number": 1003, "place": "Ytterdörren"},
    ]
    assert [(key["kind"], key["locks"], key["sealed"]) for key in said["tokens"]] == [
        ("shift", [1001], False),
        ("emergency", [1001, 1002], True),
    ]
    issuer = wire.unb64u(said["issuer"]["public"])
    for key in said["tokens"]:
        assert token.verify(wire.unb64u(key["token"]), issuer, int(now.timestamp())).key == phone.public
