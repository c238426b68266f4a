"""Two people at the same order, on two connections: exactly one wins."""

import threading
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from livlina.core import tenancy
from livlina.core.access import Actor, Refused, system
from livlina.core.ids import test_number
from livlina.core.models import Municipality
from livlina.registers.orders import actions
from livlina.registers.orders.models import Line, Order, OrderEvent, OrderVersion
from livlina.registers.orders.tests.fixtures import provider, send
from livlina.registers.people import actions as people
from tests.people import MORNING, staff

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """What was committed before the race."""

    karin: Actor
    petra: Actor
    ali: Actor
    order: Order


@pytest.fixture
def world() -> World:
    """A sent order, really committed, so that two connections see it."""
    asvalla, made = Municipality.objects.get(slug="asvalla"), World()
    made.karin = staff(asvalla, "Karin Ekdal", "case_worker", "Biståndsenheten")
    made.petra = staff(asvalla, "Petra Nyström", "provider_manager", "Norra hemtjänsten")
    made.ali = staff(asvalla, "Ali Hassan", "provider_staff", "Norra hemtjänsten")
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        norra = provider(made.petra, "Norra hemtjänsten AB", MORNING)
        astrid = people.register_person(
            given_names="Astrid", family_name="Lindqvist", number=test_number(date(1938, 4, 12), "female", 0),
            by=system(asvalla.pk, (1, 2, 3)), now=MORNING,
        )  # fmt: skip
        draft = actions.draft_order(
            person=astrid, source=("cases.case", uuid4()), service="home_care", kind="home_care",
            lines=[Line("Dusch", 1, "week", 30)], facts={}, starts_on=date(2026, 3, 9), by=made.karin, now=MORNING,
        )  # fmt: skip
        made.order = send(draft, norra, made.karin, MORNING)
    return made


def at_once(*deeds: tuple[Actor, Callable[[], object]]) -> list[str]:
    """Let each actor act on a connection of their own, at the same moment; return what became of each."""
    gate, results = threading.Barrier(len(deeds)), [""] * len(deeds)

    def act(number: int, actor: Actor, deed: Callable[[], object]) -> None:
        try:
            with tenancy.acting(actor.municipality_id, actor.compartments, actor.user_id):
                gate.wait(timeout=20)
                deed()
            results[number] = "done"
        except (actions.OrderFault, Refused) as fault:
            results[number] = type(fault).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number, *deed)) for number, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_recall_and_opening_at_once_have_one_winner(world):
    order, karin, petra = world.order, world.karin, world.petra
    results = at_once(
        (karin, lambda: actions.recall_order(order, reason="wrong_provider", by=karin, now=MORNING)),
        (petra, lambda: actions.open_order(order, by=petra, now=MORNING)),
    )
    with tenancy.acting(karin.municipality_id, (1, 2, 3)):
        after = Order.objects.get()
        copies = OrderVersion.objects.filter(compartment=2).count()
    assert (after.state, copies, results) in [
        ("recalled", 0, ["done", "Refused"]),
        ("opened", 1, ["AlreadyOpened", "done"]),
    ]


def test_two_colleagues_who_open_at_once_open_once(world):
    order, petra, ali = world.order, world.petra, world.ali
    results = at_once(
        (petra, lambda: actions.open_order(order, by=petra, now=MORNING)),
        (ali, lambda: actions.open_order(order, by=ali, now=MORNING)),
    )
    assert results == ["done", "done"]
    with tenancy.acting(petra.municipality_id, (1, 2, 3)):
        assert OrderEvent.objects.filter(kind="opened").count() == 1
        assert OrderVersion.objects.filter(compartment=2).count() == 1


def test_accepting_and_declining_at_once_leave_one_answer(world):
    order, petra, ali = world.order, world.petra, world.ali
    with tenancy.acting(petra.municipality_id, petra.compartments):
        actions.open_order(order, by=petra, now=MORNING)
    results = at_once(
        (
            petra,
            lambda: actions.confirm_order(order, start=date(2026, 3, 9), contact="P", by=petra, now=MORNING),
        ),
        (ali, lambda: actions.decline_order(order, reason="no_capacity", by=ali, now=MORNING)),
    )
    assert sorted(results) == ["WrongState", "done"]
