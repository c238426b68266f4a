"""The night's figures: counted once a day, read by everybody, so that no page ever asks the big tables."""

from datetime import datetime

from django.db import transaction

from livlina.across.statistics.measures import MEASURES, sums
from livlina.across.statistics.models import Figure
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Municipality


@transaction.atomic
def count(*, by: Actor, now: datetime) -> int:
    """Count every measure of the day; counted again it replaces the day's. Return how many figures. Raises Refused."""
    demand(by, "statistics.count")
    town, day = Municipality.objects.get(pk=by.municipality_id), day_of(now)
    rows = [
        Figure(
            municipality=town, day=day, code=one.code, part=part, unit_id=unit, compartment=compartment, value=value,
            base=base,
        )
        for one in MEASURES
        for compartment, unit, part, value, base in sums(one, one.samples(town, now))
    ]  # fmt: skip
    Figure.objects.filter(municipality=town, day=day).delete()
    Figure.objects.bulk_create(rows, batch_size=500)
    return len(rows)
