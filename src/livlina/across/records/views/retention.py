"""Destruction by law: the archivist's lists, the second person's agreement, and the certificates."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.across.records import actions
from livlina.across.records.actions import DestructionRefused, KeepRefused
from livlina.across.records.forms import KeepForm, ProposeForm, ReceiptForm
from livlina.across.records.models import RetentionItem, RetentionRun
from livlina.across.records.queries import retention as queries
from livlina.across.records.views.shared import own_branches, status_of
from livlina.core.access import fetch, may
from livlina.core.views import Request, page
from livlina.registers.people import queries as people


@page("officer", "records.retention")
def runs(request: Request) -> HttpResponse:
    """The lists, and what has been destroyed."""
    names = dict(own_branches(request.actor))
    rows = [
        [
            {"text": f"{row.proposed_on.isoformat()} {names.get(row.compartment, '')}",
             "url": reverse("records:run", args=[row.pk])},
            {"number": str(sum(one["count"] for one in row.due))},
            {"number": str(sum(one["count"] for one in row.kept))},
            row.by_name,
        ]
        for row in queries.runs(request.actor)[:50]
    ]  # fmt: skip
    gone = [
        [f"{row.at:%Y-%m-%d}", row.akt_hash[:12], row.rule, {"number": str(row.rows)}, row.receipt_number]
        for row in queries.certificates(request.actor)[:50]
    ]
    facts = {
        "rows": rows,
        "gone": gone,
        "heads": ["Förslag", {"number": "Mogna"}, {"number": "Bevaras"}, "Föreslagen av"],
        "gone_heads": ["Dag", "Akt", "Regel", {"number": "Rader"}, "Kvitto"],
        "form": ProposeForm(own_branches(request.actor)) if may(request.actor, "records.propose") else None,
    }
    return render(request, "records/runs.html", facts)


@page("officer", "records.propose", once=True)
@require_POST
def propose(request: Request) -> HttpResponse:
    """Propose: a dry run, which touches nothing."""
    form = ProposeForm(own_branches(request.actor), request.POST)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("records:runs"))
    run = actions.propose(form.cleaned_data["compartment"], by=request.actor, now=request.now)
    return HttpResponseRedirect(reverse("records:run", args=[run.pk]))


@page("officer", "records.retention")
def run(request: Request, run_id: UUID) -> HttpResponse:
    """One list: what is due by which rule, how far each file has come, and what may be done now."""
    found = fetch(request.actor, "records.retention", RetentionRun.objects.all(), pk=run_id)
    items = list(queries.items(found))
    approvals = list(found.approvals.order_by("at"))
    steps = [{step.kind: step for step in item.steps.all()} for item in items]
    rows = [{"item": item, "done": done} for item, done in zip(items, steps, strict=True)]
    going = [done for done in steps if "spared" not in done]
    return render(request, "records/run.html", {
        "run": found,
        "branch": dict(own_branches(request.actor)).get(found.compartment, ""),
        "rows": rows,
        "approvals": approvals,
        "all_sent": all("exported" in done for done in going),
        "some_receipted": any("receipted" in done for done in going),
        "receipt": ReceiptForm(),
        "archivist": may(request.actor, "records.freeze", found),
        "second": may(request.actor, "records.approve", found),
    })  # fmt: skip


@page("officer", "records.freeze", once=True)
@require_POST
def freeze(request: Request, run_id: UUID) -> HttpResponse:
    """Freeze the list."""
    found = fetch(request.actor, "records.freeze", RetentionRun.objects.all(), pk=run_id)
    try:
        listed = actions.freeze(found, by=request.actor, now=request.now)
        messages.success(request, f"Listan är fryst med {len(listed)} akter. En enhetschef ska godkänna den.")
    except DestructionRefused as refusal:
        messages.error(request, str(refusal))
    return _back(run_id)


@page("officer", "records.approve", once=True)
@require_POST
def approve(request: Request, run_id: UUID) -> HttpResponse:
    """Agree to the list as the second person."""
    found = fetch(request.actor, "records.approve", RetentionRun.objects.all(), pk=run_id)
    try:
        actions.approve(found, by=request.actor, now=request.now)
        messages.success(request, "Listan är godkänd.")
    except DestructionRefused as refusal:
        messages.error(request, str(refusal))
    return _back(run_id)


@page("officer", "records.retention", once=True)
@require_POST
def spare(request: Request, item_id: UUID) -> HttpResponse:
    """Take a file off the list."""
    item = RetentionItem.objects.select_related("run").filter(pk=item_id).first()
    found = fetch(
        request.actor, "records.retention", RetentionRun.objects.all(), pk=item.run_id if item else None
    )
    if item is not None:
        try:
            actions.spare(item, request.POST.get("reason", ""), by=request.actor, now=request.now)
        except DestructionRefused as refusal:
            messages.error(request, str(refusal))
    return _back(found.pk)


@page("officer", "records.freeze", once=True)
@require_POST
def export(request: Request, run_id: UUID) -> HttpResponse:
    """Deliver what is left on the list to the e-archive."""
    return _each(request, run_id, "levererade till e-arkivet", lambda item: actions.export(
        item, by=request.actor, now=request.now))  # fmt: skip


@page("officer", "records.freeze", once=True)
@require_POST
def receipt(request: Request, run_id: UUID) -> HttpResponse:
    """Note the archive's receipt, and lay the copies in quarantine."""
    form = ReceiptForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else ""

    def acknowledge(item: RetentionItem) -> None:
        actions.note_receipt(item, number, by=request.actor, now=request.now)
        actions.quarantine(item, by=request.actor, now=request.now)

    return _each(request, run_id, "kvitterade och kopierade till karantän", acknowledge)


@page("officer", "records.freeze", once=True)
@require_POST
def destroy(request: Request, run_id: UUID) -> HttpResponse:
    """Destroy what is agreed, acknowledged and copied."""
    return _each(request, run_id, "gallrade", lambda item: actions.destroy(
        item, by=request.actor, now=request.now))  # fmt: skip


@page("officer", "records.keep", once=True)
def keep(request: Request, person_id: UUID) -> HttpResponse:
    """Mark that a person's file is kept."""
    person = people.read(request.actor, person_id, now=request.now)
    form = KeepForm(own_branches(request.actor), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.keep(
                person, told["compartment"], told["kind"], told["why"], by=request.actor, now=request.now
            )
            messages.success(request, "Akten är märkt för att bevaras.")
            return HttpResponseRedirect(reverse("people:person", args=[person.pk]))
        except KeepRefused as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "form": form,
        "header": people.header(request.actor, person, now=request.now, current="records:person"),
    }
    return render(request, "records/keep.html", facts, **status_of(request))


def _each(request: Request, run_id: UUID, words: str, act: Callable[[RetentionItem], object]) -> HttpResponse:
    """Do one thing with each file of the list that is not spared; what is refused is said, and the others go on."""
    found = fetch(request.actor, "records.freeze", RetentionRun.objects.all(), pk=run_id)
    done, refused = 0, []
    for item in RetentionItem.objects.filter(run=found).exclude(steps__kind="spared").order_by("pk"):
        try:
            with transaction.atomic():
                act(item)
            done += 1
        except DestructionRefused as refusal:
            refused.append(f"{item.akt_hash[:12]}: {refusal}")
    if done:
        messages.success(request, f"{done} akter är {words}.")
    for words_of_refusal in refused[:10]:
        messages.error(request, words_of_refusal)
    return _back(run_id)


def _back(run_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("records:run", args=[run_id]))
