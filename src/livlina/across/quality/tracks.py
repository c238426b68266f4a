"""The tracks an incident may have, as data: who owns it, what the law wants done, and before when.

Lengths that no text we could read confirms are marked `verify`; they are the field's practice and may be changed here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Stage:
    """Something to be done on a track: within how long from when it was known, or from another stage's outcome."""

    code: str
    words: str
    within: timedelta
    law: str
    outcomes: tuple[tuple[str, str], ...] = ()
    after: str = ""
    when: str = ""
    """Only if the stage `after` ended with this outcome."""
    verify: bool = False

    @property
    def inside(self) -> str:
        """The words as they stand inside a sentence; names keep their capitals."""
        return self.words[0].lower() + self.words[1:]


@dataclass(frozen=True)
class TrackKind:
    """One law's way of looking at an event."""

    code: str
    words: str
    to: str
    roles: tuple[str, ...]
    """Who may own and read it."""
    stages: tuple[Stage, ...]

    def stage(self, code: str) -> Stage:
        """Return one stage. Raises KeyError."""
        return {stage.code: stage for stage in self.stages}[code]


MANAGERS = ("unit_manager", "provider_manager")
SERIOUS = (
    ("serious", "Allvarligt, eller påtaglig risk för det"),
    ("not_serious", "Missförhållande, inte allvarligt"),
    ("none", "Inget missförhållande"),
)
KINDS = {
    kind.code: kind
    for kind in (
        TrackKind(
            "deviation", "Avvikelse", "verksamheten", MANAGERS,
            (Stage("remedied", "Utredd och åtgärdad", 30 * DAYS, "SOSFS 2011:9 5 kap.", verify=True),),
        ),
        TrackKind(
            "lex_sarah", "Lex Sarah", "IVO", (*MANAGERS, "committee_secretary"),
            (
                Stage("investigated", "Utredd, med beslut", 60 * DAYS, "SoL 27 kap., LSS 24 e §", SERIOUS, verify=True),
                Stage("reported", "Anmäld till IVO", DAYS, "SoL 27:6, LSS 24 f §: snarast", after="investigated",
                      when="serious", verify=True),
            ),
        ),
        TrackKind(
            "lex_maria", "Lex Maria", "IVO", ("nurse",),
            (
                Stage("investigated", "Händelsen utredd", 60 * DAYS, "PSL 3:3", (
                    ("harm", "Medförde eller kunde ha medfört allvarlig vårdskada"),
                    ("no_harm", "Ingen allvarlig vårdskada"),
                ), verify=True),
                Stage("told", "Patienten har fått veta", 7 * DAYS, "PSL 3:8: snarast", verify=True),
                Stage("reported", "Anmäld till IVO", DAYS, "PSL 3:5: snarast", after="investigated", when="harm",
                      verify=True),
            ),
        ),
        TrackKind(
            "personal_data", "Personuppgiftsincident", "Integritetsskyddsmyndigheten",
            ("administrator", "committee_secretary", "unit_manager"),
            (
                Stage("reported", "Anmäld till Integritetsskyddsmyndigheten", 72 * HOURS, "Dataskyddsförordningen art. 33"),
                Stage("told", "De berörda har fått veta", 7 * DAYS, "Dataskyddsförordningen art. 34: utan onödigt dröjsmål",
                      verify=True),
            ),
        ),
        TrackKind(
            "nis2", "Cyberincident", "tillsynsmyndigheten", ("administrator", "support", "committee_secretary"),
            (
                Stage("warned", "Tidig varning lämnad", 24 * HOURS, "Cybersäkerhetslagen (2025:1506)", verify=True),
                Stage("reported", "Incidentanmälan lämnad", 72 * HOURS, "Cybersäkerhetslagen (2025:1506)", verify=True),
                Stage("final", "Slutrapport lämnad", 30 * DAYS, "Cybersäkerhetslagen (2025:1506): en månad", verify=True),
            ),
        ),
        TrackKind(
            "environment", "Arbetsmiljö", "Arbetsmiljöverket", MANAGERS,
            (Stage("reported", "Anmäld till Arbetsmiljöverket", DAYS, "Arbetsmiljölagen 3:3 a: utan dröjsmål",
                   verify=True),),
        ),
    )
}  # fmt: skip


def due(stage: Stage, noticed_at: datetime, done: dict[str, tuple[datetime, str]]) -> datetime | None:
    """Return when `stage` is to be done, or None while what it follows has not come to that.

    `done`: what stages were done, each with its moment and outcome.
    """
    if not stage.after:
        return noticed_at + stage.within
    before = done.get(stage.after)
    if before is None or before[1] != stage.when:
        return None
    return before[0] + stage.within
