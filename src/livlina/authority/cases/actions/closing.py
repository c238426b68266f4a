"""Closing: nothing that is still open is left without a choice someone made and can be asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from livlina.authority.cases.actions.execution import OPEN, close_order, orders_of
from livlina.authority.cases.actions.facts import current_facts
from livlina.authority.cases.models import Appeal, Case, Closure, Document, FormDraft, signature
from livlina.authority.cases.processes import process_of
from livlina.core.access import Actor
from livlina.registers.orders.models import Order
from livlina.registers.watches.actions import close_for
from livlina.registers.watches.models import Watch

Choices = Mapping[str, Mapping[str, str]]

OPTIONS = {
    "order": (("end", "Avslutas"),),
    "watch": (("close", "Avslutas"), ("keep", "Lämnas kvar")),
    "draft": (("discard", "Slängs"),),
    "letter": (("withdraw", "Dras tillbaka"), ("keep", "Skickas ändå")),
    "devices": (
        ("returned", "Återlämnade"),
        ("never", "Har aldrig lämnats ut"),
        ("written_off", "Avskrivna"),
    ),
    "appeal": (("keep", "Handläggs vidare"),),
}
NEEDS_REASON = {"keep", "written_off", "discard"}
LENT = ("key_handling", "door_entry")


@dataclass(frozen=True)
class OpenItem:
    """Something that is still open in a case, and what may be chosen for it."""

    key: str
    kind: str
    label: str

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """(code, words)."""
        return OPTIONS[self.kind]


def open_items(case: Case) -> list[OpenItem]:
    """Return what is still open: orders, watches, unrecorded texts, unsent letters, appeals, keys and devices."""
    items = [
        OpenItem(f"order:{order.pk}", "order", f"Beställning till {order.provider_name}")
        for order in orders_of(case)
        if order.is_open
    ]
    watches = Watch.objects.filter(object_type="cases.case", object_id=case.pk, closed_at=None)
    watches = watches.exclude(type__in=_closed_by_closing(case)).order_by("id")
    items += [OpenItem(f"watch:{watch.pk}", "watch", f"Bevakning: {watch.kind.title}") for watch in watches]
    drafts = FormDraft.objects.filter(case=case).order_by("id")
    items += [
        OpenItem(f"draft:{draft.pk}", "draft", f"Text som inte är sparad i ärendet ({draft.form})")
        for draft in drafts
    ]
    unsent = (
        Document.objects.filter(case=case, sent_at=None, withdrawn_at=None)
        .order_by("id")
        .values_list("id", "title")
    )
    items += [
        OpenItem(f"letter:{pk}", "letter", f"Brev som inte är skickat: {title}") for pk, title in unsent
    ]
    running = Appeal.objects.filter(
        case=case,
        received_on__isnull=False,
        state__in=("appeal_received", "appeal_review", "appeal_forwarded", "appeal_judged"),
    )
    items += [
        OpenItem(f"appeal:{appeal.pk}", "appeal", "Överklagande som inte är färdigt") for appeal in running
    ]
    if _something_lent(case):
        items.append(OpenItem("devices", "devices", "Nycklar och utrustning"))
    return items


def missing_choices(items: Sequence[OpenItem], choices: Choices) -> list[str]:
    """Return a sentence for each item without a choice, with one that is not offered, or without its reason."""
    sentences = []
    for item in items:
        chosen = choices.get(item.key, {})
        choice = chosen.get("choice", "")
        if choice not in dict(item.options):
            sentences.append(f"Välj vad som ska hända med: {item.label}.")
        elif choice in NEEDS_REASON and len(chosen.get("reason", "").strip()) < 3:
            sentences.append(f"Skriv skälet för: {item.label}.")
    return sentences


@transaction.atomic
def close_case(case: Case, *, reason: str, note: str, choices: Choices, by: Actor, now: datetime) -> Closure:
    """Close a case, with a choice for each open item. A closed case is never opened again: a new matter is a new case.

    Raises Refused, StepRefused that names each item without a choice, FactsWrong.
    """
    from livlina.authority.cases.actions.steps import take_step

    items = open_items(case)
    step = "close" if case.state == "ending" else "close_ungranted"
    answers = {"closure_reason": reason, "closure_note": note}
    doing = take_step(case, step, by=by, now=now, answers=answers, choices=choices)
    return _carry_out(doing.case, items, choices, reason=reason, note=note, by=by, now=now)


@transaction.atomic
def write_off(case: Case, *, reason: str, choices: Choices, by: Actor, now: datetime) -> Closure:
    """Write a case off: withdrawn, died, moved, tried elsewhere. Raises Refused, StepRefused, FactsWrong."""
    from livlina.authority.cases.actions.steps import take_step

    items = open_items(case)
    doing = take_step(
        case, "write_off", by=by, now=now, answers={"write_off_reason": reason}, choices=choices
    )
    return _carry_out(doing.case, items, choices, reason=reason, note="", by=by, now=now)


def _carry_out(
    case: Case,
    items: Sequence[OpenItem],
    choices: Choices,
    *,
    reason: str,
    note: str,
    by: Actor,
    now: datetime,
) -> Closure:
    """Do what was chosen for each item, and store the choices with the closing."""
    from livlina.core.clock import day_of

    for item in items:
        chosen, key = choices.get(item.key, {}).get("choice", ""), item.key.partition(":")[2]
        if (item.kind, chosen) == ("watch", "close"):
            watch = Watch.objects.get(pk=key)
            close_for(("cases.case", case.pk), types=(watch.type,), why="Ärendet avslutades", by=by, now=now)
        elif (item.kind, chosen) == ("draft", "discard"):
            FormDraft.objects.filter(pk=key, case=case).delete()
        elif (item.kind, chosen) == ("letter", "withdraw"):
            Document.objects.filter(pk=key, case=case, sent_at=None).update(withdrawn_at=now)
        elif (item.kind, chosen) == ("order", "end"):
            order = Order.objects.get(pk=key)
            if order.state in OPEN:
                close_order(order, last_day=day_of(now), by=by, now=now)
    kept = [
        {"key": item.key, "kind": item.kind, "label": item.label, **choices.get(item.key, {})}
        for item in items
    ]
    return Closure.objects.create(
        **signature(by, now), case=case, reason=reason, note=note, closed_on=day_of(now), items=kept
    )


def _closed_by_closing(case: Case) -> set[str]:
    """Watches that the closing step itself closes need no choice."""
    process = process_of(case)
    last = [step for step in process.steps if process.state(step.target).final]
    return {
        f"cases.{effect.what}" for step in last for effect in step.effects if effect.name == "close_watch"
    }


def _something_lent(case: Case) -> bool:
    """Whether keys or devices may be out: a key or door was spoken of, or an alarm or sensor granted."""
    from livlina.authority.cases.models import DecisionLine

    if not orders_of(case):
        return False
    facts = current_facts(case)
    alarm = DecisionLine.objects.filter(
        decision__case=case, granted=True, service__in=("social_alarm", "door_sensor")
    )
    return any(facts.get(name) for name in LENT) or alarm.exists()
