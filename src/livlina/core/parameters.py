"""What municipalities may set for themselves: values with names, never steps of a process."""

from typing import Any

from django.conf import settings

from livlina.core.models import Municipality


class UnknownParameter(Exception):
    """No parameter has this name."""


def value(municipality_id: int, name: str) -> Any:
    """Return the municipality's value of a parameter, or the default of `settings.PARAMETERS`. Raises UnknownParameter."""
    if name not in settings.PARAMETERS:
        raise UnknownParameter(f"No parameter is called {name}.")
    own = Municipality.objects.values_list("parameters", flat=True).get(pk=municipality_id)
    return own.get(name, settings.PARAMETERS[name])
