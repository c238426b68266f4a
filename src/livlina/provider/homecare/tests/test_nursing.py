"""What a nurse orders is given at its times, signed once, and whatever looks wrong is told to a nurse at once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from livlina.core import outbox, tenancy
from livlina.core.access import Actor, Refused, system
from livlina.core.models import Municipality, RecurringRun
from livlina.provider.homecare import jobs_nursing
from livlina.provider.homecare.actions import balance, delegation, doses, nursing
from livlina.provider.homecare.actions.doses import NotDelegated, SignRefused
from livlina.provider.homecare.actions.nursing import NursingRefused, Ordering
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature, NursingTask
from livlina.provider.homecare.queries import nursing as queries
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

HOUR = timedelta(hours=1)


def open_watches(kind: str) -> int:
    return Watch.objects.filter(type=kind, closed_at=None).count()


def test_a_nurse_orders_and_the_next_two_days_doses_are_there(
    astrid_nursed: Person, lena: Actor, now: datetime
) -> None:
    task = nursing.order_task(
        astrid_nursed.pk,
        Ordering("medicine_dose", "Dosett", date(2026, 3, 2), times=[time(8), time(20)]),
        by=lena,
        now=now,
    )
    due = [dose.due_at for dose in queries.doses_for([astrid_nursed.pk], now - 24 * HOUR, now + 48 * HOUR)]
    assert due == [now + 11 * HOUR, now + 23 * HOUR, now + 35 * HOUR, now + 47 * HOUR]  # now is nine o'clock
    assert nursing.make_doses(by=system(task.municipality_id), now=now) == 0
    assert nursing.make_doses(by=system(task.municipality_id), now=now + 12 * HOUR) == 1


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (Ordering("surgery", "x", date(2026, 3, 2), times=[time(8)]), "sorts"),
        (Ordering("insulin", " ", date(2026, 3, 2), times=[time(8)]), "vad som"),
        (Ordering("insulin", "x", date(2026, 3, 2)), "klockslag"),
        (Ordering("insulin", "x", date(2026, 3, 2), as_needed=True), "per dygn"),
        (Ordering("insulin", "x", date(2026, 3, 1), times=[time(8)]), "passerat"),
        (Ordering("insulin", "x", date(2026, 3, 2), times=[time(8)], last_on=date(2026, 3, 1)), "Sista"),
        (Ordering("insulin", "x", date(2026, 3, 2), times=[time(8)], window=0), "minuter"),
        (Ordering("insulin", "x", date(2026, 3, 2), times=[time(8)], weekdays=[8]), "måndag"),
    ],
)
def test_an_order_that_does_not_hold_together_is_told_why(
    astrid_nursed: Person, lena: Actor, now: datetime, said: Ordering, word: str
) -> None:
    with pytest.raises(NursingRefused, match=word):
        nursing.order_task(astrid_nursed.pk, said, by=lena, now=now)


def test_only_a_nurse_orders_and_ends(
    astrids_dosette: NursingTask, ali: Actor, petra: Actor, ali_in_care: Actor, karin: Actor, now: datetime
) -> None:
    said = Ordering("insulin", "Insulin", date(2026, 3, 2), times=[time(8)])
    for other in (ali, petra, ali_in_care, karin):
        with pytest.raises(Refused):
            nursing.order_task(astrids_dosette.person_id, said, by=other, now=now)
        with pytest.raises(Refused):
            nursing.end_task(astrids_dosette, "nej", by=other, now=now)


def test_what_is_ended_asks_for_no_more_doses(
    astrids_dosette: NursingTask, lena: Actor, now: datetime
) -> None:
    with pytest.raises(NursingRefused, match="varför"):
        nursing.end_task(astrids_dosette, " ", by=lena, now=now)
    nursing.end_task(astrids_dosette, "Ny ordination från läkare.", by=lena, now=now)
    nursing.end_task(astrids_dosette, "Igen.", by=lena, now=now + HOUR)
    astrids_dosette.refresh_from_db()
    assert astrids_dosette.ended_reason == "Ny ordination från läkare."
    assert queries.doses_for([astrids_dosette.person_id], now, now + 48 * HOUR) == []
    assert jobs_nursing.warn_of_missed(lena.municipality_id, now + 72 * HOUR) == 0


def test_a_carer_signs_by_a_delegation_that_held_then(
    evening: Dose, ali_in_care: Actor, lena: Actor, now: datetime, give: Callable[..., Delegation]
) -> None:
    at = evening.due_at
    with pytest.raises(NotDelegated):
        doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=ali_in_care, now=at)
    held = give(ali_in_care)
    signed = doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=ali_in_care, now=at)
    evening.refresh_from_db()
    assert (evening.state, signed.delegation, signed.by_name) == ("given", held, "Ali Omsorg")


@pytest.mark.parametrize(
    "how",
    ["other task", "other person", "expired", "revoked before", "no compartment", "not to be delegated"],
)
def test_a_delegation_that_does_not_fit_lets_nobody_sign(
    evening: Dose, ali_in_care: Actor, ali: Actor, lena: Actor, bertil_nursed: Person, now: datetime, how: str,
    give: Callable[..., Delegation],
) -> None:  # fmt: skip
    at, by = evening.due_at, ali_in_care
    if how == "other task":
        give(by, "insulin")
    elif how == "other person":
        give(by, person_id=bertil_nursed.pk)
    elif how == "expired":
        Delegation.objects.filter(pk=give(by).pk).update(
            valid_from=date(2026, 2, 1), valid_to=date(2026, 3, 1)
        )
    elif how == "revoked before":
        delegation.revoke_delegation(give(by), "Slutar.", by=lena, now=now)
    elif how == "no compartment":
        by = ali
        give(by)
    else:
        give(by)
        NursingTask.objects.update(delegated=False)
    with pytest.raises((NotDelegated, Refused)):
        doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=by, now=at)
    assert not DoseSignature.objects.exists()


def test_what_was_given_before_the_delegation_was_taken_back_is_taken_in_though_it_comes_late(
    evening: Dose, ali_in_care: Actor, lena: Actor, give: Callable[..., Delegation]
) -> None:
    at, held = evening.due_at, give(ali_in_care)
    delegation.revoke_delegation(held, "Slutar.", by=lena, now=at + HOUR)
    signed = doses.sign(
        evening.pk, task_id=evening.task_id, given=True, at=at, by=ali_in_care, now=at + 20 * HOUR, source="phone",
        device_at=at + timedelta(minutes=1), event_id=uuid4(),
    )  # fmt: skip
    assert (signed.at, signed.device_at, signed.heard_at) == (at, at + timedelta(minutes=1), at + 20 * HOUR)


def test_the_same_event_is_the_same_signature(evening: Dose, lena: Actor) -> None:
    event = uuid4()
    said = {"task_id": evening.task_id, "given": True, "at": evening.due_at, "event_id": event}
    first = doses.sign(evening.pk, by=lena, now=evening.due_at, **said)
    assert doses.sign(evening.pk, by=lena, now=evening.due_at + HOUR, **said) == first
    assert (DoseSignature.objects.count(), first.double) == (1, False)


def test_a_dose_given_twice_is_kept_twice_and_told_at_once(
    evening: Dose, ali_in_care: Actor, lena: Actor, give: Callable[..., Delegation]
) -> None:
    give(ali_in_care)
    at = evening.due_at
    first = doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=ali_in_care, now=at)
    second = doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at + HOUR, by=lena, now=at + HOUR)
    assert (first.double, second.double, DoseSignature.objects.count()) == (False, True, 2)
    watch = Watch.objects.get(type="nursing.double")
    assert (watch.role, watch.compartment, watch.object_id) == ("nurse", 3, evening.pk)


def test_a_wrong_signature_is_corrected_by_a_new_one_and_stays(evening: Dose, lena: Actor) -> None:
    at = evening.due_at
    wrong = doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at)
    with pytest.raises(SignRefused, match="varför"):
        doses.correct(wrong, given=False, at=at, reason=" ", by=lena, now=at)
    right = doses.correct(wrong, given=False, at=at, reason="Fel person signerad.", by=lena, now=at + HOUR)
    assert doses.correct(wrong, given=False, at=at, reason="Fel person signerad.", by=lena, now=at) == right
    with pytest.raises(SignRefused, match="redan"):
        doses.correct(wrong, given=True, at=at, reason="Nej.", by=lena, now=at)
    evening.refresh_from_db()
    assert (evening.state, DoseSignature.objects.count(), right.corrects) == ("not_given", 2, wrong)
    again = doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at + HOUR, by=lena, now=at + HOUR)
    assert (again.double, open_watches("nursing.double")) == (False, 0)


def test_a_carer_corrects_what_they_signed_themselves_and_nothing_else(
    evening: Dose, ali_in_care: Actor, lena: Actor, give: Callable[..., Delegation]
) -> None:
    give(ali_in_care)
    at = evening.due_at
    lenas = doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at)
    with pytest.raises(Refused):
        doses.correct(lenas, given=False, at=at, reason="Fel.", by=ali_in_care, now=at)


def test_given_and_not_given_of_one_dose_is_told(evening: Dose, lena: Actor) -> None:
    at = evening.due_at
    doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at)
    doses.sign(evening.pk, task_id=evening.task_id, given=False, at=at, reason="Sov.", by=lena, now=at)
    evening.refresh_from_db()
    assert (evening.state, open_watches("nursing.disagree")) == ("given", 1)


def test_what_was_not_given_says_why_and_nothing_is_signed_ahead(evening: Dose, lena: Actor) -> None:
    at = evening.due_at
    with pytest.raises(SignRefused, match="varför"):
        doses.sign(evening.pk, task_id=evening.task_id, given=False, at=at, by=lena, now=at)
    with pytest.raises(SignRefused, match="framtiden"):
        doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at - HOUR)


def test_a_dose_is_found_by_its_time_when_the_phone_did_not_know_it(evening: Dose, lena: Actor) -> None:
    at = evening.due_at + timedelta(minutes=20)
    assert doses.sign(None, task_id=evening.task_id, given=True, at=at, by=lena, now=at).dose == evening
    with pytest.raises(SignRefused, match="vilken dos"):
        doses.sign(None, task_id=evening.task_id, given=True, at=at, by=lena, now=at)


def test_a_dose_nobody_signed_is_told_when_its_window_is_over_and_once(
    evening: Dose, lena: Actor, petra: Actor
) -> None:
    window = evening.due_at + timedelta(minutes=60)
    assert jobs_nursing.warn_of_missed(lena.municipality_id, window) == 0
    late = window + timedelta(seconds=1)
    assert jobs_nursing.warn_of_missed(lena.municipality_id, late) == 1
    assert jobs_nursing.warn_of_missed(lena.municipality_id, late) == 0
    assert open_watches("nursing.missed") == 1
    assert jobs_nursing.tell_managers(lena.municipality_id, late) == 0
    assert jobs_nursing.tell_managers(lena.municipality_id, late + HOUR) == 1
    told = Watch.objects.get(type="nursing.unattended")
    assert (told.role, told.compartment, told.person_id) == ("provider_manager", 2, None)
    doses.sign(evening.pk, task_id=evening.task_id, given=True, at=evening.due_at, by=lena, now=late + HOUR)
    jobs_nursing.tell_managers(lena.municipality_id, late + HOUR)
    evening.refresh_from_db()
    assert evening.state == "given"
    assert open_watches("nursing.missed") + open_watches("nursing.unattended") == 0


def test_after_an_outage_the_phones_get_a_minute_before_nurses_are_told(evening: Dose, lena: Actor) -> None:
    late = evening.due_at + 2 * HOUR
    RecurringRun.objects.create(
        name=jobs_nursing.MISSED_JOB, started_at=late, succeeded_at=late - timedelta(minutes=11)
    )
    assert jobs_nursing.warn_of_missed(lena.municipality_id, late) == 0
    RecurringRun.objects.update(succeeded_at=late)
    assert jobs_nursing.warn_of_missed(lena.municipality_id, late + timedelta(minutes=1)) == 1


def test_what_is_given_as_needed_oftener_than_ordered_is_kept_and_told(
    astrid_nursed: Person, lena: Actor, now: datetime
) -> None:
    said = Ordering("medicine_dose", "Alvedon", date(2026, 3, 2), as_needed=True, most_per_day=2)
    task = nursing.order_task(astrid_nursed.pk, said, by=lena, now=now)
    assert queries.as_needed_for([astrid_nursed.pk]) == [task]
    for hours in (1, 5):
        at = now + hours * HOUR
        doses.sign(None, task_id=task.pk, given=True, at=at, effect="Lindrade.", by=lena, now=at)
    assert open_watches("nursing.too_many") == 0
    at = now + 9 * HOUR
    doses.sign(None, task_id=task.pk, given=True, at=at, by=lena, now=at)
    assert (open_watches("nursing.too_many"), DoseSignature.objects.count()) == (1, 3)


def test_what_was_given_after_the_order_ended_is_kept_and_told(evening: Dose, lena: Actor) -> None:
    at = evening.due_at
    nursing.end_task(evening.task, "Läkaren satte ut.", by=lena, now=at - HOUR)
    doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at + HOUR)
    assert (open_watches("nursing.after_end"), DoseSignature.objects.count()) == (1, 1)


def test_a_narcotic_is_reckoned_at_every_dose_and_counted_by_two(
    astrid_nursed: Person, lena: Actor, now: datetime
) -> None:
    said = Ordering("medicine_dose", "Oxikodon 5 mg", date(2026, 3, 2), amount="1,5 tablett",
                    as_needed=True, most_per_day=4, narcotic=True)  # fmt: skip
    task = nursing.order_task(astrid_nursed.pk, said, by=lena, now=now)
    with pytest.raises(balance.CountRefused, match="Två"):
        balance.count(task, "delivered", Decimal(30), "Lena Falk", by=lena, now=now)
    balance.count(task, "delivered", Decimal(30), "Ali Hassan", by=lena, now=now)
    given = doses.sign(None, task_id=task.pk, given=True, at=now, witness="Ali Hassan", by=lena, now=now)
    assert (given.balance, given.witness_name) == (Decimal("28.5"), "Ali Hassan")
    back = doses.correct(given, given=False, at=now, reason="Spottade ut.", by=lena, now=now)
    assert back.balance == Decimal(30)
    balance.count(task, "counted", Decimal(30), "Ali Hassan", by=lena, now=now)
    assert open_watches("nursing.balance") == 0
    counted = balance.count(task, "counted", Decimal(28), "Ali Hassan", by=lena, now=now)
    assert (counted.expected, balance.balance_of(task), open_watches("nursing.balance")) == (30, 28, 1)


def test_the_nursing_book_is_not_seen_from_another_compartment_even_by_raw_sql(
    evening: Dose, lena: Actor, asvalla: Municipality
) -> None:
    at = evening.due_at
    doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at)
    tenancy.enter(asvalla.pk, (1, 2))
    with connection.cursor() as cursor:
        for table in ("nursingtask", "dose", "dosesignature", "narcoticcount"):
            cursor.execute(f"SELECT count(*) FROM homecare_{table}")
            assert cursor.fetchone() == (0,)


def test_what_is_paused_asks_for_nothing_until_it_goes_on(
    evening: Dose, astrids_dosette: NursingTask, lena: Actor, ali_in_care: Actor, now: datetime
) -> None:
    with pytest.raises(NursingRefused, match="varför"):
        nursing.pause_task(astrids_dosette, "", by=lena, now=now)
    with pytest.raises(Refused):
        nursing.pause_task(astrids_dosette, "Nej.", by=ali_in_care, now=now)
    nursing.pause_task(astrids_dosette, "Inlagd på sjukhus.", by=lena, now=now)
    assert queries.doses_for([astrids_dosette.person_id], now, now + 48 * HOUR) == []
    assert nursing.make_doses(by=system(lena.municipality_id), now=now + 3 * HOUR) == 0
    at = evening.due_at
    doses.sign(evening.pk, task_id=evening.task_id, given=True, at=at, by=lena, now=at)
    assert open_watches("nursing.after_end") == 1
    nursing.resume_task(astrids_dosette, by=lena, now=at + HOUR)
    due = queries.doses_for([astrids_dosette.person_id], now, now + 48 * HOUR)
    assert [dose.state for dose in due] == ["given", "due", "due", "due"]


def test_when_somebody_has_died_nothing_more_is_due_and_the_nurses_are_told(
    evening: Dose, astrids_dosette: NursingTask, lena: Actor, now: datetime
) -> None:
    by = system(lena.municipality_id, tenancy.EVERYTHING)
    people.record_death(astrids_dosette.person, date(2026, 3, 2), by=by, now=now)
    outbox.deliver_waiting()
    outbox.deliver_waiting()
    assert queries.doses_for([astrids_dosette.person_id], now, now + 48 * HOUR) == []
    assert open_watches("nursing.died") == 1
    with pytest.raises(NursingRefused, match="avliden"):
        nursing.resume_task(astrids_dosette, by=lena, now=now)
