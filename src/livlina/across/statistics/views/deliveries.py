"""Files to the state: what is due, one flow, one delivery, and the steps it goes through."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.statistics import actions
from livlina.across.statistics.forms import CheckForm, PeriodForm, SentForm, SettleForm
from livlina.across.statistics.layout import newest
from livlina.across.statistics.models import Delivery
from livlina.across.statistics.periods import Period
from livlina.across.statistics.queries import deliveries as queries
from livlina.across.statistics.sending import sender
from livlina.across.statistics.states import ORDER, state_of, state_words
from livlina.core.access import may
from livlina.core.clock import day_of
from livlina.core.views import Request

WRONG = (
    actions.NoLayout,
    actions.PeriodNotOver,
    actions.Unsettled,
    actions.CannotNow,
    actions.HeldRows,
    actions.ReceiptMissing,
)
ROUTES = {"officer": "statistics", "provider": "statistics_provider"}
ELSEWHERE = [
    ("Beslut som inte är verkställda, till IVO", "unexecuted:list", "unexecuted.list"),
    ("Förteckningen över placerade barn, till IVO", "placements:list", "placements.register"),
]
"""What goes to the state from rooms of its own."""


def listed(request: Request, side: str) -> HttpResponse:
    """What is due, and what became of it."""
    rows = queries.due(request.actor, side, request.now)
    elsewhere = [row for row in ELSEWHERE if side == "officer" and may(request.actor, row[2])]
    return _page(request, side, "deliveries", rows=rows, elsewhere=elsewhere)


def flow(
    request: Request, side: str, name: str, *, refused: str = "", form: PeriodForm | None = None
) -> HttpResponse:
    """One flow: its layout in words, every delivery, and a form that makes the next."""
    layout = queries.flow_of(request.actor, name, side)
    made = queries.history(request.actor, name)
    form = form or PeriodForm(periods=queries.periods(layout, request.now))
    return _page(
        request,
        side,
        "flow",
        refused,
        layout=layout,
        made=made,
        form=form,
        sends=queries.may_send(request.actor),
        **_makings(request, name),
    )


def made(request: Request, side: str, name: str) -> HttpResponse:
    """The files that are made and being made, for a page that waits for one."""
    layout = queries.flow_of(request.actor, name, side)
    context = {"layout": layout, "ns": ROUTES[side], "made": queries.history(request.actor, name)}
    return render(request, "statistics/made.html", context | _makings(request, name))


def _makings(request: Request, name: str) -> dict[str, Any]:
    found = queries.makings(request.actor, name, request.now)
    return {"makings": found, "waits": any(one.ended_at is None for one in found)}


def make(request: Request, side: str, name: str) -> HttpResponse:
    """Ask for the file of a period: it is made beside, and shown when it is."""
    layout = queries.flow_of(request.actor, name, side)
    form = PeriodForm(request.POST, periods=queries.periods(layout, request.now))
    if not form.is_valid():
        return flow(request, side, name, form=form)
    period = Period.parse(form.cleaned_data["period"], layout.period)
    if period is None:
        raise Http404
    try:
        actions.ask(name, period, by=request.actor, now=request.now)
    except WRONG as wrong:
        return flow(request, side, name, refused=str(wrong), form=form)
    messages.success(request, "Filen görs nu. Du kan göra annat så länge.")
    return HttpResponseRedirect(reverse(f"{ROUTES[side]}:flow", args=[name]) + "#made")


def delivery(request: Request, side: str, key: UUID, *, refused: str = "", form: Any = None) -> HttpResponse:
    """One delivery: what it holds, what is held, how it differs, what happened, and the next step."""
    one = queries.one(request.actor, key)
    layout = queries.layout_of(one)
    if layout.side != side:
        raise Http404
    state, other = state_of(one), queries.before(one)
    sends = queries.may_send(request.actor)
    forms = {"made": CheckForm, "checked": SentForm, "unknown": SettleForm}
    made = form or (forms[state]() if sends and state in forms else None)
    return _page(
        request, side, "delivery", refused, one=one, layout=layout, state=state, words=state_words(state),
        color=queries.COLORS.get(state, "neutral"), other=other,
        difference=queries.difference(one, other) if other else None, events=sorted(one.events.all(), key=_order),
        form=made, sends=sends, machine=sender() is not None, shown=one.problems[:200],
    )  # fmt: skip


def check(request: Request, side: str, key: UUID) -> HttpResponse:
    """Say that the file may be sent."""
    form = CheckForm(request.POST)

    def act(one: Delivery) -> None:
        actions.check(
            one, without_held=bool(form.cleaned_data.get("without_held")), by=request.actor, now=request.now
        )

    return _step(request, side, key, form, act, "Filen är kontrollerad.")


def sent(request: Request, side: str, key: UUID) -> HttpResponse:
    """Say that the file was put in the receiver's e-service."""
    form = SentForm(request.POST)

    def act(one: Delivery) -> None:
        said = form.cleaned_data
        actions.sent_by_hand(
            one, arrived=said["how"] == "arrived", receipt=said["receipt"], by=request.actor, now=request.now
        )

    return _step(request, side, key, form, act, "Det är antecknat.")


def settle(request: Request, side: str, key: UUID) -> HttpResponse:
    """Say what the receiver answered afterwards."""
    form = SettleForm(request.POST)

    def act(one: Delivery) -> None:
        said = form.cleaned_data
        actions.settle(
            one, arrived=said["how"] == "arrived", words=said["words"], by=request.actor, now=request.now
        )

    return _step(request, side, key, form, act, "Det är antecknat.")


def order(request: Request, side: str, key: UUID) -> HttpResponse:
    """Leave the file to the adapter."""

    def act(one: Delivery) -> None:
        actions.order(one, by=request.actor, now=request.now)

    return _step(request, side, key, None, act, "Filen skickas strax.")


def content(request: Request, side: str, key: UUID) -> HttpResponse:
    """The file, for whoever sends it by hand."""
    one = queries.one(request.actor, key)
    answer = HttpResponse(queries.content(request.actor, one, request.now), content_type="text/plain")
    answer["Content-Disposition"] = f'attachment; filename="{one.flow}-{one.period}-{one.number}.txt"'
    answer["Cache-Control"] = "no-store"
    return answer


def due(request: Request, side: str, key: UUID) -> HttpResponse:
    """Where the watch of a period leads."""
    for layout in newest():
        period = Period.of(day_of(request.now), layout.period)
        for _ in range(queries.BACK):
            period = period.before
            if period.key(layout.flow, request.actor.municipality_id) == key and layout.side == side:
                return HttpResponseRedirect(reverse(f"{ROUTES[side]}:flow", args=[layout.flow]))
    raise Http404


def _order(event: Any) -> tuple[Any, int]:
    return event.at, ORDER.index(event.kind)


def _step(
    request: Request, side: str, key: UUID, form: Any, act: Callable[[Delivery], None], words: str
) -> HttpResponse:
    """Take one step of a delivery, or show why it cannot be taken."""
    one = queries.one(request.actor, key)
    if form is not None and not form.is_valid():
        return delivery(request, side, key, form=form)
    try:
        act(one)
    except WRONG as wrong:
        return delivery(
            request,
            side,
            key,
            refused=str(wrong),
            form=None if isinstance(wrong, actions.CannotNow) else form,
        )
    messages.success(request, words)
    return _to(side, one)


def _to(side: str, one: Delivery) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"{ROUTES[side]}:delivery", args=[one.pk]))


def _page(request: Request, side: str, template: str, refused: str = "", **context: Any) -> HttpResponse:
    form = context.get("form")
    wrong = bool(refused) or bool(form is not None and form.is_bound and form.errors)
    more = {"layout_page": f"ui/{side}.html", "ns": ROUTES[side], "refused": refused, "has_errors": wrong}
    return render(request, f"statistics/{template}.html", {**context, **more}, status=422 if wrong else 200)


__all__ = ["check", "content", "delivery", "due", "flow", "listed", "made", "make", "order", "sent", "settle"]
