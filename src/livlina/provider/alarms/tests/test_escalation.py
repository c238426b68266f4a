"""An alarm that nobody takes reaches the next person, to the second, whatever fails or is restarted on the way."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core import outbox
from livlina.core.access import Actor
from livlina.provider.alarms import gateways
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.actions.escalation import escalate_due
from livlina.provider.alarms.jobs import escalate
from livlina.provider.alarms.models import Alarm, Channel, Notice, OnCall
from livlina.provider.alarms.tests.fixtures import record


@pytest.fixture(autouse=True)
def sent() -> Any:
    """What the fake gateways have carried; they work again afterwards."""
    gateways.Fake.sent.clear()
    yield gateways.Fake.sent
    gateways.Fake.down.clear()


def on_call(who: Actor, step: int, now: datetime, team: Actor | None = None, **more: Any) -> OnCall:
    for kind, place in (("push", f"device-{who.user_id}"), ("sms", "0700000001"), ("voice", "0700000001")):
        Channel.objects.create(
            municipality_id=who.municipality_id, user_id=who.user_id, kind=kind, address=place, since=now
        )
    return OnCall.objects.create(
        municipality_id=who.municipality_id, team_id=(team or who).unit_id, assignment_id=who.assignment_id, step=step,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8), **more,
    )  # fmt: skip


def after(seconds: float, alarm: Alarm, house: Actor, now: datetime) -> tuple[int, int]:
    escalate_due(by=house, now=now + timedelta(seconds=seconds))
    alarm.refresh_from_db()
    return alarm.step, alarm.priority


def test_it_goes_further_at_30_60_and_180_seconds_and_then_on_and_on(astrids_alarm, house, now) -> None:
    told = [
        (at, after(at, astrids_alarm, house, now)[0]) for at in (29, 30, 31, 59, 60, 179, 180, 359, 360, 540)
    ]
    assert told == [
        (29, 0), (30, 1), (31, 1), (59, 1), (60, 2), (179, 2), (180, 3), (359, 3), (360, 4), (540, 5),
    ]  # fmt: skip
    assert astrids_alarm.priority == 1


def test_a_restart_neither_forgets_a_step_nor_moves_the_next(astrids_alarm, house, now) -> None:
    assert after(95, astrids_alarm, house, now)[0] == 2
    assert astrids_alarm.next_at == now + timedelta(seconds=180)


def test_one_that_has_waited_for_a_year_is_called_still_and_holds_up_no_other(
    hand_over, astrids_alarm, alarm_unit_for, bertil, house, now
) -> None:
    year = now + timedelta(days=365)
    alarm_unit_for(bertil, "1002")
    hand_over(record(2, at=year, unit="1002"), at=year)
    assert escalate_due(by=house, now=year + timedelta(seconds=30)) == 2
    assert sorted(Alarm.objects.values_list("step", flat=True)) == [1, 1000]


def test_a_municipality_sets_its_own_seconds(hand_over, astrids_unit, house, monkeypatch, now) -> None:
    monkeypatch.setattr("livlina.core.parameters.value", lambda municipality_id, name: [40, 10, 20])
    hand_over(record(1, at=now))
    assert after(10, Alarm.objects.get(), house, now)[0] == 1
    assert after(40, Alarm.objects.get(), house, now)[0] == 3


def test_what_somebody_has_taken_goes_no_further(astrids_alarm, ali, house, now) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now + timedelta(seconds=29))
    assert after(3600, astrids_alarm, house, now)[0] == 0


def test_each_step_calls_more_people_by_louder_means(
    hand_over, astrids_unit, ali, lena, petra, house, sent, now
) -> None:
    for who, step in ((ali, 0), (lena, 1), (petra, 2)):
        on_call(who, step, now)
    hand_over(record(1, at=now))
    for seconds in (30, 60):
        escalate(house.municipality_id, now + timedelta(seconds=seconds))
    outbox.deliver_waiting()
    told = [(one.step, one.channel, one.to_name) for one in Notice.objects.order_by("made_at", "pk")]
    assert told[0] == (0, "push", "Ali Hassan")
    assert {row[1:] for row in told if row[0] == 1} == {("push", "Lena Falk"), ("sms", "Lena Falk")}
    assert {name for step, _, name in told if step == 2} == {"Ali Hassan", "Lena Falk", "Petra Nyström"}
    assert {kind for step, kind, _ in told if step == 2} == {"push", "sms", "voice"}
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert len(sent) == len(told)


def test_a_message_names_nobody(hand_over, astrids_unit, lena, house, sent, now) -> None:
    on_call(lena, 1, now)
    hand_over(record(1, at=now))
    escalate(house.municipality_id, now + timedelta(seconds=30))
    outbox.deliver_waiting()
    text = next(text for _, to, text in sent if to == "0700000001")
    alarm = Alarm.objects.get()
    assert text == f"Larm väntar: Norra hemtjänsten, Centrum, kl. 09.00. {gateways.link(alarm.pk)}"


def test_when_a_supplier_fails_the_next_one_carries_the_message(
    hand_over, astrids_unit, lena, house, sent, now
) -> None:
    gateways.Fake.down |= {"sms-1", "push-1", "push-2"}
    on_call(lena, 1, now)
    hand_over(record(1, at=now))
    escalate(house.municipality_id, now + timedelta(seconds=30))
    outbox.deliver_waiting()
    states = Notice.objects.order_by("channel", "supplier").values_list("supplier", "state", "fault")
    assert list(states) == [
        ("push-1", "failed", "Ur funktion."), ("push-2", "failed", "Ur funktion."), ("sms-1", "failed", "Ur funktion."),
        ("sms-2", "sent", ""),
    ]  # fmt: skip
    assert [row[0] for row in sent] == ["sms-2"]


def test_when_nobody_of_a_step_can_be_called_it_goes_further_at_once(
    hand_over, astrids_unit, ali, lena, client_of, house, sent, now
) -> None:
    gateways.Fake.down |= {"push-1", "push-2"}
    on_call(ali, 0, now)
    on_call(lena, 1, now)
    hand_over(record(1, at=now))
    outbox.deliver_waiting()
    alarm = Alarm.objects.get()
    assert after(1, alarm, house, now)[0] == 1
    outbox.deliver_waiting()
    assert {row[0] for row in sent} == {"sms-1"}
    page = client_of(ali).get(f"/provider/alarms/{alarm.pk}").content.decode()
    assert "Gick inte fram" in page


def test_a_supplier_that_does_not_answer_is_a_fault_in_words_within_its_patience() -> None:
    fault = gateways.Json("x", "http://127.0.0.1:9/send").send("0700000001", "Larm", "1")
    assert fault == "Svarar inte (ConnectionRefusedError)."
    assert gateways.NONE.send("", "", "") == "Ingen leverantör är inställd för kanalen."


def test_whoever_is_called_is_not_called_again_for_what_a_colleague_took(
    hand_over, astrids_unit, ali, petra, sent, now
) -> None:
    on_call(ali, 0, now)
    hand_over(record(1, at=now))
    deeds.accept(Alarm.objects.get().pk, by=petra, now=now)
    outbox.deliver_waiting()
    assert (sent, Notice.objects.get().fault) == ([], "Någon hann ta emot larmet.")


def test_the_area_and_the_skill_decide_who_is_called_first(
    hand_over, astrids_unit, alarm_unit_for, bertil, ali, lena, petra, now
) -> None:
    on_call(ali, 0, now, area="Centrum")
    on_call(petra, 0, now, area="Norra")
    on_call(lena, 0, now, skill="fall")
    alarm_unit_for(bertil, "1002", area="Norra")
    hand_over(
        record(1, at=now), record(2, at=now, unit="1002"),
        record(3, at=now, unit="9999", facts={"dty": 5, "stc": 6}),
    )  # fmt: skip
    called = {
        number: sorted(Notice.objects.filter(alarm__sender=number).values_list("to_name", flat=True))
        for number in ("1001", "1002", "9999")
    }
    assert called == {
        "1001": ["Ali Hassan", "Lena Falk"], "1002": ["Lena Falk", "Petra Nyström"], "9999": ["Lena Falk"],
    }  # fmt: skip


def test_whoever_is_on_call_for_another_team_sees_and_answers_its_alarms(
    astrids_alarm, erik, client_of, now
) -> None:
    from livlina.core import clock
    from livlina.provider.alarms.queries import alarm as queries

    assert queries.board(erik, now).cards == []
    row = on_call(erik, 1, clock.now())
    OnCall.objects.filter(pk=row.pk).update(team_id=astrids_alarm.team_id)
    assert [card.name for card in queries.board(erik, now).cards] == ["Astrid Lindqvist"]
    deeds.accept(astrids_alarm.pk, by=erik, now=now)
    deeds.close(astrids_alarm.pk, "helped_by_phone", "Pratade med henne.", by=erik, now=now)
    astrids_alarm.refresh_from_db()
    assert "Uppgifterna lämnades av Erik Sand" in astrids_alarm.note.text
