"""Every read about contractors that others may use."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from livlina.authority.cases.models import Case
from livlina.authority.contractors.models import (
    CONTRACTORS,
    KINDS,
    REGISTERS,
    Adult,
    Approval,
    Basis,
    Check,
    Contract,
    Home,
    Listing,
    Rate,
    Remuneration,
    Review,
    Stay,
)
from livlina.core import audit
from livlina.core.access import Actor, allowed, fetch, may
from livlina.core.calendar import add_months
from livlina.core.clock import day_of
from livlina.registers.people.models import PersonNumber

PAYROLL = (
    "Månad", "Uppdragstagare", "Personnummer", "Hem", "Uppdrag", "Dagar", "Arvode", "Omkostnad", "Underlag", "Godkänt av",
)  # fmt: skip
EXTRACT_MONTHS = 12
"""How long a shown extract is relied on. Practice; the ordinance names no length (to be confirmed)."""


@dataclass(frozen=True)
class FreeHome:
    """A home with room: all that a child's worker sees of it."""

    home_id: UUID
    name: str
    kinds: str
    place: str
    capacity: int
    free: int
    ages: str


def free_homes(
    actor: Actor, kind: str, age: int, on: date, *, occupied: Mapping[UUID, int] | None = None
) -> list[FreeHome]:
    """Return homes approved for a kind and an age on a day, with at least one free place, the most free first.

    `occupied`: places taken by home id, when the room above counts them itself; else those taken here count.
    """
    rows = allowed(actor, "contractors.list", Listing.objects.all()).filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        valid_from__lte=on, kinds__contains=[kind], age_from__lte=age, age_to__gte=age, extracts_until__gte=on,
    )  # fmt: skip
    found = []
    taken = occupied if occupied is not None else places_taken(on)
    for row in rows:
        free = row.capacity - taken.get(row.home_id, 0)
        if free > 0:
            found.append(
                FreeHome(
                    row.home_id,
                    row.name,
                    row.label,
                    row.place,
                    row.capacity,
                    free,
                    f"{row.age_from}–{row.age_to}",
                )
            )
    return sorted(found, key=lambda home: (-home.free, home.name))


def places_taken(on: date) -> dict[UUID, int]:
    """Return how many places are taken on a day, by home id. One statement."""
    counts: dict[UUID, int] = {}
    stays = Stay.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), begins_on__lte=on)
    for home_id in stays.values_list("listing__home_id", flat=True):
        counts[home_id] = counts.get(home_id, 0) + 1
    return counts


def listing(actor: Actor, home_id: UUID) -> Listing | None:
    """Return what other branches see of a home: name, kinds, places."""
    return allowed(actor, "contractors.list", Listing.objects.filter(home_id=home_id)).first()


def homes(actor: Actor) -> QuerySet[Home]:
    """Return the homes the actor may open, those that run first."""
    return allowed(actor, "contractors.read", Home.objects.select_related("contact")).order_by(
        "ended_on", "name"
    )


def cases_without_home(actor: Actor) -> list[Case]:
    """Return open cases of the branch that the actor may open and that have no home registered yet."""
    rows = Case.objects.filter(compartment=CONTRACTORS, closed_at=None).select_related("person")
    known = Home.objects.filter(case_id=OuterRef("pk"))
    return list(
        allowed(actor, "cases.write", rows.exclude(Exists(known))).order_by("received_on", "id")[:100]
    )


def links_of_case(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what a case's own page leads to here: words and address. One statement, in this branch alone."""
    if case.compartment != CONTRACTORS or not may(actor, "contractors.register"):
        return []
    known = Home.objects.filter(case=case).values_list("pk", flat=True).first()
    if known:
        return [("Hemmet", reverse("contractors:home", args=[known]))]
    return [("Registrera hemmet", reverse("contractors:register", args=[case.pk]))] if case.is_open else []


def home_of_case(case_id: UUID) -> Home | None:
    """Return the home that a case investigates. For guards: the case's own access is the check."""
    return Home.objects.filter(case_id=case_id).select_related("contact").first()


def missing_extracts(home: Home, *, on: date) -> list[str]:
    """Return a Swedish sentence for each extract that no adult of the home has shown, or showed too long ago."""
    sentences = []
    for adult in (
        home.adults.filter(Q(until=None) | Q(until__gte=on)).select_related("person").order_by("since", "id")
    ):
        shown = {
            check.register
            for check in Check.objects.filter(adult=adult, shown_on__isnull=False)
            if check.shown_on and add_months(check.shown_on, EXTRACT_MONTHS) >= on
        }
        for register, words in REGISTERS:
            if register not in shown:
                sentences.append(f"Utdrag ur {words.lower()} saknas för {adult.person.name}.")
    return sentences or ([] if home.adults.exists() else ["Hemmet har ingen vuxen att kontrollera."])


def extracts_until(home: Home) -> date | None:
    """Return the last day on which both extracts of every adult of the home are relied on; None if one is missing."""
    last: list[date] = []
    for adult in home.adults.filter(until=None):
        rows = Check.objects.filter(adult=adult, shown_on__isnull=False).values_list("register", "shown_on")
        newest: dict[str, date] = {}
        for register, shown_on in rows:
            if shown_on:
                newest[register] = max(newest.get(register, shown_on), shown_on)
        if len(newest) < len(REGISTERS):
            return None
        last += [add_months(day, EXTRACT_MONTHS) for day in newest.values()]
    return min(last, default=None)


def approval_on(home: Home, on: date) -> Approval | None:
    """Return the approval in force on a day."""
    rows = Approval.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), home=home, valid_from__lte=on)
    return rows.order_by("-valid_from", "-at").first()


def contract_on(home: Home, on: date) -> Contract | None:
    """Return a signed contract that is in force, or begins later."""
    rows = Contract.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), home=home, signed_on__isnull=False)
    return rows.order_by("valid_from").first()


def remuneration_on(contract: Contract, on: date) -> Remuneration | None:
    """Return the remuneration confirmed for a day: the newest that has begun."""
    rows = Remuneration.objects.filter(contract=contract, valid_from__lte=on, confirmed_at__isnull=False)
    return rows.order_by("-valid_from", "-at").first()


def suggested_rate(kind: str, age: int, on: date) -> Rate | None:
    """Return the circular's row for a kind and an age on a day."""
    rows = Rate.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), kind=kind, valid_from__lte=on)
    return rows.filter(age_from__lte=age, age_to__gte=age).order_by("-valid_from").first()


def to_approve(actor: Actor) -> QuerySet[Basis]:
    """Return monthly bases that wait for a second person."""
    rows = Basis.objects.filter(approved_at=None).select_related("contract__home")
    return allowed(actor, "contractors.pay", rows).order_by("month", "id")


def to_pay(actor: Actor, month: date) -> list[Basis]:
    """Return the approved bases of a month, by home: what the payroll pays. Those of protected homes to the named few."""
    rows = Basis.objects.filter(month=month.replace(day=1), approved_at__isnull=False)
    rows = rows.select_related("contract__home__contact").order_by("contract__home__name", "id")
    return list(allowed(actor, "contractors.pay", rows))


@dataclass(frozen=True)
class MonthToPay:
    """How much is approved for a month."""

    month: date
    count: int
    ore: int


def months_to_pay(actor: Actor) -> list[MonthToPay]:
    """Return each month with something approved, the newest first. One statement."""
    rows = allowed(actor, "contractors.pay", Basis.objects.filter(approved_at__isnull=False))
    sums = rows.values("month").annotate(count=Count("id"), ore=Sum(F("fee_ore") + F("expenses_ore")))
    return [MonthToPay(row["month"], row["count"], row["ore"]) for row in sums.order_by("-month")[:24]]


def payroll_csv(actor: Actor, month: date, *, now: datetime) -> str:
    """Return a month's approved bases as the payroll reads them, kronor with comma, and record whose were read."""
    rows = to_pay(actor, month)
    people = [row.contract.home.contact_id for row in rows]
    numbers = {
        row.person_id: row.value.display()
        for row in PersonNumber.objects.filter(person_id__in=people, current=True)
    }
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(PAYROLL)
    for row in rows:
        home = row.contract.home
        audit.read(actor, "contractors.payroll", now=now, person_id=home.contact_id, obj=row)
        table.writerow(
            [
                f"{row.month:%Y-%m}", _plain(home.contact.full_name), numbers.get(home.contact_id, ""),
                _plain(home.name), dict(KINDS)[row.contract.kind], row.days, _comma(row.fee_ore),
                _comma(row.expenses_ore), row.pk.hex, _plain(row.approved_by_name),
            ]
        )  # fmt: skip
    return out.getvalue()


def _comma(ore: int) -> str:
    """12000,50: no space among thousands, for a machine."""
    return f"{ore // 100},{ore % 100:02d}"


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text


@dataclass(frozen=True)
class HomePage:
    """One home with all that hangs on it, as its own branch reads it."""

    home: Home
    adults: list[tuple[Adult, list[Check]]]
    missing: list[str]
    approvals: list[Approval]
    contracts: list[tuple[Contract, list[Remuneration], list[Basis]]]
    reviews: list[Review]
    taken: int
    capacity: int


def home_page(actor: Actor, home_id: UUID, *, now: datetime) -> HomePage:
    """Open a home and record that its contact was read about. Raises Refused."""
    home = fetch(actor, "contractors.read", Home.objects.select_related("contact", "case"), pk=home_id)
    audit.read(actor, "contractors.read", now=now, person_id=home.contact_id, obj=home)
    on = day_of(now)
    adults = home.adults.filter(until=None).select_related("person").order_by("since", "id")
    contracts = home.contracts.order_by("-valid_from", "-id")
    approval = approval_on(home, on)
    return HomePage(
        home,
        [(adult, list(adult.checks.order_by("register", "-asked_on"))) for adult in adults],
        missing_extracts(home, on=on),
        list(home.approvals.order_by("-valid_from", "-at")),
        [
            (
                row,
                list(row.remunerations.order_by("-valid_from", "-at")),
                list(row.bases.order_by("-month")[:12]),
            )
            for row in contracts
        ],
        list(home.reviews.order_by("-on")),
        places_taken(on).get(home.pk, 0),
        approval.capacity if approval else 0,
    )
