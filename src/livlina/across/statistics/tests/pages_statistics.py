"""What the pages of statistics can show: a part of the household of tests/browser."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from livlina.across.statistics import actions
from livlina.across.statistics.models import Delivery, Figure
from livlina.across.statistics.periods import Period
from livlina.authority.cases.models import signature
from livlina.core.clock import day_of
from livlina.core.models import Unit


def fill(get: Callable[[str], Any], found: dict[str, Any]) -> dict[str, Any]:
    """Four files (held rows, checked, unknown, nursing), twelve days of figures and three months of costs."""
    now, eva, lena, town = (get(name) for name in ("now", "eva", "lena", "asvalla"))
    month = Period.of(day_of(now), "month").before
    held = Delivery.objects.create(
        **signature(eva, now), compartment=5, flow="aid_monthly", layout_version="2025:1", period=str(month), number=1,
        rows=41, held=1, sha256="0" * 64,
        problems=[{"ref": "2026-000123", "field": "Försörjningshinder", "words": "Uppgiften saknas."}],
    )  # fmt: skip
    before = actions.make("sol_decisions", month.before, by=eva, now=now)
    actions.check(before, without_held=True, by=eva, now=now)
    actions.sent_by_hand(before, arrived=False, receipt="", by=eva, now=now)
    checked = actions.make("sol_decisions", month, by=eva, now=now)
    actions.check(checked, without_held=True, by=eva, now=now)
    nursing = actions.make("khsl_measures", month, by=lena, now=now)
    units = {name: Unit.objects.get(pk=get(name).unit_id) for name in ("maria", "petra")}
    Figure.objects.bulk_create(
        Figure(municipality=town, day=day_of(now) - timedelta(days=back), code=code, part=part, unit=unit,
               compartment=compartment, value=Decimal(value), base=base)
        for back in range(12)
        for code, part, unit, compartment, value, base in (
            ("cases_open", "", units["maria"], 1, 61 - back, 61), ("cases_open", "", None, 1, 120 + back, 120),
            ("cases_open", "", None, 4, 3, 3), ("decisions", "granted", units["maria"], 1, 22, 22),
            ("decisions", "rejected", units["maria"], 1, 4, 4), ("days_to_decision", "", units["maria"], 1, 34, 40),
            ("visits_in_time", "", units["petra"], 2, Decimal("91.5"), 400), ("visits_in_time", "", None, 2, 88, 900),
        )
    )  # fmt: skip
    Figure.objects.bulk_create(
        Figure(municipality=town, day=month_before.last, code="cost_aid", unit=None, compartment=5,
               value=Decimal("1234567.50"), base=40, counted_at=now)
        for month_before in (month, month.before, month.before.before)
    )  # fmt: skip
    return {"held_file": held, "checked_file": checked, "unknown_file": before, "nursing_file": nursing}
