"""The officer's forms for personal assistance."""

from datetime import date, time
from typing import Any

from django import forms

from livlina.authority.assistance.models import ARRANGERS, KINDS, PAYERS, Assistant
from livlina.core.ui.forms import DateField


class ClockField(forms.Field):
    """A clock time written 8, 8.30, 08:30 or 0830; 24 and 24.00 are midnight."""

    widget = forms.TextInput(attrs={"inputmode": "text", "size": "6", "autocomplete": "off"})

    def to_python(self, value: Any) -> time | None:
        """Read the time, or say how it is written."""
        text = str(value or "").strip().replace(".", ":").replace(",", ":")
        if not text:
            return None
        if text.isdigit() and len(text) in (3, 4):
            text = f"{text[:-2]}:{text[-2:]}"
        hours, _, minutes = text.partition(":")
        whole = hours.isdecimal() and (not minutes or minutes.isdecimal())
        if not whole or len(hours) > 2 or len(minutes) > 2 or int(hours) > 24 or int(minutes or 0) > 59:
            raise forms.ValidationError("Skriv klockslaget, till exempel 8.30 eller 22.")
        if int(hours) == 24 and int(minutes or 0):
            raise forms.ValidationError("Dygnet slutar klockan 24.00.")
        return time(int(hours) % 24, int(minutes or 0))


class TimeForm(forms.Form):
    """One row of time."""

    assistant = forms.ModelChoiceField(Assistant.objects.none(), label="Assistent", empty_label="Välj …")
    day = DateField(label="Dag")
    begins = ClockField(label="Från")
    ends = ClockField(label="Till", help_text="Ett klockslag före början räknas som nästa dag.")
    kind = forms.ChoiceField(label="Slag av tid", choices=KINDS, widget=forms.RadioSelect, initial="active")

    def __init__(
        self, assistants: list[Assistant], first: date, last: date, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["assistant"]
        chosen.queryset = Assistant.objects.filter(pk__in=[one.pk for one in assistants]).order_by("name")
        chosen.label_from_instance = lambda one: f"{one.name}, {one.employer}"
        day: Any = self.fields["day"]
        day.not_before, day.not_after = first, last


class WhyForm(forms.Form):
    """Why something is struck, given back or opened again."""

    reason = forms.CharField(label="Skäl", max_length=400)


class ReceiptForm(forms.Form):
    """What Försäkringskassan answered."""

    receipt = forms.CharField(label="Kvitto från Försäkringskassan", max_length=120, required=False)


class AssistantForm(forms.Form):
    """Someone who is employed to assist."""

    name = forms.CharField(label="Assistentens namn", max_length=160)
    employee_number = forms.CharField(
        label="Anställningsnummer", max_length=40, help_text="Inte personnummer."
    )
    employer = forms.CharField(label="Arbetsgivare", max_length=160)
    employed_from = DateField(label="Anställd från och med")
    employed_to = DateField(label="Anställd till och med", required=False)


class DecisionForm(forms.Form):
    """A decision on assistance, by the municipality or by Försäkringskassan."""

    payer = forms.ChoiceField(label="Beslutat av", choices=PAYERS, widget=forms.RadioSelect)
    reference = forms.CharField(label="Försäkringskassans ärendenummer", max_length=60, required=False)
    hours_per_week = forms.DecimalField(
        label="Timmar per vecka", min_value=0, max_value=336, decimal_places=2, localize=True
    )
    accounting_months = forms.IntegerField(
        label="Beräkningsperiod, månader", min_value=1, max_value=6, initial=1
    )
    valid_from = DateField(label="Gäller från och med")
    valid_to = DateField(label="Gäller till och med")
    arranger = forms.ChoiceField(label="Vem ordnar assistansen?", choices=ARRANGERS, widget=forms.RadioSelect)
