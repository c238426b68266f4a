"""Asks the municipality's identity provider how it is, every few seconds, outside everybody's requests.

What is asked is what a sign-in needs: its description (which must name itself and no other) and its keys (of which one
must be usable). No password and no user takes part. Run by the worker (`cli/worker.py`) in a thread of its own, since a
provider that hangs would hold up the schedule.
"""

from datetime import datetime
from typing import Any

import jwt
import structlog
from allauth.socialaccount.models import SocialApp
from django.conf import settings

from livlina.across.portal import health, oidc
from livlina.across.portal.outside import ProviderAway, fetch_json, within
from livlina.status import parts

log = structlog.get_logger(__name__)

LIMIT = 2.0
"""Seconds for both questions together."""


def ask(provider: dict[str, Any]) -> str:
    """Return why the provider cannot be used: `silent`, `lies`, or nothing if it can."""
    app = SocialApp(provider_id=provider["provider_id"], settings=provider["settings"])
    try:
        with within(LIMIT):
            config = oidc.discover(app)
            keys = fetch_json(config["jwks_uri"]).get("keys", ())
    except oidc.NamesAnother:
        return "lies"
    except ProviderAway as fault:
        log.info("identity_provider_measured", why=str(fault))
        return "silent"
    return "" if any(map(usable, keys)) else "lies"


def usable(key: Any) -> bool:
    """Whether a published key can check a signature of a kind we accept."""
    try:
        public = jwt.PyJWK(key)
        return key.get("use", "sig") == "sig" and public.algorithm_name in oidc.ALGORITHMS and "d" not in key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        return False


def once(now: datetime) -> health.State:
    """Measure if it is time, and tell the status page of this machine how it is."""
    provider = health.configured()
    if provider is not None:
        health.measure(lambda: ask(provider), now)
    found = health.state(now)
    since = found.since.isoformat() if found.since else None
    parts.write(
        settings.STATE_DIR, "staff_idp", not found.away, found.words, at=now, why=found.why, since=since
    )
    return found
