"""The forms of the board's secretary: what is delegated, who gets new cases; and a matter handed to the board."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from livlina.authority.cases.actions.own_motion import GROUNDS
from livlina.authority.cases.forms.officer import MOST, ON_PAPER
from livlina.authority.cases.models.decision import OUTCOMES
from livlina.core.ui.forms import DateField

LONGEST = 240
"""More months than this is no limit anybody means."""

Grouped = list[tuple[str, list[tuple[str, str]]]]


class Amount(forms.CharField):
    """12, 7,5 or 12 000; empty is no limit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}), **options
        )

    def clean(self, value: Any) -> Decimal | None:
        """The number, or nothing."""
        text = "".join(str(super().clean(value) or "").split()).replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError("Skriv med siffror, till exempel 40 eller 7,5.") from None
        if not number.is_finite() or not 0 < number <= MOST:
            raise forms.ValidationError("Skriv ett tal som är mer än 0 och högst 5 000 000.")
        return number.quantize(Decimal("0.01"))


class Months(forms.IntegerField):
    """A number of months; empty is no limit."""

    def __init__(self, **options: Any) -> None:
        missing = f"Skriv antalet månader, 1 till {LONGEST}."
        super().__init__(
            required=False, min_value=1, max_value=LONGEST,
            error_messages={"invalid": missing, "min_value": missing, "max_value": missing}, **options,
        )  # fmt: skip


class RuleForm(forms.Form):
    """What the board delegates to a role."""

    point = forms.CharField(
        label="Punkt i delegationsordningen", max_length=40,
        error_messages={"required": "Skriv punkten, till exempel 3.1."},
    )  # fmt: skip
    outcome = forms.ChoiceField(label="Beslut", choices=OUTCOMES)
    role = forms.ChoiceField(label="Vem som får besluta")
    process_code = forms.ChoiceField(label="Gäller", required=False)
    service = forms.ChoiceField(label="Insats", required=False)
    max_quantity = Amount(
        label="Högsta omfattning eller belopp", help_text="I insatsens enhet. Tomt: ingen gräns."
    )
    max_months = Months(label="Längsta tid i månader", help_text="Tomt: ingen gräns.")
    law = forms.CharField(label="Lagrum", required=False, max_length=120)
    valid_from = DateField(label="Gäller från och med")
    valid_to = DateField(label="Gäller till och med", required=False)

    def __init__(
        self, roles: Sequence[tuple[str, str]], processes: Grouped, services: Sequence[tuple[str, str]],
        *args: Any, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = roles
        fields["process_code"].choices = [("", "Alla processer"), *processes]
        fields["service"].choices = [("", "Alla insatser"), *services]

    def clean(self) -> dict[str, Any]:
        """A rule ends after it begins."""
        data = super().clean() or {}
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", "Sista dagen kan inte vara före den första.")
        return data


class EndForm(forms.Form):
    """The last day a rule holds."""

    last_day = DateField(label="Sista dag regeln gäller", error_messages={"required": "Skriv sista dagen."})

    def __init__(self, begins: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        day: Any = self.fields["last_day"]
        day.not_before, day.why_before = begins, "regeln började då"


class TryForm(forms.Form):
    """A decision to try the rules on."""

    process_code = forms.ChoiceField(label="Gäller")
    outcome = forms.ChoiceField(label="Beslut", choices=OUTCOMES)
    service = forms.ChoiceField(label="Insats", required=False)
    quantity = Amount(label="Omfattning")
    months = Months(label="Tid i månader", help_text="Tomt: tills vidare.")

    def __init__(
        self, processes: Grouped, services: Sequence[tuple[str, str]], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["process_code"].choices = processes
        fields["service"].choices = [("", "Ingen särskild"), *services]

    def clean(self) -> dict[str, Any]:
        """A service is granted in some quantity."""
        data = super().clean() or {}
        if data.get("service") and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", "Skriv omfattningen.")
        return data


class IntakeForm(forms.Form):
    """Which unit gets new cases."""

    unit = forms.ChoiceField(
        label="Enhet som får nya ärenden",
        widget=forms.RadioSelect,
        error_messages={"required": "Välj enhet."},
    )

    def __init__(self, units: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """Why the board decides."""

    why = forms.CharField(
        label="Varför nämnden ska besluta",
        max_length=120,
        help_text="Till exempel att beslutet är större än delegationen räcker till. Skriv inget om personen.",
        error_messages={"required": "Skriv varför nämnden ska besluta."},
    )


class BeginForm(forms.Form):
    """A case nobody applied for."""

    process_code = forms.ChoiceField(
        label="Vad ärendet gäller", error_messages={"required": "Välj vad ärendet gäller."}
    )
    received_on = DateField(
        label="Dagen det blev känt", why_after="i dag är den sista",
        help_text="Ärendets frister räknas från den dagen.", error_messages={"required": "Skriv dagen."},
    )  # fmt: skip
    how = forms.ChoiceField(label="Hur det blev känt", choices=ON_PAPER, widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label="Varför ärendet öppnas", choices=GROUNDS, widget=forms.RadioSelect,
        error_messages={"required": "Välj varför ärendet öppnas."},
    )  # fmt: skip
    continues = forms.ChoiceField(label="Ärendet som fortsätter", required=False)
    why = forms.CharField(
        label="Vad som har hänt", max_length=100, error_messages={"required": "Skriv varför ärendet öppnas."}
    )

    def __init__(
        self, processes: Grouped, cases: Sequence[tuple[str, str]], today: date, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["process_code"].choices = [("", "Välj …"), *processes]
        fields["received_on"].not_after = today
        if cases:
            fields["continues"].choices = [("", "Inget"), *cases]
        else:
            del self.fields["continues"]
            fields["ground"].choices = [pair for pair in GROUNDS if pair[0] != "continues"]

    def clean(self) -> dict[str, Any]:
        """What goes on is a case."""
        data = super().clean() or {}
        if data.get("ground") == "continues" and not data.get("continues"):
            self.add_error("continues", "Välj vilket ärende som fortsätter.")
        if data.get("ground") in ("own", "authority"):
            data["continues"] = ""
        return data
