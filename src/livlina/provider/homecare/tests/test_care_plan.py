"""How the care is carried out is agreed with the person, from what was ordered, and kept in every version."""

import uuid
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection

from livlina.core import tenancy
from livlina.core.access import Actor, Refused
from livlina.provider.homecare import actions
from livlina.provider.homecare.actions import Plan, PlanRefused, Task
from livlina.provider.homecare.models import CarePlan
from livlina.registers.orders.models import Order

PLAN = Plan(
    goal="Astrid ska kunna bo kvar hemma och känna sig trygg i duschen.",
    participation="Astrid och dottern Anna var med och planerade vid hembesöket.",
    follow_up_on=date(2026, 9, 1),
    tasks=(Task("Dusch", "Helst sittande, med radion på.", "d5", ("morning",), (1, 4), 45),),
)


def test_a_plan_is_made_from_a_confirmed_order(confirmed: Order, petra: Actor, now: datetime) -> None:
    plan = actions.agree_plan(confirmed, PLAN, by=petra, now=now)
    assert plan.number == 1
    assert [task.when_words for task in plan.tasks.all()] == ["morgon; må, to; 45 minuter"]


def test_saying_the_same_again_is_the_same_version(confirmed: Order, petra: Actor, now: datetime) -> None:
    first = actions.agree_plan(confirmed, PLAN, by=petra, now=now)
    assert actions.agree_plan(confirmed, PLAN, by=petra, now=now) == first
    second = actions.agree_plan(confirmed, replace(PLAN, wishes="Kvinnlig personal."), by=petra, now=now)
    assert second.number == 2
    assert CarePlan.objects.count() == 2


def test_an_order_that_is_not_confirmed_gets_no_plan(opened: Order, petra: Actor, now: datetime) -> None:
    with pytest.raises(PlanRefused, match="bekräftad"):
        actions.agree_plan(opened, PLAN, by=petra, now=now)


@pytest.mark.parametrize(
    ("lack", "word"),
    [({"goal": " "}, "målet"), ({"participation": ""}, "deltagit"), ({"tasks": ()}, "göras")],
)
def test_a_plan_without_its_parts_is_told_which(
    confirmed: Order, petra: Actor, now: datetime, lack, word
) -> None:
    with pytest.raises(PlanRefused, match=word):
        actions.agree_plan(confirmed, replace(PLAN, **lack), by=petra, now=now)


def test_neither_another_provider_nor_the_authority_reaches_the_plan(
    confirmed: Order, petra: Actor, erik: Actor, karin: Actor, now: datetime, client_of
) -> None:
    with pytest.raises(Refused):
        actions.agree_plan(confirmed, PLAN, by=erik, now=now)
    actions.agree_plan(confirmed, PLAN, by=petra, now=now)
    url = f"/provider/orders/{confirmed.pk}/plan"
    assert client_of(petra).get(url).status_code == 200
    assert client_of(erik).get(url).status_code == 404
    assert client_of(karin).get(url).status_code == 404


def test_the_authoritys_session_sees_no_plan_even_by_raw_sql(
    confirmed: Order, petra: Actor, now: datetime
) -> None:
    actions.agree_plan(confirmed, PLAN, by=petra, now=now)
    tenancy.enter(petra.municipality_id, (1,))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM homecare_careplan")
        assert cursor.fetchone() == (0,)


def test_the_form_comes_filled_with_what_was_ordered(confirmed: Order, petra: Actor, client_of) -> None:
    page = client_of(petra).get(f"/provider/orders/{confirmed.pk}/plan/new").content.decode()
    for line in confirmed.versions.first().order_lines:
        assert line.what in page


def test_petra_writes_a_plan_and_follows_it_up(confirmed: Order, petra: Actor, client_of) -> None:
    browser = client_of(petra)
    form = {
        "goal": PLAN.goal,
        "participation": PLAN.participation,
        "wishes": "",
        "follow_up_on": "2099-01-01",
        "tasks-TOTAL_FORMS": "1",
        "tasks-INITIAL_FORMS": "0",
        "tasks-0-what": "Dusch",
        "tasks-0-minutes": "45",
        "submission_key": str(uuid.uuid4()),
    }
    answer = browser.post(f"/provider/orders/{confirmed.pk}/plan/new", form)
    assert answer.status_code == 302
    review = {"outcome": "kept", "text": "Det fungerar bra.", "next_on": "2099-06-01"}
    assert browser.post(answer["Location"], review).status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "Planen gäller som den är" in page
    assert "Dusch" in page


def test_what_was_typed_stays_when_something_is_missing(confirmed: Order, petra: Actor, client_of) -> None:
    form = {
        "goal": "Trygg i duschen.",
        "participation": "",
        "tasks-TOTAL_FORMS": "0",
        "tasks-INITIAL_FORMS": "0",
    }
    answer = client_of(petra).post(f"/provider/orders/{confirmed.pk}/plan/new", form)
    assert answer.status_code == 422
    assert "Trygg i duschen." in answer.content.decode()
