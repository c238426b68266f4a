"""What people write about locks and keys."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from livlina.core.ui.forms import DateField
from livlina.provider.doors.models import CONSENTS


class OrderForm(forms.Form):
    """A lock to be fitted at somebody's."""

    place = forms.CharField(
        label="Vilken dörr?", max_length=80, initial="Ytterdörren",
        error_messages={"required": "Skriv vilken dörr låset ska sitta på."},
    )  # fmt: skip
    area = forms.CharField(
        label="Område", max_length=80, required=False,
        help_text="Nattpatrull och larm får nycklar till ett område i taget.",
    )  # fmt: skip
    vendor = forms.ChoiceField(label="Fabrikat")
    model = forms.CharField(label="Modell", max_length=60, required=False)
    fit_on = DateField(label="Monteras", required=False)
    fitter = forms.CharField(label="Montör", max_length=160, required=False)

    def __init__(self, *args: Any, vendors: list[tuple[str, str]], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["vendor"].choices = vendors  # type: ignore[attr-defined]
        self.fields["fit_on"].not_before = today  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    """Somebody has agreed."""

    whose = forms.ChoiceField(label="Vems samtycke?", choices=CONSENTS, widget=forms.RadioSelect,
                              error_messages={"required": "Säg vems samtycke det är."})  # fmt: skip
    name = forms.CharField(label="Vem samtyckte?", max_length=160,
                           error_messages={"required": "Skriv vem som samtyckte."})  # fmt: skip
    how = forms.CharField(label="Hur?", max_length=120, help_text="Till exempel: muntligt vid hembesök.",
                          error_messages={"required": "Skriv hur samtycket gavs."})  # fmt: skip
    given_on = DateField(label="När?")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["given_on"].not_after = today  # type: ignore[attr-defined]


class FittingForm(forms.Form):
    """When a lock is fitted, and by whom."""

    fit_on = DateField(label="Monteras")
    fitter = forms.CharField(label="Montör", max_length=160,
                             help_text="Arbetar montören på enheten: skriv namnet som i Livlina.",
                             error_messages={"required": "Skriv vem som monterar."})  # fmt: skip


class FitterKeyForm(forms.Form):
    """Whose phone the fitter's key is made for."""

    phone = forms.ChoiceField(
        label="Montörens telefon", error_messages={"required": "Välj den telefon som nyckeln ska ligga i."},
        help_text="Nyckeln öppnar bara den här dörren, en gång, och bara i åtta timmar.",
    )  # fmt: skip

    def __init__(self, *args: Any, phones: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].choices = [("", "Välj"), *phones]  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    """Another unit that is let in."""

    unit = forms.ChoiceField(label="Enhet", error_messages={"required": "Välj enhet."})
    why = forms.CharField(label="Varför?", max_length=120, help_text="Till exempel: nattpatrull, eller kvällsinsats.",
                          error_messages={"required": "Skriv varför enheten ska kunna öppna."})  # fmt: skip
    first_on = DateField(label="Från och med")
    last_on = DateField(label="Till och med", required=False)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", "Välj"), *units]  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """One sentence that says why."""

    text = forms.CharField(label="Varför?", max_length=400, widget=forms.Textarea({"rows": 3}),
                           error_messages={"required": "Skriv en mening."})  # fmt: skip

    def __init__(self, *args: Any, label: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if label:
            self.fields["text"].label = label


class KeyForm(forms.Form):
    """A metal key into keeping."""

    number = forms.CharField(
        label="Nyckelnummer", max_length=8, help_text="Aldrig ett namn eller en adress.",
        error_messages={"required": "Skriv nyckelns nummer."},
    )  # fmt: skip
    person = forms.ChoiceField(label="Till vem går nyckeln?", error_messages={"required": "Välj vem."})
    place = forms.CharField(label="Var hänger den?", max_length=80,
                            error_messages={"required": "Skriv var nyckeln hänger."})  # fmt: skip
    reserve = forms.BooleanField(label="Reserv i förseglad låda", required=False)

    def __init__(self, *args: Any, persons: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", "Välj"), *persons]  # type: ignore[attr-defined]


class SignOutForm(forms.Form):
    """A metal key to somebody."""

    holder = forms.ChoiceField(
        label="Vem får nyckeln?", error_messages={"required": "Välj vem som får nyckeln."}
    )
    note = forms.CharField(label="Anteckning", max_length=200, required=False)

    def __init__(self, *args: Any, staff: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["holder"].choices = [("", "Välj"), *staff]  # type: ignore[attr-defined]
