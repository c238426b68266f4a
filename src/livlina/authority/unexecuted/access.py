"""Who sees what is not carried out: the unit its own, the board's secretary all of it, without a name."""

from django.db.models import Q

from livlina.authority.cases.models import Case
from livlina.core.access import Actor, rule

WORKERS = ("case_worker", "unit_manager")


def listed(actor: Actor) -> Q:
    """Cases of the actor's unit; the secretary's report must hold every case, the protected persons' too."""
    if actor.role == "committee_secretary":
        return Q()
    return Q(unit_id=actor.unit_id) | Q(responsible_id=actor.user_id)


rule(
    "unexecuted.list",
    Case,
    roles=(*WORKERS, "committee_secretary"),
    where=listed,
    law="SoL 34:1; LSS 28 f §",
)
rule("unexecuted.explain", Case, roles=WORKERS, where=listed)
rule("unexecuted.report", None, roles=("committee_secretary",), law="SoL 34:1–4; LSS 28 f–h §§")
rule("unexecuted.remind", None, roles=("system",))
