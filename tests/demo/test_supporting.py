"""The demo's support: something at every place, and what it shows is so."""

from collections.abc import Callable

from livlina.across.support import queries
from livlina.across.support.models import KnownFault, Sheet, Ticket
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from tests.people import MORNING


def test_the_demo_s_support_has_something_at_every_place(
    town: Municipality, who: Callable[[str], Actor]
) -> None:
    assert Sheet.objects.filter(ended_at=None).count() >= 10
    states = {(row.state, row.line) for row in Ticket.objects.filter(municipality=town)}
    assert {("new", 1), ("waiting", 1), ("open", 2), ("open", 3), ("solved", 1), ("closed", 1)} <= states
    assert KnownFault.objects.filter(ended_at=None).count() == 1
    told = queries.figures(
        who("Ola Krantz"), day_of(MORNING).replace(day=1, month=1), day_of(MORNING), MORNING
    )
    assert told.came > 15
    assert told.answer.median is not None
