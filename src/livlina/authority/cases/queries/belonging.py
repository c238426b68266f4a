"""What rooms above this one have about a case: they stand in a setting, because nothing here imports upward."""

from django.conf import settings
from django.utils.module_loading import import_string

from livlina.authority.cases.models import Case
from livlina.core.access import Actor


def belonging(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return the pages about the case, as words and address: what the functions named in CASE_LINKS give."""
    return [row for name in getattr(settings, "CASE_LINKS", ()) for row in import_string(name)(actor, case)]
