"""Every route by every role, in a session begun by a reserve way while the municipality's own sign-in was away (S16)."""

import contextlib
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from livlina.across.portal.tests.test_outage import marked
from livlina.config.pages import routes
from livlina.config.roles import ROLES
from livlina.core.access import Actor, Refused, RefusedInOutage
from livlina.core.views import admit
from tests.people import staff

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def address(pattern: str) -> str:
    """An address of the route, of things that do not exist."""
    values = {"slug": "okand", "str": "okand", "int": "1"}
    return "/" + PARAMETER.sub(lambda match: values.get(match[1], str(uuid.uuid4())), pattern)


def shut(role_actor: Actor) -> list[Any]:
    """The routes that the actor's role has on an ordinary day, and whose verb is no care duty."""
    found = []
    for route in routes():
        asked = route.permission
        if asked is None or asked.audience in ("public", "citizen") or asked.verb in settings.CARE_DUTIES:
            continue
        with contextlib.suppress(Refused):
            admit(role_actor, asked.audience, asked.verb)
            found.append(route)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_route_but_care_duties_is_shut_to_every_role(role: str, asvalla: Any) -> None:
    """Deny by default: what a role reaches on an ordinary day it is told not to reach now, unless it is a care duty."""
    normal = staff(asvalla, "Rut Rollsson", role, "Provenheten")
    closed = shut(normal)
    assert len(closed) > 5
    for route in closed:
        asked = route.permission
        with pytest.raises(RefusedInOutage):
            admit(replace(normal, outage=True), asked.audience, asked.verb)


@pytest.mark.parametrize("role", ["committee_secretary", "administrator"])
def test_and_says_so_in_words_over_http(role: str, asvalla: Any, client_of: Callable) -> None:
    actor = staff(asvalla, "Rut Rollsson", role, "Provenheten")
    browser, wrong = marked(actor, client_of(actor)), []
    for route in shut(actor):
        if " " in route.pattern:
            continue  # the API answers as for what is not there
        url = address(route.pattern)
        answer = browser.get(url)
        answer = browser.post(url) if answer.status_code == 405 else answer
        if answer.status_code != 403 or "reservläge" not in answer.content.decode():
            wrong.append(f"{route.pattern}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
