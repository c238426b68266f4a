"""The officer's forms: made from the processes' own questions, and the few that are the room's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms import formset_factory

from livlina.authority.cases.actions.closing import NEEDS_REASON
from livlina.authority.cases.engine import FactSpec, FactWrong
from livlina.authority.cases.models.application import CHANNELS
from livlina.authority.cases.models.document import HOW as SERVED_HOW
from livlina.authority.cases.queries.forms import FieldView
from livlina.core.calendar import Channel
from livlina.core.ui.forms import DateField

FEW = 6
"""More choices than this are a list to open, not buttons."""

MOST = 5_000_000
"""Of anything a decision grants: hours are few, kronor are many."""

ON_PAPER = [pair for pair in CHANNELS if pair[0] != Channel.E_SERVICE]


class Answer(forms.Field):
    """What was posted, untouched: the fact itself says what is wrong with it."""

    def validate(self, value: Any) -> None:
        """Nothing: what is missing, the process knows."""


class AnswerDate(DateField):
    """A date as people write it; that it is missing, the process says."""

    def validate(self, value: date | None) -> None:
        """Only the limits."""
        if value is not None:
            super().validate(value)


class LifeAreas(forms.Widget):
    """One row per life area: a need, and words. An area without either is not assessed."""

    template_name = "cases/widgets/life_areas.html"
    use_fieldset = True

    def __init__(self, spec: FactSpec) -> None:
        super().__init__()
        self.spec = spec

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """The areas that have a need or words."""
        found = []
        for row in self.spec.options():
            need = data.get(f"{name}-{row.code}-need", "")
            text = data.get(f"{name}-{row.code}-text", "").strip()
            if need or text:
                found.append({"area": row.code, "need": need, "text": text})
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never: an empty table is an answer."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The rows, each main area followed by its parts."""
        given = {row["area"]: row for row in value or [] if isinstance(row, dict)}
        needs = [(row.code, str(row.label)) for table in self.spec.ratings[-1:] for row in table.codes]
        rows = [
            {
                "code": row.code,
                "label": str(row.label),
                "part": bool(row.under),
                "need": given.get(row.code, {}).get("need", ""),
                "text": given.get(row.code, {}).get("text", ""),
            }
            for row in self.spec.options()
        ]
        return super().get_context(name, value, attrs) | {"rows": rows, "needs": needs, "name": name}


def _choices(spec: FactSpec) -> list[tuple[str, str]]:
    return [(row.code, str(row.label)) for row in spec.options()]


def _choice(spec: FactSpec) -> forms.Field:
    options = _choices(spec)
    if len(options) <= FEW:
        return Answer(widget=forms.RadioSelect(choices=options))
    return Answer(widget=forms.Select(choices=[("", "Välj …"), *options]))


WIDGETS: dict[str, Callable[[FactSpec], forms.Field]] = {
    "text": lambda spec: Answer(widget=forms.TextInput),
    "long_text": lambda spec: Answer(widget=forms.Textarea(attrs={"rows": 4})),
    "yes_no": lambda spec: Answer(widget=forms.RadioSelect(choices=[("yes", "Ja"), ("no", "Nej")])),
    "choice": _choice,
    "choices": lambda spec: Answer(widget=forms.CheckboxSelectMultiple(choices=_choices(spec))),
    "date": lambda spec: AnswerDate(),
    "number": lambda spec: Answer(widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10})),
    "period": lambda spec: Answer(widget=forms.TextInput),
    "rated_choices": lambda spec: Answer(widget=LifeAreas(spec)),
    "person_ref": lambda spec: Answer(widget=forms.HiddenInput),
}


class FactForm(forms.Form):
    """The questions of one form of a process. `cleaned_data["answers"]` are facts, for the actions."""

    def __init__(self, fields: Iterable[FieldView], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.views = {view.spec.name: view for view in fields if not view.carried}
        for name, view in self.views.items():
            field = WIDGETS[view.spec.type](view.spec)
            field.label, field.required = str(view.spec.label), view.required
            field.help_text = " ".join(filter(None, [str(view.spec.help), view.said]))
            field.initial = shown_raw(view.spec, view.raw)
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """Let each fact read its answer, and put what is wrong at its field."""
        data = super().clean() or {}
        answers: dict[str, Any] = {}
        for name, view in self.views.items():
            if name in self.errors:
                continue
            try:
                answers[name] = view.spec.parse(data.get(name))
            except FactWrong as wrong:
                self.add_error(name, str(wrong))
        return {"answers": answers}

    def add_refusal(self, errors: Mapping[str, str]) -> None:
        """Put an action's faults at their fields, or above the form."""
        for name, text in errors.items():
            self.add_error(name if name in self.fields else None, text)


def shown_raw(spec: FactSpec, raw: Any) -> Any:
    """Return a stored value as its widget wants it."""
    if spec.type == "yes_no" and isinstance(raw, bool):
        return "yes" if raw else "no"
    return raw


class RegisterForm(forms.Form):
    """An application that came on paper, by telephone or at a visit."""

    process_code = forms.ChoiceField(
        label="Vad ansökan gäller", error_messages={"required": "Välj vad ansökan gäller."}
    )
    found_on = DateField(label="Dagen ansökan hittades eller lämnades", why_after="i dag är den sista")
    how = forms.ChoiceField(label="Hur den kom in", choices=ON_PAPER, widget=forms.RadioSelect)
    improbable = forms.BooleanField(
        label="Brevet kan inte ha legat hos posten för oss arbetsdagen före",
        required=False,
        help_text="Post räknas annars som inkommen närmast föregående arbetsdag (22 § förvaltningslagen).",
    )
    help_in_own_words = forms.CharField(
        label="Vad personen ansöker om, med egna ord",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    def __init__(
        self, processes: list[tuple[str, list[tuple[str, str]]]], today: date, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        several = sum(len(rows) for _, rows in processes) > 1
        choices = [("", "Välj …"), *processes] if several else processes
        self.fields["process_code"].choices = choices  # type: ignore[attr-defined]
        self.fields["found_on"].not_after = today  # type: ignore[attr-defined]


class LineForm(forms.Form):
    """One line of a decision; left wholly empty it is no line."""

    service = forms.ChoiceField(label="Insats", required=False)
    granted = forms.ChoiceField(
        label="Beslut", choices=[("", "Välj …"), ("yes", "Beviljas"), ("no", "Avslås")], required=False
    )
    quantity = forms.CharField(
        label="Omfattning", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6})
    )
    valid_from = DateField(label="Från och med", required=False)
    valid_to = DateField(label="Till och med", required=False)
    reasons = forms.CharField(label="Skäl för raden", required=False)

    def __init__(self, *args: Any, services: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"].choices = [("", "Välj …"), *services]  # type: ignore[attr-defined]

    def clean_quantity(self) -> Decimal | None:
        """Read 12, 7,5 or 7.5."""
        text = self.cleaned_data["quantity"].replace(" ", "").replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(
                "Skriv omfattningen med siffror, till exempel 12 eller 7,5."
            ) from None
        if not number.is_finite() or not 0 < number <= MOST:
            raise forms.ValidationError("Omfattningen ska vara mer än 0 och högst 5 000 000.")
        return number.quantize(Decimal("0.01"))

    def clean(self) -> dict[str, Any]:
        """A line that says something says which service, what is decided, and how much."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("service", "granted", "quantity")) and not self.errors:
            return data
        for name, fault in (
            ("service", "Välj insats."),
            ("granted", "Välj om raden beviljas eller avslås."),
            ("quantity", "Skriv omfattningen."),
        ):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, fault)
        if data.get("granted") == "yes" and not data.get("valid_from") and "valid_from" not in self.errors:
            self.add_error("valid_from", "Skriv från vilken dag raden gäller.")
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", "Sista dagen kan inte vara före den första.")
        return data


LineSet = formset_factory(LineForm, extra=4, max_num=20)


class ServiceForm(forms.Form):
    """How and when a party got the decision; who, where there are several."""

    party = forms.ChoiceField(label="Vem som fick beslutet", required=False)
    how = forms.ChoiceField(
        label="Hur den enskilde fick beslutet", choices=SERVED_HOW, widget=forms.RadioSelect
    )
    sent_on = DateField(label="Skickat eller lämnat den")
    served_on = DateField(
        label="Den enskilde fick beslutet den",
        required=False,
        help_text="Lämna tomt om dagen inte är känd. Då börjar inte tiden att överklaga.",
    )
    control_letter = forms.BooleanField(
        label="Förenklad delgivning: kontrollmeddelande skickat nästa arbetsdag",
        required=False,
        help_text="Delgivningen anses skedd två veckor efter att beslutet skickades.",
    )

    def __init__(
        self,
        today: date,
        decided_on: date,
        *args: Any,
        parties: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        field_party: Any = self.fields["party"]
        field_party.choices = parties
        if not parties:
            del self.fields["party"]
        for name in ("sent_on", "served_on"):
            field: Any = self.fields[name]
            field.not_before, field.not_after = decided_on, today
            field.why_before, field.why_after = "beslutet fattades då", "i dag"


class AppealForm(forms.Form):
    """An appeal that came on paper, or was said."""

    found_on = DateField(label="Dagen överklagandet hittades eller lämnades")
    how = forms.ChoiceField(label="Hur det kom in", choices=ON_PAPER, widget=forms.RadioSelect)
    wish = forms.CharField(
        label="Vilken ändring den enskilde vill ha", widget=forms.Textarea(attrs={"rows": 3})
    )
    reasons = forms.CharField(
        label="Varför beslutet är fel, enligt den enskilde",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["found_on"].not_after = today  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """From and with a day, to and with another."""

    first = DateField(label="Från och med")
    last = DateField(label="Till och med")


class ClosingForm(forms.Form):
    """Why a case is closed, and what becomes of each thing that is still open."""

    reason = forms.ChoiceField(
        label="Skäl", widget=forms.RadioSelect, error_messages={"required": "Välj skälet till avslutet."}
    )
    note = forms.CharField(
        label="Sammanfattning",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv en kort sammanfattning."},
    )

    def __init__(
        self, reasons: list[tuple[str, str]], items: list[Any], with_note: bool, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.items = items
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        if not with_note:
            del self.fields["note"]
        for item in items:
            missing = {"required": f"Välj vad som ska hända med: {item.label}."}
            self.fields[f"choice:{item.key}"] = forms.ChoiceField(
                label=item.label, choices=item.options, widget=forms.RadioSelect, error_messages=missing
            )
            explained = [words for code, words in item.options if code in NEEDS_REASON]
            self.fields[f"reason:{item.key}"] = forms.CharField(
                label=f"Skäl: {item.label}",
                required=False,
                max_length=400,
                help_text=f"Behövs om du väljer ”{'” eller ”'.join(explained)}”." if explained else "",
            )

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        """What was chosen, as the actions want it."""
        data = self.cleaned_data
        return {
            item.key: {
                "choice": data.get(f"choice:{item.key}", ""),
                "reason": data.get(f"reason:{item.key}", ""),
            }
            for item in self.items
        }
