"""Forms about phones and what could not be taken in from them."""

from django import forms

SETTLE = [
    ("take", "Ta in den ändå, som den är"),
    ("note", "Behåll texten som en anteckning av den som skrev"),
    ("dismiss", "Lägg den åt sidan"),
]


class EndPhoneForm(forms.Form):
    """Why a phone is ended."""

    reason = forms.CharField(
        label="Varför spärras telefonen?",
        help_text="Till exempel att den är borttappad, och när den sågs senast.",
        max_length=200,
        error_messages={"required": "Skriv varför telefonen spärras. Skälet sparas."},
    )


class SettleForm(forms.Form):
    """What becomes of an event, and why."""

    how = forms.ChoiceField(
        label="Vad ska hända med den?",
        choices=SETTLE,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad som ska hända."},
    )
    reason = forms.CharField(
        label="Varför?",
        max_length=260,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Skriv varför. Skälet sparas."},
    )
