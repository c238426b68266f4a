"""Links by which a password is set."""

from datetime import datetime

from django.core import signing

from livlina.across.portal.models import PasswordLink
from livlina.core import tenancy

SALT = "livlina.password-link"


def link_of(token: str, now: datetime) -> PasswordLink | None:
    """Return the living link of a token, or None. Enters the municipality that the signed token names."""
    try:
        place, _, key = signing.Signer(salt=SALT).unsign(token).partition(".")
    except signing.BadSignature:
        return None
    tenancy.enter(int(place))
    found = PasswordLink.objects.select_related("user").filter(pk=key).first()
    return found if found is not None and found.works(now) else None


def link_waiting(user_id: int, now: datetime) -> PasswordLink | None:
    """Return the link a user has been given and not used, if it still works."""
    rows = PasswordLink.objects.filter(user_id=user_id, used_at=None, revoked_at=None, expires_at__gt=now)
    return rows.first()
