"""Applying by e-service, as Anna, Astrid and Bertil meet it."""

import hashlib
import re
from datetime import date

import pytest
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.models import Application, ApplicationDraft, Case
from livlina.authority.cases.tests.fixtures import ANSWERS
from livlina.core.access import Actor
from livlina.core.models import AuditEvent, User
from livlina.registers.people.actions import end_mandate, give_mandate
from livlina.registers.people.models import Mandate
from livlina.registers.people.tests.fixtures import register

pytestmark = pytest.mark.django_db


def key(response):
    """The hidden key of the page's form."""
    return re.search(r'name="submission_key" value="([^"]+)"', response.content.decode())[1]


def text_of(response):
    """What stands on the page, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def at_nine(monkeypatch, now):
    """The server's clock stands at nine in the morning of the second of March."""
    from livlina.core import clock

    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: clock.day_of(now))


@pytest.fixture
def anna_browser(client_of, anna_online, karin, at_nine):
    """Anna at her kitchen table; somebody at the unit takes applications in."""
    return client_of(anna_online)


def begin(browser, code="home_care", person=None):
    """Begin an application; return its draft."""
    address = reverse("cases_citizen:begin", args=[code])
    shown = browser.get(address)
    sent = {"submission_key": key(shown), "person": str(person.pk) if person else "self"}
    answered = browser.post(address, sent)
    assert answered.status_code == 302
    return ApplicationDraft.objects.order_by("-begun_at", "-id").first()


def pages_of(draft):
    """Each page's number with the facts it asks for."""
    from livlina.authority.cases.views.citizen.answers import Begun

    begun = Begun.of(draft)
    return {
        number: [item.fact.name for item in begun.page(number).fields if item.fact.name != "applying_for"]
        for number in begun.numbers
    }


def fill(browser, draft, answers=ANSWERS):
    """Answer every page."""
    for number, names in pages_of(draft).items():
        sent = {name: answers[name] for name in names if name in answers}
        answered = browser.post(reverse("cases_citizen:page", args=[draft.pk, number]), sent)
        assert answered.status_code == 302, text_of(answered)


def send(browser, draft):
    """Declare and send; return the answer and what was posted."""
    address = reverse("cases_citizen:check", args=[draft.pk])
    posted = {"submission_key": key(browser.get(address)), "declared": "on"}
    return browser.post(address, posted), posted


def test_anna_applies_for_her_mother_and_gets_a_receipt_with_number_and_day(anna_browser, anna, astrid):
    draft = begin(anna_browser, person=astrid)
    fill(anna_browser, draft)
    answered, _ = send(anna_browser, draft)
    receipt = anna_browser.get(answered["Location"])
    case = Case.objects.get()
    assert case.person == astrid
    assert case.number in text_of(receipt)
    assert "Ärendet gäller Astrid Lindqvist" in text_of(receipt)
    assert "Du får beslut senast 2 juni 2026" in text_of(receipt)
    assert "Mamma klarar att duscha" in text_of(receipt)


def test_every_page_says_for_whom_anna_applies(anna_browser, anna, astrid):
    draft = begin(anna_browser, person=astrid)
    addresses = [reverse("cases_citizen:page", args=[draft.pk, number]) for number in pages_of(draft)]
    addresses += [reverse(f"cases_citizen:{name}", args=[draft.pk]) for name in ("draft", "check")]
    for address in addresses:
        assert "Du ansöker för Astrid Lindqvist" in text_of(anna_browser.get(address)), address


def test_who_acts_for_nobody_is_not_asked_for_whom(client_of, astrid_online, karin, at_nine):
    shown = client_of(astrid_online).get(reverse("cases_citizen:begin", args=["home_care"]))
    assert "Vem gäller ansökan?" not in text_of(shown)


def test_a_double_click_sends_one_application(anna_browser, anna, astrid):
    draft = begin(anna_browser, person=astrid)
    fill(anna_browser, draft)
    first, posted = send(anna_browser, draft)
    again = anna_browser.post(reverse("cases_citizen:check", args=[draft.pk]), posted)
    assert again["Location"] == first["Location"]
    assert Application.objects.count() == Case.objects.count() == 1


def test_sent_from_two_tabs_it_is_still_one(anna_browser, anna, astrid):
    draft = begin(anna_browser, person=astrid)
    fill(anna_browser, draft)
    send(anna_browser, draft)
    other = anna_browser.post(reverse("cases_citizen:check", args=[draft.pk]), {"declared": "on"})
    assert other["Location"] == reverse("cases_citizen:receipt", args=[draft.pk])
    assert Application.objects.count() == 1


def test_what_is_half_right_is_kept_and_the_fault_is_said_in_words(anna_browser, anna):
    draft = begin(anna_browser)
    number = next(number for number, names in pages_of(draft).items() if "wanted_from" in names)
    address = reverse("cases_citizen:page", args=[draft.pk, number])
    refused = anna_browser.post(address, {"times_of_day": ["morning"], "wanted_from": "så snart som möjligt"})
    assert refused.status_code == 422
    assert "Skriv datumet så här: 2026-11-25" in text_of(refused)
    assert "Det du skrev är sparat." in text_of(refused)
    again = anna_browser.get(address).content.decode()
    assert "så snart som möjligt" in again
    assert re.search(r'value="morning"[^>]*checked', again)


def test_a_day_may_be_written_as_people_write_it(anna_browser, anna):
    draft = begin(anna_browser)
    number = next(number for number, names in pages_of(draft).items() if "wanted_from" in names)
    address = reverse("cases_citizen:page", args=[draft.pk, number])
    anna_browser.post(address, {"times_of_day": ["morning"], "wanted_from": "16/3"})
    draft.refresh_from_db()
    assert draft.answers["wanted_from"] == "2026-03-16"
    assert "måndag 16 mars 2026" in text_of(anna_browser.get(address))


def test_save_and_go_on_later_keeps_even_an_empty_page_and_finds_it_again(anna_browser, anna, astrid):
    draft = begin(anna_browser, person=astrid)
    number = next(number for number, names in pages_of(draft).items() if "help_in_own_words" in names)
    address = reverse("cases_citizen:page", args=[draft.pk, number])
    answered = anna_browser.post(address, {"help_in_own_words": "Mamma orkar inte", "later": "yes"})
    assert answered["Location"] == reverse("cases_citizen:apply")
    shown = text_of(anna_browser.get(answered["Location"]))
    assert "Ansök om hemtjänst , för Astrid Lindqvist" in shown.replace("hemtjänst,", "hemtjänst ,")
    assert "1 av 13 delar är klara" in shown


def test_the_reason_is_asked_for_only_when_it_is_urgent(anna_browser, anna):
    draft = begin(anna_browser)
    address = reverse("cases_citizen:page", args=[draft.pk, 2])
    assert anna_browser.post(address, {"urgent": "no", "urgent_reason": ""}).status_code == 302
    refused = anna_browser.post(address, {"urgent": "yes", "urgent_reason": ""})
    assert refused.status_code == 422
    assert "Skriv ett svar." in text_of(refused)


def test_it_cannot_be_sent_with_questions_unanswered_and_says_which(anna_browser, anna):
    draft = begin(anna_browser)
    answered, _ = send(anna_browser, draft)
    assert answered.status_code == 422
    assert "Är det bråttom? Svara på frågan." in text_of(answered)
    assert not Application.objects.exists()
    assert ApplicationDraft.objects.filter(pk=draft.pk).exists()


def test_it_cannot_be_sent_undeclared(anna_browser, anna):
    draft = begin(anna_browser)
    fill(anna_browser, draft)
    address = reverse("cases_citizen:check", args=[draft.pk])
    answered = anna_browser.post(address, {"submission_key": key(anna_browser.get(address))})
    assert answered.status_code == 422
    assert "Kryssa för att uppgifterna stämmer" in text_of(answered)


def test_a_fault_on_the_check_page_leads_to_its_page_which_says_it_again(anna_browser, anna):
    draft = begin(anna_browser)
    address = reverse("cases_citizen:page", args=[draft.pk, 2]) + "?check"
    shown = anna_browser.get(address)
    assert "Välj ja eller nej." in text_of(shown)
    answered = anna_browser.post(address, {"urgent": "no"})
    assert answered["Location"] == reverse("cases_citizen:check", args=[draft.pk])


def test_what_anna_said_last_time_is_there_with_source_and_day(anna_browser, application, astrid):
    draft = begin(anna_browser, "social_alarm", person=astrid)
    number = next(number for number, names in pages_of(draft).items() if "living_with" in names)
    shown = anna_browser.get(reverse("cases_citizen:page", args=[draft.pk, number]))
    source = f"Uppgift från ansökan {application.receipt_number}, 2026-03-02"
    assert source in text_of(shown)
    assert re.search(r'value="alone"[^>]*checked', shown.content.decode())


def test_urgency_and_consent_are_asked_anew_every_time(anna_browser, application, astrid):
    draft = begin(anna_browser, "social_alarm", person=astrid)
    for number, names in pages_of(draft).items():
        if {"urgent", "consent_to_obtain"} & set(names):
            shown = anna_browser.get(reverse("cases_citizen:page", args=[draft.pk, number]))
            assert not re.search(r'name="(urgent|consent_to_obtain)"[^>]* checked', shown.content.decode())


def test_name_and_address_are_shown_from_the_population_register_with_its_day(anna_browser, anna, now):
    anna.followed_at = now
    anna.save()
    draft = begin(anna_browser)
    shown = text_of(anna_browser.get(reverse("cases_citizen:check", args=[draft.pk])))
    assert "Skolgatan 4" in shown
    assert "Uppgift från folkbokföringen 2026-03-02" in shown


def test_the_receipts_sum_is_that_of_what_can_be_downloaded(anna_browser, anna, application):
    copy = anna_browser.get(reverse("cases_citizen:sent_copy", args=[application.pk]))
    receipt = anna_browser.get(reverse("cases_citizen:receipt", args=[application.pk]))
    assert hashlib.sha256(copy.content).hexdigest() in receipt.content.decode()


def test_the_address_of_a_sent_application_leads_to_its_receipt(anna_browser, application):
    answered = anna_browser.get(reverse("cases_citizen:draft", args=[application.pk]))
    assert answered["Location"] == reverse("cases_citizen:receipt", args=[application.pk])


def test_an_application_is_removed_after_a_question_and_nothing_is_left(anna_browser, anna):
    draft = begin(anna_browser)
    address = reverse("cases_citizen:remove", args=[draft.pk])
    assert "går inte att få tillbaka" in text_of(anna_browser.get(address))
    anna_browser.post(address, {"submission_key": key(anna_browser.get(address))})
    assert not ApplicationDraft.objects.exists()


@pytest.fixture
def bertil_online(asvalla, bertil):
    """Bertil, who has nothing to do with Astrid, signed in."""
    user = User.objects.create_user("bertil@test.livlina.example", bertil.name, kind="citizen")
    return Actor(
        "citizen", asvalla.pk, "citizen", bertil.name, user_id=user.pk, person_id=bertil.pk, compartments=(1,)
    )


def everything_about(draft_id):
    """The addresses of a draft."""
    names = ("draft", "check", "remove", "receipt", "sent_copy")
    return [reverse(f"cases_citizen:{name}", args=[draft_id]) for name in names] + [
        reverse("cases_citizen:page", args=[draft_id, 3])
    ]


def test_a_stranger_sees_nothing_of_a_begun_application(anna_browser, anna, astrid, client_of, bertil_online):
    draft = begin(anna_browser, person=astrid)
    for address in everything_about(draft.pk):
        assert client_of(bertil_online).get(address).status_code == 404, address


def test_a_stranger_sees_nothing_of_a_sent_application(application, client_of, bertil_online, at_nine):
    for address in everything_about(application.pk):
        assert client_of(bertil_online).get(address).status_code == 404, address


def test_bertil_cannot_apply_for_astrid(client_of, bertil_online, astrid, karin, at_nine):
    browser = client_of(bertil_online)
    browser.post(reverse("cases_citizen:begin", args=["home_care"]), {"person": str(astrid.pk)})
    assert ApplicationDraft.objects.get().person_id == bertil_online.person_id


def end_annas_mandate(registrar, now):
    mandate = Mandate.objects.get()
    end_mandate(mandate, reason="Fullmakten är återkallad", by=registrar, now=now)


def test_when_the_mandate_has_ended_the_begun_application_is_gone(anna_browser, anna, astrid, registrar, now):
    draft = begin(anna_browser, person=astrid)
    end_annas_mandate(registrar, now)
    for address in everything_about(draft.pk):
        assert anna_browser.get(address).status_code == 404, address
    assert "Astrid" not in text_of(anna_browser.get(reverse("cases_citizen:apply")))


def test_when_the_mandate_has_ended_the_receipt_is_gone_too(anna_browser, application, registrar, now):
    end_annas_mandate(registrar, now)
    for address in everything_about(application.pk):
        assert anna_browser.get(address).status_code == 404, address


def test_a_mandate_for_money_is_none_for_applying(anna_browser, anna, bertil, registrar, now):
    give_mandate(
        bertil, anna, Mandate.Kind.TRUSTEE, scope=Mandate.Scope.ECONOMY, proof="Förordnande",
        valid_from=now.date(), by=registrar, now=now,
    )  # fmt: skip
    shown = anna_browser.get(reverse("cases_citizen:begin", args=["home_care"]))
    assert "Astrid" in text_of(shown)
    assert "Bertil" not in text_of(shown)


def test_a_protected_person_meets_the_same_page_as_anyone_whom_it_fails(
    anna_browser, client_of, bertil_online, bertil, anna, registrar, now
):
    bertil.protection = "secrecy_marked"
    bertil.save()
    hidden = client_of(bertil_online).get(reverse("cases_citizen:apply"))
    failed = failing_page(anna_browser)
    assert hidden.status_code == failed.status_code == 503
    assert text_of(hidden).replace("Bertil Nordin", "") == text_of(failed).replace("Anna Lindqvist Berg", "")


def failing_page(browser):
    """What Anna sees when the municipality has no unit that takes applications."""
    from livlina.core.models import Assignment

    draft = begin(browser)
    fill(browser, draft)
    Assignment.objects.filter(role="case_worker").update(valid_to="2024-12-31")
    answered, _ = send(browser, draft)
    return answered


def test_reading_what_was_sent_is_recorded(anna_browser, application):
    anna_browser.get(reverse("cases_citizen:receipt", args=[application.pk]))
    read = AuditEvent.objects.filter(verb="cases.applied", outcome="read", person_id=application.person_id)
    assert read.exists()


def test_a_service_that_does_not_exist_is_not_found(anna_browser, anna):
    assert anna_browser.get(reverse("cases_citizen:begin", args=["moon_travel"])).status_code == 404


def test_an_application_that_is_thrown_away_in_another_tab_is_not_found(anna_browser, anna, anna_online, now):
    draft = begin(anna_browser)
    actions.discard_application(draft, by=anna_online, now=now)
    assert (
        anna_browser.post(reverse("cases_citizen:page", args=[draft.pk, 2]), {"urgent": "no"}).status_code
        == 404
    )


def test_a_guardian_applies_for_a_child_and_it_is_said_on_every_page(
    anna_browser, anna, astrid, registrar, now
):
    child = register(registrar, now, "Elsa Maria", "Berg", date(2015, 6, 1), serial=4)
    give_mandate(
        child, anna, Mandate.Kind.GUARDIAN, scope=Mandate.Scope.EVERYTHING, proof="Folkbokföringen",
        valid_from=date(2015, 6, 1), by=registrar, now=now,
    )  # fmt: skip
    draft = begin(anna_browser, "short_term_housing", person=child)
    shown = text_of(anna_browser.get(reverse("cases_citizen:page", args=[draft.pk, 2])))
    assert "Du ansöker för Elsa Berg (du är vårdnadshavare)" in shown
    assert "När det står ”du” i frågorna menar vi Elsa Berg." in shown
    assert "Astrid" not in shown
