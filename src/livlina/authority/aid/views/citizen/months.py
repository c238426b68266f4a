"""The citizen's month: applied for with last month's rows at hand, and followed until the money has come."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from livlina.authority.aid import actions, queries
from livlina.authority.aid.actions import AidRefused, AppliedDraft
from livlina.authority.aid.forms import (
    COST_WORDS,
    INCOME_WORDS,
    DeclareForm,
    KnownRowForm,
    NewRowForm,
    RenewalForm,
)
from livlina.authority.aid.kronor import in_kronor
from livlina.authority.aid.models import AppliedRow
from livlina.authority.cases.models import Case
from livlina.core.clock import day_of
from livlina.core.views import Request, page

MORE = 3
"""Empty rows for what is new, of each kind."""

WORDS = {"cost": COST_WORDS, "income": INCOME_WORDS}


@page("citizen", "aid.follow")
@never_cache
def months(request: Request) -> HttpResponse:
    """One's months, newest first, and the one to apply for next."""
    today = day_of(request.now)
    cases = [
        {
            "case": case,
            "months": [{"month": row, "title": spoken(row.month), "state": state_words(row)} for row in rows],
            "next": queries.months_to_apply_for(case, today) if case.is_open else [],
        }
        for case, rows in queries.citizen_months(request.actor, request.now)
    ]
    return render(request, "aid/citizen/months.html", {"cases": cases})


@page("citizen", "aid.apply", once=True)
@never_cache
def apply(request: Request, case_id: UUID) -> HttpResponse:
    """Apply for a month: the rows of last month each with "the same", then what is new; read once more; send."""
    case = queries.citizen_case(request.actor, case_id)
    open_months = queries.months_to_apply_for(case, day_of(request.now))
    if not open_months:
        return render(request, "aid/citizen/nothing.html", {"case": case})
    posted = request.POST or None
    forms = _forms(case, open_months, posted)
    asked = request.POST.get("do", "check")
    declare = DeclareForm(posted if asked == "send" else None)
    if posted is None or asked == "edit" or not _valid(forms):
        wrong = posted is not None and asked != "edit"
        return _page(request, case, forms, status=422 if wrong else 200)
    rows = _rows(forms)
    if asked != "send" or not declare.is_valid():
        return _check(request, forms, rows, declare, wrong=asked == "send", case=case)
    form: RenewalForm = forms["rest"]
    try:
        sent = actions.apply_for_month(
            case, form.chosen, rows, by=request.actor, now=request.now, told=form.cleaned_data["told"],
            household_changed=form.cleaned_data["household"] == "changed",
        )  # fmt: skip
    except AidRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, case, forms, status=422)
    messages.success(request, _("Din ansökan är skickad."))
    return redirect("aid_citizen:month", sent.pk)


@page("citizen", "aid.follow")
@never_cache
def month(request: Request, month_id: UUID) -> HttpResponse:
    """Where a month stands: what was sent, what is decided, and the money."""
    found = queries.citizen_month(request.actor, month_id, request.now)
    rows = [
        {
            "question": str(WORDS[row.group].get(row.kind, row.kind)),
            "answer": _("%(amount)s kronor") % {"amount": in_kronor(row.amount)},
            "source": _("Samma som förra månaden") if row.same_as_last else "",
        }
        for row in found.rows
    ]
    payments = [(in_kronor(row.amount), payment_words(row.state), row) for row in found.payments]
    context = {
        "found": found, "title": spoken(found.month.month), "state": state_words(found.month), "rows": rows,
        "payments": payments,
    }  # fmt: skip
    return render(request, "aid/citizen/month.html", context)


def spoken(day: date) -> str:
    """Return a month as it is said: mars 2026, or March 2026."""
    return str(format_date(day, "F Y"))


def state_words(month: Any) -> str:
    """Where a month stands, in words."""
    return {
        "open": _("Vi handlägger din ansökan"),
        "linked": _("Du har redan sökt för månaden. Vi prövar ansökningarna tillsammans."),
        "decided": _("Beslutad"),
        "withdrawn": _("Återkallad"),
    }[month.state]


def payment_words(state: str) -> str:
    """Where a payment stands, in words that promise nothing too much."""
    if state == "paid":
        return _("Utbetald")
    if state == "error":
        return _(
            "Stoppad: banken kunde inte betala ut. Vi arbetar med det. Kontakta oss om du har fått ett nytt konto."
        )
    return _("På väg") if state == "in_file" else _("Förbereds")


def _forms(case: Case, open_months: list[date], posted: Any) -> dict[str, Any]:
    known = []
    for row in queries.last_rows(case):
        words = str(WORDS[row.group].get(row.kind, row.kind))
        words += f", {row.person.name}" if row.person else ""
        same = _("Samma som förra månaden: %(amount)s kronor") % {"amount": in_kronor(row.amount)}
        known.append((row, words, KnownRowForm(words, same, posted, prefix=f"row-{row.pk}")))
    new = {
        group: [NewRowForm(WORDS[group], posted, prefix=f"new-{group}-{place}") for place in range(MORE)]
        for group in WORDS
    }
    months = [(each.isoformat(), spoken(each)) for each in open_months]
    initial = {"month": months[0][0]} if len(months) == 1 else None
    return {"known": known, "new": new, "rest": RenewalForm(months, posted, initial=initial)}


def _valid(forms: dict[str, Any]) -> bool:
    every = [form for _row, _words, form in forms["known"]]
    every += [form for rows in forms["new"].values() for form in rows]
    return all(form.is_valid() for form in [*every, forms["rest"]])


def _rows(forms: dict[str, Any]) -> list[AppliedDraft]:
    """What is applied for, row by row."""
    found = []
    for row, _words, form in forms["known"]:
        choice = form.cleaned_data["choice"]
        if choice != "gone":
            amount = row.amount if choice == "same" else form.cleaned_data["amount"]
            found.append(AppliedDraft(row.group, row.kind, amount, row.person_id, choice == "same"))
    for group, rows in forms["new"].items():
        for form in rows:
            if form.cleaned_data.get("kind"):
                found.append(AppliedDraft(group, form.cleaned_data["kind"], form.cleaned_data["amount"]))
    return found


def _page(request: HttpRequest, case: Case, forms: dict[str, Any], *, status: int) -> HttpResponse:
    sections: dict[str, list[tuple[AppliedRow, str, KnownRowForm]]] = {"cost": [], "income": []}
    for row, words, form in forms["known"]:
        sections[row.group].append((row, words, form))
    faults = [
        (form[name].id_for_label if name != "__all__" else "", text)
        for form in _every(forms)
        if form.is_bound
        for name, texts in form.errors.items()
        for text in texts
    ]
    context = {
        "case": case, "sections": sections, "new": forms["new"], "form": forms["rest"],
        "faults": faults if status == 422 else [], "has_errors": status == 422,
    }  # fmt: skip
    return render(request, "aid/citizen/apply.html", context, status=status)


def _every(forms: dict[str, Any]) -> list[Any]:
    return [
        *(form for _row, _words, form in forms["known"]),
        *(form for rows in forms["new"].values() for form in rows),
        forms["rest"],
    ]


def _check(
    request: HttpRequest, forms: dict[str, Any], rows: list[AppliedDraft], declare: DeclareForm, *, wrong: bool, case: Case
) -> HttpResponse:  # fmt: skip
    told = [
        {
            "question": str(WORDS[row.group][row.kind]),
            "answer": _("%(amount)s kronor") % {"amount": in_kronor(row.amount)},
            "source": _("Samma som förra månaden") if row.same_as_last else "",
        }
        for row in rows
    ]
    kept = [
        (key, value)
        for key, values in request.POST.lists()
        for value in values
        if key not in ("csrfmiddlewaretoken", "do", "declared", "submission_key")
    ]
    rest = forms["rest"].cleaned_data
    costs = sum((row.amount for row in rows if row.group == "cost"), Decimal(0))
    context = {
        "case": case, "rows": told, "kept": kept, "form": declare, "has_errors": wrong,
        "month": spoken(forms["rest"].chosen), "changed": rest["household"] == "changed", "told": rest["told"],
        "costs": in_kronor(costs),
    }  # fmt: skip
    return render(request, "aid/citizen/check.html", context, status=422 if wrong else 200)
