"""What people write on a call round."""

from typing import Any

from django import forms


class OpenForm(forms.Form):
    """A round opened by hand: about whom, and why."""

    whom = forms.ChoiceField(
        label="Vilka gäller det?", widget=forms.RadioSelect, error_messages={"required": "Välj vilka det gäller."}
    )  # fmt: skip
    reason = forms.CharField(
        label="Varför öppnas ringrundan?", max_length=300, widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Skriv varför ringrundan öppnas."},
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """The signed line to the next shift."""

    note = forms.CharField(
        label="Till nästa skift", max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="Raden får ditt namn och klockslaget.",
        error_messages={"required": "Skriv vad nästa skift behöver veta."},
    )  # fmt: skip
