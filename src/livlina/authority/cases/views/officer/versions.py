"""Moving one open case to a newer version of its process: what it would mean, and the act itself."""

from uuid import UUID

from django.http import HttpResponse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.queries import workshop
from livlina.authority.cases.views.officer.shared import opened, sentences, shown, to_case
from livlina.core.clock import day_of
from livlina.core.views import Request, page


@page("officer", "cases.move_version", once=True)
def move(request: Request, case_id: UUID) -> HttpResponse:
    """What a newer version changes and what becomes of the clocks; then, with a reason, the case is moved."""
    found = opened(request, case_id, verb="cases.move_version")
    versions = workshop.newer_versions(found.case, day_of(request.now))
    asked = request.POST.get("version") or request.GET.get("version", "")
    new = next((one for one in versions if one.version == asked), versions[0] if versions else None)
    refused: list[str] = []
    if request.method == "POST" and new is not None:
        reason = request.POST.get("reason", "")
        try:
            actions.move_to_version(found.case, new.version, reason=reason, by=request.actor, now=request.now)
            return to_case(request, case_id, f"Ärendet följer nu version {new.version} av processen.")
        except StepRefused as wrong:
            refused = sentences(wrong)
    plan = workshop.plan_move(found.case, new, request.now) if new else None
    context = {
        "versions": versions,
        "new": new,
        "plan": plan,
        "groups": workshop.compare(plan.old, plan.new) if plan else [],
        "reason": request.POST.get("reason", ""),
        "refused": refused,
        "has_errors": bool(refused),
    }
    return shown(request, "move_version", found, status=422 if refused else 200, **context)
