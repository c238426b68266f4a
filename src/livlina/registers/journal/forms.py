"""What people fill in. A time is written as one says it; the server has the last word."""

import re
from datetime import datetime, time
from typing import Any

from django import forms

from livlina.core.clock import SWEDEN, local, today
from livlina.core.ids import IdentityNumberField
from livlina.core.ui.forms import DateField, OnceMixin
from livlina.registers.journal.codes import HEALTH, LIFE_AREAS, CorrectionKind, Kind, Law, Precision
from livlina.registers.journal.models import File, Note

CLOCK = re.compile(r"(\d{1,2})\s?[:.]?\s?(\d{2})")
DAY_HELP = "Skriv så här: 2026-11-25. Det går också bra med 20261125 eller 25/11."
CLOCK_HELP = "Skriv så här: 14:30. Lämna tomt om du bara vet vilken dag."


class ClockField(forms.Field):
    """A time of day written `14:30`, `14.30`, `1430` or `9:05`."""

    def to_python(self, value: Any) -> time | None:
        """The time, or None when the field is empty. Raises ValidationError with a sentence."""
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        match = CLOCK.fullmatch(str(value).strip())
        try:
            if match is None:
                raise ValueError
            return time(int(match[1]), int(match[2]))
        except ValueError:
            raise forms.ValidationError("Skriv klockslaget så här: 14:30.", code="invalid") from None


class When(forms.Form):
    """When it happened: a day, and a time of day if it is known."""

    day = DateField(label="Vilken dag hände det?", help_text=DAY_HELP)
    clock = ClockField(label="Klockslag", required=False, help_text=CLOCK_HELP)

    def moment(self) -> tuple[datetime, str]:
        """Return the aware moment and its precision; a day without time is its beginning in Sweden."""
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        precision = Precision.DAY if clock is None else Precision.MINUTE
        return datetime.combine(day, clock or time(), SWEDEN), precision


class NoteForm(When, OnceMixin, forms.Form):
    """A note. Its hidden key is the note's own: the same form sent twice is the same note."""

    text = forms.CharField(
        label="Anteckning",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Skriv anteckningen."},
    )
    kind = forms.ChoiceField(
        label="Vad var det?",
        choices=[("", "Välj"), *Kind.choices],
        error_messages={"required": "Välj vad anteckningen gäller."},
    )
    source_person = forms.CharField(
        label="Vem lämnade uppgiften?", required=False, max_length=160, help_text="Till exempel dottern Anna."
    )
    law = forms.ChoiceField(label="Lagrum")
    life_areas = forms.MultipleChoiceField(
        label="Livsområden",
        choices=list(LIFE_AREAS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    late_reason = forms.CharField(
        label="Varför antecknas det först nu?",
        required=False,
        max_length=400,
        help_text="Behövs när det hände för mer än 30 dagar sedan, eller när akten är avslutad.",
    )
    field_order = ("text", "day", "clock", "kind", "source_person", "late_reason", "law", "life_areas")

    def __init__(self, *args: Any, health: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        laws = [Law.HSL] if health else [law for law in Law if law != Law.HSL]
        self.fields["law"].choices = [(law.value, f"{law.label} ({law.value})") for law in laws]  # type: ignore[attr-defined]
        if health:
            del self.fields["life_areas"]

    @classmethod
    def start(cls, file: File, fields: dict[str, Any], text: str) -> "NoteForm":
        """Return the form as it is shown at first, or with the draft's own text and fields."""
        initial = {"day": today().isoformat(), "law": file.law, **fields, "text": text}
        initial.pop("submission_key", None)  # a page has a key of its own, or two notes would be one
        return cls(initial=initial, health=file.compartment == HEALTH)


class CorrectionForm(When, OnceMixin, forms.Form):
    """A correction of one of the five kinds anyone at the unit may make."""

    KINDS = [choice for choice in CorrectionKind.choices if choice[0] != CorrectionKind.WRONG_PERSON]

    kind = forms.ChoiceField(
        label="Vad ska rättas?",
        choices=KINDS,
        widget=forms.RadioSelect,
        help_text="Hör anteckningen till en annan person? Då flyttas den av enhetschefen eller supporten. "
        "Uppge anteckningens nummer.",
        error_messages={"required": "Välj vad som ska rättas."},
    )
    reason = forms.CharField(
        label="Skäl till rättelsen",
        max_length=400,
        error_messages={"required": "Skriv varför anteckningen rättas."},
    )
    text = forms.CharField(
        label="Rätt text eller komplettering",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Blir en ny anteckning. Den gamla står kvar.",
    )
    law = forms.ChoiceField(label="Rätt lagrum", required=False)
    original = forms.ChoiceField(label="Dubblett av", required=False)
    field_order = ("kind", "reason", "text", "day", "clock", "law", "original")

    def __init__(self, *args: Any, note: Note, earlier: list[Note], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].required = False
        self.fields["day"].label = "Rätt dag"
        laws = [] if note.compartment == HEALTH else [law for law in Law if law != Law.HSL]
        self._choose("law", [(law.value, f"{law.label} ({law.value})") for law in laws])
        self._choose("original", [(str(row.pk), _line(row)) for row in earlier])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "Välj"), *choices]  # type: ignore[attr-defined]


def _line(note: Note) -> str:
    return f"{local(note.placed_at):%Y-%m-%d %H:%M}, {note.author_name}: {note.text[:60]}"


class MoveForm(OnceMixin, forms.Form):
    """Where a note on the wrong person belongs."""

    number = IdentityNumberField(label="Rätt persons personnummer")
    reason = forms.CharField(
        label="Skäl till flytten",
        max_length=400,
        help_text="Skriv inte den andra personens namn.",
        error_messages={"required": "Skriv varför anteckningen flyttas."},
    )


class DissentForm(OnceMixin, forms.Form):
    """What the person holds to be wrong."""

    said_by = forms.CharField(
        label="Vem säger det?", max_length=160, error_messages={"required": "Skriv vem som säger det."}
    )
    text = forms.CharField(
        label="Den enskildes uppfattning",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Anteckningen ändras inte. Uppfattningen visas tillsammans med den.",
        error_messages={"required": "Skriv vad som uppfattas som fel."},
    )


class ReasonForm(forms.Form):
    """Why someone reads what they have no relation to."""

    reason = forms.CharField(
        label="Varför behöver du läsa?",
        max_length=400,
        help_text="Din läsning och skälet granskas i efterhand av en chef.",
        error_messages={"required": "Skriv varför du behöver läsa."},
    )
