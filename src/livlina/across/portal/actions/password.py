"""A colleague's ways in: a link to set a password, and a passkey that is lost.

No letter is sent: the administrator hands the link over. It is signed, holds for two days and is used once. Whoever
uses it is shut out everywhere else; a passkey that is registered is still asked for after the new password.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core import signing

from livlina.across.portal.actions import faults
from livlina.across.portal.actions.staff import own_account, shut_out
from livlina.across.portal.models import PasswordLink
from livlina.across.portal.queries.links import SALT
from livlina.core import audit
from livlina.core.access import Actor, Refused
from livlina.core.models import User

LINK_LASTS = timedelta(hours=48)


def make_link(user: User, *, by: Actor, now: datetime) -> tuple[PasswordLink, str]:
    """Return a new link and its token, which is stored nowhere; an older unused one stops working. Raises as staff.py's."""
    own_account(user, by)
    if not user.is_active:
        raise faults.AccountEnded
    return new_link(user, by=by, now=now)


def new_link(user: User, *, by: Actor, now: datetime) -> tuple[PasswordLink, str]:
    """Make the link, for whoever has checked that it may be made."""
    User.objects.select_for_update().get(pk=user.pk)  # two administrators at once: one after the other
    PasswordLink.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now)
    link = PasswordLink.objects.create(
        municipality_id=by.municipality_id,
        user=user,
        made_at=now,
        by_user_id=by.user_id,
        by_name=by.name,
        expires_at=now + LINK_LASTS,
    )
    audit.wrote(by, "portal.account", now=now, obj=link, detail={"did": "link", "user": user.pk})
    return link, signing.Signer(salt=SALT).sign(f"{link.municipality_id}.{link.pk.hex}")


def set_password(link: PasswordLink, password: str, *, by: Actor, now: datetime) -> User:
    """Set the password a link is for, and use the link up; every session of the user ends. Raises LinkIsDead.

    Nobody is signed in: whoever has the link acts, and `by` is the system of the link's municipality.
    """
    found = PasswordLink.objects.select_for_update(of=("self",)).select_related("user").get(pk=link.pk)
    if not found.works(now):
        raise faults.LinkIsDead
    user = found.user
    user.set_password(password)
    user.save(update_fields=["password"])
    found.used_at = now
    found.save(update_fields=["used_at"])
    shut_out(user)
    audit.wrote(by, "portal.password", now=now, obj=found, detail={"user": user.pk})
    return user


def remove_passkey(user: User, key_id: int, *, by: Actor, now: datetime) -> None:
    """Remove a passkey that is lost, and end every session; with the last one the reserve codes go too. Raises Refused."""
    own_account(user, by)
    keys = Authenticator.objects.filter(user_id=user.pk)
    found = keys.filter(pk=key_id, type=Authenticator.Type.WEBAUTHN).first()
    if found is None:
        raise Refused("portal.account")
    found.delete()
    if not keys.filter(type=Authenticator.Type.WEBAUTHN).exists():
        keys.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    shut_out(user)
    audit.wrote(by, "portal.account", now=now, obj=user, detail={"did": "passkey_removed", "passkey": key_id})
