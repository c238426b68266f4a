"""Processes shown, compared, weighed against open cases and checked; and the municipality's own lengths."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from livlina.authority.cases.actions.lengths import LengthRefused, set_length
from livlina.authority.cases.engine import NoSuchProcess, Process, load
from livlina.authority.cases.forms.workshop import LengthForm, ProposalForm
from livlina.authority.cases.queries import workshop
from livlina.core.access import may
from livlina.core.clock import day_of
from livlina.core.views import Request, page


@page("staff", "cases.processes")
@require_GET
def processes(request: Request) -> HttpResponse:
    """Every process by area, or those that are searched for."""
    wanted = request.GET.get("q", "").strip()[:80]
    areas = workshop.catalogue(request.actor, request.now, wanted=wanted)
    return _shown(request, "list", areas=areas, wanted=wanted)


@page("staff", "cases.processes")
@require_GET
def version(request: Request, code: str, version: str) -> HttpResponse:
    """One version: picture, steps, forms, deadlines, letters, delegation and law."""
    whole = workshop.version(request.actor, _process(code, version), request.now)
    drawn: dict[str, Any] = {
        "svg": mark_safe(whole.svg),  # noqa: S308 - made by the house from its own files, every label escaped
        "outline": mark_safe(whole.outline),  # noqa: S308 - as above
    }
    others = [one for one in whole.versions if one.process.version != version]
    return _shown(request, "version", whole=whole, process=whole.process, others=others, **drawn)


@page("staff", "cases.processes")
@require_GET
def letter(request: Request, code: str, version: str, name: str) -> HttpResponse:
    """A letter about an invented person."""
    process = _process(code, version)
    if name not in process.letters:
        raise Http404
    text = workshop.sample_letter(request.actor, process, name)
    inside = text.partition("<body>")[2].partition("</body>")[0] or text
    safe = mark_safe(inside)  # noqa: S308 - our own template, with an invented person in it
    return _shown(request, "letter", process=process, letter=process.letters[name], text=safe)


@page("staff", "cases.processes")
@require_GET
def compare(request: Request, code: str, version: str) -> HttpResponse:
    """What differs from another version (`with`) to this one."""
    new = _process(code, version)
    versions = [one for one in workshop.versions_of(code, request.now) if one.process.version != version]
    if not versions:
        return _shown(request, "compare", process=new, old=None, versions=[], groups=[])
    asked = request.GET.get("with", "")
    chosen = next((one for one in versions if one.process.version == asked), None)
    old = (chosen or _nearest(versions, new)).process
    root = load().root
    groups = workshop.compare(old, new, old_root=root, new_root=root)
    return _shown(request, "compare", process=new, old=old, versions=versions, groups=groups)


@page("staff", "cases.preview")
@require_GET
def preview(request: Request, code: str, version: str) -> HttpResponse:
    """What moving all open cases to this version would mean: counts only, and nothing is moved."""
    process = _process(code, version)
    before = {one.process.version: one.process for one in workshop.versions_of(code, request.now)}
    found = workshop.preview(request.actor, process, request.now, before=before)
    return _shown(request, "preview", process=process, found=found)


@page("staff", "cases.processes")
@require_GET
def lengths(request: Request) -> HttpResponse:
    """The lengths that no statute fixes, and what the municipality has made of them."""
    return _shown(request, "lengths", rows=workshop.lengths(request.actor, request.now))


@page("staff", "cases.set_length", once=True)
def length(request: Request, name: str) -> HttpResponse:
    """Change one length from a day: asked, shown in words, and done when it is confirmed."""
    row = next((one for one in workshop.lengths(request.actor, request.now) if one.name == name), None)
    if row is None:
        raise Http404
    today = day_of(request.now)
    form = LengthForm(today, request.POST or None, initial={"valid_from": today, "unit": "months"})
    if request.method != "POST" or not form.is_valid() or request.POST.get("do") == "edit":
        status = 422 if form.is_bound and form.errors else 200
        return _shown(request, "length", row=row, form=form, status=status)
    said, begins, reason = form.said, form.cleaned_data["valid_from"], form.cleaned_data["reason"]
    if request.POST.get("do") != "set":
        kept = [(field, request.POST.get(field, "")) for field in form.fields]
        return _shown(request, "length_check", row=row, words=_change(row, form), kept=kept, reason=reason)
    try:
        set_length(name, said, valid_from=begins, reason=reason, by=request.actor, now=request.now)
    except LengthRefused as wrong:
        for field, text in wrong.errors.items():
            form.add_error(form.at(field), text)
        return _shown(request, "length", row=row, form=form, status=422)
    messages.success(request, f"{row.label}: {_change(row, form)}.")
    return redirect("cases_operations:lengths")


@page("staff", "cases.propose")
def check(request: Request) -> HttpResponse:
    """Check a proposed version from a zip file. Nothing is installed, and the file is not kept."""
    form = ProposalForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, "check", form=form, status=422 if form.is_bound else 200)
    try:
        with workshop.proposed(request.actor, form.cleaned_data["archive"].file) as found:
            seen = _proposal(request, found)
    except workshop.NotAProposal as wrong:
        form.add_error("archive", str(wrong))
        return _shown(request, "check", form=form, status=422)
    return _shown(request, "check", form=ProposalForm(), **seen)


def _proposal(request: Request, found: workshop.Proposed) -> dict[str, Any]:
    """What is wrong with a proposal; without faults, what it changes and what it would mean."""
    seen: dict[str, Any] = {"found": found, "problems": found.problems}
    process = found.process
    if process is None or found.problems:
        return seen
    installed = workshop.versions_of(process.code, request.now)
    before = {one.process.version: one.process for one in installed}
    if installed:
        old = _nearest(installed, process).process
        seen["old"] = old
        seen["groups"] = workshop.compare(old, process, old_root=load().root, new_root=found.root)
    seen["preview"] = workshop.preview(request.actor, process, request.now, before=before)
    return seen


def _process(code: str, version: str) -> Process:
    try:
        return load().process(code, version)
    except NoSuchProcess:
        raise Http404 from None


def _nearest(versions: list[workshop.Version], new: Process) -> workshop.Version:
    """The version to compare with unless another is chosen: the newest before it, or else the oldest."""
    earlier = [one for one in versions if one.process.valid_from < new.valid_from]
    return earlier[0] if earlier else versions[-1]


def _change(row: workshop.LengthRow, form: LengthForm) -> str:
    """“3 månader blir 2 månader från 2026-04-01”."""
    begins: date = form.cleaned_data["valid_from"]
    return f"{row.now} blir {form.words or f'{row.default} (förvalet)'} från {begins}"


def _shown(request: Request, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    may_do = {name: may(request.actor, f"cases.{name}") for name in ("set_length", "propose", "preview")}
    return render(request, f"cases/workshop/{template}.html", {"may_do": may_do, **context}, status=status)
