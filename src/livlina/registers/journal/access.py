"""Who may read and write in which journal. Deny by default.

The authority reads its own book of persons its unit has a `Reach` to, the provider its own file of them, the
nurse the health book: three books with a wall between (OSL 26:1; PDL 4:1). Whoever reads outside a relation
gives a reason, and a manager looks at it afterwards. Protected persons are for the named few, in every book.
Nobody deletes, and there is no verb for it.
"""

from django.db.models import Exists, OuterRef, Q

from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.journal.codes import AUTHORITY, HEALTH, PROVIDER
from livlina.registers.journal.models import Draft, File, Note
from livlina.registers.people.models import Person, ProtectedAccess, Reach

BOOK = {
    "case_worker": AUTHORITY,
    "unit_manager": AUTHORITY,
    "duty_officer": AUTHORITY,
    "provider_manager": PROVIDER,
    "provider_staff": PROVIDER,
    "nurse": HEALTH,
}
MANAGERS = ("unit_manager", "provider_manager", "nurse")
"""Who answers for a book in a unit; of the nursing notes a nurse, since no manager sees them (PDL 4:1)."""


def _reached(actor: Actor, person: str = "person_id") -> Q:
    reach = Reach.objects.running(today()).filter(person_id=OuterRef(person), unit_id=actor.unit_id)
    return Q(Exists(reach))


def _named(actor: Actor, person: str = "person_id", protection: str = "person__protection") -> Q:
    few = ProtectedAccess.objects.running(today()).filter(person_id=OuterRef(person), user_id=actor.user_id)
    return Q(**{protection: Person.Protection.NONE}) | Q(Exists(few))


def _book(actor: Actor) -> Q:
    """The actor's own book: for the authority whichever is not another's, of those row-level security lets through."""
    book = BOOK[actor.role]
    own = ~Q(compartment__in=(PROVIDER, HEALTH)) if book == AUTHORITY else Q(compartment=book)
    return own & _named(actor)


def reads(actor: Actor) -> Q:
    """Files of one's own book and of persons one's unit has to do with; at a provider, its own files only."""
    own = Q() if BOOK[actor.role] == AUTHORITY else Q(unit_id=actor.unit_id)
    return _book(actor) & own & _reached(actor)


def reads_notes(actor: Actor) -> Q:
    """Notes in the files one reads."""
    own = Q() if BOOK[actor.role] == AUTHORITY else Q(file__unit_id=actor.unit_id)
    return _book(actor) & own & _reached(actor)


def writes(actor: Actor) -> Q:
    """Files of one's own unit; the officer on duty needs no relation, since whoever calls at night is new."""
    if actor.role == "system":
        return Q()
    related = Q() if actor.role == "duty_officer" else _reached(actor)
    return _book(actor) & Q(unit_id=actor.unit_id) & related


def own_note(actor: Actor) -> Q:
    """One's own notes at one's own unit: what a phone corrects or moves, when the unit's relation may have ended since."""
    return Q(author_id=actor.user_id, author_unit_id=actor.unit_id, file__unit_id=actor.unit_id)


def corrects(actor: Actor) -> Q:
    """Notes written at one's own unit, in the files one writes in."""
    if actor.role == "system":
        return own_note(actor)
    return _book(actor) & Q(author_unit_id=actor.unit_id, file__unit_id=actor.unit_id) & _reached(actor)


def moves(actor: Actor) -> Q:
    """Notes on the wrong person: for support any, for a manager those of the own unit."""
    if actor.role == "support":
        return Q(person__protection=Person.Protection.NONE)
    if actor.role == "system":
        return own_note(actor)
    return _book(actor) & Q(author_unit_id=actor.unit_id)


def opens(actor: Actor) -> Q:
    """Persons for whom one may begin a file."""
    if actor.role == "system":
        return Q()
    related = Q() if actor.role == "duty_officer" else _reached(actor, "pk")
    return related & _named(actor, "pk", "protection")


def own_drafts(actor: Actor) -> Q:
    """What one is writing oneself."""
    return Q(user_id=actor.user_id)


READERS = ("case_worker", "unit_manager", "provider_manager", "provider_staff", "nurse")
WRITERS = (*READERS, "duty_officer")

rule("journal.read", File, roles=READERS, where=reads, law="OSL 26:1; PDL 4:1")
rule("journal.read_notes", Note, roles=READERS, where=reads_notes, law="OSL 26:1; PDL 4:1")
rule("journal.emergency", File, roles=("case_worker", "unit_manager", "duty_officer", "nurse"), where=_book)
rule("journal.open", Person, roles=(*WRITERS, "system"), where=opens)
rule("journal.close", File, roles=(*MANAGERS, "case_worker", "system"), where=writes)
rule("journal.write", File, roles=(*WRITERS, "system"), where=writes, law="SoL 14:3, 14:7; PDL 3 kap.")
rule("journal.draft", Draft, roles=WRITERS, where=own_drafts)
rule("journal.drafts", None, roles=("unit_manager", "provider_manager"))
rule("journal.correct", Note, roles=(*READERS, "system"), where=corrects, law="PDL 3:14")
rule("journal.dissent", Note, roles=READERS, where=reads_notes, law="LSS 21 b §; PDL 3:8")
rule("journal.move", Note, roles=(*MANAGERS, "support", "system"), where=moves)
rule("journal.unseal", Note, roles=MANAGERS, where=moves)
rule("journal.sign", Note, roles=("nurse",), where=corrects, law="PDL 3:10")
