"""Every write about contractors, one function per verb."""

import calendar
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from livlina.authority.cases.models import Case, signature
from livlina.authority.contractors.models import (
    CONTRACTORS,
    KINDS,
    NOT_APPROVED,
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
from livlina.authority.contractors.queries import (
    approval_on,
    extracts_until,
    missing_extracts,
    remuneration_on,
)
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.registers.people.models import Person

NAMELESS = "Hem med skyddade uppgifter"


class ContractorRefused(Exception):
    """Det går inte; texten säger varför."""


class NoPlace(ContractorRefused):
    """Hemmet har ingen ledig plats."""


@transaction.atomic
def register_home(
    *,
    name: str,
    kinds: list[str],
    place: str,
    contact: Person,
    by: Actor,
    now: datetime,
    case: Case | None = None,
) -> Home:
    """Write down a home or person who is to be investigated. Its contact is its first adult. Raises Refused."""
    demand(by, "contractors.register")
    demand(by, "people.read", contact)
    if unknown := set(kinds) - set(dict(KINDS)):
        raise ContractorRefused(f"Okänt uppdrag: {', '.join(sorted(unknown))}.")
    if not kinds:
        raise ContractorRefused("Välj minst ett uppdrag.")
    if case is not None:
        demand(by, "cases.write", case)
    home = Home.objects.create(
        municipality_id=by.municipality_id, compartment=CONTRACTORS, name=name.strip(), kinds=sorted(kinds),
        place=place.strip(), contact=contact, case=case, since=day_of(now),
    )  # fmt: skip
    Adult.objects.create(municipality_id=by.municipality_id, home=home, person=contact, since=day_of(now))
    audit.wrote(by, "contractors.register", now=now, obj=home, person_id=contact.pk)
    return home


@transaction.atomic
def add_adult(home: Home, person: Person, *, by: Actor, now: datetime) -> Adult:
    """Write down one more adult who is to be engaged: extracts are asked for them too. Raises Refused."""
    demand(by, "contractors.write", home)
    row, new = Adult.objects.get_or_create(
        municipality_id=by.municipality_id, home=home, person=person, until=None,
        defaults={"since": day_of(now), "compartment": home.compartment},
    )  # fmt: skip
    if new:
        _tell_of_extracts(home)
        audit.wrote(by, "contractors.adult", now=now, obj=row, person_id=person.pk)
    return row


@transaction.atomic
def ask_extracts(adult: Adult, *, by: Actor, now: datetime) -> list[Check]:
    """Note that extracts of both registers are asked for (SoF 3:3). Raises Refused."""
    demand(by, "contractors.write", adult.home)
    rows = []
    for register, _ in REGISTERS:
        if Check.objects.filter(adult=adult, register=register, shown_on=None).exists():
            continue
        rows.append(
            Check.objects.create(**signature(by, now), adult=adult, register=register, asked_on=day_of(now))
        )
    audit.wrote(by, "contractors.ask_extracts", now=now, obj=adult, person_id=adult.person_id)
    return rows


@transaction.atomic
def show_extract(check: Check, *, on: date, by: Actor, now: datetime) -> Check:
    """Note that an extract was shown, and to whom. Never what stands in it. Raises Refused, ContractorRefused."""
    demand(by, "contractors.write", check.adult.home)
    if not check.asked_on <= on <= day_of(now):
        raise ContractorRefused("Dagen ska ligga efter att utdraget begärdes, och inte i framtiden.")
    if not Check.objects.filter(pk=check.pk, shown_on=None).update(shown_on=on, shown_to=by.name):
        raise ContractorRefused("Utdraget är redan antecknat som visat.")
    _tell_of_extracts(check.adult.home)
    audit.wrote(by, "contractors.show_extract", now=now, obj=check, person_id=check.adult.person_id)
    check.refresh_from_db()
    return check


@transaction.atomic
def approve_home(
    home: Home,
    *,
    kinds: list[str],
    capacity: int,
    ages: tuple[int, int],
    valid_from: date,
    by: Actor,
    now: datetime,
    valid_to: date | None = None,
) -> Approval:
    """Approve a home for kinds, places and ages; an earlier approval ends the day before.

    Raises Refused, ContractorRefused while an extract is missing for any of its adults.
    """
    demand(by, "contractors.approve", home)
    home = Home.objects.select_for_update(of=("self",)).get(pk=home.pk)
    if missing := missing_extracts(home, on=day_of(now)):
        raise ContractorRefused(missing[0])
    if home.ended_on:
        raise ContractorRefused("Hemmet är avslutat.")
    if not kinds or set(kinds) - set(home.kinds):
        raise ContractorRefused("Ett hem godkänns för det som det är utrett för.")
    if capacity < 1 or ages[1] < ages[0]:
        raise ContractorRefused("Skriv antal platser och åldrar i ordning.")
    if (taken := _most_taken(home.pk, valid_from)) > capacity:
        raise ContractorRefused(f"Det finns redan {taken} i hemmet.")
    before = Approval.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), home=home)
    if before.filter(valid_from__gte=valid_from).exists():
        raise ContractorRefused("Ett godkännande från en senare dag finns redan.")
    before.update(valid_to=valid_from - timedelta(days=1))
    row = Approval.objects.create(
        **signature(by, now), home=home, kinds=sorted(kinds), capacity=capacity, age_from=ages[0], age_to=ages[1],
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    list_home(home, row, by=by, now=now)
    audit.wrote(by, "contractors.approve", now=now, obj=row, person_id=home.contact_id)
    outbox.announce("contractor.approved", home, now=now)
    return row


def list_home(home: Home, approval: Approval, *, by: Actor, now: datetime) -> Listing:
    """Write what other branches see; of a protected home not its name or place."""
    hidden = home.contact.is_protected
    listing, _ = Listing.objects.update_or_create(
        municipality_id=home.municipality_id,
        home_id=home.pk,
        defaults={
            "name": NAMELESS if hidden else home.name,
            "place": "" if hidden else home.place,
            "kinds": approval.kinds,
            "capacity": approval.capacity,
            "age_from": approval.age_from,
            "age_to": approval.age_to,
            "valid_from": approval.valid_from,
            "valid_to": approval.valid_to,
            "extracts_until": extracts_until(home),
        },
    )
    audit.wrote(by, "contractors.list_home", now=now, obj=listing, person_id=home.contact_id)
    return listing


@transaction.atomic
def write_contract(
    home: Home, kind: str, *, valid_from: date, by: Actor, now: datetime, valid_to: date | None = None
) -> Contract:
    """Write a contract for one kind the home is approved for. Raises Refused, ContractorRefused."""
    demand(by, "contractors.write", home)
    approval = approval_on(home, valid_from)
    if approval is None or kind not in approval.kinds:
        raise ContractorRefused("Hemmet är inte godkänt för uppdraget den dagen.")
    row = Contract.objects.create(
        municipality_id=by.municipality_id, home=home, kind=kind, valid_from=valid_from, valid_to=valid_to,
        written_by_id=by.user_id or 0, written_by_name=by.name,
    )  # fmt: skip
    audit.wrote(by, "contractors.contract", now=now, obj=row, person_id=home.contact_id)
    return row


@transaction.atomic
def sign_contract(contract: Contract, *, on: date, by: Actor, now: datetime) -> Contract:
    """Sign a contract that someone else has written. Raises Refused, ContractorRefused."""
    demand(by, "contractors.sign", contract)
    if contract.written_by_id == by.user_id:
        raise ContractorRefused("Den som har skrivit avtalet kan inte också underteckna det.")
    fields = {"signed_on": on, "signed_by_id": by.user_id, "signed_by_name": by.name}
    if not Contract.objects.filter(pk=contract.pk, signed_on=None).update(**fields):
        raise ContractorRefused("Avtalet är redan undertecknat.")
    audit.wrote(by, "contractors.sign", now=now, obj=contract, person_id=contract.home.contact_id)
    contract.refresh_from_db()
    return contract


@transaction.atomic
def add_rate(
    *, kind: str, ages: tuple[int, int], fee_ore: int, expenses_ore: int, valid_from: date, source: str,
    by: Actor, now: datetime, verify: bool = True,
) -> Rate:  # fmt: skip
    """Write a row of a circular, in öre a month. It is to be verified until someone says otherwise. Raises Refused."""
    demand(by, "contractors.rates")
    row = Rate.objects.create(
        municipality_id=by.municipality_id, kind=kind, age_from=ages[0], age_to=ages[1], fee_ore=fee_ore,
        expenses_ore=expenses_ore, valid_from=valid_from, source=source, verify=verify,
    )  # fmt: skip
    audit.wrote(by, "contractors.rates", now=now, obj=row)
    return row


@transaction.atomic
def propose_remuneration(
    contract: Contract,
    *,
    fee_ore: int,
    expenses_ore: int,
    valid_from: date,
    source: str,
    by: Actor,
    now: datetime,
) -> Remuneration:
    """Propose what is paid a month from a day, in öre; nothing is paid until another confirms it. Raises Refused."""
    demand(by, "contractors.write", contract.home)
    if not source.strip():
        raise ContractorRefused("Skriv vad ersättningen bygger på.")
    row = Remuneration.objects.create(
        **signature(by, now), contract=contract, fee_ore=fee_ore, expenses_ore=expenses_ore,
        valid_from=valid_from, source=source.strip(),
    )  # fmt: skip
    audit.wrote(by, "contractors.propose", now=now, obj=row, person_id=contract.home.contact_id)
    return row


@transaction.atomic
def confirm_remuneration(row: Remuneration, *, by: Actor, now: datetime) -> Remuneration:
    """Confirm what another proposed. Raises Refused, ContractorRefused."""
    demand(by, "contractors.confirm", row)
    if row.by_user_id == by.user_id:
        raise ContractorRefused("Den som har föreslagit ersättningen kan inte också bekräfta den.")
    fields = {"confirmed_at": now, "confirmed_by_id": by.user_id, "confirmed_by_name": by.name}
    if not Remuneration.objects.filter(pk=row.pk, confirmed_at=None).update(**fields):
        raise ContractorRefused("Ersättningen är redan bekräftad.")
    audit.wrote(by, "contractors.confirm", now=now, obj=row, person_id=row.contract.home.contact_id)
    row.refresh_from_db()
    return row


@transaction.atomic
def count_month(contract: Contract, month: date, *, by: Actor, now: datetime) -> Basis:
    """Count what is to be paid for a month: each day its share of the remuneration confirmed for it, to the öre.

    Raises Refused, ContractorRefused when it is counted, nothing is confirmed, or the contract is not signed.
    """
    demand(by, "contractors.settle")
    demand(by, "contractors.write", contract.home)
    if contract.signed_on is None:
        raise ContractorRefused("Avtalet är inte undertecknat.")
    whole = calendar.monthrange(month.year, month.month)[1]
    first = month.replace(day=1)
    counted = fee = expenses = 0
    for day in (first + timedelta(days=step) for step in range(whole)):
        if contract.valid_from <= day and (contract.valid_to is None or day <= contract.valid_to):
            paid = remuneration_on(contract, day)
            if paid is None:
                raise ContractorRefused(f"Ingen ersättning är bekräftad för den {day}.")
            counted, fee, expenses = counted + 1, fee + paid.fee_ore, expenses + paid.expenses_ore
    if not counted:
        raise ContractorRefused("Avtalet gällde inte den månaden.")
    try:
        with transaction.atomic():
            row = Basis.objects.create(
                **signature(by, now), contract=contract, month=first, days=counted,
                fee_ore=_rounded(fee, whole), expenses_ore=_rounded(expenses, whole),
            )  # fmt: skip
    except IntegrityError:
        raise ContractorRefused("Månaden är redan räknad.") from None
    audit.wrote(by, "contractors.settle", now=now, obj=row, person_id=contract.home.contact_id)
    return row


@transaction.atomic
def approve_basis(basis: Basis, *, by: Actor, now: datetime) -> Basis:
    """Approve what another counted; then it may be paid. Raises Refused, ContractorRefused."""
    demand(by, "contractors.pay", basis)
    if basis.by_user_id == by.user_id:
        raise ContractorRefused("Den som har räknat underlaget kan inte också godkänna det.")
    fields = {"approved_at": now, "approved_by_id": by.user_id, "approved_by_name": by.name}
    if not Basis.objects.filter(pk=basis.pk, approved_at=None).update(**fields):
        raise ContractorRefused("Underlaget är redan godkänt.")
    audit.wrote(by, "contractors.pay", now=now, obj=basis, person_id=basis.contract.home.contact_id)
    outbox.announce("contractor.to_pay", basis, now=now)
    basis.refresh_from_db()
    return basis


@transaction.atomic
def record_review(home: Home, *, on: date, by: Actor, now: datetime) -> Review:
    """Note that the home was gone through. Raises Refused."""
    demand(by, "contractors.write", home)
    row = Review.objects.create(**signature(by, now), home=home, on=on)
    audit.wrote(by, "contractors.review", now=now, obj=row, person_id=home.contact_id)
    return row


@transaction.atomic
def end_home(home: Home, *, on: date, by: Actor, now: datetime) -> Home:
    """End a home, its approval and its contracts on a day, when nobody lives there. Raises ContractorRefused."""
    demand(by, "contractors.write", home)
    home = Home.objects.select_for_update(of=("self",)).get(pk=home.pk)
    Listing.objects.select_for_update().filter(home_id=home.pk).first()
    if _most_taken(home.pk, on):
        raise ContractorRefused("Någon bor i hemmet eller har det som stöd. Avsluta det först.")
    running = Q(valid_to=None) | Q(valid_to__gt=on)
    Approval.objects.filter(running, home=home, valid_from__lte=on).update(valid_to=on)
    Contract.objects.filter(running, home=home, valid_from__lte=on).update(valid_to=on)
    Listing.objects.filter(running, home_id=home.pk, valid_from__lte=on).update(valid_to=on)
    home.ended_on = on
    home.save(update_fields=["ended_on"])
    audit.wrote(by, "contractors.end", now=now, obj=home, person_id=home.contact_id)
    return home


@transaction.atomic
def take_place(
    home_id: UUID, *, kind: str, age: int, source: str, begins_on: date, by: Actor, now: datetime
) -> Stay:
    """Take a place in a home, for the room above: `source` is `label:id` of its row, asked twice it is one place.

    Of two at once one waits. Raises Refused, ContractorRefused when the home is not approved for the kind and age or an
    extract is missing that day, NoPlace when it is full on any day from then on.
    """
    demand(by, "contractors.place")
    listing = Listing.objects.select_for_update().filter(home_id=home_id).first()
    if (why := listing.why_not(kind, age, begins_on) if listing else NOT_APPROVED) or listing is None:
        raise ContractorRefused(why)
    held = Stay.objects.filter(listing=listing, source=source, ends_on=None).first()
    if held is not None:
        return held
    if _most_taken(home_id, begins_on) >= listing.capacity:
        raise NoPlace(NoPlace.__doc__)
    row = Stay.objects.create(
        municipality_id=by.municipality_id, listing=listing, source=source, begins_on=begins_on
    )
    audit.wrote(by, "contractors.place", now=now, obj=row, detail={"source": source})
    return row


@transaction.atomic
def leave_place(source: str, *, ends_on: date, by: Actor, now: datetime) -> int:
    """Give back the places of a source, with `ends_on` as the last day. Return how many."""
    demand(by, "contractors.place")
    rows = Stay.objects.filter(municipality_id=by.municipality_id, source=source, ends_on=None)
    ended = rows.filter(begins_on__lte=ends_on).update(ends_on=ends_on)
    audit.wrote(by, "contractors.leave", now=now, detail={"source": source, "places": ended})
    return ended


def _tell_of_extracts(home: Home) -> None:
    """Write beside what other branches see how long the extracts are relied on: never what stands in them."""
    Listing.objects.filter(home_id=home.pk).update(extracts_until=extracts_until(home))


def _most_taken(home_id: UUID, since: date) -> int:
    """The most places taken on any day from a day on."""
    stays = list(
        Stay.objects.filter(Q(ends_on=None) | Q(ends_on__gte=since), listing__home_id=home_id).values_list(
            "begins_on", "ends_on"
        )
    )
    days = {since, *(begins for begins, _ in stays if begins > since)}
    return max(sum(begins <= day and (ends is None or day <= ends) for begins, ends in stays) for day in days)


def _rounded(total_ore: int, days: int) -> int:
    """Whole öre of a sum of daily remunerations over the days of the month, half up."""
    return (2 * total_ore + days) // (2 * days)
