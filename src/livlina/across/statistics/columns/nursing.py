"""Municipal nursing (HSL): contacts (KHSL1) and what was done (KHSL2), from signatures that still hold."""

from datetime import date
from uuid import UUID

from livlina.across.statistics.columns.base import Record, facts, rows
from livlina.across.statistics.periods import Period
from livlina.core.clock import day_of
from livlina.provider.homecare.models import DoseSignature

facts("nursing", "on", "task", "profession", "times")


@rows("nursing.measures")
def measures(period: Period) -> list[Record]:
    """What was done for each person, day, task and profession; given several times a day it is one row with a number."""
    return _counted(period, of_task=True)


@rows("nursing.contacts")
def contacts(period: Period) -> list[Record]:
    """For each person and day, which professions met them."""
    return _counted(period, of_task=False)


def _counted(period: Period, *, of_task: bool) -> list[Record]:
    begins, ends = period.span
    given = DoseSignature.objects.filter(given=True, at__gte=begins, at__lt=ends, corrected_by=None)
    found: dict[tuple[UUID, date, str, str], Record] = {}
    for row in given.select_related("task__person").order_by("at", "id"):
        profession = "nurse" if row.delegation_id is None and "sköterska" in row.by_title.casefold() and not (
            row.by_title.casefold().startswith("under")
        ) else "carer"  # fmt: skip
        day, task = day_of(row.at), row.task.task if of_task else ""
        record = found.setdefault(
            (row.task.person_id, day, task, profession),
            Record(
                row.task.person, f"{day}", {"on": day, "task": task, "profession": profession, "times": 0}
            ),
        )
        record.facts["times"] += 1
    return list(found.values())
