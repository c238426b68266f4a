"""S4. Alarms travel over the same mobile masts as phones; a disturbance there silences many at once.

Many are told apart from one, and what they have in common is named: one silent unit is a task for its team, many are
one round with one cause, however many records of how many receivers tell of it.
"""

from datetime import timedelta

from livlina.provider.alarms.models import AlarmUnit, CallEntry, CallRound, Silence
from livlina.provider.alarms.tests.fixtures import record
from livlina.registers.watches.models import Watch

MINUTE = timedelta(minutes=1)
CAUSE = "Alla tysta larm sänder genom Telia. Troligen en störning hos operatören."


def open_watches(kind: str) -> int:
    return Watch.objects.filter(type=kind, closed_at=None).count()


def test_s4_a_silent_mast_is_one_incident_with_its_cause_and_one_silent_unit_is_a_task(
    alarm_unit_for, astrid, bertil, anna, petra, hand_over, other_receiver_key, client_of, now
) -> None:
    for number, person in (("4001", astrid), ("4002", bertil)):
        alarm_unit_for(person, number, operator="Telia", second_operator="", heard_at=now)
    alarm_unit_for(anna, "4003", operator="Tele2", heard_at=now)

    hand_over(record(1, "silent", at=now, unit="4003", device="", facts={"since": 180}))
    assert (open_watches("alarms.silent"), CallRound.objects.count()) == (1, 0)

    told = {
        "group": "operator",
        "value": "Telia",
        "units": ["4001", "4002"],
        "silent": 2,
        "known": 2,
        "cause": CAUSE,
    }
    hand_over(
        record(2, "silent", at=now, unit="4001", device="", facts={"since": 180}),
        record(3, "mass_silence", at=now + MINUTE, unit="", device="", facts=told),
        record(4, "silent", at=now + MINUTE, unit="4002", device="", facts={"since": 180}),
        at=now + MINUTE,
    )
    hand_over(
        record(1, "mass_silence", at=now + 2 * MINUTE, unit="", device="", facts=told),
        key=other_receiver_key,
        at=now + 2 * MINUTE,
    )
    assert (Silence.objects.count(), CallRound.objects.count()) == (1, 1)
    assert open_watches("alarms.silent") == 1, "only Anna's: the others are on the list"
    assert sorted(CallEntry.objects.values_list("unit__number", flat=True)) == ["4001", "4002"]
    page = client_of(petra).get("/provider/alarms/state").content.decode()
    assert CAUSE in page
    assert "En ringrunda pågår" in page

    back = now + 30 * MINUTE
    hand_over(
        record(
            5, "mass_silence_over", at=back, unit="", device="", facts={"group": "operator", "value": "Telia"}
        ),
        record(6, "heard", at=back, unit="4001", device=""),
        record(7, "heard", at=back, unit="4002", device=""),
        record(8, "heard", at=back, unit="4003", device=""),
        at=back,
    )
    assert Silence.objects.get().over_at == back
    assert not AlarmUnit.objects.filter(silent_since__isnull=False).exists()
    assert (open_watches("alarms.silent"), open_watches("alarms.round")) == (0, 1)
    assert CallRound.objects.get().closed_at is None, "somebody may have pressed meanwhile: all are rung"
