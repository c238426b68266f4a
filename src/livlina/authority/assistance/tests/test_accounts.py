"""A month is accounted for when everything in it is approved: summed, shared, and told of in time."""

from datetime import date, timedelta

import pytest

from livlina.authority.assistance import actions, jobs
from livlina.authority.assistance.actions import AccountRefused, TimeRefused
from livlina.authority.assistance.models import AssistanceMonth, MonthAccount
from livlina.authority.assistance.tests.fixtures import decided
from livlina.authority.assistance.tests.test_time import write
from livlina.core.models import PermanentRow
from livlina.registers.watches.models import Watch


@pytest.fixture
def february(elins_assistance, bo, ayla, karin, maria, now):
    """February: Bo worked 22 days of eight hours, Ayla one of four; all of it approved."""
    for day in range(1, 23):
        write(elins_assistance, bo, karin, now, day=date(2026, 2, day), begins="08:00", ends="16:00")
    (row,) = write(elins_assistance, ayla, karin, now, day=date(2026, 2, 23))
    for report in row.report.month.reports.all():
        actions.approve(actions.hand_in(report, by=karin, now=now), by=maria, now=now)
    return row.report.month


def test_the_account_has_the_sums_and_the_first_twenty_hours_apart(february, karin, now):
    made = actions.account(february, receipt="FK 123", by=karin, now=now)
    assert (made.minutes, made.first_minutes) == (180 * 60, 80 * 60)
    assert (made.ore, made.hourly_ore, made.verify) == (None, None, True)


def test_a_known_hourly_amount_gives_a_sum_of_money(elins_case, bo, karin, maria, now):
    old = decided(elins_case, karin, now, valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31))
    bo.employed_from = date(2023, 1, 1)
    bo.save(update_fields=["employed_from"])
    for day in range(1, 29):
        (row,) = write(old, bo, karin, now, day=date(2023, 2, day), begins="08:00", ends="12:00")
    actions.approve(actions.hand_in(row.report, by=karin, now=now), by=maria, now=now)
    made = actions.account(row.report.month, receipt="", by=karin, now=now)
    assert (made.minutes, made.first_minutes, made.ore) == (112 * 60, 80 * 60, 32 * 32450)


def test_the_file_has_a_line_for_each_row_and_no_person(february, elin, karin, now):
    made = actions.account(february, receipt="", by=karin, now=now)
    lines = bytes(made.content).decode().split("\r\n")
    assert lines[0].startswith("beslut;månad;arbetsgivare")
    assert lines[1] == "FK-1;2026-02;Åsvalla kommun;1002;Ayla Demir;2026-02-23;08:00;12:00;Aktiv tid;240"
    assert len(lines) == 1 + 23 + 1
    assert elin.family_name not in bytes(made.content).decode()


def test_what_a_spreadsheet_would_run_is_written_as_text(elins_assistance, karin, maria, now):
    odd = actions.add_assistant(
        name="=1+1", employee_number="-7", employer="Åsvalla kommun", employed_from=date(2026, 1, 1), by=karin, now=now
    )  # fmt: skip
    (row,) = write(elins_assistance, odd, karin, now)
    actions.approve(actions.hand_in(row.report, by=karin, now=now), by=maria, now=now)
    made = actions.account(row.report.month, receipt="", by=karin, now=now)
    assert "'-7;'=1+1;" in bytes(made.content).decode()


def test_an_unapproved_report_stops_the_account_and_is_named(elins_assistance, bo, karin, now):
    (row,) = write(elins_assistance, bo, karin, now)
    with pytest.raises(AccountRefused, match="Bo Kvist"):
        actions.account(row.report.month, receipt="", by=karin, now=now)


def test_a_month_that_is_not_over_is_not_accounted_for(elins_assistance, bo, karin, maria, now):
    (row,) = write(elins_assistance, bo, karin, now, day=date(2026, 3, 1))
    actions.approve(actions.hand_in(row.report, by=karin, now=now), by=maria, now=now)
    with pytest.raises(AccountRefused, match="inte slut än"):
        actions.account(row.report.month, receipt="", by=karin, now=now)


def test_an_accounted_month_is_opened_to_be_corrected_and_keeps_what_was_sent(
    february, elins_assistance, bo, karin, maria, now
):
    first = actions.account(february, receipt="", by=karin, now=now)
    with pytest.raises(TimeRefused, match="redovisad"):
        write(elins_assistance, bo, karin, now, day=date(2026, 2, 24))
    with pytest.raises(AccountRefused, match="redan redovisad"):
        actions.account(february, receipt="", by=karin, now=now)
    actions.reopen(february, reason="Ett pass saknas", by=karin, now=now)
    second = actions.account(february, receipt="", by=karin, now=now)
    assert (first.number, second.number, MonthAccount.objects.count()) == (1, 2, 2)
    with pytest.raises(PermanentRow):
        first.delete()


def test_the_municipalitys_own_decision_is_its_own_cost(elins_case, bo, karin, maria, now):
    own = decided(elins_case, karin, now, payer="municipality", reference="")
    (row,) = write(own, bo, karin, now)
    actions.approve(actions.hand_in(row.report, by=karin, now=now), by=maria, now=now)
    made = actions.account(row.report.month, receipt="", by=karin, now=now)
    assert (made.minutes, made.first_minutes) == (240, 240)


def test_a_month_is_told_of_before_the_fifth_and_the_watch_goes_when_it_is_sent(
    asvalla, february, elins_assistance, karin, now
):
    march = now + timedelta(days=10)
    assert jobs.tell_of_months(asvalla.pk, march) == 1
    assert jobs.tell_of_months(asvalla.pk, march) == 1
    watch = Watch.objects.get(type="assistance.month_to_account")
    assert (watch.due_at.date(), watch.object_id) == (date(2026, 4, 5), february.pk)
    actions.account(february, receipt="", by=karin, now=march)
    watch.refresh_from_db()
    assert watch.closed_at is not None
    assert jobs.tell_of_months(asvalla.pk, march) == 0


def test_a_month_nobody_wrote_in_is_also_told_of(asvalla, elins_assistance, now):
    jobs.tell_of_months(asvalla.pk, now + timedelta(days=10))
    assert AssistanceMonth.objects.get().first_day == date(2026, 2, 1)


def test_where_a_company_reports_nothing_is_told(asvalla, elins_case, karin, now):
    decided(elins_case, karin, now, arranger="company")
    assert jobs.tell_of_months(asvalla.pk, now + timedelta(days=10)) == 0
