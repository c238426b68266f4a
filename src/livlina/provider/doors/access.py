"""Who may open which door, and when. The rules of a key's holder, and of everybody who keeps, reads or reviews.

A key (a token) is *held* by whoever works at the door; nobody in an office holds one, whatever else they may. What a
verb `doors.hold_…` says of roles and doors, `KINDS` says of the time and of what the key rests on. Whose visits, whose
shift and whose patients they are, the rooms above tell (`queries.errands`).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.provider.doors.models import Grant, Lock, LockUnit, MetalKey

PROVIDERS = ("provider_manager", "provider_staff", "nurse")
MANAGER = ("provider_manager",)
CARERS = ("provider_staff", "nurse")
SYSTEM = ("system",)

HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=14)
AFTER_SHIFT = timedelta(hours=2)
"""No key lasts longer than its shift and this, whatever its kind, nor above `LONGEST`."""


@dataclass(frozen=True)
class Kind:
    """One row of the table: whose doors a kind of key is for, how long round the shift, and what it takes."""

    doors: str
    """visited: where the holder has a visit · area: every door of the area · nursed: whom home nursing goes to ·
    one: one address, one order."""
    before: timedelta
    after: timedelta
    reason: bool = False
    rounds: bool = False
    words: str = ""


KINDS = {
    "shift": Kind(
        "visited", HOUR, HOUR, words="egna planerade besök, en timme före till en timme efter passet"
    ),
    "stand_in": Kind("visited", HOUR, timedelta(0), words="besök man tagit över, till passets slut"),
    "round": Kind(
        "area",
        timedelta(0),
        timedelta(0),
        reason=True,
        rounds=True,
        words="områdets dörrar under nattpatrull eller larmpass, med skäl",
    ),
    "nursing": Kind("nursed", HOUR, HOUR, words="den som har hälso- och sjukvård, under passet"),
    "fitting": Kind("one", timedelta(0), timedelta(0), words="en adress, ett uppdrag"),
    "emergency": Kind("area", HOUR, HOUR, words="områdets dörrar i nöd; skäl, och granskning inom ett dygn"),
    "continuation": Kind("visited", HOUR, HOUR, words="nästa pass när systemet är nere"),
}
"""The table of who may open which door and when, as the time and the ground of each kind of key."""


def goes_there(actor: Actor) -> Q:
    """Locks of the actor's unit, and those where it goes too by an agreement that runs today."""
    if actor.role == "system":
        return Q()
    on = today()
    runs = LockUnit.objects.filter(Q(last_on__isnull=True) | Q(last_on__gte=on), first_on__lte=on)
    return Q(unit_id=actor.unit_id) | Q(Exists(runs.filter(lock_id=OuterRef("pk"), unit_id=actor.unit_id)))


def own_unit(actor: Actor) -> Q:
    """Rows of the actor's own unit."""
    return Q() if actor.role == "system" else Q(unit_id=actor.unit_id)


# Who may hold a key, and to which doors. Managers, handläggare and administrators stand in no row.
rule("doors.hold_shift", Lock, roles=("provider_staff",), where=goes_there, law="SoL 11:1")
rule("doors.hold_stand_in", Lock, roles=CARERS, where=goes_there, law="SoL 11:1")
rule("doors.hold_round", Lock, roles=CARERS, where=goes_there, law="SoL 11:1")
rule("doors.hold_nursing", Lock, roles=("nurse",), where=goes_there, law="HSL 12:2; PDL 4:1")
rule("doors.hold_fitting", Lock, roles=("provider_staff",), where=own_unit)
rule("doors.hold_emergency", Lock, roles=CARERS, where=goes_there, law="SoL 11:1; BrB 24:4")
rule("doors.hold_continuation", Lock, roles=CARERS, where=goes_there, law="lag 2025:1506")

# Who may have a key made: the holder for the own phone; the unit's manager for a fitter; the system.
rule("doors.grant", None, roles=(*PROVIDERS, *SYSTEM))
rule("doors.revoke", None, roles=(*MANAGER, *SYSTEM))
rule("doors.take_openings", None, roles=(*PROVIDERS, *SYSTEM))
rule("doors.call_vendor", None, roles=SYSTEM)
rule("doors.ask_review", None, roles=(*PROVIDERS, *SYSTEM))

# Who may look after doors: the unit that goes there sees them, its manager decides.
rule("doors.list", None, roles=PROVIDERS)
rule("doors.read", Lock, roles=PROVIDERS, where=goes_there, law="SoL 11:1")
rule("doors.keep", Lock, roles=MANAGER, where=own_unit)
rule("doors.order_lock", None, roles=MANAGER)
rule("doors.fit", Lock, roles=PROVIDERS, where=own_unit)
rule("doors.emergencies", None, roles=MANAGER)
rule("doors.review", Grant, roles=MANAGER, where=own_unit)
rule("doors.keys", MetalKey, roles=PROVIDERS, where=own_unit)
rule("doors.keep_keys", None, roles=MANAGER)

# Who may read what locks wrote. To read a log opens nothing.
rule("doors.read_log", Lock, roles=MANAGER, where=goes_there, law="SoL 11:1; PDL 4:3")
rule(
    "doors.log_of_person",
    None,
    roles=("case_worker", "unit_manager"),
    compartment=1,
    law="SoL 11:1; OSL 26:1",
)
rule("doors.technical_log", None, roles=("administrator", "support"))
rule("doors.own_log", None, roles=("citizen",), law="EU 2016/679 art. 15")
