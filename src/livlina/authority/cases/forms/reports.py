"""What is asked when a report of concern is taken down: how it came in, and the children."""

from datetime import date
from typing import Any

from django import forms
from django.forms import formset_factory

from livlina.authority.cases.actions.reports import ReportedChild
from livlina.authority.cases.forms.officer import ON_PAPER
from livlina.core.ids import IdentityNumberField
from livlina.core.ui.forms import DateField

CHILD_ROWS = 4
KINDS = [
    ("", "Välj …"),
    ("known", "Barn vars namn är känt"),
    ("unknown", "Okänt barn"),
    ("unborn", "Väntat barn"),
]


class ReceivedForm(forms.Form):
    """When and how the report came in."""

    found_on = DateField(label="Dagen anmälan kom in", why_after="i dag är den sista")
    how = forms.ChoiceField(label="Hur den kom in", choices=ON_PAPER, widget=forms.RadioSelect)

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["found_on"].not_after = today  # type: ignore[attr-defined]


class ChildForm(forms.Form):
    """One child of the report; left wholly empty it is none."""

    kind = forms.ChoiceField(label="Barn", choices=KINDS, required=False)
    number = IdentityNumberField(required=False)
    given_names = forms.CharField(label="Förnamn", max_length=120, required=False)
    family_name = forms.CharField(
        label="Efternamn", max_length=120, required=False, help_text="För ett väntat barn: moderns efternamn."
    )

    def clean(self) -> dict[str, Any]:
        """A known child has a number or a name; an unborn one its mother's name."""
        given = self.cleaned_data
        kind = given.get("kind")
        if not kind and any(given.get(name) for name in ("number", "given_names", "family_name")):
            self.add_error("kind", "Välj om barnet är känt, okänt eller väntat.")
        said = "number" in self.errors or given.get("number") or given.get("given_names")
        if kind == "known" and not said:
            self.add_error("given_names", "Skriv barnets personnummer eller namn.")
        if kind == "unborn" and not given.get("family_name"):
            self.add_error("family_name", "Skriv moderns efternamn.")
        return given

    def child(self) -> ReportedChild | None:
        """The child as written."""
        given = self.cleaned_data
        if not given.get("kind"):
            return None
        return ReportedChild(
            number=given.get("number") or None,
            given_names=given.get("given_names", ""),
            family_name=given.get("family_name", ""),
            unborn=given["kind"] == "unborn",
        )


ChildFormSet = formset_factory(ChildForm, extra=CHILD_ROWS)


def children_of(forms_of: Any) -> list[ReportedChild]:
    """The children of a valid form set."""
    return [child for form in forms_of if (child := form.child())]
