"""What people write about units and their buttons."""

from typing import Any

from django import forms

from livlina.provider.alarms.models import AlarmUnit
from livlina.provider.alarms.models.words import MODEMS, PENDANTS, UNIT_STATES
from livlina.provider.alarms.queries.ringing import RISKS

ANY = ("", "Alla")


class UnitForm(forms.ModelForm):
    """What is known of a unit; the same fields when it is added and when it is changed."""

    risk = forms.TypedChoiceField(label="Risk", choices=list(RISKS.items()), coerce=int, initial=1,
                                  help_text="Bestämmer ordningen i ringlistan.")  # fmt: skip
    interval = forms.IntegerField(
        label="Sekunder mellan livstecken", min_value=0, max_value=86_400, initial=60,
        help_text="0 om larmenheten inte lovar några.",
        error_messages={"invalid": "Skriv ett helt antal sekunder.", "required": "Skriv antalet sekunder, eller 0."},
    )  # fmt: skip

    class Meta:
        model = AlarmUnit
        fields = (
            "model", "profile", "modem", "operator", "sim", "second_operator", "second_sim", "interval", "area", "keys",
            "risk", "risks", "source",
        )  # fmt: skip
        labels = {"profile": "Protokoll", "modem": "Modem"}
        help_texts = {"source": "Adressen den sänder från. Tomt betyder var som helst."}


class NewUnitForm(UnitForm):
    """A unit into the stock."""

    number = forms.CharField(
        label="Enhetsnummer", max_length=20, help_text="Så som larmenheten anger sig själv.",
        error_messages={"required": "Skriv larmenhetens nummer."},
    )  # fmt: skip
    field_order = ("number",)


class PendantForm(forms.Form):
    """A button or sensor."""

    device = forms.CharField(
        label="Knappens nummer", max_length=16, required=False,
        help_text="Så som den anger sig i larmet. Tomt för larmenhetens egen knapp om den inte anger något.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="Sort", choices=PENDANTS)
    place = forms.CharField(label="Var den sitter", max_length=80, required=False)


class StockForm(forms.Form):
    """Which unit is taken to the person."""

    unit = forms.ModelChoiceField(
        label="Larmenhet ur förrådet", queryset=AlarmUnit.objects.none(), empty_label="Välj",
        error_messages={"required": "Välj larmenhet.", "invalid_choice": "Larmenheten finns inte längre i förrådet."},
    )  # fmt: skip

    def __init__(self, *args: Any, spare: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit"]
        field.queryset = spare  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.number} {one.model}".strip()  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """To whom a unit is moved: somebody whose order waits for one."""

    order = forms.ChoiceField(
        label="Vem ska ha larmet?", widget=forms.RadioSelect, error_messages={"required": "Välj vem som ska ha larmet."}
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["order"].choices = choices  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """What the list shows; stands in the address."""

    number = forms.CharField(label="Enhetsnummer", required=False, max_length=16)
    state = forms.ChoiceField(
        label="Läge", choices=[("", "Alla utom återlämnade"), *UNIT_STATES], required=False
    )
    modem = forms.ChoiceField(label="Modem", choices=[ANY, *MODEMS], required=False)
    operator = forms.ChoiceField(label="Mobiloperatör", required=False)
    model = forms.ChoiceField(label="Modell", required=False)
    only = forms.ChoiceField(label="Visa", choices=[ANY, ("silent", "Bara tysta")], required=False)

    def __init__(self, *args: Any, choices: dict[str, list[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, values in choices.items():
            self.fields[name].choices = [ANY, *((one, one) for one in values)]  # type: ignore[attr-defined]
