"""What stands on the desk: who, where, how to get in, what to fear, whom to ring, and what happened last."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from livlina.core.access import Actor, allowed, fetch
from livlina.core.clock import local
from livlina.provider.alarms.models import Alarm, AlarmEvent, Notice, Receiver, Switchboard
from livlina.provider.alarms.models.words import OUTCOMES
from livlina.provider.alarms.queries.pack import address, phone_of
from livlina.provider.alarms.wording import readable
from livlina.registers.journal.models import Note
from livlina.registers.people.models import Contact, ProtectedAccess, Relation

SILENT_AFTER = timedelta(seconds=15)
CALL_WITHIN = timedelta(seconds=60)
LEVELS = {1: "acute", 2: "high", 3: "normal"}
PROTECTED = "Person med skyddade personuppgifter"


@dataclass(frozen=True)
class Near:
    """Somebody near the person who may be told, and how they are reached."""

    name: str
    relation: str
    phone: str

    @property
    def number(self) -> str:
        """The telephone number as a link wants it."""
        return dialled(self.phone)


@dataclass
class Card:
    """One alarm as it is shown. `hidden`: of a protected person, to somebody who may not see who it is."""

    alarm: Alarm
    hidden: bool
    mine: bool
    offered: bool
    seen: bool
    phone: str = ""
    near: list[Near] = field(default_factory=list)
    before: str = ""
    events: list[AlarmEvent] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Who it is, in as many words as may be said."""
        if self.alarm.person is not None:
            return PROTECTED if self.hidden else self.alarm.person.name
        if self.alarm.kind == "unreadable":
            return "Larm som inte gick att läsa"
        return f"Okänd larmenhet {self.alarm.sender}".strip()

    @property
    def address(self) -> str:
        """Where the person lives."""
        person = self.alarm.person
        return "" if person is None or self.hidden else address(person)

    @property
    def level(self) -> str:
        """The priority's word for the component that draws it."""
        return LEVELS.get(self.alarm.priority, "normal")

    @property
    def keys(self) -> str:
        """How to get in."""
        return "" if self.hidden or self.alarm.unit is None else self.alarm.unit.keys

    @property
    def risks(self) -> str:
        """What to fear."""
        return "" if self.hidden or self.alarm.unit is None else self.alarm.unit.risks

    @property
    def call_back(self) -> str:
        """The unit's number as a link wants it; nothing for a SIP address, which no telephone dials."""
        said = self.alarm.call_back
        return "" if said.startswith("sip") else dialled(said)

    @property
    def call_back_words(self) -> str:
        """The unit's number as it is read."""
        return readable(self.alarm.call_back)

    def without_call(self, now: datetime) -> bool:
        """Whether the unit was to call and nobody has said that it did, a minute after the press."""
        heard = any(event.did in ("called", "call_came", "no_call") for event in self.events)
        return bool(self.call_back) and self.mine and not heard and now - self.since > CALL_WITHIN

    @property
    def call_came(self) -> bool:
        """Whether a call of the unit has come: said by somebody, or by the telephone exchange itself."""
        return any(event.did == "call_came" for event in self.events)

    @property
    def home(self) -> str:
        """The person's number as a link wants it."""
        return dialled(self.phone)

    @property
    def last(self) -> AlarmEvent | None:
        """What happened last, besides that it was looked at."""
        return next((event for event in reversed(self.events) if event.did != "shown"), None)

    @property
    def since(self) -> datetime:
        """From when the waiting is counted: the press."""
        return self.alarm.pressed_at


@dataclass(frozen=True)
class Pulse:
    """A receiver, and whether it is heard."""

    name: str
    at: datetime | None
    silent: bool
    code: str
    pk: UUID


@dataclass(frozen=True)
class Board:
    """The whole desk at a moment."""

    at: datetime
    cards: list[Card]
    pulses: list[Pulse]

    @property
    def waiting(self) -> list[Card]:
        """What nobody has taken."""
        return [card for card in self.cards if card.alarm.state == "waiting"]

    def others(self, shown: str) -> list[Card]:
        """What nobody has taken, besides the alarm that is open on the page."""
        return [card for card in self.waiting if str(card.alarm.pk) != shown]

    @property
    def silent(self) -> list[Pulse]:
        """Receivers that are not heard."""
        return [pulse for pulse in self.pulses if pulse.silent]

    @property
    def unseen(self) -> list[Alarm]:
        """What this person has not had on a screen before."""
        return [card.alarm for card in self.cards if not card.seen]

    @property
    def version(self) -> str:
        """What tells whether the list must be drawn again."""
        numbers = [event.number for card in self.cards for event in card.events]
        return f"{max(numbers, default=0)}.{len(self.cards)}.{sum(card.alarm.presses for card in self.cards)}"


def board(actor: Actor, now: datetime) -> Board:
    """Return every open alarm the actor answers, what waits first. Six statements."""
    rows = _carrying(actor, allowed(actor, "alarms.read", Alarm.objects.exclude(state="closed")))
    alarms = sorted(rows, key=lambda alarm: (alarm.state != "waiting", alarm.priority, alarm.pressed_at))
    return Board(now, _cards(actor, alarms), pulses(actor, now))


def counts(actor: Actor) -> tuple[int, int]:
    """Return how many of the actor's open alarms nobody has taken, and how many somebody has. One statement."""
    rows = allowed(actor, "alarms.read", Alarm.objects.exclude(state="closed"))
    found = rows.aggregate(
        waiting=Count("pk", filter=Q(state="waiting")), taken=Count("pk", filter=~Q(state="waiting"))
    )
    return found["waiting"], found["taken"]


def pulses(actor: Actor, now: datetime) -> list[Pulse]:
    """Return the receivers and whether each is heard. One statement."""
    rows = Receiver.objects.filter(municipality_id=actor.municipality_id, ended_at=None).order_by("code")
    return [
        Pulse(
            one.name, one.last_at, one.last_at is None or now - one.last_at > SILENT_AFTER, one.code, one.pk
        )
        for one in rows
    ]


def switchboards(actor: Actor) -> list[Switchboard]:
    """Return the telephone exchanges that tell when a call comes. One statement."""
    rows = Switchboard.objects.filter(municipality_id=actor.municipality_id, ended_at=None)
    return list(rows.order_by("name"))


def one(actor: Actor, pk: UUID) -> Card:
    """Return one alarm, open or closed, with all that happened. Raises Refused."""
    alarm = fetch(actor, "alarms.read", _carrying(actor, Alarm.objects.all()), pk=pk)
    return _cards(actor, [alarm])[0]


def entry(alarm: Alarm) -> str:
    """Return the text of the journal entry that an alarm became; nothing when it was struck or sealed. One statement."""
    rows = Note.objects.filter(pk=alarm.note_id, struck_at=None, sealed_at=None)
    return rows.values_list("text", flat=True).first() or ""


def of_person(actor: Actor, person_id: UUID, limit: int = 200) -> list[Alarm]:
    """Return a person's alarms that the actor may read, newest first. One statement."""
    rows = allowed(actor, "alarms.read", Alarm.objects.filter(person_id=person_id))
    return list(rows.order_by("-received_at")[:limit])


def of_month(actor: Actor, begin: datetime, end: datetime) -> QuerySet[Alarm]:
    """Return the alarms of the actor's own team in a period."""
    rows = Alarm.objects.filter(
        municipality_id=actor.municipality_id,
        team_id=actor.unit_id,
        pressed_at__gte=begin,
        pressed_at__lt=end,
    )
    return rows.order_by("pressed_at")


def notices(alarm: Alarm) -> list[Notice]:
    """Return whom the house has called about an alarm, the latest first. One statement."""
    return list(
        Notice.objects.filter(alarm=alarm).order_by("-made_at", "to_name", "channel", "supplier")[:50]
    )


def dialled(number: str) -> str:
    """Return a telephone number without what people put between its digits."""
    return "".join(letter for letter in number if letter.isdigit() or letter == "+")


def _carrying(actor: Actor, rows: QuerySet[Alarm]) -> QuerySet[Alarm]:
    """Alarms with what is asked of each: was it seen by this person, and may they know whom it is about."""
    mine = AlarmEvent.objects.filter(alarm_id=OuterRef("pk"), by_id=actor.user_id)
    few = ProtectedAccess.objects.filter(
        person_id=OuterRef("person_id"), user_id=actor.user_id, ended_at__isnull=True
    )
    return rows.select_related("unit", "person", "team").annotate(
        seen=Exists(mine.filter(did="shown")),
        opened=Exists(mine.filter(did="opened")),
        named=Exists(few),
    )


def _cards(actor: Actor, alarms: Iterable[Alarm]) -> list[Card]:
    rows = list(alarms)
    cards = [_card(actor, alarm) for alarm in rows]
    shown = [card.alarm.person_id for card in cards if card.alarm.person_id and not card.hidden]
    contacts, near = defaultdict(list), defaultdict(list)
    for contact in Contact.objects.filter(person_id__in=shown, ended_at=None) if shown else ():
        contacts[contact.person_id].append(contact)
    told = Relation.objects.filter(person_id__in=shown, ended_at=None, consent=True).exclude(phone="")
    for relation in told.order_by("-first_choice", "name") if shown else ():
        words = relation.get_kind_display().lower()
        near[relation.person_id].append(Near(relation.name, words, relation.phone))
    events = defaultdict(list)
    told_of = AlarmEvent.objects.filter(alarm__in=rows).select_related("receipt__receiver")
    for event in told_of.defer("receipt__said").order_by("number") if rows else ():
        events[event.alarm_id].append(event)
    before = _before(rows)
    for card in cards:
        key = cast(UUID, card.alarm.person_id)
        card.phone, card.near = phone_of(contacts[key]), near[key]
        card.events = _first_sight(events[card.alarm.pk])
        card.before = "" if card.hidden else before.get(key, "")
    return cards


def _card(actor: Actor, alarm: Alarm) -> Card:
    carried: Any = alarm
    mine = alarm.holder_id == actor.user_id and alarm.state not in ("waiting", "closed")
    protected = alarm.person is not None and alarm.person.is_protected
    hidden = protected and not carried.named and not (carried.opened and mine)
    offered = alarm.offered_to_id == actor.user_id and alarm.state != "closed"
    return Card(alarm, hidden, mine, offered, carried.seen)


def _first_sight(events: list[AlarmEvent]) -> list[AlarmEvent]:
    """Everything that happened, but that it was looked at only once: by whom first."""
    kept: list[AlarmEvent] = []
    for event in events:
        if event.did != "shown" or all(one.did != "shown" for one in kept):
            kept.append(event)
    return kept


def _before(alarms: list[Alarm]) -> dict[UUID, str]:
    """How each person's last alarm ended, in words. One statement."""
    people = [alarm.person_id for alarm in alarms if alarm.person_id]
    if not people:
        return {}
    rows = Alarm.objects.filter(person_id__in=people, state="closed").exclude(
        pk__in=[one.pk for one in alarms]
    )
    last = rows.order_by("person_id", "-received_at").distinct("person_id")
    return {
        person_id: f"{local(at):%Y-%m-%d kl. %H.%M}: {dict(OUTCOMES).get(outcome, '').lower()}"
        for person_id, at, outcome in last.values_list("person_id", "pressed_at", "outcome")
    }
