"""Protected identity: the named few open, everyone else sees nobody."""

from datetime import date, timedelta

import pytest

from livlina.core.access import Refused, may
from livlina.core.ids import test_number
from livlina.core.models import AuditEvent, User
from livlina.registers.people import actions, queries
from livlina.registers.people.models import NameToken, Person, ProtectedAccess


@pytest.fixture
def hidden(karin, astrid, now):
    """Astrid, protected by Karin."""
    return actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)


def user(actor):
    return User.objects.get(pk=actor.user_id)


def test_only_the_named_few_open_a_protected_person(karin, johan, maria, duty, hidden, now):
    assert queries.read(karin, hidden.pk, now=now) == hidden
    for actor in (johan, maria, duty):
        with pytest.raises(Refused):
            queries.read(actor, hidden.pk, now=now)


def test_every_reading_of_a_protected_person_is_for_the_manager_to_look_at(karin, hidden, now):
    queries.read(karin, hidden.pk, now=now)
    assert AuditEvent.objects.get(verb="people.read").review == "protected"


def test_the_manager_of_a_unit_with_a_relation_picks_the_few_without_opening_the_person(
    karin, johan, maria, erik, hidden, now
):
    actions.grant_reach(hidden, maria.unit_id, source="case:1", reason="case", by=karin, now=now)
    assert queries.protected_to_name(maria) == [hidden]
    actions.grant_protected_access(hidden, user(johan), reason="Ny handläggare", by=maria, now=now)
    assert queries.read(johan, hidden.pk, now=now) == hidden
    assert [access.user.name for access in queries.grants_of(hidden)] == ["Johan Brink", "Karin Ekdal"]
    assert not may(maria, "people.read", hidden)
    with pytest.raises(Refused):
        actions.grant_protected_access(hidden, user(erik), reason="Nyfiken", by=erik, now=now)
    with pytest.raises(Refused):
        actions.grant_protected_access(hidden, user(johan), reason="Kollega", by=johan, now=now)


def test_someone_taken_off_the_list_no_longer_opens(karin, johan, maria, hidden, now):
    actions.grant_reach(hidden, maria.unit_id, source="case:1", reason="case", by=karin, now=now)
    access = actions.grant_protected_access(hidden, user(johan), reason="Ny", by=maria, now=now)
    with pytest.raises(actions.AlreadyHolds):
        actions.grant_protected_access(hidden, user(johan), reason="Ny", by=maria, now=now)
    actions.end_protected_access(access, by=maria, now=now)
    assert not may(johan, "people.read", hidden)
    with pytest.raises(actions.AlreadyHolds):
        actions.end_protected_access(access, by=maria, now=now)


def test_a_place_on_the_list_ends_with_its_last_day(karin, johan, maria, hidden, now):
    actions.grant_reach(hidden, maria.unit_id, source="case:1", reason="case", by=karin, now=now)
    yesterday = now.date() - timedelta(days=1)
    actions.grant_protected_access(hidden, user(johan), reason="Vikarie", by=maria, now=now, until=yesterday)
    assert not may(johan, "people.read", hidden)


def test_a_person_nobody_can_open_is_the_managers_to_give_to_someone(karin, maria, registrar, astrid, now):
    actions.set_protection(astrid, "protected_registration", by=registrar, now=now)
    assert not may(karin, "people.read", astrid)
    actions.grant_protected_access(astrid, user(karin), reason="Ansvarig", by=maria, now=now)
    assert may(karin, "people.read", astrid)
    assert queries.protected_to_name(maria) == []


def test_the_provider_needs_both_a_relation_and_a_name_on_the_list(karin, petra, ali, hidden, now):
    actions.grant_reach(hidden, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    assert not may(ali, "people.read", hidden)
    actions.grant_protected_access(hidden, user(ali), reason="Kontaktperson", by=petra, now=now)
    assert may(ali, "people.read", hidden)


def test_protection_that_ends_lets_everyone_find_the_person_again(karin, johan, hidden, now):
    actions.set_protection(hidden, "none", by=karin, now=now)
    assert [person.pk for person in queries.search(johan, "lindqvist", now).hits] == [hidden.pk]
    with pytest.raises(actions.AlreadyHolds):
        actions.set_protection(hidden, "none", by=karin, now=now)


def test_fictitious_data_are_never_tied_to_another_name_or_number(karin, registrar, now):
    number = test_number(date(1980, 5, 5), "female", 0)
    person = actions.register_person(
        given_names="Nya", family_name="Namnet", number=number, protection="fictitious", by=karin, now=now
    )
    with pytest.raises(actions.FictitiousIdentity):
        actions.change_name(person, given_names="Gamla", family_name="Namnet", by=karin, now=now)
    with pytest.raises(actions.FictitiousIdentity):
        actions.add_number(person, test_number(date(1980, 5, 6), "female", 0), by=karin, now=now)
    assert queries.read(karin, person.pk, now=now) == person


def test_the_header_warns_and_never_shows_an_address(karin, hidden, now):
    shown = queries.header(karin, queries.read(karin, hidden.pk, now=now), now=now)
    assert shown.protection == "Sekretessmarkering"
    assert "Adressen visas inte" in shown.protection_words
    assert "Björkvägen" not in str(shown.facts)


def test_only_the_protected_route_is_shown_once_there_is_one(karin, hidden, now):
    actions.add_contact(hidden, "mobile", "070-1740605", by=karin, now=now)
    assert len(queries.contacts(hidden)) == 1
    actions.add_contact(hidden, "post", "Via Skatteverket", protected_route=True, by=karin, now=now)
    assert [contact.value for contact in queries.contacts(hidden)] == ["Via Skatteverket"]


def test_the_registered_number_of_a_protected_person_is_refused_in_the_words_of_any_other(
    johan, hidden, bertil, now
):
    said = []
    for person in (hidden, bertil):
        number = person.numbers.get().value
        with pytest.raises(actions.NumberTaken) as caught:
            actions.register_person(given_names="Siv", family_name="Ström", number=number, by=johan, now=now)
        said.append(caught.value.swedish)
    assert said[0] == said[1]


def test_the_search_rows_follow_the_protection(karin, hidden, now):
    assert set(NameToken.objects.filter(person=hidden).values_list("hidden", flat=True)) == {True}
    assert Person.objects.get(pk=hidden.pk).is_protected
    assert ProtectedAccess.objects.filter(person=hidden).count() == 1
