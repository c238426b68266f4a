"""Amounts a municipality enters: by one, from the regulation, and confirmed by another before they count."""

from datetime import date, datetime

from django.db import transaction

from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.models import AidAmount
from livlina.authority.aid.norm import all_parts
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, demand

LARGEST_HOME = 12


def known_keys() -> list[str]:
    """Return every key an amount may have: the norm's parts, and a limit for rent by persons in the home."""
    return [
        *(f"norm.{part}" for part in all_parts()),
        *(f"cap.housing.{n}" for n in range(1, LARGEST_HOME + 1)),
    ]


def verb_of(by: Actor) -> str:
    """Return by which right amounts are touched: an administrator has no case, a manager only those of the branch."""
    return "aid.set_amounts" if by.role == "administrator" else "aid.amounts"


@transaction.atomic
def enter_amount(
    key: str, kronor: int, *, valid_from: date, source: str, by: Actor, now: datetime
) -> AidAmount:
    """Enter an amount from a day. It counts when another has confirmed it. Raises Refused, AidRefused."""
    demand(by, verb_of(by))
    if key not in known_keys():
        raise AidRefused("Välj vilket belopp det gäller.")
    if not 0 < kronor <= 100000:
        raise AidRefused("Beloppet skrivs i hela kronor, mellan 1 och 100 000.")
    if len(source.strip()) < 3:
        raise AidRefused("Skriv var beloppet står, till exempel förordningens nummer.")
    row = AidAmount.objects.create(
        **signature(by, now), key=key, kronor=kronor, valid_from=valid_from, source=source.strip()
    )
    audit.wrote(by, "aid.enter_amount", now=now, obj=row, detail={"key": key, "kronor": kronor})
    return row


@transaction.atomic
def confirm_amount(amount: AidAmount, *, by: Actor, now: datetime) -> AidAmount:
    """Confirm another's amount; done twice is done once. Raises Refused, AidRefused for one's own."""
    demand(by, verb_of(by))
    amount = AidAmount.objects.select_for_update().get(pk=amount.pk)
    if amount.by_user_id == by.user_id:
        raise AidRefused("Beloppet måste bekräftas av någon annan än den som lade in det.")
    if amount.confirmed_at is None:
        amount.confirmed_by_id, amount.confirmed_by_name, amount.confirmed_at = by.user_id, by.name, now
        amount.save(update_fields=["confirmed_by_id", "confirmed_by_name", "confirmed_at"])
        audit.wrote(by, "aid.confirm_amount", now=now, obj=amount, detail={"key": amount.key})
    return amount
