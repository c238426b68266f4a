"""What runs by the clock here, and the watches orders raise."""

from datetime import datetime, timedelta

from livlina.core.access import system
from livlina.registers.orders import actions
from livlina.registers.watches.models import declare

declare(
    "orders.unconfirmed",
    "Utföraren har inte bekräftat beställningen",
    "Din enhet har skickat beställningen och tiden för svar har gått ut.",
    "Personen får inte sin insats. Bevakningen går vidare till enhetschefen och sedan till jouren.",
    danger=True,
    ladder=[(timedelta(hours=1), "unit_manager"), (timedelta(hours=2), "duty_officer")],
    link="orders:order",
)
declare(
    "orders.waiting",
    "En beställning väntar på svar",
    "Beställningen ligger i enhetens inkorg och tiden för svar har gått ut.",
    "Personen får inte sin insats. Beställaren och kommunens jour har fått veta att svaret dröjer.",
    danger=True,
    ladder=[(timedelta(0), "provider_manager")],
    link="orders_provider:order",
)
declare(
    "orders.declined",
    "Utföraren har tackat nej till beställningen",
    "Din enhet har skickat beställningen och behöver välja en annan utförare.",
    "Ingen utför insatsen. Bevakningen går vidare till enhetschefen och sedan till jouren.",
    danger=True,
    ladder=[(timedelta(hours=4), "unit_manager"), (timedelta(hours=24), "duty_officer")],
    link="orders:order",
)
declare(
    "orders.recall_asked",
    "Beställaren vill återkalla en beställning",
    "Enheten har öppnat beställningen och måste godta eller avvisa återkallelsen.",
    "Personen kan få insatsen av fel utförare, eller av ingen.",
    link="orders_provider:order",
)
declare(
    "orders.recall_refused",
    "Utföraren godtar inte återkallelsen",
    "Din enhet har begärt att beställningen återkallas.",
    "Beställningen ligger kvar hos utföraren.",
    link="orders:order",
)
declare(
    "orders.deviation",
    "Utföraren har rapporterat en avvikelse",
    "Avvikelsen gäller en insats som din enhet har beställt.",
    "Det som brast kan upprepas, och en rapport enligt lex Sarah kan bli för sen.",
    link="orders:delivery",
)


def escalate_unconfirmed(municipality_id: int, now: datetime) -> int:
    """Write down which orders nobody answered in time. Driven by rows alone: may be missed, doubled or restarted."""
    return actions.escalate_unconfirmed_orders(by=system(municipality_id), now=now)
