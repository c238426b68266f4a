"""Visits at Norra hemtjänsten: what comes again, who works, two weeks that have been, and a day that goes on now.

The plan is made by the room's own actions; what has happened since is written in bulk as the application, as the same
events those actions write, and every visit is what its events say. `today` brings a demo that has rested up to date, and
lets Ali, whose log-in is the carer's, have a shift whenever it is started.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from livlina.core.clock import day_of, local
from livlina.core.ids7 import uuid7
from livlina.core.models import Assignment, Municipality
from livlina.demo.ids import stream
from livlina.demo.plan import Town
from livlina.demo.stage import Stage, as_application
from livlina.provider.homecare.actions import roster, series, visits
from livlina.provider.homecare.actions.series import Draft
from livlina.provider.homecare.actions.telling import told
from livlina.provider.homecare.clockwork import day_span, moment
from livlina.provider.homecare.folding import fold
from livlina.provider.homecare.models import CarePlan, Shift, Visit, VisitCarer, VisitEvent, VisitSeries
from livlina.provider.homecare.queries.day import shift_of
from livlina.registers.orders.models import Order
from livlina.registers.orders.models.order import RUNNING

Tell = Callable[[str, int, int], None]
MANAGER, CARER, NURSE = "Petra Nyström", "Ali Hassan", "Lena Falk"
PERSONS, BACK, AHEAD = 12, 14, 3
DAY_TEAM, EVENING_TEAM, AT_WORK_BY_DAY, AT_WORK_BY_EVENING = 6, 4, 3, 2
AREAS = ("Norra", "Norra", "Centrum")
OTHERWISE = 0.02, 0.01
"""The shares of visits that were missed, and where nobody opened."""
LEFT_OPEN = 3
"""Every so many of the coming days' visits nobody has been given yet: there is something to propose."""
APPROVED_AFTER = 3


@dataclass
class Crew:
    """The unit while its story is told: the stage, and who works by day and by evening."""

    stage: Stage
    day: list[Assignment] = field(default_factory=list)
    evening: list[Assignment] = field(default_factory=list)

    def at_work(self, on: date) -> tuple[list[Assignment], list[Assignment]]:
        """Return who works a day, by day and by evening: the teams take turns, three days at a time."""
        turn = on.toordinal() // 3
        by_day = [
            self.day[(turn + place) % len(self.day)] for place in range(min(AT_WORK_BY_DAY, len(self.day)))
        ]
        late = [
            self.evening[(turn + p) % len(self.evening)]
            for p in range(min(AT_WORK_BY_EVENING, len(self.evening)))
        ]
        return by_day, late


def tell_all(town: Town, now: datetime, tell: Tell) -> None:
    """Tell it in the town of Åsvalla."""
    stage, words = Stage(town.municipality_id, now), f"{town.name}: visits"
    with as_application():
        orders = stage.look(_orders)
        crew = stage.look(lambda: _crew(stage))
        for place, order in enumerate(orders):
            _plan(crew, order, place)
        stage.do(stage.system, series.make_visits, now=now)
        tell(words, 1, 3)
        first = day_of(now) - timedelta(days=BACK)
        _live(crew, first, now, until=now)
        tell(words, 2, 3)
        _somebody_is_sick(crew)
        _ali_works_now(stage)
    tell(words, 3, 3)


def today(now: datetime) -> None:
    """Bring visits and shifts up to today, and let Ali have a shift now. Nothing, where nobody is visited."""
    town = Municipality.objects.filter(slug="asvalla").first()
    if town is None:
        return
    stage = Stage(town.pk, now)
    last = stage.look(lambda: Visit.objects.filter(state="done").order_by("-starts_at").first())
    if last is None:
        return
    stage.do(stage.system, series.make_visits, now=now)
    midnight = day_span(day_of(now))[0]
    crew = stage.look(lambda: _crew(stage))
    _live(crew, max(day_of(last.starts_at), day_of(now) - timedelta(days=BACK)), now, until=midnight)
    _ali_works_now(stage)


def _orders() -> list[Order]:
    """Running orders of home care at the unit, those with a plan first."""
    rows = Order.objects.filter(
        provider__unit__name="Norra hemtjänsten", state__in=RUNNING, start_date__isnull=False
    )
    rows = rows.exclude(kind="social_alarm")
    planned = set(CarePlan.objects.filter(order__in=rows).values_list("order_id", flat=True))
    return sorted(rows, key=lambda order: (order.pk not in planned, order.start_date, str(order.pk)))[
        :PERSONS
    ]


def _plan(crew: Crew, order: Order, place: int) -> None:
    """What comes again at one person's: morning and evening, noon at every other, and at one person's for two.

    As much as those who work can carry: a small demo has few of them.
    """
    stage, by_day = crew.stage, min(AT_WORK_BY_DAY, len(crew.day))
    petra, turn, area = stage.who(MANAGER), place // by_day, AREAS[place % len(AREAS)]
    first = max(day_of(stage.now) - timedelta(days=BACK), order.start_date or date.min)
    tasks = stage.look(lambda: _tasks(order))
    drafts = [Draft("Morgon", _clock(7, 20 + 45 * turn), 30, first, task_ids=tasks, area=area)]
    if crew.evening:
        late = place // min(AT_WORK_BY_EVENING, len(crew.evening))
        drafts.append(Draft("Kväll", _clock(17, 10 + 40 * late), 25, first, area=area))
    if place % 2 == 0 and by_day == AT_WORK_BY_DAY:
        drafts.append(Draft("Lunch", _clock(11, 30 + 35 * turn), 20, first, area=area))
    if place == PERSONS // 4 and by_day == AT_WORK_BY_DAY:
        drafts.append(Draft("Dusch med lyft", time(14, 15), 40, first, (1, 3, 5), carers_needed=2, area=area))
    at = moment(first, time(6)) - timedelta(hours=20)
    for draft in drafts:
        stage.do(petra, series.make_series, order, draft, now=at)


def _tasks(order: Order) -> tuple[UUID, ...]:
    plan = CarePlan.objects.filter(order=order).order_by("-number").first()
    return tuple(task.pk for task in plan.tasks.order_by("position")) if plan else ()


def _crew(stage: Stage) -> Crew:
    """Ali by day with five others, four by evening."""
    ali = stage.who(CARER)
    rows = Assignment.objects.filter(unit_id=ali.unit_id, role="provider_staff").select_related("user")
    others = [one for one in rows.order_by("valid_from", "pk") if one.pk != ali.assignment_id]
    own = [one for one in rows if one.pk == ali.assignment_id]
    return Crew(
        stage, [*own, *others[: DAY_TEAM - 1]], others[DAY_TEAM - 1 : DAY_TEAM - 1 + EVENING_TEAM] or own
    )


def _live(crew: Crew, first: date, now: datetime, *, until: datetime) -> None:
    """Staff the days from `first` and a few ahead; let what lies before `until` have happened."""
    on, stage = first, crew.stage
    while on <= day_of(now) + timedelta(days=AHEAD):
        by_day, late = crew.at_work(on)
        for shifts, hours in ((by_day, ((7, 0), (16, 0), (12, 45))), (late, ((14, 30), (22, 0), (16, 0)))):
            for carer in shifts:
                _shift(stage, carer, on, hours)
        stage.look(lambda on=on, by_day=by_day, late=late: _happen(stage, on, by_day, late, until))
        on += timedelta(days=1)


def _shift(stage: Stage, carer: Assignment, on: date, hours: tuple[tuple[int, int], ...]) -> None:
    starts, ends, pause = (moment(on, time(*clock)) for clock in hours)
    try:
        stage.do(
            stage.who(MANAGER), roster.add_shift, carer, starts, ends, break_from=pause,
            break_to=pause + timedelta(minutes=30), area=AREAS[carer.pk.int % len(AREAS)], now=min(starts, stage.now),
        )  # fmt: skip
    except roster.RosterRefused:  # somebody using the demo has given the carer another shift
        return


def _happen(
    stage: Stage, on: date, by_day: list[Assignment], late: list[Assignment], until: datetime
) -> None:
    """Give a day's visits, and tell what has happened at those that are over."""
    rng = stream("visits", f"{stage.municipality_id} {on}")
    rows = Visit.objects.filter(
        unit_id=stage.who(MANAGER).unit_id, on=on, state="planned", series__isnull=False
    )
    rows = rows.exclude(pk__in=VisitCarer.objects.filter(taken_at=None).values("visit_id"))
    events: list[VisitEvent] = []
    goes: list[VisitCarer] = []
    changed: list[Visit] = []
    for place, visit in enumerate(rows.order_by("starts_at", "series_id")):
        team = late if local(visit.starts_at).hour >= 16 else by_day
        carers = [team[(place + more) % len(team)] for more in range(min(visit.carers_needed, len(team)))]
        over = visit.starts_at + timedelta(minutes=visit.minutes + 15) < until
        if on > day_of(stage.now) and place % LEFT_OPEN == 0:
            continue
        own = _given(stage, visit, carers, goes)
        if over:
            own += _told(stage, visit, carers, rng)
        events += own
        if over:
            visit.state = fold(told(event) for event in own).state
            changed.append(visit)
    VisitEvent.objects.bulk_create(events, batch_size=1000)
    VisitCarer.objects.bulk_create(goes, batch_size=1000)
    Visit.objects.bulk_update(changed, ["state"], batch_size=500)


def _given(stage: Stage, visit: Visit, carers: list[Assignment], goes: list[VisitCarer]) -> list[VisitEvent]:
    at = min(visit.starts_at - timedelta(days=2), stage.now)
    code = {"municipality_id": stage.municipality_id, "visit": visit}
    goes += [VisitCarer(id=uuid7(), carer=carer, given_at=at, **code) for carer in carers]
    petra = stage.who(MANAGER)
    said = {"kind": "given", "at": at, "heard_at": at, "by_id": petra.user_id, "by_name": petra.name}
    return [VisitEvent(id=uuid7(), carer=carer, **said, **code) for carer in carers]


def _told(stage: Stage, visit: Visit, carers: list[Assignment], rng: Random) -> list[VisitEvent]:
    """Came and left, by each carer's phone; or one of the things that go otherwise."""
    missed, not_home = OTHERWISE
    chance, late = rng.random(), round(rng.gauss(4, 11))
    came = visit.starts_at + timedelta(minutes=max(late, -20), seconds=rng.randrange(60))
    if chance < missed:
        said = {"kind": "missed", "reason": "no_time", "follow_up": "Kvällspersonalen tittar in extra."}
        return [_event(stage, visit, carers[0], visit.starts_at, **said)]
    if chance < missed + not_home:
        said = {"kind": "not_home", "reason": "hospital", "follow_up": "Anhörig är uppringd."}
        return [_event(stage, visit, carers[0], came, **said)]
    left = came + timedelta(minutes=max(5, round(visit.minutes * rng.uniform(0.7, 1.15))))
    told_of = []
    for carer in carers:
        told_of.append(_event(stage, visit, carer, came, kind="in"))
        told_of.append(_event(stage, visit, carer, left, kind="out", done_ids=list(visit.task_ids)))
        came += timedelta(minutes=rng.choice((0, 1, 2, 9)))
    if visit.on < day_of(stage.now) - timedelta(days=APPROVED_AFTER):
        minutes = fold(told(event) for event in told_of).performed
        at = min(left + timedelta(days=APPROVED_AFTER), stage.now)
        told_of.append(_event(stage, visit, None, at, kind="approved", minutes=minutes))
    return told_of


def _event(stage: Stage, visit: Visit, carer: Assignment | None, at: datetime, **said: object) -> VisitEvent:
    """What a carer's phone told, or with no carer the manager at the desk."""
    petra = stage.who(MANAGER)
    who = (petra.user_id, petra.name, "desk") if carer is None else (carer.user_id, carer.user.name, "phone")
    return VisitEvent(
        id=uuid7(), municipality_id=stage.municipality_id, visit=visit, carer=carer, at=at,
        device_at=None if carer is None else at, heard_at=at, by_id=who[0], by_name=who[1], source=who[2], **said,
    )  # fmt: skip


def _somebody_is_sick(crew: Crew) -> None:
    """One of tomorrow's day team has called in sick: stand-ins are to be found."""
    stage = crew.stage
    start, end = day_span(day_of(stage.now) + timedelta(days=1))
    shifts = stage.look(lambda: list(_shifts(stage, start, end)))
    away = next((one for one in shifts if one.carer_id != stage.who(CARER).assignment_id), None)
    if away is not None:
        stage.do(stage.who(MANAGER), roster.set_absent, away, "sick", now=stage.now)


def _shifts(stage: Stage, start: datetime, end: datetime) -> list[Shift]:
    rows = Shift.objects.filter(unit_id=stage.who(MANAGER).unit_id, starts_at__gte=start, starts_at__lt=end)
    return list(rows.filter(state="planned").order_by("starts_at", "carer_id"))


LEAST, LONG, EACH = timedelta(hours=3), timedelta(hours=8), timedelta(minutes=40)
VISITS_AT_LEAST = 6


def _ali_works_now(stage: Stage) -> None:
    """Let the carer's log-in have a shift with hours left of it, and visits to make."""
    petra, ali, now = stage.who(MANAGER), stage.who(CARER), stage.now
    shift = stage.look(lambda: shift_of(ali, now))
    if shift is None or shift.ends_at - now < LEAST:
        starts = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) - timedelta(minutes=30)
        for other in stage.look(lambda: _in_the_way(ali.assignment_id, starts, starts + LONG)):
            stage.do(petra, roster.set_absent, other, "cancelled", now=now)
        shift = stage.do(
            petra, roster.add_shift, ali.assignment_id, starts, starts + LONG, area="Norra", now=now
        )
    own = stage.look(lambda: _to_make(shift, now))
    persons = stage.look(lambda: [one.person for one in _series(stage)])
    at = now.replace(second=0, microsecond=0) + timedelta(minutes=10)
    for place in range(VISITS_AT_LEAST - len(own)):
        while any(abs(one.starts_at - at) < EACH for one in own):
            at += timedelta(minutes=10)
        if at + EACH > shift.ends_at or not persons:
            break
        stage.do(
            petra, visits.extra_visit, persons[place % len(persons)], starts_at=at, minutes=20, reason="need",
            title="Tillsyn", client_id=uuid7(), carers=(ali.assignment_id,), now=now,
        )  # fmt: skip
        at += EACH


def _in_the_way(carer: UUID | None, starts: datetime, ends: datetime) -> list[Shift]:
    return list(
        Shift.objects.filter(carer_id=carer, starts_at__lt=ends, ends_at__gt=starts).exclude(
            state="cancelled"
        )
    )


def _to_make(shift: Shift, now: datetime) -> list[Visit]:
    rows = Visit.objects.filter(carers__carer_id=shift.carer_id, carers__taken_at=None, state="planned")
    return list(rows.filter(starts_at__gte=now, starts_at__lt=shift.ends_at))


def _series(stage: Stage) -> list[VisitSeries]:
    """One for each person visited."""
    rows = VisitSeries.objects.filter(
        unit_id=stage.who(MANAGER).unit_id, title="Morgon", person__died_on=None
    )
    return list(rows.select_related("person").order_by("at", "person_id"))


def _clock(hour: int, minutes: int) -> time:
    return time(hour + minutes // 60, minutes % 60)
