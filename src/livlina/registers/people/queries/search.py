"""Finding a person by name or number; a case number is handed on. The law forbids searching by more.

A name is searched in one statement, access included. One typed part leads: its rows are one range of an index
(no LIKE, which row-level security would not let use an index), and the parts beside it in the same name are
compared on the way. The rarer of the two longest parts should lead; which it is, the statement finds out by
itself, by stepping a thousand rows into the range of each (1).

Protected persons lie in an index of their own; those the actor may not open are looked up all the same, so
that the answer takes as long and the attempt is logged, and then left out: the answer is that of no hit.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex

from livlina.core import audit, compiled
from livlina.core.access import Actor, demand, rule_for
from livlina.core.clock import day_of
from livlina.core.ids import ANY_KIND, IdentityNumber, IdentityNumberColumn, IdentityNumberError
from livlina.registers.people import names
from livlina.registers.people.models import NameToken, Person, PersonNumber

SHOWN = 14
"""Hits on the page. More are not shown: whoever searches writes more of the name."""

_TAKEN = 2 * (SHOWN + 1)  # one person may be met by more than one part of the name
_COMMON = 1000
_BOUND = 400  # rows looked at for a suggestion
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """What a search gave. `kind` is name, number, case or nothing; `fault` a sentence when the text was wrong."""

    kind: str
    hits: list[Person] = field(default_factory=list)
    more: bool = False
    fault: str = ""
    case_number: str = ""


def search(actor: Actor, text: str, now: datetime) -> Found:
    """Search as the text asks: a number (with digits enough for one), a case number, or parts of a name.

    Two statements: the search, and the record of it. Each hit is a Person with `number` (IdentityNumber | None)
    and `years` (age on the day). Raises Refused.
    """
    demand(actor, "people.search")
    text = text.strip()[:200]
    if any(letter.isdigit() for letter in text):
        return _by_number(actor, text, now)
    typed = names.parts(text)
    if sum(map(len, typed)) < 2:
        fault = (
            "Skriv minst två bokstäver av namnet."
            if text
            else "Skriv ett namn, ett personnummer eller ett ärendenummer."
        )
        return Found("nothing", fault=fault)
    typed = sorted(typed[:6], key=len, reverse=True)
    found = compiled.run(_with_names, actor, *typed)
    return _answer(actor, "name", found, now)


def did_you_mean(actor: Actor, text: str) -> list[str]:
    """Return up to three spellings that would give hits, best first. One statement that looks at a bounded number of rows.

    Compares how the parts sound, one slip allowed, and says only names of persons without protection.
    """
    demand(actor, "people.search")
    typed = [part for part in names.parts(text) if len(part) > 1][:3]
    if not typed or any(letter.isdigit() for letter in text):
        return []
    lead = max(typed, key=len)
    rest = [part for part in typed if part is not lead]
    rows = NameToken.objects.filter(
        municipality_id=actor.municipality_id, hidden=False, sound__in=names.near(names.sound(lead))
    )
    for part in rest:
        beside = NameToken.objects.filter(
            municipality_id=actor.municipality_id,
            hidden=False,
            person_id=OuterRef("person_id"),
            sound__in=names.near(names.sound(part)),
        )
        rows = rows.filter(Exists(beside.exclude(pk=OuterRef("pk"))))
    seen = rows.values_list("token", "others")[:_BOUND]
    return _suggestions(lead, rest, typed, list(seen))


def with_number(people: QuerySet[Person]) -> QuerySet[Person]:
    """Let each person carry its current identity number as `number`, without a statement of its own."""
    current = PersonNumber.objects.filter(
        municipality_id=OuterRef("municipality_id"), person_id=OuterRef("pk"), current=True
    )
    return people.annotate(number=Subquery(current.values("value")[:1], output_field=IdentityNumberColumn()))


def _with_names(actor: Actor, *typed: str) -> QuerySet[Person]:
    """Persons with a name that holds every typed part (longest first) as the beginning of one of its own."""
    return with_number(_openable(actor, Person.objects.filter(pk__in=_named(actor, list(typed)))))


def _named(actor: Actor, typed: list[str]) -> QuerySet[NameToken, Any]:
    """Their ids."""
    mine = NameToken.objects.filter(municipality_id=actor.municipality_id)
    arms = [_beside(mine.filter(hidden=True), 0, typed)]
    visible = mine.filter(hidden=False)
    if len(typed) == 1:
        arms.append(_beside(visible, 0, typed))
    else:
        second_is_rarer = _is_common(visible, typed[0]) & ~_is_common(visible, typed[1])
        arms.append(_beside(visible.filter(~second_is_rarer), 0, typed))
        arms.append(_beside(visible.filter(second_is_rarer), 1, typed))
    return arms[0].union(*arms[1:], all=True)


def _range(rows: QuerySet[NameToken], lead: str) -> QuerySet[NameToken]:
    """Rows whose part begins with `lead`, in the order of the index."""
    rows = rows.filter(token__gte=lead, token__lt=lead + _LAST)
    return rows.order_by("municipality_id", "token", "others", "person_id")


def _is_common(rows: QuerySet[NameToken], lead: str) -> Q:
    """(1) Whether there is a thousandth row. Depends on no outer row, so it is asked once per statement."""
    return Q(Exists(_range(rows, lead)[_COMMON:]))


def _beside(rows: QuerySet[NameToken], lead: int, typed: list[str]) -> QuerySet[NameToken, Any]:
    """Ids of persons in the range of the lead who have every other typed part beside it."""
    rows = _range(rows, typed[lead])
    for place, part in enumerate(typed):
        if place != lead:
            position = {f"at_{place}": StrIndex("others", Value(f" {part}"))}
            rows = rows.annotate(**position).filter(**{f"at_{place}__gt": 0})
    return rows.values("person_id")[:_TAKEN]


def _by_number(actor: Actor, text: str, now: datetime) -> Found:
    """Search by identity number, current or former; anything else with a digit is taken for a case number."""
    try:
        number = IdentityNumber.parse(text, today=day_of(now), allow=ANY_KIND)
    except IdentityNumberError as error:
        if _meant_as_number(text):
            return Found("number", fault=error.swedish)
        return Found("case", case_number=text)
    return _answer(actor, "number", compiled.run(_with_the_number, actor, number.value), now)


def _with_the_number(actor: Actor, value: str) -> QuerySet[Person]:
    """Whoever has or has had the number."""
    number = Func(Value(value), function="", output_field=IdentityNumberColumn())
    holds = PersonNumber.objects.filter(municipality_id=actor.municipality_id, value=number).values(
        "person_id"
    )
    return with_number(_openable(actor, Person.objects.filter(pk__in=holds)))


def _meant_as_number(text: str) -> bool:
    """Whether a text that is no identity number was likely meant as one: a date's worth of digits, and about as long."""
    signs = "".join(letter for letter in text if letter.isalnum())
    return 9 <= len(signs) <= 13 and signs[:6].isdigit()


def _openable(actor: Actor, people: QuerySet[Person]) -> QuerySet[Person]:
    """Mark each person with whether the actor may open them: the rule of `people.read`, asked within the statement."""
    where = rule_for("people.read").where
    opens = where(actor) if where else Q()
    return people.filter(municipality_id=actor.municipality_id).annotate(
        openable=Case(When(opens, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def _answer(actor: Actor, kind: str, found: list[Person], now: datetime) -> Found:
    """Leave out those the actor may not open, and record the search with all it met."""
    hits = sorted((person for person in found if person.openable), key=_by_name)  # type: ignore[attr-defined]
    kept_back = [person.pk for person in found if not person.openable]  # type: ignore[attr-defined]
    shown = hits[:SHOWN]
    _record(actor, kind, shown, kept_back, now)
    today: date = day_of(now)
    for person in shown:
        person.years = person.age(today)  # type: ignore[attr-defined]
    return Found(kind, shown, more=len(hits) > SHOWN)


def _by_name(person: Person) -> tuple[str, str]:
    return names.fold(person.family_name), names.fold(person.given_names)


def _record(actor: Actor, kind: str, shown: list[Person], kept_back: list[UUID], now: datetime) -> None:
    """One row: whom the search showed, and whom it kept back. Never what was typed."""
    only = (
        [*kept_back, *(person.pk for person in shown)] if len(kept_back) + len(shown) == 1 else kept_back[:1]
    )
    audit.read(
        actor,
        "people.search",
        now=now,
        person_id=only[0] if only else None,
        review="protected" if kept_back or any(person.is_protected for person in shown) else "",
        detail={
            "by": kind,
            "shown": [str(person.pk) for person in shown],
            "kept_back": [str(pk) for pk in kept_back],
        },
    )


def _suggestions(lead: str, rest: list[str], typed: list[str], seen: list[tuple[str, str]]) -> list[str]:
    """Put the nearest real parts in the typed order; the fewest changed letters first."""
    best: dict[str, int] = {}
    for token, others in set(seen):
        chosen, cost, free = {lead: token}, names.distance(lead, token), others.split()
        for part in rest:
            if not free:
                break
            nearest = min(free, key=lambda other: names.distance(part, other))
            free.remove(nearest)
            chosen[part], cost = nearest, cost + names.distance(part, nearest)
        if len(chosen) == len(set(typed)) and 0 < cost <= 2 * len(typed) + 1:
            words = " ".join(chosen[part] for part in typed)
            best[words] = min(cost, best.get(words, cost))
    return sorted(best, key=lambda words: (best[words], words))[:3]
