"""How the receivers are, in words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from livlina.provider.alarms.models import Receiver

TROUBLES = {
    "cannot_store": "Den kan inte spara larm. De visas ändå.",
    "not_alive": "Dess eget provlarm kommer inte fram.",
    "unaccepted": "Ett larm har väntat i {waits} sekunder.",
    "handover_late": "Överlämningen hit släpar {lag} sekunder.",
    "peer_lost": "Den når inte den andra larmmottagaren. Larmen sparas bara på ett ställe.",
    "solo": "Larm har sparats bara på ett ställe.",
    "no_signs": "Den hör inga larmenheter.",
    "told_nobody": "Dess reservväg för att kalla personal fungerar inte.",
    "disk_low": "Bara {share} procent av dess lagring är ledig.",
    "sync_slow": "Dess disk är långsam.",
    "certificate_ends": "Ett certifikat går snart ut.",
    "clock_stepped": "Dess klocka har ändrats.",
}
"""What a receiver can say is wrong with it, the worst first."""
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
    """What a receiver says is wrong with it. What it does not tell is taken neither for good nor for bad."""
    said = receiver.health
    troubles = {str(code) for code in said.get("troubles") or ()}
    waits, lag, share = (_number(said.get(name)) for name in ("oldest_unaccepted_s", "lag_s", "free_share"))
    if waits is not None and waits > 60:
        troubles.add("unaccepted")
    if said.get("peer") == "lost":
        troubles.add("peer_lost")
    if lag is not None and lag > 15:
        troubles.add("handover_late")
    if share is not None and share < 0.2:
        troubles.add("disk_low")
    if (_number(said.get("sync_p99_ms")) or 0) > 200:
        troubles.add("sync_slow")
    figures = {
        "waits": int(waits or 0),
        "lag": int(lag or 0),
        "share": round(100 * share) if share is not None else "lite",
    }
    return [words.format(**figures) for code, words in TROUBLES.items() if code in troubles]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _long(silent: timedelta) -> str:
    """How long, in words."""
    minutes = int(silent.total_seconds() // 60)
    if minutes < 2:
        return "en minut"
    return f"{minutes} minuter" if minutes < 120 else f"{minutes // 60} timmar"
