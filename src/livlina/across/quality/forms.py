"""The room's forms."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from livlina.across.quality.models import JUDGEMENTS, SOURCES, TRACKS
from livlina.across.quality.tracks import KINDS
from livlina.core.clock import SWEDEN, today
from livlina.core.models import Assignment
from livlina.core.ui.forms import DateField


class DeviationForm(forms.Form):
    """Two taps and a sentence: the rest can be said later."""

    what = forms.CharField(
        label="Vad hände?",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv vad som hände."},
    )
    day = DateField(label="Vilken dag?", initial=lambda: today().isoformat())
    clock = forms.TimeField(
        label="Klockslag",
        required=False,
        help_text="Till exempel 14.30",
        input_formats=["%H.%M", "%H:%M", "%H%M"],
    )
    track = forms.ChoiceField(
        label="Vad rör det?", choices=TRACKS, widget=forms.RadioSelect, initial="social"
    )
    measure = forms.CharField(
        label="Vad gjorde du genast?", widget=forms.Textarea({"rows": 2}), required=False
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean(self) -> dict:
        """Join day and time of day to the Swedish moment `happened_at`, no later than now."""
        cleaned = super().clean() or {}
        if cleaned.get("day"):
            moment = datetime.combine(cleaned["day"], cleaned.get("clock") or time(0, 0), SWEDEN)
            if moment > self.now:
                self.add_error("day", "Tidpunkten ligger i framtiden. Skriv när det hände.")
            cleaned["happened_at"] = moment
        return cleaned


class StepForm(forms.Form):
    """What a manager says about a report."""

    step = forms.ChoiceField(
        label="Vad gör du?",
        choices=[("judge", "Bedömer"), ("measure", "Antecknar en åtgärd"), ("close", "Avslutar")],
        widget=forms.RadioSelect,
        initial="judge",
    )
    judgement = forms.ChoiceField(
        label="Bedömning", choices=[("", "Ingen ny bedömning"), *JUDGEMENTS], required=False
    )
    text = forms.CharField(
        label="Motivering",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv en motivering."},
    )

    def clean(self) -> dict:
        """A judgement says what the event is."""
        cleaned = super().clean() or {}
        if cleaned.get("step") == "judge" and not cleaned.get("judgement"):
            self.add_error("judgement", "Välj en bedömning.")
        return cleaned


FUNCTIONS = [
    ("web", "Livlinas sidor"),
    ("sign_in", "Inloggningen"),
    ("journal", "Journalen"),
    ("alarms", "Trygghetslarmen"),
    ("doors", "De digitala låsen"),
    ("field", "Telefonerna"),
    ("reserve", "Reserven"),
]
"""What an event of IT may have stopped, in the words of the status page."""


def moment_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateTimeField:
    """A day and time of day as people write them here: 2026-02-03 14.30."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text or "Till exempel 2026-02-03 14.30",
        input_formats=["%Y-%m-%d %H.%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"invalid": "Skriv dag och klockslag, till exempel 2026-02-03 14.30."},
    )


class IncidentForm(forms.Form):
    """An event for the register."""

    title = forms.CharField(
        label="Rubrik", max_length=120, help_text="Utan namn. Till exempel: Larmen tysta i norra området"
    )
    what = forms.CharField(label="Vad har hänt?", widget=forms.Textarea({"rows": 4}))
    begun_at = moment_field("När började det?")
    noticed_at = moment_field(
        "När märktes det?", "Lagens tider räknas härifrån. Till exempel 2026-02-03 14.30"
    )
    ended_at = moment_field("När var det över?", "Lämna tomt om det pågår.", required=False)
    source = forms.ChoiceField(
        label="Vem berättade?", choices=[one for one in SOURCES if one[0] != "monitoring"], initial="staff"
    )
    functions = forms.MultipleChoiceField(
        label="Vad stod stilla?", choices=FUNCTIONS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Kryssa det som inte gick att använda. Lämna tomt om det inte rör IT.",
    )  # fmt: skip
    tracks = forms.MultipleChoiceField(
        label="Öppna spår", choices=(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Ett spår för varje lag som kan gälla. Fler kan öppnas senare.",
    )  # fmt: skip

    def __init__(self, *args: Any, role: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["tracks"]
        field.choices = kinds_for(role)  # type: ignore[attr-defined]
        if not field.choices:  # type: ignore[attr-defined]
            del self.fields["tracks"]


def kinds_for(role: str) -> list[tuple[str, str]]:
    """The tracks a role may own."""
    return [(kind.code, f"{kind.words} ({kind.to})") for kind in KINDS.values() if role in kind.roles]


class EntryForm(forms.Form):
    """What one's own side saw."""

    kind = forms.ChoiceField(
        label="Vad skriver du?", choices=[("told", "Vad vi såg"), ("cause", "En orsak")], initial="told"
    )
    at = moment_field("När var det?")
    text = forms.CharField(label="Text", widget=forms.Textarea({"rows": 3}), help_text="Skriv inga namn.")


class EndForm(forms.Form):
    """When it was over."""

    ended_at = moment_field("När var det över?")
    text = forms.CharField(label="Hur vet ni det?", widget=forms.Textarea({"rows": 2}), required=False)


class JudgeForm(forms.Form):
    """Whether a draft is an event."""

    real = forms.ChoiceField(
        label="Är det en händelse?", choices=[("yes", "Ja, registrera"), ("no", "Nej, skriv av")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(label="Kort om varför", widget=forms.Textarea({"rows": 2}), required=False)


class JudgeCitizenForm(JudgeForm):
    """The same of what a citizen told, with what is written to them."""

    answer = forms.CharField(
        label="Svar till den som berättade", widget=forms.Textarea({"rows": 4}), required=False,
        help_text="Läses av den enskilde. Skriv vad ni har sett och vad som händer nu, utan namn på personal.",
    )  # fmt: skip

    def __init__(self, *args: Any, answers: bool, needed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.needed = needed
        if not answers:
            del self.fields["answer"]

    def clean(self) -> dict:
        """What is written off says why, inside and to whoever told it."""
        cleaned = super().clean() or {}
        if cleaned.get("real") == "no":
            if not cleaned.get("text"):
                self.add_error("text", "Skriv varför den avskrivs.")
            if self.needed and not cleaned.get("answer"):
                self.add_error("answer", "Den som berättade ska få ett svar innan du skriver av.")
        return cleaned


class AnswerForm(forms.Form):
    """What is written to a citizen who told."""

    text = forms.CharField(
        label="Svar till den som berättade", widget=forms.Textarea({"rows": 4}),
        help_text="Läses av den enskilde. Skriv inga namn på personal.",
        error_messages={"required": "Skriv ett svar till den som berättade."},
    )  # fmt: skip


class GiveForm(forms.Form):
    """To whose desk a citizen's telling goes."""

    to = forms.ChoiceField(
        label="Vem ska ha det?", choices=(), error_messages={"required": "Välj vem som ska ha det."}
    )

    def __init__(self, *args: Any, heirs: list[tuple[Any, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [("", "Välj"), *((str(key), words) for key, words in heirs)]  # type: ignore[attr-defined]


class TellForm(forms.Form):
    """What anybody may tell, signed in or not. In the order one would say it."""

    hurt = forms.ChoiceField(
        label=_("Är någon skadad eller i fara nu?"), widget=forms.RadioSelect,
        choices=[("no", _("Nej")), ("hurt", _("Någon har skadats, men är i säkerhet nu")),
                 ("danger", _("Ja, någon är i fara just nu"))],
        error_messages={"required": _("Välj ett svar.")},
    )  # fmt: skip
    help = forms.ChoiceField(
        label=_("Vad gäller det?"), widget=forms.RadioSelect,
        choices=[("home_care", _("Hemtjänsten")), ("alarm", _("Trygghetslarmet")),
                 ("e_service", _("Inloggningen eller e-tjänsterna")), ("other", _("Något annat"))],
        error_messages={"required": _("Välj vad det gäller.")},
    )  # fmt: skip
    what = forms.CharField(
        label=_("Vad hände?"), widget=forms.Textarea({"rows": 6}), max_length=8000,
        help_text=_("Berätta med egna ord. Skriv inga personnummer."),
        error_messages={"required": _("Skriv vad som hände.")},
    )  # fmt: skip
    day = DateField(label=_("Vilken dag?"), help_text=_("Minns du inte säkert: skriv ungefär."))
    clock = forms.CharField(
        label=_("När på dagen?"), max_length=60, required=False, help_text=_("Till exempel: på kvällen.")
    )
    place = forms.CharField(label=_("Var?"), max_length=120, required=False)
    contact = forms.CharField(
        label=_("Hur når vi dig om vi behöver fråga?"), max_length=160, required=False,
        help_text=_("Telefon eller e-post. Du behöver inte skriva något."),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].not_after = today  # type: ignore[attr-defined]


class OwnTellForm(TellForm):
    """The same from Mina sidor: of whom, and who is to read it."""

    field_order = ("hurt", "about", "help", "what", "day", "clock", "place", "rather", "contact")
    about = forms.ChoiceField(
        label=_("Vem gäller det?"), widget=forms.RadioSelect, choices=(),
        error_messages={"required": _("Välj vem det gäller.")},
    )  # fmt: skip
    rather = forms.BooleanField(
        label=_("Låt kommunen läsa i stället för dem som ger hjälpen"), required=False
    )

    def __init__(self, *args: Any, served: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].choices = served  # type: ignore[attr-defined]
        if len(served) == 1:
            del self.fields["about"]


class OpenForm(forms.Form):
    """One more track."""

    kind = forms.ChoiceField(label="Spår", choices=())

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


def colleagues(municipality_id: int) -> list[tuple[str, str]]:
    """Those who may be asked to do something: everyone with an assignment today, by name."""
    held = Assignment.objects.filter(municipality_id=municipality_id).valid(today())
    rows = held.select_related("user", "unit").order_by("user__name", "id")
    return [(str(one.pk), f"{one.user.name}, {one.title}, {one.unit.name}") for one in rows]


class MeasureForm(forms.Form):
    """What is to be done so that it does not happen again."""

    what = forms.CharField(label="Vad ska göras?", widget=forms.Textarea({"rows": 2}))
    owner = forms.ChoiceField(label="Vem gör det?", choices=())
    due_on = DateField(label="Senast")

    def __init__(self, *args: Any, municipality_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", "Välj"), *colleagues(municipality_id)]  # type: ignore[attr-defined]


class WorkForm(forms.Form):
    """A step on a track: a judgement, a stage of the law, a hand-over, a note, the end."""

    step = forms.ChoiceField(label="Vad gör du?", choices=(), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label="Utredningen kom fram till", choices=(), required=False)
    receipt = forms.CharField(
        label="Myndighetens diarienummer", max_length=80, required=False, help_text="Om det är anmält."
    )
    to = forms.ChoiceField(label="Lämna till", choices=(), required=False)
    text = forms.CharField(
        label="Motivering",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Skriv en motivering."},
    )

    def __init__(
        self,
        *args: Any,
        stages: list[tuple[str, str]],
        outcomes: list[tuple[str, str]],
        heirs: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        steps = [("applies", "Bedömer: lagen gäller"), ("not", "Bedömer: lagen gäller inte"), *stages]
        steps += [("given", "Lämnar över"), ("note", "Antecknar"), ("closed", "Avslutar spåret")]
        self.fields["step"].choices = steps  # type: ignore[attr-defined]
        for name, choices in (("outcome", outcomes), ("to", heirs)):
            self.fields[name].choices = [("", "Välj"), *choices]  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]

    def clean(self) -> dict:
        """A hand-over says to whom."""
        cleaned = super().clean() or {}
        if cleaned.get("step") == "given" and not cleaned.get("to"):
            self.add_error("to" if "to" in self.fields else None, "Välj vem som tar över.")
        return cleaned


class DoneForm(forms.Form):
    """A measure that is done, or whether it helped; or a person who is looked to."""

    helped = forms.ChoiceField(
        label="Hjälpte åtgärden?",
        choices=[("yes", "Ja"), ("no", "Nej")],
        widget=forms.RadioSelect,
        required=False,
    )
    text = forms.CharField(label="Hur gick det?", widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, asks_effect: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_effect:
            del self.fields["helped"]


class PeriodForm(forms.Form):
    """The days of a report."""

    first = DateField(label="Från och med")
    last = DateField(label="Till och med")

    def clean(self) -> dict:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", "Sista dagen ligger före den första.")
        return cleaned
