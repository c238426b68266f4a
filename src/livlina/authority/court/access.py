"""Who may send to court, prove it, and report the chair's decisions.

A lapsing clock must be seen and stopped by whoever is on duty, also about a protected person: what they get here is
a case number and a clock, never a name (the pages of this room show none of a protected person).
"""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from livlina.authority.cases.models import Case, Deadline
from livlina.authority.court.models import Hearing, Proof, Submission, UrgentDecision
from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.people.models import Person, ProtectedAccess
from livlina.registers.watches.models import Watch

WORKERS = ("case_worker", "unit_manager")
SENDERS = (*WORKERS, "duty_officer", "committee_secretary")
SEERS = (*SENDERS, "committee_chair")
BRANCHES = tuple(settings.AREAS[area] for area in ("children", "adults"))
"""Where there is compulsory care: in the other branches nobody has a link here."""
ASKED = "court.decision_asked"
"""The watch that asks the chair to decide now."""


def lapses(prefix: str = "") -> Q:
    """Cases with a clock after which what it guards ends by law."""
    key = OuterRef(f"{prefix}pk" if prefix else "pk")
    return Q(Exists(Deadline.objects.filter(case_id=key, state="running", lapses=True)))


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


def goes_to_court(actor: Actor, prefix: str = "") -> Q:
    """Cases whose clocks and submissions the actor may see: their own, and for those on duty all that may lapse."""
    if actor.role in WORKERS:
        return worked(actor, prefix)
    if actor.role == "duty_officer":
        sent = Submission.objects.filter(case_id=OuterRef(f"{prefix}pk" if prefix else "pk"), used_at=None)
        return lapses(prefix) | Q(Exists(sent.exclude(state="abandoned")))
    return lapses(prefix) & few(actor, prefix)


def of_case(actor: Actor) -> Q:
    """Rows of such cases."""
    return goes_to_court(actor, "case__")


def reported(actor: Actor) -> Q:
    """The list for the board names cases by number, not persons."""
    return Q()


def decides(actor: Actor) -> Q:
    """Cases in which the actor may write down an urgent decision: the chair only where one was asked for."""
    if actor.role == "committee_chair":
        asked = Watch.objects.filter(type=ASKED, object_id=OuterRef("pk"), closed_at=None)
        return Q(Exists(asked))
    return few(actor) if actor.role in ("duty_officer", "committee_secretary") else worked(actor)


rule("court.list", None, roles=SEERS, compartment=BRANCHES)
rule("court.read", Case, roles=SEERS, where=goes_to_court, law="OSL 26:1")
rule("court.submit", Case, roles=SENDERS, where=goes_to_court, law="LVU 7 §; LVM 15 §")
rule("court.submission", Submission, roles=SEERS, where=of_case)
rule("court.proof", Proof, roles=SEERS, where=of_case)
rule("court.decide", Case, roles=SEERS, where=decides, law="LVU 6 §; LVM 13 §")
rule(
    "court.hear",
    Case,
    roles=(*WORKERS, "committee_secretary"),
    where=goes_to_court,
    law="LVU 35 §",
)
rule("court.hearing", Hearing, roles=(*WORKERS, "committee_secretary"), where=of_case)
rule(
    "court.reports",
    UrgentDecision,
    roles=("committee_secretary", "committee_chair"),
    where=reported,
    law="LVU 6 §; LVM 13 §",
)
rule(
    "court.report",
    UrgentDecision,
    roles=("committee_secretary",),
    where=reported,
    law="LVU 6 §; LVM 13 §",
)
rule("court.open", None, roles=(*WORKERS, "duty_officer"), law="SoL 20:1; LVM 7 §", compartment=BRANCHES)
rule("court.tell", None, roles=("system",))
