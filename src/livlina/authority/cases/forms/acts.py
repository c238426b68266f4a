"""The citizen's plain forms, each for one act: for whom, declare, answer, appeal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from livlina.authority.cases.forms.citizen import typed
from livlina.core.answers import LONGEST


class ForWhomForm(forms.Form):
    """For whom one applies: oneself, or someone one has a mandate for."""

    person = forms.ChoiceField(
        label=_("Vem gäller ansökan?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Välj vem ansökan gäller."),
            "invalid_choice": _("Välj vem ansökan gäller."),
        },
    )

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = choices  # type: ignore[attr-defined]


class DeclareForm(forms.Form):
    """That what is sent is true, to the best of one's knowledge."""

    declared = forms.BooleanField(
        label=_("Jag har svarat så gott jag kan och uppgifterna stämmer."),
        error_messages={"required": _("Kryssa för att uppgifterna stämmer innan du skickar.")},
    )


class LongText(forms.CharField):
    """A long answer. It has no `maxlength`: a browser would cut off what was pasted without a word."""

    def __init__(self, missing: Any, *, rows: int, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.Textarea({"rows": rows}), error_messages={"required": missing}, **kwargs
        )
        too_long = _("Texten är %(show_value)s tecken lång. Korta den till högst %(limit_value)s tecken.")
        self.validators = [MaxLengthValidator(LONGEST["long_text"], too_long)]

    def to_python(self, value: Any) -> str:
        """The text, without NUL."""
        return str(super().to_python(typed(value)) or "")


class AnswerForm(forms.Form):
    """One's comments on what the decision will rest on (FL 25 §)."""

    text = LongText(
        _("Skriv dina synpunkter."),
        rows=8,
        label=_("Dina synpunkter"),
        help_text=_("Skriv om något är fel eller saknas. Är allt rätt kan du skriva det."),
    )


class AppealForm(forms.Form):
    """What one wants changed, and why (FL 43 §)."""

    wish = LongText(
        _("Skriv vilken ändring du vill ha."),
        rows=5,
        label=_("Vilken ändring vill du ha?"),
        help_text=_("Till exempel: Jag vill ha hjälp med städning varje vecka i stället för varannan."),
    )
    reasons = LongText(
        "",
        rows=8,
        required=False,
        label=_("Varför tycker du att beslutet är fel?"),
        help_text=_("Berätta om något har blivit fel eller saknas. Du kan skicka in mer senare."),
    )
