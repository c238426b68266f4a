"""What must hold before a step under LSS: each is a word that the processes of disability may use."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from livlina.authority.assistance.models import AssistanceMonth
from livlina.authority.assistance.rates import age_limit
from livlina.authority.cases.engine.words import guard
from livlina.authority.cases.models import Decision
from livlina.core.calendar import add_months

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

CIRCLES = {"1": "lss_circle_1", "2": "lss_circle_2", "3": "lss_circle_3"}
"""The answer to “Personkrets” and the decision's own line about it."""

OWN_REQUEST_FROM = 15
"""Years: who has turned 15 asks for services on their own account (LSS 8 §)."""

MINDING_ABOVE = 12
"""Years: short-term minding is for young people at school over 12 (LSS 9 § 7)."""

FK_ABOVE = Decimal(20)
"""Hours a week of basic needs above which the state pays, and must be told (LSS 15 §, SFB 51 kap. 3 §)."""

NOTICE_MONTHS = 6
"""How long an advance notice holds, from the day the services are available (LSS 16 §)."""

ASSISTANCE = ("lss_assistance_basic", "lss_assistance_other")


@guard
def lss_request_is_made_by_the_right_one(doing: "Doing") -> str | None:
    """The request is the person's own, or made by whoever may make it for them (LSS 8 §)."""
    by, age = doing.facts.get("lss_requested_by"), doing.case.person.age(doing.today)
    unable = doing.facts.get("lss_cannot_take_stand") is True
    if by == "other":
        return (
            "Insatser enligt LSS ges bara på den enskildes egen begäran (8 § LSS). Fråga den enskilde, "
            "eller den som får begära dem i dennes ställe."
        )
    if by in ("self", "proxy") and age is not None and age < OWN_REQUEST_FROM:
        return "Den som är under 15 år begär inte själv. Vårdnadshavaren begär insatsen (8 § LSS)."
    if by == "guardian" and not unable and (age is None or age >= OWN_REQUEST_FROM):
        return (
            "Den som har fyllt 15 år begär själv (8 § LSS), om hon eller han inte uppenbart saknar förmåga "
            "att ta ställning. Skriv i så fall vad det grundas på."
        )
    return None


@guard
def circle_is_a_line_of_its_own(doing: "Doing") -> str | None:
    """A decision on a service under LSS has one line on the personal circle, with reasons, as it was assessed (1 §)."""
    draft, found = doing.draft, doing.facts.get("lss_circle")
    if draft is None or not draft.lines or draft.result not in ("granted", "partly_granted", "rejected"):
        return None
    circles = [line for line in draft.lines if line.service in CIRCLES.values()]
    services = [line for line in draft.lines if line.service not in CIRCLES.values()]
    if len(circles) != 1 or not (circles[0].reasons.strip() or doing.facts.get("lss_circle_reasons")):
        return "Skriv personkretsen som en egen rad i beslutet, med skäl (1 § LSS)."
    if not circles[0].granted and any(line.granted for line in services):
        return "Den som inte tillhör personkretsen kan inte beviljas en insats enligt LSS."
    if circles[0].granted and circles[0].service != CIRCLES.get(str(found)):
        return "Raden om personkrets stämmer inte med bedömningen i utredningen."
    if not services:
        return "Skriv också vad som beslutas om den insats som ansökan gäller."
    return None


@guard
def daily_activity_is_for_circle_1_and_2(doing: "Doing") -> str | None:
    """Daily activity is granted only in personal circle 1 or 2 (LSS 7 §)."""
    if _grants(doing, "lss_daily_activity") and doing.facts.get("lss_circle") not in ("1", "2"):
        return "Daglig verksamhet är bara för personkrets 1 och 2 (7 § LSS)."
    return None


@guard
def counselling_is_handed_over(doing: "Doing") -> str | None:
    """Counselling is granted by the municipality only where the region has handed it over (LSS 2 and 17 §§)."""
    if _grants(doing, "lss_counselling") and doing.facts.get("counselling_handed_over") is not True:
        return (
            "Rådgivning och annat personligt stöd är regionens ansvar. Kommunen kan bevilja insatsen bara "
            "om regionen har överlåtit uppgiften (2 och 17 §§ LSS)."
        )
    return None


@guard
def minding_is_for_over_twelve(doing: "Doing") -> str | None:
    """Short-term minding is granted to young people at school who are over twelve (LSS 9 § 7)."""
    age = doing.case.person.age(doing.today)
    minding = _grants(doing, "lss_short_term_minding", "lss_minding_holidays")
    if minding and age is not None and age <= MINDING_ABOVE:
        return "Korttidstillsyn är för skolungdom över 12 år (9 § 7 LSS)."
    return None


@guard
def assistance_is_sought_before_the_age_limit(doing: "Doing") -> str | None:
    """Personal assistance is granted to who is below the age limit, or had it before and gets no more (LSS 9 b §)."""
    age, limit = doing.case.person.age(doing.case.received_on), age_limit(doing.case.received_on).years
    if age is None or age < limit or not _grants(doing, *ASSISTANCE):
        return None
    before = _granted_before(doing)
    now = sum((line.quantity for line in doing.the_draft.lines if _is_assistance(line)), Decimal(0))
    if before and now <= before:
        return None
    return (
        f"Personlig assistans beviljas inte nytt, och utökas inte, efter {limit} års ålder (9 b § LSS). "
        "Pröva andra insatser."
    )


@guard
def lss_service_is_granted(doing: "Doing") -> str | None:
    """The decision grants a service, not the personal circle alone."""
    return (
        None
        if grants_service(_latest(doing))
        else "Ingen insats är beviljad, så det finns inget att beställa."
    )


@guard
def no_lss_service_is_granted(doing: "Doing") -> str | None:
    """The decision grants no service: at most that the person belongs to the personal circle."""
    return (
        "Beslutet beviljar en insats. Beställ den, eller avveckla den."
        if grants_service(_latest(doing))
        else None
    )


@guard
def individual_plan_is_offered(doing: "Doing") -> str | None:
    """The person has been offered an individual plan when a service was granted (LSS 10 §)."""
    offered = isinstance(doing.facts.get("lss_plan_offered_on"), date)
    return None if offered else "Erbjud först en individuell plan (10 § LSS)."


@guard
def fk_is_notified_above_twenty_hours(doing: "Doing") -> str | None:
    """Försäkringskassan is told of whoever has basic needs of more than 20 hours a week (LSS 15 §)."""
    hours = doing.facts.get("basic_hours_per_week")
    told = isinstance(doing.facts.get("fk_notified_on"), date)
    if not isinstance(hours, Decimal | int) or hours <= FK_ABOVE or told:
        return None
    return "Anmäl till Försäkringskassan först: de grundläggande behoven är mer än 20 timmar i veckan (15 § LSS)."


@guard
def notice_is_for_a_mover(doing: "Doing") -> str | None:
    """An advance notice is for who plans to move here and does not live here yet (LSS 16 §)."""
    if doing.facts.get("notice_lives_here") is True:
        return "Förhandsbesked är för den som planerar att flytta hit. Den som bor här ansöker om insatsen."
    return None


@guard
def fk_period_is_at_most_six_months(doing: "Doing") -> str | None:
    """The accounting period of assistance allowance is at most six months (SFB 51 kap.)."""
    months = doing.facts.get("lass_accounting_months")
    if months is None or 1 <= months <= 6:
        return None
    return "En beräkningsperiod är minst en och högst sex månader (51 kap. socialförsäkringsbalken)."


@guard
def fk_hours_are_more_than_the_first(doing: "Doing") -> str | None:
    """Assistance allowance is for more than 20 hours a week (SFB 51 kap. 3 §)."""
    hours = doing.facts.get("lass_hours_per_week")
    if hours is None or hours > FK_ABOVE:
        return None
    return "Assistansersättning gäller mer än 20 timmar i veckan. Kontrollera timmarna i beslutet."


@guard
def advance_notice_has_lapsed(doing: "Doing") -> str | None:
    """Six months have passed since the services became available (LSS 16 §)."""
    available = doing.facts.get("notice_available_on")
    if not isinstance(available, date):
        return "Skriv från vilken dag insatserna är tillgängliga."
    last = add_months(available, NOTICE_MONTHS)
    return f"Förhandsbeskedet gäller till och med den {last}." if doing.today <= last else None


@guard
def plan_is_made_with_the_person(doing: "Doing") -> str | None:
    """The individual plan was made together with the person (LSS 10 §)."""
    if doing.facts.get("lss_plan_agreed") is False:
        return "Planen ska upprättas tillsammans med den enskilde (10 § LSS)."
    return None


@guard
def months_are_accounted_for(doing: "Doing") -> str | None:
    """Every month with reported time is accounted for to Försäkringskassan (SFB 51 kap.)."""
    unsent = AssistanceMonth.objects.filter(
        decision__case=doing.case, sent_on=None, reports__rows__struck_at=None
    )
    month = unsent.filter(reports__rows__isnull=False).order_by("first_day").first()
    return f"Redovisningen för {month.in_words} är inte lämnad till Försäkringskassan." if month else None


def grants_service(decision: Decision | None) -> bool:
    """Return whether a decision grants anything besides the personal circle."""
    if decision is None:
        return False
    return any(line.granted and line.service not in CIRCLES.values() for line in decision.lines.all())


def _grants(doing: "Doing", *services: str) -> bool:
    lines = doing.draft.lines if doing.draft else ()
    return any(line.granted and line.service in services for line in lines)


def _is_assistance(line: object) -> bool:
    return bool(getattr(line, "granted", False)) and getattr(line, "service", "") in ASSISTANCE


def _granted_before(doing: "Doing") -> Decimal:
    """Hours a week of assistance in the newest earlier decision on it, in any case of the person."""
    earlier = (
        Decision.objects.filter(
            case__person_id=doing.case.person_id, lines__service__in=ASSISTANCE, lines__granted=True
        )
        .order_by("-decided_on", "-number")
        .first()
    )
    if earlier is None:
        return Decimal(0)
    return sum((line.quantity for line in earlier.lines.all() if _is_assistance(line)), Decimal(0))


def _latest(doing: "Doing") -> Decision | None:
    return doing.decision or Decision.objects.filter(case=doing.case).order_by("-number").first()
