"""The room's forms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from livlina.across.records.codes import (
    ASKERS,
    DELIVERY,
    DOCUMENT_KINDS,
    GROUNDS,
    KEEPS,
    REFUSALS,
    SECRECY,
    VERDICTS,
)
from livlina.authority.cases.models.application import CHANNELS
from livlina.core.filetypes import LARGEST
from livlina.core.ui.forms import DateField

NOTHING = [("", "Välj")]


class ReceivedForm(forms.Form):
    """A document that came in."""

    document = forms.FileField(
        label="Fil",
        help_text=f"Pdf, bild, Word, OpenDocument eller text, högst {LARGEST // 1_000_000} MB.",
        error_messages={"required": "Välj filen.", "empty": "Filen är tom."},
    )
    title = forms.CharField(
        label="Vad handlingen är", max_length=160, error_messages={"required": "Skriv vad handlingen är."}
    )
    kind = forms.ChoiceField(label="Slag", choices=DOCUMENT_KINDS)
    from_whom = forms.CharField(
        label="Från vem", max_length=160, error_messages={"required": "Skriv vem handlingen kom från."}
    )
    received_on = DateField(
        label="Dagen den kom in", help_text="Inte dagen den registreras (22 § förvaltningslagen)."
    )
    received_how = forms.ChoiceField(label="Hur den kom in", choices=CHANNELS, initial="post")
    secrecy = forms.ChoiceField(label="Sekretess", choices=SECRECY)

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["received_on"].not_after = today  # type: ignore[attr-defined]


class PrintForm(forms.Form):
    """Why a whole file is printed."""

    reason = forms.CharField(
        label="Varför skrivs akten ut?",
        max_length=200,
        min_length=3,
        help_text="Skälet sparas i loggen.",
        error_messages={
            "required": "Skriv varför akten skrivs ut.",
            "min_length": "Skriv varför akten skrivs ut.",
        },
    )


class RequestForm(forms.Form):
    """A request for something in a person's file that came by telephone, letter or visit."""

    compartment = forms.TypedChoiceField(label="Verksamhet", coerce=int)
    asker_kind = forms.ChoiceField(label="Vem som frågar", choices=ASKERS)
    asker_name = forms.CharField(
        label="Namn på den som frågar", max_length=160, error_messages={"required": "Skriv vem som frågar."}
    )
    party = forms.ChoiceField(
        label="Part i ärendet",
        required=False,
        help_text="Det som lämnas ut kontrolleras mot vad just den parten inte får veta om andra.",
    )
    asked_on = DateField(label="Dagen begäran kom", why_after="i dag är den sista")
    asked_how = forms.ChoiceField(label="Hur den kom", choices=CHANNELS, initial="phone")
    what = forms.CharField(
        label="Vad som begärs",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Skriv vad som begärs."},
    )

    def __init__(
        self,
        branches: Sequence[tuple[int, str]],
        parties: Sequence[tuple[str, str]],
        today: date,
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["compartment"].choices = branches  # type: ignore[attr-defined]
        self.fields["party"].choices = [("", "Ingen part"), *parties]  # type: ignore[attr-defined]
        self.fields["asked_on"].not_after = today  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A party is one of those in the matter: otherwise nobody can be kept from learning of the others."""
        cleaned = super().clean() or {}
        if cleaned.get("asker_kind") == "party" and not cleaned.get("party"):
            self.add_error("party", "Välj vilken part i ärendet som frågar.")
        return cleaned


class JudgeForm(forms.Form):
    """How one item is judged."""

    verdict = forms.ChoiceField(
        label="Bedömning",
        choices=VERDICTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj om handlingen lämnas ut."},
    )
    ground = forms.ChoiceField(label="Grund för att lämna ut", choices=[*NOTHING, *GROUNDS], required=False)
    rule = forms.CharField(
        label="Sekretessbrytande bestämmelse",
        max_length=160,
        required=False,
        help_text="Till exempel 10 kap. 28 § OSL.",
    )
    harm_test = forms.CharField(
        label="Skadeprövning av just den här handlingen", widget=forms.Textarea({"rows": 4}), required=False
    )
    refusal = forms.ChoiceField(
        label="Bestämmelse för det som inte lämnas ut", choices=[*NOTHING, *REFUSALS], required=False
    )
    masked = forms.CharField(
        label="Stycken som maskeras",
        widget=forms.Textarea({"rows": 4}),
        required=False,
        help_text="Ett stycke per rad, precis som det står i handlingen.",
    )


class DecideForm(forms.Form):
    """Why something is not handed out."""

    reasons = forms.CharField(
        label="Skäl för det som inte lämnas ut", widget=forms.Textarea({"rows": 5}), required=False
    )


class HandOutForm(forms.Form):
    """To whom and how."""

    to_name = forms.CharField(
        label="Till vem", max_length=160, error_messages={"required": "Skriv vem som får handlingarna."}
    )
    how = forms.ChoiceField(label="Hur", choices=DELIVERY)


class KeepForm(forms.Form):
    """That a file is kept."""

    kind = forms.ChoiceField(label="Vad som gör att akten bevaras", choices=KEEPS)
    compartment = forms.TypedChoiceField(label="Verksamhet", coerce=int)
    why = forms.CharField(label="Skäl", max_length=400, error_messages={"required": "Skriv skälet."})

    def __init__(self, branches: Sequence[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["compartment"].choices = branches  # type: ignore[attr-defined]


class ProposeForm(forms.Form):
    """In which branch."""

    compartment = forms.TypedChoiceField(label="Verksamhet", coerce=int)

    def __init__(self, branches: Sequence[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["compartment"].choices = branches  # type: ignore[attr-defined]


class ReceiptForm(forms.Form):
    """The e-archive's receipt."""

    number = forms.CharField(
        label="Nummer på e-arkivets kvitto",
        max_length=80,
        error_messages={"required": "Skriv numret på e-arkivets kvitto."},
    )


class AskForm(forms.Form):
    """The citizen's own request."""

    branches = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": ""}
    )
    what = forms.CharField(widget=forms.Textarea({"rows": 4}))

    def __init__(
        self, branches: Sequence[tuple[int, str]], words: dict[str, str], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["branches"].choices = branches  # type: ignore[attr-defined]
        self.fields["branches"].label = words["branches"]
        self.fields["branches"].error_messages["required"] = words["no_branch"]
        self.fields["what"].label = words["what"]
        self.fields["what"].help_text = words["what_help"]
        self.fields["what"].error_messages["required"] = words["no_what"]
