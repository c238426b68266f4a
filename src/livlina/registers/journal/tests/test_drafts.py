"""Drafts: nothing that was typed is lost, and two windows never write over each other."""

from datetime import timedelta

import pytest

from livlina.core import outbox
from livlina.core.access import Refused
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent
from livlina.registers.journal import actions, faults, jobs, queries
from livlina.registers.journal.models import Draft

DESK, SOFA = uuid7(), uuid7()


@pytest.fixture
def save(karin, astrids_file, now):
    def saved(text, version, tab=DESK, by=karin, seconds=0):
        at = now + timedelta(seconds=seconds)
        return actions.save_draft(
            astrids_file.pk, "note", text, {"kind": "phone"}, version=version, tab=tab, by=by, now=at
        )

    return saved


def texts(actor, file) -> list[str]:
    main, beside = queries.draft_of(actor, file.pk, "note")
    return [main.text, *(draft.text for draft in beside)] if main else []


def test_each_save_gives_the_next_version(save, karin, astrids_file):
    assert [save("H", 0), save("He", 1), save("Hem", 2)] == [1, 2, 3]
    assert texts(karin, astrids_file) == ["Hem"]


def test_a_draft_is_seen_by_its_author_alone(save, johan, maria, astrids_file, now):
    save("Hembesök", 0)
    assert queries.draft_of(johan, astrids_file.pk, "note") == (None, [])
    assert queries.draft_of(maria, astrids_file.pk, "note") == (None, [])
    assert actions.discard_draft(astrids_file.pk, "note", by=johan, now=now) == 0


def test_two_windows_keep_both_texts(save, karin, astrids_file):
    save("Skrivbordet", 0)
    with pytest.raises(faults.TwoTexts) as both:
        save("Soffan", 0, SOFA)
    assert (both.value.theirs, both.value.version) == ("Skrivbordet", 1)
    with pytest.raises(faults.TwoTexts):
        save("Soffan igen", 0, SOFA)
    assert texts(karin, astrids_file) == ["Skrivbordet", "Soffan igen"]


def test_whoever_chooses_after_a_conflict_ends_it(save, karin, astrids_file):
    save("Skrivbordet", 0)
    with pytest.raises(faults.TwoTexts) as both:
        save("Soffan", 0, SOFA)
    assert save("Soffan\n\nSkrivbordet", both.value.version, SOFA) == 2
    assert texts(karin, astrids_file) == ["Soffan\n\nSkrivbordet"]


def test_an_answer_lost_on_the_way_makes_no_conflict(save):
    save("Hembesök", 0)
    assert save("Hembesök", 0) == 1


def test_a_draft_dies_when_the_note_is_written(save, write, karin, astrids_file):
    save("Hembesök", 0)
    write(karin, astrids_file)
    assert not Draft.objects.exists()


def test_discarding_takes_everything_of_the_form_and_is_logged(save, karin, astrids_file, now):
    save("Skrivbordet", 0)
    with pytest.raises(faults.TwoTexts):
        save("Soffan", 0, SOFA)
    assert actions.discard_draft(astrids_file.pk, "note", by=karin, now=now) == 2
    assert not Draft.objects.exists()
    assert AuditEvent.objects.get(verb="journal.discard").detail["texts"] == 2
    assert actions.discard_draft(astrids_file.pk, "note", by=karin, now=now) == 0


def test_the_beginning_of_a_draft_is_logged_not_every_key(save):
    for version in range(5):
        save("x" * version, version)
    assert AuditEvent.objects.filter(verb="journal.draft").count() == 1


def test_nobody_keeps_a_draft_where_they_may_not_write(save, ali):
    with pytest.raises(Refused):
        save("Insmuget", 0, by=ali)


def test_a_save_costs_three_statements(save, statements):
    save("H", 0)
    with statements() as sent:
        save("He", 1)
    assert len(sent) == 3


def test_a_draft_that_lies_is_told_of_once_and_listed_to_the_manager_without_its_text(
    save, maria, karin, asvalla, now, monkeypatch
):
    save("Hembesök", 0)
    said = []
    monkeypatch.setattr(outbox, "announce", lambda name, obj, **_: said.append(name))
    assert jobs.tell_of_drafts(asvalla.pk, now + timedelta(hours=23)) == 0
    assert jobs.tell_of_drafts(asvalla.pk, now + timedelta(hours=25)) == 1
    assert jobs.tell_of_drafts(asvalla.pk, now + timedelta(hours=26)) == 0
    assert said == ["journal.draft_lies"]
    (lying,) = queries.lying_drafts(maria, now + timedelta(hours=25))
    assert (lying.user.name, "text" in lying.__dict__) == ("Karin Ekdal", False)
    with pytest.raises(Refused):
        queries.lying_drafts(karin, now)
