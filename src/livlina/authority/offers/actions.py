"""Every write of the room. Nothing here decides anything about a person: no decision, no appeal, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from livlina.authority.cases.actions import register_application
from livlina.authority.cases.actions.reports import receive_report
from livlina.authority.cases.models import Application, ConcernReport, signature
from livlina.authority.offers.models import (
    FULL,
    NONE,
    Offer,
    OfferVersion,
    Participation,
    ParticipationNote,
)
from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, demand
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.models import Unit
from livlina.registers.people.actions import end_reach, grant_reach
from livlina.registers.people.models import Person


class OfferRefused(Exception):
    """Det går inte att göra med insatsen som den är. Meningen är för den som försökte."""


@dataclass(frozen=True)
class Decided:
    """What the board has decided to offer, as it stands in its minutes."""

    board_decision: str
    decided_on: date
    valid_from: date
    documentation: str
    name: str
    what: str
    target_group: str
    conditions: str
    contact: str
    documentation_reason: str = ""
    listed: bool = True
    name_en: str = ""
    what_en: str = ""
    target_group_en: str = ""
    conditions_en: str = ""
    contact_en: str = ""


@transaction.atomic
def begin_offer(decided: Decided, *, unit: Unit, branch: int, by: Actor, now: datetime) -> Offer:
    """Write down what the board has decided to offer without an individual assessment (SoL 11:5).

    `unit` runs it, in a branch that is the actor's own; a manager's is the manager's own unit. Raises Refused,
    OfferRefused.
    """
    demand(by, "offers.begin")
    if branch not in by.compartments or branch not in settings.BRANCHES:
        raise Refused("offers.begin")
    if by.role == "unit_manager" and unit.pk != by.unit_id:
        raise Refused("offers.begin")
    offer = Offer.objects.create(
        municipality_id=by.municipality_id, compartment=branch, unit=unit, begun_at=now
    )
    _write_version(offer, decided, 1, by=by, now=now)
    audit.wrote(by, "offers.begin", now=now, obj=offer, detail={"unit": str(unit.pk)})
    return offer


@transaction.atomic
def change_offer(offer: Offer, decided: Decided, *, by: Actor, now: datetime) -> OfferVersion:
    """Write what the board has decided anew, from a later day; who takes part already keeps the version they began in.

    Raises Refused, OfferRefused.
    """
    offer = _held(offer, "offers.arrange", by)
    last = offer.versions.order_by("-number").first()
    if last is not None and decided.valid_from <= last.valid_from:
        raise OfferRefused(f"Den nya lydelsen måste gälla från en senare dag än {last.valid_from}.")
    version = _write_version(offer, decided, last.number + 1 if last else 1, by=by, now=now)
    audit.wrote(by, "offers.change", now=now, obj=version)
    return version


@transaction.atomic
def close_offer(offer: Offer, *, last_day: date, by: Actor, now: datetime) -> Offer:
    """Offer it no longer: nobody begins after the last day, and those who take part then have ended. Raises Refused."""
    offer = _held(offer, "offers.arrange", by)
    running = offer.participations.filter(documentation=FULL, ends_on=None).select_related("person")
    for participation in running:
        _end(participation, max(last_day, participation.begins_on), "offer_closed", by=by, now=now)
    offer.closed_on = last_day
    offer.save(update_fields=["closed_on"])
    audit.wrote(by, "offers.close", now=now, obj=offer, detail={"last_day": last_day.isoformat()})
    return offer


@transaction.atomic
def take_part(
    offer: Offer, *, begins_on: date, by: Actor, now: datetime, person: Person | None = None
) -> Participation:
    """Write that someone takes part: by name where the board wants that, else only that one more did.

    Raises Refused, OfferRefused when the offer is closed, or when more or less is said than its documentation allows.
    """
    offer = _held(offer, "offers.run", by)
    version = _version_for(offer, begins_on, today=day_of(now))
    if version.documentation == NONE:
        raise OfferRefused("Nämnden har beslutat att inget dokumenteras om dem som deltar i insatsen.")
    if person is None and version.documentation == FULL:
        raise OfferRefused("Välj vem som deltar. Deltagandet dokumenteras på person.")
    if person is not None:
        if version.documentation != FULL:
            raise OfferRefused("Deltagandet räknas utan uppgift om person. Skriv inte in vem det är.")
        demand(by, "people.read", person)
        if offer.participations.filter(person=person, ends_on=None, documentation=FULL).exists():
            raise OfferRefused("Personen deltar redan.")
    row = Participation.objects.create(
        **signature(by, now), offer=offer, version=version, documentation=version.documentation,
        person=person, begins_on=begins_on,
    )  # fmt: skip
    if person is not None:
        grant_reach(person, offer.unit_id, source=_source(row), reason="offer", by=by, now=now)
    audit.wrote(by, "offers.take_part", now=now, obj=row, person_id=person.pk if person else None)
    outbox.announce("offer.taken", row, now=now)
    return row


@transaction.atomic
def end_participation(
    participation: Participation, *, last_day: date, reason: str, by: Actor, now: datetime
) -> Participation:
    """Write that a named person no longer takes part; a stay counts as signed out that day (SoF 9:14).

    Raises Refused, OfferRefused.
    """
    demand(by, "offers.participants", participation)
    if participation.documentation != FULL:
        raise OfferRefused("Ett räknat deltagande avslutas inte: det finns ingen att avsluta det för.")
    if participation.ends_on is not None:
        return participation
    if last_day < participation.begins_on or last_day > day_of(now):
        raise OfferRefused("Sista dagen ska vara en dag mellan början och i dag.")
    return _end(participation, last_day, reason, by=by, now=now)


@transaction.atomic
def write_note(
    participation: Participation, text: str, *, happened_on: date, by: Actor, now: datetime
) -> ParticipationNote:
    """Note what happened while a named person took part (SoL 14 kap.). Raises Refused, OfferRefused."""
    demand(by, "offers.participants", participation)
    if participation.documentation != FULL:
        raise OfferRefused("Inget antecknas om den som deltar utan att vara namngiven.")
    if not text.strip():
        raise OfferRefused("Skriv vad som hände.")
    if not participation.begins_on <= happened_on <= day_of(now):
        raise OfferRefused("Dagen ska ligga mellan att deltagandet började och i dag.")
    note = ParticipationNote.objects.create(
        **signature(by, now), participation=participation, happened_on=happened_on, text=text.strip()
    )
    audit.wrote(by, "offers.note", now=now, obj=note, person_id=participation.person_id)
    return note


def report_concern(offer: Offer, answers: Mapping[str, Any], *, by: Actor, now: datetime) -> ConcernReport:
    """Report concern for a child seen where something is offered: the duty does not wait for any documentation (SoL 19:1).

    The report lies with those who sort reports; nothing of it stands in this room. Raises Refused, FactsWrong.
    """
    demand(by, "offers.run", offer)
    said = {
        "reporter_kind": "under_duty",
        "reporter_name": by.name,
        "reporter_workplace": by.unit_name,
        **answers,
    }
    return receive_report(said, found_on=day_of(now), how=Channel.VISIT, by=by, now=now)


def begin_intake(
    participation: Participation, process_code: str, words: Mapping[str, Any], *, by: Actor, now: datetime
) -> Application:
    """Take down an application from someone who needs more than what is offered: a case of its own, decided as others.

    Raises Refused, FactsWrong, OfferRefused for one who is only counted.
    """
    demand(by, "offers.participants", participation)
    if participation.person is None:
        raise OfferRefused("Den som deltar är inte namngiven. Sök fram personen och registrera ansökan där.")
    return register_application(
        process_code, participation.person, words, found_on=day_of(now), how=Channel.VISIT, by=by, now=now
    )


def _write_version(offer: Offer, decided: Decided, number: int, *, by: Actor, now: datetime) -> OfferVersion:
    if decided.decided_on > decided.valid_from:
        raise OfferRefused("Insatsen kan inte erbjudas innan nämnden har beslutat om den.")
    if decided.documentation != FULL and not decided.documentation_reason.strip():
        raise OfferRefused("Skriv varför deltagandet inte ska dokumenteras på person.")
    return OfferVersion.objects.create(**signature(by, now), offer=offer, number=number, **vars(decided))


def _held(offer: Offer, verb: str, by: Actor) -> Offer:
    """Check access, and hold the offer until the transaction ends."""
    demand(by, verb, offer)
    return Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)


def _version_for(offer: Offer, day: date, *, today: date) -> OfferVersion:
    """The version in force on the day. Raises OfferRefused when nothing is offered then."""
    if day > today:
        raise OfferRefused("Deltagandet kan inte börja efter i dag.")
    if offer.closed_on is not None and day > offer.closed_on:
        raise OfferRefused(f"Insatsen erbjuds inte efter den {offer.closed_on}.")
    version = offer.versions.filter(valid_from__lte=day).order_by("-valid_from").first()
    if version is None:
        raise OfferRefused("Insatsen erbjöds inte den dagen.")
    return version


def _end(row: Participation, last_day: date, reason: str, *, by: Actor, now: datetime) -> Participation:
    row.ends_on, row.end_reason = last_day, reason
    row.save(update_fields=["ends_on", "end_reason"])
    if row.person is not None:
        end_reach(row.person, source=_source(row), by=by, now=now)
    audit.wrote(by, "offers.end", now=now, obj=row, person_id=row.person_id, detail={"reason": reason})
    outbox.announce("offer.ended", row, now=now)
    return row


def _source(row: Participation) -> str:
    return f"offers.participation:{row.pk}"
