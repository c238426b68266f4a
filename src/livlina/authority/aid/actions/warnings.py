"""Warnings: raised for a cause, seen by a worker, closed by themselves when the cause is gone, never opened again."""

from datetime import datetime

from django.db import transaction

from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.causes import causes_of
from livlina.authority.aid.models import FINANCIAL_AID, AidWarning, MonthApplication
from livlina.authority.aid.queries.picture import picture_of
from livlina.core import audit
from livlina.core.access import Actor, demand


def refresh_warnings(month: MonthApplication, *, now: datetime) -> list[AidWarning]:
    """Bring the warnings of a month in step with their causes; return those that are not closed.

    A step of other actions, which have checked access and hold the case.
    """
    causes = {(cause.type, cause.key): cause for cause in causes_of(picture_of(month))}
    known = AidWarning.objects.select_for_update().filter(case_id=month.case_id)
    rows = {(row.type, row.source_key): row for row in known}
    for key, row in rows.items():
        if row.month_application_id == month.pk and row.state != "closed" and key not in causes:
            row.state, row.closed_at = "closed", now
            row.save(update_fields=["state", "closed_at"])
    AidWarning.objects.bulk_create(
        AidWarning(
            municipality_id=month.municipality_id, compartment=FINANCIAL_AID, case_id=month.case_id,
            month_application=month, type=cause.type, source_key=cause.key, words=cause.words[:240], raised_at=now,
        )
        for key, cause in causes.items()
        if key not in rows
    )  # fmt: skip
    left = AidWarning.objects.filter(month_application=month).exclude(state="closed")
    return list(left.order_by("raised_at", "id"))


@transaction.atomic
def acknowledge_warning(warning: AidWarning, *, reason: str, by: Actor, now: datetime) -> AidWarning:
    """Say that a warning is seen, and why the month can go on. Done twice is done once. Raises Refused, AidRefused."""
    demand(by, "aid.see_warning", warning)
    if len(reason.strip()) < 3:
        raise AidRefused("Skriv vad du har bedömt.")
    seen = AidWarning.objects.filter(pk=warning.pk, state="open").update(
        state="acknowledged", acknowledged_at=now, acknowledged_by_id=by.user_id, acknowledged_by_name=by.name,
        reason=reason.strip()[:400],
    )  # fmt: skip
    if seen:
        audit.wrote(by, "aid.acknowledge", now=now, obj=warning, person_id=warning.case.person_id,
                    detail={"type": warning.type})  # fmt: skip
    warning.refresh_from_db()
    return warning
