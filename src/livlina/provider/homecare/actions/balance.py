"""How much is left of a narcotic drug at a patient's: reckoned at every dose, counted by two (HSLF-FS 2017:37)."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.provider.homecare.models import DoseSignature, NarcoticCount, NursingTask
from livlina.provider.homecare.models.words import HEALTH
from livlina.registers.watches import actions as watches

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)


class CountRefused(Exception):
    """The count lacks something. The sentence is for a person, in Swedish."""


def units_of(amount: str) -> Decimal:
    """Return the number an amount begins with: "1,5 tablett" is 1.5; one when it says none."""
    found = _NUMBER.match(amount.strip())
    return Decimal(found.group().replace(",", ".")) if found else Decimal(1)


def balance_of(task: NursingTask) -> Decimal | None:
    """Return what is left by the last that was written; None before the first delivery."""
    signed = DoseSignature.objects.filter(task=task, balance__isnull=False).order_by("-pk").first()
    counted = NarcoticCount.objects.filter(task=task).order_by("-pk").first()
    if signed is None or counted is None:
        last = signed or counted
        return None if last is None else (last.balance if isinstance(last, DoseSignature) else last.left)
    return signed.balance if signed.pk > counted.pk else counted.left


def balance_after(
    task: NursingTask, said: dict[str, Any], corrects: DoseSignature | None = None
) -> Decimal | None:
    """Return what is left after a signature; what one it corrects had taken is put back. None when nothing is counted."""
    left = balance_of(task) if task.narcotic else None
    if left is None:
        return None
    if corrects is not None and corrects.given and corrects.balance is not None:
        left += units_of(corrects.amount)
    return left - units_of(str(said["amount"])) if said["given"] else left


@transaction.atomic
def count(
    task: NursingTask, kind: str, quantity: Decimal, witness: str, *, by: Actor, now: datetime, text: str = ""
) -> NarcoticCount:
    """Write down a delivery, a count or a discarding, signed by two. A count that differs is told to the nurses at once.

    Raises Refused, and CountRefused without a witness or with a quantity there cannot be.
    """
    demand(by, "nursing.count", task)
    if not task.narcotic:
        raise CountRefused("Saldo räknas bara för narkotika.")
    if len(witness.strip()) < 3 or witness.strip().casefold() == by.name.casefold():
        raise CountRefused("Två ska signera. Skriv namnet på den som kontrollerade tillsammans med dig.")
    if quantity < 0 or (quantity == 0 and kind != "counted"):
        raise CountRefused("Skriv hur många det är.")
    NursingTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    before = balance_of(task)
    held = before or Decimal(0)
    left = {"delivered": held + quantity, "discarded": held - quantity}.get(kind, quantity)
    if left < 0:
        raise CountRefused("Mer kan inte kasseras än vad som finns. Kontrollräkna först.")
    made = NarcoticCount.objects.create(
        municipality_id=by.municipality_id, task=task, kind=kind, quantity=quantity, left=left,
        expected=before if kind == "counted" else None, at=now, by_id=by.user_id, by_name=by.name, by_title=by.title,
        witness_name=witness.strip()[:160], text=text.strip()[:200],
    )  # fmt: skip
    audit.wrote(by, "nursing.count", now=now, obj=made, person_id=task.person_id, detail={"kind": kind})
    if kind == "counted" and before is not None and before != quantity:
        watches.raise_watch(
            "nursing.balance", ("homecare.nursingtask", task.pk), person_id=task.person_id, due_at=now, by=by, now=now,
            owner=watches.Owner("nurse", task.unit_id, compartment=HEALTH),
        )  # fmt: skip
    return made
