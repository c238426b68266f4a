"""Words that only the own acts use: no more is paid than was granted and spent, and no more claimed back than paid."""

from decimal import Decimal as Number
from typing import TYPE_CHECKING

from livlina.authority.cases.actions.words import amount
from livlina.authority.cases.engine.words import guard
from livlina.authority.cases.models import Decision, DecisionLine

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

NOTHING = Number(0)


@guard
def grant_within_decision_and_cost(doing: "Doing") -> str | None:
    """The grant paid is no more than was granted, and no more than the accounted cost (lag 2018:222, 20 §)."""
    paid = doing.facts.get("paid_amount") or NOTHING
    cost, granted = doing.facts.get("cost_accounted") or NOTHING, _granted(doing)
    if paid > granted:
        return f"Bidraget får inte överstiga det beviljade beloppet, {amount(granted)} kronor."
    if paid > cost:
        return f"Bidraget får inte överstiga den redovisade kostnaden, {amount(cost)} kronor."
    return None


@guard
def claim_within_payment(doing: "Doing") -> str | None:
    """What is claimed back has been paid out (lag 2018:222, 21 §)."""
    paid = doing.facts.get("paid_amount") or NOTHING
    if (doing.facts.get("claim_amount") or NOTHING) > paid:
        return f"Mer än det utbetalda beloppet, {amount(paid)} kronor, kan inte krävas tillbaka."
    return None


def _granted(doing: "Doing") -> Number:
    """Kronor granted by the newest decision that grants anything."""
    lines = DecisionLine.objects.filter(decision__case=doing.case, granted=True)
    newest = Decision.objects.filter(lines__in=lines).order_by("-number").first()
    return sum((line.quantity for line in lines.filter(decision=newest)), NOTHING)
