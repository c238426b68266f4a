"""Handing over a desk: to whom, from when and why; then who gets which case."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from livlina.core.models import User
from livlina.core.ui.forms import DateField


class HandOverForm(forms.Form):
    """To one, or to several who share it."""

    to = forms.TypedMultipleChoiceField(
        label="Vem eller vilka tar över?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Välj flera för att dela. En persons ärenden hålls ihop hos samma handläggare.",
        error_messages={"required": "Välj minst en som tar över."},
    )
    from_day = DateField(label="Från och med", error_messages={"required": "Skriv från vilken dag."})
    reason = forms.CharField(
        label="Skäl",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Skälet sparas vid varje ärende. Skriv inget om medarbetarens hälsa.",
        error_messages={"required": "Skriv varför skrivbordet lämnas över."},
    )

    def __init__(self, colleagues: Sequence[User], today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        to: Any = self.fields["to"]
        to.choices = [(user.pk, user.name) for user in colleagues]
        day: Any = self.fields["from_day"]
        day.not_before, day.why_before = today, "det som har varit flyttas inte"
