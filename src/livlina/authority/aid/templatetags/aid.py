"""Money and months in templates."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from livlina.authority.aid.kronor import in_kronor
from livlina.authority.aid.told import month_words
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case

register = template.Library()


@register.filter
def kr(amount: Decimal | int | None) -> str:
    """12 730 or 12 730,50; nothing for None."""
    return "" if amount is None else in_kronor(amount)


@register.filter
def month_name(month: date) -> str:
    """Mars 2026."""
    return month_words(month).capitalize()


@register.filter
def process_label(case: Case) -> str:
    """Försörjningsstöd, Återkrav: what the case is about."""
    return str(load().process(case.process_code, case.process_version).label)


@register.filter
def of_kind(before: dict[str, Decimal], kind: Any) -> str:
    """What was approved of a kind last month; nothing if there was none."""
    amount = before.get(str(kind or ""))
    return "" if amount is None else in_kronor(amount)
