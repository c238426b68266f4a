"""The forms of decisions besides their lines: final, interim, changed and corrected ones, and requests to decide."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from livlina.authority.cases.models.decision import HARM_GROUNDS, HEARD, OUTCOMES, RESERVED
from livlina.core.ui.forms import DateField

NO_LINES = ("dismissed", "closed_no_action")
"""What grants and rejects nothing: the matter is not taken up, or ends without a service."""

BY_THE_LINES = ("granted", "partly_granted", "rejected")
"""Outcomes that follow from the lines; the others are chosen."""

WORDS = dict(OUTCOMES)


def _choices(pairs: Sequence[tuple[str, str]], empty: str) -> list[tuple[str, str]]:
    return [("", empty), *(pair for pair in pairs if pair[0])]


def _reasons(
    help_text: str, *, required: bool = False, label: str = "Motivering", rows: int = 6
) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text,
        error_messages={"required": "Skriv skälen."},
    )  # fmt: skip


class Reserved(forms.Form):
    """On what condition the decision may be changed later."""

    reserved_for = forms.ChoiceField(
        label="Förbehåll om ändring",
        required=False,
        choices=_choices(RESERVED, "Inget förbehåll"),
        help_text="Utan förbehåll kan ett gynnande beslut sällan ändras till nackdel (37 § förvaltningslagen).",
    )
    reservation = forms.CharField(
        label="Förbehållet närmare", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """Words without a condition are a condition of their own; another condition is written."""
        data = super().clean() or {}
        if data.get("reservation") and not data.get("reserved_for"):
            data["reserved_for"] = "other"
        if data.get("reserved_for") == "other" and not data.get("reservation"):
            self.add_error("reservation", "Skriv under vilket villkor beslutet får ändras.")
        return data


class Grounded(forms.Form):
    """Why a favourable decision may be changed to the party's harm."""

    harm_ground = forms.ChoiceField(
        label="Grund för att ändra ett gynnande beslut till nackdel",
        required=False,
        choices=_choices(HARM_GROUNDS, "Ändringen är inte till nackdel"),
        help_text="Skriv i motiveringen varför grunden är uppfylld.",
    )


class Heard(forms.Form):
    """Whether the party could comment, and what came of it."""

    heard = forms.ChoiceField(
        label="Har den enskilde fått yttra sig? (25 § förvaltningslagen)",
        required=False,
        widget=forms.RadioSelect,
        choices=[pair for pair in HEARD if pair[0]],
    )
    heard_words = forms.CharField(
        label="Vad den enskilde svarade, eller varför det är obehövligt att fråga",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(Reserved, Grounded):
    """What a decision says besides its lines; what does not concern this case is not asked."""

    outcome = forms.ChoiceField(label="Beslutets utgång", required=False)
    reasons = _reasons(
        "Behövs när något går den enskilde emot: vad som har avgjort, och enligt vilken bestämmelse "
        "(32 § förvaltningslagen)."
    )
    follow_up_on = DateField(label="Uppföljning senast den", required=False)
    presented_by = forms.CharField(
        label="Föredragande",
        required=False,
        max_length=160,
        help_text="Den som har föredragit ärendet (31 § förvaltningslagen).",
    )

    field_order = (
        "outcome",
        "reasons",
        "harm_ground",
        "follow_up_on",
        "reserved_for",
        "reservation",
        "presented_by",
    )

    def __init__(self, *args: Any, offered: Sequence[str], former: bool, board: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = [(code, WORDS[code]) for code in offered if code not in BY_THE_LINES]
        if not former:
            chosen = [pair for pair in chosen if pair[0] not in ("changed", "ended", "revoked")]
            del self.fields["harm_ground"]
        if chosen:
            empty = ("", "Som raderna säger: bifall, delavslag eller avslag")
            self.fields["outcome"].choices = [empty, *chosen]  # type: ignore[attr-defined]
        else:
            del self.fields["outcome"]
        if board:
            self.fields["presented_by"].required = True
            self.fields["presented_by"].error_messages["required"] = (
                "Skriv vem som föredrog ärendet i nämnden."
            )

    def fits(self, lines: Any) -> bool:
        """Whether the lines go with the outcome; otherwise says what to do."""
        outcome = self.cleaned_data.get("outcome", "")
        if outcome in NO_LINES and any(row.get("service") for row in lines.cleaned_data):
            self.add_error("outcome", f"”{WORDS[outcome]}” beviljar och avslår ingenting. Töm raderna.")
            return False
        return True


class InterimForm(forms.Form):
    """What an interim decision says besides its lines."""

    reasons = _reasons("Varför det inte går att vänta på det slutliga beslutet.", required=True)
    presented_by = forms.CharField(label="Föredragande", required=False, max_length=160)


class ChangeForm(Reserved, Grounded, Heard):
    """That a decision is changed, ends or is revoked, and on what ground."""

    outcome = forms.ChoiceField(
        label="Vad händer med beslutet?",
        widget=forms.RadioSelect,
        error_messages={"required": "Välj om beslutet ändras, upphör eller återkallas."},
    )
    reasons = _reasons("Vad som har ändrats eller var fel, och enligt vilken bestämmelse.", required=True)
    follow_up_on = DateField(label="Uppföljning senast den", required=False)
    presented_by = forms.CharField(label="Föredragande", required=False, max_length=160)

    field_order = (
        "outcome", "harm_ground", "reasons", "heard", "heard_words", "follow_up_on", "reserved_for", "reservation",
        "presented_by",
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = [(code, WORDS[code]) for code in offered if code in ("changed", "ended", "revoked")]
        self.fields["outcome"].choices = chosen  # type: ignore[attr-defined]


class CorrectionForm(Heard):
    """What was plainly wrong, and the words of the decision as they should be."""

    reason = forms.CharField(
        label="Vad som uppenbart blev fel, och hur det ska vara",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bara skrivfel, räknefel och liknande förbiseenden (36 § förvaltningslagen).",
        error_messages={"required": "Skriv vad som uppenbart blev fel."},
    )
    reasons = _reasons(
        "Som den ska lyda. Är den rätt lämnar du den som den är.", label="Motivering i beslutet"
    )
    follow_up_on = DateField(label="Uppföljning senast den", required=False)

    field_order = ("reason", "heard", "heard_words", "reasons", "follow_up_on")


class RequestForm(forms.Form):
    """The day a written request to decide came in."""

    came_in = DateField(
        label="Dagen begäran kom in", why_after="i dag är den sista",
        error_messages={"required": "Skriv vilken dag begäran kom in."},
    )  # fmt: skip

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["came_in"].not_after = today  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """Why the matter cannot be decided yet."""

    reasons = _reasons(
        "Den enskilde kan överklaga avslaget. Skriv vad som återstår och när ärendet kan avgöras.",
        required=True, label="Varför ärendet inte kan avgöras nu",
    )  # fmt: skip
