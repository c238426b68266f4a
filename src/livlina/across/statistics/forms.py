"""The room's forms."""

from typing import Any

from django import forms

from livlina.across.statistics.periods import Period


class PeriodForm(forms.Form):
    """Which period the file is made for."""

    period = forms.ChoiceField(label="Period", error_messages={"required": "Välj en period."})

    def __init__(self, *args: Any, periods: list[Period], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["period"].choices = [(str(one), one.words.capitalize()) for one in periods]  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """That the file may be sent."""

    without_held = forms.BooleanField(label="Skicka utan raderna som hålls inne", required=False)


class SentForm(forms.Form):
    """What became of a file that was put in the receiver's e-service."""

    how = forms.ChoiceField(
        label="Vad svarade mottagaren?",
        choices=[
            ("arrived", "Filen är mottagen"),
            ("unknown", "Inget svar: vi vet inte om filen kom fram"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad mottagaren svarade."},
    )
    receipt = forms.CharField(
        label="Kvittots nummer eller svaret",
        max_length=300,
        required=False,
        help_text="Behövs när filen är mottagen.",
    )


class SettleForm(forms.Form):
    """What the receiver said afterwards about a file nobody knew of."""

    how = forms.ChoiceField(
        label="Vad säger mottagaren?",
        choices=[("arrived", "Filen har kommit fram"), ("failed", "Filen har inte kommit fram")],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad mottagaren säger."},
    )
    words = forms.CharField(
        label="Kvittots nummer, eller vem som svarade och när",
        max_length=300,
        error_messages={"required": "Skriv kvittots nummer, eller vem som svarade och när."},
    )
