"""The provider's pages: the unit's inbox, the envelope, the letter once it is opened, and the reports."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.access import may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.orders import actions, queries
from livlina.registers.orders.forms import ConfirmForm, DeclineForm, DeliveryForm, RecallAnswerForm
from livlina.registers.orders.models import Order
from livlina.registers.orders.queries.provider import PAGE
from livlina.registers.orders.views.common import asked_again, attempt, offset_of, to
from livlina.registers.people import queries as people


@page("provider", "orders.inbox")
def inbox(request: Request) -> HttpResponse:
    """What the unit has not answered. Nothing here says whom it is about."""
    return _inbox(request, "orders/inbox.html")


@page("provider", "orders.inbox")
def inbox_piece(request: Request) -> HttpResponse:
    """The inbox as a piece of another page."""
    return _inbox(request, "orders/inbox_piece.html")


@page("provider", "orders.inbox")
def active(request: Request) -> HttpResponse:
    """What the unit carries out or is about to."""
    offset = offset_of(request)
    letters = queries.active(request.actor, offset)
    if letters:
        persons = [str(letter.person_id) for letter in letters]
        audit.read(request.actor, "orders.read_content", now=request.now, detail={"persons": persons})
    context = {
        "letters": letters,
        "older": f"?from={offset + PAGE}" if len(letters) == PAGE else "",
        "newer": f"?from={max(0, offset - PAGE)}" if offset else "",
    }
    return render(request, "orders/active.html", context)


@page("provider", "orders.inbox")
def order(request: Request, pk: UUID) -> HttpResponse:
    """The envelope before opening; the letter after; and nothing at all if it was recalled unopened."""
    found = queries.envelope(request.actor, pk)
    if found.opened_at is None or found.state in ("declined", "recalled"):
        return render(request, "orders/envelope.html", {"order": found, "late": found.late(request.now)})
    return _letter(request, found)


@require_POST
@page("provider", "orders.open", once=True)
def open_order(request: Request, pk: UUID) -> HttpResponse:
    """Open it: who and when is written down."""
    found = queries.envelope(request.actor, pk, "orders.open")
    actions.open_order(found, by=request.actor, now=request.now)
    return to("orders_provider:order", pk)


@require_POST
@page("provider", "orders.answer", once=True)
def confirm(request: Request, pk: UUID) -> HttpResponse:
    """Accept, with a start date and a contact."""
    found = queries.envelope(request.actor, pk, "orders.answer")
    form = ConfirmForm(request.POST, order=found, prefix="confirm")
    if not form.is_valid():
        return _letter(request, found, confirm_form=form)
    attempt(request, lambda: actions.confirm_order(found, **form.cleaned_data, by=request.actor, now=request.now),
            "Beställningen är bekräftad. Beställaren ser startdagen.")  # fmt: skip
    return to("orders_provider:order", pk)


@require_POST
@page("provider", "orders.answer", once=True)
def decline(request: Request, pk: UUID) -> HttpResponse:
    """Decline, with a reason."""
    found = queries.envelope(request.actor, pk, "orders.answer")
    form = DeclineForm(request.POST, prefix="decline")
    if not form.is_valid():
        return _letter(request, found, decline_form=form)
    done = attempt(request, lambda: actions.decline_order(found, **form.cleaned_data, by=request.actor, now=request.now),
                   "Ni har tackat nej. Beställaren har fått veta det.")  # fmt: skip
    return to("orders_provider:inbox") if done else to("orders_provider:order", pk)


@require_POST
@page("provider", "orders.answer", once=True)
def answer_recall(request: Request, pk: UUID) -> HttpResponse:
    """Say whether the order may be taken back."""
    found = queries.envelope(request.actor, pk, "orders.answer")
    form = RecallAnswerForm(request.POST, prefix="recall")
    if not form.is_valid():
        return _letter(request, found, recall_form=form)
    agree, text = form.cleaned_data["agree"] == "yes", form.cleaned_data["text"]
    done = attempt(request, lambda: actions.answer_recall(found, agree=agree, text=text, by=request.actor, now=request.now),
                   "Beställningen är återkallad." if agree else "Beställaren har fått ert svar.")  # fmt: skip
    return to("orders_provider:inbox") if done and agree else to("orders_provider:order", pk)


@require_http_methods(["GET", "POST"])
@page("provider", "orders.deliver", once=True)
def deliver(request: Request, pk: UUID) -> HttpResponse:
    """Report what was performed in a period."""
    found = queries.envelope(request.actor, pk, "orders.deliver")
    letter = queries.handed_letter(request.actor, found)
    person = people.read(request.actor, letter.person_id, now=request.now)
    form = DeliveryForm(request.POST or None, order=found, today=day_of(request.now))
    context = {"order": found, "letter": letter, "person": person, "form": form, "deliveries": queries.delivered(found),
               "header": people.header(request.actor, person, now=request.now)}  # fmt: skip
    if request.method == "GET":
        return render(request, "orders/deliver.html", context)
    if not form.is_valid():
        return asked_again(request, "orders/deliver.html", context)
    try:
        actions.report_delivery(found, **form.cleaned_data, by=request.actor, now=request.now)
    except actions.OrderFault as fault:
        form.add_error(None, str(fault))
        return asked_again(request, "orders/deliver.html", context)
    return to("orders_provider:order", pk)


def _inbox(request: Request, template: str) -> HttpResponse:
    offset = offset_of(request)
    rows = queries.inbox(request.actor, request.now, offset)
    context = {
        "rows": rows,
        "older": f"?from={offset + PAGE}" if len(rows) == PAGE else "",
        "newer": f"?from={max(0, offset - PAGE)}" if offset else "",
    }
    return render(request, template, context)


def _letter(request: Request, found: Order, **forms: Any) -> HttpResponse:
    """Show an opened order. A protected person's is shown to the named few alone (OSL 22:1)."""
    letter = queries.handed_letter(request.actor, found)
    if not may(request.actor, "people.read", letter.person):
        names = may(request.actor, "people.name_the_few", letter.person)
        context = {"order": found, "names_the_few": names, "person_id": letter.person_id}
        return render(request, "orders/protected.html", context)
    person = people.read(request.actor, letter.person_id, now=request.now)
    context = {
        "order": found,
        "letter": letter,
        "person": person,
        "header": people.header(request.actor, person, now=request.now),
        "late": found.late(request.now),
        "deliveries": queries.delivered(found),
        "answers": may(request.actor, "orders.answer"),
        "confirm_form": ConfirmForm(order=found, prefix="confirm", initial={"start": letter.starts_on}),
        "decline_form": DeclineForm(prefix="decline"),
        "recall_form": RecallAnswerForm(prefix="recall"),
    }
    return render(
        request,
        "orders/letter.html",
        context | forms | {"has_errors": bool(forms)},
        status=422 if forms else 200,
    )
