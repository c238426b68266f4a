"""The orderer's pages: the order, the two steps of sending it, taking it back, and what is unread."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.orders import actions, queries
from livlina.registers.orders.forms import EndForm, ProviderForm, RecallForm, SendForm
from livlina.registers.orders.models import Order, OrderVersion, Provider
from livlina.registers.orders.queries.orderer import PAGE
from livlina.registers.orders.views.common import asked_again, attempt, offset_of, to
from livlina.registers.people import queries as people


def _about(request: Request, pk: UUID) -> tuple[Order, OrderVersion, dict[str, Any]]:
    """Open an order and the person it is about, which is recorded, and return what every page of it shows."""
    order = queries.order_for(request.actor, pk)
    letter = queries.letter_of(request.actor, order)
    person = people.read(request.actor, letter.person_id, now=request.now)
    header = people.header(request.actor, person, now=request.now, current="orders:of_person")
    return order, letter, {"order": order, "letter": letter, "person": person, "header": header}


@page("officer", "orders.read")
def order(request: Request, pk: UUID) -> HttpResponse:
    """One order: what it says, where it stands, what has happened."""
    found, letter, context = _about(request, pk)
    context |= {
        "figures": queries.figures(found, letter),
        "history": queries.history(found),
        "deliveries": queries.delivered(found),
        "late": found.late(request.now),
    }
    return render(request, "orders/order.html", context)


@page("officer", "orders.read")
def delivery(request: Request, pk: UUID) -> HttpResponse:
    """From a report to its order."""
    return to("orders:order", queries.delivery_order(request.actor, pk))


@require_http_methods(["GET", "POST"])
@page("officer", "orders.change")
def choose(request: Request, pk: UUID) -> HttpResponse:
    """The first step: choose who is to carry it out."""
    found, letter, context = _about(request, pk)
    choices = queries.choices(request.actor, letter.service, found.area, day_of(request.now))
    form = ProviderForm(request.POST or None, choices=choices, initial={"provider": found.provider_id})
    context |= {"form": form, "choices": choices}
    if request.method == "GET":
        return render(request, "orders/choose.html", context)
    if not form.is_valid():
        return asked_again(request, "orders/choose.html", context)
    provider = get_object_or_404(Provider, pk=form.provider_id())
    try:
        actions.choose_provider(found, provider, by=request.actor, now=request.now)
    except actions.OrderFault as fault:
        form.add_error("provider", str(fault))
        return asked_again(request, "orders/choose.html", context)
    return to("orders:send", pk)


@require_http_methods(["GET", "POST"])
@page("officer", "orders.send", once=True)
def send(request: Request, pk: UUID) -> HttpResponse:
    """The second step: the provider's name once more, then it leaves the house."""
    found, letter, context = _about(request, pk)
    if found.provider is None:
        return to("orders:choose", pk)
    if found.state != "draft":
        return to("orders:order", pk)
    choices = queries.choices(request.actor, letter.service, found.area, day_of(request.now))
    chosen = next((choice for choice in choices if choice.provider == found.provider), None)
    alike = chosen.alike if chosen else []
    form = SendForm(request.POST or None, name=found.provider.name, alike=alike)
    context |= {"form": form, "provider": found.provider, "choice": chosen, "alike": alike}
    if request.method == "GET":
        return render(request, "orders/send.html", context)
    if not form.is_valid():
        return asked_again(request, "orders/send.html", context)
    name = form.cleaned_data["repeated_name"]
    try:
        actions.send_order(found, repeated_name=name, by=request.actor, now=request.now)
    except actions.OrderFault as fault:
        form.add_error("repeated_name" if alike else None, str(fault))
        return asked_again(request, "orders/send.html", context)
    return to("orders:order", pk)


@require_http_methods(["GET", "POST"])
@page("officer", "orders.recall", once=True)
def recall(request: Request, pk: UUID) -> HttpResponse:
    """Take an unopened order back; an opened one only with the provider's consent, which is asked for here."""
    found, _, context = _about(request, pk)
    if not found.is_waiting:
        return to("orders:order", pk)
    form = RecallForm(request.POST or None)
    context |= {"form": form}
    if request.method == "GET":
        return render(request, "orders/recall.html", context)
    if not form.is_valid():
        return asked_again(request, "orders/recall.html", context)
    reason = form.cleaned_data["reason"]
    if request.POST.get("ask") == "1":
        attempt(request, lambda: actions.ask_recall(found, reason=reason, by=request.actor, now=request.now),
                "Utföraren har fått frågan. Du får en bevakning om de säger nej.")  # fmt: skip
    else:
        attempt(request, lambda: actions.recall_order(found, reason=reason, by=request.actor, now=request.now),
                "Beställningen är återkallad. Utföraren har inte sett något av innehållet.")  # fmt: skip
    return to("orders:order", pk)


@require_POST
@page("officer", "orders.change", once=True)
def again(request: Request, pk: UUID) -> HttpResponse:
    """Write the same order anew, for another provider."""
    found = queries.order_for(request.actor, pk)
    made: list[Order] = []
    attempt(request, lambda: made.append(actions.draft_again(found, by=request.actor, now=request.now)),
            "Utkastet har samma innehåll. Välj utförare.")  # fmt: skip
    return to("orders:choose", made[0].pk) if made else to("orders:order", pk)


@require_http_methods(["GET", "POST"])
@page("officer", "orders.end", once=True)
def end(request: Request, pk: UUID) -> HttpResponse:
    """End a running order."""
    found, _, context = _about(request, pk)
    form = EndForm(request.POST or None)
    context |= {"form": form}
    if request.method == "GET":
        return render(request, "orders/end.html", context)
    if not form.is_valid():
        return asked_again(request, "orders/end.html", context)
    try:
        actions.end_order(found, **form.cleaned_data, by=request.actor, now=request.now)
    except actions.OrderFault as fault:
        form.add_error("end_date", str(fault))
        return asked_again(request, "orders/end.html", context)
    return to("orders:order", pk)


@page("officer", "orders.read")
def unread(request: Request) -> HttpResponse:
    """What the unit waits for an answer to, the most pressing first."""
    return _unread(request, "orders/unread.html")


@page("officer", "orders.read")
def unread_piece(request: Request) -> HttpResponse:
    """How much is unread, and for how long, as a piece of another page."""
    return render(
        request, "orders/unread_piece.html", {"unread": queries.unread_count(request.actor, request.now)}
    )


@page("officer", "orders.read")
def of_person(request: Request, person_id: UUID) -> HttpResponse:
    """The orders about a person."""
    found = people.read(request.actor, person_id, now=request.now)
    header = people.header(request.actor, found, now=request.now, current="orders:of_person")
    context = {"person": found, "header": header, "letters": queries.of_person(request.actor, person_id)}
    return render(request, "orders/of_person.html", context)


@page("officer", "orders.read")
def of_source(request: Request, source_type: str, source_id: UUID) -> HttpResponse:
    """The orders that rest on a case, as a piece of its page."""
    letters = queries.of_source(request.actor, (source_type, source_id))
    if letters:
        audit.read(request.actor, "orders.read", now=request.now, person_id=letters[0].person_id)
    return render(request, "orders/piece.html", {"letters": letters})


def _unread(request: Request, template: str) -> HttpResponse:
    offset = offset_of(request)
    letters = queries.unread(request.actor, request.now, offset)
    if letters:
        persons = [str(letter.person_id) for letter in letters]
        audit.read(request.actor, "orders.read", now=request.now, detail={"persons": persons})
    rows = [{"letter": letter, "order": letter.order, "late": letter.order.late(request.now),
             "age": request.now - (letter.order.sent_at or request.now)} for letter in letters]  # fmt: skip
    context = {
        "rows": rows,
        "unread": queries.unread_count(request.actor, request.now),
        "older": f"?from={offset + PAGE}" if len(rows) == PAGE else "",
        "newer": f"?from={max(0, offset - PAGE)}" if offset else "",
    }
    return render(request, template, context)
