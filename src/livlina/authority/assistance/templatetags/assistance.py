"""How the room's pages write time and money."""

from django import template

register = template.Library()

COLORS = {"draft": "neutral", "handed_in": "info", "approved": "success"}


@register.filter
def hours(minutes: int) -> str:
    """7 h 30 min: whole hours without minutes."""
    whole, rest = divmod(int(minutes), 60)
    return f"{whole} h" + (f" {rest} min" if rest else "")


@register.filter
def kronor(ore: int) -> str:
    """1 234,50: öre as kronor, as a Swede writes them."""
    whole, rest = divmod(int(ore), 100)
    return f"{whole:,}".replace(",", "\u00a0") + f",{rest:02}"


@register.filter
def report_color(state: str) -> str:
    """The colour of a report's state."""
    return COLORS[state]
