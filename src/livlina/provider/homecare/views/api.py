"""What phones speak to: taken into use, given a shift's pack, and their outbox, whose every event is signed."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from livlina.core import clock, keys
from livlina.core.failover import repeatable
from livlina.core.models import Municipality
from livlina.core.views import Request, page
from livlina.provider.doors import queries as doors
from livlina.provider.homecare.actions.phones import PhoneRefused, register_phone
from livlina.provider.homecare.sync import doortime, outbox, pack, wire
from livlina.provider.homecare.sync.wire import b64u, unb64u

router = Router(tags=["field"])


class PhoneIn(Schema):
    """A phone to take into use. `phone` is the id it had before, if it had one."""

    name: Annotated[str, Field(max_length=80)] = ""
    public: Annotated[str, Field(max_length=120)]
    phone: UUID | None = None


class KeyOut(Schema):
    """One of the municipality's keys: its name, and the point of 65 bytes in base64url."""

    kid: str
    public: str


class PhoneOut(Schema):
    """What the phone is called, and the keys it believes and seals to."""

    phone: UUID
    municipality: int
    sign: KeyOut
    seal: KeyOut
    time: str


class PackIn(Schema):
    """Which phone asks."""

    phone: UUID


class PackOut(Schema):
    """The pack's canonical bytes and the municipality's signature over them, in base64url."""

    payload: str
    kid: str
    signature: str


class OutboxIn(Schema):
    """What a phone sends. The events are looked at one by one: one that is wrong holds up no other.

    `questions`: what locks that have lost their time have put, as {lock, nonce}; at most 20 are answered.
    """

    municipality: int
    phone: UUID
    newest: Annotated[int, Field(ge=0, lt=2**31)] = 0
    newest_hash: Annotated[str, Field(max_length=64)] = ""
    waiting: Annotated[int, Field(ge=0, lt=2**31)] = 0
    wiped: str | None = None
    events: Annotated[list[Any], Field(max_length=outbox.AT_ONCE)] = []
    questions: list[Any] = []


class ReceiptOut(Schema):
    """One receipt: canonical bytes and signature, in base64url."""

    payload: str
    signature: str


class TimeOut(Schema):
    """The time, signed for one lock's own question."""

    lock: int
    time: str


class OutboxOut(Schema):
    """What it is told. `resend_after`: nothing was taken in; send again every event whose receipt has a higher number."""

    time: str
    kid: str
    receipts: list[ReceiptOut]
    resend_after: int | None
    revoked: bool
    revocations: str
    door_time: str
    acks: list[str]
    times: list[TimeOut]


class WorksOut(Schema):
    """That phones are answered here, and the house's time."""

    works: bool
    time: str


@router.get("/field/works", auth=None, response=WorksOut)
@page("public", None)
def field_works(request: HttpRequest) -> dict[str, Any]:
    """Say that phones are answered here, database and all, to whoever has no phone: the status page. It tells of nobody."""
    return {"works": Municipality.objects.exists(), "time": wire.written(clock.now())}


@router.post("/field/phone", response=PhoneOut)
@page("provider", "field.phone")
def phone(request: Request, said: PhoneIn) -> dict[str, Any]:
    """Take a phone into use for whoever is signed in. The same key again is the same phone."""
    by, now = request.actor, request.now
    try:
        made = register_phone(unb64u(said.public), said.name, by=by, now=now, again=said.phone)
    except (PhoneRefused, wire.Unfit) as fault:
        raise HttpError(403, str(fault)) from None
    sign, seal = (keys.current(by.municipality_id, purpose, now) for purpose in (wire.SIGN, wire.SEAL))
    return {
        "phone": made.pk,
        "municipality": by.municipality_id,
        "sign": {"kid": sign.name, "public": b64u(sign.public)},
        "seal": {"kid": seal.name, "public": b64u(seal.public)},
        "time": wire.written(now),
    }


@router.post("/field/pack", response=PackOut)
@page("provider", "field.phone")
def shift_pack(request: Request, said: PackIn) -> dict[str, str]:
    """Give what is needed for the shift under way, or the next within the hour."""
    try:
        made = pack.make(said.phone, by=request.actor, now=request.now)
    except pack.NoShift as fault:
        raise HttpError(409, str(fault)) from None
    except pack.PhoneEnded as fault:
        raise HttpError(403, str(fault)) from None
    return {"payload": b64u(made.payload), "kid": made.kid, "signature": b64u(made.signature)}


@router.post("/field/outbox", auth=None, response=OutboxOut)
@page("public", None)
def field_outbox(request: HttpRequest, said: OutboxIn) -> dict[str, Any]:
    """Take in events, each signed by the phone's own key: at least once from it, once here."""
    repeatable(request)
    if len(request.body) > wire.LARGEST_BODY:
        raise HttpError(413, "Det är för mycket på en gång. Skicka färre händelser åt gången.")
    now = clock.now()
    try:
        wiped = wire.moment(said.wiped) if said.wiped else None
    except wire.Unfit:
        wiped = None
    told = outbox.Said(
        said.municipality, said.phone, said.newest, said.newest_hash, said.waiting, wiped, said.events
    )
    try:
        answer = outbox.receive(told, now=now)
    except outbox.NoSuch as fault:
        raise HttpError(404, str(fault)) from None
    except outbox.Flood as fault:
        raise HttpError(413, str(fault)) from None
    return {
        "time": wire.written(now),
        "kid": answer.kid,
        "receipts": answer.receipts,
        "resend_after": answer.resend_after,
        "revoked": answer.revoked,
        "revocations": b64u(doors.revocation_list(said.municipality, now)),
        "door_time": b64u(doors.signed_time(said.municipality, now)),
        "acks": [b64u(ack) for ack in answer.acks],
        "times": doortime.answers(said.questions, answer.phone, now),
    }
