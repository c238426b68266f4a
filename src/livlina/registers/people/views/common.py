"""What the room's pages do alike: save a change, and say in words what could not be done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from livlina.core.access import demand
from livlina.core.views import Request
from livlina.registers.people import actions
from livlina.registers.people.forms import ChangeForm


def saved(form: ChangeForm, request: Request) -> bool:
    """Do what the form stands for; a fault becomes the form's own words."""
    demand(request.actor, form.verb, form.person)
    try:
        form.save(request.actor, request.now)
    except actions.PeopleFault as fault:
        form.add_error(None, fault.swedish)
        return False
    return True


def told(request: HttpRequest, deed: Callable[[], None]) -> None:
    """Do it; a fault becomes a message on the next page."""
    try:
        deed()
    except actions.PeopleFault as fault:
        messages.error(request, fault.swedish)
