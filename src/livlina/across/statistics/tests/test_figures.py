"""The night's figures: counted once a day, small numbers told as such, each to those who may see it."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from livlina.across.statistics import jobs
from livlina.across.statistics.measures import BY_CODE, Sample, sums
from livlina.across.statistics.models import Figure
from livlina.across.statistics.queries import figures as queries
from livlina.authority.cases.models import Decision
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality, Unit
from livlina.registers.people.models import Person
from livlina.status.history import History


@pytest.fixture
def counted(asvalla: Municipality, maria: Actor, petra: Actor, now: datetime) -> list[Figure]:
    """Two days of a case load of Maria's unit and of another branch's, and of Petra's visits."""
    unit, theirs = Unit.objects.get(pk=maria.unit_id), Unit.objects.get(pk=petra.unit_id)
    rows = [
        Figure(municipality=asvalla, day=day_of(now) - timedelta(days=back), code=code, unit=where, compartment=compartment,
               value=Decimal(value), base=base)
        for back in (0, 1)
        for code, where, compartment, value, base in (
            ("cases_open", unit, 1, 31 - back, 31), ("cases_open", None, 1, 57, 57), ("cases_open", None, 4, 3, 3),
            ("visits_in_time", theirs, 2, "91.5", 400), ("visits_in_time", None, 2, 88, 900),
        )
    ]  # fmt: skip
    return Figure.objects.bulk_create(rows)


def test_a_median_tells_how_many_it_rests_on_for_the_unit_and_for_the_branch() -> None:
    unit = uuid4()
    told = sums(BY_CODE["days_to_decision"], [Sample(1, unit, "", days) for days in (10, 30, 20)])
    assert sorted(told, key=lambda row: row[1] is None) == [(1, unit, "", 20, 3), (1, None, "", 20, 3)]
    assert sums(BY_CODE["visits_in_time"], [Sample(2, unit, "", 1), Sample(2, unit, "", 0)])[0][3] == 50


def test_money_is_summed_to_the_ore_and_rests_on_homes_not_on_payments() -> None:
    home = uuid4()
    paid = [Sample(8, None, "", ore, home) for ore in (10, 20, 999_999_999_999)]
    assert sums(BY_CODE["cost_contractors"], paid) == [(8, None, "", Decimal("10000000000.29"), 1)]


def test_counted_twice_a_day_it_is_one_figure(
    asvalla: Municipality,
    partly_granted: Decision,
    visit_at: Callable[..., Any],
    astrid: Person,
    now: datetime,
) -> None:
    visit_at(astrid, now - timedelta(days=1), state="done")
    first = jobs.count(asvalla.pk, now)
    assert first == jobs.count(asvalla.pk, now) == Figure.objects.count()
    assert Figure.objects.get(code="decisions", unit=None).part == "partly_granted"
    assert queries.told(Figure.objects.get(code="cases_open", unit=None)) == "färre än 5"


def test_the_first_night_tells_the_year_behind_and_says_that_it_was_counted_afterwards(
    asvalla: Municipality,
    partly_granted: Decision,
    eva: Actor,
    client_of: Callable[[Actor], Any],
    at: Callable[[datetime], None],
) -> None:
    later = partly_granted.at + timedelta(days=70)
    at(later)
    jobs.count(asvalla.pk, later)
    told = Figure.objects.filter(code="cases_open", unit=None).order_by("day").values_list("day", flat=True)
    firsts = [day for day in (date(2026, month, 1) for month in range(4, 13)) if day <= day_of(later)]
    assert [*told] == [*firsts, day_of(later)]
    page = client_of(eva).get(reverse("statistics:figures")).content.decode()
    assert f"Dagar före {day_of(later)} är räknade i efterhand" in page


def test_what_is_paid_is_told_by_month_with_what_is_not_in_it(
    asvalla: Municipality, rut: Actor, anders: Actor, client_of: Callable[[Actor], Any], now: datetime
) -> None:
    Figure.objects.bulk_create(
        Figure(municipality=asvalla, day=date(2026, month, last), code="cost_aid", unit_id=rut.unit_id, compartment=5,
               value=Decimal("1234567.50") / month, base=40 if month != 1 else 4, counted_at=now)
        for month, last in ((1, 31), (2, 28))
    )  # fmt: skip
    page = client_of(rut).get(reverse("statistics:figures")).content.decode()
    assert "Utbetalt ekonomiskt bistånd, februari 2026" in page
    assert "617\xa0284" in page
    assert "färre än 5" in page
    assert "Det som banken har avvisat är inte med" in page
    assert reverse("aid:payments") in page
    assert reverse("aid:payments") not in client_of(anders).get("/operations/statistics").content.decode()


def test_a_curve_breaks_where_nothing_may_be_told(
    asvalla: Municipality, maria: Actor, client_of: Callable[[Actor], Any], now: datetime
) -> None:
    Figure.objects.bulk_create(
        Figure(municipality=asvalla, day=day_of(now) - timedelta(days=back), code="cases_open", unit_id=maria.unit_id,
               compartment=1, value=Decimal(value), base=value)
        for back, value in enumerate((40, 42, 3, 38, 36))
    )  # fmt: skip
    page = client_of(maria).get(reverse("statistics:figures")).content.decode()
    assert page.count("<polyline") == 2
    assert (
        'role="img" aria-label="Pågående ärenden, Biståndsenheten, från 2026-02-26 till 2026-03-02:' in page
    )
    assert "lägst 36, högst 42, senast 40 (ärenden)" in page


def test_a_manager_sees_the_unit_and_another_branch_sees_nothing_of_it(
    counted: list[Figure], maria: Actor, rut: Actor, karin: Actor, client_of: Callable[[Actor], Any]
) -> None:
    address = reverse("statistics:figures")
    page = client_of(maria).get(address).content.decode()
    assert ">31<" in page
    assert ">57<" not in page
    assert reverse("cases:list") in page
    assert "Biståndsenheten" not in client_of(rut).get(address).content.decode().partition("<main")[2]
    assert client_of(karin).get(address).status_code == 404


def test_the_secretary_sees_each_branch_and_small_numbers_as_such(
    counted: list[Figure], eva: Actor, client_of: Callable[[Actor], Any]
) -> None:
    page = client_of(eva).get(reverse("statistics:figures")).content.decode()
    assert ">57<" in page
    assert "färre än 5" in page
    rows = client_of(eva).get(reverse("statistics:figures_csv")).content.decode("utf-8-sig").splitlines()
    assert any(row.endswith("Barn och unga;;färre än 5") for row in rows)


def test_a_provider_s_manager_sees_the_unit_s_visits(
    counted: list[Figure], petra: Actor, client_of: Callable[[Actor], Any]
) -> None:
    page = client_of(petra).get(reverse("statistics_provider:figures")).content.decode()
    assert "91,5" in page
    assert ">88<" not in page
    assert "Pågående ärenden" not in page


def test_operations_see_how_large_a_share_of_the_time_it_worked(
    counted: list[Figure], ola: Actor, anders: Actor, client_of: Callable[[Actor], Any], now: datetime, tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch, at: Callable[[datetime], None],
) -> None:  # fmt: skip
    monkeypatch.setattr(settings, "STATE_DIR", tmp_path)
    at(now)
    seen = History(tmp_path)
    for second in (0, 30, 60):
        seen.add(now + timedelta(seconds=second), {"journal": second < 60})
    (tmp_path / "status").mkdir(exist_ok=True)
    seen.save()
    browser = client_of(ola)
    start = browser.get(reverse("portal_operations:start")).content.decode()
    assert "Systemet i siffror" in start.partition("<main")[0], "in the menu"
    assert "Systemet i siffror" in start.partition("<main")[2], "and on the page"
    page = browser.get(reverse("statistics_operations:figures")).content.decode()
    assert "50,000 %" in page
    assert "aldrig" in page.partition("Övningar</h2>")[2], "no drill has been played"
    assert reverse("continuity_operations:reserves") in page
    assert ">57<" not in page
    assert ">57<" in client_of(anders).get(reverse("statistics_operations:figures")).content.decode()


def test_open_data_has_a_catalogue_and_no_small_numbers_and_no_units(
    counted: list[Figure], asvalla: Municipality, client: Any
) -> None:
    told = json.loads(client.get(reverse("statistics_public:catalogue", args=[asvalla.slug])).content)
    kinds = [one["@type"] for one in told["@graph"]]
    assert kinds.count("dcat:Catalog") == 1
    assert kinds.count("dcat:Dataset") == len([one for one in BY_CODE.values() if one.public])
    rows = client.get(reverse("statistics_public:dataset", args=[asvalla.slug, "cases_open"]))
    text = rows.content.decode("utf-8-sig")
    assert "57" in text
    assert "färre än 5" in text
    assert "Biståndsenheten" not in text
    assert (
        client.get(reverse("statistics_public:dataset", args=[asvalla.slug, "watches_untouched"])).status_code
        == 404
    )
    assert client.get(reverse("statistics_public:catalogue", args=["ingenstans"])).status_code == 404
