"""Home nursing at Norra hemtjänsten: what Lena has ordered and delegated, the last days' signing lists, what went wrong.

Told through the room's own actions. Bertil has a dosette and something to take when needed; a few others have drops,
insulin and stockings. Ali signs on delegation. One dose was given twice the day before, and one nobody has signed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality
from livlina.demo import cast
from livlina.demo.plan import Days, Town
from livlina.demo.stage import Stage, as_application
from livlina.provider.homecare.actions import balance, delegation, doses, nursing
from livlina.provider.homecare.actions.nursing import Ordering
from livlina.provider.homecare.models import Dose, NursingTask, Visit
from livlina.registers.people.models import Person, Reach

Tell = Callable[[str, int, int], None]
HISTORY = 4
"""Days of signed lists."""
NURSE, CARER = "Lena Falk", "Ali Hassan"


@dataclass(frozen=True)
class Said:
    """One order: whose turn (0 is Bertil), and what."""

    whose: int
    task: str
    what: str
    amount: str = ""
    how: str = ""
    times: tuple[int, ...] = ()
    most_per_day: int | None = None
    narcotic: bool = False
    delegated: bool = True


ORDERS = (
    Said(0, "medicine_dose", "Läkemedel ur dosett", "1 fack", "Tas med ett glas vatten.", (8, 20)),
    Said(0, "medicine_dose", "Oxikodon 5 mg", "1 tablett", "Vid svår smärta i höften.", (), 3, narcotic=True),
    Said(1, "eye_drops", "Timolol 5 mg/ml, båda ögonen", "1 droppe", "Tvätta händerna. Vänta fem minuter mellan.", (8, 20)),
    Said(1, "compression", "Stödstrumpor på", "", "På före uppstigning.", (7,)),
    Said(2, "insulin", "Insulin glargin 100 E/ml", "14 E", "Ge i magen. Växla sida.", (8,)),
    Said(2, "blood_sugar", "Blodsocker före frukost", "", "Under 4 eller över 15: ring sjuksköterska.", (7,)),
    Said(3, "wound", "Omläggning av bensår", "", "Enligt såranteckning i journalen.", (10,), delegated=False),
)  # fmt: skip


def tell_all(town: Town, now: datetime, tell: Tell) -> None:
    """Tell it in the town of Åsvalla."""
    stage = Stage(town.municipality_id, now)
    words = f"{town.name}: home nursing"
    with as_application():
        _delegate(stage)
        tell(words, 1, 3)
        tasks = [_order(stage, said, person) for said, person in _for_whom(stage)]
        tell(words, 2, 3)
        _days(stage, tasks)
        stage.do(stage.system, delegation.warn_of_expiry, now=now)
    tell(words, 3, 3)


def _for_whom(stage: Stage) -> list[tuple[Said, UUID]]:
    """Bertil and those whom Ali visits next; as many as there are."""
    ali, number = stage.who(CARER), cast.BERTIL.number.value

    def look() -> list[UUID]:
        bertil = Person.objects.get(numbers__value=number).pk
        rows = Visit.objects.filter(
            carers__carer_id=ali.assignment_id, carers__taken_at=None, starts_at__gte=_days_of(stage).midnight
        )
        reached = Reach.objects.running(day_of(stage.now)).filter(unit_id=ali.unit_id).values("person_id")
        rows = rows.filter(person__in=reached, person__protection="none", person__died_on=None)
        known = rows.exclude(person_id=bertil)
        return [
            bertil,
            *dict.fromkeys(known.order_by("starts_at", "pk").values_list("person_id", flat=True)[:40]),
        ]

    persons = stage.look(look)
    return [(said, persons[said.whose]) for said in ORDERS if said.whose < len(persons)]


def _delegate(stage: Stage) -> None:
    """To Ali for a year, one of them ending in three weeks; to two others, if the unit has them."""
    lena, ali = stage.who(NURSE), stage.who(CARER)

    def others() -> list[UUID]:
        held = Assignment.objects.valid(day_of(stage.now)).filter(unit_id=lena.unit_id, role="provider_staff")
        return list(
            held.exclude(pk=ali.assignment_id).order_by("valid_from", "pk").values_list("pk", flat=True)[:2]
        )

    first, *rest = [ali.assignment_id, *stage.look(others)]
    given: list[tuple[UUID | None, str, int]] = [
        (first, task, 40) for task in ("medicine_dose", "eye_drops", "compression", "insulin", "blood_sugar")
    ]
    given += [(first, "blood_pressure", 344)]
    given += [(carer, task, 200) for carer, task in zip(rest, ("medicine_dose", "compression"), strict=False)]
    for carer, task, back in given:
        at = _days_of(stage).at(day_of(stage.now) - timedelta(days=back), 13)
        begins = day_of(at)
        stage.do(
            lena, delegation.give_delegation, carer, task, valid_from=begins, valid_to=begins + timedelta(days=364),
            tested="Skriftligt prov och visat praktiskt hemma hos en person", now=at,
        )  # fmt: skip


def _order(stage: Stage, said: Said, person_id: UUID) -> NursingTask:
    """Lena orders it, as many days ago as there are lists; a narcotic is counted in by two."""
    lena = stage.who(NURSE)
    begun = day_of(stage.now) - timedelta(days=HISTORY)
    at = _days_of(stage).at(begun, 6)
    ordering = Ordering(
        said.task, said.what, begun, amount=said.amount, how=said.how, times=[time(hour) for hour in said.times],
        as_needed=not said.times, most_per_day=said.most_per_day, narcotic=said.narcotic, delegated=said.delegated,
    )  # fmt: skip
    task = stage.do(lena, nursing.order_task, person_id, ordering, now=at)
    if said.narcotic:
        stage.do(lena, balance.count, task, "delivered", Decimal(20), CARER, now=at + timedelta(hours=4))
        for hours in (30, 54):
            when = at + timedelta(hours=hours)
            stage.do(
                lena, doses.sign, None, task_id=task.pk, given=True, at=when, effect="Lindrade.", now=when
            )
    return task


def _days(stage: Stage, tasks: list[NursingTask]) -> None:
    """Day by day until now: doses are made and signed, but for the last of somebody's."""
    midnight, today = _days_of(stage), day_of(stage.now)
    for back in range(HISTORY, -1, -1):
        at = min(midnight.at(today - timedelta(days=back), 6), stage.now)
        stage.do(stage.system, nursing.make_doses, now=at)
    due = stage.look(lambda: _due(stage, tasks))
    ours = [dose for dose in due if dose.task.task == "eye_drops"]
    left = [dose for dose in ours if dose.due_at + timedelta(minutes=dose.task.window) < stage.now][-1:]
    for place, dose in enumerate(due):
        if dose not in left:
            _sign(stage, dose, place)
    evening = [dose for dose in due if dose.task.what == ORDERS[0].what and dose.due_at < midnight.midnight][
        -1:
    ]
    for dose in evening:
        at = dose.due_at + timedelta(minutes=40)
        stage.do(stage.who(NURSE), doses.sign, dose.pk, task_id=dose.task_id, given=True, at=at, now=at)
    stage.do(stage.system, doses.warn_of_missed, now=stage.now)


def today(now: datetime) -> None:
    """Let a demo that has rested have the last day's doses given, so that it does not begin with a pile of warnings."""
    town = Municipality.objects.filter(slug="asvalla").first()
    if town is None:
        return
    stage = Stage(town.pk, now)
    tasks = stage.look(lambda: list(NursingTask.objects.filter(state="active", as_needed=False)))
    if not tasks:
        return
    stage.do(stage.system, nursing.make_doses, now=now)
    for dose in stage.look(lambda: [one for one in _due(stage, tasks) if one.state == "due"]):
        _sign(stage, dose, 0)


def _due(stage: Stage, tasks: list[NursingTask]) -> list[Dose]:
    rows = Dose.objects.select_related("task").filter(task__in=tasks, due_at__lt=stage.now)
    return list(rows.order_by("due_at", "task__what", "pk"))


def _sign(stage: Stage, dose: Dose, place: int) -> None:
    """Some minutes from its time, by Ali where he may; one in nine could not be given."""
    by = stage.who(CARER if dose.task.delegated else NURSE)
    at = min(dose.due_at + timedelta(minutes=(place * 7) % 25 - 6), stage.now)
    given = place % 9 != 8
    stage.do(
        by, doses.sign, dose.pk, task_id=dose.task_id, given=given, at=at, reason="" if given else "Ville inte.",
        source="phone", device_at=at, now=min(at + timedelta(minutes=2), stage.now),
    )  # fmt: skip


def _days_of(stage: Stage) -> Days:
    return Days(day_of(stage.now))
