"""Astrid was granted help in March; in July nobody has begun. Karin says why, Eva settles the quarter."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from livlina.authority.cases.models import Deadline
from livlina.authority.unexecuted import actions, jobs, queries
from livlina.authority.unexecuted.models import QuarterReport, Reason
from livlina.authority.unexecuted.quarter import Quarter
from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.registers.people.actions import set_protection
from livlina.registers.watches.models import Watch

JULY = datetime(2026, 7, 6, 8, 0, tzinfo=UTC)
SPRING = Quarter(2026, 2)
WHY = {"cause": "no_staff", "text": "Enheten har inte hittat personal."}


@pytest.fixture
def late(partly_granted):
    """Astrid's decision: granted in March, not carried out when June ends."""
    return Deadline.objects.get(case=partly_granted.case, name="not_executed")


@pytest.fixture
def settled(late, karin, eva):
    actions.give_reason(late.case, **WHY, by=karin, now=JULY)
    return actions.settle(SPRING, by=eva, now=JULY)


def test_a_decision_not_carried_out_in_three_months_is_on_the_list_and_lacks_a_reason(late, karin):
    (line,) = queries.lines(karin, SPRING, JULY)
    assert (line.case, line.kind, line.lacks_reason) == (late.case, "open", True)
    assert line.service == "Personlig omsorg, Städning"


def test_before_the_three_months_are_over_nothing_is_listed(late, karin):
    assert queries.lines(karin, Quarter(2026, 1), JULY) == []


def test_eva_cannot_settle_until_karin_has_said_why(late, karin, eva):
    with pytest.raises(actions.ReasonsMissing):
        actions.settle(SPRING, by=eva, now=JULY)
    actions.give_reason(late.case, **WHY, by=karin, now=JULY)
    assert actions.settle(SPRING, by=eva, now=JULY).rows.get().text == WHY["text"]


def test_a_quarter_settled_twice_is_settled_once(settled, eva):
    assert actions.settle(SPRING, by=eva, now=JULY) == settled
    assert QuarterReport.objects.count() == 1


def test_a_quarter_that_is_not_over_cannot_be_settled(late, karin, eva):
    with pytest.raises(actions.QuarterNotOver):
        actions.settle(Quarter(2026, 3), by=eva, now=JULY)


def test_no_zero_report_is_made(asvalla, eva):
    with pytest.raises(actions.NothingToReport):
        actions.settle(SPRING, by=eva, now=JULY)


def test_the_report_cannot_be_changed_afterwards_even_by_raw_sql(settled, asvalla):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE unexecuted_reportrow SET text = 'x'")


def test_what_was_reported_is_reported_again_when_it_is_carried_out(settled, late, karin, eva):
    autumn = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    Deadline.objects.filter(pk=late.pk).update(
        state="met", stopped_at=datetime(2026, 8, 3, 8, 0, tzinfo=UTC), stopped_by="begin_service"
    )
    (line,) = queries.lines(eva, Quarter(2026, 3), autumn)
    assert (line.kind, line.done_on) == ("executed", date(2026, 8, 3))
    actions.settle(Quarter(2026, 3), by=eva, now=autumn)
    assert queries.lines(eva, Quarter(2026, 4), datetime(2027, 1, 5, 8, 0, tzinfo=UTC)) == []


def test_what_was_never_reported_and_is_carried_out_is_never_told(late, eva):
    Deadline.objects.filter(pk=late.pk).update(
        state="met", stopped_at=datetime(2026, 5, 3, 8, 0, tzinfo=UTC), stopped_by="begin_service"
    )
    assert queries.lines(eva, SPRING, JULY) == []


def test_ivo_gets_numbers_and_the_auditors_nobody(settled, astrid, eva):
    number = str(astrid.numbers.get(current=True).value)
    assert number in queries.for_ivo(eva, settled, JULY)
    auditors = queries.for_auditors(eva, settled, JULY)
    assert number not in auditors
    assert astrid.family_name not in auditors
    assert settled.rows.get().case.number not in auditors
    assert queries.for_council(eva, settled) == [("Personlig omsorg, Städning", "Kvinna", "3–6 månader", 1)]


def test_a_protected_person_is_reported_under_a_substitute_id(late, astrid, karin, eva, registrar):
    actions.give_reason(late.case, **WHY, by=karin, now=JULY)
    set_protection(astrid, "secrecy_marked", by=registrar, now=JULY)
    report = actions.settle(SPRING, by=eva, now=JULY)
    row = report.rows.get()
    assert row.substitute == f"{astrid.birth_date:%Y%m%d}-T000"
    text = queries.for_ivo(eva, report, JULY)
    assert row.substitute in text
    assert str(astrid.numbers.get(current=True).value) not in text


def test_a_declined_offer_was_made_some_day(late, karin):
    with pytest.raises(actions.ReasonWrong):
        actions.give_reason(late.case, cause="declined", text="Tackade nej.", by=karin, now=JULY)
    with pytest.raises(actions.ReasonWrong, match="efter i dag"):
        actions.give_reason(
            late.case, cause="declined", text="Nej.", offered_on=date(2026, 8, 1), by=karin, now=JULY
        )


def test_the_same_reason_twice_is_one(late, karin):
    first = actions.give_reason(late.case, **WHY, by=karin, now=JULY)
    assert actions.give_reason(late.case, **WHY, by=karin, now=JULY) == first
    assert Reason.objects.count() == 1


def test_another_unit_and_another_branch_see_nothing_of_it(late, fatima, sara):
    assert queries.lines(fatima, SPRING, JULY) == []
    with pytest.raises(Refused):
        actions.give_reason(late.case, **WHY, by=fatima, now=JULY)
    with tenancy.acting(sara.municipality_id, sara.compartments):
        assert queries.lines(sara, SPRING, JULY) == []


def test_the_secretary_is_reminded_once_and_left_alone_when_it_is_settled(late, karin, eva, asvalla):
    assert jobs.remind(asvalla.pk, JULY) == 1
    jobs.remind(asvalla.pk, JULY)
    watch = Watch.objects.get(type="unexecuted.to_report", closed_at=None)
    assert watch.object_id == SPRING.key(asvalla.pk)
    actions.give_reason(late.case, **WHY, by=karin, now=JULY)
    actions.settle(SPRING, by=eva, now=JULY)
    assert not Watch.objects.filter(type="unexecuted.to_report", closed_at=None).exists()
    assert jobs.remind(asvalla.pk, JULY) == 0


def test_nobody_is_reminded_when_there_is_nothing_to_report(asvalla, eva):
    assert jobs.remind(asvalla.pk, JULY) == 0


@pytest.fixture
def in_july(monkeypatch):
    monkeypatch.setattr("livlina.core.clock.now", lambda: JULY)


def test_karin_writes_the_reason_on_its_page_and_eva_settles_on_hers(late, karin, eva, client_of, in_july):
    page = reverse("unexecuted:explain", args=[late.pk])
    assert "Varför är beslutet inte verkställt?" in client_of(karin).get(page).content.decode()
    wrong = client_of(karin).post(page, {"cause": "declined", "text": "Nej"})
    assert wrong.status_code == 422
    assert "Skriv vilken dag erbjudandet lämnades." in wrong.content.decode()
    assert client_of(karin).post(page, WHY).status_code == 302
    listed = client_of(eva).get(reverse("unexecuted:list") + "?quarter=2026-2").content.decode()
    assert "Enheten har inte hittat personal." in listed
    assert "Lindqvist" not in listed
    answer = client_of(eva).post(reverse("unexecuted:settle", args=["2026-2"]))
    assert answer.status_code == 302
    assert "Statistik till fullmäktige" in client_of(eva).get(answer["Location"]).content.decode()
    text = (
        client_of(eva).get(reverse("unexecuted:csv", args=["2026-2", "auditors"])).content.decode("utf-8-sig")
    )
    assert text.startswith("Rad;Läge;")


def test_karin_cannot_settle_and_the_neighbour_finds_no_page(late, karin, sara, client_of, in_july):
    assert client_of(karin).post(reverse("unexecuted:settle", args=["2026-2"])).status_code == 404
    assert client_of(sara).get(reverse("unexecuted:explain", args=[late.pk])).status_code == 404
