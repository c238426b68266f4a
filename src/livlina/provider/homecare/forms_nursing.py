"""Forms of home nursing."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from livlina.core.clock import SWEDEN, day_of, local
from livlina.core.ui.forms import DateField
from livlina.provider.homecare.forms import WEEKDAYS
from livlina.provider.homecare.models.words import COUNTS, NURSING_TASKS

TASKS = list(NURSING_TASKS.items())
_TIME = re.compile(r"([01]?\d|2[0-3])[.:]?([0-5]\d)", re.ASCII)


ASKED = "Skriv klockslaget med timmar och minuter, till exempel 08:00."


def time_of(text: str) -> time:
    """Read a time of day as people write it: 8:00, 08.00, 0800. Raises ValidationError."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise forms.ValidationError(ASKED)
    return time(int(found[1]), int(found[2]))


class OrderForm(forms.Form):
    """What a nurse orders."""

    task = forms.ChoiceField(label="Vilken sorts uppgift?", choices=TASKS)
    what = forms.CharField(
        label="Vad?", help_text="Läkemedel och styrka, eller vad som görs.", max_length=200,
        error_messages={"required": "Skriv vad som ska ges eller göras."},
    )  # fmt: skip
    amount = forms.CharField(
        label="Mängd varje gång", help_text="Börja med antalet: 1 tablett, 0,5 ml.", required=False, max_length=60
    )  # fmt: skip
    how = forms.CharField(label="Hur?", required=False, widget=forms.Textarea({"rows": 3}))
    times = forms.CharField(
        label="Klockslag", help_text="Med komma emellan: 08:00, 20:00.", required=False, max_length=120
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Vilka dagar?", help_text="Inget valt betyder alla dagar.", choices=WEEKDAYS, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    window = forms.IntegerField(
        label="Minuter före och efter som är i tid", initial=60, min_value=1, max_value=240
    )
    as_needed = forms.BooleanField(label="Vid behov", required=False)
    most_per_day = forms.IntegerField(
        label="Högst antal gånger per dygn", help_text="Fyll i när det är vid behov.", required=False, min_value=1,
        max_value=24,
    )  # fmt: skip
    narcotic = forms.BooleanField(label="Narkotika: saldo räknas", required=False)
    delegated = forms.BooleanField(label="Får utföras på delegering", required=False, initial=True)
    first_on = DateField(label="Från och med")
    last_on = DateField(label="Till och med", required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["first_on"].not_before = today  # type: ignore[attr-defined]
        self.fields["first_on"].initial = today

    def clean_times(self) -> list[time]:
        """Read each time of day."""
        return [time_of(part) for part in self.cleaned_data["times"].split(",") if part.strip()]


class EndForm(forms.Form):
    """Why an order ends."""

    reason = forms.CharField(
        label="Varför avslutas ordinationen?",
        max_length=200,
        error_messages={"required": "Skriv varför ordinationen avslutas."},
    )


class PauseForm(forms.Form):
    """Why an order rests."""

    reason = forms.CharField(
        label="Varför pausas ordinationen?", help_text="Till exempel: inlagd på sjukhus.", max_length=200,
        error_messages={"required": "Skriv varför ordinationen pausas."},
    )  # fmt: skip


class _Moment(forms.Form):
    """When it happened, by the clock on the wall."""

    day = DateField(label="Vilken dag?")
    time = forms.TimeField(
        label="Klockan", input_formats=["%H:%M", "%H.%M", "%H%M"], widget=forms.TextInput({"size": "6"}),
        error_messages={"required": ASKED, "invalid": ASKED},
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        shown = local(options.pop("at", None) or now)
        options["initial"] = {"day": shown.date(), "time": f"{shown:%H:%M}"} | options.get("initial", {})
        super().__init__(*args, **options)
        self.fields["day"].not_after = day_of(now)  # type: ignore[attr-defined]

    @property
    def moment(self) -> datetime:
        """The moment that was written."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], SWEDEN)


OUTCOMES = [("given", "Given"), ("not_given", "Inte given")]


class SignForm(_Moment):
    """Signing by hand. `again` is asked for when it would be given once too often."""

    outcome = forms.ChoiceField(
        label="Hur blev det?", choices=OUTCOMES, widget=forms.RadioSelect, initial="given",
        error_messages={"required": "Välj om dosen gavs eller inte."},
    )  # fmt: skip
    amount = forms.CharField(label="Mängd", required=False, max_length=60)
    reason = forms.CharField(
        label="Varför inte?", help_text="Fyll i när dosen inte gavs.", required=False, max_length=200
    )
    effect = forms.CharField(label="Effekt", required=False, max_length=200)
    witness = forms.CharField(label="Kontrollerat tillsammans med", required=False, max_length=160)
    again = forms.BooleanField(label="Ja, jag har gett det en gång till", required=False)
    field_order = ("outcome", "day", "time", "amount", "reason", "effect", "witness", "again")

    def __init__(self, *args: Any, ask_again: bool, narcotic: bool, as_needed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ask_again = ask_again
        for name, kept in (("again", ask_again), ("witness", narcotic), ("effect", as_needed)):
            if not kept:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask why not, or whether it really was given again."""
        said = super().clean() or self.cleaned_data
        if said.get("outcome") == "not_given" and not said.get("reason"):
            self.add_error("reason", "Skriv varför dosen inte gavs.")
        if said.get("outcome") == "given" and self.ask_again and not said.get("again"):
            self.add_error("again", "Kryssa i rutan om du verkligen har gett det en gång till.")
        return said


class CorrectForm(_Moment):
    """What should have been signed."""

    outcome = forms.ChoiceField(label="Vad är rätt?", choices=OUTCOMES, widget=forms.RadioSelect)
    amount = forms.CharField(label="Mängd", required=False, max_length=60)
    reason = forms.CharField(
        label="Vad blev fel?", max_length=200, error_messages={"required": "Skriv vad som blev fel."}
    )
    field_order = ("outcome", "day", "time", "amount", "reason")


class CountForm(forms.Form):
    """What came, was counted or was thrown away."""

    kind = forms.ChoiceField(label="Vad gjordes?", choices=COUNTS)
    quantity = forms.DecimalField(label="Antal", min_value=0, max_digits=8, decimal_places=2, localize=True)
    witness = forms.CharField(
        label="Kontrollerat tillsammans med", max_length=160,
        error_messages={"required": "Två ska signera. Skriv namnet på den som kontrollerade tillsammans med dig."},
    )  # fmt: skip
    text = forms.CharField(label="Kommentar", required=False, max_length=200)


class GiveForm(forms.Form):
    """A delegation, or several at once to the same carer."""

    carer = forms.ChoiceField(label="Till vem?")
    tasks = forms.MultipleChoiceField(
        label="Vilka uppgifter?", choices=TASKS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj minst en uppgift."},
    )  # fmt: skip
    person = forms.ChoiceField(label="För vem?", required=False)
    valid_from = DateField(label="Från och med")
    valid_to = DateField(label="Till och med")
    tested = forms.CharField(
        label="Hur har kunskapen prövats?", max_length=200,
        error_messages={"required": "Skriv hur kunskapen har prövats."},
    )  # fmt: skip

    def __init__(
        self, *args: Any, today: date, carers: list[tuple[str, str]], persons: list[tuple[str, str]], **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["carer"].choices = [("", "Välj"), *carers]  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "Alla vid enheten"), *persons]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial, self.fields["valid_to"].initial = (
            today,
            today + timedelta(days=364),
        )
        self.fields["valid_from"].not_before = today  # type: ignore[attr-defined]


class RenewForm(forms.Form):
    """Until when, and how knowledge was tried this time."""

    valid_to = DateField(label="Till och med")
    tested = forms.CharField(
        label="Hur har kunskapen prövats?", max_length=200,
        error_messages={"required": "Skriv hur kunskapen har prövats."},
    )  # fmt: skip


class RevokeForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Varför återkallas delegeringen?",
        max_length=200,
        error_messages={"required": "Skriv varför delegeringen återkallas."},
    )
