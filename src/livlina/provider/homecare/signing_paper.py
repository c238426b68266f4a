"""The signing list on paper: a landscape A4 that needs nothing else, with boxes for what is still to be signed."""

from datetime import datetime

from django.template.loader import render_to_string

from livlina.provider.homecare.queries.signing import SigningList
from livlina.registers.people.models import Person


def html(person: Person, shown: SigningList, unit: str, *, now: datetime) -> str:
    """Return the list as one HTML page. The same rows at the same moment give the same page."""
    context = {"person": person, "list": shown, "unit": unit, "made_at": now, "month": len(shown.days) > 7}
    return render_to_string("homecare/nursing/signing_print.html", context)
