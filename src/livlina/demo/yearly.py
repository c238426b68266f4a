"""The months behind, of what the told few do not leave by themselves: households with financial aid, placed children,
contact persons who are paid, and patients of the home nursing. What one told case left is told of others again.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from livlina.authority.aid.actions.files import PAYER_ACCOUNT
from livlina.authority.aid.actions.months import LIVELIHOOD
from livlina.authority.aid.bank.write import Transfer, pain_001
from livlina.authority.aid.models import Payment, PaymentFile
from livlina.authority.cases.models import signature
from livlina.authority.contractors.models import CONTRACTORS, Adult, Basis, Contract, Home, Remuneration
from livlina.authority.placements.models import Placement
from livlina.core.access import Actor
from livlina.core.calendar import add_months
from livlina.core.clock import day_of, local
from livlina.core.ids7 import uuid7
from livlina.core.models import Municipality
from livlina.demo.again import Copy, again, each_month, others, rows_of, store
from livlina.demo.deeds import holder
from livlina.demo.plan import Days, Town
from livlina.demo.stage import Stage, as_application
from livlina.provider.homecare.models import DoseSignature, NursingTask
from livlina.registers.people.models import Person

MONTHS, HOUSEHOLDS, CHILDREN_PLACED, CONTACTS = 5, 6, 5, 6
WAGES = tuple(Decimal(kronor) for kronor in (0, 400, 900, 1300, 2100, 2800))
"""So much more than in the story each household earns."""
AID, CHILDREN = 5, 4
FEE_ORE, EXPENSES_ORE = 284_500, 71_000
"""What the demo pays a contact person for a month: invented, as everything in it."""
NURSED = (  # task, what, weekdays, hour
    ("wound", "Omläggning av bensår", (1, 4), 10),
    ("blood_pressure", "Blodtryck, sittande och stående", (2,), 9),
    ("catheter", "Spolning av kateter", (5,), 11),
)
REFUSED_FIRST = ("payment_failed", "pay_again")
"""Steps of the story that only it took: its bank refused the first account."""


def tell_all(stage: Stage, town: Town) -> None:
    """Tell all of it in the town of Åsvalla."""
    with as_application():
        stage.look(lambda: _households(stage))
        stage.look(lambda: _children(stage))
        stage.look(lambda: _contacts(stage))
        stage.look(lambda: _patients(stage))


def ended_months(today: date, count: int) -> list[date]:
    """Return the first days of the months that have ended, the last first."""
    found = [add_months(today.replace(day=1), -back) for back in range(1, count + 1)]
    return [month for month in found if month >= date(2025, 8, 1)]


# ---- financial aid ---------------------------------------------------------------------------------------------


def _households(stage: Stage) -> None:
    """For each month behind some households that were granted and paid, as the told one was."""
    paid = Payment.objects.filter(state="paid", case__process_code=LIVELIHOOD).order_by("created_at", "pk")
    story = next(
        (row.case for row in paid.select_related("case__person") if row.case.months.count() == 1), None
    )
    if story is None:
        return
    rows, month = rows_of(story), story.months.get().month
    rows["aid.Payment"] = [row for row in rows["aid.Payment"] if row.state == "paid"]
    rows["cases.CaseEvent"] = [row for row in rows["cases.CaseEvent"] if row.step not in REFUSED_FIRST]
    months = ended_months(day_of(stage.now), MONTHS)
    grown = Person.objects.filter(birth_date__range=(date(1970, 1, 1), date(1998, 1, 1)))
    persons = iter(others(grown, story.person, len(months) * HOUSEHOLDS))
    told: list[Copy] = []
    for later in each_month(months, month):
        found = [
            again(story, rows, person, later) for _, person in zip(range(HOUSEHOLDS), persons, strict=False)
        ]
        for place, one in enumerate(found):
            _earns(one, WAGES[place])
        _sent(stage, found)
        told += found
    store(told)


def _earns(one: Copy, more: Decimal) -> None:
    """Let the household earn more, and get as much less."""
    for row in (*one.rows["aid.AppliedRow"], *one.rows["aid.CalculationLine"]):
        if row.group == "income" and row.kind == "wage":
            for name in ("amount", "applied", "approved"):
                if hasattr(row, name):
                    setattr(row, name, getattr(row, name) + more)
    for row in one.rows["aid.Calculation"]:
        row.income, row.aid, row.sought = row.income + more, row.aid - more, row.sought - more
    for row in one.rows["cases.DecisionLine"]:
        row.quantity -= more
    for row in one.rows["aid.Payment"]:
        row.amount, row.reference, row.replaces_id = row.amount - more, row.pk.hex, None


def _sent(stage: Stage, found: list[Copy]) -> None:
    """Put the month's money in the file it left in, as the bank got it."""
    payments = [row for one in found for row in one.rows["aid.Payment"]]
    if not payments:
        return
    accounts = {row.pk: row for one in found for row in one.rows["aid.PayoutAccount"]}
    manager, at, key = holder(stage, "unit_manager", AID), payments[0].approved_at, uuid7()
    content = pain_001(
        [_transfer(row, accounts[row.account_id]) for row in payments], message_id=key.hex,
        payer=Municipality.objects.get(pk=stage.municipality_id).name, payer_account=PAYER_ACCOUNT, made_at=local(at),
        pay_on=day_of(at) + timedelta(days=1),
    )  # fmt: skip
    file = PaymentFile.objects.create(
        **signature(manager, at), id=key, compartment=AID, message_id=key.hex, row_count=len(payments), sent_at=at,
        control_sum=sum((row.amount for row in payments), Decimal(0)), content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip
    for row in payments:
        row.file_id = file.pk


def _transfer(row: Payment, account: object) -> Transfer:
    return Transfer(row.reference, account.payee, account.kind, account.number, row.amount, row.message)  # type: ignore[attr-defined]


# ---- children and contact persons ------------------------------------------------------------------------------


def _children(stage: Stage) -> None:
    """More children are placed, in a home for care, some since last year and some since this."""
    placed = Placement.objects.select_related("case__person").filter(ends_on=None).order_by("pk").first()
    if placed is None:
        return
    rows, today = rows_of(placed.case), day_of(stage.now)
    young = Person.objects.filter(birth_date__range=(add_months(today, -17 * 12), add_months(today, -9 * 12)))
    found = []
    for place, person in enumerate(others(young, placed.person, CHILDREN_PLACED)):
        one = again(placed.case, rows, person, min(timedelta(days=37 * place + 9), today - placed.begins_on))
        for row in one.rows["placements.Placement"]:
            row.home_kind, row.home_name, row.listing_id = "hvb", "Björklidens behandlingshem", None
        found.append(one)
    store(found)


def _contacts(stage: Stage) -> None:
    """Contact persons with a signed contract, and the months they are paid for: counted by one, approved by another."""
    tove, ulf = holder(stage, "case_worker", CONTRACTORS), holder(stage, "unit_manager", CONTRACTORS)
    months = ended_months(day_of(stage.now), MONTHS)
    grown = Person.objects.filter(birth_date__range=(date(1960, 1, 1), date(1985, 1, 1)))
    like = Person(sex="female")
    if not months:
        return
    since = months[-1]
    begun = Days(since).at(since, 9)
    base = {"municipality_id": stage.municipality_id, "compartment": CONTRACTORS}
    homes = [
        Home(**base, name=person.name, kinds=["contact_person"], place="Åsvalla", contact=person, since=since)
        for person in others(grown, like, CONTACTS)
    ]
    contracts = [
        Contract(**base, home=home, kind="contact_person", valid_from=since, written_by_id=tove.user_id,
                 written_by_name=tove.name, signed_on=since, signed_by_id=ulf.user_id, signed_by_name=ulf.name)
        for home in homes
    ]  # fmt: skip
    Home.objects.bulk_create(homes)
    Adult.objects.bulk_create(Adult(**base, home=home, person=home.contact, since=since) for home in homes)
    Contract.objects.bulk_create(contracts)
    confirmed = {"confirmed_at": begun, "confirmed_by_id": ulf.user_id, "confirmed_by_name": ulf.name}
    Remuneration.objects.bulk_create(
        Remuneration(**signature(tove, begun), compartment=CONTRACTORS, contract=one, fee_ore=FEE_ORE,
                     expenses_ore=EXPENSES_ORE, valid_from=since, source="Påhittat belopp i demon.", **confirmed)
        for one in contracts
    )  # fmt: skip
    Basis.objects.bulk_create(_bases(contracts, months, tove, ulf))


def _bases(contracts: list[Contract], months: list[date], by: Actor, approves: Actor) -> Iterable[Basis]:
    for month in months:
        after = add_months(month, 1)
        at = Days(after).at(after + timedelta(days=1), 10)
        for one in contracts:
            yield Basis(
                **signature(by, at), compartment=CONTRACTORS, contract=one, month=month, days=(after - month).days,
                fee_ore=FEE_ORE, expenses_ore=EXPENSES_ORE, approved_at=at + timedelta(hours=4),
                approved_by_id=approves.user_id, approved_by_name=approves.name,
            )  # fmt: skip


# ---- home nursing ----------------------------------------------------------------------------------------------


def _patients(stage: Stage) -> None:
    """What Lena did for her patients the year before their present orders, each thing ended when the new was ordered."""
    lena, today = stage.who("Lena Falk"), day_of(stage.now)
    held = NursingTask.objects.filter(unit_id=lena.unit_id).order_by("ordered_at", "pk")
    persons = list(dict.fromkeys(held.values_list("person_id", flat=True)))
    first, last = today - timedelta(days=365), today - timedelta(days=7)
    tasks, signed = [], []
    for person_id, (task, what, weekdays, hour) in zip(persons, NURSED, strict=False):
        one = NursingTask(
            municipality_id=stage.municipality_id, unit_id=lena.unit_id, person_id=person_id, task=task, what=what,
            times=[time(hour)], weekdays=list(weekdays), delegated=False, first_on=first, last_on=last, state="ended",
            ordered_at=Days(first).at(first, 8), ordered_by=lena.name, ordered_by_id=lena.user_id,
            ended_at=Days(last).at(last, 15), ended_reason="Ersatt av en ny ordination.",
        )  # fmt: skip
        tasks.append(one)
        for back in range(365, 6, -1):
            day = today - timedelta(days=back)
            if day.isoweekday() in weekdays:
                signed.append(_signed(one, lena, Days(day).at(day, hour, back % 25)))
    NursingTask.objects.bulk_create(tasks)
    DoseSignature.objects.bulk_create(signed)


def _signed(task: NursingTask, by: Actor, at: datetime) -> DoseSignature:
    return DoseSignature(
        municipality_id=task.municipality_id, task=task, given=True, at=at, heard_at=at, by_id=by.user_id,
        by_name=by.name, by_title=by.title,
    )  # fmt: skip


__all__ = ["ended_months", "tell_all"]
