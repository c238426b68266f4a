"""Units and a call round, with something on every page of theirs: for `tests/browser`, which walks through all pages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from livlina.core import outbox
from livlina.core.access import system
from livlina.core.models import Unit
from livlina.core.tenancy import EVERYTHING
from livlina.provider.alarms.actions import crisis, units
from livlina.provider.alarms.actions.receivers import register_receiver
from livlina.provider.alarms.models import AlarmUnit, CallEntry, Pendant, Receiver, UnitEvent
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Provider
from livlina.registers.orders.tests.fixtures import provider, send
from livlina.registers.people import actions as people

CAUSE = "Mobiloperatören Telia: 2 av 2 larm har tystnat, men bara 0 av 40 övriga."


def fill(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return what addresses may name: `unit`, `installing`, `button`, `alarm_order`, `round`, `entry`, `closed_round`."""
    petra, now = get("petra"), get("now")
    house = system(petra.municipality_id, EVERYTHING)
    made: dict[str, Any] = {"team": Unit.objects.get(pk=petra.unit_id)}
    for number, name, risk in (("1001", "astrid", 2), ("1002", "bertil", 3), ("1003", "hidden", 1)):
        made[name] = _home(found[name], petra, house, now, number, risk)
    for code in ("a", "b"):
        register_receiver(code, f"Mottagare {code.upper()}", by=house, now=now)
    said = {"peer": "lost", "free_share": 0.12, "heard_today": 3}
    Receiver.objects.filter(code="a").update(last_at=now + timedelta(hours=5), health=said)
    made["receiver"] = Receiver.objects.get(code="a")
    old = crisis.open_round(AlarmUnit.objects.filter(number="1001"), "Övning i mars.", by=petra, now=now)
    crisis.press(CallEntry.objects.get(round=old), "ok", seen=None, by=petra, now=now)
    crisis.close_round(old, by=petra, now=now)
    AlarmUnit.objects.filter(number__in=("1001", "1002")).update(silent_since=now)
    going_on = crisis.open_round(AlarmUnit.objects.filter(state="active"), CAUSE, by=house, now=now)
    crisis.hand_over(going_on, "Bertil är hos sin son till i kväll.", by=petra, now=now)
    rung = CallEntry.objects.get(round=going_on, person=found["astrid"])
    crisis.press(rung, "no_answer", seen=None, note="Signalen gick fram.", by=petra, now=now)
    outbox.deliver_waiting()
    return _installations(get, found) | {
        "unit": made["astrid"], "button": Pendant.objects.filter(unit=made["astrid"]).first(), "round": going_on,
        "entry": rung, "hidden_entry": CallEntry.objects.get(round=going_on, person=found["hidden"]),
        "closed_round": old, "receiver": made["receiver"], "alarm_team": made["team"],
    }  # fmt: skip


def _home(person: Any, petra: Any, house: Any, now: Any, number: str, risk: int) -> AlarmUnit:
    unit = AlarmUnit.objects.create(
        municipality_id=petra.municipality_id, number=number, person=person, state="active", team_id=petra.unit_id,
        model="Klara 2", modem="2g", operator="Telia", sim="8999004711", area="Centrum", risk=risk,
        risks="Har ramlat flera gånger. Blodförtunnande medicin.", keys="Portkod 1212. Nyckelskåp vid dörren.",
        installed_at=now - timedelta(days=60), heard_at=now - timedelta(minutes=4),
    )  # fmt: skip
    for device, kind in (("01", "pendant"), ("02", "fall")):
        Pendant.objects.create(
            municipality_id=unit.municipality_id, unit=unit, device=device, kind=kind, place="Runt halsen",
            added_at=now, tested_at=now - timedelta(days=45),
        )  # fmt: skip
    people.grant_reach(person, petra.unit_id, source=f"alarm:{number}", reason="order", by=house, now=now)
    UnitEvent.objects.create(
        municipality_id=unit.municipality_id, unit=unit, what="fault", at=now, codes=["alarms.battery", "16", "01"]
    )  # fmt: skip
    return unit


def _installations(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """Two orders of social alarms: one nobody has begun on, one where a button has been heard and another not."""
    petra, karin, now = get("petra"), get("karin"), get("now")
    norra = orders_provider(petra, now)
    confirmed = []
    for person in (found["astrid"], found["bertil"]):
        order = get("draft_for")(person, kind="social_alarm", service="social_alarm")
        send(order, norra, karin, now)
        orders.open_order(order, by=petra, now=now)
        confirmed.append(
            orders.confirm_order(order, start=date(2026, 3, 2), contact="Petra", by=petra, now=now)
        )
    units.add_unit("2002", model="Nära 300", modem="4g_volte", operator="Tele2", by=petra, now=now)
    unit = units.add_unit(
        "2001", model="Solvik Duo", modem="3g", operator="Tre", second_operator="Telia", by=petra, now=now
    )
    units.add_pendant(unit, "01", "pendant", "Runt halsen", by=petra, now=now)
    units.add_pendant(unit, "02", "smoke", "Hallen", by=petra, now=now)
    unit = units.begin_installation(unit, confirmed[1].pk, by=petra, now=now + timedelta(hours=4))
    Pendant.objects.filter(unit=unit, device="01").update(tested_at=now + timedelta(hours=4))
    return {"alarm_order": confirmed[0], "installing": unit}


def orders_provider(petra: Any, now: Any) -> Any:
    """Petra's unit as a provider of social alarms."""
    there = Provider.objects.filter(unit_id=petra.unit_id).first()
    return there or provider(petra, "Norra hemtjänsten AB", now)
