"""Signing by hand, for when a phone is not at hand, and correcting what was signed wrong."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from livlina.core import audit
from livlina.core.access import fetch
from livlina.core.views import Request, page
from livlina.provider.homecare.actions import doses as actions
from livlina.provider.homecare.forms_nursing import CorrectForm, SignForm
from livlina.provider.homecare.models import Dose, DoseSignature, NursingTask
from livlina.provider.homecare.queries import nursing as queries


@require_http_methods(["GET", "POST"])
@page("provider", "nursing.read_dose", once=True)
def dose(request: Request, pk: UUID) -> HttpResponse:
    """One dose: what was signed, what looks wrong in words, and signing it. A warning about a dose leads here."""
    found = queries.dose(request.actor, pk)
    return _sign(request, found.task, found)


@require_http_methods(["GET", "POST"])
@page("provider", "nursing.sign", once=True)
def as_needed(request: Request, pk: UUID) -> HttpResponse:
    """Sign something given as needed."""
    return _sign(request, queries.task(request.actor, pk), None)


@require_http_methods(["GET", "POST"])
@page("provider", "nursing.correct", once=True)
def correct(request: Request, pk: UUID) -> HttpResponse:
    """Correct a signature by a new one."""
    rows = DoseSignature.objects.select_related("task__person", "dose")
    wrong = fetch(request.actor, "nursing.correct", rows, pk=pk)
    first = {"outcome": "given" if wrong.given else "not_given", "amount": wrong.amount}
    form = CorrectForm(request.POST or None, now=request.now, at=wrong.at, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.correct(
                wrong, given=said["outcome"] == "given", at=form.moment, amount=said["amount"], reason=said["reason"],
                by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, "Rättelsen är sparad. Den första signeringen går fortfarande att läsa.")
            return _back(wrong.task, wrong.dose)
        except actions.SignRefused as refusal:
            form.add_error(None, str(refusal))
    audit.read(request.actor, "nursing.correct", now=request.now, obj=wrong, person_id=wrong.task.person_id)
    context = {"wrong": wrong, "task": wrong.task, "person": wrong.task.person, "form": form}
    return render(request, "homecare/nursing/correct.html", context, status=_status(request))


def _sign(request: Request, task: NursingTask, dose: Dose | None) -> HttpResponse:
    signed = _signed(dose) if dose is not None else []
    standing = [one for one in signed if not one.corrected_by.all()]
    today = actions.given_on_day(task, request.now) if task.as_needed else 0
    too_many = bool(task.most_per_day and today >= task.most_per_day)
    again = too_many or any(one.given for one in standing)
    form = SignForm(
        request.POST or None, now=request.now, ask_again=again, narcotic=task.narcotic, as_needed=task.as_needed,
        initial={"amount": task.amount},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = _write(request, task, dose, form)
            if made.double:
                messages.warning(
                    request, "Sparat. Dosen är nu signerad som given två gånger. Sjuksköterskan har fått veta det."
                )  # fmt: skip
            else:
                messages.success(request, "Signeringen är sparad.")
            return _back(task, dose)
        except actions.SignRefused as refusal:
            form.add_error(None, str(refusal))
    audit.read(request.actor, "nursing.read", now=request.now, obj=task)
    context = {
        "task": task, "dose": dose, "person": task.person, "form": form, "signed": signed, "today": today,
        "too_many": too_many, "given": [one for one in standing if one.given],
        "double": any(one.double for one in standing), "disagree": len({one.given for one in standing}) > 1,
    }  # fmt: skip
    return render(request, "homecare/nursing/dose.html", context, status=_status(request))


def _write(request: Request, task: NursingTask, dose: Dose | None, form: SignForm) -> DoseSignature:
    said = form.cleaned_data
    return actions.sign(
        dose.pk if dose else None, task_id=task.pk, given=said["outcome"] == "given", at=form.moment,
        amount=said["amount"], reason=said["reason"], effect=said.get("effect", ""), witness=said.get("witness", ""),
        by=request.actor, now=request.now,
    )  # fmt: skip


def _signed(dose: Dose) -> list[DoseSignature]:
    rows = DoseSignature.objects.filter(dose=dose).prefetch_related("corrected_by")
    return list(rows.order_by("pk"))


def _back(task: NursingTask, dose: Dose | None) -> HttpResponse:
    if dose is None:
        return redirect("homecare_provider:nursing_task", task.pk)
    return redirect("homecare_provider:nursing_today")


def _status(request: Request) -> int:
    return 422 if request.method == "POST" else 200
