"""The room's forms. A change form knows its page's words and which action it stands for."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.ids import ANY_KIND, IdentityNumberField
from livlina.core.models import Assignment, User
from livlina.core.ui.forms import DateField, OnceMixin
from livlina.registers.people import actions, queries
from livlina.registers.people.models import Contact, Mandate, Person, Relation


class RegisterForm(OnceMixin):
    """Someone the municipality has not met before."""

    number = IdentityNumberField(
        allow=ANY_KIND,
        required=False,
        label="Personnummer",
        help_text="Även samordningsnummer eller reservnummer. Lämna tomt om personen saknar nummer.",
    )
    given_names = forms.CharField(label="Förnamn", max_length=120)
    called_name = forms.CharField(label="Tilltalsnamn", max_length=60, required=False)
    family_name = forms.CharField(label="Efternamn", max_length=120)
    birth_date = DateField(
        label="Födelsedatum", required=False, help_text="Om det inte är det i personnumret."
    )
    street = forms.CharField(label="Gatuadress", max_length=160, required=False)
    postcode = forms.CharField(label="Postnummer", max_length=6, required=False)
    city = forms.CharField(label="Ort", max_length=80, required=False)
    language = forms.CharField(label="Språk, om annat än svenska", max_length=40, required=False)
    interpreter = forms.BooleanField(label="Behöver tolk", required=False)
    protection = forms.ChoiceField(
        label="Skyddade personuppgifter",
        choices=Person.Protection.choices,
        initial="none",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        _judge_by(self, day_of(now))

    def save(self, by: Actor, now: datetime) -> Person:
        """Register the person. Raises PeopleFault."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "submission_key"}
        if given["birth_date"] is None:
            del given["birth_date"]  # then the number says
        return actions.register_person(by=by, now=now, **given)


class ChangeForm(OnceMixin):
    """One change to one person, on a page of its own. Subclasses say the words and do the deed."""

    verb: ClassVar[str] = "people.write"
    path: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str] = "Spara"
    done: ClassVar[str] = "Sparat."

    def __init__(self, *args: Any, person: Person, now: datetime, **options: Any) -> None:
        self.person = person
        super().__init__(*args, initial=self.start(person), **options)
        _judge_by(self, day_of(now))

    def start(self, person: Person) -> dict[str, Any]:
        """What stands in the fields when the page is opened."""
        return {}

    def save(self, by: Actor, now: datetime) -> None:
        """Do it: each change says how, and this one is no change by itself. Raises PeopleFault."""
        raise NotImplementedError


class DetailsForm(ChangeForm):
    """Name, language and registered address."""

    path, title = "details", "Ändra namn och uppgifter"

    given_names = forms.CharField(label="Förnamn", max_length=120)
    called_name = forms.CharField(label="Tilltalsnamn", max_length=60, required=False)
    family_name = forms.CharField(label="Efternamn", max_length=120)
    street = forms.CharField(label="Gatuadress", max_length=160, required=False)
    postcode = forms.CharField(label="Postnummer", max_length=6, required=False)
    city = forms.CharField(label="Ort", max_length=80, required=False)
    language = forms.CharField(label="Språk, om annat än svenska", max_length=40, required=False)
    interpreter = forms.BooleanField(label="Behöver tolk", required=False)

    NAMES: ClassVar = ("given_names", "called_name", "family_name")
    PLACE: ClassVar = ("street", "postcode", "city")

    def __init__(self, *args: Any, person: Person, now: datetime, **options: Any) -> None:
        super().__init__(*args, person=person, now=now, **options)
        if person.is_protected:  # the address is neither shown nor changed here
            for name in self.PLACE:
                del self.fields[name]

    def start(self, person: Person) -> dict[str, Any]:
        """What is known."""
        return {name: getattr(person, name) for name in (*self.NAMES, *self.PLACE, "language", "interpreter")}

    def save(self, by: Actor, now: datetime) -> None:
        """Change only what was changed on the page."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name != "submission_key"}
        if set(changed) & set(self.NAMES):
            wanted = {name: self.cleaned_data[name] for name in self.NAMES}
            actions.change_name(self.person, by=by, now=now, **wanted)
        if details := {name: value for name, value in changed.items() if name not in self.NAMES}:
            actions.change_details(self.person, by=by, now=now, **details)


class NumberForm(ChangeForm):
    """A new current number."""

    path, title, button = "number", "Byt personnummer", "Byt nummer"

    number = IdentityNumberField(
        allow=ANY_KIND, label="Nytt nummer", help_text="Det gamla numret finns kvar i historiken."
    )

    def save(self, by: Actor, now: datetime) -> None:
        """Add the number."""
        actions.add_number(self.person, self.cleaned_data["number"], by=by, now=now)


class DeathForm(ChangeForm):
    """A death."""

    path, title, button = "death", "Registrera dödsfall", "Registrera"

    died_on = DateField(label="Dödsdatum", help_text="Inget ärende stängs. Handläggarna får en bevakning.")

    def save(self, by: Actor, now: datetime) -> None:
        """Record it."""
        actions.record_death(self.person, self.cleaned_data["died_on"], by=by, now=now)


class ContactForm(ChangeForm):
    """A way to reach the person."""

    path, title, button = "contacts", "Lägg till kontaktväg", "Lägg till"

    kind = forms.ChoiceField(label="Sätt", choices=Contact.Kind.choices, widget=forms.RadioSelect)
    value = forms.CharField(label="Nummer eller adress", max_length=200)
    note = forms.CharField(label="Kommentar", max_length=200, required=False)
    protected_route = forms.BooleanField(
        label="Skyddad kontaktväg (den enda som får användas)", required=False
    )

    def save(self, by: Actor, now: datetime) -> None:
        """Add it."""
        wanted = dict(self.cleaned_data)
        del wanted["submission_key"]
        actions.add_contact(self.person, wanted.pop("kind"), wanted.pop("value"), by=by, now=now, **wanted)


class RelationForm(ChangeForm):
    """Someone near the person."""

    path, title, button = "relations", "Lägg till närstående", "Lägg till"

    kind = forms.ChoiceField(label="Relation", choices=Relation.Kind.choices)
    name = forms.CharField(label="Namn", max_length=160)
    phone = forms.CharField(label="Telefon", max_length=40, required=False)
    email = forms.EmailField(label="E-post", required=False)
    consent = forms.BooleanField(
        label="Personen samtycker till att den närstående informeras", required=False
    )
    first_choice = forms.BooleanField(label="Kontaktas i första hand", required=False)

    def save(self, by: Actor, now: datetime) -> None:
        """Add it."""
        wanted = dict(self.cleaned_data)
        del wanted["submission_key"]
        actions.add_relation(self.person, wanted.pop("kind"), wanted.pop("name"), by=by, now=now, **wanted)


class MandateForm(ChangeForm):
    """Someone who may act for the person."""

    path, title, button = "mandates", "Lägg till företrädare", "Lägg till"

    kind = forms.ChoiceField(label="Slag", choices=Mandate.Kind.choices)
    number = IdentityNumberField(label="Företrädarens personnummer")
    given_names = forms.CharField(
        label="Företrädarens förnamn",
        max_length=120,
        required=False,
        help_text="Om hen inte redan är registrerad.",
    )
    family_name = forms.CharField(label="Företrädarens efternamn", max_length=120, required=False)
    scope = forms.ChoiceField(
        label="Omfattning", choices=Mandate.Scope.choices, initial=Mandate.Scope.SERVICES
    )
    valid_from = DateField(label="Gäller från")
    valid_to = DateField(label="Gäller till och med", required=False)
    proof = forms.CharField(
        label="Underlag",
        max_length=200,
        help_text="Vad du har sett, till exempel fullmakt i original den 2 mars.",
    )

    def clean(self) -> dict[str, Any]:
        """A holder nobody has registered needs a name."""
        cleaned = super().clean() or {}
        named = cleaned.get("given_names") and cleaned.get("family_name")
        self.holder_is_new = bool(named)
        return cleaned

    def save(self, by: Actor, now: datetime) -> None:
        """Find or register the holder, and write the mandate."""
        said = self.cleaned_data
        holder = queries.by_number(by, said["number"])
        if holder is None:
            if not self.holder_is_new:
                raise HolderUnknown
            holder = actions.register_person(
                given_names=said["given_names"],
                family_name=said["family_name"],
                number=said["number"],
                by=by,
                now=now,
            )
        dates = {name: said[name] for name in ("valid_from", "valid_to", "scope", "proof")}
        actions.give_mandate(self.person, holder, said["kind"], by=by, now=now, **dates)


class HolderUnknown(actions.PeopleFault):
    """The holder of a mandate is not in the register, and no name was given."""

    swedish = "Företrädaren finns inte i registret. Skriv för- och efternamn, så registreras hen."


class ProtectionForm(ChangeForm):
    """Protected identity."""

    verb = "people.protect"
    path, title = "protection", "Skyddade personuppgifter"

    kind = forms.ChoiceField(
        label="Skydd",
        choices=Person.Protection.choices,
        widget=forms.RadioSelect,
        help_text="Du blir en av de namngivna som får öppna personen. Alla andra slutar att hitta den.",
    )

    def start(self, person: Person) -> dict[str, Any]:
        """What holds."""
        return {"kind": person.protection}

    def save(self, by: Actor, now: datetime) -> None:
        """Set it."""
        actions.set_protection(self.person, self.cleaned_data["kind"], by=by, now=now)


class SameForm(ChangeForm):
    """That a row without a number is someone who has one."""

    verb = "people.merge"
    path, title, button = "same", "Samma person som någon som redan finns", "Knyt ihop"
    done = "Registreringarna hör nu ihop. Det som är skrivet här står kvar, och personen söks fram med sitt nummer."

    number = IdentityNumberField(
        label="Personens nummer",
        help_text="Numret på den registrering som ska gälla. Den måste redan finnas.",
    )
    reason = forms.CharField(
        label="Hur vet du att det är samma person?", max_length=400, widget=forms.Textarea({"rows": 3})
    )

    def save(self, by: Actor, now: datetime) -> None:
        """Find the other row, and mark this one."""
        real = queries.by_number(by, self.cleaned_data["number"])
        if real is None:
            raise NobodyHasIt
        actions.mark_same(self.person, real, reason=self.cleaned_data["reason"], by=by, now=now)


class NobodyHasIt(actions.PeopleFault):
    """No row has the number that two rows should share."""

    swedish = "Ingen träff på numret. Är det personens eget nya nummer: välj ”Byt personnummer” på översikten i stället."


class FewForm(ChangeForm):
    """One more of the named few."""

    verb = "people.name_the_few"
    path, title, button = "named-few", "Namngivna som får öppna personen", "Ge behörighet"

    user = forms.ModelChoiceField(
        label="Medarbetare", queryset=User.objects.none(), empty_label="Välj medarbetare"
    )
    reason = forms.CharField(label="Skäl", max_length=200)
    until = DateField(label="Till och med", required=False)

    def __init__(self, *args: Any, person: Person, now: datetime, by: Actor, **options: Any) -> None:
        super().__init__(*args, person=person, now=now, **options)
        colleagues = Assignment.objects.filter(unit_id=by.unit_id).valid(day_of(now)).values("user_id")
        self.fields["user"].queryset = User.objects.filter(pk__in=colleagues, is_active=True).order_by("name")  # type: ignore[attr-defined]

    def save(self, by: Actor, now: datetime) -> None:
        """Name them."""
        said = self.cleaned_data
        actions.grant_protected_access(
            self.person, said["user"], reason=said["reason"], until=said["until"], by=by, now=now
        )


class AddressForm(forms.Form):
    """Why a protected person's address is needed."""

    reason = forms.CharField(label="Varför behöver du adressen?", max_length=200)


CHANGES: tuple[type[ChangeForm], ...] = (
    DetailsForm,
    NumberForm,
    DeathForm,
    ContactForm,
    RelationForm,
    MandateForm,
    ProtectionForm,
    SameForm,
)


def _judge_by(form: forms.Form, today: date) -> None:
    """Let date and number fields go by the request's day."""
    for field in form.fields.values():
        if isinstance(field, IdentityNumberField | DateField):
            field.today = lambda: today  # type: ignore[method-assign]
