"""Following: the cases, where each stands, the decisions and letters, and answering what we ask."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.authority.cases.actions.words import amount
from livlina.authority.cases.forms.acts import AnswerForm
from livlina.authority.cases.models import Case
from livlina.authority.cases.queries import CitizenCase, following
from livlina.authority.cases.queries.citizen import CitizenDecision
from livlina.authority.cases.queries.following import Promise
from livlina.authority.cases.views.citizen import answers, words
from livlina.authority.cases.views.citizen.ground import Asking, served, spoken
from livlina.core import audit
from livlina.core.access import Refused
from livlina.core.calendar import add_months
from livlina.core.clock import day_of
from livlina.core.views import page

GOING_ON_BEFORE_DECISION = {
    "received",
    "assigned",
    "investigating",
    "waiting",
    "communicated",
    "ready_to_decide",
}


@page("citizen", "cases.follow")
@served
@never_cache
@require_GET
def case_list(request: Asking) -> HttpResponse:
    """One's own cases and those of people one acts for."""
    rows = [
        {"mine": one, "title": title_of(one), "phase": words.PHASES[one.phase], "waits": one.to_answer}
        for one in queries.my_cases(request.actor, request.now)
    ]
    return render(request, "cases/citizen/cases.html", {"rows": rows})


@page("citizen", "cases.follow")
@served
@never_cache
@require_GET
def case(request: Asking, case_id: UUID) -> HttpResponse:
    """Where the case stands, what comes next and by when, and everything the one concerned may read."""
    mine = queries.my_case(request.actor, case_id, request.now)
    clocks = following.promises(request.actor, mine.case, request.now)
    happened = [
        {"when": spoken(row.at), "title": words.STEPS[row.step]}
        for row in following.happened(request.actor, mine.case)
        if row.step in words.STEPS
    ]
    told = [dict(found, decision=found["one"].decision) for found in map(decision_words, mine.decisions)]
    seen = shared(mine) | {
        "steps": [{"label": words.PHASES[name], "state": state} for name, state in mine.phases],
        "next": words.NEXT.get(mine.case.state, ""),
        "by_when": by_when(mine.case, clocks),
        "waits_for": words.WAITING_FOR.get(following.waited_for(request.actor, mine.case), ""),
        "may_ask": _may_ask(mine.case, request.now),
        "happened": happened,
        "decisions": told,
        "sent": answers.sent_answers(request.actor, mine.process, mine.case.application)
        if mine.case.application
        else [],
    }
    return render(request, "cases/citizen/case.html", seen)


@page("citizen", "cases.follow")
@served
@never_cache
@require_GET
def decision(request: Asking, case_id: UUID, decision_id: UUID) -> HttpResponse:
    """A decision in plain words: what is granted and rejected, why, and how to appeal."""
    mine = queries.my_case(request.actor, case_id, request.now)
    one = decision_of(mine, decision_id)
    audit.read(
        request.actor, "cases.follow", now=request.now, person_id=mine.case.person_id, obj=one.decision
    )
    seen = shared(mine) | decision_words(one) | {
        "letters": [letter for letter in mine.letters if letter.decision_id == one.decision.pk],
        "late": is_late(one, request.now),
    }  # fmt: skip
    return render(request, "cases/citizen/decision.html", seen)


@page("citizen", "cases.answer", once=True)
@served
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: Asking, case_id: UUID) -> HttpResponse:
    """Read what the decision will rest on, and comment on it (FL 25 §)."""
    mine = queries.my_case(request.actor, case_id, request.now)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" and mine.to_answer is None:
        return redirect("cases_citizen:case", case_id)
    if form.is_valid():
        try:
            actions.answer(mine.case, form.cleaned_data["text"], by=request.actor, now=request.now)
        except (StepRefused, FactsWrong):
            form.add_error(None, _(
                "Ärendet har gått vidare sedan du öppnade sidan, så svaret gick inte att ta emot här. "
                "Texten står kvar nedan. Kontakta din handläggare."
            ))  # fmt: skip
        else:
            messages.success(
                request, _("Tack. Dina synpunkter har kommit in och handläggaren läser dem före beslutet.")
            )
            return redirect("cases_citizen:case", case_id)
    seen = shared(mine) | {"form": form, "asked": mine.to_answer}
    return render(request, "cases/citizen/answer.html", seen, status=422 if form.is_bound else 200)


@page("citizen", "cases.letter")
@served
@never_cache
@require_GET
def letter(request: Asking, document_id: UUID) -> HttpResponse:
    """A letter as it was made, as PDF."""
    found = queries.my_letter(request.actor, document_id, request.now)
    reply = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    name = f"{found.kind}-{found.case.number}.pdf"
    reply["Content-Disposition"] = f'inline; filename="{name}"'
    return reply


def shared(mine: CitizenCase) -> dict[str, Any]:
    """What every page of a case shows: which case, and whom it concerns."""
    return {
        "mine": mine,
        "case": mine.case,
        "title": title_of(mine),
        "for_other": not mine.own,
        "phase": words.PHASES[mine.phase],
    }


def title_of(mine: CitizenCase) -> str:
    """What the case is about: “Hemtjänst”, “Home care”."""
    return _(mine.process.label)


def decision_of(mine: CitizenCase, decision_id: UUID) -> CitizenDecision:
    """The decision of a case. Raises Refused."""
    for one in mine.decisions:
        if one.decision.pk == decision_id:
            return one
    raise Refused("cases.follow", person_id=mine.case.person_id)


def decision_words(one: CitizenDecision) -> dict[str, Any]:
    """A decision as it is shown."""
    outcome = words.OUTCOMES.get(one.decision.outcome, one.outcome_label)
    state = one.appeal.state if one.appeal else ""
    return {
        "one": one,
        "outcome": outcome,
        "decided_on": spoken(one.decision.decided_on),
        "granted": [_line(line) for line in one.lines if line.granted],
        "rejected": [_line(line) for line in one.lines if not line.granted],
        "last_day": spoken(one.last_day) if one.last_day else "",
        "may_appeal": may_appeal(one),
        "appealed": words.APPEALS.get(state, ""),
    }


def may_appeal(one: CitizenDecision) -> bool:
    """Whether an appeal is taken in: also a late one is, and tried for that."""
    return (
        one.decision.against
        and one.appeal is not None
        and one.appeal.state in ("appeal_window", "appeal_lapsed")
    )


def is_late(one: CitizenDecision, now: datetime) -> bool:
    """Whether the time to appeal is over, as far as is known."""
    return one.last_day is not None and day_of(now) > one.last_day


def by_when(found: Case, clocks: dict[str, Promise]) -> dict[str, Any]:
    """By which day the next thing is to happen; what to say when that day has passed."""
    name, text = words.CLOCKS.get(found.state, ("", ""))
    promise = clocks.get(name)
    if promise is None:
        return {}
    day = {"day": spoken(promise.last)}
    return {"text": (words.LATE[name] if promise.late else text) % day, "late": promise.late}


def _may_ask(found: Case, now: datetime) -> bool:
    """Whether six months have passed without a decision: one may then ask that the case be decided (FL 12 §)."""
    return found.state in GOING_ON_BEFORE_DECISION and day_of(now) >= add_months(found.received_on, 6)


def _line(line: Any) -> dict[str, Any]:
    """One service: its name, how much, from when to when, and why."""
    return {
        "service": _(line.service_label),
        "amount": _amount(line),
        "begins": spoken(line.valid_from) if line.valid_from else "",
        "ends": spoken(line.valid_to) if line.valid_to else "",
        "reasons": line.reasons,
    }


def _amount(line: Any) -> str:
    """“12 timmar per månad”; of a thing only if there is more than one."""
    if line.unit != "antal":
        return f"{amount(line.quantity)} {_(line.unit)}".strip()
    return "" if line.quantity == 1 else f"{amount(line.quantity)} {_('st')}"
