"""What people write about an order."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms

from livlina.core import clock
from livlina.core.ui.forms import DateField
from livlina.registers.orders.models import Order
from livlina.registers.orders.models.words import DECLINE_REASONS, END_REASONS, RECALL_REASONS
from livlina.registers.orders.queries import Choice

LATER_THAN_SENT = "beställningen skickades då"


class ProviderForm(forms.Form):
    """The first step: who is to carry it out."""

    provider = forms.ChoiceField(
        label="Utförare", widget=forms.RadioSelect, error_messages={"required": "Välj en utförare."}
    )

    def __init__(self, *args: Any, choices: list[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = [(str(choice.provider.pk), _described(choice)) for choice in choices]
        cast(forms.ChoiceField, self.fields["provider"]).choices = rows

    def provider_id(self) -> UUID:
        """The chosen one."""
        return UUID(self.cleaned_data["provider"])


class SendForm(forms.Form):
    """The second step: the name once more. With a look-alike about, it must be picked among them; none is preset."""

    repeated_name = forms.ChoiceField(
        label="Vilken utförare ska få beställningen?",
        widget=forms.RadioSelect,
        error_messages={"required": "Välj utförarens namn en gång till."},
    )

    def __init__(self, *args: Any, name: str, alike: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(forms.ChoiceField, self.fields["repeated_name"])
        field.choices = [(one, one) for one in sorted({name, *alike})]
        if not alike:
            field.widget, field.initial = forms.HiddenInput(), name


class RecallForm(forms.Form):
    """Why the order is taken back: a choice, so that nothing about the person goes along."""

    reason = forms.ChoiceField(
        label="Varför?",
        choices=RECALL_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Ange skälet."},
    )


class EndForm(forms.Form):
    """The last day, and why."""

    end_date = DateField(label="Sista dag", error_messages={"required": "Skriv sista dagen."})
    reason = forms.ChoiceField(
        label="Varför?",
        choices=[("", "Välj"), *(pair for pair in END_REASONS if pair[0] != "not_sent")],
        error_messages={"required": "Ange skälet."},
    )


class ConfirmForm(forms.Form):
    """From when, and who answers for it."""

    start = DateField(label="Startdag", error_messages={"required": "Skriv vilken dag ni börjar."})
    contact = forms.CharField(
        label="Kontakt hos er",
        max_length=160,
        help_text="Namn och telefon som beställaren kan ringa.",
        error_messages={"required": "Skriv vem beställaren kan kontakta."},
    )

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, **options)
        if order.sent_at is not None:
            start = cast(DateField, self.fields["start"])
            start.not_before, start.why_before = clock.day_of(order.sent_at), LATER_THAN_SENT


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(
        label="Varför tackar ni nej?",
        choices=DECLINE_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Ange skälet."},
    )
    text = forms.CharField(
        label="Förklara vid behov", max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """ "Annat skäl" must be explained."""
        cleaned = super().clean() or {}
        if cleaned.get("reason") == "other" and not cleaned.get("text", "").strip():
            self.add_error("text", "Förklara skälet.")
        return cleaned


class RecallAnswerForm(forms.Form):
    """Whether the order may be taken back."""

    agree = forms.ChoiceField(
        label="Godtar ni att beställningen återkallas?",
        choices=[("yes", "Ja, vi har inte börjat"), ("no", "Nej")],
        widget=forms.RadioSelect,
        error_messages={"required": "Svara ja eller nej."},
    )
    text = forms.CharField(
        label="Förklara om ni svarar nej", max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """A no must be explained."""
        cleaned = super().clean() or {}
        if cleaned.get("agree") == "no" and not cleaned.get("text", "").strip():
            self.add_error("text", "Förklara varför beställningen inte kan återkallas.")
        return cleaned


class DeliveryForm(forms.Form):
    """What was performed in a period."""

    period_from = DateField(label="Från och med", error_messages={"required": "Skriv första dagen."})
    period_to = DateField(label="Till och med", error_messages={"required": "Skriv sista dagen."})
    minutes = forms.IntegerField(label="Utförda minuter", min_value=0, max_value=100_000, required=False,
                                 help_text="Tid hos personen, utan resor.")  # fmt: skip
    count = forms.IntegerField(label="Eller antal gånger", min_value=0, max_value=10_000, required=False)
    deviation = forms.CharField(
        label="Avvikelse från beställningen",
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Till exempel insatser som inte blev av. Beställaren får veta det.",
    )

    def __init__(self, *args: Any, order: Order, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("period_from", "period_to"):
            day = cast(DateField, self.fields[name])
            day.not_before, day.why_before = order.start_date, "insatsen började då"
            day.not_after, day.why_after = today, "det har inte hänt än"

    def clean(self) -> dict[str, Any]:
        """One figure, and a period in the right order."""
        cleaned = super().clean() or {}
        if (cleaned.get("minutes") is None) == (cleaned.get("count") is None):
            self.add_error("minutes", "Ange antingen minuter eller antal gånger.")
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", "Perioden slutar före den börjar.")
        return cleaned


def _described(choice: Choice) -> str:
    provider = choice.provider
    parts = [provider.name, provider.get_regime_display()]
    parts.append(", ".join(provider.areas) if provider.areas else "hela kommunen")
    if choice.free_hours is not None:
        parts.append(f"{choice.free_hours} av {provider.capacity_hours} timmar per vecka lediga")
    if not choice.in_area:
        parts.append("inte i det här området")
    return " · ".join(parts)
