"""The pages of home nursing: each sees what is theirs, and what looks wrong is said in words before it is done."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent
from livlina.provider.homecare import jobs_nursing
from livlina.provider.homecare.actions import delegation, doses, nursing
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature, NarcoticCount, NursingTask
from livlina.registers.people.models import Person

P = "/provider"


@pytest.fixture(autouse=True)
def _monday_morning(at: Callable[[datetime], None]) -> None:
    """The clock of the pages: nine o'clock on the tests' Monday."""


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_the_pages_open_for_those_they_are_for_and_nobody_else(
    evening: Dose, astrid_nursed: Person, lena: Actor, ali: Actor, ali_in_care: Actor, petra: Actor, erik: Actor,
    karin: Actor, client_of, give: Callable[..., Delegation],
) -> None:  # fmt: skip
    given = give(ali_in_care)
    person = f"{P}/people/{astrid_nursed.pk}/nursing"
    for_signers = [
        f"{P}/nursing/today",
        person,
        f"{P}/nursing/tasks/{evening.task_id}",
        f"{P}/nursing/doses/{evening.pk}",
    ]
    for_nurses = [f"{P}/nursing", f"{person}/order", f"{P}/nursing/delegations/give"]
    for_all = [f"{P}/nursing/delegations"]
    sees = {
        lena: for_signers + for_nurses + for_all,
        ali_in_care: for_signers + for_all,
        ali: for_all,
        petra: for_all,
        erik: for_all,
        karin: [],
    }
    for actor, open_to in sees.items():
        browser = client_of(actor)
        for url in for_signers + for_nurses + for_all:
            assert (browser.get(url).status_code == 200) == (url in open_to), (actor.name, url)
    own = f"{P}/nursing/delegations/{given.pk}"
    told = {
        actor.name: client_of(actor).get(own).status_code for actor in (lena, petra, ali_in_care, ali, erik)
    }
    assert list(told.values()) == [200, 200, 200, 404, 404]


def test_a_carer_reaches_a_person_only_with_a_delegation_that_holds(
    evening: Dose, astrid_nursed: Person, ali_in_care: Actor, lena: Actor, client_of, give: Callable[..., Delegation],
    now: datetime,
) -> None:  # fmt: skip
    browser, url = client_of(ali_in_care), f"{P}/people/{astrid_nursed.pk}/nursing"
    assert browser.get(url).status_code == 404
    given = give(ali_in_care)
    assert "Läkemedel ur dosett" in text_of(browser.get(url))
    delegation.revoke_delegation(given, "Slutar.", by=lena, now=now)
    assert browser.get(url).status_code == 404
    assert "Läkemedel ur dosett" not in text_of(browser.get(f"{P}/nursing/today"))


def test_every_reading_of_a_person_is_recorded(
    evening: Dose, astrid_nursed: Person, lena: Actor, client_of
) -> None:
    client_of(lena).get(f"{P}/people/{astrid_nursed.pk}/nursing")
    client_of(lena).get(f"{P}/nursing/today")
    rows = AuditEvent.objects.filter(verb="nursing.read", user_id=lena.user_id, outcome="read")
    assert rows.filter(person_id=astrid_nursed.pk).count() == 1
    assert rows.filter(detail__persons=[str(astrid_nursed.pk)]).count() == 1


def test_the_pages_cost_the_same_whatever_number_of_doses_and_patients(
    astrids_dosette: NursingTask, astrid_nursed: Person, bertil_nursed: Person, lena: Actor, client_of, statements,
    now: datetime,
) -> None:  # fmt: skip
    browser = client_of(lena)
    urls = [f"{P}/nursing", f"{P}/nursing/today", f"{P}/people/{astrid_nursed.pk}/nursing?show=month"]

    def cost() -> list[int]:
        counted = []
        for url in urls:
            with statements() as sent:
                browser.get(url)
            counted.append(len(sent))
        return counted

    one = Dose.objects.earliest("due_at")
    doses.sign(one.pk, task_id=one.task_id, given=True, at=one.due_at, by=lena, now=one.due_at)
    cost()
    first = cost()
    for person in (astrid_nursed, bertil_nursed):
        for hour in (10, 12, 14):
            said = nursing.Ordering(
                "eye_drops", f"Droppar {hour}", date(2026, 3, 2), times=[time(hour), time(20)]
            )
            nursing.order_task(person.pk, said, by=lena, now=now)
    for dose in Dose.objects.filter(state="due", due_at__lt=now + timedelta(hours=12)):
        doses.sign(dose.pk, task_id=dose.task_id, given=True, at=dose.due_at, by=lena, now=dose.due_at)
    assert cost() == first


@pytest.fixture
def _evening_has_come(at: Callable[[datetime], None], evening: Dose) -> None:
    at(evening.due_at)


@pytest.mark.usefixtures("_evening_has_come")
def test_a_dose_is_signed_by_hand_and_a_second_time_only_after_a_warning(
    evening: Dose, lena: Actor, client_of
) -> None:
    browser, url = client_of(lena), f"{P}/nursing/doses/{evening.pk}"
    form = {"outcome": "given", "day": "2026-03-02", "time": "20:00", "amount": "1 fack"}
    key = str(uuid7())
    assert browser.post(url, form | {"submission_key": key}).status_code == 302
    assert browser.post(url, form | {"submission_key": key}).status_code == 302
    assert DoseSignature.objects.count() == 1  # a double click
    assert "Ge den inte igen" in text_of(browser.get(url))
    refused = browser.post(url, form | {"submission_key": str(uuid7())})
    assert refused.status_code == 422
    assert "verkligen" in text_of(refused)
    twice = browser.post(url, form | {"again": "on", "submission_key": str(uuid7())}, follow=True)
    assert "given två gånger" in text_of(twice)
    assert "Båda signeringarna är sparade" in text_of(browser.get(url))


@pytest.mark.usefixtures("_evening_has_come")
def test_what_was_not_given_asks_why_and_keeps_what_was_written(
    evening: Dose, lena: Actor, client_of
) -> None:
    form = {"outcome": "not_given", "day": "2026-03-02", "time": "20.05", "amount": "en halv"}
    answer = client_of(lena).post(f"{P}/nursing/doses/{evening.pk}", form)
    assert answer.status_code == 422
    assert "Skriv varför dosen inte gavs." in text_of(answer)
    assert "en halv" in text_of(answer)


def test_the_list_shows_initials_a_missed_dose_and_what_needs_words(
    astrids_dosette: NursingTask,
    astrid_nursed: Person,
    lena: Actor,
    client_of,
    at: Callable[[datetime], None],
) -> None:
    first, second, _ = Dose.objects.order_by("due_at")[:3]
    heard = first.due_at + timedelta(hours=2)
    wrong = doses.sign(first.pk, task_id=first.task_id, given=True, at=first.due_at, by=lena, now=heard)
    doses.correct(wrong, given=False, at=first.due_at, reason="Hon sov.", by=lena, now=heard)
    jobs_nursing.warn_of_missed(lena.municipality_id, second.due_at + timedelta(hours=2))
    at(second.due_at + timedelta(hours=2))
    page = text_of(client_of(lena).get(f"{P}/people/{astrid_nursed.pk}/nursing"))
    for words in (
        "LF ej",
        "Lena Falk, Sjuksköterska",
        "Saknas",
        "Hon sov.",
        "Ska ges",
        "Kommer",
        "fick veta det",
    ):
        assert words in page, words
    assert "LF 20:00" not in page


def test_the_list_comes_as_pdf_for_a_week_and_a_month(
    evening: Dose, astrid_nursed: Person, lena: Actor, client_of
) -> None:
    for asked in ("", "?show=month"):
        answer = client_of(lena).get(f"{P}/people/{astrid_nursed.pk}/nursing.pdf{asked}")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_lena_orders_counts_and_ends(
    astrid_nursed: Person, lena: Actor, client_of, at: Callable[[datetime], None]
) -> None:
    browser, url = client_of(lena), f"{P}/people/{astrid_nursed.pk}/nursing/order"
    form = {
        "task": "medicine_dose", "what": "Oxikodon 5 mg", "amount": "1 tablett", "times": "8, 20:00", "window": "60",
        "narcotic": "on", "delegated": "on", "first_on": "2026-03-02",
    }  # fmt: skip
    refused = browser.post(url, form)
    assert (refused.status_code, "timmar och minuter" in text_of(refused)) == (422, True)
    assert browser.post(url, form | {"times": "8.00, 20:00"}).status_code == 302
    task = NursingTask.objects.get()
    page = f"{P}/nursing/tasks/{task.pk}"
    alone = {"count-kind": "delivered", "count-quantity": "30", "count-witness": ""}
    assert browser.post(f"{page}/count", alone).status_code == 422
    assert browser.post(f"{page}/count", alone | {"count-witness": "Ali Hassan"}).status_code == 302
    assert NarcoticCount.objects.get().left == 30
    assert "ska finnas kvar" in text_of(browser.get(page))
    assert browser.post(f"{page}/pause", {"pause-reason": ""}).status_code == 422
    assert browser.post(f"{page}/pause", {"pause-reason": "Inlagd på sjukhus."}).status_code == 302
    assert "Inlagd på sjukhus." in text_of(browser.get(page))
    assert browser.post(f"{page}/resume").status_code == 302
    assert browser.post(f"{page}/end", {"end-reason": ""}).status_code == 422
    assert browser.post(f"{page}/end", {"end-reason": "Utsatt av läkare."}).status_code == 302
    assert "Utsatt av läkare." in text_of(browser.get(page))


def test_lena_gives_renews_and_takes_back_a_delegation(
    ali: Actor, lena: Actor, petra: Actor, astrid_nursed: Person, evening: Dose, client_of,
    at: Callable[[datetime], None],
) -> None:  # fmt: skip
    browser, url = client_of(lena), f"{P}/nursing/delegations/give"
    form = {
        "carer": str(ali.assignment_id), "tasks": ["insulin", "eye_drops"], "person": str(astrid_nursed.pk),
        "valid_from": "2026-03-02", "valid_to": "2027-03-01", "tested": "Prov",
    }  # fmt: skip
    refused = browser.post(url, form | {"valid_to": "2028-01-01"})
    assert (refused.status_code, "högst ett år" in text_of(refused)) == (422, True)
    assert browser.post(url, form).status_code == 302
    assert Delegation.objects.count() == 2
    listed = text_of(browser.get(f"{P}/nursing/delegations?by=task"))
    assert "Astrid Lindqvist" in listed
    assert "kan inte signera" in listed  # his assignment does not open the nursing book
    managers = text_of(client_of(petra).get(f"{P}/nursing/delegations"))
    assert "En viss person" in managers
    assert "Astrid" not in managers
    one = Delegation.objects.earliest("pk")
    page = f"{P}/nursing/delegations/{one.pk}"
    assert (
        browser.post(f"{page}/renew", {"renew-valid_to": "2027-09-01", "renew-tested": "Prov"}).status_code
        == 302
    )
    assert browser.post(f"{page}/revoke", {"revoke-reason": ""}).status_code == 422
    assert browser.post(f"{page}/revoke", {"revoke-reason": "Slutar."}).status_code == 302
    assert "Slutar." in text_of(browser.get(page))
    assert client_of(petra).post(f"{page}/revoke", {"revoke-reason": "Nej."}).status_code == 404


def test_a_signature_is_corrected_on_a_page_that_says_what_it_was(
    astrids_dosette: NursingTask, lena: Actor, client_of, now: datetime
) -> None:
    first = Dose.objects.filter(task=astrids_dosette).earliest("due_at")
    signed = doses.sign(first.pk, task_id=astrids_dosette.pk, given=True, at=now, by=lena, now=now)
    page = text_of(client_of(lena).get(f"{P}/nursing/signatures/{signed.pk}/correct"))
    assert "Signerat som given 2026-03-02 09:00 av Lena" in page
