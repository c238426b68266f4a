"""Money on its way: two persons, one file, and the bank's answer row by row."""

from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.db import IntegrityError, transaction

from livlina.authority.aid import actions
from livlina.authority.aid.actions import AidRefused, BankAnswerWrong
from livlina.authority.aid.jobs import ask_about_silent_payments
from livlina.authority.aid.models import BankAnswer, Payment, PaymentFile
from livlina.authority.aid.tests.fixtures import answer
from livlina.authority.cases.actions import StepRefused, take_step
from livlina.authority.cases.models import Case
from livlina.core.access import Refused
from livlina.registers.watches.models import Watch


def state(payment):
    payment.refresh_from_db()
    return payment.state, Case.objects.get(pk=payment.case_id).state


def test_sven_decides_and_helena_approves_the_payment(approved, granted_march, helena):
    assert approved.state == "approved"
    assert approved.approved_by_name == helena.name
    assert granted_march.outcome == "granted"


def test_sven_cannot_approve_his_own_payment(payment, sven, now):
    with pytest.raises(AidRefused, match="Du har själv gjort betalningen"):
        actions.approve_payment(payment, by=sven, now=now)


def test_not_even_the_database_lets_one_person_stand_for_both(payment, sven, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(
            state="approved", approved_by_id=sven.user_id, approved_at=now
        )


def test_a_new_account_is_not_paid_to_before_another_has_confirmed_it(granted_march, sven, helena, now):
    account = actions.add_account(
        granted_march.case, payee="Mira Stål", kind="bank_account", number="9999 1", by=sven, now=now
    )
    payment = actions.create_payment(granted_march, account, Decimal(10020), by=sven, now=now)
    with pytest.raises(AidRefused, match="Kontot är nytt eller ändrat"):
        actions.approve_payment(payment, by=helena, now=now)
    with pytest.raises(AidRefused, match="någon annan"):
        actions.confirm_account(account, by=sven, now=now)


def test_a_double_click_pays_once(payment, sven, helena, now):
    with pytest.raises(AidRefused, match="redan lagt till betalning"):
        actions.create_payment(payment.decision, payment.account, Decimal(10020), by=sven, now=now)
    first = actions.approve_payment(payment, by=helena, now=now)
    assert actions.approve_payment(payment, by=helena, now=now).approved_at == first.approved_at
    assert actions.make_file(by=helena, now=now).row_count == 1
    assert actions.make_file(by=helena, now=now) is None


def test_the_rent_can_go_to_the_landlord_and_the_rest_to_mira(granted_march, sven, helena, rut, now):
    accounts = [
        actions.add_account(granted_march.case, payee=payee, kind=kind, number=number, by=sven, now=now)
        for payee, kind, number in (
            ("Åsvallahem AB", "bankgiro", "5555-1234"),
            ("Mira Stål", "bank_account", "8327 1"),
        )
    ]
    for account, amount in zip(accounts, (Decimal(6500), Decimal("3520.00")), strict=True):
        actions.confirm_account(account, by=rut, now=now)
        made = actions.create_payment(granted_march, account, amount, by=sven, now=now)
        actions.approve_payment(made, by=helena, now=now)
    file = actions.make_file(by=helena, now=now)
    assert (file.row_count, file.control_sum) == (2, 10020)


def test_more_than_was_granted_is_never_paid(granted_march, payment, sven, now):
    actions.cancel_payment(payment, by=sven, now=now)
    with pytest.raises(AidRefused, match="10020"):
        actions.create_payment(granted_march, payment.account, Decimal("10020.01"), by=sven, now=now)


def test_half_a_decision_waits_for_its_other_half(granted_march, payment, sven, helena, now):
    actions.cancel_payment(payment, by=sven, now=now)
    half = actions.create_payment(granted_march, payment.account, Decimal(5000), by=sven, now=now)
    actions.approve_payment(half, by=helena, now=now)
    assert actions.make_file(by=helena, now=now) is None


def test_the_file_says_what_was_approved(approved, helena, now):
    file = actions.make_file(by=helena, now=now)
    root = ET.fromstring(file.content.encode())
    space = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"
    assert root.findtext(f".//{space}CtrlSum") == "10020.00"
    assert root.findtext(f".//{space}EndToEndId") == approved.reference
    assert root.findtext(f".//{space}Cdtr/{space}Nm") == "Mira Stål"
    assert state(approved) == ("in_file", "in_payment")


def test_the_bank_says_it_is_booked_and_the_case_waits_for_the_next_month(approved, helena, now):
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(approved, "ACCP", message="B0"), by=helena, now=now)
    assert state(approved) == ("in_file", "in_payment")
    actions.read_bank_answer(answer(approved, "ACSC", amount="10020.00"), by=helena, now=now)
    assert state(approved) == ("paid", "paid")


def test_the_same_answer_twice_is_read_once(approved, helena, now):
    actions.make_file(by=helena, now=now)
    told = answer(approved, "RJCT", reason="AC04")
    first = actions.read_bank_answer(told, by=helena, now=now)
    assert actions.read_bank_answer(told, by=helena, now=now) == first
    assert BankAnswer.objects.count() == 1
    assert Watch.objects.filter(type="aid.payment_error", closed_at=None).count() == 1


def test_a_refused_row_stops_the_case_and_tells_somebody_until_it_is_paid_again(
    approved, sven, helena, rut, now
):
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(approved, "RJCT", reason="AC04"), by=helena, now=now)
    assert state(approved) == ("error", "payment_error")
    assert approved.bank_reason == "Kontot är avslutat"
    watch = Watch.objects.get(type="aid.payment_error")
    assert watch.kind.danger
    account = actions.add_account(
        approved.case, payee="Mira Stål", kind="bank_account", number="6112 77", by=sven, now=now
    )
    actions.confirm_account(account, by=rut, now=now)
    again = actions.pay_again(approved, account, by=sven, now=now)
    assert actions.pay_again(approved, account, by=sven, now=now) == again
    watch.refresh_from_db()
    assert watch.closed_at is not None
    actions.approve_payment(again, by=helena, now=now)
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(again, "ACSC", message="B2"), by=helena, now=now)
    assert state(again) == ("paid", "paid")
    assert state(approved)[0] == "replaced"


def test_money_that_comes_back_after_it_was_booked_is_told_again(approved, helena, now):
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(approved, "ACSC"), by=helena, now=now)
    returned = (
        "<Document><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls><TxDtls><Refs>"
        f"<EndToEndId>{approved.reference}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
    actions.read_bank_answer(returned.encode(), by=helena, now=now)
    assert state(approved)[0] == "error"
    assert Watch.objects.filter(type="aid.payment_error", closed_at=None).exists()


def test_another_amount_than_ours_is_an_error(approved, helena, now):
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(approved, "ACSC", amount="1020.00"), by=helena, now=now)
    assert state(approved) == ("error", "payment_error")


def test_a_row_we_do_not_know_is_told_and_changes_nothing(approved, helena, now):
    actions.make_file(by=helena, now=now)
    stranger = Payment(reference="0" * 32)
    told = actions.read_bank_answer(answer(stranger, "ACSC"), by=helena, now=now)
    assert told.rows[0]["outcome"] == "unknown"
    assert state(approved) == ("in_file", "in_payment")


@pytest.mark.parametrize("content", [b"", b"<a>", b"<a/>", b"<!DOCTYPE a><a/>", b"\xff\xfe\x00"])
def test_a_file_that_is_no_answer_is_refused_in_words(content, helena, now):
    with pytest.raises(BankAnswerWrong):
        actions.read_bank_answer(content, by=helena, now=now)


def test_when_the_bank_is_silent_somebody_is_asked_to_call(approved, helena, now):
    actions.make_file(by=helena, now=now)
    assert ask_about_silent_payments(approved.municipality_id, now + timedelta(days=2)) == 0
    assert ask_about_silent_payments(approved.municipality_id, now + timedelta(days=4)) == 1
    actions.read_bank_answer(answer(approved, "ACSC"), by=helena, now=now + timedelta(days=5))
    assert not Watch.objects.filter(type="aid.payment_silent", closed_at=None).exists()


def test_nobody_can_say_by_hand_that_it_is_paid(approved, sven, now):
    with pytest.raises(StepRefused):
        take_step(approved.case, "pay", by=sven, now=now)


def test_other_branches_neither_approve_nor_see(payment, karin, fatima, maria, gunnar, now):
    for stranger in (karin, fatima, maria, gunnar):
        with pytest.raises(Refused):
            actions.approve_payment(payment, by=stranger, now=now)
    assert not PaymentFile.objects.exists()
