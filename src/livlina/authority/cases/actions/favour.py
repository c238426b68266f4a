"""A favourable decision binds: it is changed to the party's harm only on a ground of FL 37 §, which is kept."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as Number

from livlina.authority.cases.actions.words import DecisionDraft, amount, unit_of
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Case, Decision, DecisionLine
from livlina.authority.cases.models.decision import HARM_GROUNDS

CHANGES = ("changed", "ended", "revoked")
"""Outcomes that say of themselves that they take the place of an earlier decision."""

ONCE = ("kronor",)
"""What is granted once: a new amount comes beside the old one, not in its place."""


@dataclass(frozen=True)
class Loss:
    """What a service was and what it would be."""

    line: DecisionLine
    becomes: Number

    @property
    def words(self) -> str:
        """“beslut 1: personlig omsorg, 12 timmar per månad till och med 2027-03-08”."""
        line = self.line
        until = f" till och med {line.valid_to}" if line.valid_to else " tills vidare"
        what = f"{amount(line.quantity)} {unit_of(line.quantity, line.unit)}"
        return f"beslut {line.decision.number}: {line.service_label.lower()}, {what}{until}"


def demand_ground(case: Case, draft: DecisionDraft, on: date) -> None:
    """Raise StepRefused when the draft takes back what a decision in force grants, and no ground holds (FL 37 §)."""
    if draft.interim or draft.subject or draft.relation == "corrects":
        return
    lost = losses(case, draft, on)
    if not lost:
        return
    if draft.harm_ground not in dict(HARM_GROUNDS) or not draft.harm_ground:
        raise StepRefused(
            f"Det här tar tillbaka vad som är beviljat ({'; '.join(each.words for each in lost)}). Ett gynnande beslut "
            "får ändras till den enskildes nackdel bara på någon av grunderna i 37 § förvaltningslagen. Välj grund."
        )
    if not draft.reasons.strip():
        raise StepRefused(
            "Skriv skälen: varför grunden för att ändra beslutet är uppfylld (32 § förvaltningslagen)."
        )
    if draft.harm_ground == "reservation":
        bare = [each.line.decision for each in lost if not each.line.decision.reservation]
        if bare:
            raise StepRefused(
                f"Beslut {bare[0].number} har inget förbehåll om ändring. Välj en annan grund, eller låt beslutet gälla."
            )


def losses(case: Case, draft: DecisionDraft, on: date) -> list[Loss]:
    """Return what is granted and in force on the day, and would be less by the draft. Two statements."""
    explicit = draft.result in CHANGES
    wanted = {line.service for line in draft.lines if explicit or line.granted}
    if not wanted:
        return []
    found = []
    for service, line in in_force(case, on).items():
        if service not in wanted or (not explicit and line.unit in ONCE):
            continue
        new = [each for each in draft.lines if each.service == service and each.granted]
        becomes = sum((each.quantity for each in new), Number(0))
        ends = [each.valid_to for each in new]
        shorter = explicit and bool(new) and _ends_before(ends, line.valid_to)
        if becomes < line.quantity or shorter:
            found.append(Loss(line, becomes))
    return found


def in_force(case: Case, on: date) -> dict[str, DecisionLine]:
    """Return the granted line that holds for each service on the day, by its code. Two statements.

    A later decision on a service takes the place of the one before; a mere rejection of more leaves it as it was.
    """
    said: dict[str, DecisionLine | None] = {}
    rows = Decision.objects.filter(case=case, interim=False, subject="").order_by("-number")
    for decision in rows.prefetch_related("lines"):
        lines = list(decision.lines.all())
        for line in lines:
            line.decision = decision
        for service in {line.service for line in lines} - said.keys():
            granted = next((line for line in lines if line.service == service and line.granted), None)
            if granted is not None or decision.outcome in CHANGES:
                said[service] = granted
    return {
        service: line
        for service, line in said.items()
        if line is not None and (line.valid_to is None or line.valid_to >= on)
    }


def _ends_before(ends: list[date | None], last: date | None) -> bool:
    """Whether the new lines end before the old one did."""
    if None in ends:
        return False
    newest = max(day for day in ends if day)
    return last is None or newest < last
