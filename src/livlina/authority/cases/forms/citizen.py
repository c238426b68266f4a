"""The citizen's form: one page of a process at a time.

A page keeps what was typed, also what cannot be used; whether it can is said in words beside the question. What
decides is always the process's own fact (`FactSpec.parse`), so that a page never says another thing than the sending.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from livlina.authority.cases.engine import FactSpec, FactWrong
from livlina.authority.cases.engine.process import Field, Page
from livlina.core.answers import LONGEST, TYPES
from livlina.core.ui.dates import NotADateError, parse_date
from livlina.core.ui.forms import DateField

SET_BEFORE = frozenset({"applying_for"})
"""Facts the e-service knows from the choice of whom to apply for."""


def language() -> str:
    """Return "sv" or "en", as the page is shown."""
    return "en" if (get_language() or "sv").startswith("en") else "sv"


def explain(wrong: FactWrong | NotADateError) -> str:
    """Return a fault's sentence in the language of the page."""
    return gettext(str(wrong))


def typed(raw: Any) -> Any:
    """Return text as typed, without NUL, which no browser's user can type and no database can keep."""
    if isinstance(raw, list):
        return [typed(item) for item in raw]
    return raw.replace("\x00", "").replace("\r\n", "\n") if isinstance(raw, str) else raw


class FactField(forms.Field):
    """One fact as a form field: it judges by the fact, and says so in the page's language."""

    def __init__(self, spec: FactSpec, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec = spec

    def clean(self, value: Any) -> Any:
        """The fact's value, or None. Raises ValidationError with a sentence."""
        longest = LONGEST.get(self.spec.type)
        if longest and isinstance(value, str) and len(value.strip()) > longest:
            words = {"given": len(value.strip()), "most": longest}
            raise forms.ValidationError(
                _("Svaret är %(given)s tecken långt. Korta det till högst %(most)s tecken."), params=words
            )
        try:
            answer = self.spec.parse(typed(value))
        except FactWrong as wrong:
            raise forms.ValidationError(explain(wrong)) from None
        if answer is None and self.required:
            raise forms.ValidationError(self.missing)
        return answer

    @property
    def missing(self) -> Any:
        """What to do when there is no answer."""
        return {
            "yes_no": _("Välj ja eller nej."),
            "choice": _("Välj ett av alternativen."),
            "choices": _("Välj minst ett av alternativen."),
            "date": _("Skriv ett datum."),
        }.get(self.spec.type, _("Skriv ett svar."))


class _Opening(forms.RadioSelect):
    """Choices of which some open further questions: `data-opens` is the number of the group that is opened."""

    def __init__(self, opens: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opens = opens

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One choice, marked if it opens something."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.opens:
            option["attrs"]["data-opens"] = str(self.opens[str(value)])
        return option


class OpeningRadio(_Opening):
    """Radio buttons that open further questions."""


class OpeningBoxes(_Opening, forms.CheckboxSelectMultiple):
    """Boxes that open further questions."""


@dataclass(frozen=True)
class Known:
    """What is known of the answer from before: its stored value, and in words from where and which day."""

    value: Any
    source: str


@dataclass(frozen=True)
class Asked:
    """One question of a page, as it is laid out: its fields, its source, and what makes it show."""

    spec: FactSpec
    fields: list[BoundField]
    source: str
    group: int
    """The number of the condition that shows it; 0 when it always shows."""

    @property
    def legend(self) -> str:
        """The question above several fields; empty when its one field bears it."""
        return self.spec.label.said_in(language()) if len(self.fields) > 1 else ""

    @property
    def same_as(self) -> str:
        """The question in words, when the page's heading may stand for it; empty when something is said beside it."""
        must = all(field.field.required for field in self.fields)
        return self.spec.label.said_in(language()) if must and not self.group else ""

    @property
    def help(self) -> str:
        """Its explanation."""
        return self.spec.help.said_in(language())


class PageForm(forms.Form):
    """One page of an application. `answers` are the whole draft's as stored, `values` those that can be understood."""

    def __init__(
        self,
        page: Page,
        answers: Mapping[str, Any],
        values: Mapping[str, Any],
        *,
        today: Callable[[], date],
        data: QueryDict | None = None,
        known: Mapping[str, Known] | None = None,
        judge: bool = False,
    ) -> None:
        here = {item.fact.name for item in page.fields}
        self.items = [
            item
            for item in page.fields
            if item.fact.name not in SET_BEFORE
            and (item.shown(values) or (item.show_if and item.show_if.fact in here))
        ]
        self.stored, self.values, self.known, self.today = answers, values, known or {}, today
        bound = self._from_stored() if judge and data is None else data
        super().__init__(bound)
        self.groups = self._conditions()
        for item in self.items:
            for name, field in self._fields_of(item).items():
                self.fields[name] = field

    def as_typed(self) -> dict[str, Any]:
        """Return what was posted, by fact: exactly as typed, but a date that was understood as its ISO form."""
        return {item.fact.name: self._given(item.fact) for item in self.items}

    def asked(self) -> list[Asked]:
        """Return the questions in order, for the template."""
        rows = []
        for item in self.items:
            names = _parts(item.fact)
            group = self.groups.get(_key(item), 0) if item.show_if else 0
            rows.append(Asked(item.fact, [self[name] for name in names], self._source(item.fact), group))
        return rows

    def clean(self) -> dict[str, Any]:
        """Drop the faults of questions that are not shown, and judge a period as one."""
        values = self._values()
        for item in self.items:
            names = _parts(item.fact)
            if not item.shown(values):
                for name in names:
                    self.errors.pop(name, None)
            elif item.fact.type == "period" and not any(name in self.errors for name in names):
                self._judge_period(item, names)
        return self.cleaned_data

    def _judge_period(self, item: Field, names: Sequence[str]) -> None:
        raw = self._given(item.fact)
        if not any(raw):
            if item.required:
                self.add_error(names[0], _("Skriv vilken dag det börjar."))
            return
        try:
            item.fact.parse(raw)
        except FactWrong as wrong:
            self.add_error(names[0] if not raw[0] else names[1], explain(wrong))

    def _given(self, spec: FactSpec) -> Any:
        """What the fields of a fact hold, as it is stored in the draft."""
        widgets = [self.fields[name].widget for name in _parts(spec)]
        raw = [
            typed(widget.value_from_datadict(self.data, self.files, name))
            for widget, name in zip(widgets, _parts(spec), strict=True)
        ]
        if spec.type in ("date", "period"):
            raw = [self._understood(text) for text in raw]
        if spec.type == "choices":
            return raw[0] or []
        return raw if spec.type == "period" else raw[0] or ""

    def _understood(self, text: Any) -> str:
        try:
            return parse_date(text, self.today()).isoformat() if text and text.strip() else ""
        except NotADateError:
            return str(text)

    def _values(self) -> dict[str, Any]:
        """Everything that can be understood so far, this page's answers over the stored ones."""
        found = dict(self.values)
        for item in self.items:
            found.pop(item.fact.name, None)
            try:
                found[item.fact.name] = item.fact.parse(self._given(item.fact))
            except FactWrong:
                continue
        return found

    def _conditions(self) -> dict[tuple[str, str], int]:
        """Number each condition on a fact of this page, so that one style rule per number can show and hide."""
        here = {item.fact.name for item in self.items}
        found: dict[tuple[str, str], int] = {}
        for item in self.items:
            if item.show_if and item.show_if.fact in here:
                found.setdefault(_key(item), len(found) + 1)
        return found

    def _fields_of(self, item: Field) -> dict[str, forms.Field]:
        spec, said = item.fact, language()
        label, note = spec.label.said_in(said), spec.help.said_in(said)
        if spec.type == "period":
            begins, ends = _parts(spec)
            must = item.required and item.show_if is None
            first, last = self._initial(spec) or ("", "")
            return {
                begins: self._date(_("Första dagen"), "", must, first),
                ends: self._date(_("Sista dagen"), _("Lämna tomt om du inte vet."), False, last),
            }
        if spec.type == "date":
            return {spec.name: self._date(label, note, item.required, self._initial(spec))}
        field = FactField(
            spec,
            label=label,
            help_text=note,
            required=item.required,
            widget=self._widget(spec, said),
            initial=self._initial(spec),
        )
        return {spec.name: field}

    def _date(self, label: Any, note: Any, required: bool, initial: Any) -> DateField:
        return DateField(
            label=label, help_text=note, required=required, initial=initial, today=self.today,
            not_before=date(1880, 1, 1), not_after=date(2200, 12, 31),
        )  # fmt: skip

    def _widget(self, spec: FactSpec, said: str) -> forms.Widget:
        opens = {value: number for (fact, value), number in self.groups.items() if fact == spec.name}
        if spec.type == "yes_no":
            pairs = [(code, TYPES["yes_no"].show(spec, code == "yes", said)) for code in ("yes", "no")]
        else:
            pairs = [(code.code, code.label.said_in(said)) for code in spec.options(self.today())]
        if spec.type in ("yes_no", "choice", "choices"):
            return (OpeningBoxes if spec.type == "choices" else OpeningRadio)(opens, choices=pairs)
        if spec.type == "long_text":
            return forms.Textarea({"rows": 6})
        return forms.TextInput({"autocomplete": "off"})

    def _initial(self, spec: FactSpec) -> Any:
        """What stands in the field: what is stored, else what is known from before."""
        raw = self.stored.get(spec.name)
        if raw is None and spec.name in self.known:
            raw = self.known[spec.name].value
        if spec.type == "yes_no" and isinstance(raw, bool):
            return "yes" if raw else "no"
        return raw

    def _source(self, spec: FactSpec) -> str:
        """From where the answer comes, as long as it has not been changed."""
        known = self.known.get(spec.name)
        if known is None or (self.is_bound and not self._is_from_stored):
            return ""
        given = self.stored.get(spec.name)
        return known.source if given is None or _same(spec, given, known.value) else ""

    _is_from_stored = False

    def _from_stored(self) -> QueryDict:
        """The stored answers as if they were posted again: to say what is wrong with them."""
        self._is_from_stored = True
        data = QueryDict(mutable=True)
        for item in self.items:
            raw = self._initial(item.fact)
            if item.fact.type == "period":
                for name, text in zip(_parts(item.fact), raw or ("", ""), strict=True):
                    data[name] = text or ""
            elif isinstance(raw, list):
                data.setlist(item.fact.name, raw)
            else:
                data[item.fact.name] = raw or ""
        return data


def _same(spec: FactSpec, one: Any, other: Any) -> bool:
    """Whether two stored answers say the same."""
    try:
        return bool(spec.parse(one) == spec.parse(other))
    except FactWrong:
        return False


def _parts(spec: FactSpec) -> list[str]:
    """The names of a fact's fields."""
    return [f"{spec.name}_begins", f"{spec.name}_ends"] if spec.type == "period" else [spec.name]


def _key(item: Field) -> tuple[str, str]:
    """A condition as a pair: the fact, and the value as it is posted."""
    condition = item.show_if
    if condition is None:
        return ("", "")
    value = {True: "yes", False: "no"}.get(condition.value, condition.value)
    return condition.fact, str(value)
