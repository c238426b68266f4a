"""The room's forms."""

from datetime import date
from typing import Any

from django import forms

from livlina.authority.offers.models import DOCUMENTATION, END_REASONS, FULL
from livlina.core.ui.forms import DateField


class OfferForm(forms.Form):
    """What the board has decided to offer."""

    board_decision = forms.CharField(
        label="Nämndens beslut", max_length=80, help_text="Till exempel SN 2026-01-20 § 12."
    )
    decided_on = DateField(label="Beslutet fattades den")
    valid_from = DateField(label="Insatsen erbjuds från och med")
    name = forms.CharField(label="Namn", max_length=120)
    what = forms.CharField(label="Vad insatsen är", widget=forms.Textarea(attrs={"rows": 3}))
    target_group = forms.CharField(label="Vem den är till för", widget=forms.Textarea(attrs={"rows": 2}))
    conditions = forms.CharField(
        label="Villkor",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Så som nämnden har beslutat: till exempel hur länge, hur ofta och vad det kostar.",
    )
    contact = forms.CharField(label="När, var och hur man deltar", widget=forms.Textarea(attrs={"rows": 2}))
    documentation = forms.ChoiceField(
        label="Dokumentation", choices=DOCUMENTATION, widget=forms.RadioSelect, initial=FULL
    )
    documentation_reason = forms.CharField(
        label="Varför deltagandet inte dokumenteras på person",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    listed = forms.BooleanField(
        label="Visas i e-tjänsten",
        required=False,
        initial=True,
        help_text="Ta bort krysset för en plats som inte får vara känd, till exempel ett skyddat boende.",
    )
    name_en = forms.CharField(label="Namn på engelska", max_length=120, required=False)
    what_en = forms.CharField(
        label="Vad insatsen är, på engelska", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    target_group_en = forms.CharField(
        label="Vem den är till för, på engelska", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    conditions_en = forms.CharField(
        label="Villkor på engelska", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    contact_en = forms.CharField(
        label="När, var och hur, på engelska", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """Less than in full needs its reason, and nothing is offered before it is decided."""
        data = super().clean() or {}
        if data.get("documentation") != FULL and not (data.get("documentation_reason") or "").strip():
            self.add_error("documentation_reason", "Skriv varför deltagandet inte dokumenteras på person.")
        decided, begins = data.get("decided_on"), data.get("valid_from")
        if decided and begins and begins < decided:
            self.add_error("valid_from", "Insatsen kan inte erbjudas innan nämnden har beslutat om den.")
        return data


class PlaceForm(forms.Form):
    """Which unit runs it, in which branch; asked only of the one who may choose."""

    unit = forms.ChoiceField(label="Enhet som driver insatsen")
    branch = forms.TypedChoiceField(label="Verksamhet", coerce=int)

    def __init__(
        self, units: list[tuple[str, str]], branches: list[tuple[int, str]], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["branch"].choices = branches  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """A day that has come."""

    day = DateField(label="Dag")

    def __init__(self, today: date, *args: Any, words: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["day"]
        field.not_after, field.why_after, field.initial = today, "i dag", today
        field.label = words or field.label


class CloseForm(forms.Form):
    """The last day it is offered; it may lie ahead."""

    day = DateField(label="Sista dagen")


class JoinForm(DayForm):
    """A person begins to take part."""

    offer = forms.ChoiceField(label="Insats")

    def __init__(self, offers: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["offer"].choices = offers  # type: ignore[attr-defined]
        self.order_fields(["offer", "day"])


class EndForm(DayForm):
    """A person no longer takes part."""

    reason = forms.ChoiceField(
        label="Skäl",
        choices=[pair for pair in END_REASONS if pair[0] != "offer_closed"],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj ett skäl."},
    )


class NoteForm(DayForm):
    """What happened."""

    text = forms.CharField(
        label="Anteckning",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Skriv vad som hände."},
    )


class ConcernForm(forms.Form):
    """Concern for a child: whom, what, and whether it is urgent."""

    children_described = forms.CharField(
        label="Vilket barn gäller det?",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Namn och ålder, eller det du vet.",
        error_messages={"required": "Skriv vilket barn det gäller."},
    )
    concern_about = forms.CharField(
        label="Vad oroar dig?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv vad som oroar dig."},
    )
    danger_now = forms.ChoiceField(
        label="Är barnet i fara just nu?",
        choices=[("yes", "Ja"), ("no", "Nej")],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj ja eller nej."},
    )
