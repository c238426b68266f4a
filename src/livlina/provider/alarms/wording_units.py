"""What happened to a unit, as a Swede says it."""

from livlina.provider.alarms.models import UnitEvent

EVENTS = {
    "added": "Lades till i förrådet",
    "changed": "Uppgifterna ändrades",
    "pendant_added": "Knapp lades till",
    "pendant_removed": "Knapp togs bort",
    "install_begun": "Installationen började",
    "installed": "Togs i drift, alla knappar provtryckta",
    "test_begun": "Månadens provtryck började",
    "test_ended": "Alla knappar provtryckta",
    "unverified": "Ett tryck kom från någon annan avsändare",
    "unknown_pendant": "En knapp som inte är inlagd trycktes",
    "silent": "Hördes inte av",
    "late": "Var sen med sitt livstecken",
    "heard": "Hördes igen",
    "returned": "Återlämnades",
}
FAILURES = {
    "alarms.battery": ("Batteriet är svagt", "Batteriet är bra igen"),
    "alarms.power": ("Strömmen gick", "Strömmen kom tillbaka"),
    "alarms.link": ("En förbindelse bröts", "Förbindelsen fungerar igen"),
    "alarms.fault": ("Fel", "Felet är borta"),
}


def event_words(event: UnitEvent) -> str:
    """Return what happened, with the button's number or the code where it says something."""
    if event.what in ("fault", "restored"):
        what, code, device = [*event.codes, "", "", ""][:3]
        words = FAILURES.get(what, FAILURES["alarms.fault"])[event.what == "restored"]
        return f"{words}{f', knapp {device}' if device else ''} (kod {code})"
    words = EVENTS.get(event.what, event.what)
    if (
        event.what in ("pendant_added", "pendant_removed", "unknown_pendant", "unverified")
        and event.codes
        and event.codes[0]
    ):
        return f"{words}: {event.codes[0]}"
    return words
