"""Nobody destroys alone, by no other way, and nothing that is not on the list."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.across.records import actions
from livlina.across.records.actions import DestructionRefused
from livlina.across.records.models import (
    DestructionCertificate,
    RetentionItem,
)
from livlina.across.records.retention import rows
from livlina.across.records.tests.steps import ELDERLY, call, listed, prepared
from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.models import PermanentRow
from livlina.registers.journal.models import Note
from tests.people import ALL

# Two people -------------------------------------------------------------------------------------------------


def test_one_person_alone_destroys_nothing(runes_file, eva, now):
    (item,) = listed(eva, now)
    with pytest.raises(Refused):
        actions.approve(item.run, by=eva, now=now)
    with pytest.raises(DestructionRefused, match="annan person"):
        actions.export(item, by=eva, now=now)
    with pytest.raises(DestructionRefused, match="annan person"):
        actions.destroy(item, by=eva, now=now)


def test_an_approval_before_the_list_was_frozen_is_no_approval(runes_file, eva, maria, now):
    run = actions.propose(ELDERLY, by=eva, now=now)
    with pytest.raises(DestructionRefused, match="inte fryst"):
        actions.approve(run, by=maria, now=now)


@pytest.mark.parametrize("who", ["karin", "maria", "sofia", "duty", "petra", "anders", "ola", "gunnar"])
def test_nobody_but_the_archivist_takes_the_steps(request, runes_file, eva, now, who):
    (item,) = listed(eva, now)
    other = request.getfixturevalue(who)
    for step in (
        lambda: actions.propose(ELDERLY, by=other, now=now),
        lambda: actions.freeze(item.run, by=other, now=now),
        lambda: actions.export(item, by=other, now=now),
        lambda: actions.destroy(item, by=other, now=now),
    ):
        with pytest.raises(Refused):
            step()


def test_the_other_branchs_manager_does_not_approve(runes_file, eva, gunnar, now):
    (item,) = listed(eva, now)
    with (
        tenancy.acting(gunnar.municipality_id, gunnar.compartments, gunnar.user_id),
        pytest.raises(Refused),
    ):
        actions.approve(item.run, by=gunnar, now=now)


@pytest.mark.parametrize("missing", ["approve", "export", "note_receipt", "quarantine"])
def test_no_step_can_be_passed_over(runes_file, eva, maria, now, missing):
    (item,) = listed(eva, now)
    steps = {
        "approve": lambda: actions.approve(item.run, by=maria, now=now),
        "export": lambda: actions.export(item, by=eva, now=now),
        "note_receipt": lambda: actions.note_receipt(item, "EA-1", by=eva, now=now),
        "quarantine": lambda: actions.quarantine(item, by=eva, now=now),
    }
    for name, step in steps.items():
        if name == missing:
            break
        step()
    with pytest.raises(DestructionRefused):
        actions.destroy(item, by=eva, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        call(item, eva, now)
    assert Note.objects.filter(person=runes_file.person).count() == 2


def test_a_file_taken_off_the_list_stays(runes_file, eva, maria, now):
    (item,) = listed(eva, now)
    actions.spare(item, "Pågående skadeståndsanspråk", by=maria, now=now)
    actions.approve(item.run, by=maria, now=now)
    with pytest.raises(DestructionRefused, match="undantagen"):
        actions.destroy(item, by=eva, now=now)


# The database -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["journal_note", "journal_file", "cases_case", "records_retentionitem"])
def test_the_applications_own_sql_deletes_nothing_whatever_it_says_it_is_doing(runes_file, eva, now, table):
    listed(eva, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('livlina.destroying', 'x', true)")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(f"DELETE FROM {table}")
    assert Note.objects.filter(person=runes_file.person).count() == 2


def test_nobody_writes_a_certificate_for_what_was_never_destroyed(runes_file, eva, maria, now):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    true = actions.destroy(item, by=eva, now=now)
    forged = DestructionCertificate(**{name: value for name, value in vars(true).items() if name != "_state"})
    forged.pk, forged.akt_hash = None, "0" * 64
    with pytest.raises(DatabaseError, match="destruction alone"), transaction.atomic():
        DestructionCertificate.objects.bulk_create([forged])
    with pytest.raises(PermanentRow):
        true.delete()


def test_a_list_that_names_somebody_elses_note_is_refused_by_the_database(
    runes_file, astrids_file, karin, eva, maria, write, now
):
    note = write(karin, astrids_file)
    (item,) = listed(eva, now)
    forged = RetentionItem(**{name: value for name, value in vars(item).items() if name != "_state"})
    forged.pk, forged.frozen, forged.rows = note.pk, {"journal_note": [str(note.pk)]}, 1
    run = actions.propose(ELDERLY, by=eva, now=now)
    forged.run_id = run.pk
    RetentionItem.objects.bulk_create([forged])
    prepared(item, eva, maria, now)
    actions.approve(run, by=maria, now=now)
    for step in list(item.steps.all()):
        step.pk, step.item_id = None, forged.pk
        step._state.adding = True
        type(step).objects.bulk_create([step])
    with pytest.raises(DatabaseError, match="list_differs"), transaction.atomic():
        call(forged, eva, now)
    assert Note.objects.filter(pk=note.pk).exists()


@pytest.mark.parametrize(
    "table", ["core_auditevent", "people_person", "records_keepmark", "journal_chainhead"]
)
def test_a_list_that_names_another_kind_of_row_is_refused_by_the_database(runes_file, eva, maria, now, table):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    other = RetentionItem(**{name: value for name, value in vars(item).items() if name != "_state"})
    other.pk, other.frozen = runes_file.pk, {table: [str(runes_file.person_id)]}
    other.run = actions.propose(ELDERLY, by=eva, now=now)
    RetentionItem.objects.bulk_create([other])
    actions.approve(other.run, by=maria, now=now)
    for step in list(item.steps.all()):
        step.pk, step.item_id = None, other.pk
        step._state.adding = True
        type(step).objects.bulk_create([step])
    with pytest.raises(DatabaseError, match="foreign_table"), transaction.atomic():
        call(other, eva, now)


def test_another_municipality_cannot_destroy_ours(runes_file, eva, maria, sara, now):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    with (
        tenancy.acting(sara.municipality_id, ALL, sara.user_id),
        pytest.raises(DatabaseError, match="not_listed"),
        transaction.atomic(),
    ):
        call(item, sara, now)
    assert Note.objects.filter(person=runes_file.person).count() == 2


def test_every_table_of_a_file_is_one_the_database_lets_go_of(asvalla):
    """A new room's rows would otherwise stop every destruction, with no word of why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'records_destroy'")
        patterns = re.findall(r"!~ '([^']+)'", cursor.fetchone()[0])
    tables = [model._meta.db_table for model in rows._models()]
    assert len(tables) > 30
    assert [table for table in tables if not any(re.match(one, table) for one in patterns)] == []
    assert not any(re.match(one, table) for one in patterns for table in ("people_person", "core_auditevent"))
