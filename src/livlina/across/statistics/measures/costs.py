"""Costs by month, where Livlina knows them: what is paid, to be paid or accounted for; where it knows no price, the amount
of care. Money is whole öre until it is summed. No price is ever guessed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from livlina.across.statistics.measures.base import PROVIDER, Measure, Sample, month_before
from livlina.authority.aid.models import Payment
from livlina.authority.assistance.models import MonthAccount
from livlina.authority.contractors.models import Basis
from livlina.authority.placements.models import Placement
from livlina.core.models import Municipality
from livlina.registers.orders.models import Delivery

SIDES, BOTH = ("officer", "operations"), ("officer", "provider", "operations")


def _aid(town: Municipality, now: datetime) -> Iterable[Sample]:
    """Payments that went to the bank in the month and were not turned back; whose is the case's."""
    begins, ends = month_before(now).span
    rows = Payment.objects.filter(
        municipality=town, state__in=("in_file", "paid"), file__sent_at__gte=begins, file__sent_at__lt=ends
    )
    found = rows.values_list("case__compartment", "case__unit_id", "amount", "case_id")
    return [Sample(code, unit, "", int(kronor * 100), who) for code, unit, kronor, who in found]


def _fees(town: Municipality, now: datetime) -> Iterable[Sample]:
    """What was approved to be paid for the month, each contract's fee and expenses; whose is the home's."""
    rows = Basis.objects.filter(
        municipality=town, month=month_before(now).first, approved_at__isnull=False
    ).values_list(
        "compartment", "contract__home__case__unit_id", "fee_ore", "expenses_ore", "contract__home_id"
    )
    return [Sample(code, unit, "", fee + more, who) for code, unit, fee, more, who in rows]


def _assistance(town: Municipality, now: datetime) -> Iterable[Sample]:
    """The newest account of each month of assistance, where the hourly amount was known."""
    first = month_before(now).first
    rows = MonthAccount.objects.filter(municipality=town, month__first_day=first).order_by("number")
    found = rows.values_list(
        "month_id", "compartment", "month__decision__case__unit_id", "ore", "month__decision__case_id"
    )
    newest = {month: (code, unit, ore, who) for month, code, unit, ore, who in found}
    return [Sample(code, unit, "", ore, who) for code, unit, ore, who in newest.values() if ore is not None]


def _nights(town: Municipality, now: datetime) -> Iterable[Sample]:
    """Days of the month that each placed child lived away from home."""
    month = month_before(now)
    rows = Placement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=month.first), municipality=town, begins_on__lte=month.last
    )
    found = rows.values_list("compartment", "case__unit_id", "begins_on", "ends_on", "person_id")
    day = timedelta(days=1)
    return [
        Sample(
            code, unit, "", (min(ends or month.last, month.last) - max(begins, month.first) + day).days, who
        )
        for code, unit, begins, ends, who in found
    ]


def _delivered(town: Municipality, now: datetime) -> Iterable[Sample]:
    """Minutes the providers have reported for periods that end in the month; whose is the order's."""
    month = month_before(now)
    rows = Delivery.objects.filter(
        municipality=town,
        period_to__range=(month.first, month.last),
        minutes__isnull=False,
        corrected_by=None,
    )
    found = rows.values_list(
        "order__branch", "order__orderer_unit_id", "order__provider__unit_id", "minutes", "order_id"
    )
    for branch, ours, theirs, minutes, who in found:
        yield Sample(branch, ours, "", minutes or 0, who)
        if theirs:
            yield Sample(PROVIDER, theirs, "", minutes or 0, who)


MEASURES = (
    Measure("cost_aid", "Utbetalt ekonomiskt bistånd", "kronor", "money", SIDES, _aid,
            (("officer", "aid:payments", "aid.payments"),), monthly=True,
            note="Summan av det som har skickats till banken under månaden. Det som banken har avvisat är inte med, och det"
                 " som återkrävs är inte avdraget. Personalkostnader är inte med."),
    Measure("cost_contractors", "Arvoden och omkostnader till uppdragstagare", "kronor", "money", SIDES, _fees,
            (("officer", "contractors:payroll", "contractors.payroll"),), monthly=True,
            note="Summan av de underlag som är godkända för månaden. Arbetsgivaravgifter, resor och underlag som inte är"
                 " godkända är inte med."),
    Measure("cost_assistance", "Personlig assistans som är redovisad", "kronor", "money", SIDES, _assistance,
            (("officer", "assistance:list", "assistance.list"),), monthly=True,
            note="Det som är redovisat till Försäkringskassan för månaden, efter timbeloppet. Timmarna som kommunen själv"
                 " står för och månader utan fastställt timbelopp är inte med."),
    Measure("care_days", "Vårddygn för placerade barn", "dygn", "sum", SIDES, _nights,
            (("officer", "placements:list", "placements.register"),), monthly=True,
            note="Dygn under månaden som barn bodde i familjehem, HVB eller annat. Livlina känner inga dygnspriser, så"
                 " kostnaden för vården är inte med."),
    Measure("hours_delivered", "Utförd tid som utförarna har rapporterat", "timmar", "hours", BOTH, _delivered,
            (("provider", "homecare_provider:measures", "homecare.measures"),), monthly=True,
            note="Tid hos personerna på beställningar, efter månaden den rapporterades för. Beställningar bär inga priser,"
                 " så kostnaden för köpt vård är inte med."),
)  # fmt: skip
