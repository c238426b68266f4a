"""The workshop's forms: a length with the day it begins, and a proposed version as a zip."""

from datetime import date
from typing import Any

from django import forms

from livlina.authority.cases.queries.workshop import words
from livlina.core.calendar import Length
from livlina.core.ui.forms import DateField

UNITS = [
    ("days", "dagar"),
    ("weeks", "veckor"),
    ("months", "månader"),
    ("next working days", "arbetsdagar"),
    ("", "förvalet igen"),
]


class LengthForm(forms.Form):
    """How long, from when and why."""

    count = forms.CharField(
        label="Antal",
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )
    unit = forms.ChoiceField(label="Tid", choices=UNITS, widget=forms.RadioSelect)
    valid_from = DateField(label="Gäller frister som börjar löpa från och med")
    reason = forms.CharField(
        label="Varför, och vem som har beslutat det",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Skriv varför tiden ändras och vem som har beslutat det."},
    )

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.data.get("unit") == "default":
            self.fields["count"].required = False
        field: Any = self.fields["valid_from"]
        field.not_before, field.why_before = today, "frister som löper ändras inte"

    def clean(self) -> dict[str, Any]:
        """A number, unless the default is wished back."""
        data = super().clean() or {}
        count = data.get("count", "").strip()
        if (
            data.get("unit") != "default"
            and "count" not in self.errors
            and not (count.isdecimal() and int(count))
        ):
            self.add_error("count", "Skriv hur många, med siffror.")
        return data

    @property
    def said(self) -> str:
        """The length as the process language says it; empty for the default."""
        unit, count = self.cleaned_data.get("unit", ""), self.cleaned_data.get("count", "").strip()
        if unit == "default":
            return ""
        return f"{int(count)} {unit.removesuffix('s') if int(count) == 1 else unit}"

    @property
    def words(self) -> str:
        """The length in Swedish; empty for the default."""
        return words.length(Length.parse(self.said)) if self.said else ""

    def at(self, field: str) -> str | None:
        """The field an action's fault belongs to."""
        return {"length": "count"}.get(field, field if field in self.fields else None)


class ProposalForm(forms.Form):
    """A version of a process, zipped."""

    archive = forms.FileField(
        label="Zip-fil med en version",
        help_text="Mappen med hela sin sökväg, till exempel elder_care/home_care/2027-01-01/process.yaml. Högst 2 MB.",
        error_messages={"required": "Välj en zip-fil."},
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_archive(self) -> Any:
        """Not larger than it says."""
        archive = self.cleaned_data["archive"]
        if archive.size > 2_000_000:
            raise forms.ValidationError("Filen är för stor: högst 2 MB.")
        return archive
