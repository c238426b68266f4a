"""The crisis plan: everyone concerned is rung or visited until all are reached, by many at once and over shifts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from livlina.core import audit, bulk, outbox
from livlina.core.access import Actor, Refused, demand
from livlina.provider.alarms.actions.signals import raise_silent
from livlina.provider.alarms.models import AlarmUnit, CallAttempt, CallEntry, CallRound, Silence
from livlina.provider.alarms.models.words import REACHED, ROUND_STATES
from livlina.registers.watches import actions as watches
from livlina.registers.watches.actions import Owner

PRESSES = tuple(code for code, _ in ROUND_STATES if code != "not_tried")
ROUND_CLIMBS = timedelta(minutes=15)


class RoundRefused(Exception):
    """It could not be done. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Pressed:
    """What came of a press: the entry as it stands now, and whether somebody else had reached the person meanwhile."""

    entry: CallEntry
    overtaken: bool


@transaction.atomic
def open_round(
    units: QuerySet[AlarmUnit], reason: str, *, by: Actor, now: datetime, silence: Silence | None = None
) -> CallRound:
    """Open the crisis plan for whoever has one of these units. Raises RoundRefused without a reason or anyone to ring."""
    demand(by, "alarms.open_round")
    if not reason.strip():
        raise RoundRefused("Skriv varför ringrundan öppnas.")
    if not units.filter(state="active").exists():
        raise RoundRefused("Ingen person berörs: inga larm i drift ingår.")
    opened = CallRound.objects.create(
        municipality_id=by.municipality_id,
        silence=silence,
        reason=reason.strip()[:300],
        opened_at=now,
        opened_by=signed(by),
    )
    add_people(opened, units, by=by, now=now)
    audit.wrote(by, "alarms.open_round", now=now, obj=opened)
    outbox.announce("alarms.round_opened", opened, now=now)
    return opened


@transaction.atomic
def press(
    entry: CallEntry, state: str, *, seen: datetime | None, by: Actor, now: datetime, note: str = ""
) -> Pressed:
    """Write down one try to reach a person, and how it went. Every try stays, whatever comes after it.

    `seen` is the moment of the state the caller looked at. If somebody else reached the person meanwhile, theirs
    stands and the caller is told so. To take back that a person is reached asks for words. Raises RoundRefused.
    """
    demand(by, "alarms.call", entry)
    if state not in PRESSES:
        raise RoundRefused("Välj hur det gick.")
    hold(entry.round_id)
    entry = CallEntry.objects.select_for_update(of=("self",)).select_related("person").get(pk=entry.pk)
    reached = entry.state in REACHED
    overtaken = reached and entry.state_at != seen
    if reached and not overtaken and state not in REACHED and not note.strip():
        raise RoundRefused("Personen är redan nådd. Skriv varför det inte stämmer.")
    _tried(entry.round_id, by, now, entry=entry, state=state, note=note)
    if not overtaken:
        entry.state, entry.state_at, entry.state_by = state, now, by.name
        entry.save(update_fields=["state", "state_at", "state_by"])
        _tell_team(entry, by, now)
    audit.wrote(by, "alarms.call", now=now, obj=entry, person_id=entry.person_id, detail={"state": state})
    return Pressed(entry, overtaken)


@transaction.atomic
def hand_over(round: CallRound, note: str, *, by: Actor, now: datetime) -> CallAttempt:
    """Hand the round over to the next shift by a signed line. Raises RoundRefused without words."""
    demand(by, "alarms.crisis", round)
    hold(round.pk)
    if not note.strip():
        raise RoundRefused("Skriv vad nästa skift behöver veta.")
    line = _tried(round.pk, by, now, state="handed_over", note=note)
    audit.wrote(by, "alarms.hand_over_round", now=now, obj=round)
    return line


@transaction.atomic
def close_round(round: CallRound, *, by: Actor, now: datetime) -> CallRound:
    """Close the round. Closed twice is closed once. Raises RoundRefused as long as one person is not reached."""
    demand(by, "alarms.close_round", round)
    round = CallRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if round.closed_at is not None:
        return round
    left = CallEntry.objects.filter(round=round).exclude(state__in=REACHED).count()
    if left:
        raise RoundRefused(
            f"{left} {'person är' if left == 1 else 'personer är'} inte nådda än. "
            "Rundan avslutas när alla är nådda."
        )
    round.closed_at, round.closed_by = now, signed(by)
    round.save(update_fields=["closed_at", "closed_by"])
    watches.close_for((None, round.pk), types=["alarms.round"], why="Ringrundan är avslutad.", by=by, now=now)
    audit.wrote(by, "alarms.close_round", now=now, obj=round)
    outbox.announce("alarms.round_closed", round, now=now)
    return round


def watch_the_silent(round: CallRound, *, by: Actor, now: datetime) -> int:
    """Let each unit that is silent still when its round has closed become a task of its team, and return how many."""
    demand(by, "alarms.told")
    numbers = CallEntry.objects.filter(round=round).values("unit_id")
    silent = list(AlarmUnit.objects.filter(pk__in=numbers, state="active", silent_since__isnull=False))
    for unit in silent:
        raise_silent(unit, by=by, now=now)
    return len(silent)


def signed(by: Actor) -> str:
    """How a line of the round is signed: name and unit."""
    return f"{by.name}, {by.unit_name}"[:160] if by.unit_name else by.name[:160]


def add_people(round: CallRound, units: QuerySet[AlarmUnit], *, by: Actor, now: datetime) -> None:
    """Put on the list everyone with one of these units who is not on it: each person once. A fixed number of statements."""
    there = CallEntry.objects.filter(round=round).values("person_id")
    rows = units.filter(state="active", person__isnull=False).exclude(person_id__in=there)
    found: dict[UUID, tuple[Any, ...]] = {}
    for row in rows.order_by("-risk", "heard_at").values_list(
        "pk", "person_id", "team_id", "risk", "heard_at"
    ):
        found.setdefault(row[1], row)
    columns = ("unit_id", "person_id", "team_id", "risk", "heard_at")
    bulk.insert(
        CallEntry,
        columns,
        list(found.values()),
        once=True,
        municipality_id=round.municipality_id,
        round_id=round.pk,
    )
    for team_id in {row[2] for row in found.values()}:
        _watch(round, team_id, by, now)


def _watch(round: CallRound, team_id: UUID, by: Actor, now: datetime) -> None:
    watches.raise_watch(
        "alarms.round",
        (_label(team_id), round.pk),
        owner=Owner("provider_staff", team_id),
        due_at=now + ROUND_CLIMBS,
        by=by,
        now=now,
    )


def _tell_team(entry: CallEntry, by: Actor, now: datetime) -> None:
    """A team that has reached all of its own is done, until somebody turns out not to be reached."""
    own = CallEntry.objects.filter(round_id=entry.round_id, team_id=entry.team_id)
    if own.exclude(state__in=REACHED).exists():
        if entry.state == "no_answer":
            _watch(entry.round, entry.team_id, by, now)
        return
    source = (_label(entry.team_id), entry.round_id)
    watches.close_for(source, types=["alarms.round"], why="Alla i teamet är nådda.", by=by, now=now)


def _label(team_id: UUID) -> str:
    """What a team's own part of a round is called among the sources of watches."""
    return f"alarms.round:{team_id}"


def hold(round_id: UUID) -> CallRound:
    """The round, held until the end of the transaction. Raises RoundRefused when it is closed."""
    found = CallRound.objects.select_for_update(of=("self",)).filter(pk=round_id).first()
    if found is None:
        raise Refused("alarms.crisis")
    if found.closed_at is not None:
        raise RoundRefused("Ringrundan är avslutad.")
    return found


def _tried(
    round_id: UUID, by: Actor, now: datetime, *, state: str, note: str, entry: CallEntry | None = None
) -> CallAttempt:
    return CallAttempt.objects.create(
        municipality_id=by.municipality_id,
        round_id=round_id,
        entry=entry,
        state=state,
        at=now,
        by_id=by.user_id,
        by_name=signed(by),
        note=note.strip()[:300],
    )
