"""Mira's own pages: the next month with last month's rows at hand, and where the money is."""

import pytest
from django.urls import reverse

from livlina.authority.aid import actions
from livlina.authority.aid.models import MonthApplication
from livlina.authority.aid.tests.fixtures import answer

KEY = "0196f0a0-0000-7000-8000-000000000011"


def text(response):
    return " ".join(response.content.decode().split()).replace("\u00a0", " ")


@pytest.fixture
def miras(client_of, mira_online, monkeypatch, now):
    """Mira's telephone, in the test's own March."""
    monkeypatch.setattr("livlina.core.clock.now", lambda: now)
    return client_of(mira_online)


def filled(march, **changed):
    """Last month's rows: rent and electricity the same, the wage gone."""
    rows = {row.kind: row for row in march.rows.all()}
    data = {
        f"row-{rows['housing'].pk}-choice": "same", f"row-{rows['electricity'].pk}-choice": "changed",
        f"row-{rows['electricity'].pk}-amount": "350", f"row-{rows['wage'].pk}-choice": "gone",
        "new-income-0-kind": "sickness_benefit", "new-income-0-amount": "4 200", "month": "2026-04-01", "household": "same",
        "told": "",
    }  # fmt: skip
    return data | changed


def test_the_renewal_begins_with_last_months_rows(miras, granted_march):
    page = text(miras.get(reverse("aid_citizen:apply", args=[granted_march.case_id])))
    assert "Samma som förra månaden: 6 500 kronor" in page
    assert "april 2026" in page
    assert "visa dem på begäran" in page
    assert "mars 2026" not in page


def test_mira_applies_for_april_on_her_telephone(miras, granted_march, march):
    address = reverse("aid_citizen:apply", args=[granted_march.case_id])
    check = miras.post(address, filled(march) | {"do": "check"})
    assert "Din ansökan för april 2026" in text(check)
    assert "350 kronor" in text(check)
    assert MonthApplication.objects.count() == 1
    unsure = miras.post(address, filled(march) | {"do": "send"})
    assert unsure.status_code == 422
    send = filled(march) | {"do": "send", "declared": "on", "submission_key": KEY}
    first, second = miras.post(address, send), miras.post(address, send)
    assert first["Location"] == second["Location"]
    april = MonthApplication.objects.get(month="2026-04-01")
    assert (april.kind, april.state) == ("renewal", "open")
    rows = {row.kind: (row.amount, row.same_as_last) for row in april.rows.all()}
    assert rows == {"housing": (6500, True), "electricity": (350, False), "sickness_benefit": (4200, False)}
    assert "Vi handlägger din ansökan" in text(miras.get(first["Location"]))


def test_what_is_missing_is_said_at_its_row_and_the_rest_is_kept(miras, granted_march, march):
    address = reverse("aid_citizen:apply", args=[granted_march.case_id])
    wrong = filled(march, household="changed") | {"new-cost-0-amount": "hundra"}
    page = miras.post(address, wrong | {"do": "check"})
    assert page.status_code == 422
    assert "Skriv vad som har ändrats i hushållet." in text(page)
    assert "Skriv beloppet med siffror" in text(page)
    assert 'value="4 200"' in text(page)


def test_mira_sees_when_the_money_has_come_and_when_it_is_stopped(miras, approved, march, helena, now):
    address = reverse("aid_citizen:month", args=[march.pk])
    assert "Förbereds" in text(miras.get(address))
    actions.make_file(by=helena, now=now)
    assert "På väg" in text(miras.get(address))
    actions.read_bank_answer(answer(approved, "RJCT", reason="AC04"), by=helena, now=now)
    assert "Stoppad: banken kunde inte betala ut" in text(miras.get(address))
    assert "Försörjningsstöd" in text(miras.get(reverse("aid_citizen:months")))


def test_in_english_the_words_are_english(miras, granted_march):
    miras.cookies["django_language"] = "en"
    page = text(miras.get(reverse("aid_citizen:apply", args=[granted_march.case_id])))
    assert "Same as last month: 6 500 kronor" in page
    assert "April 2026" in page
    assert "Förra månaden" not in page


def test_bertil_sees_nothing_of_mira(client_of, citizen, bertil, granted_march, march):
    his = client_of(citizen(bertil))
    assert his.get(reverse("aid_citizen:month", args=[march.pk])).status_code == 404
    assert his.get(reverse("aid_citizen:apply", args=[granted_march.case_id])).status_code == 404
    assert granted_march.case.number not in text(his.get(reverse("aid_citizen:months")))
