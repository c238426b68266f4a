"""What must hold before a step of compulsory care. None, or why not, in Swedish."""

from datetime import date
from typing import Any

from livlina.authority.cases.actions.steps import Doing
from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.words import guard
from livlina.authority.cases.models import CaseEvent, Deadline
from livlina.authority.court.models import Submission
from livlina.core.calendar import add_months
from livlina.core.clock import day_of

NOT_THERE = "Inget bevis finns på att handlingarna har kommit in till rätten. Ett utkast eller skickat brev räcker inte."
BEHIND_US = (
    "immediate_decided_on",
    "executed_on",
    "reached_court_on",
    "court_confirmed_on",
    "court_answered_on",
    "court_final_on",
    "application_decided_on",
    "lapsed_on",
)
"""Days that have been: a clock counted from a day yet to come would warn too late."""
FOLLOWS = ("executed_on", "reached_court_on", "court_confirmed_on")
"""Days that come after the decision they are about, and not after an earlier one in the same case."""


def lapsing(doing: Doing) -> list[Deadline]:
    """Return the running clocks that the step stops and that what they guard ends by."""
    names = [
        rule.name for rule in doing.process.deadlines if rule.lapses and doing.step.name in rule.stops_at
    ]
    return list(Deadline.objects.filter(case=doing.case, name__in=names, state="running"))


def began_on(clock: Deadline) -> date:
    """The day a clock began: that it counts from, or the earlier day it was set when it counts to a day to come.

    More time until the 17th begins the day the court gives it, and what reaches the court before the 17th is in time.
    """
    set_by = CaseEvent.objects.filter(case_id=clock.case_id, step=clock.anchor).order_by("-at").first()
    return min(clock.anchor_date, day_of(set_by.at)) if set_by else clock.anchor_date


@guard
def submission_is_proved(doing: Doing) -> str | None:
    """The court has it: what was sent for this step is proved to have reached the court, in time."""
    found = (
        Submission.objects.filter(case=doing.case, step=doing.step.name, state="proved", used_at=None)
        .select_related("proof")
        .first()
    )
    if found is None or found.proof is None:
        return NOT_THERE
    reached = day_of(found.proof.reached_at)
    written = doing.facts.get("reached_court_on")
    if written != reached:
        return f"Beviset visar att handlingarna kom in till rätten {reached}. Skriv den dagen."
    for clock in lapsing(doing):
        if reached > clock.legal_date:
            return f"Handlingarna kom in till rätten {reached}. Sista dagen var {clock.legal_date}, så beslutet har upphört."
        if reached < (began := began_on(clock)):
            return f"Beviset är från {reached}, före den {began} då fristen började. Det gäller något annat."
    return None


@guard
def days_are_right(doing: Doing) -> str | None:
    """The days written are not yet to come, and those of a decision do not come before it."""
    asked = {field.fact.name for field in doing.process.form(doing.step.form).fields()}
    decided = doing.facts.get("immediate_decided_on")
    for name in BEHIND_US:
        day = doing.facts.get(name)
        if name not in asked or not isinstance(day, date):
            continue
        if day > doing.today:
            return f"”{load().fact(name).label}” kan inte vara efter i dag."
        after_decision = name in FOLLOWS and doing.case.state != "assessing"
        if after_decision and isinstance(decided, date) and day < decided:
            return f"”{load().fact(name).label}” är före det omedelbara beslutet den {decided}. Skriv dagen på nytt."
    return None


@guard
def decided_by_the_elected(doing: Doing) -> str | None:
    """The board, its chair or a member it has appointed decided (LVU 6 §, LVM 13 §): never an official."""
    by, role = doing.facts.get("immediate_decided_by"), doing.by.role
    if role == "committee_chair":
        return None if by == "chair" else "Du beslutar som nämndens ordförande. Välj det."
    if by == "board" and role != "committee_secretary":
        return "Nämndens egna beslut registreras av nämndens sekreterare."
    name = str(doing.facts.get("immediate_decider") or "").strip()
    if name and name.casefold() == doing.by.name.casefold():
        return "Du kan inte själv besluta. Skriv namnet på ordföranden eller ledamoten som fattade beslutet."
    return None


@guard
def time_has_run_out(doing: Doing) -> str | None:
    """A clock after which the decision lapses has passed its legal date, and nothing proves that it was kept."""
    clocks = lapsing(doing)
    if any(clock.legal_date < doing.today for clock in clocks):
        return None
    last = min((clock.legal_date for clock in clocks), default=None)
    return f"Fristen löper till och med {last}." if last else "Ingen frist har löpt ut."


def _age(doing: Doing) -> int | None:
    return doing.case.person.age(doing.today)


@guard
def is_under_eighteen(doing: Doing) -> str | None:
    """The person is under 18."""
    age = _age(doing)
    return "Den unge har fyllt 18 år." if age is not None and age >= 18 else None


@guard
def is_under_twenty(doing: Doing) -> str | None:
    """The person is under 20 (LVU 6, 22 §§)."""
    age = _age(doing)
    return "Den unge har fyllt 20 år." if age is not None and age >= 20 else None


@guard
def care_rests_on_home(doing: Doing) -> str | None:
    """The care rests on the conditions in the home alone (LVU 2 §)."""
    if doing.facts.get("care_ground") == "home":
        return None
    return "Vården gäller inte bara förhållanden i hemmet (2 §). Välj vad som gäller enligt 3 §."


@guard
def care_rests_on_behaviour(doing: Doing) -> str | None:
    """The care rests on the young person's own behaviour, alone or besides the home (LVU 3 §)."""
    if doing.facts.get("care_ground") in ("behaviour", "both"):
        return None
    return "Vården gäller inte den unges eget beteende (3 §). Välj vad som gäller enligt 2 §."


@guard
def latest_day_is_right(doing: Doing) -> str | None:
    """The last day of the care is the 18th birthday under LVU 2 §, the 21st under 3 § (LVU 21 §)."""
    latest, last = doing.facts.get("care_latest_on"), _last_day(doing)
    if last is None or latest == last:
        return None
    return f"Vården upphör senast {last}, när den unge fyller {_limit(doing)} år. Skriv den dagen."


@guard
def age_ends_the_care(doing: Doing) -> str | None:
    """The day on which the care ends by age has come (LVU 21 §)."""
    last = _last_day(doing) or doing.facts.get("care_latest_on")
    return None if last and last <= doing.today else f"Vården upphör på grund av ålder först {last}."


@guard
def followed_up_if_under_eighteen(doing: Doing) -> str | None:
    """Someone under 18 whose care has ended was followed up (LVU 21 b §)."""
    if is_under_eighteen(doing) or doing.facts.get("closure_reason") in (
        "died",
        "moved",
    ):
        return None
    done = CaseEvent.objects.filter(case=doing.case, step="end_aftercare").exists()
    return None if done else "Den unge är under 18 år. Följ upp enligt 21 b § LVU innan ärendet avslutas."


@guard
def guardian_in_shelter_consents(doing: Doing) -> str | None:
    """The adult guardian with whom the child is placed agrees (2024:79 3:2, 4:2)."""
    if doing.facts.get("shelter_guardian_consents") is True:
        return None
    return "Vårdnadshavaren som barnet placeras med måste vara myndig och samtycka (4 kap. 2 §)."


def _limit(doing: Doing) -> int:
    return 18 if doing.facts.get("care_ground") == "home" else 21


def _last_day(doing: Doing) -> Any:
    born = doing.case.person.birth_date
    return add_months(born, 12 * _limit(doing)) if born else None
