"""The pages of the day: the manager places, the carer tells, and nobody else sees any of it."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from livlina.core.access import Actor
from livlina.provider.homecare import actions
from livlina.provider.homecare.actions import Plan, Task, visits
from livlina.provider.homecare.models import Shift, Visit, VisitCarer, VisitEvent, VisitSeries
from livlina.registers.orders.models import Order
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

BOARD = "/provider/homecare/board"
DAY = "?day=2026-03-02"
CLIENTS = Callable[[Actor], Any]


@pytest.fixture(autouse=True)
def _nine_o_clock(at: Callable[[datetime], None]) -> None:
    """Pages show the Monday the tests take place on."""


def text(answer: Any) -> str:
    return str(answer.content.decode())


def once(**said: object) -> dict[str, object]:
    return {"submission_key": str(uuid.uuid4())} | said


def goers(visit: Visit) -> list[str]:
    rows = VisitCarer.objects.filter(visit=visit, taken_at=None)
    return sorted(rows.values_list("carer__user__name", flat=True))


def test_the_board_shows_who_goes_where_and_says_what_does_not_add_up(
    morning: Visit,
    bertil: Person,
    petra: Actor,
    visit_at: Callable[..., Visit],
    client_of: CLIENTS,
    now: datetime,
) -> None:
    visit_at(bertil, now + timedelta(hours=1))
    page = text(client_of(petra).get(BOARD))
    assert "Astrid" in page
    assert "Ali Hassan" in page
    assert "10:00 Bertil Nordin: ingen är given." in page
    assert "Ali Hassan" in page
    assert "har inget pass 09:00" in page


def test_what_is_dropped_on_the_board_lies_there(
    morning: Visit, petra: Actor, noor: Actor, ali: Actor, client_of: CLIENTS
) -> None:
    put = once(visit=morning.pk, at="10:05", giver=ali.assignment_id, taker=noor.assignment_id)
    answer = client_of(petra).post(f"{BOARD}/place", put)
    assert answer["Location"].endswith(f"#v-{morning.pk}")
    morning.refresh_from_db()
    assert f"{morning.starts_at:%H:%M}" == "09:05"  # UTC
    assert goers(morning) == ["Noor Aziz"]
    assert client_of(ali).post(f"{BOARD}/place", once(visit=morning.pk, at="11:00")).status_code == 404


def test_what_cannot_be_is_said_and_nothing_is_moved(
    morning: Visit, petra: Actor, erik: Actor, ali: Actor, client_of: CLIENTS, now: datetime
) -> None:
    browser = client_of(petra)
    put = once(visit=morning.pk, at="10:05", giver=ali.assignment_id, taker=erik.assignment_id)
    page = text(browser.post(f"{BOARD}/place", put, follow=True))
    assert "arbetar i enheten" in page
    morning.refresh_from_db()
    assert morning.starts_at == now


def test_the_proposal_does_only_what_is_ticked(
    astrid: Person, bertil: Person, petra: Actor, ali: Actor, visit_at: Callable[..., Visit],
    shift_of: Callable[..., Shift], client_of: CLIENTS, now: datetime,
) -> None:  # fmt: skip
    first, second = visit_at(astrid, now), visit_at(bertil, now + timedelta(hours=1))
    shift_of(ali)
    browser = client_of(petra)
    page = text(browser.get(f"{BOARD}/proposal{DAY}"))
    assert f"{first.pk}:{ali.assignment_id}" in page
    browser.post(f"{BOARD}/proposal{DAY}", once(give=f"{first.pk}:{ali.assignment_id}", day="2026-03-02"))
    assert (goers(first), goers(second)) == (["Ali Hassan"], [])


def test_a_sick_carers_visits_go_to_stand_ins(
    morning: Visit, petra: Actor, ali: Actor, noor: Actor, shift_of: Callable[..., Shift], client_of: CLIENTS
) -> None:
    shift, _ = shift_of(ali), shift_of(noor)
    browser = client_of(petra)
    answer = browser.post(f"/provider/homecare/shifts/{shift.pk}/absence", once(state="sick"))
    page = text(browser.get(answer["Location"]))
    assert "Ge till Noor Aziz" in page
    assert "Ali Hassan är frånvarande" in text(browser.get(BOARD))
    browser.post(answer["Location"], once(visit=morning.pk, taker=noor.assignment_id))
    assert goers(morning) == ["Noor Aziz"]


def test_a_week_is_planned_on_the_roster(petra: Actor, ali: Actor, client_of: CLIENTS) -> None:
    browser = client_of(petra)
    said = {
        "carer": str(ali.assignment_id),
        "day": "2026-03-09",
        "starts": "7",
        "ends": "16:00",
        "break_from": "12.00",
    }
    more = {"break_to": "1230", "travel": "car", "area": ""}
    assert browser.post("/provider/homecare/roster", once(**said, **more)).status_code == 302
    assert "07:00–16:00" in text(browser.get("/provider/homecare/roster?week=2026-03-09"))
    assert browser.post("/provider/homecare/roster", once(**said)).status_code == 422
    browser.post("/provider/homecare/roster/copy", once(week="2026-03-09"))
    assert Shift.objects.filter(carer_id=ali.assignment_id).count() == 2


def test_ali_tells_his_day_from_a_list(morning: Visit, ali: Actor, client_of: CLIENTS) -> None:
    browser = client_of(ali)
    page = text(browser.get("/provider/homecare/day"))
    assert "Astrid" in page
    assert "Jag är här" in page
    for what in ("came", "left"):
        url = f"/provider/homecare/visits/{morning.pk}/tell/{what}"
        assert browser.post(url, once(**{f"{what}-at": "09:00", "back": "day"})).status_code == 302
    morning.refresh_from_db()
    assert morning.state == "done"


def test_a_visits_page_shows_five_times_apart(
    morning: Visit, petra: Actor, ali: Actor, client_of: CLIENTS, now: datetime
) -> None:
    visits.check_in(morning, at=now, by=ali, now=now)
    visits.check_out(morning, at=now + timedelta(minutes=22), by=ali, now=now + timedelta(minutes=22))
    browser = client_of(petra)
    url = f"/provider/homecare/visits/{morning.pk}"
    page = text(browser.get(url))
    for name, minutes in (("Beviljat", "2600"), ("Planerat", "30"), ("Utfört", "22"), ("Godkänt", "–")):
        assert name in page
        assert f">{minutes}<" in page.replace("\xa0", "").replace(" ", "") or f">{minutes}<" in page
    browser.post(f"{url}/tell/approve", once(**{"approve-minutes": "20"}))
    assert VisitEvent.objects.get(visit=morning, kind="approved").minutes == 20


def test_every_telling_of_a_visit_works_without_a_script(
    astrid: Person, petra: Actor, ali: Actor, noor: Actor, visit_at: Callable[..., Visit], client_of: CLIENTS,
    now: datetime,
) -> None:  # fmt: skip
    browser = client_of(petra)
    later = now + timedelta(hours=2)

    def tell(visit: Visit, what: str, **said: object) -> str:
        fields = {f"{what}-{name}": value for name, value in said.items()}
        browser.post(f"/provider/homecare/visits/{visit.pk}/tell/{what}", once(**fields))
        visit.refresh_from_db()
        return visit.state

    first, second, third = (visit_at(astrid, later, 30, ali) for _ in range(3))
    tell(first, "move", day="2026-03-03", at="08:15", reason="wish")
    assert f"{first.starts_at:%d %H:%M}" == "03 07:15"
    tell(first, "give", carer=str(noor.assignment_id))
    tell(first, "take", carer=str(ali.assignment_id))
    assert goers(first) == ["Noor Aziz"]
    assert tell(first, "cancel", reason="away") == "cancelled"
    assert tell(second, "missed", reason="no_time", follow_up="Noor går i kväll.") == "missed"
    assert tell(third, "not_home", reason="no_answer", follow_up="Ringer Anna.") == "not_home"
    assert tell(third, "approve", minutes="x") == "not_home"
    assert browser.post(f"/provider/homecare/visits/{third.pk}/tell/eat", once()).status_code == 404


def test_a_deviation_is_two_taps(morning: Visit, ali: Actor, client_of: CLIENTS) -> None:
    browser = client_of(ali)
    url = f"/provider/homecare/visits/{morning.pk}/deviation"
    assert 'value="fall"' in text(browser.get(url))
    assert browser.post(url, once(kind="fall")).status_code == 302
    assert VisitEvent.objects.get(visit=morning, kind="deviation").reason == "fall"


def test_petra_corrects_a_time_and_what_stood_first_is_still_read(
    morning: Visit, petra: Actor, ali: Actor, client_of: CLIENTS, now: datetime
) -> None:
    event = visits.check_in(morning, at=now, by=ali, now=now)
    browser = client_of(petra)
    url = f"/provider/homecare/events/{event.pk}/correct"
    assert browser.post(url, once(at="", reason="Fel")).status_code == 422
    assert browser.post(url, once(never="on", reason="Tryckte fel.")).status_code == 302
    morning.refresh_from_db()
    assert morning.state == "planned"
    page = text(browser.get(f"/provider/homecare/visits/{morning.pk}"))
    assert "Skrevs av misstag. Tryckte fel." in page
    assert "Kom." in page


def test_an_extra_visit_is_made_on_a_page(
    morning: Visit, astrid: Person, ali: Actor, client_of: CLIENTS
) -> None:
    said = {"person": str(astrid.pk), "day": "2026-03-02", "at": "13:00", "minutes": "15", "reason": "need"}
    key = once(**said)
    for _ in range(2):
        assert client_of(ali).post("/provider/homecare/extra", key).status_code == 302
    assert Visit.objects.filter(kind="extra").count() == 1


def test_visits_come_from_the_plan(confirmed: Order, petra: Actor, client_of: CLIENTS, now: datetime) -> None:
    task = Task("Dusch", times=("morning",), weekdays=(1, 4), minutes=45)
    plan = Plan("Trygg.", "Astrid var med.", date(2026, 9, 1), tasks=(task,))
    actions.agree_plan(confirmed, plan, by=petra, now=now)
    browser = client_of(petra)
    url = f"/provider/orders/{confirmed.pk}/visits"
    assert "Dusch, må, to 07:30, 45 minuter" in text(browser.get(url))
    form = browser.get(f"{url}/new?draft=0").context["form"]
    said = {name: form.initial[name] for name in ("title", "minutes", "weekdays", "task_ids")}
    more = {"at": "07:45", "every_weeks": "1", "window": "30", "carers_needed": "1", "first_on": "2026-03-09"}
    assert browser.post(f"{url}/new", once(**said, **more)).status_code == 302
    made = VisitSeries.objects.get()
    assert Visit.objects.filter(series=made).count() == 5
    change = {"title": "Dusch", "minutes": "30", "weekdays": [1], "first_on": "2026-03-16"} | {
        name: value for name, value in more.items() if name != "first_on"
    }
    assert browser.post(f"/provider/homecare/series/{made.pk}", once(**change)).status_code == 302
    new = VisitSeries.objects.exclude(pk=made.pk).get()
    assert browser.post(f"/provider/homecare/series/{new.pk}/end", once()).status_code == 302
    assert set(Visit.objects.filter(state="planned").values_list("on", flat=True)) == {
        date(2026, 3, 9), date(2026, 3, 12),
    }  # fmt: skip


def test_measures_and_reports_are_the_managers(
    morning: Visit, petra: Actor, ali: Actor, client_of: CLIENTS
) -> None:
    page = text(client_of(petra).get("/provider/homecare/measures?month=2026-03-01"))
    assert "Definition 2026:1" in page
    assert "Beviljat" in page
    assert client_of(ali).get("/provider/homecare/measures").status_code == 404
    sent = client_of(petra).post(
        f"/provider/homecare/orders/{morning.order_id}/report", once(month="2026-03-01"), follow=True
    )
    assert "när den är slut" in text(sent)


@pytest.mark.parametrize("stranger", ["erik", "karin", "sara", "ola"])
def test_nobody_outside_the_unit_sees_its_day(
    morning: Visit, stranger: str, client_of: CLIENTS, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(stranger))
    for url in (
        BOARD,
        "/provider/homecare/day",
        "/provider/homecare/roster",
        f"/provider/homecare/visits/{morning.pk}",
    ):
        answer = browser.get(url)
        assert answer.status_code == 404 or "Astrid" not in text(answer)
    assert browser.post(f"/provider/homecare/visits/{morning.pk}/tell/came", once()).status_code == 404


def test_a_protected_persons_name_is_on_no_list(
    morning: Visit, astrid: Person, karin: Actor, petra: Actor, client_of: CLIENTS, now: datetime
) -> None:
    people.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    for url in (BOARD, "/provider/homecare/extra", f"/provider/homecare/visits/{morning.pk}"):
        page = text(client_of(petra).get(url))
        assert "Astrid" not in page
    assert "Skyddade personuppgifter" in text(client_of(petra).get(BOARD))


def test_a_day_costs_the_same_however_many_visits(
    morning: Visit, astrid: Person, petra: Actor, ali: Actor, visit_at: Callable[..., Visit],
    shift_of: Callable[..., Shift], client_of: CLIENTS, statements: Any, now: datetime,
) -> None:  # fmt: skip
    shift_of(ali)
    browser, counts = client_of(petra), []
    for _ in range(2):
        browser.get(BOARD)
        with statements() as sent:
            browser.get(BOARD)
        counts.append(len(sent))
        for hour in range(1, 6):
            visit_at(astrid, now + timedelta(hours=hour), 30, ali)
    assert counts[0] == counts[1]
