"""Calling people to an alarm: who, by which channel, through whose gateway, and whether it got there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from livlina.core import clock, outbox
from livlina.core.access import Actor, demand
from livlina.core.models import Assignment
from livlina.provider.alarms import gateways, wording
from livlina.provider.alarms.actions.holding import happened, turn
from livlina.provider.alarms.models import Alarm, Channel, Notice, OnCall

LAST = 2
"""The last step that has people of its own: from there on everyone is called again, louder."""
KINDS = {0: ("push",), 1: ("push", "sms"), 2: ("push", "sms", "voice")}
"""By which channels each step calls. A notice is silent in a pocket; a telephone that rings is not."""


@dataclass(frozen=True)
class Called:
    """One person to call."""

    user_id: int
    name: str


def call(alarm: Alarm, step: int, *, by: Actor, now: datetime) -> int:
    """Call those who are on call for the alarm's team at a step, and return how many calls were begun.

    From the last step on: everyone of all steps, and the team's managers. Called under the turn. The gateways are
    asked afterwards, when the alarm is committed: a slow gateway never holds an alarm up.
    """
    demand(by, "alarms.exchange")
    people = on_duty(alarm, step, now)
    kinds = KINDS[min(step, LAST)]
    rows = Channel.objects.filter(user_id__in=[one.user_id for one in people], kind__in=kinds, ended_at=None)
    names = {one.user_id: one.name for one in people}
    made = 0
    for user_id, kind in sorted(set(rows.values_list("user_id", "kind"))):
        suppliers = gateways.suppliers(kind)
        made += _begin(alarm, step, kind, suppliers[0].name if suppliers else "", user_id, names, now)
    if people:
        to = ", ".join(sorted(one.name for one in people))
        how = "" if made else "Ingen av dem har lagt in hur de nås."
        happened(alarm, "told", by=by, now=now, to_name=to[:160], text=how)
    return made


def on_duty(alarm: Alarm, step: int, now: datetime) -> list[Called]:
    """Return whom a step calls: those on call for the area and with the skill first, else all on call at the step."""
    wanted = [min(step, LAST)] if step < LAST else list(range(LAST + 1))
    rows = OnCall.objects.filter(team_id=alarm.team_id, step__in=wanted, starts_at__lte=now, ends_at__gt=now)
    found = list(rows.select_related("assignment__user").order_by("step", "starts_at"))
    area = alarm.unit.area if alarm.unit else ""
    near = [row for row in found if row.area in ("", area)] or found
    skill = wording.SKILLS.get(_device(alarm), "")
    able = [row for row in near if skill and row.skill == skill] or near
    chosen = near if step >= LAST else able
    people = {row.assignment.user_id: row.assignment.user.name for row in chosen}
    if step >= LAST:
        people |= _managers(alarm.team_id, now)
    return [Called(user_id, name) for user_id, name in people.items()]


def deliver(notice_id: UUID, *, by: Actor, now: datetime) -> Notice:
    """Send one notice. When its gateway fails, the next supplier of the channel is tried at once.

    A notice that was sent is never sent again; one about an alarm that somebody has accepted meanwhile is not sent.
    """
    demand(by, "alarms.exchange")
    notice = Notice.objects.select_for_update(of=("self",)).select_related("alarm__team").get(pk=notice_id)
    if notice.state != "waiting":
        return notice
    if notice.alarm.state != "waiting":
        return _finish(notice, "failed", "Någon hann ta emot larmet.", now)
    for supplier in _from(notice):
        if supplier.name != notice.supplier:
            notice = _next(notice, supplier.name, now)
        fault = supplier.send(_address(notice), _text(notice), str(notice.pk))
        notice = _finish(notice, "failed" if fault else "sent", fault, now)
        if not fault:
            return notice
    _on_at_once(notice)
    return notice


def _on_at_once(notice: Notice) -> None:
    """Let the alarm go further now when nobody of its step could be called at all: waiting helps nobody then.

    Not from the last step on: there everyone has been tried, and is tried again by the clock.
    """
    alive = Notice.objects.filter(alarm=notice.alarm, step=notice.step).exclude(state="failed")
    if notice.step < LAST and not alive.exists():
        turn(notice.municipality_id)
        Alarm.objects.filter(pk=notice.alarm_id, state="waiting", step=notice.step).update(
            next_at=F("received_at")
        )


def _begin(
    alarm: Alarm, step: int, kind: str, supplier: str, user_id: int, names: dict[int, str], now: datetime
) -> int:
    notice, new = Notice.objects.get_or_create(
        municipality_id=alarm.municipality_id,
        alarm=alarm,
        step=step,
        channel=kind,
        supplier=supplier,
        user_id=user_id,
        defaults={"to_name": names[user_id], "made_at": now},
    )
    if new:
        outbox.announce("alarm.notice", notice, now=now)
    return int(new)


def _from(notice: Notice) -> Iterable[gateways.Supplier]:
    """The notice's own supplier first, then the others of its channel."""
    known = gateways.suppliers(notice.channel)
    return sorted(known, key=lambda one: one.name != notice.supplier) or [gateways.NONE]


def _next(notice: Notice, supplier: str, now: datetime) -> Notice:
    again, _ = Notice.objects.get_or_create(
        municipality_id=notice.municipality_id,
        alarm=notice.alarm,
        step=notice.step,
        channel=notice.channel,
        supplier=supplier,
        user_id=notice.user_id,
        defaults={"to_name": notice.to_name, "made_at": now},
    )
    return again


def _finish(notice: Notice, state: str, fault: str, now: datetime) -> Notice:
    notice.state, notice.fault, notice.answered_at = state, fault[:200], now
    notice.save(update_fields=["state", "fault", "answered_at"])
    return notice


def _address(notice: Notice) -> str:
    rows = Channel.objects.filter(user_id=notice.user_id, kind=notice.channel, ended_at=None)
    return rows.order_by("-since").values_list("address", flat=True).first() or ""


def _text(notice: Notice) -> str:
    """Team, area, time and a link: never who it is about. A message lies on a screen that anybody sees."""
    alarm = notice.alarm
    area = alarm.unit.area if alarm.unit else ""
    place = f"{alarm.team.name}, {area}" if area else alarm.team.name
    return f"Larm väntar: {place}, kl. {clock.local(alarm.pressed_at):%H.%M}. {gateways.link(alarm.pk)}"


def _managers(team_id: UUID, now: datetime) -> dict[int, str]:
    rows = Assignment.objects.valid(clock.day_of(now)).filter(Q(unit_id=team_id), role="provider_manager")
    return dict(rows.values_list("user_id", "user__name"))


def _device(alarm: Alarm) -> int:
    """The kind of device, by the word it was given when it came."""
    first = alarm.what.partition(",")[0]
    return next((code for code, words in wording.DEVICES.items() if words == first), 0)
