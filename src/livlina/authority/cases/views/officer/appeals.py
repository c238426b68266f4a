"""An appeal's own page: in time or late, our own review, and the way to the court."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import FactsWrong, LineDraft, StepRefused
from livlina.authority.cases.engine.process import MAIN
from livlina.authority.cases.models import Appeal
from livlina.authority.cases.models.appeal import JUDGMENTS
from livlina.authority.cases.queries import CasePage
from livlina.authority.cases.views.officer.shared import opened, sentences, shown, to_case
from livlina.core import parameters
from livlina.core.access import Actor, Refused, demand
from livlina.core.clock import day_of
from livlina.core.ui.dates import NotADateError, parse_date
from livlina.core.views import Request, page


@page("officer", "cases.read")
def appeal(request: Request, appeal_id: UUID) -> HttpResponse:
    """Where an appeal stands, and what may be done about it."""
    row, found = _opened(request, appeal_id)
    return _shown(request, row, found)


@page("officer", "cases.step", once=True)
@require_POST
def act(request: Request, appeal_id: UUID, name: str) -> HttpResponse:
    """Take one step about an appeal."""
    row, found = _opened(request, appeal_id)
    verb = VERBS.get(name)
    if verb is None:
        raise Refused("cases.step", obj=f"cases.appeal:{appeal_id}")
    try:
        said = verb(row, request.POST, request.actor, request.now)
    except (StepRefused, FactsWrong, NotADateError) as wrong:
        return _shown(request, row, found, refused=sentences(wrong), typed=request.POST, status=422)
    return to_case(request, found.case.pk, said)


def _review(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    actions.review_appeal(row, assessment=typed.get("assessment", ""), by=by, now=now)
    return "Överklagandet är i rätt tid och omprövas."


def _dismiss(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    actions.dismiss_appeal(row, assessment=typed.get("assessment", ""), by=by, now=now)
    return "Överklagandet är avvisat. Beslutet om avvisning kan överklagas."


def _change(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    """Grant what was rejected, from a day and as long as the rest."""
    begins, review = _day(typed, "valid_from", now), _said(typed, "review")
    ends = row.decision.valid_to
    lines = [
        LineDraft(
            line.service,
            True,
            line.quantity,
            begins if not line.granted else line.valid_from,
            line.valid_to or ends,
        )
        for line in row.decision.lines.order_by("position")
    ]
    actions.change_fully(row, _together(lines), review=review, by=by, now=now)
    return "Beslutet är ändrat som den enskilde begär. Överklagandet är avslutat."


def _forward(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    review = _said(typed, "review")
    actions.forward_appeal(
        row, review=review, court=typed.get("court", "").strip() or "Förvaltningsrätten", by=by, now=now
    )
    return "Överklagandet är överlämnat till domstolen."


def _judgment(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    day = _day(typed, "judgment_on", now)
    actions.receive_judgment(row, judgment=typed.get("judgment", ""), judgment_on=day, by=by, now=now)
    return "Domen är mottagen."


def _applied(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    actions.apply_judgment(row, by=by, now=now)
    return "Domen är antecknad som genomförd."


def _lapse(row: Appeal, typed: Any, by: Actor, now: Any) -> str:
    actions.let_lapse(row, by=by, now=now)
    return "Antecknat: beslutet har inte överklagats i tid."


VERBS = {
    "review_appeal": _review,
    "dismiss_appeal": _dismiss,
    "change_fully": _change,
    "forward": _forward,
    "receive_judgment": _judgment,
    "note_judgment": _applied,
    "let_lapse": _lapse,
}


def _together(lines: list[LineDraft]) -> list[LineDraft]:
    """A service granted in part and rejected in part becomes one line of both."""
    found: dict[str, LineDraft] = {}
    for line in lines:
        before = found.get(line.service)
        quantity = line.quantity + (before.quantity if before else 0)
        begins = before.valid_from if before else line.valid_from
        found[line.service] = LineDraft(line.service, True, quantity, begins, line.valid_to)
    return list(found.values())


def _said(typed: Any, name: str) -> str:
    text = typed.get(name, "").strip()
    if not text:
        raise StepRefused("Skriv er omprövning: finns skäl att ändra beslutet?")
    return str(text)


def _day(typed: Any, name: str, now: Any) -> date:
    return parse_date(typed.get(name, ""), day_of(now))


def _opened(request: Request, appeal_id: UUID) -> tuple[Appeal, CasePage]:
    row = Appeal.objects.select_related("case", "decision").filter(pk=appeal_id).first()
    if row is None:
        raise Refused("cases.read", obj=f"cases.appeal:{appeal_id}")
    demand(request.actor, "cases.read", row.case)
    return row, opened(request, row.case_id)


def _shown(
    request: Request,
    row: Appeal,
    found: CasePage,
    *,
    refused: list[str] | None = None,
    typed: Any = None,
    status: int = 200,
) -> HttpResponse:
    from livlina.authority.cases.actions.facts import newest

    facts = newest(row.case, about_id=row.pk)
    steps = [s.name for s in found.process.steps_from(row.state, request.actor.role) if s.flow != MAIN]
    head = parameters.value(request.actor.municipality_id, "letterhead")
    context = {
        "appeal": row,
        "state_label": found.process.state(row.state).label,
        "timing": queries.appeal_timing(row),
        "wish": facts["appeal_wish"].value if "appeal_wish" in facts else "",
        "why": facts["appeal_reasons"].value if "appeal_reasons" in facts else "",
        "steps": steps,
        "rejected": [line for line in row.decision.lines.order_by("position") if not line.granted],
        "court": (typed or {}).get("court") or head["administrative_court"].capitalize(),
        "judgments": JUDGMENTS,
        "typed": typed or {},
        "refused": refused or [],
        "has_errors": bool(refused),
    }
    return shown(request, "appeal", found, status=status, **context)
