"""Who may tell of what went wrong, who judges it, and who follows which track. Everyone who works may tell.

What a citizen told is read on the desk where it lies, and by whoever told it; the event made of it says nothing of that.
An event of IT (it names functions) is seen by both sides' managers and by those who run the system; one of care only
by its unit's manager and the board's secretary. A track is read by those who may own its kind; whom an event hit, only
by the manager of their own unit.
"""

from django.conf import settings
from django.db.models import Q

from livlina.across.quality.models import Affected, CitizenReport, Deviation, Incident, Measure, Track
from livlina.across.quality.tracks import KINDS, MANAGERS
from livlina.core.access import Actor, allowed, rule
from livlina.registers.people.models import Person

STAFF = tuple(settings.ROLES)
OPERATIONS = ("support", "administrator")
BOARD = ("committee_secretary", "committee_chair")
REGISTERS = (*MANAGERS, *OPERATIONS, "nurse", "duty_officer", "committee_secretary", "system")
DESKS = (*MANAGERS, "committee_secretary", "duty_officer")
READERS = (*MANAGERS, *OPERATIONS, *BOARD, "nurse", "duty_officer")


def own_or_units(actor: Actor) -> Q:
    """A manager sees the unit's reports; everyone sees what they told themselves."""
    told = Q(reporter_id=actor.user_id)
    return told | Q(unit_id=actor.unit_id) if actor.role in MANAGERS else told


def on_desk(actor: Actor) -> Q:
    """What citizens told that lies on the actor's desk; on the duty officers' wherever they sit, as for their watches."""
    own = Q(role=actor.role)
    return own if actor.role == "duty_officer" else own & Q(unit_id=actor.unit_id)


def own_telling(actor: Actor) -> Q:
    """What one told, of oneself or of somebody one still acts for."""
    served = allowed(actor, "people.act_for", Person.objects.all())
    return Q(teller_id=actor.person_id, person_id__in=served.values("pk"))


def events(actor: Actor) -> Q:
    """Events of the whole house for all who read any; those of care for the unit and the board; and of one's own desk."""
    if actor.role in (*BOARD, "system"):
        return Q()
    wide = ~Q(functions=[]) | Q(registered_by=actor.user_id)
    if actor.role in OPERATIONS:
        return wide
    told = CitizenReport.objects.filter(on_desk(actor)).values("incident")
    return wide | Q(unit_id=actor.unit_id) | Q(pk__in=told)


def tracks(actor: Actor) -> Q:
    """Tracks of the kinds the role may own, of events one sees; and what one owns."""
    kinds = [code for code, kind in KINDS.items() if actor.role in kind.roles]
    place = (
        Q() if actor.role in BOARD else Q(owner_unit_id=actor.unit_id) | Q(incident__unit_id=actor.unit_id)
    )
    return Q(owner_id=actor.user_id) | (Q(kind__in=kinds) & place)


def own_tracks(actor: Actor) -> Q:
    """Tracks one owns, or a colleague of the same role in the same unit does: nobody's absence stops a clock."""
    return Q(owner_id=actor.user_id) | Q(owner_role=actor.role, owner_unit_id=actor.unit_id)


def measures(actor: Actor) -> Q:
    """Measures one is to do, and for a manager those of the unit's events."""
    mine = Q(owner_id=actor.user_id)
    return mine | Q(incident__unit_id=actor.unit_id) if actor.role in MANAGERS else mine


rule("deviation.report", None, roles=STAFF, law="SoL 27:2, LSS 24 b")
rule("deviation.read", Deviation, roles=STAFF, where=own_or_units)
rule(
    "deviation.judge", Deviation, roles=MANAGERS, where=lambda actor: Q(unit_id=actor.unit_id), law="LSS 24 e"
)
rule("incident.register", None, roles=REGISTERS)
rule("incident.read", Incident, roles=READERS, where=events)
rule("incident.tell", Incident, roles=REGISTERS, where=events)
rule("incident.judge", Incident, roles=REGISTERS, where=events)
rule(
    "incident.affected", Affected, roles=(*MANAGERS, "nurse"), where=lambda actor: Q(unit_id=actor.unit_id),
    law="OSL 26:1",
)  # fmt: skip
rule("incident.report", None, roles=(*MANAGERS, *BOARD, "administrator"))
rule("citizen_report.send", None, roles=("citizen", "system"))
rule("citizen_report.follow", CitizenReport, roles=("citizen",), where=own_telling)
rule("citizen_report.read", CitizenReport, roles=DESKS, where=on_desk, law="OSL 26:1")
rule("citizen_report.handle", CitizenReport, roles=DESKS, where=on_desk)
rule("track.read", Track, roles=READERS, where=tracks, law="OSL 26:1, PSL 3 kap.")
rule("track.work", Track, roles=READERS, where=own_tracks)
rule("measure.work", Measure, roles=STAFF, where=measures)
