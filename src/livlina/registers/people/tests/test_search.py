"""Finding people: by name, number or case number, in one statement, and never a protected one without right."""

from datetime import date

import pytest
from django.db import connection

from livlina.core.access import Refused
from livlina.core.ids import test_number
from livlina.core.models import AuditEvent
from livlina.registers.people import actions
from livlina.registers.people.models import NameToken
from livlina.registers.people.queries import did_you_mean, search
from livlina.registers.people.tests.fixtures import register


def names(found):
    return [person.name for person in found.hits]


@pytest.mark.parametrize(
    "text",
    [
        "Astrid Lindqvist",
        "lindqvist astrid",
        "lind ast",
        "AST LIN",
        "margareta l",
        "Lindqvist",
        "astrid margareta",
    ],
)
def test_astrid_is_found_by_the_beginnings_of_her_names_in_any_order(karin, astrid, bertil, now, text):
    assert "Astrid Lindqvist" in names(search(karin, text, now))
    assert "Bertil Nordin" not in names(search(karin, text, now))


@pytest.mark.parametrize("text", ["astrid nordin", "indqvist", "lindqvist bertil", "astrid astrid"])
def test_parts_that_are_not_one_persons_find_nobody(karin, astrid, bertil, now, text):
    assert names(search(karin, text, now)) == []


def test_accents_hyphens_and_capitals_do_not_matter(karin, registrar, now):
    register(registrar, now, "Ann-Marie", "Åkesson Müller", date(1950, 1, 2))
    for text in ("akesson ann", "Åkesson", "ann-marie", "annmarie å", "muller marie", "MÜLLER"):
        assert names(search(karin, text, now)) == ["Ann-Marie Åkesson Müller"], text


def test_a_person_is_found_by_number_however_it_is_written(karin, astrid, now):
    number = test_number(date(1938, 4, 12), "female", 0)
    for text in (number.value, number.display(), number.display()[2:], f" {number.display()} "):
        found = search(karin, text, now)
        assert (found.kind, names(found)) == ("number", ["Astrid Lindqvist"])
    assert found.hits[0].number == number
    assert found.hits[0].years == 87


def test_a_mistyped_number_is_explained_and_finds_nobody(karin, astrid, now):
    number = test_number(date(1938, 4, 12), "female", 0)
    wrong = number.value[:-1] + str((int(number.value[-1]) + 1) % 10)
    found = search(karin, wrong, now)
    assert found.hits == []
    assert found.fault.startswith("Kontrollsiffran stämmer inte.")


def test_a_case_number_is_handed_on(karin, now):
    assert search(karin, "SN 2026-0012", now).case_number == "SN 2026-0012"


@pytest.mark.parametrize("text", ["", " ", "a", "-"])
def test_too_little_is_answered_with_what_to_write(karin, now, text):
    found = search(karin, text, now)
    assert (found.kind, found.hits) == ("nothing", [])
    assert found.fault.startswith("Skriv")


@pytest.mark.parametrize("text", ["%", "ann%", "_", "' OR 1=1 --", "\\", "lind\x00"])
def test_signs_that_mean_something_to_a_database_mean_nothing_here(karin, astrid, now, text):
    assert names(search(karin, text, now)) in ([], ["Astrid Lindqvist"])


def test_a_search_costs_one_statement_and_its_record_another_however_many_it_finds(
    karin, registrar, statements, now
):
    for serial in range(10):
        register(registrar, now, "Eva Maria", "Strand", date(1960, 5, serial + 1))
    for text in ("eva str", "strand", "nobody", test_number(date(1960, 5, 1), "female", 0).value):
        with statements() as sent:
            search(karin, text, now)
        assert len(sent) == 2, text


def test_no_more_than_a_page_is_shown_and_the_page_knows_there_are_more(karin, registrar, now):
    for day in range(1, 18):
        register(registrar, now, "Eva Maria", "Strand", date(1960, 5, day))
    found = search(karin, "eva strand", now)
    assert len(found.hits) == 14
    assert found.more


def test_a_former_name_is_still_found_under_the_new_one(karin, astrid, now):
    actions.change_name(astrid, given_names="Astrid", family_name="Ekman", by=karin, now=now)
    assert names(search(karin, "lindqvist astrid", now)) == ["Astrid Ekman"]
    assert names(search(karin, "ekman", now)) == ["Astrid Ekman"]
    assert names(search(karin, "ekman lindqvist", now)) == []


def test_people_of_another_municipality_are_never_found(sara, astrid, now):
    from livlina.core import tenancy

    with tenancy.acting(sara.municipality_id, (1,)):
        assert names(search(sara, "lindqvist", now)) == []
        assert names(search(sara, test_number(date(1938, 4, 12), "female", 0).value, now)) == []


def test_the_provider_and_the_clerk_may_not_search(petra, ali, lena, eva, anders, ola, now):
    for actor in (petra, ali, lena, eva, anders, ola):
        with pytest.raises(Refused):
            search(actor, "lindqvist", now)
        with pytest.raises(Refused):
            did_you_mean(actor, "lindqvist")


def test_the_record_says_whom_a_search_showed_and_never_what_was_typed(karin, astrid, now):
    search(karin, "lindqvist", now)
    event = AuditEvent.objects.get(verb="people.search")
    assert event.person_id == astrid.pk
    assert event.detail == {"by": "name", "shown": [str(astrid.pk)], "kept_back": []}


# ---- protected persons ----


def test_a_protected_person_is_no_hit_for_those_without_right_and_the_attempt_is_logged(
    karin, johan, astrid, now
):
    nobody = search(johan, "ingensson", now)
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    by_name = search(johan, "lindqvist", now)
    by_number = search(johan, test_number(date(1938, 4, 12), "female", 0).value, now)
    assert by_name == nobody
    assert by_number.hits == nobody.hits
    events = AuditEvent.objects.filter(verb="people.search", user_id=johan.user_id, review="protected")
    assert [event.person_id for event in events] == [astrid.pk, astrid.pk]
    assert all(event.detail["kept_back"] == [str(astrid.pk)] for event in events)


def test_a_protected_person_is_found_by_the_named_few(karin, astrid, now):
    actions.set_protection(astrid, "protected_registration", by=karin, now=now)
    assert names(search(karin, "lindqvist astrid", now)) == ["Astrid Lindqvist"]
    assert AuditEvent.objects.get(verb="people.search").review == "protected"


def test_the_search_for_a_protected_person_sends_the_same_statements_as_for_nobody(
    karin, johan, astrid, statements, now
):
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    with statements() as for_nobody:
        search(johan, "ingensson ingrid", now)
    with statements() as for_astrid:
        search(johan, "lindqvist astrid", now)
    assert [_shape(query["sql"]) for query in for_nobody] == [_shape(query["sql"]) for query in for_astrid]


def _shape(sql):
    return (
        sql.split("VALUES")[0].replace("ingensson", "").replace("lindqvist", "").replace("ingrid", "astrid")
    )


# ---- menade du ----


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("lindkvist", "lindqvist"),
        ("lindqivst", "lindqvist"),
        ("linqvist", "lindqvist"),
        ("astrid lindkvist", "astrid lindqvist"),
        ("astri lindqwist", "astrid lindqvist"),
        ("nordinn bertl", "nordin bertil"),
        ("christina lindqvist", "kristina lindqvist"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion_that_gives_hits(karin, astrid, anna, bertil, now, text, meant):
    suggestions = did_you_mean(karin, text)
    assert meant in suggestions
    assert all(search(karin, words, now).hits for words in suggestions)


def test_nothing_is_suggested_for_what_resembles_nobody_or_is_a_number(karin, astrid, bertil):
    assert did_you_mean(karin, "xyzzy") == []
    assert did_you_mean(karin, "lindkvist bertil") == []
    assert did_you_mean(karin, "193804129802") == []


def test_a_protected_name_is_never_suggested(karin, astrid, now):
    actions.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    assert did_you_mean(karin, "lindkvist") == []


def test_suggestions_cost_one_statement(karin, astrid, statements):
    with statements() as sent:
        did_you_mean(karin, "astrid lindkvist")
    assert len(sent) == 1


# ---- the index ----


def test_the_search_reads_an_index_under_row_level_security(karin, astrid, now):
    from livlina.registers.people.queries.search import _named

    NameToken.objects.bulk_create(
        NameToken(
            municipality_id=astrid.municipality_id, person=astrid, token=f"name{n}", others="", sound="nm"
        )
        for n in range(5000)
    )
    with connection.cursor() as cursor:
        sql, params = _named(karin, ["lindqvist", "ast"]).query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "name_token_open" in plan
    assert "name_token_hidden" in plan
    assert "Index Cond" in plan.split("name_token_open")[1]
    assert "token >= 'lindqvist'" in plan.split("name_token_open")[1].split("Filter")[0]
