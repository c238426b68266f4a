"""Writing an order: whom it concerns, what is to be done, by whom. Nothing here is seen by a provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from livlina.core import audit, clock
from livlina.core.access import Actor, demand
from livlina.registers.orders.faults import ChangeUnderWay, NothingOrdered, ProviderUnfit, WrongState
from livlina.registers.orders.holding import hold, letter, record
from livlina.registers.orders.models import Line, Order, OrderVersion, Provider
from livlina.registers.orders.models.content import WRITTEN
from livlina.registers.orders.models.lines import weekly_minutes
from livlina.registers.people.models import Person


@dataclass(frozen=True)
class _Content:
    """What an order says, before it is written down."""

    lines: list[Line]
    facts: dict[str, str]
    starts_on: date
    ends_on: date | None
    life_areas: list[str]
    granted_minutes: int | None


@dataclass(frozen=True)
class _About:
    """What an order is about: stays the same through its versions."""

    person_id: UUID
    source: tuple[str, UUID | None]
    service: str


def register_provider(
    *,
    name: str,
    regime: str,
    unit_id: UUID,
    services: Iterable[str],
    valid_from: date,
    by: Actor,
    now: datetime,
    areas: Iterable[str] = (),
    capacity_hours: int | None = None,
    phone: str = "",
    valid_to: date | None = None,
) -> Provider:
    """Enter a provider, or change what is known about the one of that unit. Capacity in hours per week."""
    demand(by, "orders.keep_register")
    provider, _ = Provider.objects.update_or_create(
        municipality_id=by.municipality_id,
        unit_id=unit_id,
        defaults={
            "name": " ".join(name.split()),
            "regime": regime,
            "areas": list(areas),
            "services": list(services),
            "capacity_hours": capacity_hours,
            "phone": phone,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )
    audit.wrote(by, "orders.keep_register", now=now, obj=provider)
    return provider


@transaction.atomic
def draft_order(
    *,
    person: Person,
    source: tuple[str, UUID],
    service: str,
    kind: str,
    lines: Iterable[Line],
    facts: Mapping[str, str],
    starts_on: date,
    by: Actor,
    now: datetime,
    ends_on: date | None = None,
    area: str = "",
    life_areas: Iterable[str] = (),
    granted_minutes: int | None = None,
    branch: int = 1,
) -> Order:
    """Write an order that nobody else sees yet. One draft per source and service: again is the same, revised.

    `source` is what it rests on (a case), opaque here. `facts` is what the provider needs to know, by name, as
    the orderer chose it. `granted_minutes` is the decision's figure per month; `branch` is the compartment of the
    authority that orders. Raises NothingOrdered.
    """
    demand(by, "orders.draft")
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # two drafts at once: the second revises
    found = _draft_of(source, service, by)
    if found is not None:
        return revise_draft(
            found, lines=lines, facts=facts, starts_on=starts_on, ends_on=ends_on, life_areas=life_areas,
            area=area, granted_minutes=granted_minutes, by=by, now=now,
        )  # fmt: skip
    order = _envelope(kind, area, branch, by, now)
    content = _Content(list(lines), dict(facts), starts_on, ends_on, list(life_areas), granted_minutes)
    _write(order, _About(person.pk, source, service), content, by, now)
    record(order, "drafted", by, now=now, person_id=person.pk)
    return order


@transaction.atomic
def revise_draft(
    order: Order,
    *,
    lines: Iterable[Line],
    facts: Mapping[str, str],
    starts_on: date,
    by: Actor,
    now: datetime,
    ends_on: date | None = None,
    life_areas: Iterable[str] = (),
    area: str | None = None,
    granted_minutes: int | None = None,
) -> Order:
    """Write the draft anew as its next version; the former stays. The same again changes nothing. Raises WrongState."""
    order = hold(order, "orders.change", by)
    if order.state != "draft":
        raise WrongState
    before = letter(order)
    order.version += 1
    content = _Content(list(lines), dict(facts), starts_on, ends_on, list(life_areas), granted_minutes)
    after = _write(order, _about(before), content, by, now, unless=before)
    if after is before:
        order.version -= 1
    order.area = order.area if area is None else area
    order.save(update_fields=["version", "area"])
    if after is not before:
        record(order, "revised", by, now=now, person_id=before.person_id)
    return order


@transaction.atomic
def draft_again(order: Order, *, by: Actor, now: datetime) -> Order:
    """Write the same order anew after a refusal or a recall, for another provider: nothing is typed twice.

    Asked for twice it is the same draft. Raises WrongState for an order that is still with its provider.
    """
    order = hold(order, "orders.change", by)
    if order.state not in ("declined", "recalled"):
        raise WrongState
    return _successor(order, None, None, None, by, now)


@transaction.atomic
def new_version(
    order: Order,
    *,
    lines: Iterable[Line],
    facts: Mapping[str, str],
    starts_on: date,
    by: Actor,
    now: datetime,
) -> Order:
    """Draft a changed order to the same provider. The old one runs until the new is confirmed, then is superseded.

    Raises WrongState if the order does not run, ChangeUnderWay if another change of it has been sent.
    """
    order = hold(order, "orders.change", by)
    if not order.is_running:
        raise WrongState
    return _successor(order, list(lines), dict(facts), starts_on, by, now)


@transaction.atomic
def choose_provider(order: Order, provider: Provider, *, by: Actor, now: datetime) -> Order:
    """Choose who the draft is meant for: the first of two steps.

    Nothing leaves the house. Raises ProviderUnfit, WrongState.
    """
    order = hold(order, "orders.change", by)
    if order.state != "draft":
        raise WrongState
    if provider.municipality_id != order.municipality_id or not provider.takes(
        letter(order).service, clock.day_of(now)
    ):
        raise ProviderUnfit
    if order.provider_id != provider.pk:
        order.provider = provider
        order.save(update_fields=["provider"])
        record(order, "provider_chosen", by, now=now)
    return order


def _successor(
    order: Order,
    lines: list[Line] | None,
    facts: dict[str, str] | None,
    starts_on: date | None,
    by: Actor,
    now: datetime,
) -> Order:
    """Return the draft that follows an order, made once; lines, facts and start stay unless they are given."""
    before = letter(order)
    follower = order.replaced_by.exclude(state__in=["declined", "recalled", "ended"]).first()
    if follower is not None and follower.state != "draft":
        raise ChangeUnderWay
    content = _Content(
        before.order_lines,
        before.facts,
        before.starts_on,
        before.ends_on,
        before.life_areas,
        before.granted_minutes,
    )
    if lines is not None and facts is not None and starts_on is not None:
        content = replace(content, lines=lines, facts=facts, starts_on=starts_on)
        if follower is not None:
            return revise_draft(
                follower, lines=lines, facts=facts, starts_on=starts_on, ends_on=content.ends_on,
                life_areas=content.life_areas, granted_minutes=content.granted_minutes, by=by, now=now,
            )  # fmt: skip
    if follower is not None:
        return follower
    new = _envelope(order.kind, order.area, order.branch, by, now, replaces=order)
    _write(new, _about(before), content, by, now)
    record(new, "drafted", by, now=now, person_id=before.person_id)
    return new


def _draft_of(source: tuple[str, UUID], service: str, by: Actor) -> Order | None:
    """Return the unit's draft that rests on `source`, if there is one."""
    drafts = OrderVersion.objects.filter(
        WRITTEN, order__state="draft", order__orderer_unit_id=by.unit_id, service=service
    )
    found = drafts.filter(source_type=source[0], source_id=source[1]).select_related("order").first()
    return found.order if found is not None else None


def _envelope(
    kind: str, area: str, branch: int, by: Actor, now: datetime, *, replaces: Order | None = None
) -> Order:
    """Make an empty draft in the name of whoever orders; a change of a running order keeps its provider."""
    return Order.objects.create(
        municipality_id=by.municipality_id,
        kind=kind,
        area=area,
        branch=branch,
        provider_id=replaces.provider_id if replaces is not None and replaces.is_running else None,
        orderer_unit_id=by.unit_id,
        orderer_role=by.role,
        orderer_name=by.name,
        replaces=replaces,
        drafted_at=now,
    )


def _about(version: OrderVersion) -> _About:
    return _About(version.person_id, (version.source_type, version.source_id), version.service)


def _write(
    order: Order,
    about: _About,
    content: _Content,
    by: Actor,
    now: datetime,
    *,
    unless: OrderVersion | None = None,
) -> OrderVersion:
    """Write the authority's copy of the next version; return `unless` if that already says the same."""
    facts = {name: text.strip() for name, text in content.facts.items() if text.strip()}
    if not content.lines and not facts:
        raise NothingOrdered
    version = OrderVersion(
        municipality_id=order.municipality_id,
        order=order,
        number=order.version,
        compartment=order.branch,
        person_id=about.person_id,
        source_type=about.source[0],
        source_id=about.source[1],
        service=about.service,
        facts=facts,
        life_areas=content.life_areas,
        lines=[line.stored() for line in content.lines],
        weekly_minutes=weekly_minutes(content.lines),
        granted_minutes=content.granted_minutes,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        written_at=now,
        written_by=by.name,
    )
    version.digest = version.sealed()
    if unless is not None and (unless.digest, unless.granted_minutes) == (
        version.digest,
        version.granted_minutes,
    ):
        return unless
    version.save()
    return version
