"""The room's forms."""

from datetime import date

from django import forms

from livlina.core.ui.forms import DateField
from livlina.provider.homecare.models import OUTCOMES, TIMES

WEEKDAYS = [(1, "må"), (2, "ti"), (3, "on"), (4, "to"), (5, "fr"), (6, "lö"), (7, "sö")]


class PlanForm(forms.Form):
    """What the plan says as a whole."""

    goal = forms.CharField(
        label="Mål",
        help_text="Vad ska insatsen leda till, med den enskildes egna ord om det går?",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Skriv målet med insatsen."},
    )
    participation = forms.CharField(
        label="Den enskildes delaktighet",
        help_text="Hur deltog den enskilde i planeringen? Vilka fler var med?",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Skriv hur den enskilde har deltagit, eller varför det inte gick."},
    )
    wishes = forms.CharField(label="Önskemål", widget=forms.Textarea({"rows": 2}), required=False)
    follow_up_on = DateField(label="Följs upp senast")

    def __init__(self, *args: object, today: date, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["follow_up_on"].not_before = today  # type: ignore[attr-defined]


class TaskForm(forms.Form):
    """One thing to be done. An empty row is left out."""

    what = forms.CharField(label="Vad ska göras?", required=False, max_length=200)
    how = forms.CharField(label="Hur?", required=False, widget=forms.Textarea({"rows": 2}))
    times = forms.MultipleChoiceField(
        label="När på dagen?", choices=TIMES, required=False, widget=forms.CheckboxSelectMultiple
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Vilka dagar?",
        help_text="Inget valt betyder alla dagar.",
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.IntegerField(label="Minuter per gång", required=False, min_value=1, max_value=600)
    double_staffing = forms.BooleanField(label="Två i personalen samtidigt", required=False)
    life_area = forms.CharField(required=False, widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """A follow-up of the plan."""

    outcome = forms.ChoiceField(label="Vad blev resultatet?", choices=OUTCOMES, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Vad kom fram?",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Skriv vad som kom fram vid uppföljningen."},
    )
    next_on = DateField(label="Nästa uppföljning")
