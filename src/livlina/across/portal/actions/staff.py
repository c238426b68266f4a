"""Staff and their assignments: added, given, ended. Nobody gives themselves anything."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from livlina.across.portal.access import ADMINISTRATOR, GIVES
from livlina.across.portal.actions import faults
from livlina.across.portal.models import PasswordLink
from livlina.across.portal.queries.staff import demand_colleague, works_elsewhere
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Session, Unit, User

OF_ONE_BRANCH = ("case_worker", "unit_manager")
"""Roles whose assignment says which branch of the authority it is for."""


@dataclass(frozen=True)
class Duty:
    """What an assignment says: as what, where, for which branches, and from when to when."""

    unit: Unit
    role: str
    title: str
    valid_from: date
    valid_to: date | None = None
    branches: tuple[int, ...] = ()
    qualifications: tuple[str, ...] = ()


def add_user(name: str, email: str, duty: Duty, *, by: Actor, now: datetime) -> User:
    """Make an account, without any way to sign in yet, and its first assignment. Raises Refused, AdministrationRefused."""
    demand(by, "portal.account")
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is not None:
        ours = known.kind == "staff" and known.assignments.filter(municipality_id=by.municipality_id).exists()
        raise faults.AddressTaken if ours else faults.AddressElsewhere
    try:
        with transaction.atomic():
            user = User.objects.create_user(email.strip(), name.strip())
            give_assignment(user, duty, by=by, now=now)
    except IntegrityError:  # another administrator was quicker by a moment
        raise faults.AddressTaken from None
    audit.wrote(by, "portal.account", now=now, obj=user, detail={"did": "added"})
    return user


def change_user(user: User, name: str, email: str, *, by: Actor, now: datetime) -> None:
    """Correct a name or an address; another address ends every session, since it is another way in. Raises as above."""
    own_account(user, by)
    address = email.strip().lower()
    if User.objects.filter(email=address).exclude(pk=user.pk).exists():
        raise faults.AddressElsewhere
    moved = address != user.email
    user.name, user.email = name.strip(), address
    user.save(update_fields=["name", "email"])
    if moved:
        shut_out(user)
    audit.wrote(by, "portal.account", now=now, obj=user, detail={"did": "changed", "address": moved})


def end_user(user: User, *, by: Actor, now: datetime) -> None:
    """End an account at once: its sessions, its links and its assignments. Raises Refused, AdministrationRefused."""
    own_account(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    shut_out(user)
    PasswordLink.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now)
    held = Assignment.objects.select_for_update().filter(user=user, municipality_id=by.municipality_id)
    today = day_of(now)
    for one in held.filter(Q(valid_to=None) | Q(valid_to__gte=today)):
        one.valid_to = _last_day_of(one, today)
        one.save(update_fields=["valid_to"])
        audit.wrote(by, "portal.assign", now=now, obj=one, detail={"did": "ended", "to": str(one.valid_to)})
    audit.wrote(by, "portal.account", now=now, obj=user, detail={"did": "ended"})


def reopen_user(user: User, *, by: Actor, now: datetime) -> None:
    """Open an ended account again; its assignments stay ended. Raises Refused, AdministrationRefused."""
    own_account(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.wrote(by, "portal.account", now=now, obj=user, detail={"did": "opened"})


def give_assignment(user: User, duty: Duty, *, by: Actor, now: datetime) -> Assignment:
    """Give someone an assignment. Raises Refused, AdministrationRefused."""
    demand(by, "portal.assign")
    if user.pk == by.user_id:
        raise faults.OwnAssignment
    if not user.is_active:
        raise faults.AccountEnded
    unit = Unit.objects.select_for_update().get(pk=duty.unit.pk)  # a unit that is just being ended waits
    compartments = _compartments(duty)
    _check(user, duty, unit, compartments, by)
    made = Assignment.objects.create(
        municipality_id=by.municipality_id,
        user=user,
        unit=unit,
        role=duty.role,
        title=duty.title.strip() or settings.ROLES[duty.role].swedish,
        compartments=list(compartments),
        qualifications=list(duty.qualifications),
        valid_from=duty.valid_from,
        valid_to=duty.valid_to,
    )
    said = {"did": "given", "user": user.pk, "role": duty.role, "compartments": list(compartments)}
    audit.wrote(by, "portal.assign", now=now, obj=made, detail=said | {"unit": str(unit.pk)})
    return made


def end_assignment(assignment: Assignment, last_day: date, *, by: Actor, now: datetime) -> None:
    """End an assignment after `last_day` (yesterday: at once). Raises Refused, AdministrationRefused."""
    demand(by, "portal.assign", assignment)
    found = Assignment.objects.select_for_update().get(pk=assignment.pk)
    today = day_of(now)
    if found.valid_to is not None and found.valid_to < today:
        raise faults.EndedAlready
    if last_day < today - timedelta(days=1):
        raise faults.TooFarBack
    found.valid_to = max(last_day, found.valid_from - timedelta(days=1))
    found.save(update_fields=["valid_to"])
    if found.valid_to < today:
        Session.objects.filter(assignment_id=found.pk).delete()
    audit.wrote(by, "portal.assign", now=now, obj=found, detail={"did": "ended", "to": str(found.valid_to)})


def shut_out(user: User) -> None:
    """End every session of a user; each browser is out with its next request."""
    Session.objects.filter(user=user).delete()


def _last_day_of(assignment: Assignment, today: date) -> date:
    """The last day of an assignment that ends at once: yesterday, so that nobody is offered its holder any more.

    One that began today keeps today, and one that has not begun never held.
    """
    if assignment.valid_from == today:
        return today
    return max(today, assignment.valid_from) - timedelta(days=1)


def own_account(user: User, by: Actor) -> None:
    """Check that the account is a colleague's, of this municipality alone. Raises Refused, AdministrationRefused."""
    demand(by, "portal.account")
    demand_colleague(by, user)
    if user.pk == by.user_id:
        raise faults.OwnAccount
    if works_elsewhere(user, by):
        raise faults.UsedElsewhere


def _compartments(duty: Duty) -> tuple[int, ...]:
    """What the holder will see: of the role, and for some roles of the branch that is chosen."""
    own = settings.ROLES[duty.role].compartments
    if duty.role in OF_ONE_BRANCH:
        if not duty.branches:
            raise faults.BranchNeeded
        return tuple(code for code in settings.BRANCHES if code in duty.branches)
    if not duty.branches:
        return own
    if settings.ROLES[duty.role].side != "authority":
        raise faults.BranchNotOfRole
    return tuple(code for code in own if code in duty.branches)


def _check(user: User, duty: Duty, unit: Unit, compartments: tuple[int, ...], by: Actor) -> None:
    """Check the unit, the days, and that it is the giver's to give. Raises Refused, AdministrationRefused."""
    if unit.municipality_id != by.municipality_id:
        raise Refused("portal.assign")
    if by.role != ADMINISTRATOR:
        led = duty.role in GIVES[by.role] and unit.pk == by.unit_id
        if not led or not set(compartments) <= set(by.compartments):
            raise faults.NotYoursToGive
    if unit.ended_on is not None:
        raise faults.UnitEnded
    if unit.side != settings.ROLES[duty.role].side:
        raise faults.WrongSide
    if duty.qualifications and settings.AREAS["children"] not in compartments:
        raise faults.NotQualifiedSide
    if duty.valid_to is not None and duty.valid_to < duty.valid_from:
        raise faults.EndsBeforeStart
    same = Assignment.objects.filter(user=user, unit=unit, role=duty.role, compartments=list(compartments))
    same = same.filter(Q(valid_to=None) | Q(valid_to__gte=duty.valid_from))
    if (same.filter(valid_from__lte=duty.valid_to) if duty.valid_to else same).exists():
        raise faults.AlreadyHeld
