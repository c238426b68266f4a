"""Population registers. Which one is used stands in the setting POPULATION_REGISTER (dotted name of a class)."""

from django.conf import settings
from django.utils.module_loading import import_string

from livlina.registers.people.adapters.base import PopulationRegister

FAKE = "livlina.registers.people.adapters.fake.FakeRegister"


def current() -> PopulationRegister | None:
    """Return the register this installation asks; None when it has none. The fake serves demo and tests only."""
    name = getattr(settings, "POPULATION_REGISTER", "")
    if not name and (settings.DEMO or settings.TEST):
        name = FAKE
    if name == FAKE and not (settings.DEMO or settings.TEST):
        raise ValueError("The fake population register is for demo and tests only.")
    return import_string(name)() if name else None
