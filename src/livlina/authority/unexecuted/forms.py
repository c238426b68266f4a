"""The room's one form."""

from django import forms

from livlina.authority.unexecuted.models import ANSWERS, CAUSES
from livlina.core.ui.forms import DateField


class ReasonForm(forms.Form):
    """Why it is not carried out, and what was offered."""

    cause = forms.ChoiceField(
        label="Varför är beslutet inte verkställt?",
        choices=CAUSES,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj ett skäl."},
    )
    text = forms.CharField(
        label="Skälet i korthet",
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text="Läses av IVO och revisorerna. Skriv inget namn och inte mer än vad som behövs.",
        error_messages={"required": "Skriv skälet i korthet."},
    )
    offered_on = DateField(label="När fick den enskilde ett erbjudande?", required=False)
    answer = forms.ChoiceField(
        label="Vad svarade den enskilde?", choices=ANSWERS, widget=forms.RadioSelect, required=False
    )

    def clean(self) -> dict[str, object]:
        """A declined offer was made some day."""
        said = super().clean() or {}
        if said.get("cause") == "declined" and not said.get("offered_on"):
            self.add_error("offered_on", "Skriv vilken dag erbjudandet lämnades.")
        return said
