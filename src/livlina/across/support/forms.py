"""The room's forms. What is typed is judged by the actions; here it is only asked for."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from livlina.across.support.models.codes import AUDIENCES, KINDS, LINES, PRIORITIES
from livlina.across.support.privacy import REFUSED, holds_number
from livlina.core.clock import day_of
from livlina.core.ids import IdentityNumberField
from livlina.core.ui.forms import DateField


class WithoutNumbers(forms.Form):
    """A form no text of which may hold a person number: it is refused in words, and stays as it was typed."""

    free: tuple[str, ...] = ("text",)

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean(self) -> dict[str, Any]:
        """Look through what was written freely."""
        given = super().clean() or {}
        for name in self.free:
            if holds_number(str(given.get(name, "")), day_of(self.now)):
                self.add_error(name, REFUSED)
        return given


class AskForm(WithoutNumbers):
    """One question. Which page it came from is sent along by itself."""

    text = forms.CharField(
        label=_("Vad behöver du hjälp med?"),
        help_text=_("Skriv inga namn eller personnummer. Vilken sida du kom från följer med av sig själv."),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Skriv vad du behöver hjälp med.")},
        max_length=8000,
    )
    file = forms.FileField(
        label=_("Bild eller fil"),
        help_text=_("En skärmbild hjälper ofta. Se till att ingen enskild syns på den."),
        required=False,
    )


class StaffAskForm(AskForm):
    """A question from somebody who works."""

    field_order = ("text", "priority", "file")
    priority = forms.ChoiceField(
        label="Hur bråttom är det?",
        choices=[
            ("normal", "Jag kan arbeta så länge"),
            ("high", "Jag kommer inte vidare i mitt arbete"),
            ("acute", "Någon kan fara illa"),
        ],
        widget=forms.RadioSelect,
        initial="normal",
    )


class CorrectionForm(WithoutNumbers):
    """A note on the wrong person: why, in words without names."""

    text = forms.CharField(
        label="Vad har blivit fel?",
        help_text="Skriv inga namn eller personnummer. Supporten ringer dig och frågar vem anteckningen gäller.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv vad som har blivit fel."},
    )


class PhoneForm(WithoutNumbers):
    """What the first line writes down while somebody is on the telephone."""

    free = ("name", "subject", "text")
    name = forms.CharField(
        label="Vem ringer?", max_length=160, error_messages={"required": "Skriv vem som ringer."}
    )
    phone = forms.CharField(label="Telefon att ringa tillbaka på", max_length=40, required=False)
    unit = forms.ChoiceField(label="Enhet", required=False)
    subject = forms.CharField(
        label="Vad gäller det?", max_length=160, error_messages={"required": "Skriv vad det gäller."}
    )
    kind = forms.ChoiceField(label="Slag", choices=KINDS, initial="other")
    text = forms.CharField(
        label="Vad säger den som ringer?",
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Skriv vad den som ringer säger."},
    )
    tried = forms.ChoiceField(label="Lathund ni har provat", required=False)
    helped = forms.BooleanField(label="Det hjälpte: avsluta samtalet som löst", required=False)
    priority = forms.ChoiceField(
        label="Prioritet", choices=PRIORITIES, initial="normal", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, units: Any, sheets: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", "Vet inte"), *units]  # type: ignore[attr-defined]
        self.fields["tried"].choices = [("", "Ingen"), *sheets]  # type: ignore[attr-defined]


class WriteForm(WithoutNumbers):
    """What the support writes in a ticket, and for whom."""

    text = forms.CharField(
        label="Skriv", widget=forms.Textarea({"rows": 6}), error_messages={"required": "Skriv något."}
    )
    write = forms.ChoiceField(
        label="Vad är det?",
        choices=[
            ("answer", "Svar till den som frågade"),
            ("ask_back", "Fråga tillbaka: klockan stannar tills svaret kommer"),
            ("solve", "Löst: så här blev det"),
            ("note", "Intern anteckning: syns bara i supporten"),
        ],
        widget=forms.RadioSelect,
        initial="answer",
    )
    file = forms.FileField(label="Bifoga en fil", help_text="Den som frågade ser den.", required=False)


class MoreForm(WithoutNumbers):
    """What whoever asked adds."""

    text = forms.CharField(
        label=_("Skriv mer"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Skriv något.")},
        max_length=8000,
    )
    file = forms.FileField(label=_("Bild eller fil"), required=False)


class GiveForm(forms.Form):
    """To whom of the line."""

    user = forms.TypedChoiceField(
        label="Lämna till", coerce=int, error_messages={"required": "Välj en kollega."}
    )

    def __init__(self, *args: Any, people: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].choices = [("", "Välj"), *people.items()]  # type: ignore[attr-defined]


class LineForm(WithoutNumbers):
    """To the other line, with what has been done."""

    free = ("why",)
    line = forms.TypedChoiceField(label="Till linje", coerce=int, choices=LINES[:2])
    why = forms.CharField(
        label="Vad är gjort?",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Skriv vad som är gjort, så att nästa slipper fråga."},
    )


class SortForm(forms.Form):
    """What it is about and how urgent it is."""

    kind = forms.ChoiceField(label="Slag", choices=KINDS)
    priority = forms.ChoiceField(label="Prioritet", choices=PRIORITIES)


class JoinForm(forms.Form):
    """Another ticket, by its number."""

    number = forms.CharField(
        label="Ärendenummer", max_length=16, error_messages={"required": "Skriv det andra ärendets nummer."}
    )
    how = forms.ChoiceField(
        label="Hur?",
        choices=[("link", "De hör ihop"), ("merge", "Slå ihop: gå vidare i det andra")],
        widget=forms.RadioSelect,
        initial="link",
    )


class OutForm(WithoutNumbers):
    """What a supplier is asked. They see this text, the page's name and the error's name: nothing of who asked."""

    free = ("words",)
    supplier = forms.ChoiceField(label="Leverantör")
    words = forms.CharField(
        label="Fråga till leverantören",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv vad leverantören ska svara på."},
    )

    def __init__(self, *args: Any, suppliers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["supplier"].choices = suppliers  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Where a note belongs: the number is typed here, never in the ticket."""

    number = IdentityNumberField(label="Rätt persons personnummer")
    reason = forms.CharField(
        label="Skäl", max_length=160, error_messages={"required": "Skriv varför anteckningen flyttas."}
    )


class DeskForm(forms.Form):
    """Whose desk goes to whom."""

    owner = forms.TypedChoiceField(
        label="Från", coerce=int, error_messages={"required": "Välj vems skrivbord."}
    )
    to = forms.ChoiceField(label="Till", required=False)
    why = forms.CharField(label="Varför?", max_length=160, required=False)

    def __init__(self, *args: Any, owners: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", "Linjen: den som är ledig tar det"), *people]  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who stands in."""

    user = forms.TypedChoiceField(label="Vem är borta?", coerce=int, error_messages={"required": "Välj vem."})
    first_day = DateField(label="Från och med")
    last_day = DateField(label="Till och med")
    substitute = forms.ChoiceField(label="Ersättare", required=False)

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].choices = [("", "Välj"), *people]  # type: ignore[attr-defined]
        self.fields["substitute"].choices = [("", "Ingen: ärendena går till linjen"), *people]  # type: ignore[attr-defined]


class SheetForm(WithoutNumbers):
    """A cheat-sheet."""

    free = ("title", "body")
    title = forms.CharField(label="Rubrik", max_length=120, error_messages={"required": "Skriv en rubrik."})
    body = forms.CharField(
        label="Gör så här",
        help_text="En rad för varje steg. Skriv vad knapparna heter.",
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": "Skriv vad man gör, steg för steg."},
    )
    keywords = forms.CharField(
        label="Andra ord", help_text="Vad folk säger när de frågar.", max_length=300, required=False
    )
    kind = forms.ChoiceField(label="Slag", choices=KINDS)
    audience = forms.ChoiceField(label="För vem?", choices=AUDIENCES)
    pages = forms.CharField(
        label="Sidor",
        help_text="Början av sidans namn, en på varje rad: journal: eller cases:decide.",
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )


class FaultForm(WithoutNumbers):
    """A known fault."""

    free = ("title", "workaround")
    title = forms.CharField(
        label="Vad är fel?", max_length=160, error_messages={"required": "Skriv vad som är fel."}
    )
    workaround = forms.CharField(
        label="Gör så här så länge",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv hur man gör så länge."},
    )
    pages = forms.MultipleChoiceField(
        label="Var ska det synas?",
        help_text="Inget val betyder överallt.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pages"].choices = AREAS  # type: ignore[attr-defined]


AREAS = [
    ("journal", "Journal"),
    ("cases", "Ärenden"),
    ("orders", "Beställningar"),
    ("homecare_provider", "Hemtjänst och hemsjukvård"),
    ("alarms_provider", "Larm"),
    ("doors", "Dörrar"),
    ("aid", "Försörjningsstöd"),
    ("people", "Personer"),
    ("portal", "Startsidor och inloggning"),
]
ROLE_NAMES = {code: role.swedish for code, role in settings.ROLES.items()}
