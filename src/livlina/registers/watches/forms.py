"""What people write about a watch."""

from datetime import date, datetime, time
from typing import Any, cast
from uuid import UUID

from django import forms

from livlina.core import clock
from livlina.core.models import User
from livlina.core.ui.forms import DateField
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import Watch
from livlina.registers.watches.queries import Place


class Reason(forms.CharField):
    """A short reason that is kept."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label=label,
            min_length=3,
            max_length=200,
            error_messages={"required": "Skriv varför.", "min_length": "Skriv varför med några ord."},
            **options,
        )


class SnoozeForm(forms.Form):
    """Until which day, and why."""

    until = DateField(label="Skjut upp till", error_messages={"required": "Skriv till vilken dag."})
    reason = Reason(
        "Varför kan det vänta?", help_text="Skälet sparas och syns för chefen. Skriv inget om hälsa."
    )

    def __init__(self, *args: Any, watch: Watch, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        until = cast(DateField, self.fields["until"])
        until.not_before = clock.day_of(now)
        if watch.kind.danger:
            until.not_after = clock.day_of(watch.due_at)
            until.why_after = "bevakningen gäller fara och får inte vänta längre"

    def moment(self, watch: Watch) -> datetime:
        """The morning of the chosen day, or the due moment if that is sooner and the watch is dangerous."""
        morning = datetime.combine(self.cleaned_data["until"], time(7), clock.SWEDEN)
        return min(morning, watch.due_at) if watch.kind.danger else morning


class IgnoreForm(forms.Form):
    """Why this is nothing for me."""

    reason = Reason(
        "Varför är det inget för dig?", help_text="Svaren räknas, så att onödiga bevakningar kan tas bort."
    )


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label="Lämna över till", error_messages={"required": "Välj vem som ska ta över."})
    reason = Reason("Varför?")

    def __init__(self, *args: Any, places: list[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Välj"), *((place.value, place.label) for place in places)]
        cast(forms.ChoiceField, self.fields["to"]).choices = choices

    def owner(self) -> Owner:
        """Whoever was chosen."""
        unit, role, user = self.cleaned_data["to"].split("|")
        return Owner(role, UUID(unit), int(user) if user else None)


class SubstituteForm(forms.Form):
    """A manager chooses who is away; others appoint for themselves."""

    absent = forms.TypedChoiceField(label="Vem är borta?")
    substitute = forms.TypedChoiceField(
        label="Vem ersätter?", error_messages={"required": "Välj vem som ersätter."}
    )
    first = DateField(label="Från och med")
    last = DateField(
        label="Till och med",
        error_messages={"required": "Skriv sista dagen. Ersättningen upphör då av sig själv."},
    )

    def __init__(
        self, colleagues: list[User], own: int | None, today: date, *args: Any, **options: Any
    ) -> None:
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
