"""What codes of the room are called, and what it says when something does not add up."""

REASONS = {
    "declined": "Tackade nej",
    "hospital": "På sjukhus",
    "away": "Bortrest",
    "wish": "Personen ville det",
    "sick_staff": "Sjukdom i personalen",
    "no_time": "Hann inte",
    "no_entry": "Kom inte in",
    "no_answer": "Ingen öppnade",
    "need": "Behövde mer hjälp",
    "replan": "Dagen lades om",
    "order_ended": "Beställningen är avslutad",
    "series_ended": "Besöket kommer inte längre igen",
    "time": "Tiden var fel",
    "annulled": "Skrevs av misstag",
    "other": "Annat",
}
"""Why a visit was moved, missed, cancelled, or made besides the plan."""

MISSED = ("declined", "hospital", "sick_staff", "no_time", "no_entry", "other")
NOT_HOME = ("no_answer", "hospital", "away", "other")
MOVED = ("wish", "replan", "sick_staff", "no_time", "other")
CANCELLED = ("declined", "hospital", "away", "replan", "other")
EXTRA = ("need", "wish", "other")

DEVIATIONS = {
    "fall": "Fall",
    "medicine": "Läkemedel",
    "missed": "Insatsen blev inte av",
    "late": "Mycket sen",
    "treatment": "Bemötande",
    "thing": "Något är trasigt eller borta",
    "threat": "Hot eller våld",
    "cancelled": "Gjordes fast det var inställt",
    "delegation": "Gavs till någon utan delegering",
    "other": "Annat",
}
"""What a deviation is about: the big buttons, the common ones first."""

TAPPED = ("fall", "medicine", "missed", "late", "treatment", "thing", "threat", "other")
"""What a person can tap; the rest the system says itself."""


def split(reason: str, text: str = "") -> tuple[str, str]:
    """Return (code, words): a reason that is no code of ours is words said under `other`."""
    if reason in REASONS or not reason:
        return reason, text.strip()[:400]
    return "other", f"{reason.strip()} {text.strip()}".strip()[:400]


def choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return some reasons as a form's choices."""
    return [(code, REASONS[code]) for code in codes]


def week_words(weekdays: list[int] | tuple[int, ...], every_weeks: int) -> str:
    """Return `alla dagar`, `vardagar`, or `må, to`, and how many weeks lie between."""
    days = ["må", "ti", "on", "to", "fr", "lö", "sö"]
    known = {(1, 2, 3, 4, 5, 6, 7): "alla dagar", (1, 2, 3, 4, 5): "vardagar", (6, 7): "lördag och söndag"}
    words = known.get(tuple(sorted(weekdays))) or ", ".join(days[day - 1] for day in sorted(weekdays))
    return words if every_weeks == 1 else f"{words} var {every_weeks}:e vecka"
