"""What receivers and telephone exchanges speak to: by keys of their own instead of a person's session."""

from typing import Annotated, Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema, Status

from livlina.core import audit, clock, tenancy
from livlina.core.access import system
from livlina.core.failover import repeatable
from livlina.core.models import Municipality
from livlina.core.views import page
from livlina.provider.alarms.actions import calls
from livlina.provider.alarms.actions import exchange as exchanging
from livlina.provider.alarms.actions.exchange import NotTrusted, Said

router = Router(tags=["alarms"])
TOLD_EVERY = 60
"""Seconds between two records of refusals under the same name: a stranger must not be able to fill the audit."""


class ExchangeIn(Schema):
    """What a receiver tells: its pulse, the records we have not confirmed, and how far it has read our news."""

    receiver: Annotated[str, Field(max_length=20)] = ""
    boot: Annotated[str, Field(max_length=40)] = ""
    sent_at: float = 0.0
    records: Annotated[list[dict[str, Any]], Field(max_length=exchanging.AT_ONCE)] = []
    news_after: Annotated[int, Field(ge=0, le=2**62)] = 0
    units_version: Annotated[str, Field(max_length=64)] = ""
    health: dict[str, Any] = {}


class ExchangeOut(Schema):
    """What it is told. `units`, `codes` and `channels` come together, when its copy is out of date."""

    confirmed: int
    news: list[dict[str, Any]]
    units_version: str
    units: list[dict[str, Any]] | None
    codes: list[dict[str, Any]] | None
    channels: list[dict[str, Any]] | None


class CallIn(Schema):
    """A call that has come to the exchange, by the number it comes from."""

    number: Annotated[str, Field(max_length=256)]


class CallOut(Schema):
    """The page of the alarm the call is about, for whoever answers; nothing when no open alarm calls from there."""

    page: str | None


class Refusal(Schema):
    """No reason is given."""

    detail: str


@router.post("/alarms/exchange", auth=None, response={200: ExchangeOut, 401: Refusal})
@page("public", None)
def exchange(request: HttpRequest, said: ExchangeIn) -> Status:
    """Hand over records and be told news: at least once, and at least every two seconds."""
    repeatable(request)
    token = _token(request)
    told = Said(said.boot, _whole(said.records), said.news_after, said.units_version, said.health)
    try:
        answer = exchanging.exchange(token, told, now=clock.now())
    except NotTrusted:
        _refused(token, "alarms.exchange")
        return Status(401, {"detail": "No."})
    pack = answer.pack or {"units": None, "codes": None, "channels": None}
    body = {"confirmed": answer.confirmed, "news": answer.news, "units_version": answer.version, **pack}
    return Status(200, body)


@router.post("/alarms/calls", auth=None, response={200: CallOut, 401: Refusal})
@page("public", None)
def call(request: HttpRequest, said: CallIn) -> Status:
    """Tell that a call has come, as soon as its number is known and before anyone answers. Said twice it is said once."""
    token = _token(request)
    try:
        alarm = calls.arrived(token, said.number, now=clock.now())
    except NotTrusted:
        _refused(token, "alarms.call_came")
        return Status(401, {"detail": "No."})
    return Status(200, {"page": reverse("alarms_provider:alarm", args=[alarm.pk]) if alarm else None})


def _token(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def _whole(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what has no number: it could never be confirmed."""
    return [one for one in records if isinstance(one.get("number"), int) and 0 < one["number"] < 2**62]


def _refused(token: str, verb: str) -> None:
    """Record that somebody tried, under the municipality they named, if there is one."""
    slug = token.partition(".")[0][:40]
    found = Municipality.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is not None and cache.add(f"{verb}-refused-{found}", 1, TOLD_EVERY):
        with tenancy.acting(found, tenancy.EVERYTHING):
            audit.refused(system(found), verb, now=clock.now())
