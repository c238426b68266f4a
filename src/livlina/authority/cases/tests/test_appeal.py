"""Service of notice and appeals: three weeks by the law's count, and never late when the day is unknown."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.models import Appeal, Decision, ServiceOfNotice
from livlina.authority.cases.tests.fixtures import LINES
from livlina.core.access import Refused
from livlina.core.calendar import Channel
from livlina.registers.watches.models import Watch


@pytest.fixture
def served(partly_granted, karin, now):
    """Astrid got the decision in her hand on Monday the second of March."""
    actions.record_service(
        partly_granted, how="handed", sent_on=date(2026, 3, 2), served_on=date(2026, 3, 2), by=karin, now=now
    )
    return partly_granted


@pytest.fixture
def appealed(served, anna_online, now):
    """Anna appeals for Astrid in the e-service, a week later."""
    return actions.receive_appeal(
        served, wish="Mamma behöver sällskap.", by=anna_online, now=now + timedelta(days=7)
    )


def at(now, day):
    return now + (day - date(2026, 3, 2))


def test_three_weeks_from_service_and_the_legal_day_moves_past_a_holiday(partly_granted, karin, now):
    # Friday 13 March: three weeks later is Good Friday, so the last day is Tuesday after Easter.
    actions.record_service(
        partly_granted, how="receipt", sent_on=date(2026, 3, 9), served_on=date(2026, 3, 13), by=karin,
        now=at(now, date(2026, 3, 16)),
    )  # fmt: skip
    appeal = Appeal.objects.get(decision=partly_granted)
    clock = partly_granted.case.deadlines.get(name="appeal_time")
    assert clock.strict_date == date(2026, 4, 3)
    assert clock.legal_date == appeal.last_day == date(2026, 4, 7)


def test_an_ordinary_letter_begins_no_time_to_appeal(partly_granted, karin, now):
    actions.record_service(
        partly_granted, how="letter", sent_on=date(2026, 3, 2), served_on=None, by=karin, now=now
    )
    assert Appeal.objects.get(decision=partly_granted).last_day is None
    assert not partly_granted.case.deadlines.filter(name="appeal_time").exists()


def test_an_appeal_after_a_year_is_in_time_when_nobody_knows_when_the_decision_came(
    partly_granted, karin, anna_online, now
):
    actions.record_service(
        partly_granted, how="letter", sent_on=date(2026, 3, 2), served_on=None, by=karin, now=now
    )
    later = at(now, date(2027, 3, 1))
    appeal = actions.receive_appeal(partly_granted, wish="Mer hjälp", by=anna_online, now=later)
    timing = queries.appeal_timing(appeal)
    assert timing.in_time
    assert "inte känd" in timing.reason
    with pytest.raises(StepRefused):
        actions.dismiss_appeal(appeal, assessment="För sent", by=karin, now=later)


def test_simple_service_with_a_control_letter_counts_from_two_weeks_after(partly_granted, karin, now):
    row = actions.record_service(
        partly_granted,
        how="letter",
        sent_on=date(2026, 3, 2),
        served_on=None,
        control_letter=True,
        by=karin,
        now=now,
    )
    assert row.served_on == date(2026, 3, 16)
    assert Appeal.objects.get(decision=partly_granted).last_day == date(2026, 4, 7)


def test_an_appeal_in_time_is_taken_in_with_a_receipt_and_a_duty(appealed, now):
    assert appealed.state == "appeal_received"
    assert appealed.received_on == date(2026, 3, 9)
    assert appealed.case.documents.filter(kind="appeal_receipt").exists()
    assert Watch.objects.filter(type="cases.appeal_to_handle", object_id=appealed.pk, closed_at=None).exists()


def test_an_appeal_by_post_counts_from_the_working_day_before(served, sofia, now):
    found = date(2026, 3, 24)  # found on Tuesday: came in on Monday the 23rd, the last day
    appeal = actions.receive_appeal(
        served, wish="Mer hjälp", found_on=found, how=Channel.POST, by=sofia, now=at(now, found)
    )
    assert appeal.received_on == date(2026, 3, 23)
    assert queries.appeal_timing(appeal).in_time


def test_a_late_appeal_is_dismissed_by_a_decision_that_can_be_appealed(served, anna_online, karin, now):
    later = at(now, date(2026, 3, 25))
    appeal = actions.receive_appeal(served, wish="Mer hjälp", by=anna_online, now=later)
    assert "2 dagar för sent" in queries.appeal_timing(appeal).reason
    with pytest.raises(StepRefused, match="för sent"):
        actions.review_appeal(appeal, by=karin, now=later)
    dismissal = actions.dismiss_appeal(appeal, assessment="Inget undantag gäller.", by=karin, now=later)
    assert dismissal.outcome == "dismissed"
    assert dismissal.against
    assert "överklaga" in dismissal.appeal_text
    assert Appeal.objects.get(decision=dismissal).state == "appeal_window"
    assert not Watch.objects.filter(type="cases.appeal_to_handle", closed_at=None).exists()


def test_an_unchanged_decision_is_forwarded_to_the_court(appealed, karin, now):
    later = at(now, date(2026, 3, 12))
    actions.review_appeal(appealed, by=karin, now=later)
    appeal = actions.forward_appeal(
        appealed, review="Inga nya skäl.", court="Förvaltningsrätten i Åsby", by=karin, now=later
    )
    assert (appeal.state, appeal.review, appeal.forwarded_on) == (
        "appeal_forwarded",
        "unchanged",
        date(2026, 3, 12),
    )
    assert appeal.court == "Förvaltningsrätten i Åsby"
    assert not appeal.case.deadlines.filter(name="appeal_forwarding", state="running").exists()


def test_a_decision_changed_fully_closes_the_appeal(appealed, karin, now):
    later = at(now, date(2026, 3, 12))
    actions.review_appeal(appealed, by=karin, now=later)
    company = replace(
        LINES[2], granted=True, valid_from=date(2026, 3, 16), valid_to=date(2027, 3, 8), reasons=""
    )
    changed = actions.change_fully(
        appealed, [*LINES[:2], company], review="Nya uppgifter.", by=karin, now=later
    )
    appealed.refresh_from_db()
    assert (appealed.state, appealed.review, appealed.changed_by) == ("appeal_met", "fully", changed)
    assert (changed.previous, changed.relation, changed.outcome) == (appealed.decision, "changes", "changed")


def test_less_than_asked_for_is_no_full_change(appealed, karin, now):
    actions.review_appeal(appealed, by=karin, now=now)
    some = replace(
        LINES[2], granted=True, quantity=Decimal(4), valid_from=date(2026, 3, 16), valid_to=date(2027, 3, 8)
    )
    with pytest.raises(StepRefused, match="Social samvaro, 8 timmar per månad"):
        actions.change_fully(appealed, [some], review="Delvis.", by=karin, now=now)
    part = actions.change_partly(appealed, [some], review="Delvis.", by=karin, now=now)
    appealed.refresh_from_db()
    assert (appealed.state, appealed.review, appealed.changed_by) == ("appeal_review", "partly", part)
    assert actions.forward_appeal(
        appealed, review="Delvis ändrat.", court="Förvaltningsrätten", by=karin, now=now
    )


def test_the_judgment_is_received_and_applied(appealed, karin, sofia, now):
    actions.review_appeal(appealed, by=karin, now=now)
    actions.forward_appeal(appealed, review="Inga nya skäl.", court="Förvaltningsrätten", by=karin, now=now)
    appeal = actions.receive_judgment(
        appealed, judgment="changed", judgment_on=date(2026, 3, 2), by=sofia, now=now
    )
    assert (appeal.state, appeal.judgment) == ("appeal_judged", "changed")
    assert Watch.objects.filter(type="cases.judgment_to_apply", closed_at=None).count() == 1
    assert actions.apply_judgment(appeal, by=karin, now=now).state == "appeal_done"
    assert not Watch.objects.filter(type="cases.judgment_to_apply", closed_at=None).exists()


def test_when_nobody_appealed_the_window_lapses(served, karin, now):
    appeal = Appeal.objects.get(decision=served)
    with pytest.raises(StepRefused, match="till och med den 2026-03-23"):
        actions.let_lapse(appeal, by=karin, now=at(now, date(2026, 3, 23)))
    assert actions.let_lapse(appeal, by=karin, now=at(now, date(2026, 3, 24))).state == "appeal_lapsed"


def test_an_appeal_without_a_wish_is_refused(served, anna_online, now):
    with pytest.raises(StepRefused, match="vilken ändring"):
        actions.receive_appeal(served, wish="  ", by=anna_online, now=now)


def test_a_stranger_cannot_appeal_for_astrid(served, asvalla, bertil, now, anna_online):
    stranger = replace(anna_online, person_id=bertil.pk, name=bertil.name)
    with pytest.raises(Refused):
        actions.receive_appeal(served, wish="Mer hjälp", by=stranger, now=now)


def test_every_service_is_a_row_and_the_latest_known_day_counts(partly_granted, karin, now):
    actions.record_service(
        partly_granted, how="letter", sent_on=date(2026, 3, 2), served_on=None, by=karin, now=now
    )
    actions.record_service(
        partly_granted, how="receipt", sent_on=date(2026, 3, 2), served_on=date(2026, 3, 5), by=karin,
        now=at(now, date(2026, 3, 9)),
    )  # fmt: skip
    assert ServiceOfNotice.objects.filter(decision=partly_granted).count() == 2
    assert Appeal.objects.get(decision=partly_granted).last_day == date(2026, 3, 26)
    assert Decision.objects.count() == 1
