"""Who else has a part in a case, and the reasoned confirmation that one party's data may reach another."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.actions.parties import NotAParty, add_party, end_party
from livlina.authority.cases.actions.redaction import confirm_disclosure, matter_of
from livlina.authority.cases.models import CaseParty
from livlina.authority.cases.models.party import PARTS
from livlina.authority.cases.views.officer.shared import opened, shown, to_case
from livlina.core.access import Refused
from livlina.core.ids import IdentityNumberField
from livlina.core.ui.forms import OnceMixin
from livlina.core.views import Request, page
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person


class PartyForm(OnceMixin):
    """One more in the case."""

    part = forms.ChoiceField(label="Del i ärendet", choices=PARTS, widget=forms.RadioSelect)
    number = IdentityNumberField(label="Personnummer", help_text="Personen ska finnas i personregistret.")


class DisclosureForm(OnceMixin):
    """That data about one may reach another today, and why."""

    about = forms.ChoiceField(label="Vems uppgift")
    recipient = forms.ChoiceField(label="Vem som får se den")
    reason = forms.CharField(
        label="Varför kan uppgiften lämnas ut? (26 kap. 1 § offentlighets- och sekretesslagen)",
        widget=forms.Textarea({"rows": 3}),
    )


@sensitive_post_parameters()
@page("officer", "cases.write", once=True)
def parties(request: Request, case_id: UUID) -> HttpResponse:
    """Show those in the case, and write one more."""
    found = opened(request, case_id, verb="cases.write")
    form = PartyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = people.by_number(request.actor, form.cleaned_data["number"])
        try:
            if person is None:
                raise NotAParty("Ingen träff eller skyddad. Registrera personen först, eller fråga din chef.")
            add_party(found.case, person, form.cleaned_data["part"], by=request.actor, now=request.now)
            return to_case(request, case_id, "Klart: inskriven i ärendet.")
        except NotAParty as wrong:
            form.add_error("number", str(wrong))
    rows = CaseParty.objects.filter(case=found.case).select_related("person").order_by("begins_on", "id")
    status = 422 if form.errors else 200
    return shown(request, "parties", found, status=status, rows=rows, form=form)


@page("officer", "cases.write", once=True)
@require_POST
def end(request: Request, case_id: UUID, party_id: UUID) -> HttpResponse:
    """The part ends today."""
    found = opened(request, case_id, verb="cases.write")
    row = CaseParty.objects.filter(pk=party_id, case=found.case).first()
    if row is None:
        raise Refused("cases.write", obj=f"cases.caseparty:{party_id}")
    end_party(row, by=request.actor, now=request.now)
    return to_case(request, case_id, "Klart: personens del i ärendet har upphört.")


@page("officer", "cases.write", once=True)
def disclose(request: Request, case_id: UUID) -> HttpResponse:
    """Confirm, with a reason that stays, that one party's data may reach another today."""
    found = opened(request, case_id, verb="cases.write")
    inside: dict[str, Person] = {str(pk): person for pk, person in matter_of(found.case).people.items()}
    form = DisclosureForm(request.POST if request.method == "POST" else None)
    for name in ("about", "recipient"):
        form.fields[name].choices = [(pk, one.name) for pk, one in inside.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            confirm_disclosure(
                found.case, inside[said["recipient"]], inside[said["about"]], reason=said["reason"],
                by=request.actor, now=request.now,
            )  # fmt: skip
            return to_case(request, case_id, "Klart: uppgiften får lämnas ut i dag. Ta steget igen.")
        except StepRefused as wrong:
            form.add_error(None, " ".join(wrong.reasons))
    known = {"form": form, "alone": len(inside) < 2, "parties": reverse("cases:parties", args=[case_id])}
    return shown(request, "disclose", found, status=422 if form.errors else 200, **known)
