"""Call rounds as those who work on them see them, how far they have come, and what is to be said of them afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet

from livlina.core.access import Actor, allowed, fetch
from livlina.core.clock import day_of
from livlina.provider.alarms.models import (
    Alarm,
    AlarmUnit,
    CallAttempt,
    CallEntry,
    CallRound,
    Receipt,
    Receiver,
    Silence,
    UnitEvent,
)
from livlina.provider.alarms.models.words import REACHED
from livlina.provider.alarms.queries.ringing import Call, named, of_entries, of_units

PAGE = 50
LATE = timedelta(seconds=60)
BY_RISK = (F("risk").desc(), F("heard_at").asc(nulls_first=True), "pk")


@dataclass(frozen=True)
class Team:
    """How far one team has come with a round."""

    team_id: UUID
    name: str
    people: int
    reached: int
    no_answer: int

    @property
    def done(self) -> bool:
        """Whether everyone is reached."""
        return self.people == self.reached

    @property
    def not_tried(self) -> int:
        """How many nobody has tried to reach yet."""
        return self.people - self.reached - self.no_answer


@dataclass(frozen=True)
class Late:
    """An alarm that did not come as it should: how late, and whether only one receiver had it."""

    alarm: Alarm
    seconds: int
    alone: bool


@dataclass(frozen=True)
class Told:
    """One person of a round, afterwards."""

    call: Call
    silent_from: datetime | None
    heard_again: datetime | None
    tries: list[CallAttempt]

    @property
    def silent_for(self) -> timedelta | None:
        """How long the unit was silent, when that is known."""
        if self.silent_from is None or self.heard_again is None:
            return None
        return self.heard_again - self.silent_from


def rounds(actor: Actor, limit: int = 30) -> list[tuple[CallRound, int, int]]:
    """Return the rounds in which the actor's team has somebody, open ones first: (round, people, reached)."""
    rows = allowed(actor, "alarms.crisis", CallRound.objects.all())
    counted = rows.annotate(
        people=Count("entries"), reached=Count("entries", filter=Q(entries__state__in=REACHED))
    )
    ordered = counted.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")[:limit]
    return [(row, row.people, row.reached) for row in ordered]


def round(actor: Actor, pk: UUID, verb: str = "alarms.crisis") -> CallRound:
    """Return one round. Raises Refused."""
    return fetch(actor, verb, CallRound.objects.select_related("silence"), pk=pk)


def entry(actor: Actor, pk: UUID, verb: str = "alarms.call") -> CallEntry:
    """Return one person of a round, of the actor's team. Raises Refused."""
    rows = CallEntry.objects.select_related("round", "unit", "person", "team")
    return fetch(actor, verb, rows, pk=pk)


def progress(round: CallRound) -> list[Team]:
    """Return how far each team has come with a round fetched with access. Numbers only. One statement."""
    rows = CallEntry.objects.filter(round=round).values("team_id", "team__name").order_by("team__name")
    counted = rows.annotate(
        people=Count("pk"),
        reached=Count("pk", filter=Q(state__in=REACHED)),
        no_answer=Count("pk", filter=Q(state="no_answer")),
    )
    return [
        Team(*row) for row in counted.values_list("team_id", "team__name", "people", "reached", "no_answer")
    ]


def whole(teams: Iterable[Team]) -> tuple[int, int]:
    """Return (people, reached) of all teams together."""
    teams = list(teams)
    return sum(team.people for team in teams), sum(team.reached for team in teams)


def to_reach(actor: Actor, round: CallRound, now: datetime, *, reached: bool, offset: int = 0) -> list[Call]:
    """Return a page of the team's own part of the list: by risk, then by who was heard longest ago. Four statements."""
    rows = allowed(actor, "alarms.call", CallEntry.objects.filter(round=round))
    rows = rows.filter(state__in=REACHED) if reached else rows.exclude(state__in=REACHED)
    order = ("-state_at", "pk") if reached else BY_RISK
    found = list(rows.select_related("unit", "person").order_by(*order)[offset : offset + PAGE])
    return of_entries(found, named(actor, day_of(now)))


def call_of(actor: Actor, entry: CallEntry, now: datetime, *, opened: bool = False) -> Call:
    """Return how one person is reached. `opened`: whoever must reach a protected person has opened who it is."""
    return of_entries([entry], named(actor, day_of(now)) | ({entry.person_id} if opened else set()))[0]


def attempts(entry: CallEntry) -> list[CallAttempt]:
    """Every try to reach a person, newest first."""
    return list(CallAttempt.objects.filter(entry=entry).order_by("-at", "-id"))


def handed_over(round: CallRound) -> list[CallAttempt]:
    """The signed lines between shifts, newest first."""
    return list(CallAttempt.objects.filter(round=round, entry=None).order_by("-at", "-id"))


def causes(round: CallRound) -> list[Silence]:
    """The silences that put people on this list, the first one first."""
    numbers = CallEntry.objects.filter(round=round).values_list("unit__number", flat=True)
    rows = (
        Silence.objects.filter(noticed_at__lte=round.closed_at) if round.closed_at else Silence.objects.all()
    )
    went_on = Q(over_at=None) | Q(over_at__gte=round.opened_at)
    return list(rows.filter(went_on, units__overlap=list(numbers)).order_by("noticed_at", "pk"))


def silences(actor: Actor) -> list[Silence]:
    """The mass silences that go on now and touch the actor's team."""
    numbers = allowed(actor, "alarms.units", AlarmUnit.objects.exclude(state="returned")).values_list(
        "number", flat=True
    )
    open_ones = list(Silence.objects.filter(over_at=None).order_by("noticed_at"))
    own = set(numbers) if open_ones else set()
    return [one for one in open_ones if own.intersection(one.units)]


def silent_count(actor: Actor) -> int:
    """How many of the team's units are silent now. One statement."""
    rows = allowed(
        actor, "alarms.units", AlarmUnit.objects.filter(state="active", silent_since__isnull=False)
    )
    return rows.count()


def silent_units(actor: Actor, now: datetime) -> list[Call]:
    """The first of the team's units that are silent now, the highest risk first."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.select_related("person"))
    rows = rows.filter(state="active", silent_since__isnull=False)
    return of_units(list(rows.order_by(*BY_RISK)[:PAGE]), named(actor, day_of(now)))


def concerned(actor: Actor, whom: str) -> QuerySet[AlarmUnit]:
    """The team's units a round opened by hand is about: all, those silent now, or `operator:X`, `model:X`, `area:X`."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.filter(state="active"))
    name, _, value = whom.partition(":")
    if name == "silent":
        return rows.filter(silent_since__isnull=False)
    if name in ("operator", "model", "area"):
        return rows.filter(**{name: value})
    return rows if name == "all" else rows.none()


def choices_of_whom(actor: Actor) -> list[tuple[str, str]]:
    """What a round opened by hand can be about at this team, with how many it concerns. Four statements."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.filter(state="active"))
    everyone, silent = rows.count(), rows.filter(silent_since__isnull=False).count()
    found = [("all", f"Alla med larm ({everyone})"), ("silent", f"Alla vars larm är tyst nu ({silent})")]
    for name, words in (("operator", "Mobiloperatör"), ("model", "Modell"), ("area", "Område")):
        counted = rows.exclude(**{name: ""}).values_list(name).annotate(n=Count("pk")).order_by(name)
        found += [(f"{name}:{value}", f"{words}: {value} ({n})") for value, n in counted]
    return found


def report(actor: Actor, round: CallRound, now: datetime) -> list[Told]:
    """Return who of the team was silent how long, and who was reached when and by whom. Six statements."""
    rows = allowed(actor, "alarms.call", CallEntry.objects.filter(round=round)).select_related(
        "unit", "person"
    )
    entries = list(rows.order_by("state_at", "pk"))
    units = [entry.unit_id for entry in entries]
    after = UnitEvent.objects.filter(unit__in=units, at__gte=round.opened_at - timedelta(hours=6))
    back = dict(after.filter(what="heard").values_list("unit").annotate(at=Max("at")))
    gone = dict(after.filter(what="silent").values_list("unit").annotate(at=Min("at")))
    tries: dict[UUID | None, list[CallAttempt]] = {}
    for one in CallAttempt.objects.filter(round=round).exclude(entry=None).order_by("at", "pk"):
        tries.setdefault(one.entry_id, []).append(one)
    calls = of_entries(entries, named(actor, day_of(now)))
    return [
        Told(call, one.heard_at or gone.get(one.unit_id), back.get(one.unit_id), tries.get(one.pk, []))
        for one, call in zip(entries, calls, strict=True)
    ]


def late_alarms(actor: Actor, round: CallRound) -> list[Late]:
    """Return alarms from around the silence that came over a minute late, or that only one of the receivers had."""
    first = min([one.began_at for one in causes(round)], default=round.opened_at)
    until = (round.closed_at or round.opened_at) + timedelta(hours=12)
    rows = allowed(actor, "alarms.read", Alarm.objects.select_related("person", "unit"))
    alarms = list(
        rows.filter(pressed_at__range=(first - timedelta(minutes=10), until)).order_by("pressed_at")
    )
    had = Receipt.objects.filter(record__in=[alarm.pk for alarm in alarms]).values_list("record")
    receivers = dict(had.annotate(n=Count("receiver", distinct=True)))
    several = Receiver.objects.filter(ended_at=None).count() > 1
    found = []
    for alarm in alarms:
        late = int((alarm.received_at - alarm.pressed_at).total_seconds())
        alone = several and receivers.get(alarm.pk, 0) == 1
        if alone or late > LATE.total_seconds():
            found.append(Late(alarm, late, alone))
    return found


def list_of_team(team_id: UUID) -> list[Call]:
    """Return everyone with a unit in use at a team, as the list on paper has them. Three statements."""
    rows = AlarmUnit.objects.filter(team_id=team_id, state="active").select_related("person")
    return of_units(list(rows.order_by(*BY_RISK)))


def teams() -> dict[UUID, str]:
    """The teams that have units in use, by name."""
    rows = AlarmUnit.objects.filter(state="active").order_by("team__name")
    return dict(rows.values_list("team_id", "team__name").distinct())
