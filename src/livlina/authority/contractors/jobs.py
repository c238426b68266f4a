"""What the room hears: a home whose contact gets a protected identity loses its name in the list."""

from livlina.authority.contractors.actions import list_home
from livlina.authority.contractors.models import CONTRACTORS, Home
from livlina.authority.contractors.queries import approval_on
from livlina.core import outbox, tenancy
from livlina.core.access import system
from livlina.core.clock import day_of


@outbox.subscribe("person.protected")
def hide_name(event: outbox.Event) -> None:
    """Write the listing anew, without name and place."""
    _list_anew(event)


@outbox.subscribe("person.unprotected")
def show_name(event: outbox.Event) -> None:
    """Write the listing anew, with name and place."""
    _list_anew(event)


def _list_anew(event: outbox.Event) -> None:
    with tenancy.acting(event.municipality_id, (CONTRACTORS,)):
        for home in Home.objects.filter(contact_id=event.object_id).select_related("contact"):
            approval = approval_on(home, day_of(event.at))
            if approval is not None:
                list_home(home, approval, by=system(event.municipality_id, (CONTRACTORS,)), now=event.at)
