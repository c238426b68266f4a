"""Who stands near those with a history: relatives and neighbours, trustees, proxies, and the few of the protected."""

from datetime import timedelta

from livlina.demo import places
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import stream, uuid_at
from livlina.demo.organisation import Organisation
from livlina.demo.people import Names, Resident
from livlina.demo.plan import Days, Town
from livlina.registers.people.models import Mandate, ProtectedAccess, Relation

KINDS = (("child", 0.45), ("spouse", 0.2), ("sibling", 0.12), ("relative", 0.1), ("friend", 0.13))


class Network:
    """Writes relations, mandates and protected access for one town."""

    def __init__(self, town: Town, days: Days, sink: Sink, made: Organisation) -> None:
        self.days, self.made, self.rng = days, made, stream("network", town.code)
        self.names, self.tables = Names(self.rng), Tables(sink)
        code = {"municipality_id": town.municipality_id}
        self._relation = self.tables.of(
            Relation, "id", "person_id", "kind", "name", "other_id", "phone", "consent", "consent_at", "first_choice",
            "since", **code,
        )  # fmt: skip
        self._mandate = self.tables.of(
            Mandate, "id", "principal_id", "holder_id", "kind", "scope", "valid_from", "valid_to", "proof", "given_at",
            **code,
        )  # fmt: skip
        self._access = self.tables.of(
            ProtectedAccess, "id", "person_id", "user_id", "granted_by_id", "reason", "since", **code
        )

    def tell(self, residents: list[Resident]) -> None:
        """Write everyone's network."""
        helpers = [one for one in residents if one.protection == "none" and 1955 < one.born.year < 2000]
        for person in residents:
            if person.protection != "none":
                self._few(person)
            elif self.rng.random() < 0.7:
                self._near(person)
            if person.born.year < 1960 and helpers and self.rng.random() < 0.06:
                self._acts_for(person, self.rng.choice(helpers))
            self.tables.relieve()
        self.tables.close()

    def _near(self, person: Resident) -> None:
        rng, at = self.rng, self.days.midnight - timedelta(days=self.rng.randrange(20, 600))
        for place in range(rng.choice((1, 1, 2))):
            kind = rng.choices([code for code, _ in KINDS], [share for _, share in KINDS])[0]
            born = person.born.year + (28 if kind == "child" else 0)
            sex = rng.choice(("female", "male"))
            _, called, family, _ = self.names.draw(
                min(born, 2005), sex, "" if kind == "friend" else person.family
            )
            consent = rng.random() < 0.75
            self._relation.add(
                uuid_at(rng, at), person.id, kind, f"{called} {family}", None, places.mobile(rng), consent,
                at if consent else None, place == 0, at,
            )  # fmt: skip

    def _acts_for(self, person: Resident, holder: Resident) -> None:
        """A trustee or administrator by the court's decision, or a power of attorney."""
        rng = self.rng
        kind, proof = rng.choice(
            (
                ("trustee", "Registerutdrag från överförmyndaren"),
                ("administrator_guardian", "Tingsrättens beslut, avskrift"),
                ("power_of_attorney", "Fullmakt visad i original"),
                ("power_of_attorney", "Fullmakt visad i original"),
            )
        )
        begins = self.days.today - timedelta(days=rng.randrange(30, 900))
        ends = begins + timedelta(days=rng.randrange(200, 1500)) if rng.random() < 0.3 else None
        if holder.id != person.id:
            scope = "economy" if rng.random() < 0.2 else "everything"
            self._mandate.add(
                uuid_at(rng, self.days.at(begins, 10)), person.id, holder.id, kind, scope, begins, ends, proof,
                self.days.at(begins, 10),
            )  # fmt: skip

    def _few(self, person: Resident) -> None:
        """Two case workers, picked by their manager."""
        managers, workers = self.made.held("unit_manager"), self.made.held("case_worker")
        at = self.days.midnight - timedelta(days=self.rng.randrange(20, 300))
        for worker in self.rng.sample(workers, min(2, len(workers))):
            manager = self.rng.choice(managers)
            self._access.add(
                uuid_at(self.rng, at), person.id, worker.user_id, manager.user_id, "Handlägger ärendet", at
            )
