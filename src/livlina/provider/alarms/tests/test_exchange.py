"""What a receiver hands over is here once, and whatever asks for help is on the desk."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from livlina.core.models import AuditEvent
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.models import Alarm, AlarmEvent, Receipt
from livlina.provider.alarms.tests.fixtures import receivers, record

URL = "/api/v1/alarms/exchange"


def post(browser: Any, key: str, **said: Any) -> Any:
    body = {
        "receiver": "a",
        "boot": "b1",
        "sent_at": 0,
        "records": [],
        "news_after": 0,
        "units_version": "",
    } | said
    headers = {"Authorization": f"Bearer {key}"}
    return browser.post(URL, json.dumps(body), content_type="application/json", headers=headers)


def real(sent: Any) -> list[str]:
    return [one["sql"] for one in sent.captured_queries if "SAVEPOINT" not in one["sql"]]


def test_a_press_is_an_alarm_on_the_desk_and_confirmed(client, astrids_unit, receiver_key, now) -> None:
    press = record(7, at=now)
    answer = post(client, receiver_key, records=[press]).json()
    alarm = Alarm.objects.get(pk=press["id"])
    assert answer["confirmed"] == 7
    assert (alarm.person, alarm.team, alarm.call_back) == (
        astrids_unit.person,
        astrids_unit.team,
        "+46700000112",
    )
    assert alarm.what == "Larmknapp, tryckt"
    assert [unit["name"] for unit in answer["units"]] == ["Astrid Lindqvist"]


def test_what_is_sent_again_is_here_once(hand_over, astrids_unit, now) -> None:
    press = record(1, at=now)
    assert [hand_over(press).confirmed for _ in range(3)] == [1, 1, 1]
    assert (Alarm.objects.count(), Receipt.objects.count(), Alarm.objects.get().presses) == (1, 1, 1)


def test_a_press_that_both_receivers_saw_is_one_alarm_with_two_receipts(
    hand_over, astrids_unit, other_receiver_key, now
) -> None:
    press = record(1, at=now)
    hand_over(press)
    hand_over(press | {"number": 40}, key=other_receiver_key)
    assert (Alarm.objects.count(), Alarm.objects.get().presses, Receipt.objects.count()) == (1, 1, 2)


def test_a_repeated_press_raises_the_priority_of_the_alarm_that_is_open(
    hand_over, astrids_alarm, now
) -> None:
    later = now + timedelta(seconds=20)
    hand_over(record(2, at=later), at=later)
    astrids_alarm.refresh_from_db()
    assert (astrids_alarm.presses, astrids_alarm.priority, Alarm.objects.count()) == (2, 1, 1)
    assert AlarmEvent.objects.filter(alarm=astrids_alarm, did="repeated").exists()


def test_neither_a_reset_nor_a_cancel_closes_anything(hand_over, astrids_alarm, now) -> None:
    hand_over(record(2, "reset", at=now), record(3, "cancel", at=now), record(4, "update", at=now))
    astrids_alarm.refresh_from_db()
    assert astrids_alarm.state == "waiting"
    told = AlarmEvent.objects.filter(alarm=astrids_alarm).order_by("number").values_list("did", flat=True)
    assert list(told)[-3:] == ["withdrawn", "withdrawn", "more"]


def test_an_unknown_unit_and_what_nobody_can_read_are_shown_all_the_same(
    hand_over, astrids_unit, now
) -> None:
    hand_over(
        record(1, at=now, unit="9999", verdict="unknown_unit"),
        record(2, "unreadable", at=now, unit="", verdict="invalid", facts={}),
        {"number": 3, "kind": "alarm", "unit": "8888", "facts": {"dty": "x" * 400, "crd": 7}},
    )
    kinds = Alarm.objects.order_by("kind").values_list("kind", flat=True)
    assert sorted(kinds) == ["unknown_unit", "unreadable", "unreadable"]


def test_a_record_that_cannot_be_taken_in_does_not_stop_the_ones_behind_it(
    hand_over, astrids_unit, now
) -> None:
    broken = record(1, "fault", at=now, facts="not a table")
    press = record(2, at=now)
    assert hand_over(broken, press).confirmed == 2
    assert Alarm.objects.get().pk == UUID(press["id"])


def test_a_call_for_help_is_shown_before_the_faults_that_came_before_it(
    hand_over, astrids_unit, monkeypatch, now
) -> None:
    monkeypatch.setattr("livlina.provider.alarms.actions.exchange.LONG_ENOUGH", -1.0)
    faults = [record(number, "fault", at=now, facts={"stc": 16}) for number in (1, 2, 3)]
    records = [*faults, record(4, at=now)]
    assert hand_over(*records).confirmed == 1
    assert Alarm.objects.filter(pk=records[-1]["id"]).exists()
    assert [hand_over(*records[done:]).confirmed for done in (1, 2)] == [2, 4]
    assert (Receipt.objects.count(), Alarm.objects.get().presses) == (4, 1)


def test_a_receiver_that_lost_its_log_begins_anew_and_loses_no_alarm(
    hand_over, astrids_alarm, alarm_unit_for, bertil, now
) -> None:
    alarm_unit_for(bertil, "1002")
    press = record(1, at=now, unit="1002")
    assert hand_over(press).confirmed == 1
    assert Alarm.objects.filter(pk=press["id"]).exists()
    assert [row.ended_at is None for row in receivers()] == [False, True]


def test_an_empty_exchange_costs_three_statements(
    client, hand_over, astrids_alarm, receiver_key, statements, now
) -> None:
    version = hand_over(at=now).version
    with statements() as sent:
        answer = post(client, receiver_key, news_after=99, units_version=version)
    assert (answer.status_code, answer.json()["units"]) == (200, None)
    assert len(real(sent)) <= 3, real(sent)


def test_what_staff_do_is_news_to_the_receivers(hand_over, astrids_alarm, ali, now) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    (news,) = hand_over().news
    assert (news["id"], news["state"], news["by"]) == (str(astrids_alarm.pk), "accepted", "Ali Hassan")
    assert hand_over(news_after=news["number"]).news == []


def test_news_of_an_alarm_names_every_press_that_was_counted_in_it(
    hand_over, astrids_alarm, ali, now
) -> None:
    again = record(2, at=now)
    hand_over(again)
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    assert {one["id"] for one in hand_over().news} == {str(astrids_alarm.pk), again["id"]}


def test_a_changed_address_makes_a_new_version_and_a_sign_of_life_does_not(
    hand_over, astrids_unit, astrid, monkeypatch, now
) -> None:
    monkeypatch.setattr("livlina.provider.alarms.queries.news.KEPT", 0.0)
    before = hand_over().version
    astrids_unit.heard_at = now
    astrids_unit.save()
    assert hand_over(units_version=before).pack is None
    astrid.street = "Björkvägen 14"
    astrid.save()
    answer = hand_over(units_version=before)
    assert answer.pack is not None
    assert answer.pack["units"][0]["address"] == "Björkvägen 14, 99102 Åsvalla"


def test_a_protected_person_is_neither_named_nor_placed_at_the_receiver(
    hand_over, astrids_unit, astrid
) -> None:
    astrid.protection = "secrecy_marked"
    astrid.save()
    told = json.dumps(hand_over().pack)
    assert "Björkvägen" not in told
    assert "Lindqvist" not in told


def test_a_wrong_key_is_refused_without_a_reason_and_recorded(client, astrids_unit, receiver_key) -> None:
    for key in (
        "",
        "nobody.x",
        "asvalla.wrong",
        receiver_key + "x",
        "sjohaga." + receiver_key.partition(".")[2],
    ):
        answer = post(client, key, records=[record(1)])
        assert (answer.status_code, answer.json()) == (401, {"detail": "No."})
    assert Receipt.objects.count() == 0
    assert AuditEvent.objects.filter(verb="alarms.exchange", outcome="refused").count() == 1


def test_a_deed_on_the_receivers_page_is_done_here_by_that_name(hand_over, astrids_alarm, now) -> None:
    def deed(number: int, did: str, seconds: int, **said: str) -> dict[str, Any]:
        facts = {"did": did, "alarm": str(astrids_alarm.pk), "by": "Reservkod 3"} | said
        return record(number, "deed", at=now + timedelta(seconds=seconds), unit="", facts=facts)

    later = now + timedelta(minutes=20)
    hand_over(deed(2, "accepted", 15), deed(3, "noted", 60, note="På väg dit."), at=later)
    astrids_alarm.refresh_from_db()
    assert (astrids_alarm.state, astrids_alarm.holder_name) == ("accepted", "Reservkod 3")
    assert astrids_alarm.accepted_at == now + timedelta(seconds=15)
    hand_over(deed(4, "closed", 900, note="Hon hade ramlat.", outcome="helped_by_visit"), at=later)
    astrids_alarm.refresh_from_db()
    assert (astrids_alarm.state, astrids_alarm.outcome) == ("closed", "helped_by_visit")
    assert "Hon hade ramlat. Skrivet av Reservkod 3" in astrids_alarm.note.text


def test_whoever_takes_over_on_the_receivers_page_has_it_and_who_was_called_from_there_is_told(
    hand_over, astrids_alarm, ali, now
) -> None:
    def deed(number: int, did: str, **said: str) -> dict[str, Any]:
        facts = {"did": did, "alarm": str(astrids_alarm.pk), "by": "Reservkod 3"} | said
        return record(number, "deed", at=now + timedelta(seconds=90 + number), unit="", facts=facts)

    deeds.accept(astrids_alarm.pk, by=ali, now=now + timedelta(seconds=20))
    later = now + timedelta(minutes=5)
    hand_over(deed(2, "accepted"), deed(3, "told", note="SMS till 0700000001", by="Larmmottagaren"), at=later)
    astrids_alarm.refresh_from_db()
    assert astrids_alarm.holder_name == "Ali Hassan", "who was first has it"
    hand_over(
        deed(4, "accepted", note="Tog över efter Ali Hassan."), deed(5, "noted", note="x" * 900), at=later
    )
    astrids_alarm.refresh_from_db()
    assert (astrids_alarm.holder_name, astrids_alarm.accepted_at) == (
        "Reservkod 3",
        now + timedelta(seconds=20),
    )
    told = AlarmEvent.objects.filter(alarm=astrids_alarm).order_by("number").values_list("did", "text")
    assert [did for did, _ in told][-4:] == ["accepted", "told", "handed_over", "noted"]
    assert ("told", "SMS till 0700000001") in list(told)
    deeds.accept(astrids_alarm.pk, by=ali, now=later)
    assert Alarm.objects.get().holder_name == "Ali Hassan", (
        "what an unknown code holds may be taken over here"
    )


def test_a_deed_that_came_before_its_alarm_is_done_when_the_alarm_comes(
    hand_over, astrids_unit, other_receiver_key, now
) -> None:
    press, later = record(1, at=now), now + timedelta(minutes=5)
    facts = {"did": "accepted", "alarm": press["id"], "by": "Ali Hassan"}
    hand_over(record(1, "deed", at=now, unit="", facts=facts), key=other_receiver_key, at=later)
    hand_over(press, at=later)
    assert Alarm.objects.get().state == "accepted"


def test_of_something_nobody_knows_a_deed_is_kept_and_does_nothing(
    hand_over, astrids_unit, now: datetime
) -> None:
    facts = {"did": "closed", "alarm": str(uuid4()), "by": "x", "outcome": "test"}
    assert (
        hand_over(record(1, "deed", at=now, facts=facts), record(2, "deed", at=now, facts=None)).confirmed
        == 2
    )


def test_support_enters_a_receiver_and_its_key_opens_the_exchange(
    anders, petra, client, client_of, asvalla
) -> None:
    browser = client_of(anders)
    assert client_of(petra).get("/operations/alarms/receivers").status_code == 404
    said = {"code": "a", "name": "Mottagare A"}
    keys = [
        browser.post("/operations/alarms/receivers/add", said)
        .content.decode()
        .partition("<code>")[2]
        .partition("<")[0]
        for _ in range(2)
    ]
    assert [post(client, key).status_code for key in keys] == [401, 200]
    assert browser.post("/operations/alarms/receivers/add", said | {"code": "A b"}).status_code == 422
    (row,) = receivers()
    assert "Mottagare A" in browser.get("/operations/alarms/receivers").content.decode()
    browser.post(f"/operations/alarms/receivers/{row.pk}/end")
    assert post(client, keys[1]).status_code == 401


def test_the_start_page_tells_how_many_wait_and_names_nobody(astrids_alarm, ali, client_of) -> None:
    page = client_of(ali).get("/provider/alarms/start").content.decode()
    assert "1 larm väntar" in page
    assert "Astrid" not in page
