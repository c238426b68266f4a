"""Units, staff and providers of a town. Those everybody is told of come first and keep their places at any size."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

from livlina.authority.cases.engine import load
from livlina.config.roles import ADULTS, CHILDREN, CONTRACTORS, FAMILY_LAW, FINANCIAL_AID, HEALTH, ROLES
from livlina.core.access import Actor
from livlina.core.models import Assignment, Unit, User
from livlina.demo import namelists, places
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import stream, uuid_at
from livlina.demo.people import Names
from livlina.demo.plan import Days, Town
from livlina.registers.orders.models import Provider
from livlina.registers.people import names

PEOPLE_PER_UNIT = 15
OWNER_OF_CASES = "Biståndsenheten"

TOLD_STAFF = (  # name, role, unit, title
    ("Karin Ekdal", "case_worker", OWNER_OF_CASES, "Biståndshandläggare"),
    ("Johan Brink", "case_worker", OWNER_OF_CASES, "Biståndshandläggare"),
    ("Maria Lundell", "unit_manager", OWNER_OF_CASES, "Enhetschef"),
    ("Sofia Wester", "reception", "Mottagningen", "Handläggare, mottagning"),
    ("Eva Moberg", "committee_secretary", "Nämndkansliet", ""),
    ("Kerstin Holm", "committee_chair", "Socialnämnden", "Ordförande"),
    ("Dag Uhlin", "duty_officer", "Socialjouren", "Socialsekreterare, jour"),
    ("Petra Nyström", "provider_manager", "Norra hemtjänsten", "Enhetschef"),
    ("Ali Hassan", "provider_staff", "Norra hemtjänsten", "Undersköterska"),
    ("Lena Falk", "nurse", "Norra hemtjänsten", ""),
    ("Erik Sand", "provider_manager", "Norrgårdens hemtjänst", "Verksamhetschef"),
    ("Anders Holm", "support", "Systemförvaltningen", ""),
    ("Ola Krantz", "administrator", "Systemförvaltningen", ""),
)
OPENED = {"Ali Hassan": (HEALTH,)}
"""Whose assignment opens more than their role does: Ali signs doses on delegation."""

BRANCH_STAFF = (  # name, role, unit, title, branch, qualified for children
    ("Fatima Saleh", "case_worker", "Barn och unga", "Barnsekreterare", CHILDREN, True),
    ("Hussein Karimi", "case_worker", "Barn och unga", "Socialassistent", CHILDREN, False),
    ("Gunnar Ek", "unit_manager", "Barn och unga", "Enhetschef", CHILDREN, True),
    ("Sven Alm", "case_worker", "Ekonomiskt bistånd", "Socialsekreterare", FINANCIAL_AID, False),
    ("Helena Roos", "case_worker", "Ekonomiskt bistånd", "Socialsekreterare", FINANCIAL_AID, False),
    ("Rut Hagman", "unit_manager", "Ekonomiskt bistånd", "Enhetschef", FINANCIAL_AID, False),
    ("Mona Lilja", "case_worker", "Vuxenenheten", "Socialsekreterare", ADULTS, False),
    ("Bengt Ros", "unit_manager", "Vuxenenheten", "Enhetschef", ADULTS, False),
    ("Nils Borg", "case_worker", "Familjerätten", "Familjerättssekreterare", FAMILY_LAW, False),
    ("Vera Hult", "unit_manager", "Familjerätten", "Enhetschef", FAMILY_LAW, False),
    ("Tove Rask", "case_worker", "Familjehemsenheten", "Familjehemssekreterare", CONTRACTORS, False),
    ("Ulf Sten", "unit_manager", "Familjehemsenheten", "Enhetschef", CONTRACTORS, False),
)
"""The other branches of the authority: small, and for the processes that are lived once (`lived.py`)."""

PROVIDERS = (  # name, regime, services, places in the order of their size
    ("Norra hemtjänsten", "own", ("home_care",)),
    ("Norrgårdens hemtjänst", "lov", ("home_care",)),
    ("Södra hemtjänsten", "own", ("home_care",)),
    ("Larmgruppen", "own", ("social_alarm",)),
    ("Solsidans korttidsboende", "own", ("short_term_housing",)),
    ("Björkens vård och omsorg", "lov", ("home_care", "social_alarm")),
    ("Kvarnbyns hemtjänst", "own", ("home_care",)),
    ("Ängens omsorg", "lov", ("home_care", "short_term_housing")),
)
OTHER_SERVICES = "Åsvalla stöd och omsorg"
"""The house's own provider of everything that nobody else in the demo does."""

POINTS = ("Norr", "Söder", "Väst", "Öst")


@dataclass(frozen=True, slots=True)
class Worker:
    """Someone of the staff, under one assignment."""

    user_id: int
    assignment_id: str
    name: str
    title: str
    role: str
    unit_id: str
    unit_name: str

    def actor(self, municipality_id: int) -> Actor:
        """Return them as the actor they are when signed in."""
        return Actor(
            "staff", municipality_id, self.role, self.name, user_id=self.user_id,
            assignment_id=UUID(self.assignment_id), unit_id=UUID(self.unit_id), unit_name=self.unit_name,
            title=self.title, compartments=ROLES[self.role].compartments,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carer:
    """A provider: its unit, what it takes, and its staff."""

    id: str
    name: str
    unit_id: str
    services: tuple[str, ...]
    staff: list[Worker] = field(default_factory=list)

    @property
    def manager(self) -> Worker:
        """Whoever answers for it."""
        return next(one for one in self.staff if one.role == "provider_manager")


@dataclass
class Organisation:
    """Everyone who works for a town, by where they work."""

    workers: list[Worker] = field(default_factory=list)
    providers: list[Carer] = field(default_factory=list)

    def held(self, role: str, unit_id: str = "") -> list[Worker]:
        """Return those with a role (in a unit)."""
        return [one for one in self.workers if one.role == role and unit_id in ("", one.unit_id)]

    def teams(self) -> dict[str, list[Worker]]:
        """Return the case workers of each unit that has some."""
        found: dict[str, list[Worker]] = {}
        for one in self.held("case_worker"):
            found.setdefault(one.unit_id, []).append(one)
        return found


class Staffing:
    """Writes the organisation of one town. `first_user` is the number the town's users count from."""

    def __init__(self, town: Town, days: Days, sink: Sink, password: str, first_user: int) -> None:
        self.town, self.days, self.next_user = town, days, first_user
        self.rng: Random = stream("staff", town.code)
        self.names, self.tables = Names(self.rng), Tables(sink)
        code = {"municipality_id": town.municipality_id}
        self.users = self.tables.of(User, "id", "email", "name", password=password)
        self.units = self.tables.of(Unit, "id", "name", "side", **code)
        self.assignments = self.tables.of(
            Assignment,
            "id",
            "user_id",
            "unit_id",
            "role",
            "title",
            "compartments",
            "qualifications",
            "valid_from",
            **code,
        )
        self.places = self.tables.of(
            Provider, "id", "name", "regime", "unit_id", "areas", "services", "capacity_hours", "phone",
            "valid_from", **code,
        )  # fmt: skip
        self.made, self.known, self.mails = Organisation(), dict[str, str](), set[str]()
        self.begun = days.midnight - timedelta(days=3 * 365)

    def write(self) -> Organisation:
        """Write units, staff and providers; return them."""
        if self.town.slug == "asvalla":
            for name, role, unit, title in TOLD_STAFF:
                self._hire(role, unit, title, name, qualified=role == "duty_officer")
        self._authority()
        self._providers()
        if self.town.slug == "asvalla":
            self._branches()
        self.tables.close()
        return self.made

    def _authority(self) -> None:
        """Sixty case workers and managers at size 1; teams of fifteen."""
        town = self.town
        teams = max(1, round(town.scaled(60) / PEOPLE_PER_UNIT)) if town.size >= 0.1 else 1
        each = max(2, town.scaled(55) // teams)
        for number in range(teams):
            unit = _numbered(self._named(OWNER_OF_CASES), number)
            have = len(self.made.held("case_worker", self.known.get(unit, "none")))
            for _ in range(each - have):
                self._hire("case_worker", unit)
            if not self.made.held("unit_manager", self.known.get(unit, "none")):
                self._hire("unit_manager", unit, "Enhetschef")
        for role, unit, count in (
            ("reception", "Mottagningen", 3),
            ("duty_officer", "Socialjouren", 4),
            ("committee_secretary", "Nämndkansliet", 1),
        ):
            for _ in range(max(0, town.scaled(count) - len(self.made.held(role)))):
                self._hire(role, unit)

    def _providers(self) -> None:
        """Eight providers with 250 staff at size 1."""
        town = self.town
        count = max(len(PROVIDERS), town.scaled(8)) if town.slug == "asvalla" else max(3, town.scaled(8))
        each = max(3, town.scaled(250) // count)
        order = (
            PROVIDERS
            if town.slug == "asvalla"
            else (PROVIDERS[0], PROVIDERS[3], PROVIDERS[4], *PROVIDERS[5:])
        )
        for number in range(count):
            name, regime, services = order[number % len(order)]
            self._provider(
                name if number < len(order) else f"{name} {number // len(order) + 1}", regime, services, each
            )

    def _branches(self) -> None:
        """The staff of the other branches, and whoever carries out what they grant."""
        ours = len(self.made.workers)
        for name, role, unit, title, branch, qualified in BRANCH_STAFF:
            self._hire(role, unit, title, name, branch=branch, qualified=qualified)
        taken = {service for _, _, services in PROVIDERS for service in services}
        codes = dict.fromkeys(process.code for process in load().all() if process.services)
        self._provider(OTHER_SERVICES, "own", tuple(code for code in codes if code not in taken), 4)
        # The invented history is elder care's: it is not shared out among these.
        del self.made.workers[ours:], self.made.providers[-1]

    def _provider(self, name: str, regime: str, services: tuple[str, ...], staff: int) -> None:
        rng = self.rng
        have = self.made.held("provider_staff", self.known.get(name, "none"))
        for _ in range(staff - 2 - len(have)):
            self._hire("provider_staff", name)
        for role in ("provider_manager", "nurse"):
            if not self.made.held(role, self.known.get(name, "none")):
                self._hire(role, name)
        unit_id = self.known[name]
        carer = Carer(uuid_at(rng, self.begun), name, unit_id, services)
        carer.staff.extend(one for one in self.made.workers if one.unit_id == unit_id)
        areas = rng.sample([one.name for one in self.town.districts], max(1, len(self.town.districts) // 2))
        self.places.add(
            carer.id, name, regime, unit_id, sorted(areas), list(services), rng.randrange(200, 900, 10),
            places.landline(rng), self.begun.date(),
        )  # fmt: skip
        self.made.providers.append(carer)

    def _hire(
        self,
        role: str,
        unit: str,
        title: str = "",
        name: str = "",
        *,
        branch: int = 0,
        qualified: bool = False,
    ) -> Worker:
        rng = self.rng
        told = bool(name)
        if not told:
            sex = "female" if rng.random() < 0.78 else "male"
            _, called, family, _ = self.names.draw(rng.randrange(1962, 2002), sex)
            name = f"{called} {family}"
        self.next_user += 1
        title = title or rng.choice(namelists.TITLES.get(role, (ROLES[role].swedish,)))
        worker = Worker(
            self.next_user, uuid_at(rng, self.begun), name, title, role, self._unit(unit, role), unit
        )
        self.users.add(worker.user_id, self._mail(name), name)
        since = timedelta(days=rng.randrange(0, 700))
        self.assignments.add(
            worker.assignment_id, worker.user_id, worker.unit_id, role, worker.title,
            (branch,) if branch else (*ROLES[role].compartments, *OPENED.get(name, ())),
            ["child_welfare"] if qualified else [],
            self.begun.date() + (timedelta(0) if told else since),  # those told of are there when the stories begin
        )  # fmt: skip
        self.made.workers.append(worker)
        return worker

    def _unit(self, name: str, role: str) -> str:
        if name not in self.known:
            self.known[name] = uuid_at(self.rng, self.begun)
            self.units.add(self.known[name], name, ROLES[role].side)
        return self.known[name]

    def _named(self, unit: str) -> str:
        return unit if self.town.slug == "asvalla" else f"{unit} i {self.town.city}"

    def _mail(self, name: str) -> str:
        """The work address: the name, and a number for the second of that name."""
        base, number = ".".join(names.parts(name)), 1
        while (mail := f"{base}{number if number > 1 else ''}@{self.town.slug}.example") in self.mails:
            number += 1
        self.mails.add(mail)
        return mail


def _numbered(unit: str, number: int) -> str:
    if number == 0:
        return unit
    return f"{unit} {POINTS[number - 1]}" if number <= len(POINTS) else f"{unit} {number}"
