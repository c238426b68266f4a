"""What staff write about an alarm, and about who is on call."""

from datetime import date
from typing import Any, cast

from django import forms

from livlina.core.ui.forms import DateField
from livlina.provider.alarms.models.words import CHANNELS, OUTCOMES
from livlina.provider.alarms.webpush import Device, NotADevice

STEPS = [
    (0, "Tar larmen först"),
    (1, "Kallas när ingen har tagit emot på 30 sekunder"),
    (2, "Kallas när ingen har tagit emot på 60 sekunder"),
]


HOURS = ["%H:%M", "%H.%M"]
SHORT = forms.TimeInput({"size": "6"})


class NoteForm(forms.Form):
    """A line to what has happened."""

    text = forms.CharField(
        label="Anteckning",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Skriv vad du vill anteckna."},
    )


class CloseForm(forms.Form):
    """How it went. What is written becomes an entry in the journal."""

    outcome = forms.ChoiceField(
        label="Hur gick det?",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj hur det gick."},
    )
    text = forms.CharField(
        label="Vad hände?",
        help_text="Blir en anteckning i personens journal.",
        max_length=4_000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Skriv kort vad som hände."},
    )


class OfferForm(forms.Form):
    """Who is asked to take the alarm over."""

    colleague = forms.TypedChoiceField(
        label="Kollega", coerce=int, error_messages={"required": "Välj en kollega."}
    )

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["colleague"]).choices = [("", "Välj"), *colleagues]


class TieForm(forms.Form):
    """Which unit an unknown alarm came from."""

    number = forms.CharField(
        label="Larmenhetens nummer",
        max_length=16,
        error_messages={"required": "Skriv numret som står på larmenheten."},
    )


class ReceiverForm(forms.Form):
    """A receiver to trust. The same code once more gives it a new key."""

    code = forms.RegexField(
        r"^[a-z0-9-]{1,20}$",
        label="Kod",
        help_text="Samma som i mottagarens inställningar, till exempel a.",
        error_messages={
            "required": "Skriv mottagarens kod.",
            "invalid": "Skriv koden med små bokstäver, siffror och bindestreck.",
        },
    )
    name = forms.CharField(
        label="Namn",
        max_length=80,
        help_text="Så att den som sitter vid larmen vet var den står.",
        error_messages={"required": "Skriv vad mottagaren kallas."},
    )


class SwitchboardForm(forms.Form):
    """A telephone exchange to listen to. The same name once more gives it a new key."""

    name = forms.CharField(
        label="Vad växeln kallas",
        max_length=80,
        help_text="Står i larmets händelser när ett samtal har kommit, till exempel Larmväxeln.",
        error_messages={"required": "Skriv vad växeln kallas."},
    )


class OnCallForm(forms.Form):
    """Somebody on call, from a moment to a moment."""

    assignment = forms.ChoiceField(label="Vem?", error_messages={"required": "Välj vem som har jouren."})
    step = forms.TypedChoiceField(
        label="När kallas personen?", choices=STEPS, coerce=int, widget=forms.RadioSelect
    )
    day = DateField(label="Från och med dag")
    begins = forms.TimeField(label="Börjar kl.", initial="16.00", input_formats=HOURS, widget=SHORT)
    until_day = DateField(label="Till och med dag")
    ends = forms.TimeField(label="Slutar kl.", initial="07.00", input_formats=HOURS, widget=SHORT)
    area = forms.CharField(
        label="Område", required=False, max_length=80, help_text="Lämna tomt för hela teamet."
    )
    skill = forms.ChoiceField(
        label="Särskild kompetens",
        required=False,
        choices=[("", "Ingen"), ("fall", "Lyft efter fall"), ("fire", "Brand")],
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["assignment"]).choices = [("", "Välj"), *people]
        for name in ("day", "until_day"):
            cast(DateField, self.fields[name]).not_before = today


class DeviceForm(forms.Form):
    """A browser that takes notices: what it says of itself, `endpoint key secret`."""

    address = forms.CharField(max_length=500, widget=forms.HiddenInput)

    def clean_address(self) -> str:
        """Refuse whatever is no subscription to a push server that we know."""
        said: str = self.cleaned_data["address"]
        try:
            Device.of(said)
        except NotADevice:
            raise forms.ValidationError("Webbläsaren kunde inte ta emot notiser.") from None
        return said


class ChannelForm(forms.Form):
    """How one is reached when on call."""

    kind = forms.ChoiceField(label="Sätt", choices=[row for row in CHANNELS if row[0] != "push"])
    address = forms.RegexField(
        r"^\+?[0-9][0-9 -]{5,18}$",
        label="Telefonnummer",
        max_length=20,
        error_messages={
            "required": "Skriv ditt telefonnummer.",
            "invalid": "Skriv numret med siffror, till exempel 070-123 45 67.",
        },
    )
