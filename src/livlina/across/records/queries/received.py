"""Documents that came in, as the actor may see them. The bytes stay in the database until one is opened."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from livlina.across.records.models import ReceivedDocument
from livlina.authority.cases.models import Case
from livlina.core.access import Actor, allowed, may


def received_in(actor: Actor, case_id: UUID) -> QuerySet[ReceivedDocument]:
    """Return the documents of a case, newest first, without their bytes."""
    return _listed(actor).filter(case_id=case_id)


def received_of(actor: Actor, person_id: UUID) -> QuerySet[ReceivedDocument]:
    """Return the documents of a person that the actor may open, newest first, without their bytes."""
    return _listed(actor).filter(person_id=person_id)


def links_of_case(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what a case's own page leads to here: words and address. No statement."""
    if not may(actor, "records.read"):
        return []
    return [("Inkomna handlingar", reverse("records:documents", args=[case.pk]))]


def _listed(actor: Actor) -> QuerySet[ReceivedDocument]:
    rows = allowed(actor, "records.read", ReceivedDocument.objects.all())
    return rows.defer("content").order_by("-received_on", "-at", "-pk")
