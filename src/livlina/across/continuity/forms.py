"""The room's form."""

from django import forms

from livlina.core.ui.forms import OnceMixin


class SignForm(OnceMixin, forms.Form):
    """What the one responsible wants said of a drill."""

    words = forms.CharField(
        label="Kommentar",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Till exempel vad som ska ändras till nästa gång.",
    )
