"""Invented content for the gallery of components: no database, nobody real."""

from typing import Any

from django import forms
from django.http import HttpRequest

from livlina.core.ui.charts import Point, series
from livlina.core.ui.forms import DateField

HINT = "Skriv så här: 2026-11-25. Det går också bra med 20261125 eller 25/11."
OUTCOMES = {"grant": "Bifall", "partial": "Delvis bifall", "reject": "Avslag"}
AREAS = {"hygiene": "Personlig vård", "home": "Hemliv", "contact": "Social gemenskap"}


class GalleryForm(forms.Form):
    """One field of each kind."""

    decided = DateField(label="Beslutsdatum", help_text=HINT)
    outcome = forms.ChoiceField(
        label="Beslut",
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad du beslutar."},
    )
    areas = forms.MultipleChoiceField(
        label="Livsområden",
        choices=list(AREAS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Välj alla som beslutet gäller.",
    )
    provider = forms.ChoiceField(
        label="Utförare",
        choices=[("", "Välj utförare"), ("n", "Norra hemtjänsten AB"), ("g", "Norrgårdens hemtjänst")],
        error_messages={"required": "Välj en utförare."},
    )
    reasons = forms.CharField(
        label="Skäl till beslutet",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv skälen till beslutet."},
    )
    hours = forms.IntegerField(label="Timmar per månad", required=False)
    told = forms.BooleanField(
        label="Jag har läst upp beslutet för Astrid Lindqvist",
        error_messages={"required": "Bekräfta att beslutet är uppläst."},
    )


def gallery_context(request: HttpRequest, layout: str) -> dict[str, Any]:
    """Everything the gallery shows; `?errors=1` shows the form as it looks when it is refused."""
    wrong = {"decided": "31/2", "hours": "många"} if request.GET.get("errors") else None
    data = request.POST if request.method == "POST" else wrong
    return PARTS | {"layout": f"ui/{layout}.html", "form": GalleryForm(data), "staff": layout == "officer"}


PARTS: dict[str, Any] = {
    "facts": [("Ålder", "88 år"), ("Bor", "Kvarngatan 4, Åsvalla"), ("Handläggare", "Karin Holm")],
    "tabs": [
        {"label": "Översikt", "url": "#", "current": True},
        {"label": "Journal", "url": "#", "count": 14},
        {"label": "Ärenden", "url": "#", "count": 2},
        {"label": "Beställningar", "url": "#", "count": 1},
        {"label": "Dokument", "url": "#"},
    ],
    "steps": [
        {"label": "Mottagen", "state": "done", "when": "2026-11-02"},
        {"label": "Utredning", "state": "done", "when": "2026-11-16"},
        {"label": "Beslut", "state": "now"},
        {"label": "Beställning", "state": "later"},
        {"label": "Uppföljning", "state": "later"},
    ],
    "answers": [
        {
            "question": "Vad behöver du hjälp med?",
            "answer": "Dusch två gånger i veckan\nStädning var fjortonde dag",
            "source": "Ur ansökan 2026-11-02, skriven av Anna Lindqvist (fullmakt)",
            "change": "#",
        },
        {"question": "När vill du att hjälpen börjar?", "answer": "tisdag 1 december 2026", "change": "#"},
        {"question": "Behöver du tolk?", "answer": "", "change": "#"},
    ],
    "history": [
        {"when": "2026-11-25 14:32", "title": "Beslut: delvis bifall", "text": "Karin Holm", "url": "#"},
        {"when": "2026-11-16 09:10", "title": "Hembesök", "text": "Astrid, Anna och Karin Holm"},
        {
            "when": "2026-11-02 20:41",
            "title": "Ansökan kom in",
            "text": "Genom e-tjänsten, av Anna Lindqvist",
        },
    ],
    "watches": [
        {
            "level": "acute",
            "title": "Beställning av trygghetslarm är inte bekräftad",
            "why": "Visas för att Norra hemtjänsten AB inte har öppnat beställningen inom 4 timmar.",
            "due": "i dag 13:00",
        },
        {
            "level": "high",
            "title": "Svar från part väntas: Bertil Ström",
            "why": "Visas för att kommuniceringen skickades 2026-11-11 och tiden går ut i morgon.",
            "due": "2026-11-26",
        },
        {
            "level": "normal",
            "title": "Uppföljning av hemtjänst",
            "why": "Visas för att beslutet ska följas upp efter sex månader.",
            "due": "2026-12-01",
        },
    ],
    "heads": ["Ärende", "Gäller", "Läge", {"number": "Dagar"}],
    "rows": [
        [{"text": "2026-0412", "url": "#"}, "Hemtjänst, Astrid Lindqvist", "Utredning", {"number": "23"}],
        [
            {"text": "2026-0398", "url": "#"},
            "Korttidsboende, Bertil Ström",
            "Kommunicering",
            {"number": "31"},
        ],
        [{"text": "2026-0377", "url": "#"}, "Trygghetslarm, Maj-Britt Åkesson", "Beslut", {"number": "9"}],
    ],
    "curve": series(
        [
            Point(place, month, value)
            for place, (month, value) in enumerate(
                (
                    ("juli 2026", 31.0),
                    ("augusti", 36.0),
                    ("september", 42.0),
                    ("oktober", None),
                    ("november 2026", 39.0),
                )
            )
        ],
        "Nya ärenden från juli till november 2026: lägst 31, högst 42, senast 39.",
        "ärenden",
    ),
    "bars": [("Hemtjänst", 42), ("Trygghetslarm", 27), ("Korttidsboende", 11), ("Anhörigstöd", 3)],
    "note_text": "Hembesök hos Astrid. Dottern Anna var med. Astrid orkar inte längre duscha själv och har "
    "ramlat två gånger i badrummet sedan i somras. Hon vill bo kvar hemma.",
    "wrong_text": "Bertil ringde och avbokade tvätten på torsdag.",
}
