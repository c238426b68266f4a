"""Money as Swedes write it. Plain Python."""

from decimal import Decimal


def in_kronor(amount: Decimal | int) -> str:
    """12 730 or 12 730,50: thousands apart, öre only when there are any."""
    value = Decimal(amount)
    whole, ore = divmod(abs(value) * 100, 100)
    text = f"{int(whole):,}".replace(",", "\u00a0")  # a narrow line may not break a number
    return ("−" if value < 0 else "") + text + (f",{int(ore):02d}" if ore else "")
