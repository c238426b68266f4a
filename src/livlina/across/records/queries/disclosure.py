"""The disclosure register, as the actor may see it: requests with how far they have come, items, what was handed out."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from livlina.across.records.models import (
    DisclosureDecision,
    DisclosureItem,
    DisclosureRequest,
    HandedOut,
)
from livlina.authority.cases.models import Case, CaseParty
from livlina.core.access import Actor, allowed, fetch

STAGES = {
    "asked": "Begärd",
    "judged": "Prövas",
    "decided": "Beslutad",
    "handed": "Utlämnad",
    "refused": "Inte utlämnad",
}


def requests(actor: Actor) -> QuerySet[DisclosureRequest]:
    """Return the requests the actor answers, newest first, with how far each has come."""
    rows = allowed(actor, "records.disclose", DisclosureRequest.objects.all())
    return _staged(rows.select_related("person", "unit")).order_by("-at", "-pk")


def my_requests(actor: Actor) -> QuerySet[DisclosureRequest]:
    """Return what the citizen has asked for, newest first."""
    rows = allowed(actor, "records.follow", DisclosureRequest.objects.all())
    return _staged(rows).order_by("-at", "-pk")


def my_request(actor: Actor, request_id: UUID) -> DisclosureRequest:
    """Return one of the citizen's requests. Raises Refused."""
    return fetch(actor, "records.follow", _staged(DisclosureRequest.objects.all()), pk=request_id)


def stage(request: DisclosureRequest) -> str:
    """How far a request has come, in a word; for one fetched by this room's questions."""
    if request.has_handed:  # type: ignore[attr-defined]
        return "handed"
    if request.is_refused:  # type: ignore[attr-defined]
        return "refused"
    if request.has_decision:  # type: ignore[attr-defined]
        return "decided"
    return "judged" if request.has_items else "asked"  # type: ignore[attr-defined]


def parties_of(actor: Actor, person_id: UUID) -> list[CaseParty]:
    """Return those who have a part in the person's cases that the actor may open, each person once."""
    cases = allowed(actor, "cases.read", Case.objects.filter(person_id=person_id)).values("pk")
    rows = CaseParty.objects.filter(case__in=cases, ends_on=None).exclude(part="reporter")
    found = {row.person_id: row for row in rows.select_related("person").order_by("-pk")}
    return sorted(found.values(), key=lambda row: row.person.name)


def judged(request: DisclosureRequest) -> dict[tuple[str, UUID], DisclosureItem]:
    """Return the judgement that counts of each item: the newest."""
    rows = DisclosureItem.objects.filter(request=request).order_by("at", "pk")
    return {(row.source_type, row.source_id): row for row in rows}


def newest_decision(request: DisclosureRequest) -> DisclosureDecision | None:
    """Return the written answer that counts, if there is one."""
    return DisclosureDecision.objects.filter(request=request).order_by("-at", "-pk").first()


def handed_out(request: DisclosureRequest) -> list[HandedOut]:
    """Return what was handed out, without its bytes."""
    return list(HandedOut.objects.filter(request=request).defer("content").order_by("position"))


def _staged(rows: QuerySet[DisclosureRequest]) -> QuerySet[DisclosureRequest]:
    here = OuterRef("pk")
    decisions = DisclosureDecision.objects.filter(request=here)
    return rows.annotate(
        has_items=Exists(DisclosureItem.objects.filter(request=here)),
        has_decision=Exists(decisions),
        is_refused=Exists(decisions.filter(outcome="refused")),
        has_handed=Exists(HandedOut.objects.filter(request=here)),
    )
