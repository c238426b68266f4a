"""What the board of each town has delegated, which unit takes new cases, and the last case number of each year."""

from collections import Counter

from livlina.authority.cases.actions.words import appeal_text
from livlina.authority.cases.models import CaseCounter, DelegationRule, IntakeUnit
from livlina.demo.answers import SERVICES
from livlina.demo.casetables import SIGNED, Signature
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import stream, uuid_at
from livlina.demo.organisation import Organisation
from livlina.demo.plan import BEGINNING, Days, Town

LAW = "KL 6 kap. 37 §, 7 kap. 5 §"
LIMITS = {"personal_care": (60, 120), "short_term_stay": (30, 60)}
"""Service → the most a case worker, and a manager, may grant; in the unit the service is counted in."""


class Delegated:
    """Writes a town's rules, and tells the rule a decision of the history rests on."""

    def __init__(self, town: Town, days: Days, sink: Sink, made: Organisation) -> None:
        self.town, self.made = town, made
        self.tables, self.rng = Tables(sink), stream("rules", town.code)
        code = {"municipality_id": town.municipality_id}
        self._rules = self.tables.of(
            DelegationRule, "id", "outcome", "process_code", "service", "role", "max_quantity", "point", "valid_from",
            *SIGNED, law=LAW, **code,
        )  # fmt: skip
        self._intake = self.tables.of(IntakeUnit, "id", "unit_id", **code)
        self._counters = self.tables.of(CaseCounter, "id", "year", "last", **code)
        self.at = days.at(BEGINNING, 9)
        self._used: dict[str, tuple[str, str]] = {}
        self.appeal_text = appeal_text("socialnämnden", town.name)

    def write(self) -> None:
        """Write the rules, and where new cases go."""
        board = self.made.held("committee_secretary")
        by = Signature.of(board[0] if board else self.made.workers[0], self.at)
        for number, outcome in enumerate(("granted", "partly_granted"), 1):
            for row, (process, services) in enumerate(SERVICES.items(), 1):
                for place, (service, *_) in enumerate(services, 1):
                    limits = LIMITS.get(service, (None, None))
                    for role, limit in zip(("case_worker", "unit_manager"), limits, strict=True):
                        self._rule(outcome, process, service, role, limit, f"{number}.{row}.{place}", by)
        others = ("rejected", "dismissed", "written_off", "closed_no_action", "changed", "ended", "revoked")
        for number, outcome in enumerate(others, 3):
            for role in ("case_worker", "unit_manager"):
                self._rule(outcome, "", "", role, None, f"{number}.1", by)
        first = next(iter(self.made.teams()))
        self._intake.add(uuid_at(self.rng, self.at), first)
        self.tables.close()

    def rule(self, outcome: str) -> tuple[str, str]:
        """Return the id and words of the rule that covers an outcome."""
        return self._used[outcome]

    def numbers(self, last: Counter[int]) -> None:
        """Write the last case number of each year."""
        for year, number in sorted(last.items()):
            self._counters.add(uuid_at(self.rng, self.at), year, number)
        self.tables.close()

    def _rule(
        self,
        outcome: str,
        process: str,
        service: str,
        role: str,
        limit: int | None,
        point: str,
        by: Signature,
    ) -> None:
        key = uuid_at(self.rng, self.at)
        self._rules.add(key, outcome, process, service, role, limit, point, BEGINNING, *by)
        self._used.setdefault(outcome, (key, f"Delegation, punkt {point} ({LAW})"))
