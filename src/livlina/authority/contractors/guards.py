"""What the processes about contractors ask of this room, and what follows in it."""

from typing import TYPE_CHECKING

from livlina.authority.cases.engine.words import effect, guard
from livlina.authority.contractors import actions, queries
from livlina.authority.contractors.models import Home, Stay

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

NOT_REGISTERED = "Hemmet eller personen är inte registrerad bland uppdragstagarna. Gör det först."


@guard
def contractor_is_registered(doing: "Doing") -> str | None:
    """The home or person that the case investigates is registered among the contractors."""
    return None if _home(doing) else NOT_REGISTERED


@guard
def both_extracts_shown(doing: "Doing") -> str | None:
    """Every adult to be engaged has shown extracts of the criminal and the suspicion register (SoF 3:3)."""
    home = _home(doing)
    if home is None:
        return NOT_REGISTERED
    return " ".join(queries.missing_extracts(home, on=doing.today)) or None


@guard
def approval_in_force(doing: "Doing") -> str | None:
    """The home is approved: for which kinds, how many and which ages is written in the room of contractors."""
    home = _home(doing)
    if home and queries.approval_on(home, doing.today):
        return None
    return "Godkännandet är inte skrivet: uppdrag, antal platser och åldrar."


@guard
def contract_in_force(doing: "Doing") -> str | None:
    """A contract is signed by someone else than the one who wrote it."""
    home = _home(doing)
    return None if home and queries.contract_on(home, doing.today) else "Avtalet är inte undertecknat."


@guard
def nobody_lives_there(doing: "Doing") -> str | None:
    """No place of the home is taken."""
    home = _home(doing)
    ends = doing.facts.get("engagement_ended_on") or doing.today
    if home is None:
        return None
    stays = Stay.objects.filter(listing__home_id=home.pk)
    left = stays.filter(ends_on=None) | stays.filter(ends_on__gt=ends)
    return "Någon bor i hemmet eller har det som stöd. Avsluta det först." if left.exists() else None


@effect("record_contractor_review")
def record_contractor_review(doing: "Doing", what: str) -> None:
    """Note the yearly review on the home."""
    home = _home(doing)
    if home is not None:
        actions.record_review(home, on=doing.facts["reviewed_contractor_on"], by=doing.by, now=doing.now)


@effect("end_contractor")
def end_contractor(doing: "Doing", what: str) -> None:
    """End the home in the register, with its approval and contracts."""
    home = _home(doing)
    if home is not None and home.ended_on is None:
        on = max(doing.facts.get("engagement_ended_on") or doing.today, home.since)
        actions.end_home(home, on=on, by=doing.by, now=doing.now)


def _home(doing: "Doing") -> Home | None:
    return queries.home_of_case(doing.case.pk)
