"""The officer's pages, as Sven, Helena and Rut meet them; and who meets nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from livlina.authority.aid import actions
from livlina.authority.aid.models import (
    AidAmount,
    AidWarning,
    Calculation,
    HouseholdMember,
    MonthApplication,
    Payment,
    Recovery,
)
from livlina.authority.aid.ssbtek.fake import Fake
from livlina.authority.aid.tests.fixtures import answer
from livlina.authority.cases.models import Decision


def text(response):
    return " ".join(response.content.decode().split())


ROWS = {
    "cost-TOTAL_FORMS": "2", "cost-INITIAL_FORMS": "0", "income-TOTAL_FORMS": "1", "income-INITIAL_FORMS": "0",
    "cost-0-kind": "housing", "cost-0-applied": "6 500", "cost-0-approved": "6000", "cost-0-reason": "Riktlinjen.",
    "cost-1-kind": "electricity", "cost-1-applied": "300,50",
    "income-0-kind": "wage", "income-0-applied": "2000",
}  # fmt: skip


@pytest.fixture
def svens(client_of, sven, now, monkeypatch):
    """Sven's browser, in the test's own March."""
    monkeypatch.setattr("livlina.core.clock.now", lambda: now)
    return client_of(sven)


def test_the_month_shows_household_money_and_what_nobody_has_asked_yet(svens, march):
    page = text(svens.get(reverse("aid:month", args=[march.pk])))
    for words in ("Mira Stål", "Mars 2026", "Nyansökan", "Uppgifter är inte hämtade", "sökande", 'value="6500"',
                  "0 av 6 månader i följd mot jobbstimulans", "Inget konto är inskrivet"):  # fmt: skip
        assert words in page
    assert svens.get(reverse("aid:case", args=[march.case_id]))["Location"] == reverse(
        "aid:month", args=[march.pk]
    )


def test_the_case_opens_while_its_payment_waits_for_another(svens, payment):
    page = text(svens.get(reverse("cases:case", args=[payment.case_id])))
    assert "Månadens ansökan" in page
    assert "Vad saknas för nästa steg?" in page


def test_no_answer_and_no_data_are_two_different_words(svens, march, sven, now):
    actions.ask_sources(march, by=sven, now=now, port=Fake(behaves={"SO": "timeout", "CSN": "error"}))
    page = text(svens.get(reverse("aid:month", args=[march.pk])))
    assert "Har svarat: inga uppgifter finns" in page
    assert "Har inte svarat i tid" in page
    assert "Kunde inte svara (fel hos källan)" in page
    warning = AidWarning.objects.first()
    svens.post(reverse("aid:warning", args=[warning.pk]), {"reason": "Visat beslut från a-kassan."})
    warning.refresh_from_db()
    assert warning.state == "acknowledged"


def test_sven_counts_approves_and_decides_on_one_page(svens, collected):
    here = reverse("aid:month", args=[collected.pk])
    done = svens.post(reverse("aid:calculate", args=[collected.pk]), ROWS, follow=True)
    assert "Månaden är beräknad: 9 520,50 kronor." in text(done).replace("\u00a0", " ")
    svens.post(reverse("aid:act", args=[collected.pk, "approve"]))
    assert Calculation.objects.get().approved_at
    refused = text(svens.post(reverse("aid:decide", args=[collected.pk]), {"reasons": ""}, follow=True))
    assert "behöver en motivering" in refused
    from livlina.authority.cases.actions import waive_communication

    waive_communication(collected.case, reason="Egna uppgifter från Mira.", by=svens.actor, now=collected.at)
    svens.post(reverse("aid:decide", args=[collected.pk]), {"reasons": "Hyran är högre än riktlinjen."})
    decision = Decision.objects.get()
    assert [(line.granted, str(line.quantity)) for line in decision.lines.order_by("position")] == [
        (True, "9520.50"),
        (False, "500.00"),
    ]
    assert "Delavslag" in text(svens.get(here))


def test_a_row_that_is_wrong_keeps_what_was_typed(svens, collected):
    wrong = ROWS | {"cost-0-approved": "7000", "cost-1-applied": "tre"}
    page = svens.post(reverse("aid:calculate", args=[collected.pk]), wrong)
    assert page.status_code == 422
    assert "Mer är godkänt än vad som är uppgivet" in text(page)
    assert 'value="tre"' in text(page)
    less = ROWS | {"cost-0-reason": ""}
    assert "Skriv varför hela beloppet inte är med" in text(
        svens.post(reverse("aid:calculate", args=[collected.pk]), less)
    )


def test_a_missing_part_of_the_norm_is_said_on_the_page(svens, collected, anna, sven, now):
    actions.add_member(
        collected.case.households.get(), anna, "co_applicant", since=collected.month, by=sven, now=now
    )
    page = svens.post(reverse("aid:calculate", args=[collected.pk]), ROWS)
    assert page.status_code == 422
    assert "Riksnormen för 2026 saknar beloppet för sammanboende" in text(page)


def test_the_payment_goes_from_sven_to_helena_to_the_bank_and_back(
    client_of, sven, helena, rut, granted_march, march
):
    mine, hers, ruts = client_of(sven), client_of(helena), client_of(rut)
    account = {"payee": "Mira Stål", "kind": "bank_account", "number": "8327-9 123"}
    mine.post(reverse("aid:account", args=[march.pk]), account)
    row = granted_march.case.accounts.get()
    pay = {"account": str(row.pk), "amount": "10 020"}
    key = "0196f0a0-0000-7000-8000-000000000009"
    for _ in range(2):
        mine.post(reverse("aid:pay", args=[march.pk]), pay | {"submission_key": key})
    payment = Payment.objects.get()
    listed = text(hers.get(reverse("aid:payments")))
    assert "Nytt konto" in listed
    assert "Bekräfta kontot först" in listed
    ruts.post(reverse("aid:confirm_account", args=[march.pk, row.pk]))
    own = text(mine.post(reverse("aid:payment_act", args=[payment.pk, "approve"]), follow=True))
    assert "Du har själv gjort betalningen" in own
    hers.post(reverse("aid:payment_act", args=[payment.pk, "approve"]))
    made = hers.post(reverse("aid:make_file"))
    file = Payment.objects.get().file
    assert made["Location"] == reverse("aid:file", args=[file.pk])
    sent = hers.post(reverse("aid:download", args=[file.pk]))
    assert b'<InstdAmt Ccy="SEK">10020.00</InstdAmt>' in sent.content
    assert "Inget svar än" in text(hers.get(made["Location"]))
    upload = SimpleUploadedFile("svar.xml", answer(payment, "ACSC"))
    assert "Svaret är inläst: 1 rad." in text(hers.post(made["Location"], {"file": upload}, follow=True))
    assert "10\u00a0020 kr" in hers.get(made["Location"]).content.decode()
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_a_refused_payment_is_mended_on_its_page(client_of, sven, helena, approved, now):
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(approved, "RJCT", reason="AC04"), by=helena, now=now)
    mine = client_of(sven)
    address = reverse("aid:payment", args=[approved.pk])
    assert "Kontot är avslutat" in text(mine.get(address))
    mine.post(reverse("aid:payment_act", args=[approved.pk, "again"]), {"account": str(approved.account_id)})
    assert Payment.objects.get(replaces=approved).state == "created"


def test_a_broken_file_is_told_and_nothing_happens(client_of, helena, approved, now):
    file = actions.make_file(by=helena, now=now)
    upload = SimpleUploadedFile("svar.xml", b"<html>")
    page = client_of(helena).post(reverse("aid:file", args=[file.pk]), {"file": upload}, follow=True)
    assert "Filen är inte en hel xml-fil" in text(page)


def test_a_child_is_added_by_number_and_ended(svens, march, bertil):
    address = reverse("aid:household", args=[march.pk])
    number = bertil.numbers.get().value.value
    svens.post(address, {"number": number, "part": "co_applicant", "since": "2026-03-01"})
    member = HouseholdMember.objects.get(person=bertil)
    assert "Bertil Nordin" in text(svens.get(address))
    svens.post(
        reverse("aid:change_household", args=[march.pk]), {"member": str(member.pk), "last_day": "2026-03-20"}
    )
    member.refresh_from_db()
    assert str(member.until) == "2026-03-20"
    svens.post(reverse("aid:change_household", args=[march.pk]), {"persons": "4"})
    assert march.case.households.get().persons == 4


def test_sven_finds_what_waits_and_takes_down_april(svens, client_of, karin, granted_march, march):
    assert "Inga månader väntar" in text(svens.get(reverse("aid:list")))
    address = reverse("aid:person", args=[march.case.person_id])
    assert "April 2026" in text(svens.get(address))
    svens.post(reverse("aid:add_month", args=[march.case_id]), {"month": "2026-04-01", "how": "phone"})
    april = MonthApplication.objects.get(month="2026-04-01")
    assert (april.received_how, april.rows.count()) == ("phone", 3)
    assert "April 2026" in text(svens.get(reverse("aid:list")))
    svens.post(reverse("aid:add_month", args=[march.case_id]), {"month": "2026-03-01"})
    assert MonthApplication.objects.count() == 2
    assert client_of(karin).get(reverse("aid:list")).status_code in (403, 404)


def test_a_recovery_begins_from_the_month(svens, granted_march, march):
    svens.post(reverse("aid:begin_recovery", args=[march.pk]), {"amount": "4 000"})
    recovery = Recovery.objects.get()
    assert recovery.suspected == 4000
    assert "Inte beslutat" in text(svens.get(reverse("aid:recovery", args=[recovery.pk])))


def test_rut_and_the_administrator_enter_amounts_and_confirm_each_others(client_of, rut, ola, sven):
    data = {"key": "norm.adult.couple", "kronor": "7110", "valid_from": "2026-01-01", "source": "Förordning"}
    administrator = client_of(ola)
    administrator.post(reverse("aid_operations:amounts"), data)
    row = AidAmount.objects.get()
    assert "Någon annan än du" in text(administrator.get(reverse("aid_operations:amounts")))
    client_of(rut).post(reverse("aid:amounts"), {"confirm": str(row.pk)})
    row.refresh_from_db()
    assert row.confirmed_by_name == rut.name
    assert client_of(sven).get(reverse("aid:amounts")).status_code == 404


@pytest.mark.parametrize("stranger", ["karin", "fatima", "maria", "mona", "gunnar", "sofia", "petra", "sara"])
def test_nobody_outside_the_branch_meets_any_of_it(
    request, client_of, stranger, approved, march, helena, now
):
    file = actions.make_file(by=helena, now=now)
    browser = client_of(request.getfixturevalue(stranger))
    for address in (
        reverse("aid:month", args=[march.pk]), reverse("aid:case", args=[march.case_id]), reverse("aid:payments"),
        reverse("aid:payment", args=[approved.pk]), reverse("aid:file", args=[file.pk]),
        reverse("aid:household", args=[march.pk]),
    ):  # fmt: skip
        page = browser.get(address)
        assert page.status_code in (403, 404), (stranger, address)
        assert "Mira" not in page.content.decode()
