"""Särskilt boende as Karin works it: the queue, an offer declined, the next accepted, and the three months all the while."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from livlina.authority.cases import actions
from livlina.authority.cases.actions import DecisionDraft, LineDraft, StepRefused, steps
from livlina.authority.cases.actions.facts import current_facts
from livlina.authority.cases.models import Case, Deadline, Document
from livlina.core.access import may
from livlina.core.calendar import Channel
from livlina.core.models import User
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.orders.tests.fixtures import provider
from livlina.registers.watches.models import Watch

HOME = {
    "question_at_issue": "Särskilt boende.",
    "sources_used": "Hembesök.",
    "person_view": "Astrid vill bo på Solgården.",
    "living_with": "alone",
    "child_in_home": "no",
    "needs_at_night": "yes",
    "falls": "several",
    "life_area_needs": [{"area": "safety", "need": "4", "text": "Går ut på natten."}],
    "residential_kind": "dementia",
    "home_not_enough": "Hemtjänst dag och natt har prövats.",
    "assessment": "Tillsyn dygnet runt kan inte ges hemma.",
    "goals": "Astrid är trygg dygnet runt.",
    "proposed_decision": "Särskilt boende beviljas.",
}
OFFER = {
    "offered_home": "Ekbacken", "offer_conditions": "Ledig genast.", "offered_on": "2026-03-02",
    "offer_answer_by": "2026-03-09",
}  # fmt: skip


def take(case: Case, step: str, by, now: datetime, **answers) -> Case:
    return steps.take_step(Case.objects.get(pk=case.pk), step, by=by, now=now, answers=answers).case


@pytest.fixture
def queued(astrid, karin, delegation, now) -> Case:
    """Astrid is granted a place and stands in the queue."""
    sent = actions.register_application(
        "residential_care", astrid, {"residential_reason": ["memory"]}, found_on=now.date(), how=Channel.PHONE,
        by=karin, now=now,
    )  # fmt: skip
    case = actions.assign_case(sent.cases.get(), User.objects.get(pk=karin.user_id), by=karin, now=now)
    actions.open_investigation(case, by=karin, now=now)
    actions.record_facts(case, HOME, by=karin, now=now, form="investigation")
    actions.finish_investigation(case, by=karin, now=now)
    line = LineDraft("residential_dementia_home", True, Decimal(1), date(2026, 3, 2), date(2027, 3, 1))
    actions.decide(case, DecisionDraft(lines=(line,), follow_up_on=date(2026, 9, 2)), by=karin, now=now)
    return take(case, "enter_queue", karin, now, queued_on="2026-03-02")


def running(case: Case) -> set[str]:
    return set(Deadline.objects.filter(case=case, state="running").values_list("name", flat=True))


def test_the_three_months_run_on_in_the_queue_and_through_a_declined_offer(queued, karin, now) -> None:
    due = Deadline.objects.get(case=queued, name="not_executed", state="running")
    assert due.strict_date == date(2026, 6, 2)
    take(queued, "offer_place", karin, now, **OFFER)
    assert {"offer_answer", "not_executed"} <= running(queued)
    assert Deadline.objects.get(case=queued, name="offer_answer").strict_date == date(2026, 3, 9)
    assert Document.objects.filter(case=queued, kind="offer").count() == 1
    with pytest.raises(StepRefused, match="Var erbjudandet skäligt"):
        take(queued, "decline_offer", karin, now, offer_answered_on="2026-03-02", decline_reason="other_home")
    back = take(
        queued, "decline_offer", karin, now, offer_answered_on="2026-03-02", decline_reason="other_home",
        offer_reasonable="yes", offer_reasonable_why="Motsvarade beslutet.", not_executed_reason="declined_offer",
    )  # fmt: skip
    assert back.state == "queued"
    assert "not_executed" in running(queued)
    assert "offer_answer" not in running(queued)
    facts = current_facts(back)
    assert (facts["not_executed_reason"], facts["offer_reasonable"]) == ("declined_offer", True)
    assert not Watch.objects.filter(type="cases.offer_to_answer", closed_at=None).exists()


def test_only_moving_in_stops_the_three_months(queued, karin, petra, now) -> None:
    home = provider(petra, "Solgården", now, services=["residential_care"])
    take(queued, "offer_place", karin, now, **OFFER)
    take(queued, "accept_offer", karin, now, offer_answered_on="2026-03-02", move_in_on="2026-03-16")
    take(queued, "place_orders", karin, now)
    letter = OrderVersion.objects.get()
    assert letter.facts["Planerad inflyttning"] == "16 mars 2026"
    assert "Ekbacken" not in " ".join(letter.facts.values())
    order = Order.objects.get()
    with pytest.raises(StepRefused, match="inte bekräftad"):
        take(queued, "begin_service", karin, now)
    orders.choose_provider(order, home, by=karin, now=now)
    orders.send_order(order, repeated_name=home.name, by=karin, now=now)
    orders.open_order(Order.objects.get(), by=petra, now=now)
    orders.confirm_order(Order.objects.get(), start=date(2026, 3, 16), contact="Petra", by=petra, now=now)
    assert "not_executed" in running(queued)
    moved = take(queued, "begin_service", karin, now + timedelta(days=14))
    assert moved.state == "running"
    assert not {"not_executed", "orders_to_confirm"} & running(queued)
    assert "follow_up_in_time" in running(queued)


def test_astrid_may_withdraw_from_the_queue(queued, karin, now) -> None:
    ended = take(queued, "end_unexecuted", karin, now, ends_on="2026-03-02")
    assert ended.state == "ending"
    assert "not_executed" not in running(queued)


def test_a_granted_place_is_taken_back_only_by_a_new_decision_after_hearing_her(queued, karin, now) -> None:
    take(queued, "reconsider", karin, now, reconsider_reason="Har tackat nej tre gånger.")
    actions.finish_investigation(Case.objects.get(pk=queued.pk), by=karin, now=now)
    line = LineDraft("residential_dementia_home", False, Decimal(1), reasons="Vill bo kvar hemma.")
    draft = DecisionDraft(lines=(line,), outcome="ended", reasons="Vill bo kvar hemma.")
    with pytest.raises(StepRefused, match="inte kommunicerat"):
        actions.decide(Case.objects.get(pk=queued.pk), draft, by=karin, now=now)
    assert "not_executed" in running(queued)


def test_another_branch_sees_nothing_of_the_queue(queued, fatima, mona, petra) -> None:
    for stranger in (fatima, mona, petra):
        assert not may(stranger, "cases.read", queued), stranger.name
