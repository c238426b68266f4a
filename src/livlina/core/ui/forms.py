"""Form renderer, the date field, and the hidden key that makes a double submit harmless.

Settings: FORM_RENDERER = "livlina.core.ui.forms.Renderer". Forms stay plain Django forms.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from livlina.core.clock import today as clock_today
from livlina.core.ids7 import uuid7
from livlina.core.ui.dates import NotADateError, date_in_words, parse_date

NO_FRAME = ("hidden", "file", "range", "color")


class UiBoundField(BoundField):
    """A bound field whose widget carries the design system's class, without the browser's own `required` check.

    The browser's check stops the form before the server can answer in the order and words we choose; optional
    fields are marked in the label instead.
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if type(field.widget) is forms.NumberInput:  # a number field throws away what it cannot read
            kept = {
                key: value for key, value in field.widget.attrs.items() if key not in ("min", "max", "step")
            }
            field.widget = forms.TextInput({"inputmode": "decimal", "size": "10"} | kept)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if built.pop("required", None):
            built["aria-required"] = "true"
        if self.use_fieldset:
            built.pop(
                "aria-required", None
            )  # not allowed on a single radio button or box; the fieldset says it
        if getattr(widget, "input_type", "") not in NO_FRAME:
            given = widget.attrs.get("class", "")
            built["class"] = f"ds-input {given}".strip()
        return built

    @property
    def kind(self) -> str:
        """Which markup the field template chooses: `hidden`, `group`, `check` or `line`."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
            return "group"
        return "check" if isinstance(widget, forms.CheckboxInput) else "line"

    @property
    def focus_id(self) -> str:
        """The id an error summary links to: the field, or the first box of a group."""
        first = f"{self.auto_id}_0" if self.kind == "group" else self.auto_id
        return first or ""

    @property
    def echo(self) -> str:
        """The date as understood, in words; empty when nothing (or nothing readable) is written."""
        if not isinstance(self.field, DateField):
            return ""
        try:
            value = self.field.to_python(self.value())
        except forms.ValidationError:
            return ""
        return date_in_words(value) if value else ""

    @property
    def today(self) -> str:
        """Today as the server sees it, for the echo while typing; empty for other fields than dates."""
        return self.field.today().isoformat() if isinstance(self.field, DateField) else ""


class Renderer(DjangoTemplates):
    """Django's own rendering with our templates; the class sits in the bound field, so widgets stay Django's."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = UiBoundField


class DateInput(forms.TextInput):
    """Text, not the browser's date picker: people copy dates out of letters, as they stand there."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"inputmode": "text", "autocomplete": "off", "size": "14", "class": "lv-nums"}
        super().__init__(own | (attrs or {}))


class DateField(forms.Field):
    """A date written `2026-11-25`, `20261125` or `25/11`; refuses dates outside `not_before`..`not_after`.

    `why_before` and `why_after` say what the limit is ("ärendet började då"); both limits may be set on the
    instance in a form's __init__, when the case is known.
    """

    widget = DateInput
    default_error_messages = {
        "required": _("Skriv ett datum."),
        "before": _("Datumet %(given)s är för tidigt. Det får inte vara före %(limit)s%(why)s."),
        "after": _("Datumet %(given)s är för sent. Det får inte vara efter %(limit)s%(why)s."),
    }

    def __init__(
        self,
        *,
        today: Callable[[], date] = clock_today,
        not_before: date | None = None,
        not_after: date | None = None,
        why_before: str = "",
        why_after: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.today = today
        self.not_before, self.not_after = not_before, not_after
        self.why_before, self.why_after = why_before, why_after

    def to_python(self, value: Any) -> date | None:
        """The date, or None when the field is empty. Raises ValidationError with a sentence."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value), self.today())
        except NotADateError as error:
            raise forms.ValidationError(str(error), code="invalid") from None

    def validate(self, value: date | None) -> None:
        """Refuses a missing date where one is needed, and dates outside the limits."""
        super().validate(value)
        if value is None:
            return
        if self.not_before and value < self.not_before:
            self._refuse("before", value, self.not_before, self.why_before)
        if self.not_after and value > self.not_after:
            self._refuse("after", value, self.not_after, self.why_after)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field: exactly what was typed, or an ISO date."""
        return value.isoformat() if isinstance(value, date) else value

    def _refuse(self, code: str, value: date, limit: date, why: str) -> None:
        words = {"given": value.isoformat(), "limit": limit.isoformat(), "why": f" ({why})" if why else ""}
        raise forms.ValidationError(self.error_messages[code], code=code, params=words)


class OnceMixin(forms.Form):
    """Carries the key made when the page was shown; the same key again gives the first answer (once=True)."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
