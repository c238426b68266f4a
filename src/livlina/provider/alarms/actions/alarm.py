"""What staff do about an alarm: take it, call, go there, hand it over, end it. Each is one row among its events."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, may
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.alarms.actions.closing import write_entry
from livlina.provider.alarms.actions.deeds_there import NOBODY
from livlina.provider.alarms.actions.holding import happened, hold, turn
from livlina.provider.alarms.models import Alarm, AlarmEvent, AlarmUnit, OnCall
from livlina.provider.alarms.models.words import OUTCOMES

CALLS = ("called", "call_came", "no_call")
ORDER = {"accepted": 1, "on_way": 2, "on_site": 3}


class AlarmFault(Exception):
    """It could not be done. The sentence is for a person, in Swedish."""


@transaction.atomic
def accept(pk: UUID, *, by: Actor, now: datetime) -> Alarm:
    """Take the alarm: one wins, and whoever presses a moment later is told who. Taken twice by the same is taken once.

    What was accepted on the receiver's own page by somebody we do not know may be taken over. Raises AlarmFault.
    """
    alarm = hold(pk, "alarms.answer", by)
    if alarm.holder_id == by.user_id and alarm.state != "waiting":
        return alarm
    if alarm.state == "closed":
        raise AlarmFault(f"Larmet är redan avslutat: {alarm.get_outcome_display().lower()}.")
    if alarm.state != "waiting" and alarm.holder_id != NOBODY:
        raise AlarmFault(f"{alarm.holder_name} har redan tagit emot larmet.")
    over = alarm.state != "waiting"
    _give(alarm, by)
    if not over:
        alarm.state, alarm.accepted_at, alarm.next_at = "accepted", max(now, alarm.pressed_at), None
    alarm.save(update_fields=["state", "accepted_at", "next_at", *HOLDER])
    happened(alarm, "handed_over" if over else "accepted", by=by, now=now, to_name=by.name if over else "")
    return alarm


@transaction.atomic
def offer(pk: UUID, to_user_id: int, *, by: Actor, now: datetime) -> Alarm:
    """Ask a colleague to take the alarm over. Until they have, it stays with whoever has it. Raises AlarmFault."""
    alarm = _mine(pk, by)
    colleague = next((one for one in colleagues(alarm, now=now) if one[0] == to_user_id), None)
    if colleague is None or to_user_id == by.user_id:
        raise AlarmFault("Välj en kollega som är i tjänst i teamet.")
    if alarm.offered_to_id == to_user_id:
        return alarm
    alarm.offered_to_id, alarm.offered_to_name = colleague
    alarm.save(update_fields=["offered_to_id", "offered_to_name"])
    happened(alarm, "offered", by=by, now=now, to_name=colleague[1])
    return alarm


@transaction.atomic
def answer_offer(pk: UUID, *, agree: bool, by: Actor, now: datetime) -> Alarm:
    """Take an alarm over that one was asked to, or decline. Answered twice is answered once. Raises AlarmFault."""
    alarm = hold(pk, "alarms.answer", by)
    if alarm.holder_id == by.user_id and agree:
        return alarm
    if alarm.offered_to_id != by.user_id or alarm.state == "closed":
        raise AlarmFault("Du är inte längre tillfrågad om det här larmet.")
    before = alarm.holder_name
    alarm.offered_to_id, alarm.offered_to_name = None, ""
    if agree:
        _give(alarm, by)
    alarm.save(update_fields=HOLDER)
    if agree:
        happened(alarm, "handed_over", by=by, now=now, to_name=by.name, text=f"Från {before}.")
    else:
        happened(alarm, "declined", by=by, now=now, to_name=before)
    return alarm


@transaction.atomic
def move(pk: UUID, state: str, *, by: Actor, now: datetime) -> Alarm:
    """Say that one is on the way, or there. Said again, or too late, it changes nothing. Raises AlarmFault."""
    alarm = _mine(pk, by)
    if ORDER[state] <= ORDER[alarm.state]:
        return alarm
    alarm.state = state
    setattr(alarm, f"{state}_at", now)
    alarm.save(update_fields=["state", f"{state}_at"])
    happened(alarm, state, by=by, now=now)
    return alarm


@transaction.atomic
def call(pk: UUID, did: str, *, by: Actor, now: datetime) -> Alarm:
    """Note a call: that one rang, that the unit's call came, or that none did. Raises AlarmFault."""
    if did not in CALLS:
        raise AlarmFault("Välj vad som hände med samtalet.")
    alarm = _mine(pk, by)
    happened(alarm, did, by=by, now=now, text=alarm.call_back if did == "called" else "")
    return alarm


@transaction.atomic
def note(pk: UUID, text: str, *, by: Actor, now: datetime) -> Alarm:
    """Add a line to what has happened. The same line twice within a minute is one. Raises AlarmFault."""
    text = " ".join(text.split())[:300]
    if not text:
        raise AlarmFault("Skriv vad du vill anteckna.")
    alarm = hold(pk, "alarms.answer", by)
    last = AlarmEvent.objects.filter(alarm=alarm, did="noted", by_id=by.user_id).order_by("-number").first()
    if last is None or last.text != text or (now - last.at).total_seconds() > 60:
        happened(alarm, "noted", by=by, now=now, text=text)
    return alarm


@transaction.atomic
def close(pk: UUID, outcome: str, text: str, *, by: Actor, now: datetime) -> Alarm:
    """End the alarm with how it went and a note, which becomes an entry in the person's journal.

    Closed twice it is closed once, with one entry. Raises AlarmFault.
    """
    alarm = hold(pk, "alarms.answer", by)
    if alarm.state == "closed":
        if alarm.holder_id == by.user_id and alarm.outcome == outcome:
            return alarm
        raise AlarmFault(f"Larmet är redan avslutat: {alarm.get_outcome_display().lower()}.")
    if alarm.state == "waiting":
        raise AlarmFault("Ta emot larmet först.")
    if alarm.holder_id != by.user_id:
        raise AlarmFault(f"{alarm.holder_name} har larmet. Ta över det först, eller skriv en anteckning.")
    if outcome not in dict(OUTCOMES):
        raise AlarmFault("Välj hur det gick.")
    if not text.strip():
        raise AlarmFault("Skriv kort vad som hände.")
    alarm.state, alarm.outcome, alarm.closed_at = "closed", outcome, max(now, alarm.accepted_at or now)
    alarm.offered_to_id, alarm.offered_to_name = None, ""
    alarm.save(update_fields=["state", "outcome", "closed_at", "offered_to_id", "offered_to_name"])
    write_entry(alarm, text, by=by, now=now)
    happened(alarm, "closed", by=by, now=now, text=alarm.get_outcome_display())
    outbox.announce("alarm.closed", alarm, now=now)
    return alarm


@transaction.atomic
def tie(pk: UUID, number: str, *, by: Actor, now: datetime) -> Alarm:
    """Say which unit an unknown alarm came from: one of the actor's own team. Raises AlarmFault."""
    alarm = _mine(pk, by)
    if alarm.unit_id is not None:
        return alarm
    rows = AlarmUnit.objects.exclude(state="returned").select_related("person")
    unit = rows.filter(number=number.strip(), team_id=by.unit_id).first()
    if unit is None:
        raise AlarmFault("Ditt team har ingen larmenhet med det numret.")
    alarm.unit, alarm.person, alarm.team_id = unit, unit.person, unit.team_id
    alarm.save(update_fields=["unit", "person", "team"])
    happened(alarm, "tied", by=by, now=now, text=f"Larmenhet {unit.number}.")
    return alarm


@transaction.atomic
def open_protected(pk: UUID, *, by: Actor, now: datetime) -> Alarm:
    """Open who a protected person is, to be able to help: for whoever has the alarm. A manager looks at it afterwards."""
    alarm = _mine(pk, by)
    if not AlarmEvent.objects.filter(alarm=alarm, did="opened", by_id=by.user_id).exists():
        reason = "Larm: uppgifterna behövdes för att hjälpa."
        audit.read(
            by,
            "alarms.read",
            now=now,
            person_id=alarm.person_id,
            obj=alarm,
            review="protected",
            reason=reason,
        )
        happened(alarm, "opened", by=by, now=now, text=reason)
    return alarm


@transaction.atomic
def shown(alarms: list[Alarm], *, by: Actor, now: datetime) -> None:
    """Record that these alarms have been on somebody's screen; each person's first sight of each."""
    demand(by, "alarms.read")
    turn(by.municipality_id)
    seen = AlarmEvent.objects.filter(alarm__in=alarms, did="shown", by_id=by.user_id)
    known = set(seen.values_list("alarm_id", flat=True))
    for alarm in alarms:
        if alarm.pk not in known:
            happened(alarm, "shown", by=by, now=now)
            protected = alarm.person is not None and alarm.person.is_protected
            if protected and not may(by, "people.read", alarm.person):
                continue  # it was on the screen without saying who it is
            review = "protected" if protected else ""
            audit.read(by, "alarms.read", now=now, person_id=alarm.person_id, obj=alarm, review=review)


def colleagues(alarm: Alarm, *, now: datetime) -> list[tuple[int, str]]:
    """Return who could take an alarm over: everyone in its team today, and whoever is on call for it, by name."""
    on_call = OnCall.objects.filter(team_id=alarm.team_id, starts_at__lte=now, ends_at__gt=now)
    here = Q(unit_id=alarm.team_id) | Q(pk__in=on_call.values("assignment_id"))
    rows = Assignment.objects.valid(day_of(now)).filter(here).exclude(user__is_active=False)
    people = rows.values_list("user_id", "user__name")
    return sorted(set(people), key=lambda one: one[1])


HOLDER = ("holder_id", "holder_name", "offered_to_id", "offered_to_name")


def _give(alarm: Alarm, by: Actor) -> None:
    alarm.holder_id, alarm.holder_name = by.user_id, by.name[:160]
    alarm.offered_to_id, alarm.offered_to_name = None, ""


def _mine(pk: UUID, by: Actor) -> Alarm:
    """Hold an alarm that the actor has. Raises AlarmFault with who has it."""
    alarm = hold(pk, "alarms.answer", by)
    if alarm.state == "closed":
        raise AlarmFault(f"Larmet är redan avslutat: {alarm.get_outcome_display().lower()}.")
    if alarm.state == "waiting":
        raise AlarmFault("Ta emot larmet först.")
    if alarm.holder_id != by.user_id:
        raise AlarmFault(f"{alarm.holder_name} har larmet.")
    return alarm
