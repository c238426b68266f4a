"""Payments with four eyes, files to the bank, and the bank's answer row by row."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from livlina.authority.aid import actions, queries
from livlina.authority.aid.actions.amounts import known_keys
from livlina.authority.aid.forms import AmountForm, AnswerFileForm
from livlina.authority.aid.models import AidAmount, PayoutAccount
from livlina.authority.aid.norm import part_words
from livlina.authority.aid.views.officer.shared import WRONG, refused, said, shown
from livlina.core.access import Refused, fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page

LIST, FILE = "aid:payments", "aid:file"


@page("officer", "aid.payments")
def payments(request: Request) -> HttpResponse:
    """What waits for a second person, for a file, or for somebody to mend it."""
    waiting = queries.payments_waiting(request.actor)
    return shown(
        request, "payments", waiting=waiting, files=queries.files(request.actor), me=request.actor.user_id
    )


@page("officer", "aid.pay")
def payment(request: Request, payment_id: UUID) -> HttpResponse:
    """One payment: where a watch leads."""
    row = queries.the_payment(request.actor, payment_id)
    accounts = PayoutAccount.objects.filter(case=row.case, ended_at=None).order_by("-at")
    return shown(request, "payment", row=row, accounts=accounts, me=request.actor.user_id)


@page("officer", "aid.pay", once=True)
@require_POST
def act(request: Request, payment_id: UUID, name: str) -> HttpResponse:
    """Approve, take back, or pay again."""
    row = queries.the_payment(request.actor, payment_id)
    by, now = request.actor, request.now
    try:
        if name == "approve":
            actions.approve_payment(row, by=by, now=now)
            words = "Betalningen är godkänd."
        elif name == "confirm":
            actions.confirm_account(row.account, by=by, now=now)
            words = "Kontot är bekräftat."
        elif name == "cancel":
            actions.cancel_payment(row, by=by, now=now)
            words = "Betalningen är borttagen."
        elif name == "again":
            accounts = PayoutAccount.objects.filter(case=row.case)
            account = fetch(by, "aid.account", accounts, pk=request.POST.get("account") or row.account_id)
            row = actions.pay_again(row, account, by=by, now=now)
            words = "En ny betalning är gjord och väntar på att en kollega godkänner den."
        else:
            raise Refused("aid.pay", obj=f"aid.payment:{payment_id}")
    except WRONG as wrong:
        return refused(request, wrong, "aid:payment", payment_id)
    return said(request, words, "aid:payment", row.pk)


@page("officer", "aid.bank", once=True)
@require_POST
def make_file(request: Request) -> HttpResponse:
    """Gather what is approved into a file."""
    file = actions.make_file(by=request.actor, now=request.now)
    if file is None:
        return said(request, "Det finns inget helt beslut att betala ut.", LIST)
    return said(
        request,
        f"Filen är gjord: {file.row_count} {'betalning' if file.row_count == 1 else 'betalningar'}.",
        FILE,
        file.pk,
    )


@page("officer", "aid.bank", once=True)
def file(request: Request, file_id: UUID) -> HttpResponse:
    """A file: its rows, what the bank has said of each, and the place to leave the bank's answer."""
    found = queries.the_file(request.actor, file_id)
    form = AnswerFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer = actions.read_bank_answer(
                form.cleaned_data["file"].read(), by=request.actor, now=request.now
            )
        except WRONG as wrong:
            return refused(request, wrong, FILE, file_id)
        unknown = sum(1 for row in answer.rows if row["outcome"] == "unknown")
        count = "1 rad" if len(answer.rows) == 1 else f"{len(answer.rows)} rader"
        words = f"Svaret är inläst: {count}." + (f" {unknown} okända." if unknown else "")
        return said(request, words, FILE, file_id)
    rows = queries.payments_of_file(request.actor, found)
    return shown(
        request, "file", file=found, rows=rows, answers=queries.answers_of(request.actor, found), form=form,
        has_errors=bool(form.errors), paid=sum(row.amount for row in rows if row.state == "paid"),
        errors=[row for row in rows if row.state == "error"], silent=[row for row in rows if row.state == "in_file"],
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("officer", "aid.bank", once=True)
@require_POST
def download(request: Request, file_id: UUID) -> HttpResponse:
    """The file as it is sent to the bank; that it was taken out is recorded."""
    found = queries.the_file(request.actor, file_id)
    actions.mark_file_sent(found, by=request.actor, now=request.now)
    answer = HttpResponse(found.content, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="pain001-{found.message_id}.xml"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def amount_words(key: str) -> str:
    """Say which amount a key is."""
    if key.startswith("cap.housing."):
        return f"Riktlinje för boendekostnad, {key.rpartition('.')[2]} personer"
    return f"Riksnorm: {part_words(key.removeprefix('norm.'))}"


def amounts_page(request: Request, here: str) -> HttpResponse:
    """Enter what the norm lacks, and confirm what another has entered: the same for officers and administrators."""
    form = AmountForm([(key, amount_words(key)) for key in known_keys()], request.POST or None)
    by, now = request.actor, request.now
    verb = "aid.amounts" if here == "aid:amounts" else "aid.set_amounts"
    if request.method == "POST":
        try:
            if confirm := request.POST.get("confirm"):
                row = fetch(by, verb, AidAmount.objects.all(), pk=confirm)
                actions.confirm_amount(row, by=by, now=now)
                return said(request, "Beloppet är bekräftat och används från och med nu.", here)
            if form.is_valid():
                actions.enter_amount(**form.cleaned_data, by=by, now=now)
                return said(request, "Beloppet är inlagt. Någon annan bekräftar det innan det används.", here)
        except WRONG as wrong:
            return refused(request, wrong, here)
    year = day_of(now).year
    rows = [
        (row, amount_words(row.key)) for each in (year + 1, year) for row in queries.amounts(by, verb, each)
    ]
    return shown(
        request, "amounts", form=form, rows=rows, me=by.user_id, year=year, has_errors=bool(form.errors),
        base="ui/officer.html" if here == "aid:amounts" else "ui/plain.html", status=422 if form.errors else 200,
    )  # fmt: skip


@page("officer", "aid.amounts", once=True)
def amounts(request: Request) -> HttpResponse:
    """The amounts, for the unit's manager."""
    return amounts_page(request, "aid:amounts")


@page("operations", "aid.set_amounts", once=True)
def operations_amounts(request: Request) -> HttpResponse:
    """The amounts, for the administrator: no person and no case is here."""
    return amounts_page(request, "aid_operations:amounts")
