"""Staff of the municipality, as the administrator sees them, and of a unit, as its manager does."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from livlina.across.portal.models import SignInEvent
from livlina.core import tenancy
from livlina.core.access import Actor, Refused, allowed
from livlina.core.models import Assignment, User

PAGE = 50


@dataclass(frozen=True)
class Colleague:
    """Someone of the staff, with the assignments one may see: those that hold or will hold, and those that are over."""

    user: User
    current: list[Assignment]
    over: list[Assignment]


def colleagues(actor: Actor, text: str, ended: bool, today: date, page: int) -> list[Colleague]:
    """Return a page of staff by name, and one more if there is another page. Two statements.

    `text`: how words of the name or the address begin. `ended`: those with no assignment left too.
    """
    seen = allowed(actor, "portal.staff", Assignment.objects.all())
    held = seen if ended else seen.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    rows = User.objects.filter(kind="staff", pk__in=held.values("user_id"))
    if not ended:
        rows = rows.filter(is_active=True)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(name__istartswith=word) | Q(name__icontains=f" {word}") | Q(email__istartswith=word)
        )
    start = (page - 1) * PAGE
    found = rows.order_by("name", "pk").prefetch_related(_with(seen))[start : start + PAGE + 1]
    return [_sorted(user, today) for user in found]


def colleague(actor: Actor, user_id: int, today: date) -> Colleague:
    """Return one of the staff. Raises Refused for whoever has no assignment that the actor may see."""
    seen = allowed(actor, "portal.staff", Assignment.objects.all())
    rows = User.objects.filter(kind="staff", pk__in=seen.values("user_id")).prefetch_related(_with(seen))
    user = rows.filter(pk=user_id).first()
    if user is None:
        raise Refused("portal.staff", obj=f"core.user:{user_id}")
    return _sorted(user, today)


def colleague_at(actor: Actor, address: str) -> User | None:
    """Return the member of staff of the municipality who has the address, whatever unit they work in."""
    held = Assignment.objects.filter(municipality_id=actor.municipality_id)
    rows = User.objects.filter(kind="staff", email=address.strip().lower(), pk__in=held.values("user_id"))
    return rows.first()


def demand_colleague(actor: Actor, user: User) -> None:
    """Return if the user has an assignment that the actor may see. Raises Refused."""
    seen = allowed(actor, "portal.staff", Assignment.objects.filter(user=user))
    if user.kind != "staff" or not seen.exists():
        raise Refused("portal.staff", obj=f"core.user:{user.pk}")


def works_elsewhere(user: User, actor: Actor) -> bool:
    """Whether the account has or has had an assignment in another municipality: then its ways in are not ours to change."""
    with tenancy.acting(None, user_id=user.pk):  # one's own assignments are seen wherever they are
        return Assignment.objects.filter(user=user).exclude(municipality_id=actor.municipality_id).exists()


def passkeys_of(user: User) -> list[tuple[int, str, Authenticator]]:
    """Return the passkeys of a user: number, name, and the row with its days."""
    rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [(row.pk, str(row.wrap().name), row) for row in rows]


def last_sign_in(user: User) -> SignInEvent | None:
    """Return the last time someone came in as the user, as far as it is kept."""
    return SignInEvent.objects.filter(user_id=user.pk, ok=True).order_by("-at").first()


def branches_of(assignment: Assignment) -> str:
    """The branches of an assignment in words: none for the provider's side, “alla grenar” for all."""
    held = [code for code in settings.BRANCHES if code in assignment.compartments]
    if len(held) == len(settings.BRANCHES):
        return "Alla grenar"
    return ", ".join(settings.COMPARTMENTS[code] for code in held)


def _with(seen: QuerySet[Assignment]) -> Prefetch:
    rows = seen.select_related("unit").order_by("-valid_from", "-pk")
    return Prefetch("assignments", rows, to_attr="seen_assignments")


def _sorted(user: User, today: date) -> Colleague:
    rows: list[Assignment] = user.seen_assignments  # type: ignore[attr-defined]
    current = [one for one in rows if one.valid_to is None or one.valid_to >= today]
    return Colleague(user, current, [one for one in rows if one not in current])
