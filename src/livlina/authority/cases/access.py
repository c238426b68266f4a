"""Who may do what in case work. Deny by default; the provider's roles are named nowhere here.

A case is opened by its own unit and by the one responsible; a protected person's case only by the named few
(OSL 26:1; lag 2001:454 10 §). Citizens see their own cases and those of people they act for; the protected are
not served by e-service.
"""

from functools import cache

from django.db.models import Exists, F, OuterRef, Q

from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.process import MAIN
from livlina.authority.cases.models import (
    Appeal,
    Application,
    ApplicationDraft,
    Case,
    ConcernReport,
    Deadline,
    Decision,
    Document,
    ReportedPerson,
)
from livlina.authority.cases.processes import only_for_the_person
from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.people.models import Mandate, Person, ProtectedAccess

WORKERS = ("case_worker", "unit_manager")
NOT_ONLINE = (
    *("child_concern", "lvu", "lvu_exit_ban", "lvu_preventive", "lvu_removal_ban", "shelter_child", "lvm"),
    "partner_violence",
)
"""What no citizen follows in the e-service: it may be about the one who would be reading (OSL 12:3, 26:1)."""

TURNS = ("committee_secretary", "committee_chair", "duty_officer")
"""Roles that belong to no unit: they open a case when it is theirs to act in it."""

OFFICERS = ("reception", *WORKERS, "committee_secretary", "duty_officer")


def few(actor: Actor, prefix: str = "") -> Q:
    """Cases of unprotected persons, and of protected ones whose named few include the actor."""
    named = ProtectedAccess.objects.running(today()).filter(
        person_id=OuterRef(f"{prefix}person_id"), user_id=actor.user_id
    )
    return Q(**{f"{prefix}person__protection": Person.Protection.NONE}) | Q(Exists(named))


def worked(actor: Actor, prefix: str = "") -> Q:
    """Cases of the actor's unit, and those the actor is responsible for."""
    own = Q(**{f"{prefix}unit_id": actor.unit_id}) | Q(**{f"{prefix}responsible_id": actor.user_id})
    return own & few(actor, prefix)


def opened(actor: Actor, prefix: str = "") -> Q:
    """Cases the actor may open, by role."""
    if actor.role == "system":
        return Q()
    if actor.role in WORKERS:
        return worked(actor, prefix)
    if actor.role not in TURNS:
        return Q(pk__in=[])
    key = OuterRef(f"{prefix}pk" if prefix else "pk")
    turn = Q(pk__in=[])
    for codes, states in turns(actor.role):
        turn |= Q(**{f"{prefix}process_code__in": codes, f"{prefix}state__in": states})
    if actor.role == "committee_secretary":  # appeals on their way to court
        turn |= Q(Exists(Appeal.objects.filter(case_id=key, received_on__isnull=False)))
    if actor.role == "duty_officer":  # what nobody did in time
        late = Deadline.objects.filter(case_id=key, state="running", strict_date__lte=today())
        turn |= Q(Exists(late))
    return turn & few(actor, prefix)


@cache
def turns(role: str) -> list[tuple[list[str], list[str]]]:
    """Return where a role has something to do, as the processes say: codes of processes, and their states."""
    states: dict[str, set[str]] = {}
    for process in load().all():
        for step in process.steps:
            if role in step.roles and step.flow == MAIN:
                states.setdefault(process.code, set()).update(step.sources)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for code, found in sorted(states.items()):
        grouped.setdefault(tuple(sorted(found)), []).append(code)
    return [(codes, list(found)) for found, codes in grouped.items()]


def own(actor: Actor, prefix: str = "") -> Q:
    """Cases of the citizen, and of those they act for by a mandate in force."""
    holds = Mandate.objects.in_force(today()).filter(
        principal_id=OuterRef(f"{prefix}person_id"),
        holder_id=actor.person_id,
        scope__in=("everything", "services"),
    )
    mine = Q(**{f"{prefix}person_id": actor.person_id}) | Q(Exists(holds))
    mine &= ~Q(**{f"{prefix}process_code__in": NOT_ONLINE})
    return mine & Q(**{f"{prefix}person__protection": Person.Protection.NONE})


def changed(actor: Actor) -> Q:
    """Cases whose decisions the actor may correct or change: one's own unit's; all that are open for the board."""
    return few(actor) & Q(closed_at=None) if actor.role == "committee_secretary" else worked(actor)


def stepped(actor: Actor) -> Q:
    """Cases in which the actor may try a step; which steps, the process says."""
    if actor.role == "citizen":
        return own(actor)
    return few(actor) if actor.role == "reception" else opened(actor)


def reported(actor: Actor) -> Q:
    """Reports of the actor's branches that are to be sorted, and those whose cases the actor may open."""
    if actor.role in WORKERS:
        mine = ReportedPerson.objects.filter(report_id=OuterRef("pk")).filter(opened(actor, "case__"))
        seen = Q(sorted_at=None) | Q(Exists(mine))
    else:
        seen = Q(sorted_at=None) | Q(by_user_id=actor.user_id)
    return seen & Q(compartment__in=actor.compartments)


def decided(actor: Actor) -> Q:
    """Decisions the actor sees on the delegation list: all for the board, one's own unit's for a manager."""
    if actor.role == "committee_secretary":
        return few(actor, "case__")
    return worked(actor, "case__")


def lettered(actor: Actor) -> Q:
    """Letters of cases the actor may open; a citizen's once they are sent and not withdrawn.

    A citizen sees the letters to the one the case is about, never those to another party; and who acts for that
    person, none that tells of more than the one who acts may read.
    """
    if actor.role == "citizen":
        theirs = Q(recipient=None) | Q(recipient_id=F("case__person_id"))
        theirs &= Q(case__person_id=actor.person_id) | ~Q(template__in=only_for_the_person())
        return own(actor, "case__") & theirs & Q(sent_at__isnull=False, withdrawn_at=None)
    return opened(actor, "case__")


rule("cases.apply", None, roles=("citizen",))
rule("cases.draft", ApplicationDraft, roles=("citizen",), where=lambda actor: Q(applicant_id=actor.person_id))
rule(
    "cases.applied",
    Application,
    roles=("citizen",),
    where=lambda actor: Q(applicant_id=actor.person_id) | own(actor),
)
rule("cases.register", None, roles=("reception", *WORKERS, "duty_officer"), law="FL 19, 22 §§")
rule(
    "cases.registered",
    Application,
    roles=("reception", *WORKERS, "duty_officer"),
    where=lambda actor: Q(by_user_id=actor.user_id),
)
rule("cases.report", None, roles=(*OFFICERS, "system"), law="SoL 19:1; FL 22 §")
rule(
    "cases.sort_report",
    ConcernReport,
    roles=("reception", *WORKERS, "duty_officer"),
    where=reported,
    law="SoL 20:1; OSL 26:5",
)
rule("cases.list", None, roles=(*WORKERS, "committee_secretary", "duty_officer"))
rule("cases.find", None, roles=OFFICERS, law="SFS 2001:637 15 §")
rule(
    "cases.read",
    Case,
    roles=(*WORKERS, "committee_secretary", "committee_chair", "duty_officer", "system"),
    where=opened,
    law="OSL 26:1",
)
rule("cases.follow", Case, roles=("citizen",), where=own, law="FL 10 §; OSL 12:1")
rule("cases.receive", Case, roles=("reception", *WORKERS, "committee_secretary"), where=few, law="FL 22 §")
rule("cases.assign", Case, roles=WORKERS, where=worked)
rule("cases.write", Case, roles=WORKERS, where=worked, law="SoL 14:3")
rule("cases.change", Case, roles=(*WORKERS, "committee_secretary"), where=changed, law="FL 36–39 §§")
rule("cases.step", Case, roles=(*OFFICERS, "committee_chair", "citizen", "system"), where=stepped)
rule("cases.answer", Case, roles=("citizen", *WORKERS), where=stepped, law="FL 25 §")
rule("cases.decisions", Decision, roles=("committee_secretary", "unit_manager"), where=decided, law="KL 6:40")
rule("cases.delegate", None, roles=("committee_secretary",), law="KL 6:37–39")
rule("cases.board", None, roles=("committee_secretary",), law="FL 31 §; KL 6:40")
rule("cases.begin", None, roles=WORKERS, law="SoL 14:2")
rule("cases.tell", None, roles=("system",))
rule("cases.arrange", None, roles=("unit_manager", "committee_secretary"))
rule(
    "cases.letter",
    Document,
    roles=("citizen", *WORKERS, "committee_secretary", "duty_officer"),
    where=lettered,
)
rule("cases.processes", None, roles=("administrator", "unit_manager", "committee_secretary"))
rule("cases.preview", None, roles=("administrator", "unit_manager"))
rule("cases.set_length", None, roles=("administrator",))
rule("cases.propose", None, roles=("administrator",))
rule("cases.move_version", Case, roles=("unit_manager",), where=worked)
rule("cases.hand_over_desk", None, roles=("unit_manager",))
rule("cases.carry_out_hand_over", None, roles=("unit_manager", "system"))
