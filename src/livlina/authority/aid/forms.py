"""The room's forms: amounts as people write them, the rows of a month, accounts and payments."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from livlina.authority.aid.models.household import PARTS
from livlina.authority.aid.models.payment import ACCOUNT_KINDS
from livlina.authority.aid.models.recovery import ENTRY_KINDS
from livlina.core.ui.forms import DateField

MOST = Decimal(1_000_000)
SPACES = str.maketrans("", "", " \u00a0\u202f\x00")


class KronorField(forms.CharField):
    """An amount as people write it: 9500, 9 500 kr, 9 500,50. Exact to the öre, never negative."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput({"inputmode": "decimal", "size": 9, "autocomplete": "off"}), **options
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return kronor, or None for nothing written. Raises ValidationError in words."""
        text = (
            str(value or "")
            .translate(SPACES)
            .lower()
            .removesuffix("kronor")
            .removesuffix("kr")
            .replace(",", ".")
        )
        if not text:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(
                _("Skriv beloppet med siffror, till exempel 9 500 eller 9 500,50.")
            ) from None
        if not amount.is_finite() or not 0 <= amount <= MOST or amount != amount.quantize(Decimal("0.01")):
            raise forms.ValidationError(
                _("Skriv ett belopp i kronor, högst 1 000 000, med högst två decimaler.")
            )
        return amount.quantize(Decimal("0.01"))

    def validate(self, value: Any) -> None:
        """Missing when it must be there; 0 is an answer."""
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"])

    def run_validators(self, value: Any) -> None:
        """None: a Decimal is no text."""

    def prepare_value(self, value: Any) -> Any:
        """Show an amount without idle zeros."""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value


class CountedForm(forms.Form):
    """One row of the officer's calculation; left empty it is no row."""

    kind = forms.ChoiceField(label="Slag", required=False)
    person = forms.ChoiceField(label="Vem", required=False)
    applied = KronorField(label="Uppgivet", required=False)
    approved = KronorField(label="Godkänt", required=False)
    reason = forms.CharField(label="Skäl", required=False, max_length=400)

    def __init__(
        self, *args: Any, kinds: dict[str, str], people: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Välj …"), *kinds.items()]  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "–"), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A row that says something says what, and how much; less than applied for needs a reason."""
        data = super().clean() or {}
        if data.get("applied") is None and not data.get("kind"):
            return data
        if not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", "Välj vad raden gäller.")
        if data.get("applied") is None and "applied" not in self.errors:
            self.add_error("applied", "Skriv beloppet.")
        applied, approved = data.get("applied"), data.get("approved")
        if applied is not None and approved is not None and approved > applied:
            self.add_error("approved", "Mer är godkänt än vad som är uppgivet.")
        if applied is not None and approved is not None and approved < applied and not data.get("reason"):
            self.add_error("reason", "Skriv varför hela beloppet inte är med.")
        return data


CountedSet = formset_factory(CountedForm, extra=2, max_num=40)


class ReasonForm(forms.Form):
    """Why a warning is no hindrance."""

    reason = forms.CharField(label="Din bedömning", max_length=400)


class DecideForm(forms.Form):
    """What a decision says besides its amount."""

    reasons = forms.CharField(
        label="Motivering", required=False, widget=forms.Textarea({"rows": 4}),
        help_text="Behövs när något avslås (32 § förvaltningslagen).",
    )  # fmt: skip


class MemberForm(forms.Form):
    """A person who is counted with the household, found by number elsewhere: the person's page gives the id."""

    part = forms.ChoiceField(
        label="Del i hushållet", choices=[pair for pair in PARTS if pair[0] != "applicant"]
    )
    since = DateField(label="Från och med")
    days = forms.IntegerField(
        label="Dagar i månaden, om inte alla", required=False, min_value=1, max_value=31
    )
    no_lunch = forms.BooleanField(
        label="Äter lunch i förskola eller skola fem dagar i veckan", required=False
    )


class AccountForm(forms.Form):
    """Where money may go."""

    payee = forms.CharField(label="Mottagare", max_length=70)
    kind = forms.ChoiceField(label="Slag av konto", choices=ACCOUNT_KINDS)
    number = forms.CharField(
        label="Nummer", max_length=40, help_text="Bankkonto: clearingnummer och kontonummer."
    )


class PaymentForm(forms.Form):
    """One amount to one account."""

    account = forms.ChoiceField(label="Till")
    amount = KronorField(label="Belopp i kronor")
    message = forms.CharField(label="Meddelande till mottagaren", required=False, max_length=35)

    def __init__(self, accounts: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class AnswerFileForm(forms.Form):
    """The bank's answer."""

    file = forms.FileField(label="Bankens fil (pain.002 eller camt.054)")


class AmountForm(forms.Form):
    """An amount from the regulation, or the municipality's own guidance."""

    key = forms.ChoiceField(label="Belopp")
    kronor = forms.IntegerField(label="Kronor i månaden", min_value=1, max_value=100000)
    valid_from = DateField(label="Gäller från och med")
    source = forms.CharField(label="Var beloppet står", max_length=200)

    def __init__(self, keys: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].choices = [("", "Välj …"), *keys]  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """What made a claim smaller."""

    kind = forms.ChoiceField(label="Vad", choices=ENTRY_KINDS)
    amount = KronorField(label="Belopp i kronor")
    on = DateField(label="Dag")
    note = forms.CharField(label="Anteckning", required=False, max_length=400)


COST_WORDS = {
    "housing": _("Boende"), "electricity": _("Hushållsel"), "home_insurance": _("Hemförsäkring"),
    "work_travel": _("Arbetsresor"), "unemployment_fund": _("Avgift till a-kassa"), "union": _("Fackavgift"),
    "medical": _("Läkarvård och medicin"), "dental": _("Mindre tandvård"), "child_care": _("Barnomsorg"),
    "other_cost": _("Annan kostnad"),
}  # fmt: skip
INCOME_WORDS = {
    "wage": _("Lön efter skatt"), "child_allowance": _("Barnbidrag"), "housing_allowance": _("Bostadsbidrag"),
    "maintenance": _("Underhållsbidrag eller underhållsstöd"),
    "sickness_benefit": _("Sjukpenning eller sjukersättning"), "parental_benefit": _("Föräldrapenning"),
    "activity_support": _("Aktivitetsstöd"), "unemployment_benefit": _("Arbetslöshetsersättning"),
    "study_aid": _("Studiestöd"), "pension": _("Pension"), "tax_refund": _("Skatteåterbäring"),
    "child_wage": _("Hemmavarande barns lön"), "other_income": _("Annan inkomst"),
}  # fmt: skip


class KnownRowForm(forms.Form):
    """A row from last month: the same, another amount, or not this month."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om raden är den samma som förra månaden.")},
    )
    amount = KronorField(label=_("Nytt belopp i kronor"), required=False)

    def __init__(self, words: str, same: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["choice"].label = words
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            ("same", same), ("changed", _("Ett annat belopp")), ("gone", _("Inte den här månaden")),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Another amount is written."""
        data = super().clean() or {}
        if data.get("choice") == "changed" and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Skriv det nya beloppet."))
        return data


class NewRowForm(forms.Form):
    """A cost or an income that was not there last month."""

    kind = forms.ChoiceField(label=_("Vad"), required=False)
    amount = KronorField(label=_("Kronor"), required=False)

    def __init__(self, kinds: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("Välj …")), *kinds.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both, or neither."""
        data = super().clean() or {}
        if data.get("kind") and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Skriv beloppet."))
        if data.get("amount") is not None and not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Välj vad beloppet gäller."))
        return data


class RenewalForm(forms.Form):
    """The rest of a month's application."""

    month = forms.ChoiceField(
        label=_("Vilken månad söker du för?"), widget=forms.RadioSelect,
        error_messages={"required": _("Välj månad.")},
    )  # fmt: skip
    household = forms.ChoiceField(
        label=_("Bor du med samma personer som förra månaden?"),
        widget=forms.RadioSelect,
        choices=[("same", _("Ja")), ("changed", _("Nej, något har ändrats"))],
        error_messages={"required": _("Svara på om hushållet är det samma.")},
    )
    told = forms.CharField(
        label=_("Vill du berätta något mer?"), required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("Har hushållet ändrats: skriv vem, och från vilken dag."),
    )  # fmt: skip

    def __init__(self, months: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A changed household is explained."""
        data = super().clean() or {}
        if data.get("household") == "changed" and not (data.get("told") or "").strip():
            self.add_error("told", _("Skriv vad som har ändrats i hushållet."))
        return data

    @property
    def chosen(self) -> date:
        """The month applied for."""
        return date.fromisoformat(self.cleaned_data["month"])


class DeclareForm(forms.Form):
    """That what is sent is true, to the best of one's knowledge."""

    declared = forms.BooleanField(
        label=_("Uppgifterna stämmer. Jag vet att de kontrolleras hos andra myndigheter."),
        error_messages={"required": _("Kryssa för att uppgifterna stämmer innan du skickar.")},
    )
