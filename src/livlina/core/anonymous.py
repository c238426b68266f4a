"""What pages that nobody signs in to have in common: a limit for each address, the page's own key, and the municipality.

Who asks is not known and not stored. The address lives as a digest, in the process's memory, for an hour.
"""

import hashlib
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest

from livlina.core.ids7 import uuid7
from livlina.core.models import Municipality

HOUR = 3600


def within_rate(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more of `what` from the visitor's address; return whether it has sent no more than `most` in the hour."""
    address = get_adapter(request).get_client_ip(request)
    name = f"{what}:" + hashlib.sha256(f"{settings.SECRET_KEY}:{address}".encode()).hexdigest()
    cache.add(name, 0, timeout=HOUR)
    return bool(cache.incr(name) <= most)


def own_key(data: dict[str, Any] | None) -> UUID:
    """Return the page's own key, so that a double press is one sending; a new one for a new or a tampered page."""
    try:
        return UUID((data or {}).get("key", ""))
    except ValueError:
        return uuid7()


def place_of(slug: str) -> Municipality:
    """Return the municipality that the address names. Raises Http404."""
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
