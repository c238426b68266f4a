"""What people write about what goes to court."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms

from livlina.authority.cases.engine import FactSpec, Process
from livlina.authority.court.models import HOW, PROOFS
from livlina.core.clock import SWEDEN
from livlina.core.ui.forms import DateField

CHOOSE = ("", "Välj")


class ClockTime(forms.CharField):
    """A time of day: 03.12, 3:12 or 0312."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput({"inputmode": "numeric", "size": "6", "class": "lv-nums"}), **options
        )

    def clean(self, value: Any) -> time | None:
        """The time. Raises ValidationError in words."""
        text = super().clean(value).strip()
        if not text:
            return None
        match = re.fullmatch(r"(\d{1,2})[.:]?(\d{2})", text)
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            raise forms.ValidationError("Skriv klockslaget så här: 03.12.")
        return time(int(match[1]), int(match[2]))


class SendForm(forms.Form):
    """To which court, and how."""

    court = forms.CharField(
        label="Domstol", max_length=160, error_messages={"required": "Skriv vilken domstol."}
    )
    how = forms.ChoiceField(
        label="Hur skickades handlingarna?",
        choices=[CHOOSE, *HOW],
        error_messages={"required": "Välj hur handlingarna skickades."},
    )


class ProofForm(forms.Form):
    """That the court has it, and since when."""

    kind = forms.ChoiceField(
        label="Vilket bevis finns?", choices=[CHOOSE, *PROOFS], error_messages={"required": "Välj bevis."}
    )
    receipt_number = forms.CharField(
        label="Kvittensens nummer",
        max_length=80,
        required=False,
        help_text="Målnummer, kvittens-id eller rad i faxjournalen.",
    )
    document = forms.FileField(
        label="Kvittensen",
        required=False,
        help_text="PDF, eller en bild från telefonen. Nummer eller kvittens behövs.",
    )
    reached_on = DateField(label="Kom in till rätten den", error_messages={"required": "Skriv vilken dag."})
    reached_time = ClockTime(
        label="Klockan", error_messages={"required": "Skriv klockslaget."}, help_text="Till exempel 03.12."
    )
    decided_on = DateField(label="Nämnden beslutade att ansöka den", required=False)

    def __init__(self, *args: Any, today: date, asks_decision: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("reached_on", "decided_on"):
            cast(DateField, self.fields[name]).not_after = today
        if not asks_decision:
            del self.fields["decided_on"]

    def reached_at(self) -> datetime:
        """The moment it came in, in Sweden."""
        return datetime.combine(self.cleaned_data["reached_on"], self.cleaned_data["reached_time"], SWEDEN)


class TakeForm(forms.Form):
    """What is left to write before the step can be taken on a proof."""

    decided_on = DateField(
        label="Nämnden beslutade att ansöka den", error_messages={"required": "Skriv vilken dag."}
    )


class ReportForm(forms.Form):
    """The meeting at which a decision was reported."""

    meeting_on = DateField(
        label="Anmält vid sammanträdet den", error_messages={"required": "Skriv vilken dag."}
    )


class HearingForm(forms.Form):
    """When and where the court meets."""

    on = DateField(label="Dag", error_messages={"required": "Skriv vilken dag."})
    at = ClockTime(label="Klockan", error_messages={"required": "Skriv klockslaget."})
    place = forms.CharField(label="Plats", max_length=160, error_messages={"required": "Skriv var."})
    court_case_number = forms.CharField(label="Målnummer", max_length=80, required=False)

    def starts_at(self) -> datetime:
        """The moment, in Sweden."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"], SWEDEN)


class OpenForm(forms.Form):
    """What the case is about, and when it came in."""

    process_code = forms.ChoiceField(
        label="Ärendet gäller", error_messages={"required": "Välj vad ärendet gäller."}
    )
    received_on = DateField(label="Kom in den", error_messages={"required": "Skriv vilken dag."})

    def __init__(self, processes: Sequence[Process], today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = cast(forms.ChoiceField, self.fields["process_code"])
        found.choices = [CHOOSE, *((process.code, process.label) for process in processes)]
        cast(DateField, self.fields["received_on"]).not_after = today


class StepForm(forms.Form):
    """The facts of a step, as the process asks for them."""

    def __init__(self, process: Process, form: str, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for item in process.form(form).fields():
            self.fields[item.fact.name] = _field(item.fact, item.required, today)

    def answers(self) -> dict[str, Any]:
        """What was answered."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def _field(fact: FactSpec, required: bool, today: date) -> forms.Field:
    """The form field of a fact of a kind that such a step asks for."""
    common: dict[str, Any] = {
        "label": str(fact.label),
        "help_text": str(fact.help or ""),
        "required": required,
        "error_messages": {"required": "Fyll i uppgiften."},
    }
    if fact.type == "date":
        return DateField(not_after=today, **common)
    if fact.type == "yes_no":
        return forms.ChoiceField(choices=[("yes", "Ja"), ("no", "Nej")], widget=forms.RadioSelect, **common)
    if fact.type == "choice":
        options = [(row.code, str(row.label)) for row in fact.options()]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
    if fact.type == "text":
        return forms.CharField(max_length=160, **common)
    return forms.CharField(widget=forms.Textarea({"rows": 5}), **common)
