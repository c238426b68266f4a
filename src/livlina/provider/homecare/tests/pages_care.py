"""A day of home care, with something on every page of it: for `tests/browser`, which walks through all pages."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from livlina.core.access import system
from livlina.core.keys import Pair, thumbprint
from livlina.core.tenancy import EVERYTHING
from livlina.provider.doors import actions as doors
from livlina.provider.doors.models import Grant, Opening
from livlina.provider.doors.tests.fixtures import Door, assignment
from livlina.provider.homecare.actions import doses, nursing, roster, series, visits
from livlina.provider.homecare.models import CarePlan, Dose, FieldEvent, VisitEvent

HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)
Get = Callable[[str], Any]


def fill(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    """Return what addresses may name of home care: shifts, visits in each state, a series, nursing, phones, doors."""
    return _visits(get, found) | _nursing(get) | _phones(get, found) | _doors(get, found)


def _visits(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    petra, ali, noor, now = (get(name) for name in ("petra", "ali", "noor", "now"))
    shift_of, visit_at, order = get("shift_of"), get("visit_at"), found["confirmed"]
    shift_of(ali, area="Centrum")
    sick = roster.set_absent(shift_of(noor), "sick", by=petra, now=now, note="Feber")
    plan = CarePlan.objects.filter(order=order).latest("number")
    weekly = series.make_series(order, series.drafts_of(plan, now)[0], by=petra, now=now)
    done = visit_at(found["astrid"], now, 30, ali, order=order)
    came = visits.check_in(done, at=now + timedelta(minutes=4), by=ali, now=now + HALF)
    visits.check_out(done, at=now + HALF, by=ali, now=now + HALF, text="Åt bra.")
    visits.approve_visit(done, 26, by=petra, now=now + HOUR)
    missed = visit_at(found["bertil"], now + HOUR, 20, ali)
    visits.missed(missed, reason="Hann inte", follow_up="Noor går dit i kväll.", by=ali, now=now + 2 * HOUR)
    visits.report_deviation(missed, "late", "Bussen stod stilla.", by=ali, now=now + 2 * HOUR)
    waiting = visit_at(found["astrid"], now + 6 * HOUR, 45, noor, order=order, carers_needed=2)
    visit_at(found["bertil"], now + 6 * HOUR, 45, ali)
    return {
        "shift": sick, "series": weekly, "done_visit": done, "missed_visit": missed, "visit": waiting,
        "visit_event": VisitEvent.objects.get(pk=came.pk),
    }  # fmt: skip


def _nursing(get: Get) -> dict[str, Any]:
    lena, now, task, give = (get(name) for name in ("lena", "now", "astrids_dosette", "give"))
    ali_in_care = get("ali_in_care")
    ends = give(ali_in_care, "insulin", valid_to=date(2026, 3, 8))
    give(ali_in_care)
    said = nursing.Ordering(
        "medicine_dose", "Oxikodon 5 mg", date(2026, 3, 2), amount="1 tablett", as_needed=True, most_per_day=3,
        narcotic=True,
    )  # fmt: skip
    strong = nursing.order_task(task.person_id, said, by=lena, now=now)
    first = Dose.objects.filter(task=task).earliest("due_at")
    signed = doses.sign(first.pk, task_id=task.pk, given=True, at=now, by=lena, now=now)
    return {
        "nursing_task": task, "strong": strong, "delegation": ends, "signature": signed, "@ali_in_care": ali_in_care,
        "dose": Dose.objects.filter(task=task, state="due").earliest("due_at"),
    }  # fmt: skip


def _phones(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    ali, now, at = get("ali"), get("now"), get("at")
    phone = get("telephone")(ali)
    phone.keep("note", now + HOUR, person=found["astrid"].pk, text="Hon hostar mer i dag.")
    phone.keep("note", now + 400 * HOUR, person=found["astrid"].pk, text="Klockan stod fel.")
    phone.send(now + 2 * HOUR)
    at(now)
    odd = FieldEvent.objects.get(verdict="quarantined")
    return {"phone": phone.row, "quarantined": odd}


def _doors(get: Get, found: dict[str, Any]) -> dict[str, Any]:
    petra, ali, now = get("petra"), get("ali"), get("now")
    house = system(petra.municipality_id, EVERYTHING)
    astrids, phone = get("door_for")(found["astrid"]), get("alis_phone")
    _opened(astrids, phone, ali, house, now)
    emergency = Grant.objects.create(
        municipality_id=petra.municipality_id, kind="emergency", name=uuid.uuid4().hex, unit_id=petra.unit_id,
        holder_id=ali.assignment_id, holder_name=ali.name, thumbprint=thumbprint(phone.public), area="Centrum",
        not_before=now, expires=now + 8 * HOUR, made_at=now,
    )  # fmt: skip
    doors.report_emergency(emergency, "Hon ropade på hjälp.", at=now + HOUR, by=house, now=now + HOUR)
    doors.give_consent(
        planned := doors.order_lock(
            found["bertil"], place="Ytterdörren", area="Centrum", fit_on=None, by=petra, now=now
        ),
        "client", "Bertil Nordin", "Muntligt", date(2026, 3, 1), by=petra, now=now,
    )  # fmt: skip
    key = doors.add_key("K118", found["bertil"], "Nyckelskåpet", by=petra, now=now)
    doors.sign_out(key, assignment(ali), by=ali, now=now)
    return {
        "door": astrids, "planned_door": planned, "metal_key": key, "emergency": emergency,
        "opening": Opening.objects.filter(lock=astrids).earliest("number"),
        "door_consent": astrids.consents.get(whose="owner"),
    }  # fmt: skip


def _opened(lock: Any, phone: Pair, ali: Any, house: Any, now: datetime) -> None:
    grant, token = doors.grant(
        "shift", holder=assignment(ali), public=phone.public, locks=[lock], not_before=now, expires=now + 7 * HOUR,
        by=ali, now=now,
    )  # fmt: skip
    door = Door(lock, now)
    assert door.open(phone, token, now + timedelta(minutes=3)).outcome == "opened"
    assert door.open(phone, token, now + 3 * HOUR).outcome == "opened"
    doors.take_openings(door.log, carried_by=grant.thumbprint, by=house, now=now + 4 * HOUR)
