"""Digital locks at those the home care visits, made through the rooms' own actions: agreed to, fitted, opened.

The locks are the real state machine of the door protocol. What they wrote lies in the database as phones brought it; the
simulator that `livlina demo` starts goes on where they were (`cli/demo_field.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast
from uuid import UUID

from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.demo.plan import Town
from livlina.demo.stage import Stage, as_application
from livlina.provider.doors import actions
from livlina.provider.doors.actions import DoorRefused
from livlina.provider.doors.actions.grants import as_actor
from livlina.provider.doors.models import Lock, MetalKey
from livlina.provider.doors.protocol import fitting, seals
from livlina.provider.doors.protocol.lock import Lock as RealLock
from livlina.provider.doors.protocol.phone import Key, Phone
from livlina.provider.homecare.models import CarePlan, Shift, Visit
from livlina.registers.people.models import Person

UNIT = "Norra hemtjänsten"
MANAGER, FITTER = "Petra Nyström", "Ali Hassan"
MOST = 12
DAYS_BACK = 3
FITTED_AGO = 40
AROUND = timedelta(hours=1)
OWNERS = ("Åsvalla bostäder AB", "Brf Björken", "Åsvalla bostäder AB", "Fastighets AB Torget")
CARD = b"demo"
HALLS = ("Skåp 1", "Skåp 2")


@dataclass
class Street:
    """The doors of the unit while their story is told: the row of each, and the lock itself."""

    stage: Stage
    places: dict[int, tuple[Lock, RealLock]] = field(default_factory=dict)
    phones: dict[UUID, Phone] = field(default_factory=dict)
    home: dict[int, int] = field(default_factory=dict)

    def phone_of(self, carer_id: UUID) -> Phone:
        """Return a carer's phone; its key follows from whose it is, so that no secret of chance lies in the demo."""
        if carer_id not in self.phones:
            secret = 1 + int.from_bytes(sha256(f"demo phone {carer_id}".encode()).digest()) % 2**250
            self.phones[carer_id] = Phone(Key.known(secret))
        return self.phones[carer_id]

    def act(self, number: int, phone: Phone, token: bytes, at: datetime, **more: object) -> None:
        """Hold a phone with a token to a lock."""
        real, moment = self.places[number][1], int(at.timestamp())
        real.act(phone.ask(real.challenge(0.0), number, [token], now=moment, **more), moment, 0.0)  # type: ignore[arg-type]

    def carry_home(self, phone: Phone, now: datetime) -> None:
        """Let a phone bring what all locks have written."""
        raw, by = [], self.stage.system
        for number, (_, real) in self.places.items():
            raw += [entry.raw for entry in real.memory.log.entries if entry.number > self.home.get(number, 0)]
            self.home[number] = real.memory.log.number
        for start in range(0, len(raw), 200):
            self.stage.do(
                by,
                actions.take_openings,
                raw[start : start + 200],
                carried_by=phone.key.thumbprint.hex(),
                now=now,
            )


def tell_all(town: Town, now: datetime, tell: Callable[[str, int, int], None]) -> None:
    """Fit the locks, open doors in the last days, hang up the metal keys. Home care's visits must be there already."""
    stage = Stage(town.municipality_id, now)
    with as_application():
        street = Street(stage)
        people = stage.look(lambda: _visited(now))
        for place, (person, area) in enumerate(people):
            _fit(street, person, area, place)
            tell("Digital locks", place + 1, len(people))
        _open_in_the_last_days(street, now)
        _keys(stage, [person for person, _ in people])


def _visited(now: datetime) -> list[tuple[Person, str]]:
    """Whom the unit visits, with the area of their visits; those with a plan when nobody is visited yet."""
    visits = Visit.objects.filter(unit__name=UNIT, starts_at__gte=now - timedelta(days=14)).select_related(
        "person"
    )
    found = {
        visit.person_id: (visit.person, visit.area or "Norra") for visit in visits.order_by("starts_at", "id")
    }
    if not found:
        plans = CarePlan.objects.filter(unit__name=UNIT).select_related("person").order_by("agreed_at", "id")
        found = {plan.person_id: (plan.person, "Norra") for plan in plans}
    open_to_all = [one for one in found.values() if not one[0].is_protected and one[0].died_on is None]
    return open_to_all[:MOST]


def _fit(street: Street, person: Person, area: str, place: int) -> None:
    """Order a lock, note who agreed, fit it and open it once. The last of them still waits for the owner's word."""
    stage, petra = street.stage, street.stage.who(MANAGER)
    ordered = stage.at(FITTED_AGO + place, 9)
    lock = stage.do(
        petra, actions.order_lock, person, place="Ytterdörren", area=area, model="Vred 2", now=ordered
    )
    day = day_of(ordered)
    stage.do(
        petra, actions.give_consent, lock, "client", person.name, "Muntligt vid hembesök", day, now=ordered
    )
    if place == MOST - 1:
        stage.do(petra, actions.plan_fitting, lock, stage.day(0) + timedelta(days=3), FITTER, now=stage.now)
        return
    owner = OWNERS[place % len(OWNERS)]
    stage.do(petra, actions.give_consent, lock, "owner", owner, "Skriftligt avtal", day, now=ordered)
    fitted = stage.at(FITTED_AGO + place - 5, 11)
    ali = stage.who(FITTER)
    carer_id = cast(UUID, ali.assignment_id)
    phone = street.phone_of(carer_id)
    key = stage.do(petra, actions.make_fitter_key, lock, carer_id, phone.key.public, now=fitted)
    real = RealLock(code=CARD)
    real.fit(key.order, fitting.mark(CARD, key.order), int(fitted.timestamp()), 0.0)
    street.places[lock.number] = (lock, real)
    street.act(lock.number, phone, key.token, fitted + timedelta(minutes=20))
    street.carry_home(phone, fitted + timedelta(minutes=25))
    stage.do(ali, actions.fit_lock, lock, now=fitted + timedelta(minutes=30))


@dataclass
class Turn:
    """One shift with a key: whose it is, and when it opens which lock."""

    shift: Shift
    carer: Actor
    phone: Phone
    token: bytes
    doors: list[tuple[datetime, Lock]]


def _open_in_the_last_days(street: Street, now: datetime) -> None:
    """Let each shift of the last days open the doors of its visits, with the keys its carer had that day."""
    turns = [turn for shift in street.stage.look(lambda: _shifts(now)) if (turn := _turn(street, shift))]
    waiting = sorted(
        ((at, place, lock.number) for place, turn in enumerate(turns) for at, lock in turn.doors),
        reverse=True,
    )
    for turn in sorted(turns, key=lambda one: one.shift.ends_at):
        home = turn.shift.ends_at + timedelta(minutes=10)
        while waiting and waiting[-1][0] < home:  # as it was: one after the other, whoever went
            at, place, number = waiting.pop()
            street.act(number, turns[place].phone, turns[place].token, at)
        street.carry_home(turn.phone, home)
    if turns:
        _emergency(street, max(turns, key=lambda turn: turn.shift.ends_at))


def _shifts(now: datetime) -> list[Shift]:
    """Shifts that have ended, oldest first."""
    rows = Shift.objects.filter(
        unit__name=UNIT, state="planned", ends_at__lt=now - timedelta(minutes=15),
        starts_at__gte=now - timedelta(days=DAYS_BACK), carer__role__in=("provider_staff", "nurse"),
    )  # fmt: skip
    return list(rows.select_related("carer__user", "carer__unit").order_by("starts_at", "id"))


def _turn(street: Street, shift: Shift) -> Turn | None:
    """Make the key of one shift, if it has visits behind locked doors."""
    stage, carer, phone = street.stage, as_actor(shift.carer), street.phone_of(shift.carer_id)
    visits = stage.look(lambda: _visits(shift))
    behind = {lock.person_id: lock for lock, _ in street.places.values()}
    doors = [
        (visit.starts_at + timedelta(seconds=visit.pk.int % 300 - 60), behind[visit.person_id])
        for visit in visits
        if visit.person_id in behind
    ]
    if not doors:
        return None
    try:
        _, token = stage.do(
            carer, actions.grant, "nursing" if carer.role == "nurse" else "shift", holder=shift.carer,
            public=phone.key.public, locks=list({lock.pk: lock for _, lock in doors}.values()),
            not_before=shift.starts_at - AROUND, expires=shift.ends_at + AROUND, now=shift.starts_at,
        )  # fmt: skip
    except DoorRefused:
        return None
    return Turn(shift, carer, phone, token, doors)


def _visits(shift: Shift) -> list[Visit]:
    rows = Visit.objects.filter(
        carers__carer_id=shift.carer_id, carers__taken_at=None, starts_at__gte=shift.starts_at,
        starts_at__lte=shift.ends_at,
    ).exclude(state__in=("cancelled", "missed"))  # fmt: skip
    return list(rows.order_by("starts_at", "id"))


def _emergency(street: Street, turn: Turn) -> None:
    """Near the end of the last shift a seal was broken: it waits to be reviewed."""
    stage, shift, carer, phone = street.stage, turn.shift, turn.carer, turn.phone
    at, area = shift.ends_at - timedelta(minutes=20), shift.area or turn.doors[0][1].area
    near = [lock for lock, _ in street.places.values() if lock.area == area]
    if not near:
        return
    try:
        row, token = stage.do(
            carer, actions.grant, "emergency", holder=shift.carer, public=phone.key.public, locks=near,
            area=near[0].area, not_before=shift.starts_at, expires=shift.ends_at, now=shift.starts_at,
            reason="Följer med passet, förseglad",
        )  # fmt: skip
    except DoorRefused:
        return
    broken = seals.unseal(
        phone.key.sign, phone.key.public, name=bytes.fromhex(row.name), at=int(at.timestamp()), reason=4
    )
    street.act(near[0].number, phone, token, at, reason=4, unsealing=broken)
    street.carry_home(phone, at + timedelta(minutes=2))


def _keys(stage: Stage, people: list[Person]) -> None:
    """Hang up the metal keys: two are out, one is lost, and the sealed box of the area has its own."""
    petra, ali = stage.who(MANAGER), stage.who(FITTER)
    held: list[MetalKey] = []
    for place, person in enumerate(people):
        at = stage.at(FITTED_AGO + 20, 10, place)
        hall = f"{HALLS[place % 2]}, krok {place + 1}"
        held.append(stage.do(petra, actions.add_key, f"N{101 + place}", person, hall, now=at))
        if place < 3:
            stage.do(petra, actions.add_key, f"R{11 + place}", person, "Låda Norra", reserve=True, now=at)
    if len(held) < 3:
        return
    holder = stage.look(lambda: Assignment.objects.select_related("user").get(pk=ali.assignment_id))
    for key in held[:2]:
        stage.do(ali, actions.sign_out, key, holder, now=stage.at(1, 7, 5))
    stage.do(ali, actions.sign_out, held[2], holder, now=stage.at(3, 7, 5))
    stage.do(
        ali, actions.report_lost, held[2], "Fanns i väskan på förmiddagen, borta vid inlämningen.",
        now=stage.at(3, 16, 10),
    )  # fmt: skip
