"""Locks: ordered, agreed to, fitted, re-keyed, taken down. A lock is in use first when it has opened once."""

import secrets
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, system
from livlina.core.clock import day_of
from livlina.core.models import Unit
from livlina.provider.doors.actions import grants, vendors
from livlina.provider.doors.faults import LockRefused
from livlina.provider.doors.models import CONSENTS, Consent, Grant, Lock, LockUnit, Opening
from livlina.registers.people.models import Person
from livlina.registers.watches import actions as watches

LABEL = "doors.lock"
FIT_WITHIN = timedelta(days=14)
TAKE_DOWN_WITHIN = timedelta(days=7)
USED = ("fitted", "faulty")


def order_lock(
    person: Person,
    *,
    place: str,
    by: Actor,
    now: datetime,
    area: str = "",
    vendor: str = "simulator",
    model: str = "",
    fit_on: date | None = None,
    fitter: str = "",
) -> Lock:
    """Put up a lock to be fitted at a person's door, and a duty to do it. Raises Refused, LockRefused.

    Ordering the same door twice is one order.
    """
    demand(by, "doors.order_lock")
    demand(by, "people.read", person)
    if not place.strip():
        raise LockRefused("Skriv vilken dörr låset ska sitta på.")
    if fit_on is not None and fit_on < day_of(now):
        raise LockRefused("Dagen för monteringen har redan varit.")
    Person.objects.select_for_update().get(pk=person.pk)
    waits = Lock.objects.filter(
        person=person, unit_id=by.unit_id, place=place.strip(), state="planned"
    ).first()
    if waits is not None:
        return waits
    lock = _numbered(
        municipality_id=by.municipality_id, person=person, unit_id=by.unit_id, place=place.strip(), area=area,
        vendor=vendor, model=model.strip(), fit_on=fit_on, fitter=fitter.strip(),
    )  # fmt: skip
    due = now + FIT_WITHIN
    _duty("doors.fit", lock, "provider_staff", due, by=by, now=now)
    audit.wrote(by, "doors.order_lock", now=now, person_id=person.pk, obj=lock)
    outbox.announce("door.ordered", lock, now=now)
    return lock


def plan_fitting(lock: Lock, fit_on: date, fitter: str, *, by: Actor, now: datetime) -> Lock:
    """Say when a lock is fitted and by whom. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.keep", by)
    if lock.state != "planned":
        raise LockRefused("Låset är redan monterat eller borttaget.")
    if fit_on < day_of(now):
        raise LockRefused("Dagen för monteringen har redan varit.")
    lock.fit_on, lock.fitter = fit_on, fitter.strip()
    lock.save(update_fields=["fit_on", "fitter"])
    audit.wrote(by, "doors.keep", now=now, obj=lock, detail={"fit_on": str(fit_on)})
    return lock


def give_consent(
    lock: Lock, whose: str, name: str, how: str, given_on: date, *, by: Actor, now: datetime
) -> Consent:
    """Note that the client, or the owner of the house, has agreed. The one that holds already is returned."""
    lock = _held(lock, "doors.keep", by)
    if whose not in dict(CONSENTS):
        raise LockRefused("Säg vems samtycke det är.")
    if not name.strip() or not how.strip():
        raise LockRefused("Skriv vem som samtyckte och hur.")
    if given_on > day_of(now):
        raise LockRefused("Ett samtycke kan inte vara från en dag som inte har varit.")
    consent, made = Consent.objects.get_or_create(
        municipality_id=lock.municipality_id, lock=lock, whose=whose, withdrawn_on=None,
        defaults={"name": name.strip(), "how": how.strip(), "given_on": given_on},
    )  # fmt: skip
    if made:
        audit.wrote(by, "doors.consent", now=now, person_id=lock.person_id, obj=lock, detail={"whose": whose})
    return consent


def withdraw_consent(consent: Consent, *, by: Actor, now: datetime) -> Consent:
    """Note that a consent has been taken back: no new key is made, and the lock is to come down. Raises Refused."""
    lock = _held(consent.lock, "doors.keep", by)
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_on is None:
        consent.withdrawn_on = day_of(now)
        consent.save(update_fields=["withdrawn_on"])
        if lock.state in USED:
            _duty("doors.take_down", lock, "provider_manager", now + TAKE_DOWN_WITHIN, by=by, now=now)
        audit.wrote(
            by,
            "doors.consent",
            now=now,
            person_id=lock.person_id,
            obj=lock,
            detail={"withdrawn": consent.whose},
        )
        outbox.announce("door.consent_withdrawn", lock, now=now)
    return consent


def let_unit_in(
    lock: Lock, unit: Unit, why: str, first_on: date, last_on: date | None, *, by: Actor, now: datetime
) -> LockUnit:
    """Let another unit go to a door from a day to a day. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.keep", by)
    if unit.pk == lock.unit_id or unit.side != "provider":
        raise LockRefused("Välj en annan utförarenhet än den som har låset.")
    if last_on is not None and last_on < first_on:
        raise LockRefused("Sista dagen ligger före den första.")
    if not why.strip():
        raise LockRefused("Skriv varför enheten ska kunna öppna.")
    row, _ = LockUnit.objects.get_or_create(
        municipality_id=lock.municipality_id, lock=lock, unit=unit, first_on=first_on,
        defaults={"why": why.strip(), "last_on": last_on},
    )  # fmt: skip
    audit.wrote(by, "doors.keep", now=now, person_id=lock.person_id, obj=lock, detail={"unit": str(unit.pk)})
    return row


def end_unit(row: LockUnit, *, by: Actor, now: datetime) -> LockUnit:
    """End another unit's way in; yesterday was its last day. Raises Refused."""
    lock = _held(row.lock, "doors.keep", by)
    row.last_on = max(day_of(now), row.first_on) - timedelta(days=1)
    row.save(update_fields=["last_on"])
    audit.wrote(
        by, "doors.keep", now=now, person_id=lock.person_id, obj=lock, detail={"ended": str(row.unit_id)}
    )
    return row


def fit_lock(lock: Lock, *, by: Actor, now: datetime) -> Lock:
    """Take a lock into use. It must have opened once, by its own log. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.fit", by)
    if lock.state == "fitted":
        return lock
    if lock.state != "planned":
        raise LockRefused("Bara ett lås som ska monteras kan tas i bruk.")
    if missing := missing_consents(lock, day_of(now)):
        raise LockRefused(missing)
    if not Opening.objects.filter(lock=lock, outcome="opened").exists():
        raise LockRefused(
            "Låset har ingen provöppning i loggen. Öppna en gång med montörens nyckel och hämta loggen."
        )
    lock.state, lock.fitted_at = "fitted", now
    lock.save(update_fields=["state", "fitted_at"])
    watches.close_for((LABEL, lock.pk), types=["doors.fit"], why="Låset är monterat.", by=by, now=now)
    audit.wrote(by, "doors.fit", now=now, person_id=lock.person_id, obj=lock)
    outbox.announce("door.fitted", lock, now=now)
    return lock


def report_fault(lock: Lock, what: str, *, by: Actor, now: datetime) -> Lock:
    """Say that a lock does not work: the metal key is used until it is mended. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.fit", by)
    if lock.state not in USED:
        raise LockRefused("Låset är inte i bruk.")
    if not what.strip():
        raise LockRefused("Skriv vad som är fel.")
    lock.state = "faulty"
    lock.save(update_fields=["state"])
    _duty("doors.faulty", lock, "provider_manager", now + timedelta(hours=4), by=by, now=now)
    audit.wrote(by, "doors.fault", now=now, person_id=lock.person_id, obj=lock)
    outbox.announce("door.faulty", lock, now=now)
    return lock


def mend_lock(lock: Lock, *, by: Actor, now: datetime) -> Lock:
    """Say that a lock works again. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.fit", by)
    if lock.state not in USED:
        raise LockRefused("Låset är inte i bruk.")
    lock.state = "fitted"
    lock.save(update_fields=["state"])
    watches.close_for((LABEL, lock.pk), types=["doors.faulty"], why="Låset fungerar.", by=by, now=now)
    audit.wrote(by, "doors.fit", now=now, person_id=lock.person_id, obj=lock)
    return lock


def rekey(lock: Lock, reason: str, *, by: Actor, now: datetime) -> Lock:
    """Begin a new epoch: no key made before opens this lock once it has heard of it. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.keep", by)
    if lock.state not in USED:
        raise LockRefused("Låset är inte i bruk.")
    if not reason.strip():
        raise LockRefused("Skriv varför nyckeln byts.")
    lock.epoch = F("epoch") + 1
    lock.save(update_fields=["epoch"])
    lock.refresh_from_db()
    vendors.ask("rekey", lock, {"epoch": lock.epoch}, now=now)
    by_area = Grant.objects.filter(
        lock_numbers__contains=[lock.number],
        expires__gt=now,
        revoked_at=None,
        kind__in=("round", "emergency"),
    )
    for row in by_area:  # they name an area and not the lock's epoch
        grants.revoke_grant(row, reason="Nyckelbyte", by=system(lock.municipality_id), now=now)
    audit.wrote(by, "doors.keep", now=now, person_id=lock.person_id, obj=lock, detail={"epoch": lock.epoch})
    outbox.announce("door.rekeyed", lock, now=now)
    return lock


def remove_lock(lock: Lock, *, by: Actor, now: datetime) -> Lock:
    """Take a lock down. Its log stays. Raises Refused."""
    lock = _held(lock, "doors.keep", by)
    if lock.state != "removed":
        lock.state, lock.removed_at = "removed", now
        lock.save(update_fields=["state", "removed_at"])
        watches.close_for(
            (LABEL, lock.pk), types=["doors.fit", "doors.take_down", "doors.faulty", "doors.hole"],
            why="Låset är borttaget.", by=by, now=now,
        )  # fmt: skip
        audit.wrote(by, "doors.keep", now=now, person_id=lock.person_id, obj=lock)
        outbox.announce("door.removed", lock, now=now)
    return lock


def accept_hole(lock: Lock, text: str, *, by: Actor, now: datetime) -> Lock:
    """Say that what a lock's log lacks will not come: the lock is then let go of it. Raises Refused, LockRefused."""
    lock = _held(lock, "doors.keep", by)
    if not text.strip():
        raise LockRefused("Skriv varför raderna inte kommer.")
    holes = list(Opening.objects.filter(lock=lock, follows=False).order_by("number"))
    for row in holes:
        row.follows = True
        row.save(update_fields=["follows"])
    watches.close_for((LABEL, lock.pk), types=["doors.hole"], why=text.strip()[:200], by=by, now=now)
    numbers = [row.number for row in holes]
    audit.wrote(
        by, "doors.accept_hole", now=now, person_id=lock.person_id, obj=lock, reason=text.strip()[:400],
        detail={"before": numbers},
    )  # fmt: skip
    return lock


def missing_consents(lock: Lock, on: date) -> str:
    """Return in words which consents a lock lacks; nothing when it has both. One statement."""
    held = set(
        Consent.objects.filter(lock=lock, withdrawn_on=None, given_on__lte=on).values_list("whose", flat=True)
    )
    lacks = [words.lower() for code, words in CONSENTS if code not in held]
    return f"Samtycke saknas från {' och '.join(lacks)}." if lacks else ""


def _held(lock: Lock, verb: str, by: Actor) -> Lock:
    """Return the lock's row, locked, if the actor may."""
    demand(by, verb, lock)
    return Lock.objects.select_for_update().get(pk=lock.pk)


def _numbered(**values: object) -> Lock:
    """Make a row under a number nobody can guess and no lock has had."""
    while True:
        try:
            with transaction.atomic():
                return Lock.objects.create(number=1 + secrets.randbelow(2**32 - 1), **values)
        except IntegrityError:
            if Lock.objects.filter(person=values["person"], place=values["place"], state="planned").exists():
                raise


def _duty(type: str, lock: Lock, role: str, due_at: datetime, *, by: Actor, now: datetime) -> None:
    owner = watches.Owner(role, lock.unit_id)
    watches.raise_watch(
        type, (LABEL, lock.pk), owner=owner, due_at=due_at, person_id=lock.person_id, by=by, now=now
    )  # fmt: skip
