"""The provider's pages about doors: which there are, what each lock rests on, who may open, who has."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from livlina.core import audit
from livlina.core.access import may
from livlina.core.clock import day_of
from livlina.core.models import Unit
from livlina.core.views import Request, page
from livlina.provider.doors import actions, adapters, queries
from livlina.provider.doors.actions.locks import missing_consents
from livlina.provider.doors.faults import DoorRefused
from livlina.provider.doors.forms import ConsentForm, FitterKeyForm, FittingForm, OrderForm, UnitForm, WhyForm
from livlina.provider.doors.models import Consent, Lock, LockUnit
from livlina.provider.doors.protocol.faults import REASONS, WORDS
from livlina.provider.doors.queries import errands
from livlina.provider.doors.queries import locks as reads
from livlina.registers.people import queries as people

DOOR = "doors_provider:door"


@page("provider", "doors.list")
@require_safe
def doors(request: Request) -> HttpResponse:
    """The doors of the unit: which lock, in what state, agreed to by whom."""
    rows = queries.unit_locks(request.actor)
    named = [str(lock.person_id) for lock in rows if lock.readable]  # type: ignore[attr-defined]
    if named:
        audit.read(request.actor, "doors.list", now=request.now, detail={"persons": named})
    return render(
        request, "doors/doors.html", {"rows": rows, "manager": may(request.actor, "doors.emergencies")}
    )


@page("provider", "doors.read")
@never_cache
@require_safe
def door(request: Request, pk: UUID) -> HttpResponse:
    """One door."""
    return _door(request, queries.lock_of(request.actor, pk))


@page("provider", "doors.read_log")
@require_safe
def log(request: Request, pk: UUID) -> HttpResponse:
    """What the lock has written."""
    lock = queries.lock_of(request.actor, pk, "doors.read_log")
    number = page_of(request)
    rows = queries.log_of(request.actor, lock, number)
    audit.read(request.actor, "doors.read_log", now=request.now, person_id=lock.person_id, obj=lock)
    context = {
        "lock": lock,
        "reasons": REASONS,
        "faults": WORDS,
        "keeps": may(request.actor, "doors.keep", lock),
    }
    return render(request, "doors/log.html", context | paged(rows, number))


@page("provider", "doors.read")
@require_safe
def of_person(request: Request, person_id: UUID) -> HttpResponse:
    """A person's doors and keys; a lock is ordered here."""
    return _person(request, person_id)


@page("provider", "doors.order_lock", once=True)
@require_POST
def order(request: Request, person_id: UUID) -> HttpResponse:
    """Order a lock to a person's door."""
    person = people.read(request.actor, person_id, now=request.now)
    form = OrderForm(request.POST, vendors=adapters.vendors(), today=day_of(request.now))
    if form.is_valid():
        try:
            lock = actions.order_lock(person, **form.cleaned_data, by=request.actor, now=request.now)
        except DoorRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Låset är beställt. Anteckna samtyckena innan det monteras.")
            return redirect(DOOR, lock.pk)
    return _person(request, person_id, form=form)


@page("provider", "doors.keep", once=True)
@require_POST
def consent(request: Request, pk: UUID) -> HttpResponse:
    """Note a consent."""
    lock = queries.lock_of(request.actor, pk, "doors.keep")
    form = ConsentForm(request.POST, prefix="consent", today=day_of(request.now))
    if not form.is_valid():
        return _door(request, lock, consent_form=form)
    return _done(
        request, lock, lambda: actions.give_consent(lock, **form.cleaned_data, by=request.actor, now=request.now),
        "Samtycket är antecknat.",
    )  # fmt: skip


@page("provider", "doors.keep", once=True)
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """Note that a consent was taken back."""
    given = get_object_or_404(Consent.objects.select_related("lock"), pk=pk)
    lock = queries.lock_of(request.actor, given.lock_id, "doors.keep")
    return _done(
        request, lock, lambda: actions.withdraw_consent(given, by=request.actor, now=request.now),
        "Samtycket är återkallat. Inga nya nycklar görs till låset.",
    )  # fmt: skip


@page("provider", "doors.keep", once=True)
@require_POST
def plan(request: Request, pk: UUID) -> HttpResponse:
    """Say when a lock is fitted."""
    lock = queries.lock_of(request.actor, pk, "doors.keep")
    form = FittingForm(request.POST, prefix="plan")
    if not form.is_valid():
        return _door(request, lock, plan_form=form)
    return _done(
        request, lock, lambda: actions.plan_fitting(lock, **form.cleaned_data, by=request.actor, now=request.now),
        "Monteringen är planerad.",
    )  # fmt: skip


@page("provider", "doors.keep")
@never_cache
@require_POST
def fitter_key(request: Request, pk: UUID) -> HttpResponse:
    """Make the fitter's key: shown here and never again."""
    lock = queries.lock_of(request.actor, pk, "doors.keep")
    phones = errands.phones(lock.unit_id)
    form = FitterKeyForm(request.POST, prefix="key", phones=_choices(phones))
    if not form.is_valid():
        return _door(request, lock, key_form=form)
    key = phones[int(form.cleaned_data["phone"])]
    try:
        made = actions.make_fitter_key(lock, key.carer_id, key.public, by=request.actor, now=request.now)
    except DoorRefused as refusal:
        form.add_error(None, str(refusal))
        return _door(request, lock, key_form=form)
    return _door(request, lock, made=made, status=200)


DEEDS: dict[str, tuple[str, Callable[..., object], str]] = {
    "fitted": ("doors.fit", actions.fit_lock, "Låset är i bruk."),
    "mended": ("doors.fit", actions.mend_lock, "Låset fungerar igen."),
    "removed": ("doors.keep", actions.remove_lock, "Låset är borttaget. Loggen finns kvar."),
}
WITH_WORDS: dict[str, tuple[str, Callable[..., object], str, str]] = {
    "fault": ("doors.fit", actions.report_fault, "Vad är fel?", "Låset är ur funktion. Gå med metallnyckeln."),
    "rekey": (
        "doors.keep", actions.rekey, "Varför byts nyckeln?", "Nyckeln byts. Låset får veta det av nästa telefon.",
    ),
    "hole": ("doors.keep", actions.accept_hole, "Varför kommer raderna inte?", "Hålet är förklarat."),
}  # fmt: skip


@page("provider", "doors.fit", once=True)
@require_POST
def do(request: Request, pk: UUID, deed: str) -> HttpResponse:
    """Do one thing that needs no words."""
    verb, act, words = DEEDS[deed]
    lock = queries.lock_of(request.actor, pk, verb)
    return _done(request, lock, lambda: act(lock, by=request.actor, now=request.now), words)


@page("provider", "doors.fit", once=True)
@require_http_methods(["GET", "POST"])
def say(request: Request, pk: UUID, deed: str) -> HttpResponse:
    """Do one thing, and say why."""
    verb, act, label, words = WITH_WORDS[deed]
    lock = queries.lock_of(request.actor, pk, verb)
    form = WhyForm(request.POST or None, label=label)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return _done(request, lock, lambda: act(lock, text, by=request.actor, now=request.now), words)
    return render(
        request, "doors/say.html", {"lock": lock, "form": form, "deed": deed}, status=422 if form.is_bound else 200
    )  # fmt: skip


@page("provider", "doors.keep", once=True)
@require_POST
def let_in(request: Request, pk: UUID) -> HttpResponse:
    """Let another unit in."""
    lock = queries.lock_of(request.actor, pk, "doors.keep")
    form = UnitForm(request.POST, prefix="unit", units=_units(lock))
    if not form.is_valid():
        return _door(request, lock, unit_form=form)
    said = form.cleaned_data | {"unit": Unit.objects.get(pk=form.cleaned_data["unit"])}
    return _done(
        request, lock, lambda: actions.let_unit_in(lock, **said, by=request.actor, now=request.now),
        "Enheten får öppna dörren.",
    )  # fmt: skip


@page("provider", "doors.keep", once=True)
@require_POST
def end_unit(request: Request, pk: UUID) -> HttpResponse:
    """End another unit's way in."""
    row = get_object_or_404(LockUnit.objects.select_related("lock"), pk=pk)
    lock = queries.lock_of(request.actor, row.lock_id, "doors.keep")
    return _done(
        request, lock, lambda: actions.end_unit(row, by=request.actor, now=request.now),
        "Enheten får inte längre öppna dörren.",
    )  # fmt: skip


def _door(request: Request, lock: Lock, *, status: int = 422, **forms: object) -> HttpResponse:
    actor, today = request.actor, day_of(request.now)
    person = people.read(actor, lock.person_id, now=request.now)
    keeps = may(actor, "doors.keep", lock)
    context: dict[str, object] = {
        "lock": lock,
        "person": person,
        "header": people.header(actor, person, now=request.now, current="doors_provider:person"),
        "consents": lock.consents.order_by("withdrawn_on", "given_on"),
        "missing": missing_consents(lock, today),
        "others": lock.units.select_related("unit").order_by("first_on"),
        "grants": reads.grants_of(actor, lock, request.now),
        "calls": queries.calls_of(lock),
        "keeps": keeps,
        "fits": may(actor, "doors.fit", lock),
        "reads_log": may(actor, "doors.read_log", lock),
        "today": today,
    }
    if keeps:
        context |= {
            "consent_form": ConsentForm(prefix="consent", today=today),
            "plan_form": FittingForm(prefix="plan", initial={"fit_on": lock.fit_on, "fitter": lock.fitter}),
            "key_form": FitterKeyForm(prefix="key", phones=_choices(errands.phones(lock.unit_id))),
            "unit_form": UnitForm(prefix="unit", units=_units(lock), initial={"first_on": today}),
        }
    bound = [one for one in forms.values() if isinstance(one, Form) and one.is_bound]
    context |= {"has_errors": bool(bound)} | forms
    return render(request, "doors/door.html", context, status=status if bound else 200)


def _person(request: Request, person_id: UUID, form: OrderForm | None = None) -> HttpResponse:
    actor = request.actor
    person = people.read(actor, person_id, now=request.now)
    rows = [lock for lock in queries.unit_locks(actor) if lock.person_id == person.pk]
    orders = may(actor, "doors.order_lock")
    new = OrderForm(vendors=adapters.vendors(), today=day_of(request.now), initial={"vendor": "simulator"})
    context = {
        "person": person,
        "header": people.header(actor, person, now=request.now, current="doors_provider:person"),
        "locks": rows,
        "keys": [key for key in queries.keys_of(actor) if key.person_id == person.pk],
        "form": (form or new) if orders else None,
        "has_errors": form is not None,
    }
    return render(request, "doors/person.html", context, status=422 if form else 200)


def _done(request: Request, lock: Lock, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except DoorRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(DOOR, lock.pk)


def _units(lock: Lock) -> list[tuple[str, str]]:
    return [(str(unit.pk), unit.name) for unit in reads.units_besides(lock)]


def _choices(phones: list[errands.PhoneKey]) -> list[tuple[str, str]]:
    return [(str(place), key.name) for place, key in enumerate(phones)]


def page_of(request: Request) -> int:
    """Return which page is asked for; the first when the address says nothing one can follow."""
    given = request.GET.get("page", "0")
    return min(int(given), 10_000) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def paged(rows: list[reads.Row], number: int) -> dict[str, object]:
    """Return a page's rows, and the addresses of the pages beside it."""
    return {
        "rows": rows[: reads.PAGE],
        "older": f"?page={number + 1}" if len(rows) > reads.PAGE else "",
        "newer": f"?page={number - 1}" if number else "",
    }
