"""How the receivers are, in words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from livlina.provider.alarms.models import Receiver

SHOWN_AFTER, LOST_AFTER = timedelta(seconds=15), timedelta(seconds=60)


@dataclass(frozen=True)
class Pulse:
    """One receiver: whether it is heard, and what is wrong with it."""

    receiver: Receiver
    level: str
    words: str
    wrong: list[str] = field(default_factory=list)
    heard_today: int | None = None


def pulses(now: datetime) -> list[Pulse]:
    """Return every receiver of the municipality with what it says of itself. One statement."""
    return [_pulse(one, now) for one in Receiver.objects.filter(ended_at=None).order_by("code")]


def listening(now: datetime) -> bool:
    """Whether any receiver is heard, so that silence would be known. One statement."""
    return Receiver.objects.filter(ended_at=None, last_at__gt=now - LOST_AFTER).exists()


def _pulse(receiver: Receiver, now: datetime) -> Pulse:
    if receiver.last_at is None:
        return Pulse(receiver, "warning", "Har inte hört av sig än")
    silent, wrong = now - receiver.last_at, _wrong(receiver)
    heard = receiver.health.get("heard_today")
    if silent > LOST_AFTER:
        return Pulse(receiver, "danger", f"Svarar inte sedan {_long(silent)}", wrong, heard)
    if silent > SHOWN_AFTER:
        return Pulse(
            receiver, "warning", f"Inte hörd på {int(silent.total_seconds())} sekunder", wrong, heard
        )
    return Pulse(
        receiver,
        "warning" if wrong else "success",
        "Svarar, men allt är inte bra" if wrong else "Svarar",
        wrong,
        heard,
    )


def _wrong(receiver: Receiver) -> list[str]:
    """What a receiver's own figures say is wrong. What it does not tell is not taken for good or bad."""
    said, found = receiver.health, []
    if _number(said.get("oldest_unaccepted_s")) > 60:
        found.append(f"Ett larm har väntat i {int(_number(said['oldest_unaccepted_s']))} sekunder.")
    if said.get("peer") == "lost":
        found.append("Den når inte den andra larmmottagaren. Larmen sparas bara på ett ställe.")
    if _number(said.get("lag_s")) > 15:
        found.append(f"Överlämningen hit släpar {int(_number(said['lag_s']))} sekunder.")
    if "free_share" in said and _number(said["free_share"]) < 0.2:
        found.append(f"Bara {round(_number(said['free_share']) * 100)} procent av dess lagring är ledig.")
    if _number(said.get("sync_p99_ms")) > 200:
        found.append("Dess disk är långsam.")
    if "certificate_days" in said and _number(said["certificate_days"]) < 30:
        found.append(f"Certifikatet går ut om {int(_number(said['certificate_days']))} dagar.")
    return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _long(silent: timedelta) -> str:
    """How long, in words."""
    minutes = int(silent.total_seconds() // 60)
    if minutes < 2:
        return "en minut"
    return f"{minutes} minuter" if minutes < 120 else f"{minutes // 60} timmar"
