"""Children and young people who were placed outside their own home during a year."""

from django.db.models import Q

from livlina.across.statistics.columns.base import Record, facts, rows
from livlina.across.statistics.periods import Period
from livlina.authority.placements.models import Placement

facts("children", "ground", "home", "from", "to", "why_ended")


@rows("children.yearly")
def yearly(period: Period) -> list[Record]:
    """Every placement that ran on some day of the year; a move is two rows."""
    ran = Placement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=period.first), begins_on__lte=period.last
    ).select_related("person", "case")
    return [
        Record(
            row.person, row.case.number,
            {"ground": row.ground, "home": row.home_kind, "from": row.begins_on,
             "to": row.ends_on if row.ends_on and row.ends_on <= period.last else None,
             "why_ended": row.why_ended if row.ends_on and row.ends_on <= period.last else None},
        )
        for row in ran.order_by("begins_on", "id")
    ]  # fmt: skip
