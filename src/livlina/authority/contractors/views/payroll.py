"""What the payroll pays contractors: month by month what two persons stand for, to read and to fetch as a file."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from livlina.authority.contractors import queries
from livlina.authority.contractors.models import KINDS
from livlina.authority.contractors.views.officer import kronor
from livlina.core import audit
from livlina.core.access import Refused
from livlina.core.views import Request, page

MONTH_HEADS = ["Månad", {"number": "Underlag"}, {"number": "Kronor"}]
HEADS = ["Hem", "Uppdrag", {"number": "Dagar"}, {"number": "Arvode"}, {"number": "Omkostnad"}, "Godkänt av"]


@page("officer", "contractors.payroll")
@never_cache
def months(request: Request) -> HttpResponse:
    """The months in which something is approved to be paid."""
    rows = [
        [
            {"text": f"{row.month:%Y-%m}", "url": address("payroll_month", row.month)},
            {"number": str(row.count)},
            {"number": kronor(row.ore)},
        ]
        for row in queries.months_to_pay(request.actor)
    ]
    return render(request, "contractors/payroll.html", {"rows": rows, "heads": MONTH_HEADS})


@page("officer", "contractors.payroll")
@never_cache
def month(request: Request, year: int, number: int) -> HttpResponse:
    """What is to be paid for one month."""
    first = first_day(year, number)
    found = queries.to_pay(request.actor, first)
    for row in found:
        person_id = row.contract.home.contact_id
        audit.read(request.actor, "contractors.payroll", now=request.now, person_id=person_id, obj=row)
    rows = [
        [
            {
                "text": row.contract.home.name,
                "url": reverse("contractors:home", args=[row.contract.home_id]),
            },
            dict(KINDS)[row.contract.kind],
            {"number": str(row.days)},
            {"number": kronor(row.fee_ore)},
            {"number": kronor(row.expenses_ore)},
            row.approved_by_name,
        ]
        for row in found
    ]
    total = kronor(sum(row.fee_ore + row.expenses_ore for row in found))
    context = {"rows": rows, "heads": HEADS, "month": f"{first:%Y-%m}", "total": total}
    return render(
        request, "contractors/payroll_month.html", context | {"file": address("payroll_csv", first)}
    )


@page("officer", "contractors.payroll")
@never_cache
def as_csv(request: Request, year: int, number: int) -> HttpResponse:
    """The month as the payroll reads it."""
    first = first_day(year, number)
    content = queries.payroll_csv(request.actor, first, now=request.now)
    answer = HttpResponse("\ufeff" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="arvoden-{first:%Y-%m}.csv"'
    return answer


def first_day(year: int, number: int) -> date:
    """The first day of a month of the address. Raises Refused when there is none."""
    try:
        return date(year, number, 1)
    except ValueError:
        raise Refused("contractors.payroll") from None


def address(name: str, first: date) -> str:
    """The address of a month's page or file."""
    return reverse(f"contractors:{name}", args=[first.year, first.month])
