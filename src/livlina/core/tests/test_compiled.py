"""A query built once gives what the same query built anew would have given, to each who asks."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db.models import Q, QuerySet

from livlina.core import compiled
from livlina.core.access import RULES, Actor, Refused, rule
from livlina.core.models import Assignment, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeing() -> Iterator[None]:
    """A rule of this test alone."""
    rule(
        "test_compiled.see",
        Assignment,
        roles=("case_worker", "provider_manager"),
        where=lambda actor: Q(unit_id=actor.unit_id),
    )
    yield
    del RULES["test_compiled.see"]


def _all(actor: Actor) -> QuerySet[Assignment]:
    return Assignment.objects.select_related("unit", "user")


def _titled(actor: Actor, title: str) -> QuerySet[Assignment]:
    return Assignment.objects.filter(unit_id=actor.unit_id, title__gte=title, title__lt=f"{title}\U0010ffff")


def _pattern(actor: Actor, title: str) -> QuerySet[Assignment]:
    return Assignment.objects.filter(unit_id=actor.unit_id, title__startswith=title)


def _either(actor: Actor, count: int) -> QuerySet[Assignment]:
    return Assignment.objects.filter(role="nurse" if count > 5 else "reception")


def _by_name(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(name=actor.unit_name)


def test_each_actor_gets_what_their_own_rule_lets_through(karin, johan, petra):
    """Karin and Johan share a role and so a statement; Petra has another role and another unit."""
    assert compiled.fetch(karin, "test_compiled.see", _all, johan.assignment_id).user.name == "Johan Brink"
    assert compiled.fetch(johan, "test_compiled.see", _all, karin.assignment_id).user.name == "Karin Ekdal"
    assert (
        compiled.fetch(petra, "test_compiled.see", _all, petra.assignment_id).unit.name == "Norra hemtjänsten"
    )
    for actor, other in ((karin, petra), (petra, karin)):
        with pytest.raises(Refused):
            compiled.fetch(actor, "test_compiled.see", _all, other.assignment_id)


def test_a_role_that_may_not_ask_is_refused_without_a_statement(eva, karin, statements):
    with statements() as sent, pytest.raises(Refused) as refusal:
        compiled.fetch(eva, "test_compiled.see", _all, karin.assignment_id)
    assert len(sent) == 0
    assert refusal.value.obj == f"core.assignment:{karin.assignment_id}"


def test_values_of_one_run_are_not_those_of_the_next(karin, johan):
    for title, expected in (("Bistånd", 2), ("Enhet", 0), ("%", 0), ("Biståndsh", 2)):
        assert len(compiled.run(_titled, karin, title)) == expected, title


def test_a_kept_statement_follows_its_rows_and_is_one_statement(karin, johan, statements):
    compiled.fetch(karin, "test_compiled.see", _all, johan.assignment_id)
    Assignment.objects.filter(pk=johan.assignment_id).update(title="Socialsekreterare")
    with statements() as sent:
        found = compiled.fetch(karin, "test_compiled.see", _all, johan.assignment_id)
        assert (found.title, found.user.name) == ("Socialsekreterare", "Johan Brink")
    assert len(sent) == 1


def test_an_actor_without_a_unit_is_asked_for_as_such(karin):
    homeless = Actor("staff", karin.municipality_id, "case_worker", "Vikarie", user_id=karin.user_id)
    assert compiled.run(_titled, homeless, "Bistånd") == []


def test_what_cannot_be_exchanged_is_told_and_never_kept(karin):
    for build, values in ((_either, [5]), (_pattern, ["100 %"]), (_by_name, [])):
        with pytest.raises(compiled.NotInParameters):
            compiled.run(build, karin, *values)
    with pytest.raises(Refused):
        compiled.fetch(karin, "test_compiled.see", _all, UUID(int=7))
