"""Pages for those who send to court, by day and at three in the morning on a telephone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.cases.models import Case
from livlina.authority.court import actions, queries
from livlina.authority.court.forms import ProofForm, SendForm, TakeForm
from livlina.authority.court.models import Proof, Submission
from livlina.core import audit
from livlina.core.access import Refused, fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page

WRONG = (actions.NotSendable, actions.AlreadyProved, actions.ProofWrong)


@page("officer", "court.list")
def clocks(request: Request) -> HttpResponse:
    """Every clock after which a decision lapses, the nearest first."""
    rows = queries.clocks(request.actor, request.now)
    persons = sorted({str(row.case.person_id) for row in rows})
    if persons:
        audit.read(request.actor, "court.list", now=request.now, detail={"persons": persons})
    return render(request, "court/clocks.html", {"rows": rows})


@page("officer", "court.list")
def piece(request: Request) -> HttpResponse:
    """The nearest few, as a piece of the start page."""
    return render(request, "court/piece.html", {"rows": queries.clocks(request.actor, request.now)[:5]})


@page("officer", "court.list")
def clock(request: Request, deadline_id: UUID) -> HttpResponse:
    """One clock: what stops it, and where that stands."""
    found = queries.clock(request.actor, deadline_id, request.now)
    if found is None:
        raise Refused("court.read", obj=f"cases.deadline:{deadline_id}")
    if found.submission is not None:
        return HttpResponseRedirect(reverse("court:submission", args=[found.submission.pk]))
    audit.read(request.actor, "court.read", now=request.now, obj=found.case, person_id=found.case.person_id)
    stops = next(rule.stops_at for rule in found.process.deadlines if rule.name == found.deadline.name)
    ways = [
        step.label for step in found.process.steps if step.name in stops and found.case.state in step.sources
    ]
    return render(request, "court/clock.html", {"clock": found, "ways": dict.fromkeys(ways)})


@require_POST
@page("officer", "court.submit", once=True)
def begin(request: Request, case_id: UUID, step: str) -> HttpResponse:
    """Begin a submission for a step."""
    case = fetch(request.actor, "court.submit", Case.objects.select_related("person"), pk=case_id)
    try:
        made = actions.draft(case, step, by=request.actor, now=request.now)
    except actions.NotSendable as wrong:
        messages.warning(request, str(wrong))
        return HttpResponseRedirect(reverse("court:list"))
    return HttpResponseRedirect(reverse("court:submission", args=[made.pk]))


@page("officer", "court.submission")
def submission(request: Request, submission_id: UUID) -> HttpResponse:
    """One submission: what is sent, what is proved, what is missing."""
    found = queries.submission(request.actor, submission_id)
    audit.read(request.actor, "court.submission", now=request.now, obj=found, person_id=found.case.person_id)
    return _shown(request, found)


@require_POST
@page("officer", "court.submit", once=True)
def send(request: Request, submission_id: UUID) -> HttpResponse:
    """Say that it is sent, and how."""
    found = queries.submission(request.actor, submission_id)
    form = SendForm(request.POST, prefix="send")
    if form.is_valid():
        try:
            actions.send(
                found, how=form.cleaned_data["how"], court=form.cleaned_data["court"],
                by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, "Skickat är antecknat. Fristen löper tills beviset finns.")
            return HttpResponseRedirect(reverse("court:submission", args=[submission_id]))
        except WRONG as wrong:
            form.add_error(None, str(wrong))
    return _shown(request, found, send=form)


@require_POST
@page("officer", "court.submit", once=True)
def prove(request: Request, submission_id: UUID) -> HttpResponse:
    """Store the proof, and stop the clock."""
    found = queries.submission(request.actor, submission_id)
    form = ProofForm(
        request.POST, request.FILES, prefix="prove", today=day_of(request.now), asks_decision=_asks(found)
    )
    if form.is_valid():
        given = form.cleaned_data
        file = given["document"]
        try:
            answer = actions.prove(
                found, kind=given["kind"], receipt_number=given["receipt_number"], reached_at=form.reached_at(),
                document=file.read() if file else b"", document_name=file.name if file else "",
                decided_on=given.get("decided_on"), by=request.actor, now=request.now,
            )  # fmt: skip
            return _told(request, answer)
        except WRONG as wrong:
            form.add_error(None, str(wrong))
    return _shown(request, found, prove=form)


@require_POST
@page("officer", "court.submit", once=True)
def take(request: Request, submission_id: UUID) -> HttpResponse:
    """Take the step on a proof that stands, when what was missing is there."""
    found = queries.submission(request.actor, submission_id)
    form = TakeForm(request.POST, prefix="take") if _asks(found) else None
    if form is not None and not form.is_valid():
        return _shown(request, found, take=form)
    decided = form.cleaned_data["decided_on"] if form is not None else None
    try:
        return _told(request, actions.take(found, by=request.actor, now=request.now, decided_on=decided))
    except WRONG as wrong:
        messages.warning(request, str(wrong))
        return HttpResponseRedirect(reverse("court:submission", args=[submission_id]))


@page("officer", "court.proof")
def proof(request: Request, proof_id: UUID) -> HttpResponse:
    """The stored receipt, as it was uploaded; always saved to a file, never run in the page."""
    found = fetch(request.actor, "court.proof", Proof.objects.select_related("case"), pk=proof_id)
    if not found.sha256:
        raise Refused("court.proof", obj=f"court.proof:{proof_id}")
    audit.read(request.actor, "court.proof", now=request.now, obj=found, person_id=found.case.person_id)
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[found.document_type]
    answer = HttpResponse(bytes(found.document), content_type=found.document_type)
    answer["Content-Disposition"] = f'attachment; filename="kvittens-{found.case.number}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _asks(found: Submission) -> bool:
    """Whether the step wants the day the board decided to apply."""
    return found.step == "apply_to_court"


def _told(request: Request, answer: actions.Proved) -> HttpResponse:
    """Say what came of the proof."""
    if answer.taken:
        messages.success(
            request, f"Bevisat och klart: {answer.submission.label.lower()}. Fristen är stoppad."
        )
        return HttpResponseRedirect(reverse("court:list"))
    for reason in answer.why_not:
        messages.warning(request, reason)
    return HttpResponseRedirect(reverse("court:submission", args=[answer.submission.pk]))


def _shown(
    request: Request,
    found: Submission,
    *,
    send: SendForm | None = None,
    prove: ProofForm | None = None,
    take: TakeForm | None = None,
) -> HttpResponse:
    """The page of a submission; with a refused form it says what to mend."""
    refused = send or prove or take
    clock = queries.clock(request.actor, found.deadline_id, request.now) if found.deadline_id else None
    context = {
        "submission": found,
        "case": found.case,
        "name": "Skyddade personuppgifter" if found.case.person.is_protected else found.case.person.name,
        "clock": clock,
        "unwritten": queries.unwritten(request.actor, found) if found.is_open else [],
        "asks": _asks(found),
        "send_form": send or SendForm(prefix="send", initial={"court": found.court, "how": found.sent_how}),
        "prove_form": prove
        or ProofForm(
            prefix="prove", today=day_of(request.now), asks_decision=_asks(found),
            initial={"reached_on": day_of(request.now)},
        ),
        "take_form": take or TakeForm(prefix="take"),
        "has_errors": refused is not None,
    }  # fmt: skip
    return render(request, "court/submission.html", context, status=422 if refused else 200)
