"""S10. An alarm order lay unconfirmed at the provider for two weeks; the watch list was so full that nobody saw it.

Here it climbs by the clock to people on duty, whatever the worker does, and stands first on the list however much
else lies there.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from livlina.registers.orders import jobs
from livlina.registers.orders.models import Order, OrderEvent
from livlina.registers.watches import actions as watches
from livlina.registers.watches.actions import Owner

HOUR = timedelta(hours=1)
UNCONFIRMED = "Utföraren har inte bekräftat beställningen"


@pytest.fixture
def alarm(draft_for, astrid, norra, karin, client_of, at, now) -> Order:
    """A social alarm for Astrid, sent by Karin to Norra hemtjänsten at nine, through the pages."""
    at(now)
    order = draft_for(
        astrid, kind="social_alarm", service="social_alarm", lines=[], facts={"Larm": "Fast telefon saknas."}
    )
    browser = client_of(karin)
    browser.post(f"/officer/orders/{order.pk}/provider", {"provider": str(norra.pk)})
    answer = browser.post(
        f"/officer/orders/{order.pk}/send", {"repeated_name": norra.name, "submission_key": str(uuid4())}
    )
    assert answer.status_code == 302
    order.refresh_from_db()
    assert order.state == "sent"
    return order


@pytest.fixture
def noise(kinds, karin, now) -> None:
    """Forty other things on Karin's list, all of them older."""
    owner = Owner("case_worker", karin.unit_id)
    for _ in range(40):
        watches.raise_watch(
            "test.calm", ("x", uuid4()), owner=owner, due_at=now - 99 * HOUR, by=karin, now=now
        )


def list_of(client_of, actor) -> str:
    """The actor's watch list, as the page shows it."""
    side = "provider" if actor.role.startswith("provider") else "officer"
    return client_of(actor).get(f"/{side}/watches").content.decode()


def test_an_unconfirmed_alarm_order_climbs_by_the_clock_and_is_never_lost_in_noise(
    alarm, noise, client_of, karin, maria, duty, petra, ali, at, now
):
    at(now + 4 * HOUR - timedelta(seconds=1))
    assert UNCONFIRMED not in list_of(client_of, karin)

    at(now + 4 * HOUR)
    page = list_of(client_of, karin)
    assert page.index(UNCONFIRMED) < page.index("Uppföljning")
    assert page.count('<li class="lv-watch"') == 12
    assert UNCONFIRMED not in list_of(client_of, maria)
    for colleague in (petra, ali):
        seen = list_of(client_of, colleague)
        assert "En beställning väntar på svar" in seen
        assert "Astrid" not in seen
    assert "Tiden har gått ut" in client_of(petra).get("/provider/orders").content.decode()

    at(now + 5 * HOUR)
    assert UNCONFIRMED in list_of(client_of, maria)
    assert UNCONFIRMED not in list_of(client_of, duty)
    at(now + 6 * HOUR)
    assert f"{UNCONFIRMED}: Astrid Lindqvist" in list_of(client_of, duty)
    assert client_of(duty).get(f"/officer/orders/{alarm.pk}").status_code == 200


def test_after_two_weeks_with_a_dead_worker_it_still_stands_first_and_the_record_is_true_to_the_second(
    alarm, noise, client_of, karin, petra, duty, at, now
):
    weeks_later = now + timedelta(days=14)
    at(weeks_later)
    for actor in (karin, duty):
        assert UNCONFIRMED in list_of(client_of, actor)
    unread = client_of(karin).get("/officer/orders/unread").content.decode()
    assert "1 över tiden" in unread
    assert "14 dygn sedan" in unread

    assert jobs.escalate_unconfirmed(karin.municipality_id, weeks_later) == 1  # the worker is back
    assert OrderEvent.objects.get(order=alarm, kind="escalated").at == now + 4 * HOUR

    browser = client_of(petra)
    browser.post(f"/provider/orders/{alarm.pk}/open", {"submission_key": str(uuid4())})
    answered = browser.post(
        f"/provider/orders/{alarm.pk}/confirm",
        {
            "confirm-start": "2026-03-16",
            "confirm-contact": "Petra, 0999-120 11",
            "submission_key": str(uuid4()),
        },
    )
    assert answered.status_code == 302
    alarm.refresh_from_db()
    assert alarm.state == "confirmed"
    for actor in (karin, duty, petra):
        assert UNCONFIRMED not in list_of(client_of, actor)
    assert "En beställning väntar på svar" not in list_of(client_of, petra)


def test_a_dangerous_watch_cannot_be_put_off_to_make_the_list_quiet(alarm, client_of, karin, at, now):
    at(now + 4 * HOUR)
    page = list_of(client_of, karin)
    address = page.split('">Hantera')[0].rsplit('"', 1)[1]
    answer = client_of(karin).post(
        f"{address}/snooze",
        {"snooze-until": "2026-03-05", "snooze-reason": "Tar det sedan", "submission_key": str(uuid4())},
    )
    assert answer.status_code == 422
    assert UNCONFIRMED in list_of(client_of, karin)
