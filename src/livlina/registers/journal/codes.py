"""The words of the journal: what a note is about, which law it rests on, and how it can be corrected."""

from django.conf import settings
from django.db import models

AUTHORITY, PROVIDER, HEALTH = 1, 2, 3
"""The books, numbered as the compartments of row-level security (`config/roles.py`); the authority's other branches
have numbers of their own."""


def book_name(book: int) -> str:
    """Return what a book is called: the authority has one for each branch."""
    if book in (PROVIDER, HEALTH):
        return {PROVIDER: "Utförarens sociala journal", HEALTH: "Hälso- och sjukvårdsjournal"}[book]
    return f"Myndighetens journal: {settings.COMPARTMENTS[book].lower()}"


class Law(models.TextChoices):
    """The documentation regime a note belongs to: one, never two."""

    SOL = "SoL", "Socialtjänstlagen"
    LSS = "LSS", "Lagen om stöd och service till vissa funktionshindrade"
    LVU = "LVU", "Lagen med särskilda bestämmelser om vård av unga"
    LVM = "LVM", "Lagen om vård av missbrukare i vissa fall"
    SFB = "SFB", "Socialförsäkringsbalken"
    FB = "FB", "Föräldrabalken"
    HSL = "HSL", "Hälso- och sjukvårdslagen"


class Kind(models.TextChoices):
    """What happened."""

    PHONE = "phone", "Telefonsamtal"
    HOME_VISIT = "home_visit", "Hembesök"
    MEETING = "meeting", "Möte"
    LETTER = "letter", "Brev eller meddelande"
    RECEIVED = "received_document", "Inkommen handling"
    DECISION = "decision_ref", "Beslut"
    MEASURE = "measure", "Åtgärd"
    EVENT = "significant_event", "Händelse av betydelse"
    FOLLOW_UP = "follow_up", "Uppföljning"
    CHILD_TALK = "child_talk", "Samtal med barn"
    DEVIATION = "deviation_ref", "Avvikelse"
    HEALTH = "health_status", "Hälsotillstånd"


class Precision(models.TextChoices):
    """How exactly it is known when something happened."""

    MINUTE = "minute", "Klockslag"
    DAY = "day", "Dag"


class CorrectionKind(models.TextChoices):
    """The six ways to put a note right. None of them removes it."""

    STRUCK = "struck_wrong_text", "Fel text stryks"
    WRONG_PERSON = "wrong_person", "Fel person"
    WRONG_DATE = "wrong_date", "Fel datum"
    WRONG_LAW = "wrong_law", "Fel lagrum"
    DUPLICATE = "duplicate", "Dubblett"
    SUPPLEMENT = "supplement", "Komplettering"


STRIKING = (CorrectionKind.STRUCK, CorrectionKind.WRONG_PERSON, CorrectionKind.DUPLICATE)
"""The kinds after which the note's text no longer holds."""

LIFE_AREAS = {
    "d1": "Lärande och att tillämpa kunskap",
    "d2": "Allmänna uppgifter och krav",
    "d3": "Kommunikation",
    "d4": "Förflyttning",
    "d5": "Personlig vård",
    "d6": "Hemliv",
    "d7": "Mellanmänskliga interaktioner och relationer",
    "d8": "Utbildning, arbete, sysselsättning, ekonomi",
    "d9": "Samhällsgemenskap, socialt och medborgerligt liv",
    "safety": "Känsla av trygghet",
    "carer": "Personligt stöd till den som vårdar närstående",
}
"""The life areas of IBIC (ICF chapters 1-9 and two more); the journal stores the codes only."""
