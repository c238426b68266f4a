"""By which ways a municipality lets its staff in: its parameters, and whether its own sign-in works just now."""

from collections.abc import Iterable

from django.conf import settings

from livlina.across.portal.health import State
from livlina.core.models import Municipality

RESERVE = ("passkey", "password")
"""Ways of the house itself, which a municipality with a sign-in of its own may keep for when that is away."""


def admitting(
    kind: str, municipality_ids: Iterable[int], state: State, *, begun_away: bool = False
) -> set[int]:
    """Return which of the municipalities let staff in by `kind`. At most one statement.

    `begun_away`: the session began while the sign-in was away; it stays where it was let in. Being away opens passkeys
    where they are kept for it, never passwords: those are no second proof of anything.
    """
    wanted = set(municipality_ids)
    if kind not in RESERVE or state.why == "none" or not wanted:
        return wanted
    rows = Municipality.objects.filter(pk__in=wanted).values_list("pk", "parameters")
    return {pk for pk, own in rows if _admits(kind, own, away=state.away or begun_away)}


def _admits(kind: str, own: dict[str, object], *, away: bool) -> bool:
    name = f"{kind}_sign_in"
    value = own.get(name, settings.PARAMETERS[name])
    return value == "always" or (kind == "passkey" and value == "outage" and away)
