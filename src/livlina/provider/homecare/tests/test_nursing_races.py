"""Two at the same dose in the same second, each on a connection of their own."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from livlina.core import tenancy
from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.provider.homecare.actions import balance, doses, nursing
from livlina.provider.homecare.actions.nursing import Ordering
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch
from tests.faults.helpers import at_once
from tests.people import ALL, MORNING


def test_two_who_sign_the_same_dose_at_once_are_one_given_and_one_double(
    own_database: str, evening: Dose, ali_in_care: Actor, lena: Actor, give: Callable[..., Delegation]
) -> None:
    give(ali_in_care)
    at, said = evening.due_at, {"task_id": evening.task_id, "given": True}
    made = at_once(
        *(
            (by, lambda by=by: doses.sign(evening.pk, at=at, by=by, now=at, **said))
            for by in (ali_in_care, lena)
        )
    )
    assert sorted(one.double for one in made) == [False, True]
    with tenancy.acting(lena.municipality_id, ALL):
        assert Watch.objects.filter(type="nursing.double").count() == 1


def test_the_same_event_sent_twice_at_once_is_one_signature(
    own_database: str, evening: Dose, lena: Actor
) -> None:
    at, event = evening.due_at, uuid7()
    said = {"task_id": evening.task_id, "given": True, "event_id": event}
    made = at_once(*[(lena, lambda: doses.sign(evening.pk, at=at, by=lena, now=at, **said))] * 2)
    assert made[0] == made[1]
    with tenancy.acting(lena.municipality_id, ALL):
        assert not DoseSignature.objects.filter(double=True).exists()


def test_what_is_left_of_a_narcotic_is_reckoned_one_after_the_other(
    own_database: str, astrid_nursed: Person, lena: Actor
) -> None:
    with tenancy.acting(lena.municipality_id, ALL):
        said = Ordering(
            "medicine_dose", "Oxikodon", date(2026, 3, 2), as_needed=True, most_per_day=9, narcotic=True
        )
        task = nursing.order_task(astrid_nursed.pk, said, by=lena, now=MORNING)
        balance.count(task, "delivered", Decimal(10), "Ali Hassan", by=lena, now=MORNING)
    sign = lambda: doses.sign(None, task_id=task.pk, given=True, at=MORNING, by=lena, now=MORNING)  # noqa: E731
    made = at_once(*[(lena, sign)] * 3)
    assert sorted(one.balance for one in made) == [Decimal(7), Decimal(8), Decimal(9)]
    with tenancy.acting(lena.municipality_id, ALL):
        assert balance.balance_of(task) == Decimal(7)
