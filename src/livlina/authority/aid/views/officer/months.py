"""One month on one page: what was applied for beside what others know, last month, and what is counted."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from livlina.authority.aid import actions, queries
from livlina.authority.aid.calculation import COSTS, INCOMES, Cost, Income
from livlina.authority.aid.forms import AccountForm, CountedSet, DecideForm, PaymentForm, ReasonForm
from livlina.authority.aid.kronor import in_kronor
from livlina.authority.aid.models import AidWarning, CalculationLine, PayoutAccount
from livlina.authority.aid.queries import MonthPage
from livlina.authority.aid.queries.months import LIVELIHOOD
from livlina.authority.aid.ssbtek.port import ANSWERED, SOURCES, WORDS, Status
from livlina.authority.aid.told import month_words
from livlina.authority.aid.views.officer.shared import WRONG, person_header, refused, said, shown
from livlina.authority.cases.models import Case
from livlina.core.access import Refused, fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people

ONE = "aid:month"


@page("officer", "aid.month")
def case(request: Request, case_id: UUID) -> HttpResponse:
    """The newest month of a case."""
    found = fetch(request.actor, "aid.work", Case.objects.all(), pk=case_id)
    months = queries.months_of(request.actor, found)
    if not months:
        raise Refused("aid.month", obj=f"cases.case:{case_id}")
    still = [month for month in months if month.state == "open"]
    return redirect(ONE, (still[-1] if still else months[0]).pk)


@page("officer", "aid.payments")
def month_list(request: Request) -> HttpResponse:
    """The months that wait: one's own, or all of the unit."""
    mine = request.GET.get("all") is None
    rows = queries.open_months(request.actor, mine=mine)
    return shown(request, "list", rows=rows, mine=mine)


@page("officer", "aid.payments")
def person(request: Request, person_id: UUID) -> HttpResponse:
    """A person's cases of financial aid, month by month."""
    found = people.read(request.actor, person_id, now=request.now)
    head = people.header(request.actor, found, now=request.now, current="aid:person")
    today = day_of(request.now)
    rows = [
        (case, months, queries.months_to_apply_for(case, today) if case.process_code == LIVELIHOOD else [])
        for case, months in queries.person_months(request.actor, found, request.now)
    ]
    return shown(request, "person", header=head, rows=rows)


@page("officer", "aid.month", once=True)
@require_POST
def add_month(request: Request, case_id: UUID) -> HttpResponse:
    """Take down an application for a month that came on paper or was said: it begins with last month's rows."""
    found = fetch(request.actor, "aid.work", Case.objects.select_related("person"), pk=case_id)
    wanted = request.POST.get("month", "")
    open_ones = {each.isoformat(): each for each in queries.months_to_apply_for(found, day_of(request.now))}
    if wanted not in open_ones:
        return refused(
            request,
            actions.AidRefused("Välj en månad som inte redan är sökt."),
            "aid:person",
            found.person_id,
        )
    rows = [
        actions.AppliedDraft(row.group, row.kind, row.amount, row.person_id, same_as_last=True)
        for row in queries.last_rows(found)
    ]
    how = request.POST.get("how", "")
    try:
        made = actions.apply_for_month(
            found, open_ones[wanted], rows, by=request.actor, now=request.now,
            received_how=how if how in ("visit", "phone", "post") else "visit",
        )  # fmt: skip
    except WRONG as wrong:
        return refused(request, wrong, "aid:person", found.person_id)
    return said(request, "Månaden är upplagd. Rätta raderna efter vad den sökande har uppgett.", ONE, made.pk)


@page("officer", "aid.month")
def month(request: Request, month_id: UUID) -> HttpResponse:
    """The month's page: household, money, warnings, result, decision and payments."""
    found = queries.month_page(request.actor, month_id, request.now)
    return _show(request, found, *_sets(found))


@page("officer", "aid.month", once=True)
@require_POST
def calculate(request: Request, month_id: UUID) -> HttpResponse:
    """Count the month with the rows as they stand on the page."""
    found = queries.month_page(request.actor, month_id, request.now)
    costs, incomes = _sets(found, request.POST)
    if not (costs.is_valid() and incomes.is_valid()):
        return _show(request, found, costs, incomes, status=422)
    try:
        done = actions.calculate_month(
            found.month, _costs(costs), _incomes(found, incomes), by=request.actor, now=request.now
        )
    except WRONG as wrong:
        return _show(request, found, costs, incomes, wrong=[str(wrong)], status=422)
    return said(request, f"Månaden är beräknad: {in_kronor(done.aid)} kronor.", ONE, month_id)


@page("officer", "aid.month", once=True)
@require_POST
def act(request: Request, month_id: UUID, name: str) -> HttpResponse:
    """Collect, approve the calculation, or withdraw: what was done is said on the month's page."""
    found = queries.month_page(request.actor, month_id, request.now)
    try:
        if name == "collect":
            rows = actions.ask_sources(found.month, by=request.actor, now=request.now)
            silent = {row.source for row in rows if Status(row.status) not in ANSWERED}
            words = "Alla källor har svarat." if not silent else (
                f"{', '.join(sorted(SOURCES[each] for each in silent))} har inte svarat. Se varningarna."
            )  # fmt: skip
        elif name == "approve" and found.calculation is not None:
            actions.approve_calculation(found.calculation, by=request.actor, now=request.now)
            words = "Beräkningen är godkänd. Månaden är klar för beslut."
        elif name == "withdraw":
            actions.withdraw_month(found.month, by=request.actor, now=request.now)
            words = "Månadens ansökan är återkallad."
        else:
            raise Refused("aid.month", obj=f"aid.monthapplication:{month_id}")
    except WRONG as wrong:
        return refused(request, wrong, ONE, month_id)
    return said(request, words, ONE, month_id)


@page("officer", "aid.month", once=True)
@require_POST
def decide(request: Request, month_id: UUID) -> HttpResponse:
    """Decide the month by its approved calculation."""
    found = queries.month_page(request.actor, month_id, request.now)
    form = DecideForm(request.POST)
    form.is_valid()
    try:
        made = actions.decide_month(
            found.month, reasons=form.cleaned_data.get("reasons", ""), by=request.actor, now=request.now
        )
    except WRONG as wrong:
        return refused(request, wrong, ONE, month_id)
    return said(request, f"Beslut {made.number} är fattat. Brevet ligger i ärendet.", ONE, month_id)


@page("officer", "aid.see_warning", once=True)
@require_POST
def warning(request: Request, warning_id: UUID) -> HttpResponse:
    """Say that a warning is seen, and why the month can go on."""
    row = fetch(request.actor, "aid.see_warning", AidWarning.objects.select_related("case"), pk=warning_id)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        actions.acknowledge_warning(
            row, reason=form.cleaned_data.get("reason", ""), by=request.actor, now=request.now
        )
    except WRONG as wrong:
        return refused(request, wrong, ONE, row.month_application_id)
    return said(request, "Varningen är sedd.", ONE, row.month_application_id)


@page("officer", "aid.account", once=True)
@require_POST
def account(request: Request, month_id: UUID) -> HttpResponse:
    """Write down an account; another confirms it."""
    found = queries.month_page(request.actor, month_id, request.now)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _show(request, found, *_sets(found), account_form=form, status=422)
    try:
        actions.add_account(found.month.case, **form.cleaned_data, by=request.actor, now=request.now)
    except WRONG as wrong:
        return refused(request, wrong, ONE, month_id)
    return said(request, "Kontot är inskrivet. En kollega bekräftar det innan det används.", ONE, month_id)


@page("officer", "aid.account", once=True)
@require_POST
def confirm_account(request: Request, month_id: UUID, account_id: UUID) -> HttpResponse:
    """Confirm an account a colleague has written."""
    row = fetch(request.actor, "aid.account", PayoutAccount.objects.select_related("case"), pk=account_id)
    try:
        actions.confirm_account(row, by=request.actor, now=request.now)
    except WRONG as wrong:
        return refused(request, wrong, ONE, month_id)
    return said(request, "Kontot är bekräftat.", ONE, month_id)


@page("officer", "aid.pay", once=True)
@require_POST
def pay(request: Request, month_id: UUID) -> HttpResponse:
    """Make a payment of the month's decision."""
    found = queries.month_page(request.actor, month_id, request.now)
    form = PaymentForm(_accounts(found), request.POST)
    if found.decision is None or not form.is_valid():
        return _show(request, found, *_sets(found), payment_form=form, status=422)
    data = form.cleaned_data
    row = next(each for each in found.accounts if str(each.pk) == data["account"])
    try:
        actions.create_payment(
            found.decision, row, data["amount"], message=data["message"], by=request.actor, now=request.now
        )
    except WRONG as wrong:
        return refused(request, wrong, ONE, month_id)
    return said(request, "Betalningen är gjord och väntar på att en kollega godkänner den.", ONE, month_id)


def _show(
    request: Request, found: MonthPage, costs: Any, incomes: Any, *, wrong: list[str] | None = None,
    status: int = 200, account_form: Any = None, payment_form: Any = None,
) -> HttpResponse:  # fmt: skip
    left = (found.calculation.aid if found.calculation else Decimal(0)) - sum(
        (row.amount for row in found.payments if row.state not in ("error", "replaced", "cancelled")),
        Decimal(0),
    )
    return shown(
        request, "month", status=status, found=found, header=person_header(request, found.month),
        title=month_words(found.month.month).capitalize(), costs=costs, incomes=incomes, refused=wrong or [],
        has_errors=status == 422, sources=_sources(found), decide_form=DecideForm(), reason_form=ReasonForm(),
        account_form=account_form or AccountForm(),
        payment_form=payment_form or PaymentForm(_accounts(found), initial={"amount": max(left, Decimal(0))}),
        norm=_lines(found, "norm"),
        reference=list(found.reference.lines.order_by("position")) if found.reference else [],
        before=_before(found), me=request.actor.user_id,
    )  # fmt: skip


def _accounts(found: MonthPage) -> list[tuple[str, str]]:
    return [
        (str(row.pk), f"{row.payee}, {row.get_kind_display().lower()} {row.number}") for row in found.accounts
    ]


def _sources(found: MonthPage) -> list[dict[str, Any]]:
    """Each source about each person: answered with, answered with nothing, or not answered: three different words."""
    colors = {Status.OK: "info", Status.EMPTY: "neutral"}
    return [
        {
            "source": SOURCES[row.source], "person": row.person.name, "words": WORDS[Status(row.status)],
            "color": colors.get(Status(row.status), "danger"), "rows": queries.as_rows(row.rows),
        }
        for row in found.answers
    ]  # fmt: skip


def _lines(found: MonthPage, group: str) -> list[CalculationLine]:
    if found.calculation is None:
        return []
    return [line for line in found.calculation.lines.order_by("position") if line.group == group]


def _before(found: MonthPage) -> dict[str, Decimal]:
    """What was approved last month, by kind."""
    sums: dict[str, Decimal] = {}
    for line in found.reference.lines.all() if found.reference else []:
        sums[line.kind] = sums.get(line.kind, Decimal(0)) + line.approved
    return sums


def _sets(found: MonthPage, data: Any = None) -> tuple[Any, Any]:
    """The rows of the page: as last counted, else as applied for."""
    people = [(str(member.person_id), member.person.name) for member, _ in found.members]
    sets = []
    for group, kinds in (("cost", COSTS), ("income", INCOMES)):
        sets.append(
            CountedSet(
                data,
                prefix=group,
                initial=None if data else _initial(found, group),
                form_kwargs={"kinds": kinds, "people": people},
            )
        )
    return sets[0], sets[1]


def _initial(found: MonthPage, group: str) -> list[dict[str, Any]]:
    lines = _lines(found, group)
    if lines or found.calculation:
        return [
            {
                "kind": line.kind, "person": str(line.person_id or ""), "applied": line.applied,
                "approved": line.approved + line.incentive, "reason": line.reason,
            }
            for line in lines
        ]  # fmt: skip
    return [
        {"kind": row.kind, "person": str(row.person_id or _applicant(found, group)), "applied": row.amount}
        for row in found.applied
        if row.group == group
    ]


def _applicant(found: MonthPage, group: str) -> str:
    """An income nobody is named for is the applicant's."""
    return str(found.month.case.person_id) if group == "income" else ""


def _costs(rows: Any) -> list[Cost]:
    return [
        Cost(row["kind"], row["applied"], row["approved"], row["reason"])
        for row in rows.cleaned_data
        if row.get("kind")
    ]


def _incomes(found: MonthPage, rows: Any) -> list[Income]:
    """What is not approved of an income is not counted; the incentive is the calculation's own."""
    made = []
    for row in rows.cleaned_data:
        if row.get("kind"):
            approved = row["applied"] if row["approved"] is None else row["approved"]
            person = row["person"] or str(found.month.case.person_id)
            made.append(Income(row["kind"], row["applied"], person, row["applied"] - approved, row["reason"]))
    return made
