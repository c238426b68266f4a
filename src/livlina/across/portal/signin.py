"""From what an identity provider says to a person who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from livlina.across.portal import actions
from livlina.across.portal.oidc import SignInFailed
from livlina.core import tenancy
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.core.ids import IdentityNumber, IdentityNumberError
from livlina.core.models import Municipality, User
from livlina.registers.people.actions import PeopleFault, register_person
from livlina.registers.people.models import Person, PersonNumber

NUMBER_CLAIMS = (
    "https://id.oidc.se/claim/personalIdentityNumber",
    "https://id.oidc.se/claim/coordinationNumber",
)
"""Where a broker says the number (Swedish OpenID Connect claims specification)."""


@dataclass(frozen=True)
class Identity:
    """Who an e-identification says that someone is."""

    number: str
    given_names: str
    family_name: str


def staff(
    request: HttpRequest, claims: dict[str, Any], *, trust_address: bool, next_url: str
) -> HttpResponse:
    """Sign in the member of staff whose verified address the provider gives. Raises SignInFailed."""
    address = str(claims.get("email", "")).lower()
    if not address or not (claims.get("email_verified") is True or trust_address):
        raise SignInFailed("address")
    user = User.objects.filter(email=address, kind="staff").first()
    if user is None:
        raise SignInFailed("no_user")
    request.sign_in_kind = "staff"  # type: ignore[attr-defined]
    record_authentication(
        request, user, method="provider"
    )  # the passkey may be asked for besides, in another request
    return perform_login(request, user, redirect_url=next_url)


def identity(claims: dict[str, Any]) -> Identity:
    """Read an e-identification's claims. Raises SignInFailed if they lack the number."""
    number = next((str(claims[name]) for name in NUMBER_CLAIMS if claims.get(name)), "")
    if not number:
        raise SignInFailed("no_number")
    return Identity(number, str(claims.get("given_name", "")), str(claims.get("family_name", "")))


def citizen(
    request: HttpRequest, who: Identity, municipality: Municipality, *, kind: str, next_url: str
) -> HttpResponse:
    """Sign in a citizen in a municipality; someone it has not met is registered. Raises SignInFailed.

    A person with protected identity is not served here. What they see is what anyone sees whose sign-in failed.
    """
    now: datetime = request.now  # type: ignore[attr-defined]
    by = system(municipality.pk, (1,))
    try:
        number = IdentityNumber.parse(who.number, today=day_of(now))
    except IdentityNumberError:
        raise SignInFailed("number") from None
    tenancy.enter(municipality.pk, by.compartments)
    try:
        person = _person(number, who, municipality, now)
        if person.is_protected or person.is_dead:
            raise SignInFailed("not_served")
        user = actions.citizen_user(person, by=by, now=now)
    except PeopleFault:
        raise SignInFailed("person") from None
    finally:
        tenancy.enter(None)
    request.sign_in_kind = kind  # type: ignore[attr-defined]
    request.citizen = (municipality.pk, person.pk)  # type: ignore[attr-defined]
    return perform_login(request, user, redirect_url=next_url)


def _person(number: IdentityNumber, who: Identity, municipality: Municipality, now: datetime) -> Person:
    """Return the person who has or has had the number, registered now if there is none."""
    known = PersonNumber.objects.filter(municipality_id=municipality.pk, value=number).select_related(
        "person"
    )
    found = known.first()
    if found:
        return found.person
    if not who.given_names or not who.family_name:
        raise SignInFailed("no_name")
    return register_person(
        given_names=who.given_names,
        family_name=who.family_name,
        number=number,
        by=system(municipality.pk, (1,)),
        now=now,
    )


def municipality_for(request: HttpRequest, slug: str = "") -> Municipality | None:
    """Return the municipality a citizen turns to: the named one, else the host's, else the only one, else None."""
    every = list(Municipality.objects.order_by("name"))
    wanted = slug or request.get_host().partition(".")[0]
    named = [one for one in every if one.slug == wanted]
    if named:
        return named[0]
    return every[0] if len(every) == 1 and not slug else None


def eid_in_place() -> bool:
    """Whether a broker for e-identification is configured."""
    return any(
        one["provider_id"] == "eid" for one in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    )
