"""What an administrator or a manager fills in about staff and units, and a colleague about a first password."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from livlina.across.portal.access import ADMINISTRATOR, GIVES
from livlina.across.portal.actions import Duty
from livlina.core.access import Actor
from livlina.core.models import Unit, User
from livlina.core.ui.forms import DateField

FIVE_YEARS = timedelta(days=5 * 366)


class UserForm(forms.Form):
    """Who it is, and the address they sign in with."""

    name = forms.CharField(
        label="Namn", max_length=160, help_text="Förnamn och efternamn, som det ska stå under en anteckning."
    )
    email = forms.EmailField(
        label="E-postadress",
        max_length=254,
        help_text="Den som personen loggar in med. Samma adress som i kommunens inloggning.",
        error_messages={"invalid": "Skriv en hel e-postadress, till exempel namn@kommunen.se."},
    )


class AssignmentForm(forms.Form):
    """As what, where, for which branches, and from when to when."""

    role = forms.ChoiceField(label="Roll", choices=())
    unit = forms.ChoiceField(label="Enhet", choices=())
    title = forms.CharField(
        label="Titel", max_length=80, required=False,
        help_text="Som den ska stå under anteckningar och beslut. Tomt: rollens namn.",
    )  # fmt: skip
    branches = forms.TypedMultipleChoiceField(
        label="Gren", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="För handläggare och enhetschefer: den gren uppdraget gäller. Andra roller: inget val betyder alla.",
    )  # fmt: skip
    qualifications = forms.MultipleChoiceField(
        label="Behörighet", required=False, widget=forms.CheckboxSelectMultiple,
        choices=tuple(settings.QUALIFICATIONS.items()),
    )  # fmt: skip
    valid_from = DateField(label="Första dagen")
    valid_to = DateField(label="Sista dagen", required=False, help_text="Tomt: tills vidare.")

    def __init__(self, *args: Any, actor: Actor, units: list[Unit], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = {str(unit.pk): unit for unit in units}
        administrator = actor.role == ADMINISTRATOR
        roles = list(settings.ROLES) if administrator else GIVES.get(actor.role, ())
        choices = [(code, settings.ROLES[code].swedish) for code in roles]
        self._choose("role", choices)
        self._choose("unit", [(key, unit.name) for key, unit in self.units.items()])
        own = (
            settings.BRANCHES
            if administrator
            else [one for one in settings.BRANCHES if one in actor.compartments]
        )
        self.fields["branches"].choices = [(code, settings.COMPARTMENTS[code]) for code in own]  # type: ignore[attr-defined]
        if not own:
            del self.fields["branches"], self.fields["qualifications"]
        elif len(own) == 1:
            self.fields["branches"].initial = own
        for name in ("valid_from", "valid_to"):
            field = self.fields[name]
            field.not_before, field.not_after = today, today + 2 * FIVE_YEARS  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer choices; where there is one it is taken."""
        several = [("", "Välj"), *choices]
        self.fields[name].choices = several if len(choices) != 1 else choices  # type: ignore[attr-defined]

    def duty(self) -> Duty:
        """What was filled in, once it is valid."""
        given = self.cleaned_data
        return Duty(
            self.units[given["unit"]],
            given["role"],
            given["title"],
            given["valid_from"],
            given["valid_to"],
            tuple(given.get("branches", ())),
            tuple(given.get("qualifications", ())),
        )


class NewUserForm(AssignmentForm, UserForm):
    """Someone new and the first assignment."""

    field_order = (
        "name",
        "email",
        "role",
        "unit",
        "title",
        "branches",
        "qualifications",
        "valid_from",
        "valid_to",
    )


class AddressForm(AssignmentForm):
    """Someone of the municipality's staff, named by their address, and an assignment in one's own unit."""

    email = forms.EmailField(
        label="Medarbetarens e-postadress",
        error_messages={"invalid": "Skriv en hel e-postadress, till exempel namn@kommunen.se."},
    )
    field_order = ("email", "role", "unit", "title", "branches", "qualifications", "valid_from", "valid_to")


class EndForm(forms.Form):
    """The last day of an assignment."""

    last_day = DateField(
        label="Sista dagen",
        help_text="Uppdraget gäller dagen ut. Skriv gårdagens datum om det ska upphöra genast.",
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["last_day"]
        field.initial = today
        field.not_before, field.not_after = today - timedelta(days=1), today + FIVE_YEARS  # type: ignore[attr-defined]
        field.why_before = ": ett uppdrag avslutas inte bakåt i tiden"  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    """The name of a unit."""

    name = forms.CharField(label="Enhetens namn", max_length=120)


class NewUnitForm(UnitForm):
    """A new unit, and on which side of the wall it stands."""

    side = forms.ChoiceField(
        label="Sida", choices=Unit.SIDES, widget=forms.RadioSelect,
        help_text="Avgör vilka roller som kan finnas i enheten. Går inte att ändra senare.",
    )  # fmt: skip


class FirstPasswordForm(forms.Form):
    """A new password, twice."""

    password1 = forms.CharField(
        label="Nytt lösenord", strip=False, help_text="Minst 14 tecken. Flera ord i rad går bra.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label="Nytt lösenord igen", strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Check that both are the same, long enough, and no common word."""
        found = super().clean() or {}
        first, second = found.get("password1"), found.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Lösenorden är inte lika. Skriv samma två gånger.")
        elif first and second:
            try:
                validate_password(first, self.user)
            except ValidationError as wrong:
                self.add_error("password1", wrong)
        return found
