"""Sealed keys: asked for by one administrator and made by another, tested, opened once, looked into afterwards."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NoReturn

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from livlina.across.portal.actions import faults
from livlina.across.portal.models import SealedKey, SealOpening, SealTest
from livlina.across.portal.sessions import SEAL_LASTS
from livlina.core import audit, outbox, tenancy
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality, User

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter looks like a figure, and none spells by mistake."""
GROUPS, GROUP = 8, 4
READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Attempt:
    """What somebody with an envelope in hand fills in."""

    number: int
    code: str
    email: str
    why: str


def ask_seal(place: str, *, by: Actor, now: datetime) -> SealedKey:
    """Ask for a sealed key to be kept at `place`; another administrator makes it. Raises Refused."""
    demand(by, "portal.seals")
    last = SealedKey.objects.filter(municipality_id=by.municipality_id).aggregate(top=Max("number"))["top"]
    key = SealedKey.objects.create(
        municipality_id=by.municipality_id, number=(last or 0) + 1, place=place.strip(), asked_at=now,
        asked_by_id=by.user_id, asked_by_name=by.name,
    )  # fmt: skip
    audit.wrote(by, "portal.seals", now=now, obj=key, detail={"did": "asked", "number": key.number})
    return key


@transaction.atomic
def make_seal(key: SealedKey, *, by: Actor, now: datetime) -> str:
    """Make the key that another administrator asked for; return its code (160 bits), which is stored nowhere.

    Raises Refused, TakesTwo, SealMade.
    """
    demand(by, "portal.seals", key)
    found = SealedKey.objects.select_for_update().get(pk=key.pk)
    if found.asked_by_id == by.user_id:
        raise faults.TakesTwo
    if found.made_at is not None or found.ended_at is not None:
        raise faults.SealMade
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    found.code_hash = hashed(found.municipality_id, found.number, code)
    found.made_at, found.made_by_id, found.made_by_name = now, by.user_id, by.name
    found.save(update_fields=["code_hash", "made_at", "made_by_id", "made_by_name"])
    audit.wrote(by, "portal.seals", now=now, obj=found, detail={"did": "made", "number": found.number})
    return code


@transaction.atomic
def withdraw_seal(key: SealedKey, *, by: Actor, now: datetime) -> None:
    """Let a key open nothing any more. Raises Refused, SealEnded."""
    demand(by, "portal.seals", key)
    found = SealedKey.objects.select_for_update().get(pk=key.pk)
    if found.ended_at is not None:
        raise faults.SealEnded
    found.ended_at, found.ended_why = now, SealedKey.End.WITHDRAWN
    found.save(update_fields=["ended_at", "ended_why"])
    audit.wrote(by, "portal.seals", now=now, obj=found, detail={"did": "withdrawn", "number": found.number})


@transaction.atomic
def check_seal(key: SealedKey, whole: bool, note: str, *, by: Actor, now: datetime) -> SealTest:
    """Record that somebody looked at the envelope at its place. Raises Refused, SealEnded, NotWhole."""
    demand(by, "portal.seals", key)
    key = SealedKey.objects.select_for_update().get(pk=key.pk)
    if key.made_at is None or key.ended_at is not None:
        raise faults.SealEnded
    if not whole and not note.strip():
        raise faults.NotWhole
    test = SealTest.objects.create(
        municipality_id=key.municipality_id, key=key, at=now, by_user_id=by.user_id, by_name=by.name,
        whole=whole, note=note.strip(),
    )  # fmt: skip
    audit.wrote(by, "portal.seals", now=now, obj=test, detail={"did": "tested", "whole": whole})
    return test


def open_seal(
    place: Municipality, tried: Attempt, *, by: Actor, now: datetime
) -> tuple[User, Assignment, SealOpening]:
    """Break a seal: the key is spent, and whoever the account belongs to is named before everyone. Raises SealRefused.

    One answer for every fault, so that it tells nothing of accounts or keys. Announces `portal.seal_broken`.
    """
    demand(by, "portal.open_seal")
    with tenancy.acting(place.pk, tenancy.EVERYTHING):
        keys = SealedKey.objects.select_for_update().filter(municipality=place, ended_at=None)
        key = keys.filter(number=tried.number).exclude(code_hash="").first()
        offered = hashed(place.pk, tried.number, tried.code)
        if key is None or not secrets.compare_digest(key.code_hash, offered):
            _refuse()
        user, held = _whose(place, tried.email, now)
        key.ended_at, key.ended_why = now, SealedKey.End.OPENED
        key.save(update_fields=["ended_at", "ended_why"])
        opening = SealOpening.objects.create(
            municipality=place, key=key, at=now, user_id=user.pk, user_name=user.name, unit_id=held.unit_id,
            why=tried.why.strip(), ends_at=now + SEAL_LASTS,
        )  # fmt: skip
        whoever = Actor(
            "staff", place.pk, held.role, user.name, user_id=user.pk, assignment_id=held.pk, unit_id=held.unit_id,
            unit_name=held.unit.name, title=held.title, outage=True,
        )  # fmt: skip
        audit.wrote(whoever, "portal.open_seal", now=now, obj=opening, reason=opening.why)
        outbox.announce("portal.seal_broken", opening, now=now)
    return user, held, opening


@transaction.atomic
def review_opening(opening: SealOpening, justified: bool, review: str, *, by: Actor, now: datetime) -> None:
    """Say what one found when looking into a broken seal: never one's own. Raises Refused, OpeningReviewed.

    Announces `portal.seal_reviewed`, which closes the managers' watches.
    """
    demand(by, "portal.review_seal", opening)
    found = SealOpening.objects.select_for_update().get(pk=opening.pk)
    if found.reviewed_at is not None:
        raise faults.OpeningReviewed
    found.reviewed_at, found.reviewed_by_id, found.reviewed_by_name = now, by.user_id, by.name
    found.justified, found.review = justified, review.strip()
    found.save(update_fields=["reviewed_at", "reviewed_by_id", "reviewed_by_name", "justified", "review"])
    audit.wrote(by, "portal.review_seal", now=now, obj=found, detail={"justified": justified})
    outbox.announce("portal.seal_reviewed", found, now=now)


def hashed(municipality_id: int, number: int, code: str) -> str:
    """Return what is stored of a code. It is random and long, so that a quick hash is enough."""
    plain = "".join(filter(str.isalnum, code.upper())).translate(READ_AS)
    return sha256(f"livlina sealed key {municipality_id} {number} {plain}".encode()).hexdigest()


def _whose(place: Municipality, email: str, now: datetime) -> tuple[User, Assignment]:
    """The account and the care assignment it opens for: an account that only administers has nothing to do there."""
    caring = [*settings.AUDIENCES["officer"], *settings.AUDIENCES["provider"]]
    address = email.strip().lower()
    user = User.objects.filter(email=address, kind="staff", is_active=True).first()
    held = (
        Assignment.objects.filter(municipality=place, user=user, role__in=caring)
        .valid(day_of(now))
        .select_related("unit")
        .order_by("id")
        .first()
        if user
        else None
    )
    if user is None or held is None:
        _refuse()
    return user, held


def _refuse() -> NoReturn:
    raise faults.SealRefused
