"""The provider's pages about units: the register, installations, tests, what stops working."""

import csv
import io
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.access import demand, fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.provider.alarms.actions import units as actions
from livlina.provider.alarms.actions.signals import INSTALLING_FOR, TESTING_FOR, test_until
from livlina.provider.alarms.forms_units import (
    FilterForm,
    MoveForm,
    NewUnitForm,
    PendantForm,
    StockForm,
    UnitForm,
)
from livlina.provider.alarms.models import AlarmUnit, Pendant
from livlina.provider.alarms.queries import ringing
from livlina.provider.alarms.queries import units as queries
from livlina.provider.alarms.queries.supervision import listening
from livlina.provider.alarms.views.trying import attempt, offset_of
from livlina.provider.alarms.wording_units import event_words
from livlina.registers.orders.models import OrderVersion
from livlina.registers.people import queries as people

PAGE = queries.PAGE
_attempt = partial(attempt, refusal=actions.UnitRefused)


@page("provider", "alarms.units")
def units(request: Request) -> HttpResponse:
    """The register, as the filters in the address choose."""
    form = FilterForm(request.GET, choices=queries.choices(request.actor))
    chosen = form.cleaned_data if form.is_valid() else {}
    offset = offset_of(request)
    rows = list(queries.units(request.actor, chosen)[offset : offset + PAGE + 1])
    sees = ringing.named(request.actor, day_of(request.now))
    persons = [str(row.person_id) for row in rows if row.person_id]
    if persons:
        audit.read(request.actor, "alarms.units", now=request.now, detail={"persons": persons})
    context = {
        "form": form,
        "rows": [(row, _name(row, sees)) for row in rows[:PAGE]],
        "states": queries.by_state(request.actor),
        "listening": listening(request.now),
        "older": _at(request, offset + PAGE) if len(rows) > PAGE else "",
        "newer": _at(request, max(0, offset - PAGE)) if offset else "",
    }
    return render(request, "alarms/units.html", context)


@page("provider", "alarms.units")
def unit(request: Request, pk: UUID) -> HttpResponse:
    """One unit: at whose home, its buttons, what has happened to it."""
    return _unit(request, queries.unit(request.actor, pk))


@page("provider", "alarms.units")
def part(request: Request, pk: UUID) -> HttpResponse:
    """Go to the unit a watch is about, or the unit whose button it is about."""
    return redirect("alarms_provider:unit", queries.unit_of_part(request.actor, pk))


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.add_unit", once=True)
def add(request: Request) -> HttpResponse:
    """Enter a unit into the stock."""
    form = NewUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_unit(**form.cleaned_data, by=request.actor, now=request.now)
            return redirect("alarms_provider:unit", made.pk)
        except actions.UnitRefused as refusal:
            form.add_error("number", str(refusal))
    return _form(request, "alarms/unit_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.keep_unit", once=True)
def change(request: Request, pk: UUID) -> HttpResponse:
    """Change what is known of a unit."""
    found = queries.unit(request.actor, pk, "alarms.keep_unit")
    form = UnitForm(request.POST or None, instance=AlarmUnit.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        actions.change_unit(found, **form.cleaned_data, by=request.actor, now=request.now)
        return redirect("alarms_provider:unit", pk)
    return _form(request, "alarms/unit_form.html", {"form": form, "unit": found})


@require_POST
@page("provider", "alarms.keep_unit", once=True)
def add_pendant(request: Request, pk: UUID) -> HttpResponse:
    """Add a button."""
    found = queries.unit(request.actor, pk, "alarms.keep_unit")
    form = PendantForm(request.POST, prefix="pendant")
    if not form.is_valid():
        return _unit(request, found, form=form)
    actions.add_pendant(found, **form.cleaned_data, by=request.actor, now=request.now)
    return redirect(_back(found), pk)


@require_POST
@page("provider", "alarms.keep_unit", once=True)
def remove_pendant(request: Request, pk: UUID) -> HttpResponse:
    """Take a button out of use."""
    own = Pendant.objects.select_related("unit")
    button = own.filter(pk=pk).first()
    found = queries.unit(request.actor, button.unit_id if button else pk, "alarms.keep_unit")
    if button is not None:
        actions.remove_pendant(button, by=request.actor, now=request.now)
    return redirect(_back(found), found.pk)


@require_POST
@page("provider", "alarms.keep_unit", once=True)
def test(request: Request, pk: UUID) -> HttpResponse:
    """Begin the monthly test."""
    found = queries.unit(request.actor, pk, "alarms.keep_unit")
    minutes = int(TESTING_FOR.total_seconds() // 60)
    words = f"Tryck på varje knapp en gång inom {minutes} minuter. Trycker någon igen räknas det som ett riktigt larm."
    _attempt(request, lambda: actions.begin_test(found, by=request.actor, now=request.now), words)
    return redirect("alarms_provider:unit", pk)


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.keep_unit", once=True)
def give_back(request: Request, pk: UUID) -> HttpResponse:
    """Take a unit out of use, after asking."""
    found = queries.unit(request.actor, pk, "alarms.keep_unit")
    if request.method == "GET":
        return render(request, "alarms/unit_return.html", {"unit": found})
    actions.return_unit(found, by=request.actor, now=request.now)
    messages.success(request, "Larmenheten är återlämnad.")
    return redirect("alarms_provider:unit", pk)


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.keep_unit", once=True)
def move(request: Request, pk: UUID) -> HttpResponse:
    """Take a unit to somebody else whose order waits for one."""
    found = queries.unit(request.actor, pk, "alarms.keep_unit")
    sees, letters = ringing.named(request.actor, day_of(request.now)), queries.installations(request.actor)
    choices = [(str(row.order_id), _called(row, sees)) for row in letters if row.order_id != found.order_id]
    form = MoveForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        to = UUID(form.cleaned_data["order"])
        do = partial(actions.begin_installation, found, to, by=request.actor, now=request.now)
        if _attempt(request, do, "Larmenheten är flyttad. Provtryck varje knapp hos den nya personen."):
            return redirect("alarms_provider:commission", pk)
    if choices:
        persons = [str(row.person_id) for row in letters]
        audit.read(request.actor, "alarms.units", now=request.now, detail={"persons": persons})
    return _form(request, "alarms/unit_move.html", {"form": form, "unit": found, "anyone": bool(choices)})


@page("provider", "alarms.units")
def installations(request: Request) -> HttpResponse:
    """Confirmed orders of social alarms with no unit in use."""
    letters = queries.installations(request.actor)
    begun = {
        one.order_id: one
        for one in AlarmUnit.objects.filter(order__in=[row.order_id for row in letters], state="installing")
    }
    sees = ringing.named(request.actor, day_of(request.now))
    rows = [(row, _called(row, sees), begun.get(row.order_id)) for row in letters]
    if letters:
        persons = [str(row.person_id) for row in letters]
        audit.read(request.actor, "alarms.units", now=request.now, detail={"persons": persons})
    return render(request, "alarms/unit_installations.html", {"rows": rows, "today": day_of(request.now)})


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.units", once=True)
def install(request: Request, pk: UUID) -> HttpResponse:
    """One installation: choose a unit from the stock and take it to the person. `pk` is the order's."""
    letters = OrderVersion.objects.select_related("order", "person").order_by("-number")
    letter = fetch(request.actor, "orders.read_content", letters, order_id=pk)
    there = AlarmUnit.objects.filter(order_id=pk, state__in=("installing", "active")).first()
    if there is not None:
        return redirect(_back(there), there.pk)
    form = StockForm(request.POST or None, spare=queries.spare(request.actor))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["unit"]
        demand(request.actor, "alarms.keep_unit", chosen)
        begin = partial(actions.begin_installation, chosen, pk, by=request.actor, now=request.now)
        if _attempt(
            request, begin, "Larmenheten är kopplad till personen. Lägg in knapparna och provtryck dem."
        ):
            return redirect("alarms_provider:commission", chosen.pk)
        return redirect("alarms_provider:install", pk)
    opens = may(request.actor, "people.read", letter.person)
    person = people.read(request.actor, letter.person_id, now=request.now) if opens else None
    context = {"letter": letter, "form": form, "person": person, "header": _header(request, person)}
    return _form(request, "alarms/unit_install.html", context)


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.keep_unit", once=True)
def commission(request: Request, pk: UUID) -> HttpResponse:
    """Which buttons have been heard; taken into use only when all have. Nobody ticks a button."""
    found = queries.unit(request.actor, pk, "alarms.keep_unit")
    if request.method == "POST":
        return _commission(request, found)
    audit.read(request.actor, "alarms.units", now=request.now, obj=found, person_id=found.person_id)
    context = _heard(request, found) | {"form": PendantForm(prefix="pendant")}
    return render(request, "alarms/unit_commission.html", context)


@page("provider", "alarms.keep_unit")
def commission_piece(request: Request, pk: UUID) -> HttpResponse:
    """The list of heard buttons, as it now is."""
    return render(
        request,
        "alarms/unit_heard.html",
        _heard(request, queries.unit(request.actor, pk, "alarms.keep_unit")),
    )


@page("provider", "alarms.units")
def overdue(request: Request, pk: UUID | None = None) -> HttpResponse:
    """Buttons not tested for a month. A watch leads here with the team's id; the list is the actor's own."""
    rows = list(queries.overdue(request.actor, request.now)[:200])
    sees = ringing.named(request.actor, day_of(request.now))
    if rows:
        persons = [str(row.unit.person_id) for row in rows]
        audit.read(request.actor, "alarms.units", now=request.now, detail={"persons": persons})
    shown = [(row, _name(row.unit, sees), (request.now - row.last).days) for row in rows]  # type: ignore[attr-defined]
    return render(request, "alarms/unit_overdue.html", {"rows": shown})


@page("provider", "alarms.units")
def ending(request: Request) -> HttpResponse:
    """Units whose mobile network is closed, or closes 2027-12-31."""
    found = queries.ending(request.actor)
    persons = [str(one.unit.person_id) for one in found[:200] if one.unit.person_id]
    if persons:
        audit.read(request.actor, "alarms.units", now=request.now, detail={"persons": persons})
    sees = ringing.named(request.actor, day_of(request.now))
    context = {
        "rows": [(one, _name(one.unit, sees)) for one in found[:200]],
        "counted": queries.ending_by_operator(found),
        "number": len(found),
        "closed": sum(one.already for one in found),
    }
    return render(request, "alarms/unit_ending.html", context)


@page("provider", "alarms.units")
def ending_csv(request: Request) -> HttpResponse:
    """The same as a file for a spreadsheet, without names."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";")
    out.writerow(
        ("Enhetsnummer", "Läge", "Modell", "Modem", "Operatör", "SIM", "Andra operatör", "Andra SIM",
         "Slutar fungera", "Varför")
    )  # fmt: skip
    for one in queries.ending(request.actor):
        of = one.unit
        out.writerow(
            (of.number, of.get_state_display(), of.model, of.get_modem_display(), of.operator, of.sim, of.second_operator,
             of.second_sim, one.on.isoformat(), one.why)
        )  # fmt: skip
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="larm-som-slutar-fungera.csv"'
    return answer


def _commission(request: Request, found: AlarmUnit) -> HttpResponse:
    """Take it into use; or go on with an installation whose time for tests has passed."""
    if request.POST.get("do") == "go_on" and found.order_id:
        again = partial(actions.begin_installation, found, found.order_id, by=request.actor, now=request.now)
        _attempt(request, again, "Installationen fortsätter. Provtryck knapparna.")
        return redirect("alarms_provider:commission", found.pk)
    ready = partial(actions.commission, found, by=request.actor, now=request.now)
    done = _attempt(request, ready, "Larmet är i drift. Alla knappar är provtryckta.")
    return redirect("alarms_provider:unit" if done else "alarms_provider:commission", found.pk)


def _unit(request: Request, found: AlarmUnit, form: PendantForm | None = None) -> HttpResponse:
    opens = found.person is not None and may(request.actor, "people.read", found.person)
    person = (
        people.read(request.actor, found.person_id, now=request.now) if opens and found.person_id else None
    )
    if person is None and found.person_id:
        audit.read(request.actor, "alarms.units", now=request.now, obj=found, person_id=found.person_id)
    context = {
        "unit": found,
        "person": person,
        "header": _header(request, person),
        "hidden": found.person_id is not None and person is None,
        "pendants": queries.pendants(found),
        "listening": listening(request.now),
        "test_until": test_until(found, request.now),
        "events": [(one, event_words(one)) for one in queries.history(found)],
        "keeps": may(request.actor, "alarms.keep_unit", found),
        "form": form or PendantForm(prefix="pendant"),
        "has_errors": form is not None,
    }
    return render(request, "alarms/unit.html", context, status=422 if form else 200)


def _heard(request: Request, found: AlarmUnit) -> dict[str, object]:
    """What the commissioning page shows: each button, and whether somebody's presses still count as tests."""
    pendants, events = queries.pendants(found), queries.history(found, 60)
    begun = next((one.at for one in events if one.what == "install_begun"), None)
    known = {one.device.casefold() for one in pendants}
    strange = {one.codes[0] for one in events if one.what == "unknown_pendant" and one.codes}
    return {
        "unit": found,
        "pendants": pendants,
        "unheard": sum(1 for one in pendants if one.tested_at is None),
        "unverified": any(one.what == "unverified" and begun and one.at >= begun for one in events),
        "strange": sorted(one for one in strange if one.casefold() not in known and one != "-"),
        "open": begun is not None and request.now - begun < INSTALLING_FOR,
        "until": begun + INSTALLING_FOR if begun else None,
        "person": found.person if found.person and may(request.actor, "people.read", found.person) else None,
    }


def _header(request: Request, person: object) -> object:
    """The person header, of a person opened."""
    return people.header(request.actor, person, now=request.now) if person else None  # type: ignore[arg-type]


def _name(unit: AlarmUnit, sees: frozenset[UUID]) -> str:
    if unit.person is None:
        return ""
    hidden = unit.person.is_protected and unit.person_id not in sees
    return ringing.PROTECTED if hidden else unit.person.name


def _called(letter: OrderVersion, sees: frozenset[UUID]) -> str:
    hidden = letter.person.is_protected and letter.person_id not in sees
    return ringing.PROTECTED if hidden else letter.person.name


def _back(unit: AlarmUnit) -> str:
    """Where one was: an installation that goes on has a page of its own."""
    return "alarms_provider:commission" if unit.state == "installing" else "alarms_provider:unit"


def _form(request: Request, template: str, context: dict[str, object]) -> HttpResponse:
    """Show a form, or show it again with everything that was written."""
    again = request.method == "POST"
    return render(request, template, context | {"has_errors": again}, status=422 if again else 200)


def _at(request: Request, offset: int) -> str:
    """The address of another part of the list, with the filters it has."""
    chosen = request.GET.copy()
    chosen["from"] = str(offset)
    return f"?{chosen.urlencode()}"
