"""What must hold before a step about a child: guards of the process language. None, or why not, in Swedish."""

from datetime import date

from livlina.authority.cases.actions import DecisionDraft, delegation
from livlina.authority.cases.actions.steps import Doing
from livlina.authority.cases.engine.words import guard
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.placements.models import Placement

QUALIFIED = "child_welfare"
VIOLENCE = {"violence", "witnessed_violence", "sexual_abuse", "honour"}
FEEDBACK = {"open_investigation": "opened", "do_not_open": "not_opened", "attach": "already_running"}
"""The one thing a reporter under duty may be told, by what was decided."""

SEVEN = {
    "doing_goal": "mål",
    "doing_how": "när och hur",
    "doing_follow_up": "uppföljning",
    "doing_others": "andra huvudmän",
    "doing_contacts": "umgänge och kontakt",
    "doing_board": "kontakt med nämnden",
    "doing_views": "inställning",
}
"""The seven items of SoF 10:3, as a refusal names them."""

INVESTIGATED = ("investigating", "waiting", "communicated", "ready_to_decide")


@guard
def worker_is_qualified_for_children(doing: Doing) -> str | None:
    """The actor has a degree in social work or its equal (SoL 25:1)."""
    if QUALIFIED in doing.by.qualifications or doing.by.role in ("committee_secretary", "system"):
        return None
    return (
        f"”{doing.step.label}” får bara göras av den som har socionomexamen eller annan relevant examen "
        "(25 kap. 1 § socialtjänstlagen). Be en kollega med den behörigheten."
    )


@guard
def late_prelim_has_reasons(doing: Doing) -> str | None:
    """A preliminary assessment that took more than 14 days says for which exceptional reasons (SoL 20:2)."""
    clock = Deadline.objects.filter(case=doing.case, name="prelim_in_time", state="running").first()
    if clock is None or doing.today <= clock.legal_date or doing.facts.get("prelim_late_reasons"):
        return None
    return f"De 14 dagarna gick ut {clock.legal_date}. Skriv vilka synnerliga skäl som finns."


@guard
def violence_is_investigated(doing: Doing) -> str | None:
    """A report of violence against a child, or that a child has witnessed, always opens an investigation."""
    if VIOLENCE & set(doing.facts.get("concern_kinds") or ()):
        return "Anmälan gäller våld eller övergrepp. Då inleds utredning genast."
    return None


@guard
def feedback_fits(doing: Doing) -> str | None:
    """What the reporter was told is what the step decides, and only one under a duty to report is told anything."""
    said = doing.facts.get("feedback_said")
    if not said:
        return None
    if doing.facts.get("reporter_kind") != "under_duty":
        return "Återkopplingen stämmer inte: bara den som är skyldig att anmäla får veta vad som beslutas."
    if said != FEEDBACK.get(doing.step.name):
        return "Återkopplingen stämmer inte med vad du beslutar."
    if not doing.facts.get("feedback_on"):
        return "Skriv vilken dag återkopplingen lämnades."
    return None


@guard
def another_investigation_runs(doing: Doing) -> str | None:
    """The case named in the form is an investigation about the same child that is still running."""
    number = str(doing.facts.get("running_case", "")).strip()
    running = Case.objects.filter(
        person_id=doing.case.person_id,
        process_code__in=("child_concern", "child_application"),
        state__in=INVESTIGATED,
        number=number,
    ).exclude(pk=doing.case.pk)
    return None if running.exists() else f"Ärende {number} är inte en pågående utredning om samma barn."


@guard
def extension_is_later(doing: Doing) -> str | None:
    """An investigation is extended to a day after the one that now holds (SoL 20:3)."""
    until = doing.facts.get("extended_to")
    names = ("investigation_in_time", "extension_ends")
    clock = Deadline.objects.filter(case=doing.case, name__in=names, state="running").first()
    holds = max(clock.strict_date, doing.today) if clock else doing.today
    if isinstance(until, date) and until > holds:
        return None
    return f"Skriv en dag efter {holds}, den dag som gäller nu."


@guard
def conclusion_is_delegated(doing: Doing) -> str | None:
    """The actor's assignment may close an investigation without any service (KL 6:37–39)."""
    return delegation.match(doing.case, conclusion(doing), by=doing.by, on=doing.today).why_not


def conclusion(doing: Doing) -> DecisionDraft:
    """Return the decision to close an investigation without any service."""
    return DecisionDraft(outcome="closed_no_action", reasons=doing.facts.get("conclusion_reasons", ""))


@guard
def consents_cover_what_is_granted(doing: Doing) -> str | None:
    """What is granted rests on the consent of the guardians, and of the young from 15 years, or on LVU (SoL 22:2)."""
    if doing.draft is not None and doing.draft.result not in ("granted", "partly_granted", "changed"):
        return None
    guardians, young = doing.facts.get("guardians_consent"), doing.facts.get("young_consent")
    if not guardians or not young or not doing.facts.get("consent_documented"):
        return "Samtyckena är inte antecknade. Anteckna dem först."
    if guardians == "refused":
        return "En vårdnadshavare samtycker inte. Utan samtycke kan insatsen bara ges med stöd av LVU."
    if young == "refused":
        return "Den unge samtycker inte. Utan samtycke kan insatsen bara ges med stöd av LVU."
    age = doing.case.person.age(doing.today)
    if young == "under_15" and age is not None and age >= 15:
        return "Den unge har fyllt 15 år och ska själv samtycka."
    return None


@guard
def ground_fits_consents(doing: Doing) -> str | None:
    """A placement by consent has the consents; one by LVU says so in both places."""
    by_law = str(doing.facts.get("placement_ground", "")).startswith("lvu")
    if by_law or doing.facts.get("guardians_consent") != "lvu":
        return None
    return "Samtyckena säger LVU, men grunden är socialtjänstlagen. Rätta det som är fel."


@guard
def child_is_placed(doing: Doing) -> str | None:
    """The child stands in the register of placed children: care begins the day it is placed (LVU 10 §, SoF 3:4)."""
    begun = doing.facts.get("care_begun_on")
    if not isinstance(begun, date):
        return None  # the form says what is not filled in
    first = Placement.objects.filter(person_id=doing.case.person_id).order_by("begins_on").first()
    if first is None or not Placement.objects.filter(person_id=doing.case.person_id, ends_on=None).exists():
        return "Barnet är inte inskrivet som placerat. Placera barnet i placeringsärendet först (10 § LVU)."
    if begun < first.begins_on:
        return f"Barnet placerades {first.begins_on}. Vården kan inte ha börjat före den dagen (10 § LVU)."
    return None


@guard
def seven_items_are_there(doing: Doing) -> str | None:
    """Each of the seven items of SoF 10:3 is written, or left out for special reasons."""
    left_out = set(doing.facts.get("doing_left_out") or ())
    missing = [words for name, words in SEVEN.items() if not doing.facts.get(name) and name not in left_out]
    if missing:
        return f"Skriv, eller ange särskilda skäl för att utelämna: {', '.join(missing)}."
    if left_out and not doing.facts.get("doing_left_out_reasons"):
        return "Skriv vilka särskilda skäl som finns för det som utelämnas."
    return None
