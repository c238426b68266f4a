"""The first administrator of a municipality, made at the terminal by whoever runs the house; or a new one when all left."""

from datetime import datetime

from django.db import transaction

from livlina.across.portal.access import ADMINISTRATOR
from livlina.across.portal.actions import faults
from livlina.across.portal.actions.password import new_link
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality, Unit, User

OFFICE = "Systemförvaltningen"


@transaction.atomic
def first_administrator(
    municipality: Municipality, name: str, email: str, *, by: Actor, now: datetime
) -> tuple[User, str]:
    """Make an administrator where there is none, and return them with the token by which they choose a password.

    Raises Refused, AdministrationRefused: where there is one already, that one adds the others.
    """
    demand(by, "portal.begin")
    today = day_of(now)
    held = Assignment.objects.filter(municipality=municipality, role=ADMINISTRATOR, user__is_active=True)
    if held.valid(today).exists():
        raise faults.Administered
    if User.objects.filter(email=email.strip().lower()).exists():
        raise faults.AddressTaken
    unit, _ = Unit.objects.get_or_create(
        municipality=municipality, name=OFFICE, defaults={"side": "operations"}
    )
    user = User.objects.create_user(email.strip(), name.strip())
    made = Assignment.objects.create(
        municipality=municipality,
        user=user,
        unit=unit,
        role=ADMINISTRATOR,
        title="Systemadministratör",
        compartments=[],
        valid_from=today,
    )
    audit.wrote(by, "portal.begin", now=now, obj=made, detail={"user": user.pk})
    return user, new_link(user, by=by, now=now)[1]
