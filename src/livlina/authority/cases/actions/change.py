"""Decisions taken beside the process's own steps: interim ones, changes of a decision, and a refused request to decide."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from livlina.authority.cases.actions import clocks, delegation
from livlina.authority.cases.actions.decide import decision_facts, store_decision
from livlina.authority.cases.actions.effects import open_appeal_window
from livlina.authority.cases.actions.execution import draft_orders
from livlina.authority.cases.actions.facts import current_facts, write_facts
from livlina.authority.cases.actions.favour import CHANGES
from livlina.authority.cases.actions.letters import issue_letter
from livlina.authority.cases.actions.steps import Doing, locked, note_event
from livlina.authority.cases.actions.words import DecisionDraft
from livlina.authority.cases.engine import Process, StepRefused
from livlina.authority.cases.engine.process import Letter, Step
from livlina.authority.cases.engine.words import GUARDS
from livlina.authority.cases.models import Case, Deadline, Decision
from livlina.authority.cases.processes import parse_facts, process_of
from livlina.core import outbox
from livlina.core.access import Actor, demand

DECIDE = "decide"
APPEAL = "appeal"
HOLDS_AGAIN = frozenset({"consents_cover_what_is_granted"})
"""Guards of deciding that a changed decision must pass too: what it rests on may have been withdrawn since."""
REQUEST_REFUSED = "shared/2025-07-01/letters/request_refused.html"
INTERIM = "Beslutet är interimistiskt. Det gäller till dess att ett slutligt beslut är fattat, dock längst till och med {}."


def outcomes(process: Process) -> list[str]:
    """Return the outcomes the process has a letter for when it decides, in its own order."""
    step = next((each for each in process.steps if each.name == DECIDE), None)
    said = [sent.when for sent in step.letters if sent.when is not None] if step else []
    return [str(when.value) for when in said if when.fact == "decision_outcome"]


def may_be_interim(case: Case, process: Process, by: Actor) -> bool:
    """Whether an interim decision can be taken: the process decides, the role may, and nothing is finally decided."""
    step = next((each for each in process.steps if each.name == DECIDE), None)
    if step is None or not case.is_open or by.role not in step.roles or "granted" not in outcomes(process):
        return False
    return not Decision.objects.filter(case=case, interim=False, subject="").exists()


@transaction.atomic
def decide_interim(case: Case, draft: DecisionDraft, *, by: Actor, now: datetime) -> Decision:
    """Grant something until the matter is decided, with a last day. The case stays where it is.

    The final decision ends it, and so does the next interim one. Its orders are drafted at once. Raises Refused,
    StepRefused.
    """
    return interim(case, draft, by=by, now=now).the_decision


def interim(case: Case, draft: DecisionDraft, *, by: Actor, now: datetime, rehearsed: bool = False) -> Doing:
    """What `decide_interim` does, with everything that came of it; a rehearsal makes no letter."""
    demand(by, "cases.step", case)
    case = locked(case)
    process = process_of(case)
    if not may_be_interim(case, process, by):
        raise StepRefused("Ett interimistiskt beslut fattas innan ärendet är slutligt avgjort.")
    if not draft.lines or not all(line.granted for line in draft.lines):
        raise StepRefused(
            "Ett interimistiskt beslut beviljar något tills vidare. Det som avslås prövas i det slutliga."
        )
    if any(line.valid_to is None for line in draft.lines) or draft.period is None:
        raise StepRefused("Ett interimistiskt beslut ska ha en sista dag. Skriv den på varje rad.")
    last = draft.period[1]
    said = "\n\n".join(filter(None, [INTERIM.format(last), draft.reasons.strip()]))
    final = replace(draft, interim=True, reasons=said, outcome="")
    doing = _doing(case, process, final, by, now, rehearsed)
    doing.decision = row = _store(doing, final)
    if row.valid_to:
        clocks.start(case, process, "decision_end", row.valid_to, now=now)
    clocks.refresh(case)
    if process.order_kind and "order" in process.forms:
        draft_orders(doing)
    _letter(doing, "Interimistiskt beslut")
    note_event(case, "decide_interim", f"Interimistiskt beslut till och med {last}", by=by, now=now, law="fl_31",
               detail={"decision": str(row.pk)})  # fmt: skip
    outbox.announce("decision.interim", row, now=now)
    return doing


@transaction.atomic
def correct_decision(
    decision: Decision, draft: DecisionDraft, *, reason: str, by: Actor, now: datetime
) -> Decision:
    """Correct an obvious slip of the pen or of counting by a new row and a new letter (FL 36 §). The old decision stays.

    `reason` says what was plainly wrong; `draft.heard` whether the party could comment. The outcome may not change.
    Raises Refused, CorrectionRefused.
    """
    return corrected(decision, draft, reason=reason, by=by, now=now).the_decision


def corrected(
    decision: Decision,
    draft: DecisionDraft,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    rehearsed: bool = False,
) -> Doing:
    """What `correct_decision` does, with everything that came of it; a rehearsal makes no letter."""
    demand(by, "cases.change", decision.case)
    case = locked(decision.case)
    if not reason.strip():
        raise CorrectionRefused("Skriv vad som uppenbart blev fel.")
    if draft.result != decision.outcome:
        raise CorrectionRefused(
            "En rättelse ändrar inte utgången. Ompröva beslutet i stället (37–38 §§ förvaltningslagen)."
        )
    try:
        _demand_heard(draft)
        said = f"Rättelse enligt 36 § förvaltningslagen av beslut {decision.number}: {reason.strip()}"
        reasons = "\n\n".join(filter(None, [said, draft.reasons.strip() or decision.reasons]))
        linked = replace(draft, previous=decision, relation="corrects", reasons=reasons)
        doing = _doing(case, process_of(case), linked, by, now, rehearsed)
        doing.decision = row = _store(doing, linked)
    except StepRefused as refused:
        raise CorrectionRefused(" ".join(refused.reasons)) from None
    _letter(doing, "Rättelse av beslut")
    note_event(case, "correct_decision", f"Rättat beslut {decision.number}: {reason.strip()}"[:160], by=by, now=now,
               law="fl_36", detail={"decision": str(row.pk)})  # fmt: skip
    outbox.announce("decision.corrected", row, now=now)
    return doing


class CorrectionRefused(Exception):
    """Rättelsen går inte att göra; texten säger varför."""


@transaction.atomic
def change_decision(decision: Decision, draft: DecisionDraft, *, by: Actor, now: datetime) -> Decision:
    """Change, end or revoke a decision after trying it anew (FL 37–39 §§): a new decision that can be appealed in turn.

    To the party's harm only on a ground of FL 37 §, with reasons, and when they could comment (FL 25 §). Raises Refused,
    StepRefused.
    """
    return changed(decision, draft, by=by, now=now).the_decision


def changed(
    decision: Decision, draft: DecisionDraft, *, by: Actor, now: datetime, rehearsed: bool = False
) -> Doing:
    """What `change_decision` does, with everything that came of it; a rehearsal makes no letter."""
    demand(by, "cases.change", decision.case)
    case = locked(decision.case)
    process = process_of(case)
    _demand_changeable(case, process, decision, draft)
    linked = replace(draft, previous=decision, relation="changes")
    doing = _doing(case, process, linked, by, now, rehearsed)
    if linked.against or draft.heard:
        _demand_heard(draft)
    _demand_kept(doing)
    doing.decision = row = _store(doing, linked)
    settle(doing, linked)
    _letter(doing)
    note_event(case, "change_decision", f"Beslut {decision.number} ändrat av beslut {row.number}", by=by, now=now,
               law="fl_37" if draft.harm_ground else "fl_38", detail={"decision": str(row.pk)})  # fmt: skip
    outbox.announce("decision.changed", row, now=now)
    return doing


def _demand_kept(doing: Doing) -> None:
    """Raise StepRefused for what the process asks of every decision, a changed one too."""
    for name in HOLDS_AGAIN.intersection(doing.step.guards):
        if fault := GUARDS[name].does(doing):
            raise StepRefused(fault)


def _demand_heard(draft: DecisionDraft) -> None:
    """Raise StepRefused unless it is said whether the party could comment, and what came of it (FL 25 §)."""
    if draft.heard not in ("answered", "silent", "needless"):
        raise StepRefused("Säg om den enskilde har fått yttra sig (25 § förvaltningslagen).")
    if draft.heard != "silent" and len(draft.heard_words.strip()) < 5:
        raise StepRefused(
            "Skriv vad den enskilde svarade, eller varför det är uppenbart obehövligt att fråga."
        )


def _demand_changeable(case: Case, process: Process, decision: Decision, draft: DecisionDraft) -> None:
    """Raise StepRefused for what cannot be changed, or says nothing."""
    if not case.is_open:
        raise StepRefused("Ärendet är avslutat. Pröva frågan i ett nytt ärende.")
    if decision.subject or decision.interim:
        raise StepRefused("Det beslutet ersätts av det slutliga beslutet, och ändras inte för sig.")
    later = Decision.objects.filter(previous=decision).exclude(relation="").order_by("-number").first()
    if later is not None:
        raise StepRefused(
            f"Beslut {decision.number} är redan följt av beslut {later.number}. Ändra det i stället."
        )
    if draft.outcome not in CHANGES or draft.outcome not in outcomes(process):
        raise StepRefused("Välj om beslutet ändras, upphör eller återkallas.")
    if not draft.lines:
        raise StepRefused("Skriv minst en rad: vad som ändras, och hur mycket som gäller i stället.")
    if not draft.reasons.strip():
        raise StepRefused("Skriv skälen för ändringen (32 § förvaltningslagen).")


@transaction.atomic
def refuse_request(case: Case, *, reasons: str, by: Actor, now: datetime) -> Decision:
    """Refuse, by a decision of its own, the request that the matter be decided (FL 12 §). It can be appealed.

    Raises Refused, StepRefused.
    """
    demand(by, "cases.write", case)
    case = locked(case)
    clock = Deadline.objects.filter(case=case, anchor="decision_requested", state="running").first()
    if clock is None:
        raise StepRefused("Det finns ingen begäran att avgöra ärendet som väntar på svar.")
    if len(reasons.strip()) < 10:
        raise StepRefused("Skriv varför ärendet inte kan avgöras än (12 och 32 §§ förvaltningslagen).")
    process = process_of(case)
    draft = DecisionDraft(outcome="rejected", subject="request", reasons=reasons.strip())
    doing = _doing(case, process, draft, by, now)
    doing.decision = row = _store(doing, draft)
    clocks.stop(case, [clock.name], step="refuse_request", now=now)
    clocks.refresh(case)
    if APPEAL in process.flows():
        open_appeal_window(doing, row, APPEAL)
    issue_letter(doing, _refusal(process))
    note_event(case, "refuse_request", "Begäran om att ärendet avgörs är avslagen", by=by, now=now, law="fl_12",
               detail={"decision": str(row.pk)})  # fmt: skip
    outbox.announce("decision.request_refused", row, now=now)
    return row


def settle(doing: Doing, draft: DecisionDraft) -> None:
    """Write the facts of a changed decision, begin its clocks, and let it be appealed in turn."""
    decision, case, now = doing.the_decision, doing.case, doing.now
    facts = {name: value for name, value in decision_facts(draft).items() if value not in (None, "")}
    write_facts(case, parse_facts(facts), by=doing.by, now=now)
    if draft.result == "changed":
        clocks.start(case, doing.process, "decided", doing.today, now=now)
    if decision.valid_to:
        clocks.start(case, doing.process, "decision_end", decision.valid_to, now=now)
    clocks.refresh(case)
    if APPEAL in doing.process.flows():
        open_appeal_window(doing, decision, APPEAL)


def _doing(
    case: Case, process: Process, draft: DecisionDraft, by: Actor, now: datetime, rehearsed: bool = False
) -> Doing:
    """The decide step as its letters and orders see it, without moving the case."""
    said = {name: value for name, value in decision_facts(draft).items() if value not in (None, "")}
    facts = current_facts(case) | parse_facts(said)
    return Doing(case, process, _step(process), by, now, facts, draft=draft, rehearsed=rehearsed)


def _step(process: Process) -> Step:
    return next((each for each in process.steps if each.name == DECIDE), process.steps[0])


def _store(doing: Doing, draft: DecisionDraft) -> Decision:
    """Store it if somebody has delegated it. Raises StepRefused."""
    if fault := delegation.match(doing.case, draft, by=doing.by, on=doing.today).why_not:
        raise StepRefused(fault)
    return store_decision(doing.case, doing.process, draft, by=doing.by, now=doing.now)


def _refusal(process: Process) -> Letter:
    """The letter of a refused request: it stands on the same page as the process's other decisions."""
    like = process.letters.get("decision_rejected") or next(iter(process.letters.values()))
    return replace(
        like, name="request_refused", label="Beslut om begäran att ärendet avgörs", template=REQUEST_REFUSED
    )


def _letter(doing: Doing, label: str = "") -> None:
    """Make the letter the process has for such an outcome."""
    for sent in doing.step.letters:
        if sent.when is None or sent.when.holds(doing.facts):
            letter = doing.process.letters[sent.letter]
            letter = replace(letter, label=label) if label else letter
            if doing.rehearsed:
                doing.unsent.append(letter)
            else:
                doing.letters.append(issue_letter(doing, letter))


def waited(case: Case) -> date | None:
    """Return the day by which a request that the matter be decided must be answered; None without one."""
    running = Deadline.objects.filter(case=case, anchor="decision_requested", state="running").first()
    return running.strict_date if running else None
