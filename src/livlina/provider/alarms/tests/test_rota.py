"""Who is on call, how they are reached, and how quickly alarms were answered."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from livlina.alarmd import emergency
from livlina.core import clock
from livlina.core.access import Actor, Refused
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.actions import rota as actions
from livlina.provider.alarms.actions.rota import RotaFault
from livlina.provider.alarms.models import Alarm, Channel, EmergencyCode, OnCall
from livlina.provider.alarms.queries import rota, statistics

EVENING = timedelta(hours=7)


def plan(who: Actor, by: Actor, now: datetime, hours: float = 15, **more: Any) -> OnCall:
    assert who.assignment_id is not None
    begin = now + EVENING
    return actions.add(who.assignment_id, 1, begin, begin + timedelta(hours=hours), by=by, now=now, **more)


def test_whoever_is_put_on_call_stands_on_both_days_of_the_night(petra, ali, now) -> None:
    assert plan(ali, petra, now) == plan(ali, petra, now)
    week = rota.week(ali, now)
    assert [len(day.rows) for day in week] == [1, 1, 0, 0, 0, 0, 0]
    assert rota.holes(ali, now)
    assert not rota.holes(ali, now + EVENING)


def test_only_the_manager_of_the_team_plans_and_what_makes_no_sense_is_told(petra, erik, ali, now) -> None:
    with pytest.raises(Refused):
        plan(ali, ali, now)
    with pytest.raises(RotaFault, match="sluta efter"):
        plan(ali, petra, now, hours=-1)
    with pytest.raises(RotaFault, match="redan slutat"):
        actions.add(ali.assignment_id, 1, now - EVENING, now - timedelta(hours=1), by=petra, now=now)
    row = plan(ali, petra, now)
    with pytest.raises(Refused):
        actions.end(row.pk, by=erik, now=now)


def test_what_has_not_begun_is_taken_off_and_what_runs_is_ended(petra, ali, lena, now) -> None:
    planned, running = plan(ali, petra, now), plan(lena, petra, now)
    actions.end(planned.pk, by=petra, now=now)
    midnight = now + timedelta(hours=15)
    actions.end(running.pk, by=petra, now=midnight)
    assert OnCall.objects.get().ends_at == midnight


def test_a_manager_plans_the_rota_and_everyone_says_how_they_are_reached(petra, ali, client_of) -> None:
    today = clock.today()
    said = {
        "assignment": str(ali.assignment_id), "step": "1", "day": today.isoformat(), "begins": "00.00",
        "until_day": (today + timedelta(days=1)).isoformat(), "ends": "07:00", "area": "", "skill": "fall",
    }  # fmt: skip
    browser = client_of(petra)
    assert browser.post("/provider/alarms/rota/add", said).status_code == 302
    assert browser.post("/provider/alarms/rota/add", said | {"step": "", "ends": "x"}).status_code == 422
    page = browser.get("/provider/alarms/rota").content.decode()
    assert "<b>Ali Hassan</b>" in page
    own = client_of(ali)
    assert "Lägg till jour" not in own.get("/provider/alarms/rota").content.decode()
    assert own.post("/provider/alarms/rota/add", said).status_code == 404
    for number in ("070-123 45 67", "070-765 43 21"):
        assert (
            own.post("/provider/alarms/rota/reach-me", {"kind": "sms", "address": number}).status_code == 302
        )
    assert own.post("/provider/alarms/rota/reach-me", {"kind": "sms", "address": "mobil"}).status_code == 422
    assert Channel.objects.get(ended_at=None).address == "070-765 43 21"
    assert browser.post(f"/provider/alarms/rota/{OnCall.objects.get().pk}/end").status_code == 302


def test_the_receivers_are_told_who_is_on_call_and_which_codes_open_their_page(
    hand_over, astrids_unit, petra, ali, client_of, now
) -> None:
    plan(ali, petra, now)
    actions.reach_me("voice", "0700000002", by=ali, now=now)
    page = client_of(ali).post("/provider/alarms/rota/code").content.decode()
    code = page.partition('<b class="lv-nums">')[2].partition("<")[0]
    pack = hand_over().pack
    assert pack is not None
    assert [(one["team"], one["kind"], one["number"]) for one in pack["channels"]] == [
        ("Norra hemtjänsten", "voice", "0700000002")
    ]
    (kept,) = pack["codes"]
    assert emergency.is_right(code, kept["salt"], kept["hash"])
    actions.make_code(by=ali, now=now)
    assert EmergencyCode.objects.filter(ended_at=None).count() == 1
    assert code not in client_of(ali).get("/provider/alarms/rota").content.decode()


@pytest.fixture
def month_of_alarms(astrids_unit, ali, now) -> date:
    """A hundred alarms in February: 95 taken in 20 s, two in 50, one in 100, one in 400 and one by nobody."""
    begin = datetime(2026, 2, 3, 10, tzinfo=ZoneInfo("Europe/Stockholm"))
    for number, seconds in enumerate([20] * 95 + [50, 50, 100, 400, None]):
        pressed = begin + timedelta(hours=number)
        answered = None if seconds is None else pressed + timedelta(seconds=seconds)
        Alarm.objects.create(
            municipality_id=ali.municipality_id, unit=astrids_unit, team_id=ali.unit_id, pressed_at=pressed,
            received_at=pressed, accepted_at=answered, holder_id=ali.user_id if answered else None,
            state="accepted" if answered else "waiting",
        )  # fmt: skip
    return date(2026, 2, 1)


def test_a_month_tells_the_shares_and_whether_the_goals_are_kept(month_of_alarms, ali, erik, now) -> None:
    month = statistics.month(ali, month_of_alarms, now)
    told = [(share.seconds, share.count, share.percent, share.words) for share in month.shares]
    assert told == [(30, 95, 95.0, ""), (60, 97, 97.0, "Inte uppfyllt"), (180, 98, 98.0, "Inte uppfyllt")]
    assert (month.total, month.unanswered, month.median, month.longest) == (100, 1, 20.0, 400.0)
    assert statistics.month(erik, month_of_alarms, now).total == 0


def test_tests_are_not_counted_and_what_is_missing_is_not_rounded_away(month_of_alarms, ali, now) -> None:
    late = Alarm.objects.exclude(accepted_at=None).order_by("-pressed_at")[:2]
    Alarm.objects.filter(pk__in=[one.pk for one in late]).update(
        outcome="test", state="closed", closed_at=now, holder_id=1
    )
    Alarm.objects.filter(state="waiting").update(
        accepted_at=now - timedelta(days=20), state="accepted", holder_id=1
    )
    month = statistics.month(ali, month_of_alarms, now)
    assert (month.total, month.unanswered) == (98, 0)
    assert [share.percent for share in month.shares] == [96.9, 99.0, 99.0]


def test_the_page_shows_the_month_as_picture_and_table(month_of_alarms, ali, client_of) -> None:
    page = client_of(ali).get("/provider/alarms/statistics?month=2026-02").content.decode()
    assert "<polyline" in page
    for words in ("97,0&nbsp;%", "Inte uppfyllt", "Hälften togs emot inom 20 sekunder"):
        assert words in page
    for odd in ("?month=x", "?month=9999-12", "?month=0001-01", ""):
        assert client_of(ali).get(f"/provider/alarms/statistics{odd}").status_code == 200


def test_the_time_runs_from_the_press_to_the_answer(astrids_alarm, ali, now) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now + timedelta(seconds=45))
    month = statistics.month(ali, clock.day_of(now).replace(day=1), now + timedelta(hours=1))
    assert [share.count for share in month.shares] == [0, 1, 1]
