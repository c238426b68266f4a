"""The account of a month: summed, written as a file, handed to Försäkringskassan by the 5th of the second month after."""

import csv
import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO

from django.db import transaction
from django.db.models import Max

from livlina.authority.assistance.faults import AccountRefused
from livlina.authority.assistance.models import (
    KINDS,
    AssistanceMonth,
    MonthAccount,
    TimeReport,
    TimeRow,
)
from livlina.authority.assistance.rates import hourly_amount
from livlina.authority.assistance.sums import counted, first_share, money
from livlina.authority.cases.models import signature
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of, local
from livlina.registers.watches.actions import close_for

HEADS = (
    "beslut",
    "månad",
    "arbetsgivare",
    "anställningsnummer",
    "assistent",
    "dag",
    "från",
    "till",
    "slag",
    "minuter",
)


@transaction.atomic
def account(month: AssistanceMonth, *, receipt: str, by: Actor, now: datetime) -> MonthAccount:
    """Account for a month: every report approved, the sums, the first 20 hours of each week apart, and the file.

    `receipt` is what Försäkringskassan answered. Raises Refused, AccountRefused.
    """
    demand(by, "assistance.write", month.decision)
    month = held(month)
    if day_of(now) <= month.last_day:
        raise AccountRefused(f"{month.in_words.capitalize()} är inte slut än.")
    if month.sent_on is not None:
        raise AccountRefused("Månaden är redan redovisad. Öppna den om den ska rättas.")
    reports = [report for report in month.reports.select_related("assistant") if _has_time(report)]
    if not reports:
        raise AccountRefused("Det finns ingen tid att redovisa.")
    waiting = sorted(report.assistant.name for report in reports if report.state != "approved")
    if waiting:
        raise AccountRefused(f"Tidredovisningen är inte godkänd för {', '.join(waiting)}.")
    rows = list(rows_of(month))
    total, first = shares(month, rows)
    rate = hourly_amount(month.first_day)
    content = csv_of(month, rows)
    made = MonthAccount.objects.create(
        **signature(by, now),
        month=month,
        number=(month.accounts.aggregate(last=Max("number"))["last"] or 0) + 1,
        minutes=total, first_minutes=first,
        ore=None if rate.ore is None else money(total - first, rate.ore), hourly_ore=rate.ore, verify=rate.verify,
        receipt=receipt.strip()[:120], content=content, sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    month.sent_on = day_of(now)
    month.save(update_fields=["sent_on"])
    audit.wrote(
        by, "assistance.account", now=now, obj=made, person_id=month.decision.case.person_id,
        detail={"minutes": total, "sha256": made.sha256},
    )  # fmt: skip
    close_for(("assistance.assistancemonth", month.pk), why="Månaden är redovisad", by=by, now=now)
    outbox.announce("assistance.accounted", month, now=now)
    return made


@transaction.atomic
def reopen(month: AssistanceMonth, *, reason: str, by: Actor, now: datetime) -> AssistanceMonth:
    """Open an accounted month for a correction; the account that was sent stays. Raises Refused, AccountRefused."""
    demand(by, "assistance.write", month.decision)
    month = held(month)
    if month.sent_on is None:
        return month
    if len(reason.strip()) < 3:
        raise AccountRefused("Skriv varför månaden öppnas igen.")
    month.sent_on = None
    month.save(update_fields=["sent_on"])
    person_id = month.decision.case.person_id
    audit.wrote(by, "assistance.reopen", now=now, obj=month, person_id=person_id, reason=reason.strip()[:400])
    return month


def held(month: AssistanceMonth) -> AssistanceMonth:
    """The month as it stands now, held until the transaction ends."""
    rows = AssistanceMonth.objects.select_for_update(of=("self",)).select_related("decision__case")
    return rows.get(pk=month.pk)


def rows_of(month: AssistanceMonth) -> Iterable[TimeRow]:
    """The rows of a month that are not struck, by assistant and time. One statement."""
    rows = TimeRow.objects.filter(report__month=month, struck_at=None).select_related("assistant")
    return rows.order_by("assistant__name", "assistant_id", "begins_at")


def shares(month: AssistanceMonth, rows: Iterable[TimeRow]) -> tuple[int, int]:
    """Return how many minutes count, and how many of them the municipality pays."""
    minutes: dict[str, int] = {}
    for row in rows:
        minutes[row.kind] = minutes.get(row.kind, 0) + row.minutes
    total = counted(minutes, month.first_day)
    if month.decision.payer != "fk":
        return total, total
    first, last = _running(month)
    return total, first_share(total, first, last)


def _running(month: AssistanceMonth) -> tuple[date, date]:
    """The days of the month on which the decision holds."""
    return max(month.first_day, month.decision.valid_from), min(month.last_day, month.decision.valid_to)


def _has_time(report: TimeReport) -> bool:
    return report.rows.filter(struck_at=None).exists()


def csv_of(month: AssistanceMonth, rows: Iterable[TimeRow]) -> bytes:
    """Return the month as a file: one line for each row, semicolons, UTF-8. No name or number of the person."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    kinds = dict(KINDS)
    for row in rows:
        begins, ends = local(row.begins_at), local(row.ends_at)
        till = "24:00" if ends.date() > begins.date() else f"{ends:%H:%M}"
        said = (month.decision.reference, f"{month.first_day:%Y-%m}", row.assistant.employer,
                row.assistant.employee_number, row.assistant.name, row.day.isoformat(), f"{begins:%H:%M}", till,
                kinds[row.kind], str(row.minutes))  # fmt: skip
        writer.writerow([_plain(cell) for cell in said])
    return out.getvalue().encode()


def _plain(cell: str) -> str:
    """What a spreadsheet would take for a formula is written as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
