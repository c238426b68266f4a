"""What the portal does by itself."""

from datetime import datetime, timedelta

from livlina.across.portal.models import SignInEvent
from livlina.core.models import Session

KEPT = timedelta(days=365)
"""How long attempts to sign in are kept."""


def forget_old_sign_ins(municipality_id: int, now: datetime) -> int:
    """Remove sessions that have run out, and attempts to sign in older than a year. Global; twice does no harm."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    attempts, _ = SignInEvent.objects.filter(at__lt=now - KEPT).delete()
    return sessions + attempts
