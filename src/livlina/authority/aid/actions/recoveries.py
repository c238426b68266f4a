"""Återkrav: a case of its own, begun by the authority; what is repaid, forgiven or agreed is counted to the öre.

An overpayment is never counted as income in a later month: there is no ground for that (HFD 2013 ref. 18). Money is
set off only by an agreement in writing, recorded as such.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.calculation import AmountWrong, money
from livlina.authority.aid.models import MonthApplication, Recovery, RecoveryEntry
from livlina.authority.aid.models.recovery import ENTRY_KINDS
from livlina.authority.cases.actions import take_step
from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, demand, system
from livlina.core.calendar import Channel
from livlina.core.clock import day_of

RECOVERY = "recovery"


@transaction.atomic
def begin_recovery(month: MonthApplication, amount: Decimal, *, by: Actor, now: datetime) -> Recovery:
    """Begin to try whether a month's aid is claimed back; begun twice it is one. Raises Refused, AidRefused."""
    demand(by, "aid.month", month)
    MonthApplication.objects.select_for_update().get(pk=month.pk)
    first = Recovery.objects.filter(from_case_id=month.case_id, month=month.month).first()
    if first is not None:
        return first
    if month.state != "decided":
        raise AidRefused("Månaden är inte beslutad, så det finns inget att kräva tillbaka.")
    try:
        value = money(amount)
    except AmountWrong as wrong:
        raise AidRefused(str(wrong)) from None
    today = day_of(now)
    process = load().current(RECOVERY, on=today)
    case = begin_case(process, month.case.person, received_on=today, how=Channel.VISIT, by=by, now=now)
    recovery = Recovery.objects.create(
        municipality_id=by.municipality_id,
        case=case,
        from_case_id=month.case_id,
        month=month.month,
        suspected=value,
    )
    audit.wrote(by, "aid.begin_recovery", now=now, obj=recovery, person_id=case.person_id,
                detail={"amount": str(value)})  # fmt: skip
    return recovery


@transaction.atomic
def record_entry(
    recovery: Recovery, kind: str, amount: Decimal, *, on: date, note: str = "", by: Actor, now: datetime
) -> RecoveryEntry:
    """Record what was repaid, forgiven or agreed; never more than is left. The last krona settles the claim.

    Raises Refused, AidRefused.
    """
    demand(by, "aid.recover", recovery)
    recovery = Recovery.objects.select_for_update(of=("self",)).select_related("case").get(pk=recovery.pk)
    if recovery.claimed is None:
        raise AidRefused("Återkravet är inte beslutat.")
    if kind not in dict(ENTRY_KINDS):
        raise AidRefused("Välj vad beloppet är.")
    if kind != "repaid" and len(note.strip()) < 3:
        raise AidRefused("Skriv skälet för eftergiften, eller dagen för den skriftliga överenskommelsen.")
    left = recovery.left
    if not 0 < amount <= left:
        raise AidRefused(f"Det är {left:f} kronor kvar av kravet.")
    entry = RecoveryEntry.objects.create(
        **signature(by, now), recovery=recovery, kind=kind, amount=amount, on=on, note=note.strip()[:400]
    )
    audit.wrote(by, "aid.recovery_entry", now=now, obj=entry, person_id=recovery.case.person_id,
                detail={"kind": kind, "amount": str(amount)})  # fmt: skip
    if recovery.left == 0 and recovery.case.state in ("collecting", "in_court"):
        take_step(recovery.case, "settle", by=system(by.municipality_id, by.compartments), now=now)
    return entry
