"""What a session begun by a reserve way may do while the municipality's own is away: care duties, and no more."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from livlina.across.portal import health, jobs
from livlina.across.portal.models import ProviderHealth
from livlina.across.portal.tests.test_staff_sign_in import come_in
from livlina.core import access, tenancy
from livlina.core.access import Actor, RefusedInOutage, may
from livlina.core.models import AuditEvent, Session
from livlina.core.sessions import SessionStore
from livlina.provider.homecare.models import Shift
from tests.people import ALL, session_key, staff

ADMINISTRATION = re.compile(
    r"^(portal\.(staff|assign|account|units|seals|review)|records\.(?!read)|aid\.|cases\.(processes|delegate|set_length)"
    r"|people\.(merge|protect|name_the_few)|nursing\.delegate|.*\.(statistics|measures|export))"
)
HOUR = timedelta(hours=1)


def marked(actor: Actor, browser: Any) -> Any:
    """Their browser, in a session that began while the sign-in was away."""
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    store = SessionStore(key)
    store["outage"] = "2026-03-02T08:00:00+00:00"
    store.save()
    return browser


@pytest.fixture
def away(asvalla, provider_at, now) -> None:
    """The municipality's own sign-in, measured not to answer."""
    provider_at("http://127.0.0.1:9")
    ProviderHealth.objects.create(name="staff", since=now, measured_at=now, works=False, why="silent")


def test_care_duties_are_verbs_that_exist_and_hold_no_administration() -> None:
    assert settings.CARE_DUTIES - set(access.RULES) == set()
    assert [verb for verb in settings.CARE_DUTIES if ADMINISTRATION.match(verb)] == []


@pytest.mark.parametrize("role", settings.ROLES)
def test_an_outage_gives_no_role_anything_it_has_not_on_an_ordinary_day(role: str, asvalla: Any) -> None:
    normal = staff(asvalla, "Rut Rollsson", role, "Provenheten")
    reserve = replace(normal, outage=True)
    more = [verb for verb in access.RULES if may(reserve, verb) and not may(normal, verb)]
    less = [verb for verb in access.RULES if may(normal, verb) and not may(reserve, verb)]
    assert more == []
    assert set(less).isdisjoint(settings.CARE_DUTIES)


def test_karin_reads_and_writes_but_hands_nothing_out(karin, astrid, astrids_file, client_of) -> None:
    browser = marked(karin, client_of(karin))
    page = browser.get(f"/officer/journal/files/{astrids_file.pk}").content.decode()
    assert "Reservläge:" in page
    assert "Utlämnande" not in page
    refused = browser.get("/officer/records/requests")
    assert refused.status_code == 403
    assert "Det här går inte i reservläge" in refused.content.decode()
    assert AuditEvent.objects.filter(outcome="refused", user_id=karin.user_id).exists()


@pytest.mark.parametrize("address", ["passkeys/", "passkeys/add/", "codes/new/", "new-password/"])
def test_ways_in_are_not_changed_by_whoever_came_a_reserve_way(karin, client_of, address: str) -> None:
    assert marked(karin, client_of(karin)).get(f"/account/{address}").status_code == 403


def test_the_rule_holds_below_the_pages_too(maria) -> None:
    with pytest.raises(RefusedInOutage):
        access.demand(replace(maria, outage=True), "records.approve")


def test_a_session_begun_while_it_is_away_is_marked_until_one_signs_in_anew(
    nobody, karin, with_password, away, at, now
) -> None:
    with_password(karin)
    come_in(nobody)
    assert "Reservläge:" in nobody.get("/officer/").content.decode()
    ProviderHealth.objects.update(works=True, why="")
    assert "Reservläge:" in nobody.get("/officer/").content.decode()
    nobody.post("/account/sign-out/")
    come_in(nobody)
    assert "Reservläge:" not in nobody.get("/officer/").content.decode()


def test_a_session_begun_before_keeps_what_it_had(karin, away, client_of, at) -> None:
    assert client_of(karin).get("/officer/records/requests").status_code == 200


def test_a_visitor_cannot_make_it_look_away(nobody, asvalla, provider_at, at, now) -> None:
    """Whatever strangers bring about at the door, the measurement is the worker's alone."""
    provider_at("http://127.0.0.1:9")
    ProviderHealth.objects.create(name="staff", since=now, measured_at=now)
    for _ in range(6):
        nobody.get("/account/with/staff/")
        nobody.get("/account/with/staff/back/", {"code": "x", "state": "x"})
    assert health.state(now).why == ""


@pytest.fixture
def on_shift(asvalla, ali) -> Callable[..., Shift]:
    def plan(starts_at: Any, ends_at: Any, **also: Any) -> Shift:
        with tenancy.acting(asvalla.pk, ALL):
            return Shift.objects.create(
                municipality=asvalla, unit_id=ali.unit_id, carer_id=ali.assignment_id, starts_at=starts_at,
                ends_at=ends_at, **also,
            )  # fmt: skip

    return plan


def in_session(actor: Actor, until: Any, **also: str) -> Session:
    store = SessionStore(session_key(actor))
    store.update(also)
    store.set_expiry(until)
    store.save()
    return Session.objects.get(session_key=store.session_key)


def test_while_it_is_away_nobody_on_shift_is_put_out_before_two_hours_after(
    asvalla, ali, away, now, on_shift
) -> None:
    on_shift(now - 3 * HOUR, now + 6 * HOUR)
    ending, longer = in_session(ali, now + HOUR / 6), in_session(ali, now + 11 * HOUR)
    sealed = in_session(ali, now + HOUR, way_in="seal")
    assert jobs.hold_sessions(asvalla.pk, now) == 1
    ends = [Session.objects.get(pk=one.pk).expire_date for one in (ending, longer, sealed)]
    assert ends == [now + 8 * HOUR, now + 11 * HOUR, now + HOUR]
    assert jobs.hold_sessions(asvalla.pk, now) == 0


@pytest.mark.parametrize("why", ["works", "off shift", "sick"])
def test_otherwise_the_twelve_hours_stand(asvalla, ali, away, now, on_shift, why: str) -> None:
    if why == "works":
        ProviderHealth.objects.update(works=True, why="")
    shift = {"off shift": (now - 9 * HOUR, now - 3 * HOUR)}.get(why, (now - HOUR, now + HOUR))
    on_shift(*shift, state="sick" if why == "sick" else "planned")
    in_session(ali, now + HOUR / 6)
    assert jobs.hold_sessions(asvalla.pk, now) == 0
