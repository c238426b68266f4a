"""Contacts, those near a person, and those who may act for them."""

from datetime import date, timedelta

import pytest

from livlina.core.access import Actor, Refused, may
from livlina.registers.people import actions, queries
from livlina.registers.people.models import Mandate
from livlina.registers.people.tests.fixtures import register

DAY = date(2026, 3, 2)


def citizen(person):
    return Actor("citizen", person.municipality_id, "citizen", person.name, user_id=1, person_id=person.pk)


def test_anna_acts_for_her_mother_and_bertil_does_not(astrid, anna, bertil):
    assert may(citizen(anna), "people.act_for", astrid)
    assert may(citizen(anna), "people.act_for", anna)
    assert not may(citizen(bertil), "people.act_for", astrid)
    assert [mandate.principal for mandate in queries.principals(citizen(anna), DAY)] == [astrid]
    assert [mandate.holder for mandate in queries.holders(astrid, DAY)] == [anna]


def test_a_withdrawn_power_of_attorney_ends_at_once(karin, astrid, anna, now):
    mandate = Mandate.objects.get(principal=astrid)
    actions.end_mandate(mandate, reason="Återkallad", by=karin, now=now)
    assert not may(citizen(anna), "people.act_for", astrid)
    with pytest.raises(actions.AlreadyHolds):
        actions.end_mandate(mandate, reason="Återkallad", by=karin, now=now)


def test_a_mandate_outside_its_days_gives_nothing(karin, astrid, bertil, now):
    for start, end in ((date(2024, 1, 1), DAY - timedelta(days=1)), (date(2999, 1, 1), None)):
        mandate = actions.give_mandate(
            astrid, bertil, "trustee", proof="Beslut", valid_from=start, valid_to=end, by=karin, now=now
        )
        assert not mandate.holds(DAY)
    assert not may(citizen(bertil), "people.act_for", astrid)
    assert queries.holders(astrid, DAY) == []


def test_custody_ends_the_day_before_the_child_is_eighteen(karin, anna, registrar, now):
    for born, last in ((date(2010, 5, 4), date(2028, 5, 3)), (date(2008, 2, 29), date(2026, 2, 28))):
        child = register(registrar, now, "Ella", "Berg", born)
        mandate = actions.give_mandate(
            child, anna, "guardian", proof="Folkbokföringen", valid_from=born, by=karin, now=now
        )
        assert mandate.valid_to == last
        assert mandate.holds(last)
        assert not mandate.holds(last + timedelta(days=1))


def test_custody_of_someone_without_birth_date_cannot_be_dated(karin, anna, now):
    child = actions.register_person(given_names="Okänt", family_name="Barn", by=karin, now=now)
    with pytest.raises(actions.UnsoundDates):
        actions.give_mandate(child, anna, "guardian", proof="Uppgift", valid_from=DAY, by=karin, now=now)


def test_nobody_is_their_own_proxy_and_no_mandate_ends_before_it_begins(karin, astrid, anna, now):
    with pytest.raises(actions.UnsoundDates):
        actions.give_mandate(astrid, astrid, "trustee", proof="x", valid_from=DAY, by=karin, now=now)
    with pytest.raises(actions.UnsoundDates):
        actions.give_mandate(
            astrid, anna, "trustee", proof="x", valid_from=DAY, valid_to=date(2026, 1, 1), by=karin, now=now
        )


def test_a_protected_person_is_served_neither_by_proxy_nor_by_herself_in_the_e_service(
    karin, astrid, anna, now
):
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    assert not may(citizen(anna), "people.act_for", astrid)
    assert not may(citizen(astrid), "people.act_for", astrid)
    assert queries.principals(citizen(anna), DAY) == []


def test_those_near_are_listed_with_the_first_to_call_first_and_consent_has_its_time(
    karin, astrid, anna, now
):
    actions.add_relation(astrid, "friend", "Aron Bo", by=karin, now=now)
    first = actions.add_relation(
        astrid,
        "child",
        "Anna",
        other=anna,
        phone="070-1740605",
        consent=True,
        first_choice=True,
        by=karin,
        now=now,
    )
    assert [relation.name for relation in queries.relations(astrid)] == ["Anna", "Aron Bo"]
    assert first.consent_at == now
    actions.end_relation(first, by=karin, now=now)
    assert [relation.name for relation in queries.relations(astrid)] == ["Aron Bo"]
    with pytest.raises(actions.AlreadyHolds):
        actions.end_relation(first, by=karin, now=now)


def test_a_contact_that_is_ended_is_no_longer_shown(karin, astrid, now):
    contact = actions.add_contact(astrid, "mobile", " 070-1740605 ", note="kvällar", by=karin, now=now)
    assert [row.value for row in queries.contacts(astrid)] == ["070-1740605"]
    actions.end_contact(contact, by=karin, now=now)
    assert queries.contacts(astrid) == []
    with pytest.raises(actions.AlreadyHolds):
        actions.end_contact(contact, by=karin, now=now)


def test_the_provider_writes_nothing_about_a_persons_network(petra, karin, astrid, anna, now):
    actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    with pytest.raises(Refused):
        actions.add_contact(astrid, "mobile", "070-1740605", by=petra, now=now)
    with pytest.raises(Refused):
        actions.give_mandate(astrid, anna, "trustee", proof="x", valid_from=DAY, by=petra, now=now)
