"""Registering and changing people."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from livlina.core import outbox, tenancy
from livlina.core.access import Refused
from livlina.core.ids import ANY_KIND, IdentityNumber, test_number
from livlina.core.models import AuditEvent, PermanentRow
from livlina.registers.people import actions, queries
from livlina.registers.people.models import Person, PersonNumber
from livlina.registers.people.tests.fixtures import register


def test_a_registered_person_has_birth_date_and_sex_from_the_number(karin, now):
    number = test_number(date(1938, 4, 12), "female", 3)
    person = actions.register_person(
        given_names=" Siv ", family_name="Ström", number=number, by=karin, now=now
    )
    assert (person.name, person.birth_date, person.sex) == ("Siv Ström", date(1938, 4, 12), "female")
    assert PersonNumber.objects.get(person=person).value == number


def test_age_goes_by_the_birth_date_and_not_by_the_number(karin, now):
    number = test_number(date(1938, 4, 12), "female", 3)
    person = actions.register_person(
        given_names="Siv", family_name="Ström", number=number, birth_date=date(1938, 4, 11), by=karin, now=now
    )
    assert person.age(date(2026, 4, 11)) == 88
    assert person.age(date(2026, 4, 10)) == 87
    assert Person(birth_date=None).age(date(2026, 1, 1)) is None


def test_someone_without_a_number_can_be_registered_and_given_one_later(karin, now):
    person = actions.register_person(given_names="Okänd", family_name="Kvinna", by=karin, now=now)
    local = IdentityNumber.parse("19880209-T050", today=date(2026, 3, 2), allow=ANY_KIND)
    actions.add_number(person, local, by=karin, now=now)
    assert queries.by_number(karin, local) == person


def test_a_number_belongs_to_one_person_only_and_the_refusal_does_not_say_whose(karin, astrid, now):
    number = PersonNumber.objects.get(person=astrid).value
    before = Person.objects.count()
    with pytest.raises(actions.NumberTaken) as caught:
        actions.register_person(given_names="Siv", family_name="Ström", number=number, by=karin, now=now)
    assert Person.objects.count() == before
    assert "Sök på numret" in caught.value.swedish
    assert number.value not in f"{caught.value!r}{caught.value}"


def test_the_neighbour_municipality_may_know_the_same_person(astrid, sara, now):
    number = PersonNumber.objects.get(person=astrid).value
    with tenancy.acting(sara.municipality_id, (1,)):
        twin = actions.register_person(given_names="Astrid", family_name="L", number=number, by=sara, now=now)
        assert queries.by_number(sara, number) == twin


def test_a_samordningsnummer_that_becomes_a_personnummer_keeps_the_person(karin, now):
    first = test_number(date(1980, 1, 2), "female", 0, coordination=True)
    then = test_number(date(1980, 1, 2), "female", 0)
    person = actions.register_person(given_names="Sana", family_name="Ali", number=first, by=karin, now=now)
    actions.add_number(person, then, by=karin, now=now + timedelta(days=30))
    assert queries.by_number(karin, first) == queries.by_number(karin, then) == person
    assert queries.by_number(karin, first).number == then
    assert [row.until is None for row in PersonNumber.objects.filter(person=person).order_by("since")] == [
        False,
        True,
    ]


def test_going_back_to_an_earlier_number_makes_no_second_row(karin, astrid, now):
    first = PersonNumber.objects.get(person=astrid).value
    second = test_number(date(1938, 4, 12), "female", 9)
    for number in (second, first, first):
        actions.add_number(astrid, number, by=karin, now=now)
    assert PersonNumber.objects.filter(person=astrid).count() == 2
    assert PersonNumber.objects.get(person=astrid, current=True).value == first


def test_the_history_of_numbers_cannot_be_rewritten(astrid):
    row = PersonNumber.objects.get(person=astrid)
    with pytest.raises(PermanentRow):
        row.delete()
    with pytest.raises(PermanentRow):
        PersonNumber.objects.filter(pk=row.pk).update(value=test_number(date(1950, 1, 1), "male", 0))


def test_a_birth_in_the_future_is_refused(karin, now):
    with pytest.raises(actions.UnsoundDates):
        actions.register_person(
            given_names="Siv", family_name="Ström", birth_date=date(2026, 3, 3), by=karin, now=now
        )


def test_a_detail_that_is_not_the_persons_is_a_programming_fault(karin, astrid, now):
    with pytest.raises(TypeError, match="no detail called protection"):
        actions.change_details(astrid, protection="none", by=karin, now=now)


def test_a_change_writes_only_what_it_names_and_is_recorded_without_the_text(karin, astrid, now):
    Person.objects.filter(pk=astrid.pk).update(city="Byn")
    actions.change_details(astrid, language="finska", interpreter=True, by=karin, now=now)
    astrid.refresh_from_db()
    assert (astrid.language, astrid.interpreter, astrid.city) == ("finska", True, "Byn")
    event = AuditEvent.objects.get(verb="people.write", person_id=astrid.pk)
    assert event.detail == {"fields": ["interpreter", "language"]}


def test_a_death_is_recorded_once_and_announced_once(karin, astrid, now, monkeypatch):
    monkeypatch.setitem(outbox.SUBSCRIBERS, "person.died", {"a room above": lambda event: None})
    actions.record_death(astrid, date(2026, 2, 27), by=karin, now=now)
    with pytest.raises(actions.AlreadyHolds):
        actions.record_death(astrid, date(2026, 2, 28), by=karin, now=now)
    told = ProcrastinateJob.objects.filter(task_name="deliver", args__name="person.died")
    assert [job.args["object_id"] for job in told] == [str(astrid.pk)]
    astrid.refresh_from_db()
    assert astrid.age(date(2026, 5, 1)) == 87


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(1938, 4, 11)])
def test_nobody_dies_tomorrow_or_before_birth(karin, astrid, now, day):
    with pytest.raises(actions.UnsoundDates):
        actions.record_death(astrid, day, by=karin, now=now)


def test_the_database_itself_refuses_a_person_without_a_name(asvalla):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(municipality=asvalla, given_names="", family_name="")


def test_nobody_without_the_right_registers_or_changes_anyone(petra, eva, ola, sara, astrid, now):
    for actor in (petra, eva, ola):
        with pytest.raises(Refused):
            register(actor, now, "Siv", "Ström", date(1950, 1, 1))
        with pytest.raises(Refused):
            actions.change_details(astrid, city="Byn", by=actor, now=now)
    with pytest.raises(Refused):
        actions.change_details(astrid, city="Byn", by=sara, now=now)


# ---- opening ----


def test_opening_a_person_is_two_statements_and_leaves_a_record(karin, astrid, statements, now):
    with statements() as sent:
        person = queries.read(karin, astrid.pk, now=now)
        shown = queries.header(karin, person, now=now)
    assert len(sent) == 2
    assert (shown.name, shown.number, shown.facts) == (
        "Astrid Lindqvist",
        "19380412-9801",
        [("Ålder", "87 år")],
    )
    event = AuditEvent.objects.get(verb="people.read", person_id=astrid.pk)
    assert (event.user_id, event.review) == (karin.user_id, "outside")


def test_a_reading_with_a_relation_is_as_usual_and_one_of_a_namesake_is_not(karin, astrid, registrar, now):
    actions.grant_reach(astrid, karin.unit_id, source="case:1", reason="case", by=karin, now=now)
    namesake = register(registrar, now, "Bo", "Ekdal", date(1950, 1, 1))
    herself = register(registrar, now, "Karin", "Ekdal", date(1970, 1, 1))
    for person in (astrid, namesake, herself):
        queries.read(karin, person.pk, now=now)
    events = AuditEvent.objects.filter(verb="people.read").order_by("pk")
    assert [event.review for event in events] == ["", "namesake", "self"]


def test_the_header_says_what_one_must_know_before_speaking(karin, astrid, now):
    actions.change_details(astrid, language="finska", interpreter=True, by=karin, now=now)
    actions.record_death(astrid, date(2026, 2, 27), by=karin, now=now)
    person = Person.objects.get(pk=astrid.pk)
    facts = dict(queries.header(karin, person, now=now).facts)
    assert facts == {"Avliden": "2026-02-27", "Ålder": "87 år", "Språk": "finska, behöver tolk"}


def test_the_header_has_the_tabs_that_rooms_hang_on_it_and_the_role_may_open(
    karin, petra, astrid, now, settings
):
    settings.PERSON_TABS = {
        "officer": [
            ("Översikt", "people:person", "people.read"),
            ("Finns inte", "nowhere:page", "people.read"),
            ("Får inte", "people:person", "people.act_for"),
        ]
    }
    tabs = queries.header(karin, astrid, now=now).tabs
    assert [(tab.label, tab.current) for tab in tabs] == [("Översikt", True)]
    assert queries.header(petra, astrid, now=now).tabs == []
