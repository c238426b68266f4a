"""A call that has come stands in the alarm without a press; so does what was done at a receiver, with its place."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from livlina.provider.alarms import wording
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.actions.calls import same_line
from livlina.provider.alarms.actions.receivers import register_switchboard
from livlina.provider.alarms.models import AlarmEvent, Switchboard
from livlina.provider.alarms.tests.fixtures import BUTTON, record

URL = "/api/v1/alarms/calls"


@pytest.fixture
def switchboard_key(house, now) -> str:
    """The key of the telephone exchange of the alarm team."""
    return register_switchboard("Larmväxeln", by=house, now=now)[1]


def ring(browser: Any, key: str, number: str) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return browser.post(URL, json.dumps({"number": number}), content_type="application/json", headers=headers)


def came(alarm: Any) -> list[tuple[str, str]]:
    return list(AlarmEvent.objects.filter(alarm=alarm, did="call_came").values_list("by_name", "text"))


def test_a_call_from_the_units_number_stands_in_the_alarm_by_itself(
    at, client, client_of, switchboard_key, astrids_alarm, ali, now
) -> None:
    at(now + timedelta(seconds=20))
    answer = ring(client, switchboard_key, "0700000112").json()
    assert answer == {"page": f"/provider/alarms/{astrids_alarm.pk}"}
    assert came(astrids_alarm) == [("Larmväxeln", "Från 070-000 01 12.")]
    deeds.accept(astrids_alarm.pk, by=ali, now=now + timedelta(seconds=25))
    at(now + timedelta(minutes=3))
    page = client_of(ali).get(answer["page"]).content.decode()
    assert "Samtalet kom fram</b> · Larmväxeln" in page
    assert ">Inget samtal kom</button>" not in page, "nothing is asked that is known"
    assert "Inget samtal från larmet har kommit" not in page


def test_it_rings_at_several_places_and_is_one_call_and_a_later_call_is_another(
    at, client, switchboard_key, astrids_alarm, now
) -> None:
    for seconds in (10, 11, 12, 90):
        at(now + timedelta(seconds=seconds))
        assert ring(client, switchboard_key, "+46 700 00 01 12").json()["page"]
    assert len(came(astrids_alarm)) == 2


def test_a_number_no_open_alarm_has_is_kept_nowhere(
    client, switchboard_key, astrids_alarm, ali, house, now
) -> None:
    for number in ("0700000113", "", "anonymous", "sip:växel@example.com"):
        assert ring(client, switchboard_key, number).json() == {"page": None}
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    deeds.close(astrids_alarm.pk, "by_mistake", "Kom åt knappen.", by=ali, now=now)
    assert ring(client, switchboard_key, "0700000112").json() == {"page": None}
    assert came(astrids_alarm) == []


def test_with_an_exchange_the_page_says_that_no_call_came_instead_of_asking(
    at, client_of, switchboard_key, astrids_alarm, ali, now
) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now + timedelta(seconds=5))
    at(now + timedelta(seconds=90))
    page = client_of(ali).get(f"/provider/alarms/{astrids_alarm.pk}").content.decode()
    assert "Inget samtal från larmet har kommit till Larmväxeln." in page
    Switchboard.objects.update(ended_at=now)
    page = client_of(ali).get(f"/provider/alarms/{astrids_alarm.pk}").content.decode()
    assert "Kom det något samtal från larmet?" in page


def test_a_strangers_key_and_a_receivers_key_open_nothing(
    client, switchboard_key, receiver_key, astrids_alarm
) -> None:
    for key in ("", "asvalla.wrong", receiver_key, "sjohaga." + switchboard_key.partition(".")[2]):
        assert ring(client, key, "0700000112").status_code == 401
    assert came(astrids_alarm) == []


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("070-000 01 12", "46700000112"),
        ("0046 70 000 01 12", "46700000112"),
        ("+46700000112", "46700000112"),
        ("SIP:Larm17@vaxel.example;user=phone", "larm17@vaxel.example"),
        ("anonymous", ""),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str, line: str) -> None:
    assert same_line(written) == line


def test_support_enters_an_exchange_and_its_key_is_shown_once(
    anders, petra, client, client_of, astrids_alarm
) -> None:
    browser, address = client_of(anders), "/operations/alarms/switchboards/add"
    assert client_of(petra).post(address, {"exchange-name": "x"}).status_code == 404
    assert browser.post(address, {"exchange-name": ""}).status_code == 422
    keys = [
        browser.post(address, {"exchange-name": "Larmväxeln"})
        .content.decode()
        .partition("<code>")[2]
        .partition("<")[0]
        for _ in range(2)
    ]
    assert [ring(client, key, "0700000112").status_code for key in keys] == [401, 200]
    assert "har inte meddelat" not in browser.get("/operations/alarms/receivers").content.decode()
    browser.post(f"/operations/alarms/switchboards/{Switchboard.objects.get().pk}/end")
    assert ring(client, keys[1], "0700000112").status_code == 401


def test_what_was_done_on_a_receivers_page_is_told_with_where_and_when(
    at, client_of, hand_over, astrids_alarm, ali, now
) -> None:
    def deed(number: int, did: str, seconds: int, **said: str) -> dict[str, Any]:
        facts = {"did": did, "alarm": str(astrids_alarm.pk), "by": "Ali Hassan"} | said
        return record(number, "deed", at=now + timedelta(seconds=seconds), unit="", facts=facts)

    later = now + timedelta(minutes=20)
    hand_over(
        deed(2, "signed_in", -3600, alarm=""),
        deed(3, "signed_in", 20, alarm=""),
        deed(4, "signed_in", 25, alarm="", by="Petra Nyström"),
        deed(5, "told", 16, by="Larmmottagaren", note="SMS till 0700000001"),
        deed(6, "accepted", 30),
        deed(7, "noted", 60, note="På väg dit."),
        at=later,
    )
    at(later)
    page = " ".join(client_of(ali).get(f"/provider/alarms/{astrids_alarm.pk}").content.decode().split())
    assert page.count("Loggade in</b> · Ali Hassan") == 1, "the last time before it, and nobody else's"
    assert "09.00.20</time><b>Loggade in" in page
    assert 'På väg dit.<br><span class="lv-muted">På larmmottagarens egen sida: Mottagare A. Kom hit' in page
    assert "Av larmmottagaren själv: Mottagare A" in page


def test_a_panels_zone_is_its_button(hand_over, alarm_unit_for, bertil, now) -> None:
    panel = alarm_unit_for(bertil, "1700", profile="dc09", state="installing")
    press = record(
        1, at=now, unit="1700", device="", id=str(uuid4()), facts=BUTTON | {"zone": "07", "code": "MA"}
    )
    hand_over(press)
    assert list(panel.events.values_list("what", "codes")) == [("unknown_pendant", ["07"])]


@pytest.mark.parametrize(
    ("said", "dialled", "read"),
    [
        ("gsm:+46701740622", "+46701740622", "070-174 06 22"),
        ("gsm:46701740622", "+46701740622", "070-174 06 22"),
        ("tel:0980319200", "0980319200", "0980319200"),
        ("gsm:46313900603", "+46313900603", "+46313900603"),
        ("gsm:+", "", ""),
        ("sip:larm@vaxel.example", "sip:larm@vaxel.example", "sip:larm@vaxel.example"),
    ],
)
def test_a_number_to_ring_can_be_dialled_and_read(said: str, dialled: str, read: str) -> None:
    number = wording.call_back({"facts": {"crd": [said]}})
    assert (number, wording.readable(number)) == (dialled, read)
