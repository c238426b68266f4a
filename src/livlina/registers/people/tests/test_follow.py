"""Following the population register without harm to what people here know better."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from livlina.core.ids import test_number
from livlina.core.models import AuditEvent
from livlina.registers.people import actions, adapters, jobs, queries
from livlina.registers.people.adapters.base import PermanentFault, Record, TemporaryFault
from livlina.registers.people.adapters.fake import TEST_PERSONS, FakeRegister
from livlina.registers.people.models import Contact, Person


@pytest.fixture
def record(astrid):
    """What the register says of Astrid: the same as we know."""
    return Record(
        astrid.numbers.get().value,
        astrid.given_names,
        astrid.family_name,
        called_name=astrid.called_name,
        birth_date=astrid.birth_date,
        sex=astrid.sex,
        street=astrid.street,
        postcode=astrid.postcode,
        city=astrid.city,
        home_municipality=astrid.home_municipality,
    )


def test_nothing_new_changes_nothing_and_is_noted(registrar, astrid, record, now):
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == []
    astrid.refresh_from_db()
    assert astrid.followed_at == now


def test_a_move_a_new_name_and_a_new_number_are_taken_in(registrar, karin, astrid, record, now):
    new = test_number(date(1938, 4, 12), "female", 7)
    record = replace(record, number=new, family_name="Ekman", street="Nygatan 1")
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == [
        "number",
        "name",
        "details",
    ]
    person = queries.by_number(karin, new)
    assert (person.pk, person.name, person.street) == (astrid.pk, "Astrid Ekman", "Nygatan 1")


def test_a_death_is_taken_in_once_and_closes_nothing(registrar, astrid, record, now):
    record = replace(record, died_on=date(2026, 2, 28))
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == ["death"]
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == []
    assert AuditEvent.objects.filter(verb="people.record_death").count() == 1


def test_protection_is_taken_in_at_once_and_its_false_address_never_is(registrar, karin, astrid, record, now):
    actions.add_contact(astrid, "post", "Via Skatteverket", protected_route=True, by=karin, now=now)
    record = replace(
        record, protection="protected_registration", street="Stortorget 1", home_municipality="0180"
    )
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == ["protection"]
    astrid.refresh_from_db()
    assert (astrid.street, astrid.home_municipality) == ("Björkvägen 12", "9901")
    assert Contact.objects.get(person=astrid).value == "Via Skatteverket"


def test_the_register_never_ends_a_protection_set_here(registrar, karin, astrid, record, now):
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == []
    assert Person.objects.get(pk=astrid.pk).protection == "secrecy_marked"


def test_fictitious_data_are_followed_for_death_only(registrar, karin, astrid, record, now):
    actions.set_protection(astrid, "fictitious", by=karin, now=now)
    record = replace(record, family_name="Gamla", died_on=date(2026, 2, 28))
    assert actions.follow_population_register(astrid, record, by=registrar, now=now) == ["death"]


# ---- the nightly round ----


def test_the_round_asks_about_each_once_a_day(astrid, bertil, record, now):
    register = FakeRegister(replace(record, city="Norrby"))
    assert jobs.follow_in(register, astrid.municipality_id, now) == 1
    assert jobs.follow_in(register, astrid.municipality_id, now) == 0
    register.put(replace(record, city="Söderby"))
    assert jobs.follow_in(register, astrid.municipality_id, now + timedelta(hours=25)) == 1
    astrid.refresh_from_db()
    assert astrid.city == "Söderby"


def test_nobodys_row_is_locked_while_a_slow_register_thinks(astrid, bertil, record, now):
    class Slow(FakeRegister):
        inside: list[int] = []

        def ask(self, number):
            self.inside.append(len(connection.savepoint_ids))
            return super().ask(number)

    outside = len(connection.savepoint_ids)  # the test's own transaction
    assert jobs.follow_in(Slow(replace(record, city="Norrby")), astrid.municipality_id, now) == 1
    assert set(Slow.inside) == {outside}


def test_a_register_that_is_away_is_asked_again_later(astrid, now):
    register = FakeRegister()
    register.fault = TemporaryFault("away")
    assert jobs.follow_in(register, astrid.municipality_id, now) == 0
    astrid.refresh_from_db()
    assert astrid.followed_at is None


def test_a_register_that_refuses_one_person_is_not_asked_about_them_all_night(astrid, now):
    register = FakeRegister()
    register.fault = PermanentFault("no")
    assert jobs.follow_in(register, astrid.municipality_id, now) == 0
    astrid.refresh_from_db()
    assert astrid.followed_at == now


def test_the_fake_register_knows_its_test_persons_and_serves_no_real_installation(registrar, now, settings):
    person = actions.register_person(
        given_names="Tolvan", family_name="T", number=TEST_PERSONS[0].number, by=registrar, now=now
    )
    assert jobs.follow(registrar.municipality_id, now) == 1
    person.refresh_from_db()
    assert person.full_name == "Tolvan Elof Tolvansson"
    settings.TEST = settings.DEMO = False
    assert adapters.current() is None
    assert jobs.follow(registrar.municipality_id, now) == 0
    settings.POPULATION_REGISTER = adapters.FAKE
    with pytest.raises(ValueError, match="demo and tests only"):
        adapters.current()


def test_a_test_number_is_refused_outside_demo_and_tests(karin, now, settings):
    settings.TEST = settings.DEMO = False
    with pytest.raises(actions.TestNumberRefused):
        actions.register_person(
            given_names="Tolvan", family_name="T", number=TEST_PERSONS[0].number, by=karin, now=now
        )
