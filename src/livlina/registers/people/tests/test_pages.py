"""The pages, as those who use them would notice them."""

import re
from datetime import date
from uuid import uuid4

import pytest

from livlina.core.ids import test_number
from livlina.core.models import AuditEvent
from livlina.registers.people import actions, queries
from livlina.registers.people.models import Contact, Mandate, Person, ProtectedAccess, Relation

SEARCH = "/officer/people/search"


def asked(sent):
    """The statements of the request (the test client's own, around it, left out)."""
    around = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT current_setting(", "SELECT set_config(")
    return [query["sql"] for query in sent.captured_queries if not query["sql"].startswith(around)]


def visible(response):
    """What a reader sees: without what differs from one page view to the next."""
    text = response.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", text)
    return re.sub(r'(id="q" name="q" value="|submission_key" value=")[^"]*', "", text)


@pytest.fixture
def page_of(asvalla):
    """The officer's page of a person."""
    return lambda person, rest="": f"/officer/people/{person.pk}{rest}"


# ---- search ----


def test_karin_finds_astrid_and_sees_enough_to_know_it_is_she(client_of, karin, astrid):
    answer = client_of(karin).post(SEARCH, {"q": "astrid lind"}).content.decode()
    assert "1 träff<" in answer
    assert "Astrid Margareta Lindqvist" in answer
    assert "19380412-9801" in answer
    assert f'href="/officer/people/{astrid.pk}"' in answer


def test_a_search_is_three_statements_session_and_record_included(client_of, karin, astrid, statements):
    browser = client_of(karin)
    browser.post(SEARCH, {"q": "bertil"})
    for text in ("astrid lindqvist", "19380412-9801", "lindqvist"):
        with statements() as sent:
            browser.post(SEARCH, {"q": text})
        assert len(asked(sent)) == 3, text


def test_no_hit_offers_what_was_meant_and_costs_one_statement_more(client_of, karin, astrid, statements):
    browser = client_of(karin)
    browser.post(SEARCH, {"q": "bertil"})
    with statements() as sent:
        answer = browser.post(SEARCH, {"q": "astrid lindkvist"}).content.decode()
    assert "Menade du" in answer
    assert 'value="astrid lindqvist"' in answer
    assert len(asked(sent)) == 4


def test_the_answer_for_a_protected_person_is_the_answer_for_nobody(client_of, karin, johan, astrid, now):
    browser = client_of(johan)
    nobody = browser.post(SEARCH, {"q": "ingensson"})
    no_number = browser.post(SEARCH, {"q": test_number(date(1931, 1, 1), "male", 0).value})
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    by_name = browser.post(SEARCH, {"q": "lindqvist"})
    by_number = browser.post(SEARCH, {"q": "19380412-9801"})
    assert by_name.status_code == nobody.status_code == 200
    assert visible(by_name) == visible(nobody)
    assert visible(by_number) == visible(no_number)
    assert "Astrid" not in by_name.content.decode()
    assert (
        AuditEvent.objects.filter(user_id=johan.user_id, person_id=astrid.pk, review="protected").count() == 2
    )


def test_a_protected_person_opened_by_address_is_a_missing_page_and_the_refusal_is_written_down(
    client_of, karin, johan, astrid, page_of, now
):
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    browser = client_of(johan)
    hidden, missing = browser.get(page_of(astrid)), browser.get(f"/officer/people/{uuid4()}")
    assert hidden.status_code == missing.status_code == 404
    assert visible(hidden) == visible(missing)
    assert AuditEvent.objects.filter(outcome="refused", object_id=str(astrid.pk)).count() == 1


def test_a_mistyped_number_says_why_and_stays_in_the_box(client_of, karin):
    answer = client_of(karin).post(SEARCH, {"q": "19380412-9802"}).content.decode()
    assert "Kontrollsiffran stämmer inte." in answer
    assert 'value="19380412-9802"' in answer
    assert "Ingen träff" not in answer


def test_a_number_in_the_address_is_not_searched_for(client_of, karin, astrid):
    assert "Astrid" not in client_of(karin).get(SEARCH, {"q": "19380412-9801"}).content.decode()


def test_a_case_number_goes_to_the_room_that_knows_it(client_of, karin, settings):
    settings.CASE_FINDER = f"{__name__}.find_case"
    assert client_of(karin).post(SEARCH, {"q": "2026-0412"}).headers["Location"] == "/officer/cases/known"
    assert "Ingen träff" in client_of(karin).post(SEARCH, {"q": "2026-9999"}).content.decode()


def find_case(actor, number):
    """Stand-in for the room above: it knows one case."""
    return "/officer/cases/known" if number == "2026-0412" else None


def test_the_provider_has_no_search(client_of, petra):
    assert client_of(petra).post(SEARCH, {"q": "lindqvist"}).status_code == 404


# ---- the person ----


def test_the_persons_page_shows_contacts_those_near_and_those_who_may_act(
    client_of, karin, astrid, anna, page_of, now
):
    actions.add_contact(astrid, "mobile", "070-1740605", by=karin, now=now)
    actions.add_relation(astrid, "child", "Anna Lindqvist Berg", consent=True, by=karin, now=now)
    answer = client_of(karin).get(page_of(astrid)).content.decode()
    for words in (
        "070-1740605",
        "Får informeras",
        "Ombud med fullmakt",
        "Björkvägen 12",
        "har inget pågående ärende",
    ):
        assert words in answer
    assert "<title>Astrid Lindqvist" in answer


def test_the_persons_page_costs_the_same_however_much_hangs_on_them(
    client_of, karin, astrid, anna, page_of, statements, now
):
    browser = client_of(karin)
    browser.get(page_of(astrid))
    with statements() as few:
        browser.get(page_of(astrid))
    for place in range(5):
        actions.add_contact(astrid, "phone", f"0170-17406{place}", by=karin, now=now)
        actions.add_relation(astrid, "friend", f"Vän {place}", by=karin, now=now)
    with statements() as many:
        browser.get(page_of(astrid))
    assert len(asked(many)) == len(asked(few)) == 7


def test_a_relation_to_the_unit_takes_the_notice_away(client_of, karin, astrid, page_of, now):
    actions.grant_reach(astrid, karin.unit_id, source="case:1", reason="case", by=karin, now=now)
    assert "har inget pågående ärende" not in client_of(karin).get(page_of(astrid)).content.decode()


def test_a_protected_address_is_shown_only_with_a_reason_that_is_written_down(
    client_of, karin, astrid, page_of, now
):
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    browser = client_of(karin)
    assert "Björkvägen" not in browser.get(page_of(astrid)).content.decode()
    refused = browser.post(page_of(astrid, "/address"), {"reason": " "})
    assert refused.status_code == 422
    assert "Björkvägen" not in refused.content.decode()
    shown = browser.post(page_of(astrid, "/address"), {"reason": "Brev om beslut"})
    assert "Björkvägen 12" in shown.content.decode()
    assert (
        AuditEvent.objects.filter(person_id=astrid.pk, reason="Brev om beslut", review="protected").count()
        == 1
    )


def test_the_provider_sees_the_person_of_an_order_and_no_other(
    client_of, karin, ali, petra, astrid, bertil, now
):
    actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    actions.add_contact(astrid, "mobile", "070-1740605", by=karin, now=now)
    browser = client_of(ali)
    answer = browser.get(f"/provider/people/{astrid.pk}").content.decode()
    assert "070-1740605" in answer
    assert "Lägg till" not in answer
    assert browser.get(f"/provider/people/{bertil.pk}").status_code == 404
    assert browser.get(f"/officer/people/{astrid.pk}").status_code == 404


def test_the_neighbour_municipality_gets_a_missing_page(client_of, sara, astrid, page_of):
    assert client_of(sara).get(page_of(astrid)).status_code == 404


# ---- changing ----


def change(browser, page, **said):
    return browser.post(page, {"submission_key": str(uuid4()), **said})


def test_someone_new_is_registered_and_can_be_found(client_of, karin, now):
    number = test_number(date(1950, 5, 5), "female", 0).display()
    said = {"number": number, "given_names": "Siv", "family_name": "Ström", "protection": "none"}
    answer = change(client_of(karin), "/officer/people/register", **said)
    assert answer.status_code == 302
    assert [person.birth_date for person in queries.search(karin, number, now).hits] == [date(1950, 5, 5)]


def test_pressing_register_twice_makes_one_person(client_of, karin):
    said = {
        "given_names": "Siv",
        "family_name": "Ström",
        "protection": "none",
        "submission_key": str(uuid4()),
    }
    browser = client_of(karin)
    first, second = (browser.post("/officer/people/register", said) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Person.objects.filter(family_name="Ström").count() == 1


def test_a_taken_number_is_refused_in_words_and_nothing_typed_is_lost(client_of, karin, astrid):
    said = {"number": "19380412-9801", "given_names": "Siv", "family_name": "Ström", "protection": "none"}
    answer = change(client_of(karin), "/officer/people/register", **said)
    assert answer.status_code == 422
    assert "Numret går inte att registrera." in answer.content.decode()
    assert 'value="Siv"' in answer.content.decode()


def test_every_kind_of_change_can_be_made_from_its_page(client_of, karin, astrid, anna, page_of):
    browser = client_of(karin)
    for rest, said in {
        "/details": {
            "given_names": "Astrid",
            "family_name": "Ekman",
            "street": "Nygatan 1",
            "interpreter": "on",
        },
        "/number": {"number": test_number(date(1938, 4, 12), "female", 5).display()},
        "/contacts": {"kind": "mobile", "value": "070-1740605"},
        "/relations": {"kind": "child", "name": "Anna", "consent": "on"},
        "/mandates": {
            "kind": "trustee",
            "number": anna.numbers.get().value.display(),
            "scope": "economy",
            "valid_from": "2026-01-01",
            "proof": "Beslut",
        },
        "/protection": {"kind": "secrecy_marked"},
        "/death": {"died_on": "2026-02-28"},
    }.items():
        assert browser.get(page_of(astrid, rest)).status_code == 200, rest
        assert change(browser, page_of(astrid, rest), **said).status_code == 302, rest
    person = Person.objects.get(pk=astrid.pk)
    assert (person.full_name, person.street, person.interpreter) == ("Astrid Ekman", "Nygatan 1", True)
    assert (person.protection, person.died_on) == ("secrecy_marked", date(2026, 2, 28))
    assert Contact.objects.get(person=person).value == "070-1740605"
    assert Relation.objects.get(person=person).consent
    assert Mandate.objects.filter(principal=person).count() == 2


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(client_of, karin, astrid, page_of):
    answer = change(client_of(karin), page_of(astrid, "/death"), died_on="31/2")
    assert answer.status_code == 422
    assert "<title>Fel: " in answer.content.decode()
    assert 'value="31/2"' in answer.content.decode()


def test_a_proxy_nobody_has_registered_needs_a_name(client_of, karin, astrid, page_of):
    number = test_number(date(1970, 6, 6), "male", 0).display()
    said = {
        "kind": "trustee",
        "number": number,
        "scope": "services",
        "valid_from": "2026-01-01",
        "proof": "Beslut",
    }
    browser = client_of(karin)
    refused = change(browser, page_of(astrid, "/mandates"), **said)
    assert "Företrädaren finns inte i registret." in refused.content.decode()
    named = change(browser, page_of(astrid, "/mandates"), given_names="Bo", family_name="Ek", **said)
    assert named.status_code == 302
    assert Mandate.objects.get(principal=astrid).holder.name == "Bo Ek"


def test_contacts_relations_and_mandates_are_ended_from_the_page(
    client_of, karin, astrid, anna, page_of, now
):
    contact = actions.add_contact(astrid, "mobile", "070-1740605", by=karin, now=now)
    relation = actions.add_relation(astrid, "child", "Anna", by=karin, now=now)
    mandate = Mandate.objects.get(principal=astrid)
    browser = client_of(karin)
    for row, said in ((contact, {}), (relation, {}), (mandate, {}), (mandate, {"reason": "Återkallad"})):
        kind = {Contact: "contacts", Relation: "relations", Mandate: "mandates"}[type(row)]
        assert browser.post(page_of(astrid, f"/{kind}/{row.pk}/end"), said).status_code == 302
        row.refresh_from_db()
        assert (row.ended_at is None) == (row is mandate and not said)


def test_a_row_of_someone_else_cannot_be_ended_by_way_of_this_person(
    client_of, karin, astrid, bertil, page_of, now
):
    contact = actions.add_contact(bertil, "mobile", "070-1740605", by=karin, now=now)
    client_of(karin).post(page_of(astrid, f"/contacts/{contact.pk}/end"))
    contact.refresh_from_db()
    assert contact.ended_at is None


# ---- the named few ----


def test_maria_names_and_removes_those_who_may_open_a_protected_person(
    client_of, karin, johan, maria, astrid, page_of, now
):
    actions.grant_reach(astrid, maria.unit_id, source="case:1", reason="case", by=karin, now=now)
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    browser = client_of(maria)
    assert "Astrid Margareta Lindqvist" in browser.get("/officer/people/protected").content.decode()
    assert browser.get(page_of(astrid)).status_code == 404
    answer = change(browser, page_of(astrid, "/named-few"), user=johan.user_id, reason="Vikarie")
    assert answer.status_code == 302
    assert client_of(johan).get(page_of(astrid)).status_code == 200
    access = ProtectedAccess.objects.get(person=astrid, user_id=johan.user_id)
    assert "Johan Brink" in browser.get(page_of(astrid, "/named-few")).content.decode()
    browser.post(page_of(astrid, f"/named-few/{access.pk}/end"))
    assert client_of(johan).get(page_of(astrid)).status_code == 404


def test_only_colleagues_of_the_unit_can_be_chosen_and_only_by_its_manager(
    client_of, karin, maria, petra, astrid, page_of, now
):
    actions.grant_reach(astrid, maria.unit_id, source="case:1", reason="case", by=karin, now=now)
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    refused = change(client_of(maria), page_of(astrid, "/named-few"), user=petra.user_id, reason="x")
    assert refused.status_code == 422
    assert client_of(karin).get(page_of(astrid, "/named-few")).status_code == 404
    assert client_of(karin).get("/officer/people/protected").status_code == 404


def test_petra_names_those_at_her_provider_who_may_open_a_protected_person(
    client_of, karin, petra, ali, erik, astrid, now
):
    actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    browser, address = client_of(petra), f"/provider/people/{astrid.pk}"
    listed = browser.get("/provider/people/protected").content.decode()
    assert f"{address}/named-few" in listed
    assert browser.get(address).status_code == 404
    assert (
        change(browser, f"{address}/named-few", user=ali.user_id, reason="Kontaktperson").status_code == 302
    )
    assert client_of(ali).get(address).status_code == 200
    access = ProtectedAccess.objects.get(person=astrid, user_id=ali.user_id)
    assert f"{address}/named-few/{access.pk}/end" in browser.get(f"{address}/named-few").content.decode()
    browser.post(f"{address}/named-few/{access.pk}/end")
    assert client_of(ali).get(address).status_code == 404
    for stranger in (erik, ali, karin):
        assert client_of(stranger).get(f"{address}/named-few").status_code == 404


def test_a_provider_sees_only_its_own_of_those_nobody_can_open(client_of, registrar, petra, astrid, now):
    actions.set_protection(astrid, "protected_registration", by=registrar, now=now)
    assert "Astrid" not in client_of(petra).get("/provider/people/protected").content.decode()
