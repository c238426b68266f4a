"""What must hold before a step: one function for each guard a process may name. None, or why not, in Swedish."""

from datetime import date
from typing import TYPE_CHECKING

from livlina.authority.cases.actions import delegation
from livlina.authority.cases.actions.closing import missing_choices, open_items
from livlina.authority.cases.actions.execution import orders_of
from livlina.authority.cases.actions.notice import appeal_timing
from livlina.authority.cases.engine.words import guard
from livlina.authority.cases.models import Communication, Decision

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing


@guard
def worker_is_assigned(doing: "Doing") -> str | None:
    """The case has a responsible case worker."""
    return None if doing.case.responsible_id else "Ärendet har ingen ansvarig handläggare. Fördela det först."


@guard
def decision_is_delegated(doing: "Doing") -> str | None:
    """The actor's assignment may take this decision: kind, amount and length (KL 6:37–39)."""
    draft = doing.draft
    if draft is None:
        return None  # the step records no decision of its own; its letter says what the law already decides
    return delegation.match(doing.case, draft, by=doing.by, on=doing.today).why_not


@guard
def reasons_given_if_against(doing: "Doing") -> str | None:
    """A decision that goes against the party states its reasons (FL 32 §)."""
    draft = doing.draft
    if draft is None or not draft.against or draft.reasons.strip():
        return None
    return "Beslutet går den enskilde emot och behöver en motivering (32 § förvaltningslagen)."


@guard
def appeal_text_if_against(doing: "Doing") -> str | None:
    """A decision that goes against the party carries how to appeal (FL 33 §): the room writes it on every such line."""
    draft = doing.draft
    if draft is None or draft.lines or draft.result in ("dismissed", "closed_no_action", "written_off"):
        return None
    return "Skriv minst en rad: vad som beviljas eller avslås, och hur mycket."


@guard
def communicated_if_against(doing: "Doing") -> str | None:
    """What the decision rests on was sent to the party, and the answer time is over (FL 25 §)."""
    if doing.draft is not None and not doing.draft.against:
        return None
    sent = Communication.objects.filter(case=doing.case).order_by("-at", "-id").first()
    if sent is None:
        return not_communicated(None, None, None, doing.today)
    return not_communicated(sent.how, sent.answered_on, sent.answer_by, doing.today)


def not_communicated(
    how: str | None, answered: date | None, answer_by: date | None, today: date
) -> str | None:
    """Why the newest communication (`how` is None without one) does not let a decision against the party be taken."""
    if how is None:
        return "Underlaget är inte kommunicerat med den enskilde (25 § förvaltningslagen)."
    if how == "waived" or answered is not None:
        return None
    if answer_by is not None and today <= answer_by:
        return f"Den enskilde har tid att svara till och med den {answer_by}."
    return None


@guard
def period_and_follow_up_if_granted(doing: "Doing") -> str | None:
    """A granted decision says from when to when, and when it is followed up."""
    draft = doing.draft
    if draft is None or draft.result not in ("granted", "partly_granted"):
        return None
    if draft.period is None:
        return "Skriv från vilken dag det som beviljas gäller."
    return None if draft.follow_up_on else "Skriv när beslutet ska följas upp."


@guard
def decision_grants_something(doing: "Doing") -> str | None:
    """At least one line of the decision is granted."""
    decision = latest_decision(doing)
    return (
        None
        if decision and decision.grants
        else "Inget i beslutet är beviljat, så det finns inget att beställa."
    )


@guard
def decision_grants_nothing(doing: "Doing") -> str | None:
    """No line of the decision is granted."""
    decision = latest_decision(doing)
    return (
        "Beslutet beviljar en insats. Beställ den, eller avveckla den."
        if decision and decision.grants
        else None
    )


@guard
def orders_confirmed(doing: "Doing") -> str | None:
    """Every order of the case is confirmed by its provider."""
    running = [state for state in orders_of(doing.case) if state.is_open]
    if not running:
        return "Ingen beställning är bekräftad av en utförare."
    waiting = [state.provider_name for state in running if not state.is_confirmed]
    return f"Beställningen är inte bekräftad: {', '.join(waiting)}." if waiting else None


@guard
def no_open_orders(doing: "Doing") -> str | None:
    """No order of the case is open, save those chosen to end now."""
    for state in orders_of(doing.case):
        chosen = doing.choices.get(f"order:{state.pk}", {}).get("choice") == "end"
        if state.is_open and not (chosen and state.can_end):
            why = (
                "är inte avslutad"
                if state.can_end
                else "är öppnad av utföraren och måste först lämnas tillbaka"
            )
            return f"Beställningen till {state.provider_name} {why}."
    return None


@guard
def per_item_choices_made(doing: "Doing") -> str | None:
    """Each open item (order, letter, unrecorded text, watch) has an explicit choice."""
    missing = missing_choices(open_items(doing.case), doing.choices)
    return " ".join(missing) if missing else None


@guard
def devices_returned(doing: "Doing") -> str | None:
    """Keys and devices lent to the person are returned, or written off with a reason."""
    return None  # an item of its own in the choices: per_item_choices_made asks for it


@guard
def appeal_in_time(doing: "Doing") -> str | None:
    """The appeal reached the board in time, or must count as in time (FL 44–45 §§)."""
    timing = appeal_timing(doing.the_appeal)
    return None if timing.in_time else timing.reason


@guard
def appeal_is_late(doing: "Doing") -> str | None:
    """The appeal reached the board too late, and no exception of FL 45 § applies."""
    timing = appeal_timing(doing.the_appeal)
    return timing.reason if timing.in_time else None


@guard
def appellant_got_all(doing: "Doing") -> str | None:
    """The changed decision gives the appellant all that was asked for (FL 46 §)."""
    if doing.draft is None:
        return "Skriv det ändrade beslutet."
    granted = {line.service: line.quantity for line in doing.draft.lines if line.granted}
    for line in doing.the_appeal.decision.lines.all():
        wanted = line.quantity + sum(
            other.quantity
            for other in doing.the_appeal.decision.lines.all()
            if other.granted and other.service == line.service
        )
        if not line.granted and granted.get(line.service, 0) < wanted:
            return (
                f"Det ändrade beslutet ger inte allt som söktes: {line.service_label}, {wanted.normalize():f} {line.unit}. "
                "Överlämna överklagandet till domstolen i stället."
            )
    return None


@guard
def appeal_time_is_over(doing: "Doing") -> str | None:
    """The appeal time has run out for every party, and no appeal has come in."""
    if doing.the_appeal.last_day is None:
        return (
            "Dagen då den enskilde fick beslutet är inte antecknad, så tiden att överklaga har inte börjat."
        )
    if doing.today <= doing.the_appeal.last_day:
        return f"Beslutet kan överklagas till och med den {doing.the_appeal.last_day}."
    return None


def latest_decision(doing: "Doing") -> Decision | None:
    """The decision being taken, or the newest of the case."""
    return doing.decision or Decision.objects.filter(case=doing.case).order_by("-number").first()
