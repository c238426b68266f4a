"""Units: in use only when every button has been heard, work for the team when something fails, quiet again by themselves."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from livlina.core import outbox
from livlina.core.access import Refused, may
from livlina.provider.alarms import jobs
from livlina.provider.alarms.actions import units
from livlina.provider.alarms.actions.units import UnitRefused
from livlina.provider.alarms.models import Alarm, AlarmUnit, Pendant, TestPress, UnitEvent
from livlina.provider.alarms.queries import units as queries
from livlina.provider.alarms.tests.fixtures import record
from livlina.registers.orders import actions as orders
from livlina.registers.orders.actions import NotInPlace
from livlina.registers.orders.models import Order
from livlina.registers.orders.tests.fixtures import send
from livlina.registers.watches.models import Watch

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ordered(draft_for, astrid, norra, karin, petra, now) -> Order:
    """A social alarm for Astrid that Petra has confirmed to begin today."""
    order = send(draft_for(astrid, kind="social_alarm", service="social_alarm"), norra, karin, now)
    orders.open_order(order, by=petra, now=now)
    confirmed = orders.confirm_order(order, start=date(2026, 3, 2), contact="Petra", by=petra, now=now)
    outbox.deliver_waiting()
    return confirmed


@pytest.fixture
def box(petra, now) -> AlarmUnit:
    """A unit in stock with two buttons."""
    unit = units.add_unit("2001", by=petra, now=now, model="Trygg 5", modem="4g_volte", operator="Telia")
    units.add_pendant(unit, "01", "pendant", "Handleden", by=petra, now=now)
    units.add_pendant(unit, "02", "fall", by=petra, now=now)
    return unit


def watches_of(*types: str) -> list[str]:
    return sorted(Watch.objects.filter(type__in=types, closed_at=None).values_list("type", flat=True))


def presses(hand_over: Callable[..., Any], number: int, device: str, at, **more: Any) -> dict[str, Any]:
    one = record(number, at=at, unit="2001", device=device, **more)
    hand_over(one, at=at)
    return one


def test_an_order_is_an_installation_until_every_button_is_heard_and_delivered_only_then(
    ordered, box, petra, hand_over, now
) -> None:
    assert watches_of("alarms.install") == ["alarms.install"]
    assert [row.order_id for row in queries.installations(petra)] == [ordered.pk]
    with pytest.raises(NotInPlace, match="provtryck från varje knapp"):
        orders.report_delivery(
            ordered, period_from=now.date(), period_to=now.date(), count=1, by=petra, now=now
        )
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    presses(hand_over, 1, "01", now)
    with pytest.raises(UnitRefused, match="från 02"):
        units.commission(box, by=petra, now=now)
    presses(hand_over, 2, "02", now)
    units.commission(box, by=petra, now=now)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.deliveries.get().count) == ("active", 1)
    assert watches_of("alarms.install") == []
    assert not Alarm.objects.exists(), "a test press disturbs nobody"


def test_what_is_installed_before_the_first_day_is_delivered_on_it(
    draft_for, astrid, norra, karin, petra, box, hand_over, house, now
) -> None:
    order = send(draft_for(astrid, kind="social_alarm", service="social_alarm"), norra, karin, now)
    orders.open_order(order, by=petra, now=now)
    order = orders.confirm_order(order, start=date(2026, 3, 9), contact="Petra", by=petra, now=now)
    units.begin_installation(box, order.pk, by=petra, now=now)
    presses(hand_over, 1, "01", now)
    presses(hand_over, 2, "02", now)
    units.commission(box, by=petra, now=now)
    assert jobs.deliver_installed(house.municipality_id, now) == 0
    assert jobs.deliver_installed(house.municipality_id, now + timedelta(days=7)) == 1
    order.refresh_from_db()
    assert order.state == "active"


def test_a_press_long_after_the_installer_left_is_shown_as_an_alarm(
    ordered, box, petra, hand_over, now
) -> None:
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    late = presses(hand_over, 1, "01", now + 3 * HOUR)
    assert Alarm.objects.filter(pk=late["id"]).exists()
    assert TestPress.objects.filter(record=late["id"]).exists(), "that it arrived is a fact all the same"


def test_a_button_nobody_entered_is_an_alarm_and_shown_to_the_installer(
    ordered, box, petra, hand_over, client_of, at, now
) -> None:
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    strange = presses(hand_over, 1, "77", now)
    assert Alarm.objects.filter(pk=strange["id"]).exists()
    page = client_of(petra).get(f"/provider/alarms/units/{box.pk}/commission").content.decode()
    assert "Knapp 77 har tryckts men är inte inlagd" in page


def test_a_press_from_somewhere_unknown_shows_nothing_of_a_button_and_the_installer_sees_why(
    ordered, box, petra, hand_over, client_of, at, now
) -> None:
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    stray = presses(hand_over, 1, "01", now, verified=False)
    assert Alarm.objects.filter(pk=stray["id"]).exists()
    with pytest.raises(UnitRefused, match="från 01, 02"):
        units.commission(box, by=petra, now=now)
    page = client_of(petra).get(f"/provider/alarms/units/{box.pk}/commission").content.decode()
    assert "från en annan avsändare" in page


def test_the_same_press_from_two_receivers_is_one_test(
    ordered, box, petra, hand_over, other_receiver_key, now
) -> None:
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    one = presses(hand_over, 1, "01", now)
    hand_over(one | {"number": 9}, key=other_receiver_key)
    assert (TestPress.objects.count(), Alarm.objects.count()) == (1, 0)


def test_in_a_monthly_test_the_first_press_is_the_test_and_the_next_asks_for_help(
    astrids_unit, petra, hand_over, now
) -> None:
    Pendant.objects.create(
        municipality_id=astrids_unit.municipality_id,
        unit=astrids_unit,
        device="02",
        added_at=now,
        tested_at=now,
    )
    begun = now + timedelta(days=40)
    units.begin_test(astrids_unit, by=petra, now=begun)
    hand_over(record(1, at=begun + MINUTE), at=begun + MINUTE)
    hand_over(record(2, at=begun + 1.5 * MINUTE), at=begun + 1.5 * MINUTE)
    assert not Alarm.objects.exists(), "a double press is the same test"
    hand_over(record(3, at=begun + 5 * MINUTE), at=begun + 5 * MINUTE)
    assert Alarm.objects.count() == 1
    late = begun + 20 * MINUTE
    hand_over(record(4, at=late, device="02"), at=late)
    assert Alarm.objects.get().presses == 2, "the time of the test has passed"


def test_when_all_buttons_are_pressed_the_test_is_over_at_once(astrids_unit, petra, hand_over, now) -> None:
    begun = now + timedelta(days=40)
    units.begin_test(astrids_unit, by=petra, now=begun)
    hand_over(record(1, at=begun + MINUTE), at=begun + MINUTE)
    hand_over(record(2, at=begun + 1.2 * MINUTE), at=begun + 1.2 * MINUTE)
    assert Alarm.objects.count() == 1


def test_buttons_not_heard_for_a_month_are_one_line_for_the_team_until_all_are_pressed(
    astrids_unit, alarm_unit_for, bertil, petra, erik, hand_over, house, now
) -> None:
    alarm_unit_for(bertil, "1002")
    later = now + timedelta(days=32)
    assert jobs.remind_of_tests(house.municipality_id, now + timedelta(days=30)) == 0
    jobs.remind_of_tests(house.municipality_id, later)
    assert len(watches_of("alarms.test_overdue")) == 1
    assert queries.overdue(petra, later).count() == 2
    assert queries.overdue(erik, later).count() == 0
    hand_over(record(1, at=later), record(2, at=later, unit="1002"), at=later)
    assert queries.overdue(petra, later + MINUTE).count() == 0, "a real alarm shows it too"
    jobs.remind_of_tests(house.municipality_id, later + MINUTE)
    assert watches_of("alarms.test_overdue") == []


@pytest.mark.parametrize(
    ("fails", "works", "what"), [(16, 15, "battery"), (85, 86, "power"), (24, 113, "link"), (67, 70, "fault")]
)
def test_a_failure_is_work_that_closes_by_itself(astrids_unit, hand_over, now, fails, works, what) -> None:
    hand_over(record(1, "fault", at=now, device="", facts={"stc": fails}))
    assert watches_of("alarms.battery", "alarms.power", "alarms.link", "alarms.fault") == [f"alarms.{what}"]
    unverified = record(2, "restored", at=now, device="", facts={"stc": works}, verified=False)
    hand_over(unverified)
    assert watches_of(f"alarms.{what}"), "from somewhere unknown it closes nothing"
    hand_over(record(3, "restored", at=now, device="", facts={"stc": works}))
    assert watches_of(f"alarms.{what}") == []


def test_the_battery_of_a_button_and_of_the_unit_are_two_things(astrids_unit, hand_over, now) -> None:
    hand_over(record(1, "fault", at=now, device="", facts={"stc": 16}))
    hand_over(record(2, "fault", at=now, device="01", facts={"stc": 16}))
    assert watches_of("alarms.battery") == ["alarms.battery"] * 2
    hand_over(record(3, "restored", at=now, device="01", facts={"stc": 15}))
    assert watches_of("alarms.battery") == ["alarms.battery"]


def test_a_short_power_cut_disturbs_nobody(astrids_unit, hand_over, now) -> None:
    hand_over(record(1, "fault", at=now, device="", facts={"stc": 85}))
    assert Watch.objects.get(type="alarms.power").shown_from == now + timedelta(minutes=30)


def test_one_silent_unit_is_a_task_that_goes_when_it_is_heard(
    astrids_unit, petra, hand_over, client_of, at, now
) -> None:
    hand_over(record(1, "silent", at=now, device="", facts={"since": 180, "last": now.timestamp() - 180}))
    assert watches_of("alarms.silent") == ["alarms.silent"]
    page = client_of(petra).get("/provider/alarms/state").content.decode()
    assert "Astrid Lindqvist" in page
    hand_over(record(2, "heard", at=now + MINUTE, device=""), at=now + MINUTE)
    astrids_unit.refresh_from_db()
    assert (watches_of("alarms.silent"), astrids_unit.silent_since) == ([], None)
    assert astrids_unit.heard_at == now + MINUTE


def test_a_receiver_that_is_not_heard_is_shown_at_once_and_told_of_after_a_minute(
    astrids_unit, receiver_key, hand_over, petra, duty, house, client_of, at, now
) -> None:
    hand_over()
    at(now + timedelta(seconds=20))
    assert "Inte hörd på 20 sekunder" in client_of(petra).get("/provider/alarms/state").content.decode()
    assert jobs.watch_receivers(house.municipality_id, now + timedelta(seconds=50)) == 0
    assert jobs.watch_receivers(house.municipality_id, now + timedelta(seconds=61)) == 2
    assert jobs.watch_receivers(house.municipality_id, now + timedelta(seconds=76)) == 0
    assert watches_of("alarms.receiver_lost", "alarms.receiver_lost_duty") == [
        "alarms.receiver_lost",
        "alarms.receiver_lost_duty",
    ]
    hand_over(at=now + 2 * MINUTE)
    jobs.watch_receivers(house.municipality_id, now + 2 * MINUTE)
    assert watches_of("alarms.receiver_lost", "alarms.receiver_lost_duty") == []


def test_what_a_receiver_says_is_wrong_stands_in_words(
    astrids_unit, hand_over, petra, client_of, at, now
) -> None:
    said = {"peer": "lost", "free_share": 0.1, "lag_s": 40, "troubles": ["clock_stepped"], "sync_p99_ms": 300}
    hand_over(health=said)
    page = client_of(petra).get("/provider/alarms/state").content.decode()
    for words in (
        "inte den andra larmmottagaren",
        "Bara 10 procent",
        "släpar 40",
        "klocka har ändrats",
        "långsam",
    ):
        assert words in page


def test_what_a_receiver_does_not_say_is_not_wrong(
    astrids_unit, hand_over, petra, client_of, at, now
) -> None:
    hand_over(health={"free_share": None, "peer": "none", "troubles": [], "lag_s": 0})
    page = client_of(petra).get("/provider/alarms/state").content.decode()
    assert ">Svarar<" in page
    assert "procent" not in page


def test_a_unit_moved_must_be_heard_anew_and_leaves_work_where_it_was(
    ordered, box, petra, hand_over, draft_for, bertil, norra, karin, client_of, at, now
) -> None:
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    presses(hand_over, 1, "01", now)
    presses(hand_over, 2, "02", now)
    units.commission(box, by=petra, now=now)
    other = send(draft_for(bertil, kind="social_alarm", service="social_alarm"), norra, karin, now)
    orders.open_order(other, by=petra, now=now)
    orders.confirm_order(other, start=date(2026, 3, 2), contact="Petra", by=petra, now=now)
    outbox.deliver_waiting()
    browser, address = client_of(petra), f"/provider/alarms/units/{box.pk}/move"
    assert "Bertil" in browser.get(address).content.decode()
    assert browser.post(address).status_code == 422
    said = {"order": str(other.pk), "submission_key": str(uuid4())}
    assert browser.post(address, said)["Location"].endswith("/commission")
    moved = AlarmUnit.objects.get(pk=box.pk)
    assert (moved.person_id, moved.state) == (bertil.pk, "installing")
    assert [one.tested_at for one in queries.pendants(moved)] == [None, None]
    assert watches_of("alarms.install") == ["alarms.install"] * 2


def test_a_returned_unit_keeps_its_history_and_frees_its_number(astrids_unit, petra, now) -> None:
    units.return_unit(astrids_unit, by=petra, now=now)
    again = units.add_unit("1001", by=petra, now=now)
    with pytest.raises(UnitRefused, match="återlämnad"):
        units.add_pendant(astrids_unit, "05", "pendant", by=petra, now=now)
    assert AlarmUnit.objects.filter(number="1001").count() == 2
    assert UnitEvent.objects.filter(unit=astrids_unit, what="returned").count() == 1
    with pytest.raises(UnitRefused, match="finns redan"):
        units.add_unit("1001", by=petra, now=now)
    assert again.state == "planned"


def test_a_unit_fetched_home_when_the_order_ends(ordered, box, petra, karin, hand_over, now) -> None:
    units.begin_installation(box, ordered.pk, by=petra, now=now)
    orders.end_order(ordered, end_date=now.date(), reason="moved", by=karin, now=now)
    outbox.deliver_waiting()
    assert watches_of("alarms.fetch", "alarms.install") == ["alarms.fetch"]
    units.return_unit(box, by=petra, now=now)
    assert watches_of("alarms.fetch", "alarms.install") == []


def test_what_stops_working_is_told_by_operator_and_modem(petra, client_of, at, now) -> None:
    for number, modem, operator, second in (
        ("1", "2g", "Telia", ""), ("2", "2g", "Tele2", "Telia"), ("3", "3g", "Tre", ""), ("4", "4g", "Telenor", ""),
        ("5", "4g_volte", "Telia", ""), ("6", "unknown", "", ""),
    ):  # fmt: skip
        units.add_unit(number, by=petra, now=now, modem=modem, operator=operator, second_operator=second)
    found = {one.unit.number: one for one in queries.ending(petra)}
    assert set(found) == {"1", "2", "3", "4", "6"}
    assert {number for number, one in found.items() if one.already} == {"3"}
    assert found["1"].on == found["2"].on == date(2027, 12, 31)
    browser = client_of(petra)
    assert "Tele2" in browser.get("/provider/alarms/units/ending").content.decode()
    rows = browser.get("/provider/alarms/units/ending.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 6
    assert "2025-12-31" in rows[1]


def test_another_providers_unit_is_not_there(astrids_unit, erik, lena, karin, client_of, at, now) -> None:
    for address in ("", "/change", "/return", "/commission", "/commission/piece"):
        assert client_of(erik).get(f"/provider/alarms/units/{astrids_unit.pk}{address}").status_code == 404
        assert client_of(karin).get(f"/provider/alarms/units/{astrids_unit.pk}{address}").status_code == 404
    assert "1001" not in client_of(erik).get("/provider/alarms/units").content.decode()
    assert may(lena, "alarms.units", astrids_unit)
    with pytest.raises(Refused):
        units.return_unit(astrids_unit, by=erik, now=now)


def test_the_way_of_a_unit_in_the_browser(ordered, petra, hand_over, client_of, at, now) -> None:
    browser = client_of(petra)

    def post(address: str, **said: str) -> Any:
        return browser.post(f"/provider/alarms/{address}", said | {"submission_key": str(uuid4())})

    assert post("units/new", number="", interval="60", risk="1").status_code == 422
    made = post(
        "units/new", number="2001", interval="60", risk="3", profile="scaip", modem="5g", model="Trygg 5"
    )
    unit = AlarmUnit.objects.get(number="2001")
    assert made["Location"].endswith(f"/units/{unit.pk}")
    assert "Astrid Lindqvist" in browser.get("/provider/alarms/installations").content.decode()
    assert post(f"installations/{ordered.pk}").status_code == 422
    assert post(f"installations/{ordered.pk}", unit=str(unit.pk))["Location"].endswith("/commission")
    post(f"units/{unit.pk}/pendants", **{"pendant-device": "01", "pendant-kind": "pendant"})
    post(f"units/{unit.pk}/commission")
    page = browser.get(f"/provider/alarms/units/{unit.pk}/commission").content.decode()
    assert "Väntar på tryck" in page
    assert "1 knapp kvar" in page
    presses(hand_over, 1, "01", now)
    assert (
        "Ta larmet i drift</button>"
        in browser.get(f"/provider/alarms/units/{unit.pk}/commission/piece").content.decode()
    )
    assert post(f"units/{unit.pk}/commission")["Location"].endswith(f"/units/{unit.pk}")
    changed = {
        "interval": "120",
        "risk": "3",
        "profile": "scaip",
        "modem": "5g",
        "keys": "Nyckel hos grannen",
    }
    post(f"units/{unit.pk}/change", **changed)
    page = browser.get(f"/provider/alarms/units/{unit.pk}").content.decode()
    for words in (
        "I drift",
        "Nyckel hos grannen",
        "var 120:e sekund",
        "Togs i drift",
        "Uppgifterna ändrades",
    ):
        assert words in page
    assert "2001" in browser.get("/provider/alarms/units?state=active&modem=5g").content.decode()
    assert post(f"units/{unit.pk}/test").status_code == 302
    assert "Provtryck pågår till 09:15" in browser.get(f"/provider/alarms/units/{unit.pk}").content.decode()
    assert post(f"pendants/{Pendant.objects.get(unit=unit).pk}/remove").status_code == 302
    assert "Inga knappar" in browser.get(f"/provider/alarms/units/{unit.pk}").content.decode()
    assert "inte larma" in browser.get(f"/provider/alarms/units/{unit.pk}/return").content.decode()
    post(f"units/{unit.pk}/return")
    assert "Återlämnad" in browser.get(f"/provider/alarms/units/{unit.pk}").content.decode()


def test_a_watch_about_a_button_leads_to_its_unit(astrids_unit, petra, client_of, at) -> None:
    button = Pendant.objects.get(unit=astrids_unit)
    for key in (button.pk, astrids_unit.pk):
        answer = client_of(petra).get(f"/provider/alarms/units/of/{key}")
        assert answer["Location"].endswith(f"/units/{astrids_unit.pk}")
