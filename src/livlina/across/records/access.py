"""Who may do what with records. Deny by default; what lies in a case is opened by whoever opens the case.

Row-level security already keeps the branches apart (OSL 8:2). The rules here narrow further: a protected person's
rows to the named few (`cases.read` and `people.read` ask for that), a request to the unit that answers it.
"""

from django.db.models import Exists, OuterRef, Q

from livlina.across.records.models import (
    DisclosureRequest,
    HandedOut,
    ReceivedDocument,
    RetentionItem,
    RetentionRun,
)
from livlina.authority.cases.models import Case
from livlina.core.access import Actor, allowed, rule
from livlina.core.clock import today
from livlina.registers.journal.models import File
from livlina.registers.people.models import Person, ProtectedAccess

WORKERS = ("case_worker", "unit_manager")
READERS = (*WORKERS, "committee_secretary", "duty_officer")
ARCHIVIST = ("committee_secretary",)
"""Who looks after the archive. The second person is the branch's own manager."""


def few(actor: Actor) -> Q:
    """Rows of unprotected persons, and of protected ones whose named few include the actor."""
    named = ProtectedAccess.objects.running(today()).filter(
        person_id=OuterRef("person_id"), user_id=actor.user_id
    )
    return Q(person__protection=Person.Protection.NONE) | Q(Exists(named))


def into(actor: Actor) -> Q:
    """Cases the actor may take something in to."""
    return Q(pk__in=allowed(actor, "cases.receive", Case.objects.all()).values("pk"))


def opened(actor: Actor) -> Q:
    """Documents of the cases and files the actor may open."""
    cases = allowed(actor, "cases.read", Case.objects.all()).values("pk")
    files = allowed(actor, "journal.read", File.objects.all()).values("pk")
    return Q(case__in=cases) | Q(case=None, file__in=files)


def answered(actor: Actor) -> Q:
    """Requests the actor's unit answers; the secretary sees every one, also those no unit has."""
    own = Q() if actor.role == "committee_secretary" else Q(unit_id=actor.unit_id)
    return own & few(actor)


def branch(actor: Actor) -> Q:
    """What lies in a branch the actor works in: said here too, though row-level security says it first."""
    return Q(compartment__in=actor.compartments)


def asked(actor: Actor) -> Q:
    """Requests the citizen made about themselves; the protected are not served by e-service."""
    return Q(asker_person_id=actor.person_id, person__protection=Person.Protection.NONE)


def got(actor: Actor) -> Q:
    """What was handed out to the citizen in the e-service."""
    mine = Q(request__asker_person_id=actor.person_id, how="e_service")
    return mine & Q(request__person__protection=Person.Protection.NONE)


rule(
    "records.receive",
    Case,
    roles=("reception", *WORKERS, "committee_secretary"),
    where=into,
    law="FL 22 §; SOSFS 2014:5 4:6",
)
rule("records.read", ReceivedDocument, roles=READERS, where=opened, law="OSL 26:1")
rule("records.print", None, roles=WORKERS, law="SOSFS 2014:5 4:6")
rule("records.ask", None, roles=("citizen",), law="OSL 12:1; GDPR art. 15")
rule("records.follow", DisclosureRequest, roles=("citizen",), where=asked)
rule("records.collect", HandedOut, roles=("citizen",), where=got)
rule(
    "records.request", None, roles=("reception", *WORKERS, "committee_secretary"), law="TF 2 kap.; OSL 6 kap."
)
rule(
    "records.disclose",
    DisclosureRequest,
    roles=(*WORKERS, "committee_secretary"),
    where=answered,
    law="OSL 26:1",
)
rule(
    "records.refuse",
    DisclosureRequest,
    roles=("unit_manager", "committee_secretary"),
    where=answered,
    law="OSL 6:3, 6:7; FL 33 §",
)
rule("records.keep", None, roles=("unit_manager", "committee_secretary", "system"), law="SoL 16 kap.")
rule(
    "records.retention",
    RetentionRun,
    roles=(*ARCHIVIST, "unit_manager"),
    where=branch,
    law="SoL 16 kap.; LSS 21 c §",
)
rule("records.propose", None, roles=(*ARCHIVIST, "system"), law="SoL 16 kap.")
rule("records.freeze", RetentionRun, roles=ARCHIVIST, where=branch)
rule("records.approve", RetentionRun, roles=("unit_manager",), where=branch)
rule("records.destroy", RetentionItem, roles=ARCHIVIST, where=branch, law="SoL 16 kap.; arkivlagen 10 §")
