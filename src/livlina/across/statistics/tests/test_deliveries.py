"""Files to the state: made, held, compared, sent once, and told in words when nobody knows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from livlina.across.statistics import actions, jobs
from livlina.across.statistics.models import Delivery
from livlina.across.statistics.periods import Period
from livlina.across.statistics.queries import deliveries as queries
from livlina.across.statistics.sending import NoAnswer, Refusal
from livlina.across.statistics.states import state_of
from livlina.authority.cases.models import CaseFact, Decision
from livlina.core.access import Actor, Refused, system
from livlina.core.ids7 import uuid7
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING
from livlina.registers.people.models import Person, PersonNumber
from livlina.registers.watches.models import Watch

GOLDEN = Path(__file__).parent / "golden"
MARCH = Period(2026, 3)


@pytest.fixture
def april(now: datetime) -> datetime:
    """The morning of 2 April: March is over."""
    return now + timedelta(days=31)


@pytest.fixture
def file(partly_granted: Decision, eva: Actor, april: datetime) -> Delivery:
    """What began in March, as Eva made it."""
    return actions.make("sol_decisions", MARCH, by=eva, now=april)


def test_a_month_of_decisions_is_the_golden_file(file: Delivery) -> None:
    assert file.content == (GOLDEN / "sol_decisions-2026-03.txt").read_text(encoding="utf-8").replace(
        "\n", "\r\n"
    )
    assert (file.rows, file.held) == (2, 0)


def test_a_month_of_financial_aid_is_the_golden_file(
    granted_march: Decision, eva: Actor, april: datetime
) -> None:
    made = actions.make("aid_monthly", MARCH, by=eva, now=april)
    assert made.content == (GOLDEN / "aid_monthly-2026-03.txt").read_text(encoding="utf-8").replace(
        "\n", "\r\n"
    )


def test_placed_children_have_their_rows_and_a_file_without_any_says_why(
    placed_nora: Any, eva: Actor, lena: Actor, april: datetime, client_of: Callable[[Actor], Any]
) -> None:
    made = actions.make("children_yearly", Period(2026), by=eva, now=april + timedelta(days=300))
    assert made.rows == 1
    empty = actions.make("khsl_measures", MARCH, by=lena, now=april)
    page = client_of(lena).get(reverse("statistics_provider:delivery", args=[empty.pk])).content.decode()
    assert "Filen är tom. Ingen åtgärd är signerad som utförd under månaden." in page


def test_a_protected_person_stands_by_a_substitute_and_never_by_number(
    partly_granted: Decision, astrid: Person, eva: Actor, april: datetime
) -> None:
    Person.objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    made = actions.make("sol_decisions", MARCH, by=eva, now=april)
    assert str(PersonNumber.objects.get(person=astrid).value.display()) not in made.content
    assert made.content.startswith(f"{astrid.birth_date:%Y%m%d}-T000;")


def test_a_half_filled_row_is_held_and_told_without_who_it_is_about(
    granted_march: Decision, eva: Actor, april: datetime, client_of: Callable[[Actor], Any]
) -> None:
    said = CaseFact.objects.get(name="aid_reason")
    said.pk, said.value, said.at, said._state.adding = uuid7(), "", april, True
    said.save(force_insert=True)
    made = actions.make("aid_monthly", MARCH, by=eva, now=april)
    assert (made.rows, made.held) == (0, 1)
    page = client_of(eva).get(reverse("statistics:delivery", args=[made.pk])).content.decode()
    assert "Försörjningshinder" in page
    assert "Uppgiften saknas." in page
    number = PersonNumber.objects.get(person=granted_march.case.person).value
    assert number.display() not in page
    with pytest.raises(actions.HeldRows):
        actions.check(made, without_held=False, by=eva, now=april)
    actions.check(made, without_held=True, by=eva, now=april)


def test_made_again_with_nothing_new_it_is_the_same_file(file: Delivery, eva: Actor, april: datetime) -> None:
    assert actions.make("sol_decisions", MARCH, by=eva, now=april) == file


def test_a_month_that_is_not_over_gives_no_file(eva: Actor, now: datetime) -> None:
    with pytest.raises(actions.PeriodNotOver):
        actions.make("sol_decisions", MARCH, by=eva, now=now)


def test_the_same_file_is_never_sent_twice(file: Delivery, eva: Actor, april: datetime) -> None:
    actions.check(file, without_held=False, by=eva, now=april)
    actions.sent_by_hand(file, arrived=True, receipt="SOS-1", by=eva, now=april)
    with pytest.raises(actions.CannotNow):
        actions.sent_by_hand(file, arrived=True, receipt="SOS-2", by=eva, now=april)
    assert file.events.filter(kind="sent").count() == 1
    assert actions.make("sol_decisions", MARCH, by=eva, now=april) == file


def test_a_time_out_is_told_in_words_and_nothing_goes_until_somebody_has_asked(
    file: Delivery, asvalla: Municipality, eva: Actor, april: datetime, client_of: Callable[[Actor], Any]
) -> None:
    sent: list[str] = []

    def silent(name: str, content: bytes) -> str:
        sent.append(name)
        raise NoAnswer

    actions.check(file, without_held=False, by=eva, now=april)
    actions.order(file, by=eva, now=april)
    assert jobs.dispatch(asvalla.pk, silent, april) == 1
    assert jobs.dispatch(asvalla.pk, silent, april + timedelta(hours=1)) == 0
    assert len(sent) == 1
    page = client_of(eva).get(reverse("statistics:delivery", args=[file.pk])).content.decode()
    assert "Vi vet inte om filen kom fram" in page
    with pytest.raises(actions.Unsettled):
        actions.make("sol_decisions", MARCH, by=eva, now=april)
    actions.settle(file, arrived=False, words="Lisa på statistiken, den 3 april", by=eva, now=april)
    assert actions.make("sol_decisions", MARCH, by=eva, now=april).number == 2


def test_a_sending_that_was_cut_off_is_never_tried_again(
    file: Delivery, asvalla: Municipality, eva: Actor, april: datetime
) -> None:
    actions.check(file, without_held=False, by=eva, now=april)
    actions.order(file, by=eva, now=april)
    actions.tell(file, "sent", "Av avsändaren.", by=_system(asvalla), now=april)
    sent: list[str] = []
    jobs.dispatch(asvalla.pk, lambda name, content: sent.append(name) or "x", april + timedelta(hours=1))
    assert sent == []
    assert state_of(Delivery.objects.get(pk=file.pk)) == "unknown"


def test_a_refused_file_says_why_and_a_receipt_closes_the_watch(
    file: Delivery, asvalla: Municipality, eva: Actor, april: datetime
) -> None:
    assert jobs.remind(asvalla.pk, april + timedelta(days=5)) >= 1
    waiting = Watch.objects.filter(type="statistics.due_officer", closed_at=None)
    before = waiting.count()

    def refuses(name: str, content: bytes) -> str:
        raise Refusal("Rad 1 har fel längd.")

    actions.check(file, without_held=False, by=eva, now=april)
    actions.order(file, by=eva, now=april)
    jobs.dispatch(asvalla.pk, refuses, april)
    assert file.events.get(kind="failed").words == "Rad 1 har fel längd."
    again = actions.make("sol_decisions", MARCH, by=eva, now=april)
    actions.check(again, without_held=False, by=eva, now=april)
    actions.order(again, by=eva, now=april)
    jobs.dispatch(asvalla.pk, lambda name, content: "SOS-7", april)
    assert state_of(Delivery.objects.get(pk=again.pk)) == "receipt"
    assert waiting.count() == before - 1


def test_the_difference_from_the_month_before_is_numbers_only(
    file: Delivery, partly_granted: Decision, eva: Actor, april: datetime
) -> None:
    empty = actions.make("sol_decisions", MARCH.before, by=eva, now=april)
    assert queries.before(file) == empty
    told = queries.difference(file, empty)
    assert (told.came, told.went, told.changed) == (2, 0, 0)
    assert [(int(old), int(new)) for _, old, new in told.sums] == [(0, 16)]


def test_branches_do_not_see_each_other_s_files(
    file: Delivery,
    eva: Actor,
    maria: Actor,
    rut: Actor,
    karin: Actor,
    april: datetime,
    client_of: Callable[[Actor], Any],
) -> None:
    address = reverse("statistics:delivery", args=[file.pk])
    assert client_of(maria).get(address).status_code == 200
    assert client_of(rut).get(address).status_code == 404
    assert client_of(rut).get(reverse("statistics:flow", args=["sol_decisions"])).status_code == 404
    assert client_of(karin).get(address).status_code == 404
    assert client_of(maria).get(reverse("statistics:content", args=[file.pk])).status_code == 404
    with pytest.raises(Refused):
        actions.make("sol_decisions", MARCH, by=maria, now=april)


def test_eva_goes_the_whole_way_by_hand(
    partly_granted: Decision,
    eva: Actor,
    april: datetime,
    at: Callable[[datetime], None],
    client_of: Callable[[Actor], Any],
) -> None:
    at(april)
    browser = client_of(eva)
    flow = reverse("statistics:flow", args=["sol_decisions"])
    assert "Uppgifter till staten" in browser.get(reverse("statistics:files")).content.decode()
    assert "Gör filen" in browser.get(flow).content.decode()
    for key in "ae":  # pressed twice
        asked = {"period": "2026-03", "submission_key": key}
        browser.post(reverse("statistics:make", args=["sol_decisions"]), asked)
    assert "görs. Eva" in browser.get(flow).content.decode()
    assert jobs.make_asked(eva.municipality_id, april) == 1
    delivery = Delivery.objects.get()
    assert (delivery.by_name, delivery.by_role) == (eva.name, "committee_secretary")
    assert "är klar" in browser.get(reverse("statistics:made", args=["sol_decisions"])).content.decode()
    browser.post(reverse("statistics:check", args=[delivery.pk]), {"submission_key": "b"})
    assert browser.get(reverse("statistics:content", args=[delivery.pk])).content.count(b"\r\n") == 2
    refused = browser.post(
        reverse("statistics:sent", args=[delivery.pk]), {"how": "arrived", "submission_key": "c"}
    )
    assert refused.status_code == 422
    browser.post(
        reverse("statistics:sent", args=[delivery.pk]),
        {"how": "arrived", "receipt": "SOS-9", "submission_key": "d"},
    )
    assert "Mottagen" in browser.get(reverse("statistics:delivery", args=[delivery.pk])).content.decode()
    assert date(2026, 4, 15) in {row.due_on for row in queries.due(eva, "officer", april)}


def test_what_could_not_be_made_says_why_to_who_asked(
    file: Delivery,
    eva: Actor,
    april: datetime,
    at: Callable[[datetime], None],
    client_of: Callable[[Actor], Any],
) -> None:
    at(april)
    asked = actions.ask("sol_decisions", MARCH, by=eva, now=april)
    actions.check(file, without_held=False, by=eva, now=april)
    actions.sent_by_hand(file, arrived=False, receipt="", by=eva, now=april)  # meanwhile, and nobody knows
    assert jobs.make_asked(eva.municipality_id, april) == 0
    asked.refresh_from_db()
    assert asked.refused == actions.Unsettled.__doc__
    page = client_of(eva).get(reverse("statistics:flow", args=["sol_decisions"])).content.decode()
    assert "kunde inte göras" in page
    assert actions.Unsettled.__doc__ in page


def _system(where: Municipality) -> Actor:
    return system(where.pk, EVERYTHING)
