"""The room's forms."""

from datetime import datetime, time
from typing import Any

from django import forms

from livlina.across.quality.models import JUDGEMENTS, TRACKS
from livlina.core.clock import SWEDEN, today
from livlina.core.ui.forms import DateField


class DeviationForm(forms.Form):
    """Two taps and a sentence: the rest can be said later."""

    what = forms.CharField(
        label="Vad hände?",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv vad som hände."},
    )
    day = DateField(label="Vilken dag?", initial=lambda: today().isoformat())
    clock = forms.TimeField(
        label="Klockslag",
        required=False,
        help_text="Till exempel 14.30",
        input_formats=["%H.%M", "%H:%M", "%H%M"],
    )
    track = forms.ChoiceField(
        label="Vad rör det?", choices=TRACKS, widget=forms.RadioSelect, initial="social"
    )
    measure = forms.CharField(
        label="Vad gjorde du genast?", widget=forms.Textarea({"rows": 2}), required=False
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean(self) -> dict:
        """Join day and time of day to the Swedish moment `happened_at`, no later than now."""
        cleaned = super().clean() or {}
        if cleaned.get("day"):
            moment = datetime.combine(cleaned["day"], cleaned.get("clock") or time(0, 0), SWEDEN)
            if moment > self.now:
                self.add_error("day", "Tidpunkten ligger i framtiden. Skriv när det hände.")
            cleaned["happened_at"] = moment
        return cleaned


class StepForm(forms.Form):
    """What a manager says about a report."""

    step = forms.ChoiceField(
        label="Vad gör du?",
        choices=[("judge", "Bedömer"), ("measure", "Antecknar en åtgärd"), ("close", "Avslutar")],
        widget=forms.RadioSelect,
        initial="judge",
    )
    judgement = forms.ChoiceField(
        label="Bedömning", choices=[("", "Ingen ny bedömning"), *JUDGEMENTS], required=False
    )
    text = forms.CharField(
        label="Motivering",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv en motivering."},
    )

    def clean(self) -> dict:
        """A judgement says what the event is."""
        cleaned = super().clean() or {}
        if cleaned.get("step") == "judge" and not cleaned.get("judgement"):
            self.add_error("judgement", "Välj en bedömning.")
        return cleaned
