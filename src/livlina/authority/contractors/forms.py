"""The room's forms: each stands for one act on one home, and knows its words."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from livlina.authority.contractors import actions
from livlina.authority.contractors.models import KINDS, Adult, Basis, Check, Contract, Home, Remuneration
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.ids import IdentityNumberField
from livlina.core.ui.forms import DateField, OnceMixin
from livlina.registers.people import queries as people


class MoneyField(forms.DecimalField):
    """Kronor and öre."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_digits=8, decimal_places=2, min_value=Decimal(0), localize=True)


class Act(OnceMixin):
    """One act: subclasses say the words, which row it is about, and do the deed."""

    title: ClassVar[str]
    button: ClassVar[str] = "Spara"
    model: ClassVar[Any] = None
    verb: ClassVar[str] = "contractors.write"

    def __init__(
        self, *args: Any, home: Home, row_id: UUID | None, actor: Actor, now: datetime, **more: Any
    ) -> None:
        self.home, self.actor, self.now = home, actor, now
        self.row: Any = self.of_home().get(pk=row_id) if self.model else None
        super().__init__(*args, **more)
        self.begin()

    def of_home(self) -> Any:
        """The rows of the home the act may be about."""
        return self.model.objects.filter(home=self.home)

    def begin(self) -> None:
        """Fill in choices and what is likely."""

    def save(self) -> None:
        """Do it: each act says how, and this one is no act by itself. Raises ContractorRefused, Refused."""
        raise NotImplementedError

    @property
    def by(self) -> dict[str, Any]:
        """Who acts and when."""
        return {"by": self.actor, "now": self.now}


class AdultForm(Act):
    """One more adult to be engaged."""

    title = "Lägg till en vuxen"
    number = IdentityNumberField(label="Personnummer", help_text="Personen ska finnas i personregistret.")

    def save(self) -> None:
        """Add the adult."""
        found = people.by_number(self.actor, self.cleaned_data["number"])
        if found is None:
            raise actions.ContractorRefused(
                "Ingen träff eller skyddad. Registrera personen först, eller fråga din chef."
            )
        actions.add_adult(self.home, found, **self.by)


class AskForm(Act):
    """Ask for both extracts of an adult."""

    title, button, model = "Begär registerutdrag", "Anteckna att utdrag är begärda", Adult

    def save(self) -> None:
        """Note it."""
        actions.ask_extracts(self.row, **self.by)


class ShowForm(Act):
    """An extract was shown."""

    title, button, model = "Utdraget är visat", "Anteckna som visat", Check
    on = DateField(label="Visat den", help_text="Skriv aldrig vad som står i utdraget.")

    def of_home(self) -> Any:
        """The checks of the home's adults."""
        return Check.objects.filter(adult__home=self.home)

    def begin(self) -> None:
        """Today is likely."""
        self.fields["on"].initial = day_of(self.now).isoformat()

    def save(self) -> None:
        """Note it."""
        actions.show_extract(self.row, on=self.cleaned_data["on"], **self.by)


class ApproveForm(Act):
    """What the home is approved for."""

    title, button, verb = "Godkänn", "Godkänn", "contractors.approve"
    kinds = forms.MultipleChoiceField(label="Uppdrag", widget=forms.CheckboxSelectMultiple)
    capacity = forms.IntegerField(label="Antal platser", min_value=1, max_value=20)
    age_from = forms.IntegerField(label="Från ålder", min_value=0, max_value=120)
    age_to = forms.IntegerField(label="Till och med ålder", min_value=0, max_value=120)
    valid_from = DateField(label="Gäller från och med")
    valid_to = DateField(label="Gäller till och med", required=False)

    def begin(self) -> None:
        """Only what the home was investigated for."""
        self.fields["kinds"].choices = _own(self.home)  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = day_of(self.now).isoformat()

    def save(self) -> None:
        """Approve."""
        said = self.cleaned_data
        actions.approve_home(
            self.home, kinds=said["kinds"], capacity=said["capacity"], ages=(said["age_from"], said["age_to"]),
            valid_from=said["valid_from"], valid_to=said["valid_to"], **self.by,
        )  # fmt: skip


class ContractForm(Act):
    """A contract for one kind."""

    title, button = "Skriv avtal", "Spara avtalet"
    kind = forms.ChoiceField(label="Uppdrag", widget=forms.RadioSelect)
    valid_from = DateField(label="Gäller från och med")
    valid_to = DateField(label="Gäller till och med", required=False)

    def begin(self) -> None:
        """Only what the home takes."""
        self.fields["kind"].choices = _own(self.home)  # type: ignore[attr-defined]

    def save(self) -> None:
        """Write it."""
        said = self.cleaned_data
        actions.write_contract(
            self.home, said["kind"], valid_from=said["valid_from"], valid_to=said["valid_to"], **self.by
        )


class SignForm(Act):
    """A contract is signed."""

    title, button, model, verb = "Underteckna avtalet", "Underteckna", Contract, "contractors.approve"
    on = DateField(label="Undertecknat den")

    def save(self) -> None:
        """Sign it."""
        actions.sign_contract(self.row, on=self.cleaned_data["on"], **self.by)


class RemunerationForm(Act):
    """What is to be paid a month."""

    title, button, model = "Föreslå ersättning", "Föreslå", Contract
    fee = MoneyField("Arvode per månad, kronor")
    expenses = MoneyField("Omkostnadsersättning per månad, kronor")
    valid_from = DateField(label="Gäller från och med")
    source = forms.CharField(
        label="Vad ersättningen bygger på", max_length=160, help_text="Cirkulär och rad."
    )

    def save(self) -> None:
        """Propose it."""
        said = self.cleaned_data
        actions.propose_remuneration(
            self.row, fee_ore=int(said["fee"] * 100), expenses_ore=int(said["expenses"] * 100),
            valid_from=said["valid_from"], source=said["source"], **self.by,
        )  # fmt: skip


class ConfirmForm(Act):
    """Another confirms."""

    title, button, model, verb = "Bekräfta ersättningen", "Bekräfta", Remuneration, "contractors.approve"

    def of_home(self) -> Any:
        """The remunerations of the home's contracts."""
        return Remuneration.objects.filter(contract__home=self.home)

    def save(self) -> None:
        """Confirm it."""
        actions.confirm_remuneration(self.row, **self.by)


class MonthForm(Act):
    """Count a month."""

    title, button, model = "Räkna månadens ersättning", "Räkna", Contract
    month = DateField(label="En dag i månaden")

    def begin(self) -> None:
        """The month that has ended is likely."""
        first: date = day_of(self.now).replace(day=1)
        self.fields["month"].initial = (first - timedelta(days=1)).isoformat()

    def save(self) -> None:
        """Count it."""
        actions.count_month(self.row, self.cleaned_data["month"], **self.by)


class PayForm(Act):
    """Another approves what is to be paid."""

    title, button, model, verb = "Godkänn utbetalningsunderlaget", "Godkänn", Basis, "contractors.approve"

    def of_home(self) -> Any:
        """The bases of the home's contracts."""
        return Basis.objects.filter(contract__home=self.home)

    def save(self) -> None:
        """Approve it."""
        actions.approve_basis(self.row, **self.by)


def _own(home: Home) -> list[tuple[str, str]]:
    """What the home was investigated for."""
    return [row for row in KINDS if row[0] in home.kinds]


ACTS: dict[str, type[Act]] = {
    "adult": AdultForm,
    "ask": AskForm,
    "show": ShowForm,
    "approve": ApproveForm,
    "contract": ContractForm,
    "sign": SignForm,
    "remuneration": RemunerationForm,
    "confirm": ConfirmForm,
    "month": MonthForm,
    "pay": PayForm,
}


class HomeForm(OnceMixin):
    """A home or person that a case investigates."""

    name = forms.CharField(label="Namn", max_length=120, help_text="Till exempel Familjen Sjögren.")
    kinds = forms.MultipleChoiceField(label="Uppdrag", choices=KINDS, widget=forms.CheckboxSelectMultiple)
    place = forms.CharField(label="Kommun", max_length=80)


class FreeForm(forms.Form):
    """For whom a home is sought."""

    kind = forms.ChoiceField(label="Uppdrag", choices=KINDS, initial="foster_home")
    age = forms.IntegerField(label="Ålder", min_value=0, max_value=120)
    on = DateField(label="Från och med")
