"""The household of a case, and what is claimed back."""

from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from livlina.authority.aid import actions, queries
from livlina.authority.aid.forms import EntryForm, KronorField, MemberForm
from livlina.authority.aid.models import Recovery
from livlina.authority.aid.views.officer.shared import WRONG, person_header, refused, said, shown
from livlina.core.access import fetch
from livlina.core.ids import IdentityNumberField
from livlina.core.ui.forms import DateField
from livlina.core.views import Request, page
from livlina.registers.people.models import Person, PersonNumber

ONE = "aid:household"


class NewMemberForm(MemberForm):
    """A person who is counted with the household, by the number: it is posted, never part of an address."""

    number = IdentityNumberField(label="Personnummer")
    field_order = ("number", "part", "since", "days", "no_lunch")


@page("officer", "aid.month", once=True)
def household(request: Request, month_id: UUID) -> HttpResponse:
    """Who is counted together, from when and until when."""
    found = queries.month_page(request.actor, month_id, request.now)
    home = found.month.case.households.get()
    form = NewMemberForm(request.POST or None, initial={"since": found.month.month})
    if request.method == "POST" and form.is_valid():
        number = PersonNumber.objects.filter(value=form.cleaned_data["number"]).first()
        if number is None:
            form.add_error("number", "Personen finns inte i registret. Sök fram personen först.")
        else:
            data = form.cleaned_data
            try:
                actions.add_member(
                    home, Person.objects.get(pk=number.person_id), data["part"], since=data["since"],
                    days=data["days"], no_lunch=data["no_lunch"], by=request.actor, now=request.now,
                )  # fmt: skip
                return said(request, "Personen är med i hushållet.", ONE, month_id)
            except WRONG as wrong:
                return refused(request, wrong, ONE, month_id)
    every = home.members.select_related("person").order_by("since", "id")
    return shown(
        request, "household", found=found, header=person_header(request, found.month), home=home, form=form,
        members=every, has_errors=bool(form.errors), status=422 if form.errors else 200,
    )  # fmt: skip


@page("officer", "aid.month", once=True)
@require_POST
def change(request: Request, month_id: UUID) -> HttpResponse:
    """Let a person leave the household, or say how many share the home."""
    found = queries.month_page(request.actor, month_id, request.now)
    home = found.month.case.households.get()
    try:
        if member_id := request.POST.get("member"):
            member = home.members.select_related("household__case").get(pk=member_id)
            last = DateField().clean(request.POST.get("last_day") or "")
            actions.end_member(member, last_day=last, by=request.actor, now=request.now)
            return said(request, "Personen är inte längre med i hushållet.", ONE, month_id)
        persons = request.POST.get("persons", "").strip()
        actions.set_persons(
            home, int(persons) if persons.isdecimal() else None, by=request.actor, now=request.now
        )
    except WRONG as wrong:
        return refused(request, wrong, ONE, month_id)
    return said(request, "Antalet personer i bostaden är ändrat.", ONE, month_id)


@page("officer", "aid.month", once=True)
@require_POST
def begin_recovery(request: Request, month_id: UUID) -> HttpResponse:
    """Begin to try whether a decided month's aid is to be claimed back."""
    found = queries.month_page(request.actor, month_id, request.now)
    amount = KronorField(required=False).clean(request.POST.get("amount") or "")
    try:
        recovery = actions.begin_recovery(
            found.month, amount or Decimal(0), by=request.actor, now=request.now
        )
    except WRONG as wrong:
        return refused(request, wrong, "aid:month", month_id)
    return said(
        request, f"Ärende {recovery.case.number} om återkrav är startat.", "aid:recovery", recovery.pk
    )


@page("officer", "aid.recover", once=True)
def recovery(request: Request, recovery_id: UUID) -> HttpResponse:
    """A claim: what is left of it, and what made it smaller."""
    row = fetch(request.actor, "aid.recover", Recovery.objects.select_related("case__person"), pk=recovery_id)
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_entry(row, **form.cleaned_data, by=request.actor, now=request.now)
            return said(request, "Beloppet är antecknat.", "aid:recovery", recovery_id)
        except WRONG as wrong:
            return refused(request, wrong, "aid:recovery", recovery_id)
    return shown(
        request, "recovery", row=row, form=form, entries=row.entries.order_by("on", "at"),
        has_errors=bool(form.errors), status=422 if form.errors else 200,
    )  # fmt: skip
