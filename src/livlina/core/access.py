"""Who may do what. Deny by default; one rule guards the object and filters the list.

Each room declares its verbs in its `access.py`, one line per rule:

    rule("journal.read", Note, roles=("case_worker",), where=lambda actor: Q(file__unit_id=actor.unit_id))

A role that is not named is refused. A verb without a rule is a fault, not a permission. Who came in by a reserve way
(`Actor.outage`) may do only what `settings.CARE_DUTIES` names of what the rules give them anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Actor:
    """Whoever acts, under one assignment: a member of staff, a citizen, or the system itself."""

    kind: str
    municipality_id: int
    role: str
    name: str
    user_id: int | None = None
    assignment_id: UUID | None = None
    unit_id: UUID | None = None
    unit_name: str = ""
    title: str = ""
    person_id: UUID | None = None
    compartments: tuple[int, ...] = ()
    qualifications: tuple[str, ...] = ()
    outage: bool = False
    """Came in by a reserve way while the ordinary one was away: care duties, and nothing else."""


def system(municipality_id: int, compartments: tuple[int, ...] = ()) -> Actor:
    """Return the actor under whose name recurring jobs write."""
    return Actor(
        "system", municipality_id, "system", "Livlina", title="Automatisk", compartments=compartments
    )


class Refused(Exception):
    """You may not do this."""

    def __init__(self, verb: str, *, person_id: UUID | None = None, obj: str = "") -> None:
        super().__init__(f"Refused: {verb}")
        self.verb = verb
        self.person_id = person_id
        self.obj = obj


class RefusedInOutage(Refused):
    """You may do this on an ordinary day, but not in a session begun while the ordinary way in was away."""


class UnknownVerb(Exception):
    """No room declares this verb."""


@dataclass(frozen=True)
class Rule:
    """Who may do one thing: which roles, and to which rows."""

    verb: str
    model: type[Model] | None
    roles: frozenset[str]
    where: Callable[[Actor], Q] | None
    law: str
    compartment: int | tuple[int, ...] | None = None

    def lets_in(self, actor: Actor) -> bool:
        """Whether the actor's role is named, and the actor sees a compartment the matter lies in, if it lies in any.

        In a session of the reserve only care duties: an outage takes rights away, and never gives any.
        """
        return self.names(actor) and not (actor.outage and self.verb not in settings.CARE_DUTIES)

    def names(self, actor: Actor) -> bool:
        """Whether the rule lets the actor in on an ordinary day."""
        if self.compartment is None:
            return actor.role in self.roles
        lies_in = (self.compartment,) if isinstance(self.compartment, int) else self.compartment
        return actor.role in self.roles and not {*lies_in}.isdisjoint(actor.compartments)


RULES: dict[str, Rule] = {}


def rule(
    verb: str,
    model: type[Model] | None,
    *,
    roles: tuple[str, ...],
    where: Callable[[Actor], Q] | None = None,
    law: str = "",
    compartment: int | tuple[int, ...] | None = None,
) -> Rule:
    """Declare who may do `verb`. `where` narrows the rows; `law` names its source. Raises ValueError if declared twice.

    `compartment`: of those roles only who sees that compartment (or one of them), so that what lies in one branch is
    not even a link in another.
    """
    if verb in RULES:
        raise ValueError(f"The verb {verb} is declared twice.")
    RULES[verb] = Rule(verb, model, frozenset(roles), where, law, compartment)
    return RULES[verb]


def rule_for(verb: str) -> Rule:
    """Return the rule for `verb`. Raises UnknownVerb."""
    try:
        return RULES[verb]
    except KeyError:
        raise UnknownVerb(f"No room declares the verb {verb}.") from None


def allowed(actor: Actor, verb: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """Return the rows of `queryset` that `actor` may `verb`. Costs no statement of its own."""
    asked = rule_for(verb)
    if not asked.lets_in(actor):
        return queryset.none()
    queryset = queryset.filter(municipality_id=actor.municipality_id)
    return queryset.filter(asked.where(actor)) if asked.where else queryset


def may(actor: Actor, verb: str, obj: Model | None = None) -> bool:
    """Return whether `actor` may `verb` (to `obj`): the list filter asked about one row."""
    asked = rule_for(verb)
    if not asked.lets_in(actor):
        return False
    if obj is None or asked.where is None:
        return obj is None or getattr(obj, "municipality_id", None) == actor.municipality_id
    return allowed(actor, verb, type(obj)._default_manager.filter(pk=obj.pk)).exists()


def demand(actor: Actor, verb: str, obj: Model | None = None) -> None:
    """Return if `actor` may `verb` (to `obj`); raise Refused otherwise."""
    if not may(actor, verb, obj):
        named = f"{obj._meta.label_lower}:{obj.pk}" if obj else ""
        raise refusal(actor, verb)(verb, person_id=_person_of(obj), obj=named)


def fetch(actor: Actor, verb: str, queryset: QuerySet[M], **lookup: Any) -> M:
    """Return the one row of `queryset` that matches and that `actor` may `verb`; raise Refused if there is none."""
    found = allowed(actor, verb, queryset).filter(**lookup).first()
    if found is None:
        pk = lookup.get("pk", lookup.get("id", ""))
        raise refusal(actor, verb)(verb, obj=f"{queryset.model._meta.label_lower}:{pk}")
    return found


def refusal(actor: Actor, verb: str) -> type[Refused]:
    """Return which refusal is due: the ordinary one, or the one that says that it can be done on another day.

    The second tells nothing of any row: it is given for the verb alone, whatever was asked for.
    """
    asked = rule_for(verb)
    return RefusedInOutage if asked.names(actor) and not asked.lets_in(actor) else Refused


def _person_of(obj: Model | None) -> UUID | None:
    """Return the person a row is about, if it says so."""
    return getattr(obj, "person_id", None)
