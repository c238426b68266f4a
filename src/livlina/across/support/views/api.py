"""The support's figures as JSON, and the door suppliers answer through: signed, and each answer once."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from livlina.across.support import actions, queries, suppliers
from livlina.across.support.models import SupplierMessage
from livlina.across.support.queries.figures import Times
from livlina.core import clock, tenancy
from livlina.core.access import system
from livlina.core.models import Municipality
from livlina.core.views import Request, page

router = Router(tags=["support"])
LARGEST = 100_000


class TimesOut(Schema):
    """Working minutes; null where there are too few to tell of."""

    count: int
    median: int | None
    p90: int | None


class FiguresOut(Schema):
    """The support in figures. `hidden_*` names what is too little to be told."""

    first: date
    last: date
    unit: str
    came: int
    solved: int
    reopened: int | None
    running: int | None
    kinds: dict[str, int]
    lines: dict[str, int]
    weeks: dict[str, int]
    units: dict[str, int]
    hidden_units: list[str]
    hidden_kinds: list[str]
    answer: TimesOut
    solution: TimesOut
    answered_in_time_percent: int | None


class ReplyIn(Schema):
    """What a supplier answers. `id` is their own: the same twice is said once."""

    id: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class ReplyOut(Schema):
    """That it was taken in, and under which number."""

    ticket: str


@router.get("/support/figures", response=FiguresOut, operation_id="support_figures")
@page("staff", "support.statistics")
def figures(request: HttpRequest, first: date | None = None, last: date | None = None) -> dict[str, Any]:
    """Figures between two days, both included; without days the last thirty. A manager's are the own unit's."""
    asked: Request = request  # type: ignore[assignment]
    until = last or clock.day_of(asked.now)
    since = first or until - timedelta(days=29)
    if not timedelta(0) <= until - since <= timedelta(days=366) or since.year < 2000:
        raise HttpError(422, "The period is at most a year, and does not end before it begins.")
    told = queries.figures(asked.actor, since, until, asked.now)
    return {
        "first": since, "last": until, "unit": told.unit, "came": told.came, "solved": told.solved,
        "reopened": told.reopened, "running": told.running, "kinds": dict(told.kinds), "lines": dict(told.lines),
        "weeks": dict(told.weeks), "units": dict(told.units), "hidden_units": told.hidden_units,
        "hidden_kinds": told.hidden_kinds, "answer": _times(told.answer), "solution": _times(told.solution),
        "answered_in_time_percent": told.in_time,
    }  # fmt: skip


@router.post(
    "/support/{slug}/{message_id}/reply", response=ReplyOut, auth=None, operation_id="support_supplier_reply"
)
@page("public", None)
def reply(request: HttpRequest, slug: str, message_id: UUID, said: ReplyIn) -> dict[str, str]:
    """A supplier answers what was sent to them; signed with what is shared with them (`suppliers.py`)."""
    body = request.body
    if len(body) > LARGEST:
        raise HttpError(413, "At most 100 000 bytes.")
    home = Municipality.objects.filter(slug=slug).first()
    now = clock.now()
    if home is None:
        raise HttpError(404, "There is nothing here, or it is not for you.")
    with tenancy.acting(home.pk):
        asked = (
            SupplierMessage.objects.select_related("ticket").filter(pk=message_id, direction="out").first()
        )
        stamp = request.headers.get("X-Livlina-Timestamp", "")
        signed = request.headers.get("X-Livlina-Signature", "")
        if asked is None or not suppliers.is_signed(asked.supplier, stamp, signed, body, now):
            raise HttpError(404, "There is nothing here, or it is not for you.")
        actions.supplier_says(asked.ticket, asked.supplier, said.id, said.text, by=system(home.pk), now=now)
        return {"ticket": asked.ticket.number}


def _times(times: Times) -> dict[str, int | None]:
    return {"count": times.count, "median": times.median, "p90": times.p90}
