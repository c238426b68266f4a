"""Execution, follow-up and closing: clocks stop when care begins, and nothing open is left without a choice."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.actions.execution import orders_of, suggested
from livlina.authority.cases.jobs import service_has_begun
from livlina.authority.cases.models import Case, Closure
from livlina.core.outbox import Event
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, OrderVersion

FOLLOW_UP = {
    "followed_up_on": "2026-03-02", "followed_up_how": "home_visit", "follow_up_view": "Nöjd.", "goals_met": "met",
    "follow_up_assessment": "Behoven är tillgodosedda.", "follow_up_on": "2026-09-02",
}  # fmt: skip


@pytest.fixture
def ordered(partly_granted, karin, now):
    """Karin has handed the granted lines to the orders room."""
    return actions.place_orders(partly_granted.case, {}, by=karin, now=now)


@pytest.fixture
def running(ordered, norra, karin, petra, ali, now):
    """Norra hemtjänsten has opened, accepted, and made the first visit."""
    order = Order.objects.get()
    orders.choose_provider(order, norra, by=karin, now=now)
    orders.send_order(order, repeated_name=norra.name, by=karin, now=now)
    orders.open_order(Order.objects.get(), by=petra, now=now)
    orders.confirm_order(Order.objects.get(), start=date(2026, 3, 9), contact="Petra", by=petra, now=now)
    Order.objects.update(state="active", active_at=now)
    service_has_begun(Event("order.delivered_first", karin.municipality_id, order.pk, now))
    return Case.objects.get(pk=ordered.pk)


def test_the_order_carries_facts_by_name_and_no_case_text(ordered, astrid):
    letter = OrderVersion.objects.get()
    assert letter.person == astrid
    assert letter.service == "home_care"
    assert letter.granted_minutes == 16 * 60
    assert letter.facts["Beviljat"] == "Personlig omsorg: 12 timmar per månad\nStädning: 4 timmar per månad"
    assert letter.facts["Mål med insatsen"] == "Astrid känner sig ren och trygg i sitt hem."
    told = " ".join(letter.facts.values())
    assert "Social samvaro" not in told
    assert "Behovet tillgodoses genom familjen" not in told
    assert "Hembesök den 10 mars" not in told  # the investigation's own words stay at the authority


def test_the_suggested_line_is_about_what_was_granted(partly_granted):
    line = suggested(partly_granted.lines.get(service="personal_care"))
    assert (line.times, line.per, line.minutes) == (3, "week", 55)


def test_the_first_delivery_stops_the_three_months_and_begins_the_follow_up(running):
    assert running.state == "running"
    assert running.deadlines.get(name="not_executed").state == "met"
    assert running.deadlines.get(name="follow_up_in_time").state == "running"


def test_the_news_of_the_delivery_twice_is_one_step(running, karin, now):
    order = Order.objects.get()
    service_has_begun(Event("order.delivered_first", karin.municipality_id, order.pk, now))
    assert running.events.filter(step="begin_service").count() == 1


def test_an_unconfirmed_order_is_no_execution(ordered, karin, now):
    with pytest.raises(StepRefused, match="inte bekräftad"):
        actions.record_execution(ordered, by=karin, now=now)


def test_an_interruption_begins_three_new_months(running, karin, now):
    case = actions.interrupt(
        running, reason="hospital", since=date(2026, 3, 1), back_on=None, by=karin, now=now
    )
    clock = case.deadlines.get(name="not_resumed", state="running")
    assert (clock.anchor_date, clock.strict_date) == (date(2026, 3, 1), date(2026, 6, 1))
    case = actions.resume_service(case, by=karin, now=now)
    assert not case.deadlines.filter(name="not_resumed", state="running").exists()


def test_a_follow_up_that_changes_nothing_begins_the_next(running, karin, now):
    case = actions.begin_follow_up(running, by=karin, now=now)
    row = actions.follow_up(case, FOLLOW_UP, result="continue", by=karin, now=now)
    assert (row.goals_met, row.next_on, row.result) == ("met", date(2026, 9, 2), "continue")
    case.refresh_from_db()
    assert case.state == "running"
    assert case.deadlines.get(name="follow_up_in_time", state="running").anchor_date == date(2026, 3, 2)


def test_changed_needs_are_investigated_anew(running, karin, now):
    case = actions.begin_follow_up(running, by=karin, now=now)
    actions.follow_up(case, FOLLOW_UP, result="change", by=karin, now=now)
    case.refresh_from_db()
    assert case.state == "investigating"


def choose(case, **own):
    """A choice for everything that is open."""
    plain = {
        "order": "end",
        "watch": "close",
        "draft": "discard",
        "letter": "withdraw",
        "devices": "returned",
        "appeal": "keep",
    }
    return {
        item.key: {"choice": own.get(item.kind, plain[item.kind]), "reason": "Enligt rutin"}
        for item in queries.open_items(case)
    }


def test_a_case_is_not_closed_while_something_open_has_no_choice(running, karin, now):
    case = actions.end_service(running, last_day=date(2026, 3, 31), by=karin, now=now)
    with pytest.raises(StepRefused, match="Välj vad som ska hända med: Brev som inte är skickat"):
        actions.close_case(case, reason="moved", note="Flyttar.", choices={}, by=karin, now=now)
    assert Case.objects.get(pk=case.pk).state == "ending"


def test_a_closed_case_keeps_each_choice_and_who_made_it(running, karin, now):
    case = actions.end_service(running, last_day=date(2026, 3, 31), by=karin, now=now)
    assert not [state for state in orders_of(case) if state.is_open]
    closure = actions.close_case(
        case, reason="moved", note="Flyttar till dottern.", choices=choose(case), by=karin, now=now
    )
    assert (closure.reason, closure.by_name) == ("moved", "Karin Ekdal")
    assert {item["kind"] for item in closure.items} == {"letter"}
    case = Case.objects.get(pk=case.pk)
    assert case.closed_at == now
    assert case.next_due is None
    assert not case.deadlines.filter(state="running").exists()


def test_a_closed_case_is_closed_for_good(running, karin, now):
    case = actions.end_service(running, last_day=date(2026, 3, 31), by=karin, now=now)
    actions.close_case(case, reason="moved", note="Flyttar.", choices=choose(case), by=karin, now=now)
    for again in (actions.open_investigation, actions.resume_service):
        with pytest.raises(StepRefused):
            again(case, by=karin, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Closure._base_manager.filter(case=case)._raw_delete("default")


def test_an_order_that_runs_is_seen_before_closing(ordered, karin, now):
    kinds = [item.kind for item in queries.open_items(ordered)]
    assert "order" in kinds


def test_keeping_something_open_wants_a_reason(running, karin, now):
    case = actions.end_service(running, last_day=date(2026, 3, 31), by=karin, now=now)
    choices = {item.key: {"choice": "keep", "reason": " "} for item in queries.open_items(case)}
    with pytest.raises(StepRefused, match="Skriv skälet"):
        actions.close_case(case, reason="moved", note="Flyttar.", choices=choices, by=karin, now=now)


def test_a_case_withdrawn_is_written_off_with_a_letter(assigned_case, karin, now):
    closure = actions.write_off(
        assigned_case, reason="withdrawn", choices=choose(assigned_case), by=karin, now=now
    )
    case = Case.objects.get(pk=assigned_case.pk)
    assert (case.state, closure.reason) == ("written_off", "withdrawn")
    decision = case.decisions.get()
    assert (decision.outcome, decision.against) == ("written_off", False)
    assert case.documents.filter(kind="written_off").exists()


def test_suspended_is_due_the_day_that_was_written(investigated_case, karin, now):
    actions.suspend(investigated_case, waiting_for="medical", review_on=date(2026, 3, 20), by=karin, now=now)
    from livlina.registers.watches.models import Watch

    watch = Watch.objects.get(type="cases.information_awaited", closed_at=None)
    assert watch.due_at.date() == date(2026, 3, 20)
    actions.resume(investigated_case, by=karin, now=now + timedelta(days=1))
    assert not Watch.objects.filter(type="cases.information_awaited", closed_at=None).exists()


def test_a_request_to_decide_is_made_after_six_months_and_once(investigated_case, karin, now: datetime):
    with pytest.raises(StepRefused, match="sex månader"):
        actions.request_decision(investigated_case, came_in=date(2026, 8, 1), by=karin, now=now)
    later = now + timedelta(days=190)
    actions.request_decision(investigated_case, came_in=date(2026, 9, 7), by=karin, now=later)
    clock = investigated_case.deadlines.get(name="decision_on_request")
    assert clock.strict_date == date(2026, 10, 5)
    with pytest.raises(StepRefused, match="en gång"):
        actions.request_decision(investigated_case, came_in=date(2026, 9, 8), by=karin, now=later)
