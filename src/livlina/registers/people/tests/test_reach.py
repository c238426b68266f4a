"""The relation between a unit and a person."""

from datetime import timedelta

import pytest

from livlina.core.access import Refused, allowed, may
from livlina.registers.people import actions, queries
from livlina.registers.people.models import Person, Reach


def test_the_provider_opens_only_those_its_unit_has_something_to_do_with(
    karin, petra, ali, erik, astrid, bertil, now
):
    assert not may(ali, "people.read", astrid)
    actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    assert may(ali, "people.read", astrid)
    assert not may(erik, "people.read", astrid)
    assert list(allowed(ali, "people.read", Person.objects.all())) == [astrid]
    with pytest.raises(Refused):
        queries.read(ali, bertil.pk, now=now)


def test_a_relation_that_ends_closes_the_door_at_once(karin, petra, ali, astrid, now):
    actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    assert actions.end_reach(astrid, source="order:1", by=karin, now=now) == 1
    assert not may(ali, "people.read", astrid)
    assert actions.end_reach(astrid, source="order:1", by=karin, now=now) == 0


def test_another_order_keeps_the_door_open(karin, petra, ali, astrid, now):
    for source in ("order:1", "order:2"):
        actions.grant_reach(astrid, petra.unit_id, source=source, reason="order", by=karin, now=now)
    actions.end_reach(astrid, source="order:1", unit_id=petra.unit_id, by=karin, now=now)
    assert may(ali, "people.read", astrid)


def test_a_relation_with_a_last_day_ends_by_itself(karin, petra, ali, astrid, now):
    actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    actions.end_reach(astrid, source="order:1", by=karin, now=now, until=now.date() - timedelta(days=1))
    assert not may(ali, "people.read", astrid)


def test_the_same_source_asked_for_twice_is_one_relation(karin, petra, astrid, now):
    for _ in range(2):
        actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=karin, now=now)
    assert Reach.objects.filter(person=astrid).count() == 1


def test_the_provider_cannot_give_itself_a_relation(petra, astrid, now):
    with pytest.raises(Refused):
        actions.grant_reach(astrid, petra.unit_id, source="order:1", reason="order", by=petra, now=now)
