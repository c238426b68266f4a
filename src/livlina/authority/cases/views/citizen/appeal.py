"""Appealing a decision: one step in, and what happens then."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.authority.cases.forms.acts import AppealForm
from livlina.authority.cases.queries import following
from livlina.authority.cases.views.citizen.follow import (
    decision_of,
    decision_words,
    is_late,
    may_appeal,
    shared,
)
from livlina.authority.cases.views.citizen.ground import Asking, served, spoken
from livlina.core import audit
from livlina.core.access import Refused
from livlina.core.views import page


@page("citizen", "cases.step", once=True)
@served
@never_cache
@require_http_methods(["GET", "POST"])
def appeal(request: Asking, case_id: UUID, decision_id: UUID) -> HttpResponse:
    """Say what one wants changed, and why. A late appeal is taken in too."""
    mine = queries.my_case(request.actor, case_id, request.now)
    one = decision_of(mine, decision_id)
    if not one.decision.against or one.appeal is None:
        raise Refused("cases.step", person_id=mine.case.person_id)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" and not may_appeal(one):
        return redirect("cases_citizen:appealed", case_id, decision_id)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.receive_appeal(
                one.decision, wish=given["wish"], reasons=given["reasons"], by=request.actor, now=request.now
            )
        except (StepRefused, FactsWrong):
            form.add_error(None, _(
                "Beslutet är redan överklagat. Vill du lägga till något? Kontakta din handläggare. "
                "Texten står kvar nedan."
            ))  # fmt: skip
        else:
            return redirect("cases_citizen:appealed", case_id, decision_id)
    seen = shared(mine) | decision_words(one) | {"form": form, "late": is_late(one, request.now)}
    return render(request, "cases/citizen/appeal.html", seen, status=422 if form.is_bound else 200)


@page("citizen", "cases.follow")
@served
@never_cache
@require_GET
def appealed(request: Asking, case_id: UUID, decision_id: UUID) -> HttpResponse:
    """That the appeal has come in, what was written, and what happens now."""
    mine = queries.my_case(request.actor, case_id, request.now)
    one = decision_of(mine, decision_id)
    if one.appeal is None or one.appeal.received_on is None:
        raise Refused("cases.follow", person_id=mine.case.person_id)
    audit.read(request.actor, "cases.follow", now=request.now, person_id=mine.case.person_id, obj=one.appeal)
    seen = shared(mine) | decision_words(one) | {
        "received": spoken(one.appeal.received_on),
        "late": one.last_day is not None and one.appeal.received_on > one.last_day,
        "written": following.received_appeal(request.actor, mine.case, decision_id),
    }  # fmt: skip
    return render(request, "cases/citizen/appealed.html", seen)
