"""The thirteen ways in which phones and the office can disagree, and what becomes of each (continuity 2.4).

Nothing is merged, nothing is lost, and whoever must know is told. The one about alarms: alarms/tests/test_fieldwork.py.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from livlina.core.access import Actor, system
from livlina.core.models import Assignment
from livlina.core.models.audit import AuditEvent
from livlina.provider.homecare.actions import visits
from livlina.provider.homecare.actions.phones import revoke_phone
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature, PaperPage, Visit, VisitEvent
from livlina.provider.homecare.sync import paper, wire
from livlina.provider.homecare.tests.fixtures_sync import Telephone
from livlina.registers.journal import actions as journal
from livlina.registers.journal.models import Correction, Note
from livlina.registers.orders.models import Order
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Telephones = Callable[..., Telephone]


def raised(kind: str) -> int:
    """How many open watches of a kind there are."""
    return Watch.objects.filter(type=kind, closed_at=None).count()


def test_two_carers_who_note_the_same_visit_have_each_their_note_and_the_visit_both_their_names(
    telephone: Telephones, ali: Actor, noor: Actor, petra: Actor, morning: Visit, now: datetime
) -> None:
    visits.give_visit(morning, noor.assignment_id, by=petra, now=now)  # type: ignore[arg-type]
    about = {"person": morning.person_id, "visit": morning.pk}
    for carer, text in ((ali, "Jag hjälpte henne upp."), (noor, "Hon åt frukost.")):
        phone = telephone(carer)
        phone.keep("check_in", now, **about)
        phone.keep("note", now, text=text, **about)
        phone.keep("check_out", now + 20 * MINUTE, done=[], text="", **about)
        assert {one["verdict"] for one in phone.send(now + HOUR)} == {"accepted"}
    notes = Note.objects.filter(about_id=morning.pk).order_by("seq")
    assert [note.author_name for note in notes] == ["Ali Hassan", "Noor Aziz"]
    assert {event.by_name for event in VisitEvent.objects.filter(kind="out")} == {"Ali Hassan", "Noor Aziz"}


def test_the_same_id_with_another_text_is_kept_as_a_variant_and_its_author_is_told(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone, key = telephone(ali), uuid4()
    first = phone.one(now, "note", person=morning.person_id, id=key, text="Åt bra.")
    other = phone.one(now + MINUTE, "note", person=morning.person_id, id=key, text="Åt dåligt.")
    assert (first["verdict"], other["verdict"]) == ("accepted", "variant")
    assert "Båda är sparade" in other["words"]
    newest = Note.objects.get(text="Åt dåligt.")
    assert newest.variant_of is not None
    assert newest.variant_of.text == "Åt bra."
    assert phone.waiting == []
    deviation = phone.one(now, "deviation", visit=morning.pk, id=key, kind="fall", text="")
    assert deviation["verdict"] == "variant"  # of another kind: as it came, for its author to read
    assert VisitEvent.objects.filter(kind="deviation").count() == 0


def test_a_visit_that_was_cancelled_and_made_all_the_same_is_done_and_its_invoice_waits_for_a_person(
    telephone: Telephones, ali: Actor, petra: Actor, morning: Visit, now: datetime
) -> None:
    phone, about = telephone(ali), {"person": morning.person_id, "visit": morning.pk}
    visits.cancel_visit(morning, reason="declined", by=petra, now=now - HOUR)
    phone.keep("check_in", now, **about)
    phone.keep("check_out", now + 30 * MINUTE, done=[], text="", **about)
    told = phone.send(now + HOUR)
    assert "inställt" in told[0]["words"]
    morning.refresh_from_db()
    assert morning.state == "done"
    assert VisitEvent.objects.get(kind="deviation").reason == "cancelled"
    assert raised("homecare.deviation") == 1
    assert not VisitEvent.objects.filter(kind="approved").exists()


def test_a_visit_moved_to_another_who_both_went_to_is_two_performed_and_one_to_pay_for(
    telephone: Telephones, ali: Actor, noor: Actor, petra: Actor, morning: Visit, now: datetime
) -> None:
    visits.take_visit(morning, ali.assignment_id, by=petra, now=now - HOUR)  # type: ignore[arg-type]
    visits.give_visit(morning, noor.assignment_id, by=petra, now=now - HOUR)  # type: ignore[arg-type]
    said = []
    for carer in (noor, ali):
        phone = telephone(carer)
        about = {"person": morning.person_id, "visit": morning.pk}
        phone.keep("check_in", now, **about)
        phone.keep("check_out", now + 30 * MINUTE, done=[], text="", **about)
        said.append(phone.send(now + HOUR)[0])
    assert (said[0]["words"], "Noor Aziz" in said[1]["words"]) == ("", True)
    assert VisitEvent.objects.filter(visit=morning, kind="out").count() == 2
    assert raised("homecare.both_went") == 1
    visits.approve_visit(Visit.objects.get(pk=morning.pk), 30, by=petra, now=now + 2 * HOUR)
    visits.approve_visit(Visit.objects.get(pk=morning.pk), 30, by=petra, now=now + 2 * HOUR)
    assert VisitEvent.objects.filter(kind="approved").count() == 1


@pytest.mark.parametrize("why", ["ended", "died"])
def test_a_note_about_somebody_who_has_left_or_died_is_taken_in_as_late_and_the_handlaggare_is_told(
    telephone: Telephones, ali: Actor, confirmed: Order, morning: Visit, now: datetime, why: str
) -> None:
    phone, house = telephone(ali), system(ali.municipality_id, (1, 2, 3))
    phone.keep("note", now, person=morning.person_id, visit=morning.pk, text="Var trött i dag.")
    if why == "died":
        people.record_death(morning.person, date(2026, 3, 2), by=house, now=now)
    else:
        people.end_reach(morning.person, source=f"orders.order:{confirmed.pk}", by=house, now=now + HOUR)
    (told,) = phone.send(now + 5 * HOUR)
    assert (told["verdict"], "handläggaren" in told["words"]) == ("accepted", True)
    note = Note.objects.get()
    assert (note.author_name, note.text) == ("Ali Hassan", "Var trött i dag.")
    assert "kom in senare" in note.late_reason
    watch = Watch.objects.get(type="homecare.late_note")
    assert (watch.role, watch.unit_id, watch.compartment) == ("case_worker", confirmed.orderer_unit_id, 1)


def test_a_note_corrected_on_the_phone_and_at_the_office_keeps_both_corrections_and_the_struck_original(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone = telephone(ali)
    sealed = phone.keep("note", now, person=morning.person_id, visit=morning.pk, text="Tog två tabletter.")
    phone.send(now)
    note = Note.objects.get()
    phone.keep("correct_note", now + MINUTE, note=sealed["id"], text="Tog en tablett.", reason="Fel antal")
    at_office = {"new_text": "Tog tre tabletter.", "by": ali, "now": now + 2 * MINUTE}
    journal.correct(note.pk, "struck_wrong_text", "Räknade om", **at_office)
    (told,) = phone.send(now + HOUR)
    assert (told["verdict"], "Båda rättelserna" in told["words"]) == ("accepted", True)
    note.refresh_from_db()
    assert note.struck_at is not None
    assert set(Note.objects.values_list("text", flat=True)) == {
        "Tog två tabletter.", "Tog en tablett.", "Tog tre tabletter.",
    }  # fmt: skip
    assert Correction.objects.count() == 2


def test_a_note_on_the_wrong_person_is_moved_by_a_second_event_and_who_read_it_there_stands_in_the_log(
    telephone: Telephones, ali: Actor, noor: Actor, morning: Visit, bertil: Person, now: datetime
) -> None:
    house = system(ali.municipality_id, (1, 2, 3))
    people.grant_reach(bertil, ali.unit_id, source="test:1", reason="order", by=house, now=now - HOUR)  # type: ignore[arg-type]
    phone = telephone(ali)
    sealed = phone.keep("note", now, person=morning.person_id, text="Fick hembesök av sin son.")
    phone.send(now)
    wrong = Note.objects.get()
    journal.read_file(wrong.file_id, by=noor, now=now + MINUTE)
    right = {"event": sealed["id"], "right_person": str(bertil.pk), "reason": "Valde fel"}
    assert phone.one(now + 2 * MINUTE, "wrong_person", **right)["verdict"] == "accepted"
    wrong.refresh_from_db()
    moved = Note.objects.get(person=bertil)
    assert (wrong.sealed_at is not None, moved.text) == (True, "Fick hembesök av sin son.")
    assert "Ali Hassan" in moved.cites_author
    readers = AuditEvent.objects.filter(person_id=wrong.person_id, outcome="read", verb="journal.read")
    assert [read.actor_name for read in readers] == ["Noor Aziz"]


def test_three_clocks_are_kept_and_a_difference_of_more_than_ten_minutes_is_told(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone, about = telephone(ali), {"person": morning.person_id, "visit": morning.pk}
    lock_at = now - 25 * MINUTE
    told = phone.one(now + HOUR, "check_in", now, lock_at=wire.written(lock_at), **about)
    assert "skiljer 25 minuter" in told["words"]
    came = VisitEvent.objects.get(kind="in")
    assert (came.device_at, came.lock_at, came.heard_at) == (now, lock_at, now + HOUR)
    near = phone.one(
        now + HOUR, "check_out", now + 5 * MINUTE, lock_at=wire.written(now), done=[], text="", **about
    )
    assert near["words"] == ""
    ahead = phone.one(now + HOUR, "note", now + 3 * HOUR, text="Klockan går fel.", **about)
    assert "120 minuter före" in ahead["words"]
    assert Note.objects.get().event_at == now + HOUR


@pytest.mark.parametrize("how", ["phone", "assignment"])
def test_what_was_written_before_permission_was_withdrawn_is_taken_in_and_what_came_after_is_looked_at(
    telephone: Telephones, ali: Actor, petra: Actor, morning: Visit, now: datetime, how: str
) -> None:
    phone = telephone(ali)
    phone.keep("note", now, person=morning.person_id, text="Före.")
    later = now + (2 * HOUR if how == "phone" else timedelta(days=1))
    phone.keep("note", later, person=morning.person_id, text="Efter.")
    if how == "phone":
        revoke_phone(phone.row, "Borttappad", by=petra, now=now + HOUR)
    else:
        Assignment.objects.filter(pk=ali.assignment_id).update(valid_to=date(2026, 3, 2))
    told = phone.send(later + HOUR)
    assert [one["verdict"] for one in told] == ["accepted", "quarantined"]
    assert Note.objects.get().text == "Före."
    assert phone.last["revoked"] is (how == "phone")
    assert phone.waiting == []  # it lies with the municipality


def test_events_of_an_app_since_changed_are_taken_in_for_three_versions_and_then_looked_at(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = telephone(ali)
    waited = [phone.keep("note", now, person=morning.person_id, text=f"Anteckning {n}.") for n in range(2)]
    monkeypatch.setattr(wire, "VERSION", 3)
    assert phone.send(now + HOUR, waited[:1])[0]["verdict"] == "accepted"
    monkeypatch.setattr(wire, "VERSION", 4)
    (told,) = phone.send(now + 2 * HOUR)
    assert (told["verdict"], "version" in told["words"]) == ("quarantined", True)
    assert phone.event(waited[1]).sealed


def test_a_medicine_given_by_two_is_two_signatures_and_a_deviation_at_once(
    telephone: Telephones,
    ali_in_care: Actor,
    lena: Actor,
    give: Callable[..., Delegation],
    evening: Dose,
    now: datetime,
) -> None:
    give(ali_in_care)
    at = evening.due_at
    said = {"person": evening.person_id, "dose": str(evening.pk), "task": str(evening.task_id), "given": True}
    assert telephone(lena).one(at, "dose", **said)["words"] == ""
    told = telephone(ali_in_care).one(at + HOUR, "dose", at + 5 * MINUTE, **said)
    assert (told["verdict"], "redan given" in told["words"]) == ("accepted", True)
    assert [one.double for one in DoseSignature.objects.order_by("heard_at")] == [False, True]
    assert raised("nursing.double") == 1


def test_notes_on_paper_are_entered_with_page_and_writer_and_the_bundle_must_be_whole(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    phone, batch = telephone(ali), str(uuid4())
    page = {"batch": batch, "count": 3, "written_by": "Noor Aziz", "event_at": wire.written(now)}
    about = {"person": morning.person_id, "visit": morning.pk}
    first = phone.one(now + HOUR, "paper", page=1, text="Skrevs för hand.", **page, **about)
    assert "saknas sida 2, 3" in first["words"]
    assert "saknas sida 2" in phone.one(now + HOUR, "paper", page=3, **page)["words"]
    assert phone.one(now + HOUR, "paper", page=2, text="Mer för hand.", **page, **about)["words"] == ""
    assert paper.missing(PaperPage.objects.first().batch) == ([], True)  # type: ignore[union-attr]
    note = Note.objects.earliest("seq")
    assert note.source_person == "Papper, sida 1 av 3, skriven av Noor Aziz"
    assert "Skrevs på papper" in note.late_reason
    twice = phone.one(now + HOUR, "paper", page=2, text="En annan sida två.", **page, **about)
    assert "mer än en gång" in twice["words"]
    wrong = phone.one(now + HOUR, "paper", **(page | {"page": 4}))
    assert wrong["verdict"] == "quarantined"
    assert phone.one(now + HOUR, "paper", **(page | {"page": 1, "count": 2}))["words"].count("olika") == 1
