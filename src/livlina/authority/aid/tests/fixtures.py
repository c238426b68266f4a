"""Mira and her months: what the room's tests are told about, and those above."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from livlina.authority.aid import actions
from livlina.authority.aid.actions import AppliedDraft
from livlina.authority.aid.calculation import Cost, Income
from livlina.authority.aid.jobs import begin_first_month
from livlina.authority.aid.models import Calculation, MonthApplication, Payment
from livlina.authority.aid.ssbtek.fake import Fake
from livlina.authority.cases import actions as cases
from livlina.authority.cases.models import Case, Decision
from livlina.core.access import Actor
from livlina.core.ids import test_number
from livlina.core.models import User
from livlina.core.outbox import Event
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

MARCH = date(2026, 3, 1)
ALL_EMPTY = Fake(behaves={"AF": "empty"})
"""Every source answers, and knows nothing."""

APPLICATION = {
    "urgent": "no", "aid_from": "2026-03-01", "aid_reason": "unemployed", "aid_household": "single",
    "aid_has_children": "no", "aid_cost_housing": "6500", "aid_cost_electricity": "300", "aid_income_wage": "2000",
    "aid_assets": "nej", "interpreter_needed": "no", "aid_checks_known": "yes",
}  # fmt: skip
COSTS = (Cost("housing", Decimal(6500)), Cost("electricity", Decimal(300)))


@pytest.fixture
def mira(registrar: Actor, now: datetime) -> Person:
    """Mira Stål, born 1990, single, at Torggatan 3 in Åsvalla."""
    return people.register_person(
        given_names="Mira Elina", called_name="Mira", family_name="Stål", number=test_number(date(1990, 5, 2), "female", 7),
        street="Torggatan 3", postcode="99101", city="Åsvalla", home_municipality="9901", by=registrar, now=now,
    )  # fmt: skip


@pytest.fixture
def mira_online(citizen: Callable[..., Actor], mira: Person) -> Actor:
    """Mira, signed in to the e-service."""
    return citizen(mira)


@pytest.fixture
def aid_delegation(eva: Actor, now: datetime) -> None:
    """Case workers decide up to 30 000 kronor of försörjningsstöd, and everything else in kronor up to 10 000."""
    for outcome in ("granted", "partly_granted", "rejected", "written_off", "closed_no_action"):
        cases.add_delegation_rule(
            outcome=outcome, role="case_worker", point="5.1", max_quantity=Decimal(30000), process_code="livelihood_support",
            valid_from=date(2026, 1, 1), by=eva, now=now,
        )  # fmt: skip
        for code in ("special_aid", "recovery"):
            cases.add_delegation_rule(
                outcome=outcome, role="case_worker", point="5.2", max_quantity=Decimal(10000), process_code=code,
                valid_from=date(2026, 1, 1), by=eva, now=now,
            )  # fmt: skip


@pytest.fixture
def miras_case(
    mira_online: Actor, sven: Actor, helena: Actor, rut: Actor, aid_delegation: None, now: datetime
) -> Case:
    """Mira has applied in the e-service for March; the case is Sven's, and the investigation is open."""
    draft = cases.begin_application("livelihood_support", by=mira_online, now=now)
    cases.save_answers(draft, APPLICATION, by=mira_online, now=now)
    application = cases.send_application(draft.pk, by=mira_online, now=now)
    begin_first_month(Event("application.received", application.municipality_id, application.pk, now))
    case = application.cases.get()
    cases.assign_case(case, User.objects.get(pk=sven.user_id), by=rut, now=now)
    return cases.open_investigation(case, by=sven, now=now).case


@pytest.fixture
def march(miras_case: Case) -> MonthApplication:
    """March, as Mira applied for it."""
    return MonthApplication.objects.select_related("case").get(case=miras_case)


@pytest.fixture
def collected(march: MonthApplication, sven: Actor, now: datetime) -> MonthApplication:
    """Every source has answered that it knows nothing."""
    actions.ask_sources(march, by=sven, now=now, port=ALL_EMPTY)
    return march


@pytest.fixture
def calculated(collected: MonthApplication, mira: Person, sven: Actor, now: datetime) -> Calculation:
    """Sven has counted March: 5 220 + 6 800 - 2 000 = 10 020, and approved it."""
    incomes = [Income("wage", Decimal(2000), str(mira.pk))]
    calculation = actions.calculate_month(collected, COSTS, incomes, by=sven, now=now)
    return actions.approve_calculation(calculation, by=sven, now=now)


@pytest.fixture
def granted_march(calculated: Calculation, sven: Actor, now: datetime) -> Decision:
    """Sven has granted March."""
    return actions.decide_month(calculated.month_application, by=sven, now=now)


@pytest.fixture
def payment(granted_march: Decision, sven: Actor, rut: Actor, now: datetime) -> Payment:
    """Sven has made the payment of March, to an account that Rut has confirmed."""
    account = actions.add_account(
        granted_march.case,
        payee="Mira Stål",
        kind="bank_account",
        number="8327-9 123 456 7",
        by=sven,
        now=now,
    )
    actions.confirm_account(account, by=rut, now=now)
    return actions.create_payment(granted_march, account, Decimal(10020), by=sven, now=now)


@pytest.fixture
def approved(payment: Payment, helena: Actor, now: datetime) -> Payment:
    """Helena has approved it."""
    return actions.approve_payment(payment, by=helena, now=now)


@pytest.fixture
def next_rows(mira: Person) -> list[AppliedDraft]:
    """April: the same rent and electricity, no wage."""
    return [
        AppliedDraft("cost", "housing", Decimal(6500), same_as_last=True),
        AppliedDraft("cost", "electricity", Decimal(300), same_as_last=True),
    ]


def answer(payment: Payment, status: str, *, amount: str = "", reason: str = "", message: str = "") -> bytes:
    """The bank's pain.002 about one payment."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    given = f'<OrgnlTxRef><Amt><InstdAmt Ccy="SEK">{amount}</InstdAmt></Amt></OrgnlTxRef>' if amount else ""
    return (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{message or 'B1'}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId>"
        "</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts>"
        f"<OrgnlEndToEndId>{payment.reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}{given}"
        "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


__all__ = ["ALL_EMPTY", "APPLICATION", "COSTS", "MARCH", "answer"]
