"""One letter made for more than the one it was written to: guardians, public counsel, representatives."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from livlina.authority.cases.actions import StepRefused, copies
from livlina.authority.cases.actions.copies import Counsel
from livlina.authority.cases.actions.parties import guardians_of
from livlina.authority.cases.models import Document
from livlina.authority.cases.views.officer.shared import opened, sentences, shown, to_case
from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.ui.forms import OnceMixin
from livlina.core.views import Request, page
from livlina.registers.people.models import Person


class GuardiansForm(OnceMixin):
    """Which of the guardians."""

    to = forms.MultipleChoiceField(
        label="Vårdnadshavare som ska ha brevet",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj vem som ska ha brevet."},
    )


class CounselForm(OnceMixin):
    """Whose counsel, and where the office is."""

    principal = forms.ChoiceField(label="Biträde eller ombud för")
    name = forms.CharField(label="Biträdets namn", max_length=100)
    address = forms.CharField(
        label="Postadress", widget=forms.Textarea({"rows": 3}), help_text="Byråns adress, inte bostaden."
    )


@page("officer", "cases.write", once=True)
def copy_letter(request: Request, document_id: UUID) -> HttpResponse:
    """Who else has got the letter, and for whom it can be made."""
    rows = Document.objects.select_related("case__person", "decision")
    document = fetch(request.actor, "cases.letter", rows, pk=document_id)
    found = opened(request, document.case_id, verb="cases.write")
    people = {str(row.person_id): row.person for row in guardians_of(document.case)}
    made = list(copies.copies_of(document).defer("pdf", "data"))
    left = {
        pk: one for pk, one in people.items() if one.full_name not in {row.recipient_name for row in made}
    }
    posted = request.POST if request.method == "POST" else None
    to_counsel = posted is not None and posted.get("do") == "counsel"
    guardians = GuardiansForm(posted if posted is not None and not to_counsel else None)
    counsel = CounselForm(posted if to_counsel else None, auto_id="counsel_%s")
    guardians.fields["to"].choices = [(pk, one.name) for pk, one in left.items()]  # type: ignore[attr-defined]
    sides = {str(document.case.person_id): document.case.person} | people
    counsel.fields["principal"].choices = [(pk, one.name) for pk, one in sides.items()]  # type: ignore[attr-defined]
    form: Any = counsel if to_counsel else guardians
    if posted is not None and form.is_valid():
        try:
            _make(request, document, form, sides)
            return to_case(
                request, document.case_id, "Brevet är gjort. Det ligger under Brev, redo att skickas."
            )
        except StepRefused as wrong:
            form.add_error(None, " ".join(sentences(wrong)))
    known = {"document": document, "made": made, "left": left, "guardians": guardians, "counsel": counsel}
    known |= {"can": copies.is_original(document), "says": _says(document, people, day_of(request.now))}
    known |= {"left_out": _left_out(document, left)}
    return shown(request, "copies", found, status=422 if form.is_bound else 200, **known)


def _make(request: Request, document: Document, form: Any, sides: dict[str, Person]) -> None:
    """Make each of the letters. Raises StepRefused."""
    said = form.cleaned_data
    if "principal" in said:
        counsel = Counsel(said["name"], said["address"])
        copies.copy_letter(
            document, sides[said["principal"]], counsel=counsel, by=request.actor, now=request.now
        )
        return
    for pk in said["to"]:
        copies.copy_letter(document, sides[pk], by=request.actor, now=request.now)


def _says(document: Document, people: dict[str, Person], today: Any) -> str:
    """Who speaks in the case, by the age of the one it is about; nothing where that is no child."""
    person = document.case.person
    age = person.age(today)
    if age is None or age >= 18:
        return ""
    if age >= copies.OWN_PARTY_FROM:
        return f"{person.name} har fyllt 15 år och för själv sin talan. Vårdnadshavarna är också parter."
    who = "Vårdnadshavarna" if people else "Vårdnadshavarna, som ännu inte är inskrivna,"
    return f"{person.name} är under 15 år. {who} för hens talan."


def _left_out(document: Document, left: dict[str, Person]) -> list[tuple[str, list[str]]]:
    """For whom what is left out."""
    if not copies.is_original(document):
        return []
    rows = [(one.name, copies.left_out(document, one)) for one in left.values()]
    return [row for row in rows if row[1]]
