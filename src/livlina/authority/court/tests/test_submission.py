"""Only what is proved to be at the court stops a clock after which a decision lapses."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from livlina.authority.cases.actions import StepRefused, take_step
from livlina.authority.cases.engine.words import GUARDS, Word
from livlina.authority.cases.models import Deadline
from livlina.authority.court import actions, guards
from livlina.authority.court.models import Proof, Submission
from livlina.core.access import Refused
from livlina.core.models.base import PermanentRow

HOUR = timedelta(hours=1)


def running(case, name="submit_in_time"):
    return Deadline.objects.filter(case=case, name=name, state="running").exists()


def by_hand(case, by, now):
    """Try to take the step past the page: as if the submission were enough."""
    answers = {"court_name": "Förvaltningsrätten", "reached_court_on": "2026-03-02"}
    return take_step(case, "submit_decision", by=by, now=now, answers=answers)


def test_a_saved_draft_never_counts(elsa_taken, drafted, fatima, now):
    with pytest.raises(StepRefused, match="Inget bevis finns"):
        by_hand(elsa_taken, fatima, now)
    assert running(elsa_taken)


def test_a_sent_letter_nobody_knows_arrived_does_not_count(elsa_taken, faxed, fatima, now):
    with pytest.raises(StepRefused, match="Inget bevis finns"):
        by_hand(elsa_taken, fatima, now + HOUR)
    assert running(elsa_taken)


def test_the_courts_receipt_stops_the_clock_at_once(elsa_taken, faxed, fatima, prove_it):
    answer = prove_it(faxed, fatima)
    assert answer.taken
    elsa_taken.refresh_from_db()
    assert elsa_taken.state == "submitted"
    assert not running(elsa_taken)
    assert running(elsa_taken, "court_tries")
    assert answer.submission.used_at is not None


def test_a_guard_that_takes_a_draft_for_a_submission_is_caught(elsa_taken, drafted, fatima, now, monkeypatch):
    """Positive control: with the fault put in, the first test of this file would fail."""

    def draft_counts(doing):
        return None if Submission.objects.filter(case=doing.case, step=doing.step.name).exists() else "Nej."

    monkeypatch.setitem(GUARDS, "submission_is_proved", Word("Broken.", draft_counts))
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_a_saved_draft_never_counts(elsa_taken, drafted, fatima, now)
    assert not running(elsa_taken)


def test_what_reached_the_court_too_late_does_not_count_and_the_proof_stays(
    elsa_taken, faxed, fatima, prove_it
):
    answer = prove_it(faxed, fatima, after=24 * 8)
    assert not answer.taken
    assert "så beslutet har upphört" in answer.why_not[0]
    assert running(elsa_taken)
    assert Proof.objects.count() == 1


def test_what_reaches_the_court_before_the_day_more_time_ends_is_in_time(
    elsa_taken, faxed, fatima, now, prove_it
):
    """A clock that counts to a day to come began the day it was set, not on the day it counts to."""
    clock = Deadline.objects.filter(case=elsa_taken, name="submit_in_time")
    clock.update(anchor="note_execution", anchor_date=now.date() + timedelta(days=4))
    assert prove_it(faxed, fatima).taken
    assert not running(elsa_taken)


def test_it_is_the_day_it_reached_the_court_that_counts_and_not_the_day_of_proof(
    elsa_taken, faxed, fatima, now, prove_it
):
    late = now + timedelta(days=10)
    answer = prove_it(faxed, fatima, reached_at=now + timedelta(days=6), now=late)
    assert answer.taken
    assert not running(elsa_taken)


def test_proof_of_an_earlier_decision_does_not_serve_the_next(
    elsa_taken, faxed, fatima, gunnar, duty, now, prove_it
):
    taken = prove_it(faxed, fatima)
    case = taken.submission.case
    end = {"measure_ended_on": "2026-03-04", "measure_end_reasons": "Mormor tar hand om Elsa."}
    two = now + timedelta(days=2)
    case = take_step(case, "end_immediate", by=gunnar, now=two, answers=end).case
    again = {"immediate_decided_on": "2026-03-04", "immediate_decided_by": "chair"}
    case = actions.decide_now(case, again, by=duty, now=two)
    with pytest.raises(StepRefused, match="Inget bevis finns"):
        take_step(case, "submit_decision", by=fatima, now=two, answers={"reached_court_on": "2026-03-04"})
    assert running(case)
    new = actions.draft(case, "submit_decision", by=fatima, now=two)
    assert new.pk != faxed.pk


def test_a_draft_begun_twice_is_one(elsa_taken, drafted, duty, now):
    assert actions.draft(elsa_taken, "submit_decision", by=duty, now=now) == drafted


def test_a_proof_shows_a_number_or_a_document(faxed, fatima, prove_it):
    with pytest.raises(actions.ProofWrong, match="kvittensens nummer"):
        prove_it(faxed, fatima, receipt_number=" ")
    with pytest.raises(actions.ProofWrong, match="PDF eller en bild"):
        prove_it(faxed, fatima, document=b"<html>", document_name="kvittens.pdf")
    answer = prove_it(
        faxed, fatima, receipt_number="", document=b"%PDF-1.7 kvittens", document_name="kvittens.pdf"
    )
    assert answer.taken
    assert Proof.objects.get().document_type == "application/pdf"


def test_a_proof_from_tomorrow_is_refused(faxed, fatima, now, prove_it):
    with pytest.raises(actions.ProofWrong, match="efter nu"):
        prove_it(faxed, fatima, reached_at=now + timedelta(days=1))


def test_nothing_is_proved_before_it_is_sent(drafted, fatima, prove_it):
    with pytest.raises(actions.ProofWrong, match="skickade"):
        prove_it(drafted, fatima)


def test_proved_twice_is_refused_and_stands_once(faxed, fatima, prove_it):
    prove_it(faxed, fatima)
    with pytest.raises(actions.AlreadyProved):
        prove_it(faxed, fatima, after=3)
    assert Proof.objects.count() == 1


@pytest.mark.parametrize("fault", [{"state": "proved"}, {"sent_at": None}, {"used_at": "now"}])
def test_the_database_refuses_a_submission_that_says_more_than_is_proved(faxed, now, fault):
    values = {name: now if value == "now" else value for name, value in fault.items()}
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=faxed.pk).update(**values)


def test_a_proof_is_never_rewritten(faxed, fatima, prove_it):
    prove_it(faxed, fatima)
    with pytest.raises(PermanentRow):
        Proof.objects.update(receipt_number="1")


def test_another_branch_sees_no_clock_and_no_submission(faxed, mona, sven, karin, sara, now):
    for stranger in (mona, sven, karin, sara):
        with pytest.raises(Refused):
            actions.send(faxed, how="fax", by=stranger, now=now)


def test_the_duty_officer_submits_at_night_with_a_fax_journal(jonas_taken, duty, now):
    night = now + timedelta(hours=18)
    one = actions.draft(jonas_taken, "submit_decision", by=duty, now=night)
    actions.send(one, how="fax", by=duty, now=night)
    answer = actions.prove(
        one, kind="fax_journal", receipt_number="0312", reached_at=night, by=duty, now=night + HOUR
    )
    assert answer.taken
    assert not running(jonas_taken)


def test_an_application_stands_proved_before_its_text_is_all_written(
    elsa_taken, faxed, fatima, now, prove_it
):
    prove_it(faxed, fatima)
    elsa_taken.refresh_from_db()
    week = now + timedelta(days=7)
    confirmed = {"court_confirmed_on": "2026-03-09", "court_case_number": "2210-26"}
    case = take_step(elsa_taken, "court_confirms", by=fatima, now=week, answers=confirmed).case
    assert Deadline.objects.get(case=case, name="apply_in_time", state="running").strict_date == date(
        2026, 3, 30
    )
    one = actions.draft(case, "apply_to_court", by=fatima, now=week)
    actions.send(one, how="digital", by=fatima, now=week)
    proved = {
        "kind": "sealed_delivery",
        "receipt_number": "a1",
        "reached_at": week,
        "by": fatima,
        "now": week,
    }
    answer = actions.prove(one, **proved)
    assert answer.why_not == ["”Nämnden beslutade att ansöka den” är inte ifyllt."]
    assert running(case, "apply_in_time")
    assert actions.take(one, by=fatima, now=week, decided_on=date(2026, 3, 9)).taken
    assert not running(case, "apply_in_time")


def test_who_may_decide_is_the_board_its_chair_or_a_member(elsas_case, duty, kerstin, now):
    from livlina.authority.court.tests.fixtures import DECIDED

    with pytest.raises(StepRefused, match="Du kan inte själv besluta"):
        actions.decide_now(elsas_case, DECIDED | {"immediate_decider": duty.name}, by=duty, now=now)
    with pytest.raises(StepRefused, match="nämndens sekreterare"):
        actions.decide_now(elsas_case, DECIDED | {"immediate_decided_by": "board"}, by=duty, now=now)
    with pytest.raises(Refused):
        actions.decide_now(elsas_case, DECIDED, by=kerstin, now=now)
    actions.ask_chair(elsas_case, by=duty, now=now)
    assert actions.decide_now(elsas_case, DECIDED, by=kerstin, now=now).state == "taken"


def test_a_decision_dated_tomorrow_is_refused(elsas_case, duty, now):
    from livlina.authority.court.tests.fixtures import DECIDED

    with pytest.raises(StepRefused, match="kan inte vara efter i dag"):
        actions.decide_now(elsas_case, DECIDED | {"immediate_decided_on": "2026-03-03"}, by=duty, now=now)


def test_the_chairs_decision_is_reported_at_the_next_meeting_and_once(elsa_taken, eva, now):
    from livlina.authority.court.queries import to_report

    decision = to_report(eva).get()
    assert (decision.decider, decision.get_decided_by_display()) == ("Kerstin Holm", "Nämndens ordförande")
    later = now + timedelta(days=9)
    actions.report(decision, meeting_on=date(2026, 3, 11), by=eva, now=later)
    assert not to_report(eva).exists()
    with pytest.raises(actions.AlreadyReported):
        actions.report(decision, meeting_on=date(2026, 3, 11), by=eva, now=later)


def test_every_guard_of_the_room_says_what_it_means():
    named = [name for name, word in GUARDS.items() if word.does.__module__ == guards.__name__]
    assert len(named) >= 10
    assert all(GUARDS[name].means for name in named)
