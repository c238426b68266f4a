"""A row made before the number was known, and the row that has it: one person, nothing moved."""

from datetime import date, timedelta

import pytest

from livlina.core.access import Refused
from livlina.core.ids import IdentityNumber, test_number
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent, User
from livlina.core.outbox import deliver_waiting
from livlina.registers.people import actions, queries
from livlina.registers.people.models import NameToken, Person, ProtectedAccess, SamePerson

WHY = "Förlossningen har meddelat numret, och modern är densamma."


@pytest.fixture
def expected(registrar, now) -> Person:
    """The child that Mia expects: reported before it was born."""
    return actions.register_person(given_names="Väntat barn till", family_name="Blom", by=registrar, now=now)


@pytest.fixture
def number() -> IdentityNumber:
    return test_number(date(2026, 2, 20), "female", 3)


@pytest.fixture
def tuva(registrar, number, now) -> Person:
    """Tuva Blom, whom the population register told of when she was born."""
    return actions.register_person(
        given_names="Tuva", family_name="Blom", number=number, street="Ängsvägen 3", postcode="99145",
        city="Lövhult", by=registrar, now=now,
    )  # fmt: skip


@pytest.fixture
def same(expected, tuva, gunnar, now) -> SamePerson:
    return actions.mark_same(expected, tuva, reason=WHY, by=gunnar, now=now)


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_when_nobody_else_has_the_number_the_row_simply_gets_it(
    expected, number, fatima, gunnar, now
) -> None:
    actions.add_number(expected, number, by=fatima, now=now)
    actions.change_name(expected, given_names="Tuva", family_name="Blom", by=fatima, now=now)
    assert queries.by_number(gunnar, number) == expected
    assert [hit.pk for hit in queries.search(fatima, "väntat", now).hits] == [expected.pk]


def test_the_earlier_row_says_what_the_other_says_and_is_found_by_no_search(
    same, expected, tuva, fatima, now
) -> None:
    row = again(expected)
    assert (row.full_name, row.birth_date, row.street) == ("Tuva Blom", date(2026, 2, 20), "Ängsvägen 3")
    assert [hit.pk for hit in queries.search(fatima, "blom", now).hits] == [tuva.pk]
    assert queries.search(fatima, "väntat", now).hits == []
    assert not NameToken.objects.filter(person=expected).exists()
    kept = AuditEvent.objects.filter(verb="people.merge").values_list("person_id", flat=True)
    assert set(kept) == {expected.pk, tuva.pk}


def test_what_changes_of_the_person_changes_of_both(same, expected, tuva, fatima, now) -> None:
    actions.change_details(tuva, by=fatima, now=now, street="Storgatan 1", postcode="99101", city="Åsvalla")
    actions.change_name(again(tuva), given_names="Tuva Mia", family_name="Berg", by=fatima, now=now)
    row = again(expected)
    assert (row.full_name, row.city) == ("Tuva Mia Berg", "Åsvalla")
    for change in (
        lambda: actions.change_name(row, given_names="X", family_name="Y", by=fatima, now=now),
        lambda: actions.change_details(row, by=fatima, now=now, city="Lövhult"),
        lambda: actions.add_number(row, test_number(date(2026, 2, 20), "female", 4), by=fatima, now=now),
        lambda: actions.record_death(row, now.date(), by=fatima, now=now),
        lambda: actions.set_protection(row, "secrecy_marked", by=fatima, now=now),
    ):
        with pytest.raises(actions.MirrorsAnother):
            change()


def test_a_protection_holds_for_both_and_for_the_same_few(same, expected, tuva, fatima, gunnar, now) -> None:
    actions.set_protection(tuva, "secrecy_marked", by=gunnar, now=now)
    assert again(expected).is_protected
    with pytest.raises(Refused):
        queries.read(fatima, expected.pk, now=now)
    assert queries.read(gunnar, expected.pk, now=now)
    granted = actions.grant_protected_access(
        again(tuva), User.objects.get(pk=fatima.user_id), reason="Handlägger", by=gunnar, now=now
    )
    assert queries.read(fatima, expected.pk, now=now)
    actions.end_protected_access(granted, by=gunnar, now=now + timedelta(hours=1))
    with pytest.raises(Refused):
        queries.read(fatima, expected.pk, now=now)
    assert ProtectedAccess.objects.filter(person=expected, ended_at=None).count() == 1


def test_a_death_is_told_of_both_since_both_may_have_cases(same, expected, tuva, fatima, now) -> None:
    deliver_waiting()
    actions.record_death(tuva, now.date(), by=fatima, now=now)
    assert again(expected).is_dead


def test_only_a_manager_and_only_with_a_reason(expected, tuva, fatima, sofia, gunnar, sara, now) -> None:
    for who in (fatima, sofia, sara):
        with pytest.raises(Refused):
            actions.mark_same(expected, tuva, reason=WHY, by=who, now=now)
    with pytest.raises(actions.SayWhy):
        actions.mark_same(expected, tuva, reason="ja", by=gunnar, now=now)


def test_two_persons_with_numbers_are_two_persons(
    tuva, astrid, expected, same, gunnar, registrar, now
) -> None:
    other = actions.register_person(given_names="Okänt barn", family_name="Ek", by=registrar, now=now)
    for one, real in ((astrid, tuva), (tuva, astrid), (other, again(expected)), (other, other)):
        with pytest.raises(actions.NotTheSame):
            actions.mark_same(one, real, reason=WHY, by=gunnar, now=now)
    with pytest.raises(actions.AlreadyHolds):
        actions.mark_same(expected, astrid, reason=WHY, by=gunnar, now=now)


def test_a_protected_row_is_not_tied_to_one_without_protection(expected, tuva, gunnar, now) -> None:
    actions.set_protection(expected, "secrecy_marked", by=gunnar, now=now)
    with pytest.raises(actions.ProtectionDiffers):
        actions.mark_same(again(expected), tuva, reason=WHY, by=gunnar, now=now)


def test_a_mistake_is_undone_and_the_row_says_again_what_it_said(
    same, expected, tuva, gunnar, fatima, now
) -> None:
    actions.end_same(again(expected), reason="Det var ett annat barn med samma mor.", by=gunnar, now=now)
    row = again(expected)
    assert (row.full_name, row.birth_date, row.street) == ("Väntat barn till Blom", None, "")
    assert [hit.pk for hit in queries.search(fatima, "väntat", now).hits] == [expected.pk]
    kept = SamePerson.objects.get()
    assert (kept.reason, kept.ended_by_name) == (WHY, "Gunnar Ek")
    with pytest.raises(actions.AlreadyHolds):
        actions.end_same(row, reason="En gång till, av misstag.", by=gunnar, now=now)
    assert actions.mark_same(row, tuva, reason=WHY, by=gunnar, now=now)


def test_gunnar_does_it_on_the_page_and_each_row_shows_the_way_to_the_other(
    expected, tuva, number, gunnar, fatima, client_of
) -> None:
    browser, address = client_of(gunnar), f"/officer/people/{expected.pk}"
    assert f"{address}/same" in browser.get(address).content.decode()
    assert f"{address}/same" not in client_of(fatima).get(address).content.decode()
    assert client_of(fatima).get(f"{address}/same").status_code == 404
    sent = {"submission_key": str(uuid7()), "number": number.value, "reason": WHY}
    unknown = {
        "submission_key": str(uuid7()),
        "number": test_number(date(2026, 2, 20), "female", 9).value,
        "reason": WHY,
    }
    refused = browser.post(f"{address}/same", unknown)
    assert refused.status_code == 422
    assert "Ingen träff" in refused.content.decode()
    assert browser.post(f"{address}/same", sent).status_code == 302
    page = browser.get(address).content.decode()
    assert f'href="/officer/people/{tuva.pk}"' in page
    assert "Uppgifterna följer registreringen med personnummer" in page
    assert WHY in page
    page = browser.get(f"/officer/people/{tuva.pk}").content.decode()
    assert "Väntat barn till Blom" in page
    assert f'href="{address}"' in page
    browser.post(f"{address}/same/end", {"reason": "Det var ett annat barn."})
    assert again(expected).same_as_id is None
