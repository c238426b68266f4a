"""What has been proved, in the words of the manager's page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from livlina.across.continuity.models import Drill, RestoreTest
from livlina.across.continuity.queries import TEST_EVERY, Due
from livlina.across.continuity.stories import STORIES
from livlina.core.clock import local
from livlina.status import words as status_words
from livlina.status.parts import Part
from livlina.status.probes import OLDEST

Cell = str | dict[str, str]
OUTCOMES = {
    "works": ("Höll", "success"),
    "partly": ("Kunde inte övas helt", "warning"),
    "fails": ("Höll inte", "danger"),
}
RESERVES = (
    "packs",
    "shadow",
    "backups",
    "restore_test",
    "drills",
    "schedule",
    "staff_idp",
    "cluster",
    "witness",
)
STEPS = {
    True: ("Fungerade", "success"),
    False: ("Fungerade inte", "danger"),
    None: ("Kunde inte övas", "warning"),
}

VOLUME_HEADS = ["Volym", {"number": "Ledigt"}, {"number": "Använt"}, "Prognos"]


def lead(test: RestoreTest | None, now: datetime) -> tuple[str, str]:
    """The page's first sentence, and its colour."""
    if test is None:
        return (
            "warning",
            "Reserven har aldrig startats. Det görs varje natt när säkerhetskopieringen är uppsatt.",
        )
    when = day(test.started_at, now)
    if test.outcome == RestoreTest.Outcome.FAILS:
        return "danger", f"Reserven höll inte {when}. {test.words}"
    if now - test.started_at > TEST_EVERY:
        return "danger", f"Reserven har inte prövats sedan {when}. Den ska prövas varje natt."
    return "success", f"Reserven startades, loggades in i och lästes {when}."


def day(at: datetime, now: datetime) -> str:
    """When, as one says it: i dag 03:12, i går 03:12, den 3 november 2026 03:12 as a date."""
    here, today = local(at), local(now).date()
    named = {today: "i dag", today - timedelta(days=1): "i går"}.get(here.date(), f"{here:%Y-%m-%d}")
    return f"{named} {here:%H:%M}"


def reserves(told: Mapping[str, Part], now: datetime) -> list[dict[str, str]]:
    """Each reserve: what it is, how it says it is, and when it said so. One that has not spoken is not set up."""
    rows = []
    for name in RESERVES:
        part = told.get(name)
        title = status_words.SV[name].name
        if part is None:
            words, state, colour = "Har aldrig hörts.", "Inte uppsatt", "neutral"
        else:
            words, late = part.words, now - part.at > OLDEST[name]
            state, colour = ("Fungerar", "success") if part.works else ("Fungerar inte", "danger")
            if late:
                state, colour = "Hörs inte", "danger"
        when = f"hördes {day(part.at, now)}" if part else ""
        rows.append({"title": title, "words": words, "state": state, "colour": colour, "when": when})
    return rows


def volumes(found: Iterable[Mapping[str, Any]]) -> list[list[Cell]]:
    """Each volume: what is free, and when it will be full if it goes on like this."""
    rows: list[list[Cell]] = []
    for one in found:
        free, total, full = one["free"], one["total"], one.get("full_in_s")
        used = f"{100 * (1 - free / total):.0f} %"
        rows.append([str(one["volume"]), {"number": f"{free / 1e9:.1f} GB"}, {"number": used}, _full(full)])
    return rows


def _full(seconds: float | None) -> str:
    if seconds is None:
        return "fylls inte"
    if seconds < 172_800:
        return f"full om {seconds / 3600:.0f} timmar"
    return f"full om {seconds / 86_400:.0f} dagar"


def calendar(found: Sequence[Due], address: Callable[[Drill], str], now: datetime) -> list[dict[str, Any]]:
    """Each story: when it was last played, when the next is due, and how it stands."""
    rows = []
    for due in found:
        colour = "danger" if due.overdue and due.last else "warning" if due.overdue else "success"
        rows.append(
            {
                "title": due.story.title,
                "proves": due.story.proves,
                "command": f"livlina drill {due.story.name}",
                "url": address(due.last) if due.last else "",
                "last": day(due.last.started_at, now) if due.last else "aldrig",
                "due": "nu" if due.overdue or due.due_at is None else f"{local(due.due_at):%Y-%m-%d}",
                "state": due.words.capitalize(),
                "colour": colour,
            }
        )
    return rows


def drills(found: Iterable[Drill], address: Callable[[Drill], str], now: datetime) -> list[dict[str, str]]:
    """The newest drills: when, how long, how it went, and who has signed."""
    return [
        {
            "title": title(one),
            "url": address(one),
            "state": OUTCOMES[one.outcome][0],
            "colour": OUTCOMES[one.outcome][1],
            "when": f"{day(one.started_at, now)}, tog {seconds((one.ended_at - one.started_at).total_seconds())}",
            "signed": ", ".join(signature.name for signature in one.signatures.all()),
        }
        for one in found
    ]


def tests(found: Iterable[RestoreTest], now: datetime) -> list[dict[str, str]]:
    """The newest restore tests."""
    return [
        {
            "title": day(one.started_at, now).capitalize(),
            "state": OUTCOMES[one.outcome][0],
            "colour": OUTCOMES[one.outcome][1],
            "words": one.words,
            "took": f"Provet tog {seconds(float(one.seconds))}.",
        }
        for one in found
    ]


def title(drill: Drill) -> str:
    """The story's title, or its name if it is no longer played."""
    return STORIES[drill.story].title if drill.story in STORIES else drill.story


def facts(drill: Drill) -> list[tuple[str, str]]:
    """What stands at the top of a drill's page."""
    found = [
        ("Prövar", STORIES[drill.story].proves if drill.story in STORIES else ""),
        ("Övades mot", drill.get_against_display()),
        ("Adress", drill.address),
        ("Började", f"{local(drill.started_at):%Y-%m-%d %H:%M:%S}"),
        ("Slutade", f"{local(drill.ended_at):%Y-%m-%d %H:%M:%S}"),
        ("Startades av", drill.started_by),
    ]
    return [(name, words) for name, words in found if words]


def step(told: Mapping[str, Any]) -> dict[str, str]:
    """One step of a drill."""
    state, colour = STEPS[told.get("works")]
    return {
        "name": str(told.get("name", "")),
        "state": state,
        "colour": colour,
        "seconds": seconds(float(told.get("seconds", 0))),
        "words": str(told.get("words", "")),
    }


def seconds(value: float) -> str:
    """A length of time: 0,4 s, 14 s, 3 min."""
    if value < 10:
        return f"{value:.1f} s".replace(".", ",")
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"
