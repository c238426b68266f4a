"""What is filled in about sealed keys: by administrators, by whoever opens one, and by whoever looks into it."""

from typing import Any

from django import forms

from livlina.core.models import Municipality


class SealPlaceForm(forms.Form):
    """Where the envelope will lie."""

    place = forms.CharField(
        label="Plats", max_length=120,
        help_text="Var kuvertet förvaras, till exempel ”Kassaskåpet i kommunhuset”. Nycklarna ska ligga på två ställen.",
    )  # fmt: skip


class SealTestForm(forms.Form):
    """What one saw at the place."""

    whole = forms.ChoiceField(
        label="Kuvertet", widget=forms.RadioSelect,
        choices=[("yes", "Ligger på sin plats och är helt"), ("no", "Är borta, öppnat eller skadat")],
    )  # fmt: skip
    note = forms.CharField(
        label="Kommentar", max_length=400, required=False, help_text="Behövs om något är fel."
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where something is wrong."""
        found = super().clean() or {}
        if found.get("whole") == "no" and not found.get("note", "").strip():
            self.add_error("note", "Skriv vad som är fel med kuvertet.")
        return found


class OpenSealForm(forms.Form):
    """The number on the envelope, the code in it, who one is, and why."""

    place = forms.ModelChoiceField(
        label="Kommun", queryset=Municipality.objects.order_by("name"), to_field_name="slug"
    )
    number = forms.IntegerField(
        label="Nyckelns nummer", min_value=1, max_value=9999, help_text="Står på kuvertet."
    )
    code = forms.CharField(
        label="Koden i kuvertet", max_length=80, help_text="Åtta grupper. Bindestreck behövs inte."
    )
    email = forms.EmailField(
        label="Din e-postadress",
        max_length=254,
        help_text="Den du brukar logga in med. Du loggas in som dig själv.",
    )
    why = forms.CharField(
        label="Varför öppnar du den?",
        max_length=400,
        help_text="Chefer i tjänst får veta det genast, och det granskas.",
    )

    def __init__(self, *args: Any, here: Municipality | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].widget.attrs["inputmode"] = "numeric"
        self.fields["code"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        if here is not None:
            place: Any = self.fields["place"]
            place.initial, place.widget = here.slug, forms.HiddenInput()


class OpeningReviewForm(forms.Form):
    """What one found."""

    justified = forms.ChoiceField(
        label="Bedömning", widget=forms.RadioSelect, choices=[("yes", "Befogat"), ("no", "Obefogat")]
    )
    review = forms.CharField(label="Vad du fann", max_length=400)
