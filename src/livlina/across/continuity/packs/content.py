"""What is in a unit's pack. Words and times as they are shown, so that screen and paper can never say two things.

Of a protected person neither name, telephone nor plan: a pack is opened by whoever has the unit's code. The address
stands by the visit alone, while the visit is near (± 2 h of when the pack was made).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from livlina.core.clock import SWEDEN, day_of, local
from livlina.core.models import Assignment, Unit
from livlina.provider.alarms.models import AlarmUnit, Channel, OnCall
from livlina.provider.alarms.queries import crisis
from livlina.provider.alarms.queries.pack import address, contact_words
from livlina.provider.alarms.queries.ringing import PROTECTED, Call
from livlina.provider.doors import queries as doors
from livlina.provider.doors.models import MetalKey
from livlina.provider.homecare.models import CarePlan, PlannedTask, Shift, Visit, VisitCarer
from livlina.provider.homecare.queries.nursing import as_needed_for, doses_for
from livlina.registers.orders.models import Provider
from livlina.registers.people.models import Contact, Person, Relation

AROUND = timedelta(hours=2)
"""How long before and after a visit a protected person's address may be shown."""
DAYS = 2
NOBODY = "Ingen utsedd"
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
          "december")  # fmt: skip
STEPS = {0: "Först", 1: "Sedan", 2: "Sist"}


@dataclass
class Stop:
    """One visit."""

    at: str
    minutes: int
    who: str
    what: str
    there: str
    key: str
    """Which person's card tells more; empty for a protected person."""
    others: str = ""
    done: bool = False


@dataclass
class Round:
    """What one carer is to do on one day."""

    carer: str
    stops: list[Stop]


@dataclass
class Day:
    """One day's visits, carer by carer; those nobody is to make come first."""

    title: str
    rounds: list[Round]


@dataclass
class Card:
    """What is needed of one person."""

    key: str
    name: str
    born: str
    address: str
    phone: str
    warnings: list[str] = field(default_factory=list)
    goal: str = ""
    wishes: str = ""
    visits: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    medicines: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass
class Ring:
    """One row of the call-round list."""

    name: str
    about: str
    phones: list[str]
    address: str
    risks: str
    near: list[str]


@dataclass
class Pack:
    """A unit's pack."""

    unit: str
    municipality: str
    made: str
    """In words: måndag 2 mars kl. 09.00."""
    at: str
    """The same moment in UTC (ISO 8601), for what counts its age."""
    days: list[Day] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    ring: list[Ring] = field(default_factory=list)
    keys: list[list[str]] = field(default_factory=list)
    on_call: list[list[str]] = field(default_factory=list)
    colleagues: list[list[str]] = field(default_factory=list)
    numbers: list[list[str]] = field(default_factory=list)
    persons: list[UUID] = field(default_factory=list)
    """Everyone whom it says something of, for the log. Not shown."""


def units(now: datetime) -> list[Unit]:
    """Return the units that have something to do without the system: visits, alarms or shifts. Four statements."""
    start, end = _span(now)
    visits = Visit.objects.filter(starts_at__gte=start, starts_at__lt=end).values_list("unit_id", flat=True)
    shifts = Shift.objects.filter(starts_at__lt=end, ends_at__gt=start).values_list("unit_id", flat=True)
    alarms = AlarmUnit.objects.filter(state="active").values_list("team_id", flat=True)
    busy = {*visits.distinct(), *shifts.distinct(), *alarms.distinct()}
    return list(Unit.objects.filter(pk__in=busy, side="provider", ended_on=None).order_by("name"))


def of_unit(unit: Unit, municipality: str, *, now: datetime) -> Pack:
    """Return the pack of a unit as it stands at `now`. About eighteen statements, however many persons.

    What the transaction may not see is not in it: a manager's own copy holds no medicines.
    """
    start, end = _span(now)
    visits, persons = _visits(unit, start, end)
    calls = crisis.list_of_team(unit.pk)
    metal = list(
        MetalKey.objects.filter(unit=unit, ended_at=None)
        .select_related("person", "holder__user")
        .order_by("number")
    )
    found = Pack(unit.name, municipality, in_words(now), now.isoformat())
    found.days = [_day(on, visits, now) for on in (day_of(now), day_of(now) + timedelta(days=1))]
    found.cards = _cards(unit, persons, visits, metal, (start, end))
    found.ring = [_ring(call) for call in calls]
    found.keys = [_key(row) for row in metal]
    found.colleagues, found.on_call = _colleagues(unit, start, end), _on_call(unit, now, end)
    found.numbers = _numbers(unit)
    rung = {call.unit.person_id for call in calls if call.unit.person_id}
    found.persons = sorted({*persons, *rung, *(row.person_id for row in metal)}, key=str)
    return found


def in_words(moment: datetime) -> str:
    """Return a moment as it is read aloud: måndag 2 mars kl. 09.00."""
    there = local(moment)
    return f"{_title(there.date())} kl. {there:%H.%M}"


def _span(now: datetime) -> tuple[datetime, datetime]:
    """Today and tomorrow, from five hours back so that a night's visits are there after midnight."""
    today = datetime.combine(day_of(now), time(), SWEDEN)
    return min(today, now - timedelta(hours=5)), today + timedelta(days=DAYS)


def _title(on: date) -> str:
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def _clock(moment: datetime) -> str:
    return f"{local(moment):%H.%M}"


# Visits --------------------------------------------------------------------------------------------------------------


def _visits(unit: Unit, start: datetime, end: datetime) -> tuple[list[Visit], dict[UUID, Person]]:
    """Return the visits, each with its person and `names`: those who are to go. One object of each person."""
    rows = Visit.objects.filter(unit=unit, starts_at__gte=start, starts_at__lt=end).exclude(state="cancelled")
    visits = list(rows.order_by("starts_at", "id"))
    persons = Person.objects.in_bulk({visit.person_id for visit in visits})
    names: dict[UUID, list[str]] = defaultdict(list)
    # By their ids, not by a question within the question, which the database answers in seconds when its figures are old.
    going = VisitCarer.objects.filter(visit_id__in=[visit.pk for visit in visits], taken_at=None)
    pairs = list(going.order_by("given_at", "id").values_list("visit_id", "carer_id"))
    called = dict(
        Assignment.objects.filter(pk__in={carer for _, carer in pairs}).values_list("pk", "user__name")
    )
    for visit_id, carer_id in pairs:
        names[visit_id].append(called[carer_id])
    for visit in visits:
        visit.person, visit.names = persons[visit.person_id], names[visit.pk]  # type: ignore[attr-defined]
    return visits, persons


def _day(on: date, visits: Iterable[Visit], now: datetime) -> Day:
    rounds: dict[str, list[Stop]] = defaultdict(list)
    for visit in visits:
        if day_of(visit.starts_at) != on and not (on == day_of(now) and day_of(visit.starts_at) < on):
            continue
        names: list[str] = visit.names  # type: ignore[attr-defined]
        for name in names or [NOBODY]:
            others = ", ".join(one for one in names if one != name)
            rounds[name].append(_stop(visit, others, now))
    order = sorted(rounds, key=lambda name: (name != NOBODY, name))
    return Day(_title(on), [Round(name, rounds[name]) for name in order])


def _stop(visit: Visit, others: str, now: datetime) -> Stop:
    person, hidden = visit.person, visit.person.is_protected
    ends = visit.starts_at + timedelta(minutes=visit.minutes)
    near = visit.starts_at - AROUND <= now <= ends + AROUND
    there = address(person) if not hidden or near else "Adressen visas i paketet två timmar före besöket."
    said = {"done": "utfört", "missed": "uteblivet", "not_home": "inte hemma"}.get(visit.state, "")
    return Stop(
        _clock(visit.starts_at), visit.minutes, PROTECTED if hidden else person.name,
        f"{visit.title} ({said})" if said else visit.title, there, "" if hidden else str(person.pk), others,
        done=bool(said),
    )  # fmt: skip


# Persons -------------------------------------------------------------------------------------------------------------


def _cards(
    unit: Unit,
    persons: dict[UUID, Person],
    visits: list[Visit],
    metal: list[MetalKey],
    span: tuple[datetime, datetime],
) -> list[Card]:
    shown = {key: one for key, one in persons.items() if not one.is_protected}
    ids = list(shown)
    cards = {key: _card(person) for key, person in shown.items()}
    plans = CarePlan.objects.filter(person_id__in=ids, unit=unit).order_by("number")
    for person_id, goal, wishes in plans.values_list("person_id", "goal", "wishes"):
        cards[person_id].goal, cards[person_id].wishes = goal, wishes
    _tell_visits(cards, visits)
    _tell_ways(cards, ids)
    for dose in doses_for(ids, *span):
        task, left = dose.task, "" if dose.state == "due" else f" [{dose.get_state_display().lower()}]"
        said = f"{_short(dose.due_at)}: {_drug(task.what, task.amount, task.how)}{left}"
        cards[dose.person_id].medicines.append(said)
    for task in as_needed_for(ids):
        most = f", högst {task.most_per_day} gånger per dygn" if task.most_per_day else ""
        cards[task.person_id].medicines.append(f"Vid behov{most}: {_drug(task.what, task.amount, task.how)}")
    for person_id, locks in doors.locks_of(ids).items():
        cards[person_id].keys += [f"Digitalt lås {lock.number}, {lock.place}" for lock in locks]
    for row in metal:
        if row.person_id in cards:
            cards[row.person_id].keys.append(f"Nyckel {row.number}: {_where(row)}")
    return sorted(cards.values(), key=lambda card: _by_family_name(card.name))


def _by_family_name(name: str) -> tuple[str, str]:
    """The order of a Swedish list: å, ä and ö last."""
    last = str.maketrans({"å": "z1", "ä": "z2", "ö": "z3"})
    first, _, family = name.casefold().translate(last).rpartition(" ")
    return family, first


def _card(person: Person) -> Card:
    warnings = []
    if person.interpreter:
        warnings.append(f"Behöver tolk: {person.language}" if person.language else "Behöver tolk")
    elif person.language:
        warnings.append(f"Språk: {person.language}")
    if person.is_dead:
        warnings.append("Personen har avlidit")
    born = f"född {person.birth_date}" if person.birth_date else ""
    return Card(str(person.pk), person.name, born, address(person), "", warnings)


def _tell_visits(cards: dict[UUID, Card], visits: list[Visit]) -> None:
    wanted = {key for visit in visits for key in visit.task_ids}
    tasks = {
        pk: (what, how)
        for pk, what, how in PlannedTask.objects.filter(pk__in=wanted).values_list("pk", "what", "how")
    }
    seen: set[tuple[UUID, UUID]] = set()
    for visit in visits:
        card = cards.get(visit.person_id)
        if card is None:
            continue
        parts = [tasks[key][0] for key in visit.task_ids if key in tasks]
        staff = " (två i personalen)" if visit.carers_needed == 2 else ""
        staff = f" ({visit.carers_needed} i personalen)" if visit.carers_needed > 2 else staff
        does = f": {', '.join(parts)}" if parts else ""
        card.visits.append(f"{_short(visit.starts_at)}, {visit.minutes} min, {visit.title}{staff}{does}")
        for key in visit.task_ids:
            if key in tasks and tasks[key][1] and (visit.person_id, key) not in seen:
                seen.add((visit.person_id, key))
                card.tasks.append(f"{tasks[key][0]}: {tasks[key][1]}")


def _tell_ways(cards: dict[UUID, Card], ids: list[UUID]) -> None:
    numbers = Contact.objects.filter(person_id__in=ids, ended_at=None, kind__in=("phone", "mobile"))
    for person_id, value in numbers.order_by("kind", "since").values_list("person_id", "value"):
        card = cards[person_id]
        card.phone = f"{card.phone}, {value}" if card.phone else value
    near = Relation.objects.filter(person_id__in=ids, ended_at=None, consent=True)
    for relation in near.order_by("-first_choice", "name"):
        cards[relation.person_id].near.append(contact_words(relation))


def _short(moment: datetime) -> str:
    there = local(moment)
    return f"{WEEKDAYS[there.weekday()][:3]} {there:%H.%M}"


def _drug(what: str, amount: str, how: str) -> str:
    return ". ".join(part for part in (f"{what}, {amount}" if amount else what, how) if part)


# The list to ring by, keys and telephones ----------------------------------------------------------------------------


def _ring(call: Call) -> Ring:
    silent = f", tyst sedan {_short(call.unit.silent_since)}" if call.unit.silent_since else ""
    about = f"Risk: {call.risk_words.lower()}. Larm {call.unit.number}{silent}"
    if call.protected:
        return Ring(call.name, about, [], "Chefen har uppgifterna om hur personen nås.", "", [])
    phones = [f"{one.shown} {one.words}".strip() for one in call.numbers]
    there = ". ".join(part for part in (call.address, call.unit.keys) if part)
    near = [f"{one.words} {one.shown}".strip() for one in call.near]
    return Ring(call.name, about, phones, there, call.unit.risks, near)


def _key(row: MetalKey) -> list[str]:
    whose = PROTECTED if row.person.is_protected else row.person.name
    return [row.number, _where(row), "" if row.person.is_protected else address(row.person), whose]


def _where(row: MetalKey) -> str:
    if row.lost_at:
        return f"förlorad {local(row.lost_at):%Y-%m-%d}"
    if row.holder:
        return f"ute hos {row.holder.user.name}"
    return f"{row.place} (reserv i förseglad låda)" if row.reserve else row.place


def _colleagues(unit: Unit, start: datetime, end: datetime) -> list[list[str]]:
    shifts = Shift.objects.filter(unit=unit, state="planned", starts_at__lt=end, ends_at__gt=start)
    rows = list(shifts.select_related("carer__user").order_by("starts_at", "carer__user__name", "id"))
    numbers = _phones({row.carer.user_id for row in rows})
    return [
        [f"{_short(row.starts_at)}–{_clock(row.ends_at)}", row.carer.user.name, row.carer.title,
         numbers.get(row.carer.user_id, "")]
        for row in rows
    ]  # fmt: skip


def _on_call(unit: Unit, now: datetime, end: datetime) -> list[list[str]]:
    found = OnCall.objects.filter(team=unit, ends_at__gt=now, starts_at__lt=end)
    rows = list(found.select_related("assignment__user").order_by("starts_at", "step", "pk"))
    numbers = _phones({row.assignment.user_id for row in rows})
    return [
        [f"{_short(row.starts_at)}–{_short(row.ends_at)}", STEPS[row.step], row.assignment.user.name,
         numbers.get(row.assignment.user_id, "")]
        for row in rows
    ]  # fmt: skip


def _phones(users: set[int]) -> dict[int, str]:
    rows = Channel.objects.filter(user_id__in=users, ended_at=None, kind__in=("sms", "voice")).order_by(
        "kind"
    )
    return dict(rows.values_list("user_id", "address"))


def _numbers(unit: Unit) -> list[list[str]]:
    own = Provider.objects.filter(unit=unit).exclude(phone="").values_list("name", "phone")
    return [
        ["Fara för liv", "112"],
        ["Sjukvårdsrådgivningen", "1177"],
        *([name, phone] for name, phone in own),
    ]
