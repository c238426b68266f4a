"""Alarms in every state, with something on every page about them: for `tests/browser`, which walks through all pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from livlina.core.access import system
from livlina.core.tenancy import EVERYTHING
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.actions import exchange, rota
from livlina.provider.alarms.actions.holding import turn
from livlina.provider.alarms.models import Alarm, AlarmUnit, Receiver
from livlina.provider.alarms.tests.fixtures import record


def fill(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return what addresses may name: `waiting_alarm`, `taken_alarm`, `hidden_alarm`, `unknown_alarm`, `closed_alarm`.

    The units and receivers are those of `pages_units`.
    """
    ali, petra, now = get("ali"), get("petra"), get("now")
    house = system(petra.municipality_id, EVERYTHING)
    units = dict(AlarmUnit.objects.filter(state="active").values_list("person_id", "number"))
    press = {name: units[found[name].pk] for name in ("astrid", "bertil", "hidden")}
    yesterday, lately = now - timedelta(days=1), now + timedelta(hours=4, minutes=55)
    told = {"closed": press["astrid"]}
    made = _hand_over(told, yesterday, house, 1)
    deeds.accept(made["closed"].pk, by=ali, now=yesterday + timedelta(seconds=40))
    deeds.close(
        made["closed"].pk,
        "helped_by_visit",
        "Hade ramlat i hallen.",
        by=ali,
        now=yesterday + timedelta(minutes=9),
    )
    told = {
        "waiting": press["astrid"],
        "taken": press["bertil"],
        "hidden": press["hidden"],
        "unknown": "9999",
    }
    made |= _hand_over(told, lately, house, 2)
    for name in ("taken", "hidden", "unknown"):
        deeds.accept(made[name].pk, by=ali, now=lately + timedelta(seconds=20))
    deeds.move(made["taken"].pk, "on_way", by=ali, now=lately + timedelta(seconds=50))
    deeds.offer(made["taken"].pk, petra.user_id, by=ali, now=lately + timedelta(seconds=60))
    rota.add(
        ali.assignment_id, 1, now, now + timedelta(hours=15), area="Centrum", skill="fall", by=petra, now=now
    )
    rota.reach_me("sms", "070-000 00 01", by=ali, now=now)
    rota.make_code(by=ali, now=now)
    return {f"{name}_alarm": alarm for name, alarm in made.items()}


def _hand_over(told: dict[str, str], at: Any, house: Any, first: int) -> dict[str, Alarm]:
    records = [record(number, at=at, unit=unit) for number, unit in enumerate(told.values(), first)]
    turn(house.municipality_id)
    exchange.take(Receiver.objects.get(code="a"), records, by=house, now=at)
    return {name: Alarm.objects.get(pk=one["id"]) for name, one in zip(told, records, strict=True)}
