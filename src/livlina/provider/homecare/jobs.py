"""What runs by the clock here, what the room hears of orders, and the watches it raises."""

from datetime import timedelta

from livlina.provider.homecare import jobs_nursing
from livlina.registers.watches.models import declare

__all__ = ["jobs_nursing"]

MANAGER = "provider_manager"
declare(
    "homecare.missed",
    "Ett besök blev inte av",
    "Besöket hörde till er enhet och gjordes inte. Se vad som skrevs att göra i stället.",
    "Personen har inte fått den hjälp som är beviljad.",
    danger=True,
    ladder=[(timedelta(hours=2), MANAGER)],
    link="homecare_provider:visit",
)
declare(
    "homecare.not_home",
    "Ingen var hemma vid ett besök",
    "Personalen kom, och ingen öppnade.",
    "Personen kan ha fallit eller blivit sjuk.",
    danger=True,
    ladder=[(timedelta(hours=1), MANAGER)],
    link="homecare_provider:visit",
)
declare(
    "homecare.deviation",
    "En avvikelse vid ett besök",
    "Någon i er enhet har skrivit att något gick fel.",
    "Det som brast kan upprepas, och en rapport enligt lex Sarah kan bli för sen.",
    link="homecare_provider:visit",
)
