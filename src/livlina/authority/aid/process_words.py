"""The words of the process language that are financial aid's own: what must hold before a step, and what follows."""

from decimal import Decimal
from typing import TYPE_CHECKING

from livlina.authority.aid.actions.decisions import follows, granted
from livlina.authority.aid.actions.months import LIVELIHOOD, current_month
from livlina.authority.aid.actions.payments import live_sum
from livlina.authority.aid.calculation import months_after
from livlina.authority.aid.kronor import in_kronor
from livlina.authority.aid.models import (
    AidWarning,
    Calculation,
    MonthApplication,
    Payment,
    Recovery,
    SupportMonth,
)
from livlina.authority.aid.queries.picture import adults_in, newest_answers, newest_calculation
from livlina.authority.aid.ssbtek.port import ANSWERED, SOURCES, WORDS, Status
from livlina.authority.aid.told import month_words
from livlina.authority.cases.engine.words import effect, guard
from livlina.authority.cases.models import Communication, Decision, signature

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

INACTIVE_MONTHS = 3


@guard
def month_is_open(doing: "Doing") -> str | None:
    """A month is applied for and not yet decided."""
    return None if current_month(doing.case) else "Ingen månad är sökt."


@guard
def no_month_is_open(doing: "Doing") -> str | None:
    """No month waits to be decided."""
    month = current_month(doing.case)
    return f"{month_words(month.month).capitalize()} är sökt och inte beslutad." if month else None


@guard
def calculation_is_approved(doing: "Doing") -> str | None:
    """The newest calculation of the month is approved by a named worker."""
    calculation = _calculation(doing)
    if calculation is None:
        return "Månaden är inte beräknad."
    return None if calculation.approved_at else "Beräkningen är inte godkänd."


@guard
def sources_have_answered(doing: "Doing") -> str | None:
    """Every source has answered, when nobody looks: a partial answer blocks automation, and a worker has seen it."""
    if doing.by.role != "system":
        return None
    month = current_month(doing.case)
    answers = newest_answers(month) if month else []
    if not answers:
        return "Uppgifter är inte hämtade från andra myndigheter."
    silent = [row for row in answers if Status(row.status) not in ANSWERED]
    said = [f"{SOURCES[row.source]}: {WORDS[Status(row.status)].lower()}" for row in silent]
    return f"{', '.join(said)}." if said else None


@guard
def warnings_are_seen(doing: "Doing") -> str | None:
    """No warning of the month is open; for the system none at all that is not closed."""
    month = current_month(doing.case)
    waiting = ["open"] if doing.by.role != "system" else ["open", "acknowledged"]
    rows = AidWarning.objects.filter(month_application=month, state__in=waiting)
    said = [f"{row.get_type_display()}: {row.words}" for row in rows.order_by("raised_at", "id")]
    return " ".join(["Se varningarna först.", *said]) if said else None


@guard
def decision_follows_calculation(doing: "Doing") -> str | None:
    """What is granted is what the approved calculation of the month says, to the öre."""
    if doing.draft is None or doing.process.code != LIVELIHOOD or not doing.draft.lines:
        return None
    calculation = _calculation(doing)
    if calculation is None or calculation.approved_at is None:
        return "Beräkningen är inte godkänd."
    if follows(calculation, doing.draft):
        return None
    return f"Beräkningen ger {in_kronor(calculation.aid)} kronor. Beslutet ska följa den."


@guard
def aid_communicated_if_against(doing: "Doing") -> str | None:
    """What the decision rests on was sent to the party for this very month, and the answer time is over (FL 25 §)."""
    if doing.draft is not None and not doing.draft.against:
        return None
    month = current_month(doing.case)
    rows = Communication.objects.filter(case=doing.case)
    if month is not None:
        rows = rows.filter(at__gte=month.at)
    sent = rows.order_by("-at", "-id").first()
    if sent is None:
        return (
            "Underlaget är inte kommunicerat med den enskilde (25 § förvaltningslagen). Skriv annars varför det är "
            "uppenbart obehövligt."
        )
    if sent.how == "waived" or sent.answered_on is not None:
        return None
    if sent.answer_by is not None and doing.today <= sent.answer_by:
        return f"Den enskilde har tid att svara till och med den {sent.answer_by}."
    return None


@guard
def payments_make_up_the_decision(doing: "Doing") -> str | None:
    """Approved payments make up exactly what the newest decision grants."""
    decision = _decision(doing)
    if decision is None:
        return "Inget beslut är fattat."
    if Payment.objects.filter(decision=decision, state="created").exists():
        return "En betalning väntar på att någon annan godkänner den."
    if live_sum(decision) != granted(decision):
        return f"Betalningarna är {live_sum(decision):f} kronor och beslutet {granted(decision):f} kronor."
    return None


@guard
def everything_is_paid(doing: "Doing") -> str | None:
    """Every payment of the newest decision is booked by the bank, and they make up what was granted."""
    decision = _decision(doing)
    if decision is None:
        return "Inget beslut är fattat."
    paid = Payment.objects.filter(decision=decision, state="paid")
    done = sum((row.amount for row in paid), Decimal(0))
    if done == granted(decision):
        return None
    return f"{in_kronor(done)} kronor av {in_kronor(granted(decision))} är utbetalda."


@guard
def no_payment_on_its_way(doing: "Doing") -> str | None:
    """No payment waits for approval, for the bank, or for somebody to mend it."""
    open_ones = Payment.objects.filter(
        case=doing.case, state__in=("created", "approved", "in_file", "error")
    ).count()
    return f"{open_ones} betalning(ar) är inte klara." if open_ones else None


@guard
def month_was_paid_before(doing: "Doing") -> str | None:
    """The case has had a month before this one; a first application that is withdrawn is written off instead."""
    if MonthApplication.objects.filter(case=doing.case, state="decided").exists():
        return None
    return "Det här är den första månaden. Skriv av ärendet i stället."


@guard
def three_months_without_application(doing: "Doing") -> str | None:
    """Three months have passed since the last month that was applied for."""
    last = MonthApplication.objects.filter(case=doing.case).order_by("-month").first()
    if last is None or last.state == "open":
        return "En månad är sökt och inte beslutad." if last else None
    until = months_after(last.month, INACTIVE_MONTHS + 1)
    return None if doing.today >= until else f"Ärendet kan bli vilande tidigast den {until}."


@guard
def recovery_is_communicated(doing: "Doing") -> str | None:
    """The person could answer before money is claimed back (FL 25 §)."""
    if doing.draft is not None and doing.draft.result == "closed_no_action":
        return None
    sent = Communication.objects.filter(case=doing.case).order_by("-at", "-id").first()
    if sent is None:
        return "Underlaget är inte kommunicerat med den enskilde (25 § förvaltningslagen)."
    if sent.how != "waived" and sent.answered_on is None and sent.answer_by and doing.today <= sent.answer_by:
        return f"Den enskilde har tid att svara till och med den {sent.answer_by}."
    return None


@guard
def recovery_has_reasons(doing: "Doing") -> str | None:
    """A claim says why, and whether it should be forgiven; it is never more than was suspected."""
    draft = doing.draft
    if draft is None or draft.result == "closed_no_action":
        return None
    if not doing.facts.get("recovery_reasons") or not doing.facts.get("recovery_forgiven"):
        return "Skriv i utredningen varför beloppet krävs tillbaka och om det finns skäl att efterge det."
    recovery = Recovery.objects.filter(case=doing.case).first()
    claimed = sum((line.quantity for line in draft.lines if line.granted), Decimal(0))
    if recovery is not None and claimed > recovery.suspected:
        return f"Utredningen gäller {in_kronor(recovery.suspected)} kronor. Mer kan inte krävas tillbaka."
    return None


@guard
def claim_is_not_paid(doing: "Doing") -> str | None:
    """Something of the claim is left to pay."""
    recovery = Recovery.objects.filter(case=doing.case).first()
    return None if recovery is not None and recovery.left > 0 else "Kravet är redan betalt."


@guard
def claim_is_settled(doing: "Doing") -> str | None:
    """Nothing of the claim is left: repaid, forgiven or agreed."""
    recovery = Recovery.objects.filter(case=doing.case).first()
    if recovery is None or recovery.left <= 0:
        return None
    return f"{in_kronor(recovery.left)} kronor är inte betalda."


@effect("settle_month")
def settle_month(doing: "Doing", what: str) -> None:
    """Mark the month as decided (or withdrawn), and count it for the job incentive of each adult."""
    month = current_month(doing.case)
    if month is None:
        return
    month.state = "decided" if doing.decision else "withdrawn"
    month.decision = doing.decision
    month.save(update_fields=["state", "decision"])
    if doing.decision is None:
        return
    household = doing.case.households.first()
    for member in adults_in(household, month.month) if household else []:
        SupportMonth.objects.create(
            **signature(doing.by, doing.now), case=doing.case, person_id=member.person_id, month=month.month,
            granted=doing.decision.grants,
        )  # fmt: skip


@effect("record_claim")
def record_claim(doing: "Doing", what: str) -> None:
    """Write what is claimed back on the recovery."""
    recovery = Recovery.objects.filter(case=doing.case).first()
    if recovery is None:
        return
    recovery.decision, recovery.claimed = doing.decision, granted(doing.the_decision)
    recovery.save(update_fields=["decision", "claimed"])


def _calculation(doing: "Doing") -> Calculation | None:
    month = current_month(doing.case)
    return newest_calculation(month) if month else None


def _decision(doing: "Doing") -> Decision | None:
    return doing.decision or Decision.objects.filter(case=doing.case).order_by("-number").first()
