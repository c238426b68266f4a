"""The municipality's own lengths of deadlines where no statute fixes them: from a day, with a reason, kept for ever."""

from datetime import date, datetime

from django.db import transaction

from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.process import Setting
from livlina.authority.cases.models import OwnLength, signature
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.calendar import Length, LengthWrong
from livlina.core.clock import day_of

LONGEST = {"day": 1830, "week": 260, "month": 60, "next working day": 250}


FIXED = "Tiden sätts av lag och kan inte ändras av kommunen."


class LengthRefused(Exception):
    """Längden kan inte sättas; `errors` säger vid vilken uppgift och varför."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def settings_in_use() -> dict[str, Setting]:
    """Return the settings that deadlines of some process rest on, by name."""
    rules = [rule for process in load().all() for rule in process.deadlines]
    return {rule.length.name: rule.length for rule in rules if isinstance(rule.length, Setting)}


@transaction.atomic
def set_length(
    setting: str, length: str, *, valid_from: date, reason: str, by: Actor, now: datetime
) -> OwnLength:
    """Let clocks of a setting that begin on the day or later run this long; an empty length is the default again.

    `length` as the process language says it, such as “2 months”. Clocks that already run are not moved.
    Raises Refused, LengthRefused.
    """
    demand(by, "cases.set_length")
    length = length.strip().lower()
    errors = dict(_faults(setting, length, valid_from, reason, day_of(now)))
    if errors:
        raise LengthRefused(errors)
    row = OwnLength.objects.create(
        **signature(by, now), setting=setting, length=length, valid_from=valid_from, reason=reason.strip()
    )
    detail = {"setting": setting, "length": length, "from": valid_from.isoformat()}
    audit.wrote(by, "cases.set_length", now=now, obj=row, detail=detail)
    return row


def _faults(setting: str, length: str, valid_from: date, reason: str, today: date) -> list[tuple[str, str]]:
    faults = []
    known = settings_in_use().get(setting)
    if known is None:
        faults.append(("setting", "Det finns ingen sådan tid."))
    elif known.statute:
        faults.append(("setting", FIXED))
    if length:
        try:
            said = Length.parse(length)
        except LengthWrong:
            faults.append(("length", "Skriv ett antal och välj dagar, veckor, månader eller arbetsdagar."))
        else:
            if said.unit not in LONGEST or not 1 <= said.count <= LONGEST[said.unit]:
                faults.append(("length", "Tiden ska vara minst en dag och högst fem år."))
    if valid_from < today:
        faults.append(("valid_from", "En tid kan ändras tidigast från i dag: frister som löper ändras inte."))
    if len(reason.strip()) < 3:
        faults.append(("reason", "Skriv varför tiden ändras och vem som har beslutat det."))
    return faults
