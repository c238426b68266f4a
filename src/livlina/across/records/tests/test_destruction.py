"""Destruction: both clocks, two people, an archive that has acknowledged, a copy to regret by; and never the only copy.

Vallentuna, 2019–2022: a destruction that nobody had tried took 538 files; 32 that should have been kept for ever,
mostly children who had been placed and the research sample, existed nowhere else.
"""

import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.across.records import actions, archive, queries
from livlina.across.records.actions import DestructionRefused
from livlina.across.records.models import (
    DestructionCertificate,
    KeepMark,
    QuarantineCopy,
    RetentionApproval,
    RetentionItem,
)
from livlina.across.records.queries import retention
from livlina.across.records.retention import rows
from livlina.authority.cases.models import Case, CaseEvent, Decision, DecisionLine, Document, signature
from livlina.authority.placements.models import Placement
from livlina.core import tenancy
from livlina.core.access import Refused, system
from livlina.core.models import Municipality, PermanentRow
from livlina.registers.journal import actions as journal_actions
from livlina.registers.journal import queries as journal_queries
from livlina.registers.journal.models import ChainHead, File, Note
from livlina.registers.people.models import Person
from tests.people import ALL

ELDERLY, CHILDREN = 1, 4


@pytest.fixture(autouse=True)
def e_archive(tmp_path, monkeypatch):
    """An e-archive of the test's own."""
    place = archive.FolderArchive(tmp_path / "e-archive")
    monkeypatch.setattr("livlina.across.records.actions.retaining.archive", lambda: place)
    return place


def listed(eva, now, branch=ELDERLY):
    """Eva's frozen list of a branch."""
    return actions.freeze(actions.propose(branch, by=eva, now=now), by=eva, now=now)


def prepared(item, eva, manager, now):
    """Everything before the destruction itself."""
    actions.approve(item.run, by=manager, now=now)
    actions.export(item, by=eva, now=now)
    actions.note_receipt(item, "EA-2026-0417", by=eva, now=now)
    actions.quarantine(item, by=eva, now=now)


def test_an_old_file_is_destroyed_and_a_certificate_without_content_remains(
    runes_file, eva, maria, now, e_archive
):
    person, head = runes_file.person, ChainHead.objects.get(person=runes_file.person)
    (item,) = listed(eva, now)
    assert (item.due_on, item.finish_by) == (date(2024, 6, 3), date(2025, 12, 31))
    prepared(item, eva, maria, now)
    certificate = actions.destroy(item, by=eva, now=now)

    assert not Note.objects.filter(person=person).exists()
    assert not File.objects.filter(person=person).exists()
    assert Person.objects.filter(pk=person.pk).exists(), "the person is no part of the file"
    assert (certificate.listed_by, certificate.approved_by, certificate.receipt_number) == (
        "Eva Moberg", "Maria Lundell", "EA-2026-0417",
    )  # fmt: skip
    assert certificate.rows == 3
    assert (certificate.chain_seq, bytes(certificate.chain_hash)) == (2, bytes(head.hash))
    told = " ".join(str(value) for value in vars(certificate).values())
    assert "Rune" not in told
    assert str(person.pk) not in told
    assert not RetentionItem.objects.exists(), "the list that names him goes with the file"


def test_the_package_holds_every_note_and_its_manifest_every_file(runes_file, eva, maria, now, e_archive):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    with zipfile.ZipFile(BytesIO(e_archive.fetch(f"{item.akt_hash}.zip"))) as package:
        notes = json.loads(package.read("rows/journal_note.json"))
        manifest = package.read("mets.xml").decode()
    assert {note["text"] for note in notes} == {"Anteckning 1 om Rune Alm.", "Anteckning 2 om Rune Alm."}
    assert all(note["digest"] and note["hash"] and note["salt"] for note in notes)
    assert 'CHECKSUMTYPE="SHA-256"' in manifest
    assert "rows/journal_file.json" in manifest


def test_a_proposal_touches_nothing_and_says_why_the_others_are_kept(runes_file, born, old_file, eva, now):
    old_file(born(date(1950, 3, 15), "Sven"))
    old_file(born(date(1950, 3, 8), "Olle"), at=now - timedelta(days=400))
    run = actions.propose(ELDERLY, by=eva, now=now)
    assert [row["count"] for row in run.due] == [1]
    assert {row["reason"] for row in run.kept} == {"Forskningsurval (SoF 13 kap. 1 §)"}
    assert Note.objects.count() == 6
    assert not RetentionItem.objects.exists()


# Vallentuna -------------------------------------------------------------------------------------------------


@pytest.fixture
def placed_childs_file(born, old_file, fatima):
    """A boy's file at Barn och unga: nothing written since 2019."""
    return old_file(born(date(1999, 3, 8), "Elis", "Berg"), by=fatima)


def test_a_placed_childs_file_is_never_listed_and_the_neighbours_is(
    placed_childs_file, born, old_file, fatima, gunnar, eva, now
):
    neighbour = old_file(born(date(1999, 3, 9), "Hugo", "Dahl"), by=fatima)
    actions.keep(
        placed_childs_file.person, CHILDREN, "placed_child", "Placerad 2003, äldre akt", by=gunnar, now=now
    )
    items = listed(eva, now, CHILDREN)
    assert [item.person_id for item in items] == [neighbour.person_id]


def test_a_mark_set_after_the_list_was_frozen_stops_the_destruction(placed_childs_file, gunnar, eva, now):
    (item,) = listed(eva, now, CHILDREN)
    prepared(item, eva, gunnar, now)
    actions.keep(
        placed_childs_file.person, CHILDREN, "placed_child", "Hittad i pappersakten", by=gunnar, now=now
    )
    with pytest.raises(DestructionRefused, match="placerat utanför hemmet"):
        actions.destroy(item, by=eva, now=now)
    assert Note.objects.filter(person=placed_childs_file.person).count() == 2


def test_the_database_itself_refuses_a_file_that_is_marked(placed_childs_file, gunnar, eva, now):
    (item,) = listed(eva, now, CHILDREN)
    prepared(item, eva, gunnar, now)
    actions.keep(placed_childs_file.person, CHILDREN, "placed_child", "Hittad", by=gunnar, now=now)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        call(item, eva, now)


@pytest.mark.parametrize("lost", ["archive", "archive_changed", "quarantine", "quarantine_changed"])
def test_destruction_that_would_take_the_only_copy_is_refused(runes_file, eva, maria, now, e_archive, lost):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    stored, copy = e_archive.root / f"{item.akt_hash}.zip", QuarantineCopy.objects.get()
    held = stored.read_bytes(), bytes(copy.sealed)
    if lost == "archive":
        stored.unlink()
    elif lost == "archive_changed":
        stored.write_bytes(held[0][:-1])
    elif lost == "quarantine":
        QuarantineCopy.objects.filter(pk=copy.pk).delete()
    else:
        QuarantineCopy.objects.filter(pk=copy.pk).update(sealed=held[1][:-1] + b"x")
    with pytest.raises(DestructionRefused):
        actions.destroy(item, by=eva, now=now)
    assert Note.objects.filter(person=runes_file.person).count() == 2

    # The control: with both copies whole again the same call destroys.
    stored.write_bytes(held[0])
    QuarantineCopy.objects.all().delete()
    copy.sealed = held[1]
    copy.save(force_insert=True)
    actions.destroy(item, by=eva, now=now)
    assert not Note.objects.filter(person=runes_file.person).exists()


def test_a_mark_for_a_placed_child_never_ends_and_one_for_a_lawsuit_does(placed_childs_file, gunnar, now):
    placed = actions.keep(placed_childs_file.person, CHILDREN, "placed_child", "Placerad", by=gunnar, now=now)
    lawsuit = actions.keep(placed_childs_file.person, CHILDREN, "lawsuit", "Skadestånd", by=gunnar, now=now)
    with pytest.raises(actions.KeepRefused, match="för alltid"):
        actions.end_keep(placed, by=gunnar, now=now)
    actions.end_keep(lawsuit, by=gunnar, now=now)
    assert KeepMark.objects.get(ended_on=None) == placed
    with pytest.raises(DatabaseError), transaction.atomic():
        KeepMark.objects.filter(pk=placed.pk).update(ended_on=date(2026, 3, 2))


@pytest.fixture
def placement(placed_childs_file, fatima, now):
    """That Elis was placed in a family home in 2003, in a case long closed."""
    begun = datetime(2003, 4, 1, 8, tzinfo=UTC)
    case = Case.objects.create(
        municipality_id=fatima.municipality_id, compartment=CHILDREN, number="2003-000007", process_code="old",
        process_version="2003-01-01", person=placed_childs_file.person, unit_id=fatima.unit_id, state="closed",
        state_since=begun, received_on=begun.date(), received_how="post", registered_on=begun.date(),
        closed_at=begun + timedelta(days=900),
    )  # fmt: skip
    return Placement.objects.create(
        municipality_id=fatima.municipality_id, case=case, person=case.person, ground="sol", home_kind="foster_home",
        home_name="Familjen Ek", begins_on=date(2003, 4, 1), ends_on=date(2005, 9, 1), why_ended="other",
    )  # fmt: skip


def test_the_register_of_placements_keeps_the_file_without_any_mark(placement, eva, now):
    (one,) = retention.judge_people(eva.municipality_id, CHILDREN, [placement.person_id], now.date())
    assert one.kept == "placed_child"
    with pytest.raises(DestructionRefused, match="Ingen akt"):
        listed(eva, now, CHILDREN)


def test_a_placement_found_after_the_freezing_stops_the_database_too(
    placed_childs_file, request, gunnar, eva, now
):
    (item,) = listed(eva, now, CHILDREN)
    prepared(item, eva, gunnar, now)
    request.getfixturevalue("placement")
    with pytest.raises(DestructionRefused):
        actions.destroy(item, by=eva, now=now)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        call(item, eva, now)


def test_one_who_cannot_see_placements_destroys_nothing(runes_file, eva, maria, now):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    with tenancy.acting(eva.municipality_id, (ELDERLY,), eva.user_id):
        with pytest.raises(DestructionRefused, match="varit placerad"):
            actions.destroy(item, by=eva, now=now)
        with pytest.raises(DatabaseError, match="cannot_tell"), transaction.atomic():
            call(item, eva, now)


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


def call(item, by, now):
    """Ask the database for the destruction itself, past the application."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT records_destroy(%s, %s, %s, %s, %s, %s)",
            [item.pk, by.user_id, by.name, by.title, by.role, now],
        )


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


def test_a_file_with_a_whole_case_goes_and_nothing_of_it_is_left(
    partly_granted, astrids_file, astrid, karin, eva, maria, write, now
):
    """Astrid's case with facts, decision and letters, long after: every row is found by following the references."""
    write(karin, astrids_file)
    case, later = partly_granted.case, datetime(2038, 3, 2, 8, tzinfo=UTC)
    found = rows.rows_of(astrid.pk, ELDERLY)
    told = found.frozen()
    for table in ("cases_case", "cases_decision", "cases_decisionline", "cases_document", "cases_casefact",
                  "cases_caseevent", "cases_application", "journal_note", "journal_file"):  # fmt: skip
        assert told.get(table), table
    assert found.tied == []
    (one,) = retention.judge_people(eva.municipality_id, ELDERLY, [astrid.pk], later.date())
    assert one.kept == "running", "the case is open"
    Case.objects.filter(pk=case.pk).update(closed_at=now)
    (one,) = retention.judge_people(eva.municipality_id, ELDERLY, [astrid.pk], later.date())
    assert one.is_due(later.date())


@pytest.fixture
def old_case(runes_file, karin):
    """Rune's case from 2019, closed: a decision with a line, its letter, a step, and a certificate that came in."""
    then, person = runes_file.opened_at, runes_file.person
    signed = signature(karin, then) | {"compartment": ELDERLY}
    case = Case.objects.create(
        municipality_id=karin.municipality_id, compartment=ELDERLY, number="2019-000003", process_code="home_care",
        process_version="2025-07-01", person=person, unit_id=karin.unit_id, state="closed", state_since=then,
        received_on=then.date(), received_how="post", registered_on=then.date(), closed_at=then,
    )  # fmt: skip
    CaseEvent.objects.create(**signed, case=case, step="close", label="Avslutat", flow="main")
    decision = Decision.objects.create(
        **signed,
        case=case,
        number=1,
        outcome="granted",
        decided_on=then.date(),
        against=False,
        unit_name="Bistånd",
    )
    DecisionLine.objects.create(
        **signed, decision=decision, position=1, service="cleaning", service_label="Städning", granted=True,
        quantity=4, unit="timmar", valid_from=then.date(), valid_to=then.date(), law_key="x", law_text="SoL",
    )  # fmt: skip
    Document.objects.create(
        **signed, case=case, decision=decision, kind="decision", title="Beslut", recipient=person,
        recipient_name=person.full_name, template="x", template_version="x", data={}, pdf=b"%PDF-old", sha256="0" * 64,
    )  # fmt: skip
    told = actions.Received(
        "certificate", "Intyg", "Vården", then.date(), "post", "health", "intyg.pdf", b"%PDF-1.7 intyg"
    )
    actions.receive(case, told, by=karin, now=then)
    return case


def test_a_whole_case_is_packed_with_its_documents_and_goes(old_case, eva, maria, now, e_archive, statements):
    person_id = old_case.person_id
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    with zipfile.ZipFile(BytesIO(e_archive.fetch(f"{item.akt_hash}.zip"))) as package:
        documents = {package.read(name) for name in package.namelist() if name.startswith("documents/")}
    assert documents == {b"%PDF-old", b"%PDF-1.7 intyg"}
    with statements() as sent:
        rows.rows_of(person_id, ELDERLY)
    assert len(sent) < 250, len(sent)
    certificate = actions.destroy(item, by=eva, now=now)
    assert certificate.rows == 9
    assert not Case.objects.filter(pk=old_case.pk).exists()
    assert not Decision.objects.filter(case_id=old_case.pk).exists()
    assert rows.rows_of(person_id, ELDERLY).count == 0


def test_what_hangs_together_with_another_persons_file_is_not_listed(
    runes_file, born, old_file, karin, maria, eva, write, now
):
    """Olle's moved note replaced one in Rune's file: Olle's cannot go before Rune's."""
    olle = old_file(born(date(1950, 3, 8), "Olle"))
    wrong = write(karin, runes_file, "Olle ringde.", at=datetime(2019, 7, 1, 8, tzinfo=UTC))
    moved = datetime(2019, 7, 2, 8, tzinfo=UTC)
    journal_actions.move_note(wrong.pk, olle.person, "Fel akt", by=maria, now=moved)
    items = listed(eva, now)
    assert [item.person_id for item in items] == [runes_file.person_id]


# The journal ------------------------------------------------------------------------------------------------


def test_the_chain_does_not_cry_wolf_after_and_a_new_note_begins_a_new_one(
    runes_file, astrids_file, karin, eva, maria, old_file, write, now
):
    write(karin, astrids_file)
    person = runes_file.person
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    certificate = actions.destroy(item, by=eva, now=now)
    assert journal_queries.verify_chain(person.pk).whole
    assert journal_queries.verify_chain(astrids_file.person_id).whole
    old_file(person, at=now, texts=1)
    report = journal_queries.verify_chain(person.pk)
    assert report.whole
    assert report.entries == 1
    assert retention.destroyed_before(eva, person.pk, ELDERLY) == [certificate], "the loss is explained"


def test_a_note_written_after_the_freezing_stops_it(runes_file, karin, eva, maria, write, now):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    write(karin, runes_file, "Rune ringde i dag.", at=now)
    with pytest.raises(DestructionRefused):
        actions.destroy(item, by=eva, now=now)
    with pytest.raises(DatabaseError, match="written_since"), transaction.atomic():
        call(item, eva, now)


def test_the_same_persons_file_in_another_branch_is_not_touched(
    born, old_file, karin, fatima, eva, maria, now
):
    person = born(date(1999, 3, 8), "Elis", "Berg")
    old_file(person)
    other = old_file(person, by=fatima)
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    actions.destroy(item, by=eva, now=now)
    assert Note.objects.filter(person=person).count() == 2
    assert set(Note.objects.filter(person=person).values_list("file_id", flat=True)) == {other.pk}


# Quarantine -------------------------------------------------------------------------------------------------


def test_within_ninety_days_a_file_can_be_brought_back_and_then_no_more(
    runes_file, eva, maria, now, e_archive
):
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    package = e_archive.fetch(f"{item.akt_hash}.zip")
    certificate = actions.destroy(item, by=eva, now=now)
    assert actions.empty_quarantine(by=eva, now=now + timedelta(days=90)) == 0
    assert actions.bring_back(certificate.akt_hash, "Gallrad av misstag", by=eva, now=now) == package
    assert b"Rune" not in bytes(QuarantineCopy.objects.get().sealed)
    assert actions.empty_quarantine(by=eva, now=now + timedelta(days=91)) == 1
    with pytest.raises(DestructionRefused, match="finns inte kvar"):
        actions.bring_back(certificate.akt_hash, "Gallrad av misstag", by=eva, now=now)


# What keeps -------------------------------------------------------------------------------------------------


def test_a_case_that_is_still_open_keeps_the_file(assigned_case, eva, now):
    later = datetime(2040, 1, 10, 8, tzinfo=UTC)
    (one,) = retention.judge_people(eva.municipality_id, ELDERLY, [assigned_case.person_id], later.date())
    assert one.kept == "running"


def test_in_goteborg_nothing_is_destroyed_at_all(runes_file, eva, now, monkeypatch):
    real = Municipality.objects.get(pk=eva.municipality_id)
    real.code = "1480"
    monkeypatch.setattr(Municipality.objects, "get", lambda **which: real)
    files = retention.judge_files(eva.municipality_id, ELDERLY, now.date())
    assert [one.kept for one in files] == ["whole"]


def test_a_person_without_a_known_birth_date_is_left_to_the_archivist(runes_file, eva, now):
    Person.objects.filter(pk=runes_file.person_id).update(birth_date=None)
    (one,) = retention.judge_people(eva.municipality_id, ELDERLY, [runes_file.person_id], now.date())
    assert one.kept == "birth_unknown"


def test_the_sample_goes_by_the_real_birth_date_not_the_one_in_the_number(runes_file, eva, now):
    Person.objects.filter(pk=runes_file.person_id).update(birth_date=date(1950, 3, 5))
    (one,) = retention.judge_people(eva.municipality_id, ELDERLY, [runes_file.person_id], now.date())
    assert one.kept == "sample"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dates(date(2025, 7, 1), date(2031, 12, 31)))
def test_whatever_the_day_a_file_is_due_exactly_from_five_years_after_its_last_note(file_of_2022, eva, on):
    (one,) = retention.judge_people(eva.municipality_id, ELDERLY, [file_of_2022.person_id], on)
    assert one.is_due(on) == (on >= date(2027, 6, 3))


@pytest.fixture
def file_of_2022(born, old_file):
    """A file whose last note is of 3 June 2022."""
    return old_file(born(date(1950, 3, 7)), at=datetime(2022, 6, 3, 8, tzinfo=UTC))


def test_the_yearly_job_proposes_once_and_freezes_nothing(runes_file, asvalla, now):
    from livlina.across.records import jobs

    assert jobs.propose_destruction(asvalla.pk, now) == 6, "one for each branch"
    assert jobs.propose_destruction(asvalla.pk, now + timedelta(days=1)) == 0
    assert not RetentionItem.objects.exists()
    assert not RetentionApproval.objects.exists()


def test_the_system_cannot_freeze_what_it_proposed(runes_file, asvalla, now):
    job = system(asvalla.pk, ALL)
    run = actions.propose(ELDERLY, by=job, now=now)
    with pytest.raises(Refused):
        actions.freeze(run, by=job, now=now)


def test_the_list_shows_no_names(runes_file, eva, now):
    items = listed(eva, now)
    told = [queries.retention.items(items[0].run)]
    assert told
    assert "Rune" not in str([vars(row) for row in told[0]])
