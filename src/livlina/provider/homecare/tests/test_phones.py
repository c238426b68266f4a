"""The manager sees the unit's phones, ends a lost one, and settles what could not be taken in. Nothing of it is removed."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core import keys
from livlina.core.access import Actor, Refused
from livlina.core.models import Assignment, Municipality
from livlina.core.models.audit import AuditEvent
from livlina.provider.doors.models import Revocation
from livlina.provider.homecare import jobs_field
from livlina.provider.homecare.actions import quarantine
from livlina.provider.homecare.actions.phones import PhoneRefused, register_phone, revoke_phone
from livlina.provider.homecare.models import FieldEvent, Phone, Shift, Visit, VisitEvent
from livlina.provider.homecare.sync import pack, wire
from livlina.provider.homecare.tests.fixtures_sync import Telephone
from livlina.registers.journal.models import Note
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

HOUR = timedelta(hours=1)
Telephones = Callable[..., Telephone]
LIST = "/provider/phones/review"


@pytest.fixture
def laid_aside(
    telephone: Telephones, ali: Actor, petra: Actor, morning: Visit, now: datetime
) -> tuple[Telephone, FieldEvent]:
    """A note Ali's phone sent that was written after the phone was ended."""
    phone = telephone(ali)
    sealed = phone.keep("note", now + 2 * HOUR, person=morning.person_id, text="Hemlig text om frukosten.")
    revoke_phone(phone.row, "Borttappad", by=petra, now=now + HOUR)
    phone.send(now + 3 * HOUR)
    return phone, phone.event(sealed)


def test_a_lost_phone_is_ended_once_with_a_reason_and_its_keys_with_it(
    telephone: Telephones, ali: Actor, petra: Actor, erik: Actor, now: datetime
) -> None:
    phone = telephone(ali)
    with pytest.raises(Refused):
        revoke_phone(phone.row, "Borttappad", by=ali, now=now)
    with pytest.raises(Refused):
        revoke_phone(phone.row, "Borttappad", by=erik, now=now)
    with pytest.raises(PhoneRefused, match="varför"):
        revoke_phone(phone.row, " ", by=petra, now=now)
    revoke_phone(phone.row, "Borttappad", by=petra, now=now)
    revoke_phone(phone.row, "Igen", by=petra, now=now + HOUR)
    assert (phone.row.revoked_at, phone.row.revoked_reason) == (now, "Borttappad")
    assert Revocation.objects.get().thumbprint == phone.row.thumbprint


def test_petra_sees_who_carries_which_phone_and_ends_one_on_the_page(
    telephone: Telephones, ali: Actor, petra: Actor, erik: Actor, now: datetime, client_of: Any
) -> None:
    phone = telephone(ali)
    phone.send(now, [], waiting=7)
    browser = client_of(petra)
    page = browser.get("/provider/phones").content.decode()
    assert "Ali Hassan" in page
    assert ">7<" in page
    url = f"/provider/phones/{phone.store.phone}"
    assert client_of(erik).get(url).status_code == 404
    assert client_of(ali).get(url).status_code == 404
    assert browser.post(f"{url}/end", {"reason": ""}).status_code == 422
    form = {"reason": "Glömd på bussen", "submission_key": str(uuid.uuid4())}
    assert browser.post(f"{url}/end", form).status_code == 302
    assert "Glömd på bussen" in browser.get(url).content.decode()
    assert "Ali Hassan" in browser.get("/provider/phones?show=ended").content.decode()


def test_what_could_not_be_taken_in_is_listed_without_its_text_and_opened_by_who_may_read_it(
    laid_aside: tuple[Telephone, FieldEvent], petra: Actor, erik: Actor, now: datetime, client_of: Any
) -> None:
    _, row = laid_aside
    browser = client_of(petra)
    listed = browser.get(LIST).content.decode()
    assert "spärrad när händelsen skrevs" in listed
    assert "frukosten" not in listed
    assert client_of(erik).get(f"{LIST}/{row.pk}").status_code == 404
    assert "frukosten" not in browser.get(f"{LIST}/{row.pk}").content.decode()
    opened = browser.post(f"{LIST}/{row.pk}/open")
    assert (opened.status_code, "frukosten" in opened.content.decode()) == (200, True)
    assert AuditEvent.objects.get(verb="field.open").person_id == row.person_id


def test_what_is_taken_in_anyway_becomes_what_it_would_have_been_in_its_authors_name(
    laid_aside: tuple[Telephone, FieldEvent], petra: Actor, now: datetime, client_of: Any, at: Any
) -> None:
    phone, row = laid_aside
    at(now + 4 * HOUR)
    form = {"how": "take", "reason": "Ali bekräftar", "submission_key": str(uuid.uuid4())}
    assert client_of(petra).post(f"{LIST}/{row.pk}", form).status_code == 302
    note = Note.objects.get()
    assert (note.text, note.author_name) == ("Hemlig text om frukosten.", "Ali Hassan")
    row.refresh_from_db()
    assert (row.verdict, row.result_id, row.settled_by) == ("accepted", note.pk, "Petra Nyström")
    assert row.sealed is not None
    sealed = json.loads(bytes(row.sealed))
    assert phone.send(now + 5 * HOUR, [sealed])[0]["verdict"] == "had"
    with pytest.raises(quarantine.QuarantineRefused, match="redan"):
        quarantine.dismiss(row, "För sent", by=petra, now=now + 5 * HOUR)


def test_what_cannot_have_its_effect_can_be_kept_as_a_note_or_put_aside_with_a_reason(
    telephone: Telephones, ali: Actor, petra: Actor, morning: Visit, now: datetime
) -> None:
    phone, about = telephone(ali), {"person": morning.person_id}
    first = phone.keep("check_in", now, visit=uuid.uuid4(), text="Var där kl 9.", **about)
    second = phone.keep("check_in", now, visit=uuid.uuid4(), **about)
    phone.send(now)
    rows = [phone.event(first), phone.event(second)]
    with pytest.raises(quarantine.QuarantineRefused, match="finns inte"):
        quarantine.take_in(rows[0], "Prövar", by=petra, now=now + HOUR)
    assert not VisitEvent.objects.filter(kind="in").exists()
    quarantine.keep_as_note(rows[0], "Besöket är borttaget", by=petra, now=now + HOUR)
    note = Note.objects.get()
    assert (note.author_name, note.text) == ("Ali Hassan", "Var där kl 9.")
    assert "granskades av Petra Nyström" in note.late_reason
    with pytest.raises(quarantine.QuarantineRefused, match="Skälet"):
        quarantine.dismiss(rows[1], "", by=petra, now=now + HOUR)
    quarantine.dismiss(rows[1], "Dubbel av den första", by=petra, now=now + HOUR)
    rows[1].refresh_from_db()
    assert (rows[1].verdict, rows[1].settled_text) == ("quarantined", "Lades åt sidan: Dubbel av den första")
    assert rows[1].sealed


def test_a_signature_in_quarantine_is_for_the_nurse_and_not_for_the_manager(
    telephone: Telephones, ali_in_care: Actor, petra: Actor, lena: Actor, evening: Any, now: datetime
) -> None:
    said = {"dose": str(evening.pk), "task": str(evening.task_id), "given": True, "effect": "Somnade gott."}
    phone = telephone(ali_in_care)
    sealed = phone.keep("dose", evening.due_at, person=evening.person_id, **said)
    (told,) = phone.send(evening.due_at)
    assert "delegering" in told["words"]
    row = phone.event(sealed)
    with pytest.raises(Refused):
        quarantine.open_event(row, by=petra, now=now)
    assert "Somnade gott" in quarantine.open_event(row, by=lena, now=now).text


def test_a_phone_that_is_silent_during_a_shift_is_told_of_until_it_is_heard(
    telephone: Telephones,
    ali: Actor,
    petra: Actor,
    shift_of: Callable[..., Shift],
    now: datetime,
    client_of: Any,
    at: Any,
) -> None:
    shift_of(ali)
    phone = telephone(ali)
    pack.make(phone.row.pk, by=ali, now=now)
    assert jobs_field.watch_phones(ali.municipality_id, now + HOUR) == 0
    assert jobs_field.watch_phones(ali.municipality_id, now + 2.5 * HOUR) == 1
    assert jobs_field.watch_phones(ali.municipality_id, now + 2.6 * HOUR) == 0
    lies = Watch.objects.get(type="homecare.phone_silent")
    assert (lies.role, lies.unit_id, lies.closed_at) == ("provider_manager", petra.unit_id, None)
    at(now + 2.7 * HOUR)
    assert "Tyst under passet" in client_of(petra).get("/provider/phones").content.decode()
    phone.send(now + 3 * HOUR)
    jobs_field.watch_phones(ali.municipality_id, now + 3 * HOUR)
    lies.refresh_from_db()
    assert lies.closed_at is not None


def test_what_nobody_has_settled_for_a_day_is_work_for_the_manager(
    laid_aside: tuple[Telephone, FieldEvent], petra: Actor, now: datetime
) -> None:
    _, row = laid_aside
    assert jobs_field.watch_quarantine(petra.municipality_id, now + 20 * HOUR) == 0
    assert jobs_field.watch_quarantine(petra.municipality_id, now + 30 * HOUR) == 1
    quarantine.dismiss(row, "Utredd", by=petra, now=now + 31 * HOUR)
    assert Watch.objects.get(type="homecare.quarantine").closed_at is not None


def test_a_bundle_of_paper_shows_which_pages_are_missing(
    telephone: Telephones, ali: Actor, petra: Actor, morning: Visit, now: datetime, client_of: Any
) -> None:
    phone = telephone(ali)
    page = {"batch": str(uuid.uuid4()), "count": 4, "written_by": "Noor Aziz", "event_at": wire.written(now)}
    for number in (1, 3):
        phone.one(now, "paper", page=number, **page)
    shown = client_of(petra).get("/provider/phones/paper").content.decode()
    assert "2 av 4" in shown
    assert "2, 4" in shown


# Taken into use --------------------------------------------------------------------------------------------------


def test_the_same_key_is_the_same_phone_and_anothers_is_refused(
    telephone: Telephones, ali: Actor, noor: Actor, petra: Actor, now: datetime
) -> None:
    phone = telephone(ali)
    assert register_phone(phone.public, "Igen", by=ali, now=now).pk == phone.row.pk
    assert Phone.objects.count() == 1
    with pytest.raises(PhoneRefused, match="någon annan"):
        register_phone(phone.public, "Min", by=noor, now=now)
    with pytest.raises(PhoneRefused, match="nyckel"):
        register_phone(b"\x04" + bytes(64), "Trasig", by=ali, now=now)
    revoke_phone(phone.row, "Tappad på bussen", by=petra, now=now)
    with pytest.raises(PhoneRefused, match="spärrad"):
        register_phone(phone.public, "Igen", by=ali, now=now)


def test_ali_takes_a_phone_into_use_over_the_api(ali: Actor, client_of: Any, asvalla: Municipality) -> None:
    browser = client_of(ali)
    mine = Telephone()
    answer = browser.post("/api/v1/field/phone", json.dumps(mine.registration()), "application/json")
    assert answer.status_code == 200, answer.content
    mine.registered(answer.json())
    assert Phone.objects.get().carer_id == ali.assignment_id
    assert mine.store.seal == keys.find(asvalla.pk, mine.store.kid).public  # type: ignore[union-attr]


def test_the_authority_has_no_phones(karin: Actor, client_of: Any) -> None:
    said = json.dumps(Telephone().registration())
    assert client_of(karin).post("/api/v1/field/phone", said, "application/json").status_code == 404


def test_a_carer_who_has_left_is_no_longer_taken_in(
    telephone: Telephones, ali: Actor, morning: Visit, astrid: Person, now: datetime
) -> None:
    phone = telephone(ali)
    Assignment.objects.filter(pk=ali.assignment_id).update(valid_to=(now - timedelta(days=1)).date())
    told = phone.one(now, "note", person=astrid.pk, text="Efteråt.")
    assert (told["verdict"], phone.row.receipts) == ("quarantined", 1)
    assert "upphört" in told["words"]
