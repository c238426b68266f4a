"""Forms about visits, rosters and what comes again."""

from datetime import time
from typing import Any

from django import forms

from livlina.core.models import Assignment
from livlina.core.ui.forms import DateField
from livlina.provider.homecare import wording
from livlina.provider.homecare.forms import WEEKDAYS
from livlina.provider.homecare.models.words import NURSING_TASKS, SKILLS, TRAVEL

CLOCKS = ["%H:%M", "%H.%M", "%H%M"]


class TimeField(forms.TimeField):
    """A time of day, written 7:30, 07.30 or 0730."""

    def __init__(self, **options: Any) -> None:
        words = {"required": "Skriv ett klockslag.", "invalid": "Skriv klockslaget som 07:30."}
        widget = forms.TimeInput({"inputmode": "numeric", "size": "6", "class": "lv-nums"}, format="%H:%M")
        super().__init__(input_formats=CLOCKS, widget=widget, error_messages=words, **options)

    def to_python(self, value: Any) -> time | None:
        """The time. A lone hour is the hour: 7 is 07:00."""
        text = str(value).strip() if isinstance(value, str) else value
        return super().to_python(
            f"{text}:00" if isinstance(text, str) and text.isdigit() and len(text) < 3 else text
        )


def names(carers: list[Assignment]) -> list[tuple[str, str]]:
    """Return carers as a form's choices."""
    return [(str(one.pk), f"{one.user.name}, {one.title.lower()}") for one in carers]


class MoveForm(forms.Form):
    """When a visit is to be instead, and why."""

    day = DateField(label="Dag")
    at = TimeField(label="Klockslag")
    reason = forms.ChoiceField(label="Varför?", choices=wording.choices(wording.MOVED), initial="replan")


class CarerForm(forms.Form):
    """One of the unit's carers."""

    carer = forms.ChoiceField(label="Vem?")

    def __init__(self, *args: Any, carers: list[Assignment], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["carer"].choices = names(carers)  # type: ignore[attr-defined]


class CameForm(forms.Form):
    """When somebody came, or left."""

    at = TimeField(label="Klockslag")
    text = forms.CharField(label="Något att skriva?", required=False, max_length=400)


class NothingForm(forms.Form):
    """Why a visit was not made, and what is done instead."""

    reason = forms.ChoiceField(label="Varför?", choices=wording.choices(wording.MISSED))
    follow_up = forms.CharField(
        label="Vad gör vi i stället?",
        max_length=400,
        error_messages={"required": "Skriv vad som görs i stället."},
    )


class NotHomeForm(NothingForm):
    """Why nobody opened, as far as one knows."""

    reason = forms.ChoiceField(label="Vad vet du?", choices=wording.choices(wording.NOT_HOME))


class CancelForm(forms.Form):
    """Why a visit is cancelled."""

    reason = forms.ChoiceField(label="Varför?", choices=wording.choices(wording.CANCELLED))


class ApproveForm(forms.Form):
    """The minutes that are approved."""

    minutes = forms.IntegerField(label="Godkända minuter", min_value=0, max_value=2880)


class ExtraForm(forms.Form):
    """A visit besides the plan."""

    person = forms.ChoiceField(label="Hos vem?")
    day = DateField(label="Dag")
    at = TimeField(label="Klockslag")
    minutes = forms.IntegerField(label="Minuter", min_value=1, max_value=720, initial=30)
    reason = forms.ChoiceField(label="Varför?", choices=wording.choices(wording.EXTRA))

    def __init__(self, *args: Any, persons: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = persons  # type: ignore[attr-defined]


class ShiftForm(CarerForm):
    """A shift. Ends it before it begins, it ends the next day."""

    day = DateField(label="Dag")
    starts = TimeField(label="Börjar", initial=time(7))
    ends = TimeField(label="Slutar", initial=time(16))
    break_from = TimeField(label="Rast från", required=False)
    break_to = TimeField(label="Rast till", required=False)
    area = forms.CharField(label="Område", required=False, max_length=80)
    travel = forms.ChoiceField(label="Färdsätt", choices=TRAVEL, initial="bicycle")


class SeriesForm(forms.Form):
    """A visit that comes again."""

    title = forms.CharField(
        label="Vad?", max_length=120, error_messages={"required": "Skriv vad besöket är."}
    )
    at = TimeField(label="Klockslag")
    minutes = forms.IntegerField(label="Minuter", min_value=1, max_value=720)
    weekdays = forms.TypedMultipleChoiceField(
        label="Vilka dagar?", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj minst en dag."},
    )  # fmt: skip
    every_weeks = forms.IntegerField(
        label="Hur ofta? 1 = varje vecka, 2 = varannan", min_value=1, max_value=8, initial=1
    )
    window = forms.IntegerField(label="Får flyttas så många minuter", min_value=0, max_value=240, initial=30)
    carers_needed = forms.IntegerField(label="Antal i personalen", min_value=1, max_value=4, initial=1)
    first_on = DateField(label="Från och med")
    preferred = forms.MultipleChoiceField(
        label="Helst av", required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.MultipleChoiceField(
        label="Kräver kompetens",
        required=False,
        choices=list(SKILLS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    delegations = forms.MultipleChoiceField(
        label="Kräver delegering", required=False, choices=list(NURSING_TASKS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    task_ids = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, carers: list[Assignment], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["preferred"].choices = names(carers)  # type: ignore[attr-defined]
