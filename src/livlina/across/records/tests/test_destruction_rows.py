"""Exactly which rows a file is: a whole case goes with all of it, and what hangs together stays."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from livlina.across.records import actions
from livlina.across.records.queries import retention
from livlina.across.records.retention import rows
from livlina.across.records.tests.steps import ELDERLY, listed, prepared
from livlina.authority.cases.models import Case, CaseEvent, Decision, DecisionLine, Document, signature
from livlina.registers.journal import actions as journal_actions


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
