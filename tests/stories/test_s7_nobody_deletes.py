"""S7: specialists could delete journal notes and whole processes; later only first-line support could strike
notes, and only those on the wrong person.

Here no role deletes. A note on the wrong person is moved by a sealed stub and a new note; everything is logged.
"""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import get_resolver, reverse

from livlina.config.roles import ROLES
from livlina.core import tenancy
from livlina.core.access import RULES, Actor
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent
from livlina.registers.journal import queries
from livlina.registers.journal.models import File, Note
from livlina.registers.people.models import Person, PersonNumber

WORDS = "Bertil berättade om sin bror i Norge."
STAFF = [
    "karin", "johan", "maria", "sofia", "eva", "duty", "petra", "ali", "lena", "erik", "anders", "ola",
]  # fmt: skip


@pytest.fixture
def misplaced(karin: Actor, astrids_file: File, bertils_file: File, write: Callable) -> Note:
    """A note about Bertil that Karin wrote in Astrid's file."""
    return write(karin, astrids_file, WORDS)


def number_of(person: Person) -> str:
    return PersonNumber.objects.get(person=person).value.display()


def journal_pages(tree=None, prefix: str = "") -> list[str]:
    found = []
    for entry in (tree or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        found += journal_pages(entry, here) if hasattr(entry, "url_patterns") else [here]
    return [address for address in found if "/journal/" in address]


def test_there_is_no_page_and_no_verb_that_removes_a_note() -> None:
    pages = journal_pages()
    assert len(pages) > 20
    assert not [
        page for page in pages if any(word in page for word in ("delete", "remove", "erase", "destroy"))
    ]
    assert {role for verb, rule in RULES.items() if "delete" in verb for role in rule.roles} == set()
    assert len(ROLES) == 11


@pytest.mark.parametrize("who", STAFF)
def test_no_role_removes_a_note_by_any_method_of_any_page(
    request, misplaced: Note, client_of: Callable, who: str
) -> None:
    actor = request.getfixturevalue(who)
    browser = client_of(actor)
    for side in ("journal", "journal_provider"):
        for name in ("correct", "dissent", "move", "unseal"):
            browser.delete(reverse(f"{side}:{name}", args=[misplaced.pk]))
        for name in ("file", "write", "discard", "draft", "check"):
            browser.delete(reverse(f"{side}:{name}", args=[misplaced.file_id]))
        browser.post(reverse(f"{side}:discard", args=[misplaced.file_id]))
    assert Note.objects.get().text == WORDS


@pytest.mark.parametrize("who", STAFF)
def test_no_roles_database_session_removes_or_changes_a_note(request, misplaced: Note, who: str) -> None:
    actor = request.getfixturevalue(who)
    for sql in (
        "DELETE FROM journal_note",
        "UPDATE journal_note SET text = ''",
        "TRUNCATE journal_note CASCADE",
    ):
        with (
            tenancy.acting(actor.municipality_id, actor.compartments, actor.user_id),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert Note.objects.get().text == WORDS


@pytest.mark.parametrize(("who", "side"), [("maria", "journal"), ("anders", "journal_operations")])
def test_a_note_on_the_wrong_person_is_moved_after_the_right_one_is_read_back(
    request, karin: Actor, astrid: Person, bertil: Person, astrids_file: File, bertils_file: File,
    misplaced: Note, client_of: Callable, who: str, side: str,
) -> None:  # fmt: skip
    mover = request.getfixturevalue(who)
    browser, address = client_of(mover), reverse(f"{side}:move", args=[misplaced.pk])
    assert WORDS not in browser.get(address).content.decode()

    sent = {"submission_key": str(uuid7()), "number": number_of(bertil), "reason": "Skrevs i fel akt"}
    asked = browser.post(address, sent)
    assert "Flytta anteckningen till Bertil Nordin?" in asked.content.decode()
    assert Note.objects.count() == 1, "nothing is moved before it is confirmed"
    done = browser.post(address, sent | {"confirmed": str(bertil.pk)})
    assert done.status_code == 302
    assert browser.post(address, sent | {"confirmed": str(bertil.pk)})["Location"] == done["Location"]

    seen_by_karin = client_of(karin)
    wrong = seen_by_karin.get(reverse("journal:file", args=[astrids_file.pk])).content.decode()
    right = seen_by_karin.get(reverse("journal:file", args=[bertils_file.pk])).content.decode()
    assert WORDS not in wrong
    assert "Bertil" not in wrong
    assert "Anteckningen tillhörde en annan person och flyttades" in wrong
    assert f"av {mover.name}" in wrong
    assert right.count(WORDS) == 1
    assert "av Karin Ekdal, Biståndshandläggare, Biståndsenheten." in right
    trails = AuditEvent.objects.filter(verb="journal.move", outcome="wrote")
    assert {event.person_id for event in trails} == {astrid.pk, bertil.pk}
    assert {event.actor_name for event in trails} == {mover.name}
    assert all(queries.verify_chain(person.pk).whole for person in (astrid, bertil))


@pytest.mark.parametrize("who", ["karin", "johan", "sofia", "eva", "duty", "petra", "ali", "erik", "ola"])
def test_others_cannot_move_it(
    request, misplaced: Note, bertil: Person, client_of: Callable, who: str
) -> None:
    browser = client_of(request.getfixturevalue(who))
    for side in ("journal", "journal_provider", "journal_operations"):
        answer = browser.post(
            reverse(f"{side}:move", args=[misplaced.pk]),
            {
                "submission_key": str(uuid7()),
                "number": number_of(bertil),
                "reason": "x",
                "confirmed": str(bertil.pk),
            },
        )
        assert answer.status_code == 404
    assert Note.objects.count() == 1


def test_a_number_that_nobody_has_moves_nothing_and_says_so(
    maria: Actor, misplaced: Note, astrid: Person, client_of: Callable
) -> None:
    browser, address = client_of(maria), reverse("journal:move", args=[misplaced.pk])
    sent = {"submission_key": str(uuid7()), "reason": "Fel akt"}
    assert browser.post(address, sent | {"number": "1234"}).status_code == 422
    own = browser.post(address, sent | {"number": number_of(astrid), "confirmed": str(astrid.pk)})
    assert "Anteckningen kan bara flyttas till en annan persons akt" in own.content.decode()
    assert Note.objects.count() == 1


def test_support_reads_no_journal(
    anders: Actor, astrids_file: File, misplaced: Note, client_of: Callable
) -> None:
    browser = client_of(anders)
    for name, key in (("file", astrids_file.pk), ("unseal", misplaced.pk), ("correct", misplaced.pk)):
        assert browser.get(reverse(f"journal:{name}", args=[key])).status_code == 404
