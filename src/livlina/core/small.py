"""How public documents tell small numbers, so that nobody can be made out (OSL 26:1)."""

FEW = 5
"""Fewer than this are told as “färre än 5”."""


def few(number: int) -> str:
    """Return a number of persons as a public document tells it."""
    return "ingen" if number == 0 else f"färre än {FEW}" if number < FEW else str(number)
