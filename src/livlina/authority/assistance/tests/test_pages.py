"""The officer's pages: see a month, write its time, approve what another wrote, and account for it."""

from datetime import date

import pytest
from django.urls import reverse

from livlina.authority.assistance import actions
from livlina.authority.assistance.forms import ClockField
from livlina.authority.assistance.models import (
    AssistanceDecision,
    AssistanceMonth,
    Assistant,
    TimeReport,
    TimeRow,
)
from livlina.authority.assistance.tests.test_time import write
from livlina.core import clock


@pytest.fixture
def at_nine(monkeypatch, now):
    """The pages are opened on 2 March, at nine."""
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: clock.day_of(now))


@pytest.fixture
def row(elins_assistance, bo, karin, now):
    """Bo worked on 10 February."""
    return write(elins_assistance, bo, karin, now)[0]


def month_url(row):
    """The page of the row's month."""
    return reverse("assistance:month", args=[row.report.month_id])


def test_karin_sees_what_is_to_be_accounted_for_and_what_runs(client_of, karin, row, at_nine):
    page = client_of(karin).get(reverse("assistance:list")).content.decode()
    assert "februari 2026" in page
    assert "Elin Ståhl" in page
    assert "Ska bekräftas" in page


def test_a_decision_is_written_in_its_case(client_of, karin, elins_case, at_nine):
    browser = client_of(karin)
    address = reverse("assistance:decide", args=[elins_case.pk])
    assert browser.get(address).status_code == 200
    said = {"payer": "municipality", "hours_per_week": "12,5", "accounting_months": "1", "valid_from": "2026-03-01",
            "valid_to": "2027-02-28", "arranger": "municipality"}  # fmt: skip
    assert browser.post(address, said | {"hours_per_week": "400"}).status_code == 422
    answer = browser.post(address, said)
    decision = AssistanceDecision.objects.get()
    assert answer.url == reverse("assistance:decision", args=[decision.pk])
    assert "12,50 timmar per vecka" in browser.get(answer.url).content.decode().replace("12.50", "12,50")


def test_an_assistant_is_added(client_of, karin, at_nine):
    browser = client_of(karin)
    address = reverse("assistance:assistant")
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"name": "Bo"}).status_code == 422
    browser.post(address, {"name": "Bo Kvist", "employee_number": "1", "employer": "Åsvalla kommun",
                           "employed_from": "2026-01-01"})  # fmt: skip
    assert Assistant.objects.get().name == "Bo Kvist"


def test_time_is_written_row_by_row_and_a_wrong_one_is_told_why(client_of, karin, row, bo, at_nine):
    browser = client_of(karin)
    said = {"assistant": str(bo.pk), "day": "2026-02-11", "begins": "8", "ends": "12.30", "kind": "active"}
    assert browser.post(month_url(row), said).status_code == 302
    again = browser.post(month_url(row), said)
    assert again.status_code == 422
    assert "två ställen samtidigt" in again.content.decode()
    page = browser.get(month_url(row)).content.decode()
    assert "8 h 30 min" in page


def test_one_hands_in_and_another_approves_in_the_pages(client_of, karin, maria, row, at_nine):
    def act(name):
        return reverse("assistance:report_act", args=[row.report_id, name])

    client_of(karin).post(act("hand-in"))
    assert ">Godkänn<" not in client_of(karin).get(month_url(row)).content.decode()
    client_of(karin).post(act("approve"))
    assert TimeReport.objects.get().state == "handed_in"
    assert ">Godkänn<" in client_of(maria).get(month_url(row)).content.decode()
    client_of(maria).post(act("approve"))
    assert TimeReport.objects.get().approved_by == "Maria Lundell"
    client_of(maria).post(act("give-back"), {"reason": "Fel dag"})
    assert "Lämnad tillbaka: Fel dag" in client_of(karin).get(month_url(row)).content.decode()


def test_there_is_no_other_way_to_act_on_a_report(client_of, karin, row, at_nine):
    address = reverse("assistance:report_act", args=[row.report_id, "forget"])
    assert client_of(karin).post(address).status_code == 404


def test_a_row_is_struck_in_the_page(client_of, karin, row, at_nine):
    address = reverse("assistance:strike", args=[row.pk])
    client_of(karin).post(address, {"reason": ""})
    assert TimeRow.objects.get().struck_at is None
    client_of(karin).post(address, {"reason": "Fel dag"})
    assert "Struken" in client_of(karin).get(month_url(row)).content.decode()


def test_a_month_is_accounted_for_fetched_and_opened_again(client_of, karin, maria, row, now, at_nine):
    actions.approve(actions.hand_in(row.report, by=karin, now=now), by=maria, now=now)
    month, browser = row.report.month_id, client_of(karin)
    browser.post(reverse("assistance:account", args=[month]), {"receipt": "FK 7"})
    page = browser.get(month_url(row)).content.decode()
    assert "Redovisad" in page
    assert "kvitto FK 7" in page
    file = browser.get(reverse("assistance:month_file", args=[month]))
    assert file["Content-Disposition"] == 'attachment; filename="assistans-2026-02.csv"'
    assert "Bo Kvist;2026-02-10;08:00;12:00" in file.content.decode()
    browser.post(reverse("assistance:reopen", args=[month]), {"reason": "Ett pass saknas"})
    assert AssistanceMonth.objects.get().sent_on is None


def test_a_month_is_opened_from_the_decision(client_of, karin, elins_assistance, at_nine):
    browser, address = client_of(karin), reverse("assistance:begin_month", args=[elins_assistance.pk])
    browser.post(address, {"month": "mars"})
    browser.post(address, {"month": "2027-01"})
    assert not AssistanceMonth.objects.exists()
    answer = browser.post(address, {"month": "2026-02"})
    month = AssistanceMonth.objects.get()
    assert (month.first_day, answer.url) == (date(2026, 2, 1), reverse("assistance:month", args=[month.pk]))
    assert "Ingen assistent är anställd" in browser.get(answer.url).content.decode()


def test_strangers_find_nothing(client_of, fatima, sara, petra, row, at_nine):
    addresses = [
        month_url(row),
        reverse("assistance:decision", args=[row.report.month.decision_id]),
        reverse("assistance:month_file", args=[row.report.month_id]),
        reverse("assistance:decide", args=[row.report.month.decision.case_id]),
    ]
    for stranger in (fatima, sara, petra):
        browser = client_of(stranger)
        assert {browser.get(address).status_code for address in addresses} == {404}
        assert (
            browser.post(reverse("assistance:strike", args=[row.pk]), {"reason": "Nyfiken"}).status_code
            == 404
        )
        assert (
            browser.post(reverse("assistance:report_act", args=[row.report_id, "hand-in"])).status_code == 404
        )
    assert "Elin" not in client_of(fatima).get(reverse("assistance:list")).content.decode()


@pytest.mark.parametrize(
    ("written", "read"),
    [("8", "08:00"), ("8.30", "08:30"), ("0830", "08:30"), ("22:15", "22:15"), ("24", "00:00")],
)
def test_a_clock_is_read_as_people_write_it(written, read):
    assert f"{ClockField().clean(written):%H:%M}" == read


@pytest.mark.parametrize("written", ["", "kvart", "25", "8.60", "24.30", "8:5x", "123456"])
def test_what_is_no_clock_is_refused(written):
    from django.forms import ValidationError

    with pytest.raises(ValidationError):
        ClockField().clean(written)
