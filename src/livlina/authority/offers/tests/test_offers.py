"""What one can take part in without a decision: told by those who run it, and by those who must not see it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey

from livlina.authority.cases.models import Case, Deadline, Decision, Document
from livlina.authority.offers import actions, queries
from livlina.authority.offers.actions import OfferRefused
from livlina.authority.offers.models import Offer, OfferVersion, Participation, ParticipationNote
from livlina.core import tenancy
from livlina.core.access import Refused, may
from livlina.core.models import AuditEvent, Unit
from livlina.registers.people.models import Reach

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def begun(offer, karin, now, astrid):
    return actions.take_part(offer, begins_on=MONDAY, person=astrid, by=karin, now=now)


def test_astrid_takes_part_by_name_and_what_happens_is_noted(support_group, karin, astrid, now) -> None:
    row = begun(support_group, karin, now, astrid)
    actions.write_note(row, "Astrid berättade om sin make.", happened_on=MONDAY, by=karin, now=now)
    seen = queries.participation(karin, row.pk, now)
    assert (seen.person, seen.begins_on) == (astrid, MONDAY)
    assert [note.text for note in seen.notes.all()] == ["Astrid berättade om sin make."]


def test_nothing_of_it_is_ever_a_decision_a_clock_a_letter_or_a_case(
    support_group, meeting_place, karin, astrid, now
) -> None:
    row = begun(support_group, karin, now, astrid)
    actions.take_part(meeting_place, begins_on=MONDAY, by=karin, now=now)
    actions.end_participation(row, last_day=MONDAY, reason="completed", by=karin, now=now)
    for model in (Case, Decision, Deadline, Document):
        assert not model.objects.exists(), model.__name__


def test_nothing_in_the_room_can_point_at_a_case_or_a_decision() -> None:
    for model in (Offer, OfferVersion, Participation, ParticipationNote):
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                assert field.related_model._meta.app_label != "cases", f"{model.__name__}.{field.name}"


def test_those_who_come_to_the_meeting_place_are_counted_and_never_named(
    meeting_place, karin, astrid, now
) -> None:
    with pytest.raises(OfferRefused, match="utan uppgift om person"):
        begun(meeting_place, karin, now, astrid)
    for _ in range(3):
        actions.take_part(meeting_place, begins_on=MONDAY, by=karin, now=now)
    assert queries.offer_page(karin, meeting_place.pk, now).row.counted == 3
    assert not Participation.objects.exclude(person=None).exists()


def test_of_the_open_house_nothing_is_stored_about_anyone(open_house, fatima, astrid, now) -> None:
    for person in (astrid, None):
        with pytest.raises(OfferRefused, match="inget dokumenteras"):
            actions.take_part(open_house, begins_on=MONDAY, person=person, by=fatima, now=now)
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    ("offer", "documentation", "named"),
    [
        ("open_house", "none", False),
        ("open_house", "none", True),
        ("open_house", "anonymous", False),
        ("open_house", "full", True),
        ("meeting_place", "full", True),
        ("meeting_place", "anonymous", True),
        ("support_group", "full", False),
        ("support_group", "anonymous", False),
    ],
)
def test_the_database_itself_refuses_to_know_more_than_the_board_decided(
    request, offer, documentation, named, asvalla, astrid, now
) -> None:
    found = request.getfixturevalue(offer)
    with tenancy.acting(asvalla.pk, (1, 4)), pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(
            municipality=asvalla, offer=found, version=found.versions.get(), documentation=documentation,
            person=astrid if named else None, begins_on=MONDAY, at=now, by_name="Karin Ekdal", by_role="case_worker",
        )  # fmt: skip


def test_a_note_about_one_who_is_only_counted_is_refused_by_the_database(
    meeting_place, karin, asvalla, now
) -> None:
    row = actions.take_part(meeting_place, begins_on=MONDAY, by=karin, now=now)
    with pytest.raises(OfferRefused):
        actions.write_note(row, "Hon heter Astrid.", happened_on=MONDAY, by=karin, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipationNote.objects.create(
            municipality=asvalla, participation=row, happened_on=MONDAY, text="Hon heter Astrid.", at=now,
            by_name="Karin Ekdal", by_role="case_worker",
        )  # fmt: skip


def test_counting_writes_no_name_in_the_log_either(meeting_place, karin, astrid, now) -> None:
    actions.take_part(meeting_place, begins_on=MONDAY, by=karin, now=now)
    told = AuditEvent.objects.filter(verb="offers.take_part")
    assert [event.person_id for event in told] == [None]


def test_the_unit_reaches_astrid_for_as_long_as_she_takes_part(support_group, karin, astrid, now) -> None:
    row = begun(support_group, karin, now, astrid)
    source = f"offers.participation:{row.pk}"
    assert Reach.objects.filter(source=source, ended_at=None).exists()
    later = now + timedelta(days=7)
    ended = actions.end_participation(row, last_day=date(2026, 3, 9), reason="own_wish", by=karin, now=later)
    assert (ended.ends_on, ended.end_reason) == (date(2026, 3, 9), "own_wish")
    assert not Reach.objects.filter(source=source, ended_at=None).exists()


def test_ending_twice_is_ending_once_and_then_she_may_begin_anew(support_group, karin, astrid, now) -> None:
    row = begun(support_group, karin, now, astrid)
    with pytest.raises(OfferRefused, match="deltar redan"):
        begun(support_group, karin, now, astrid)
    actions.end_participation(row, last_day=MONDAY, reason="completed", by=karin, now=now)
    row.refresh_from_db()
    again = actions.end_participation(row, last_day=MONDAY, reason="moved", by=karin, now=now)
    assert again.end_reason == "completed"
    assert begun(support_group, karin, now, astrid).pk != row.pk


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2026, 3, 3)])
def test_nobody_takes_part_before_it_is_offered_or_after_today(
    support_group, karin, astrid, now, day
) -> None:
    with pytest.raises(OfferRefused):
        actions.take_part(support_group, begins_on=day, person=astrid, by=karin, now=now)


def test_the_board_decides_anew_and_those_who_take_part_keep_what_they_began_in(
    support_group, maria, karin, astrid, bertil, as_decided, now
) -> None:
    row = begun(support_group, karin, now, astrid)
    words = as_decided("Stödgrupp", "anonymous", valid_from=date(2026, 4, 1))
    actions.change_offer(support_group, words, by=maria, now=now)
    spring = now + timedelta(days=40)
    with pytest.raises(OfferRefused, match="utan uppgift om person"):
        actions.take_part(support_group, begins_on=date(2026, 4, 2), person=bertil, by=karin, now=spring)
    actions.write_note(row, "Hon fortsätter.", happened_on=date(2026, 4, 2), by=karin, now=spring)
    assert queries.participation(karin, row.pk, spring).version.name == "Stödgrupp för anhöriga"


def test_what_is_no_longer_offered_ends_for_all_and_takes_nobody_in(
    support_group, maria, karin, astrid, bertil, now
) -> None:
    row = begun(support_group, karin, now, astrid)
    actions.close_offer(support_group, last_day=MONDAY, by=maria, now=now)
    row.refresh_from_db()
    assert (row.ends_on, row.end_reason) == (MONDAY, "offer_closed")
    tomorrow = now + timedelta(days=1)
    with pytest.raises(OfferRefused, match="erbjuds inte efter"):
        actions.take_part(support_group, begins_on=date(2026, 3, 3), person=bertil, by=karin, now=tomorrow)
    assert [each.offer for each in queries.offers(karin, tomorrow)] == []
    assert [each.offer for each in queries.offers(karin, tomorrow, ended=True)] == [support_group]


def test_an_offer_rests_on_a_decision_already_taken_and_says_why_it_documents_less(
    maria, as_decided, now
) -> None:
    unit = Unit.objects.get(pk=maria.unit_id)
    early = as_decided("Café", "full", decided_on=date(2026, 2, 2))
    with pytest.raises(OfferRefused, match="innan nämnden har beslutat"):
        actions.begin_offer(early, unit=unit, branch=1, by=maria, now=now)
    silent = as_decided("Café", "none", documentation_reason="")
    with pytest.raises(OfferRefused, match="Skriv varför"):
        actions.begin_offer(silent, unit=unit, branch=1, by=maria, now=now)


def test_no_branch_sees_what_another_offers_to_whom(
    support_group, open_house, karin, fatima, sven, astrid, now
) -> None:
    row = begun(support_group, karin, now, astrid)
    assert [each.offer for each in queries.offers(fatima, now)] == [open_house]
    assert queries.offers(sven, now) == []
    for stranger in (fatima, sven):
        with pytest.raises(Refused):
            queries.participation(stranger, row.pk, now)
        with tenancy.acting(stranger.municipality_id, stranger.compartments):
            assert not Participation.objects.exists()
            assert not OfferVersion.objects.filter(offer=support_group).exists()


def test_only_the_unit_that_runs_it_knows_who_takes_part(
    support_group, karin, sofia, eva, petra, astrid, as_staff, now
) -> None:
    row = begun(support_group, karin, now, astrid)
    other = as_staff("Ines Falk", "case_worker", "Anhörigstödet")
    for stranger in (sofia, eva, petra, other):
        assert not may(stranger, "offers.participants", row), stranger.name
    assert queries.offer_page(eva, support_group.pk, now).participants is None
    assert queries.offer_page(sofia, support_group.pk, now).participants is None
    with pytest.raises(Refused):
        actions.take_part(support_group, begins_on=MONDAY, person=astrid, by=sofia, now=now)


def test_a_case_worker_begins_no_offer_and_a_manager_none_for_another_unit(
    karin, maria, gunnar, as_decided, now
) -> None:
    unit = Unit.objects.get(pk=maria.unit_id)
    with pytest.raises(Refused):
        actions.begin_offer(as_decided("Café", "full"), unit=unit, branch=1, by=karin, now=now)
    for branch, by in ((4, maria), (4, gunnar)):
        with pytest.raises(Refused):
            actions.begin_offer(as_decided("Café", "full"), unit=unit, branch=branch, by=by, now=now)


def test_concern_for_a_child_goes_to_those_who_sort_reports_and_stays_nowhere_here(
    open_house, fatima, sofia, now
) -> None:
    said = {"children_described": "Pojke, nio år.", "concern_about": "Kommer hungrig.", "danger_now": "no"}
    report = actions.report_concern(open_house, said, by=fatima, now=now)
    assert report.under_duty
    assert not report.anonymous
    assert not Participation.objects.exists()
    assert may(sofia, "cases.sort_report", report)


def test_karin_reports_concern_from_another_branch_and_cannot_read_it_back(meeting_place, karin, now) -> None:
    said = {"children_described": "Barnbarnet.", "concern_about": "Blir slagen.", "danger_now": "no"}
    report = actions.report_concern(meeting_place, said, by=karin, now=now)
    with tenancy.acting(karin.municipality_id, karin.compartments):
        assert not type(report).objects.filter(pk=report.pk).exists()


def test_one_who_needs_more_applies_and_gets_a_case_of_her_own(support_group, karin, astrid, now) -> None:
    row = begun(support_group, karin, now, astrid)
    application = actions.begin_intake(
        row, "home_care", {"help_in_own_words": "Jag orkar inte städa."}, by=karin, now=now
    )
    case = application.cases.get()
    assert (case.person, case.state, case.process_code) == (astrid, "received", "home_care")


def test_a_protected_participant_is_known_to_the_named_few_alone(
    support_group, karin, johan, astrid, now
) -> None:
    row = begun(support_group, karin, now, astrid)
    type(astrid).objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    assert not may(johan, "offers.participants", row)
    assert queries.offer_page(johan, support_group.pk, now).participants == []


def test_the_year_is_counted_without_anybody(support_group, meeting_place, karin, astrid, now) -> None:
    begun(support_group, karin, now, astrid)
    actions.take_part(meeting_place, begins_on=MONDAY, by=karin, now=now)
    assert queries.counts(karin, 2026) == {"Stödgrupp för anhöriga": 1, "Träffpunkt Storgatan": 1}


def test_a_participation_that_is_not_there_is_refused(karin, now) -> None:
    with pytest.raises(Refused):
        queries.participation(karin, uuid4(), now)
