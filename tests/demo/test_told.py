"""The told people of a fresh demo, and the journey a visitor can begin."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.hashers import check_password

from livlina import demo
from livlina.authority.cases import actions as cases
from livlina.authority.cases.models import Appeal, Case, Document
from livlina.core.access import Actor
from livlina.core.models import Assignment, Municipality, User
from livlina.demo import cast
from livlina.demo.progress import Progress
from livlina.demo.stage import Stage
from livlina.demo.words import PASSWORD
from livlina.provider.doors import queries as door_queries
from livlina.provider.doors.models import Lock, MetalKey, Opening
from livlina.provider.doors.protocol.log import Entry, chained
from livlina.provider.homecare.models import Dose, DoseSignature
from livlina.provider.homecare.queries import nursing
from livlina.registers.journal.models import Note
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.people.models import Person
from livlina.registers.people.queries.search import search
from livlina.registers.watches.models import Watch, WatchDesk
from tests.people import MORNING


def _person(told: cast.Told) -> Person:
    return Person.objects.get(numbers__value=told.number)


def test_astrid_is_found_by_name_and_by_number(town: Municipality, who: Callable[[str], Actor]) -> None:
    karin = who("Karin Ekdal")
    for text in ("lindqvist astrid", cast.ASTRID.number.display()):
        assert _person(cast.ASTRID).pk in [hit.pk for hit in search(karin, text, MORNING).hits]


def test_anna_can_begin_the_journey_for_her_mother(town: Municipality) -> None:
    astrid, anna = _person(cast.ASTRID), _person(cast.ANNA)
    assert not Case.objects.filter(person=astrid).exists()
    herself = Stage(town.pk, MORNING).citizen(anna.pk, anna.name)
    draft = cases.begin_application("home_care", person=astrid, by=herself, now=MORNING)
    assert (draft.person_id, draft.mandate) == (astrid.pk, "power_of_attorney")


def test_the_invented_e_identification_offers_anna_and_bertil(town: Municipality) -> None:
    offered = {one["given_names"].split()[0]: one["number"] for one in town.parameters["demo_citizens"]}
    assert offered["Anna"] == cast.ANNA.number.value
    assert "Bertil" in offered
    assert "Tolvan" not in offered


def test_bertil_has_a_decision_partly_against_him_with_its_letter(town: Municipality) -> None:
    case = Case.objects.get(person=_person(cast.BERTIL))
    decision = case.decisions.get()
    assert (case.state, decision.outcome) == ("running", "partly_granted")
    assert [line.granted for line in decision.lines.order_by("position")] == [True, True, False]
    letter = Document.objects.get(decision=decision, kind="decision_partly")
    assert bytes(letter.pdf).startswith(b"%PDF-")
    assert hashlib.sha256(bytes(letter.pdf)).hexdigest() == letter.sha256


def test_bertils_appeal_waits_in_time(town: Municipality) -> None:
    appeal = Appeal.objects.get(case__person=_person(cast.BERTIL))
    assert appeal.state == "appeal_received"
    assert appeal.received_on <= appeal.last_day


def test_the_order_at_the_wrong_provider_was_recalled_unopened(town: Municipality) -> None:
    orders = Order.objects.filter(versions__person=_person(cast.BERTIL)).distinct()
    by_name = {order.provider.name: order for order in orders.select_related("provider") if order.provider}
    assert by_name["Norrgårdens hemtjänst"].state == "recalled"
    assert not OrderVersion.objects.filter(order=by_name["Norrgårdens hemtjänst"], compartment=2).exists()
    assert by_name["Norra hemtjänsten"].state == "active"


def test_margits_alarm_lies_unconfirmed_with_the_officer_on_duty(town: Municipality) -> None:
    order = Order.objects.get(versions__person=_person(cast.MARGIT))
    assert (order.state, order.kind) == ("sent", "social_alarm")
    assert order.escalated_at == order.answer_by < MORNING
    climbed = WatchDesk.objects.filter(watch__object_id=order.pk, role="duty_officer", since__lte=MORNING)
    assert climbed.exists()


def test_the_note_about_margit_was_moved_from_bertil(town: Municipality) -> None:
    sealed = Note.objects.get(person=_person(cast.BERTIL), sealed_at__isnull=False)
    moved = Note.objects.get(person=_person(cast.MARGIT), cites_author__startswith="Karin Ekdal")
    assert moved.text == sealed.text


def test_tolvan_has_died(town: Municipality) -> None:
    assert _person(cast.TOLV).is_dead


def test_every_log_in_of_the_table_opens_the_role_it_names(town: Municipality) -> None:
    heading, *rows = demo.logins()
    assert len(heading) == 5
    staff = [row for row in rows if "@" in row[2]]
    hashes = set()
    for role, name, mail, password, look in staff:
        user = User.objects.get(email=mail)
        held = Assignment.objects.valid(MORNING.date()).get(user=user)  # type: ignore[attr-defined]
        assert (user.name, held.municipality_id, password, bool(role and look)) == (
            name,
            town.pk,
            PASSWORD,
            True,
        )
        hashes.add(user.password)
    assert len(PASSWORD) >= 14
    assert len(hashes) == 1
    assert check_password(PASSWORD, hashes.pop())


def test_new_cases_come_to_the_unit_of_karin(town: Municipality, who: Callable[[str], Actor]) -> None:
    from livlina.authority.cases.actions.cases import intake_unit
    from livlina.authority.cases.engine import load

    assert (
        intake_unit(load().current("home_care", on=MORNING.date()), town.pk, MORNING.date()).pk
        == who("Karin Ekdal").unit_id
    )


def test_progress_was_told_in_words_part_by_part(loaded: None, heard: list[tuple[str, int, int]]) -> None:
    assert [words for words, done, total in heard if done == total][:2] == [
        "Åsvalla kommun: inhabitants",
        "Åsvalla kommun: cases",
    ]
    said: list[str] = []
    progress = Progress(said.append, live=False)
    progress("Åsvalla kommun: inhabitants", 5, 10)
    progress("Åsvalla kommun: inhabitants", 10, 10)
    assert len(said) == 1
    assert "10 of 10" in said[0]


def test_margit_ordered_nine_hours_ago(town: Municipality) -> None:
    order = Order.objects.get(versions__person=_person(cast.MARGIT))
    assert MORNING - order.sent_at >= timedelta(hours=4)


def test_lena_has_signing_lists_with_one_dose_missed_and_one_given_twice(
    town: Municipality, who: Callable[[str], Actor]
) -> None:
    lena = who("Lena Falk")
    assert len(nursing.patients(lena, MORNING)) >= 2
    assert Dose.objects.filter(state="missed").count() == 1
    assert DoseSignature.objects.filter(double=True).count() == 1
    assert Dose.objects.filter(state="due", due_at__lt=MORNING - timedelta(hours=1)).count() == 0
    raised = set(
        Watch.objects.filter(type__startswith="nursing.", closed_at=None).values_list("type", flat=True)
    )
    assert raised == {"nursing.missed", "nursing.double", "nursing.expires_30"}


def test_ali_signs_on_delegation(town: Municipality, who: Callable[[str], Actor]) -> None:
    ali = who("Ali Hassan")
    assert DoseSignature.objects.filter(by_id=ali.user_id, delegation__carer_id=ali.assignment_id).exists()
    assert not DoseSignature.objects.filter(by_id=ali.user_id, delegation=None).exists()


def test_the_doors_of_norra_are_fitted_agreed_to_and_their_logs_are_whole(
    town: Municipality, who: Callable[[str], Actor]
) -> None:
    locks = door_queries.unit_locks(who("Petra Nyström"))
    fitted = [lock for lock in locks if lock.state == "fitted"]
    assert 5 <= len(fitted) < 13
    for lock in fitted:
        entries = [
            Entry.parse(bytes(row.raw)) for row in Opening.objects.filter(lock=lock).order_by("number")
        ]
        assert [entry.outcome for entry in entries[:2]] == ["fitted", "opened"]
        assert chained(entries)
    assert not Opening.objects.filter(follows=False).exists()


def test_nothing_in_the_demo_is_opened_by_a_stranger_and_one_metal_key_is_lost(town: Municipality) -> None:
    assert not Opening.objects.filter(outcome="opened", holder_name="").exists()
    assert MetalKey.objects.filter(lost_at__isnull=False).count() == 1
    assert MetalKey.objects.filter(holder__isnull=False).count() == 2
    assert Lock.objects.filter(state="planned").count() <= 1
