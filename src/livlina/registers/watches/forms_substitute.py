"""Who is away, who stands in, and between which days."""

from datetime import date
from typing import Any

from django import forms

from livlina.core.models import User
from livlina.core.ui.forms import DateField


class SubstituteForm(forms.Form):
    """A manager chooses who is away; others appoint for themselves."""

    absent = forms.TypedChoiceField(label="Vem är borta?")
    substitute = forms.TypedChoiceField(label="Vem ersätter?", error_messages={"required": "Välj vem som ersätter."})
    first = DateField(label="Från och med")
    last = DateField(label="Till och med", error_messages={"required": "Skriv sista dagen. Ersättningen upphör då av sig själv."})

    def __init__(self, colleagues: list[User], own: int | None, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = {str(one.pk): one for one in colleagues}
        choices = [("", "Välj …"), *((key, one.name) for key, one in people.items())]
        for name in ("absent", "substitute"):
            field: Any = self.fields[name]
            field.choices, field.coerce = choices, people.get
        for name in ("first", "last"):
            day: Any = self.fields[name]
            day.not_before, day.why_before = today, "en ersättare utses inte i efterhand"
        if own is not None:
            absent: Any = self.fields["absent"]
            absent.widget, absent.initial = forms.HiddenInput(), str(own)
            self.fields["substitute"].choices = [pair for pair in choices if pair[0] != str(own)]  # type: ignore[attr-defined]
